// SPDX-License-Identifier: Apache-2.0
// One record large: the picture with overlays, its label images, both hands in space, its numbers.
import { el } from "./dom.js";
import { fieldSections } from "./fields.js";
import { HandsView, colourings } from "./hands3d.js";
import { amodalImage, depthGradient, depthImage, depthPlace, partsImage } from "./label_images.js";
import { drawRecord, occluders, overlays } from "./overlays.js";
import { handColours, partName } from "./parts.js";

const metres = (v) => `${v.toFixed(3)} m`;

export class Detail {
  #record = null; // of Source, with its key
  #asked = 0; // counts records asked for: a late answer is dropped
  #view3d = null;
  #jsonUrl = null;

  /** `step(by)` goes along the pictures that pass the filters, `stepView(by)` along the pose's. */
  constructor({ table, source, state, thumbnail, place, step, stepView }) {
    Object.assign(this, { table, source, state, thumbnail, place, step, stepView });
    this.#build();
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
    this.dialog.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.#draw()).observe(this.stage);
  }

  #build() {
    this.title = el("h2");
    this.position = el("span", { class: "soft" });
    this.toggles = overlays.map(({ id, title, key }) => el(
      "button",
      { class: "chip", "data-overlay": id, title: `key ${key}`, onclick: () => this.#toggle(id) },
      title));
    this.raw = el("a", { class: "chip", target: "_blank", rel: "noopener" }, "JSON");
    this.canvas = el("canvas", { class: "picture" });
    this.stage = el("div", { class: "stage" }, this.canvas);
    this.probe = el("div", { class: "probe soft" });
    this.legend = el("div", { class: "legend" });
    this.labels = el("div", { class: "labels" });
    this.views = el("div", { class: "views" });
    this.box3d = el("div", { class: "box3d" });
    this.colours = colourings.map(({ id, title }) => el(
      "button", { class: "chip", "data-colouring": id, onclick: () => this.state.set({ colour: id }) },
      title));
    this.joints3d = el("button", { class: "chip", "aria-pressed": "false", onclick: () => this.#joints() },
      "Joints");
    this.reset3d = el("button", { class: "chip", title: "as the camera saw them",
      onclick: () => this.#view3d?.resetCamera() }, "Reset");
    this.fields = el("div", { class: "all-fields" });
    this.problem = el("p", { class: "problem", role: "alert" });
    this.canvas.addEventListener("pointermove", (event) => this.#point(event));
    this.canvas.addEventListener("pointerleave", () => { this.probe.textContent = this.#hint(); });
    this.dialog = el("dialog", { class: "detail", tabindex: "-1" },
      el("header", {},
        el("button", { class: "chip", "aria-label": "previous", onclick: () => this.step(-1) }, "‹"),
        el("button", { class: "chip", "aria-label": "next", onclick: () => this.step(1) }, "›"),
        this.title, this.position, el("span", { class: "space" }), this.toggles, this.raw,
        el("button", { class: "chip close", "aria-label": "close", onclick: () => this.close() }, "✕")),
      this.problem,
      el("div", { class: "columns" },
        el("div", { class: "left" }, this.stage, el("div", { class: "under" }, this.legend, this.probe),
          this.labels, this.views),
        el("div", { class: "right" },
          el("div", { class: "panel3d" }, this.box3d,
            el("div", { class: "tools" }, this.colours, this.joints3d, this.reset3d)),
          this.fields)));
    document.body.append(this.dialog);
  }

  #hint() {
    return this.#record?.labels ? "point at the picture: part and depth" : "";
  }

  close() {
    this.state.set({ record: null });
  }

  /** Brings the dialog in line with the state. */
  async update(values) {
    if (!values.record) {
      if (this.dialog.open) this.dialog.close();
      this.#record = null;
      ++this.#asked;
      return;
    }
    if (!this.dialog.open) {
      this.dialog.showModal();
      this.dialog.focus(); // on no button: the arrow keys are the dialog's
    }
    for (const button of this.toggles) {
      button.setAttribute("aria-pressed", String(values.over.includes(button.dataset.overlay)));
    }
    for (const button of this.colours) {
      button.setAttribute("aria-pressed", String(values.colour === button.dataset.colouring));
    }
    if (this.#record?.key === values.record) {
      this.#draw();
      this.#view3d?.setColouring(values.colour);
    } else {
      await this.#load(values.record);
    }
    this.#place();
  }

  #place() {
    this.position.textContent = this.place(this.#row());
  }

  #row() {
    return this.table.rowOfKey.get(this.state.values.record);
  }

  async #load(key) {
    const asked = ++this.#asked;
    this.title.textContent = key;
    this.#place();
    this.dialog.classList.add("loading");
    this.problem.textContent = "";
    try {
      const record = await this.source.record(key);
      if (asked !== this.#asked) return;
      this.#record = { ...record, key };
      this.#show();
      await this.#show3d(asked);
    } catch (error) {
      if (asked !== this.#asked) return;
      this.problem.textContent = `${key}: ${error.message}`;
    } finally {
      if (asked === this.#asked) this.dialog.classList.remove("loading");
    }
  }

  #show() {
    const { json, key, labels, depth, members } = this.#record;
    URL.revokeObjectURL(this.#jsonUrl);
    this.#jsonUrl = URL.createObjectURL(
      new Blob([JSON.stringify(json, null, 1)], { type: "application/json" }));
    this.raw.href = this.source.memberUrl(key, "json") ?? this.#jsonUrl;
    this.raw.title = `${key}.json, as it is in the shard`;
    this.#draw();
    this.#showLegend();
    this.labels.replaceChildren(...this.#labelTiles(labels, depth, members));
    this.probe.textContent = this.#hint();
    this.#showViews();
    this.fields.replaceChildren(...fieldSections(json).filter(Boolean));
  }

  #labelTiles(labels, depth, members) {
    const tile = (name, picture, below = null) => el("figure", { class: "tile" },
      picture, el("figcaption", {}, name), below);
    const tiles = [];
    if (labels && members.includes("seg.png")) tiles.push(tile("parts", partsImage(labels)));
    if (labels && depth) {
      tiles.push(tile("depth", depthImage(labels), el("div", { class: "scale" },
        el("span", {}, metres(depth[0])), el("i", { style: `background:${depthGradient}` }),
        el("span", {}, metres(depth[1])))));
    }
    if (labels && members.includes("amodal.png")) {
      tiles.push(tile("amodal: each hand as if alone", amodalImage(labels)));
    }
    for (const name of ["normal", "albedo", "uv"]) {
      const url = members.includes(`${name}.png`) &&
        this.source.memberUrl(this.#record.key, `${name}.png`);
      if (url) tiles.push(tile(name, el("img", { src: url, alt: name })));
    }
    return tiles;
  }

  #showLegend() {
    const hidden = new Set();
    const { right, left } = this.#record.json.hands;
    for (const hand of [right, left]) hand.joint_occluded_by.forEach((by) => hidden.add(by));
    const entry = (style, words) => el("span", {}, el("i", { style }), words);
    this.legend.replaceChildren(
      entry(`background:${handColours[0]}`, "right"), entry(`background:${handColours[1]}`, "left"),
      ...Object.entries(occluders).filter(([name]) => hidden.has(name)).map(([, { title, colour }]) =>
        entry(`border:2px solid ${colour}`, title)));
  }

  #showViews() {
    const rows = this.table.views(this.#row());
    this.views.replaceChildren();
    if (rows.length < 2) return;
    this.views.append(el("h3", {}, `${rows.length} views of this pose`), el("div", { class: "strip" },
      rows.map((row) => el("button", {
        class: "frame", "aria-pressed": String(row === this.#row()), title: this.table.key(row),
        style: `aspect-ratio: ${this.table.aspect()}`,
        onclick: () => this.state.set({ record: this.table.key(row) }),
      }, this.thumbnail(row)))));
  }

  #draw() {
    if (!this.#record || !this.dialog.open) return;
    const { width: w, height: h } = this.#record.json.image;
    const box = this.stage.getBoundingClientRect();
    if (box.width === 0) return;
    const scale = Math.min(box.width / w, Math.max(box.height, 120) / h);
    const size = { width: w * scale, height: h * scale };
    const ratio = Math.min(devicePixelRatio, 2);
    this.canvas.width = Math.round(size.width * ratio);
    this.canvas.height = Math.round(size.height * ratio);
    this.canvas.style.width = `${size.width}px`;
    this.canvas.style.height = `${size.height}px`;
    const context = this.canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawRecord(context, this.#record, this.state.values.over, size);
  }

  #point(event) {
    const { labels, depth, json } = this.#record ?? {};
    if (!labels) return;
    const u = event.offsetX / this.canvas.clientWidth;
    const v = event.offsetY / this.canvas.clientHeight;
    const x = Math.min(Math.floor(u * labels.width), labels.width - 1);
    const y = Math.min(Math.floor(v * labels.height), labels.height - 1);
    if (x < 0 || y < 0) return;
    const at = 4 * (y * labels.width + x);
    const green = labels.data[at + 1];
    const far = depth && green
      ? `, ${metres(depth[0] + depthPlace(green) * (depth[1] - depth[0]))} away` : "";
    const { width, height } = json.image;
    this.probe.textContent =
      `${Math.floor(u * width)}, ${Math.floor(v * height)}: ${partName(labels.data[at])}${far}`;
  }

  async #show3d(asked) {
    const first = this.table.key(this.table.views(this.#row())[0]);
    const hands = await this.source.hands(first);
    if (asked !== this.#asked) return;
    if (!this.#view3d) {
      try {
        this.#view3d = new HandsView();
      } catch {
        this.box3d.replaceChildren(el("p", { class: "note" }, "This browser has no WebGL."));
        return;
      }
      this.box3d.replaceChildren(this.#view3d.canvas);
    }
    this.#view3d.show(hands, this.#record.json, {
      colouring: this.state.values.colour,
      joints: this.joints3d.getAttribute("aria-pressed") === "true",
    });
  }

  #joints() {
    const on = this.joints3d.getAttribute("aria-pressed") !== "true";
    this.joints3d.setAttribute("aria-pressed", String(on));
    this.#view3d?.setJoints(on);
  }

  #toggle(id) {
    const { over } = this.state.values;
    this.state.set({ over: over.includes(id) ? over.filter((x) => x !== id) : [...over, id] });
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const overlay = overlays.find(({ key }) => key === event.key);
    const actions = {
      ArrowLeft: () => this.step(-1), ArrowRight: () => this.step(1),
      ArrowUp: () => this.stepView(-1), ArrowDown: () => this.stepView(1),
    };
    if (overlay) this.#toggle(overlay.id);
    else if (actions[event.key]) actions[event.key]();
    else return;
    event.preventDefault();
  }
}
