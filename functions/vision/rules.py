"""Rules from the models' output for one picture to findings: pure functions of boxes and numbers.

A finding in one picture is not yet a flag: `chalicelib.domain.monitoring.flags` applies the rules
over time.
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
    """From which score or measure on something counts; how they were chosen: models/cards/."""

    present: float = 0.3  # a body: the seat is not empty
    person: float = 0.5  # a body: counts as another person
    face: float = 0.82
    near_face: float = 0.55  # a large face on a body
    likely_face: float = 0.7  # a face: its head pose is estimated
    bodiless_face: float = 0.88  # a face without a body: counts as another person
    phone: float = 0.25
    book: float = 0.33
    screen: float = 0.6
    same_person: float = 0.363  # cosine similarity to the candidate's face
    yaw: float = 28.0  # degrees, head turned away
    nose: float = 0.33  # the same, by the nose's offset between the eyes
    baseline_yaw: float = 0.0  # the candidate's usual yaw, from which the others are measured, and
    baseline_nose: float = 0.0  # the usual offset of the nose, with the sign of the yaw
    gaze: float = 0.12  # offset of the irises, in eye widths
    anomaly: float = 8.5  # anomaly score of a face: covered
    anomaly_unclear: float = 12.6  # the same, for a small or turned face
    anomaly_hand_check: float = 3.5  # from here on, a hand over the mouth is looked for
    hand: float = 0.4  # score of a hand over the mouth
    shade: float = 0.32  # brightness around the eyes relative to the skin's; below: dark glasses
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


# From this fraction of the picture's width on, a face is near.
_NEAR_FACE = 0.15
# From this fraction of the picture's height on, a body must show its face.
_NEAR_BODY = 0.6
# From this multiple of the threshold of a turned head on, the face is seen in profile.
_PROFILE = 1.5

STANDARD = Thresholds()


@dataclass(frozen=True)
class FrameSignals:
    """The models' output for one picture, the input of the rules.

    ``phone`` is the likeliest phone; ``similarity`` the highest among the faces that are large
    enough to compare; ``head``, ``gaze`` and ``hand`` (score of a hand over the mouth) belong to
    the largest face.
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
    """Return every finding of the view, in a fixed order."""
    if _is_lens_covered(signals, thresholds):
        # The picture does not show whether the seat is empty, so it is not «absent».
        return (
            _finding(
                FindingKind.CAMERA_COVERED, thresholds.texture / (signals.quality.texture + 0.1)
            ),
        )
    findings = [*_presence(signals, thresholds), *_things(signals, thresholds)]
    if view == "first":
        findings += [*_screens(signals, thresholds), *_face(signals, thresholds)]
    if not _is_dark(signals.quality, thresholds):  # noise cannot be compared with a room or a face
        findings += temporal_findings(signals.temporal, thresholds.sequence)
    return tuple(findings)


def is_face(box: Box, objects: Sequence[Box], thresholds: Thresholds) -> bool:
    """Return whether a detection counts as a face; a large one on a body needs a lower score."""
    bodies = [
        body for body in objects if body.label == "person" and body.score >= thresholds.person
    ]
    near = box.w >= _NEAR_FACE and any(box.within(body) > 0.9 for body in bodies)
    return box.score >= (thresholds.near_face if near else thresholds.face)


def persons(signals: FrameSignals, thresholds: Thresholds) -> tuple[Box, ...]:
    """Return all persons in the picture: bodies, and faces that belong to none of them.

    If none scores high enough to be counted beside another, the likeliest one is returned alone.
    """
    candidates = [box for box in signals.objects if box.label == "person"]
    bodies = [box for box in candidates if box.score >= thresholds.person]
    bodiless = [
        replace(face, label="person")
        for face in signals.faces
        if face.score >= thresholds.bodiless_face
        and not any(face.within(body) > 0.5 for body in bodies)
    ]
    likely = [box for box in candidates if box.score >= thresholds.present]
    return (*bodies, *bodiless) or tuple([*likely, *signals.faces][:1])


def body_of(face: Box, objects: Sequence[Box], thresholds: Thresholds) -> Box | None:
    """Return the largest body around a face, if there is one."""
    bodies = [box for box in objects if box.label == "person" and box.score >= thresholds.present]
    surrounding = [body for body in bodies if face.within(body) > 0.5]
    return max(surrounding, key=lambda body: body.area, default=None)


def _is_lens_covered(signals: FrameSignals, thresholds: Thresholds) -> bool:
    """Return whether a picture without persons is black or one smooth surface."""
    return not persons(signals, thresholds) and signals.quality.texture < thresholds.texture


def _is_dark(quality: PictureQuality, thresholds: Thresholds) -> bool:
    return quality.light < thresholds.light and quality.brightest < thresholds.brightest


def _presence(signals: FrameSignals, thresholds: Thresholds) -> list[Finding]:
    scores = sorted(box.score for box in persons(signals, thresholds))
    if not scores and _is_dark(signals.quality, thresholds):
        return []  # in the dark an occupied seat looks like an empty one
    if not scores:
        faint = [box.score for box in signals.objects if box.label == "person"]
        return [Finding(FindingKind.ABSENT, 1 - max(faint, default=0.0))]
    if len(scores) > 1:
        return [Finding(FindingKind.EXTRA_PERSON, _confidence(scores[-2], thresholds.person))]
    return []


def _things(signals: FrameSignals, thresholds: Thresholds) -> list[Finding]:
    books = [box.score for box in signals.objects if box.label == "book"]
    things = [
        (FindingKind.PHONE, signals.phone.score if signals.phone else 0.0, thresholds.phone),
        (FindingKind.BOOK, max(books, default=0.0), thresholds.book),
    ]
    return [
        Finding(kind, _confidence(score, threshold))
        for kind, score, threshold in things
        if score >= threshold
    ]


def _screens(signals: FrameSignals, thresholds: Thresholds) -> list[Finding]:
    """Return the finding of a second screen; the candidate's own is behind the first view's camera.

    A box around a face is no screen: it is a wall or the frame of a picture, misclassified.
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
    """Return the findings of the largest face, or the picture's quality that prevents them.

    A dark or blurred picture is good enough if its face is found and gives no finding. Otherwise
    the quality is reported instead, so that a bad picture does not incriminate the candidate.
    """
    # Identity cannot be judged by a face that is turned away or covered.
    findings = _head_and_gaze(signals, thresholds) or _identity(signals, thresholds)
    if not findings and signals.head is not None:
        return []
    poor_quality = _poor_quality(signals.quality, thresholds)
    return [poor_quality] if poor_quality else findings


def _poor_quality(quality: PictureQuality, thresholds: Thresholds) -> Finding | None:
    if _is_dark(quality, thresholds):
        return _finding(FindingKind.TOO_DARK, thresholds.light / (quality.light + 0.1))
    if quality.sharpness < thresholds.sharpness:
        return _finding(FindingKind.TOO_BLURRED, thresholds.sharpness / (quality.sharpness + 0.001))
    return None


def _identity(signals: FrameSignals, thresholds: Thresholds) -> list[Finding]:
    similarity, threshold = signals.similarity, thresholds.same_person
    if similarity is None or similarity >= threshold:
        return []
    return [Finding(FindingKind.IDENTITY_MISMATCH, _confidence(-similarity, -threshold))]


def _head_and_gaze(signals: FrameSignals, thresholds: Thresholds) -> list[Finding]:
    """Return whether the largest face is covered, turned away or looks away, or is not visible."""
    head = signals.head
    if head is None:
        return _hidden_face(signals, thresholds)
    nose = copysign(head.nose, head.yaw)
    turn_ratio = max(
        abs(head.yaw - thresholds.baseline_yaw) / thresholds.yaw,
        abs(nose - thresholds.baseline_nose) / thresholds.nose,
    )
    occlusion_ratio = max(
        _occlusion_ratio(head, turn_ratio, thresholds), (signals.hand or 0.0) / thresholds.hand
    )
    if occlusion_ratio >= 1:
        away = [_finding(FindingKind.LOOKING_AWAY, turn_ratio)] if turn_ratio >= 1 else []
        return [_finding(FindingKind.FACE_OCCLUDED, occlusion_ratio), *away]
    away_ratio = max(turn_ratio, abs(signals.gaze or 0.0) / thresholds.gaze)
    return [_finding(FindingKind.LOOKING_AWAY, away_ratio)] if away_ratio >= 1 else []


def _occlusion_ratio(head: HeadPose, turn_ratio: float, thresholds: Thresholds) -> float:
    """Return the anomaly score or the eyes' shade relative to its threshold; 0 for a profile."""
    if turn_ratio > _PROFILE:
        return 0.0
    clear = turn_ratio < 1 and head.width >= thresholds.occlusion_width
    anomaly_ratio = head.anomaly / (thresholds.anomaly if clear else thresholds.anomaly_unclear)
    if head.light < thresholds.occlusion_light:
        anomaly_ratio = 0.0  # in the dark every face scores high
    return max(anomaly_ratio, thresholds.shade / max(head.shade, 0.01))


def _hidden_face(signals: FrameSignals, thresholds: Thresholds) -> list[Finding]:
    """Return the finding of one person near the camera without a face: covered or turned away."""
    near = [
        body.score
        for body in signals.objects
        if body.label == "person" and body.score >= thresholds.person and body.h >= _NEAR_BODY
    ]
    return [Finding(FindingKind.FACE_OCCLUDED, near[0])] if len(near) == 1 else []


def _finding(kind: FindingKind, ratio: float) -> Finding:
    """Return a finding with the score of a measure relative to its threshold: 0.5 at the latter."""
    return Finding(kind, round(min(1.0, ratio / 2), 4))


def _confidence(score: float, threshold: float) -> float:
    """Rescale a model's score: 0.5 at the threshold, 1 at the maximum."""
    return round(min(1.0, 0.5 + 0.5 * (score - threshold) / (1 - abs(threshold))), 4)
