// Moves a booking by dragging it to a slot of the calendar. Without this script the list and the form do the same.
//
// What a booking can be moved to is asked of the server when the dragging begins: the slots that can be booked, on the
// days of the week that is shown. Dropping sends the form of the booking's page with the slot that was chosen.
const week = () => document.querySelector("[data-week]");
const drops = [];
let dragged = null;

function minutes(text) {
  const [hours, rest] = text.split(":").map(Number);
  return hours * 60 + rest;
}

// The axis says which hours the columns show.
function frame() {
  const labels = [...week().querySelectorAll(".week-axis > span")].map((each) => minutes(each.textContent));
  return { first: labels[0], length: labels.length * 60 };
}

function offer(slot) {
  const column = week().querySelector(`[data-day="${slot.day}"]`);
  if (!column) return;
  const { first, length } = frame();
  const from = Math.max(0, minutes(slot.from) - first);
  const until = Math.min(length, from + slot.minutes);
  if (until <= from) return;
  const place = document.createElement("li");
  place.className = "drop";
  place.textContent = slot.from;
  place.style.top = `${(100 * from) / length}%`;
  place.style.height = `${(100 * (until - from)) / length}%`;
  place.addEventListener("dragover", (event) => {
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    place.classList.add("drop-over");
  });
  place.addEventListener("dragleave", () => place.classList.remove("drop-over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    move(dragged.dataset.booking, slot);
  });
  column.append(place);
  drops.push(place);
}

function clear() {
  for (const each of drops.splice(0)) each.remove();
  dragged?.classList.remove("slot-dragged");
  dragged = null;
}

// A form of its own, so that the browser shows the answer of the server as after any other form.
function move(booking, slot) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = `/bookings/${encodeURIComponent(booking)}/reschedule`;
  for (const [name, value] of Object.entries({ start: slot.start, plug: slot.plug, back: location.pathname + location.search })) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}

addEventListener("dragstart", async (event) => {
  const slot = event.target.closest?.("[data-booking]");
  if (!slot) return;
  dragged = slot;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", slot.dataset.booking);
  // Without the turn in between the picture under the pointer would be the faded one.
  setTimeout(() => slot.classList.add("slot-dragged"));
  const days = [...week().querySelectorAll("[data-day]")].map((each) => each.dataset.day);
  const address = `/bookings/${encodeURIComponent(slot.dataset.booking)}/slots?from=${days[0]}`;
  const response = await fetch(address, { headers: { accept: "application/json" } });
  if (!response.ok || dragged !== slot) return;
  for (const each of (await response.json()).items) offer(each);
});

addEventListener("dragend", clear);
