// SPDX-License-Identifier: Apache-2.0
// Names and colours of what label images hold (docs/conventions.md).

const fingers = ["pinky", "ring", "middle", "index", "thumb"];
const segments = ["end", "middle", "root"];

/** The hand's colour in overlays: right, left. */
export const handColours = ["#ff9a4d", "#5ab0ff"];
export const handNames = ["right", "left"];

// Hues: the right hand is warm, the left one cool; fingers in the order above, then the palm.
const hues = [
  [318, 342, 4, 24, 44, 16],
  [276, 248, 222, 198, 168, 212],
];

function rgbOfHsl(hue, saturation, lightness) {
  const a = saturation * Math.min(lightness, 1 - lightness);
  return [0, 8, 4].map((n) => {
    const k = (n + hue / 30) % 12;
    return Math.round(255 * (lightness - a * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  });
}

export function partName(part) {
  if (part === 0) return "background";
  if (part === 33 || part === 34) return `${handNames[part - 33]} forearm`;
  if (part === 35 || part === 36) return `worn on the ${handNames[part - 35]}`;
  if (part === 37) return "near thing";
  if (part > 37) return `unknown part ${part}`;
  const hand = part <= 16 ? 0 : 1;
  const inHand = (part - 1) % 16;
  if (inHand === 15) return `${handNames[hand]} palm`;
  return `${handNames[hand]} ${fingers[Math.floor(inHand / 3)]}, ${segments[inHand % 3]}`;
}

/** [r, g, b] in 0 .. 255 of each part number. */
export const partColours = Array.from({ length: 256 }, (_, part) => {
  if (part === 0 || part > 37) return [0, 0, 0];
  if (part === 33) return rgbOfHsl(20, 0.22, 0.52);
  if (part === 34) return rgbOfHsl(212, 0.22, 0.52);
  if (part === 35) return rgbOfHsl(300, 0.35, 0.55);
  if (part === 36) return rgbOfHsl(140, 0.3, 0.5);
  if (part === 37) return rgbOfHsl(60, 0.12, 0.55);
  const hand = part <= 16 ? 0 : 1;
  const inHand = (part - 1) % 16;
  if (inHand === 15) return rgbOfHsl(hues[hand][5], 0.45, 0.66);
  return rgbOfHsl(hues[hand][Math.floor(inHand / 3)], 0.78, [0.76, 0.64, 0.52][inHand % 3]);
});

/** Bones of mano21: wrist to each finger's root, then along it. */
export const bones = [0, 1, 2, 3, 4].flatMap((finger) =>
  [0, 1, 2, 3].map((k) => [k ? 4 * finger + k : 0, 4 * finger + k + 1]),
);
export const jointNames = [
  "wrist",
  ...["thumb", "index", "middle", "ring", "pinky"].flatMap((finger) => [
    `${finger} 1`, `${finger} 2`, `${finger} 3`, `${finger} tip`,
  ]),
];
