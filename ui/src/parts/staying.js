// Forms that ask a charger for something leave the page as it is. What was requested, and what came of it, is announced.
import { text } from "./texts.js";

const SHOWN_FOR = 10_000;
const GOING = ["queued", "sent"];
const board = document.getElementById("toasts");
// The commands whose outcome is not known yet, and the pages that list them.
const awaited = new Map();

function announce(sentence, state) {
  const toast = document.createElement("p");
  toast.textContent = sentence;
  if (state) toast.dataset.state = state;
  board.append(toast);
  while (board.children.length > 4) board.firstElementChild.remove();
  setTimeout(() => toast.remove(), SHOWN_FOR);
}

addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || !board || !form.matches("form[data-stay]")) return;
  event.preventDefault();
  // Not `form.action`: these forms have a field of that name.
  const address = form.getAttribute("action");
  try {
    const body = new URLSearchParams(new FormData(form, event.submitter));
    const response = await fetch(address, { method: "POST", body, headers: { "X-Stay": "yes" } });
    if (response.redirected) return location.assign(response.url);
    const { message, command } = await response.json();
    announce(message, command ? "" : "command-failed");
    if (command) awaited.set(command, address.replace(/do$/, "operations"));
    await lookAfter();
  } catch {
    announce(text("silent"), "command-failed");
  } finally {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
  }
});

async function lookAfter() {
  for (const page of new Set(awaited.values())) {
    const response = await fetch(page, { headers: { "X-Part": "commands" } });
    if (!response.ok) continue;
    const list = document.createElement("template");
    list.innerHTML = await response.text();
    for (const [command, where] of awaited) {
      if (where !== page) continue;
      const row = list.content.querySelector(`[id="command-${command}"]`);
      if (row && GOING.includes(row.dataset.pulse)) continue;
      awaited.delete(command);
      if (row) announce(outcome(row), `command-${row.dataset.pulse}`);
    }
  }
}

function outcome(row) {
  const words = (part) => row.querySelector(part)?.textContent.trim() ?? "";
  const why = words(".why");
  return `${words("strong")}: ${words(".state")}${why ? `. ${why}` : ""}`;
}

addEventListener("changed", ({ detail: topics }) => {
  if (awaited.size && (topics.has("*") || topics.has("commands"))) lookAfter().catch(() => {});
});
