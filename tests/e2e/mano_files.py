# SPDX-License-Identifier: Apache-2.0
"""Files in MANO's layout, made from the open hand: the layout is tested without MANO itself.

The pickle is protocol 2 with chumpy arrays and a scipy sparse regressor, as the original has it;
stand-in classes of the right names are enough, since pickle stores names only.
"""
import pickle
import sys
import types

import numpy as np

HAND_JOINTS = 16


def _fake(module, name):
    """A class that pickles as module.name."""
    parts = module.split(".")
    for i in range(1, len(parts) + 1):
        sys.modules.setdefault(".".join(parts[:i]), types.ModuleType(".".join(parts[:i])))
    made = type(name, (object,), {"__module__": module})
    setattr(sys.modules[module], name, made)
    return made


def _csc(dense):
    """scipy.sparse.csc_matrix as its pickle has it: a plain object with these attributes."""
    matrix = _fake("scipy.sparse.csc", "csc_matrix")()
    columns = [np.nonzero(dense[:, i])[0] for i in range(dense.shape[1])]
    matrix._shape = dense.shape
    matrix.maxprint = 50
    matrix.indices = np.concatenate(columns).astype(np.int32)
    matrix.indptr = np.cumsum([0] + [len(c) for c in columns]).astype(np.int32)
    matrix.data = np.concatenate([dense[c, i] for i, c in enumerate(columns)])
    return matrix


def _chumpy(values):
    array = _fake("chumpy.ch", "Ch")()
    array.x = np.ascontiguousarray(values, dtype=np.float64)
    return array


def mano_arrays(hand, side, shape_count=10):
    """The arrays of one MANO file from HAND.npz arrays: no forearm, the wrist left open."""
    keep_face = hand["part_of_face"] < 33
    kept = np.unique(hand["faces"][keep_face])
    renumber = -np.ones(len(hand["template_vertices"]), int)
    renumber[kept] = np.arange(len(kept))
    weights = hand["skin_weights"][kept, :HAND_JOINTS]
    weights = weights + np.eye(HAND_JOINTS)[0] * (1 - weights.sum(1, keepdims=True))
    # The regressor may lean on forearm vertices: refit it on those that stay, exactly enough.
    regressor = np.zeros((HAND_JOINTS, len(kept)))
    vertices = hand["template_vertices"][kept]
    joints = hand["joint_regressor"][:HAND_JOINTS] @ hand["template_vertices"]
    for j, joint in enumerate(joints):
        near = np.argsort(((vertices - joint) ** 2).sum(1))[:24]
        system = np.vstack([vertices[near].T, np.ones(24)])
        regressor[j, near] = np.linalg.lstsq(system, np.append(joint, 1), rcond=None)[0]
    return {
        "v_template": vertices,
        "f": renumber[hand["faces"][keep_face]].astype(np.uint32),
        "weights": weights,
        "J_regressor": regressor,
        "J": joints,
        "shapedirs": hand["shape_dirs"][kept][:, :, :shape_count],
        "posedirs": hand["pose_dirs"][kept],
        "kintree_table": np.array(
            [[4294967295, 0, 1, 2, 0, 4, 5, 0, 7, 8, 0, 10, 11, 0, 13, 14], range(16)],
            dtype=np.int64,
        ),
        "hands_mean": np.tile([0.01, -0.02, 0.12 if side == "right" else -0.12], 15),
        # Any directions that are no unit matrix, nor their own transpose.
        "hands_components": np.linalg.qr(np.random.default_rng(45).normal(size=(45, 45)))[0],
        "hands_coeffs": np.zeros((3, 45)),
    }


def write_pair(folder, hands):
    """MANO_RIGHT.pkl and MANO_LEFT.pkl in `folder`, from HAND.npz arrays by side, as they are published: the left
    file's shape directions have the right one's sign in x. Returns the arrays of both, the left's mended."""
    arrays = {side: mano_arrays(hands[side], side) for side in ("right", "left")}
    published = {**arrays["left"], "shapedirs": arrays["right"]["shapedirs"]}
    write_pickle(folder / "MANO_RIGHT.pkl", arrays["right"])
    write_pickle(folder / "MANO_LEFT.pkl", published)
    return arrays


def rotations(axis_angle):
    """[N, 3] -> [N, 3, 3]"""
    angles = np.linalg.norm(axis_angle, axis=1)[:, None, None]
    x, y, z = (axis_angle / np.maximum(angles[:, 0], 1e-12)).T
    zero = np.zeros_like(x)
    cross = np.array([[zero, -z, y], [z, zero, -x], [-y, x, zero]]).transpose(2, 0, 1)
    return np.eye(3) + np.sin(angles) * cross + (1 - np.cos(angles)) * cross @ cross


def posed(arrays, pose, shape, translation):
    """(vertices, 16 joints) of MANO's arrays; `pose` [16, 3] is relative to the flat hand."""
    rest = arrays["v_template"] + arrays["shapedirs"] @ shape
    joints = arrays["J_regressor"] @ rest
    turns = rotations(np.asarray(pose))
    points = rest + arrays["posedirs"] @ (turns[1:] - np.eye(3)).ravel()
    parents = [0, 0, 1, 2, 0, 4, 5, 0, 7, 8, 0, 10, 11, 0, 13, 14]
    world = []
    for j, parent in enumerate(parents):
        step = np.eye(4)
        step[:3, :3] = turns[j]
        step[:3, 3] = joints[j] - (joints[parent] if j else 0)
        world.append(world[parent] @ step if j else step)
    world = np.array(world)
    about = points[:, None] - joints[None]  # [V, 16, 3]
    moved = np.einsum("jab,vjb->vja", world[:, :3, :3], about) + world[:, :3, 3]
    vertices = np.einsum("vj,vja->va", arrays["weights"], moved)
    return vertices + translation, world[:, :3, 3] + translation


def write_pickle(path, arrays):
    """One file in the original's layout."""
    data = {
        "v_template": arrays["v_template"],
        "f": arrays["f"],
        "weights": arrays["weights"],
        "J_regressor": _csc(arrays["J_regressor"]),
        "J": arrays["J"],
        "shapedirs": _chumpy(arrays["shapedirs"]),
        "posedirs": arrays["posedirs"],
        "kintree_table": arrays["kintree_table"],
        "hands_mean": arrays["hands_mean"],
        "hands_components": arrays["hands_components"],
        "hands_coeffs": arrays["hands_coeffs"],
        "bs_type": "lrotmin",
        "bs_style": "lbs",
    }
    path.write_bytes(pickle.dumps(data, protocol=2))
