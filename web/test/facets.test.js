// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";

import { filterRows, makeFacets } from "../src/facets.js";
import { sorted } from "../src/orders.js";
import { Table } from "../src/table.js";

const words = (...rows) => {
  const values = [...new Set(rows.flat())].sort();
  return { values, rows: rows.map((row) => [row].flat().map((word) => values.indexOf(word))) };
};
const table = new Table({
  record: [0, 1, 2, 5, 6, 7], pose: [0, 0, 1, 2, 3, 3],
  width: [512, 512, 512, 512, 512, 512], height: [334, 334, 334, 334, 334, 512],
  mask_iou: [0, 0.0004, 0.05, 0.3, 0.9, 0.2],
  visible_joints: [42, 18, 17, 30, 36, 42], contact_cm2: [0, 1, 2, 8, 50, 3],
  monk: [1, 10, 5, 5, 6, 6], track: [0, 1, 2, 3, 4, 4], ita_deg: [50, -40, null, 3, 2, 20],
  ita_class: words("light", "dark", "tan", "brown", "brown", "tan"),
  place: words("street", "kitchen", "street", "street", "park", "park"),
  worn: words([], ["ring"], ["ring", "sleeve"], [], ["sleeve"], []),
  near: words([], [], [], [], [], []),
  split: words("train", "train", "val", "test", "train", "train"),
});
const facets = makeFacets(table, { ita_class: ["light", "tan", "brown", "dark"], split: ["train", "val", "test"] });
const facet = (id) => facets.find((candidate) => candidate.id === id);
const bit = (id, label) => 1 << facet(id).options.findIndex((option) => option.label === label);

test("a facet with one option is left out", () => {
  assert.equal(facet("near"), undefined);
});

test("ranges hold their lower bound and not their upper", () => {
  const labels = (id) => [...facet(id).masks].map((mask) =>
    facet(id).options.filter((_, i) => mask & (1 << i)).map(({ label }) => label).join());
  assert.deepEqual(labels("overlap"), ["none", "none", "0.05 to 0.1", "0.2 to 0.35", "above 0.35", "0.2 to 0.35"]);
  assert.deepEqual(labels("contact"), ["none", "below 2 cm²", "2 to 8 cm²", "8 to 20 cm²", "above 20 cm²", "2 to 8 cm²"]);
  assert.deepEqual(labels("seen"), ["30 to 42", "18 to 23", "12 to 17", "30 to 42", "30 to 42", "30 to 42"]);
  assert.deepEqual(labels("worn"), ["nothing", "ring", "ring,sleeve", "nothing", "sleeve", "nothing"]);
});

test("words keep their order or are sorted by frequency", () => {
  assert.deepEqual(facet("ita_class").options.map(({ label }) => label), ["light", "tan", "brown", "dark"]);
  assert.deepEqual(facet("place").options.map(({ label }) => label), ["street", "park", "kitchen"]);
});

test("options of a facet are alternatives, facets are conditions", () => {
  assert.deepEqual(filterRows(table, facets, {}).rows, [0, 1, 2, 3, 4, 5]);
  const tones = { ita_class: bit("ita_class", "brown") | bit("ita_class", "tan") };
  assert.deepEqual(filterRows(table, facets, tones).rows, [2, 3, 4, 5]);
  assert.deepEqual(filterRows(table, facets, { ...tones, place: bit("place", "park") }).rows, [4, 5]);
  assert.deepEqual(filterRows(table, facets, { worn: bit("worn", "ring") }).rows, [1, 2]);
});

test("a count is what choosing that option alone would show", () => {
  const chosen = { place: bit("place", "street"), split: bit("split", "train") | bit("split", "test") };
  const matches = (row) => row !== 5;
  const { counts } = filterRows(table, facets, chosen, matches);
  facets.forEach(({ id, options }, f) => options.forEach((_, i) => {
    const alone = filterRows(table, facets, { ...chosen, [id]: 1 << i }, matches);
    assert.equal(counts[f][i], alone.rows.length, `${id} ${options[i].label}`);
  }));
});

test("sorting keeps ties by record and puts what has no value last", () => {
  assert.deepEqual(sorted(table, [0, 1, 2, 3, 4, 5], "ita_deg", false), [1, 4, 3, 5, 0, 2]);
  assert.deepEqual(sorted(table, [0, 1, 2, 3, 4, 5], "ita_deg", true), [0, 5, 3, 4, 1, 2]);
  assert.deepEqual(sorted(table, [5, 4, 3, 2], "monk", true), [4, 5, 2, 3]);
});

test("a table knows keys, views and the usual shape", () => {
  assert.equal(table.key(3), "000000000005");
  assert.equal(table.rowOfKey.get("000000000007"), 5);
  assert.deepEqual(table.views(1), [0, 1]);
  assert.equal(table.aspect(), 512 / 334);
});
