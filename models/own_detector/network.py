"""What a network file may be. It comes from elsewhere: it is read here before the runtime runs it."""

from collections.abc import Iterator

import onnx
from google.protobuf.message import DecodeError

from models.own_detector.errors import DetectorRefused

MAX_MEGABYTES = 40
"""What is left of a function's package (250 MB unpacked) beside the product's own models."""
MAX_NODES = 20_000
# The operators of ONNX itself; others need code that comes with the network.
_DOMAINS = {"", "ai.onnx"}


def require_acceptable(content: bytes) -> None:
    """Raise DetectorRefused unless a file is one ONNX network, complete and of ONNX's operators."""
    try:
        model = onnx.load_model_from_string(content)
    except (DecodeError, ValueError) as error:
        raise DetectorRefused("file: it is no ONNX file") from error
    if not model.graph.node:
        raise DetectorRefused("file: it holds no network")
    nodes = 0
    for graph in _graphs(model.graph):
        nodes += len(graph.node)
        if nodes > MAX_NODES:
            raise DetectorRefused(f"file: it has more than {MAX_NODES} nodes")
        _require_own_operators(graph)
        if any(_is_elsewhere(tensor) for tensor in _tensors(graph)):
            raise DetectorRefused("file: its weights lie in another file: export it as one file")
    if model.functions:
        raise DetectorRefused("file: it defines functions of its own: export it with them inlined")


def _graphs(graph: onnx.GraphProto) -> Iterator[onnx.GraphProto]:
    """Yield a graph and all graphs inside it (branches, loops)."""
    waiting = [graph]
    while waiting:
        current = waiting.pop()
        yield current
        for node in current.node:
            for attribute in node.attribute:
                waiting += [attribute.g] if attribute.HasField("g") else []
                waiting += attribute.graphs


def _require_own_operators(graph: onnx.GraphProto) -> None:
    for node in graph.node:
        if node.domain not in _DOMAINS:
            raise DetectorRefused(
                f"file: it needs the operator {node.domain}.{node.op_type}, which is not of ONNX"
            )


def _tensors(graph: onnx.GraphProto) -> Iterator[onnx.TensorProto]:
    yield from graph.initializer
    for sparse in graph.sparse_initializer:
        yield from (sparse.values, sparse.indices)
    for node in graph.node:
        for attribute in node.attribute:
            yield from attribute.tensors
            if attribute.HasField("t"):
                yield attribute.t
            for sparse in (*attribute.sparse_tensors, attribute.sparse_tensor):
                yield from (sparse.values, sparse.indices)


def _is_elsewhere(tensor: onnx.TensorProto) -> bool:
    return tensor.data_location == onnx.TensorProto.EXTERNAL or len(tensor.external_data) > 0
