// Finds maps on the page; the map library is loaded only where there is one.
const drawn = new WeakSet();

async function draw(element) {
  if (drawn.has(element)) return;
  drawn.add(element);
  (await import("./map_drawing.js")).draw(element);
}

const drawAll = () => document.querySelectorAll("[data-map]").forEach(draw);

new MutationObserver(drawAll).observe(document.body, { subtree: true, childList: true });
drawAll();
