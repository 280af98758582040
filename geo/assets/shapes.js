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
    counts.forEach((count, i) => { starts[i + 1] = starts[i] + count; });
    return starts;
  }

  function toX(longitude) {
    return longitude / 360 + 0.5;
  }

  function toY(latitude) {
    return 0.5 - Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360)) / (2 * Math.PI);
  }

  function codesOf({ level, codes }) {
    const ends = DIGITS[level];
    let sum = 0;
    return codes.map((step) => {
      const digits = String((sum += step));
      return ends.map((end, i) => digits.slice(ends[i - 1] || 0, end)).join(".");
    });
  }

  /* Walks along the rings: whole-number vertices of each arc, and along which arcs each ring
   * goes (its number; -1 - number for backwards). */
  function walkRings(walkCounts, walks, sizes, dx, dy) {
    const first = startsOf(sizes.map((size) => size + 2)), along = new Int32Array(walks.length);
    const x = new Int32Array(first[sizes.length]), y = new Int32Array(first[sizes.length]);
    let arcs = 0, told = 0, startX = 0, startY = 0, walk = 0;
    for (const count of walkCounts) {
      const end = walk + count;
      if (walks[walk]) [startX, startY] = [x[first[arcs - walks[walk] + 1] - 1], y[first[arcs - walks[walk] + 1] - 1]];
      else [startX, startY] = [startX + dx[told], startY + dy[told++]];
      let hereX = startX, hereY = startY;
      for (; walk < end; walk++) {
        if (walks[walk]) {
          const known = first[arcs - walks[walk]];
          along[walk] = walks[walk] - arcs - 1;
          [hereX, hereY] = [x[known], y[known]];
          continue;
        }
        along[walk] = arcs;
        let v = first[arcs];
        const last = first[++arcs] - 1;
        [x[v], y[v]] = [hereX, hereY];
        while (++v < last) [x[v], y[v]] = [x[v - 1] + dx[told], y[v - 1] + dy[told++]];
        const following = walk + 1 < end ? walks[walk + 1] : -1;
        if (following < 0) [hereX, hereY] = [startX, startY];
        else if (following > 1) [hereX, hereY] = [x[first[arcs - following + 1] - 1], y[first[arcs - following + 1] - 1]];
        else [hereX, hereY] = [x[v - 1] + dx[told], y[v - 1] + dy[told++]];
        [x[last], y[last]] = [hereX, hereY];
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

  /* A point inside each place: so far from the middle of its box. */
  function pointsOf(firstRing, walkCounts, walked, dx, dy, quantum) {
    const places = firstRing.length - 1, pointX = new Float64Array(places), pointY = new Float64Array(places);
    let walk = 0;
    for (let place = 0; place < places; place++) {
      let west = Infinity, south = Infinity, east = -Infinity, north = -Infinity;
      for (let r = firstRing[place]; r < firstRing[place + 1]; r++) {
        for (const end = walk + walkCounts[r]; walk < end; walk++) {
          const arc = walked.along[walk] < 0 ? -1 - walked.along[walk] : walked.along[walk];
          for (let v = walked.first[arc]; v < walked.first[arc + 1]; v++) {
            west = Math.min(west, walked.x[v]);
            east = Math.max(east, walked.x[v]);
            south = Math.min(south, walked.y[v]);
            north = Math.max(north, walked.y[v]);
          }
        }
      }
      pointX[place] = toX((Math.floor((west + east) / 2) + dx[place]) * quantum);
      pointY[place] = toY((Math.floor((south + north) / 2) + dy[place]) * quantum);
    }
    return { pointX, pointY };
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
      x: Float64Array.from(walked.x, (x) => toX(x * quantum)),
      y: Float64Array.from(walked.y, (y) => toY(y * quantum)),
      ...sidesOf(firstRing, walkCounts, walked.along, header.arcs),
    };
    const points = pointsOf(firstRing, walkCounts, walked, reader.steps(places), reader.steps(places), quantum);
    return { level, codes, names, firstRing, ...ringsOf(walkCounts, walked.along, arcs), ...points, arcs };
  }

  window.JangkauShapes = { decode };
})();
