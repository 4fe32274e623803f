// SPDX-License-Identifier: Apache-2.0
// The rows of the page, kept as columns: numbers, and words by number (report/rows.h writes them).

export class Table {
  constructor(columns) {
    this.columns = columns;
    this.count = columns.record.length;
    this.rowOfKey = new Map(columns.record.map((_, row) => [this.key(row), row]));
    this.rowsOfPose = new Map();
    columns.pose.forEach((pose, row) => {
      if (!this.rowsOfPose.has(pose)) this.rowsOfPose.set(pose, []);
      this.rowsOfPose.get(pose).push(row);
    });
  }

  number(name, row) {
    return this.columns[name][row];
  }

  /** The words of a row, none or several. */
  words(name, row) {
    const { values, rows } = this.columns[name];
    return [rows[row]].flat().map((index) => values[index]);
  }

  key(row) {
    return String(this.columns.record[row]).padStart(12, "0");
  }

  /** All views of the row's pose, itself among them. */
  views(row) {
    return this.rowsOfPose.get(this.columns.pose[row]);
  }

  /** Width over height of the picture in the middle of all by shape. */
  aspect() {
    const ratios = this.columns.width.map((width, row) => width / this.columns.height[row]);
    ratios.sort((a, b) => a - b);
    return ratios[ratios.length >> 1] || 1.5;
  }
}
