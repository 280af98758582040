// @ts-check
/* Reads the shape files of geo/shapes/codec.py. */

/**
 * The borders of a file's places, each once, both ends among the vertices. The vertices of arc `a` are
 * `firstVertex[a]` to `firstVertex[a + 1] - 1`; positions are web Mercator, the whole world being 0 to
 * 1, y downwards. `left` and `right` are the places at the two sides, `right` -1 where there is none.
 * @typedef {{ firstVertex: Uint32Array, x: Float64Array, y: Float64Array, left: Int32Array, right: Int32Array }} Arcs
 */

/**
 * The places of a file, in the order of their codes. `firstRing[i]` is the first ring of place `i`,
 * `firstWalk[r]` the first walk of ring `r`, in the manner of `firstVertex`; `along` is the arc that a
 * walk goes along, -1 - arc for backwards. `boxes` has west, north, east and south of each place,
 * `pointX` and `pointY` a point inside it. Other modules add what they derive when first asked.
 * @typedef {object} Shapes
 * @property {string} level
 * @property {string[]} codes
 * @property {string[]} names
 * @property {Arcs} arcs
 * @property {Uint32Array} firstRing
 * @property {Uint32Array} firstWalk
 * @property {Int32Array} along
 * @property {Float64Array} boxes
 * @property {Float64Array} pointX
 * @property {Float64Array} pointY
 */

/** @typedef {{ level: string, codes: number[], names: string[], quantum: number, rings: number, walks: number, arcs: number, vertices: number }} Header */
/** @typedef {{ first: Uint32Array, x: Int32Array, y: Int32Array, along: Int32Array }} Walked */

/** @type {Record<string, number[]>} */
const DIGITS = { province: [2], regency: [2, 4], subdistrict: [2, 4, 6], village: [2, 4, 6, 10] };

/** Reads whole numbers, seven bits a byte, from the least significant. */
class Reader {
  /** @param {Uint8Array} bytes @param {number} at */
  constructor(bytes, at) {
    this.bytes = bytes;
    this.at = at;
  }

  /** @returns {number} */
  next() {
    let value = 0, factor = 1, byte;
    do {
      byte = this.bytes[this.at++];
      value += (byte & 127) * factor;
      factor *= 128;
    } while (byte & 128);
    return value;
  }

  /** @param {number} count */
  counts(count) {
    const values = new Uint32Array(count);
    for (let i = 0; i < count; i++) values[i] = this.next();
    return values;
  }

  /** Numbers of either sign. @param {number} count */
  steps(count) {
    const values = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const coded = this.next();
      values[i] = coded % 2 ? -(coded + 1) / 2 : coded / 2;
    }
    return values;
  }
}

/**
 * Where each of the groups begins, from their sizes.
 * @param {ArrayLike<number>} counts
 */
function startsOf(counts) {
  const starts = new Uint32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i++) starts[i + 1] = starts[i] + counts[i];
  return starts;
}

/**
 * The arc that a ring walks along, in whichever direction.
 * @param {number} walked
 */
function arcOf(walked) {
  return walked < 0 ? -1 - walked : walked;
}

/** @param {number} longitude */
function toX(longitude) {
  return longitude / 360 + 0.5;
}

/** @param {number} latitude */
function toY(latitude) {
  return 0.5 - Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360)) / (2 * Math.PI);
}

/**
 * Codes in order: most begin as the one before does.
 * @param {Header} header
 * @returns {string[]}
 */
function codesOf({ level, codes }) {
  const ends = DIGITS[level], own = 10 ** (ends[ends.length - 1] - (ends[ends.length - 2] || 0));
  let sum = 0, head = -1, beginning = "";
  return codes.map((step) => {
    sum += step;
    if (Math.floor(sum / own) !== head) {
      head = Math.floor(sum / own);
      const digits = String(head);
      beginning = ends.slice(0, -1).map((end, i) => `${digits.slice(ends[i - 1] || 0, end)}.`).join("");
    }
    return beginning + String(sum % own).padStart(String(own).length - 1, "0");
  });
}

/**
 * Walks along the rings: whole-number vertices of each arc, and along which arcs each ring
 * goes (its number; -1 - number for backwards).
 * @param {Uint32Array} walkCounts @param {Uint32Array} walks @param {Uint32Array} sizes
 * @param {Int32Array} dx @param {Int32Array} dy
 * @returns {Walked}
 */
function walkRings(walkCounts, walks, sizes, dx, dy) {
  const first = startsOf(sizes.map((size) => size + 2)), along = new Int32Array(walks.length);
  const x = new Int32Array(first[sizes.length]), y = new Int32Array(first[sizes.length]);
  let arcs = 0, told = 0, startX = 0, startY = 0, walk = 0;
  for (const count of walkCounts) {
    const end = walk + count, entrance = walks[walk] ? first[arcs - walks[walk] + 1] - 1 : -1;
    startX = entrance < 0 ? startX + dx[told] : x[entrance];
    startY = entrance < 0 ? startY + dy[told++] : y[entrance];
    let hereX = startX, hereY = startY;
    for (; walk < end; walk++) {
      if (walks[walk]) {
        along[walk] = walks[walk] - arcs - 1;
        hereX = x[first[arcs - walks[walk]]];
        hereY = y[first[arcs - walks[walk]]];
        continue;
      }
      along[walk] = arcs;
      let v = first[arcs++];
      x[v] = hereX;
      y[v] = hereY;
      for (const last = first[arcs] - 1; ++v < last; told++) {
        x[v] = hereX += dx[told];
        y[v] = hereY += dy[told];
      }
      const following = walk + 1 < end ? walks[walk + 1] : -1, known = following > 1 ? first[arcs - following + 1] - 1 : -1;
      if (following === 0 || following === 1) {
        hereX += dx[told];
        hereY += dy[told++];
      } else {
        hereX = known < 0 ? startX : x[known];
        hereY = known < 0 ? startY : y[known];
      }
      x[v] = hereX;
      y[v] = hereY;
    }
  }
  return { first, x, y, along };
}

/**
 * The places at the sides of each arc: of the ring that walks along it first, and of the second.
 * @param {Uint32Array} firstRing @param {Uint32Array} firstWalk @param {Int32Array} along @param {number} count
 */
function sidesOf(firstRing, firstWalk, along, count) {
  const left = new Int32Array(count), right = new Int32Array(count).fill(-1);
  for (let place = 0; place + 1 < firstRing.length; place++) {
    for (let walk = firstWalk[firstRing[place]], end = firstWalk[firstRing[place + 1]]; walk < end; walk++) {
      (along[walk] < 0 ? right : left)[arcOf(along[walk])] = place;
    }
  }
  return { left, right };
}

/**
 * West, south, east and north of each arc, in whole numbers.
 * @param {Walked} walked
 */
function boxesOf({ first, x, y }) {
  const boxes = new Int32Array((first.length - 1) * 4);
  for (let arc = 0; arc + 1 < first.length; arc++) {
    let v = first[arc], west = x[v], south = y[v], east = west, north = south;
    while (++v < first[arc + 1]) {
      if (x[v] < west) west = x[v];
      else if (x[v] > east) east = x[v];
      if (y[v] < south) south = y[v];
      else if (y[v] > north) north = y[v];
    }
    boxes[arc * 4] = west;
    boxes[arc * 4 + 1] = south;
    boxes[arc * 4 + 2] = east;
    boxes[arc * 4 + 3] = north;
  }
  return boxes;
}

/**
 * The box of each place, and a point inside it, told as so far from the middle of the box.
 * @param {Uint32Array} firstRing @param {Uint32Array} firstWalk @param {Walked} walked
 * @param {Int32Array} dx @param {Int32Array} dy @param {number} quantum
 */
function extentsOf(firstRing, firstWalk, walked, dx, dy, quantum) {
  const places = firstRing.length - 1, pointX = new Float64Array(places), pointY = new Float64Array(places);
  const ofArcs = boxesOf(walked), { along } = walked, boxes = new Float64Array(places * 4);
  for (let place = 0; place < places; place++) {
    let west = Infinity, south = Infinity, east = -Infinity, north = -Infinity;
    for (let walk = firstWalk[firstRing[place]], end = firstWalk[firstRing[place + 1]]; walk < end; walk++) {
      const box = arcOf(along[walk]) * 4;
      west = Math.min(west, ofArcs[box]);
      south = Math.min(south, ofArcs[box + 1]);
      east = Math.max(east, ofArcs[box + 2]);
      north = Math.max(north, ofArcs[box + 3]);
    }
    boxes[place * 4] = toX(west * quantum);
    boxes[place * 4 + 1] = toY(north * quantum);
    boxes[place * 4 + 2] = toX(east * quantum);
    boxes[place * 4 + 3] = toY(south * quantum);
    pointX[place] = toX((Math.floor((west + east) / 2) + dx[place]) * quantum);
    pointY[place] = toY((Math.floor((south + north) / 2) + dy[place]) * quantum);
  }
  return { boxes, pointX, pointY };
}

/**
 * Most latitudes of coarse shapes come many times: each is projected once, where they are few.
 * @param {Int32Array} steps @param {number} quantum @param {(degrees: number) => number} project
 */
function projected(steps, quantum, project) {
  const found = new Float64Array(steps.length);
  let least = Infinity, most = -Infinity;
  for (let i = 0; i < steps.length; i++) {
    if (steps[i] < least) least = steps[i];
    if (steps[i] > most) most = steps[i];
  }
  if (most - least > steps.length) {
    for (let i = 0; i < steps.length; i++) found[i] = project(steps[i] * quantum);
    return found;
  }
  const known = new Float64Array(most - least + 1).fill(NaN);
  for (let i = 0; i < steps.length; i++) {
    const at = steps[i] - least;
    if (Number.isNaN(known[at])) known[at] = project(steps[i] * quantum);
    found[i] = known[at];
  }
  return found;
}

/**
 * The places of an uncompressed file.
 * @param {ArrayBuffer} buffer
 * @returns {Shapes}
 */
function decode(buffer) {
  const bytes = new Uint8Array(buffer);
  const length = new DataView(buffer).getUint32(4, true);
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== "JKS2") throw new Error("not a shape file");
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const { level, names, quantum } = header, codes = codesOf(header), places = codes.length;
  const reader = new Reader(bytes, 8 + length);
  const firstRing = startsOf(reader.counts(places)), walkCounts = reader.counts(header.rings);
  const walks = reader.counts(header.walks), sizes = reader.counts(header.arcs);
  const dx = reader.steps(header.vertices), dy = reader.steps(header.vertices);
  const firstWalk = startsOf(walkCounts), walked = walkRings(walkCounts, walks, sizes, dx, dy);
  const arcs = {
    firstVertex: walked.first,
    x: projected(walked.x, quantum, toX),
    y: projected(walked.y, quantum, toY),
    ...sidesOf(firstRing, firstWalk, walked.along, header.arcs),
  };
  const extents = extentsOf(firstRing, firstWalk, walked, reader.steps(places), reader.steps(places), quantum);
  return { level, codes, names, arcs, firstRing, firstWalk, along: walked.along, ...extents };
}

export { arcOf, decode, toX, toY };
