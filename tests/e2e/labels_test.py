# SPDX-License-Identifier: Apache-2.0
"""numpy alone reproduces the labels from hands/*.npz and the records, as a user would."""
import json
import unittest

from support import SMALL, EndToEnd, image, records, run

try:
    import numpy as np
except ImportError:
    np = None

# mano21 from mano16 joints (0-15) and tips (16-20: thumb, index, middle, ring, pinky).
MANO21 = [0, 13, 14, 15, 16, 1, 2, 3, 17, 4, 5, 6, 18, 10, 11, 12, 19, 7, 8, 9, 20]
# Table 2, degrees: (bend of root, middle, end), splay of the root; fingers in mano16 order.
TABLE2 = {
    "index": [(-25, 70), (-4, 110), (-8, 90), (-25, 15)],
    "middle": [(-25, 80), (-7, 100), (-8, 90), (-15, 15)],
    "pinky": [(-22, 70), (-8, 90), (-8, 90), (-20, 30)],
    "ring": [(-25, 70), (-10, 100), (-8, 90), (-25, 15)],
    "thumb": [(-20, 40), (-8, 50), (-10, 100), (-30, 30)],
}


def rotation(axis_angle):
    angle = np.linalg.norm(axis_angle)
    if angle == 0:
        return np.eye(3)
    x, y, z = axis_angle / angle
    k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * k + (1 - np.cos(angle)) * k @ k


def pose_hand(hand, axis_angle, shape, translation):
    """The formula of docs/dataset_format.md: vertices and joints in the world, metres."""
    rest = hand["template_vertices"] + hand["shape_dirs"] @ shape
    joints = hand["joint_regressor"] @ rest
    local = [rotation(a) for a in axis_angle]
    feature = np.concatenate([(r - np.eye(3)).ravel() for r in local[1:16]])
    posed = rest + hand["pose_dirs"] @ feature
    rotations, positions = [], []
    for j, parent in enumerate(hand["parents"]):
        if parent < 0:
            rotations.append(local[j])
            positions.append(joints[j])
        else:
            rotations.append(rotations[parent] @ local[j])
            positions.append(positions[parent] + rotations[parent] @ (joints[j] - joints[parent]))
    vertices = np.zeros_like(rest)
    for j, (r, p) in enumerate(zip(rotations, positions)):
        vertices += hand["skin_weights"][:, j : j + 1] * ((posed - joints[j]) @ r.T + p)
    return vertices + translation, np.array(positions) + translation, joints


def angles(hand, rest_joints, rest, axis_angle, side):
    """(twist, splay, bend) in degrees of joints 1-15."""
    tips = rest[hand["tip_vertices"]]
    result = []
    for j in range(1, 16):
        finger = (j - 1) // 3
        child = rest_joints[j + 1] if (j - 1) % 3 < 2 else tips[[1, 2, 4, 3, 0][finger]]
        x = rest_joints[j] - child
        up = hand["thumb_up_hint"] if finger == 4 else np.array([0.0, 1.0, 0.0])
        if side == "left":  # the right hand's frame in the mirror: angles mean the same
            x = x * [-1, 1, 1]
            up = up * [-1, 1, 1] if finger == 4 else up
        x = x / np.linalg.norm(x)
        z = np.cross(x, up)
        z /= np.linalg.norm(z)
        frame = np.stack([x, np.cross(z, x), z], axis=1)
        r = rotation(axis_angle[j])
        if side == "left":
            mirror = np.diag([-1.0, 1, 1])
            r = mirror @ r @ mirror
        a = frame.T @ r @ frame
        splay = np.arcsin(np.clip(-a[2, 0], -1, 1))
        bend = np.arctan2(a[1, 0], a[0, 0])
        twist = np.arctan2(a[2, 1], a[2, 2])
        result.append(np.degrees([twist, splay, bend]))
    return np.array(result)


@unittest.skipIf(np is None, "numpy is not installed")
class Labels(EndToEnd):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        import tempfile

        cls.data = tempfile.TemporaryDirectory()
        run("generate", "--out", cls.data.name, "--poses", 3, "--views", 2, "--seed", 11, *SMALL)

    @classmethod
    def tearDownClass(cls):
        cls.data.cleanup()

    def test_joints_and_projections(self):
        hands = {s: dict(np.load(f"{self.data.name}/hands/{s}.npz")) for s in ("right", "left")}
        found = records(self.data.name)
        self.assertEqual(len(found), 6)
        for key, members in found.items():
            record = json.loads(members["json"])
            camera = record["camera"]
            cam_from_world = np.array(camera["cam_from_world"])
            for side in ("right", "left"):
                label, hand = record["hands"][side], hands[side]
                pose = np.array(label["pose"] + [label["forearm"]["rotation"]])
                shape, move = np.array(label["shape"]), np.array(label["translation"])
                vertices, joints, rest_joints = pose_hand(hand, pose, shape, move)
                both = np.concatenate([joints[:16], vertices[hand["tip_vertices"]]])[MANO21]
                in_cam = both @ cam_from_world[:, :3].T + cam_from_world[:, 3]
                np.testing.assert_allclose(in_cam, label["joints_in_cam"], atol=1e-5, err_msg=key)
                px = in_cam[:, :2] / in_cam[:, 2:] * [camera["fx"], camera["fy"]]
                px += [camera["cx"], camera["cy"]]
                np.testing.assert_allclose(px, label["joints_px"], atol=1e-3, err_msg=key)

                rest = hand["template_vertices"] + hand["shape_dirs"] @ shape
                degrees = angles(hand, rest_joints, rest, pose, side)
                for f, (name, limits) in enumerate(TABLE2.items()):
                    for k in range(3):
                        twist, splay, bend = degrees[3 * f + k]
                        where = f"{key} {side} {name}{k + 1}"
                        self.assertLess(abs(twist), 1e-3, where)
                        low, high = limits[3] if k == 0 else (0, 0)
                        self.assertTrue(low - 1e-3 < splay < high + 1e-3, f"{where} {splay}")
                        low, high = limits[k]
                        self.assertTrue(low - 1e-3 < bend < high + 1e-3, f"{where} {bend}")

    def test_pictures_agree_with_the_numbers(self):
        for key, members in records(self.data.name).items():
            record = json.loads(members["json"])
            seg, amodal = image(members["seg.png"]), image(members["amodal.png"])
            depth, rgb = image(members["depth.png"]), image(members["rgb.jpg"])
            size = (record["image"]["height"], record["image"]["width"])
            self.assertEqual([seg.shape, amodal.shape, depth.shape, rgb.shape[:2]], [size] * 4)
            np.testing.assert_array_equal(depth > 0, seg > 0, err_msg=key)
            masks = []
            for i, side in enumerate(("right", "left")):
                label = record["hands"][side]
                visible = (seg >= 1 + 16 * i) & (seg <= 16 + 16 * i)
                masks.append((amodal >> i) & 1 > 0)
                self.assertEqual(visible.sum(), label["visible_pixels"], key)
                self.assertEqual(masks[i].sum(), label["amodal_pixels"], key)
                self.assertFalse((visible & ~masks[i]).any(), key)
                rows, columns = np.nonzero(visible)
                box = [columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1]
                self.assertEqual(box, label["bbox_px"], key)
                # A visible joint's pixel shows its own hand.
                for p, seen in zip(label["joints_px"], label["joint_visible"]):
                    if seen:
                        x, y = int(p[0]), int(p[1])
                        near = seg[max(0, y - 2) : y + 3, max(0, x - 2) : x + 3]
                        own = ((near >= 1 + 16 * i) & (near <= 16 + 16 * i)) | (near == 33 + i)
                        self.assertTrue(own.any(), f"{key} {side}")
            union = (masks[0] | masks[1]).sum()
            iou = (masks[0] & masks[1]).sum() / union
            self.assertAlmostEqual(iou, record["interaction"]["mask_iou"], places=12, msg=key)
            self.assertEqual(record["interaction"]["penetration_depth_m"], 0, key)


if __name__ == "__main__":
    unittest.main()
