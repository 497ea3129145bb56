// The tariff editor's bar of the day, drawn while typing. The server decides; this only shows sooner what it would say.
import { text } from "./texts.js";

const form = document.querySelector("form[data-tariff]");

const minutes = (typed) => {
  const match = /^(\d\d):(\d\d)$/.exec(typed);
  return match ? Number(match[1]) * 60 + Number(match[2]) : NaN;
};

function rows() {
  return [...form.querySelectorAll("[data-window]")].map((row) => ({
    row,
    from: minutes(row.querySelector('[name="from"]').value),
    to: minutes(row.querySelector('[name="to"]').value),
    price: row.querySelector('[name="windowPrice"]').value.trim(),
  })).filter((each) => each.from >= 0 && each.to >= 0 && each.price);
}

function spans(each) {
  if (each.to > each.from) return [[each.from, each.to]];
  return [[each.from, 1440], [0, each.to]].filter(([from, to]) => to > from);
}

function show() {
  const bar = form.querySelector("[data-day-bar]");
  const coverage = form.querySelector("[data-day-said]");
  const pieces = rows().flatMap((each) => spans(each).map(([from, to]) => ({ from, to, price: each.price })));
  pieces.sort((a, b) => a.from - b.from);
  const clash = pieces.some((piece, index) => index && piece.from < pieces[index - 1].to);
  bar.replaceChildren(...pieces.map((piece) => {
    const part = document.createElement("span");
    part.className = "day-piece";
    part.style.left = `${piece.from / 14.4}%`;
    part.style.width = `${(piece.to - piece.from) / 14.4}%`;
    part.textContent = piece.price;
    return part;
  }));
  bar.classList.toggle("clash", clash);
  const covered = pieces.reduce((sum, piece) => sum + piece.to - piece.from, 0);
  if (clash) coverage.textContent = text("overlap");
  else if (!pieces.length) coverage.textContent = text("everywhere");
  else if (covered === 1440) coverage.textContent = text("day");
  else coverage.textContent = text("gaps");
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

if (form) {
  form.addEventListener("input", () => {
    show();
    clearTimeout(timer);
    timer = setTimeout(example, 250);
  });
  show();
}
