// SPDX-License-Identifier: Apache-2.0
// Label images as pictures. `labels` is ImageData: red parts, green depth (127 nearest .. 1
// farthest, 0 none), blue amodal bits (report/page_pictures.h).
import { handColours, partColours } from "./parts.js";

// Stops of viridis (matplotlib, CC0), near to far.
const depthStops = [
  [253, 231, 37], [160, 218, 57], [74, 193, 109], [31, 161, 135],
  [39, 127, 142], [54, 92, 141], [70, 50, 127], [68, 1, 84],
];

/** [r, g, b] of a place between nearest (0) and farthest (1). */
export function depthColour(t) {
  const at = Math.min(Math.max(t, 0), 1) * (depthStops.length - 1);
  const low = Math.min(Math.floor(at), depthStops.length - 2);
  return [0, 1, 2].map((c) => {
    const a = depthStops[low][c];
    return Math.round(a + (depthStops[low + 1][c] - a) * (at - low));
  });
}

export const depthGradient = `linear-gradient(90deg, ${depthStops
  .map((stop) => `rgb(${stop.join(" ")})`)
  .join(", ")})`;

const hexRgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
const handRgb = handColours.map(hexRgb);

const depthLevels = 127;
/** How far a value lies between nearest (0) and farthest (1). */
export const depthPlace = (value) => (depthLevels - value) / (depthLevels - 1);
const depthTable = Array.from({ length: 256 }, (_, value) => depthColour(depthPlace(value)));
const amodalTable = [
  [0, 0, 0], handRgb[0], handRgb[1], [238, 232, 226], // both: where one hides the other
];

/** A canvas with colourOf(pixel's number in `labels.data`) -> [r, g, b] or null, at `opacity`. */
function painted(labels, opacity, colourOf) {
  const canvas = document.createElement("canvas");
  canvas.width = labels.width;
  canvas.height = labels.height;
  const context = canvas.getContext("2d");
  const image = context.createImageData(labels.width, labels.height);
  for (let i = 0; i < image.data.length; i += 4) {
    const colour = colourOf(i);
    if (colour) {
      image.data.set(colour, i);
      image.data[i + 3] = opacity;
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

export const partsImage = (labels, opacity = 255) =>
  painted(labels, opacity, (i) => (labels.data[i] ? partColours[labels.data[i]] : null));

export const depthImage = (labels, opacity = 255) =>
  painted(labels, opacity, (i) => (labels.data[i + 1] ? depthTable[labels.data[i + 1]] : null));

export const amodalImage = (labels, opacity = 255) =>
  painted(labels, opacity, (i) => amodalTable[labels.data[i + 2] & 3].some(Boolean)
    ? amodalTable[labels.data[i + 2] & 3] : null);

/** The inner border pixels of each hand's amodal mask. */
export function amodalOutline(labels) {
  const { width, height, data } = labels;
  const has = (x, y, bit) =>
    x >= 0 && y >= 0 && x < width && y < height && data[4 * (y * width + x) + 2] & bit;
  return painted(labels, 255, (i) => {
    const x = (i / 4) % width;
    const y = Math.floor(i / 4 / width);
    for (let hand = 0; hand < 2; ++hand) {
      const bit = 1 << hand;
      if (!has(x, y, bit)) continue;
      const inside =
        has(x - 1, y, bit) && has(x + 1, y, bit) && has(x, y - 1, bit) && has(x, y + 1, bit);
      if (!inside) return handRgb[hand];
    }
    return null;
  });
}
