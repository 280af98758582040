// @ts-check
/* Paths of places and borders on canvas, from decoded shapes (shapes.js, shape_files.js). */
import { lowerBound } from "./shape_files.js";
import { arcOf } from "./shapes.js";
import { CODE_LENGTHS, LEVELS, letterAt } from "./view.js";

/** @import { Arcs, Shapes } from "./shapes.js" */
/** @import { Box, Piece, Span } from "./shape_files.js" */
/**
 * The part of the world that is painted: `scale` pixels are the whole world, `left` and `top` of them lie
 * before the canvas; `ratio` is the screen's pixels for one, `mapWidth` the width of what is seen.
 * @typedef {object} Frame
 * @property {number} zoom
 * @property {number} scale
 * @property {number} left
 * @property {number} top
 * @property {number} width
 * @property {number} height
 * @property {number} ratio
 * @property {number} mapWidth
 * @property {Box} box
 */
/** For each place the number of the larger one it belongs to, and how many there are of those. @typedef {{ of: Uint32Array, count: number }} Groups */

/* Places of this many pixels have no hairline between them; of that many, a whole one, which is
 * a pixel of the screen: wider lines take ten times as long. */
const NO_HAIRLINE = 5, WHOLE_HAIRLINE = 22;
/* Rings of fewer pixels across get no line: around an islet there would be nothing else. */
const LEAST_RING = 5;
/** @type {WeakMap<Shapes, Record<string, Groups>>} */
const grouped = new WeakMap();
/** @type {WeakMap<Shapes, number[]>} */
const surrounded = new WeakMap();

/**
 * Width of the line between places of so many pixels.
 * @param {number} side
 */
function hairlineOf(side) {
  const width = Math.min(1, Math.max(0, (side - NO_HAIRLINE) / (WHOLE_HAIRLINE - NO_HAIRLINE)));
  return width < 0.15 ? 0 : width;
}

/** @param {Shapes} shapes @param {number} i @param {Frame} frame */
function inFrame({ boxes }, i, { box }) {
  return boxes[i * 4] <= box.east && boxes[i * 4 + 2] >= box.west && boxes[i * 4 + 1] <= box.south && boxes[i * 4 + 3] >= box.north;
}

/** @param {Shapes} shapes @param {number} i */
function sideOf({ boxes }, i) {
  return Math.max(boxes[i * 4 + 2] - boxes[i * 4], boxes[i * 4 + 3] - boxes[i * 4 + 1]);
}

/** @param {Shapes} shapes @param {number} i @param {Frame} frame */
function isDot(shapes, i, { scale }) {
  return sideOf(shapes, i) * scale < 1;
}

/** @param {Shapes} shapes @param {number} i @param {Frame} frame @returns {[x: number, y: number]} */
function pointOf({ pointX, pointY }, i, { scale, left, top }) {
  return [pointX[i] * scale - left, pointY[i] * scale - top];
}

/**
 * How many places on the grid of `line` a pixel has: fewer leave out more vertices.
 * @param {number} side
 */
function stepsFor(side) {
  return side < NO_HAIRLINE ? 2 : 4;
}

/**
 * Adds the places of a span to the path of their style, those of less than a pixel to the dots:
 * style, x and y of each, one after the other.
 * @param {Map<number, Path2D>} paths @param {number[]} dots @param {Span} span @param {string} classes
 * @param {Frame} frame @param {number} side
 */
function pathsOf(paths, dots, span, classes, frame, side) {
  const { shapes } = span, steps = stepsFor(side);
  for (let i = span.from, at = span.at; i < span.to; i++, at++) {
    const letter = letterAt(classes, at);
    if (letter < 0 || !inFrame(shapes, i, frame)) continue;
    const path = paths.get(letter) ?? new Path2D();
    paths.set(letter, path);
    if (isDot(shapes, i, frame)) dots.push(letter, ...pointOf(shapes, i, frame));
    else trace(path, shapes, i, frame, steps);
  }
}

/**
 * For each place of some shapes a number for the place of a level above that it belongs to; of
 * no level all belong together.
 * @param {Shapes} shapes @param {string} level @returns {Groups}
 */
function groupsOf(shapes, level) {
  const known = grouped.get(shapes) ?? {};
  grouped.set(shapes, known);
  if (!known[level]) {
    const { codes } = shapes, length = CODE_LENGTHS[LEVELS.indexOf(level)] || 0, of = new Uint32Array(codes.length);
    let count = 0;
    for (let i = 0; i < codes.length; count++) {
      const end = lowerBound(codes, `${codes[i].slice(0, length)}~`);
      of.fill(count, i, end);
      i = Math.max(end, i + 1);
    }
    known[level] = { of, count };
  }
  return known[level];
}

/**
 * Adds the area that the places of a span cover: around all of a file, if all are shown, as
 * neighbours in one path let the ground shine through where they meet; else each place.
 * @param {Path2D} path @param {Span} span @param {string} classes @param {Frame} frame @param {number} side
 */
function patchOf(path, { shapes, from, to, at }, classes, frame, side) {
  const steps = stepsFor(side);
  if (to - from === shapes.codes.length && !classes.slice(at, at + to - from).includes(" ")) {
    let last = -1;
    for (const a of aroundOf(shapes)) {
      line(path, shapes.arcs, a, frame, steps, last >= 0 && meet(shapes.arcs, last, a));
      last = a;
    }
    return;
  }
  for (let i = from; i < to; i++) {
    const painted = letterAt(classes, at + i - from) >= 0 && inFrame(shapes, i, frame) && !isDot(shapes, i, frame);
    if (painted) trace(path, shapes, i, frame, steps);
  }
}

/**
 * The arcs around all places of some shapes, ring after ring.
 * @param {Shapes} shapes
 */
function aroundOf(shapes) {
  const known = surrounded.get(shapes);
  if (known) return known;
  const { firstVertex, x, y, left, right } = shapes.arcs, starting = new Map();
  /* A step of the finest grid is some of these. */
  const nodeOf = (/** @type {number} */ v) => Math.round(x[v] * 2 ** 26) * 2 ** 26 + Math.round(y[v] * 2 ** 26);
  for (let a = 0; a < left.length; a++) {
    if (right[a] >= 0) continue;
    const node = nodeOf(firstVertex[a]);
    if (starting.has(node)) starting.get(node).push(a);
    else starting.set(node, [a]);
  }
  /** @type {number[]} */
  const around = [];
  surrounded.set(shapes, around);
  for (const arcs of starting.values()) {
    for (let a = arcs.pop(); a !== undefined; a = starting.get(nodeOf(firstVertex[a + 1] - 1)).pop()) around.push(a);
  }
  return around;
}

/**
 * Borders of the places of a span that are shown, each once.
 * @param {Span} span @param {string} classes @param {Frame} frame @param {number} side
 */
function bordersOf({ shapes, from, to, at }, classes, frame, side) {
  const path = new Path2D(), { left, right } = shapes.arcs, steps = stepsFor(side);
  const shown = (/** @type {number} */ i) => i >= from && i < to && letterAt(classes, at + i - from) >= 0 && inFrame(shapes, i, frame);
  for (let a = 0; a < left.length; a++) {
    if (left[a] !== right[a] && (shown(left[a]) || shown(right[a]))) line(path, shapes.arcs, a, frame, steps, false);
  }
  return path;
}

/**
 * Adds the borders between places of a level above to a path: those that an area looked at has
 * a side of, and those outside it.
 * @param {Path2D} inside @param {Path2D} outside @param {Piece} piece @param {string} level
 * @param {string} within @param {Frame} frame
 */
function outlinePiece(inside, outside, { entry: { shapes }, from, to }, level, within, frame) {
  const { arcs, codes } = shapes, { of } = groupsOf(shapes, level);
  const seen = (/** @type {number} */ i) => i >= from && i < to && inFrame(shapes, i, frame);
  const belongs = (/** @type {number} */ i) => i >= 0 && codes[i].startsWith(within);
  arcs.left.forEach((left, a) => {
    const right = arcs.right[a];
    if ((right >= 0 && of[left] === of[right]) || !(seen(left) || seen(right)) || isSmallRing(arcs, a, frame)) return;
    line(belongs(left) || belongs(right) ? inside : outside, arcs, a, frame, 4, false);
  });
}

/**
 * Whether an arc begins where another ends.
 * @param {Arcs} arcs @param {number} before @param {number} a
 */
function meet({ firstVertex, x, y }, before, a) {
  const end = firstVertex[before + 1] - 1, first = firstVertex[a];
  return x[end] === x[first] && y[end] === y[first];
}

/** @param {Arcs} arcs @param {number} a @param {Frame} frame */
function isSmallRing(arcs, a, { scale }) {
  return meet(arcs, a, a) && across(arcs, [a]) * scale < LEAST_RING;
}

/** @param {Path2D} path @param {Piece} piece @param {(code: string) => boolean} wanted @param {Frame} frame */
function tracePlaces(path, { entry: { shapes }, from, to }, wanted, frame) {
  for (let i = from; i < to; i++) {
    if (wanted(shapes.codes[i]) && inFrame(shapes, i, frame)) trace(path, shapes, i, frame, 8, LEAST_RING);
  }
}

/**
 * Adds the rings of a place to a path, those of at least so many pixels across.
 * @param {Path2D} path @param {Shapes} shapes @param {number} i @param {Frame} frame @param {number} steps
 */
function trace(path, { arcs, firstRing, firstWalk, along }, i, frame, steps, least = 0) {
  for (let r = firstRing[i]; r < firstRing[i + 1]; r++) {
    const first = firstWalk[r], end = firstWalk[r + 1];
    if (least && across(arcs, along.subarray(first, end)) * frame.scale < least) continue;
    /* Closed by its vertices, not closePath(): in Chromium it takes the longer the more the path holds. */
    for (let walk = first; walk < end; walk++) line(path, arcs, along[walk], frame, steps, walk > first);
  }
}

/**
 * Adds an arc to a path (-1 - its number: backwards), `joined` to the one before. Vertices are put
 * on a grid of parts of a pixel, the same for both neighbours of an edge, so that what is left out
 * opens no gap between them.
 * @param {Path2D} path @param {Arcs} arcs @param {number} walked @param {Frame} frame @param {number} steps
 * @param {boolean} joined
 */
function line(path, { firstVertex, x, y }, walked, { scale, left, top }, steps, joined) {
  const stretch = scale * steps, west = left * steps, north = top * steps;
  const arc = arcOf(walked), count = firstVertex[arc + 1] - firstVertex[arc], step = walked < 0 ? -1 : 1;
  let v = walked < 0 ? firstVertex[arc + 1] - 1 : firstVertex[arc];
  let lastX = Math.round(x[v] * stretch - west), lastY = Math.round(y[v] * stretch - north);
  if (!joined) path.moveTo(lastX / steps, lastY / steps);
  for (let more = count - 1; more > 0; more--) {
    v += step;
    const px = Math.round(x[v] * stretch - west), py = Math.round(y[v] * stretch - north);
    if (px === lastX && py === lastY) continue;
    path.lineTo(px / steps, py / steps);
    lastX = px;
    lastY = py;
  }
}

/**
 * The larger side of the box around arcs walked along.
 * @param {Arcs} arcs @param {Iterable<number>} walks
 */
function across({ firstVertex, x, y }, walks) {
  let west = Infinity, north = Infinity, east = -Infinity, south = -Infinity;
  for (const walked of walks) {
    const arc = arcOf(walked);
    for (let v = firstVertex[arc]; v < firstVertex[arc + 1]; v++) {
      west = Math.min(west, x[v]);
      east = Math.max(east, x[v]);
      north = Math.min(north, y[v]);
      south = Math.max(south, y[v]);
    }
  }
  return Math.max(east - west, south - north);
}

export { bordersOf, groupsOf, hairlineOf, outlinePiece, patchOf, pathsOf, pointOf, sideOf, trace, tracePlaces };
