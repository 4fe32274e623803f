# SPDX-License-Identifier: Apache-2.0
"""Tiny data sets in others' layouts, with made-up numbers, written from the layouts' descriptions."""
import io
import json
import pickle

import numpy as np
from PIL import Image

# mano21 of InterHand2.6M's 21 (tip first, wrist last), and of MANO's 16 joints and five tips.
OF_INTERHAND = [4, 3, 2, 1, 8, 7, 6, 5, 12, 11, 10, 9, 16, 15, 14, 13, 20, 19, 18, 17, 0]
OF_MANO = [0, 13, 14, 15, 16, 1, 2, 3, 17, 4, 5, 6, 18, 10, 11, 12, 19, 7, 8, 9, 20]
SIDES = ("right", "left")


def picture(width, height, form="JPEG", seed=0):
    pixels = np.random.default_rng(seed).integers(0, 255, (height, width, 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, form)
    return out.getvalue()


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())


def interhand26m(folder, cameras, frames, images, split="train", size=(128, 84)):
    """cameras: name -> (R, position mm, focal, principal), all of capture 3. frames: number -> {joints [42, 3] mm in
    mano21 order a hand, valid [42], mano: {side: {pose, shape, trans} or None} or None}. images: (camera, frame,
    joints that the picture shows [42])."""
    annotations = folder / "annotations" / split

    def order(values):
        values = np.asarray(values)
        return np.concatenate([values[:21][OF_INTERHAND], values[21:][OF_INTERHAND]])

    data = {"images": [], "annotations": []}
    for i, (camera, frame, shown) in enumerate(images):
        name = f"Capture3/ROM01/cam{camera}/image{frame}.jpg"
        write(folder / "images" / split / name, picture(*size, seed=i))
        data["images"].append(
            {"id": i, "file_name": name, "width": size[0], "height": size[1], "capture": 3, "subject": 1,
             "seq_name": "ROM01", "camera": camera, "frame_idx": frame}
        )
        data["annotations"].append(
            {"id": 100 + i, "image_id": i, "bbox": [1, 2, 3, 4], "hand_type": "interacting", "hand_type_valid": 1,
             "joint_valid": [[int(v)] for v in order(shown)]}
        )
    write(annotations / f"InterHand2.6M_{split}_data.json", data)
    write(
        annotations / f"InterHand2.6M_{split}_camera.json",
        {"3": {what: {name: np.asarray(values[i]).tolist() for name, values in cameras.items()}
               for i, what in enumerate(("camrot", "campos", "focal", "princpt"))}},
    )
    write(
        annotations / f"InterHand2.6M_{split}_joint_3d.json",
        {"3": {str(number): {"world_coord": order(frame["joints"]).tolist(),
                             "joint_valid": [[int(v)] for v in order(frame["valid"])],
                             "hand_type": "interacting", "hand_type_valid": True}
               for number, frame in frames.items()}},
    )
    write(
        annotations / f"InterHand2.6M_{split}_MANO_NeuralAnnot.json",
        {"3": {str(number): frame["mano"] for number, frame in frames.items() if frame["mano"] is not None}},
    )


def ply(vertices, binary):
    head = (
        f"ply\nformat {'binary_little_endian' if binary else 'ascii'} 1.0\ncomment made for a test\n"
        f"element vertex {len(vertices)}\nproperty float x\nproperty float y\nproperty float z\n"
        "property uchar red\nelement face 1\nproperty list uchar int vertex_indices\nend_header\n"
    ).encode()
    if binary:
        rows = np.zeros(len(vertices), [("xyz", "<f4", 3), ("red", "u1")])
        rows["xyz"] = vertices
        return head + rows.tobytes() + b"\x03" + np.arange(3, dtype="<i4").tobytes()
    return head + "".join("{:.7f} {:.7f} {:.7f} 9\n".format(*v) for v in vertices).encode() + b"3 0 1 2\n"


def hic(folder, records):
    """records: {meshes: {side: vertices or None}, joints [28, 2] px from pixel centres, valid [28]}"""
    data = {"images": [], "annotations": []}
    for i, record in enumerate(records):
        name = f"01/1/rgb/{i:03d}.jpg"
        write(folder / name, picture(640, 480, seed=i))
        paths = {}
        for side in SIDES:
            mesh = record["meshes"][side]
            paths[side] = None if mesh is None else f"01/mano/{i:03d}_{side}.ply"
            if mesh is not None:
                write(folder / paths[side], ply(mesh, binary=side == "left"))
        data["images"].append({"id": i, "file_name": name, "width": 640, "height": 480, "seq_name": "01", "frame_idx": i})
        data["annotations"].append(
            {"id": i, "image_id": i, "bbox": [0, 0, 1, 1], "hand_type": "interacting",
             "joint_2d": np.asarray(record["joints"]).tolist(), "joint_valid": [int(v) for v in record["valid"]],
             "right_mano_path": paths["right"], "left_mano_path": paths["left"]}
        )
    write(folder / "HIC.json", data)


def h2o3d(folder, frames, split="train", protocol=2):
    """frames: the dictionaries of the pickles."""
    names = []
    for i, frame in enumerate(frames):
        name = f"SB{i % 2}/{i:04d}"
        names.append(name)
        sequence, number = name.split("/")
        write(folder / split / sequence / "rgb" / f"{number}.jpg", picture(64, 48, seed=i))
        write(folder / split / sequence / "meta" / f"{number}.pkl", pickle.dumps(frame, protocol=protocol))
    write(folder / f"{split}.txt", ("\n".join(names) + "\n").encode())


def ego3d(folder, records, size=(96, 54)):
    """records: (location_2d [2, 22, 2], location_3d_global [2, 22, 3]), left hand first, row before column."""
    for i, (flat, deep) in enumerate(records):
        place = folder / f"{i:05d}"
        write(place / "color_new.png", picture(*size, form="PNG", seed=i))
        np.save(place / "location_2d.npy", flat)
        np.save(place / "location_3d_global.npy", deep)
