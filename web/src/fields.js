// SPDX-License-Identifier: Apache-2.0
// A record's numbers as tables to read: names and units from the names of the fields.
import { el } from "./dom.js";

const units = [
  [/_mm2$/, (v) => (Math.abs(v) >= 100 ? `${digits(v / 100)} cm²` : `${digits(v)} mm²`)],
  [/_mm$/, (v) => `${digits(v)} mm`],
  [/_px$/, (v) => `${digits(v)} px`],
  [/_deg$/, (v) => `${digits(v)}°`],
  [/_ev$/, (v) => `${digits(v)} EV`],
  [/_s$/, (v) => (v > 0 && v < 0.5 ? `1/${Math.round(1 / v)} s` : `${digits(v)} s`)],
  [/_electrons$/, (v) => `${digits(v)} e⁻`],
  [/_m$/, (v, most) => (most < 0.1 ? `${digits(1000 * v)} mm` : `${digits(v)} m`)],
];

function digits(value) {
  if (!Number.isFinite(value)) return "–";
  if (Number.isInteger(value)) return value.toLocaleString("en");
  return String(+value.toPrecision(4));
}

/** `most`: the largest of the values that stand together, which have one unit. */
function readable(name, value, most = Math.abs(value)) {
  if (value === null) return "–";
  if (typeof value === "number") {
    const unit = units.find(([pattern]) => pattern.test(name));
    return unit ? unit[1](value, most) : digits(value);
  }
  if (Array.isArray(value)) {
    const largest = Math.max(...value.map(Math.abs));
    return value.map((part) => readable(name, part, largest)).join(", ");
  }
  return name === "ita_class" ? value.replaceAll("_", " ") : String(value);
}

const names = {
  mask_iou: "overlap of the masks (IoU)", min_distance_m: "nearest distance", ita_deg: "ITA",
  ita_class: "ITA class", monk: "Monk swatch", iso: "ISO", fx: "fx, px", fy: "fy, px", cx: "cx, px",
  cy: "cy, px", root_offset_m: "left wrist from the right", adc_bits: "ADC bits", exposure_ev: "exposure",
};
const title = (name) =>
  names[name] ?? name.replace(/_(mm2|mm|px|deg|ev|s|electrons|m)$/, "").replaceAll("_", " ");

/** Rows of an object's plain fields; nested objects and matrices are left out. */
function rows(object, leaveOut = []) {
  return Object.entries(object)
    .filter(([name, value]) => !leaveOut.includes(name) && isPlain(value))
    .map(([name, value]) => el("tr", {}, el("th", {}, title(name)), el("td", {}, readable(name, value))));
}

const isPlain = (value) =>
  value === null || typeof value !== "object" ||
  (Array.isArray(value) && value.length <= 4 && value.every((v) => typeof v === "number"));

function section(name, content, open = false) {
  return el("details", { class: "fields", open }, el("summary", {}, name), content);
}

const table = (...content) => el("table", {}, el("tbody", {}, ...content));

const colourChip = ([r, g, b]) => {
  const srgb = [r, g, b].map((v) =>
    Math.round(255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055)));
  return el("span", { class: "swatch", style: `background:rgb(${srgb.join(" ")})` });
};

function thing(thing) {
  const where = [thing.hand !== "none" ? thing.hand : null, thing.finger].filter(Boolean).join(" ");
  const { red, green, blue } = thing.numbers;
  return el(
    "details",
    { class: "thing" },
    el("summary", {}, red !== undefined ? colourChip([red, green, blue]) : null,
      ` ${thing.kind}${where ? `, ${where}` : ""}`),
    table(rows(thing.numbers)),
  );
}

/** Sections for one record. */
export function fieldSections(json) {
  const { camera, interaction, appearance, provenance, hands } = json;
  const contacts = interaction.contact_vertices;
  const handRows = (hand) => [
    ...rows(hand, ["shape", "pose", "translation"]),
    ...rows({ forearm_flexion_deg: hand.forearm.flexion_deg,
              forearm_deviation_deg: hand.forearm.deviation_deg }),
    ...rows({ joints_in_sight: hand.joint_visible.filter(Boolean).length }),
  ];
  return [
    section("Interaction", table(rows(interaction), rows({
      contact_vertices_right: contacts.right.length,
      contact_vertices_left: contacts.left.length,
    })), true),
    section("Appearance", table(rows(appearance, ["texture"]), rows({ texture: appearance.texture }),
      rows(appearance.skin ?? {})), true),
    appearance.things?.length
      ? section(`Things (${appearance.things.length})`, el("div", {}, appearance.things.map(thing)), true)
      : null,
    section("Camera", table(rows(camera), rows(json.image))),
    section("Sensor", table(rows(appearance.sensor))),
    section("Right hand", table(handRows(hands.right))),
    section("Left hand", table(handRows(hands.left))),
    section("Provenance", table(rows({ seed: json.seed, ...provenance }))),
  ];
}
