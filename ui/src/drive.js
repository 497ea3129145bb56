// What the pages of drivers do in the browser, beside what every page does.
import htmx from "htmx.org/dist/htmx.esm.js";
import "./parts/map.js";

// A part with `data-refresh` is asked for again after so many seconds, as long as somebody looks at it.
async function renew() {
  const part = document.querySelector("#live[data-refresh]");
  if (!part || document.hidden) return;
  try {
    const response = await fetch(location.href);
    if (response.redirected) return location.assign(response.url);
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector("#live");
    if (fresh) await htmx.swap({ target: part, text: fresh.outerHTML, swap: "outerMorph" });
  } catch {
    // No network just now: the next turn asks again.
  }
}

const seconds = Number(document.querySelector("#live[data-refresh]")?.dataset.refresh);
if (seconds) setInterval(renew, seconds * 1000);
document.addEventListener("visibilitychange", renew);

// Where the phone is goes into the search alone, and only when its owner asks.
const near = document.querySelector("[data-locate]");
if (near && navigator.geolocation && isSecureContext) {
  near.hidden = false;
  near.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      near.form.elements.latitude.value = coords.latitude.toFixed(5);
      near.form.elements.longitude.value = coords.longitude.toFixed(5);
      near.form.requestSubmit();
    });
  });
}
