"""Models that are ONNX already: add the common input, and expand block-quantised weights.

The runtime does not support block-quantised weights (DequantizeLinear with a block size). They stay
stored in 8 bits and are dequantised by plain nodes, which the runtime folds as it loads; the values
are exactly the same.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from models.convert.graph import (
    IR_VERSION,
    Graph,
    finish,
    picture_input,
)
from models.manifest import Model

# The weights of red, green and blue in luma (ITU-R BT.601).
_LUMA_WEIGHTS = np.array([0.299, 0.587, 0.114])


def convert(model: Model, sources: Mapping[str, bytes]) -> bytes:
    """Convert.

    Options: ``raw`` leaves inputs and graph unchanged; ``order`` is "RGB", "BGR" or "GREY";
    ``mean`` and ``deviation`` normalise 0–255 pixels; ``height`` and ``width`` fix the input.
    """
    proto = onnx.load_from_string(sources[model.members[0].path])
    if model.options.get("raw"):
        return finish(proto, model)
    _drop_weights_from_inputs(proto.graph)
    _free_outputs(proto.graph)
    prelude = Graph()
    _expand_quantised_weights(proto.graph, prelude)
    _halve_precision(proto.graph, prelude)
    _add_picture_input(proto.graph, prelude, model.options)
    _replace(proto.graph.node, [*prelude.nodes, *proto.graph.node])
    proto.graph.initializer.extend(prelude.constants)
    proto.ir_version = IR_VERSION
    return finish(proto, model)


def _drop_weights_from_inputs(graph: onnx.GraphProto) -> None:
    weights = {tensor.name for tensor in graph.initializer}
    _replace(graph.input, [value for value in graph.input if value.name not in weights])


def _replace(field: Any, values: Iterable[Any]) -> None:
    """Replace the values of a repeated field; they may be taken from the field itself."""
    content = list(values)
    del field[:]
    field.extend(content)


def _free_outputs(graph: onnx.GraphProto) -> None:
    """Make the outputs' dimensions dynamic: they follow from the input."""
    for output in graph.output:
        for index, size in enumerate(output.type.tensor_type.shape.dim):
            if index < 2:
                size.dim_param = "batch" if index == 0 else f"{output.name}_count"
    del graph.value_info[:]


def _expand_quantised_weights(graph: onnx.GraphProto, prelude: Graph) -> None:
    """Replace every dequantisation of a constant by nodes that the runtime can fold."""
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    obsolete: set[str] = set()
    other_nodes = []
    for node in graph.node:
        if node.op_type == "DequantizeLinear" and node.input[0] in constants:
            blocks = [constants[name] for name in node.input]
            prelude.nodes.append(
                helper.make_node("Identity", [_dequantise(prelude, *blocks)], node.output)
            )
            obsolete |= set(node.input)
        else:
            other_nodes.append(node)
    _replace(graph.node, other_nodes)
    _replace(
        graph.initializer, [tensor for tensor in graph.initializer if tensor.name not in obsolete]
    )


def _dequantise(prelude: Graph, values: Any, scale: Any, zero: Any) -> str:
    """Compute (values - zero) × scale, blockwise along the last axis."""
    blocks = values.reshape(*scale.shape, -1)
    wide = prelude.node("Cast", prelude.constant(blocks, np.int8), to=onnx.TensorProto.FLOAT)
    if zero.any():
        wide = prelude.node("Sub", wide, prelude.constant(zero[..., None]))
    wide = prelude.node("Mul", wide, prelude.constant(scale[..., None]))
    return prelude.node("Reshape", wide, prelude.constant(values.shape, np.int64))


def _halve_precision(graph: onnx.GraphProto, prelude: Graph) -> None:
    """Store the remaining weights of two or more axes in half precision."""
    others = []
    for tensor in graph.initializer:
        if tensor.data_type == onnx.TensorProto.FLOAT and len(tensor.dims) > 1:
            wide = prelude.weights(numpy_helper.to_array(tensor))
            prelude.nodes.append(helper.make_node("Identity", [wide], [tensor.name]))
        else:
            others.append(tensor)
    _replace(graph.initializer, others)


def _add_picture_input(graph: onnx.GraphProto, prelude: Graph, options: dict[str, Any]) -> None:
    """Prepend the common input to the network's own."""
    value = prelude.pixels("image")
    if options["order"] == "BGR":
        value = prelude.node("Gather", value, prelude.constant([2, 1, 0], np.int64), axis=1)
    if options["order"] == "GREY":
        weights = prelude.constant(_LUMA_WEIGHTS.reshape(3, 1, 1))
        value = prelude.node("ReduceSum", prelude.node("Mul", value, weights), axes=[1])
    if "mean" in options:
        mean = np.reshape(options["mean"], (-1, 1, 1))
        factor = 1 / np.reshape(options["deviation"], (-1, 1, 1))
        value = prelude.node("Sub", value, prelude.constant(mean))
        value = prelude.node("Mul", value, prelude.constant(factor))
    prelude.nodes.append(helper.make_node("Identity", [value], [graph.input[0].name]))
    height, width = options.get("height", "height"), options.get("width", "width")
    _replace(graph.input, [picture_input(height, width)])
