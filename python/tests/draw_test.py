# SPDX-License-Identifier: Apache-2.0
"""What is drawn lies where the labels say, and only there."""

import unittest

import numpy as np
from common import PackageTest, data_set
from renderih.conventions import BONES, PARTS

import renderih
from renderih import draw


def changed(before, after):
    """[H, W] where two pictures differ."""
    return (np.asarray(before) != np.asarray(after)).any(axis=2)


class Drawing(PackageTest):
    def setUp(self):
        super().setUp()
        self.black = np.zeros((40, 60, 3), np.uint8)

    def test_joints(self):
        points = np.full((2, 21, 2), -100.0)
        points[1, 8] = (30.5, 20.5)  # a fingertip, the rest of the finger elsewhere
        points[1, 7] = (30.5, 20.5)
        hidden = np.zeros((2, 21), bool)
        full = draw.joints(self.black, points)
        hollow = draw.joints(self.black, points, hidden)
        where = np.argwhere(changed(self.black, full) & ~changed(full, full.copy()))
        self.assertTrue(np.asarray(full)[20, 30].any())
        self.assertLess(len(where), 40 * 60 / 2)
        self.assertLessEqual(
            np.asarray(hollow).astype(bool).sum(), np.asarray(full).astype(bool).sum()
        )
        self.assertFalse(self.black.any())  # the caller's picture is left alone
        self.assertEqual(BONES[:5], ((0, 1), (1, 2), (2, 3), (3, 4), (0, 5)))

    def test_boxes(self):
        image = np.asarray(draw.boxes(self.black, [[10, 5, 20, 10], [0, 0, 0, 0]]))
        rows, columns = np.nonzero(image.any(axis=2))
        self.assertEqual((rows.min(), rows.max()), (5, 14))
        self.assertEqual((columns.min(), columns.max()), (10, 29))
        self.assertFalse(image[10, 20].any())

    def test_parts_and_masks(self):
        self.assertEqual(len(PARTS), 38)
        self.assertEqual((PARTS[1], PARTS[32]), ("right pinky end", "left palm"))
        self.assertEqual(len(np.unique(draw.PART_COLOURS[:33], axis=0)), 33)
        for record in renderih.open(data_set(), "val"):
            picture, seg = record.picture(), record.picture("seg")
            self.assertFalse(changed(picture, draw.parts(picture, seg))[seg == 0].any())
            solid = np.asarray(draw.parts(picture, seg, opacity=1))
            self.assertTrue(np.array_equal(solid[seg > 0], draw.PART_COLOURS[seg[seg > 0]]))
            masks = record.picture("amodal")
            self.assertFalse(changed(picture, draw.amodal(picture, masks))[masks == 0].any())
            self.assertEqual(draw.record(record).size, record.size)

    def test_posed_hands_cover_the_hands(self):
        """The mesh as drawn is the hand as labelled, but for what is worn and for its outline."""
        dataset = renderih.open(data_set())
        hands = dataset.hands()
        for record in list(dataset)[:6]:
            picture = record.picture()
            painted = changed(picture, draw.posed_hands(record, hands, opacity=1))
            labelled = record.picture("amodal") > 0
            self.assertGreater((painted & labelled).sum(), 0.93 * labelled.sum())

    def test_faces_hide_what_is_behind_them(self):
        near = np.array([[-1, -1, 1], [1, -1, 1], [0, 1, 1]], float) * [0.2, 0.2, 1]
        far = near * [3, 3, 3]
        vertices = np.concatenate([near, far])
        k = np.array([[40, 0, 30], [0, 40, 20], [0, 0, 1]])
        for faces in ([[0, 2, 1], [3, 5, 4]], [[3, 5, 4], [0, 2, 1]]):
            colours = [(255, 0, 0) if face[0] == 0 else (0, 255, 0) for face in faces]
            image = np.asarray(draw.mesh(self.black, vertices, faces, k, colours, opacity=1))
            self.assertGreater(image[20, 30, 0], 0)
            self.assertEqual(image[20, 30, 1], 0)
            turned = [face[::-1] for face in faces]
            self.assertFalse(np.asarray(draw.mesh(self.black, vertices, turned, k)).any())


if __name__ == "__main__":
    unittest.main()
