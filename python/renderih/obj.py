# SPDX-License-Identifier: Apache-2.0
"""Meshes as Wavefront OBJ, which every viewer opens."""

import os

import numpy as np
from numpy.typing import ArrayLike


def write_obj(path: str | os.PathLike[str], vertices: ArrayLike, faces: ArrayLike) -> None:
    """Writes vertices [V, 3] and faces [F, 3] (indices from 0)."""
    vertices = np.asarray(vertices, np.float64).reshape(-1, 3)
    faces = np.asarray(faces, np.int64).reshape(-1, 3) + 1
    with open(path, "w", encoding="ascii") as file:
        file.writelines(f"v {x!r} {y!r} {z!r}\n" for x, y, z in vertices.tolist())
        file.writelines(f"f {a} {b} {c}\n" for a, b, c in faces.tolist())
