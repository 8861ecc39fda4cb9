"""Tensors of a PyTorch checkpoint in the format before zip files, without PyTorch.

Such a file is a sequence of pickles followed by the bytes of its storages. A pickle can run code:
this reader knows the few classes that tensors need, and refuses any other.
"""

import io
import pickle
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MAGIC = 0x1950A86A20F9469CFC6C
_TYPES = {"FloatStorage": "<f4", "LongStorage": "<i8"}


class CheckpointError(ValueError):
    """Not a checkpoint, or one that needs more than tensors."""


def read_tensors(content: bytes, part: str) -> dict[str, NDArray[np.float32]]:
    """Return the tensors of a checkpoint's part by their names. Raises CheckpointError."""
    stream = io.BytesIO(content)
    unpickler = _Unpickler(stream)
    try:
        if unpickler.load() != _MAGIC:
            raise CheckpointError("not a checkpoint of the format before zip files")
        for _ in ("protocol", "system"):
            _Unpickler(stream).load()
        unpickler = _Unpickler(stream)
        tensors = unpickler.load()[part]
        keys = _Unpickler(stream).load()
        storages = {key: _read_storage(stream, unpickler.types[key]) for key in keys}
    except (pickle.UnpicklingError, EOFError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError(f"the checkpoint cannot be read: {error}") from error
    return {name: tensor.array(storages) for name, tensor in tensors.items()}


class _Tensor:
    """A tensor whose storage comes later in the file."""

    def __init__(self, storage: str, offset: int, shape: tuple[int, ...], *_: Any) -> None:
        self._storage, self._offset, self._shape = storage, offset, shape

    def array(self, storages: Mapping[str, NDArray[Any]]) -> NDArray[np.float32]:
        """Return it; only contiguous tensors are stored by checkpoints."""
        size = int(np.prod(self._shape))
        flat = storages[self._storage][self._offset : self._offset + size]
        return flat.reshape(self._shape).astype(np.float32)


class _Unpickler(pickle.Unpickler):
    """Knows tensors, their storages and ordered dictionaries."""

    def __init__(self, stream: io.BytesIO) -> None:
        super().__init__(stream)
        self.types: dict[str, str] = {}

    def find_class(self, module: str, name: str) -> Any:
        known: dict[tuple[str, str], Any] = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): _Tensor,
            ("torch._utils", "_rebuild_parameter"): _first,
            **{("torch", storage): kind for storage, kind in _TYPES.items()},
        }
        if (module, name) not in known:
            raise pickle.UnpicklingError(f"{module}.{name} is not a part of a tensor")
        return known[module, name]

    def persistent_load(self, pid: Any) -> str:
        _, kind, key, *_ = pid
        self.types[key] = kind
        return str(key)


def _first(tensor: _Tensor, *_: Any) -> _Tensor:
    return tensor


def _read_storage(stream: io.BytesIO, kind: str) -> NDArray[Any]:
    size = int.from_bytes(stream.read(8), "little")
    kind_of = np.dtype(kind)
    return np.frombuffer(stream.read(size * kind_of.itemsize), kind_of)
