import assert from "node:assert/strict";
import test from "node:test";

import { shorterForms } from "../../../geo/maps/assets/abbreviations.js";

test("the whole name comes first, and each form is shorter than the one before", () => {
  assert.deepEqual(shorterForms("Kalimantan Tengah"), ["Kalimantan Tengah", "Kal. Tengah", "Kal. Tgh."]);
  assert.deepEqual(shorterForms("Teweh Timur"), ["Teweh Timur", "Teweh Tim."]);
  assert.deepEqual(shorterForms("Montallat"), ["Montallat", "Mont."]);
});

test("a numeral stays whole, and a short name has no shorter form", () => {
  assert.deepEqual(shorterForms("Benangin II"), ["Benangin II", "Bena. II"]);
  assert.deepEqual(shorterForms("Aceh"), ["Aceh"]);
});
