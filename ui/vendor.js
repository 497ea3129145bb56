// Libraries that every page loads. They set the globals `htmx` and `tabler`; modules in src/ may import them too,
// because the bundle holds each library once.
import htmx from "htmx.org/dist/htmx.esm.js";
import "htmx.org/dist/ext/hx-sse.js";
import * as tabler from "@tabler/core/dist/js/tabler.esm.js";

window.htmx = htmx;
window.tabler = tabler;
