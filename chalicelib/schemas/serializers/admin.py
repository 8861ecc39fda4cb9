"""From the objects of exam/ to the JSON that administrators see."""

from chalicelib.domain.exams.exams import Candidate, Exam, Subject, mask_number
from chalicelib.domain.messaging.passcode_sms import DeliveryFailure, DeliveryStatus, SmsBatch
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.profiles import PROFILES, FlagRule, MonitoringProfile, Severity
from chalicelib.domain.rules.rule_overrides import (
    MAX_ESCALATION,
    MAX_OBSERVATIONS,
    MIN_ESCALATION,
    OVERRIDABLE_KINDS,
    RuleSetting,
    effective_profile,
    rule_of,
)
from chalicelib.domain.types import Millis, SittingKind
from chalicelib.schemas.admin import (
    AccommodationIO,
    Bounds,
    CandidateSummary,
    DeliveryFailureOut,
    ExamSetup,
    ExamSummary,
    PageLockIO,
    ProfileOut,
    ProfilesOut,
    RuleIO,
    SebRuleIO,
    SmsBatchOut,
    SubjectSetup,
)
from chalicelib.schemas.common import TextOut, WindowOut


def profiles_out() -> ProfilesOut:
    """Show the named profiles."""
    return ProfilesOut(
        kinds=list(FindingKind),
        profiles=[
            ProfileOut(name=profile.name, rules=rules_out(profile)) for profile in PROFILES.values()
        ],
        bounds=Bounds(
            most_observations=MAX_OBSERVATIONS,
            shortest_growth=MIN_ESCALATION,
            longest_growth=MAX_ESCALATION,
        ),
    )


def rules_out(profile: MonitoringProfile) -> list[RuleIO]:
    """Show how a profile has every kind."""
    return [_rule_out(kind, rule_of(profile, kind)) for kind in OVERRIDABLE_KINDS]


def _rule_out(kind: FindingKind, setting: RuleSetting) -> RuleIO:
    rule = setting.rule
    return RuleIO(
        kind=kind,
        on=setting.on,
        hits=rule.hits,
        window=rule.window,
        clear=rule.clear,
        severity=rule.severity,
        grows_after=rule.escalates_after,
    )


def rule_settings(rules: list[RuleIO]) -> dict[FindingKind, RuleSetting]:
    """Return what an admin wants of each kind."""
    return {
        o.kind: RuleSetting(
            o.on,
            FlagRule(o.hits, o.window, o.clear, Severity(o.severity), o.grows_after),
        )
        for o in rules
    }


def exam_summary(exam: Exam) -> ExamSummary:
    """Show an exam in the list."""
    windows = [subject.windows[SittingKind.OFFICIAL] for subject in exam.subjects]
    return ExamSummary(
        exam_id=exam.exam_id,
        title=TextOut.of(exam.title),
        subjects=len(exam.subjects),
        starts_at=min((window.starts_at for window in windows), default=None),
        ends_at=max((window.ends_at for window in windows), default=None),
    )


def exam_setup(exam: Exam, now: Millis) -> ExamSetup:
    """Show an exam to be set up."""
    return ExamSetup(
        exam_id=exam.exam_id,
        version=exam.version,
        title=TextOut.of(exam.title),
        pledge=TextOut.of(exam.pledge),
        support=TextOut.of(exam.support),
        subjects=[_subject_setup(subject) for subject in exam.subjects],
        now=now,
    )


def _subject_setup(subject: Subject) -> SubjectSetup:
    lock, browser = subject.lock, subject.safe_browser
    return SubjectSetup(
        subject_id=subject.subject_id,
        title=TextOut.of(subject.title),
        duration=subject.duration,
        earliest_submit=subject.earliest_submit,
        second_view=subject.second_view,
        trial=WindowOut.of(subject.windows[SittingKind.TRIAL]),
        official=WindowOut.of(subject.windows[SittingKind.OFFICIAL]),
        questions=subject.questions,
        profile=subject.profile,
        adjusted=sorted(subject.rule_overrides),
        rules=rules_out(effective_profile(subject.profile, subject.rule_overrides)),
        lock=PageLockIO(
            on=lock.on, allowed=lock.max_exits, then=lock.consequence, forgiven=lock.grace
        ),
        safe_browser=SebRuleIO(
            use=browser.use, exam_keys=list(browser.exam_keys), quit_hash=browser.quit_hash
        ),
    )


def candidate_summary(candidate: Candidate) -> CandidateSummary:
    """Show a candidate in the list."""
    given = candidate.accommodation
    return CandidateSummary(
        candidate_id=candidate.candidate_id,
        name=candidate.name,
        id_number=mask_number(candidate.id_number),
        admission_number=candidate.admission_number,
        registration_unit=candidate.registration_unit,
        rooms=candidate.rooms,
        has_photo=candidate.photo_key is not None,
        accommodation=AccommodationIO(
            excused=list(given.excused),
            extra_percent=given.extra_percent,
            extra_minutes=given.extra_minutes,
        ),
    )


def sms_batch_out(
    batch: SmsBatch | None,
    counts: dict[DeliveryStatus, int],
    failures: list[tuple[Candidate, DeliveryFailure]],
    now: Millis,
) -> SmsBatchOut:
    """Show how far sending a passcode is."""
    return SmsBatchOut(
        started_at=batch.started_at if batch else None,
        started_by=batch.started_by if batch else None,
        queued=batch is not None and batch.enqueued_at is not None,
        counts=counts,
        failures=[
            DeliveryFailureOut(
                candidate_id=candidate.candidate_id,
                name=candidate.name,
                admission_number=candidate.admission_number,
                reason=reason,
            )
            for candidate, reason in failures
        ],
        now=now,
    )
