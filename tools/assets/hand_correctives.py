# SPDX-License-Identifier: Apache-2.0
"""Pose correctives: what linear blend skinning loses at bent joints, fitted as pose_dirs [V, 3, 135].

First the distance of skin from the joint is kept (dual quaternion skinning: knuckles stay full), then the two
sides of a finger crease are let meet in the bisecting plane instead of running through each other. What has
to move, taken back to rest, is fitted over random poses and identities by ridge regression; a vertex answers
only to joints near it.
"""
from typing import NamedTuple

import numpy as np

import mesh
import rig
from common import smoothstep, unit

POSES, SEED = 400, 0
RIDGE = 2e-3  # relative to the number of poses
NEAR_JOINT_M, CREASE_HALF_LENGTH_M = 0.024, 0.020
CREASE_BEND_DEG = 15, 40  # from none to a whole crease
SMOOTHING_STEPS = 2
# One step moves skin by what is missing on average over all poses, which is less than where it is most.
UNFOLDING_STEPS, UNFOLDING_GAIN = 10, 3.0
MAX_OFFSET_M = 0.007  # per posed vertex; a larger target is a fault of the target, not of the skinning


class Crease(NamedTuple):
    """Where the skin beside a crease may not go: nearer to its plane than gap_m + slope x (way along the bone)."""

    gap_m: float
    slope: float
    bulge: float  # of what is moved, towards the inside of the bend


FIRST_CREASE, LATER_CREASE = Crease(2e-4, 0.04, 0.2), Crease(2e-4, 0, 0)


class Pose(NamedTuple):
    """One hand to fit to."""

    bend_deg: np.ndarray  # [15]
    features: np.ndarray  # [135]
    rest: np.ndarray  # [V, 3], of the identity
    joints: np.ndarray  # [17, 3]
    transforms: np.ndarray  # [17, 3, 4], posed from rest


def fit_pose_dirs(template, frames, shape_dirs, joint_regressor):
    """-> pose_dirs [V, 3, 135] for features (R - I) of joints 1..15, row-major."""
    poses, offsets = [], []
    for bend, splay, shape in zip(*_sample_angles_and_shapes(shape_dirs.shape[2])):
        rotations = rig.rotations_from_angles(frames, bend, splay)
        rest = template.vertices + shape_dirs @ shape
        joints = joint_regressor @ rest
        poses.append(Pose(bend, (rotations[1:16] - np.eye(3)).ravel(), rest, joints,
                          rig.joint_transforms(joints, rotations)))
        offsets.append(_volume_offset(template, rotations))
    features = np.array([pose.features for pose in poses])
    pose_dirs = _finish(template, _ridge_by_neighbourhood(features, np.array(offsets), _near_joints(template)))
    pose_dirs += _unfolding(template, frames, poses, pose_dirs, FIRST_CREASE)
    for _ in range(UNFOLDING_STEPS):
        pose_dirs += UNFOLDING_GAIN * _unfolding(template, frames, poses, pose_dirs, LATER_CREASE)
    return pose_dirs


def _finish(template, pose_dirs):
    pose_dirs = mesh.smooth(pose_dirs, mesh.undirected_edges(template.quads), SMOOTHING_STEPS)
    forearm = template.skin_weights[:, rig.FOREARM]
    return pose_dirs * (1 - smoothstep(0.02, 0.3, forearm))[:, None, None]


def _unfolding(template, frames, poses, pose_dirs, crease):
    """What to add to pose_dirs for skin to stay on its side of each crease: one step, to be repeated.

    Two functions of a bend (sine and cosine) cannot follow a target that begins at some bend, and fall short
    at the largest ones; steps that see only what is still missing make them overshoot as much as it takes.
    A crease's part is fitted to its own joint alone, so that a straight joint gets nothing.
    """
    added = np.zeros_like(pose_dirs)
    for j in range(1, 16):
        finger = slice(j - (j - 1) % 3, j - (j - 1) % 3 + 3)
        if j == finger.start:
            continue
        members = np.flatnonzero(template.skin_weights[:, finger].any(1))
        weights, dirs = template.skin_weights[members], pose_dirs[members]
        missing = np.zeros((POSES, len(members), 3))
        for n, pose in enumerate(poses):
            if pose.bend_deg[j - 1] > CREASE_BEND_DEG[0]:
                rest = pose.rest[members]
                blended, posed = _skin(weights, pose.transforms, rest + dirs @ pose.features)
                moved = _crease_move(j, pose, frames[j - 1][:, 0], rest, posed, weights[:, finger].sum(1), crease)
                some = np.flatnonzero(moved.any(1))
                missing[n, some] = np.linalg.solve(blended[some, :, :3], moved[some, :, None])[:, :, 0]
        columns = slice(9 * j - 9, 9 * j)
        x = np.array([pose.features[columns] for pose in poses])
        gram = x.T @ x + RIDGE * POSES * np.eye(9)
        solution = np.linalg.solve(gram, x.T @ missing.reshape(POSES, -1))
        added[members, :, columns] = solution.T.reshape(len(members), 3, 9)
    return _finish(template, added)


def _sample_angles_and_shapes(shape_count):
    """-> bend, splay [POSES, 15] degrees, uniform in Table 2, shape [POSES, S] standard deviations.

    Of the angles, a sixth are 0 and a quarter at the upper limit, where skin folds most; half of the poses
    have the mean shape.
    """
    rng = np.random.default_rng(SEED)

    def draw(limits):
        kind = rng.random((POSES, 15))
        uniform = rng.uniform(limits[:, 0], limits[:, 1], (POSES, 15))
        return np.where(kind < 1 / 6, 0, np.where(kind > 0.75, limits[:, 1], uniform))

    shape = rng.uniform(-2, 2, (POSES, shape_count))
    shape[::2] = 0
    return draw(rig.BEND_LIMITS_DEG), draw(rig.SPLAY_LIMITS_DEG), shape


def _skin(skin_weights, transforms, rest):
    """-> each vertex's blended transform [V, 3, 4] and its posed place [V, 3]"""
    blended = np.einsum("vj,jab->vab", skin_weights, transforms)
    return blended, np.einsum("vab,vb->va", blended[:, :, :3], rest) + blended[:, :, 3]


def _volume_offset(template, rotations):
    """Offset in rest space that makes plain skinning keep the volume. -> [V, 3]"""
    transforms = rig.joint_transforms(template.joints, rotations)
    blended, plain = _skin(template.skin_weights, transforms, template.vertices)
    target = skin_dual_quaternion(template.vertices, template.skin_weights, transforms)
    offset = np.linalg.solve(blended[:, :, :3], (target - plain)[:, :, None])[:, :, 0]
    length = np.linalg.norm(offset, axis=1, keepdims=True)
    return offset * np.minimum(1, MAX_OFFSET_M / length.clip(1e-12))


def skin_dual_quaternion(vertices, skin_weights, transforms):
    """Kavan et al. 2007: blend unit dual quaternions, so that volume is kept about the joints."""
    real = np.array([_quaternion(m[:, :3]) for m in transforms])
    for j in range(1, len(real)):  # the short way from each parent: a curled finger turns by more than 180 in all
        real[j] *= -1 if real[j] @ real[rig.PARENTS[j]] < 0 else 1
    translation = np.concatenate([np.zeros((len(real), 1)), transforms[:, :, 3]], 1)
    dual = 0.5 * _quaternion_product(translation, real)
    blend_real, blend_dual = skin_weights @ real, skin_weights @ dual
    norm = np.linalg.norm(blend_real, axis=1, keepdims=True)
    blend_real, blend_dual = blend_real / norm, blend_dual / norm
    conjugate = blend_real * [1, -1, -1, -1]
    moved = 2 * _quaternion_product(blend_dual, conjugate)[:, 1:]
    w, xyz = blend_real[:, :1], blend_real[:, 1:]
    return vertices + 2 * np.cross(xyz, np.cross(xyz, vertices) + w * vertices) + moved


def _quaternion(rotation):
    """Rotation matrix -> (w, x, y, z) by the largest of the four."""
    m = rotation
    candidates = np.array([m.trace(), m[0, 0], m[1, 1], m[2, 2]])
    if candidates.argmax() == 0:
        q = np.array([1 + m.trace(), m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1]])
    else:
        i = candidates.argmax() - 1
        j, k = (i + 1) % 3, (i + 2) % 3
        q = np.zeros(4)
        q[0] = m[k, j] - m[j, k]
        q[1 + i] = 1 + m[i, i] - m[j, j] - m[k, k]
        q[1 + j] = m[j, i] + m[i, j]
        q[1 + k] = m[k, i] + m[i, k]
    return q / np.linalg.norm(q)


def _quaternion_product(a, b):
    aw, av, bw, bv = a[..., :1], a[..., 1:], b[..., :1], b[..., 1:]
    return np.concatenate([aw * bw - (av * bv).sum(-1, keepdims=True), aw * bv + bw * av + np.cross(av, bv)], -1)


def _crease_move(j, pose, rest_axis, rest, posed, share, crease):
    """Move the flesh at joint j to its own side of the plane that halves the bend, bulging a little.

    rest_axis: towards the wrist; rest, posed [M, 3]; share [M]: of the vertex that belongs to the finger.
    -> displacement [M, 3]
    """
    strength = float(smoothstep(*CREASE_BEND_DEG, pose.bend_deg[j - 1]))
    along = (rest - pose.joints[j]) @ rest_axis
    # A crease reaches CREASE_HALF_LENGTH_M, but not past the neighbouring joint.
    reach = np.where(along > 0, _bone_length(pose.joints, j - 1), _bone_length(pose.joints, j))
    reach = np.minimum(CREASE_HALF_LENGTH_M, 0.9 * reach)
    # Not the web of the thumb: pushed to one side, it would tear.
    member = smoothstep(0.6, 0.95, share) * (1 - smoothstep(0.6, 1, np.abs(along) / reach))
    joint = pose.transforms[j, :, :3] @ pose.joints[j] + pose.transforms[j, :, 3]
    proximal = pose.transforms[j - 1, :, :3] @ rest_axis
    distal = -pose.transforms[j, :, :3] @ rest_axis
    inner, normal = unit(proximal + distal), unit(distal - proximal)
    offset = posed - joint
    side = np.where(along < 0, 1.0, -1.0)  # distal flesh belongs on the side of the normal
    wanted = crease.gap_m + crease.slope * np.abs(along)
    depth = (wanted - side * (offset @ normal)).clip(0)
    depth *= smoothstep(0, 0.004, offset @ inner) * member * strength
    return (side * depth)[:, None] * normal + (crease.bulge * depth)[:, None] * inner


def _bone_length(joints, j):
    return np.inf if j % 3 == 0 else np.linalg.norm(joints[j + 1] - joints[j])


def _near_joints(template):
    """bool [V, 15]: joints 1..15 that a vertex answers to."""
    weights = template.skin_weights
    near = weights[:, 1:16] > 1e-3
    distance = np.linalg.norm(template.vertices[:, None] - template.joints[None, 1:16], axis=2)
    finger = np.repeat(weights[:, 1:16].reshape(-1, 5, 3).sum(2), 3, axis=1)
    return near | ((finger > 0.3) & (distance < NEAR_JOINT_M))


def _ridge_by_neighbourhood(features, offsets, near):
    pose_dirs = np.zeros((offsets.shape[1], 3, 135))
    patterns, group = np.unique(near, axis=0, return_inverse=True)
    for p, pattern in enumerate(patterns):
        if not pattern.any():
            continue
        columns = np.flatnonzero(np.repeat(pattern, 9))
        members = np.flatnonzero(group.ravel() == p)
        x = features[:, columns]
        y = offsets[:, members].reshape(POSES, -1)
        gram = x.T @ x + RIDGE * POSES * np.eye(len(columns))
        solution = np.linalg.solve(gram, x.T @ y).T.reshape(len(members), 3, len(columns))
        pose_dirs[np.ix_(members, range(3), columns)] = solution
    return pose_dirs
