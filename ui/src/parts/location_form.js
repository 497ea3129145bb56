// The forms of locations: the time zone of the pin as a suggestion, the places of an address, hours that are always open, tokens to find.
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

// The places that the typed address may mean. The one that is chosen sets the pin, and with it the suggestion above.
const geocoding = document.querySelector("[data-geocoding]");

if (geocoding) {
  const form = geocoding.closest("form");
  const found = geocoding.querySelector("[data-geocoded]");
  const look = geocoding.querySelector("button");
  geocoding.hidden = false;
  look.addEventListener("click", async () => {
    const address = form.elements.address.value.trim();
    if (!address) return form.elements.address.focus();
    look.disabled = true;
    const answer = await fetch(`/locations/geocoded?${new URLSearchParams({ address })}`).catch(() => null);
    found.innerHTML = answer?.ok ? await answer.text() : "";
    look.disabled = false;
    found.querySelector("button")?.focus();
  });
  found.addEventListener("click", (event) => {
    const place = event.target.closest("button");
    if (!place) return;
    for (const name of ["latitude", "longitude"]) {
      form.elements[name].value = place.dataset[name];
      for (const typed of ["input", "change"]) form.elements[name].dispatchEvent(new Event(typed, { bubbles: true }));
    }
    found.replaceChildren();
    look.focus();
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

// Tokens, groups and customers are found at the server while one types, and put on the list as lines of its text.
function pick(choice) {
  const list = document.getElementById(`field-${choice.dataset.pick}`);
  const [search, options, add] = ["input", "datalist", "button"].map((name) => choice.querySelector(name));
  let timer = 0;
  let turn = 0;

  async function find() {
    const mine = ++turn;
    const query = new URLSearchParams({ kind: choice.dataset.pick, search: search.value });
    const answer = await fetch(`/locations/choices?${query}`).catch(() => null);
    const found = answer?.ok ? await answer.text() : "";
    if (mine === turn) options.innerHTML = found;
  }
  async function put() {
    clearTimeout(timer);
    await find();
    const found = [...options.options];
    const wanted = found.find(({ value }) => value.toUpperCase() === search.value.trim().toUpperCase()) ?? (found.length === 1 ? found[0] : null);
    if (!wanted || !search.value.trim()) return search.focus();
    const lines = list.value.split("\n").filter(Boolean);
    if (!lines.includes(wanted.value)) list.value = [...lines, wanted.value].join("\n");
    search.value = "";
    search.focus();
  }

  choice.hidden = false;
  search.addEventListener("focus", find, { once: true });
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, 200);
  });
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    put();
  });
  add.addEventListener("click", put);
}

document.querySelectorAll("[data-pick]").forEach(pick);
