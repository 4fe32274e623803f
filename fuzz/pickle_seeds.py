# SPDX-License-Identifier: Apache-2.0
"""Small pickles for the targets that read them, by the library that writes MANO's: keys, numpy arrays
and scipy matrices as there, with sizes of a few. pickle_seeds.py CORPUS."""
import pathlib
import pickle
import sys

import numpy as np
import scipy.sparse

ARRAYS = {
    "v_template": np.arange(12.0).reshape(4, 3),
    "f": np.array([[0, 2, 1], [0, 1, 3]], np.uint32),
    "weights": np.full((4, 16), 1 / 16, np.float32),
    "J_regressor": scipy.sparse.csc_matrix(np.eye(16, 4)),
    "shapedirs": np.asfortranarray(np.ones((4, 3, 2))),
    "kintree_table": np.arange(32, dtype=np.int64).reshape(2, 16),
    "hands_mean": np.zeros(45),
    "comment": "\u00e9 text that nobody looks at",
    "numbers": (1, -2, 2**40, 1.5, None, True, [b"x", {"y": 3}]),
}

for target in ("pickle", "hand"):
    folder = pathlib.Path(sys.argv[1]) / target
    folder.mkdir(parents=True, exist_ok=True)
    for protocol in range(2, 6):
        (folder / f"protocol{protocol}").write_bytes(pickle.dumps(ARRAYS, protocol))
