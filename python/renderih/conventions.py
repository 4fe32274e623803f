# SPDX-License-Identifier: Apache-2.0
"""Orders of joints and numbers of parts, as docs/conventions.md has them."""

HANDS = ("right", "left")
FINGERS = ("thumb", "index", "middle", "ring", "pinky")

MANO16 = (
    "wrist",
    "index1", "index2", "index3",
    "middle1", "middle2", "middle3",
    "pinky1", "pinky2", "pinky3",
    "ring1", "ring2", "ring3",
    "thumb1", "thumb2", "thumb3",
)  # fmt: skip
FOREARM = 16  # the joint that follows mano16's

MANO21 = ("wrist",) + tuple(
    f"{finger}{part}" for finger in FINGERS for part in ("1", "2", "3", "_tip")
)
# mano21 from mano16's joints (0-15) and tips (16-20: thumb, index, middle, ring, pinky).
MANO21_SOURCE = (0, 13, 14, 15, 16, 1, 2, 3, 17, 4, 5, 6, 18, 10, 11, 12, 19, 7, 8, 9, 20)
# Pairs of mano21 joints that a bone joins: 20 of them, finger by finger from the wrist.
BONES = tuple(
    (0 if part == 0 else 4 * finger + part, 4 * finger + part + 1)
    for finger in range(5)
    for part in range(4)
)

_PARTS_OF_HAND = tuple(
    f"{finger} {segment}"
    for finger in ("pinky", "ring", "middle", "index", "thumb")
    for segment in ("end", "middle", "root")
) + ("palm",)
# Name of each number in seg.png.
PARTS = (
    ("background",)
    + tuple(f"{hand} {part}" for hand in HANDS for part in _PARTS_OF_HAND)
    + ("right forearm", "left forearm", "worn on the right", "worn on the left", "thing")
)
