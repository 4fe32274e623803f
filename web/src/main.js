// SPDX-License-Identifier: Apache-2.0
// Joins the page's parts: the head's table, the state in the address, the filters, the grid.
import { aboutPage } from "./about.js";
import { chartsPage } from "./charts.js";
import { Detail } from "./detail.js";
import { el } from "./dom.js";
import { filterRows, makeFacets, monkColours } from "./facets.js";
import { FilterBar } from "./filter_bar.js";
import { Grid } from "./grid.js";
import { orders, sorted } from "./orders.js";
import { Source } from "./source.js";
import { State } from "./state.js";
import { Table } from "./table.js";

const head = JSON.parse(document.getElementById("head").textContent);
const table = new Table(head.columns);
const source = new Source(head);
const labelsOf = (column) =>
  head.distributions.find(({ columns }) => columns.includes(column))?.labels ?? [];
const facets = makeFacets(table, {
  ita_class: head.distributions.find(({ columns, labels }) =>
    columns[0] === "ita_class" && labels.length)?.labels ?? [],
  split: labelsOf("split"),
});
const state = new State(facets);
const tabs = { pictures: "Pictures", charts: "Distributions", about: "Data set" };
let rows = []; // that pass, in order

// --- the pieces

function thumbnail(row) {
  const key = table.key(row);
  const image = el("img", { alt: `record ${key}`, decoding: "async", draggable: "false" });
  source.thumbnailUrl(key).then((url) => {
    if (url) image.src = url;
    else image.replaceWith(el("span", { class: "missing" }, "cannot be read"));
  });
  return image;
}

/** The kind of a generated place, the name of a captured one. */
function placeOf(row) {
  const [place] = table.words("place", row);
  return place === "captured map" ? table.words("environment", row)[0].replace(/^[a-z]+_/, "") : place;
}

function makeCell(row) {
  const overlap = table.number("mask_iou", row);
  return {
    picture: thumbnail(row),
    caption: el("span", { class: "caption" },
      el("span", { class: "line" },
        el("b", {}, String(table.number("record", row))),
        el("span", { class: "place" }, placeOf(row))),
      el("span", { class: "line soft" },
        el("span", { class: "swatch", style: `background:${monkColours[table.number("monk", row) - 1]}`,
          title: `Monk ${table.number("monk", row)}` }),
        el("span", {}, `overlap ${overlap.toFixed(2)}`),
        el("span", {}, `${table.number("contact_cm2", row).toFixed(1)} cm²`),
        el("span", {}, `${table.number("visible_joints", row)}/42`))),
  };
}

const open = (row) => state.set({ record: table.key(row) });
const grid = new Grid({ aspect: table.aspect(), make: makeCell, open });
const bar = new FilterBar(facets, state);
const count = el("span", { class: "shown" });
const order = el("select", { "aria-label": "sort by", onchange: () => state.set({ sort: order.value }) },
  orders.map(({ id, title }) => el("option", { value: id }, title)));
const direction = el("button", { class: "chip", onclick: () => state.set({ down: !state.values.down }) });
const text = el("input", { type: "search", placeholder: "record, pose source or place  ( / )",
  "aria-label": "search", oninput: () => state.set({ text: text.value }) });
const reset = el("button", { class: "chip", onclick: () => state.set({ chosen: {}, text: "" }) },
  "clear filters");
const tabButtons = Object.entries(tabs).map(([id, title]) => el("button",
  { class: "tab", "data-tab": id, onclick: () => state.set({ tab: id }) }, title));
const empty = el("p", { class: "note" }, "No picture passes these filters.");
const pages = {
  pictures: el("div", {},
    el("div", { class: "toolbar" }, count, el("label", {}, "sort by ", order), direction, text, reset),
    grid.element, empty),
  charts: el("div"),
  about: el("div"),
};

function summary() {
  const number = (value) => value.toLocaleString("en");
  const verified = head.verified === null ? null
    : head.verified.finding_count === 0
      ? el("span", { class: "badge good" }, "✓ every label and checksum verified")
      : el("span", { class: "badge bad" }, `✗ ${number(head.verified.finding_count)} findings`);
  const facts = [
    `${number(head.records)} records`,
    `${number(head.poses)} poses`,
    `seed ${head.seed}`,
    head.poses > 0 ? `${(head.draws / head.poses).toFixed(1)} draws a pose` : null,
    head.records + head.unreadable < head.records_planned
      ? `${number(head.records_planned)} planned` : null,
    table.count < head.records ? `${number(table.count)} of them shown` : null,
    head.unreadable > 0 ? `${number(head.unreadable)} unreadable` : null,
  ].filter(Boolean);
  return el("p", { class: "facts" }, facts.map((fact) => el("span", {}, fact)), verified);
}

const detail = new Detail({
  table, source, state, thumbnail,
  place: (row) => {
    const at = rows.indexOf(row);
    return at < 0 ? "not among those that pass the filters"
      : `${(at + 1).toLocaleString("en")} of ${rows.length.toLocaleString("en")}`;
  },
  step: (by) => {
    const at = rows.indexOf(table.rowOfKey.get(state.values.record));
    const next = rows[at < 0 ? 0 : at + by];
    if (next !== undefined) open(next);
  },
  stepView: (by) => {
    const row = table.rowOfKey.get(state.values.record);
    const views = table.views(row);
    const next = views[views.indexOf(row) + by];
    if (next !== undefined) open(next);
  },
});

document.getElementById("app").append(
  el("header", { class: "top" },
    el("div", {}, el("h1", {}, head.title), summary()),
    el("nav", { role: "tablist" }, tabButtons)),
  el("main", {}, bar.element, el("div", { class: "content" }, Object.values(pages))));
document.title = `${head.title} · renderih`;

// --- in line with the state

function matcher(words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return undefined;
  return (row) => {
    const haystack = [table.key(row), ...["source", "source_id", "environment", "place"].flatMap(
      (name) => table.words(name, row))].join(" ").toLowerCase();
    return wanted.every((word) => haystack.includes(word));
  };
}

let shown = null; // what the grid was last made from
let lastRecord = null;
function update(values) {
  const known = values.record === null || table.rowOfKey.has(values.record);
  const wanted = JSON.stringify([values.chosen, values.text, values.sort, values.down]);
  if (wanted !== shown) {
    shown = wanted;
    const passing = filterRows(table, facets, values.chosen, matcher(values.text));
    const by = orders.some(({ id }) => id === values.sort) ? values.sort : "record";
    rows = sorted(table, passing.rows, by, values.down);
    bar.update(passing.counts);
    grid.show(rows);
    order.value = by;
    direction.textContent = values.down ? "↓ high first" : "↑ low first";
    if (text.value !== values.text) text.value = values.text;
    count.textContent = rows.length === table.count
      ? `${table.count.toLocaleString("en")} pictures`
      : `${rows.length.toLocaleString("en")} of ${table.count.toLocaleString("en")} pictures`;
    reset.hidden = rows.length === table.count;
    empty.hidden = rows.length > 0;
  }
  const tab = values.tab in pages ? values.tab : "pictures";
  for (const [id, page] of Object.entries(pages)) page.hidden = id !== tab;
  bar.element.hidden = tab === "about";
  for (const button of tabButtons) {
    button.setAttribute("aria-selected", String(button.dataset.tab === tab));
  }
  if (tab === "charts") {
    pages.charts.replaceChildren(
      chartsPage(table, head, rows.length === table.count ? null : rows));
  } else if (tab === "about" && pages.about.childElementCount === 0) {
    pages.about.append(aboutPage(head));
  } else if (tab === "pictures") {
    grid.layout();
  }
  if (lastRecord && !values.record && tab === "pictures") {
    detail.update(values);
    grid.focus(table.rowOfKey.get(lastRecord));
  } else {
    detail.update(known ? values : { ...values, record: null });
  }
  lastRecord = known ? values.record : null;
}

state.listen(update);
update(state.values);

addEventListener("keydown", (event) => {
  if (event.key === "/" && !detail.dialog.open && document.activeElement !== text) {
    event.preventDefault();
    text.focus();
  }
  if (event.key === "Escape" && document.activeElement === text) {
    state.set({ text: "" });
    text.blur();
  }
  const arrows = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
  if (arrows.includes(event.key) && document.activeElement === document.body &&
      !detail.dialog.open && state.values.tab === "pictures" && rows.length > 0) {
    event.preventDefault();
    grid.focus(rows[0]);
  }
});
