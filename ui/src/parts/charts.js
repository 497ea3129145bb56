// Finds charts on the page and draws them; the drawing library is loaded only where there is one.
// A chart is an element whose `data-chart` holds its figures as JSON, around an empty `.chart-canvas`.
const drawn = new WeakMap();
let library = null;

async function draw(element) {
  const figures = element.dataset.chart;
  if (!figures || drawn.get(element) === figures) return;
  drawn.set(element, figures);
  library ??= import("./drawing.js");
  (await library).draw(element.querySelector(".chart-canvas"), JSON.parse(figures));
}

function drawAll() {
  document.querySelectorAll("[data-chart]").forEach(draw);
}

// Parts that were renewed carry new figures in the same place.
new MutationObserver(drawAll).observe(document.body, {
  subtree: true,
  childList: true,
  attributes: true,
  attributeFilter: ["data-chart"],
});

addEventListener("eosvolt:theme", async () => {
  if (!library) return;
  (await library).forget();
  for (const element of document.querySelectorAll("[data-chart]")) {
    drawn.delete(element);
    draw(element);
  }
});

drawAll();
