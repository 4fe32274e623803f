// SPDX-License-Identifier: Apache-2.0
// What can be drawn over a picture.
import { amodalOutline, depthImage, partsImage } from "./label_images.js";
import { bones, handColours } from "./parts.js";

export const overlays = [
  { id: "joints", title: "Joints", key: "j" },
  { id: "boxes", title: "Boxes", key: "b" },
  { id: "parts", title: "Parts", key: "p" },
  { id: "amodal", title: "Amodal", key: "a" },
  { id: "depth", title: "Depth", key: "d" },
];

/** Colour of a hidden joint's ring, by what hides it. */
export const occluders = {
  self: { title: "hidden by its own hand", colour: "#ffe14d" },
  other: { title: "hidden by the other hand", colour: "#ff4d6d" },
  thing: { title: "hidden by a thing", colour: "#c77dff" },
  frame: { title: "outside the picture", colour: "#9aa2ad" },
};

/** Draws `record` (of Source) into a context of `width` x `height` CSS pixels. */
export function drawRecord(context, record, shown, { width, height }) {
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.drawImage(record.picture, 0, 0, width, height);
  if (record.labels) {
    context.imageSmoothingEnabled = false;
    const put = (image) => context.drawImage(image, 0, 0, width, height);
    if (shown.includes("depth")) put(depthImage(record.labels, 225));
    if (shown.includes("parts")) put(partsImage(record.labels, 165));
    if (shown.includes("amodal")) put(amodalOutline(record.labels));
  }
  const scale = width / record.json.image.width;
  [record.json.hands.right, record.json.hands.left].forEach((hand, side) => {
    if (shown.includes("boxes")) drawBox(context, hand, handColours[side], scale);
    if (shown.includes("joints")) drawJoints(context, hand, handColours[side], scale);
  });
}

function drawBox(context, hand, colour, scale) {
  const [x, y, w, h] = hand.bbox_px.map((value) => value * scale);
  if (!(w > 0 && h > 0)) return;
  context.lineWidth = 2;
  context.strokeStyle = colour;
  context.strokeRect(x, y, w, h);
}

function drawJoints(context, hand, colour, scale) {
  const at = hand.joints_px.map(([x, y]) => [x * scale, y * scale]);
  context.lineCap = "round";
  for (const [a, b] of bones) {
    const seen = hand.joint_visible[a] && hand.joint_visible[b];
    for (const [style, width] of [["#000a", 4], [colour, 2]]) {
      context.strokeStyle = style;
      context.lineWidth = width;
      context.globalAlpha = seen ? 1 : 0.45;
      context.beginPath();
      context.moveTo(...at[a]);
      context.lineTo(...at[b]);
      context.stroke();
    }
  }
  context.globalAlpha = 1;
  at.forEach(([x, y], joint) => {
    const seen = hand.joint_visible[joint];
    context.beginPath();
    context.arc(x, y, seen ? 4 : 4.5, 0, 7);
    context.fillStyle = seen ? colour : "#14161acc";
    context.fill();
    context.lineWidth = seen ? 1.2 : 2;
    context.strokeStyle = seen ? "#fff" : occluders[hand.joint_occluded_by[joint]]?.colour ?? colour;
    context.stroke();
  });
}
