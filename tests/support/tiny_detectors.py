"""Tiny networks with the outputs of well-known detectors, and their descriptions.

Each «finds» a phone and a person at fixed places as soon as something in the picture is white.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from functions.vision.own_detector import DESCRIPTION, FOLDER, NETWORK

SIDE = 64
PHONE = (0.25, 0.5, 0.5, 0.75)  # left, top, right, bottom
PERSON = (0.125, 0.125, 0.875, 1.0)
PHONE_SCORE, PERSON_SCORE = 0.9, 0.6


@dataclass(frozen=True)
class TinyDetector:
    """A network and its description, without the hash."""

    content: bytes
    description: str

    def write(self, folder: Path) -> Path:
        """Write both files; return the description's."""
        (folder / "tiny.onnx").write_bytes(self.content)
        digest = hashlib.sha256(self.content).hexdigest()
        head = 'name = "Tiny"\nversion = "1.0"\nlicence = "Apache-2.0"\nfile = "tiny.onnx"\n'
        path = folder / "tiny.toml"
        path.write_text(f'{head}sha256 = "{digest}"\n{self.description}', "utf-8")
        return path

    def place(self, models_dir: Path) -> None:
        """Put both files into the slot without a check."""
        description = self.write(models_dir)
        slot = models_dir / FOLDER
        slot.mkdir()
        description.rename(slot / DESCRIPTION)
        (models_dir / "tiny.onnx").rename(slot / NETWORK)


def model(
    nodes: list[onnx.NodeProto],
    inputs: list[onnx.ValueInfoProto],
    outputs: Mapping[str, int],
    constants: dict[str, Any],
) -> bytes:
    """Return a network; *outputs* are names with their element types."""
    graph = helper.make_graph(
        nodes,
        "tiny",
        inputs,
        [helper.make_tensor_value_info(name, kind, None) for name, kind in outputs.items()],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    content: bytes = proto.SerializeToString()
    return content


def pixels(kind: int = TensorProto.FLOAT, *, last: bool = False) -> onnx.ValueInfoProto:
    """Return the input for pixels; *last*: the channels come last."""
    shape = [1, SIDE, SIDE, 3] if last else [1, 3, SIDE, SIDE]
    return helper.make_tensor_value_info("images", kind, shape)


def brightest(source: str = "images") -> list[onnx.NodeProto]:
    """Return nodes that compute the highest pixel value as «white»."""
    return [helper.make_node("ReduceMax", [source], ["white"], keepdims=0)]


def floats(values: Any) -> NDArray[np.float32]:
    """Return an array of single precision."""
    return np.asarray(values, np.float32)


LABELS = "[labels.phone]\nclasses = [2]\nlimit = 0.5\n[labels.person]\nclasses = [0]\nlimit = 0.4\n"
INPUT = f"[input]\nwidth = {SIDE}\nheight = {SIDE}\n"


def detr() -> TinyDetector:
    """D-FINE and RT-DETR as their authors export them: boxes in the picture's pixels."""
    nodes = [
        *brightest(),
        helper.make_node("Cast", ["orig_target_sizes"], ["size"], to=TensorProto.FLOAT),
        helper.make_node("Concat", ["size", "size"], ["sizes"], axis=1),
        helper.make_node("Mul", ["fractions", "sizes"], ["boxes"]),
        helper.make_node("Mul", ["certain", "white"], ["scores"]),
        helper.make_node("Identity", ["numbers"], ["labels"]),
    ]
    sizes = helper.make_tensor_value_info("orig_target_sizes", TensorProto.INT64, [1, 2])
    outputs = {"boxes": TensorProto.FLOAT, "scores": TensorProto.FLOAT, "labels": TensorProto.INT64}
    constants = {
        "fractions": floats([[PHONE, PERSON]]),
        "certain": floats([[PHONE_SCORE, PERSON_SCORE]]),
        "numbers": np.array([[2, 0]], np.int64),
    }
    return TinyDetector(
        model(nodes, [pixels(), sizes], outputs, constants),
        f'{INPUT}size_name = "orig_target_sizes"\n[output]\nboxes = "boxes"\nscores = "scores"\n'
        f'classes = "labels"\ncorners = "xyxy"\nunit = "pixels"\nsuppress = false\n{LABELS}',
    )


def detr_logits() -> TinyDetector:
    """RT-DETR as Hugging Face exports it: logits, and relative centres and sizes."""
    middle = [_centred(PHONE), _centred(PERSON)]
    certain = np.zeros((1, 2, 3))
    certain[0, 0, 2], certain[0, 1, 0] = 20 + _logit(PHONE_SCORE), 20 + _logit(PERSON_SCORE)
    nodes = [
        *brightest(),
        helper.make_node("Mul", ["certain", "white"], ["raised"]),
        helper.make_node("Sub", ["raised", "low"], ["logits"]),
        helper.make_node("Identity", ["middle"], ["pred_boxes"]),
    ]
    outputs = {"logits": TensorProto.FLOAT, "pred_boxes": TensorProto.FLOAT}
    constants = {"certain": floats(certain), "low": floats(20), "middle": floats([middle])}
    return TinyDetector(
        model(nodes, [pixels()], outputs, constants),
        f'{INPUT}[output]\nboxes = "pred_boxes"\nscores = "logits"\ncorners = "cxcywh"\n'
        f'unit = "relative"\nactivation = "sigmoid"\n{LABELS}',
    )


def yolox() -> TinyDetector:
    """YOLOX: one output with objectness, relative to the cells of three grids, BGR, letterbox."""
    strides = [8, 16, 32]
    cells = [
        (column, row, stride)
        for stride in strides
        for row in range(SIDE // stride)
        for column in range(SIDE // stride)
    ]
    rows = np.zeros((1, len(cells), 8))
    for index, number, score, box in (
        (9, 2, PHONE_SCORE, PHONE),
        (10, 2, 0.7, PHONE),
        (80, 0, PERSON_SCORE, PERSON),
    ):
        column, row, stride = cells[index]
        # A wide picture fills the upper half of the square.
        x, y, width, height = (
            SIDE * v * f for v, f in zip(_centred(box), (1, 0.5) * 2, strict=True)
        )
        rows[0, index, :2] = x / stride - column, y / stride - row
        rows[0, index, 2:4] = np.log(width / stride), np.log(height / stride)
        rows[0, index, 4], rows[0, index, 5 + number] = 1, score
    mask = np.zeros(8)
    mask[4] = 1
    nodes = [
        *brightest(),
        helper.make_node("Div", ["white", "full"], ["unit"]),
        helper.make_node("Sub", ["unit", "ones"], ["lack"]),
        helper.make_node("Mul", ["lack", "mask"], ["dimming"]),
        helper.make_node("Add", ["dimming", "ones_row"], ["factors"]),
        helper.make_node("Mul", ["rows", "factors"], ["output"]),
    ]
    constants = {
        "rows": floats(rows),
        "mask": floats(mask),
        "full": floats(255),
        "ones": floats(1),
        "ones_row": floats(np.ones(8)),
    }
    return TinyDetector(
        model(nodes, [pixels()], {"output": TensorProto.FLOAT}, constants),
        f'{INPUT}fit = "letterbox_corner"\nchannels = "BGR"\ndeviation = [1.0, 1.0, 1.0]\n'
        '[output]\njoined = "output"\ncorners = "cxcywh"\nunit = "pixels"\nobjectness = true\n'
        f"grid = [8, 16, 32]\n{LABELS}",
    )


def ssd() -> TinyDetector:
    """SSD of TensorFlow: bytes with the channels last, rows and columns exchanged, NMS inside."""
    nodes = [
        helper.make_node("Cast", ["images"], ["values"], to=TensorProto.FLOAT),
        *brightest("values"),
        helper.make_node("Div", ["white", "full"], ["unit"]),
        helper.make_node("Mul", ["certain", "unit"], ["detection_scores"]),
        helper.make_node("Identity", ["swapped"], ["detection_boxes"]),
        helper.make_node("Identity", ["numbers"], ["detection_classes"]),
    ]
    names = ("detection_scores", "detection_boxes", "detection_classes")
    constants = {
        "full": floats(255),
        "certain": floats([[PHONE_SCORE, PERSON_SCORE]]),
        "swapped": floats([[[box[1], box[0], box[3], box[2]] for box in (PHONE, PERSON)]]),
        "numbers": floats([[2, 0]]),
    }
    inputs = [pixels(TensorProto.UINT8, last=True)]
    return TinyDetector(
        model(nodes, inputs, dict.fromkeys(names, TensorProto.FLOAT), constants),
        f'{INPUT}layout = "NHWC"\ndtype = "uint8"\n[output]\nboxes = "detection_boxes"\n'
        'scores = "detection_scores"\nclasses = "detection_classes"\ncorners = "yxyx"\n'
        f'unit = "relative"\nsuppress = false\n{LABELS}',
    )


def failing_on_white() -> TinyDetector:
    """A network that only runs on pictures without anything white."""
    nodes = [
        *brightest(),
        helper.make_node("Mul", ["white", "many"], ["far"]),
        helper.make_node("Cast", ["far"], ["index"], to=TensorProto.INT64),
        helper.make_node("Gather", ["fractions", "index"], ["box"]),
        helper.make_node("Reshape", ["box", "shape"], ["boxes"]),
        helper.make_node("Identity", ["certain"], ["scores"]),
    ]
    constants = {
        "many": floats(100),
        "fractions": floats([PHONE]),
        "shape": np.array([1, 4], np.int64),
        "certain": floats([[0, 0, 0.0]]),
    }
    outputs = {"boxes": TensorProto.FLOAT, "scores": TensorProto.FLOAT}
    return TinyDetector(
        model(nodes, [pixels()], outputs, constants),
        f'{INPUT}[output]\nboxes = "boxes"\nscores = "scores"\ncorners = "xyxy"\n'
        f'unit = "relative"\n{LABELS}',
    )


def _centred(box: tuple[float, ...]) -> tuple[float, float, float, float]:
    left, top, right, bottom = box
    return (left + right) / 2, (top + bottom) / 2, right - left, bottom - top


def _logit(score: float) -> float:
    return float(np.log(score / (1 - score)))
