// `g d` and its like go to a page, `?` helps. `/` and Ctrl-K are the palette's.
let waiting = 0;

const help = () => document.getElementById("help");

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (typing) return;
  if (event.timeStamp - waiting < 1500 && waiting) {
    waiting = 0;
    document.querySelector(`[data-go="${CSS.escape(event.key)}"]`)?.click();
    return;
  }
  if (event.key === "g") {
    waiting = event.timeStamp;
  } else if (event.key === "?") {
    help()?.showModal();
  }
});

addEventListener("click", (event) => {
  if (event.target.closest("[data-help]")) help()?.showModal();
});
