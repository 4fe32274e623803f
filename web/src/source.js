// SPDX-License-Identifier: Apache-2.0
// Where pictures, labels and meshes come from: blocks of the page itself (renderih report), read as
// they are asked for, or the server that sent the page (renderih view). Both know a thing by the
// same name: "/picture/000000000012".
import { bytesOfBase64, inflate, unpackFaces, unpackVertices } from "./packing.js";

class Embedded {
  /** A block's text; waits while the page is still being read. Null: there is none. */
  async text(name) {
    for (;;) {
      const block = document.getElementById(name);
      const reading = document.readyState === "loading";
      // A block is whole when something follows it, or when everything was read.
      if (block && (block.nextElementSibling || !reading)) return block.textContent;
      if (!reading) return null;
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  async pictureUrl(name) {
    const text = await this.text(name);
    return text ? `data:image/webp;base64,${text}` : null;
  }

  async bytes(name) {
    const text = await this.text(name);
    return text ? bytesOfBase64(text) : null;
  }

  memberUrl() {
    return null;
  }
}

class Live {
  async #get(name) {
    const response = await fetch(name);
    if (!response.ok) throw new Error((await response.text()).trim());
    return response;
  }

  async pictureUrl(name) {
    return name;
  }

  async bytes(name) {
    return new Uint8Array(await (await this.#get(name)).arrayBuffer());
  }

  memberUrl(key, name) {
    return `/member/${key}/${name}`;
  }
}

export function loadImage(url) {
  return new Promise((done, fail) => {
    const image = new Image();
    image.onload = () => done(image);
    image.onerror = () => fail(new Error("a picture cannot be read"));
    image.src = url;
  });
}

/** The pixels of an image. */
export function pixelsOf(image) {
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

export class Source {
  #blocks;
  #step;
  #surfaces = null;

  constructor(head) {
    this.#blocks = head.live ? new Live() : new Embedded();
    this.#step = head.vertex_step_m;
  }

  thumbnailUrl(key) {
    return this.#blocks.pictureUrl(`/thumbnail/${key}`);
  }

  /** {picture: image, labels: ImageData or null, json, depth: [near, far] or null, members} */
  async record(key) {
    const [url, labelBytes, details] = await Promise.all([
      this.#blocks.pictureUrl(`/picture/${key}`),
      this.#blocks.bytes(`/labels/${key}`),
      this.#details(key),
    ]);
    if (!url || !details) throw new Error("this record's files are damaged");
    const picture = await loadImage(url);
    let labels = null;
    if (labelBytes?.length) {
      const labelUrl = URL.createObjectURL(new Blob([labelBytes], { type: "image/webp" }));
      try {
        labels = pixelsOf(await loadImage(labelUrl));
      } finally {
        URL.revokeObjectURL(labelUrl);
      }
    }
    const { json, depth_m: depth, members } = details;
    return { picture, labels, json, depth, members };
  }

  async #details(key) {
    const packed = await this.#blocks.bytes(`/details/${key}`);
    return packed && JSON.parse(new TextDecoder().decode(await inflate(packed)));
  }

  /** The surfaces of both hands, and the posed vertices of the pose whose first row has `key`. */
  async hands(key) {
    this.#surfaces ??= this.#blocks.bytes("/faces").then(inflate).then(unpackFaces);
    const packed = await this.#blocks.bytes(`/vertices/${key}`);
    if (!packed) throw new Error("this pose's meshes are not in the page");
    const surfaces = await this.#surfaces;
    return { surfaces, ...unpackVertices(await inflate(packed), surfaces, this.#step) };
  }

  memberUrl(key, name) {
    return this.#blocks.memberUrl(key, name);
  }
}
