"""A TensorFlow.js graph of an SSD detector to ONNX, without TensorFlow.

The graph's own preprocessor (a loop over the batch that resizes each picture) and the box decode
are left out and written anew; what lies between is walked from the predictors back to the input.
Scales, shifts and batch norms that follow a convolution are folded into it. Only the wanted
labels are kept: their scores are independent sigmoids, so nothing changes for those kept.

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
    """A convolution that later scales and shifts can still be folded into."""

    source: str
    weight: FloatArray  # (out, in / group, height, width)
    bias: FloatArray
    stride: int
    group: int

    def scaled(self, factor: FloatArray) -> "_Convolution":
        weight = self.weight * factor[:, None, None, None]
        return replace(self, weight=weight, bias=self.bias * factor)

    def shifted(self, offset: FloatArray) -> "_Convolution":
        return replace(self, bias=self.bias + offset)


def convert(model: Model, sources: Mapping[str, bytes]) -> bytes:
    """The finished model; options: ``size`` of the square input, ``keep`` (indices), ``labels``."""
    topology, *shards = (sources[member.path] for member in model.members)
    return _Converter(model, json.loads(topology), b"".join(shards)).run()


def read_weights(manifest: list[dict[str, Any]], content: bytes) -> dict[str, Any]:
    """The named arrays of a weights manifest out of its joined shards."""
    arrays, at = {}, 0
    for entry in (weight for group in manifest for weight in group["weights"]):
        # Weights may be stored in half precision, and are single again once read.
        stored = entry.get("quantization", entry)["dtype"]
        dtype, count = np.dtype(_DTYPES[stored]), int(np.prod(entry["shape"]))
        values = np.frombuffer(content, dtype, count, at).reshape(entry["shape"])
        arrays[entry["name"]] = values.astype(_DTYPES[entry["dtype"]], copy=False)
        at += count * dtype.itemsize
    return arrays


class _Converter:
    """Walks the graph by names; each node is converted once."""

    def __init__(self, model: Model, topology: dict[str, Any], content: bytes) -> None:
        self._model, self._graph = model, Graph()
        self._nodes = {node["name"]: node for node in topology["modelTopology"]["node"]}
        self._weights = read_weights(topology["weightsManifest"], content)
        self._done: dict[str, str] = {}

    def run(self) -> bytes:
        graph, options = self._graph, self._model.options
        # The network was trained on pixels from -1 to 1.
        scaled = graph.node("Mul", graph.pixels("image"), graph.constant(2 / 255))
        self._done[_CUT] = graph.node("Sub", scaled, graph.constant(1))
        boxes, scores = zip(*(self._predictor(n) for n in range(_PREDICTORS)), strict=True)
        graph.rename(self._corners(graph.node("Concat", *boxes, axis=1)), "boxes")
        logits = graph.node("Concat", *scores, axis=1)
        graph.rename(graph.node("Sigmoid", logits), "scores")
        anchors, labels = self._weights[_ANCHORS].shape[1], len(options["labels"])
        outputs = [float_output("boxes", "batch", anchors, 4)]
        outputs += [float_output("scores", "batch", anchors, labels)]
        return graph.build(self._model, [picture_input(options["size"], options["size"])], outputs)

    def _predictor(self, number: int) -> tuple[str, str]:
        """Boxes (N, a, 4) and logits (N, a, labels) of one feature map."""
        head = f"BoxPredictor_{number}"
        boxes = self._convolution(f"{head}/BoxEncodingPredictor/BiasAdd")
        scores = self._convolution(f"{head}/ClassPredictor/BiasAdd")
        if boxes is None or scores is None:
            raise ValueError(f"{head} is not a convolution")
        per_cell = len(boxes.bias) // 4
        step, keep = len(scores.bias) // per_cell, self._model.options["keep"]
        rows = np.array([cell * step + label for cell in range(per_cell) for label in keep])
        kept = replace(scores, weight=scores.weight[rows], bias=scores.bias[rows])
        return self._table(self._emit(boxes), 4), self._table(self._emit(kept), len(keep))

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
        moved = graph.node("Mul", centre, graph.constant(size / _CENTRE_SCALE))
        centre = graph.node("Add", moved, graph.constant(middle))
        grown = graph.node("Exp", graph.node("Mul", extent, graph.constant(1 / _EXTENT_SCALE)))
        reach = graph.node("Mul", grown, graph.constant(size / 2))
        low, high = graph.node("Sub", centre, reach), graph.node("Add", centre, reach)
        return graph.node("Concat", low, high, axis=2)

    def _value(self, name: str) -> str:
        """The name in the new graph of a node's output."""
        if name not in self._done:
            folded = self._convolution(name)
            self._done[name] = self._emit(folded) if folded else self._plain(name)
        return self._done[name]

    def _convolution(self, name: str) -> _Convolution | None:
        """The node as a convolution with everything linear before it folded in, if it is one."""
        node = self._nodes[name]
        kind, inputs = node["op"], node["input"]
        if kind in ("Conv2D", "DepthwiseConv2dNative"):
            return self._fresh(node)
        if kind not in ("Mul", "Add", "BiasAdd", "FusedBatchNorm"):
            return None
        before, operands = self._convolution(inputs[0]), inputs[1:]
        if before is None or any(operand not in self._weights for operand in operands):
            return None
        values = [self._weights[operand] for operand in operands]
        if kind == "Mul":
            return before.scaled(values[0])
        if kind == "FusedBatchNorm":
            gamma, beta, mean, variance = values
            factor = gamma / np.sqrt(variance + node["attr"]["epsilon"]["f"])
            return before.scaled(factor).shifted(beta - mean * factor)
        return before.shifted(values[0])

    def _fresh(self, node: dict[str, Any]) -> _Convolution:
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
            auto_pad="SAME_UPPER",  # where TensorFlow pads too
        )

    def _plain(self, name: str) -> str:
        node, graph = self._nodes[name], self._graph
        inputs = node["input"]
        if node["op"] == "Relu6":
            value = self._value(inputs[0])
            return graph.node("Clip", value, graph.constant(0), graph.constant(6))
        if node["op"] in ("Add", "AddN") and len(inputs) == 2:
            return graph.node("Add", *(self._addend(operand) for operand in inputs))
        raise ValueError(f"{name}: {node['op']} is not known here")

    def _addend(self, name: str) -> str:
        if name in self._weights:
            return self._graph.constant(self._weights[name].reshape(-1, 1, 1))
        return self._value(name)
