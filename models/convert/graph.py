"""A small builder for ONNX graphs, shared by the converters."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from models.manifest import Model

OPSET = 21
IR_VERSION = 10
# Smaller tensors stay in single precision: half precision would save nothing.
_MIN_HALF_PRECISION_SIZE = 256

FloatArray = NDArray[np.float32]


class Graph:
    """Nodes and constants in the order in which they were added; values are referred to by name."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def node(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """Add a node with one output and return that output's name."""
        return self.split(operator, *inputs, outputs=1, **attributes)[0]

    def split(self, operator: str, *inputs: str, outputs: int, **attributes: Any) -> list[str]:
        """Add a node with several outputs and return their names."""
        number = len(self.nodes)
        names = [f"{operator.lower()}_{number}_{index}" for index in range(outputs)]
        self.nodes.append(helper.make_node(operator, inputs, names, **attributes))
        return names

    def constant(self, value: Any, dtype: Any = np.float32) -> str:
        """Add a constant in full precision and return its name."""
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value, dtype), name))
        return name

    def weights(self, value: FloatArray) -> str:
        """Add a weight tensor, stored in half precision and cast to single by the graph."""
        if value.size < _MIN_HALF_PRECISION_SIZE:
            return self.constant(value)
        return self.node("Cast", self.constant(value, np.float16), to=TensorProto.FLOAT)

    def pixels(self, source: str) -> str:
        """Convert uint8 (N, H, W, 3) pixels to float32 (N, 3, H, W)."""
        transposed = self.node("Transpose", source, perm=[0, 3, 1, 2])
        return self.node("Cast", transposed, to=TensorProto.FLOAT)

    def rename(self, old: str, new: str) -> None:
        """Expose a value under another name."""
        self.nodes.append(helper.make_node("Identity", [old], [new]))

    def build(
        self,
        model: Model,
        inputs: Sequence[onnx.ValueInfoProto],
        outputs: Sequence[onnx.ValueInfoProto],
    ) -> bytes:
        """Return the validated, serialised model with its name, version and source as metadata."""
        graph = helper.make_graph(self.nodes, model.name, inputs, outputs, self.constants)
        return finish(
            helper.make_model(
                graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
            ),
            model,
        )


def picture_input(height: int | str = "height", width: int | str = "width") -> onnx.ValueInfoProto:
    """Return the input that every picture model has."""
    return helper.make_tensor_value_info("image", TensorProto.UINT8, ["batch", height, width, 3])


def float_output(name: str, *shape: int | str) -> onnx.ValueInfoProto:
    """Return a float32 output."""
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape))


def finish(proto: onnx.ModelProto, model: Model) -> bytes:
    """Add name, version and labels as metadata, validate the model and serialise it."""
    metadata = {
        "name": model.name,
        "version": f"{model.package} {model.version}",
        "sha256": model.members[0].sha256,
        **{key: ",".join(value) for key, value in model.options.items() if key == "labels"},
    }
    helper.set_model_props(proto, metadata)
    onnx.checker.check_model(proto)
    content: bytes = proto.SerializeToString(deterministic=True)
    return content
