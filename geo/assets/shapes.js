/* Reads the shape files of geo/shape_store/codec.py. Plain JavaScript, no build step.
 *
 * JangkauShapes.decode(buffer) gives the places of an uncompressed file:
 *   level, codes, names   of the places, in the order of their codes
 *   firstRing             Uint32Array(places + 1): the rings of place i are firstRing[i] … firstRing[i + 1] - 1
 *   firstVertex           Uint32Array(rings + 1): the same for the vertices of a ring
 *   x, y                  Float64Array(vertices): web Mercator, the whole world being 0 … 1, y downwards
 *   pointX, pointY        Float64Array(places): a point inside each place, in the same way
 *   arcs                  borders, each once: {firstVertex, x, y, left, right}, both ends among the vertices;
 *                         Int32Array(arcs) left, right: the places at its two sides, right -1 where there is none
 */
(function () {
  "use strict";
  const DIGITS = { province: [2], regency: [2, 4], subdistrict: [2, 4, 6], village: [2, 4, 6, 10] };

  function Reader(bytes, at) {
    this.bytes = bytes;
    this.at = at;
  }

  Reader.prototype.next = function () {
    let value = 0, factor = 1, byte;
    do {
      byte = this.bytes[this.at++];
      value += (byte & 127) * factor;
      factor *= 128;
    } while (byte & 128);
    return value;
  };

  Reader.prototype.counts = function (count) {
    const found = new Uint32Array(count);
    for (let i = 0; i < count; i++) found[i] = this.next();
    return found;
  };

  Reader.prototype.steps = function (count) {
    const found = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const coded = this.next();
      found[i] = coded % 2 ? -(coded + 1) / 2 : coded / 2;
    }
    return found;
  };

  /* Where each of the groups begins, from their sizes. */
  function startsOf(counts) {
    const starts = new Uint32Array(counts.length + 1);
    for (let i = 0; i < counts.length; i++) starts[i + 1] = starts[i] + counts[i];
    return starts;
  }

  function toX(longitude) {
    return longitude / 360 + 0.5;
  }

  function toY(latitude) {
    return 0.5 - Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360)) / (2 * Math.PI);
  }

  /* Codes in order: most begin as the one before does. */
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

  /* Walks along the rings: whole-number vertices of each arc, and along which arcs each ring
   * goes (its number; -1 - number for backwards). */
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

  /* The vertices of each ring, from those of its arcs. */
  function ringsOf(walkCounts, along, arcs) {
    const sizes = new Uint32Array(walkCounts.length);
    const lengthOf = (arc) => arcs.firstVertex[arc + 1] - arcs.firstVertex[arc] - 1;
    let walk = 0;
    for (let r = 0; r < sizes.length; r++) {
      for (const end = walk + walkCounts[r]; walk < end; walk++) sizes[r] += lengthOf(along[walk] < 0 ? -1 - along[walk] : along[walk]);
    }
    const firstVertex = startsOf(sizes), count = firstVertex[sizes.length];
    const x = new Float64Array(count), y = new Float64Array(count);
    let at = 0;
    for (const walked of along) {
      const arc = walked < 0 ? -1 - walked : walked, length = lengthOf(arc);
      const step = walked < 0 ? -1 : 1;
      let v = walked < 0 ? arcs.firstVertex[arc + 1] - 1 : arcs.firstVertex[arc];
      for (const end = at + length; at < end; at++, v += step) {
        x[at] = arcs.x[v];
        y[at] = arcs.y[v];
      }
    }
    return { firstVertex, x, y };
  }

  /* The places at the sides of each arc: of the ring that walks along it first, and of the second. */
  function sidesOf(firstRing, walkCounts, along, count) {
    const left = new Int32Array(count), right = new Int32Array(count).fill(-1);
    let walk = 0;
    for (let place = 0; place + 1 < firstRing.length; place++) {
      for (let r = firstRing[place]; r < firstRing[place + 1]; r++) {
        for (const end = walk + walkCounts[r]; walk < end; walk++) {
          if (along[walk] < 0) right[-1 - along[walk]] = place;
          else left[along[walk]] = place;
        }
      }
    }
    return { left, right };
  }

  /* West, south, east and north of each arc, in whole numbers. */
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

  /* A point inside each place: so far from the middle of its box. */
  function pointsOf(firstRing, walkCounts, walked, dx, dy, quantum) {
    const places = firstRing.length - 1, pointX = new Float64Array(places), pointY = new Float64Array(places);
    const boxes = boxesOf(walked), { along } = walked;
    let walk = 0;
    for (let place = 0; place < places; place++) {
      let west = Infinity, south = Infinity, east = -Infinity, north = -Infinity;
      for (let r = firstRing[place]; r < firstRing[place + 1]; r++) {
        for (const end = walk + walkCounts[r]; walk < end; walk++) {
          const box = (along[walk] < 0 ? -1 - along[walk] : along[walk]) * 4;
          west = Math.min(west, boxes[box]);
          south = Math.min(south, boxes[box + 1]);
          east = Math.max(east, boxes[box + 2]);
          north = Math.max(north, boxes[box + 3]);
        }
      }
      pointX[place] = toX((Math.floor((west + east) / 2) + dx[place]) * quantum);
      pointY[place] = toY((Math.floor((south + north) / 2) + dy[place]) * quantum);
    }
    return { pointX, pointY };
  }

  function projected(steps, quantum, project) {
    const found = new Float64Array(steps.length);
    for (let i = 0; i < steps.length; i++) found[i] = project(steps[i] * quantum);
    return found;
  }

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
    const walked = walkRings(walkCounts, walks, sizes, dx, dy);
    const arcs = {
      firstVertex: walked.first,
      x: projected(walked.x, quantum, toX),
      y: projected(walked.y, quantum, toY),
      ...sidesOf(firstRing, walkCounts, walked.along, header.arcs),
    };
    const points = pointsOf(firstRing, walkCounts, walked, reader.steps(places), reader.steps(places), quantum);
    return { level, codes, names, firstRing, ...ringsOf(walkCounts, walked.along, arcs), ...points, arcs };
  }

  window.JangkauShapes = { decode };
})();
