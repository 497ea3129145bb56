// A table with `data-open-rows`: a click anywhere in a row opens it, `j` and `k` go down and up, Enter opens.
addEventListener("click", (event) => {
  const row = event.target.closest("[data-open-rows] tbody tr");
  if (!row || event.defaultPrevented || event.target.closest("a, button, summary, details, input, label")) return;
  // Somebody who marks text wants to copy it.
  if (String(getSelection())) return;
  const link = row.querySelector(".row-link");
  if (event.ctrlKey || event.metaKey) open(link.href, "_blank", "noopener");
  else link?.click();
});

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !["j", "k"].includes(event.key)) return;
  if (event.target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
  const links = [...document.querySelectorAll("[data-open-rows] tbody .row-link")];
  if (!links.length) return;
  const at = links.findIndex((each) => each.closest("tr").contains(document.activeElement));
  const next = event.key === "j" ? Math.min(at + 1, links.length - 1) : Math.max(at - 1, 0);
  links[next].focus();
  event.preventDefault();
});
