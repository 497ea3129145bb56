// Bundles what browsers load into the web adapter's static folder.
//
// Entry points are vendor.js and vendor.css beside this file and every .js and .css file directly in src/; what lies
// deeper is a module of theirs. Names of files carry a hash of their content, so pages may be cached for ever;
// manifest.json says which file stands for which name:
//
//   { "main.js": { "file": "main-4X2KQ7AB.js", "sha256": "…" }, "icons.svg": … }
//
// It is written last, so that a build that was cut off is simply done again.

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../src/eosvolt/adapters/http/web/static/dist");

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
  metafile: true,
  write: false,
  logLevel: "warning",
});

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const manifest = {};

function put(name, file, content) {
  writeFileSync(join(target, file), content);
  manifest[name] = { file, sha256: sha256(content) };
}

const entryOf = new Map(
  Object.entries(result.metafile.outputs).map(([path, output]) => [basename(path), output.entryPoint]),
);
for (const output of result.outputFiles) {
  const file = basename(output.path);
  const entry = entryOf.get(file);
  put(entry ? basename(entry) : file, file, output.contents);
}
const icons = sprite();
put("icons.svg", `icons-${sha256(icons).slice(0, 8).toUpperCase()}.svg`, icons);
put("licences.txt", "licences.txt", licences(Object.keys(result.metafile.inputs)));

const ordered = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(join(target, "manifest.json"), `${JSON.stringify(ordered, null, 2)}\n`);
