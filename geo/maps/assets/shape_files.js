// @ts-check
/* The shape files of a map: which a view needs, fetched once a page, and what lies at a point.
 *
 * Positions are web Mercator, the whole world being 0 to 1, y downwards.
 */
import { arcOf, decode, toX, toY } from "./shapes.js";

/** @import { Shapes } from "./shapes.js" */
/** @typedef {{ west: number, north: number, east: number, south: number }} Box */
/** @typedef {{ size: number, cells: number[][] } & Box} Grid */
/** Shapes with what is derived from them: the mean side of a place's box, and a grid over the boxes. @typedef {Shapes & { meanSide: number, grid?: Grid }} MeasuredShapes */
/** A file: of an area, at a resolution; `offset` places of its level and resolution come before its own. @typedef {{ area: string, resolution: number, name: string, count: number, offset: number, box: Box, shapes?: MeasuredShapes, reading?: Promise<void> | null }} Entry */
/** A file that is there. @typedef {Entry & { shapes: MeasuredShapes }} LoadedEntry */
/** Places of a file that are to be painted. @typedef {{ entry: LoadedEntry, from: number, to: number }} Piece */
/** A range of places, and the position of the first in the text of classes. @typedef {{ shapes: MeasuredShapes, from: number, to: number, at: number }} Span */
/** A prefix of codes, and how many places have it. @typedef {[prefix: string, count: number]} Part */
/** @typedef {[area: string, resolution: number, name: string, count: number, box: [number, number, number, number]]} ListedFile */
/** The index that geo/shapes/store_builder.py writes. @typedef {{ resolutions: { min_zoom: number }[], levels: Record<string, { files: ListedFile[] }> }} Index */
/** Where the shapes are: the address of an index, whose files lie beside it, or an index of files inside the page. @typedef {{ url: string, index?: undefined } | { index: Index, url?: undefined }} Source */

/** @type {Map<string, Promise<Files>>} */
const opened = new Map();

/** @param {number} x @param {number} y */
function toLatLng(x, y) {
  return L.latLng((Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI, (x - 0.5) * 360);
}

/** @param {string} address */
async function fetchBuffer(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.arrayBuffer();
}

/** @param {Source} source @returns {Promise<Files>} */
function open(source) {
  if (source.index) return Promise.resolve(new Files(source.index, window.JangkauPage.read));
  const { url } = source;
  let reading = opened.get(url);
  if (!reading) {
    const folder = url.slice(0, url.lastIndexOf("/") + 1);
    reading = fetchBuffer(url)
      .then((buffer) => JSON.parse(new TextDecoder().decode(buffer)))
      .then((index) => new Files(index, (name) => fetchBuffer(folder + name)));
    reading.catch(() => opened.delete(url));
    opened.set(url, reading);
  }
  return reading;
}

class Files {
  /** @param {Index} index @param {(name: string) => Promise<ArrayBuffer>} read */
  constructor(index, read) {
    this.read = read;
    /** How many files are on their way. */
    this.reading = 0;
    this.leastZoom = index.resolutions.map((resolution) => resolution.min_zoom);
    /** @type {Record<string, Entry[]>} */
    this.entries = {};
    for (const [level, { files }] of Object.entries(index.levels)) this.entries[level] = files.map(entryOf);
    for (const entries of Object.values(this.entries)) number(entries);
  }

  /** @param {string} level @param {number | undefined} resolution */
  at(level, resolution) {
    return (this.entries[level] || []).filter((entry) => entry.resolution === resolution);
  }

  /**
   * The finest resolution of a level that is meant for the zoom; the coarsest there is below that.
   * @param {string} level @param {number} zoom
   */
  resolutionFor(level, zoom) {
    const known = [...new Set((this.entries[level] || []).map((entry) => entry.resolution))].sort();
    return known.filter((r) => this.leastZoom[r] <= zoom).pop() ?? known[0];
  }

  /**
   * Starts reading a file, unless it is there or on its way; `loaded` is told at the end.
   * @param {Entry} entry @param {() => void} loaded @param {(error: unknown) => void} failed
   */
  load(entry, loaded, failed) {
    if (entry.shapes) return;
    if (!entry.reading) {
      this.reading += 1;
      entry.reading = this.read(entry.name)
        .then((buffer) => { entry.shapes = withSide(decode(buffer)); })
        .finally(() => {
          entry.reading = null;
          this.reading -= 1;
        });
    }
    entry.reading.then(loaded, failed);
  }

  /**
   * What there is to paint of a level inside a box: files of the areas wanted, with the range of
   * their places to take. A file that is not there yet is asked for, and another resolution stands in for it; `areas` are
   * those of all the files, there or not.
   * @param {string} level @param {number} zoom @param {Box} box @param {(area: string) => boolean} isWanted
   * @param {() => void} loaded @param {(error: unknown) => void} failed
   * @returns {{ pieces: Piece[], areas: string[], complete: boolean }}
   */
  pieces(level, zoom, box, isWanted, loaded, failed) {
    const wanted = this.resolutionFor(level, zoom);
    const missing = [], areas = [];
    /** @type {Piece[]} */
    const pieces = [];
    for (const entry of this.at(level, wanted)) {
      if (!meets(entry.box, box) || !isWanted(entry.area)) continue;
      areas.push(entry.area);
      if (isLoaded(entry)) pieces.push({ entry, from: 0, to: entry.count });
      else missing.push(entry);
    }
    for (const entry of missing) {
      this.load(entry, loaded, failed);
      pieces.push(...this.standIns(level, wanted, entry.area));
    }
    return { pieces, areas, complete: !missing.length };
  }

  /** @param {string} level @param {number} wanted @param {string} area @returns {Piece[]} */
  standIns(level, wanted, area) {
    const others = this.leastZoom.map((_, r) => r).filter((r) => r !== wanted);
    others.sort((a, b) => (a < wanted) === (b < wanted) ? Math.abs(a - wanted) - Math.abs(b - wanted) : a - b);
    for (const resolution of others) {
      const there = this.at(level, resolution).filter(isLoaded).filter((e) => related(e.area, area));
      if (there.length) return there.map((entry) => ({ entry, ...rangeOf(entry, area) }));
    }
    return [];
  }

  /**
   * Ranges of a piece's places with the position of the first in the text that holds all parts,
   * a letter a place. A part is [prefix, count]; its places stand in the order of their codes.
   * @param {Piece} piece @param {Part[]} parts @returns {Span[]}
   */
  spans(piece, parts) {
    const found = [];
    let start = 0;
    for (const [prefix, count] of parts) {
      const { entry } = piece;
      if (related(prefix, entry.area)) {
        const { from, to } = rangeOf(entry, prefix);
        const before = this.countBefore(entry, prefix, count, to - from);
        const first = Math.max(from, piece.from), last = Math.min(to, piece.to);
        if (first < last) found.push({ shapes: entry.shapes, from: first, to: last, at: start + before + first - from });
      }
      start += count;
    }
    return found;
  }

  /**
   * Places of a part in the files before this one; shapes of other places must not take colours.
   * @param {LoadedEntry} entry @param {string} prefix @param {number} count @param {number} inFile
   */
  countBefore(entry, prefix, count, inFile) {
    if (!entry.area.startsWith(prefix)) {
      if (inFile !== count) throw new Error(`${entry.name}: ${inFile} places of ${prefix}, not ${count}`);
      return 0;
    }
    const inside = this.at(entry.shapes.level, entry.resolution).filter((e) => e.area.startsWith(prefix));
    const there = inside.reduce((sum, e) => sum + e.count, 0);
    if (there !== count) throw new Error(`${there} places of ${prefix || "all"}, not ${count}`);
    return entry.offset - Math.min(...inside.map((e) => e.offset));
  }
}

/** @param {ListedFile} listed @returns {Entry} */
function entryOf([area, resolution, name, count, [west, south, east, north]]) {
  return {
    area, resolution, name, count, offset: 0,
    box: { west: toX(west), north: toY(north), east: toX(east), south: toY(south) },
  };
}

/**
 * How many places of the same level and resolution come before a file's own, in code order.
 * @param {Entry[]} entries
 */
function number(entries) {
  /** @type {Record<number, number>} */
  const counted = {};
  for (const entry of [...entries].sort((a, b) => (a.area < b.area ? -1 : 1))) {
    entry.offset = counted[entry.resolution] || 0;
    counted[entry.resolution] = entry.offset + entry.count;
  }
}

/** @param {Entry} entry @returns {entry is LoadedEntry} */
function isLoaded(entry) {
  return Boolean(entry.shapes);
}

/** @param {Box} a @param {Box} b */
function meets(a, b) {
  return a.west <= b.east && a.east >= b.west && a.north <= b.south && a.south >= b.north;
}

/**
 * Whether one code begins with the other.
 * @param {string} a @param {string} b
 */
function related(a, b) {
  return a.startsWith(b) || b.startsWith(a);
}

/**
 * Where the places of an area stand in a file: all of them where the file is of a part of it.
 * @param {LoadedEntry} entry @param {string} prefix
 */
function rangeOf(entry, prefix) {
  if (entry.area.startsWith(prefix)) return { from: 0, to: entry.count };
  const { codes } = entry.shapes;
  return { from: lowerBound(codes, prefix), to: lowerBound(codes, `${prefix}~`) };
}

/**
 * How many of some codes, in order, come before a code.
 * @param {string[]} codes @param {string} code
 */
function lowerBound(codes, code) {
  let low = 0, high = codes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (codes[middle] < code) low = middle + 1; else high = middle;
  }
  return low;
}

/**
 * Adds the mean side of the places, of a square as large as the box.
 * @param {Shapes} shapes @returns {MeasuredShapes}
 */
function withSide(shapes) {
  const { boxes } = shapes, places = shapes.codes.length;
  let sides = 0;
  for (let b = 0; b < boxes.length; b += 4) sides += Math.sqrt((boxes[b + 2] - boxes[b]) * (boxes[b + 3] - boxes[b + 1]));
  return Object.assign(shapes, { meanSide: places ? sides / places : 0 });
}

/**
 * A grid over the boxes: for each cell the places whose box meets it. Made when first asked.
 * @param {MeasuredShapes} shapes @returns {Grid}
 */
function gridOf(shapes) {
  if (shapes.grid) return shapes.grid;
  const places = shapes.codes.length, { boxes } = shapes;
  /** @type {Grid} */
  const grid = { size: Math.ceil(Math.sqrt(places)), cells: [], west: Infinity, north: Infinity, east: -Infinity, south: -Infinity };
  for (let i = 0; i < places; i++) {
    grid.west = Math.min(grid.west, boxes[i * 4]);
    grid.north = Math.min(grid.north, boxes[i * 4 + 1]);
    grid.east = Math.max(grid.east, boxes[i * 4 + 2]);
    grid.south = Math.max(grid.south, boxes[i * 4 + 3]);
  }
  grid.cells = Array.from({ length: grid.size * grid.size }, () => []);
  for (let i = 0; i < places; i++) {
    const [west, north, east, south] = boxes.subarray(i * 4, i * 4 + 4);
    for (const cell of cellsOf(grid, west, north, east, south)) grid.cells[cell].push(i);
  }
  shapes.grid = grid;
  return grid;
}

/** @param {Grid} grid @param {number} west @param {number} north @param {number} east @param {number} south */
function cellsOf(grid, west, north, east, south) {
  const step = (/** @type {number} */ value, /** @type {number} */ low, /** @type {number} */ high) =>
    Math.min(grid.size - 1, Math.max(0, Math.floor(((value - low) / (high - low || 1)) * grid.size)));
  const cells = [];
  const last = step(east, grid.west, grid.east), bottom = step(south, grid.north, grid.south);
  for (let row = step(north, grid.north, grid.south); row <= bottom; row++) {
    for (let column = step(west, grid.west, grid.east); column <= last; column++) cells.push(row * grid.size + column);
  }
  return cells;
}

/**
 * Whether a point lies in a place, even-odd; and how far it is from its border.
 * @param {Shapes} shapes @param {number} i @param {number} px @param {number} py
 */
function lookAt({ arcs: { firstVertex, x, y }, firstRing, firstWalk, along }, i, px, py) {
  let inside = false, nearest = Infinity;
  for (let walk = firstWalk[firstRing[i]]; walk < firstWalk[firstRing[i + 1]]; walk++) {
    const arc = arcOf(along[walk]);
    for (let u = firstVertex[arc], v = u + 1; v < firstVertex[arc + 1]; u = v++) {
      if (y[v] > py !== y[u] > py && px < ((x[u] - x[v]) * (py - y[v])) / (y[u] - y[v]) + x[v]) inside = !inside;
      nearest = Math.min(nearest, distance(px, py, x[u], y[u], x[v], y[v]));
    }
  }
  return { inside, nearest };
}

/**
 * @param {number} px @param {number} py @param {number} ax @param {number} ay @param {number} bx @param {number} by
 */
function distance(px, py, ax, ay, bx, by) {
  const dx = bx - ax, dy = by - ay;
  const share = Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(ax + share * dx - px, ay + share * dy - py);
}

/**
 * The place of a span at a point, or the nearest within a tolerance: {i, nearest}; else null.
 * @param {Span} span @param {number} px @param {number} py @param {number} tolerance
 */
function find(span, px, py, tolerance) {
  const { shapes } = span, grid = gridOf(shapes);
  const outside = px < grid.west - tolerance || px > grid.east + tolerance ||
    py < grid.north - tolerance || py > grid.south + tolerance;
  if (outside) return null;
  /** @type {{ i: number, nearest: number } | null} */
  let best = null;
  const seen = new Set();
  for (const cell of cellsOf(grid, px - tolerance, py - tolerance, px + tolerance, py + tolerance)) {
    for (const i of grid.cells[cell]) {
      if (i < span.from || i >= span.to || seen.has(i)) continue;
      seen.add(i);
      const { inside, nearest } = lookAt(shapes, i, px, py);
      if (inside) return { i, nearest: 0 };
      if (nearest <= tolerance && (!best || nearest < best.nearest)) best = { i, nearest };
    }
  }
  return best;
}

export { Files, find, lowerBound, open, related, toLatLng };
