// SPDX-License-Identifier: Apache-2.0
// Makes a report of many records out of one of few, to measure pages of any size:
// node repeat.mjs IN.html OUT.html RECORDS [single]. Rows and blocks are repeated under new keys; bytes
// of a record stay what they were. With `single` each record is a pose of its own, with its meshes.
import { readFileSync, writeFileSync } from "node:fs";

const [input, output, wanted, single] = process.argv.slice(2);
const text = readFileSync(input, "utf8");
const block = /<script type="text\/plain" id="([^"]+)">([^<]*)<\/script>\n/g;
const blocks = new Map([...text.matchAll(block)].map(([, id, content]) => [id, content]));
const headMark = '<script type="application/json" id="head">';
const headAt = text.indexOf(headMark) + headMark.length;
const headEnd = text.indexOf("</script>", headAt);
const head = JSON.parse(text.slice(headAt, headEnd));
const few = head.columns.record.length;
const count = Number(wanted);

const oldKeys = head.columns.record.map((record) => String(record).padStart(12, "0"));
const poses = Math.max(...head.columns.pose) + 1;
const repeated = (list) => Array.from({ length: count }, (_, i) => list[i % few]);
for (const column of Object.values(head.columns)) {
  if (Array.isArray(column)) column.splice(0, few, ...repeated(column));
  else column.rows = repeated(column.rows);
}
const records = Math.max(...head.columns.record) + 1;
head.columns.record = head.columns.record.map((record, i) => record + records * Math.floor(i / few));
head.columns.pose = head.columns.pose.map((pose, i) => pose + poses * Math.floor(i / few));
const firstOfPose = head.columns.pose.map((pose, i, all) => all.indexOf(pose) % few);
if (single) head.columns.pose = head.columns.record;
head.records = count;
head.poses = new Set(head.columns.pose).size;

const kinds = ["thumbnail", "picture", "labels", "details", "vertices"];
const one = (kind, i) => {
  const from = kind === "vertices" && single ? firstOfPose[i] : i % few;
  const content = blocks.get(`/${kind}/${oldKeys[from]}`);
  const key = String(head.columns.record[i]).padStart(12, "0");
  return content === undefined ? "" :
    `<script type="text/plain" id="/${kind}/${key}">${content}</script>\n`;
};
const all = Array.from({ length: count }, (_, i) => i);
const first = text.search(block);
const last = text.lastIndexOf("</script>\n") + "</script>\n".length;
writeFileSync(output, [
  text.slice(0, headAt), JSON.stringify(head).replaceAll("<", "\\u003c"), text.slice(headEnd, first),
  ...all.map((i) => one("thumbnail", i)),
  `<script type="text/plain" id="/faces">${blocks.get("/faces")}</script>\n`,
  ...all.map((i) => kinds.slice(1).map((kind) => one(kind, i)).join("")),
  text.slice(last),
].join(""));
