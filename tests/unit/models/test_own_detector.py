"""An institution's own detector: layouts of known families, the slot, and what is refused."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from PIL import Image, ImageDraw

from functions.vision.own_detector import OwnDetector
from models.__main__ import main
from models.own_detector import slot, trial
from models.own_detector.errors import DetectorRefused
from models.own_detector.network import require_acceptable
from tests.support.tiny_detectors import (
    INPUT,
    LABELS,
    PERSON,
    PHONE,
    TinyDetector,
    brightest,
    detr,
    detr_logits,
    failing_on_white,
    floats,
    model,
    pixels,
    ssd,
    yolox,
)

FAMILIES = [detr, detr_logits, yolox, ssd]
each_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)


def picture(colour: str) -> Image.Image:
    """A wide picture with one spot; it fills half of a letterbox."""
    image = Image.new("RGB", (400, 200), "black")
    ImageDraw.Draw(image).rectangle((0, 0, 120, 120), colour)
    return image


def place(tiny: TinyDetector, models_dir: Path) -> OwnDetector:
    """Put a detector into the slot without a check, and open it."""
    tiny.place(models_dir)
    detector = OwnDetector.load(models_dir)
    assert detector is not None
    return detector


@each_family
def test_layouts_of_known_detectors_give_the_same_boxes(
    family: Callable[[], TinyDetector], tmp_path: Path
) -> None:
    detector = place(family(), tmp_path)
    phone, person = detector.detect(picture("white"))
    for box, corners in ((phone, PHONE), (person, PERSON)):
        found = (box.x, box.y, box.x + box.w, box.y + box.h)
        np.testing.assert_allclose(found, corners, atol=0.01)
    assert (phone.label, person.label) == ("phone", "person")
    assert phone.score == pytest.approx(0.9, abs=0.01)  # 0.9 above a limit of 0.5
    assert person.score == pytest.approx(0.667, abs=0.01)  # 0.6 above a limit of 0.4
    assert detector.detect(picture("black")) == []


def test_channels_are_in_the_described_order(tmp_path: Path) -> None:
    """A network that looks at the first channel alone, told to expect blue there."""
    nodes = [
        helper.make_node("Slice", ["images", "from", "to", "axis"], ["first"]),
        *brightest("first"),
        helper.make_node("Mul", ["certain", "white"], ["scores"]),
        helper.make_node("Identity", ["fractions"], ["boxes"]),
    ]
    constants = {
        "from": np.array([0]),
        "to": np.array([1]),
        "axis": np.array([1]),
        "certain": floats([[0, 0, 0.9]]),
        "fractions": floats([PHONE]),
    }
    outputs = {"boxes": TensorProto.FLOAT, "scores": TensorProto.FLOAT}
    tiny = TinyDetector(
        model(nodes, [pixels()], outputs, constants),
        f'{INPUT}channels = "BGR"\n[output]\nboxes = "boxes"\nscores = "scores"\n'
        f'corners = "xyxy"\nunit = "relative"\n{LABELS}',
    )
    detector = place(tiny, tmp_path)
    assert [box.label for box in detector.detect(picture("blue"))] == ["phone"]
    assert detector.detect(picture("red")) == []


@pytest.mark.parametrize("fit", ["stretch", "letterbox"])
def test_boxes_are_mapped_back_from_the_networks_input(fit: str, tmp_path: Path) -> None:
    tiny = detr()
    described = tiny.description.replace("[input]", f'[input]\nfit = "{fit}"')
    detector = place(replace(tiny, description=described), tmp_path)
    phone = detector.detect(picture("white"))[0]
    # The letterbox centres 64 × 32 pixels in 64 × 64.
    top, bottom = (0.5, 0.75) if fit == "stretch" else (0.5, 1.0)
    np.testing.assert_allclose((phone.y, phone.y + phone.h), (top, bottom), atol=0.01)


def test_adding_and_removing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, slot_dir = tmp_path / "source", tmp_path / "models"
    source.mkdir()
    slot_dir.mkdir()
    image = tmp_path / "white.png"
    picture("white").save(image)
    command = ["add", str(detr().write(source)), "--picture", str(image)]
    assert main(command, slot_dir) == 0
    output = capsys.readouterr().out
    assert "added Tiny 1.0, sha256 " in output
    assert "ms a picture" in output
    assert "white.png: phone 0.90 at 0.25, 0.50" in output
    assert (slot_dir / "own" / "detector.onnx").is_file()
    assert main(["list"], slot_dir) == 0
    assert "own detector Tiny 1.0" in capsys.readouterr().out
    assert main(["remove"], slot_dir) == 0
    assert main(["remove"], slot_dir) == 0
    assert "there is no own detector" in capsys.readouterr().out
    assert list(slot_dir.iterdir()) == []


def test_a_refused_detector_leaves_the_earlier_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slot.add(detr().write(tmp_path), tmp_path)
    source = ssd().write(tmp_path)
    (tmp_path / "tiny.onnx").write_bytes(b"other bytes")
    assert main(["add", str(source)], tmp_path) == 1
    assert "sha256: tiny.onnx has" in capsys.readouterr().err
    assert "orig_target_sizes" in (tmp_path / "own" / "detector.toml").read_text()
    assert not list(tmp_path.glob(".own-*"))


def test_a_deployment_checks_the_detector_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slot.add(detr().write(tmp_path), tmp_path)
    with (tmp_path / "own" / "detector.onnx").open("ab") as stream:
        stream.write(b"more")
    assert main(["build"], tmp_path) == 1
    assert "sha256: detector.onnx has" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("width = 64", "width = 8", "input.width: Input should be greater than or equal to 32"),
        ('corners = "xyxy"', 'corners = "xywh"', "output.corners: Input should be 'xyxy', 'yxyx'"),
        ("[labels.phone]", "[labels.tablet]", "labels.tablet: Input should be 'person', 'tv'"),
        ("classes = [2]", "classes = [0]", "file: labels name a class twice"),
        ("[output]", "[output]\nfrom = 1", "output.from: Extra inputs are not permitted"),
        ("[output]", "[output]\ngrid = [8]", "output: grid needs corners cxcywh and unit pixels"),
        ("limit = 0.5", 'limit = "half"', "labels.phone.limit: Input should be a valid number"),
        ('boxes = "boxes"', "", "output: name either joined, or boxes and scores"),
        ('boxes = "boxes"', 'boxes = "corners"', "output: the network has no corners, but boxes"),
        ('size_name = "orig_target_sizes"', "", "input: the network has the inputs images, orig"),
        ("width = 64", "width = 96", "the runtime cannot run it"),
        ('classes = "labels"', "", "output.scores: has 1 rows for 2 boxes"),
    ],
)
def test_each_wrong_field_is_named(
    old: str, new: str, line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny = detr()
    assert old in tiny.description
    source = replace(tiny, description=tiny.description.replace(old, new, 1)).write(tmp_path)
    assert main(["add", str(source)], tmp_path) == 1
    assert line in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "line"),
    [("name =", "not a TOML file"), ("", "sha256: Field required")],
    ids=["broken", "empty"],
)
def test_what_is_no_description_is_refused(
    text: str, line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "tiny.toml"
    source.write_text(text)
    assert main(["add", str(source)], tmp_path) == 1
    assert line in capsys.readouterr().err


def test_missing_files_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", str(tmp_path / "nowhere.toml")], tmp_path) == 1
    assert "nowhere.toml: No such file" in capsys.readouterr().err
    source = detr().write(tmp_path)
    (tmp_path / "tiny.onnx").unlink()
    assert main(["add", str(source)], tmp_path) == 1
    assert "tiny.onnx: No such file" in capsys.readouterr().err


def test_logits_that_are_taken_for_scores_are_refused(tmp_path: Path) -> None:
    tiny = detr_logits()
    described = tiny.description.replace('activation = "sigmoid"', "")
    source = replace(tiny, description=described).write(tmp_path)
    with pytest.raises(DetectorRefused, match=r"output.activation: scores reach from -20"):
        slot.add(source, tmp_path)


def test_too_few_classes_are_refused(tmp_path: Path) -> None:
    tiny = yolox()
    described = tiny.description.replace("classes = [2]", "classes = [67]")
    with pytest.raises(DetectorRefused, match="labels: the network has 3 classes"):
        slot.add(replace(tiny, description=described).write(tmp_path), tmp_path)


def test_a_network_that_fails_on_some_pictures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DetectorRefused, match="the runtime cannot run it"):
        slot.add(failing_on_white().write(tmp_path), tmp_path)


def proto() -> onnx.ModelProto:
    return onnx.load_model_from_string(detr().content)


def test_weights_in_another_file_are_refused(tmp_path: Path) -> None:
    hostile = proto()
    tensor = hostile.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="/etc/passwd")
    source = replace(detr(), content=hostile.SerializeToString()).write(tmp_path)
    with pytest.raises(DetectorRefused, match="its weights lie in another file"):
        slot.add(source, tmp_path)


def test_weights_in_another_file_inside_a_branch_are_refused() -> None:
    hostile, inner = proto(), proto()
    inner.graph.initializer[0].data_location = TensorProto.EXTERNAL
    branch = helper.make_node(
        "If", ["yes"], ["x"], then_branch=inner.graph, else_branch=inner.graph
    )
    hostile.graph.node.append(branch)
    with pytest.raises(DetectorRefused, match="its weights lie in another file"):
        require_acceptable(hostile.SerializeToString())


def test_operators_and_functions_of_their_own_are_refused() -> None:
    hostile = proto()
    hostile.graph.node.append(helper.make_node("Shell", ["boxes"], ["x"], domain="com.evil"))
    with pytest.raises(DetectorRefused, match=r"the operator com\.evil\.Shell"):
        require_acceptable(hostile.SerializeToString())
    hostile = proto()
    hostile.functions.add(name="Shell", domain="com.evil")
    with pytest.raises(DetectorRefused, match="functions of its own"):
        require_acceptable(hostile.SerializeToString())


@pytest.mark.parametrize("content", [b"", b"no network", b"\x08\x09"])
def test_what_is_no_network_is_refused(content: bytes) -> None:
    with pytest.raises(DetectorRefused, match=r"no ONNX file|no network"):
        require_acceptable(content)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    source = detr().write(tmp_path)
    with (tmp_path / "tiny.onnx").open("wb") as stream:
        stream.truncate(2**40)  # a sparse file: a terabyte by name
    with pytest.raises(DetectorRefused, match="1048576 MB; 40 MB fit"):
        slot.add(source, tmp_path)


def test_a_network_that_fills_the_memory_is_refused(tmp_path: Path) -> None:
    """Ten gigabytes, asked for by a few bytes."""
    hostile = proto()
    graph = hostile.graph
    graph.node[0].output[0] = "brightest"
    graph.initializer.append(onnx.numpy_helper.from_array(np.array([2_500_000_000]), "shape"))
    for index, node in enumerate(
        (
            helper.make_node("ConstantOfShape", ["shape"], ["much"]),
            helper.make_node("ReduceMax", ["much"], ["most"], keepdims=0),
            helper.make_node("Add", ["most", "brightest"], ["white"]),
        ),
        1,
    ):
        graph.node.insert(index, node)
    source = replace(detr(), content=hostile.SerializeToString()).write(tmp_path)
    with pytest.raises(DetectorRefused, match=r"the runtime cannot run it|too much memory|ended"):
        slot.add(source, tmp_path)


def test_a_slow_or_large_detector_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = detr().write(tmp_path)
    monkeypatch.setattr(trial, "MAX_MILLISECONDS", -1)
    with pytest.raises(DetectorRefused, match=r"a picture takes \d+ ms; at most"):
        slot.add(source, tmp_path)
    monkeypatch.setattr(trial, "MAX_MILLISECONDS", 10_000)
    monkeypatch.setattr(trial, "MAX_RISE", -1)
    with pytest.raises(DetectorRefused, match=r"MB of memory; at most"):
        slot.add(source, tmp_path)


def test_endless_networks_are_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "_MAX_SECONDS", 0.01)
    with pytest.raises(DetectorRefused, match="did not finish within"):
        slot.add(detr().write(tmp_path), tmp_path)


def test_the_pinned_bytes_alone_are_opened(tmp_path: Path) -> None:
    place(detr(), tmp_path)
    path = tmp_path / "own" / "detector.onnx"
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(Exception, match="is not the file that the description pins"):
        OwnDetector.load(tmp_path)
    assert (
        hashlib.sha256(path.read_bytes()).hexdigest()
        not in (path.parent / "detector.toml").read_text()
    )
