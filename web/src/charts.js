// SPDX-License-Identifier: Apache-2.0
// Distributions: of all records in grey, and over them of the pictures that pass the filters.
import { el, svg } from "./dom.js";

const short = (value) => String(+value.toPrecision(3));
const percent = (share) => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;

/** Counts of some rows in the bins or labels of a distribution; null when it has no column. */
function countRows(table, distribution, rows) {
  if (distribution.columns.length === 0) return null;
  const counts = new Array(distribution.counts.length).fill(0);
  const { low, high, labels } = distribution;
  for (const name of distribution.columns) {
    const words = !Array.isArray(table.columns[name]);
    for (const row of rows) {
      if (words) {
        for (const word of table.words(name, row)) {
          const at = labels.indexOf(word);
          ++counts[at < 0 ? counts.length - 1 : at];
        }
      } else if (labels.length > 0) {
        const at = labels.indexOf(String(table.number(name, row)));
        if (at >= 0) ++counts[at];
      } else if (table.number(name, row) !== null) {
        const at = Math.floor(((table.number(name, row) - low) / (high - low)) * counts.length);
        ++counts[Math.min(Math.max(at, 0), counts.length - 1)];
      }
    }
  }
  return counts;
}

const shares = (counts) => {
  const sum = counts.reduce((a, b) => a + b, 0) || 1;
  return counts.map((count) => count / sum);
};

function bars(distribution, some, { width = 260, height = 76 } = {}) {
  const { low, high, limits, counts } = distribution;
  const all = shares(counts);
  const part = some && shares(some);
  const most = Math.max(1e-9, ...all, ...(part ?? []));
  const step = width / counts.length;
  const x = (value) => ((value - low) / (high - low)) * width;
  const plot = svg("svg", {
    viewBox: `0 0 ${width} ${height}`, class: "bars", preserveAspectRatio: "none", role: "img",
    "aria-label": distribution.title,
  });
  if (limits.length === 2 && limits[1] > limits[0]) {
    plot.append(svg("rect", {
      class: "allowed", x: x(limits[0]), y: 0, width: x(limits[1]) - x(limits[0]), height,
    }));
  }
  const bar = (name, share, i, inset) => svg("rect", {
    class: name, x: i * step + inset, width: Math.max(step - 2 * inset, 0.5),
    y: height - (share / most) * (height - 4), height: (share / most) * (height - 4),
  });
  counts.forEach((count, i) => {
    const from = low + (i * (high - low)) / counts.length;
    const to = low + ((i + 1) * (high - low)) / counts.length;
    const group = svg("g", {}, svg("rect", {
      class: "hit", x: i * step, y: 0, width: step, height,
    }));
    group.append(bar(part ? "all" : "some", all[i], i, 0.4));
    if (part) group.append(bar("some", part[i], i, 0.4));
    const title = svg("title");
    title.textContent = `${short(from)} to ${short(to)}: ${count} (${percent(all[i])})` +
      (part ? `; of those shown ${percent(part[i])}` : "");
    group.append(title);
    plot.append(group);
  });
  for (const limit of new Set(limits)) {
    plot.append(svg("line", { class: "limit", x1: x(limit), x2: x(limit), y1: 0, y2: height }));
  }
  return plot;
}

function chart(table, distribution, rows) {
  const some = rows && countRows(table, distribution, rows);
  const box = el("figure", { class: "chart" }, el("figcaption", {}, distribution.title));
  if (distribution.labels.length > 0) {
    const all = shares(distribution.counts);
    const part = some && shares(some);
    const most = Math.max(1e-9, ...all, ...(part ?? []));
    box.append(el("div", { class: "labelled" }, distribution.labels.map((label, i) =>
      el("div", { class: "line", title: `${distribution.counts[i]} (${percent(all[i])})` },
        el("span", { class: "label", title: label }, label.replaceAll("_", " ")),
        el("span", { class: "track" },
          el("span", { class: part ? "all" : "some", style: `width:${(100 * all[i]) / most}%` }),
          part ? el("span", { class: "some", style: `width:${(100 * part[i]) / most}%` }) : null),
        el("span", { class: "count" }, distribution.counts[i].toLocaleString("en"))))));
    if (distribution.labels.length > 12) box.classList.add("tall");
  } else {
    box.append(bars(distribution, some), el("div", { class: "axis" },
      [distribution.low, (distribution.low + distribution.high) / 2, distribution.high].map((v) =>
        el("span", {}, short(v)))));
  }
  return box;
}

const angleAxes = ["twist", "splay", "bend"];

function angleTable(distributions) {
  const heads = angleAxes.map((axis) => el("th", {}, axis));
  const lines = [];
  for (let i = 0; i < distributions.length; i += 3) {
    const joint = distributions[i].title.replace(/ \w+$/, "");
    const cells = distributions.slice(i, i + 3).map((distribution) => {
      const [low, high] = distribution.limits;
      const words = low === high ? `${short(low)}°` : `${short(low)}° to ${short(high)}°`;
      return el("td", {}, bars(distribution, null, { width: 240, height: 44 }),
        el("div", { class: "axis" },
          el("span", {}, `${short(distribution.low)}°`), el("span", { class: "range" }, words),
          el("span", {}, `${short(distribution.high)}°`)));
    });
    lines.push(el("tr", {}, el("th", {}, joint.replace(/(\d)$/, " $1")), cells));
  }
  return el("table", { class: "angles" }, el("thead", {}, el("tr", {}, el("th", {}), heads)),
    el("tbody", {}, lines));
}

/** All distributions; `rows`: those that pass the filters, or null when all do. */
export function chartsPage(table, head, rows) {
  const groups = new Map();
  for (const distribution of head.distributions) {
    if (!groups.has(distribution.group)) groups.set(distribution.group, []);
    groups.get(distribution.group).push(distribution);
  }
  const angles = groups.get("Angles");
  groups.delete("Angles");
  return el("div", { class: "charts" },
    el("p", { class: "note" },
      `Over all ${head.records.toLocaleString("en")} records`,
      rows ? ", in grey; in colour the shares of the pictures that pass the filters." : ".",
      " What lies outside an axis counts in its first or last bar."),
    [...groups].map(([name, list]) => el("section", {}, el("h2", {}, name),
      el("div", { class: "plots" }, list.map((distribution) => chart(table, distribution, rows))))),
    el("section", {}, el("h2", {}, "Joint angles"),
      el("p", { class: "note" }, `Of both hands over ${head.poses.toLocaleString("en")} poses, in ` +
        "degrees. Shaded: the limits of the paper's Table 2; where they are one value, a line."),
      angleTable(angles)));
}
