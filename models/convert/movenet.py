"""MoveNet's TensorFlow.js graph to ONNX, without TensorFlow.

Only the network is converted; its post-processing, selecting one body's keypoints from the maps,
is a few lines of numpy in ``functions.vision.pose``. The graph is traversed from the maps back to
the input.

Outputs: ``points`` (N, 17, 48, 48), the heatmap of each keypoint; ``centre`` (N, 1, 48, 48), the
heatmap of body centres; ``reach`` (N, 34, 48, 48), the offset in cells (down, right) at which each
keypoint is expected from a centre.
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
_HEATMAPS = ("points", "centre")
_CHANNELS = {"points": 17, "centre": 1, "reach": 34}
_CONVOLUTIONS = ("_FusedConv2D", "FusedDepthwiseConv2dNative", "DepthwiseConv2dNative")


def convert(model: Model, sources: Mapping[str, bytes]) -> bytes:
    """Convert; options: ``size`` of the square input."""
    topology, content = (sources[member.path] for member in model.members)
    return _Converter(model, json.loads(topology), content).run()


class _Converter:
    """Traverses the graph by node names; each node is converted once."""

    def __init__(self, model: Model, topology: dict[str, Any], content: bytes) -> None:
        self._model, self._graph = model, Graph()
        self._nodes = {node["name"]: node for node in topology["modelTopology"]["node"]}
        self._weights = read_weights(topology["weightsManifest"], content)
        self._outputs: dict[str, str] = {}

    def run(self) -> bytes:
        graph, size = self._graph, self._model.options["size"]
        # The network was trained on pixels from -1 to 1.
        scaled = graph.node("Mul", graph.pixels("image"), graph.constant(2 / 255))
        self._outputs[_INPUT] = graph.node("Sub", scaled, graph.constant(1))
        for name, source in _MAPS.items():
            value = self._value(source)
            graph.rename(graph.node("Sigmoid", value) if name in _HEATMAPS else value, name)
        cells = size // 4
        outputs = [float_output(name, "batch", _CHANNELS[name], cells, cells) for name in _MAPS]
        return graph.build(self._model, [picture_input(size, size)], outputs)

    def _value(self, name: str) -> str:
        """Return the name of a node's output in the new graph."""
        if name not in self._outputs:
            self._outputs[name] = self._convert_node(self._nodes[name])
        return self._outputs[name]

    def _convert_node(self, node: dict[str, Any]) -> str:
        if node["op"] in _CONVOLUTIONS:
            return self._convolution(node)
        if node["op"] == "AddV2":
            return self._graph.node("Add", *(self._value(operand) for operand in node["input"]))
        if node["op"] == "ResizeBilinear":
            doubled = self._graph.constant([1, 1, 2, 2])
            return self._graph.node(
                "Resize", self._value(node["input"][0]), "", doubled, mode="linear"
            )
        raise ValueError(f"{node['name']}: operator {node['op']} is not supported")

    def _convolution(self, node: dict[str, Any]) -> str:
        source, kernel_name, *biases = node["input"]
        kernel = self._weights[kernel_name]  # (height, width, in, out or multiplier)
        depthwise = "Depthwise" in node["op"]
        weight = kernel.transpose(2, 3, 0, 1) if depthwise else kernel.transpose(3, 2, 0, 1)
        inputs = [self._value(source), self._graph.weights(np.ascontiguousarray(weight))]
        inputs += [self._graph.constant(self._weights[name]) for name in biases]
        value = self._graph.node(
            "Conv",
            *inputs,
            strides=[int(node["attr"]["strides"]["list"]["i"][1])] * 2,
            group=kernel.shape[2] if depthwise else 1,
            auto_pad="SAME_UPPER",  # as TensorFlow pads; 1×1 kernels need no padding
        )
        activations = node["attr"].get("fused_ops", {}).get("list", {}).get("s", [])
        return self._activate(value, [base64.b64decode(name).decode() for name in activations])

    def _activate(self, value: str, activations: list[str]) -> str:
        if "Relu6" in activations:
            return self._graph.node("Clip", value, self._graph.constant(0), self._graph.constant(6))
        return self._graph.node("Relu", value) if "Relu" in activations else value
