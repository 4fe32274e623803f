# SPDX-License-Identifier: Apache-2.0
"""The packages' single-hand poses, each read as 21 joint positions and retargeted to our angles.

handy-work and iwer hold 25 WebXR joint matrices, xrblocks angles on a neutral WebXR skeleton, myosuite joint
angles of a musculoskeletal hand whose joints are described in an XML tree.
"""
import re
import tarfile
import xml.etree.ElementTree as ElementTree
import zipfile

import numpy as np

import rig
from common import AssetError
from retarget import Retargeter, mirrored

PACKAGES = ("handy-work", "iwer", "xrblocks", "myosuite")
# WebXR's 25 joints: wrist; thumb 4 (its metacarpal is the CMC); each finger 5, the metacarpal's base first.
WEBXR_JOINTS = ["wrist"] + [f"thumb-{s}" for s in ("metacarpal", "phalanx-proximal", "phalanx-distal", "tip")] + [
    f"{finger}-finger-{s}" for finger in ("index", "middle", "ring", "pinky")
    for s in ("metacarpal", "phalanx-proximal", "phalanx-intermediate", "phalanx-distal", "tip")]
MANO21_OF_WEBXR = [0, 1, 2, 3, 4] + [5 + 5 * f + k for f in range(4) for k in (1, 2, 3, 4)]
MAX_TEXT_BYTES = 4 << 20


def build_poses(packages, lock, hand_arrays):
    """-> the JSON value of poses/packages.json."""
    retargeter = Retargeter(rig.Hand(hand_arrays))
    poses = []
    for key, read in (("handy-work", read_handy_work), ("iwer", read_iwer), ("xrblocks", read_xrblocks),
                      ("myosuite", read_myosuite)):
        takes, flat = read(packages[key])
        pitch = _knuckle_pitch(retargeter, flat)
        for name, positions in takes:
            bend, splay, clamped = retargeter.solve(positions, pitch)
            poses.append({
                "name": name, "source": lock[key]["name"], "version": lock[key]["version"],
                "licence": lock[key]["licence"], "bend_deg": np.round(bend, 2).tolist(),
                "splay_deg": np.round(splay, 2).tolist(), "clamped_deg": round(clamped, 2),
            })
    return {"schema": 1, "joint_order": list(rig.JOINT_NAMES[1:16]), "poses": poses}


def _knuckle_pitch(retargeter, flat):
    """Mean knuckle bend of the source's flat hand: how far its palm frame is tilted against ours."""
    if flat is None:
        return 0.0
    return float(retargeter.solve(flat)[0][[0, 3, 9]].mean())


# --- handy-work and iwer: matrices -----------------------------------------------------------------

def read_handy_work(archive):
    takes = {}
    for member, data in _members(archive, r"package/poses/\w+\.handpose"):
        values = np.frombuffer(data, "<f4").astype(float)
        if len(values) != 851 or values[0] != 25:
            raise AssetError(f"handy-work: {member} is not a pose of 25 joints")
        hands = values[1:801].reshape(2, 25, 16)[:, :, 12:15]  # column-major 4x4: the last column
        name = member.split("/")[-1].removesuffix(".handpose")
        takes[f"{name}_left"] = mirrored(hands[0][MANO21_OF_WEBXR])
        takes[f"{name}_right"] = hands[1][MANO21_OF_WEBXR]
    return sorted(takes.items()), (takes["flat_left"] + _aligned_copy(takes["flat_right"], takes["flat_left"])) / 2


def _aligned_copy(points, target):
    u, _, vt = np.linalg.svd((points - points[0]).T @ (target - target[0]))
    return (points - points[0]) @ u @ np.diag([1, 1, np.linalg.det(u @ vt)]) @ vt + target[0]


def read_iwer(archive):
    takes = []
    for member, data in _members(archive, r"package/lib/device/configs/hand/\w+\.js"):
        matrices = re.findall(r"'?([a-z-]+)'?: \{\s*offsetMatrix: \[([^\]]*)\]", data.decode())
        positions = {name: [float(v) for v in text.replace(",", " ").split()][12:15] for name, text in matrices}
        points = np.array([positions[name] for name in WEBXR_JOINTS])
        takes.append((member.split("/")[-1].removesuffix(".js"), mirrored(points[MANO21_OF_WEBXR])))
    return takes, None


# --- xrblocks: angles on a neutral skeleton --------------------------------------------------------

def read_xrblocks(archive):
    folder = r"package/src/simulator/handPoses/"
    texts = {name.split("/")[-1]: data.decode() for name, data in
             _members(archive, folder + r"(NeutralHandPose|HandPoseRotations)\.ts")}
    neutral = texts["NeutralHandPose.ts"].split("RIGHT_HAND_NEUTRAL")[1]
    rows = re.findall(r"t: \[([^\]]*)\],\s*r: \[([^\]]*)\]", neutral)[:25]
    position = np.array([_numbers(t) for t, _ in rows])
    rotation = np.array([_matrix_of_quaternion(_numbers(r)) for _, r in rows])
    takes = []
    blocks = re.split(r"\[SimulatorHandPose\.(\w+)\]: \{", texts["HandPoseRotations.ts"])[1:]
    for name, block in zip(blocks[::2], blocks[1::2]):
        angles = {joint: _numbers(text) for joint, text in re.findall(r"'?([a-z-]+)'?: \[([^\]]*)\]", block)}
        points = _pose_webxr(position, rotation, angles)
        takes.append((name.lower(), points[MANO21_OF_WEBXR]))
    return takes, dict(takes)["neutral"]


def _pose_webxr(position, rotation, angles):
    """Positions [25, 3] after turning each joint by its angles, in its own rest frame."""
    world = np.zeros_like(rotation)
    posed = np.zeros_like(position)
    for j, name in enumerate(WEBXR_JOINTS):
        parent = 0 if name.endswith("metacarpal") else j - 1
        turn = _xrblocks_turn(name, angles.get(name, np.zeros(3)))
        if j == 0:
            world[0], posed[0] = rotation[0], position[0]  # the wrist's own turn moves the whole hand
            continue
        posed[j] = posed[parent] + world[parent] @ rotation[parent].T @ (position[j] - position[parent])
        world[j] = world[parent] @ rotation[parent].T @ rotation[j] @ turn
    return posed


def _xrblocks_turn(name, angles):
    """Flexion, abduction and roll (radians) -> rotation in the right hand's joint frame, Euler XYZ.

    In these frames flexion is about -x; the signs of the other two differ by finger.
    """
    flexion, abduction, roll = angles
    if name == "thumb-metacarpal":
        x, y, z = abduction, flexion, -roll
    elif name.startswith("thumb"):
        x, y, z = -flexion, -abduction, -roll
    elif name.startswith(("index", "middle")):
        x, y, z = -flexion, -abduction, roll
    else:
        x, y, z = -flexion, abduction, roll
    y, z = -y, -z  # the angles are written for the left hand
    return rig.axis_rotation(0, x) @ rig.axis_rotation(1, y) @ rig.axis_rotation(2, z)


def _numbers(text):
    return np.array([float(v) for v in text.replace(",", " ").split()])


def _matrix_of_quaternion(xyzw):
    x, y, z, w = xyzw / np.linalg.norm(xyzw)
    return np.array([
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ])


# --- myosuite: a joint tree ------------------------------------------------------------------------

MYO_CHAINS = (
    ("firstmc", "proximal_thumb", "distal_thumb", "THtip"), ("proxph2", "midph2", "distph2", "IFtip"),
    ("proxph3", "midph3", "distph3", "MFtip"), ("proxph4", "midph4", "distph4", "RFtip"),
    ("proxph5", "midph5", "distph5", "LFtip"))


def read_myosuite(wheel_path):
    with zipfile.ZipFile(wheel_path) as wheel:
        script = _bounded(wheel, "myosuite/envs/myo/tasks/basic/__init__.py").decode()
        tree = ElementTree.fromstring(_bounded(wheel, "myosuite/envs/myo/assets/hand/assets/myohand_body.xml"))
    names = re.findall(r'"(\w+)_r"', re.search(r"jnt_namesHand = \[(.*?)\]", script, re.S).group(1))
    wrist = next(body for body in tree.iter("body") if body.get("name") == "lunate")
    takes = []
    for digit, text in re.findall(r'ASL_qpos\[(\d)\] = \(\s*"([^"]*)"', script):
        angles = dict(zip(names, _numbers(text)))
        takes.append((f"asl_{digit}", _myo_positions(wrist, angles)))
    return takes, _myo_positions(wrist, {})


def _bounded(wheel, name):
    info = wheel.getinfo(name)
    if info.file_size > MAX_TEXT_BYTES:
        raise AssetError(f"{name} is larger than {MAX_TEXT_BYTES} bytes")
    return wheel.read(info)


def _myo_positions(wrist, angles):
    """Positions [21, 3]; body frames are parallel at rest, a body's hinges turn it one after the other."""
    found = {}

    def walk(body, origin, turn):
        origin = origin + turn @ _numbers(body.get("pos"))
        for joint in body.findall("joint"):
            if joint.get("name") not in ("deviation", "flexion"):
                axis = _numbers(joint.get("axis"))
                turn = turn @ rig.rotation_about(axis / np.linalg.norm(axis), angles.get(joint.get("name"), 0.0))
        found[body.get("name")] = origin
        for site in body.findall("site"):
            found[site.get("name")] = origin + turn @ _numbers(site.get("pos"))
        for child in body.findall("body"):
            walk(child, origin, turn)

    walk(wrist, np.zeros(3), np.eye(3))
    return np.array([found["lunate"]] + [found[name] for chain in MYO_CHAINS for name in chain])


def _members(archive, pattern):
    """(name, bytes) of the archive's files whose whole name matches, sorted."""
    with tarfile.open(archive) as tar:
        for member in sorted(tar.getmembers(), key=lambda m: m.name):
            if re.fullmatch(pattern, member.name) and member.isfile() and member.size <= MAX_TEXT_BYTES:
                yield member.name, tar.extractfile(member).read()
