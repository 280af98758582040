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

/** Middle and width of the frame in units of the drawing, and what is singled out. */
const sight = { x: 0, y: 0, wide: 1, round: 0, chosen: "", scale: 0, due: false, moved: false };
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
    shape("g", { class: "marks" }), shape("g", { class: "bases" }), shape("g", { class: "you" }));
  // Above its place, where the sign of a village may be.
  for (const { at } of plan.bases)
    if (at) group("bases").append(shape("path", { d: "M0-30l9 16h-18z", "data-x": at[0], "data-y": at[1] }));
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

/** Set the frame at the next picture, however many fingers ask for it. */
function frame() {
  clamp();
  if (sight.due) return;
  sight.due = true;
  requestAnimationFrame(() => {
    sight.due = false;
    clamp();
    applyFrame();
  });
}

/** Height of the picture over its width; a square where it is not shown. */
const shapeOf = () => box().clientWidth ? box().clientHeight / box().clientWidth : 1;
/** Width at which all of the drawing is seen. */
const wholeWidth = () => Math.max(plan.map.size[0], plan.map.size[1] / shapeOf());

/** Keep the middle of the frame on the drawing, and its width within what makes sense. */
function clamp() {
  const [wide, high] = plan.map.size;
  sight.wide = Math.min(Math.max(sight.wide, wide / MOST_ZOOM), wholeWidth() * 1.1);
  sight.x = Math.min(Math.max(sight.x, 0), wide);
  sight.y = Math.min(Math.max(sight.y, 0), high);
}

/** Move the picture; signs keep their size on the screen, so that they change with the zoom alone. */
function applyFrame() {
  const high = sight.wide * shapeOf();
  box().setAttribute("viewBox", `${sight.x - sight.wide / 2} ${sight.y - high / 2} ${sight.wide} ${high}`);
  const step = unit(), scale = step * Math.min(1.3, 0.7 + zoom() / 8);
  if (scale === sight.scale) return;
  sight.scale = scale;
  for (const mark of box().querySelectorAll("[data-x]"))
    mark.setAttribute("transform", `translate(${mark.getAttribute("data-x")} ${mark.getAttribute("data-y")}) scale(${scale})`);
  for (const name of group("names").children) name.setAttribute("font-size", String(step * 12));
  box().classList.toggle("close", zoom() > 6);
}

/** @param {number} factor @param {Place} [around] in units of the drawing, stays where it is */
function zoomBy(factor, around = [sight.x, sight.y]) {
  const before = sight.wide;
  sight.wide /= factor;
  clamp();
  const share = sight.wide / before;
  sight.x = around[0] + (sight.x - around[0]) * share;
  sight.y = around[1] + (sight.y - around[1]) * share;
  frame();
}

function showAll() {
  const [wide, high] = plan.map.size;
  [sight.x, sight.y, sight.wide] = [wide / 2, high / 2, wholeWidth()];
  frame();
}

/** @param {Place} at @param {number} [least] zoom */
function goTo(at, least = 5) {
  [sight.x, sight.y, sight.moved] = [at[0], at[1], true];
  sight.wide = Math.min(sight.wide, plan.map.size[0] / least);
  frame();
}

/** @param {number} lon @param {number} lat @param {number} metres how far off it may be */
function showYou(lon, lat, metres) {
  you.at = toPlace(lon, lat);
  const metre = plan.map.projection[3] / 111320;
  group("you").replaceChildren(
    shape("circle", { class: "near", cx: you.at[0], cy: you.at[1], r: metres * metre }),
    shape("g", { "data-x": you.at[0], "data-y": you.at[1] }, shape("circle", { r: 8 })));
  sight.scale = 0;
  goTo(you.at, 7);
}

/** @param {MouseEvent} event @returns {Place} */
function placeOf(event) {
  const edge = box().getBoundingClientRect();
  const across = event.clientX - (edge.left + edge.right) / 2, down = event.clientY - (edge.top + edge.bottom) / 2;
  return [sight.x + across * unit(), sight.y + down * unit()];
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
  // The map of a phone has no size until it is shown; the first time it shows all.
  new ResizeObserver(() => {
    if (!box().clientWidth) return;
    if (sight.moved) frame();
    else showAll();
    sight.moved = true;
  }).observe(box());
}

/** The signs in words, under the map. */
function paintLegend() {
  const signs = Object.entries(SIGNS).map(([status, sign]) =>
    element("li", {}, element("span", { class: `chip ${status}` }, `${sign} ${say(`status_${status}`)}`)));
  const base = element("li", {}, element("span", { class: "chip base" }, `▲ ${say("base")}`));
  part("legend").replaceChildren(...signs, ...(plan.bases.length ? [base] : []));
}

export { sight, build, paint, frame, goTo, showAll, showYou, listenToMap, paintLegend };
