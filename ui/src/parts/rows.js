// Forms with a list of alike rows: plugs of a charger, windows of a tariff. Rows are added from a template.
addEventListener("click", (event) => {
  const form = event.target.closest("[data-rows]");
  if (!form) return;
  if (event.target.closest("[data-add-row]")) {
    const list = form.querySelector("[data-row-list]");
    list.append(form.querySelector("template[data-new-row]").content.cloneNode(true));
    const row = list.lastElementChild;
    const number = row.querySelector('[name="number"]');
    if (number) number.value = String(Math.max(0, ...[...list.querySelectorAll('[name="number"]')].map((each) => Number(each.value) || 0)) + 1);
    row.querySelector("input").focus();
  }
  event.target.closest("[data-remove-row]")?.closest("[data-window]").remove();
  form.dispatchEvent(new Event("input"));
});
