"""MoveNet's TensorFlow.js graph to ONNX, without TensorFlow.

Only the network is kept; what comes after it, picking one body's points out of the maps, takes a
few lines of numpy and is done by who uses the model. Walked from the maps back to the input.

Outputs: ``points`` (N, 17, 48, 48), how likely each point of a body lies in each cell; ``centre``
(N, 1, 48, 48), the same of a body's middle; ``reach`` (N, 34, 48, 48), how many cells down and
right of a middle each point should lie.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from models.convert.graph import Graph, float_output, picture_input
from models.convert.tfjs import read_weights
from models.manifest import Model

_ROOT = "StatefulPartitionedCall/"
_INPUT = f"{_ROOT}sub_1"
_MAPS = {
    "points": f"{_ROOT}kpt_heatmap_0/conv2d_5/BiasAdd",
    "centre": f"{_ROOT}center_0/conv2d_4/BiasAdd",
    "reach": f"{_ROOT}kpt_regress_0/conv2d_6/BiasAdd",
}
_CHANCES = ("points", "centre")
_CHANNELS = {"points": 17, "centre": 1, "reach": 34}
_CONVOLUTIONS = ("_FusedConv2D", "FusedDepthwiseConv2dNative", "DepthwiseConv2dNative")


def convert(model: Model, sources: Mapping[str, bytes]) -> bytes:
    """The finished model; options: ``size`` of the square input."""
    topology, content = (sources[member.path] for member in model.members)
    return _Converter(model, json.loads(topology), content).run()


class _Converter:
    """Walks the graph by names; each node is converted once."""

    def __init__(self, model: Model, topology: dict[str, Any], content: bytes) -> None:
        self._model, self._graph = model, Graph()
        self._nodes = {node["name"]: node for node in topology["modelTopology"]["node"]}
        self._weights = read_weights(topology["weightsManifest"], content)
        self._done: dict[str, str] = {}

    def run(self) -> bytes:
        graph, size = self._graph, self._model.options["size"]
        # The network was trained on pixels from -1 to 1.
        scaled = graph.node("Mul", graph.pixels("image"), graph.constant(2 / 255))
        self._done[_INPUT] = graph.node("Sub", scaled, graph.constant(1))
        for name, source in _MAPS.items():
            value = self._value(source)
            graph.rename(graph.node("Sigmoid", value) if name in _CHANCES else value, name)
        cells = size // 4
        outputs = [float_output(name, "batch", _CHANNELS[name], cells, cells) for name in _MAPS]
        return graph.build(self._model, [picture_input(size, size)], outputs)

    def _value(self, name: str) -> str:
        """The name in the new graph of a node's output."""
        if name not in self._done:
            self._done[name] = self._converted(self._nodes[name])
        return self._done[name]

    def _converted(self, node: dict[str, Any]) -> str:
        if node["op"] in _CONVOLUTIONS:
            return self._convolution(node)
        if node["op"] == "AddV2":
            return self._graph.node("Add", *(self._value(operand) for operand in node["input"]))
        if node["op"] == "ResizeBilinear":
            doubled = self._graph.constant([1, 1, 2, 2])
            return self._graph.node(
                "Resize", self._value(node["input"][0]), "", doubled, mode="linear"
            )
        raise ValueError(f"{node['name']}: {node['op']} is not known here")

    def _convolution(self, node: dict[str, Any]) -> str:
        source, kernel_name, *biases = node["input"]
        kernel = self._weights[kernel_name]  # (height, width, in, out or multiplier)
        deep = "Depthwise" in node["op"]
        weight = kernel.transpose(2, 3, 0, 1) if deep else kernel.transpose(3, 2, 0, 1)
        inputs = [self._value(source), self._graph.weights(np.ascontiguousarray(weight))]
        inputs += [self._graph.constant(self._weights[name]) for name in biases]
        value = self._graph.node(
            "Conv",
            *inputs,
            strides=[int(node["attr"]["strides"]["list"]["i"][1])] * 2,
            group=kernel.shape[2] if deep else 1,
            auto_pad="SAME_UPPER",  # where TensorFlow pads too; of single cells there is nothing to pad
        )
        fused = node["attr"].get("fused_ops", {}).get("list", {}).get("s", [])
        return self._rectified(value, [base64.b64decode(name).decode() for name in fused])

    def _rectified(self, value: str, fused: list[str]) -> str:
        if "Relu6" in fused:
            return self._graph.node("Clip", value, self._graph.constant(0), self._graph.constant(6))
        return self._graph.node("Relu", value) if "Relu" in fused else value
