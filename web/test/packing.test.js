// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";

import { depthColour } from "../src/label_images.js";
import { bytesOfBase64, inflate, predecessors, unpackFaces, unpackVertices } from "../src/packing.js";
import { partName } from "../src/parts.js";

test("base64 and zlib streams open", async () => {
  const bytes = Uint8Array.from({ length: 3000 }, (_, i) => (i * i) >> 3);
  assert.deepEqual(bytesOfBase64(Buffer.from(bytes).toString("base64")), bytes);
  assert.deepEqual(await inflate(deflateSync(bytes)), bytes);
});

test("predecessors are those of report/packing_test.cpp", () => {
  assert.deepEqual([...predecessors(5, [0, 1, 2, 2, 1, 4])], [-1, 0, 1, 2, 2]);
});

test("faces and vertices are read where they lie", () => {
  const faces = Buffer.alloc(2 * (8 + 12 + 1));
  [[0, 7], [21, 33]].forEach(([at, part]) => {
    faces.writeUInt32LE(3, at);
    faces.writeUInt32LE(1, at + 4);
    [0, 2, 1].forEach((vertex, i) => faces.writeUInt32LE(vertex, at + 8 + 4 * i));
    faces[at + 20] = part;
  });
  const surfaces = unpackFaces(faces);
  assert.deepEqual(surfaces.map(({ parts }) => parts[0]), [7, 33]);
  assert.deepEqual([...surfaces[0].faces], [0, 2, 1]);

  // Steps of x of the right hand: 5, 5 - 3, 2 + 300; all others stay at 0.
  const packed = Buffer.alloc(24 + 2 * 18);
  [0.1, 0.2, 0.3].forEach((value, axis) => packed.writeDoubleLE(value, 8 * axis));
  packed.set([10, 5, 600 & 255], 24);
  packed.set([0, 0, 600 >> 8], 27);
  const { origin, hands } = unpackVertices(packed, surfaces, 0.5);
  assert.deepEqual(origin, [0.1, 0.2, 0.3]);
  assert.deepEqual([...hands[0]], [2.5, 0, 0, 1, 0, 0, 151, 0, 0]);
  assert.deepEqual([...hands[1]], new Array(9).fill(0));
});

test("parts are named as docs/conventions.md numbers them", () => {
  assert.equal(partName(1), "right pinky, end");
  assert.equal(partName(15), "right thumb, root");
  assert.equal(partName(16), "right palm");
  assert.equal(partName(17), "left pinky, end");
  assert.equal(partName(32), "left palm");
  assert.equal(partName(34), "left forearm");
  assert.equal(partName(37), "near thing");
  assert.equal(partName(0), "background");
});

test("depth colours run from near to far without leaving the scale", () => {
  assert.deepEqual(depthColour(0), [253, 231, 37]);
  assert.deepEqual(depthColour(1), [68, 1, 84]);
  assert.deepEqual(depthColour(-3), depthColour(0));
  assert.deepEqual(depthColour(2), depthColour(1));
});
