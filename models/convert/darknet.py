"""Darknet's .cfg and .weights to ONNX: the layer types of YOLOv4-tiny.

Batch norms are folded into their convolutions. The output layers are reduced to the selected
labels: a label's score does not depend on the other labels, so the remaining scores are unchanged.

Outputs: ``boxes`` (N, A, 4) as relative left, top, right, bottom, and ``scores`` (N, A, labels).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.convert.graph import FloatArray, Graph, float_output, picture_input
from models.manifest import Model

Section = dict[str, str]
_HEADER_BYTES = 20  # three int32 of the version, one int64: number of training pictures
_EPSILON = 1e-6


class _Weights:
    """Reads the flat weights file sequentially."""

    def __init__(self, content: bytes) -> None:
        self._values = np.frombuffer(content, "<f4", offset=_HEADER_BYTES)
        self._at = 0

    def take(self, *shape: int) -> FloatArray:
        count = int(np.prod(shape))
        values = self._values[self._at : self._at + count]
        self._at += count
        return values.reshape(shape)

    @property
    def left(self) -> int:
        return len(self._values) - self._at


@dataclass(frozen=True)
class _Value:
    """A layer's output: its name in the graph, its channels and its stride."""

    name: str
    channels: int
    stride: int


def convert(model: Model, sources: Mapping[str, bytes]) -> bytes:
    """Convert; options: ``size`` of the square input, ``keep`` (label indices), ``labels``."""
    layout, weights = (sources[member.path] for member in model.members)
    return _Converter(model, parse(layout.decode()), _Weights(weights)).run()


def parse(layout: str) -> list[Section]:
    """Return the sections of a .cfg file, each with its type under ``kind``."""
    sections: list[Section] = []
    for line in (raw.split("#")[0].strip() for raw in layout.splitlines()):
        if line.startswith("["):
            sections.append({"kind": line.strip("[]")})
        elif "=" in line:
            key, value = line.split("=", 1)
            sections[-1][key.strip()] = value.strip()
    return sections


class _Converter:
    """Converts the sections in order, with a method for each layer type."""

    def __init__(self, model: Model, sections: list[Section], weights: _Weights) -> None:
        self._model, self._sections, self._weights = model, sections, weights
        self._graph = Graph()
        self._layers: list[_Value] = []
        self._heads: list[tuple[str, str]] = []

    def run(self) -> bytes:
        graph, size = self._graph, self._model.options["size"]
        scaled = graph.node("Mul", graph.pixels("image"), graph.constant(1 / 255))
        current = _Value(scaled, 3, 1)
        for section, following in zip(self._sections[1:], [*self._sections[2:], {}], strict=True):
            if section["kind"] == "convolutional":
                current = self._convolutional(current, section, following)
            else:
                current = getattr(self, "_" + section["kind"])(current, section)
            self._layers.append(current)
        if self._weights.left:
            raise ValueError(f"{self._weights.left} weights are left over")
        for index, name in enumerate(["boxes", "scores"]):
            graph.rename(graph.node("Concat", *(head[index] for head in self._heads), axis=1), name)
        count = len(self._model.options["labels"])
        outputs = [float_output("boxes", "batch", "anchors", 4)]
        outputs += [float_output("scores", "batch", "anchors", count)]
        return graph.build(self._model, [picture_input(size, size)], outputs)

    def _convolutional(self, value: _Value, section: Section, following: Section) -> _Value:
        filters, size = int(section["filters"]), int(section["size"])
        stride = int(section["stride"])
        weight, bias = self._fold_batch_norm(filters, value.channels, size, section)
        if following.get("kind") == "yolo":
            weight, bias = self._select_labels(weight, bias, following)
        graph, pad = self._graph, size // 2
        name = graph.node(
            "Conv",
            value.name,
            graph.weights(weight),
            graph.constant(bias),
            kernel_shape=[size, size],
            strides=[stride, stride],
            pads=[pad] * 4,
        )
        if section["activation"] == "leaky":
            name = graph.node("LeakyRelu", name, alpha=0.1)
        return _Value(name, len(bias), value.stride * stride)

    def _fold_batch_norm(
        self, filters: int, channels: int, size: int, section: Section
    ) -> tuple[FloatArray, FloatArray]:
        """Return weight and bias of a convolution with its batch norm folded in."""
        bias = self._weights.take(filters)
        if "batch_normalize" not in section:
            return self._weights.take(filters, channels, size, size), bias
        scale, mean, variance = self._weights.take(3, filters)
        factor = scale / np.sqrt(variance + _EPSILON)
        weight = self._weights.take(filters, channels, size, size)
        return weight * factor[:, None, None, None], bias - mean * factor

    def _select_labels(
        self, weight: FloatArray, bias: FloatArray, yolo: Section
    ) -> tuple[FloatArray, FloatArray]:
        """Return the rows of an output layer that belong to boxes and selected labels."""
        rows = [0, 1, 2, 3, 4, *(5 + label for label in self._model.options["keep"])]
        step = 5 + int(yolo["classes"])
        anchors = range(len(yolo["mask"].split(",")))
        index = np.array([anchor * step + row for anchor in anchors for row in rows])
        return weight[index], bias[index]

    def _route(self, _: _Value, section: Section) -> _Value:
        layers = [self._layers[int(number)] for number in section["layers"].split(",")]
        if "groups" in section:
            return self._group(layers[0], section)
        if len(layers) == 1:
            return layers[0]
        name = self._graph.node("Concat", *(layer.name for layer in layers), axis=1)
        return _Value(name, sum(layer.channels for layer in layers), layers[0].stride)

    def _group(self, layer: _Value, section: Section) -> _Value:
        groups, group = int(section["groups"]), int(section["group_id"])
        outputs = self._graph.split("Split", layer.name, outputs=groups, axis=1, num_outputs=groups)
        return _Value(outputs[group], layer.channels // groups, layer.stride)

    def _maxpool(self, value: _Value, section: Section) -> _Value:
        size, stride = int(section["size"]), int(section["stride"])
        name = self._graph.node(
            "MaxPool", value.name, kernel_shape=[size, size], strides=[stride, stride]
        )
        return _Value(name, value.channels, value.stride * stride)

    def _upsample(self, value: _Value, section: Section) -> _Value:
        factor = int(section["stride"])
        scales = self._graph.constant([1, 1, factor, factor])
        name = self._graph.node("Resize", value.name, "", scales, mode="nearest")
        return _Value(name, value.channels, value.stride // factor)

    def _yolo(self, value: _Value, section: Section) -> _Value:
        """Decode an output layer into boxes and scores; return its input, as Darknet does."""
        sizes = np.array(section["anchors"].split(","), np.float32).reshape(-1, 2)
        anchors = sizes[[int(number) for number in section["mask"].split(",")]]
        self._heads.append(self._decode(value, anchors, float(section["scale_x_y"])))
        return value

    def _decode(self, value: _Value, anchors: FloatArray, stretch: float) -> tuple[str, str]:
        graph, size = self._graph, self._model.options["size"]
        cells, count = size // value.stride, len(anchors)
        rows = value.channels // count
        shape = graph.constant([0, count, rows, cells * cells], np.int64)
        flat = graph.node("Reshape", value.name, shape)
        # (N, anchors, rows, cells) → (N, anchors × cells, rows)
        transposed = graph.node("Transpose", flat, perm=[0, 1, 3, 2])
        table = graph.node("Reshape", transposed, graph.constant([0, -1, rows], np.int64))
        parts = graph.constant([2, 2, 1, rows - 5], np.int64)
        centre, extent, objectness, labels = graph.split("Split", table, parts, outputs=4, axis=2)
        scores = graph.node("Mul", graph.node("Sigmoid", objectness), graph.node("Sigmoid", labels))
        return self._corners(centre, extent, anchors, cells, stretch), scores

    def _corners(
        self, centre: str, extent: str, anchors: FloatArray, cells: int, stretch: float
    ) -> str:
        """Return the relative corners of each anchor in each cell, from its raw centre and extent."""
        graph, size = self._graph, self._model.options["size"]
        rows, columns = np.divmod(np.arange(cells * cells), cells)
        offset = np.tile(np.stack([columns, rows], 1) - (stretch - 1) / 2, (len(anchors), 1))
        spread = graph.node("Mul", graph.node("Sigmoid", centre), graph.constant(stretch / cells))
        middle = graph.node("Add", spread, graph.constant(offset / cells))
        half = graph.constant(np.repeat(anchors, cells * cells, axis=0) / (2 * size))
        reach = graph.node("Mul", graph.node("Exp", extent), half)
        low, high = graph.node("Sub", middle, reach), graph.node("Add", middle, reach)
        return graph.node("Concat", low, high, axis=2)
