"""The converters on small synthetic networks, against the same arithmetic in numpy."""

import json
import struct
from dataclasses import replace
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from models.convert import darknet, movenet, onnx_passthrough, tfjs
from models.manifest import Member, Model

Array = NDArray[Any]

MODEL = Model(
    name="small",
    file="small.onnx",
    ecosystem="pip",
    package="nowhere",
    version="1.0",
    members=(Member("source", "00"),),
    licence="none",
    functions=("vision",),
    convert="onnx",
    options={},
    input="",
    output="",
    accuracy="",
)


def run(content: bytes, **inputs: Array) -> list[Array]:
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    outputs: list[Array] = session.run(None, inputs)
    return outputs


def pixels(*shape: int) -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


def onnx_source(nodes: list[onnx.NodeProto], constants: dict[str, Array]) -> bytes:
    """Return a network with input x (1, 3, 4, 4) and output y."""
    values = [numpy_helper.from_array(array, name) for name, array in constants.items()]
    graph = helper.make_graph(
        nodes,
        "source",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 4, 4])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 3, 4, 4])],
        values,
    )
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    content: bytes = proto.SerializeToString()
    return content


@pytest.mark.parametrize("order", ["RGB", "BGR"])
def test_the_common_input_is_normalised_and_ordered_for_the_network(order: str) -> None:
    source = onnx_source([helper.make_node("Identity", ["x"], ["y"])], {})
    options = {"order": order, "mean": [10, 20, 30], "deviation": [2, 4, 8]}
    content = onnx_passthrough.convert(replace(MODEL, options=options), {"source": source})
    image = pixels(1, 4, 4, 3)
    channels = image if order == "RGB" else image[..., ::-1]
    expected = (channels.astype(np.float32) - [10, 20, 30]) / [2, 4, 8]
    np.testing.assert_allclose(run(content, image=image)[0], expected.transpose(0, 3, 1, 2))


@pytest.mark.parametrize("zero", [0, 3])
def test_block_quantised_weights_are_dequantised_exactly(zero: int) -> None:
    rng = np.random.default_rng(1)
    quantised = rng.integers(-128, 128, (4, 8)).astype(np.int8)
    scales = rng.random((4, 2)).astype(np.float32)
    zeros = np.full((4, 2), zero, np.int8)
    nodes = [
        helper.make_node("DequantizeLinear", ["q", "s", "z"], ["w"], axis=1, block_size=4),
        helper.make_node("ReduceSum", ["w"], ["all"], keepdims=0),
        helper.make_node("Add", ["x", "all"], ["y"]),
    ]
    source = onnx_source(nodes, {"q": quantised, "s": scales, "z": zeros})
    content = onnx_passthrough.convert(replace(MODEL, options={"order": "RGB"}), {"source": source})
    weights = (quantised.reshape(4, 2, 4).astype(np.float32) - zero) * scales[..., None]
    black = np.zeros((1, 4, 4, 3), np.uint8)
    np.testing.assert_allclose(run(content, image=black)[0], weights.sum(), rtol=1e-5)


def test_conversion_is_deterministic() -> None:
    source = onnx_source([helper.make_node("Identity", ["x"], ["y"])], {})
    options = {"order": "BGR"}
    first, second = (
        onnx_passthrough.convert(replace(MODEL, options=options), {"source": source})
        for _ in range(2)
    )
    assert first == second


def test_a_built_model_has_its_source_as_metadata() -> None:
    source = onnx_source([helper.make_node("Identity", ["x"], ["y"])], {})
    options = {"order": "RGB", "labels": ["cat", "dog"]}
    content = onnx_passthrough.convert(replace(MODEL, options=options), {"source": source})
    metadata = {prop.key: prop.value for prop in onnx.load_from_string(content).metadata_props}
    assert metadata == {
        "name": "small",
        "version": "nowhere 1.0",
        "sha256": "00",
        "labels": "cat,dog",
    }


LAYOUT = """
[net]
width=8
[convolutional]
batch_normalize=1
filters=4
size=3
stride=2
pad=1
activation=leaky
[convolutional]
filters=14
size=1
stride=1
pad=1
activation=linear
[yolo]
mask = 0,1
anchors = 2,3, 4,5
classes=2
scale_x_y = 1.05
"""


def darknet_model(rng: np.random.Generator) -> tuple[Model, dict[str, bytes]]:
    counts = [4, 4, 4, 4, 4 * 3 * 9, 14, 14 * 4]
    values = rng.random(sum(counts)).astype("<f4")
    weights = struct.pack("<iiiq", 0, 2, 0, 0) + values.tobytes()
    model = replace(
        MODEL,
        members=(Member("layout", ""), Member("weights", "")),
        options={"size": 8, "keep": [1], "labels": ["second"]},
    )
    return model, {"layout": LAYOUT.encode(), "weights": weights}


def test_converted_layers_compute_the_same_as_darknet() -> None:
    model, sources = darknet_model(np.random.default_rng(2))
    image = pixels(1, 8, 8, 3)
    boxes, scores = run(darknet.convert(model, sources), image=image)
    assert boxes.shape == (1, 2 * 16, 4)
    assert scores.shape == (1, 2 * 16, 1)

    values = np.frombuffer(sources["weights"], "<f4", offset=20)
    bias, scale, mean, variance = values[:16].reshape(4, 4)
    kernel = values[16:124].reshape(4, 3, 3, 3)
    head_bias, head = values[124:138], values[138:].reshape(14, 4)
    padded = np.pad(image[0].transpose(2, 0, 1) / 255, ((0, 0), (1, 1), (1, 1)))
    row, column, anchor = 2, 1, 1
    patch = padded[:, row * 2 : row * 2 + 3, column * 2 : column * 2 + 3]
    raw = (kernel * patch).sum(axis=(1, 2, 3))
    hidden = (raw - mean) / np.sqrt(variance + 1e-6) * scale + bias
    hidden = np.where(hidden > 0, hidden, 0.1 * hidden)
    out = (head @ hidden + head_bias)[7 * anchor : 7 * anchor + 7]
    sigmoid = 1 / (1 + np.exp(-out))
    middle = (sigmoid[:2] * 1.05 - 0.025 + [column, row]) / 4
    half = np.exp(out[2:4]) * [4, 5] / 16
    index = anchor * 16 + row * 4 + column
    np.testing.assert_allclose(boxes[0, index], [*(middle - half), *(middle + half)], rtol=5e-3)
    np.testing.assert_allclose(scores[0, index, 0], sigmoid[4] * sigmoid[6], rtol=5e-3)


def test_weights_left_over_are_an_error() -> None:
    model, sources = darknet_model(np.random.default_rng(2))
    sources["weights"] += bytes(8)
    with pytest.raises(ValueError, match="2 weights are left over"):
        darknet.convert(model, sources)


def test_tfjs_weights_are_read_across_shards() -> None:
    first, second = np.arange(6, dtype="<f4"), np.array([7], "<i4")
    manifest = [
        {
            "weights": [
                {"name": "a", "shape": [2, 3], "dtype": "float32"},
                {"name": "b", "shape": [], "dtype": "int32"},
            ]
        }
    ]
    arrays = tfjs.read_weights(manifest, first.tobytes() + second.tobytes())
    np.testing.assert_array_equal(arrays["a"], first.reshape(2, 3))
    assert arrays["b"] == 7


def test_half_precision_weights_are_converted_to_single() -> None:
    values = np.arange(6, dtype=np.float16)
    entry = {"name": "a", "dtype": "float32", "shape": [6], "quantization": {"dtype": "float16"}}
    array = tfjs.read_weights([{"weights": [entry]}], values.tobytes())["a"]
    assert array.dtype == np.float32
    np.testing.assert_array_equal(array, values)


class TestMovenet:
    """A network of a convolution for each map, two of them with ReLU."""

    SIZE = 8

    def source(self) -> tuple[dict[str, Any], bytes]:
        root = "StatefulPartitionedCall/"
        maps = {"kpt_heatmap_0/conv2d_5": 17, "center_0/conv2d_4": 1, "kpt_regress_0/conv2d_6": 34}
        strides = {"strides": {"list": {"i": ["1", "4", "4", "1"]}}}
        with_relu = strides | {"fused_ops": {"list": {"s": ["Qmlhc0FkZA==", "UmVsdQ=="]}}}
        nodes, entries, content = [], [], b""
        rng = np.random.default_rng(1)

        def weight(name: str, *shape: int) -> str:
            nonlocal content
            entries.append({"name": name, "dtype": "float32", "shape": list(shape)})
            content += rng.normal(0, 0.2, shape).astype(np.float32).tobytes()
            return name

        for name, channels in maps.items():
            kernel, bias = weight(f"{name}/w", 4, 4, 3, channels), weight(f"{name}/b", channels)
            is_linear = name.startswith("kpt_regress")
            nodes.append(
                {
                    "name": f"{root}{name}/BiasAdd",
                    "op": "_FusedConv2D",
                    "input": [f"{root}sub_1", kernel, bias],
                    "attr": strides if is_linear else with_relu,
                }
            )
        topology = {"modelTopology": {"node": nodes}, "weightsManifest": [{"weights": entries}]}
        return topology, content

    def test_the_maps_are_the_convolutions_of_scaled_pixels(self) -> None:
        topology, content = self.source()
        members = (Member("json", "00"), Member("bin", "00"))
        model = replace(MODEL, members=members, options={"size": self.SIZE})
        sources = {"json": json.dumps(topology).encode(), "bin": content}
        image = pixels(1, self.SIZE, self.SIZE, 3)
        points, centre, reach = run(movenet.convert(model, sources), image=image)
        scaled = (image.astype(np.float32) * (2 / 255) - 1).reshape(1, 2, 4, 2, 4, 3)
        weights = tfjs.read_weights(topology["weightsManifest"], content)

        def expected(name: str) -> Array:
            product = np.einsum("nrhcwi,hwio->norc", scaled, weights[f"{name}/w"])
            return np.asarray(product + weights[f"{name}/b"][:, None, None])

        def heatmap(name: str) -> Array:
            return 1 / (1 + np.exp(-np.maximum(expected(name), 0)))

        np.testing.assert_allclose(points, heatmap("kpt_heatmap_0/conv2d_5"), atol=5e-3)
        np.testing.assert_allclose(centre, heatmap("center_0/conv2d_4"), atol=5e-3)
        np.testing.assert_allclose(reach, expected("kpt_regress_0/conv2d_6"), atol=5e-3)
