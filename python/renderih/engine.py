# SPDX-License-Identifier: Apache-2.0
"""The C++ engine: poses, measures, rendering, hand files. Long calls let other threads run."""

import json
import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from . import _core
from .conventions import HANDS
from .errors import UserError
from .hand_model import HandModel


def _assets(given):
    folder = given or os.environ.get("RENDERIH_ASSETS")
    if not folder:
        raise UserError(
            "the open hand and poses are needed: give assets=FOLDER or set RENDERIH_ASSETS; "
            "tools/setup.sh of the sources makes the folder build/assets"
        )
    return os.fspath(folder)


def poses(
    count: int,
    *,
    seed: int = 0,
    hand: str | os.PathLike[str] = "open",
    assets: str | os.PathLike[str] | None = None,
    threads: int = 0,
    preset: str = "default",
    **posing: Any,
) -> dict[str, np.ndarray]:
    """Valid two-hand poses 0 .. count - 1 of a seed: name -> array, as `renderih poses` has them.

    `hand` is "open" or "RIGHT,LEFT" files; `preset` is default, paper or released; `posing` are
    options of docs/configuration.md, as without=["attraction"] (posing_options() lists them).
    `threads` 0 is every core. Arrays: docs/dataset_format.md. Ctrl-C ends it.
    """
    arrays = _core.make_poses(
        _whole("count", count),
        _whole("seed", seed),
        os.fspath(hand),
        _assets(assets),
        _whole("threads", threads),
        preset,
        posing,
    )
    return {name: np.asarray(array) for name, array in arrays.items()}


def posing_options(preset: str = "default") -> dict[str, Any]:
    """The options that poses() takes, with a preset's values."""
    return json.loads(_core.posing_options(preset))


def measure(
    vertices_a: ArrayLike, faces_a: ArrayLike, vertices_b: ArrayLike, faces_b: ArrayLike
) -> dict[str, Any]:
    """How two meshes meet, as a dict: the fields of `renderih measure --json` (docs/measures.md).

    Vertices [V, 3] in metres, faces [F, 3], counter-clockwise from outside; borders are capped.
    Contact areas are those of the first mesh.
    """
    meshes = []
    for name, vertices, faces in (("a", vertices_a, faces_a), ("b", vertices_b, faces_b)):
        vertices, faces = np.asarray(vertices), np.asarray(faces)
        for what, array, kinds in (("vertices", vertices, "fiu"), ("faces", faces, "iu")):
            if array.ndim != 2 or array.shape[1] != 3 or array.dtype.kind not in kinds:
                raise UserError(
                    f"{what}_{name}: has shape {array.shape} of {array.dtype}; expected [N, 3] "
                    f"{'numbers' if what == 'vertices' else 'whole numbers'}"
                )
        meshes += [
            np.ascontiguousarray(vertices, np.float64),
            np.ascontiguousarray(faces, np.int64),
        ]
    return json.loads(_core.measure_meshes(*meshes))


def render_scene(
    scene: str | os.PathLike[str] | dict[str, Any],
    *,
    folder: str | os.PathLike[str] = ".",
    spp: int = 64,
    seed: int = 0,
    threads: int = 0,
    subsurface: str = "walk",
    denoise: bool = False,
    aovs: Sequence[str] = (),
) -> dict[str, np.ndarray]:
    """Renders a scene: name -> [H, W, C] float32, "radiance" (linear Rec.709) and each of `aovs`.

    `scene` is a SCENE.json (docs/rendering.md) or such an object as a dict, whose relative paths
    start at `folder`. aovs: depth_z, normal, shading_normal, part, hand, amodal, uv, albedo,
    position; those of one channel are [H, W].
    """
    is_path = isinstance(scene, (str, os.PathLike))
    return _core.render_scene(
        os.fspath(scene) if is_path else "",
        "" if is_path else json.dumps(scene),
        os.fspath(folder),
        _whole("spp", spp),
        _whole("seed", seed),
        _whole("threads", threads),
        subsurface,
        bool(denoise),
        [aovs] if isinstance(aovs, str) else list(aovs),
    )


def load_hands(
    hand: str | os.PathLike[str] = "open", *, assets: str | os.PathLike[str] | None = None
) -> tuple[HandModel, HandModel]:
    """(right, left) HandModel of "open", one HAND.npz (mirrored), or "RIGHT,LEFT" files.

    MANO's .pkl and .npz are read as data, nothing in them is run. A hand of 16 joints gets a
    forearm.
    """
    hand = os.fspath(hand)
    arrays = _core.load_hands(hand, _assets(assets) if hand == "open" else "")
    right, left = (HandModel(arrays[side], f"{hand} ({side})") for side in HANDS)
    return right, left


def _whole(name, value):
    try:
        number = value.__index__()
    except AttributeError:
        number = -1
    if not 0 <= number < 1 << (64 if name in ("seed", "count") else 31):
        raise UserError(f"{name} is {value!r}; it must be a whole number of 0 or more")
    return number
