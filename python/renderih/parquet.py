# SPDX-License-Identifier: Apache-2.0
"""The metadata of a data set as Parquet: one file a split, one row a record.

The columns are those of NNNNN.jsonl, always all of _COLUMNS, in this order and with these types,
whatever the set; a column that a set has not is null. What its first row has besides follows.
"""

import os

from .dataset import SPLITS
from .dataset import open as open_dataset
from .errors import UserError

_TEXTS = {
    "key", "split", "ita_class", "texture", "environment", "source", "source_id",
    "configuration_sha256", "assets_sha256", "shard", "record_sha256", "data_source", "source_index",
}  # fmt: skip
_FLAGS_OF_HAND = ("is_labelled", "has_mano")  # of converted sets, as what follows
_COUNTS_OF_HAND = ("joints_3d_valid", "joints_2d_valid")
_INTEGERS = {
    "schema", "record", "pose", "view", "width", "height", "track",
    "right_contact_vertices", "left_contact_vertices", "monk", "augmentation", "attempts",
    "worn_sleeve", "worn_ring", "worn_bracelet", "worn_watch", "near_table", "near_wall",
    "offset", "bytes",
}  # fmt: skip
_INTEGERS_OF_HAND = (
    "visible_joints", "joints_occluded_by_self", "joints_occluded_by_other", "joints_outside_frame",
    "joints_occluded_by_things", "bbox_x_px", "bbox_y_px", "bbox_width_px", "bbox_height_px",
    "visible_pixels", "amodal_pixels",
)  # fmt: skip
_COLUMNS_OF_HAND = _INTEGERS_OF_HAND + (
    "wrist_in_cam_x_m", "wrist_in_cam_y_m", "wrist_in_cam_z_m", "forearm_flexion_deg",
    "forearm_deviation_deg",
)  # fmt: skip
_SKIN = (
    "contrast", "nail_length", "nails_painted", "polish_blue", "polish_green", "polish_red",
    "roughness", "saturation", "tan", "tan_edge_mm",
)  # fmt: skip
_SENSOR = (
    "adc_bits", "chroma_subsampled", "colour_error_blue_green", "colour_error_blue_red",
    "colour_error_green_blue", "colour_error_green_red", "colour_error_red_blue",
    "colour_error_red_green", "colour_noise_reduction", "contrast", "exposure_jitter_ev",
    "f_number", "filter_overlap", "focal_length_mm", "focus_distance_m", "full_well_electrons",
    "gain_blue", "gain_red", "highlights_ev", "iso", "jpeg_quality", "lens_blur_px",
    "magnification_blue", "magnification_red", "motion_x_px", "motion_y_px", "noise_reduction",
    "nonuniformity", "photosites_per_side", "read_noise_electrons", "row_noise_electrons",
    "saturation", "sensor_width_mm", "shadows_ev", "sharpening", "sharpening_radius_px",
    "shutter_s", "vignetting", "white_balance_part", "white_electrons",
)  # fmt: skip
_COLUMNS = (
    "key", "schema", "seed", "record", "pose", "view", "split", "width", "height",
    "fx", "fy", "cx", "cy", "track", "azimuth_deg", "distance_m",
    *(f"{hand}_{name}" for hand in ("right", "left") for name in _COLUMNS_OF_HAND),
    "mask_iou", "min_distance_m", "contact_area_mm2", "right_contact_vertices",
    "left_contact_vertices", "penetration_depth_m", "right_self_penetration_depth_m",
    "left_self_penetration_depth_m", "root_offset_x_m", "root_offset_y_m", "root_offset_z_m",
    "melanin", "haemoglobin", "ita_deg", "ita_class", "monk", "texture",
    *(f"skin_{name}" for name in _SKIN),
    "worn_sleeve", "worn_ring", "worn_bracelet", "worn_watch", "near_table", "near_wall",
    "environment", "environment_rotation_deg", "exposure_ev",
    *(f"sensor_{name}" for name in _SENSOR),
    "source", "source_id", "augmentation", "attempts", "right_naturalness", "left_naturalness",
    "configuration_sha256", "assets_sha256", "shard", "offset", "bytes", "record_sha256",
)  # fmt: skip


def to_parquet(
    path: str | os.PathLike[str], out: str | os.PathLike[str] | None = None
) -> list[str]:
    """Writes train.parquet, val.parquet and test.parquet (those that the set has) into `out`.

    `path` is a data set's folder, and `out` another folder, by default parquet/ in it. Returns the
    paths written. Needs pyarrow: pip install renderih[parquet].
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise UserError("Parquet needs pyarrow: pip install renderih[parquet]") from None
    dataset = open_dataset(path)
    first = next(dataset.rows())
    columns = [(name, _type(pyarrow, name)) for name in _COLUMNS]
    extra = [(name, _type_of(pyarrow, first[name])) for name in sorted({*first} - {*_COLUMNS})]
    schema = pyarrow.schema(columns + extra)
    out = os.path.join(dataset.path, "parquet") if out is None else os.fspath(out)
    os.makedirs(out, exist_ok=True)
    written = []
    for split in SPLITS:
        shards = [shard for shard in dataset.shards if shard.split == split]
        if not shards:
            continue
        target = os.path.join(out, f"{split}.parquet")
        with parquet.ParquetWriter(target + ".tmp", schema, compression="zstd") as writer:
            for shard in shards:  # a row group each, so that memory does not grow with the set
                writer.write_table(_table(pyarrow, schema, shard))
        os.replace(target + ".tmp", target)
        written.append(target)
    return written


def _table(pyarrow, schema, shard):
    rows = list(shard.rows())
    known = {*schema.names}
    for row in rows:
        if not known.issuperset(row):
            names = ", ".join(sorted({*row} - known))
            raise UserError(f"{shard.name}.jsonl: has columns that the first row has not: {names}")
    try:
        return pyarrow.Table.from_pylist(rows, schema=schema)
    except (pyarrow.ArrowException, TypeError, OverflowError) as error:
        raise UserError(f"{shard.name}.jsonl: a value is of another type: {error}") from None


def _type(pyarrow, name):
    if name in _TEXTS:
        return pyarrow.string()
    if name == "seed":
        return pyarrow.uint64()
    hand, _, rest = name.partition("_")
    if hand in ("right", "left") and rest in _FLAGS_OF_HAND:
        return pyarrow.bool_()
    if name in _INTEGERS or (
        hand in ("right", "left") and rest in _INTEGERS_OF_HAND + _COUNTS_OF_HAND
    ):
        return pyarrow.int64()
    return pyarrow.float64()


def _type_of(pyarrow, value):
    """Of a column that only this set has; a whole number may be followed by one that is none."""
    if isinstance(value, bool):
        return pyarrow.bool_()
    return pyarrow.string() if isinstance(value, str) else pyarrow.float64()
