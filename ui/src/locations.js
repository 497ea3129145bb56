// What the pages of locations do in the browser, beside what every page does.
import "./parts/location_form.js";
import "./parts/map.js";
import "./parts/tariff.js";
