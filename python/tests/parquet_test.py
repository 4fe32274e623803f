# SPDX-License-Identifier: Apache-2.0
"""Parquet of the metadata: every row and value of the .jsonl, columns and types always the same."""

import json
import unittest

from common import PackageTest, data_set, run

import renderih
from renderih import parquet as ours

try:
    from pyarrow import parquet
except ImportError:
    parquet = None


@unittest.skipIf(parquet is None, "pyarrow is not installed (python/requirements.txt)")
class Parquet(PackageTest):
    def test_every_row_and_value(self):
        written = renderih.to_parquet(data_set(), self.folder)
        self.assertEqual([p.rsplit("/", 1)[1] for p in written],
                         ["train.parquet", "val.parquet", "test.parquet"])  # fmt: skip
        for path in written:
            split = path.rsplit("/", 1)[1].removesuffix(".parquet")
            rows = list(renderih.open(data_set(), split).rows())
            table = parquet.read_table(path)
            self.assertEqual(table.num_rows, len(rows))
            for stored, row in zip(table.to_pylist(), rows):
                self.assertEqual({k: v for k, v in stored.items() if v is not None}, row)

    def test_the_schema_is_that_of_any_set(self):
        """The columns that this package knows are all that the program writes, and no other."""
        written = renderih.to_parquet(data_set(), self.folder)
        schemas = [parquet.read_schema(path) for path in written]
        self.assertEqual(schemas[0].names, list(ours._COLUMNS))
        self.assertTrue(all(schema.equals(schemas[0]) for schema in schemas))
        row = next(renderih.open(data_set()).rows())
        self.assertEqual(set(row), set(ours._COLUMNS))
        for name, value in row.items():
            kind = str(schemas[0].field(name).type)
            if isinstance(value, str):
                self.assertEqual(kind, "string", name)
            elif isinstance(value, float):
                self.assertEqual(kind, "double", name)
        # A set without a sensor has fewer columns; the file has them all.
        out = self.folder / "plain"
        config = self.folder / "plain.toml"
        config.write_text('[image]\nsensor = "none"\nwidth = 32\nheight = 24\nspp = 1\nplaces = 0\n'
                          "skin_map_height = 128\n")  # fmt: skip
        run("generate", "--out", out, "--config", config, "--poses", 1, "--views", 1)
        path = renderih.to_parquet(out)[0]
        self.assertEqual(path, str(out / "parquet" / "train.parquet"))
        self.assertTrue(parquet.read_schema(path).equals(schemas[0]))
        run("verify", out)  # which has nothing against the new folder

    def test_columns_of_its_own(self):
        """A set converted from others has some that ours have not, and lacks many."""
        copy = self.copy_of_data_set()
        for path in copy.glob("*/*.jsonl"):
            rows = [json.loads(line) for line in path.read_text().splitlines()]
            for row in rows:
                row.update(data_source="HIC", left_has_mano=False, right_valid=21)
                del row["ita_deg"], row["environment"]
            path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        table = parquet.read_table(renderih.to_parquet(copy)[0])
        self.assertEqual(table.schema.names[: len(ours._COLUMNS)], list(ours._COLUMNS))
        last = table.to_pylist()[-1]
        self.assertEqual((last["data_source"], last["left_has_mano"]), ("HIC", False))
        self.assertEqual((last["right_valid"], last["ita_deg"]), (21, None))

    def test_rows_of_other_types(self):
        for change, word in [({"monk": "dark"}, "another type"), ({"new": 1}, "new")]:
            copy = self.copy_of_data_set()
            path = copy / "train" / "00001.jsonl"
            rows = [json.loads(line) for line in path.read_text().splitlines()]
            rows[1].update(change)
            path.write_text("".join(json.dumps(row) + "\n" for row in rows))
            self.assert_user_error(["00001", word], renderih.to_parquet, copy, self.folder / "out")
            self.assertFalse((self.folder / "out" / "train.parquet").exists())


if __name__ == "__main__":
    unittest.main()
