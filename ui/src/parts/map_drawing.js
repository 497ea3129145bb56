// A map: pins on tiles of the operator's own map file, or on a plain grid where there is none. It asks nobody else.
// `data-pins` is a list of { lat, lon, name, href }; `data-tiles` the address of the map file. With `data-pin-form` the
// one pin can be dragged, and moves with the form's fields.
import * as L from "leaflet/dist/leaflet-src.esm.js";
import { PMTiles, leafletRasterLayer } from "pmtiles";

// The layer of pmtiles expects Leaflet where scripts of pages have it.
globalThis.L = L;

const WORLD = [[-58, -170], [72, 170]];
const CLOSE = 15;
// With more pins their names cover each other, and show when one is pointed at.
const NAMED = 30;

const Grid = L.GridLayer.extend({
  createTile() {
    const tile = document.createElement("div");
    tile.className = "map-tile";
    return tile;
  },
});

function pin(at, name, draggable) {
  const icon = L.divIcon({ className: "map-pin", html: '<span aria-hidden="true"></span>', iconSize: [22, 22], iconAnchor: [11, 22] });
  return L.marker(at, { icon, draggable, alt: name, title: name, keyboard: true });
}

async function ground(map, tiles) {
  if (!tiles) return new Grid({ maxZoom: 19 }).addTo(map);
  const file = new PMTiles(tiles);
  try {
    const { maxZoom } = await file.getHeader();
    leafletRasterLayer(file, { maxNativeZoom: maxZoom, maxZoom: 19 }).addTo(map);
    const credit = document.createElement("span");
    credit.textContent = (await file.getMetadata()).attribution?.replace(/<[^>]*>/g, "") ?? "";
    if (credit.textContent) map.attributionControl.addAttribution(credit.innerHTML);
  } catch {
    new Grid({ maxZoom: 19 }).addTo(map);
  }
}

const meet = (one, other) =>
  one.left < other.right && one.right > other.left && one.top < other.bottom && one.bottom > other.top;

// A name that would cover another one, or the pin of another place, shows once the map is zoomed in.
function uncover(markers) {
  const names = [];
  for (const marker of markers) {
    const label = marker.getTooltip().getElement();
    const name = label.getBoundingClientRect();
    const covers = (other) => other !== marker && meet(name, other.getElement().getBoundingClientRect());
    const free = !markers.some(covers) && !names.some((other) => meet(name, other));
    label.style.visibility = free ? "" : "hidden";
    if (free) names.push(name);
  }
}

function show(map, pins) {
  const named = pins.length <= NAMED;
  const markers = [];
  for (const { lat, lon, name, href } of pins) {
    const marker = pin([lat, lon], name, false).addTo(map);
    const label = document.createElement("span");
    label.textContent = name;
    marker.bindTooltip(label, { direction: "top", offset: [0, -20], permanent: href !== "" && named });
    if (href) markers.push(marker);
    if (href) marker.on("click", () => location.assign(href));
  }
  if (pins.length === 1) map.setView([pins[0].lat, pins[0].lon], CLOSE);
  else if (pins.length) map.fitBounds(pins.map(({ lat, lon }) => [lat, lon]), { paddingTopLeft: [90, 60], paddingBottomRight: [90, 30], maxZoom: CLOSE });
  else map.fitBounds(WORLD);
  if (!named) return;
  uncover(markers);
  map.on("zoomend", () => uncover(markers));
}

// The pin of a form: where it is dragged, or where the map is clicked, is written into the fields.
function follow(map, form) {
  const latitude = form.querySelector('[name="latitude"]');
  const longitude = form.querySelector('[name="longitude"]');
  let marker = null;

  const number = (field) => (field.value.trim() ? Number(field.value.replace(",", ".")) : NaN);
  const place = () => L.latLng(number(latitude), number(longitude));
  const known = () => Math.abs(number(latitude)) <= 90 && Math.abs(number(longitude)) <= 180;

  function write({ lat, lng }) {
    latitude.value = lat.toFixed(6);
    longitude.value = L.Util.wrapNum(lng, [-180, 180], true).toFixed(6);
    latitude.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function put() {
    if (!known()) return marker?.remove();
    if (!marker) marker = pin(place(), map.getContainer().dataset.pinName, true).on("dragend", () => write(marker.getLatLng()));
    marker.setLatLng(place()).addTo(map);
  }
  map.on("click", ({ latlng }) => {
    write(latlng);
    put();
  });
  for (const field of [latitude, longitude]) {
    field.addEventListener("change", () => {
      put();
      if (known()) map.panTo(place());
    });
  }
  if (known()) map.setView(place(), CLOSE);
  else map.fitBounds(WORLD);
  put();
}

export function draw(element) {
  const map = L.map(element, { worldCopyJump: true, zoomSnap: 0.5, scrollWheelZoom: false, minZoom: 1 });
  map.attributionControl.setPrefix(false);
  ground(map, element.dataset.tiles);
  const form = element.closest("form");
  if (element.hasAttribute("data-pin-form") && form) follow(map, form);
  else show(map, JSON.parse(element.dataset.pins ?? "[]"));
}
