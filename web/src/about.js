// SPDX-License-Identifier: Apache-2.0
// The data set itself: what was verified, licences, configuration.
import { el } from "./dom.js";

function checks(verified) {
  if (!verified) {
    return el("p", { class: "note" }, "Nothing was verified for this page: ",
      el("code", {}, "renderih verify DIR"), " recomputes every label and checksum.");
  }
  const rows = verified.checks.map(({ name, count, failed }) => el("tr", { class: failed ? "bad" : "good" },
    el("td", {}, failed ? "✗" : "✓"), el("td", {}, name),
    el("td", {}, failed ? `${failed} of ${count} failed` : `${count.toLocaleString("en")} passed`)));
  const findings = verified.findings.map(({ file, key, what }) => el("tr", { class: "bad" },
    el("td", {}, "✗"), el("td", {}, [file, key].filter(Boolean).join(" ")), el("td", {}, what)));
  const left = verified.finding_count - verified.findings.length;
  return el("table", { class: "checks" }, el("tbody", {}, rows, findings,
    left > 0 ? el("tr", {}, el("td"), el("td", {}, `and ${left} more`), el("td")) : null));
}

export function aboutPage(head) {
  return el("div", { class: "about" },
    el("section", {}, el("h2", {}, "Verification"), checks(head.verified)),
    el("section", {}, el("h2", {}, "Licences"),
      el("table", {}, el("thead", {}, el("tr", {}, ["asset", "licence", "source"].map((name) =>
        el("th", {}, name)))), el("tbody", {}, head.licences.map((cells) =>
        el("tr", {}, cells.map((cell) => el("td", {}, cell))))))),
    el("section", {}, el("h2", {}, "Configuration"),
      el("pre", {}, JSON.stringify(head.configuration, null, 2))));
}
