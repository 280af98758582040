// @ts-check
/* Paints a scene on canvas: fills with hairlines, lines with circles, the place under the pointer. */
import { brightness, fillOf, markOf, pixelOf, tintOf } from "./coverage_fills.js";
import { bordersOf, groupsOf, hairlineOf, outlinePiece, patchOf, pathsOf, pointOf, sideOf, trace, tracePlaces } from "./coverage_paths.js";
import { related } from "./shape_files.js";
import { CODE_LENGTHS, FADED, LEVELS, circleScale, letterAt, radiusAt } from "./view.js";

/** @import { Piece, Span } from "./shape_files.js" */
/** @import { Shapes } from "./shapes.js" */
/** @import { Frame } from "./coverage_paths.js" */
/** @import { Theme } from "./theme.js" */
/** @import { View } from "./view.js" */
/** @typedef {CanvasRenderingContext2D} Brush */
/** Pieces of a level that are there, and the areas of all its files, there or not. @typedef {{ pieces: Piece[], areas: string[], complete: boolean }} Drawn */
/** @typedef {(level: string, wanted: (area: string) => boolean) => Drawn} PiecesOf */
/** A view in a frame: what of it is there, and how more of it is asked for. @typedef {{ view: View, theme: Theme, frame: Frame, drawn: Drawn, spans: Span[], piecesOf: PiecesOf }} Scene */
/** A place at a point of the map. @typedef {{ span: Span, i: number, at: number, nearest: number }} Hit */
/** A span to fill: the side of its places in pixels, the width of the line between them. @typedef {{ span: Span, side: number, hairline: number }} Job */

const INK = "#1F2933", ACCENT = "#0F766E", PAPER = "#FBFAF7";
/* Of a circle: opacity of its paper fill, widths of its outline and of the paper ring around that. */
const CIRCLE_OPACITY = 0.55, OUTLINE = 1.2, RING = 3.2;
const COAST = "";
/* A level above is drawn as lines where its places are this many pixels wide. */
const LEAST_OUTLINED = 28;
/* A line between two fills of at least so many pixels of the screen hides that the ground shines through there. */
const HIDING = 1;

/** @param {Brush} brush @param {Scene} scene */
function paintFills(brush, { view, theme, frame, spans }) {
  /** @type {Job[]} */
  const jobs = [];
  /** @type {Map<number, Path2D>} */
  const paths = new Map();
  /** @type {number[]} */
  const dots = [];
  for (const span of spans) {
    const side = span.shapes.meanSide * frame.scale;
    jobs.push({ span, side, hairline: hairlineOf(side) });
    pathsOf(paths, dots, span, view.classes, frame, side);
  }
  const letters = [...paths.keys()].sort((a, b) => brightness(fillOf(view, b)) - brightness(fillOf(view, a)));
  if (dots.length) paintDots(brush, dots, view, frame);
  if (letters.length && jobs.some(({ hairline }) => hairline < HIDING)) {
    brush.globalCompositeOperation = "destination-over";
    brush.fillStyle = fillOf(view, letters[letters.length >> 1]);
    brush.fill(groundOf(jobs, view, frame));
    brush.globalCompositeOperation = "source-over";
  }
  for (const letter of letters) {
    brush.fillStyle = tintOf(brush, view, letter, frame);
    brush.fill(/** @type {Path2D} */ (paths.get(letter)), "evenodd");
  }
  if (view.marks) paintMarks(brush, jobs, view, frame);
  brush.strokeStyle = theme.hairline;
  for (const { span, side, hairline } of jobs) {
    if (hairline) strokePath(brush, bordersOf(span, view.classes, frame, side), hairline / frame.ratio);
  }
}

/**
 * Marks over the fills of places whose eligible workers are from elsewhere than those of others.
 * @param {Brush} brush @param {Job[]} jobs @param {View} view @param {Frame} frame
 */
function paintMarks(brush, jobs, view, frame) {
  /** @type {Map<number, Path2D>} */
  const paths = new Map();
  for (const { span, side } of jobs) pathsOf(paths, [], span, view.marks, frame, side);
  for (const [letter, path] of paths) {
    brush.fillStyle = markOf(brush, letter, frame);
    brush.fill(path, "evenodd");
  }
}

/**
 * Beneath the fills of each style a tone between theirs, which shines through where neighbours meet.
 * @param {Job[]} jobs @param {View} view @param {Frame} frame
 */
function groundOf(jobs, view, frame) {
  const path = new Path2D();
  for (const { span, side } of jobs) patchOf(path, span, view.classes, frame, side);
  return path;
}

/**
 * Places of less than a pixel, as pixels: a path of so many squares takes many times as long. Of
 * several in one the last stays, of whichever style.
 * @param {Brush} brush @param {number[]} dots @param {View} view @param {Frame} frame
 */
function paintDots(brush, dots, view, { ratio }) {
  const size = Math.ceil(ratio), { width, height } = brush.canvas;
  const image = brush.createImageData(width, height), pixels = new Uint32Array(image.data.buffer);
  /** @type {number[]} */
  const colours = [];
  for (let i = 0; i < dots.length; i += 3) {
    const letter = dots[i], left = Math.floor(dots[i + 1] * ratio), top = Math.floor(dots[i + 2] * ratio);
    if (left < 0 || top < 0 || left + size > width) continue;
    const colour = (colours[letter] = colours[letter] || pixelOf(fillOf(view, letter)));
    for (let row = top; row < top + size; row++) pixels.fill(colour, row * width + left, row * width + left + size);
  }
  brush.putImageData(image, 0, 0);
}

/**
 * Borders of the level above, or of the one above that where its places are too small to part; of the
 * country as a whole, the coast. Says whether all shapes for it are there.
 * @param {Brush} brush @param {Scene} scene
 */
function paintLines(brush, scene) {
  const above = [COAST, ...LEVELS].slice(0, LEVELS.indexOf(scene.view.level) + 1).reverse();
  const levels = above.map((level) => ({ level, side: sideAbove(level, scene) }));
  const line = levels.find(({ level, side }) => level === COAST || side >= LEAST_OUTLINED) ?? levels[levels.length - 1];
  const outlined = outline(brush, line, scene);
  paintCircles(brush, scene);
  paintBasket(brush, scene);
  return paintSelected(brush, scene) && outlined;
}

/**
 * How many pixels a place of a level above measures, from what is drawn and how many there are.
 * @param {string} level @param {Scene} scene
 */
function sideAbove(level, { frame, spans }) {
  let places = 0, groups = 0, sides = 0;
  for (const { shapes } of spans) {
    places += shapes.codes.length;
    groups += groupsOf(shapes, level).count;
    sides += shapes.meanSide * shapes.codes.length;
  }
  return places ? (sides / places) * frame.scale * Math.sqrt(places / groups) : 0;
}

/**
 * Lines where the places drawn belong to different ones of a level above; around the area looked
 * at, where no place is drawn, its neighbours' own shapes, no finer than itself.
 * @param {Brush} brush @param {{ level: string, side: number }} line @param {Scene} scene
 */
function outline(brush, { level, side }, { drawn, frame, piecesOf, theme, view }) {
  const inside = new Path2D(), outside = new Path2D(), own = CODE_LENGTHS.indexOf(view.within.length);
  for (const piece of drawn.pieces) outlinePiece(inside, outside, piece, level, view.within, frame);
  const around = piecesOf(LEVELS[Math.max(Math.min(LEVELS.indexOf(level), own), 0)], outsideOf(view.within, drawn));
  for (const piece of around.pieces) tracePlaces(outside, piece, (code) => !code.startsWith(view.within), frame);
  const weight = level === COAST ? 0.6 : Math.max(0.6, Math.min(1.4, side / 40));
  brush.strokeStyle = theme.around;
  brush.globalAlpha = 0.6;
  strokePath(brush, outside, Math.min(weight, 1));
  brush.strokeStyle = theme.line;
  brush.globalAlpha = 0.75;
  strokePath(brush, inside, weight * theme.weight);
  brush.globalAlpha = 1;
  return around.complete;
}

/** @param {Brush} brush @param {Scene} scene */
function paintCircles(brush, { view, frame, spans }) {
  if (!view.circles) return;
  const circles = [], scale = circleScale(frame.mapWidth);
  for (const span of spans) {
    for (let i = span.from; i < span.to; i++) {
      const at = span.at + i - span.from, radius = scale * radiusAt(view, at), [x, y] = pointOf(span.shapes, i, frame);
      if (radius && letterAt(view.classes, at) < FADED) circles.push({ x, y, radius });
    }
  }
  circles.sort((a, b) => b.radius - a.radius);
  brush.fillStyle = PAPER;
  for (const { x, y, radius } of circles) {
    const path = new Path2D();
    path.arc(x, y, radius, 0, 2 * Math.PI);
    brush.strokeStyle = PAPER;
    strokePath(brush, path, RING);
    brush.globalCompositeOperation = "destination-out";
    brush.fill(path);
    brush.globalCompositeOperation = "source-over";
    brush.globalAlpha = CIRCLE_OPACITY;
    brush.fill(path);
    brush.globalAlpha = 1;
    brush.strokeStyle = INK;
    strokePath(brush, path, OUTLINE);
  }
}

/** The places chosen one by one, each with an outline. @param {Brush} brush @param {Scene} scene */
function paintBasket(brush, { view: { basket }, frame, spans }) {
  const path = new Path2D();
  for (const { shapes, from, to, at } of spans) {
    for (const place of basket) {
      const i = from + place - at;
      if (i < from || i >= to) continue;
      trace(path, shapes, i, frame, 8);
      ringAround(path, shapes, i, frame);
    }
  }
  brush.strokeStyle = PAPER;
  strokePath(brush, path, 4.5);
  brush.strokeStyle = ACCENT;
  strokePath(brush, path, 2.5);
}

/**
 * A place of a few pixels would vanish under its own line: it gets a ring around it.
 * @param {Path2D} path @param {Shapes} shapes @param {number} i @param {Frame} frame
 */
function ringAround(path, shapes, i, frame) {
  if (sideOf(shapes, i) * frame.scale >= 8) return;
  const [x, y] = pointOf(shapes, i, frame);
  path.moveTo(x + 7, y);
  path.ellipse(x, y, 7, 7, 0, 0, 2 * Math.PI);
}

/** The place singled out; says whether its shape is there. @param {Brush} brush @param {Scene} scene */
function paintSelected(brush, { frame, piecesOf, view: { selected } }) {
  if (!selected) return true;
  const { pieces, complete } = piecesOf(LEVELS[CODE_LENGTHS.indexOf(selected.length)], (area) => related(selected, area));
  for (const { entry: { shapes } } of pieces) {
    const i = shapes.codes.indexOf(selected);
    if (i < 0) continue;
    const path = new Path2D();
    trace(path, shapes, i, frame, 8);
    ringAround(path, shapes, i, frame);
    brush.strokeStyle = PAPER;
    strokePath(brush, path, 6);
    brush.strokeStyle = ACCENT;
    strokePath(brush, path, 4);
  }
  return complete;
}

/** @param {Brush} brush @param {Frame} frame @param {Hit} place */
function paintPointed(brush, frame, { span, i }) {
  const path = new Path2D();
  trace(path, span.shapes, i, frame, 8);
  brush.strokeStyle = INK;
  strokePath(brush, path, 2.5);
}

/**
 * Whether a file is of what lies around an area of which these are drawn.
 * @param {string} within @param {Drawn} drawn @returns {(area: string) => boolean}
 */
function outsideOf(within, drawn) {
  return (area) => !area.startsWith(within) && !drawn.areas.some((of) => area.startsWith(of));
}

/** @param {Brush} brush @param {Path2D} path @param {number} width */
function strokePath(brush, path, width) {
  brush.lineWidth = width;
  brush.stroke(path);
}

export { outsideOf, paintFills, paintLines, paintPointed };
