// The command palette: `/` or Ctrl-K opens it; pages are found by name at once, everything else by asking `/search`.
const palette = document.getElementById("palette");
const AFTER = 120;

function open(text = "") {
  if (palette.open) return;
  palette.showModal();
  field().value = text;
  field().select();
  look();
}

function close() {
  // Else the field would hear the next keys until the page is painted anew.
  field().blur();
  palette.close();
}

const field = () => document.getElementById("palette-text");
const found = () => document.getElementById("palette-hits");
const options = () => [...palette.querySelectorAll("[role=option]")].filter((each) => !each.hidden);

function choose(option) {
  for (const each of palette.querySelectorAll("[aria-selected=true]")) each.setAttribute("aria-selected", "false");
  if (!option) return field().removeAttribute("aria-activedescendant");
  option.id ||= `option-${options().indexOf(option)}`;
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  field().setAttribute("aria-activedescendant", option.id);
}

let timer = 0;
let turn = 0;

function look() {
  const text = field().value.trim();
  for (const page of document.querySelectorAll("#palette-pages [role=option]")) {
    page.hidden = !page.textContent.toLowerCase().includes(text.toLowerCase());
  }
  clearTimeout(timer);
  timer = setTimeout(() => ask(text), text ? AFTER : 0);
  choose(options()[0]);
}

async function ask(text) {
  const mine = ++turn;
  // Whoever may not search finds pages only: the form goes nowhere then.
  const searches = palette.querySelector("form").method === "get";
  const answer = text && searches ? await fetch(`/search?q=${encodeURIComponent(text)}`, { headers: { "X-Part": "hits" } }).catch(() => null) : null;
  if (answer?.status === 401) return location.assign("/sign-in");
  const html = answer?.ok ? await answer.text() : "";
  if (mine !== turn) return;
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  found().replaceChildren(...(fresh.content.querySelector(".hits")?.childNodes ?? []));
  found().querySelectorAll("a.hit").forEach((each, index) => {
    each.setAttribute("role", "option");
    each.setAttribute("tabindex", "-1");
    each.id = `hit-${index}`;
  });
  for (const section of found().querySelectorAll("section")) section.setAttribute("role", "group");
  for (const plain of found().querySelectorAll("ul, li, h2")) plain.setAttribute("role", "presentation");
  // What was found by its name goes before pages that have the text in theirs.
  choose(found().querySelector("[role=option]") ?? options()[0]);
}

if (palette) {
  addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!slash && !(event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey))) return;
    if (document.querySelector("dialog[open]")) return;
    event.preventDefault();
    open();
  });
  document.querySelector("[data-palette]")?.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    open(event.target.value);
  });
  palette.addEventListener("input", look);
  palette.addEventListener("click", (event) => event.target === palette && close());
  palette.addEventListener("submit", (event) => {
    const chosen = palette.querySelector("[aria-selected=true]");
    if (!chosen) return;
    event.preventDefault();
    chosen.click();
  });
  palette.addEventListener("keydown", (event) => {
    // A search field would take the key to empty itself.
    if (event.key === "Escape") close();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = options();
    const at = all.findIndex((each) => each.getAttribute("aria-selected") === "true");
    choose(all[(at + step + all.length) % all.length]);
  });
}
