// Views of a list: its address under a name, kept in this browser. `data-views` says of which list.
import { text } from "./texts.js";

const menu = document.querySelector("[data-views]");
const key = () => `views:${menu.dataset.views}`;

function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(key()) ?? "[]");
    return Array.isArray(found) ? found.filter((each) => typeof each?.name === "string" && each.query?.startsWith?.("?")) : [];
  } catch {
    return [];
  }
}

function keep(views) {
  try {
    localStorage.setItem(key(), JSON.stringify(views));
  } catch {
    // Without storage a view is a bookmark of the browser's.
  }
  show();
}

function here() {
  const query = new URLSearchParams(location.search);
  for (const name of ["cursor", "before", "totals"]) query.delete(name);
  return `?${query}`;
}

function show() {
  const list = menu.querySelector("[data-view-list]");
  const row = menu.querySelector("[data-view-row]");
  list.replaceChildren(...kept().map((view) => {
    const item = row.content.cloneNode(true);
    const link = item.querySelector("a");
    link.textContent = view.name;
    link.href = location.pathname + view.query;
    if (view.query === here()) link.setAttribute("aria-current", "true");
    const remove = item.querySelector("button");
    remove.setAttribute("aria-label", text("removeView", { name: view.name }));
    remove.addEventListener("click", () => keep(kept().filter((each) => each.name !== view.name)));
    return item;
  }));
  menu.querySelector("[data-view-none]").hidden = list.children.length > 0;
}

if (menu) {
  menu.querySelector("[data-view-form]").addEventListener("submit", (event) => {
    event.preventDefault();
    const name = event.target.elements.view.value.trim();
    if (!name) return;
    keep([...kept().filter((each) => each.name !== name), { name, query: here() }]);
    event.target.reset();
  });
  show();
}
