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

from support import SMALL, EndToEnd, image, records, run, shard_bytes, tar_of


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class Tamper(EndToEnd):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        import tempfile

        cls.kept = tempfile.TemporaryDirectory()
        cls.original = pathlib.Path(cls.kept.name) / "data"
        run("generate", "--out", cls.original, "--poses", 2, "--views", 2, "--seed", 5, *SMALL)
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

    def flip(self, path, offset):
        data = bytearray(path.read_bytes())
        data[offset] ^= 1
        path.write_bytes(data)

    def test_one_byte_of_a_picture(self):
        tar, members = tar_of(self.data, self.key)
        offset, size = members["rgb.jpg"] if "rgb.jpg" in members else members[f"{self.key}.rgb.jpg"]
        self.flip(tar, offset + size // 2)
        self.expect_finding()

    def test_one_byte_of_a_header(self):
        tar, members = tar_of(self.data, self.key)
        offset = min(offset for offset, _ in members.values())
        self.flip(tar, offset - 512 + 257)
        self.expect_finding()

    def rebuild(self, change):
        """Changes one record's members and mends every checksum and index on the way."""
        tar, _ = tar_of(self.data, self.key)
        with tarfile.open(tar) as archive:
            entries = [(m, archive.extractfile(m).read()) for m in archive]
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for member, data in entries:
                key, _, name = member.name.partition(".")
                data = change(name, data) if key == self.key else data
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
        tar.write_bytes(out.getvalue())
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
            begin, end = spans[row["key"]]
            row.update(offset=begin, bytes=end - begin, record_sha256=sha256(raw[begin:end]))
        rows_path.write_text("".join(json.dumps(row, **compact) + "\n" for row in rows))
        manifest = self.data / "manifest.jsonl"
        lines = [json.loads(line) for line in manifest.read_text().splitlines()]
        for line in lines:
            if line["path"] == f"{tar.parent.name}/{tar.name}":
                line.update(sha256=sha256(raw), bytes=len(raw))
                for name, path in (("idx_sha256", index_path), ("jsonl_sha256", rows_path)):
                    if name in line:
                        line[name] = sha256(path.read_bytes())
        manifest.write_text("".join(json.dumps(line) + "\n" for line in lines))

    def change_json(self, edit):
        def change(name, data):
            if name != "json":
                return data
            record = json.loads(data)
            edit(record)
            return json.dumps(record).encode()

        self.rebuild(change)

    def test_rebuilding_alone_changes_no_label(self):
        self.rebuild(lambda name, data: data)
        result = json.loads(run("verify", self.data, "--json", expect=None).stdout)
        for check in result["checks"][1:]:
            self.assertEqual(check["failed"], 0, result)

    def test_a_joint_moved_by_a_millimetre(self):
        def edit(record):
            record["hands"]["left"]["joints_in_cam"][7][0] += 0.001

        self.change_json(edit)
        self.expect_finding("joints_in_cam")

    def test_a_joint_moved_in_the_picture(self):
        def edit(record):
            record["hands"]["right"]["joints_px"][3][1] += 0.01

        self.change_json(edit)
        self.expect_finding("joints_px")

    def test_visibility_turned_round(self):
        def edit(record):
            seen = record["hands"]["right"]["joint_visible"]
            seen[0] = not seen[0]

        self.change_json(edit)
        self.expect_finding("joint")

    def test_a_changed_pose(self):
        def edit(record):
            record["hands"]["right"]["pose"][4][2] += 0.02

        self.change_json(edit)
        self.expect_finding()

    def test_a_contact_that_is_not_there(self):
        def edit(record):
            record["interaction"]["contact_area_mm2"] += 5

        self.change_json(edit)
        self.expect_finding("contact_area")

    def change_picture(self, member, edit):
        try:
            from PIL import Image
        except ImportError:
            self.skipTest("Pillow is not installed")

        def change(name, data):
            if name != member:
                return data
            pixels = image(data).copy()
            edit(pixels)
            out = io.BytesIO()
            Image.fromarray(pixels).save(out, format="png")
            return out.getvalue()

        self.rebuild(change)

    def test_one_depth_pixel(self):
        def edit(pixels):
            y, x = (pixels > 0).nonzero()
            middle = len(y) // 2
            pixels[y[middle], x[middle]] += 30  # 3 mm

        self.change_picture("depth.png", edit)
        self.expect_finding("depth")

    def test_one_part_pixel(self):
        def edit(pixels):
            y, x = (pixels > 0).nonzero()
            middle = len(y) // 2
            pixels[y[middle], x[middle]] ^= 2

        self.change_picture("seg.png", edit)
        self.expect_finding()

    def test_one_amodal_pixel(self):
        def edit(pixels):
            pixels[0, 0] ^= 1

        self.change_picture("amodal.png", edit)
        self.expect_finding()

    def test_a_missing_shard(self):
        tar, _ = tar_of(self.data, self.key)
        tar.unlink()
        listing = run("verify", self.data, expect=1)
        self.assertIn(tar.name, listing.stdout + listing.stderr)

    def test_verify_changes_nothing(self):
        before = shard_bytes(self.data)
        run("verify", self.data)
        self.assertEqual(shard_bytes(self.data), before)


if __name__ == "__main__":
    unittest.main()
