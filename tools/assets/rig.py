# SPDX-License-Identifier: Apache-2.0
"""The hand's joints: names, tree, A-MANO frames, limits (Table 2), and posing by linear blend skinning.

This is the numpy twin of the C++ skinning, for building, looking and testing. Angles: R = C Ra C^T with
C = [x twist, y splay, z bend] and Ra = Rz(bend) Ry(splay), in the right hand's model frame.
"""
import numpy as np

from common import unit

FINGERS = ("index", "middle", "pinky", "ring", "thumb")  # mano16 order
TIP_ORDER = ("thumb", "index", "middle", "ring", "pinky")  # order of tip_vertices
JOINT_NAMES = ("wrist",) + tuple(f"{f}{k}" for f in FINGERS for k in (1, 2, 3)) + ("forearm",)
PARENTS = np.array([-1] + [p for f in range(5) for p in (0, 3 * f + 1, 3 * f + 2)] + [0])
FOREARM = 16
FINGER_UP_HINT = np.array([0.0, 1.0, 0.0])
# Degrees; Table 2 of the paper. Only the five root joints splay.
BEND_LIMITS_DEG = np.array([
    [-25, 70], [-4, 110], [-8, 90], [-25, 80], [-7, 100], [-8, 90], [-22, 70], [-8, 90], [-8, 90],
    [-25, 70], [-10, 100], [-8, 90], [-20, 40], [-8, 50], [-10, 100],
], float)
SPLAY_LIMITS_DEG = np.zeros((15, 2))
SPLAY_LIMITS_DEG[[0, 3, 6, 9, 12]] = [[-25, 15], [-15, 15], [-20, 30], [-25, 15], [-30, 30]]


def joint_id(name):
    return JOINT_NAMES.index(name)


def amano_frames(joints, tips, thumb_up_hint):
    """joints [16+, 3], tips [5, 3] (TIP_ORDER) at rest -> C [15, 3, 3], columns x twist, y splay, z bend."""
    frames = []
    for j in range(1, 16):
        finger = FINGERS[(j - 1) // 3]
        child = tips[TIP_ORDER.index(finger)] if j % 3 == 0 else joints[j + 1]
        x = unit(joints[j] - child)
        z = unit(np.cross(x, thumb_up_hint if finger == "thumb" else FINGER_UP_HINT))
        frames.append(np.stack([x, np.cross(z, x), z], 1))
    return np.array(frames)


def axis_rotation(axis, angle):
    """Rotation by angle (radians) about one of the axes 0, 1, 2."""
    c, s = np.cos(angle), np.sin(angle)
    i, j = (axis + 1) % 3, (axis + 2) % 3
    rotation = np.eye(3)
    rotation[i, i] = rotation[j, j] = c
    rotation[i, j], rotation[j, i] = -s, s
    return rotation


def rotation_about(axis, angle):
    """Rodrigues: rotation by angle (radians) about a unit vector."""
    k = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    return np.eye(3) + np.sin(angle) * k + (1 - np.cos(angle)) * k @ k


def rotations_from_angles(frames, bend_deg, splay_deg):
    """bend_deg, splay_deg [15] -> local rotations [17, 3, 3] (wrist and forearm identity)."""
    rotations = np.tile(np.eye(3), (17, 1, 1))
    for j, (bend, splay) in enumerate(zip(np.radians(bend_deg), np.radians(splay_deg))):
        local = axis_rotation(2, bend) @ axis_rotation(1, splay)
        rotations[j + 1] = frames[j] @ local @ frames[j].T
    return rotations


def angles_from_directions(x_in_frame):
    """First column of Ra [..., 3] -> bend, splay (radians), exact for Ra = Rz(bend) Ry(splay)."""
    x, y, z = np.moveaxis(np.asarray(x_in_frame, float), -1, 0)
    return np.arctan2(y, x), np.arctan2(-z, np.hypot(x, y))


def joint_transforms(joints, rotations):
    """Rest joints [17, 3], local rotations [17, 3, 3] -> posed_from_rest [17, 3, 4]."""
    world = np.zeros((17, 3, 3))
    position = np.zeros((17, 3))
    for j in range(17):
        parent = PARENTS[j]
        if parent < 0:
            world[j], position[j] = rotations[j], joints[j]
        else:
            world[j] = world[parent] @ rotations[j]
            position[j] = position[parent] + world[parent] @ (joints[j] - joints[parent])
    offset = position - np.einsum("jab,jb->ja", world, joints)
    return np.concatenate([world, offset[:, :, None]], 2)


def skin_lbs(vertices, skin_weights, transforms):
    blended = np.einsum("vj,jab->vab", skin_weights, transforms)
    return np.einsum("vab,vb->va", blended[:, :, :3], vertices) + blended[:, :, 3]


class Hand:
    """A built hand (the npz arrays) that can be shaped and posed."""

    def __init__(self, arrays):
        self.arrays = arrays

    def rest(self, shape=None):
        a = self.arrays
        return a["template_vertices"] if shape is None else a["template_vertices"] + a["shape_dirs"] @ shape

    def frames(self, rest=None):
        a = self.arrays
        rest = self.rest() if rest is None else rest
        return amano_frames(a["joint_regressor"] @ rest, rest[a["tip_vertices"]], a["thumb_up_hint"])

    def posed(self, bend_deg, splay_deg, shape=None, correctives=True):
        """-> vertices [V, 3]"""
        return self.posed_by(rotations_from_angles(self.frames(), bend_deg, splay_deg), shape, correctives)

    def posed_by(self, rotations, shape=None, correctives=True):
        a = self.arrays
        rest = self.rest(shape)
        transforms = joint_transforms(a["joint_regressor"] @ rest, rotations)
        if correctives:
            rest = rest + a["pose_dirs"] @ (rotations[1:16] - np.eye(3)).ravel()
        return skin_lbs(rest, a["skin_weights"], transforms)
