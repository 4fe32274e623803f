#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same SCENE.json with Blender's Cycles and with `renderih render`: their error-time curves in one run.

    VENV/bin/python bench/peers/cycles.py DIR/scene.json --renderih build/release/renderih --picture side_by_side.png

bench/peers/README.md tells how to get the package `bpy`. What is measured:

- Error: relMSE, the mean over hand pixels (`--aov hand`, without what is worn) and channels of (x - ref)^2 / (ref^2 + e), with
  e = (0.1 x mean radiance of the hands in ref)^2. `trimmed` leaves out the worst 0.1 % of the pixels. Each renderer is
  measured against its own converged random walk, so a difference of their models is no error, but what our faster
  modes (`--subsurface profile`, `--denoise`) change in the picture is. The converged picture is the mean of two of half
  the samples and other seeds; their difference says how much noise it still has, which is subtracted.
- Time: `render` is the render alone (Cycles: in process, scene and BVH kept from a render before; ours: what `renderih
  render` prints, else the process), `process` a fresh process for one picture (Cycles opens a .blend), `cpu` processor
  seconds of all threads, of Cycles' render and of our process: the fairer number where the machine is shared.
- Model: mean radiance of the hands per channel, of both converged pictures.
- Skin maps (relief, gloss and colour by uv), which Cycles has no counterpart for in these terms, are left out for both: each
  mesh has its material's albedo.

Cycles gets the scene as exactly as its parameters allow (see `make_material`); references are kept in --cache.
"""
import argparse
import json
import math
import os
import re
import resource
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from contextlib import contextmanager
from pathlib import Path

# Blender imports an add-on `cycles`, which is not this file.
from scene_file import load_scene

sys.path[:] = [p for p in sys.path if Path(p).resolve() != Path(__file__).resolve().parent]
import bpy
import numpy as np
from mathutils import Matrix

BLENDER_FROM_WORLD = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])  # y up -> z up
MIN_MEAN_FREE_PATH = 2e-5  # m, as in render/core/medium.h
MAX_ALBEDO = 0.99


# Files ----------------------------------------------------------------------------------------------------------------

def read_exr(path):
    """{channel: [H, W] float32} of a scanline EXR, uncompressed or ZIP."""
    data = Path(path).read_bytes()
    if data[:4] != b"\x76\x2f\x31\x01" or data[5] & 0x1a:
        raise SystemExit(f"{path}: no plain scanline EXR")
    header, at = {}, 8
    while data[at]:
        name_end = data.index(0, at)
        type_end = data.index(0, name_end + 1)
        size, = struct.unpack_from("<i", data, type_end + 1)
        header[data[at:name_end].decode()] = data[type_end + 5:type_end + 5 + size]
        at = type_end + 5 + size
    at += 1
    channels, text = [], header["channels"]
    while text[0]:
        end = text.index(0)
        channels.append((text[:end].decode(), {1: "<f2", 2: "<f4"}[text[end + 1]]))
        text = text[end + 17:]
    x0, y0, x1, y1 = struct.unpack("<4i", header["dataWindow"])
    width, height = x1 - x0 + 1, y1 - y0 + 1
    lines = {0: 1, 2: 1, 3: 16}[header["compression"][0]]
    result = {name: np.empty((height, width), np.float32) for name, _ in channels}
    row_bytes = width * sum(np.dtype(kind).itemsize for _, kind in channels)
    for chunk in struct.unpack_from(f"<{-(-height // lines)}Q", data, at):
        y, size = struct.unpack_from("<2i", data, chunk)
        rows = min(lines, y1 + 1 - y)
        raw = np.frombuffer(data, np.uint8, size, chunk + 8)
        if size < rows * row_bytes:
            raw = np.frombuffer(zlib.decompress(raw.tobytes()), np.uint8)
            raw = (np.cumsum(raw, dtype=np.uint64) - 128 * np.arange(len(raw), dtype=np.uint64)).astype(np.uint8)
            raw = np.stack([raw[:(len(raw) + 1) // 2], np.pad(raw[(len(raw) + 1) // 2:], (0, len(raw) % 2))], 1)
            raw = raw.reshape(-1)[:rows * row_bytes]
        offset = 0
        for row in range(y - y0, y - y0 + rows):
            for name, kind in channels:
                result[name][row] = np.frombuffer(raw, kind, width, offset)
                offset += width * np.dtype(kind).itemsize
    return result


def read_picture(path):
    channels = read_exr(path)
    return np.stack([channels[c] for c in "RGB"], -1).astype(np.float64)


def write_png(path, image):
    """[H, W, 3] uint8"""
    rows = b"".join(b"\0" + row.tobytes() for row in np.ascontiguousarray(image))
    chunk = lambda kind, body: struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    header = struct.pack(">2I5B", image.shape[1], image.shape[0], 8, 2, 0, 0, 0)
    Path(path).write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows))
                           + chunk(b"IEND", b""))


class Obj:
    """A mesh with one vertex for each (position, uv, normal) of the file: `vertices` [V, 3], `faces` [F, 3],
    `face_material` [F] (-1: none) into `material_names`; `normals`, `uv`, `colours` or None."""

    def __init__(self, path):
        rows = {"v": [], "vt": [], "vn": []}
        corners, index, self.faces, self.face_material, self.material_names = [], {}, [], [], []
        material = -1
        for line in Path(path).read_text().splitlines():
            keyword, *words = line.split() or [""]
            if keyword in rows:
                rows[keyword].append([float(w) for w in words])
            elif keyword == "usemtl":
                if words[0] not in self.material_names:
                    self.material_names.append(words[0])
                material = self.material_names.index(words[0])
            elif keyword == "f":
                face = []
                for word in words:
                    if word not in index:
                        index[word] = len(corners)
                        corners.append(word)
                    face.append(index[word])
                for i in range(1, len(face) - 1):
                    self.faces.append((face[0], face[i], face[i + 1]))
                    self.face_material.append(material)
        self.faces = np.array(self.faces, np.int32)
        self.face_material = np.array(self.face_material, np.int32)
        corners = [(c.split("/") + ["", ""])[:3] for c in corners]
        tables = [np.array(rows[k], np.float64) for k in ("v", "vt", "vn")]

        def take(which):
            if any(not c[which] for c in corners):
                return None
            i = np.array([int(c[which]) for c in corners])
            return tables[which][np.where(i > 0, i - 1, i)]

        points, uv, self.normals = take(0), take(1), take(2)
        self.vertices = points[:, :3]
        self.colours = points[:, 3:6] if points.shape[1] >= 6 else None
        self.uv = None if uv is None else uv[:, :2]


# The scene in Blender -------------------------------------------------------------------------------------------------

def dipole_factor(albedo, ior, steps=40):
    """sqrt(3 (1 - alpha')) with alpha' by Jensen's dipole from the diffuse albedo, by bisection; with Cycles' 12
    `steps` in single precision too, to match what it gets, which is coarse for high albedos and indices."""
    kind = np.float32 if steps == 12 else np.float64
    albedo = np.asarray(albedo, kind)
    inner = -1.440 / ior ** 2 + 0.710 / ior + 0.668 + 0.0636 * ior
    boundary = kind(4 / 3 * (1 + inner) / (1 - inner))
    low, high = np.zeros_like(albedo), np.ones_like(albedo)
    for _ in range(steps):
        middle = kind(0.5) * (low + high)
        root = np.sqrt(kind(3) * (1 - middle))
        dipole = kind(0.5) * middle * (1 + np.exp(-boundary * root)) * np.exp(-root)
        low, high = np.where(dipole < albedo, middle, low), np.where(dipole < albedo, high, middle)
    return np.sqrt(3 * (1 - middle.astype(np.float64)))


def mean_free_path(albedo, dmfp, ior):
    """mfp' = dmfp sqrt(3 (1 - alpha')), m, as the scene format has it."""
    return np.maximum(dmfp * dipole_factor(np.minimum(albedo, MAX_ALBEDO), ior), MIN_MEAN_FREE_PATH)


def walk_entry_cosines(ior, width, diffuse_share):
    """Cosines to the normal inside of where Cycles' walks start under a diffuse sky: the viewing ray refracted at a GGX
    microfacet, or a cosine lobe; below 0 the walk fails."""
    count = 1 << 15
    u = np.random.default_rng(1).random((count, 5))
    z, phi = np.sqrt(u[:, 0]), 2 * math.pi * u[:, 1]
    view = np.stack([np.sqrt(1 - z * z) * np.cos(phi), np.sqrt(1 - z * z) * np.sin(phi), z], 1)
    normalised = lambda v: v / np.linalg.norm(v, axis=1, keepdims=True)
    stretched = normalised(view * [width, width, 1])
    cap_z = (1 - u[:, 2]) * (1 + stretched[:, 2]) - stretched[:, 2]
    r, phi = np.sqrt(np.maximum(0, 1 - cap_z ** 2)), 2 * math.pi * u[:, 3]
    half = normalised((np.stack([r * np.cos(phi), r * np.sin(phi), cap_z], 1) + stretched) * [width, width, 1])
    cosine = (view * half).sum(1)
    inside = np.sqrt(1 - (1 - cosine ** 2) / ior ** 2)
    refracted = view[:, 2] / ior - (cosine / ior - inside) * half[:, 2]
    return np.where(u[:, 4] < diffuse_share, z, refracted)


def scattering_albedo(base):
    """Cycles' fit (Wrenninge et al. 2017, at g = 0)."""
    blend = base ** 0.25
    return ((1 - blend) * 1.8260523782 * np.arctan(5.112467903378 * base) ** 1.09686102424
            + blend * 0.496310210422 * np.arctan(4.235009036499 * base) ** 2.40602999408)


def returned_albedo(base, cosines):
    """Diffuse albedo that a half space returns in Cycles for base colours [N]: the plane albedo of a medium without an
    inner boundary is 1 - H(mu) sqrt(1 - scattering albedo) (Chandrasekhar 1960)."""
    node, weight = np.polynomial.legendre.leggauss(64)
    node, weight = 0.5 * (node + 1), 0.5 * weight
    grid = np.linspace(0, 1, 129)
    result = []
    for value in scattering_albedo(base):
        albedo = min(max(value, 0.2), 0.999999)
        root = math.sqrt(1 - albedo)
        h_at = lambda mu: 1 / (root + 0.5 * albedo * ((weight * node / (mu[:, None] + node)) @ h))
        h = np.ones(64)
        for _ in range(2000):
            h, before = h_at(node), h
            if np.abs(h - before).max() < 1e-9:
                break
        plane = 1 - h_at(grid) * root
        returned = np.where(cosines > 0, np.interp(cosines, grid, plane), 0).mean()
        result.append(returned * min(value / 0.2, 1.0))
    return np.array(result)


def decay_rate(scattering_albedo):
    """Of light deep in an isotropic medium, a mean free path: k with albedo atanh(k) / k = 1."""
    low, high = np.full_like(scattering_albedo, 1e-9), np.full_like(scattering_albedo, 1 - 1e-12)
    for _ in range(40):
        middle = 0.5 * (low + high)
        above = scattering_albedo * np.arctanh(middle) > middle
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return middle


class Subsurface:
    """Parameters of Cycles' random walk for an albedo of ours. Cycles has the walk start in

    refracted  the viewing ray refracted at a GGX microfacet (Principled BSDF, RANDOM_WALK)
    skin       the same at one of roughness 1, or half of the time a cosine lobe (RANDOM_WALK_SKIN)
    diffuse    as `skin` but with the greatest index it takes, which turns the refracted half into nearly a cosine lobe

    so that only with `diffuse` its albedo does not depend on the view, as in the scene format; that is the default.

    Radius: RANDOM_WALK divides it by 4 pi to get the mean free path, RANDOM_WALK_SKIN multiplies it by Jensen's dipole
    factor of base colour and index. As Cycles' boundary lets all light out, its medium scatters less than the format's
    for the same albedo, so that with the format's mean free path its light spreads less: a mean free path is chosen at
    which it spreads as far (--length diffusion), or the format's own (--length mfp).

    Base colour: it is the albedo only of walks that start in a cosine lobe; `base_colour` gives the one that makes a
    half space return the albedo asked for."""

    ENTRY_IOR = 3.8

    def __init__(self, fields, ior, roughness, options):
        self.dmfp = 1e-3 * fields.get("scale", 1.0) * np.array(fields["dmfp_mm"])
        self.g, self.ior = fields.get("g", 0.0), ior
        self.method = "RANDOM_WALK" if options.entry == "refracted" else "RANDOM_WALK_SKIN"
        self.entry_ior = self.ENTRY_IOR if options.entry == "diffuse" else ior
        self.length = options.length
        self.table = None
        if not options.plain_colour:
            skin = self.method == "RANDOM_WALK_SKIN"
            cosines = walk_entry_cosines(self.entry_ior, 1.0 if skin else roughness ** 2, 0.5 if skin else 0.0)
            base = np.linspace(0, 1, 65) ** 2
            self.table = np.concatenate([[0], returned_albedo(base[1:], cosines)]), base

    def base_colour(self, albedo):
        albedo = np.minimum(albedo, MAX_ALBEDO)
        return albedo if self.table is None else np.interp(albedo, *self.table)

    def radius(self, albedo):
        wanted = mean_free_path(albedo, self.dmfp, self.ior)
        if self.length == "diffusion":
            ours = 1 - dipole_factor(np.minimum(albedo, MAX_ALBEDO), self.ior) ** 2 / 3
            wanted = wanted * decay_rate(scattering_albedo(self.base_colour(albedo))) / decay_rate(ours)
        if self.method == "RANDOM_WALK":
            return 4 * math.pi * wanted
        return wanted / dipole_factor(self.base_colour(albedo), self.entry_ior, steps=12)


def new_image(name, pixels):
    """[H, W, 3] float, row 0 below"""
    height, width = pixels.shape[:2]
    image = bpy.data.images.new(name, width, height, float_buffer=True, is_data=True)
    image.pixels.foreach_set(np.concatenate([pixels, np.ones((height, width, 1))], -1).astype(np.float32).ravel())
    image.pack()
    return image


def read_texture(path):
    image = bpy.data.images.load(str(path))
    image.colorspace_settings.is_data = True
    pixels = np.empty(4 * image.size[0] * image.size[1], np.float32)
    image.pixels.foreach_get(pixels)
    pixels = pixels.reshape(image.size[1], image.size[0], 4)[..., :3].astype(np.float64)
    bpy.data.images.remove(image)
    if str(path).endswith(".png"):
        pixels = np.where(pixels <= 0.04045, pixels / 12.92, ((pixels + 0.055) / 1.055) ** 2.4)
    return pixels


def make_material(name, fields, obj, mesh, slot, folder, options):
    """A Principled BSDF, dielectric GGX over a random walk or a Lambertian base, the base weighted by one minus the
    specular's directional albedo; with a second lobe a mixture of two of them."""
    material = bpy.data.materials.new(name)
    if material.node_tree is None:
        material.use_nodes = True
    nodes, links = material.node_tree.nodes, material.node_tree.links
    least = math.sqrt(1e-3)
    ior, roughness = fields.get("ior", 1.4), max(fields.get("roughness", 0.5), least)
    walk = Subsurface(fields["sss"], ior, roughness, options) if "sss" in fields else None
    lobes = [next(n for n in nodes if n.type == "BSDF_PRINCIPLED")]
    lobes[0].inputs["Roughness"].default_value = roughness
    second = fields.get("second_lobe")
    if second:
        lobes.append(nodes.new("ShaderNodeBsdfPrincipled"))
        lobes[1].inputs["Roughness"].default_value = max(roughness * second["roughness_factor"], least)
        mix = nodes.new("ShaderNodeMixShader")
        mix.inputs["Fac"].default_value = second["share"]
        for lobe, socket in zip(lobes, mix.inputs[1:]):
            links.new(lobe.outputs["BSDF"], socket)
        output = next(n for n in nodes if n.type == "OUTPUT_MATERIAL")
        links.new(mix.outputs["Shader"], output.inputs["Surface"])
    coat = fields.get("coat", {})
    for bsdf in lobes:
        bsdf.distribution = "GGX"
        bsdf.inputs["IOR"].default_value = ior
        bsdf.inputs["Metallic"].default_value = 1 if fields.get("metal") else 0
        bsdf.inputs["Coat Weight"].default_value = coat.get("weight", 0)
        bsdf.inputs["Coat Roughness"].default_value = coat.get("roughness", 0.1)
        bsdf.inputs["Coat IOR"].default_value = coat.get("ior", 1.5)
        if walk:
            bsdf.subsurface_method = walk.method
            bsdf.inputs["Subsurface Weight"].default_value = 1
            bsdf.inputs["Subsurface Scale"].default_value = 1
            if walk.method == "RANDOM_WALK_SKIN":  # the other takes "IOR"
                bsdf.inputs["Subsurface IOR"].default_value = walk.entry_ior
            bsdf.inputs["Subsurface Anisotropy"].default_value = walk.g

    def connect(socket, attribute, values):
        if values.ndim == 3:
            node = nodes.new("ShaderNodeTexImage")
            node.image = new_image(f"{name} {attribute}", values)
        elif values.ndim == 2:
            mesh.attributes.new(attribute, "FLOAT_VECTOR", "POINT").data.foreach_set(
                "vector", values.astype(np.float32).ravel())
            node = nodes.new("ShaderNodeAttribute")
            node.attribute_name = attribute
        else:
            for bsdf in lobes:
                bsdf.inputs[socket].default_value[:3] = values
            return
        for bsdf in lobes:
            links.new(node.outputs["Color" if values.ndim == 3 else "Vector"], bsdf.inputs[socket])

    if "texture" in fields and obj.uv is not None:
        albedo = read_texture(folder / fields["texture"])
    else:
        albedo = obj.colours if obj.colours is not None else np.array(fields["albedo"], np.float64)
    connect("Base Color", f"albedo{slot}", walk.base_colour(albedo) if walk else albedo)
    if walk:
        connect("Subsurface Radius", f"radius{slot}", walk.radius(albedo))
    return material


def make_mesh(entry, scene, folder, options):
    obj = Obj(folder / entry["file"])
    mesh = bpy.data.meshes.new(entry["name"])
    count = len(obj.faces)
    mesh.vertices.add(len(obj.vertices))
    mesh.vertices.foreach_set("co", (obj.vertices @ BLENDER_FROM_WORLD.T).astype(np.float32).ravel())
    mesh.loops.add(3 * count)
    mesh.loops.foreach_set("vertex_index", obj.faces.ravel())
    mesh.polygons.add(count)
    mesh.polygons.foreach_set("loop_start", np.arange(0, 3 * count, 3, dtype=np.int32))
    if obj.uv is not None:
        mesh.uv_layers.new(name="uv").uv.foreach_set("vector", obj.uv[obj.faces.ravel()].astype(np.float32).ravel())
    names = [entry["material"]]
    if entry.get("use_obj_materials"):
        names += obj.material_names
        mesh.polygons.foreach_set("material_index", obj.face_material + 1)
    mesh.update()
    mesh.shade_smooth()
    if obj.normals is not None:
        normals = obj.normals / np.linalg.norm(obj.normals, axis=1, keepdims=True) @ BLENDER_FROM_WORLD.T
        mesh.attributes.new("custom_normal", "FLOAT_VECTOR", "POINT").data.foreach_set(
            "vector", normals.astype(np.float32).ravel())
    for slot, name in enumerate(names):
        mesh.materials.append(make_material(name, scene["materials"][name], obj, mesh, slot, folder, options))
    thing = bpy.data.objects.new(entry["name"], mesh)
    bpy.context.scene.collection.objects.link(thing)


def make_world(env, folder):
    world = bpy.data.worlds.new("environment")
    if world.node_tree is None:
        world.use_nodes = True
    nodes, links = world.node_tree.nodes, world.node_tree.links
    background = next(n for n in nodes if n.type == "BACKGROUND")
    background.inputs["Strength"].default_value = env.get("strength", 1.0)
    # With y up turned to z up Cycles' map is ours: u = 0.5 - atan2(y', x') / 2 pi.
    coordinates, mapping = nodes.new("ShaderNodeTexCoord"), nodes.new("ShaderNodeMapping")
    mapping.inputs["Rotation"].default_value[2] = -math.radians(env.get("rotation_deg", 0.0))
    texture = nodes.new("ShaderNodeTexEnvironment")
    texture.image = bpy.data.images.load(str(folder / env["file"]))
    texture.image.colorspace_settings.is_data = True
    links.new(coordinates.outputs["Generated"], mapping.inputs["Vector"])
    links.new(mapping.outputs["Vector"], texture.inputs["Vector"])
    links.new(texture.outputs["Color"], background.inputs["Color"])
    world.cycles.sampling_method = "MANUAL"  # importance sampling by a map as fine as the picture
    world.cycles.sample_map_resolution = texture.image.size[0]
    bpy.context.scene.world = world


def make_camera(fields):
    render = bpy.context.scene.render
    width, height = fields["width"], fields["height"]
    (fx, _, cx), (_, fy, cy), _ = fields["K"]
    render.resolution_x, render.resolution_y, render.resolution_percentage = width, height, 100
    render.pixel_aspect_x, render.pixel_aspect_y = max(1.0, fy / fx), max(1.0, fx / fy)
    data = bpy.data.cameras.new("camera")
    data.sensor_fit, data.sensor_width = "HORIZONTAL", 36.0
    data.lens = fx * data.sensor_width / width
    data.shift_x = (0.5 * width - cx) / width
    data.shift_y = (cy - 0.5 * height) / width * fx / fy
    data.clip_start, data.clip_end = 1e-3, 1e3
    camera = bpy.data.objects.new("camera", data)
    cam_from_world = np.array(fields["cam_from_world"])
    rotation = BLENDER_FROM_WORLD @ cam_from_world[:, :3].T @ np.diag([1.0, -1, -1])  # Blender looks along -z, y up
    place = np.eye(4)
    place[:3, :3] = rotation
    place[:3, 3] = BLENDER_FROM_WORLD @ -(cam_from_world[:, :3].T @ cam_from_world[:, 3])
    camera.matrix_world = Matrix(place.tolist())
    bpy.context.scene.collection.objects.link(camera)
    bpy.context.scene.camera = camera


def make_scene(scene, folder, options):
    bpy.ops.wm.read_factory_settings(use_empty=True)
    make_world(scene["env"], folder)
    make_camera(scene["camera"])
    for entry in scene["meshes"]:
        make_mesh(entry, scene, folder, options)
    target = bpy.context.scene
    bounces = scene.get("integrator", {}).get("max_bounces", 8)
    render, cycles = target.render, target.cycles
    render.engine = "CYCLES"
    cycles.device = "CPU"
    cycles.max_bounces = cycles.diffuse_bounces = cycles.glossy_bounces = bounces
    cycles.use_denoising = cycles.use_adaptive_sampling = False
    cycles.sample_clamp_direct = cycles.sample_clamp_indirect = 0
    cycles.blur_glossy = 0
    cycles.caustics_reflective = cycles.caustics_refractive = True
    cycles.pixel_filter_type = "BOX"
    render.film_transparent = False
    render.use_compositing = render.use_sequencer = False
    render.threads_mode, render.threads = "FIXED", options.threads
    render.use_persistent_data = True
    render.image_settings.file_format = "OPEN_EXR"
    render.image_settings.color_mode, render.image_settings.color_depth = "RGB", "32"
    render.image_settings.exr_codec = "ZIP"


def cpu_seconds(who):
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


# The two renderers ----------------------------------------------------------------------------------------------------

@contextmanager
def quiet():
    """Blender writes progress to file descriptor 1."""
    sys.stdout.flush()
    kept, null = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(null)


OUR_MODES = {"walk": ["--subsurface", "walk"],
             "profile": ["--subsurface", "profile"],
             "profile, denoised": ["--subsurface", "profile", "--denoise"]}


class Cycles:
    name = "cycles"

    def __init__(self, options, blend):
        self.options, self.blend = options, blend

    def prepare(self):
        """A file for fresh processes, and a first render that loads kernels, builds the BVH and the map's density."""
        with quiet():
            bpy.ops.wm.save_as_mainfile(filepath=str(self.blend))
        self.render(1, 0, self.blend.with_suffix(".warm.exr"))

    def render(self, spp, seed, out):
        """Seconds of the render."""
        scene = bpy.context.scene
        scene.cycles.samples, scene.cycles.seed = spp, seed
        scene.render.filepath = str(out)
        with quiet():
            start = time.perf_counter()
            bpy.ops.render.render(write_still=True)
            return time.perf_counter() - start

    def process(self, spp, seed, out):
        """Seconds of a fresh process: start, open the file, render, write."""
        start = time.perf_counter()
        subprocess.run([sys.executable, __file__, str(self.blend), "--once", str(out), "--spp", str(spp), str(seed)],
                       check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start

    @staticmethod
    def once(blend, spp, seed, out):
        bpy.ops.wm.open_mainfile(filepath=blend)
        scene = bpy.context.scene
        scene.cycles.samples, scene.cycles.seed = spp, seed
        scene.render.filepath = out
        bpy.ops.render.render(write_still=True)


class Ours:
    name = "renderih"

    def __init__(self, options, scene_path):
        self.options, self.scene_path = options, scene_path

    def run(self, spp, seed, out, *more):
        """Seconds of the render and of the process."""
        start = time.perf_counter()
        command = [self.options.renderih, "render", str(self.scene_path), "--out", str(out), "--spp", str(spp),
                   "--seed", str(seed), "--threads", str(self.options.threads), *more]
        text = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        seconds = time.perf_counter() - start
        printed = re.findall(r"(?:rendered|denoised) (\d+\.?\d*) s", text)
        return sum(map(float, printed)), seconds

    def render(self, spp, seed, out):
        return self.run(spp, seed, out, *OUR_MODES["walk"])[0]

    def hand_mask(self, out):
        self.run(1, 0, out, "--aov", "hand")
        return read_exr(out)["hand.id"]


# Errors ---------------------------------------------------------------------------------------------------------------

def rel_mse(error, reference, trim=0.0):
    """Of pixels [N, 3]; see the top."""
    squares = (error ** 2 / (reference ** 2 + (0.1 * reference.mean()) ** 2)).mean(-1)
    keep = len(squares) - math.ceil(trim * len(squares))
    return np.sort(squares)[:keep].mean()


TRIM = 1e-3


def percents(difference):
    return ", ".join(f"{c} {d:+.2f} %" for c, d in zip("RGB", difference))


class Reference:
    """The converged picture of a renderer, from two independent halves, kept in the cache."""

    def __init__(self, renderer, spp, hands, cache, key):
        halves = []
        for seed in (101, 102):
            path = cache / f"{renderer.name}-{key}-{spp // 2}spp-seed{seed}.exr"
            if not path.exists():
                part = path.with_suffix(".part.exr")
                renderer.render(spp // 2, seed, part)
                part.rename(path)
            halves.append(read_picture(path))
        self.picture = 0.5 * (halves[0] + halves[1])
        self.hands = self.picture[hands]
        self.mask = hands
        half_difference = 0.5 * (halves[0] - halves[1])[hands]
        self.noise = [rel_mse(half_difference, self.hands, trim) for trim in (0, TRIM)]

    def errors(self, path):
        """relMSE and trimmed relMSE of a picture, without the reference's own noise."""
        error = read_picture(path)[self.mask] - self.hands
        return [max(rel_mse(error, self.hands, trim) - noise, 1e-12) for trim, noise in zip((0, TRIM), self.noise)]


def time_at_error(rows, column, error):
    """Where the curve first comes below `error`, by log-log interpolation: that of the first row at the most, nan where
    it never does."""
    if rows[0]["relmse"] <= error:
        return rows[0][column]
    for above, below in zip(rows, rows[1:]):
        if below["relmse"] <= error:
            share = math.log(error / above["relmse"]) / math.log(below["relmse"] / above["relmse"])
            return above[column] * (below[column] / above[column]) ** share
    return math.nan


COLUMNS = {"spp": "{:6d}", "render": "{:9.2f} s", "process": "{:9.2f} s", "cpu": "{:9.2f} s", "relmse": "{:11.3e}",
           "trimmed": "{:11.3e}"}


def print_curve(name, rows):
    print(f"\n{name}\n" + "".join(f"{key:>{len(form.format(0))}}" for key, form in COLUMNS.items()))
    for row in rows:
        print("".join(form.format(row[key]) for key, form in COLUMNS.items()))


# Pictures -------------------------------------------------------------------------------------------------------------

def side_by_side(path, left, right, hands):
    """left | right | absolute difference of what is shown x 4; one exposure, sRGB."""
    exposure = 0.8 / np.percentile(right[hands], 99)
    shown = []
    for picture in (left, right):
        x = np.clip(exposure * picture, 0, 1)
        shown.append(np.where(x <= 0.0031308, 12.92 * x, 1.055 * x ** (1 / 2.4) - 0.055))
    shown.append(np.clip(4 * np.abs(shown[0] - shown[1]), 0, 1))
    write_png(path, np.round(255 * np.concatenate(shown, 1)).astype(np.uint8))


def main():
    if "--once" in sys.argv:  # a fresh process of Cycles.process
        blend, _, out, _, spp, seed = sys.argv[1:]
        return Cycles.once(blend, int(spp), int(seed), out)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scene", help="SCENE.json")
    parser.add_argument("--renderih", default="build/release/renderih", help="our program")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--spp-cycles", type=int, nargs="+", default=[16, 64, 256])
    parser.add_argument("--spp-ours", type=int, nargs="+", default=[1, 2, 4, 8, 16, 32, 64, 128])
    parser.add_argument("--reference-cycles", type=int, default=1024, help="samples of Cycles' own converged picture")
    parser.add_argument("--reference-ours", type=int, default=4096, help="samples of ours")
    parser.add_argument("--cache", help="folder where converged pictures are kept; empty it when a model has changed")
    parser.add_argument("--entry", choices=["diffuse", "skin", "refracted"], default="diffuse",
                        help="how Cycles' walks enter the skin; see class Subsurface")
    parser.add_argument("--length", choices=["diffusion", "mfp"], default="diffusion",
                        help="which length of the medium Cycles is given; see class Subsurface")
    parser.add_argument("--plain-colour", action="store_true", help="the albedo is Cycles' base colour, unconverted")
    parser.add_argument("--scale", type=float, default=1.0, help="of the picture's sides, for trying things out")
    parser.add_argument("--picture", help="PNG to write: Cycles | ours | 4 x their difference")
    parser.add_argument("--no-curves", action="store_true", help="only compare the converged pictures")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        cache = Path(options.cache or work)
        cache.mkdir(parents=True, exist_ok=True)
        scene, scene_path, key = load_scene(options.scene, options.scale, work)
        ours, cycles = Ours(options, scene_path), Cycles(options, work / "scene.blend")
        hand = ours.hand_mask(work / "hand.exr")
        hands = (hand == 1) | (hand == 2)  # without what is worn
        make_scene(scene, work, options)
        cycles.prepare()
        print(f"{options.scene}: {hands.shape[1]} x {hands.shape[0]}, {hands.sum()} hand pixels, {options.threads} "
              f"threads; Cycles of Blender {bpy.app.version_string}, entry of walks: {options.entry}", flush=True)

        references = {
            "cycles": Reference(cycles, options.reference_cycles, hands, cache,
                                f"{key}-{options.entry}-{options.length}" + "-plain" * options.plain_colour),
            "renderih": Reference(ours, options.reference_ours, hands, cache, key)}
        means = {name: r.hands.mean(0) for name, r in references.items()}
        difference = 100 * (means["renderih"] / means["cycles"] - 1)
        background = hand == 0
        for name, r in references.items():
            behind = r.picture[background].mean(0)
            print(f"{name:9} mean radiance of the hands {np.array2string(means[name], precision=5)}, of the background "
                  f"{np.array2string(behind, precision=5)}; relMSE of the reference {r.noise[0]:.1e}")
        print(f"ours / Cycles - 1: {percents(difference)}", flush=True)
        result = {"means": {k: v.tolist() for k, v in means.items()}, "difference_percent": difference.tolist()}
        if options.picture:
            side_by_side(options.picture, references["cycles"].picture, references["renderih"].picture, hands)

        if not options.no_curves:
            out = work / "out.exr"
            curves = {mode: [] for mode in OUR_MODES} | {"cycles": []}
            for mode, arguments in OUR_MODES.items():
                for spp in options.spp_ours:
                    before = cpu_seconds(resource.RUSAGE_CHILDREN)
                    render, process = ours.run(spp, 1, out, *arguments)
                    cpu = cpu_seconds(resource.RUSAGE_CHILDREN) - before
                    relmse, trimmed = references["renderih"].errors(out)
                    curves[mode].append(
                        dict(spp=spp, render=render, process=process, cpu=cpu, relmse=relmse, trimmed=trimmed))
                print_curve(f"renderih, {mode}", curves[mode])
                shift = 100 * (read_picture(out)[hands].mean(0) / means["renderih"] - 1)
                print(f"its last picture's mean radiance of the hands over the converged walk's: {percents(shift)}")
            for spp in options.spp_cycles:
                before = cpu_seconds(resource.RUSAGE_SELF)
                render = cycles.render(spp, 1, out)
                cpu = cpu_seconds(resource.RUSAGE_SELF) - before
                relmse, trimmed = references["cycles"].errors(out)
                curves["cycles"].append(dict(spp=spp, render=render, cpu=cpu, relmse=relmse, trimmed=trimmed))
            at = min(range(len(options.spp_cycles)), key=lambda i: abs(options.spp_cycles[i] - 64))
            chosen = curves["cycles"][at]
            start_up = cycles.process(chosen["spp"], 1, out) - chosen["render"]
            for row in curves["cycles"]:
                row["process"] = row["render"] + start_up  # measured at `chosen`
            print_curve(f"Cycles (start-up {start_up:.2f} s)", curves["cycles"])
            print(f"\nCycles' time / ours at the error of its {chosen['spp']} samples, {chosen['relmse']:.3e}\n"
                  f"{'':18}{'render':>9}{'process':>9}{'cpu':>9}")
            ratios = {}
            for mode in OUR_MODES:
                ratios[mode] = {column: chosen[column] / time_at_error(curves[mode], column, chosen["relmse"])
                                for column in ("render", "process", "cpu")}
                print(f"{mode:18}" + "".join(f"{ratio:9.2f}" for ratio in ratios[mode].values()))
            result.update(curves=curves, ratio=ratios)
        if options.json:
            print(json.dumps(result))


if __name__ == "__main__":
    main()
