/* Reads the shape files of geo/shape_store/codec.py. Plain JavaScript, no build step.
 *
 * JangkauShapes.decode(buffer) gives the places of an uncompressed file:
 *   level, codes, names   of the places, in the order of their codes
 *   firstRing             Uint32Array(places + 1): the rings of place i are firstRing[i] … firstRing[i + 1] - 1
 *   firstVertex           Uint32Array(rings + 1): the same for the vertices of a ring
 *   x, y                  Float64Array(vertices): web Mercator, the whole world being 0 … 1, y downwards
 *   pointX, pointY        Float64Array(places): a point inside each place, in the same way
 */
(function () {
  "use strict";

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

  /* Where each of the groups begins, from their sizes. */
  Reader.prototype.starts = function (count) {
    const starts = new Uint32Array(count + 1);
    for (let i = 0; i < count; i++) starts[i + 1] = starts[i] + this.next();
    return starts;
  };

  Reader.prototype.positions = function (count, quantum, project) {
    const found = new Float64Array(count);
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const coded = this.next();
      sum += coded % 2 ? -(coded + 1) / 2 : coded / 2;
      found[i] = project(sum * quantum);
    }
    return found;
  };

  function toX(longitude) {
    return longitude / 360 + 0.5;
  }

  function toY(latitude) {
    return 0.5 - Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360)) / (2 * Math.PI);
  }

  function decode(buffer) {
    const bytes = new Uint8Array(buffer);
    const length = new DataView(buffer).getUint32(4, true);
    if (String.fromCharCode(...bytes.subarray(0, 4)) !== "JKS1") throw new Error("not a shape file");
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    const reader = new Reader(bytes, 8 + length);
    const places = header.codes.length;
    const firstRing = reader.starts(places);
    const firstVertex = reader.starts(header.rings);
    const x = reader.positions(header.vertices, header.quantum, toX);
    const y = reader.positions(header.vertices, header.quantum, toY);
    const pointX = reader.positions(places, header.quantum, toX);
    const pointY = reader.positions(places, header.quantum, toY);
    return { level: header.level, codes: header.codes, names: header.names, firstRing, firstVertex, x, y, pointX, pointY };
  }

  window.JangkauShapes = { decode };
})();
