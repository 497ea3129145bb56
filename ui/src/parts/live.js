// Keeps a page live: one event stream tells what changed, and the parts that show it are asked for again.
//
// A part is an element with an id, `data-part` (its name, sent as X-Part to the page's own address) and `data-live` (the
// topics it shows). It is morphed in place, so that focus, scrolling and open menus stay as they are.
import htmx from "htmx.org/dist/htmx.esm.js";
import { text } from "./texts.js";

const EVERY = 250;
const STALE_AFTER = 40_000;
const RENEW_EVERY = 30_000;

const badge = document.querySelector("[data-live-badge]");

let source = null;
// The position of the history up to which the page shows what happened.
let position = badge?.dataset.after;
let heardAt = 0;
let lastAsk = 0;
let timer = 0;
let asking = false;
const wanted = new Set();
const turns = new Map();

function say(state) {
  if (badge.dataset.liveState === state) return;
  badge.dataset.liveState = state;
  badge.querySelector("[data-live-word]").textContent = text(`live.${state}`);
}

function heard() {
  heardAt = Date.now();
  say("live");
}

function connect() {
  source = new EventSource(`/live?after=${position}`);
  source.addEventListener("hello", heard);
  source.addEventListener("pulse", heard);
  source.addEventListener("goodbye", () => location.reload());
  source.addEventListener("changed", (event) => {
    position = event.lastEventId;
    heard();
    refresh(new Set(JSON.parse(event.data)));
  });
  source.addEventListener("error", () => {
    say("reconnecting");
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 3000);
  });
}

function refresh(topics) {
  dispatchEvent(new CustomEvent("changed", { detail: topics }));
  for (const part of document.querySelectorAll("[data-live]")) {
    // Looked for as a whole: the id of a charger in a topic may have blanks.
    const shown = ` ${part.dataset.live} `;
    if (topics.has("*") || [...topics].some((topic) => shown.includes(` ${topic} `))) wanted.add(part.id);
  }
  schedule();
}

function schedule() {
  if (!wanted.size || timer || asking || document.hidden) return;
  timer = setTimeout(ask, Math.max(0, lastAsk + EVERY - Date.now()));
}

async function ask() {
  timer = 0;
  asking = true;
  lastAsk = Date.now();
  const ids = [...wanted];
  wanted.clear();
  await Promise.all(ids.map(renew));
  asking = false;
  schedule();
}

// Of a part that the page has several of, `data-at` says which.
function asked(part) {
  return part.dataset.at ? { "X-Part": part.dataset.part, "X-At": part.dataset.at } : { "X-Part": part.dataset.part };
}

async function renew(id) {
  const part = document.getElementById(id);
  if (!part) return;
  const turn = (turns.get(id) ?? 0) + 1;
  turns.set(id, turn);
  try {
    const response = await fetch(location.pathname + location.search, { headers: asked(part) });
    if (response.status === 401) return location.assign("/sign-in");
    if (response.status === 404) return part.dataset.at ? part.remove() : undefined;
    if (!response.ok) throw new Error(`${response.status}`);
    const text = await response.text();
    // An answer that was overtaken by a later one is about an address or a moment that is over.
    if (turns.get(id) !== turn) return;
    const before = pulses(part);
    const chosen = [...part.querySelectorAll("input[type=checkbox][id]:checked")].map((each) => each.id);
    await htmx.swap({ sourceElement: part, target: part, swap: "outerMorph", text: inOrder(part, text) });
    pulse(document.getElementById(id), before);
    // The server does not know what somebody is about to choose here.
    for (const box of chosen.map((each) => document.getElementById(each))) if (box) box.checked = true;
    dispatchEvent(new CustomEvent("renewed", { detail: id }));
  } catch {
    // Without a connection the badge says so already.
    if (source.readyState === EventSource.OPEN) say("stale");
    wanted.add(id);
    lastAsk = Date.now() + 2000;
  }
}

// A link with `data-renews` changes the address and asks only for the parts with these ids again: nothing jumps.
addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-renews]");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState({ renews: link.dataset.renews }, "", link.href);
  await Promise.all(link.dataset.renews.split(" ").map(renew));
});

addEventListener("popstate", () => location.reload());

// A list with `data-keep-order` keeps the order that it has on the screen, whatever order the server would begin with.
function inOrder(part, text) {
  if (!part.querySelector("[data-keep-order]")) return text;
  const fresh = document.createElement("template");
  fresh.innerHTML = text;
  const known = new Map([...part.querySelectorAll("[data-keep-order] > [id]")].map((each, index) => [each.id, index]));
  const place = (each) => known.get(each.id) ?? known.size;
  for (const list of fresh.content.querySelectorAll("[data-keep-order]")) {
    list.append(...[...list.children].sort((a, b) => place(a) - place(b)));
  }
  return fresh.innerHTML;
}

function pulses(part) {
  return new Map([...part.querySelectorAll("[data-pulse][id]")].map((each) => [each.id, each.dataset.pulse]));
}

// What is now other than it was lights up for a moment.
function pulse(part, before) {
  for (const each of part?.querySelectorAll("[data-pulse][id]") ?? []) {
    if (before.get(each.id) === each.dataset.pulse) continue;
    each.classList.remove("pulse");
    void each.offsetWidth;
    each.classList.add("pulse");
  }
}

htmx.registerExtension("live", {
  // The server does not know what somebody has opened here.
  htmx_before_morph_attr: (element, detail) => {
    if (detail.attrName === "open" && element.matches("details")) return false;
    if (detail.attrName === "style" && element.matches(".menu-body")) return false;
    return !(detail.attrName === "class" && detail.newValue === null && element.classList.contains("pulse"));
  },
});

// What takes long to find out is asked for when the page is there.
for (const part of document.querySelectorAll("[data-part][data-load]")) renew(part.id);

if (badge) {
  connect();
  setInterval(() => {
    if (heardAt && Date.now() - heardAt > STALE_AFTER) say("stale");
  }, 5000);
  // What no event tells, such as when a charger was last heard, is asked for from time to time.
  setInterval(() => {
    for (const part of document.querySelectorAll("[data-live][data-renew]")) wanted.add(part.id);
    schedule();
  }, RENEW_EVERY);
  document.addEventListener("visibilitychange", schedule);
  // Leaving the page is no trouble with the connection.
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => event.persisted && connect());
}
