# SPDX-License-Identifier: Apache-2.0
"""The right hand at rest: cut from the SOMA body, laid flat, closed at the elbow end, with its regressor.

Frame: that of MANO's right hand: wrist joint at the origin, fingers to -x, back of the hand +y, thumb side
+z, metres. SOMA's T-pose is this frame already: arm straight along x, phalanges straight, palm down.
"""
from dataclasses import dataclass

import numpy as np

import mesh
from common import AssetError, unit
from rig import FINGERS, FOREARM, JOINT_NAMES, axis_rotation, rotation_about

FOREARM_LENGTH_M = 0.235  # wrist joint to the cut; SOMA's elbow is at 0.27
# Splay of the rest fingers from parallel, degrees, positive to the thumb side: a hand laid on a table.
FAN_DEG = {"index": 5.0, "middle": 0.0, "ring": -6.0, "pinky": -14.0}
# The thumb from SOMA's relaxed bind pose: turned out to the side and a little up into the hand's plane.
THUMB_OUT_DEG, THUMB_UP_DEG = 12.0, 9.0
MAX_INFLUENCES, MIN_WEIGHT = 6, 1e-4
CAP_RINGS = ((0.86, 0.004), (0.5, 0.007))  # (scale towards the centre, metres outwards) of the cap's rings
UV_MARGIN = 0.004
CAP_UV_CENTRE, CAP_UV_RADIUS = (0.88, 0.62), 0.06  # a free place on the page; checked below


@dataclass
class HandTemplate:
    vertices: np.ndarray  # [V, 3]
    quads: np.ndarray  # [Q, 4]; the last are the cap's
    uv: np.ndarray  # [T, 2]
    quad_uv: np.ndarray  # [Q, 4]
    skin_weights: np.ndarray  # [V, 17]
    joints: np.ndarray  # [17, 3]
    soma_vertex: np.ndarray  # [V]; of a cap vertex, that of the border vertex it belongs to
    soma_quad: np.ndarray  # [Q]; -1 for the cap


def build_template(soma):
    bone = {name: index for index, name in enumerate(soma.bones)}
    skin_weights = _clean_weights(_fold_weights(soma, bone))
    rest_from_bind, joints = _rest_transforms(soma, bone)
    homogeneous = np.c_[soma.bind_vertices, np.ones(len(soma.bind_vertices))]
    flat = np.einsum("vj,jab,vb->va", skin_weights, rest_from_bind, homogeneous)

    quad_ids = _cut(soma, flat, skin_weights.sum(1) > 0.999)
    used = np.unique(soma.quads[quad_ids])
    quads = np.searchsorted(used, soma.quads[quad_ids])
    uv_used = np.unique(soma.quad_uv[quad_ids])
    uv = soma.uv[uv_used]
    uv = (uv - uv.min(0)) / np.ptp(uv, axis=0).max() * (1 - 2 * UV_MARGIN) + UV_MARGIN
    template = HandTemplate(
        vertices=flat[used], quads=quads, uv=uv,
        quad_uv=np.searchsorted(uv_used, soma.quad_uv[quad_ids]),
        skin_weights=skin_weights[used], joints=joints, soma_vertex=used, soma_quad=quad_ids,
    )
    _close(template)
    template.vertices = np.round(template.vertices, 7)
    return template


def _fold_weights(soma, bone):
    """SOMA's bones -> our 17. Metacarpals move with the wrist, the arm above the cut with the forearm."""
    folded = np.zeros((len(soma.bind_vertices), len(JOINT_NAMES)))
    for name, column in bone.items():
        if name in ("RightForeArm", "RightArm"):
            target = FOREARM
        elif name.startswith("RightHand"):
            target = _joint_of_hand_bone(name)
        else:
            continue
        folded[:, target] += soma.skin_weights[:, column]
    return folded


def _joint_of_hand_bone(name):
    part = name.removeprefix("RightHand").lower()
    for f, finger in enumerate(FINGERS):
        if part.startswith(finger):
            suffix = part.removeprefix(finger)
            phalanx = 3 if suffix == "end" else int(suffix) - (0 if finger == "thumb" else 1)
            return 0 if phalanx == 0 else 3 * f + min(phalanx, 3)
    return 0


def _clean_weights(weights):
    total = weights.sum(1, keepdims=True)
    cleaned = np.where(weights < MIN_WEIGHT, 0, weights)
    rank = np.argsort(np.argsort(-cleaned, 1, kind="stable"), 1, kind="stable")
    cleaned[rank >= MAX_INFLUENCES] = 0
    inside = (total[:, 0] > 0.5) & (cleaned.sum(1) > 0)
    cleaned[inside] /= cleaned[inside].sum(1, keepdims=True)
    cleaned[~inside] = 0
    return cleaned


def _rest_transforms(soma, bone):
    """-> rest_from_bind [17, 3, 4], rest joints [17, 3]."""
    wrist = soma.world_from_bone_t_pose[bone["RightHand"], :3, 3]

    def flat_from_bind(name):
        t_pose, bind = soma.world_from_bone_t_pose[bone[name]], soma.world_from_bone_bind[bone[name]]
        matrix = t_pose @ np.linalg.inv(bind)
        matrix[:3, 3] -= wrist
        return matrix

    def bind_joint(name):
        return soma.world_from_bone_bind[bone[name], :, 3]

    transforms = np.zeros((17, 4, 4))
    joints = np.zeros((17, 3))
    transforms[0] = flat_from_bind("RightHand")
    transforms[FOREARM] = flat_from_bind("RightForeArm")
    for f, finger in enumerate(FINGERS):
        for k in (1, 2, 3):
            j = 3 * f + k
            if finger == "thumb":
                name = f"RightHandThumb{k}"
                transforms[j] = _straight_thumb(soma, bone, transforms[0], k)
            else:
                name = f"RightHand{finger.capitalize()}{k + 1}"
                knuckle = flat_from_bind(f"RightHand{finger.capitalize()}2") @ bind_joint(
                    f"RightHand{finger.capitalize()}2")
                fan = axis_rotation(1, np.radians(FAN_DEG[finger]))
                transforms[j] = _about(knuckle[:3], fan) @ flat_from_bind(name)
            joints[j] = (transforms[j] @ bind_joint(name))[:3]
    return transforms[:, :3], joints


def _about(point, rotation):
    matrix = np.eye(4)
    matrix[:3, :3] = rotation
    matrix[:3, 3] = point - rotation @ point
    return matrix


def _straight_thumb(soma, bone, hand_from_bind, k):
    """Transform of thumb bone k: bind pose carried by the hand, phalanges turned into line, then laid out."""
    points = [(hand_from_bind @ soma.world_from_bone_bind[bone["RightHandThumb" + s], :, 3])[:3]
              for s in ("1", "2", "3", "End")]
    direction = unit(points[1] - points[0])
    matrix = hand_from_bind
    # Straighten from the tip down, so that later turns carry the earlier ones.
    turns = []
    for i in (1, 2):
        now = unit(points[i + 1] - points[i])
        axis = np.cross(now, direction)
        angle = np.arctan2(np.linalg.norm(axis), now @ direction)
        turn = _about(points[i], rotation_about(unit(axis), angle))
        turns.append(turn)
        points = points[:i + 1] + [(turn @ np.append(p, 1))[:3] for p in points[i + 1:]]
    for turn in turns[:k - 1]:
        matrix = turn @ matrix
    out = axis_rotation(1, np.radians(THUMB_OUT_DEG))
    up_axis = unit(np.cross(out @ direction, [0, 1, 0]))
    up = rotation_about(up_axis, np.radians(THUMB_UP_DEG))
    return _about(points[0], up @ out) @ matrix


def _cut(soma, flat, inside):
    """Quads of the hand and forearm, ended by one clean edge loop at about FOREARM_LENGTH_M."""
    wrist_side = inside & (flat[:, 0] < 0.09)
    selected = wrist_side[soma.quads].all(1)
    label = mesh.vertex_components(soma.quads[selected], len(flat))
    pieces, counts = np.unique(label[soma.quads[selected][:, 0]], return_counts=True)
    selected &= label[soma.quads[:, 0]] == pieces[counts.argmax()]
    neighbours = mesh.face_neighbours(soma.quads)
    while True:  # drop quads that stick out of the border row
        ragged = selected & ((~selected[neighbours]).sum(1) >= 2)
        if not ragged.any():
            break
        selected &= ~ragged
    # The forearm is a regular grid: add whole rows until the border is far enough from the wrist.
    while True:
        loops = mesh.border_loops(soma.quads[selected])
        if len(loops) != 1:
            raise AssetError(f"the hand's border has {len(loops)} loops, expected 1: not the mesh expected")
        if flat[loops[0], 0].mean() >= FOREARM_LENGTH_M - 0.01:
            return np.flatnonzero(selected)
        row = np.unique(neighbours[selected])
        selected[row[row >= 0]] = True


def _close(template):
    """Add a slightly domed cap of quads at the elbow end: rings towards the centre, then a ladder."""
    (loop,) = mesh.border_loops(template.quads)
    if len(loop) % 2:
        raise AssetError("the forearm's border has an odd number of vertices; quads cannot close it")
    count, n = len(template.vertices), len(loop)
    border = template.vertices[loop]
    centre = border.mean(0)
    rings, vertices, quads, quad_uv = [np.array(loop)], [], [], []
    uv = [np.array(CAP_UV_CENTRE) + CAP_UV_RADIUS * s * np.stack(
        [np.cos(2 * np.pi * np.arange(n) / n), -np.sin(2 * np.pi * np.arange(n) / n)], 1)
        for s in (1.0,) + tuple(scale for scale, _ in CAP_RINGS)]
    for scale, outwards in CAP_RINGS:
        vertices.append(centre + scale * (border - centre) + [outwards, 0, 0])
        rings.append(count + n * (len(rings) - 1) + np.arange(n))
    uv_rings = [len(template.uv) + n * k + np.arange(n) for k in range(len(rings))]
    for source, target in ((rings, quads), (uv_rings, quad_uv)):
        for outer, inner in zip(source, source[1:]):
            outer_next, inner_next = np.roll(outer, -1), np.roll(inner, -1)
            target.append(np.stack([outer_next, outer, inner, inner_next], 1))
        last, i = source[-1], np.arange(n // 2 - 1)
        target.append(np.stack([last[i + 1], last[i], last[n - 1 - i], last[n - 2 - i]], 1))
    if (np.linalg.norm(template.uv - CAP_UV_CENTRE, axis=1) < CAP_UV_RADIUS * 1.1).any():
        raise AssetError("the cap's place on the UV page is taken")
    added = n * len(CAP_RINGS)
    weights = np.zeros((added, 17))
    weights[:, FOREARM] = 1
    template.vertices = np.concatenate([template.vertices] + vertices)
    template.skin_weights = np.concatenate([template.skin_weights, weights])
    template.soma_vertex = np.concatenate(
        [template.soma_vertex, np.tile(template.soma_vertex[loop], len(CAP_RINGS))])
    template.quads = np.concatenate([template.quads] + quads)
    template.uv = np.concatenate([template.uv] + uv)
    template.quad_uv = np.concatenate([template.quad_uv] + quad_uv)
    template.soma_quad = np.concatenate(
        [template.soma_quad, np.full(len(template.quads) - len(template.soma_quad), -1)])


def build_joint_regressor(template):
    """[17, V] sparse, rows sum to 1, exact at rest: smooth weights on the skin ring round each joint.

    A ring follows length and thickness changes of its finger by construction.
    """
    regressor = np.zeros((17, len(template.vertices)))
    for j in range(16):
        regressor[j] = _regressor_row(template, j)
    regressor[FOREARM] = regressor[0]
    return regressor


def _regressor_row(template, j):
    offset = template.vertices - template.joints[j]
    distance = np.linalg.norm(offset, axis=1)
    if j == 0:
        axis, along_sigma, radius, member = np.array([1.0, 0, 0]), 0.008, 0.05, np.ones(len(offset), bool)
    else:
        parent = 0 if j % 3 == 1 else j - 1
        axis = unit(template.joints[j + 1] - template.joints[j]) if j % 3 else unit(
            template.joints[j] - template.joints[j - 1])
        root = j % 3 == 1
        along_sigma, radius = 0.004, 0.030 if root else 0.018
        own = template.skin_weights[:, j]
        member = (own > 0.03) & (own + template.skin_weights[:, parent] > 0.9)
    along = offset @ axis
    prior = np.exp(-0.5 * (along / along_sigma) ** 2) * member * (distance < radius)
    prior[prior < 0.05] = 0
    used = np.flatnonzero(prior)
    prior = prior[used] / prior[used].sum()
    # Least change, relative to the prior, that meets: sum = 1 and weighted mean = joint.
    constraints = np.concatenate([np.ones((1, len(used))), offset[used].T])
    wanted = np.array([1.0, 0, 0, 0])
    gram = (constraints * prior) @ constraints.T
    row = np.zeros(len(offset))
    row[used] = prior + prior * (constraints.T @ np.linalg.solve(gram, wanted - constraints @ prior))
    return row
