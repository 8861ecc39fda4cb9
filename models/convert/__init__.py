"""Converters from the packages' formats to the ONNX models that the functions run.

Every picture model has the same kind of input: ``image``, uint8 RGB pixels, (N, H, W, 3); the
scaling and channel order that a network was trained with is part of its graph. Weights are stored
in half precision, or in the source's own 8 bits, and cast by the graph; the runtime folds the casts
into constants while it loads.

- ``onnx_passthrough``: models that are ONNX already
- ``tfjs``: TensorFlow.js, SSD detectors; ``movenet``: TensorFlow.js, MoveNet
- ``darknet``: Darknet, YOLOv4-tiny
- ``voice_encoder``: PyTorch, an LSTM over mel bands; ``torch_legacy``: its file, without PyTorch
- ``graph``: the graph builder that they share
"""

from collections.abc import Callable, Mapping

from models.convert import darknet, movenet, onnx_passthrough, tfjs, voice_encoder
from models.manifest import Model

_CONVERTERS: dict[str, Callable[[Model, Mapping[str, bytes]], bytes]] = {
    "onnx": onnx_passthrough.convert,
    "tfjs": tfjs.convert,
    "darknet": darknet.convert,
    "movenet": movenet.convert,
    "voice_encoder": voice_encoder.convert,
}


def convert(model: Model, sources: Mapping[str, bytes]) -> bytes:
    """Convert a model and return its ONNX file; *sources* holds its members by their paths."""
    return _CONVERTERS[model.convert](model, sources)
