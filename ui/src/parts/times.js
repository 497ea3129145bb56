// "5 min ago" stays true while one looks at it. The words are those of formats.ago_text.
function words(seconds) {
  if (seconds < 5) return "just now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min ago`;
  return `${Math.floor(seconds / 86400)} d ${Math.floor((seconds % 86400) / 3600)} h ago`;
}

function tick() {
  // A look back stands still.
  if (document.hidden || document.querySelector(".look-back")) return;
  for (const time of document.querySelectorAll("time[data-ago]")) {
    const text = words(Math.max(0, Math.floor((Date.now() - Date.parse(time.dataset.ago)) / 1000)));
    if (time.textContent !== text) time.textContent = text;
  }
}

setInterval(tick, 1000);
