"""The voice encoder: a small checkpoint read without PyTorch, its graph against numpy."""

import collections
import io
import pickle
import struct
from dataclasses import replace
from typing import Any

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from models.convert import voice_encoder
from models.convert.torch_legacy import CheckpointError, read_tensors
from models.convert.voice_encoder import BANDS, HIDDEN, HOP, LAYERS, SAMPLES, WINDOW, mel_bands
from models.manifest import Member
from tests.unit.models.test_convert import MODEL

Array = NDArray[np.float32]
MAGIC = 0x1950A86A20F9469CFC6C


class _Named:
    """Stands for a class or function that a checkpoint names."""

    def __init__(self, module: str, name: str) -> None:
        self.module, self.name = module, name


class _Call:
    def __init__(self, name: tuple[str, str], *arguments: Any) -> None:
        self.name, self.arguments = name, arguments


_PythonPickler: Any = pickle._Pickler
"""The one written in Python: it can be made to name what is not there."""


class _Pickler(_PythonPickler):  # type: ignore[misc]
    def persistent_id(self, obj: Any) -> Any:
        return obj[1:] if isinstance(obj, tuple) and obj[:1] == ("persistent",) else None

    def save(self, obj: Any, save_persistent_id: bool = True) -> Any:  # noqa: FBT001, FBT002
        if isinstance(obj, _Named):
            self.write(b"c" + f"{obj.module}\n{obj.name}\n".encode())
            return None
        if isinstance(obj, _Call):
            self.save(_Named(*obj.name))
            self.save(obj.arguments)
            self.write(pickle.REDUCE)
            return None
        return super().save(obj, save_persistent_id)


def dump(*objects: Any) -> bytes:
    stream = io.BytesIO()
    for obj in objects:
        _Pickler(stream, 2).dump(obj)
    return stream.getvalue()


def checkpoint(tensors: dict[str, Array], function: tuple[str, str] | None = None) -> bytes:
    """Return a checkpoint as PyTorch wrote them before zip files."""
    rebuild = function or ("torch._utils", "_rebuild_tensor_v2")
    state = {
        name: _Call(
            rebuild,
            ("persistent", "storage", _Named("torch", "FloatStorage"), name, "cpu", 1, None),
            0,
            tensor.shape,
            (),
            False,  # noqa: FBT003  (as PyTorch has it)
            _Call(("collections", "OrderedDict")),
        )
        for name, tensor in tensors.items()
    }
    storages = b"".join(
        struct.pack("<q", tensor.size) + tensor.astype("<f4").tobytes()
        for tensor in tensors.values()
    )
    return dump(MAGIC, 1001, {"little_endian": True}, {"model_state": state}, [*tensors]) + storages


def weights() -> dict[str, Array]:
    random = np.random.default_rng(3)

    def draw(*shape: int) -> Array:
        return random.normal(0, 0.1, shape).astype(np.float16).astype(np.float32)

    layers: dict[str, Array] = {}
    for layer in range(LAYERS):
        layers[f"lstm.weight_ih_l{layer}"] = draw(4 * HIDDEN, HIDDEN if layer else BANDS)
        layers[f"lstm.weight_hh_l{layer}"] = draw(4 * HIDDEN, HIDDEN)
        layers[f"lstm.bias_ih_l{layer}"] = draw(4 * HIDDEN)
        layers[f"lstm.bias_hh_l{layer}"] = draw(4 * HIDDEN)
    return {**layers, "linear.weight": draw(HIDDEN, HIDDEN), "linear.bias": draw(HIDDEN)}


def expected_embedding(samples: Array, tensors: dict[str, Array]) -> NDArray[np.float64]:
    """The same in numpy: frames, bands, gates in PyTorch's order."""
    starts = range(0, SAMPLES - WINDOW + 1, HOP)
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
    frames = np.stack([np.fft.rfft(samples[start : start + WINDOW] * hann) for start in starts])
    values = np.abs(frames) ** 2 @ mel_bands().T.astype(np.float64)
    for layer in range(LAYERS):
        state, cell, outputs = np.zeros(HIDDEN), np.zeros(HIDDEN), []
        for value in values:
            gates = (
                tensors[f"lstm.weight_ih_l{layer}"] @ value
                + tensors[f"lstm.bias_ih_l{layer}"]
                + tensors[f"lstm.weight_hh_l{layer}"] @ state
                + tensors[f"lstm.bias_hh_l{layer}"]
            )
            into, forget, new, out = np.split(gates, 4)
            cell = _sigmoid(forget) * cell + _sigmoid(into) * np.tanh(new)
            state = _sigmoid(out) * np.tanh(cell)
            outputs.append(state)
        values = np.stack(outputs)
    linear = np.maximum(0, tensors["linear.weight"] @ values[-1] + tensors["linear.bias"])
    embedding: NDArray[np.float64] = linear / np.linalg.norm(linear)
    return embedding


def _sigmoid(values: NDArray[np.float64]) -> NDArray[np.float64]:
    sigmoid: NDArray[np.float64] = 1 / (1 + np.exp(-values))
    return sigmoid


def test_graph_computes_what_the_network_does() -> None:
    tensors = weights()
    model = replace(MODEL, name="voices", members=(Member("pretrained.pt", "00"),))
    content = voice_encoder.convert(model, {"pretrained.pt": checkpoint(tensors)})
    samples = np.random.default_rng(4).normal(0, 0.03, (2, SAMPLES)).astype(np.float32)
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    (embeddings,) = session.run(None, {"samples": samples})
    for embedding, sound in zip(embeddings, samples, strict=True):
        assert embedding == pytest.approx(expected_embedding(sound, tensors), abs=2e-3)


def test_bands_are_of_equal_area_and_reach_from_0_to_8_khz() -> None:
    bands = mel_bands()
    assert bands.shape == (BANDS, WINDOW // 2 + 1)
    # A band below 1 kHz is 2 × 77 Hz wide: its area is 1.
    widths = bands.sum(axis=1) * 40
    assert widths[5:] == pytest.approx(np.ones(BANDS - 5), rel=0.2)
    assert (bands > 0).any(axis=0)[1:-1].all()


def test_checkpoint_that_names_anything_else_is_refused() -> None:
    tensors = {"weight": np.ones((2, 2), np.float32)}
    assert read_tensors(checkpoint(tensors), "model_state")["weight"].tolist() == [[1, 1], [1, 1]]
    with pytest.raises(CheckpointError, match=r"os\.system"):
        read_tensors(checkpoint(tensors, ("os", "system")), "model_state")
    for broken in (b"", b"PK\x03\x04", dump(1), checkpoint(tensors)[:60]):
        with pytest.raises(CheckpointError):
            read_tensors(broken, "model_state")
    with pytest.raises(CheckpointError):
        read_tensors(checkpoint(tensors), "optimizer_state")


def test_pickles_name_what_is_there() -> None:
    """The pickler above writes what the standard one reads."""
    assert pickle.loads(dump(_Call(("collections", "OrderedDict")))) == collections.OrderedDict()  # noqa: S301
