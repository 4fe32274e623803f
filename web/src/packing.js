// SPDX-License-Identifier: Apache-2.0
// Opens what report/packing.h packs.

export function bytesOfBase64(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; ++i) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** A zlib stream's content. */
export async function inflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** As predecessors() of report/packing.cpp: an earlier neighbour of each vertex, -1 for vertex 0. */
export function predecessors(vertexCount, faces) {
  const before = new Int32Array(vertexCount).fill(-1);
  for (let f = 0; f < faces.length; f += 3) {
    for (let i = 0; i < 3; ++i) {
      for (let k = 0; k < 3; ++k) {
        const a = faces[f + i];
        const b = faces[f + k];
        if (a < b && a > before[b]) before[b] = a;
      }
    }
  }
  for (let v = 1; v < vertexCount; ++v) if (before[v] < 0) before[v] = v - 1;
  return before;
}

/** [{vertexCount, faces: Uint32Array [3 F], parts: Uint8Array [F], before}] of right and left. */
export function unpackFaces(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hands = [];
  let at = 0;
  for (let hand = 0; hand < 2; ++hand) {
    const vertexCount = view.getUint32(at, true);
    const count = view.getUint32(at + 4, true);
    at += 8;
    const faces = new Uint32Array(3 * count);
    for (let i = 0; i < faces.length; ++i, at += 4) faces[i] = view.getUint32(at, true);
    const parts = bytes.slice(at, at + count);
    at += count;
    hands.push({ vertexCount, faces, parts, before: predecessors(vertexCount, faces) });
  }
  return hands;
}

/** {origin, hands: [Float32Array [3 V] relative to the origin, m]} */
export function unpackVertices(bytes, surfaces, step) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const origin = [0, 1, 2].map((axis) => view.getFloat64(8 * axis, true));
  let at = 24;
  const hands = surfaces.map(({ vertexCount, before }) => {
    const points = new Float32Array(3 * vertexCount);
    const steps = new Int32Array(vertexCount);
    for (let axis = 0; axis < 3; ++axis, at += 2 * vertexCount) {
      for (let v = 0; v < vertexCount; ++v) {
        const folded = bytes[at + v] + 256 * bytes[at + vertexCount + v];
        const difference = folded & 1 ? -(folded + 1) / 2 : folded / 2;
        steps[v] = difference + (before[v] < 0 ? 0 : steps[before[v]]);
        points[3 * v + axis] = step * steps[v];
      }
    }
    return points;
  });
  return { origin, hands };
}
