# SPDX-License-Identifier: Apache-2.0
"""A SCENE.json made ready for two renderers: absolute names, no skin maps."""
import hashlib
import json
from pathlib import Path


def load_scene(path, scale, work):
    """The scene, at `scale` of its size, with absolute file names and without its meshes' `maps`; where it was written,
    and a digest of it and of every file that it names."""
    path = Path(path).resolve()
    scene = json.loads(path.read_text())
    camera = scene["camera"]
    for side in ("width", "height"):
        camera[side] = max(1, round(camera[side] * scale))
    camera["K"] = [[x * scale for x in camera["K"][0]], [x * scale for x in camera["K"][1]], camera["K"][2]]
    for mesh in scene["meshes"]:
        mesh.pop("maps", None)
    holders = [(m, "file") for m in scene["meshes"]] + [(scene["env"], "file")] + [
        (m, "texture") for m in scene["materials"].values() if "texture" in m]
    digest = hashlib.sha1(json.dumps(scene).encode())
    for holder, field in holders:
        holder[field] = str(path.parent / holder[field])
        digest.update(Path(holder[field]).read_bytes())
    written = Path(work) / "scene.json"
    written.write_text(json.dumps(scene))
    return scene, written, digest.hexdigest()[:10]
