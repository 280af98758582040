/* Paths of places and borders on canvas, from decoded shapes (shapes.js, shape_files.js).
 *
 * A span {shapes, from, to, at} is a range of places and the position of the first in the text of
 * classes; a piece {entry, from, to} is the same of a file, classes aside. A frame {scale, left,
 * top, box} is the part of the world that is painted (coverage_canvas.js).
 */
(function () {
  "use strict";
  const LEVELS = ["province", "regency", "subdistrict", "village"];
  const CODE_LENGTHS = [2, 5, 8, 13];
  /* Places of this many pixels have no hairline between them; of that many, a whole one. */
  const NO_HAIRLINE = 5, WHOLE_HAIRLINE = 22, HAIRLINE = 1.3;
  /* Rings of fewer pixels across get no line: around an islet there would be nothing else. */
  const LEAST_RING = 5;
  const FADED = 32;

  /* Style of a place in the text of classes, FADED added where the filters leave it out; below 0: not shown. */
  function letterAt(classes, at) {
    return classes.charCodeAt(at) - 48;
  }

  function related(a, b) {
    return a.startsWith(b) || b.startsWith(a);
  }

  function hairlineOf(side) {
    const width = Math.min(1, Math.max(0, (side - NO_HAIRLINE) / (WHOLE_HAIRLINE - NO_HAIRLINE)));
    return width < 0.15 ? 0 : width * HAIRLINE;
  }

  function inFrame({ boxes }, i, { box }) {
    return boxes[i * 4] <= box.east && boxes[i * 4 + 2] >= box.west && boxes[i * 4 + 1] <= box.south && boxes[i * 4 + 3] >= box.north;
  }

  function sideOf({ boxes }, i) {
    return Math.max(boxes[i * 4 + 2] - boxes[i * 4], boxes[i * 4 + 3] - boxes[i * 4 + 1]);
  }

  function pointOf({ pointX, pointY }, i, { scale, left, top }) {
    return [pointX[i] * scale - left, pointY[i] * scale - top];
  }

  /* How many places on the grid of `line` a pixel has: fewer leave out more vertices. */
  function stepsFor(side) {
    return side < NO_HAIRLINE ? 2 : 4;
  }

  /* Adds the places of a span to the path of their style, those of less than a pixel to the dots:
   * style, x and y of each. */
  function pathsOf(paths, dots, span, classes, frame, side) {
    const { shapes } = span, pixel = 1 / frame.scale, steps = stepsFor(side);
    for (let i = span.from, at = span.at; i < span.to; i++, at++) {
      const letter = letterAt(classes, at);
      if (letter < 0 || !inFrame(shapes, i, frame)) continue;
      if (!paths.has(letter)) paths.set(letter, new Path2D());
      if (sideOf(shapes, i) < pixel) dots.push([letter, ...pointOf(shapes, i, frame)]);
      else trace(paths.get(letter), shapes, i, frame, steps);
    }
  }

  /* For each place of some shapes a number for the place of a level above that it belongs to; of
   * no level all belong together. */
  function groupsOf(shapes, level) {
    shapes.groups = shapes.groups || {};
    if (!shapes.groups[level]) {
      const { codes } = shapes, length = CODE_LENGTHS[LEVELS.indexOf(level)] || 0, of = new Uint32Array(codes.length);
      for (let i = 1; i < codes.length; i++) {
        of[i] = of[i - 1] + (codes[i].slice(0, length) === codes[i - 1].slice(0, length) ? 0 : 1);
      }
      shapes.groups[level] = { of, count: of.length ? of[of.length - 1] + 1 : 0 };
    }
    return shapes.groups[level];
  }

  /* Borders of the places of a span that are shown, each once. */
  function bordersOf({ shapes, from, to, at }, classes, frame, side) {
    const path = new Path2D(), { left, right } = shapes.arcs, steps = stepsFor(side);
    const shown = (i) => i >= from && i < to && letterAt(classes, at + i - from) >= 0 && inFrame(shapes, i, frame);
    for (let a = 0; a < left.length; a++) {
      if (left[a] !== right[a] && (shown(left[a]) || shown(right[a]))) line(path, shapes.arcs, a, frame, steps);
    }
    return path;
  }

  /* Adds the borders between places of a level above to a path: those that an area looked at has
   * a side of, and those outside it. */
  function outlinePiece(inside, outside, { entry: { shapes }, from, to }, level, within, frame) {
    const { arcs, codes } = shapes, { of } = groupsOf(shapes, level);
    const seen = (i) => i >= from && i < to && inFrame(shapes, i, frame);
    const belongs = (i) => i >= 0 && codes[i].startsWith(within);
    arcs.left.forEach((left, a) => {
      const right = arcs.right[a];
      if ((right >= 0 && of[left] === of[right]) || !(seen(left) || seen(right)) || isSmallRing(arcs, a, frame)) return;
      line(belongs(left) || belongs(right) ? inside : outside, arcs, a, frame, 4);
    });
  }

  function isSmallRing(arcs, a, { scale }) {
    const { firstVertex, x, y } = arcs, first = firstVertex[a], end = firstVertex[a + 1];
    return x[first] === x[end - 1] && y[first] === y[end - 1] && across(arcs, first, end) * scale < LEAST_RING;
  }

  function tracePlaces(path, { entry: { shapes }, from, to }, wanted, frame) {
    for (let i = from; i < to; i++) {
      if (wanted(shapes.codes[i]) && inFrame(shapes, i, frame)) trace(path, shapes, i, frame, 8, LEAST_RING);
    }
  }

  /* Adds the rings of a place to a path, those of at least so many pixels across. */
  function trace(path, shapes, i, frame, steps, least = 0) {
    const { firstRing, firstVertex } = shapes;
    for (let r = firstRing[i]; r < firstRing[i + 1]; r++) {
      if (least && across(shapes, firstVertex[r], firstVertex[r + 1]) * frame.scale < least) continue;
      const [startX, startY] = line(path, shapes, r, frame, steps);
      /* Not closePath(): in Chromium it takes the longer the more the path holds. */
      path.lineTo(startX, startY);
    }
  }

  /* Adds a ring or an arc to a path; gives its beginning. Vertices are put on a grid of parts of a
   * pixel, the same for both neighbours of an edge, so that what is left out opens no gap between
   * them. */
  function line(path, { firstVertex, x, y }, which, { scale, left, top }, steps) {
    const stretch = scale * steps, west = left * steps, north = top * steps;
    const first = firstVertex[which], end = firstVertex[which + 1];
    let lastX = Math.round(x[first] * stretch - west), lastY = Math.round(y[first] * stretch - north);
    const start = [lastX / steps, lastY / steps];
    path.moveTo(start[0], start[1]);
    for (let v = first + 1; v < end; v++) {
      const px = Math.round(x[v] * stretch - west), py = Math.round(y[v] * stretch - north);
      if (px === lastX && py === lastY) continue;
      path.lineTo(px / steps, py / steps);
      lastX = px;
      lastY = py;
    }
    return start;
  }

  function across({ x, y }, first, end) {
    let west = Infinity, north = Infinity, east = -Infinity, south = -Infinity;
    for (let v = first; v < end; v++) {
      west = Math.min(west, x[v]);
      east = Math.max(east, x[v]);
      north = Math.min(north, y[v]);
      south = Math.max(south, y[v]);
    }
    return Math.max(east - west, south - north);
  }

  window.JangkauPaths = {
    CODE_LENGTHS, FADED, LEVELS, bordersOf, groupsOf, hairlineOf, letterAt, outlinePiece, pathsOf, pointOf, related, sideOf,
    trace, tracePlaces,
  };
})();
