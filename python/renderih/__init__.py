# SPDX-License-Identifier: Apache-2.0
"""Two-hand images with exact labels: read data sets, pose hands, draw labels, run the engine.

Everything is imported when it is first used: `import renderih` alone costs a millisecond, and
numpy, Pillow, torch, pyarrow and the C++ engine are loaded only by what needs them.
"""

import importlib

# name -> module that has it
_EXPORTS = {
    "Dataset": "dataset",
    "HandModel": "hand_model",
    "PosedHand": "hand_model",
    "Record": "record",
    "Stream": "stream",
    "UserError": "errors",
    "load_hands": "engine",
    "measure": "engine",
    "open": "dataset",
    "poses": "engine",
    "posing_options": "engine",
    "render_scene": "engine",
    "to_parquet": "parquet",
    "write_obj": "obj",
}
_MODULES = {"conventions", "draw", "torch"}

# Without `open`, which would hide Python's own.
__all__ = [*sorted({*_EXPORTS} - {"open"}), "conventions", "draw"]


def __getattr__(name):
    if name in _EXPORTS:
        value = getattr(importlib.import_module(f".{_EXPORTS[name]}", __name__), name)
    elif name in _MODULES:
        value = importlib.import_module(f".{name}", __name__)
    elif name == "__version__":
        from ._core import __version__ as value
    else:
        raise AttributeError(f"module 'renderih' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *_EXPORTS, *_MODULES})
