// @ts-check
/* The page around the map's frame: it reads and prints the map, and scrolls over it. A map in a page of
 * its own has none. */

/** @import { View } from "./view.js" */

/* A printed map is so many pixels wide (page.css has the same). */
const PRINTED_WIDTH = 400;
/* Milliseconds that a hint is seen. */
const HINTED = 1500;

/** Calls the frame by what the map is, for who cannot see it. @param {View} view */
function nameFrame({ title }) {
  window.frameElement?.setAttribute("aria-label", title);
}

/**
 * Tells the page how large the map is, as it is printed with the layout that it has on the screen: by
 * print its style scales the frame to a fixed width.
 * @param {L.Map} map
 */
function measureForPrint(map) {
  const frame = window.frameElement;
  if (!frame) return;
  const tell = () => {
    const { width, height } = frame.getBoundingClientRect();
    if (!width || window.matchMedia("print").matches) return;
    const { style } = frame.ownerDocument.documentElement, scale = PRINTED_WIDTH / width;
    style.setProperty("--jk-map-width", `${width}px`);
    style.setProperty("--jk-map-height", `${height}px`);
    style.setProperty("--jk-map-scale", String(scale));
    style.setProperty("--jk-map-printed", `${height * scale}px`);
  };
  tell();
  map.on("resize", tell);
}

/**
 * On a touch screen one finger scrolls the page over the map, and two move and zoom it. Gives the box of
 * the hint that says so, which is seen when one finger moves.
 * @param {L.Map} map
 */
function letPageScroll(map) {
  const box = map.getContainer(), hint = L.DomUtil.create("div", "jangkau-hint", box);
  hint.hidden = true;
  if (!window.frameElement || !window.matchMedia("(pointer: coarse)").matches) return hint;
  map.dragging.disable();
  let hiding = 0;
  box.addEventListener("touchmove", ({ touches }) => {
    clearTimeout(hiding);
    hint.hidden = touches.length > 1;
    hiding = window.setTimeout(() => { hint.hidden = true; }, HINTED);
  }, { passive: true });
  return hint;
}

export { letPageScroll, measureForPrint, nameFrame };
