// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";

import { formatHash, parseHash } from "../src/state.js";

const facets = [
  { id: "split", options: [{ label: "train" }, { label: "val" }] },
  { id: "contact", options: [{ label: "none" }, { label: "2 to 8 cm²" }] },
];

test("an address without anything is the page as it opens", () => {
  const state = parseHash("", facets);
  assert.equal(formatHash(state, facets), "#");
  assert.deepEqual(state.chosen, {});
  assert.equal(state.record, null);
});

test("every state comes back from its address", () => {
  const state = {
    ...parseHash("", facets), tab: "charts", sort: "mask_iou", down: true, text: "a & b=c#",
    record: "000000000012", over: ["boxes", "depth"], colour: "contact",
    chosen: { split: 2, contact: 3 },
  };
  assert.deepEqual(parseHash(formatHash(state, facets), facets), state);
  assert.deepEqual(parseHash(formatHash({ ...state, over: [] }, facets), facets).over, []);
});

test("what an address has too much is left out", () => {
  const state = parseHash("#split=test,val&nothing=1&__proto__=x", facets);
  assert.deepEqual(state.chosen, { split: 2 });
  assert.equal(Object.hasOwn(state, "nothing"), false);
});
