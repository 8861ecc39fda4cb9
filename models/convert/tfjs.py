"""A TensorFlow.js graph of an SSD detector to ONNX, without TensorFlow.

The graph's own preprocessor (a loop over the batch that resizes each picture) and box decoder are
replaced; the graph between them is traversed from the predictors back to the input. Scales, shifts
and batch norms that follow a convolution are folded into it. The output is reduced to the selected
labels: scores are independent sigmoids, so the remaining ones are unchanged.

Outputs: ``boxes`` (N, A, 4) as relative left, top, right, bottom, and ``scores`` (N, A, labels).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from models.convert.graph import FloatArray, Graph, float_output, picture_input
from models.manifest import Model

_PREDICTORS = 6
_CUT = "Preprocessor/sub"
_ANCHORS = "Postprocessor/ExpandDims"
_CENTRE_SCALE, _EXTENT_SCALE = 10.0, 5.0  # the detector's box coder, as it was trained
_DTYPES = {"float16": np.float16, "float32": np.float32, "int32": np.int32}


@dataclass(frozen=True)
class _Convolution:
    """A convolution into which later scales and shifts can still be folded."""

    source: str
    weight: FloatArray  # (out, in / group, height, width)
    bias: FloatArray
    stride: int
    group: int

    def scale(self, factor: FloatArray) -> "_Convolution":
        weight = self.weight * factor[:, None, None, None]
        return replace(self, weight=weight, bias=self.bias * factor)

    def shift(self, offset: FloatArray) -> "_Convolution":
        return replace(self, bias=self.bias + offset)


def convert(model: Model, sources: Mapping[str, bytes]) -> bytes:
    """Convert; options: ``size`` of the square input, ``keep`` (label indices), ``labels``."""
    topology, *shards = (sources[member.path] for member in model.members)
    return _Converter(model, json.loads(topology), b"".join(shards)).run()


def read_weights(manifest: list[dict[str, Any]], content: bytes) -> dict[str, Any]:
    """Return the arrays of a weights manifest by name, from its concatenated shards."""
    arrays, offset = {}, 0
    for entry in (weight for group in manifest for weight in group["weights"]):
        # Weights may be stored in half precision; they are converted back to single here.
        storage_type = entry.get("quantization", entry)["dtype"]
        dtype, count = np.dtype(_DTYPES[storage_type]), int(np.prod(entry["shape"]))
        values = np.frombuffer(content, dtype, count, offset).reshape(entry["shape"])
        arrays[entry["name"]] = values.astype(_DTYPES[entry["dtype"]], copy=False)
        offset += count * dtype.itemsize
    return arrays


class _Converter:
    """Traverses the graph by node names; each node is converted once."""

    def __init__(self, model: Model, topology: dict[str, Any], content: bytes) -> None:
        self._model, self._graph = model, Graph()
        self._nodes = {node["name"]: node for node in topology["modelTopology"]["node"]}
        self._weights = read_weights(topology["weightsManifest"], content)
        self._outputs: dict[str, str] = {}

    def run(self) -> bytes:
        graph, options = self._graph, self._model.options
        # The network was trained on pixels from -1 to 1.
        scaled = graph.node("Mul", graph.pixels("image"), graph.constant(2 / 255))
        self._outputs[_CUT] = graph.node("Sub", scaled, graph.constant(1))
        predictors = (self._predictor(number) for number in range(_PREDICTORS))
        boxes, scores = zip(*predictors, strict=True)
        graph.rename(self._corners(graph.node("Concat", *boxes, axis=1)), "boxes")
        logits = graph.node("Concat", *scores, axis=1)
        graph.rename(graph.node("Sigmoid", logits), "scores")
        anchors, labels = self._weights[_ANCHORS].shape[1], len(options["labels"])
        outputs = [float_output("boxes", "batch", anchors, 4)]
        outputs += [float_output("scores", "batch", anchors, labels)]
        return graph.build(self._model, [picture_input(options["size"], options["size"])], outputs)

    def _predictor(self, number: int) -> tuple[str, str]:
        """Return boxes (N, a, 4) and logits (N, a, labels) of a feature map."""
        head = f"BoxPredictor_{number}"
        boxes = self._convolution(f"{head}/BoxEncodingPredictor/BiasAdd")
        scores = self._convolution(f"{head}/ClassPredictor/BiasAdd")
        if boxes is None or scores is None:
            raise ValueError(f"{head} is not a convolution")
        per_cell = len(boxes.bias) // 4
        step, keep = len(scores.bias) // per_cell, self._model.options["keep"]
        rows = np.array([cell * step + label for cell in range(per_cell) for label in keep])
        selection = replace(scores, weight=scores.weight[rows], bias=scores.bias[rows])
        return self._table(self._emit(boxes), 4), self._table(self._emit(selection), len(keep))

    def _table(self, value: str, columns: int) -> str:
        last = self._graph.node("Transpose", value, perm=[0, 2, 3, 1])
        return self._graph.node("Reshape", last, self._graph.constant([0, -1, columns], np.int64))

    def _corners(self, encoded: str) -> str:
        """Decode (y, x, h, w) offsets against the anchors into left, top, right, bottom."""
        graph = self._graph
        top, left, bottom, right = np.split(self._weights[_ANCHORS], 4, axis=2)
        size = np.concatenate([right - left, bottom - top], 2)
        middle = np.concatenate([left + right, top + bottom], 2) / 2
        order = graph.constant([1, 0, 3, 2], np.int64)  # to x, y, w, h
        swapped = graph.node("Gather", encoded, order, axis=2)
        halves = graph.constant([2, 2], np.int64)
        centre, extent = graph.split("Split", swapped, halves, outputs=2, axis=2)
        offset = graph.node("Mul", centre, graph.constant(size / _CENTRE_SCALE))
        centre = graph.node("Add", offset, graph.constant(middle))
        factor = graph.node("Exp", graph.node("Mul", extent, graph.constant(1 / _EXTENT_SCALE)))
        half = graph.node("Mul", factor, graph.constant(size / 2))
        low, high = graph.node("Sub", centre, half), graph.node("Add", centre, half)
        return graph.node("Concat", low, high, axis=2)

    def _value(self, name: str) -> str:
        """Return the name of a node's output in the new graph."""
        if name not in self._outputs:
            convolution = self._convolution(name)
            self._outputs[name] = self._emit(convolution) if convolution else self._plain(name)
        return self._outputs[name]

    def _convolution(self, name: str) -> _Convolution | None:
        """Return the convolution that ends in this node, with linear operations folded in, if any."""
        node = self._nodes[name]
        kind, inputs = node["op"], node["input"]
        if kind in ("Conv2D", "DepthwiseConv2dNative"):
            return self._new_convolution(node)
        if kind not in ("Mul", "Add", "BiasAdd", "FusedBatchNorm"):
            return None
        before, operands = self._convolution(inputs[0]), inputs[1:]
        if before is None or any(operand not in self._weights for operand in operands):
            return None
        values = [self._weights[operand] for operand in operands]
        if kind == "Mul":
            return before.scale(values[0])
        if kind == "FusedBatchNorm":
            gamma, beta, mean, variance = values
            factor = gamma / np.sqrt(variance + node["attr"]["epsilon"]["f"])
            return before.scale(factor).shift(beta - mean * factor)
        return before.shift(values[0])

    def _new_convolution(self, node: dict[str, Any]) -> _Convolution:
        kernel = self._weights[node["input"][1]]  # (height, width, in, out or multiplier)
        if node["op"] == "Conv2D":
            weight, group = kernel.transpose(3, 2, 0, 1), 1
        else:
            group = kernel.shape[2]
            weight = kernel.transpose(2, 3, 0, 1).reshape(-1, 1, *kernel.shape[:2])
        stride = int(node["attr"]["strides"]["list"]["i"][1])
        bias = np.zeros(len(weight), np.float32)
        return _Convolution(self._value(node["input"][0]), weight, bias, stride, group)

    def _emit(self, convolution: _Convolution) -> str:
        return self._graph.node(
            "Conv",
            convolution.source,
            self._graph.weights(np.ascontiguousarray(convolution.weight)),
            self._graph.constant(convolution.bias),
            strides=[convolution.stride] * 2,
            group=convolution.group,
            auto_pad="SAME_UPPER",  # as TensorFlow pads
        )

    def _plain(self, name: str) -> str:
        node, graph = self._nodes[name], self._graph
        inputs = node["input"]
        if node["op"] == "Relu6":
            value = self._value(inputs[0])
            return graph.node("Clip", value, graph.constant(0), graph.constant(6))
        if node["op"] in ("Add", "AddN") and len(inputs) == 2:
            return graph.node("Add", *(self._addend(operand) for operand in inputs))
        raise ValueError(f"{name}: operator {node['op']} is not supported")

    def _addend(self, name: str) -> str:
        if name in self._weights:
            return self._graph.constant(self._weights[name].reshape(-1, 1, 1))
        return self._value(name)
