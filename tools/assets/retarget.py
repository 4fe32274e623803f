# SPDX-License-Identifier: Apache-2.0
"""Joint positions of any right hand -> bend and splay of our joints, inside Table 2.

Bone directions are read in the palm's frame (wrist and the four knuckles), the same in both hands. A finger
is solved in closed form joint by joint; the thumb, whose base differs most between hands, by least squares
on its bone directions and, where thumb and a fingertip touch, on the way from the thumb tip to that fingertip.
"""
import numpy as np

import rig
from common import unit

# Positions of a hand: [21, 3], mano21 order: wrist, then thumb, index, middle, ring, pinky, base to tip.
CHAIN = {finger: 1 + 4 * f + np.arange(4) for f, finger in enumerate(rig.TIP_ORDER)}
MCPS = [CHAIN[f][0] for f in ("index", "middle", "ring", "pinky")]
TOUCH_SHARE = 0.25  # thumb tip nearer to a fingertip than this share of the palm length: they touch
TOUCH_WEIGHT = 3.0


def palm_frame(positions):
    """Columns: x to the wrist, y out of the back, z to the thumb side (right hand)."""
    knuckles = positions[MCPS]
    x = unit(positions[0] - knuckles.mean(0))
    across = knuckles[0] - knuckles[3]
    z = unit(across - (across @ x) * x)
    return np.stack([x, np.cross(z, x), z], 1)


def mirrored(positions):
    """A left hand's positions as a right hand's."""
    return positions * [-1, 1, 1]


class Retargeter:
    def __init__(self, hand):
        """hand: rig.Hand of our right hand."""
        self.frames = hand.frames()
        self.rest = rest_positions(hand)
        self.palm = palm_frame(self.rest)
        self.length = np.linalg.norm(self.rest[MCPS].mean(0) - self.rest[0])

    def solve(self, positions, pitch_deg=0.0):
        """positions [21, 3] -> bend_deg [15], splay_deg [15], clamped_deg.

        pitch_deg: bend of the source's own flat knuckles in its palm frame, taken off the four knuckles.
        """
        source = palm_frame(positions)
        scale = self.length / np.linalg.norm(positions[MCPS].mean(0) - positions[0])
        points = (positions - positions[0]) @ source @ self.palm.T * scale
        bend, splay = np.zeros(15), np.zeros(15)
        for finger in ("index", "middle", "ring", "pinky"):
            root = 3 * rig.FINGERS.index(finger)
            turned = np.eye(3)
            for k, direction in enumerate(unit(np.diff(points[CHAIN[finger]], axis=0))):
                c = self.frames[root + k]
                b, s = rig.angles_from_directions(c.T @ (turned.T @ -direction))
                s = s if k == 0 else 0.0
                bend[root + k], splay[root + k] = np.degrees(b), np.degrees(s)
                turned = turned @ c @ rig.axis_rotation(2, b) @ rig.axis_rotation(1, s) @ c.T
            bend[root] -= pitch_deg
        limited_bend = bend.clip(*rig.BEND_LIMITS_DEG.T)
        limited_splay = splay.clip(*rig.SPLAY_LIMITS_DEG.T)
        clamped = max(np.abs(limited_bend - bend).max(), np.abs(limited_splay - splay).max())
        thumb_bend, thumb_splay = self._solve_thumb(points, limited_bend, limited_splay)
        limited_bend[12:15], limited_splay[12] = thumb_bend, thumb_splay
        return limited_bend, limited_splay, float(clamped)

    def _forward(self, bend, splay):
        """-> positions [21, 3] of our hand, mano21 order."""
        rotations = rig.rotations_from_angles(self.frames, bend, splay)
        joints = np.zeros((17, 3))
        joints[0], joints[16] = self.rest[0], self.rest[0]
        for f, finger in enumerate(rig.FINGERS):
            joints[3 * f + 1:3 * f + 4] = self.rest[CHAIN[finger][:3]]
        transforms = rig.joint_transforms(joints, rotations)
        posed = self.rest.copy()
        for f, finger in enumerate(rig.FINGERS):
            for k, j in enumerate((3 * f + 1, 3 * f + 2, 3 * f + 3, 3 * f + 3)):
                posed[CHAIN[finger][k]] = transforms[j, :, :3] @ posed[CHAIN[finger][k]] + transforms[j, :, 3]
        return posed

    def _solve_thumb(self, points, bend, splay):
        """Pattern search over three bends and a splay inside the limits (no derivative, no chance)."""
        wanted = unit(np.diff(points[CHAIN["thumb"]], axis=0))
        tips = points[[CHAIN[f][3] for f in rig.TIP_ORDER]]
        gap = np.linalg.norm(tips[1:] - tips[0], axis=1)
        touching = gap.argmin() + 1 if gap.min() < TOUCH_SHARE * self.length else None
        limits = np.vstack([rig.BEND_LIMITS_DEG[12:15], rig.SPLAY_LIMITS_DEG[12]])

        def cost(angles):
            bend[12:15], splay[12] = angles[:3], angles[3]
            ours = self._forward(bend, splay)
            total = ((unit(np.diff(ours[CHAIN["thumb"]], axis=0)) - wanted) ** 2).sum()
            if touching is not None:
                our_tips = ours[[CHAIN[f][3] for f in rig.TIP_ORDER]]
                way, our_way = tips[touching] - tips[0], our_tips[touching] - our_tips[0]
                total += TOUCH_WEIGHT * ((our_way - way) ** 2).sum() / (0.3 * self.length) ** 2
            return total + 1e-7 * (angles / 90 @ (angles / 90))

        angles, best, step = np.zeros(4), cost(np.zeros(4)), 16.0
        while step > 0.02:
            improved = False
            for k in range(4):
                for sign in (1, -1):
                    trial = angles.copy()
                    trial[k] = np.clip(trial[k] + sign * step, *limits[k])
                    value = cost(trial)
                    if value < best - 1e-12:
                        angles, best, improved = trial, value, True
            if not improved:
                step /= 2
        return angles[:3], angles[3]


def rest_positions(hand):
    rest = hand.rest()
    joints = hand.arrays["joint_regressor"] @ rest
    points = np.zeros((21, 3))
    points[0] = joints[0]
    for f, finger in enumerate(rig.FINGERS):
        points[CHAIN[finger][:3]] = joints[3 * f + 1:3 * f + 4]
        points[CHAIN[finger][3]] = rest[hand.arrays["tip_vertices"][rig.TIP_ORDER.index(finger)]]
    return points
