"""From what was seen in one picture to findings. Pure rules over boxes and numbers.

A finding on one picture is not yet a flag: the rules over time decide that elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import copysign
from typing import Literal

from chalicelib.domain import types
from chalicelib.domain.rules.findings import Finding, FindingKind
from functions.vision.boxes import Box
from functions.vision.head_pose import HeadPose
from functions.vision.quality import PictureQuality
from functions.vision.temporal import (
    NO_SIGNALS,
    SequenceThresholds,
    TemporalSignals,
    temporal_findings,
)

View = types.View | Literal["first", "second"]


@dataclass(frozen=True)
class Thresholds:
    """From which of the models' scores on a thing counts; how they were chosen: models/cards/."""

    present: float = 0.3  # a body, for the seat not to be empty
    person: float = 0.5  # a body, to be counted beside another
    face: float = 0.82  # a face, to be one at all
    near_face: float = 0.55  # a large face on a body, to be one
    likely_face: float = 0.7  # a face, to tell how a head is turned
    stranger: float = 0.88  # a face without a body, to be counted beside another
    phone: float = 0.25
    book: float = 0.33
    screen: float = 0.6
    same_person: float = 0.363
    yaw: float = 28.0  # degrees of a head turned aside
    nose: float = 0.33  # the same, told by where the nose lies between the eyes
    usual_yaw: float = 0.0  # where the head points while nothing is amiss, and
    usual_nose: float = 0.0  # the same, told by the nose, towards the yaw's side
    gaze: float = 0.12  # the eyes, in widths of an eye from their middle
    strange: float = 8.5  # deviations of a face from ordinary open ones
    very_strange: float = 12.6  # the same, for a face too small or turned to ask for less
    odd: float = 3.5  # the same, for a face to be asked whether a hand is before it, and
    hand: float = 0.4  # how surely that must be
    shade: float = 0.32  # the light around the eyes, as a part of the skin's: dark glasses
    # A face must be so many pixels wide before its identity, or its openness, may be doubted.
    identity_side: float = 48.0
    open_side: float = 60.0
    open_light: float = 30.0  # brightness of 255 that it must have for the same
    # What a picture must show, as ``Quality`` measures it.
    texture: float = 8.0  # to come from an open lens
    light: float = 30.0  # not to be dark, unless
    brightest: float = 60.0  # something in it is as bright as this
    sharpness: float = 0.1
    recall: SequenceThresholds = field(
        default_factory=SequenceThresholds
    )  # against the pictures before


# The share of the picture's width from which a face is near.
_NEAR = 0.15
# The share of the picture's height from which a body must show its face.
_NEAR_BODY = 0.6
# Times the limit of a turned head from which a face is seen from its side.
_PROFILE = 1.5

STANDARD = Thresholds()


@dataclass(frozen=True)
class FrameSignals:
    """What the models said about one picture.

    ``phone`` is the likeliest phone; ``similarity`` the best of the faces large enough to judge;
    ``head``, ``gaze`` and ``hand``, a hand before the mouth, belong to the largest face.
    """

    faces: Sequence[Box]
    objects: Sequence[Box]
    phone: Box | None
    similarity: float | None
    head: HeadPose | None
    gaze: float | None
    quality: PictureQuality
    hand: float | None = None
    temporal: TemporalSignals = NO_SIGNALS


def decide_findings(
    signals: FrameSignals, view: View, thresholds: Thresholds
) -> tuple[Finding, ...]:
    """Every finding of the view, in a fixed order."""
    if _lens_covered(signals, thresholds):
        # It shows nothing of the seat: whether that is empty cannot be told, so it is not «absent».
        return (
            _finding(
                FindingKind.CAMERA_COVERED, thresholds.texture / (signals.quality.texture + 0.1)
            ),
        )
    findings = [*_presence(signals, thresholds), *_things(signals, thresholds)]
    if view == "first":
        findings += [*_screens(signals, thresholds), *_face(signals, thresholds)]
    if not _is_dark(signals.quality, thresholds):  # grain is no room, and no face
        findings += temporal_findings(signals.temporal, thresholds.recall)
    return tuple(findings)


def is_face(box: Box, objects: Sequence[Box], thresholds: Thresholds) -> bool:
    """Whether a face is sure enough: less is asked of a large one that sits on a body."""
    bodies = [
        body for body in objects if body.label == "person" and body.score >= thresholds.person
    ]
    near = box.w >= _NEAR and any(box.within(body) > 0.9 for body in bodies)
    return box.score >= (thresholds.near_face if near else thresholds.face)


def persons(signals: FrameSignals, thresholds: Thresholds) -> tuple[Box, ...]:
    """Everybody in the picture: bodies, and faces that no body accounts for.

    Where nobody is sure enough to be counted beside another, the likeliest one counts alone.
    """
    bodies = [box for box in signals.objects if box.label == "person"]
    sure = [box for box in bodies if box.score >= thresholds.person]
    alone = [
        replace(face, label="person")
        for face in signals.faces
        if face.score >= thresholds.stranger and not any(face.within(body) > 0.5 for body in sure)
    ]
    likely = [box for box in bodies if box.score >= thresholds.present]
    return (*sure, *alone) or tuple([*likely, *signals.faces][:1])


def body_of(face: Box, objects: Sequence[Box], thresholds: Thresholds) -> Box | None:
    """The largest body around a face that is sure enough to be one."""
    bodies = [box for box in objects if box.label == "person" and box.score >= thresholds.present]
    around = [body for body in bodies if face.within(body) > 0.5]
    return max(around, key=lambda body: body.area, default=None)


def _lens_covered(signals: FrameSignals, thresholds: Thresholds) -> bool:
    """Whether a picture is black or one smooth surface; where somebody is seen it is not."""
    return not persons(signals, thresholds) and signals.quality.texture < thresholds.texture


def _is_dark(quality: PictureQuality, thresholds: Thresholds) -> bool:
    return quality.light < thresholds.light and quality.brightest < thresholds.brightest


def _presence(signals: FrameSignals, thresholds: Thresholds) -> list[Finding]:
    people = sorted(box.score for box in persons(signals, thresholds))
    if not people and _is_dark(signals.quality, thresholds):
        return []  # in the dark a seat that is taken looks like an empty one
    if not people:
        doubts = [box.score for box in signals.objects if box.label == "person"]
        return [Finding(FindingKind.ABSENT, 1 - max(doubts, default=0.0))]
    if len(people) > 1:
        return [Finding(FindingKind.EXTRA_PERSON, _confidence(people[-2], thresholds.person))]
    return []


def _things(signals: FrameSignals, thresholds: Thresholds) -> list[Finding]:
    books = [box.score for box in signals.objects if box.label == "book"]
    seen = [
        (FindingKind.PHONE, signals.phone.score if signals.phone else 0.0, thresholds.phone),
        (FindingKind.BOOK, max(books, default=0.0), thresholds.book),
    ]
    return [Finding(kind, _confidence(score, at)) for kind, score, at in seen if score >= at]


def _screens(signals: FrameSignals, thresholds: Thresholds) -> list[Finding]:
    """A screen beside somebody: the candidate's own stands behind the camera of the first view.

    A box around a face is the picture's or a poster's frame, or a wall, taken for a screen.
    """
    screens = [
        box.score
        for box in signals.objects
        if box.label in ("tv", "laptop")
        and not any(face.within(box) > 0.5 for face in signals.faces)
    ]
    score = max(screens, default=0.0)
    if score < thresholds.screen or not persons(signals, thresholds):
        return []
    return [Finding(FindingKind.OTHER_SCREEN, _confidence(score, thresholds.screen))]


def _face(signals: FrameSignals, thresholds: Thresholds) -> list[Finding]:
    """What the largest face tells, or why the picture cannot tell it.

    A dark or blurred picture in which a face is found, and nothing strange about it, is good
    enough. Where there is a doubt, the picture is to blame and not the candidate.
    """
    # A face that is turned away or covered tells nobody's identity.
    doubts = _head_and_gaze(signals, thresholds) or _identity(signals, thresholds)
    if not doubts and signals.head is not None:
        return []
    unclear = _unclear(signals.quality, thresholds)
    return [unclear] if unclear else doubts


def _unclear(quality: PictureQuality, thresholds: Thresholds) -> Finding | None:
    if _is_dark(quality, thresholds):
        return _finding(FindingKind.TOO_DARK, thresholds.light / (quality.light + 0.1))
    if quality.sharpness < thresholds.sharpness:
        return _finding(FindingKind.TOO_BLURRED, thresholds.sharpness / (quality.sharpness + 0.001))
    return None


def _identity(signals: FrameSignals, thresholds: Thresholds) -> list[Finding]:
    similarity, limit = signals.similarity, thresholds.same_person
    if similarity is None or similarity >= limit:
        return []
    return [Finding(FindingKind.IDENTITY_MISMATCH, _confidence(-similarity, -limit))]


def _head_and_gaze(signals: FrameSignals, thresholds: Thresholds) -> list[Finding]:
    """Whether the largest face is turned away or covered, or not to be seen at all."""
    head = signals.head
    if head is None:
        return _faceless(signals, thresholds)
    nose = copysign(head.nose, head.yaw)
    turned = max(
        abs(head.yaw - thresholds.usual_yaw) / thresholds.yaw,
        abs(nose - thresholds.usual_nose) / thresholds.nose,
    )
    covered = max(
        _covered_finding(head, turned, thresholds), (signals.hand or 0.0) / thresholds.hand
    )
    if covered >= 1:
        away = [_finding(FindingKind.LOOKING_AWAY, turned)] if turned >= 1 else []
        return [_finding(FindingKind.FACE_OCCLUDED, covered), *away]
    beside = abs(signals.gaze or 0.0) / thresholds.gaze
    return (
        [_finding(FindingKind.LOOKING_AWAY, max(turned, beside))]
        if max(turned, beside) >= 1
        else []
    )


def _covered_finding(head: HeadPose, turned: float, thresholds: Thresholds) -> float:
    """How many times its limit a face is strange or its eyes dark; a profile's strangeness tells nothing."""
    if turned > _PROFILE:
        return 0.0
    clear = turned < 1 and head.width >= thresholds.open_side
    strange = head.anomaly / (thresholds.strange if clear else thresholds.very_strange)
    if head.light < thresholds.open_light:
        strange = 0.0  # every face looks strange in the dark
    return max(strange, thresholds.shade / max(head.shade, 0.01))


def _faceless(signals: FrameSignals, thresholds: Thresholds) -> list[Finding]:
    """A person near the camera without any face: covered, or turned right away."""
    near = [
        body.score
        for body in signals.objects
        if body.label == "person" and body.score >= thresholds.person and body.h >= _NEAR_BODY
    ]
    return [Finding(FindingKind.FACE_OCCLUDED, near[0])] if len(near) == 1 else []


def _finding(kind: FindingKind, ratio: float) -> Finding:
    """A finding from how many times its limit was reached."""
    return Finding(kind, round(min(1.0, ratio / 2), 4))


def _confidence(score: float, limit: float) -> float:
    """A model's score above its limit, told as 0.5 at the limit and 1 at its best."""
    return round(min(1.0, 0.5 + 0.5 * (score - limit) / (1 - abs(limit))), 4)
