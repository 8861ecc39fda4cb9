"""Validation of a subject that an admin sets up; each error says what to correct."""

from chalicelib.domain.errors import BadInput
from chalicelib.domain.exams.exams import Subject, Window
from chalicelib.domain.types import MINUTE, LocalizedText, Millis, SittingKind

MIN_DURATION: Millis = 5 * MINUTE
MAX_DURATION: Millis = 8 * 60 * MINUTE
MAX_MOMENT: Millis = 4_102_444_800_000
"""2100-01-01: a later time was mistyped, or is not in milliseconds."""

SITTING_NAMES = {
    SittingKind.TRIAL: LocalizedText("调试", "practice session"),
    SittingKind.OFFICIAL: LocalizedText("正式考试", "official exam"),
}


class InvalidSetup(BadInput):
    """An exam, subject or paper that cannot be held as set up."""

    code = "unsound_setup"


def validate_subject(subject: Subject) -> None:
    """Raise InvalidSetup if a subject's times contradict each other or are out of bounds."""
    if not MIN_DURATION <= subject.duration <= MAX_DURATION:
        raise InvalidSetup(
            LocalizedText(
                "考试时长须为 5 分钟到 8 小时。", "The duration must be 5 minutes to 8 hours."
            )
        )
    if not 0 <= subject.earliest_submit <= subject.duration:
        raise InvalidSetup(
            LocalizedText(
                "最早交卷时间不能超过考试时长。",
                "The earliest submission time cannot be later than the duration.",
            )
        )
    for kind, window in subject.windows.items():
        _validate_window(kind, window)
    official = subject.windows[SittingKind.OFFICIAL]
    if official.ends_at - official.starts_at < subject.duration:
        raise InvalidSetup(
            LocalizedText(
                "正式考试的开考到结束短于考试时长，考生无法用足时间。",
                "The official window is shorter than the duration: no candidate would have the full time.",
            )
        )
    if subject.windows[SittingKind.TRIAL].opens_at > official.starts_at:
        raise InvalidSetup(
            LocalizedText(
                "调试必须早于正式考试。",
                "The practice session must open before the official exam starts.",
            )
        )


def _validate_window(kind: SittingKind, window: Window) -> None:
    name = SITTING_NAMES[kind]
    if not 0 < window.opens_at <= window.starts_at < window.ends_at <= MAX_MOMENT:
        raise InvalidSetup(
            LocalizedText(
                f"{name.zh}的时间顺序应为：开放登录、开考、结束。",
                f"The {name.en} must open for sign-in, then start, then end.",
            )
        )
