# SPDX-License-Identifier: Apache-2.0
"""Labels over pictures, with Pillow alone. Pictures are arrays [H, W, 3] uint8 or Pillow's own;
what comes back is a new Pillow image."""

import colorsys
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from PIL import Image, ImageDraw

from .conventions import BONES, HANDS, PARTS
from .hand_model import HandModel
from .record import Record

Picture = np.ndarray | Image.Image

_HUE_OF_FINGER = {"thumb": 0.0, "index": 0.11, "middle": 0.33, "ring": 0.55, "pinky": 0.78}
_HAND_COLOURS = ((255, 170, 60), (70, 170, 255))  # right, left


def _rgb(hue, saturation, value):
    return tuple(round(255 * c) for c in colorsys.hsv_to_rgb(hue, saturation, value))


def _part_colour(name):
    hand, _, rest = name.partition(" ")
    finger, _, segment = rest.partition(" ")
    if finger in _HUE_OF_FINGER:
        value = {"end": 1.0, "middle": 0.85, "root": 0.7}[segment]
        return _rgb(_HUE_OF_FINGER[finger], 0.75 if hand == "right" else 0.4, value)
    if rest in ("palm", "forearm"):
        colour = _HAND_COLOURS[HANDS.index(hand)]
        return colour if rest == "palm" else tuple(c // 2 for c in colour)
    return {"background": (0, 0, 0), "thing": (150, 110, 80)}.get(name, (200, 60, 140))


# [38, 3] the colour of each number in seg.png.
PART_COLOURS = np.array([_part_colour(name) for name in PARTS], np.uint8)


def _image(picture):
    if isinstance(picture, Image.Image):
        return picture.convert("RGB")
    return Image.fromarray(np.ascontiguousarray(picture)).convert("RGB")


def joints(picture: Picture, joints_px: ArrayLike, visible: ArrayLike | None = None) -> Image.Image:
    """Both hands' skeletons: joints_px [..., 21, 2] in mano21; a hidden joint is hollow."""
    image = _image(picture)
    canvas = ImageDraw.Draw(image)
    points = np.asarray(joints_px, np.float64).reshape(-1, 21, 2)
    shown = np.ones(points.shape[:2], bool) if visible is None else np.reshape(visible, (-1, 21))
    hues = list(_HUE_OF_FINGER.values())
    radius = max(1.5, image.width / 220)
    for hand, hand_points in enumerate(points):
        colours = [_rgb(hue, 0.8 if hand == 0 else 0.45, 1.0) for hue in hues]
        for bone, (a, b) in enumerate(BONES):
            ends = [tuple(hand_points[a]), tuple(hand_points[b])]
            canvas.line(ends, fill=colours[bone // 4], width=max(1, round(radius)))
        for joint, (x, y) in enumerate(hand_points):
            colour = colours[(joint - 1) // 4] if joint else (255, 255, 255)
            box = [x - radius, y - radius, x + radius, y + radius]
            canvas.ellipse(box, fill=colour if shown[hand, joint] else None, outline=colour)
    return image


def boxes(picture: Picture, bbox_px: ArrayLike) -> Image.Image:
    """bbox_px [..., 4]: x, y, width, height; the right hand's orange, the left one's blue."""
    image = _image(picture)
    canvas = ImageDraw.Draw(image)
    for hand, (x, y, width, height) in enumerate(np.reshape(bbox_px, (-1, 4)).tolist()):
        if width > 0 and height > 0:
            colour = _HAND_COLOURS[hand % 2]
            canvas.rectangle([x, y, x + width - 1, y + height - 1], outline=colour)
    return image


def parts(picture: Picture, seg: ArrayLike, opacity: float = 0.5) -> Image.Image:
    """The part labels seg [H, W] in colour over the picture."""
    pixels = np.asarray(_image(picture), np.float32)
    seg = np.asarray(seg)
    colours = PART_COLOURS[np.minimum(seg, len(PART_COLOURS) - 1)]
    share = np.where(seg > 0, np.float32(opacity), 0)[..., None]
    return Image.fromarray((pixels + share * (colours - pixels)).round().astype(np.uint8))


def amodal(picture: Picture, masks: ArrayLike, opacity: float = 0.5) -> Image.Image:
    """The masks of both hands [H, W] (bit 0 right, bit 1 left), each as if alone."""
    pixels = np.asarray(_image(picture), np.float32)
    for bit, colour in enumerate(_HAND_COLOURS):
        share = np.where(np.asarray(masks) >> bit & 1, np.float32(opacity), 0)[..., None]
        pixels = pixels + share * (np.array(colour, np.float32) - pixels)
    return Image.fromarray(pixels.round().astype(np.uint8))


def mesh(
    picture: Picture,
    vertices_in_cam: ArrayLike,
    faces: ArrayLike,
    intrinsics: ArrayLike,
    colour: ArrayLike = (200, 200, 205),
    opacity: float = 0.85,
) -> Image.Image:
    """A shaded mesh over the picture: vertices [V, 3] metres, faces [F, 3], intrinsics [3, 3].

    `colour` is one for all or [F, 3]. Faces are painted from far to near, which is right for hands
    but for hair's breadths; faces that reach behind the camera are left out.
    """
    image = _image(picture)
    vertices = np.asarray(vertices_in_cam, np.float64)
    corners = vertices[np.asarray(faces)]  # [F, 3, 3]
    colours = np.broadcast_to(np.asarray(colour, np.float64), (len(corners), 3))
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    lengths = np.linalg.norm(normals, axis=1)
    facing = -np.einsum("fc,fc->f", normals, corners.mean(axis=1))
    kept = np.flatnonzero((facing > 0) & (lengths > 0) & (corners[..., 2] > 1e-3).all(axis=1))
    kept = kept[np.argsort(-corners[kept, :, 2].mean(axis=1))]
    light = 0.35 + 0.65 * np.abs(normals[kept, 2] / lengths[kept])  # from the camera
    shades = np.clip(colours[kept] * light[:, None], 0, 255).astype(int)
    pixels = corners[kept] @ np.asarray(intrinsics, np.float64).T
    pixels = pixels[..., :2] / pixels[..., 2:]
    painted = image.copy()
    canvas = ImageDraw.Draw(painted)
    for corner, shade in zip(pixels.tolist(), shades.tolist()):
        canvas.polygon([tuple(point) for point in corner], fill=tuple(shade))
    return Image.blend(image, painted, opacity)


def record(
    record: Record, *, with_joints: bool = True, with_boxes: bool = True, with_parts: bool = True
) -> Image.Image:
    """A record's picture with its labels over it."""
    image = _image(record.picture())
    if with_parts:
        image = parts(image, record.picture("seg"), 0.4)
    if with_boxes:
        image = boxes(image, record.bbox_px)
    if with_joints:
        image = joints(image, record.joints_px, record.joint_visible)
    return image


def posed_hands(record: Record, hands: Sequence[HandModel], opacity: float = 0.85) -> Image.Image:
    """A record's picture with both hands' meshes over it; `hands` as Dataset.hands() gives them."""
    vertices, faces, colours = [], [], []
    for side, model in enumerate(hands):
        posed = model.pose(
            record.pose[side],
            record.shape[side],
            record.translation[side],
            record.forearm[side] if model.joint_count > 16 else None,
        )
        turn, shift = record.cam_from_world[:, :3], record.cam_from_world[:, 3]
        faces.append(model.faces + sum(map(len, vertices)))
        vertices.append(posed.vertices @ turn.T + shift)
        colours.append(PART_COLOURS[np.clip(model.part_of_face, 0, len(PART_COLOURS) - 1)])
    return mesh(
        record.picture(),
        np.concatenate(vertices),
        np.concatenate(faces),
        record.intrinsics,
        np.concatenate(colours),
        opacity,
    )
