// SPDX-License-Identifier: Apache-2.0
// A grid of thousands of pictures of which only those near the window are in the document.
import { el } from "./dom.js";

const gap = 12; // px
const captionHeight = 44;
const wanted = 208; // width of a cell at least
const ahead = 600; // px above and below the window that are ready

export class Grid {
  #rows = [];
  #cells = new Map(); // row -> element
  #columns = 1;
  #cellWidth = wanted;
  #cellHeight = 180;

  /** `make(row)` gives a cell's content: {picture: element, caption: element}. */
  constructor({ aspect, make, open }) {
    this.aspect = aspect;
    this.make = make;
    this.open = open;
    this.element = el("div", { class: "grid" });
    new ResizeObserver(() => this.layout()).observe(this.element);
    addEventListener("scroll", () => this.#fill(), { passive: true });
    addEventListener("resize", () => this.#fill(), { passive: true });
    this.element.addEventListener("keydown", (event) => this.#move(event));
  }

  show(rows) {
    this.#rows = rows;
    this.layout(true);
  }

  layout(changed = false) {
    const width = this.element.clientWidth;
    if (width === 0) return; // its tab is hidden
    const columns = Math.max(1, Math.floor((width + gap) / (wanted + gap)));
    const cellWidth = (width - gap * (columns - 1)) / columns;
    if (!changed && columns === this.#columns && cellWidth === this.#cellWidth) return;
    this.#columns = columns;
    this.#cellWidth = cellWidth;
    this.#cellHeight = Math.round(cellWidth / this.aspect) + captionHeight;
    this.#cells.clear();
    const lines = Math.ceil(this.#rows.length / columns);
    this.element.style.height = `${Math.max(0, lines * (this.#cellHeight + gap) - gap)}px`;
    this.element.replaceChildren();
    this.#fill();
  }

  #fill() {
    if (this.element.clientWidth === 0) return;
    const top = this.element.getBoundingClientRect().top;
    const step = this.#cellHeight + gap;
    const first = Math.max(0, Math.floor((-top - ahead) / step)) * this.#columns;
    const last = Math.min(
      this.#rows.length,
      Math.ceil((innerHeight - top + ahead) / step) * this.#columns,
    );
    for (const [index, cell] of this.#cells) {
      if ((index < first || index >= last) && cell !== document.activeElement) {
        cell.remove();
        this.#cells.delete(index);
      }
    }
    for (let index = first; index < last; ++index) {
      if (!this.#cells.has(index)) this.#add(index);
    }
  }

  #add(index) {
    const row = this.#rows[index];
    const { picture, caption } = this.make(row);
    const cell = el(
      "button",
      { class: "cell", "data-index": index, onclick: () => this.open(row) },
      el("span", { class: "frame", style: `aspect-ratio: ${this.aspect}` }, picture),
      caption,
    );
    const column = index % this.#columns;
    const line = Math.floor(index / this.#columns);
    cell.style.width = `${this.#cellWidth}px`;
    cell.style.height = `${this.#cellHeight}px`;
    cell.style.transform =
      `translate(${column * (this.#cellWidth + gap)}px, ${line * (this.#cellHeight + gap)}px)`;
    this.#cells.set(index, cell);
    // In the order of the pictures, so that the Tab key goes along them.
    const after = [...this.element.children].find((other) => +other.dataset.index > index);
    this.element.insertBefore(cell, after ?? null);
  }

  #move(event) {
    const from = +event.target.closest(".cell")?.dataset.index;
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.#columns, ArrowDown: this.#columns };
    const to = from + by[event.key];
    if (!(to >= 0 && to < this.#rows.length)) return;
    event.preventDefault();
    if (!this.#cells.has(to)) this.#add(to);
    this.#cells.get(to).focus();
    this.#cells.get(to).scrollIntoView({ block: "nearest" });
  }

  /** Puts the keyboard on a row's picture, scrolling to it when it is far. */
  focus(row) {
    const index = this.#rows.indexOf(row);
    if (index < 0) return;
    if (!this.#cells.has(index)) this.#add(index);
    const cell = this.#cells.get(index);
    cell.scrollIntoView({ block: "nearest" });
    cell.focus({ preventScroll: true });
  }
}
