# SPDX-License-Identifier: Apache-2.0
"""A record's pictures as arrays. What a file claims is held against the label first."""

import io

import numpy as np
from PIL import Image

from .errors import UserError

RGB_MEMBERS = ("rgb.jpg", "rgb.png", "rgb.webp")
# name -> (member, Pillow's modes for it)
_LABEL_IMAGES = {
    "seg": ("seg.png", ("L",)),
    "depth": ("depth.png", ("I;16", "I")),  # the latter by old versions
    "amodal": ("amodal.png", ("L",)),
    "normal": ("normal.png", ("RGB",)),
    "albedo": ("albedo.png", ("RGB",)),
}
NAMES = ("rgb", *_LABEL_IMAGES, "uv")


def decode(read, members, name, size, what):
    """[H, W] or [H, W, 3]: uint8, but uint16 for depth and uv.

    `read(member)` gives bytes, `members` are the record's, `size` is (width, height), and `what`
    names the record in messages.
    """
    if name == "uv":
        return _decode_uv(read("uv.png"), size, f"{what}: uv.png")
    if name == "rgb":
        member = next((m for m in RGB_MEMBERS if m in members), RGB_MEMBERS[0])
        modes: tuple[str, ...] = ("RGB",)
    elif name in _LABEL_IMAGES:
        member, modes = _LABEL_IMAGES[name]
    else:
        raise UserError(f"there is no picture {name!r}; there are {', '.join(NAMES)}")
    data = read(member)
    kind = member.rsplit(".", 1)[1].upper().replace("JPG", "JPEG")
    try:
        with Image.open(io.BytesIO(data), formats=(kind,)) as image:
            if image.size != size or image.mode not in modes:
                raise UserError(
                    f"{what}: {member} is a {image.mode} picture of {image.size[0]} x "
                    f"{image.size[1]}; expected {modes[0]} of {size[0]} x {size[1]}"
                )
            pixels = np.array(image)
    except UserError:
        raise
    except Exception as error:  # Pillow's decoders raise many kinds
        raise UserError(f"{what}: {member} is damaged: {error}") from None
    return pixels.astype(np.uint16, copy=False) if name == "depth" else pixels


def _decode_uv(data, size, what):
    from . import _core  # Pillow reads 8 bits of 16-bit RGB

    pixels = _core.decode_png16(data, what)
    if pixels.shape != (size[1], size[0], 3):
        raise UserError(f"{what} has shape {pixels.shape}; the record is {size[0]} x {size[1]}")
    return pixels
