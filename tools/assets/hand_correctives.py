# SPDX-License-Identifier: Apache-2.0
"""Pose correctives: what linear blend skinning loses at bent joints, fitted as pose_dirs [V, 3, 135].

The target keeps the distance of skin from the joint (dual quaternion skinning: knuckles stay full) and lets
the two sides of a finger crease meet in the bisecting plane instead of running through each other. The
difference to plain skinning, taken back to rest, is fitted over random poses by ridge regression; a vertex
answers only to joints near it.
"""
import numpy as np

import mesh
import rig
from common import smoothstep, unit

POSES, SEED = 400, 0
RIDGE = 2e-3  # relative to the number of poses
NEAR_JOINT_M, CREASE_HALF_LENGTH_M = 0.024, 0.020
CREASE_GAP_M, CREASE_SLOPE, CREASE_BULGE = 2e-4, 0.04, 0.2
SMOOTHING_STEPS = 2
MAX_OFFSET_M = 0.007  # per posed vertex; a larger target is a fault of the target, not of the skinning


def fit_pose_dirs(template, frames):
    """-> pose_dirs [V, 3, 135] for features (R - I) of joints 1..15, row-major."""
    bends, splays = _sample_angles()
    features = np.zeros((POSES, 135))
    offsets = np.zeros((POSES, len(template.vertices), 3))
    for n in range(POSES):
        rotations = rig.rotations_from_angles(frames, bends[n], splays[n])
        features[n] = (rotations[1:16] - np.eye(3)).ravel()
        offsets[n] = _wanted_offset(template, frames, rotations, bends[n])
    pose_dirs = _ridge_by_neighbourhood(features, offsets, _near_joints(template))
    pose_dirs = mesh.smooth(pose_dirs, mesh.undirected_edges(template.quads), SMOOTHING_STEPS)
    forearm = template.skin_weights[:, rig.FOREARM]
    return pose_dirs * (1 - smoothstep(0.02, 0.3, forearm))[:, None, None]


def _sample_angles():
    """Uniform in Table 2, each joint left straight in a sixth of the poses; -> bend, splay [POSES, 15] degrees."""
    rng = np.random.default_rng(SEED)

    def draw(limits):
        uniform = rng.uniform(limits[:, 0], limits[:, 1], (POSES, 15))
        return np.where(rng.random((POSES, 15)) < 1 / 6, 0, uniform)

    return draw(rig.BEND_LIMITS_DEG), draw(rig.SPLAY_LIMITS_DEG)


def _wanted_offset(template, frames, rotations, bend_deg):
    """Offset in rest space that makes plain skinning reach the target. -> [V, 3]"""
    transforms = rig.joint_transforms(template.joints, rotations)
    blended = np.einsum("vj,jab->vab", template.skin_weights, transforms)
    plain = np.einsum("vab,vb->va", blended[:, :, :3], template.vertices) + blended[:, :, 3]
    target = skin_dual_quaternion(template.vertices, template.skin_weights, transforms)
    target = _part_creases(template, frames, transforms, bend_deg, target)
    offset = np.linalg.solve(blended[:, :, :3], (target - plain)[:, :, None])[:, :, 0]
    length = np.linalg.norm(offset, axis=1, keepdims=True)
    return offset * np.minimum(1, MAX_OFFSET_M / length.clip(1e-12))


def skin_dual_quaternion(vertices, skin_weights, transforms):
    """Kavan et al. 2007: blend unit dual quaternions, so that volume is kept about the joints."""
    real = np.array([_quaternion(m[:, :3]) for m in transforms])
    real *= np.where(real @ real[0] < 0, -1, 1)[:, None]
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


def _part_creases(template, frames, transforms, bend_deg, target):
    """Keep the flesh of each crease on its own side of the plane that halves the bend, bulging a little."""
    target = target.copy()
    for j in range(1, 16):
        finger_root = 3 * ((j - 1) // 3) + 1
        if j == finger_root:
            continue
        strength = float(smoothstep(15, 40, bend_deg[j - 1]))
        if strength == 0:
            continue
        rest_axis = frames[j - 1][:, 0]  # towards the wrist
        along = (template.vertices - template.joints[j]) @ rest_axis
        # A crease reaches CREASE_HALF_LENGTH_M, but not past the neighbouring joint.
        reach = np.where(along > 0, _bone_length(template, j - 1), _bone_length(template, j))
        reach = np.minimum(CREASE_HALF_LENGTH_M, 0.9 * reach)
        member = template.skin_weights[:, finger_root:finger_root + 3].sum(1) * (
            1 - smoothstep(0.6, 1, np.abs(along) / reach))
        joint = transforms[j, :, :3] @ template.joints[j] + transforms[j, :, 3]
        proximal = transforms[j - 1, :, :3] @ rest_axis
        distal = -transforms[j, :, :3] @ rest_axis
        inner, normal = unit(proximal + distal), unit(distal - proximal)
        offset = target - joint
        side = np.where(along < 0, 1.0, -1.0)  # distal flesh belongs on the side of the normal
        position = side * (offset @ normal)
        wanted = CREASE_GAP_M + CREASE_SLOPE * np.abs(along)
        depth = (wanted - position).clip(0) * smoothstep(0, 0.004, offset @ inner) * member * strength
        target += (side * depth)[:, None] * normal + (CREASE_BULGE * depth)[:, None] * inner
    return target


def _bone_length(template, j):
    return np.inf if j % 3 == 0 else np.linalg.norm(template.joints[j + 1] - template.joints[j])


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
