// Menus are <details>: they open without a script. This closes them when something else is wanted.
const open = () => document.querySelectorAll("details.menu[open]");

addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
});

addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
});

// A menu in a table that scrolls sideways would be cut off: it is placed on the window instead, and follows its button.
function place(menu) {
  if (!menu.open || !menu.matches?.(".table-scroll details.menu")) return;
  const button = menu.querySelector("summary").getBoundingClientRect();
  const body = menu.querySelector(".menu-body");
  const below = innerHeight - button.bottom > body.offsetHeight + 8;
  body.style.position = "fixed";
  body.style.right = `${document.documentElement.clientWidth - button.right}px`;
  body.style.top = below ? `${button.bottom + 4}px` : `${button.top - body.offsetHeight - 4}px`;
}

addEventListener("toggle", (event) => place(event.target), true);
addEventListener("scroll", () => open().forEach(place), true);
