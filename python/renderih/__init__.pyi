# SPDX-License-Identifier: Apache-2.0
# What __init__.py gives lazily, for type checkers.
from . import conventions as conventions
from . import draw as draw
from . import torch as torch
from .dataset import Dataset as Dataset
from .dataset import open as open
from .engine import load_hands as load_hands
from .engine import measure as measure
from .engine import poses as poses
from .engine import posing_options as posing_options
from .engine import render_scene as render_scene
from .errors import UserError as UserError
from .hand_model import HandModel as HandModel
from .hand_model import PosedHand as PosedHand
from .obj import write_obj as write_obj
from .parquet import to_parquet as to_parquet
from .record import Record as Record
from .stream import Stream as Stream

__version__: str
