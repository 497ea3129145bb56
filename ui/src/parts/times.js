// "5 min ago" stays true while one looks at it. The words are those of formats.ago_text.
import { text } from "./texts.js";

function lasting(seconds) {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return text("days", { days: Math.floor(seconds / 86400), hours: Math.floor((seconds % 86400) / 3600) });
}

function words(seconds) {
  return seconds < 5 ? text("justNow") : text("ago", { time: lasting(seconds) });
}

function tick() {
  // A look back stands still.
  if (document.hidden || document.querySelector(".look-back")) return;
  for (const time of document.querySelectorAll("time[data-ago]")) {
    const shown = words(Math.max(0, Math.floor((Date.now() - Date.parse(time.dataset.ago)) / 1000)));
    if (time.textContent !== shown) time.textContent = shown;
  }
}

setInterval(tick, 1000);
