# SPDX-License-Identifier: Apache-2.0
"""`verify` finds every kind of damage and names the record: raw bytes changed under the checksums,
and labels changed by somebody who mends the checksums too."""
import hashlib
import io
import json
import pathlib
import shutil
import tarfile
import unittest

from support import (SMALL, EndToEnd, image, read_png16, records, run, shard_bytes, tar_of,
                     write_png16)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class Tamper(EndToEnd):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        import tempfile

        cls.kept = tempfile.TemporaryDirectory()
        cls.original = pathlib.Path(cls.kept.name) / "data"
        settings = pathlib.Path(cls.kept.name) / "config.toml"
        settings.write_text("[image]\nnormal = true\nalbedo = true\nuv = true\n"
                            "ring = 1\nsleeve = 1\nwatch = 1\nbracelet = 1\nskin_map_height = 512\n")
        run("generate", "--out", cls.original, "--poses", 2, "--views", 2, "--seed", 5,
            "--config", settings, *SMALL)
        run("verify", cls.original)

    @classmethod
    def tearDownClass(cls):
        cls.kept.cleanup()

    def setUp(self):
        super().setUp()
        self.data = self.folder / "data"
        shutil.copytree(self.original, self.data)
        self.key = sorted(records(self.data))[1]

    def expect_finding(self, *words):
        listing = run("verify", self.data, expect=1)
        lines = [line for line in listing.stdout.splitlines() if self.key in line]
        self.assertTrue(lines, listing.stdout)
        for word in words:
            self.assertTrue(any(word in line for line in lines), listing.stdout)
        return lines

    def flip(self, path, offset):
        data = bytearray(path.read_bytes())
        data[offset] ^= 1
        path.write_bytes(data)

    def test_one_byte_of_a_picture(self):
        tar, members = tar_of(self.data, self.key)
        offset, size = members["rgb.jpg"]
        self.flip(tar, offset + size // 2)
        self.expect_finding("its bytes were changed")

    def test_one_byte_of_a_header(self):
        tar, members = tar_of(self.data, self.key)
        offset = min(offset for offset, _ in members.values())
        self.flip(tar, offset - 512 + 257)
        self.expect_finding("its bytes were changed")

    def rebuild(self, change, change_row=lambda row: None):
        """Changes one record's members and row, and mends every checksum and index on the way."""
        tar, _ = tar_of(self.data, self.key)
        with tarfile.open(tar) as archive:
            entries = [(m, archive.extractfile(m).read()) for m in archive]
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for member, data in entries:
                key, _, name = member.name.partition(".")
                data = change(name, data) if key == self.key else data
                if data is not None:
                    member.size = len(data)
                    archive.addfile(member, io.BytesIO(data))
            end = archive.offset
        tar.write_bytes(out.getvalue()[:end] + bytes(1024))  # tarfile pads to 10,240
        index, spans = {}, {}
        with tarfile.open(tar) as archive:
            for member in archive:
                key, _, name = member.name.partition(".")
                index.setdefault(key, {})[name] = [member.offset_data, member.size]
                begin, _ = spans.get(key, (member.offset, 0))
                spans[key] = (begin, member.offset_data + (member.size + 511) // 512 * 512)
        stem = tar.name[: -len(".tar")]
        index_path, rows_path = tar.parent / f"{stem}.idx.json", tar.parent / f"{stem}.jsonl"
        compact = {"separators": (",", ":")}
        entries = (f"{json.dumps(key)}:{json.dumps(m, **compact)}" for key, m in index.items())
        index_path.write_text("{\n" + ",\n".join(entries) + "\n}\n")
        rows = [json.loads(line) for line in rows_path.read_text().splitlines()]
        raw = tar.read_bytes()
        for row in rows:
            if row["key"] == self.key:
                change_row(row)
            begin, end = spans[row["key"]]
            row.update(offset=begin, bytes=end - begin, record_sha256=sha256(raw[begin:end]))
        rows_path.write_text("".join(json.dumps(row, **compact) + "\n" for row in rows))
        manifest = self.data / "manifest.jsonl"
        lines = [json.loads(line) for line in manifest.read_text().splitlines()]
        for line in lines:
            if line["path"] == f"{tar.parent.name}/{tar.name}":
                line.update(sha256=sha256(raw), bytes=len(raw))
                for name, path in (("idx_sha256", index_path), ("jsonl_sha256", rows_path)):
                    line[name] = sha256(path.read_bytes())
        manifest.write_text("".join(json.dumps(line) + "\n" for line in lines))

    def change_json(self, edit, **row):
        """`row`: what the flat row says then."""

        def change(name, data):
            if name != "json":
                return data
            record = json.loads(data)
            edit(record)
            return json.dumps(record, separators=(",", ":")).encode()

        self.rebuild(change, lambda flat: flat.update(row))

    def expect_label(self, *words):
        """The label is found, and nothing else: every digest and index has been mended."""
        lines = self.expect_finding(*words)
        for word in ("record_sha256", "manifest", "what the tar says", "outside of any record"):
            self.assertFalse(any(word in line for line in lines), lines)

    def record(self):
        return json.loads(records(self.data)[self.key]["json"])

    def test_rebuilding_alone_changes_nothing(self):
        self.rebuild(lambda name, data: data)
        run("verify", self.data)
        self.change_json(lambda record: None)
        run("verify", self.data)

    def test_a_joint_moved_by_a_millimetre(self):
        def edit(record):
            record["hands"]["left"]["joints_in_cam"][7][0] += 0.001

        self.change_json(edit)
        self.expect_label("joints_in_cam[7]")

    def test_a_ring_that_is_worn_elsewhere(self):
        things = self.record()["appearance"]["things"]
        rings = [i for i, thing in enumerate(things) if thing["kind"] == "ring"]
        self.assertTrue(rings, "this seed shows no ring")

        def edit(record):
            record["appearance"]["things"][rings[0]]["numbers"]["position"] += 0.01

        self.change_json(edit)
        self.expect_label(f"things[{rings[0]}] is not the ring that was drawn")

    def test_a_thing_that_is_kept_quiet(self):
        def edit(record):
            self.left = len(record["appearance"]["things"]) - 1
            self.kind = record["appearance"]["things"].pop()["kind"]

        edit(self.record())
        counts = {f"worn_{k}": sum(t["kind"] == k for t in self.record()["appearance"]["things"])
                  for k in ("sleeve", "ring", "bracelet", "watch")}
        counts[f"worn_{self.kind}"] -= 1
        self.change_json(edit, **counts)
        self.expect_label(f"{self.left} things are there, not {self.left + 1}")

    def test_a_joint_moved_in_the_picture(self):
        def edit(record):
            record["hands"]["right"]["joints_px"][3][1] += 0.01

        self.change_json(edit)
        self.expect_label("joints_px[3]")

    def test_visibility_turned_round(self):
        count = self.record()["hands"]["right"]["joint_visible"]
        seen = sum(count) + (-1 if count[0] else 1)

        def edit(record):
            record["hands"]["right"]["joint_visible"][0] ^= True

        self.change_json(edit, right_visible_joints=seen)
        self.expect_label("joint_visible[0]")

    def test_a_changed_pose(self):
        def edit(record):
            record["hands"]["right"]["pose"][4][2] += 0.02

        self.change_json(edit)
        self.expect_label("joints_in_cam", "naturalness")

    def test_numbers_of_the_masks(self):
        record = self.record()
        box = record["hands"]["right"]["bbox_px"]
        count = record["hands"]["left"]["visible_pixels"]
        iou = record["interaction"]["mask_iou"] + 0.001

        def edit(record):
            record["hands"]["right"]["bbox_px"][2] -= 1
            record["hands"]["left"]["visible_pixels"] += 1
            record["interaction"]["mask_iou"] = iou

        self.change_json(edit, right_bbox_width_px=box[2] - 1, left_visible_pixels=count + 1,
                         mask_iou=iou)
        self.expect_label("right bbox_px", "left visible_pixels", "mask_iou")

    def test_what_was_drawn(self):
        def edit(record):
            record["appearance"].update(ita_deg=12.5, environment="moon", melanin=0.125)
            record["appearance"]["environment_rotation_deg"] = 90.5
            record["appearance"]["sensor"].update(vignetting=0.0625, f_number=2.0625)
            record["appearance"]["skin"]["contrast"] = 1.75
            record["appearance"].update(texture="skin_99", monk=1, ita_class="blue")

        self.change_json(edit, ita_deg=12.5, environment="moon", melanin=0.125,
                         environment_rotation_deg=90.5, sensor_vignetting=0.0625,
                         sensor_f_number=2.0625, skin_contrast=1.75, texture="skin_99", monk=1,
                         ita_class="blue")
        self.expect_label("ita_deg", "environment is not", "melanin", "environment_rotation_deg",
                          "sensor.vignetting", "sensor.f_number", "skin.contrast",
                          "texture is not", "monk", "ita_class is not")

    def test_another_lens_than_the_one_drawn(self):
        fx = self.record()["camera"]["fx"] * 1.25

        def edit(record):
            record["camera"]["fx"] = fx

        self.change_json(edit, fx=fx)
        self.expect_label("as drawn", "joints_px")

    def test_where_the_camera_is_said_to_stand(self):
        record = self.record()
        azimuth, track = record["camera"]["azimuth_deg"] + 0.25, (record["camera"]["track"] + 1) % 4

        def edit(record):
            record["camera"]["azimuth_deg"] = azimuth

        self.change_json(edit, azimuth_deg=azimuth)
        self.expect_label("azimuth_deg")

        def other_track(record):
            record["camera"]["track"] = track

        self.change_json(other_track, track=track)
        self.expect_label("track")

    def test_naturalness_and_provenance(self):
        def edit(record):
            record["provenance"]["naturalness"][1] = 0.0625
            record["provenance"]["assets_sha256"] = "0" * 64

        self.change_json(edit, left_naturalness=0.0625, assets_sha256="0" * 64)
        self.expect_label("left naturalness", "dataset.json")

    def test_a_contact_that_is_not_there(self):
        area = self.record()["interaction"]["contact_area_mm2"] + 5

        def edit(record):
            record["interaction"]["contact_area_mm2"] = area

        self.change_json(edit, contact_area_mm2=area)
        self.expect_label("contact_area_mm2")

    def test_hands_moved_into_each_other(self):
        def edit(record):
            hands = record["hands"]
            hands["left"]["translation"] = hands["right"]["translation"]

        self.change_json(edit)
        self.expect_label("intersect", "pierced")

    def test_numbers_of_nonsense_end(self):
        def edit(record):
            record["hands"]["left"]["shape"][0] = 1e200

        self.change_json(edit)
        self.expect_label("more than 10 m away")

    def change_picture(self, member, edit):
        try:
            from PIL import Image
        except ImportError:
            self.skipTest("Pillow is not installed")

        def change(name, data):
            if name != member:
                return data
            if member == "uv.png":
                pixels = read_png16(data)
                edit(pixels)
                return write_png16(pixels)
            pixels = image(data).copy()
            edit(pixels)
            out = io.BytesIO()
            Image.fromarray(pixels).save(out, format="png")
            return out.getvalue()

        self.rebuild(change)
        self.expect_label(member)

    @staticmethod
    def middle(pixels):
        """Row and column of a pixel with a surface."""
        y, x = (pixels.reshape(*pixels.shape[:2], -1)[..., -1] > 0).nonzero()
        return y[len(y) // 2], x[len(y) // 2]

    def test_one_depth_pixel(self):
        def edit(pixels):
            pixels[self.middle(pixels)] += 30  # 3 mm

        self.change_picture("depth.png", edit)

    def test_one_part_pixel(self):
        def edit(pixels):
            pixels[self.middle(pixels)] ^= 2

        self.change_picture("seg.png", edit)

    def test_one_amodal_pixel(self):
        def edit(pixels):
            pixels[0, 0] ^= 1

        self.change_picture("amodal.png", edit)

    def test_pixels_of_normal_albedo_and_uv(self):
        for member, step in (("normal.png", 9), ("albedo.png", 9), ("uv.png", 100)):
            with self.subTest(member):

                def edit(pixels, step=step):
                    y, x = self.middle(pixels)
                    block = pixels[y - 1 : y + 2, x - 1 : x + 2, 0]
                    block += block.dtype.type(step)  # may wrap

                self.change_picture(member, edit)

    def test_pictures_that_are_missing_or_no_pictures(self):
        for member in ("rgb.jpg", "seg.png", "normal.png", "uv.png"):
            with self.subTest(member):
                shutil.rmtree(self.data)
                shutil.copytree(self.original, self.data)
                self.rebuild(lambda name, data, member=member: None if name == member else data)
                self.expect_label(f"has no {member}")
        shutil.rmtree(self.data)
        shutil.copytree(self.original, self.data)
        self.rebuild(lambda name, data: data[:700] if name == "rgb.jpg" else data)
        self.expect_label("rgb.jpg")
        listing = run("verify", self.data, "--json", expect=1).stdout
        off = [check["name"] for check in json.loads(listing)["checks"] if check["failed"]]
        self.assertEqual(len(off), 1, off)  # one undecodable picture says nothing of the labels

    def test_a_bad_manifest_line_hides_no_other_damage(self):
        tar, members = tar_of(self.data, self.key)
        offset, size = members["rgb.jpg"]
        self.flip(tar, offset + size // 2)
        with open(self.data / "manifest.jsonl", "a", encoding="ascii") as manifest:
            manifest.write('{"path":"train/00099.tar"}\n')
        self.expect_finding("were changed")
        self.assertIn("manifest.jsonl", run("verify", self.data, expect=1).stdout)

    def test_the_report_is_written_all_the_same(self):
        self.rebuild(lambda name, data: b"{}" if name == "json" else data)
        page = self.folder / "report.html"
        run("report", self.data, "--out", page)
        self.assertIn(self.key, page.read_text())

    def test_a_missing_shard(self):
        tar, _ = tar_of(self.data, self.key)
        tar.unlink()
        listing = run("verify", self.data, expect=1)
        self.assertIn(tar.name, listing.stdout + listing.stderr)

    def test_verify_changes_nothing_and_says_what_it_does_not_cover(self):
        before = shard_bytes(self.data)
        self.assertIn("covered by checksum alone", run("verify", self.data).stdout)
        self.assertEqual(shard_bytes(self.data), before)


if __name__ == "__main__":
    unittest.main()
