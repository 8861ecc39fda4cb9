"""A voice encoder of three LSTM layers to ONNX: from samples to the embedding of a voice.

The mel spectrogram that the network was trained on is part of the graph: power spectra of 25 ms
under a Hann window every 10 ms, in 40 mel bands of equal area (Slaney's), as librosa makes them.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper

from models.convert.graph import FloatArray, Graph, float_output
from models.convert.torch_legacy import read_tensors
from models.manifest import Model

RATE, WINDOW, HOP = 16_000, 400, 160
BANDS, FRAMES = 40, 160
SAMPLES = (FRAMES - 1) * HOP + WINDOW
HIDDEN, LAYERS = 256, 3

_LINEAR_UNTIL, _LINEAR_STEP = 1_000.0, 200.0 / 3
_LOG_STEP = np.log(6.4) / 27


def convert(model: Model, sources: Mapping[str, bytes]) -> bytes:
    """Convert a checkpoint; without options."""
    (content,) = sources.values()
    weights = read_tensors(content, "model_state")
    graph = Graph()
    value = _mel_frames(graph, "samples")
    for layer in range(LAYERS):
        value = _lstm(graph, value, weights, layer, last=layer == LAYERS - 1)
    value = graph.node("Squeeze", value, graph.constant([0], np.int64))
    linear = graph.weights(weights["linear.weight"])
    value = graph.node("Gemm", value, linear, graph.weights(weights["linear.bias"]), transB=1)
    value = graph.node("Relu", value)
    length = graph.node("ReduceL2", value, graph.constant([1], np.int64), keepdims=1)
    graph.rename(
        graph.node("Div", value, graph.node("Max", length, graph.constant(1e-6))), "embedding"
    )
    samples = helper.make_tensor_value_info("samples", TensorProto.FLOAT, ["batch", SAMPLES])
    return graph.build(model, [samples], [float_output("embedding", "batch", HIDDEN)])


def _mel_frames(graph: Graph, samples: str) -> str:
    """Add the mel spectrogram of (N, SAMPLES) as (FRAMES, N, BANDS)."""
    phase = 2 * np.pi * np.outer(np.arange(WINDOW // 2 + 1), np.arange(WINDOW)) / WINDOW
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
    kernel = np.concatenate([np.cos(phase), np.sin(phase)]) * hann
    signal = graph.node("Unsqueeze", samples, graph.constant([1], np.int64))
    spectrum = graph.node("Conv", signal, graph.constant(kernel[:, None]), strides=[HOP])
    power = graph.node("Mul", spectrum, spectrum)
    bands = np.tile(mel_bands(), 2)  # real and imaginary parts add up
    mel = graph.node("MatMul", graph.constant(bands), power)
    return graph.node("Transpose", mel, perm=[2, 0, 1])


def mel_bands() -> FloatArray:
    """Return the weights of the mel bands over a power spectrum, (BANDS, WINDOW / 2 + 1)."""
    frequencies = np.linspace(0, RATE / 2, WINDOW // 2 + 1)
    edges = _to_hertz(np.linspace(0, _to_mel(RATE / 2), BANDS + 2))
    lower, centre, upper = (edges[shift : shift + BANDS, None] for shift in range(3))
    rising, falling = (
        (frequencies - lower) / (centre - lower),
        (upper - frequencies) / (upper - centre),
    )
    bands = np.maximum(0, np.minimum(rising, falling)) * 2 / (upper - lower)
    return bands.astype(np.float32)


def _to_mel(hertz: float) -> float:
    return float(_LINEAR_UNTIL / _LINEAR_STEP + np.log(hertz / _LINEAR_UNTIL) / _LOG_STEP)


def _to_hertz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    start = _LINEAR_UNTIL / _LINEAR_STEP
    logarithmic = _LINEAR_UNTIL * np.exp(_LOG_STEP * (mels - start))
    hertz: NDArray[np.float64] = np.where(mels < start, mels * _LINEAR_STEP, logarithmic)
    return hertz


def _lstm(
    graph: Graph, frames: str, weights: Mapping[str, FloatArray], layer: int, *, last: bool
) -> str:
    """Add a layer over (FRAMES, N, …): all its outputs, or (1, N, HIDDEN), its last state."""
    tensors = {
        name: weights[f"lstm.{name}_l{layer}"]
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    }
    into, between = (
        graph.weights(_gates(tensors[name])[None]) for name in ("weight_ih", "weight_hh")
    )
    bias = np.concatenate([_gates(tensors["bias_ih"]), _gates(tensors["bias_hh"])])
    outputs = graph.split(
        "LSTM", frames, into, between, graph.constant(bias[None]), outputs=3, hidden_size=HIDDEN
    )
    if last:
        return outputs[1]
    return graph.node("Squeeze", outputs[0], graph.constant([1], np.int64))


def _gates(tensor: FloatArray) -> FloatArray:
    """Return a layer's rows in the order of ONNX: its gates are input, output, forget, cell."""
    into, forget, cell, output = np.split(tensor, 4)
    return np.concatenate([into, output, forget, cell])
