// SPDX-License-Identifier: Apache-2.0
// The facets as lists of options with bars: how many pictures each would show.
import { el } from "./dom.js";

const fewOptions = 8; // the others are behind "more"

export class FilterBar {
  constructor(facets, state) {
    this.facets = facets;
    this.state = state;
    this.parts = facets.map((facet, f) => this.#facet(facet, f));
    this.element = el("aside", { class: "filters" }, this.parts.map((part) => part.element));
  }

  #facet(facet, f) {
    const options = facet.options.map((option, i) => {
      const count = el("span", { class: "count" });
      const bar = el("span", { class: "bar" });
      const button = el(
        "button",
        { class: "option", "aria-pressed": "false", onclick: () => this.#toggle(f, i) },
        bar,
        option.swatch ? el("span", { class: "swatch", style: `background:${option.swatch}` }) : null,
        el("span", { class: "label" }, option.label.replaceAll("_", " ")),
        count,
      );
      button.hidden = !(facet.seen & (1 << i));
      return { button, bar, count };
    });
    const list = el("div", { class: "options" }, options.map((option) => option.button));
    const shown = options.filter((option) => !option.button.hidden);
    const more = shown.slice(fewOptions);
    let moreButton = null;
    if (more.length > 1) {
      for (const option of more) option.button.classList.add("extra");
      moreButton = el("button", { class: "more" }, `${more.length} more`);
      moreButton.addEventListener("click", () => {
        const open = list.classList.toggle("open");
        moreButton.textContent = open ? "fewer" : `${more.length} more`;
      });
    }
    const clear = el(
      "button",
      { class: "clear", title: "show all", onclick: () => this.#set(facet.id, 0) },
      "clear",
    );
    const element = el(
      "section",
      { class: "facet", "data-facet": facet.id },
      el("h3", {}, facet.title, clear),
      list,
      moreButton,
    );
    return { element, options, clear };
  }

  #set(id, bits) {
    this.state.set({ chosen: { ...this.state.values.chosen, [id]: bits } });
  }

  #toggle(f, option) {
    const { id } = this.facets[f];
    this.#set(id, (this.state.values.chosen[id] ?? 0) ^ (1 << option));
  }

  update(counts) {
    this.parts.forEach((part, f) => {
      const bits = this.state.values.chosen[this.facets[f].id] ?? 0;
      const most = Math.max(1, ...counts[f]);
      part.clear.hidden = bits === 0;
      part.element.classList.toggle("active", bits !== 0);
      part.options.forEach((option, i) => {
        const count = counts[f][i];
        option.count.textContent = count.toLocaleString("en");
        option.bar.style.width = `${(100 * count) / most}%`;
        option.button.setAttribute("aria-pressed", String(Boolean(bits & (1 << i))));
        option.button.classList.toggle("empty", count === 0);
      });
    });
  }
}
