# SPDX-License-Identifier: Apache-2.0
"""The numpy hand against the C++ kinematics and against the labels."""

import io
import os
import sys
import unittest

import numpy as np
from common import ASSETS, REPOSITORY, PackageTest, data_set
from renderih.conventions import MANO21_SOURCE
from renderih.hand_model import HandModel, rotation_matrices

import renderih
from renderih import _core


class Posing(PackageTest):
    def test_rotations(self):
        quarter = rotation_matrices(np.array([0, 0, np.pi / 2]))
        self.assertLess(np.abs(quarter @ [1, 0, 0] - [0, 1, 0]).max(), 1e-15)
        self.assertTrue(
            np.array_equal(rotation_matrices(np.zeros((4, 3))), np.tile(np.eye(3), (4, 1, 1)))
        )
        tiny = rotation_matrices(np.array([1e-9, 0, 0]))
        self.assertAlmostEqual(tiny[2, 1], 1e-9, delta=1e-24)
        many = rotation_matrices(np.random.default_rng(1).normal(size=(100, 3)))
        self.assertLess(np.abs(many @ many.swapaxes(1, 2) - np.eye(3)).max(), 1e-14)
        self.assertTrue((np.linalg.det(many) > 0).all())

    def test_numpy_and_cpp_pose_alike(self):
        rng = np.random.default_rng(2)
        for side, model in zip(("right", "left"), renderih.open(data_set()).hands()):
            self.assertEqual(model.side, side)
            path = str(data_set() / "hands" / f"{side}.npz")
            for _ in range(5):
                pose = rng.normal(scale=0.5, size=(16, 3))
                shape = rng.normal(size=model.shape_count)
                shift, forearm = rng.normal(size=3), rng.normal(scale=0.3, size=3)
                posed = model.pose(pose, shape, shift, forearm)
                vertices, keypoints = _core.pose_hand_file(
                    path, side, np.vstack([pose, forearm]), shape, shift
                )
                self.assertLess(np.abs(posed.vertices - vertices).max(), 1e-9)
                self.assertLess(np.abs(posed.keypoints - keypoints).max(), 1e-9)

    def test_labels_follow_from_the_parameters(self):
        dataset = renderih.open(data_set())
        hands = dataset.hands()
        for record in dataset:
            turn, shift = record.cam_from_world[:, :3], record.cam_from_world[:, 3]
            for side, model in enumerate(hands):
                posed = model.pose(
                    record.pose[side], record.shape[side],
                    record.translation[side], record.forearm[side],
                )  # fmt: skip
                points = posed.keypoints @ turn.T + shift
                self.assertLess(np.abs(points - record.joints_in_cam[side]).max(), 1e-8)

    def test_many_hands_at_once_are_the_single_ones(self):
        dataset = renderih.open(data_set())
        model = dataset.hands()[0]
        pose = np.stack([record.pose[0] for record in dataset])
        shape = np.stack([record.shape[0] for record in dataset])
        shift = np.stack([record.translation[0] for record in dataset])
        arms = np.stack([record.forearm[0] for record in dataset])
        together = model.pose(pose, shape, shift, arms)
        grid = model.pose(pose.reshape(4, -1, 16, 3), shape[0])  # broadcast, and two axes
        self.assertEqual(grid.vertices.shape[:2], (4, len(pose) // 4))
        for i in range(len(pose)):
            single = model.pose(pose[i], shape[i], shift[i], arms[i])
            for one, many in zip(single, together):
                self.assertLess(np.abs(one - many[i]).max(), 1e-12)
            flat = model.pose(pose[i], shape[0])
            at = divmod(i, len(pose) // 4)
            self.assertLess(np.abs(flat.vertices - grid.vertices[at]).max(), 1e-12)

    def test_zero_is_the_rest_hand(self):
        model = renderih.open(data_set()).hands()[0]
        posed = model.pose()
        self.assertLess(np.abs(posed.vertices - model.template_vertices).max(), 1e-12)
        self.assertEqual(posed.keypoints.shape, (21, 3))
        rest = model.joint_regressor @ model.template_vertices
        self.assertLess(np.abs(posed.keypoints[0] - rest[0]).max(), 1e-12)
        tips = model.template_vertices[model.tip_vertices]
        self.assertLess(np.abs(posed.keypoints[[4, 8, 12, 16, 20]] - tips).max(), 1e-12)
        self.assertEqual(sorted(MANO21_SOURCE), list(range(21)))

    def test_arguments_of_the_wrong_shape(self):
        model = renderih.open(data_set()).hands()[0]
        self.assert_user_error(["pose", "16, 3"], model.pose, np.zeros((17, 3)))
        self.assert_user_error(["shape", str(model.shape_count)], model.pose, None, np.zeros(3))
        self.assert_user_error(
            ["leading axes"], model.pose, np.zeros((2, 16, 3)), None, np.zeros((3, 3))
        )


class Files(PackageTest):
    def test_the_open_hands_through_cpp(self):
        right, left = renderih.load_hands(assets=ASSETS)
        stored = renderih.open(data_set()).hands()
        for loaded, kept in zip((right, left), stored):
            for name in ("template_vertices", "faces", "skin_weights", "pose_dirs", "part_of_face"):
                self.assertTrue(np.array_equal(getattr(loaded, name), getattr(kept, name)), name)
            self.assertEqual(loaded.side, kept.side)

    def test_mano_files_through_cpp(self):
        sys.path.insert(0, str(REPOSITORY / "tests" / "e2e"))
        self.addCleanup(sys.path.remove, sys.path[0])
        import mano_files

        paths = []
        for hand in renderih.open(data_set()).hands():
            arrays = mano_files.mano_arrays(hand.arrays, hand.side)
            path = self.folder / f"{hand.side}.npz"
            np.savez(path, **arrays)
            paths.append(str(path))
        right, left = renderih.load_hands(",".join(paths))
        self.assertEqual((right.side, left.side), ("right", "left"))
        self.assertEqual(right.joint_count, 17)  # it got a forearm
        self.assertLess(np.abs(right.pose().vertices - right.template_vertices).max(), 1e-12)

    def test_files_that_are_no_hand(self):
        good = dict(renderih.open(data_set()).hands()[0].arrays)

        def expect(words, **changes):
            arrays = {**good, **changes}
            path = self.folder / "hand.npz"
            np.savez(path, **{name: a for name, a in arrays.items() if a is not None})
            self.assert_user_error(["hand.npz", *words], HandModel.load, path)

        expect(["skin_weights"], skin_weights=None)
        expect(["skin_weights", "shape"], skin_weights=good["skin_weights"][:-1])
        expect(["pose_dirs", "finite"], pose_dirs=good["pose_dirs"] * np.nan)
        expect(["faces", "whole numbers"], faces=good["faces"] + 100_000)
        expect(["tip_vertices"], tip_vertices=-good["tip_vertices"])
        expect(["parents"], parents=good["parents"][::-1])
        expect(["side"], side=np.array("middle"))
        expect(["joints"], parents=good["parents"][:5])
        expect(["can be read"], faces=np.array([{}], dtype=object))  # a pickle: never opened
        self.assert_user_error(["no such file"], HandModel.load, self.folder / "nothing.npz")
        junk = self.folder / "junk.npz"
        for data in (b"", b"PK\x03\x04junk", os.urandom(1000)):
            junk.write_bytes(data)
            self.assert_user_error(["junk.npz"], HandModel.load, junk)

    def test_an_archive_that_unpacks_to_gigabytes(self):
        packed = io.BytesIO()
        np.savez_compressed(packed, template_vertices=np.zeros((1 << 27, 2), np.uint8))
        data = packed.getvalue()
        # The directory's claim is what is checked, before anything is unpacked.
        bomb = self.folder / "bomb.npz"
        size = ((1 << 28) + 128).to_bytes(4, "little")
        self.assertIn(size, data)
        bomb.write_bytes(data.replace(size, (1 << 31).to_bytes(4, "little")))
        self.assert_user_error(["bomb.npz", "more than"], HandModel.load, bomb)


if __name__ == "__main__":
    unittest.main()
