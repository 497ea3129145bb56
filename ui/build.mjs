// Bundles what browsers load into the web adapter's static folder.
//
// Entry points are vendor.js and vendor.css beside this file and every .js and .css file directly in src/; what lies
// deeper is a module of theirs. Names of files carry a hash of their content, so pages may be cached for ever;
// manifest.json says which file stands for which name:
//
//   { "main.js": { "file": "main-4X2KQ7AB.js", "sha256": "…" }, "icons.svg": … }
//
// Beside each text stands the same compressed by Brotli (.br) and by gzip (.gz), for the server to choose from. Of
// Tabler's stylesheet only those rules are kept whose classes stand in a template, a script or the code that makes pages.
//
// The manifest is written last, so that a build that was cut off is simply done again.

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { PurgeCSS } from "purgecss";
import subsetFont from "subset-font";

const here = dirname(fileURLToPath(import.meta.url));
const web = join(here, "../src/eosvolt/adapters/http/web");
const target = join(web, "static/dist");
const TEXTS = new Set([".js", ".css", ".svg", ".txt", ".json"]);

const sha256 = (content) => createHash("sha256").update(content).digest("hex");

function entryPoints() {
  const own = join(here, "src");
  const names = existsSync(own) ? readdirSync(own).filter((name) => /\.(js|css)$/.test(name)) : [];
  return [join(here, "vendor.js"), join(here, "vendor.css"), ...names.sort().map((name) => join(own, name))];
}

function sprite() {
  const names = readFileSync(join(here, "icons.txt"), "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith("#"));
  const symbols = [...new Set(names)].sort().map((name) => {
    const filled = name.startsWith("filled/");
    const file = join(here, "node_modules/@tabler/icons/icons", filled ? `${name}.svg` : `outline/${name}.svg`);
    if (!existsSync(file)) throw new Error(`icons.txt names an icon that Tabler does not have: ${name}`);
    const drawing = readFileSync(file, "utf8")
      .replace(/^[\s\S]*?<svg[^>]*>/, "")
      .replace(/<\/svg>\s*$/, "")
      .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "")
      .replace(/\s*\n\s*/g, "");
    const paint = filled
      ? 'fill="currentColor"'
      : 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
    return `<symbol id="${basename(name)}" viewBox="0 0 24 24" ${paint}>${drawing}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

// The font that every page loads, with the characters of its unicode-range and the weights that the styles use.
const lighterFont = {
  name: "lighter font",
  setup(bundle) {
    bundle.onLoad({ filter: /inter-latin-wght-normal\.woff2$/ }, async ({ path }) => {
      const ranges = [[0x20, 0x7e], [0xa0, 0xff], [0x131], [0x152, 0x153], [0x2bb, 0x2bc], [0x2c6], [0x2da], [0x2dc],
        [0x304], [0x308], [0x329], [0x2000, 0x206f], [0x20ac], [0x2122], [0x2191], [0x2193], [0x2212], [0x2215], [0xfffd]];
      const codes = ranges.flatMap(([first, last = first]) => Array.from({ length: last - first + 1 }, (_, at) => first + at));
      const axes = { wght: { min: 400, max: 700 } };
      const contents = await subsetFont(readFileSync(path), String.fromCodePoint(...codes), { targetFormat: "woff2", variationAxes: axes });
      return { contents, loader: "file" };
    });
  },
};

// The rules of a stylesheet that any page may need: every word of the places where classes stand is taken for one.
async function used(stylesheet) {
  const [kept] = await new PurgeCSS().purge({
    css: [{ raw: stylesheet }],
    content: [`${web}/**/*.html`, `${web}/**/*.py`, `${here}/src/**/*.js`],
    keyframes: true,
    variables: false,
  });
  return kept.css;
}

// The licences of all packages of which something is in the bundle.
function licences(inputs) {
  const packages = new Set(["@tabler/icons"]);
  for (const input of inputs) {
    const inside = input.split("node_modules/").at(-1);
    if (inside !== input) packages.add(inside.split("/").slice(0, inside.startsWith("@") ? 2 : 1).join("/"));
  }
  return [...packages].sort().map((name) => {
    const folder = join(here, "node_modules", name);
    const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const text = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && /^(licen[cs]e|notice)/i.test(entry.name))
      .map((entry) => entry.name).sort()
      .map((file) => readFileSync(join(folder, file), "utf8").trim());
    return [`== ${name} ${about.version} (${about.license})`, ...text].join("\n\n");
  }).join("\n\n\n") + "\n";
}

const result = await build({
  absWorkingDir: here,
  entryPoints: entryPoints(),
  outdir: target,
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022"],
  minify: true,
  sourcemap: false,
  legalComments: "none",
  charset: "utf8",
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file", ".svg": "file", ".png": "file" },
  plugins: [lighterFont],
  metafile: true,
  write: false,
  logLevel: "warning",
});

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const manifest = {};

function put(name, file, content) {
  writeFileSync(join(target, file), content);
  if (TEXTS.has(extname(file))) {
    const thorough = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
    writeFileSync(join(target, `${file}.br`), brotliCompressSync(content, thorough));
    writeFileSync(join(target, `${file}.gz`), gzipSync(content, { level: 9 }));
  }
  manifest[name] = { file, sha256: sha256(content) };
}

const entryOf = new Map(
  Object.entries(result.metafile.outputs).map(([path, output]) => [basename(path), output.entryPoint]),
);
for (const output of result.outputFiles) {
  const file = basename(output.path);
  const entry = entryOf.get(file);
  if (entry === "vendor.css") {
    const kept = await used(output.text);
    put(entry, `vendor-${sha256(kept).slice(0, 8).toUpperCase()}.css`, kept);
  } else {
    put(entry ? basename(entry) : file, file, output.contents);
  }
}
const icons = sprite();
put("icons.svg", `icons-${sha256(icons).slice(0, 8).toUpperCase()}.svg`, icons);
put("licences.txt", "licences.txt", licences(Object.keys(result.metafile.inputs)));

const ordered = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(join(target, "manifest.json"), `${JSON.stringify(ordered, null, 2)}\n`);
