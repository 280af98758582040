import assert from "node:assert/strict";
import test from "node:test";

import { formatCount, formatRate } from "../../../geo/maps/assets/numbers.js";

const indonesian = { group: ".", decimal: "," }, english = { group: ",", decimal: "." };

test("groups of three digits are parted", () => {
  assert.equal(formatCount(7, indonesian), "7");
  assert.equal(formatCount(999, indonesian), "999");
  assert.equal(formatCount(1000, indonesian), "1.000");
  assert.equal(formatCount(57125, english), "57,125");
  assert.equal(formatCount(283000000, indonesian), "283.000.000");
});

test("what is not known is a dash, not a number", () => {
  assert.equal(formatCount(-1, indonesian), "–");
  assert.equal(formatCount(0, indonesian), "0");
});

test("rates have two digits, and halves go to the even one", () => {
  assert.equal(formatRate(0.864, indonesian), "86,40\u00a0%");
  assert.equal(formatRate(0, english), "0.00\u00a0%");
  assert.equal(formatRate(0.00125, english), "0.12\u00a0%");
  assert.equal(formatRate(0.00375, english), "0.38\u00a0%");
  assert.equal(formatRate(0.000012, english), "0.00\u00a0%");
  assert.equal(formatRate(12.5, english), "1,250.00\u00a0%");
});
