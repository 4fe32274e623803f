# SPDX-License-Identifier: Apache-2.0
"""Shape space of the hand: size, MakeHuman's principal components, finger lengths and thicknesses, girth.

Each direction [V, 3] is the change for one standard deviation. MakeHuman's variation (CC0) is sampled over
adults, freed of pose and size, and carried to our surface through the wrap that both meshes share.
"""
import itertools

import numpy as np

import mesh
from common import smoothstep, unit
from rig import TIP_ORDER, joint_id

SIZE_SD, LENGTH_SD, THICKNESS_SD, GIRTH_SD = 0.05, 0.04, 0.05, 0.05
COMPONENTS, SAMPLES, SEED = 5, 1000, 0
FADE_START_M, FADE_END_M = 0.05, 0.20  # MakeHuman's arm shape fades out along the forearm
# Local targets of MakeHuman and the standard deviation of their dial.
LOCAL_DIALS = (
    ("r-hand-fingers-length", 0.25), ("r-hand-fingers-diameter", 0.5), ("r-hand-fingers-distance", 0.3),
    ("r-hand-scale", 0.1), ("measure-wrist-circ", 0.3), ("r-lowerarm-fat", 0.25), ("r-lowerarm-muscle", 0.25),
    ("r-lowerarm-scale-depth", 0.15), ("r-lowerarm-scale-horiz", 0.15),
)
SHAPE_NAMES = (("size",) + tuple(f"makehuman_{k + 1}" for k in range(COMPONENTS))
               + tuple(f"{f}_length" for f in TIP_ORDER) + tuple(f"{f}_thickness" for f in TIP_ORDER)
               + ("girth",))


def correspondence(template, soma, makehuman):
    """Closest MakeHuman quad of every template vertex, in the common wrap. -> quad [V], weights [V, 4]"""
    points = soma.wrap_vertices[template.soma_vertex]
    quad, weights, _ = mesh.closest_on_quads(points, makehuman.wrap_vertices, makehuman.quads)
    return quad, weights


def nail_of_quad(template, makehuman, match):
    """Quads of the modelled nail plates, by MakeHuman's nail mask carried over. -> bool [Q]"""
    quad, weights = match
    uv = (makehuman.quad_uv[quad] * weights[:, :, None]).sum(1)
    n = len(makehuman.nail_mask)
    rows = ((1 - uv[:, 1]) * n).astype(int).clip(0, n - 1)
    columns = (uv[:, 0] * n).astype(int).clip(0, n - 1)
    return (makehuman.nail_mask[rows, columns][template.quads].mean(1) > 0.5) & (template.soma_quad >= 0)


def build_shape_dirs(template, soma, makehuman, match, joint_regressor):
    """-> [V, 3, 17], in the order of SHAPE_NAMES."""
    directions = [SIZE_SD * template.vertices]
    directions += list(_makehuman_components(template, soma, makehuman, match, joint_regressor[0]))
    directions += [_finger_length(template, finger) for finger in TIP_ORDER]
    directions += [_finger_thickness(template, finger) for finger in TIP_ORDER]
    # Men's hands are longer than women's by a fourteenth, but broader and rounder by a seventh (docs/appearance.md).
    directions.append(GIRTH_SD * template.vertices * (0, 1, 1))
    return np.stack(directions, 2)


# --- MakeHuman -------------------------------------------------------------------------------------

def _makehuman_components(template, soma, makehuman, match, wrist_row):
    quad, corner_weights = match
    components = _carried_to_wrap(_principal_components(makehuman), makehuman)
    rotation = _rest_from_wrap_rotations(template, soma.wrap_vertices[template.soma_vertex])
    fade = 1 - smoothstep(FADE_START_M, FADE_END_M, template.vertices[:, 0])
    edges = mesh.undirected_edges(template.quads)
    for component in components:
        displacement = (component[makehuman.quads[quad]] * corner_weights[:, :, None]).sum(1)
        displacement = np.einsum("vab,vb->va", rotation, displacement) * fade[:, None]
        displacement = mesh.smooth(displacement, edges, 2)
        # Size is its own direction: take the best uniform scaling out, and keep the wrist joint still.
        scale = (displacement * template.vertices).sum() / (template.vertices ** 2).sum()
        displacement -= scale * template.vertices * fade[:, None]
        displacement -= wrist_row @ displacement * fade[:, None]
        yield displacement


def _principal_components(hand):
    """[COMPONENTS, M, 3], one standard deviation each, similarity removed."""
    names = sorted(hand.targets)
    column = {name: index for index, name in enumerate(names)}
    table = np.stack([hand.targets[name].ravel() for name in names])
    rng = np.random.default_rng(SEED)
    dials = np.zeros((SAMPLES, len(names)))
    for row in dials:
        for name, value in _random_adult(rng):
            if name in column:
                row[column[name]] += value
    samples = hand.vertices + (dials @ table).reshape(SAMPLES, -1, 3)
    mean = samples.mean(0)
    aligned = np.stack([_aligned(sample, mean, hand.is_hand) for sample in samples])
    aligned = (aligned - aligned.mean(0)).reshape(SAMPLES, -1)
    on_hand = np.repeat(hand.is_hand, 3)
    values, vectors = np.linalg.eigh(aligned[:, on_hand] @ aligned[:, on_hand].T)
    vectors = vectors[:, np.argsort(values)[::-1][:COMPONENTS]]
    components = (vectors.T @ aligned) / np.sqrt(SAMPLES)
    # An eigenvector's sign is free: make the largest entry positive.
    largest = np.abs(components).argmax(1)
    components *= np.sign(components[np.arange(COMPONENTS), largest])[:, None]
    return components.reshape(COMPONENTS, -1, 3)


def _random_adult(rng):
    """Dials of one adult, by MakeHuman's rule: product of the macro factors for each target."""
    gender = float(rng.random() < 0.5) if rng.random() < 0.85 else rng.random()
    age = rng.beta(1.2, 2.2)  # 0: 25 years, 1: 90
    muscle, weight, height, proportion = np.clip(rng.normal(0.5, (0.18, 0.18, 0.15, 0.2)), 0, 1)
    race = dict(zip(("african", "asian", "caucasian"), rng.dirichlet([0.6] * 3)))
    genders = {"female": 1 - gender, "male": gender}
    ages = {"young": 1 - age, "old": age}
    muscles, weights = _three_way(muscle, "muscle"), _three_way(weight, "weight")
    extremes = {
        "minheight": max(0, 1 - 2 * height), "maxheight": max(0, 2 * height - 1),
        "uncommonproportions": max(0, 1 - 2 * proportion), "idealproportions": max(0, 2 * proportion - 1),
    }
    for (g, wg), (a, wa) in itertools.product(genders.items(), ages.items()):
        for r, wr in race.items():
            yield f"{r}-{g}-{a}", wg * wa * wr
        for (m, wm), (k, wk) in itertools.product(muscles.items(), weights.items()):
            yield f"universal-{g}-{a}-{m}-{k}", wg * wa * wm * wk
            for e, we in extremes.items():
                yield f"{g}-{a}-{m}-{k}-{e}", wg * wa * wm * wk * we
    for name, deviation in LOCAL_DIALS:
        value = float(np.clip(rng.normal(0, deviation), -1, 1))
        yield name + ("-incr" if value > 0 else "-decr"), abs(value)


def _three_way(value, noun):
    return {f"min{noun}": max(0, 1 - 2 * value), f"average{noun}": 1 - abs(2 * value - 1),
            f"max{noun}": max(0, 2 * value - 1)}


def _aligned(points, target, on):
    """Best similarity of points onto target, judged on the vertices 'on'."""
    centre, aim = points[on].mean(0), target[on].mean(0)
    source, goal = points[on] - centre, target[on] - aim
    u, s, vt = np.linalg.svd(source.T @ goal)
    sign = np.array([1, 1, np.sign(np.linalg.det(u @ vt))])
    rotation = (u * sign) @ vt
    return (points - centre) @ rotation * ((s * sign).sum() / (source ** 2).sum()) + aim


def _carried_to_wrap(components, hand):
    """Turn displacement vectors from MakeHuman's own frame into the frame of the common wrap."""
    u, _, vt = np.linalg.svd((hand.vertices - hand.vertices.mean(0)).T
                             @ (hand.wrap_vertices - hand.wrap_vertices.mean(0)))
    return components @ (u @ vt)


def _rest_from_wrap_rotations(template, wrap):
    """[V, 3, 3]: per bone the weighted Procrustes rotation, blended by skin weights and made orthogonal."""
    rotations = []
    for weights in template.skin_weights.T:
        weights = weights / weights.sum()
        source, goal = wrap - weights @ wrap, template.vertices - weights @ template.vertices
        u, _, vt = np.linalg.svd((source * weights[:, None]).T @ goal)
        rotations.append((u * [1, 1, np.sign(np.linalg.det(u @ vt))] @ vt).T)
    blended = np.einsum("vj,jab->vab", template.skin_weights, np.array(rotations))
    u, _, vt = np.linalg.svd(blended)
    return u @ vt


# --- Single fingers --------------------------------------------------------------------------------

def _finger_axis(template, finger):
    root, end = joint_id(finger + "1"), joint_id(finger + "3")
    start = template.joints[root + 1] if finger == "thumb" else template.joints[root]
    return start, unit(template.joints[end] - template.joints[root])


def _membership(template, finger):
    """Smooth share of the finger in each vertex: 1 past the web, 0 on the palm and on other fingers."""
    root = joint_id(finger + "1")
    return mesh.smooth(template.skin_weights[:, root:root + 3].sum(1), mesh.undirected_edges(template.quads), 6)


def _finger_length(template, finger):
    start, axis = _finger_axis(template, finger)
    along = (template.vertices - start) @ axis
    onset = 0.012  # the stretch sets in softly over this length about the start
    stretch = onset * np.logaddexp(0, along / onset)
    return LENGTH_SD * (stretch * _membership(template, finger))[:, None] * axis


def _finger_thickness(template, finger):
    start, axis = _finger_axis(template, finger)
    offset = template.vertices - start
    along = offset @ axis
    radial = offset - along[:, None] * axis
    amount = smoothstep(-0.012, 0.022, along) * _membership(template, finger)
    return THICKNESS_SD * amount[:, None] * radial
