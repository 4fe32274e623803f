// SPDX-License-Identifier: Apache-2.0
// Both hands of a record in space, as they were posed: turned with the mouse, coloured by parts or
// by contact, with their joints. It starts where the picture's camera stood.
import {
  BufferGeometry,
  Color,
  CylinderGeometry,
  DirectionalLight,
  DoubleSide,
  Float32BufferAttribute,
  Group,
  HemisphereLight,
  Mesh,
  MeshBasicMaterial,
  MeshStandardMaterial,
  PerspectiveCamera,
  Scene,
  SphereGeometry,
  SRGBColorSpace,
  Vector3,
  WebGLRenderer,
} from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";

import { bones, handColours, partColours } from "./parts.js";

export const colourings = [
  { id: "parts", title: "Parts" },
  { id: "contact", title: "Contact" },
  { id: "plain", title: "Plain" },
];

const contactColour = new Color("#ff2e4d");
const plainColours = [new Color("#e0b79a"), new Color("#9dbbd8")];
const linearPartColours = partColours.map(
  ([r, g, b]) => new Color().setRGB(r / 255, g / 255, b / 255, SRGBColorSpace));

export class HandsView {
  #renderer;
  #scene = new Scene();
  #camera = new PerspectiveCamera(35, 1, 0.01, 10);
  #controls = null;
  #meshes = new Group();
  #joints = new Group();
  #marks = new Group(); // where the hands touch
  #hands = null; // what is shown, with the record
  #record = null;
  #pending = 0;

  /** Throws when the browser has no WebGL. */
  constructor() {
    this.#renderer = new WebGLRenderer({ antialias: true, alpha: true });
    this.canvas = this.#renderer.domElement;
    this.canvas.setAttribute("aria-label", "both hands in space; drag to turn, wheel to zoom");
    this.#scene.add(this.#meshes, this.#marks, this.#joints, new HemisphereLight("#fff", "#777", 1.6));
    // From above the viewer's left shoulder, wherever the viewer goes.
    const lamp = new DirectionalLight("#fff", 2.2);
    lamp.position.set(-0.6, 1, 1);
    this.#camera.add(lamp);
    this.#scene.add(this.#camera);
    new ResizeObserver(() => this.#resize()).observe(this.canvas);
  }

  /** `hands` as Source.hands() gives them, `json` the record's. */
  show(hands, json, { colouring, joints }) {
    const first = this.#record !== json;
    this.#hands = hands;
    this.#record = json;
    this.#joints.visible = joints;
    this.#colour(colouring);
    this.#addJoints();
    if (first) this.resetCamera();
    this.draw();
  }

  setJoints(visible) {
    this.#joints.visible = visible;
    // Joints lie inside and contacts between the hands: the skin lets them through.
    const through = visible || this.#marks.children.length > 0;
    for (const mesh of this.#meshes.children) {
      mesh.material.transparent = through;
      mesh.material.opacity = through ? 0.5 : 1;
      mesh.material.depthWrite = !through;
      mesh.material.needsUpdate = true;
    }
    this.draw();
  }

  #clear(group) {
    for (const mesh of group.children) {
      mesh.geometry.dispose();
      mesh.material.dispose();
    }
    group.clear();
  }

  #colour(colouring) {
    this.#clear(this.#meshes);
    this.#clear(this.#marks);
    const contacts = this.#record.interaction.contact_vertices;
    const touched = [contacts.right, contacts.left];
    this.#hands.surfaces.forEach((surface, side) => {
      const points = this.#hands.hands[side];
      const geometry = flatColoured(
        surface.faces,
        points,
        colouring === "parts" ? (face) => linearPartColours[surface.parts[face]] : () => plainColours[side],
      );
      const material = new MeshStandardMaterial({ vertexColors: true, roughness: 0.6, metalness: 0 });
      this.#meshes.add(new Mesh(geometry, material));
      if (colouring === "contact") {
        const faces = facesOf(surface.faces, new Set(touched[side]));
        if (faces.length > 0) {
          this.#marks.add(new Mesh(flatColoured(faces, points, () => contactColour),
            new MeshBasicMaterial({ color: contactColour, side: DoubleSide })));
        }
      }
    });
    this.setJoints(this.#joints.visible);
  }

  setColouring(colouring) {
    if (!this.#hands) return;
    this.#colour(colouring);
  }

  #addJoints() {
    this.#clear(this.#joints);
    const sphere = new SphereGeometry(0.0032, 16, 12);
    const worldFromCam = inverse(this.#record.camera.cam_from_world);
    const { right, left } = this.#record.hands;
    [right, left].forEach((hand, side) => {
      const points = hand.joints_in_cam.map((p) =>
        worldFromCam(p).sub(new Vector3(...this.#hands.origin)));
      const material = new MeshBasicMaterial({ color: handColours[side] });
      for (const point of points) {
        const joint = new Mesh(sphere, material);
        joint.position.copy(point);
        this.#joints.add(joint);
      }
      for (const [a, b] of bones) {
        const length = points[a].distanceTo(points[b]);
        const bone = new Mesh(new CylinderGeometry(0.0012, 0.0012, length, 8), material);
        bone.position.lerpVectors(points[a], points[b], 0.5);
        bone.quaternion.setFromUnitVectors(
          new Vector3(0, 1, 0), points[b].clone().sub(points[a]).normalize());
        this.#joints.add(bone);
      }
    });
  }

  /** Where the picture's camera stood. Scene coordinates are the world's less `origin`. */
  resetCamera() {
    if (!this.#record) return;
    const { cam_from_world: m } = this.#record.camera;
    const toWorld = inverse(m);
    const centre = toWorld([0, 0, 0]).sub(new Vector3(...this.#hands.origin));
    const axis = (row) => new Vector3(m[row][0], m[row][1], m[row][2]); // of the camera, in the world
    this.#camera.up.copy(axis(1).negate());
    this.#camera.position.copy(centre);
    // It looks at the middle of the hands from there, as near as a longer lens brings them.
    const target = this.#middle();
    const distance = Math.max(0.05, centre.distanceTo(target));
    this.#camera.fov = (360 / Math.PI) * Math.atan(Math.min(1, this.#radius(target) / distance));
    this.#controls?.dispose();
    this.#controls = new OrbitControls(this.#camera, this.canvas);
    this.#controls.target.copy(target);
    this.#controls.minDistance = 0.08;
    this.#controls.maxDistance = 2;
    this.#controls.addEventListener("change", () => this.draw());
    this.#controls.listenToKeyEvents?.(this.canvas);
    this.#resize();
    this.#controls.update();
    this.draw();
  }

  /** Calls see(point) for the joints of both hands. */
  #eachJoint(see) {
    for (const mesh of this.#joints.children) {
      if (mesh.geometry.type === "SphereGeometry") see(mesh.position);
    }
  }

  #middle() {
    const sum = new Vector3();
    let count = 0;
    this.#eachJoint((point) => {
      sum.add(point);
      ++count;
    });
    return sum.divideScalar(Math.max(1, count));
  }

  /** Of the sphere about `middle` that holds both hands without their forearms, m. */
  #radius(middle) {
    let radius = 0.05;
    this.#eachJoint((point) => { radius = Math.max(radius, point.distanceTo(middle)); });
    return radius + 0.02;
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (width === 0 || height === 0) return;
    this.#renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
    this.#renderer.setSize(width, height, false);
    this.#camera.aspect = width / height;
    this.#camera.updateProjectionMatrix();
    this.draw();
  }

  draw() {
    if (this.#pending) return;
    this.#pending = requestAnimationFrame(() => {
      this.#pending = 0;
      if (this.canvas.clientWidth > 0) this.#renderer.render(this.#scene, this.#camera);
    });
  }
}

/** x_in_world of x_in_cam. */
function inverse(m) {
  return ([x, y, z]) => {
    const d = [x - m[0][3], y - m[1][3], z - m[2][3]];
    return new Vector3(...[0, 1, 2].map((i) => m[0][i] * d[0] + m[1][i] * d[1] + m[2][i] * d[2]));
  };
}

/** The faces with at least two corners among `vertices`. */
function facesOf(faces, vertices) {
  const found = [];
  for (let f = 0; f < faces.length; f += 3) {
    const corners = [faces[f], faces[f + 1], faces[f + 2]];
    if (corners.filter((vertex) => vertices.has(vertex)).length >= 2) found.push(...corners);
  }
  return found;
}

/**
 * Faces with corners of their own, so that parts have sharp borders on a smooth surface. Normals are
 * those of the whole surface when `faces` are all of it.
 */
function flatColoured(faces, points, colourOf) {
  const smooth = new BufferGeometry();
  smooth.setAttribute("position", new Float32BufferAttribute(points, 3));
  smooth.setIndex([...faces]);
  smooth.computeVertexNormals();
  const normals = smooth.getAttribute("normal").array;
  const geometry = new BufferGeometry();
  const position = new Float32Array(3 * faces.length);
  const normal = new Float32Array(3 * faces.length);
  const colour = new Float32Array(3 * faces.length);
  faces.forEach((vertex, corner) => {
    const paint = colourOf(Math.floor(corner / 3));
    for (let axis = 0; axis < 3; ++axis) {
      position[3 * corner + axis] = points[3 * vertex + axis];
      normal[3 * corner + axis] = normals[3 * vertex + axis];
    }
    colour.set([paint.r, paint.g, paint.b], 3 * corner);
  });
  geometry.setAttribute("position", new Float32BufferAttribute(position, 3));
  geometry.setAttribute("normal", new Float32BufferAttribute(normal, 3));
  geometry.setAttribute("color", new Float32BufferAttribute(colour, 3));
  return geometry;
}
