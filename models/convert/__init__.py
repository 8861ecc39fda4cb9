"""From what the packages hold to the models the functions run.

Every picture model comes out alike: one input ``image`` of uint8 RGB pixels, shape (N, H, W, 3);
whatever scaling and channel order a network was trained with is part of its graph. Weights are
stored compactly (half precision, or the source's own 8 bits) and widened by the graph, which the
runtime folds into plain constants while it loads.
"""

from collections.abc import Callable, Mapping

from models.convert import darknet, movenet, onnx_passthrough, tfjs
from models.manifest import Model

_CONVERTERS: dict[str, Callable[[Model, Mapping[str, bytes]], bytes]] = {
    "onnx": onnx_passthrough.convert,
    "tfjs": tfjs.convert,
    "darknet": darknet.convert,
    "movenet": movenet.convert,
}


def convert(model: Model, sources: Mapping[str, bytes]) -> bytes:
    """The finished ONNX file of a model; *sources* holds its members by their paths."""
    return _CONVERTERS[model.convert](model, sources)
