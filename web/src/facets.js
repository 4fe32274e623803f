// SPDX-License-Identifier: Apache-2.0
// What pictures can be filtered by. A facet gives each row some of its options; a row passes when
// it has one of the chosen options of every facet that has any chosen.

const range = (label, low, high) => ({ label, low, high });

/** Options by intervals low <= value < high of a column. */
function byRange(id, title, value, options) {
  return {
    id,
    title,
    options,
    of: (row) => {
      const x = value(row);
      const at = options.findIndex((option) => x >= option.low && x < option.high);
      return at < 0 ? [] : [at];
    },
  };
}

/** Options by a column of words; `first` come first, the others by frequency. */
function byWords(table, id, title, { first = [], none = null, swatch = null } = {}) {
  const counts = new Map(first.map((word) => [word, 0]));
  let without = 0;
  for (let row = 0; row < table.count; ++row) {
    const words = table.words(id, row);
    without += words.length === 0;
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const others = [...counts.keys()].filter((word) => !first.includes(word));
  others.sort((a, b) => counts.get(b) - counts.get(a) || (a < b ? -1 : 1));
  const words = [...first, ...others].slice(0, 30);
  const at = new Map(words.map((word, index) => [word, index]));
  const options = words.map((word) => ({ label: word, swatch: swatch?.[word] }));
  if (none !== null && without > 0) options.push({ label: none });
  return {
    id,
    title,
    options,
    of: (row) => {
      const found = table.words(id, row);
      if (found.length === 0 && none !== null) return [options.length - 1];
      return found.map((word) => at.get(word)).filter((index) => index !== undefined);
    },
  };
}

// sRGB of the ten swatches of the Monk Skin Tone scale, and one for each class of ITA.
export const monkColours = [
  "#f6ede4", "#f3e7db", "#f7ead0", "#eadaba", "#d7bd96",
  "#a07e56", "#825c43", "#604134", "#3a312a", "#292420",
];
const classColours = {
  very_light: "#f3e0d0", light: "#eccbb0", intermediate: "#d8ac85",
  tan: "#b98a5e", brown: "#855a3b", dark: "#4a3124",
};

export function makeFacets(table, orders) {
  const number = (name) => (row) => table.number(name, row);
  const facets = [
    byRange("overlap", "Overlap of the hands", number("mask_iou"), [
      range("none", 0, 0.0005),
      range("below 0.05", 0.0005, 0.05),
      range("0.05 to 0.1", 0.05, 0.1),
      range("0.1 to 0.2", 0.1, 0.2),
      range("0.2 to 0.35", 0.2, 0.35),
      range("above 0.35", 0.35, Infinity),
    ]),
    byRange("seen", "Keypoints in sight", number("visible_joints"), [
      range("30 to 42", 30, 43),
      range("24 to 29", 24, 30),
      range("18 to 23", 18, 24),
      range("12 to 17", 12, 18),
      range("fewer", -1, 12),
    ]),
    byRange("contact", "Contact area", number("contact_cm2"), [
      range("none", 0, 0.005),
      range("below 2 cm²", 0.005, 2),
      range("2 to 8 cm²", 2, 8),
      range("8 to 20 cm²", 8, 20),
      range("above 20 cm²", 20, Infinity),
    ]),
    byWords(table, "ita_class", "Skin tone (ITA)", { first: orders.ita_class, swatch: classColours }),
    byRange(
      "monk",
      "Skin tone (Monk)",
      number("monk"),
      monkColours.map((swatch, i) => ({ ...range(String(i + 1), i + 1, i + 2), swatch })),
    ),
    byWords(table, "place", "Place"),
    byWords(table, "worn", "Worn", { none: "nothing" }),
    byWords(table, "near", "Near the hands", { none: "nothing" }),
    byRange("track", "Camera", number("track"), [
      ...[0, 1, 2, 3].map((track) => range(`circle ${track + 1}`, track, track + 1)),
      range("first person", 4, 5),
    ]),
    byWords(table, "split", "Split", { first: orders.split }),
  ];
  return facets.map((facet) => withMasks(table, facet)).filter((facet) => facet.used > 1);
}

/** Adds for each row the set of its options as bits, and how many options some row has. */
function withMasks(table, facet) {
  const masks = new Int32Array(table.count);
  let seen = 0;
  for (let row = 0; row < table.count; ++row) {
    for (const option of facet.of(row)) masks[row] |= 1 << option;
    seen |= masks[row];
  }
  const used = facet.options.filter((_, i) => seen & (1 << i)).length;
  return { ...facet, masks, seen, used };
}

/**
 * The rows that pass, and for each facet how many rows each option would show: those that pass all
 * other facets. `chosen`: facet id -> bits of options, 0 or absent for all. `matches`: row -> bool.
 */
export function filterRows(table, facets, chosen, matches = () => true) {
  const rows = [];
  const counts = facets.map((facet) => new Array(facet.options.length).fill(0));
  const bits = facets.map((facet) => chosen[facet.id] || ~0);
  for (let row = 0; row < table.count; ++row) {
    if (!matches(row)) continue;
    let failed = -1;
    let failures = 0;
    for (let f = 0; f < facets.length && failures < 2; ++f) {
      const passes = facets[f].masks[row] & bits[f] || bits[f] === ~0;
      if (!passes) {
        failed = f;
        ++failures;
      }
    }
    if (failures === 0) rows.push(row);
    for (let f = 0; f < facets.length && failures < 2; ++f) {
      if (failures === 0 || failed === f) {
        for (let m = facets[f].masks[row], i = 0; m; m >>>= 1, ++i) counts[f][i] += m & 1;
      }
    }
  }
  return { rows, counts };
}
