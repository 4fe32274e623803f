# SPDX-License-Identifier: Apache-2.0
"""Labels on the resting hand: parts (1-16, forearm 33), fingertips, nails, palm side."""
import numpy as np

import mesh
from common import AssetError, smoothstep, unit
from rig import FINGERS, FOREARM, TIP_ORDER, joint_id

PALM_PART, FOREARM_PART = 16, 33
# Right hand: pinky end, middle, root = 1, 2, 3; ring 4-6; middle 7-9; index 10-12; thumb 13-15.
PART_OF_JOINT = {0: PALM_PART, FOREARM: FOREARM_PART}
for _f, _finger in enumerate(("pinky", "ring", "middle", "index", "thumb")):
    for _k in (1, 2, 3):
        PART_OF_JOINT[joint_id(f"{_finger}{_k}")] = 3 * _f + 4 - _k
PARTS = tuple(range(1, 17)) + (FOREARM_PART,)
WRIST_PLANE_M = 0.002
# Palm and finger root part this far past the knuckle's joint, less towards the back, more towards the palm.
ROOT_PLANE_M, ROOT_PLANE_LEAN = 0.010, 0.6
# How many border loops each part has: ends 1, segments 2, palm 5 fingers and the wrist, forearm 1.
LOOPS_OF_PART = {p: (1 if p % 3 == 1 else 2) for p in range(1, 16)} | {PALM_PART: 6, FOREARM_PART: 1}


def label_quads(template):
    """Part of each quad. -> part_of_quad [Q]

    A finger is where its smoothed skin weight rules; across it, parts end in the planes of the joints, and
    at the palm in a plane that leans from the knuckle on the back to the web on the palm side. Plain dominant
    weights would leave tongues and teeth, and so bad caps.
    """
    part = _by_planes(template)
    _ring_roots(part, template.quads)
    _separate_roots(part, template.quads)
    neighbours = mesh.face_neighbours(template.quads)
    weights = template.skin_weights[template.quads].mean(1)
    lookup = np.array([PART_OF_JOINT[j] for j in range(17)])
    for _ in range(100):
        before = part.copy()
        _absorb_islands(part, neighbours)
        _straighten(part, neighbours)
        _unpinch(part, template.quads, weights, lookup)
        if (part == before).all():
            break
    check_parts(template.quads, part)
    return part


def _by_planes(template):
    edges = mesh.undirected_edges(template.quads)
    centre = template.vertices[template.quads].mean(1)
    part = np.where(centre[:, 0] > WRIST_PLANE_M, FOREARM_PART, PALM_PART)
    for finger in FINGERS:
        root = joint_id(finger + "1")
        share = mesh.smooth(template.skin_weights[:, root:root + 3].sum(1), edges, 4)[template.quads].mean(1)
        axis = unit(template.joints[root + 2] - template.joints[root])
        offset = centre - template.joints[root]
        if finger == "thumb":
            member = share > 0.5
        else:
            member = (share > 0.4) & (offset @ axis > ROOT_PLANE_M - ROOT_PLANE_LEAN * offset[:, 1])
        reached = np.zeros(len(part), int)  # 0 root, 1 middle, 2 end
        for k in (1, 2):
            reached += (centre - template.joints[root + k]) @ axis > 0
        labels = np.array([PART_OF_JOINT[root + k] for k in range(3)])
        part[member] = labels[reached[member]]
    return part


def _ring_roots(part, quads):
    """The palm may not touch a finger's middle or end: such quads join the root, which so is a full ring.

    (At the thumb's web the weights of the palm reach past the thumb's root.)
    """
    for root in (3, 6, 9, 12, 15):
        outer = np.unique(quads[(part == root - 1) | (part == root - 2)])
        part[(part == PALM_PART) & np.isin(quads, outer).any(1)] = root


def _separate_roots(part, quads):
    """Neighbouring fingers may not touch: where they do in the web, the quads go to the palm."""
    finger = (part - 1) // 3  # 0..4; the palm and the forearm are no finger
    finger[part >= PALM_PART] = -1
    touching = np.zeros(len(part), bool)
    for f in range(5):
        others = np.unique(quads[(finger >= 0) & (finger != f)])
        touching |= (finger == f) & np.isin(quads, others).any(1)
    part[touching] = PALM_PART


def _absorb_islands(part, neighbours):
    """Every piece of a part but the largest joins the part round it."""
    for label in PARTS:
        for piece in mesh.face_components(neighbours, part == label)[1:]:
            around = part[neighbours[piece]].ravel()
            around = around[around != label]
            part[piece] = np.bincount(around).argmax()


def _straighten(part, neighbours):
    """A quad with three or more neighbours in one other part joins it (teeth in a seam)."""
    for _ in range(50):
        around = part[neighbours]
        changed = False
        for quad in range(len(part)):
            labels, counts = np.unique(part[neighbours[quad]], return_counts=True)
            best = counts.argmax()
            if labels[best] != part[quad] and counts[best] >= 3:
                part[quad] = labels[best]
                changed = True
        if not changed or (part[neighbours] == around).all():
            break


def _unpinch(part, quads, weights, lookup):
    """Where a part's border meets itself in a vertex, hand the part's weakest quad there to its rival."""
    for label in PARTS:
        own = np.flatnonzero(part == label)
        edges = {tuple(e) for e in mesh.directed_edges(quads[own]).tolist()}
        starts = np.array([a for a, b in sorted(edges) if (b, a) not in edges])
        values, counts = np.unique(starts, return_counts=True)
        for vertex in values[counts > 1]:
            around = np.flatnonzero((quads == vertex).any(1))
            outside = around[part[around] != label]
            if len(outside):
                strength = weights[outside][:, lookup == label].sum(1)
                part[outside[strength.argmax()]] = label


def check_parts(quads, part):
    """Each part is connected, its border is the right number of simple loops."""
    neighbours = mesh.face_neighbours(quads)
    for label in PARTS:
        if len(mesh.face_components(neighbours, part == label)) != 1:
            raise AssetError(f"hand part {label} is not one piece")
        loops = mesh.border_loops(quads[part == label])
        if len(loops) != LOOPS_OF_PART[label]:
            raise AssetError(f"hand part {label} has {len(loops)} border loops, expected {LOOPS_OF_PART[label]}")


def find_tips(template, nail_of_quad, dorsal):
    """Most distal skin point of each finger, a little to the pad side, off the nail. -> [5] TIP_ORDER"""
    nail_vertex = np.zeros(len(template.vertices), bool)
    nail_vertex[template.quads[nail_of_quad]] = True
    tips = []
    for finger in TIP_ORDER:
        end = joint_id(finger + "3")
        axis = unit(template.joints[end] - template.joints[end - 1])
        up = unit(dorsal[finger] - (dorsal[finger] @ axis) * axis)
        side = np.cross(axis, up)
        offset = template.vertices - template.joints[end]
        mine = (template.skin_weights[:, end] > 0.5) & ~nail_vertex
        centre = (offset[mine & (offset @ axis > 0.6 * (offset[mine] @ axis).max())] @ side).mean()
        score = offset @ axis - 0.35 * (offset @ up) - 0.5 * np.abs(offset @ side - centre)
        score[~mine] = -np.inf
        tips.append(int(score.argmax()))
    return np.array(tips)


def thumb_dorsal(template, nail_of_quad):
    """Mean normal of the thumb's nail, across the thumb: the direction of 'up' for the thumb's frames."""
    end = joint_id("thumb3")
    axis = unit(template.joints[end] - template.joints[end - 1])
    quads = template.quads[nail_of_quad & (template.skin_weights[template.quads, end].mean(1) > 0.5)]
    corners = template.vertices[quads]
    normal = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1]).sum(0)
    return unit(normal - (normal @ axis) * axis)


def dorsal_directions(template, nail_of_quad):
    return {f: np.array([0.0, 1.0, 0.0]) for f in FINGERS if f != "thumb"} | {
        "thumb": thumb_dorsal(template, nail_of_quad)}


def palm_of_vertex(template, dorsal):
    """0 on the back to 1 on the palm side, smooth; fades behind the wrist to a faint inner forearm."""
    faces = mesh.split_quads(template.quads)
    normals = mesh.vertex_normals(template.vertices, faces)
    thumb = template.skin_weights[:, 13:16].sum(1, keepdims=True)
    thumb = mesh.smooth(thumb, mesh.undirected_edges(faces), 10)
    up = unit((1 - thumb) * np.array([0.0, 1.0, 0.0]) + thumb * dorsal["thumb"])
    facing = -(normals * up).sum(1)
    palm = smoothstep(-0.35, 0.45, facing)
    fade = 1 - 0.7 * smoothstep(-0.018, 0.02, template.vertices[:, 0])
    return mesh.smooth(palm * fade, mesh.undirected_edges(faces), 4)
