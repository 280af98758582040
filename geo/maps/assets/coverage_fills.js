// @ts-check
/* What the places of a view are filled with: colours, and hatching that stays with the map. */
import { FADED } from "./view.js";

/** @import { Frame } from "./coverage_paths.js" */
/** @import { View } from "./view.js" */

const HATCH = "#A9A69D", PAPER = "#FBFAF7";

/** @param {View} view @param {number} letter */
function fillOf(view, letter) {
  return letter >= FADED ? view.faded : view.styles[letter].fill;
}

/** @param {CanvasRenderingContext2D} brush @param {View} view @param {number} letter @param {Frame} frame */
function tintOf(brush, view, letter, frame) {
  const pattern = letter < FADED && view.styles[letter].pattern;
  return pattern ? hatch(brush, pattern, view.styles[letter].fill, frame) : fillOf(view, letter);
}

/** @param {string} colour as `#RRGGBB` */
function brightness(colour) {
  const [red, green, blue] = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
  return 0.3 * red + 0.59 * green + 0.11 * blue;
}

/**
 * Hatching that stays where it is on the map when the map moves: grey lines or dots on a colour
 * of what is unknown, and wide lines of paper over the class of what is partly known.
 * @param {CanvasRenderingContext2D} brush @param {string} kind @param {string} fill @param {Frame} frame
 */
function hatch(brush, kind, fill, { left, top, ratio }) {
  const wide = kind === "wide", tile = document.createElement("canvas"), side = wide ? 16 : 8;
  tile.width = tile.height = side * ratio;
  const pen = /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d"));
  pen.scale(ratio, ratio);
  pen.fillStyle = fill;
  pen.fillRect(0, 0, side, side);
  pen.fillStyle = pen.strokeStyle = HATCH;
  pen.lineWidth = wide ? 6.4 : 2;
  if (wide || kind === "lines") {
    for (const shift of [-side, 0, side]) {
      pen.moveTo(shift - 1, side + 1);
      pen.lineTo(shift + side + 1, -1);
    }
    pen.stroke();
    pen.strokeStyle = PAPER;
    pen.lineWidth = 5;
    /* Grey edges: the palest class is hardly darker than paper. */
    if (wide) pen.stroke();
  } else {
    pen.arc(side / 2, side / 2, 1.4, 0, 2 * Math.PI);
    pen.fill();
  }
  const pattern = /** @type {CanvasPattern} */ (brush.createPattern(tile, "repeat"));
  pattern.setTransform(new DOMMatrix().translate(-(left % side), -(top % side)).scale(1 / ratio));
  return pattern;
}

/**
 * A colour as the number that it is in an image.
 * @param {string} colour as `#RRGGBB`
 */
function pixelOf(colour) {
  const [red, green, blue] = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

export { brightness, fillOf, pixelOf, tintOf };
