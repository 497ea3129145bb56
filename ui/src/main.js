// What every page does in the browser. Pages work without it: it keeps them live and quick to use.
import "./parts/appearance.js";
import "./parts/charts.js";
import "./parts/choosing.js";
import "./parts/copy.js";
import "./parts/forms.js";
import "./parts/keys.js";
import "./parts/live.js";
import "./parts/menus.js";
import "./parts/open_rows.js";
import "./parts/palette.js";
import "./parts/preview.js";
import "./parts/rows.js";
import "./parts/staying.js";
import "./parts/times.js";
