"""What the rules decide by: the thresholds, the models' output for one picture, and scores."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from chalicelib.domain import types
from chalicelib.domain.rules.findings import Finding, FindingKind
from functions.vision.boxes import Box
from functions.vision.head_pose import HeadPose
from functions.vision.quality import PictureQuality
from functions.vision.temporal import NO_SIGNALS, SequenceThresholds, TemporalSignals

View = types.View | Literal["first", "second"]


@dataclass(frozen=True)
class Thresholds:
    """From which score or measure on something counts; how they were chosen: models/cards/."""

    present: float = 0.3  # a body: the seat is not empty
    person: float = 0.5  # a body: counts as another person
    present_again: float = 0.4  # the same by the second detector, where the first sees nobody
    person_at_edge: float = 0.3  # the same, for one cut by the left or right edge
    face: float = 0.82
    near_face: float = 0.55  # a large face on a body
    likely_face: float = 0.7  # a face: its head pose is estimated
    bodiless_face: float = 0.88  # a face without a body: counts as another person
    phone: float = 0.12
    possible_phone: float = 0.05  # a weak sign
    book: float = 0.12
    book_second: float = 0.25  # in the second view, where papers on the desk resemble one
    screen: float = 0.6
    same_person: float = 0.363  # cosine similarity to the candidate's face
    yaw: float = 28.0  # degrees, head turned away
    nose: float = 0.33  # the same, by the nose's offset between the eyes
    down: float = 20.0  # degrees below the usual pitch: the head is bent down
    baseline_yaw: float = 0.0  # the candidate's usual yaw, from which the others are measured, and
    baseline_nose: float = 0.0  # the usual offset of the nose, with the sign of the yaw
    baseline_pitch: float = -8.0  # webcams stand above the screen: most people look a little down
    gaze: float = 0.12  # offset of the irises from the usual one, in eye widths
    baseline_gaze: float = 0.0  # where the camera stands beside the screen, nobody looks into it
    anomaly: float = 8.5  # anomaly score of a face: covered
    anomaly_turned: float = 10.0  # the same, for a turned face
    anomaly_profile: float = 14.0  # the same, for one in profile
    anomaly_small: float = 12.6  # the same at least, for a small one
    anomaly_hand_check: float = 3.5  # from here on, a hand over the mouth is looked for
    hand: float = 0.4  # score of a hand over the mouth
    dark_glasses: float = 0.5  # score of dark glasses
    tilt: float = 8.0  # degrees; from here on, a covered face is looked at once more, upright
    # The minimum width of a face, in pixels, to judge its identity or whether it is covered.
    identity_width: float = 48.0
    occlusion_width: float = 60.0
    occlusion_light: float = 30.0  # the face's minimum brightness, of 255, for the latter
    # Picture quality (see ``PictureQuality``) must reach these.
    texture: float = 8.0  # below: the lens is covered
    light: float = 30.0  # below: dark, unless
    brightest: float = 60.0  # something in the picture is as bright as this
    sharpness: float = 0.1
    sequence: SequenceThresholds = field(default_factory=SequenceThresholds)

    def book_limit(self, view: View) -> float:
        """Return from which score on a book counts in a view."""
        return self.book_second if view == "second" else self.book


STANDARD = Thresholds()


@dataclass(frozen=True)
class FrameSignals:
    """The models' output for one picture, the input of the rules.

    ``phone`` and ``book`` are the likeliest ones that count; ``standing`` are the things seen that
    do not, and ``untold`` whether a proctor is still to be told of them. ``similarity`` is the
    highest among the faces that are large enough to compare; ``head``, ``gaze``, ``hand`` (score of
    a hand over the mouth) and ``half_out`` (the frame cuts it) belong to the largest face.
    """

    faces: Sequence[Box]
    objects: Sequence[Box]
    phone: Box | None
    similarity: float | None
    head: HeadPose | None
    gaze: float | None
    quality: PictureQuality
    hand: float | None = None
    half_out: bool = False
    temporal: TemporalSignals = NO_SIGNALS
    book: Box | None = None
    standing: Sequence[Box] = ()
    untold: bool = False


def is_dark(quality: PictureQuality, thresholds: Thresholds) -> bool:
    """Return whether a picture is dark and nothing in it is bright: a lit face is judged."""
    return quality.light < thresholds.light and quality.brightest < thresholds.brightest


def ratio_finding(kind: FindingKind, ratio: float) -> Finding:
    """Return a finding with the score of a measure relative to its threshold: 0.5 at the latter."""
    return Finding(kind, round(min(1.0, ratio / 2), 4))


def confidence(score: float, threshold: float) -> float:
    """Rescale a model's score: 0.5 at the threshold, 1 at the maximum."""
    return round(min(1.0, 0.5 + 0.5 * (score - threshold) / (1 - abs(threshold))), 4)
