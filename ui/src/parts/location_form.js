// The forms of locations: the time zone of the pin as a suggestion, hours that are always open, tokens to choose from.
const zone = document.querySelector("[data-zone-suggestion]");

async function suggest(form) {
  const [latitude, longitude] = ["latitude", "longitude"].map((name) => form.elements[name].value.replace(",", "."));
  zone.hidden = true;
  if (!latitude || !longitude) return;
  const answer = await fetch(`/locations/time-zone?${new URLSearchParams({ latitude, longitude })}`).catch(() => null);
  const name = answer?.ok ? (await answer.text()).trim() : "";
  if (!name || name === form.elements.timeZone.value) return;
  zone.hidden = false;
  zone.querySelector("button").textContent = name;
}

if (zone) {
  const form = zone.closest("form");
  let timer = 0;
  form.addEventListener("input", (event) => {
    if (!["latitude", "longitude"].includes(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(() => suggest(form), 400);
  });
  zone.querySelector("button").addEventListener("click", (event) => {
    form.elements.timeZone.value = event.target.textContent;
    zone.hidden = true;
    form.dispatchEvent(new Event("input"));
  });
}

const always = document.querySelector("[data-always]");

if (always) {
  const week = document.querySelector("[data-week]");
  const show = () => { week.hidden = always.checked; };
  always.addEventListener("change", () => {
    if (!always.checked) for (const field of week.querySelectorAll("input")) field.value = field.value === "00:00–24:00" ? "08:00–20:00" : field.value;
    show();
  });
  show();
}

for (const choice of document.querySelectorAll("[data-pick]")) {
  choice.hidden = false;
  choice.querySelector("button").addEventListener("click", () => {
    const list = document.getElementById(choice.dataset.pick);
    const wanted = choice.querySelector("select").value;
    const lines = list.value.split("\n").filter(Boolean);
    if (!lines.includes(wanted)) list.value = [...lines, wanted].join("\n");
  });
}
