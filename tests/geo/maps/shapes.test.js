import assert from "node:assert/strict";
import test from "node:test";

import { decode, toX, toY } from "../../../geo/maps/assets/shapes.js";

/** Whole numbers as the files have them: seven bits a byte, the least significant first. */
function packed(numbers) {
  return numbers.flatMap((number) => {
    const bytes = [];
    for (let rest = number; ; rest = Math.floor(rest / 128)) {
      bytes.push((rest % 128) | (rest > 127 ? 128 : 0));
      if (rest < 128) return bytes;
    }
  });
}

const signed = (steps) => packed(steps.map((step) => (step < 0 ? -2 * step - 1 : 2 * step)));

/** A file of two squares of half a degree, the second at the east side of the first. */
function twoSquares() {
  const header = {
    level: "village", codes: [6205012001, 1], names: ["Satu", "Dua é"], quantum: 0.5,
    rings: 2, walks: 4, arcs: 3, vertices: 6,
  };
  const text = new TextEncoder().encode(JSON.stringify(header)), start = new Uint8Array(8);
  start.set(new TextEncoder().encode("JKS2"));
  new DataView(start.buffer).setUint32(4, text.length, true);
  const rings = packed([1, 1]), walks = packed([2, 2]), arcs = packed([0, 0, 2, 0]), between = packed([0, 2, 2]);
  const x = signed([1, 0, -1, 0, 1, 0]), y = signed([0, 1, 0, -1, 0, 1]), points = signed([0, 300, 0, -300]);
  return new Uint8Array([...start, ...text, ...rings, ...walks, ...arcs, ...between, ...x, ...y, ...points]).buffer;
}

/** Vertices of a ring in half degrees of longitude, and of latitude near the equator. */
function ringOf({ arcs, firstRing, firstWalk, along }, place) {
  const walks = [...along.slice(firstWalk[firstRing[place]], firstWalk[firstRing[place] + 1])];
  return walks.flatMap((walked) => {
    const arc = walked < 0 ? -1 - walked : walked, vertices = [];
    for (let v = arcs.firstVertex[arc]; v < arcs.firstVertex[arc + 1]; v++) {
      vertices.push([Math.round((arcs.x[v] - 0.5) * 720), Math.round((0.5 - arcs.y[v]) * 720)]);
    }
    return (walked < 0 ? vertices.reverse() : vertices).slice(0, -1);
  });
}

test("two neighbours come with codes and names, and share one border", () => {
  const shapes = decode(twoSquares());
  assert.deepEqual(shapes.codes, ["62.05.01.2001", "62.05.01.2002"]);
  assert.deepEqual(shapes.names, ["Satu", "Dua é"]);
  assert.deepEqual(ringOf(shapes, 0), [[1, 0], [1, 1], [0, 1], [0, 0]]);
  assert.deepEqual(ringOf(shapes, 1), [[1, 1], [1, 0], [2, 0], [2, 1]]);
  assert.deepEqual([...shapes.arcs.left], [0, 0, 1]);
  assert.deepEqual([...shapes.arcs.right], [1, -1, -1]);
});

test("each place has its box and a point, told as so far from the middle", () => {
  const { boxes, pointX } = decode(twoSquares());
  assert.deepEqual([...boxes.slice(0, 4)], [toX(0), toY(0.5), toX(0.5), toY(0)]);
  assert.deepEqual([...boxes.slice(4)], [toX(0.5), toY(0.5), toX(1), toY(0)]);
  assert.deepEqual([...pointX], [toX(0), toX(150.5)]);
});

test("a file of another kind is refused", () => {
  assert.throws(() => decode(new TextEncoder().encode("PK\u0003\u0004 and more").buffer), /not a shape file/);
});

test("positions are web Mercator, the whole world being 0 to 1", () => {
  assert.deepEqual([toX(-180), toX(0), toX(180)], [0, 0.5, 1]);
  assert.equal(toY(0), 0.5);
  assert.ok(Math.abs(toY(85.0511287798066)) < 1e-12);
  assert.ok(toY(-10) > 0.5);
});
