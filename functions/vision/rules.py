"""Rules from the models' output for one picture to findings: pure functions of boxes and numbers.

A finding in one picture is not yet a flag: `chalicelib.domain.monitoring.flags` applies the rules
over time. What is decided about the largest face is in `face_rules`.
"""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.domain.rules.findings import Finding, FindingKind
from functions.vision.boxes import Box
from functions.vision.face_rules import face_findings
from functions.vision.frame_signals import (
    STANDARD,
    FrameSignals,
    Thresholds,
    View,
    confidence,
    is_dark,
    ratio_finding,
)
from functions.vision.temporal import temporal_findings
from functions.vision.thing_rules import screen_findings, thing_findings

__all__ = [
    "STANDARD",
    "FrameSignals",
    "Thresholds",
    "View",
    "body_of",
    "decide_findings",
    "is_face",
    "persons",
]

# From this fraction of the picture's width on, a face is near.
_NEAR_FACE = 0.15
# Within this fraction of the picture's width, a body touches its edge.
_EDGE = 0.01
# A body that the edge cuts is taller than this fraction of the picture's height.
_TALL = 0.3


def decide_findings(
    signals: FrameSignals, view: View, thresholds: Thresholds
) -> tuple[Finding, ...]:
    """Return every finding of the view, in a fixed order."""
    if _is_lens_covered(signals, thresholds):
        # The picture does not show whether the seat is empty, so it is not «absent».
        return (
            ratio_finding(
                FindingKind.CAMERA_COVERED, thresholds.texture / (signals.quality.texture + 0.1)
            ),
        )
    findings = [*_presence(signals, thresholds), *thing_findings(signals, view, thresholds)]
    if view == "first":
        # Where nobody is, a screen is nobody's.
        screens = screen_findings(signals, thresholds) if persons(signals, thresholds) else []
        findings += [*screens, *face_findings(signals, thresholds)]
    if not is_dark(signals.quality, thresholds):  # noise cannot be compared with a room or a face
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
    bodies += _cut_by_frame(candidates, thresholds)
    bodiless = [
        replace(face, label="person")
        for face in signals.faces
        if face.score >= thresholds.bodiless_face
        and not any(face.within(body) > 0.5 for body in bodies)
    ]
    likely = [box for box in candidates if box.score >= thresholds.present]
    return (*bodies, *bodiless) or tuple([*likely, *signals.faces][:1])


def _cut_by_frame(candidates: Sequence[Box], thresholds: Thresholds) -> list[Box]:
    """Return the bodies that score low because the left or right edge cuts them.

    They must be tall, and beside the largest body: not a part of it.
    """
    likely = [box for box in candidates if box.score >= thresholds.present]
    largest = max(likely, key=lambda box: box.area, default=None)
    return [
        box
        for box in candidates
        if largest is not None
        and box is not largest
        and thresholds.person_at_edge <= box.score < thresholds.person
        and (box.x <= _EDGE or box.x + box.w >= 1 - _EDGE)
        and box.h > _TALL
        and box.within(largest) < 0.5
    ]


def body_of(face: Box, objects: Sequence[Box], thresholds: Thresholds) -> Box | None:
    """Return the largest body around a face, if there is one."""
    bodies = [box for box in objects if box.label == "person" and box.score >= thresholds.present]
    surrounding = [body for body in bodies if face.within(body) > 0.5]
    return max(surrounding, key=lambda body: body.area, default=None)


def _is_lens_covered(signals: FrameSignals, thresholds: Thresholds) -> bool:
    """Return whether a picture without persons is black or one smooth surface."""
    return not persons(signals, thresholds) and signals.quality.texture < thresholds.texture


def _presence(signals: FrameSignals, thresholds: Thresholds) -> list[Finding]:
    scores = sorted(box.score for box in persons(signals, thresholds))
    if not scores and is_dark(signals.quality, thresholds):
        return []  # in the dark an occupied seat looks like an empty one
    if not scores:
        faint = [box.score for box in signals.objects if box.label == "person"]
        return [Finding(FindingKind.ABSENT, 1 - max(faint, default=0.0))]
    if len(scores) > 1:
        return [Finding(FindingKind.EXTRA_PERSON, confidence(scores[-2], thresholds.person))]
    return []
