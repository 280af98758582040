// @ts-check
/* The map: outlines, rounds and villages as SVG, moved and zoomed by its frame. */
/** @import { Village, Place } from "./words.js" */
import { plan, say, SIGNS, element, part } from "./words.js";
import { visitOf } from "./records.js";

const NEAR = 30, MOST_ZOOM = 40, MOVED = 6;
const COLOURS = 8;
const SPACE = "http://www.w3.org/2000/svg";

/**
 * @param {string} tag @param {Record<string, string | number>} attributes @param {...(Node | string)} inside
 * @returns {SVGElement}
 */
function shape(tag, attributes, ...inside) {
  const made = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...inside);
  return made;
}

const sight = { x: 0, y: 0, wide: 1, high: 1, round: 0, chosen: "" };
const marks = /** @type {Map<string, SVGElement>} */ (new Map());
const you = { at: /** @type {Place | null} */ (null), near: 0 };

const box = () => /** @type {SVGSVGElement} */ (/** @type {unknown} */ (part("drawing")));
/** Units of the drawing in a pixel. */
const unit = () => sight.wide / Math.max(1, box().clientWidth);
const zoom = () => plan.map.size[0] / sight.wide;

/** @param {number} lon @param {number} lat @returns {Place} */
function toPlace(lon, lat) {
  const [west, north, squeeze, scale, margin] = plan.map.projection;
  return [(lon - west) * squeeze * scale + margin, (north - lat) * scale + margin];
}

/** Draw what does not change. */
function build() {
  const { areas, shapes } = plan.map;
  box().replaceChildren(
    shape("g", { class: "villages" }, ...shapes.map(([code, d]) => shape("path", { d, "data-code": code }))),
    shape("g", { class: "areas" }, ...areas.map(({ path }) => shape("path", { d: path }))),
    shape("g", { class: "lines" }, ...plan.rounds.map((round) =>
      shape("polyline", { class: `r${round.number % COLOURS}`, "data-round": round.number, points: round.line.join(" ") }))),
    shape("g", { class: "names" }, ...areas.map(({ name, at }) => shape("text", { x: at[0], y: at[1] }, name))),
    shape("g", { class: "bases" }), shape("g", { class: "marks" }), shape("g", { class: "you" }));
  for (const { at } of plan.bases)
    if (at) group("bases").append(shape("path", { d: "M0-11l10 18h-20z", "data-x": at[0], "data-y": at[1] }));
  for (const village of [...plan.villages].reverse()) {
    if (!village.at) continue;
    const mark = shape("g", { "data-x": village.at[0], "data-y": village.at[1] });
    mark.append(shape("circle", { r: 10 }), shape("text", { y: 4.5 }), shape("text", { class: "name", y: 25 }, village.name));
    marks.set(village.code, mark);
    group("marks").append(mark);
  }
  showAll();
}

/** @param {string} name */
function group(name) {
  return /** @type {SVGElement} */ (box().querySelector(`g.${name}`));
}

/** Colour and sign of each village, by what holds of it. */
function paint() {
  for (const village of plan.villages) {
    const mark = marks.get(village.code), { status } = visitOf(village);
    if (!mark) continue;
    const faded = sight.round && village.round !== sight.round ? " faded" : "";
    mark.setAttribute("class", `${status}${faded}${village.code === sight.chosen ? " chosen" : ""}`);
    mark.children[1].textContent = status === "planned" && village.stop ? String(village.stop) : SIGNS[status];
  }
  for (const line of group("lines").children)
    line.classList.toggle("faded", Boolean(sight.round) && Number(line.getAttribute("data-round")) !== sight.round);
}

/** Set the frame; signs keep their size on the screen. */
function frame() {
  const { clientWidth, clientHeight } = box(), { size } = plan.map;
  sight.wide = Math.min(Math.max(sight.wide, size[0] / MOST_ZOOM), Math.max(size[0], size[1] * clientWidth / (clientHeight || 1)) * 1.1);
  sight.high = sight.wide * clientHeight / (clientWidth || 1);
  sight.x = Math.min(Math.max(sight.x, -sight.wide / 2), size[0] - sight.wide / 2);
  sight.y = Math.min(Math.max(sight.y, -sight.high / 2), size[1] - sight.high / 2);
  box().setAttribute("viewBox", `${sight.x} ${sight.y} ${sight.wide} ${sight.high}`);
  const step = unit(), size_of_mark = Math.min(1.3, 0.7 + zoom() / 8);
  for (const mark of box().querySelectorAll("[data-x]"))
    mark.setAttribute("transform", `translate(${mark.getAttribute("data-x")} ${mark.getAttribute("data-y")}) scale(${step * size_of_mark})`);
  for (const name of group("names").children) name.setAttribute("font-size", String(step * 12));
  box().classList.toggle("close", zoom() > 3.5);
}

/** @param {number} factor @param {Place} [around] in units of the drawing */
function zoomBy(factor, around = [sight.x + sight.wide / 2, sight.y + sight.high / 2]) {
  const before = sight.wide;
  sight.wide /= factor;
  frame();
  const share = sight.wide / before;
  sight.x = around[0] - (around[0] - sight.x) * share;
  sight.y = around[1] - (around[1] - sight.y) * share;
  frame();
}

function showAll() {
  const { size } = plan.map, { clientWidth, clientHeight } = box();
  sight.wide = Math.max(size[0], size[1] * clientWidth / (clientHeight || 1));
  sight.high = sight.wide * clientHeight / (clientWidth || 1);
  sight.x = (size[0] - sight.wide) / 2;
  sight.y = (size[1] - sight.high) / 2;
  frame();
}

/** @param {Place} at @param {number} [least] zoom */
function goTo(at, least = 5) {
  sight.wide = Math.min(sight.wide, plan.map.size[0] / least);
  sight.high = sight.wide * box().clientHeight / (box().clientWidth || 1);
  sight.x = at[0] - sight.wide / 2;
  sight.y = at[1] - sight.high / 2;
  frame();
}

/** @param {number} lon @param {number} lat @param {number} metres how far off it may be */
function showYou(lon, lat, metres) {
  you.at = toPlace(lon, lat);
  const metre = plan.map.projection[3] / 111320;
  group("you").replaceChildren(
    shape("circle", { class: "near", cx: you.at[0], cy: you.at[1], r: metres * metre }),
    shape("g", { "data-x": you.at[0], "data-y": you.at[1] }, shape("circle", { r: 8 })));
  goTo(you.at);
}

/** @param {MouseEvent} event @returns {Place} */
function placeOf(event) {
  const edge = box().getBoundingClientRect();
  return [sight.x + (event.clientX - edge.left) * unit(), sight.y + (event.clientY - edge.top) * unit()];
}

/** The village nearest to a place, if a finger can mean it. @param {Place} at */
function nearest([x, y]) {
  const far = NEAR * unit();
  let best = /** @type {Village | undefined} */ (undefined), least = far;
  for (const village of plan.villages) {
    if (!village.at) continue;
    const distance = Math.hypot(village.at[0] - x, village.at[1] - y);
    if (distance < least) [best, least] = [village, distance];
  }
  return best;
}

/** One finger moves, two zoom, a tap opens. @param {(village: Village) => void} open */
function listenToMap(open) {
  const fingers = /** @type {Map<number, PointerEvent>} */ (new Map());
  let way = 0;
  box().addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, event);
    if (fingers.size === 1) way = 0;
    box().setPointerCapture(event.pointerId);
  });
  box().addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const other = [...fingers.values()].find((finger) => finger.pointerId !== event.pointerId);
    way += Math.hypot(event.clientX - before.clientX, event.clientY - before.clientY);
    if (other) {
      const apart = (/** @type {PointerEvent} */ finger) => Math.hypot(finger.clientX - other.clientX, finger.clientY - other.clientY);
      zoomBy(apart(event) / Math.max(1, apart(before)), placeOf(other));
    } else if (way > MOVED) {
      sight.x -= (event.clientX - before.clientX) * unit();
      sight.y -= (event.clientY - before.clientY) * unit();
      frame();
    }
    fingers.set(event.pointerId, event);
  });
  const lift = (/** @type {PointerEvent} */ event) => {
    const village = event.type === "pointerup" && fingers.size === 1 && way <= MOVED ? nearest(placeOf(event)) : undefined;
    fingers.delete(event.pointerId);
    if (village) open(village);
  };
  box().addEventListener("pointerup", lift);
  box().addEventListener("pointercancel", lift);
  box().addEventListener("wheel", (event) => {
    event.preventDefault();
    zoomBy(event.deltaY < 0 ? 1.25 : 0.8, placeOf(event));
  }, { passive: false });
  part("zoom-in").addEventListener("click", () => zoomBy(1.6));
  part("zoom-out").addEventListener("click", () => zoomBy(1 / 1.6));
  part("whole").addEventListener("click", showAll);
  new ResizeObserver(frame).observe(box());
}

/** The signs in words, under the map. */
function paintLegend() {
  const signs = Object.entries(SIGNS).map(([status, sign]) =>
    element("li", {}, element("span", { class: `chip ${status}` }, `${sign} ${say(`status_${status}`)}`)));
  const base = element("li", {}, element("span", { class: "chip base" }, `▲ ${say("base")}`));
  part("legend").replaceChildren(...signs, ...(plan.bases.length ? [base] : []));
}

export { sight, build, paint, frame, goTo, showAll, showYou, listenToMap, paintLegend };
