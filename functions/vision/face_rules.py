"""Rules about the largest face of the first view: covered, turned, of another person, unreadable."""

from collections.abc import Sequence
from math import copysign

from chalicelib.domain.rules.findings import Finding, FindingKind
from functions.vision.boxes import Box
from functions.vision.frame_signals import (
    FrameSignals,
    Thresholds,
    confidence,
    is_dark,
    ratio_finding,
)
from functions.vision.head_pose import HeadPose
from functions.vision.quality import PictureQuality

# From this fraction of the picture's height on, a body must show its face.
_NEAR_BODY = 0.6
# From this multiple of the threshold of a turned head on, the face is seen in profile.
_PROFILE = 1.5
_HALF_OUT_SCORE = 0.6


def face_findings(signals: FrameSignals, thresholds: Thresholds) -> list[Finding]:
    """Return the findings of the largest face, or the picture's quality that prevents them.

    A dark or blurred picture is good enough if its face is found and gives no finding. Otherwise
    the quality is reported instead, so that a bad picture does not incriminate the candidate.
    """
    # Identity cannot be judged by a face that is turned away, covered or cut.
    findings = _direction_and_cover(signals, thresholds) or _identity(signals, thresholds)
    if not findings and signals.head is not None:
        return []
    poor_quality = _poor_quality(signals.quality, thresholds)
    return [poor_quality] if poor_quality else findings


def _poor_quality(quality: PictureQuality, thresholds: Thresholds) -> Finding | None:
    if is_dark(quality, thresholds):
        return ratio_finding(FindingKind.TOO_DARK, thresholds.light / (quality.light + 0.1))
    if quality.sharpness < thresholds.sharpness:
        return ratio_finding(
            FindingKind.TOO_BLURRED, thresholds.sharpness / (quality.sharpness + 0.001)
        )
    return None


def _identity(signals: FrameSignals, thresholds: Thresholds) -> list[Finding]:
    similarity, threshold = signals.similarity, thresholds.same_person
    if similarity is None or similarity >= threshold:
        return []
    return [Finding(FindingKind.IDENTITY_MISMATCH, confidence(-similarity, -threshold))]


def _direction_and_cover(signals: FrameSignals, thresholds: Thresholds) -> list[Finding]:
    """Return whether the largest face is covered, turned or bent away, or is not visible.

    Each is decided for itself: a mask seen from the side is told as both. Of a face cut by the
    frame, none can be: its measures need all of it, and the candidate is asked to come back first.
    """
    head = signals.head
    if head is None:
        return _hidden_face(signals, thresholds)
    if signals.half_out:
        return [Finding(FindingKind.HALF_OUT_OF_FRAME, _HALF_OUT_SCORE)]
    turn_ratio = _turn_ratio(head, thresholds)
    occlusion_ratio = max(
        _occlusion_ratio(head, turn_ratio, thresholds), (signals.hand or 0.0) / thresholds.hand
    )
    # The eyes of a covered face may be covered too: its gaze is not judged.
    gaze = 0.0 if occlusion_ratio >= 1 else _gaze_aside(signals, thresholds)
    ratios = {
        FindingKind.FACE_OCCLUDED: occlusion_ratio,
        FindingKind.LOOKING_AWAY: max(turn_ratio, gaze / thresholds.gaze),
        FindingKind.LOOKING_DOWN: (thresholds.baseline_pitch - head.pitch) / thresholds.down,
    }
    return [ratio_finding(kind, ratio) for kind, ratio in ratios.items() if ratio >= 1]


def _gaze_aside(signals: FrameSignals, thresholds: Thresholds) -> float:
    """Return how far the eyes look from where they usually do; 0 where it was not measured."""
    return 0.0 if signals.gaze is None else abs(signals.gaze - thresholds.baseline_gaze)


def _turn_ratio(head: HeadPose, thresholds: Thresholds) -> float:
    """Return how far the head is turned from its usual direction, relative to the threshold."""
    nose = copysign(head.nose, head.yaw)
    return max(
        abs(head.yaw - thresholds.baseline_yaw) / thresholds.yaw,
        abs(nose - thresholds.baseline_nose) / thresholds.nose,
    )


def _occlusion_ratio(head: HeadPose, turn_ratio: float, thresholds: Thresholds) -> float:
    """Return the anomaly score or that of dark glasses, relative to its threshold."""
    if head.light < thresholds.occlusion_light:
        return 0.0  # in the dark every face scores high
    anomaly_ratio = head.anomaly / _anomaly_threshold(head, turn_ratio, thresholds)
    if turn_ratio > _PROFILE:
        return anomaly_ratio  # one eye is not seen
    return max(anomaly_ratio, head.dark_glasses / thresholds.dark_glasses)


def _anomaly_threshold(head: HeadPose, turn_ratio: float, thresholds: Thresholds) -> float:
    """Return from where on a face is covered: the more it is turned, the odder it looks anyway."""
    threshold = thresholds.anomaly
    if turn_ratio > _PROFILE:
        threshold = thresholds.anomaly_profile
    elif turn_ratio >= 1:
        threshold = thresholds.anomaly_turned
    is_small = head.width < thresholds.occlusion_width
    return max(threshold, thresholds.anomaly_small) if is_small else threshold


def hidden_body(objects: Sequence[Box], thresholds: Thresholds) -> Box | None:
    """Return the body that is so near that it must show its face, if there is exactly one."""
    near = [
        body
        for body in objects
        if body.label == "person" and body.score >= thresholds.person and body.h >= _NEAR_BODY
    ]
    return near[0] if len(near) == 1 else None


def _hidden_face(signals: FrameSignals, thresholds: Thresholds) -> list[Finding]:
    """Return the finding of one person near the camera without a face.

    It is covered or turned away, unless the frame cuts the body where its face would be.
    """
    body = hidden_body(signals.objects, thresholds)
    if body is None:
        return []
    if signals.half_out:
        return [Finding(FindingKind.HALF_OUT_OF_FRAME, _HALF_OUT_SCORE)]
    return [Finding(FindingKind.FACE_OCCLUDED, body.score)]
