"""The description of an institution's own detector: a TOML file, validated field by field.

It says what the network expects and what its output means, so that detectors of other families fit
in unchanged: D-FINE and RT-DETR, YOLOX, SSD. docs/guide/own-detector.md has an example of each.
"""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

Label = Literal["person", "tv", "laptop", "mouse", "remote", "keyboard", "phone", "book"]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\n]+$")
]
Side = Annotated[int, Field(ge=32, le=1280)]
Channels = Annotated[list[float], Field(min_length=3, max_length=3)]


class DescriptionError(Exception):
    """The file is no valid description; ``faults`` are lines of «field: reason»."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DetectorInputFormat(_Part):
    """How a picture becomes the network's input.

    A pixel's value is (value - mean) / deviation, in the order of ``channels``. ``letterbox`` keeps
    the aspect ratio and centres the picture, ``letterbox_corner`` puts it into the top left corner.
    ``size_name`` is a second input that takes width and height (RT-DETR: ``orig_target_sizes``).
    """

    width: Side
    height: Side
    name: Name | None = None
    size_name: Name | None = None
    fit: Literal["stretch", "letterbox", "letterbox_corner"] = "stretch"
    margin: Annotated[int, Field(ge=0, le=255)] = 114
    channels: Literal["RGB", "BGR"] = "RGB"
    layout: Literal["NCHW", "NHWC"] = "NCHW"
    dtype: Literal["float32", "float16", "uint8"] = "float32"
    mean: Channels = Field(default=[0.0, 0.0, 0.0])
    deviation: Channels = Field(default=[255.0, 255.0, 255.0])

    @model_validator(mode="after")
    def _normalises(self) -> Self:
        if any(value <= 0 for value in self.deviation):
            raise ValueError("deviation must be greater than 0")
        plain = not {"mean", "deviation"} & self.model_fields_set
        if self.dtype == "uint8" and not plain:
            raise ValueError("mean and deviation do not apply to uint8 pixels")
        return self


class DetectorOutputFormat(_Part):
    """What the network's output means.

    Either ``joined`` names one output with a row for each box (four numbers, the objectness if
    there is one, the scores), or ``boxes`` and ``scores`` name two, and ``classes`` a third if
    ``scores`` has one number for each box. ``pixels`` are those of the network's input. ``grid``
    lists the strides of a YOLOX output that is relative to its cells.
    """

    corners: Literal["xyxy", "yxyx", "cxcywh"]
    unit: Literal["relative", "pixels"]
    joined: Name | None = None
    boxes: Name | None = None
    scores: Name | None = None
    classes: Name | None = None
    objectness: bool = False
    activation: Literal["none", "sigmoid", "softmax"] = "none"
    grid: Annotated[list[Annotated[int, Field(ge=1, le=256)]], Field(max_length=8)] = []
    suppress: bool = True

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        apart = (self.boxes, self.scores)
        if self.joined and any((*apart, self.classes)):
            raise ValueError("joined excludes boxes, scores and classes")
        if not self.joined and not all(apart):
            raise ValueError("name either joined, or boxes and scores")
        if self.objectness and not self.joined:
            raise ValueError("objectness needs joined")
        if self.grid and (self.corners, self.unit) != ("cxcywh", "pixels"):
            raise ValueError("grid needs corners cxcywh and unit pixels")
        if self.classes and self.activation == "softmax":
            raise ValueError("softmax needs a score for each class")
        return self


class DetectedClass(_Part):
    """The network's classes that are one of our labels, and the score from which a box counts."""

    classes: Annotated[list[Annotated[int, Field(ge=0, le=9999)]], Field(min_length=1)]
    limit: Annotated[float, Field(ge=0.05, lt=1)] = 0.5


class DetectorDescription(_Part):
    """The whole file. ``file`` lies beside it; ``sha256`` pins its bytes."""

    name: Name
    version: Name
    licence: Name
    file: Annotated[str, StringConstraints(pattern=r"^[\w.-]+\.onnx$")]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    input: DetectorInputFormat
    output: DetectorOutputFormat
    labels: Annotated[dict[Label, DetectedClass], Field(min_length=1)]

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        classes = [number for label in self.labels.values() for number in label.classes]
        if len(classes) != len(set(classes)):
            raise ValueError("labels name a class twice")
        return self

    @property
    def identity(self) -> str:
        """How observations name the detector."""
        return f"{self.name} {self.version}, sha256 {self.sha256[:16]}"


def read_description(path: Path) -> DetectorDescription:
    """Read and validate a description. Raises DescriptionError and OSError."""
    try:
        fields = tomllib.loads(path.read_text("utf-8"))
        return DetectorDescription.model_validate(fields, strict=True)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DescriptionError([f"not a TOML file: {error}"]) from error
    except ValidationError as error:
        raise DescriptionError([_fault(dict(fault)) for fault in error.errors()]) from error


_OURS = re.compile(r"^Value error, ")


def _fault(fault: dict[str, object]) -> str:
    place = fault["loc"]
    field = ".".join(str(step) for step in place if step != "[key]") if place else "file"  # type: ignore[attr-defined]
    return f"{field}: {_OURS.sub('', str(fault['msg']))}"
