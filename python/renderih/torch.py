# SPDX-License-Identifier: Apache-2.0
"""The data set for PyTorch's DataLoader: by number, or as a shuffled stream."""

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch.utils.data import Dataset as MapDataset
from torch.utils.data import IterableDataset, get_worker_info

from . import dataset as _dataset
from .errors import UserError
from .record import Record

# Of both hands, right first, but for the camera's two.
NUMBERS = (
    "joints_in_cam",  # [2, 21, 3]
    "joints_px",  # [2, 21, 2]
    "joint_visible",  # [2, 21] bool
    "bbox_px",  # [2, 4]
    "pose",  # [2, 16, 3]
    "shape",  # [2, S]
    "translation",  # [2, 3]
    "forearm",  # [2, 3]
    "intrinsics",  # [3, 3]
    "cam_from_world",  # [3, 4]
)


def sample_of(
    record: Record, pictures: Sequence[str] = ("rgb",), numbers: Sequence[str] = NUMBERS
) -> dict[str, Any]:
    """A record as tensors that default_collate stacks: its key, pictures, and properties.

    Pictures are as the file has them, channels first: rgb [3, H, W] uint8, seg [H, W] uint8, depth
    [H, W] int32 (0.1 mm, 0 = none). Numbers are float32.
    """
    sample = {"key": record.key}
    for name in pictures:
        pixels = record.picture(name)
        if pixels.dtype == np.uint16:
            pixels = pixels.astype(np.int32)  # torch has hardly any operation on uint16
        if pixels.ndim == 3:
            pixels = np.ascontiguousarray(pixels.transpose(2, 0, 1))
        sample[name] = torch.from_numpy(pixels)
    for name in numbers:
        values = getattr(record, name)
        if values.dtype == np.float64:
            values = values.astype(np.float32)
        sample[name] = torch.from_numpy(values)
    return sample


class _Records:
    """What both kinds share: which records, and what is made of each."""

    def __init__(
        self,
        data: str | os.PathLike[str] | _dataset.Dataset,
        split: str | None = None,
        *,
        pictures: Sequence[str] = ("rgb",),
        numbers: Sequence[str] = NUMBERS,
        transform: Callable[[Record], Any] | None = None,
    ) -> None:
        if isinstance(data, _dataset.Dataset):
            if split is not None:
                raise UserError("split is for a folder; a Dataset has its own")
            self.dataset = data
        else:
            self.dataset = _dataset.open(data, split)
        self._chosen = (tuple(pictures), tuple(numbers))
        self._transform = transform

    def _sample(self, record: Record) -> Any:
        if self._transform is not None:
            return self._transform(record)
        return sample_of(record, *self._chosen)


class RecordDataset(_Records, MapDataset):
    """Records by number, for any sampler. `data` is a folder or a renderih.Dataset.

    `pictures` and `numbers` are those of sample_of(), which `transform(record)` replaces.
    """

    def __len__(self) -> int:
        return len(self.dataset)

    def __getitem__(self, number: int) -> Any:
        return self._sample(self.dataset[number])


class RecordStream(_Records, IterableDataset):
    """Records in the order of renderih.Stream, each once an epoch over all workers and ranks.

    Call set_epoch(e) before each epoch for another order; it reaches persistent workers too. Ranks
    are torch.distributed's, when it is initialised, and get equally many records.
    """

    def __init__(
        self,
        data: str | os.PathLike[str] | _dataset.Dataset,
        split: str | None = None,
        *,
        shuffle: bool = True,
        seed: int = 0,
        mix: int = 8,
        **options: Any,
    ) -> None:
        super().__init__(data, split, **options)
        self._options = {"shuffle": shuffle, "seed": seed, "mix": mix}
        self._epoch = torch.zeros((), dtype=torch.int64).share_memory_()
        self._rank, self._ranks = 0, 1
        if torch.distributed.is_available() and torch.distributed.is_initialized():
            self._rank = torch.distributed.get_rank()
            self._ranks = torch.distributed.get_world_size()

    def set_epoch(self, epoch: int) -> None:
        self._epoch.fill_(epoch)

    def __len__(self) -> int:
        return len(self.dataset) // self._ranks

    def __iter__(self) -> Iterator[Any]:
        info = get_worker_info()
        worker, workers = (0, 1) if info is None else (info.id, info.num_workers)
        records = self.dataset.stream(epoch=int(self._epoch), **self._options)
        share = records.part(self._rank, self._ranks, even=True).part(worker, workers)
        yield from map(self._sample, share)
