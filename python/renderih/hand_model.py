# SPDX-License-Identifier: Apache-2.0
"""The hand model in numpy: HAND.npz, and the formula of docs/dataset_format.md."""

import os
import zipfile
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .conventions import FOREARM, MANO21_SOURCE
from .errors import UserError

_MAX_BYTES = 1 << 30  # of all arrays together


class PosedHand(NamedTuple):
    """Points in metres, with the leading axes of the pose."""

    vertices: np.ndarray  # [..., V, 3]
    joints: np.ndarray  # [..., J, 3], mano16 and the forearm's
    keypoints: np.ndarray  # [..., 21, 3], mano21


class HandModel:
    """Constant arrays of one hand: V vertices, F faces, J = 16 or 17 joints, S shape coefficients.

    Arrays are attributes under their names in docs/dataset_format.md; `arrays` has them all.
    """

    def __init__(self, arrays: Mapping[str, ArrayLike], what: str = "hand model") -> None:
        self.arrays = dict(arrays)
        self._what = what
        self.template_vertices = self._floats("template_vertices", (None, 3))
        vertices = len(self.template_vertices)
        self.parents = self._indices("parents", (None,), low=-1)
        joints = len(self.parents)
        if joints not in (FOREARM, FOREARM + 1):
            raise UserError(f"{what}: has {joints} joints; expected 16 or 17")
        if not all(parent < joint for joint, parent in enumerate(self.parents)):
            raise UserError(f"{what}: parents: a parent must come before its children")
        self.faces = self._indices("faces", (None, 3), high=vertices)
        self.skin_weights = self._floats("skin_weights", (vertices, joints))
        self.joint_regressor = self._floats("joint_regressor", (joints, vertices))
        self.shape_dirs = self._floats("shape_dirs", (vertices, 3, None))
        self.pose_dirs = self._floats("pose_dirs", (vertices, 3, 135))
        self.tip_vertices = self._indices("tip_vertices", (5,), high=vertices)
        self.part_of_face = self._indices("part_of_face", (len(self.faces),))
        sides = np.ravel(self.arrays.get("side", ())).tolist()
        if sides not in (["right"], ["left"]):
            raise UserError(f"{what}: side is {str(sides)[:40]}; expected right or left")
        self.side: str = sides[0]

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "HandModel":
        """Reads HAND.npz; a data set has two, and `renderih hand` writes them."""
        try:
            with zipfile.ZipFile(path) as archive:
                if sum(entry.file_size for entry in archive.infolist()) > _MAX_BYTES:
                    raise UserError(f"{path}: has more than {_MAX_BYTES} bytes of arrays")
            with np.load(path, allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
        except UserError:
            raise
        except FileNotFoundError:
            raise UserError(f"{path}: there is no such file") from None
        except Exception as error:  # zipfile and numpy raise many kinds
            raise UserError(f"{path}: is no hand model that can be read: {error}") from None
        return cls(arrays, str(path))

    def _array(self, name, shape):
        array = self.arrays.get(name)
        if array is None:
            raise UserError(f"{self._what}: there is no array {name}")
        array = np.asarray(array)
        if array.ndim != len(shape) or any(
            want not in (None, have) for want, have in zip(shape, array.shape)
        ):
            raise UserError(f"{self._what}: {name} has shape {array.shape}; expected {shape}")
        return array

    def _floats(self, name, shape):
        array = self._array(name, shape)
        if array.dtype.kind not in "fiu" or not np.isfinite(array).all():
            raise UserError(f"{self._what}: {name}: expected finite numbers")
        return array.astype(np.float64)

    def _indices(self, name, shape, low=0, high=1 << 31):
        array = self._array(name, shape)
        in_range = array.size == 0 or low <= array.min() <= array.max() < high
        if array.dtype.kind not in "iu" or not in_range:
            raise UserError(f"{self._what}: {name}: expected whole numbers in {low} .. {high - 1}")
        return array.astype(np.int64)

    @property
    def joint_count(self) -> int:
        return len(self.parents)

    @property
    def shape_count(self) -> int:
        return self.shape_dirs.shape[2]

    def pose(
        self,
        pose: ArrayLike | None = None,
        shape: ArrayLike | None = None,
        translation: ArrayLike | None = None,
        forearm: ArrayLike | None = None,
    ) -> PosedHand:
        """Poses the hand, or many: leading axes of all arguments are broadcast.

        pose [..., 16, 3] axis-angle, shape [..., S], translation [..., 3] metres, forearm [..., 3]
        axis-angle; what is None is zero. Returns a PosedHand.
        """
        pose = self._argument("pose", pose, (16, 3))
        shape = self._argument("shape", shape, (self.shape_count,))
        translation = self._argument("translation", translation, (3,))
        if self.joint_count > FOREARM:
            forearm = self._argument("forearm", forearm, (3,))
        elif forearm is not None:
            raise UserError(f"{self._what}: has no forearm to turn")
        try:
            batch = np.broadcast_shapes(
                pose.shape[:-2],
                shape.shape[:-1],
                translation.shape[:-1],
                forearm.shape[:-1] if forearm is not None else (),
            )
        except ValueError:
            raise UserError("pose, shape, translation, forearm: leading axes differ") from None

        vertices = len(self.template_vertices)
        rest = self.template_vertices + _times(self.shape_dirs, shape)
        rest_joints = self.joint_regressor @ rest
        rotations = rotation_matrices(pose)
        feature = (rotations[..., 1:, :, :] - np.eye(3)).reshape(*pose.shape[:-2], 135)
        corrected = rest + _times(self.pose_dirs, feature)
        if forearm is not None:
            arm = rotation_matrices(np.broadcast_to(forearm, (*batch, 3)))
            rotations = np.concatenate(
                [np.broadcast_to(rotations, (*batch, 16, 3, 3)), arm[..., None, :, :]], axis=-3
            )
        turned, positions = self._chain(rotations, rest_joints)
        # A vertex bound to joint j alone goes to turned_j (x - rest_joint_j) + position_j.
        offsets = positions - np.einsum("...jab,...jb->...ja", turned, rest_joints)
        blended = self.skin_weights @ turned.reshape(*turned.shape[:-2], 9)
        blended = blended.reshape(*blended.shape[:-2], vertices, 3, 3)
        posed = np.einsum("...vab,...vb->...va", blended, corrected)
        posed = posed + self.skin_weights @ offsets + translation[..., None, :]
        joints = positions + translation[..., None, :]
        points = np.concatenate([joints[..., :16, :], posed[..., self.tip_vertices, :]], axis=-2)
        return PosedHand(posed, joints, points[..., MANO21_SOURCE, :])

    def _argument(self, name, value, shape):
        array = np.zeros(shape) if value is None else np.asarray(value, np.float64)
        if array.shape[-len(shape) :] != shape:
            raise UserError(f"{name} has shape {array.shape}; expected [..., {str(shape)[1:-1]}]")
        return array

    def _chain(self, rotations, rest_joints):
        """World rotation [..., J, 3, 3] and position [..., J, 3] of each joint."""
        turned, positions = [], []
        for joint, parent in enumerate(self.parents):
            turn, place = rotations[..., joint, :, :], rest_joints[..., joint, :]
            if parent >= 0:
                bone = place - rest_joints[..., parent, :]
                place = positions[parent] + (turned[parent] @ bone[..., None])[..., 0]
                turn = turned[parent] @ turn
            turned.append(turn)
            positions.append(place)
        shape = np.broadcast_shapes(*(place.shape for place in positions))
        return np.stack(turned, axis=-3), np.stack(
            [np.broadcast_to(place, shape) for place in positions], axis=-2
        )


def _times(directions, factors):
    """[V, 3, K] times [..., K]: one product of matrices, however many hands. [..., V, 3]"""
    flat = directions.reshape(-1, directions.shape[2])
    return (factors @ flat.T).reshape(*factors.shape[:-1], -1, 3)


def rotation_matrices(axis_angle: np.ndarray) -> np.ndarray:
    """[..., 3] axis-angle to [..., 3, 3] (Rodrigues)."""
    angle = np.linalg.norm(axis_angle, axis=-1)[..., None, None]
    x, y, z = np.moveaxis(axis_angle, -1, 0)
    zero = np.zeros_like(x)
    cross = np.stack([zero, -z, y, z, zero, -x, -y, x, zero], axis=-1)
    cross = cross.reshape(*axis_angle.shape, 3)
    # sinc keeps both factors exact at zero: sin(a)/a, and (1 - cos(a))/a^2 = sinc(a/2)^2 / 2.
    return (
        np.eye(3)
        + np.sinc(angle / np.pi) * cross
        + np.sinc(angle / (2 * np.pi)) ** 2 / 2 * (cross @ cross)
    )
