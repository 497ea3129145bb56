// The library that every page loads. It sets the global `htmx`; modules in src/ may import it too, because the bundle
// holds it once. Of Tabler only the stylesheet is used: menus and rows open without a script.
import htmx from "htmx.org/dist/htmx.esm.js";
import "htmx.org/dist/ext/hx-sse.js";

window.htmx = htmx;
