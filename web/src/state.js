// SPDX-License-Identifier: Apache-2.0
// What the page shows, kept in the address after '#', so that a link shows the same.

const lists = ["over"];
const defaults = {
  tab: "pictures",
  sort: "record",
  down: false,
  text: "",
  record: null, // key of the record that is shown large
  over: ["joints"],
  colour: "parts",
};

export function parseHash(hash, facets) {
  const query = new URLSearchParams(hash.replace(/^#/, ""));
  const state = { ...defaults, chosen: {} };
  for (const [name, value] of query) {
    const facet = facets.find((candidate) => candidate.id === name);
    if (facet) {
      const labels = value.split(",");
      let bits = 0;
      facet.options.forEach((option, i) => {
        if (labels.includes(option.label)) bits |= 1 << i;
      });
      if (bits) state.chosen[name] = bits;
    } else if (lists.includes(name)) {
      state[name] = value.split(",").filter(Boolean);
    } else if (name === "down") {
      state.down = value === "1";
    } else if (name in defaults) {
      state[name] = value;
    }
  }
  return state;
}

export function formatHash(state, facets) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(defaults)) {
    if (String(state[name]) === String(value)) continue;
    if (lists.includes(name)) query.set(name, state[name].join(","));
    else if (name === "down") query.set(name, state.down ? "1" : "0");
    else if (state[name] !== null) query.set(name, state[name]);
  }
  for (const facet of facets) {
    const bits = state.chosen[facet.id] ?? 0;
    const labels = facet.options.filter((_, i) => bits & (1 << i)).map((option) => option.label);
    if (labels.length > 0) query.set(facet.id, labels.join(","));
  }
  const text = query.toString();
  return text ? `#${text}` : "#";
}

export class State {
  #listeners = [];

  constructor(facets) {
    this.facets = facets;
    this.values = parseHash(location.hash, facets);
    addEventListener("popstate", () => {
      this.values = parseHash(location.hash, facets);
      this.#tell();
    });
  }

  /** Opening and closing a record is a step that the browser's Back button undoes. */
  set(changes) {
    const step = "record" in changes && !changes.record !== !this.values.record;
    this.values = { ...this.values, ...changes };
    const hash = formatHash(this.values, this.facets);
    if (step) history.pushState(null, "", hash);
    else history.replaceState(null, "", hash);
    this.#tell();
  }

  listen(listener) {
    this.#listeners.push(listener);
  }

  #tell() {
    for (const listener of this.#listeners) listener(this.values);
  }
}
