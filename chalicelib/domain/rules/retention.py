"""Retention: for how many days what an exam recorded is kept, by kind.

The days count from the sign-in of each session, which keeps the rule of that moment: what a
candidate read in the consent is what holds. The stage's maximum bounds every rule.
"""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.errors import BadInput
from chalicelib.domain.types import DAY, LocalizedText, Millis

MIN_DAYS = 1
MAX_EVIDENCE_DAYS = 365
"""The evidence bucket locks for so long; appeals are over by then."""


class KeptKind(StrEnum):
    """What is kept, and deleted together on its day."""

    SNAPSHOTS = "snapshots"
    CLIPS = "clips"
    IDENTITY = "identity"
    EVIDENCE = "evidence"
    RECORDINGS = "recordings"


KIND_NAMES = {
    KeptKind.SNAPSHOTS: LocalizedText("抓拍画面", "pictures"),
    KeptKind.CLIPS: LocalizedText("录音", "sound clips"),
    KeptKind.IDENTITY: LocalizedText("身份核验照片", "verification pictures"),
    KeptKind.EVIDENCE: LocalizedText("证据", "evidence"),
    KeptKind.RECORDINGS: LocalizedText("录像", "recordings"),
}


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """The days for which an exam keeps what it records. Raises BadInput below a day."""

    snapshots: int = 30
    clips: int = 30
    identity: int = 30
    evidence: int = 365
    recordings: int = 30

    def __post_init__(self) -> None:
        """Validate the bounds that hold on every stage."""
        for kind in KeptKind:
            most = MAX_EVIDENCE_DAYS if kind is KeptKind.EVIDENCE else None
            _require_between(kind, self.days(kind), most)

    def days(self, kind: KeptKind) -> int:
        """Return the days of one kind."""
        match kind:
            case KeptKind.SNAPSHOTS:
                return self.snapshots
            case KeptKind.CLIPS:
                return self.clips
            case KeptKind.IDENTITY:
                return self.identity
            case KeptKind.EVIDENCE:
                return self.evidence
            case KeptKind.RECORDINGS:
                return self.recordings

    def due_at(self, kind: KeptKind, signed_in_at: Millis) -> Millis:
        """Return from when on a session's files of a kind are to be deleted."""
        return signed_in_at + self.days(kind) * DAY


def longest(stage_days: int) -> RetentionRule:
    """Return the rule that keeps everything for as long as a stage does."""
    return RetentionRule(stage_days, stage_days, stage_days, MAX_EVIDENCE_DAYS, stage_days)


def cap(rule: RetentionRule, stage_days: int) -> RetentionRule:
    """Return a rule that keeps media no longer than the stage does."""
    return RetentionRule(
        min(rule.snapshots, stage_days),
        min(rule.clips, stage_days),
        min(rule.identity, stage_days),
        rule.evidence,
        min(rule.recordings, stage_days),
    )


def require_within(rule: RetentionRule, stage_days: int) -> None:
    """Raise BadInput where a rule keeps media for longer than the stage does."""
    for kind in KeptKind:
        if kind is not KeptKind.EVIDENCE:
            _require_between(kind, rule.days(kind), stage_days)


def _require_between(kind: KeptKind, days: int, most: int | None) -> None:
    name = KIND_NAMES[kind]
    if days < MIN_DAYS:
        raise BadInput(
            LocalizedText(
                f"{name.zh}至少保存 1 天。",
                f"Keep {name.en} for a day at least.",
            ),
            kind.value,
        )
    if most is not None and days > most:
        raise BadInput(
            LocalizedText(
                f"{name.zh}最多保存 {most} 天。",
                f"Keep {name.en} for {most} days at most.",
            ),
            kind.value,
        )
