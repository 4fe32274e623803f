# SPDX-License-Identifier: Apache-2.0
"""One record: its label as a plain dict, the numbers most asked for as arrays, its pictures."""

from typing import TYPE_CHECKING, Any

import numpy as np

from . import pictures
from .conventions import HANDS
from .errors import UserError
from .files import is_count, parse_json

if TYPE_CHECKING:
    from .shard import Shard


class Record:
    """A record of a data set. Nothing is read before it is asked for.

    `label` is KEY.json as a dict, with every field of docs/dataset_format.md. The properties below
    it are the same numbers of both hands as arrays, hand 0 the right one.
    """

    __slots__ = ("_shard", "_row", "_places", "_label")

    def __init__(self, shard: "Shard", row: int) -> None:
        self._shard = shard
        self._row = row
        self._places: dict[str, tuple[int, int]] | None = None
        self._label: dict[str, Any] | None = None

    @property
    def key(self) -> str:
        """Twelve digits."""
        return self._shard.index.keys[self._row]

    @property
    def split(self) -> str:
        return self._shard.split

    @property
    def members(self) -> tuple[str, ...]:
        """Names of the files of this record, as "rgb.jpg"."""
        return tuple(self._members())

    def _members(self):
        if self._places is None:
            self._places = self._shard.index.members(self._row)
        return self._places

    def __repr__(self) -> str:
        return f"<renderih.Record {self.split} {self.key}>"

    def read(self, member: str) -> bytes:
        """The bytes of one of `members`."""
        place = self._members().get(member)
        if place is None:
            names = ", ".join(self.members)
            raise UserError(f"{self._what}: has no member {member}; it has {names}")
        return self._shard.read(self.key, member, place)

    @property
    def label(self) -> dict[str, Any]:
        """KEY.json as a dict."""
        if self._label is None:
            label = parse_json(self.read("json"), self._what)
            if label.get("key") != self.key:
                raise UserError(f"{self._what}: its label is another record's")
            self._label = label
        return self._label

    @property
    def _what(self):
        return f"{self._shard.path} {self.key}"

    # Pictures

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        image = self.label.get("image")
        size = (image.get("width"), image.get("height")) if isinstance(image, dict) else (0, 0)
        if not all(is_count(side, 1, 16384) for side in size):
            raise UserError(f"{self._what}: image: expected width and height, 1 to 16384")
        return size

    def picture(self, name: str = "rgb") -> np.ndarray:
        """rgb, seg, depth, amodal, normal, albedo or uv as the file has it.

        [H, W] or [H, W, 3]; uint8, but uint16 for depth (0.1 mm, 0 = none) and uv.
        """
        return pictures.decode(self.read, self.members, name, self.size, self._what)

    def depth_m(self) -> np.ndarray:
        """[H, W] float32, z in the camera in metres; 0 where there is nothing."""
        return self.picture("depth") * np.float32(1e-4)

    # Numbers

    def _numbers(self, shape, *path):
        value = self.label
        try:
            for name in path:
                value = value[name]
            array = np.array(value, np.float64)
        except (KeyError, TypeError, ValueError):
            array = None
        if (
            array is None
            or array.ndim != len(shape)
            or any(want not in (-1, have) for want, have in zip(shape, array.shape))
        ):
            raise UserError(f"{self._what}: {'.'.join(path)}: expected numbers of shape {shape}")
        return array

    def _both_hands(self, shape, *path):
        right, left = (self._numbers(shape, "hands", hand, *path) for hand in HANDS)
        if right.shape != left.shape:
            raise UserError(f"{self._what}: {'.'.join(path)}: is not as long for both hands")
        return np.stack([right, left])

    @property
    def intrinsics(self) -> np.ndarray:
        """[3, 3] K; pixel (0.5, 0.5) is the centre of the top-left one."""
        fx, fy, cx, cy = (self._numbers((), "camera", n) for n in ("fx", "fy", "cx", "cy"))
        return np.array([[fx, 0, cx], [0, fy, cy], [0, 0, 1]], np.float64)

    @property
    def cam_from_world(self) -> np.ndarray:
        """[3, 4]; x right, y down, z forward, metres."""
        return self._numbers((3, 4), "camera", "cam_from_world")

    @property
    def joints_in_cam(self) -> np.ndarray:
        """[2, 21, 3] metres, mano21."""
        return self._both_hands((21, 3), "joints_in_cam")

    @property
    def joints_px(self) -> np.ndarray:
        """[2, 21, 2] continuous pixels."""
        return self._both_hands((21, 2), "joints_px")

    @property
    def joint_visible(self) -> np.ndarray:
        """[2, 21] bool."""
        return self._both_hands((21,), "joint_visible").astype(bool)

    @property
    def bbox_px(self) -> np.ndarray:
        """[2, 4] x, y, width, height of each hand's visible pixels."""
        return self._both_hands((4,), "bbox_px")

    @property
    def pose(self) -> np.ndarray:
        """[2, 16, 3] axis-angle of each joint, each hand in its own model's frame."""
        return self._both_hands((16, 3), "pose")

    @property
    def forearm(self) -> np.ndarray:
        """[2, 3] axis-angle of the forearm."""
        return self._both_hands((3,), "forearm", "rotation")

    @property
    def shape(self) -> np.ndarray:
        """[2, S] shape coefficients."""
        return self._both_hands((-1,), "shape")

    @property
    def translation(self) -> np.ndarray:
        """[2, 3] metres, world."""
        return self._both_hands((3,), "translation")
