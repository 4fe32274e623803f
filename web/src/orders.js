// SPDX-License-Identifier: Apache-2.0
// What pictures can be sorted by.

export const orders = [
  { id: "record", title: "record" },
  { id: "mask_iou", title: "overlap" },
  { id: "visible_joints", title: "keypoints in sight" },
  { id: "contact_cm2", title: "contact area" },
  { id: "min_distance_mm", title: "distance of the hands" },
  { id: "ita_deg", title: "skin tone" },
  { id: "distance_m", title: "camera distance" },
  { id: "exposure_ev", title: "exposure" },
  { id: "attempts", title: "draws needed" },
];

/** Rows by a column; equal ones stay by record. Rows without a value come last. */
export function sorted(table, rows, id, descending) {
  const values = table.columns[id];
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const x = values[a];
    const y = values[b];
    if (x === null || y === null) return (x === null) - (y === null) || a - b;
    return sign * (x - y) || a - b;
  });
}
