// The tariff editor's bar of the day: it shows the windows while they are typed, and windows can be drawn on it. The
// server decides what is right; this only shows sooner what it would say.
import { text } from "./texts.js";

const form = document.querySelector("form[data-tariff]");
const DAY = 1440;
// Ends of windows that are drawn snap to quarters of an hour, and a window that is only clicked is an hour long.
const STEP = 15;
const NEW = 60;

const minutes = (typed) => {
  const match = /^(\d\d):(\d\d)$/.exec(typed);
  return match ? Number(match[1]) * 60 + Number(match[2]) : NaN;
};
const two = (number) => String(number).padStart(2, "0");
// A browser's time field has no 24:00: a window up to midnight ends at 00:00 there.
const clock = (at) => `${two(Math.floor(at / 60) % 24)}:${two(at % 60)}`;
const input = (row, name) => row.querySelector(`[name="${name}"]`);

function windows() {
  return [...form.querySelectorAll("[data-row-list] [data-window]")].map((row) => ({
    row,
    from: minutes(input(row, "from").value),
    to: minutes(input(row, "to").value),
    price: input(row, "windowPrice").value.trim(),
  })).filter((each) => each.from >= 0 && each.to >= 0 && (each.from !== each.to || each.from === 0));
}

// The parts of one day that a window covers, with the ends of the window that can be dragged there.
function pieces(each) {
  if (each.to > each.from) return [{ ...each, ends: ["from", "to"] }];
  return [{ ...each, to: DAY, ends: ["from"] }, { ...each, from: 0, ends: ["to"] }].filter(({ from, to }) => to > from);
}

function part(name, from, to, label) {
  const element = document.createElement("span");
  element.className = name;
  element.style.left = `${from / 14.4}%`;
  element.style.width = `${(to - from) / 14.4}%`;
  element.textContent = label;
  return element;
}

function drawn(piece, clashing) {
  const element = part("day-piece", piece.from, piece.to, piece.price || "?");
  element.classList.toggle("clash", clashing.has(piece.row));
  element.classList.toggle("unpriced", !piece.price);
  for (const end of piece.ends) {
    const handle = document.createElement("i");
    handle.dataset.end = end;
    handle.row = piece.row;
    element.append(handle);
  }
  element.row = piece.row;
  return element;
}

function gaps(all, price) {
  const found = [];
  let covered = 0;
  for (const { from, to } of [...all, { from: DAY, to: DAY }]) {
    if (from - covered >= 120) found.push(part("day-gap", covered, from, price));
    covered = Math.max(covered, to);
  }
  return found;
}

function said(all, clashing) {
  if (clashing.size) return text("overlap");
  if (!all.length) return text("everywhere");
  return all.reduce((sum, { from, to }) => sum + to - from, 0) === DAY ? text("day") : text("gaps");
}

function show() {
  const bar = form.querySelector("[data-day-bar]");
  const all = windows().flatMap(pieces).sort((a, b) => a.from - b.from);
  const clashing = new Set();
  for (const [index, one] of all.entries()) {
    for (const other of all.slice(index + 1)) if (other.from < one.to) clashing.add(one.row).add(other.row);
  }
  bar.replaceChildren(...gaps(all, form.elements.price.value.trim()), ...all.map((piece) => drawn(piece, clashing)));
  for (const row of form.querySelectorAll("[data-row-list] [data-window]")) row.classList.toggle("clash", clashing.has(row));
  const coverage = form.querySelector("[data-day-said]");
  coverage.textContent = said(all, clashing);
  coverage.classList.toggle("clash", clashing.size > 0);
}

// What a session would cost, by the functions that bill real ones, a moment after the last key.
let timer = 0;
let turn = 0;

async function example() {
  const mine = ++turn;
  const answer = await fetch(`/locations/example?${new URLSearchParams(new FormData(form))}`).catch(() => null);
  if (!answer?.ok || mine !== turn) return;
  const fresh = document.createElement("template");
  fresh.innerHTML = await answer.text();
  if (mine === turn) document.getElementById("example").replaceWith(fresh.content);
}

function changed() {
  form.dispatchEvent(new Event("input"));
}

function added(from) {
  const list = form.querySelector("[data-row-list]");
  list.append(form.querySelector("template[data-new-row]").content.cloneNode(true));
  const row = list.lastElementChild;
  input(row, "from").value = clock(from);
  input(row, "to").value = clock(Math.min(from + NEW, DAY));
  return row;
}

// How far an end can be dragged: a window stays what it is, within the day or past midnight.
function limits(row, end) {
  const from = minutes(input(row, "from").value);
  const to = minutes(input(row, "to").value) || DAY;
  if (end === "to") return to > from ? [from + STEP, DAY] : [STEP, from - STEP];
  return to > from ? [0, to - STEP] : [to + STEP, DAY - STEP];
}

function drag(bar, row, end, pointer) {
  const [least, most] = limits(row, end);
  const move = (event) => {
    const { left, width } = bar.getBoundingClientRect();
    const at = Math.round(((event.clientX - left) / width) * (DAY / STEP)) * STEP;
    input(row, end).value = clock(Math.min(Math.max(at, least), most));
    changed();
  };
  const stop = () => {
    bar.removeEventListener("pointermove", move);
    input(row, "windowPrice").focus();
  };
  bar.setPointerCapture(pointer);
  bar.addEventListener("pointermove", move);
  bar.addEventListener("pointerup", stop, { once: true });
  bar.addEventListener("pointercancel", stop, { once: true });
}

function begin(event) {
  if (event.button) return;
  event.preventDefault();
  const bar = event.currentTarget;
  if (event.target.dataset.end) return drag(bar, event.target.row, event.target.dataset.end, event.pointerId);
  const known = event.target.closest(".day-piece");
  if (known) return input(known.row, "windowPrice").focus();
  const { left, width } = bar.getBoundingClientRect();
  const row = added(Math.min(Math.floor(((event.clientX - left) / width) * (DAY / STEP)) * STEP, DAY - STEP));
  changed();
  drag(bar, row, "to", event.pointerId);
}

if (form) {
  form.addEventListener("input", () => {
    show();
    clearTimeout(timer);
    timer = setTimeout(example, 250);
  });
  form.querySelector("[data-day-bar]").addEventListener("pointerdown", begin);
  show();
}
