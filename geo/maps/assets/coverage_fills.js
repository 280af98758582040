// @ts-check
/* What the places of a view are filled with: colours, and hatching that stays with the map. */
import { FADED } from "./view.js";

/** @import { Frame } from "./coverage_paths.js" */
/** @import { View } from "./view.js" */

const HATCH = "#A9A69D", PAPER = "#FBFAF7", INK = "#1F2933";
/* Pixels from one mark to the next. */
const MARK_SIDE = 14;

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
 * Marks of where eligible workers are from, over the fill of a place, which shows between them: lines of
 * ink for what is estimated, broken ones for what is partly, dots for what is of another source. Paper
 * around the ink parts it from dark fills. As `hatch`, they stay where they are on the map.
 * @param {CanvasRenderingContext2D} brush @param {number} letter @param {Frame} frame
 */
function markOf(brush, letter, { left, top, ratio }) {
  const side = MARK_SIDE, tile = document.createElement("canvas");
  tile.width = tile.height = side * ratio;
  const pen = /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d"));
  pen.scale(ratio, ratio);
  MARKS[letter](pen, side);
  const pattern = /** @type {CanvasPattern} */ (brush.createPattern(tile, "repeat"));
  pattern.setTransform(new DOMMatrix().translate(-(left % side), -(top % side)).scale(1 / ratio));
  return pattern;
}

/** Lines the other way than those of `hatch`. @param {CanvasRenderingContext2D} pen @param {number} side */
function markLines(pen, side) {
  for (const shift of [-side, 0, side]) {
    pen.moveTo(shift - 1, -1);
    pen.lineTo(shift + side + 1, side + 1);
  }
  strokeMark(pen);
}

/** @param {CanvasRenderingContext2D} pen @param {number} side */
function markDashes(pen, side) {
  pen.moveTo(side * 0.2, side * 0.2);
  pen.lineTo(side * 0.65, side * 0.65);
  strokeMark(pen);
}

/** @param {CanvasRenderingContext2D} pen @param {number} side */
function markDots(pen, side) {
  for (const [radius, colour] of /** @type {const} */ ([[2.4, PAPER], [1.4, INK]])) {
    pen.beginPath();
    pen.fillStyle = colour;
    pen.arc(side / 2, side / 2, radius, 0, 2 * Math.PI);
    pen.fill();
  }
}

/** @param {CanvasRenderingContext2D} pen */
function strokeMark(pen) {
  /* Thin and half clear: the class is read first, then the mark. */
  for (const [width, colour, opacity] of /** @type {const} */ ([[2.2, PAPER, 0.6], [0.9, INK, 0.7]])) {
    pen.lineWidth = width;
    pen.strokeStyle = colour;
    pen.globalAlpha = opacity;
    pen.stroke();
  }
}

/**
 * A colour as the number that it is in an image.
 * @param {string} colour as `#RRGGBB`
 */
function pixelOf(colour) {
  const [red, green, blue] = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/* In the order of geo/measures/origins.py: estimated, partly estimated, of another source. */
const MARKS = [markLines, markDashes, markDots];

export { brightness, fillOf, markOf, pixelOf, tintOf };
