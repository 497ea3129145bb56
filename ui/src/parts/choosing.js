// Choosing many rows of a list: one box for all of the page, and how many are chosen. The boxes name their form; rows are
// replaced while the page is live, so everything is looked up when it is needed.
import { text } from "./texts.js";

const boxes = (form) => [...document.querySelectorAll(`input[type="checkbox"][form="${form}"]`)];

function count(form) {
  const all = boxes(form);
  const chosen = all.filter((box) => box.checked).length;
  for (const head of document.querySelectorAll(`[data-check-all="${form}"]`)) {
    // Nothing to choose yet: rows may come while the page is live.
    head.disabled = all.length === 0;
    head.checked = chosen > 0 && chosen === all.length;
    head.indeterminate = chosen > 0 && chosen < all.length;
  }
  for (const counter of document.querySelectorAll(`[data-checked-of="${form}"]`)) {
    const shown = chosen ? text("selected", { count: chosen }) : "";
    if (counter.textContent !== shown) counter.textContent = shown;
  }
}

addEventListener("change", ({ target }) => {
  const form = target.dataset.checkAll ?? target.getAttribute("form");
  if (!form || target.type !== "checkbox") return;
  if (target.dataset.checkAll) for (const box of boxes(form)) box.checked = target.checked;
  count(form);
});

function countAll() {
  for (const head of document.querySelectorAll("[data-check-all]")) count(head.dataset.checkAll);
}

addEventListener("renewed", countAll);
// The browser ticks again what was ticked when one goes back.
addEventListener("pageshow", countAll);

// Filters that a phone shows only when they are wanted.
addEventListener("click", (event) => {
  const button = event.target.closest("[data-unfold]");
  if (!button) return;
  const folded = document.getElementById(button.dataset.unfold).toggleAttribute("data-folded");
  button.setAttribute("aria-expanded", String(!folded));
});
