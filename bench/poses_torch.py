#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The pose optimisation (docs/poses.md, step 4) written plainly with PyTorch, for comparison.

    renderih study problems --count 512 --config bench/four_people.toml --out bench
    python bench/poses_torch.py bench/problems.npz --batch 64 --threads 2

The same energy, schedule, anchor rule, per-pair plateau and projection as the engine, on the same starts; derivatives by
autograd, part distances by torch's own trilinear grid_sample from the engine's grids in bone space, all points near a
part in one call. First it checks itself: its energies at the starts and the ends must be the engine's. (They differ a
little where a finger is in its own palm: of a vertex on a seam the engine counts both parts, this only those that are
no neighbours.) Then it optimises and prints pairs per second and core.
"""
import argparse
import json
import math
import time

import numpy as np
import torch

PARTS = 16
PARENTS = [-1, 0, 1, 2, 0, 4, 5, 0, 7, 8, 0, 10, 11, 0, 13, 14, 0]
SIDES = ("right", "left")
BONE_OF_PART = [9, 8, 7, 12, 11, 10, 6, 5, 4, 3, 2, 1, 15, 14, 13, 0]  # pinky end, middle, root ... palm
DEGREE = math.pi / 180
BALL_MARGIN = 0.004  # m by which a posed part may leave its rest ball


def cross(a, b):
    return torch.linalg.cross(*torch.broadcast_tensors(a, b))


def table2():
    """Low and high of (twist, splay, bend) of the 15 finger joints, radians."""
    fingers = [  # root bend, root splay, middle bend, end bend
        ((-25, 70), (-25, 15), (-4, 110), (-8, 90)),
        ((-25, 80), (-15, 15), (-7, 100), (-8, 90)),
        ((-22, 70), (-20, 30), (-8, 90), (-8, 90)),
        ((-25, 70), (-25, 15), (-10, 100), (-8, 90)),
        ((-20, 40), (-30, 30), (-8, 50), (-10, 100)),
    ]  # index, middle, pinky, ring, thumb
    rows = []
    for root, splay, middle, end in fingers:
        rows += [((0, 0), splay, root), ((0, 0), (0, 0), middle), ((0, 0), (0, 0), end)]
    limits = torch.tensor(rows, dtype=torch.float64) * DEGREE
    return limits[..., 0].float(), limits[..., 1].float()


class Problems:
    def __init__(self, path):
        data = np.load(path)
        self.options = json.loads(str(data["options"]))
        for term in self.options["without"]:
            for name in ("self_penetration" if term == "self" else term, term + "_start", term + "_end"):
                if name in self.options:
                    self.options[name] = 0
        tensor = lambda name: torch.from_numpy(data[name]).float()
        integers = lambda name: torch.from_numpy(data[name])
        self.person = integers("person")
        for name in ("rest_vertices", "rest_joints", "frames", "world_from_hand", "forearm_rotation", "start_angles",
                     "start_translation", "end_angles", "end_translation", "start_energy", "end_energy"):
            setattr(self, name, tensor(name))
        # Only vertices of the closed parts matter; the forearm's own do not.
        parts = [[integers(f"{side}_part{p}_vertices") for p in range(PARTS)] for side in SIDES]
        used = torch.unique(torch.cat(parts[0] + parts[1]))
        slot = torch.full((self.rest_vertices.shape[2],), -1)
        slot[used] = torch.arange(len(used))
        self.parts = [[slot[v] for v in hand] for hand in parts]
        self.weights = [tensor(f"{side}_skin_weights")[used] for side in SIDES]
        self.pose_dirs = [tensor(f"{side}_pose_dirs").reshape(-1, 3, 135)[used].reshape(-1, 135) for side in SIDES]
        self.neighbours = [integers(f"{side}_neighbours").bool() for side in SIDES]
        self.anchors = slot[integers("anchors")]
        anchor_faces = slot[integers("anchor_faces")]
        keep = (anchor_faces >= 0).all(1)
        self.anchor_faces, self.anchor_of_face = anchor_faces[keep], integers("anchor_of_face")[keep]
        self.layers = [(tensor(f"layer{l}_weight"), tensor(f"layer{l}_bias")) for l in range(1, 7)]
        all_vertices = self.rest_vertices
        self.rest_vertices = all_vertices[:, :, used].contiguous()
        # A hand's parts one after another, each as long as it is.
        self.points = [torch.cat(hand) for hand in self.parts]
        self.length = torch.tensor([[len(v) for v in hand] for hand in self.parts])
        self.first = self.length.cumsum(1) - self.length
        # One volume a part, the people's tables stacked along z: one grid_sample serves them all.
        self.grids, self.low, self.size, self.centre, self.radius = [], [], [], [], []
        spacing = self.options["grid_spacing"]
        for h in range(2):
            for p in range(PARTS):
                names = [f"{SIDES[h]}_grid{p}_{k}" for k in range(len(all_vertices))]
                tables = [tensor(name) for name in names]
                size = [max(t.shape[a] for t in tables) for a in range(3)]
                volume = torch.full((1, 1, len(tables) * size[0], *size[1:]), -spacing)
                for k, depth in enumerate(tables):
                    z, y, x = depth.shape
                    volume[0, 0, k * size[0]:k * size[0] + z, :y, :x] = depth
                self.grids.append(volume)
                self.size.append(torch.tensor(size[::-1]).float())
                low = torch.stack([tensor(name + "_low") for name in names])
                self.low.append(low)
                vertices = all_vertices[:, h, parts[h][p]]
                centre = 0.5 * (vertices.min(1).values + vertices.max(1).values)
                self.centre.append(centre)
                self.radius.append((vertices - centre[:, None]).norm(dim=-1).max(1).values + BALL_MARGIN)


class Batch:
    """The energy of some problems at once."""

    def __init__(self, problems, ids):
        self.p, self.ids = problems, ids
        self.person = problems.person[ids]
        self.low_limit, self.high_limit = table2()
        self.pairs = None

    def pose(self, angles, translation):
        """Posed vertices [B, V, 3] and bone transforms (A [B, 17, 3, 3], b [B, 17, 3]) of both hands."""
        result = []
        for h in range(2):
            c, s = torch.cos(angles[:, h]), torch.sin(angles[:, h])  # [B, 15, 3]: twist, splay, bend
            zero, one = torch.zeros_like(c[..., 0]), torch.ones_like(c[..., 0])
            rows = lambda *x: torch.stack(x, -1).reshape(*zero.shape, 3, 3)
            twist = rows(one, zero, zero, zero, c[..., 0], -s[..., 0], zero, s[..., 0], c[..., 0])
            splay = rows(c[..., 1], zero, s[..., 1], zero, one, zero, -s[..., 1], zero, c[..., 1])
            bend = rows(c[..., 2], -s[..., 2], zero, s[..., 2], c[..., 2], zero, zero, zero, one)
            frame = self.p.frames[self.person, h]
            fingers = frame @ bend @ splay @ twist @ frame.transpose(-1, -2)
            local = torch.cat([self.p.world_from_hand[self.ids, h][:, None], fingers,
                               self.p.forearm_rotation[self.ids, h][:, None]], 1)
            joints = self.p.rest_joints[self.person, h]
            a, b = [], []
            for j, parent in enumerate(PARENTS):
                offset = joints[:, j] - (local[:, j] @ joints[:, j, :, None])[..., 0]
                if parent < 0:
                    a.append(local[:, j])
                    b.append(offset + translation[:, h])
                else:
                    a.append(a[parent] @ local[:, j])
                    b.append((a[parent] @ offset[..., None])[..., 0] + b[parent])
            a, b = torch.stack(a, 1), torch.stack(b, 1)
            feature = (fingers - torch.eye(3)).reshape(len(angles), 135)
            rest = self.p.rest_vertices[self.person, h] + (feature @ self.p.pose_dirs[h].T).reshape(len(angles), -1, 3)
            blend = (self.p.weights[h] @ torch.cat([a, b[..., None]], -1).reshape(len(angles), 17, 12))
            blend = blend.reshape(len(angles), -1, 3, 4)
            vertices = (blend[..., :3] @ rest[..., None])[..., 0] + blend[..., 3]
            result.append((vertices, a, b))
        return result

    def points_of(self, source, at, part):
        """All points of some parts of hand `source`: rows of the batch and vertices. [N], [N] -> [P], [P]"""
        length = self.p.length[source, part]
        place = torch.arange(int(length.sum())) - (length.cumsum(0) - length).repeat_interleave(length)
        return at.repeat_interleave(length), self.p.points[source][
            place + self.p.first[source, part].repeat_interleave(length)]

    def depth(self, query, hand, part, at, a, b):
        """How deep points lie in a part; `at` are their rows of the batch. query [P, 3] -> [P]"""
        bone = BONE_OF_PART[part]
        rest = ((query - b[at, bone])[:, :, None] * a[at, bone]).sum(1)  # R^T (x - b)
        g = PARTS * hand + part
        person = self.person[at]
        node = (rest - self.p.low[g][person]) / self.p.options["grid_spacing"]
        size = self.p.size[g]
        inside = ((node > 0) & (node < size - 1)).all(-1)
        slab = torch.stack([torch.zeros_like(person), torch.zeros_like(person), person], -1) * size
        volume = size * torch.tensor([1, 1, len(self.p.low[g])])
        place = 2 * (node + slab) / (volume - 1) - 1
        sample = torch.nn.functional.grid_sample(self.p.grids[g], place.reshape(1, 1, 1, -1, 3), align_corners=True)
        return torch.where(inside, sample.reshape(inside.shape), torch.zeros(())).clamp_min(0)

    def near(self, hands):
        """Which balls meet: across [B, 16 right, 16 left], within [2][B, 16, 16]."""
        centre, radius = [], []
        for h, (_, a, b) in enumerate(hands):
            rest = torch.stack([self.p.centre[PARTS * h + p][self.person] for p in range(PARTS)], 1)
            bones = torch.tensor(BONE_OF_PART)
            centre.append((a[:, bones] @ rest[..., None])[..., 0] + b[:, bones])
            radius.append(torch.stack([self.p.radius[PARTS * h + p][self.person] for p in range(PARTS)], 1))
        meet = lambda i, j: torch.cdist(centre[i], centre[j]) < radius[i][:, :, None] + radius[j][:, None]
        return meet(0, 1), [meet(h, h) & ~self.p.neighbours[h] for h in range(2)]

    def rebuild(self, hands):
        """Eq. 5's mutual nearest anchors of facing normals, with their stiffness."""
        position, normal = [], []
        for h, (vertices, _, _) in enumerate(hands):
            corners = vertices[:, self.p.anchor_faces]
            area = cross(corners[:, :, 1] - corners[:, :, 0], corners[:, :, 2] - corners[:, :, 0])
            position.append(vertices[:, self.p.anchors])
            normal.append(torch.zeros_like(position[-1]).index_add(1, self.p.anchor_of_face, area))
        distance = (position[0][:, :, None] - position[1][:, None]).norm(dim=-1)
        # The left hand's faces are wound as the right's, so its normals look the other way.
        facing = (normal[0][:, :, None] * normal[1][:, None]).sum(-1) > 0
        distance = torch.where(facing, distance, torch.full((), math.inf))
        nearest = distance.argmin(2)
        back = distance.argmin(1)
        rows = torch.arange(distance.shape[1])
        reach = distance.gather(2, nearest[..., None])[..., 0]
        radius = self.p.options["anchor_radius"]
        mutual = (back.gather(1, nearest) == rows) & (reach <= radius)
        self.pairs = nearest, torch.where(mutual, 0.5 * torch.cos(math.pi * reach / radius) + 0.5, torch.zeros(()))

    def naturalness(self, x):
        leaky = lambda v: 0.01 * v + 0.99 * torch.nn.functional.softplus(v, beta=8)
        (w1, b1), (w2, b2), (w3, b3), (w4, b4), (w5, b5), (w6, b6) = self.p.layers
        d1 = leaky(x @ w1.T + b1)
        d3 = leaky(leaky(d1 @ w2.T + b2) @ w3.T + b3 + d1)
        return torch.sigmoid(leaky((d3 @ w4.T + b4) @ w5.T + b5) @ w6.T + b6)[..., 0]

    def energy(self, angles, translation, iteration, rebuild):
        """[B]"""
        o = self.p.options
        progress = min(1.0, iteration / o["schedule_end"])
        weight = {name: o[name + "_start"] + progress * (o[name + "_end"] - o[name + "_start"])
                  for name in ("attraction", "penetration")}
        hands = self.pose(angles, translation)
        with torch.no_grad():
            if rebuild:
                self.rebuild(hands)
            across, within = self.near(hands)
        excess = (angles - self.high_limit).clamp_min(0) + (angles - self.low_limit).clamp_max(0)
        total = o["anatomy"] * (excess ** 2).sum((1, 2, 3))
        total = total + o["adversarial"] * ((self.naturalness(angles.flatten(2)) - 1) ** 2).sum(1)
        nearest, stiffness = self.pairs
        right = hands[0][0][:, self.p.anchors]
        left = hands[1][0][:, self.p.anchors].gather(1, nearest[..., None].expand(-1, -1, 3))
        total = total + weight["attraction"] * 0.5 * (stiffness * ((right - left) ** 2).sum(-1)).sum(1)

        for h, (_, a, b) in enumerate(hands):
            for i in range(PARTS):
                for source, rows, factor in (
                        (1 - h, across[:, i] if h == 0 else across[:, :, i], weight["penetration"]),
                        (h, within[h][:, i], o["self_penetration"])):
                    at, j = rows.nonzero(as_tuple=True)
                    if factor == 0 or len(at) == 0:
                        continue
                    row, vertex = self.points_of(source, at, j)
                    query = hands[source][0][row, vertex]
                    total = total.index_add(0, row, factor * self.depth(query, h, i, row, a, b))
        return total

    def optimise(self, iterations):
        o = self.p.options
        unit = o["translation_unit"]
        angles = self.p.start_angles[self.ids].clone().requires_grad_()
        shift = (self.p.start_translation[self.ids] / unit).requires_grad_()
        moments = [[torch.zeros_like(x), torch.zeros_like(x)] for x in (angles, shift)]
        rate = torch.full((len(self.ids),), o["learning_rate"])
        best = torch.full((len(self.ids),), math.inf)
        idle = torch.zeros(len(self.ids))
        for iteration in range(iterations):
            rebuild = iteration % o["rebuild_anchors_every"] == 0
            if rebuild:
                best.fill_(math.inf)
                idle.zero_()
            energy = self.energy(angles, shift * unit, iteration, rebuild)
            gradients = torch.autograd.grad(energy.sum(), (angles, shift))
            with torch.no_grad():
                lower = (energy < best - 1e-4 * best.abs()) | best.isinf()
                best = torch.where(lower, energy, best)
                idle = torch.where(lower, torch.zeros(()), idle + 1)
                full = idle > o["plateau_patience"]
                rate = torch.where(full, (rate * o["learning_rate_factor"]).clamp_min(1e-5), rate)
                idle[full] = 0
                for x, gradient, moment in zip((angles, shift), gradients, moments):
                    moment[0].mul_(0.9).add_(gradient, alpha=0.1)
                    moment[1].mul_(0.999).addcmul_(gradient, gradient, value=0.001)
                    mean = moment[0] / (1 - 0.9 ** (iteration + 1))
                    square = moment[1] / (1 - 0.999 ** (iteration + 1))
                    x -= rate.reshape(-1, *[1] * (x.dim() - 1)) * mean / (square.sqrt() + 1e-8)
                if o["project_angles"] and iteration >= o["schedule_end"]:
                    angles.copy_(torch.maximum(torch.minimum(angles, self.high_limit), self.low_limit))
        return angles.detach(), (shift * unit).detach()


def median_difference(name, mine, theirs):
    relative = ((mine - theirs).abs() / theirs.abs().clamp_min(1e-3)).median().item()
    print(f"energy at the {name}: median {mine.median():.4f}, the engine's {theirs.median():.4f}, "
          f"median difference {100 * relative:.2f} %")
    if relative > 0.05:
        raise SystemExit(f"the energies at the {name} differ: this is not the same algorithm")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("problems", help="problems.npz of `renderih study problems`")
    parser.add_argument("--batch", type=int, nargs="+", default=[16, 64, 256], help="sizes to try")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--iterations", type=int, help="stop early and reckon the rest; to try sizes")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    problems = Problems(arguments.problems)
    count = len(problems.person)
    everyone = torch.arange(min(count, 64))
    batch = Batch(problems, everyone)
    iterations = problems.options["iterations"]
    with torch.no_grad():
        for name, iteration in (("start", 0), ("end", iterations)):
            energy = batch.energy(getattr(problems, name + "_angles")[everyone],
                                  getattr(problems, name + "_translation")[everyone], iteration, True)
            median_difference(name, energy, getattr(problems, name + "_energy")[everyone])
    rates = {}
    for size in arguments.batch:
        ids = torch.arange(min(size, count))
        start = time.perf_counter()
        batch = Batch(problems, ids)
        steps = arguments.iterations or iterations
        angles, translation = batch.optimise(steps)
        seconds = (time.perf_counter() - start) * iterations / steps
        rates[size] = len(ids) / seconds / arguments.threads
        with torch.no_grad():
            last = batch.energy(angles, translation, iterations, True)
        print(f"batch {len(ids):5}: {1e3 * seconds / len(ids):8.1f} ms a pair, {rates[size]:7.3f} pairs per second and "
              f"core; energy after {steps} iterations: median {last.median():.4f}, the engine's at the end "
              f"{problems.end_energy[ids].median():.4f}", flush=True)
    best = max(rates, key=rates.get)
    print(f"best batch size: {best}")
    if arguments.json:
        print(json.dumps({"pairs_per_second_per_core": rates[best], "batch": best, "torch": torch.__version__}))


if __name__ == "__main__":
    main()
