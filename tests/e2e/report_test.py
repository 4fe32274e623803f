# SPDX-License-Identifier: Apache-2.0
"""The report's page and the server of `renderih view`: what they hold is what the shards hold, read
here with numpy, Pillow and the standard library; and, where a browser is installed, what they show."""
import base64
import html.parser
import http.client
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import zlib

from support import RENDERIH, SMALL, image, read_png16, records, run

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Blocks(html.parser.HTMLParser):
    """The text of every script element that holds data, by id."""

    def __init__(self, text):
        super().__init__(convert_charrefs=False)
        self.blocks, self.open = {}, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.open = dict(attributes).get("id") if tag == "script" else None
        if self.open:
            self.blocks[self.open] = ""

    def handle_endtag(self, tag):
        self.open = None

    def handle_data(self, data):
        if self.open:
            self.blocks[self.open] += data


class Server:
    """renderih view on a port of its own."""

    def __init__(self, folder):
        self.process = subprocess.Popen(
            [RENDERIH, "view", folder, "--port", "0"], stdout=subprocess.PIPE, text=True)
        self.line = self.process.stdout.readline()
        self.port = int(re.search(r"http://127\.0\.0\.1:(\d+)/", self.line)[1])

    def get(self, path, method="GET", host=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name in [f"127.0.0.1:{self.port}"] if host is None else host:
            connection.putheader("Host", name)
        connection.endheaders()
        answer = connection.getresponse()
        result = answer.status, dict(answer.getheaders()), answer.read()
        connection.close()
        return result

    def close(self):
        self.process.terminate()
        self.process.wait(60)
        self.process.stdout.close()


def posed(hand, label):
    """Vertices by the formula of docs/dataset_format.md. [V, 3]"""
    import numpy as np
    from scipy.spatial.transform import Rotation

    angles = np.array(label["pose"] + [label["forearm"]["rotation"]])
    rotations = Rotation.from_rotvec(angles).as_matrix()
    rest = hand["template_vertices"] + hand["shape_dirs"] @ np.array(label["shape"])
    joints = hand["joint_regressor"] @ rest
    vertices = rest + hand["pose_dirs"] @ (rotations[1:16] - np.eye(3)).reshape(-1)
    turn, place = [None] * 17, [None] * 17
    for j, parent in enumerate(hand["parents"]):
        if parent < 0:
            turn[j], place[j] = rotations[j], joints[j]
        else:
            turn[j] = turn[parent] @ rotations[j]
            place[j] = place[parent] + turn[parent] @ (joints[j] - joints[parent])
    moved = [(vertices - joints[j]) @ turn[j].T + place[j] for j in range(17)]
    return np.einsum("vj,jvx->vx", hand["skin_weights"], np.array(moved)) + label["translation"]


def unpacked(packed, hands, step):
    """Vertices of right and left hand out of a block, as web/src/packing.js reads it."""
    import numpy as np

    data = zlib.decompress(packed)
    origin, at, result = np.frombuffer(data[:24], np.float64), 24, []
    for hand in hands:
        count = len(hand["template_vertices"])
        before = np.full(count, -1)
        for face in hand["faces"]:
            for a in face:
                for b in face:
                    if a < b:
                        before[b] = max(before[b], a)
        before[1:] = np.where(before[1:] < 0, np.arange(count - 1), before[1:])
        points = np.empty((count, 3))
        for axis in range(3):
            low, high = np.frombuffer(data[at : at + 2 * count], np.uint8).reshape(2, -1).astype(int)
            at += 2 * count
            folded = low + 256 * high
            steps = np.where(folded % 2, -(folded + 1) // 2, folded // 2)
            for v in range(1, count):
                steps[v] += steps[before[v]]
            points[:, axis] = origin[axis] + step * steps
        result.append(points)
    assert at == len(data)
    return result


class Report(unittest.TestCase):
    """One small data set, its page and its server, for all tests."""

    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        # Names of folders reach the page too.
        cls.folder = pathlib.Path(temporary.name) / "set <b>&\"1"
        run("generate", "--out", cls.folder, "--poses", 4, "--views", 2, "--seed", 3, *SMALL)
        cls.page = pathlib.Path(temporary.name) / "report.html"
        run("report", cls.folder, "--out", cls.page)
        cls.text = cls.page.read_text()
        cls.blocks = Blocks(cls.text).blocks
        cls.head = json.loads(cls.blocks["head"])
        cls.records = records(cls.folder)
        cls.server = Server(cls.folder)
        cls.addClassCleanup(cls.server.close)

    def block(self, kind, key):
        return base64.b64decode(self.blocks[f"/{kind}/{key}"], validate=True)

    def test_the_head_says_what_the_records_say(self):
        self.assertEqual(self.head["title"], self.folder.name)
        self.assertEqual(self.head["records"], 8)
        self.assertEqual(self.head["poses"], 4)
        self.assertEqual(self.head["verified"]["finding_count"], 0)
        columns = self.head["columns"]
        for row, key in enumerate(sorted(self.records)):
            label = json.loads(self.records[key]["json"])
            self.assertEqual(columns["record"][row], int(key))
            self.assertAlmostEqual(
                columns["mask_iou"][row], label["interaction"]["mask_iou"], delta=0.0005)
            self.assertAlmostEqual(
                columns["contact_cm2"][row], label["interaction"]["contact_area_mm2"] / 100, delta=0.005)
            self.assertEqual(columns["visible_joints"][row],
                             sum(sum(hand["joint_visible"]) for hand in label["hands"].values()))
            tones = columns["ita_class"]
            self.assertEqual(tones["values"][tones["rows"][row]], label["appearance"]["ita_class"])
            worn = columns["worn"]
            of_row = worn["rows"][row] if isinstance(worn["rows"][row], list) else [worn["rows"][row]]
            self.assertEqual(
                {worn["values"][i] for i in of_row},
                {t["kind"] for t in label["appearance"]["things"] if t["hand"] != "none"})
        angles = [d for d in self.head["distributions"] if d["group"] == "Angles"]
        self.assertEqual(len(angles), 45)
        self.assertTrue(all(sum(d["counts"]) == 8 for d in angles))  # two hands of four poses

    def test_pictures_and_labels_are_those_of_the_shards(self):
        import numpy as np

        for key, members in self.records.items():
            picture = image(members["rgb.jpg"]).astype(float)
            shown = image(self.block("picture", key)).astype(float)
            self.assertEqual(shown.shape, picture.shape)
            self.assertLess(np.abs(shown - picture).mean(), 6)
            self.assertEqual(image(self.block("thumbnail", key)).shape, picture.shape)  # is small
            labels = image(self.block("labels", key))
            np.testing.assert_array_equal(labels[..., 0], image(members["seg.png"]))
            np.testing.assert_array_equal(labels[..., 2], image(members["amodal.png"]))
            depth = read_png16(members["depth.png"])[..., 0] * 1e-4
            details = json.loads(zlib.decompress(self.block("details", key)))
            near, far = details["depth_m"]
            green = labels[..., 1].astype(float)
            np.testing.assert_array_equal(green > 0, depth > 0)
            read = near + (127 - green) / 126 * (far - near)
            self.assertLessEqual(np.abs(read - depth)[depth > 0].max(), (far - near) / 126 / 2 + 1e-4)
            self.assertEqual(details["json"], json.loads(members["json"]))
            self.assertEqual(set(details["members"]), set(members))

    def test_meshes_are_the_posed_hands(self):
        import numpy as np

        hands = [dict(np.load(self.folder / "hands" / f"{side}.npz")) for side in ("right", "left")]
        for pose in range(4):
            key = f"{2 * pose:012}"
            label = json.loads(self.records[key]["json"])["hands"]
            points = unpacked(self.block("vertices", key), hands, self.head["vertex_step_m"])
            for hand, side, shown in zip(hands, ("right", "left"), points):
                off = np.abs(shown - posed(hand, label[side])).max()
                self.assertLessEqual(off, self.head["vertex_step_m"] / 2 + 1e-9)
            self.assertNotIn(f"/vertices/{2 * pose + 1:012}", self.blocks)  # once a pose
        faces = zlib.decompress(base64.b64decode(self.blocks["/faces"]))
        at = 0
        for hand in hands:
            count = 12 * len(hand["faces"])
            self.assertEqual(list(np.frombuffer(faces[at : at + 8], np.uint32)),
                             [len(hand["template_vertices"]), len(hand["faces"])])
            np.testing.assert_array_equal(
                np.frombuffer(faces[at + 8 : at + 8 + count], np.uint32).reshape(-1, 3), hand["faces"])
            at += 8 + count
            parts = np.frombuffer(faces[at : at + len(hand["faces"])], np.uint8)
            np.testing.assert_array_equal(parts, hand["part_of_face"])
            at += len(hand["faces"])
        self.assertEqual(at, len(faces))

    def test_the_page_is_one_file_with_the_thumbnails_first(self):
        self.assertNotRegex(self.text, r"""(src|href)=["']?(https?:)?//""")
        places = [self.text.index(f'id="/thumbnail/{key}"') for key in self.records]
        self.assertLess(max(places), self.text.index('id="/picture/'))
        self.assertNotIn(self.folder.name, self.text)  # only escaped

    def test_the_card_counts_the_records(self):
        card = (self.folder / "README.md").read_text()
        labels = [json.loads(members["json"]) for members in self.records.values()]
        for tone in {label["appearance"]["ita_class"] for label in labels}:
            line = re.search(rf"^\| {tone} \| (\d+) \| (\d+) \| (\d+) \|", card, re.MULTILINE)
            self.assertEqual(sum(map(int, line.groups())),
                             sum(label["appearance"]["ita_class"] == tone for label in labels))
        seen = sum(sum(hand["joint_visible"]) for label in labels for hand in label["hands"].values())
        self.assertRegex(card, rf"\| in sight \| {seen} \|")
        before = (self.folder / "README.md").stat().st_mtime_ns
        run("generate", "--out", self.folder, "--poses", 4, "--views", 2, "--seed", 3, *SMALL)
        self.assertEqual((self.folder / "README.md").stat().st_mtime_ns, before)

    def test_fewer_pictures(self):
        page = self.page.parent / "few.html"
        out = run("report", self.folder, "--out", page, "--pictures", 3, "--no-check").stdout
        self.assertIn("3 of 8 records", out)
        blocks = Blocks(page.read_text()).blocks
        head = json.loads(blocks["head"])
        self.assertEqual((len(head["columns"]["record"]), head["records"]), (3, 8))
        self.assertIsNone(head["verified"])
        for number in head["columns"]["record"]:
            self.assertIn(f"/picture/{number:012}", blocks)

    # --- renderih view

    def test_view_serves_what_the_report_holds(self):
        status, headers, page = self.server.get("/")
        self.assertEqual(status, 200)
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        head = json.loads(Blocks(page.decode()).blocks["head"])
        self.assertTrue(head["live"])
        self.assertEqual(head["columns"], self.head["columns"])
        key = "000000000005"
        for kind in ("picture", "labels", "details"):
            status, headers, data = self.server.get(f"/{kind}/{key}")
            self.assertEqual(status, 200)
            self.assertEqual(headers["Content-Type"].startswith("image/webp"), kind != "details")
            self.assertEqual(data, self.block(kind, key))  # small enough not to be shrunk
        self.assertEqual(self.server.get("/vertices/000000000004")[2],
                         self.block("vertices", "000000000004"))
        self.assertEqual(self.server.get("/faces")[2], base64.b64decode(self.blocks["/faces"]))
        for name, data in self.records[key].items():
            self.assertEqual(self.server.get(f"/member/{key}/{name}")[2], data)

    def test_view_answers_this_machine_only(self):
        port = self.server.port
        for host in (["localhost"], [f"localhost:{port}"], ["127.0.0.1"]):
            self.assertEqual(self.server.get("/faces", host=host)[0], 200, host)
        for host in (["evil.example"], [f"evil.example:{port}"], [], ["localhost.evil.example"],
                     ["localhost", "evil.example"], ["127.0.0.1.evil.example"], ["localhost:x"],
                     ["localhost:1:2"], [""], ["[::1]"], ["0.0.0.0"]):
            status, _, body = self.server.get("/details/000000000000", host=host)
            self.assertIn(status, (400, 403), host)
            self.assertNotIn(b"joints", body)

    def test_view_listens_on_the_loopback_alone(self):
        lines = pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]
        mine = {line.split()[1] for line in lines
                if line.split()[1].endswith(f":{self.server.port:04X}") and line.split()[3] == "0A"}
        self.assertEqual(mine, {f"0100007F:{self.server.port:04X}"})

    def test_view_reads_records_and_nothing_else(self):
        for path in ("/../dataset.json", "/%2e%2e/dataset.json", "/dataset.json", "/member/../x",
                     "/member/000000000000/../../dataset.json", "/member/000000000000/%2e%2e%2fx",
                     "/picture/0", "/picture/000000000000/", "/picture/00000000000a",
                     "/picture/000000000099", "/member/000000000000/exe", "//etc/passwd",
                     "/vertices/999999999999", "/member/000000000000/rgb.jpg%00"):
            status, _, body = self.server.get(path)
            self.assertEqual(status, 404, path)
            self.assertNotIn(b"schema", body)
        for method in ("POST", "PUT", "DELETE", "OPTIONS"):
            self.assertIn(self.server.get("/", method=method)[0], (400, 405), method)
        self.assertEqual(self.server.get("/picture/000000000000")[0], 200)  # still there

    def test_view_says_when_the_port_is_taken(self):
        taken = run("view", self.folder, "--port", self.server.port, expect=1)
        self.assertIn("--port", taken.stderr)
        self.assertEqual(run("view", self.folder, "--port", 70000, expect=1).stderr.count("\n"), 1)

    def test_damage_is_shown_not_fatal(self):
        copy = self.page.parent / "damaged"
        shutil.copytree(self.folder, copy)
        index = next(copy.glob("*/*.idx.json"))
        key, members = next(iter(json.loads(index.read_text()).items()))
        offset, size = members["rgb.jpg"]
        with open(index.parent / index.name.replace(".idx.json", ".tar"), "r+b") as tar:
            tar.seek(offset)
            tar.write(b"\0" * size)
        page = self.page.parent / "damaged.html"
        run("report", copy, "--out", page, "--no-check")
        blocks = Blocks(page.read_text()).blocks
        self.assertNotIn(f"/picture/{key}", blocks)
        self.assertIn(f"/labels/{key}", blocks)
        server = Server(copy)
        try:
            status, _, words = server.get(f"/picture/{key}")
            self.assertEqual(status, 422)
            self.assertIn(key.encode(), words)
            self.assertEqual(server.get(f"/labels/{key}")[0], 200)
        finally:
            server.close()

    # --- in a browser

    def test_in_a_browser(self):
        node = shutil.which("node")
        chromium = shutil.which("chromium")
        modules = ROOT / "web" / "node_modules" / "playwright-core"
        for found, what in ((node, "node"), (chromium, "chromium"), (modules.is_dir(), "web/node_modules")):
            if not found:
                self.skipTest(f"there is no {what} (tools/setup.sh --browser installs it)")
        done = subprocess.run(
            [node, ROOT / "web" / "browser" / "use.mjs", chromium, self.page.as_uri(),
             f"http://127.0.0.1:{self.server.port}/", self.folder.name],
            capture_output=True, text=True, check=False, timeout=600)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
