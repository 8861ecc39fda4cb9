"""From domain objects to what administrators see."""

from chalicelib.domain.exams.exams import Candidate, Exam, Subject, mask_number
from chalicelib.domain.messaging.passcode_sms import DeliveryFailure, DeliveryStatus, SmsBatch
from chalicelib.domain.prices import US_EAST_1
from chalicelib.domain.recording.recording_costs import recording_costs
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.profiles import PROFILES, FlagRule, MonitoringProfile, Severity
from chalicelib.domain.rules.retention import longest
from chalicelib.domain.rules.rule_overrides import (
    MAX_ESCALATION,
    MAX_MISSING,
    MAX_OBSERVATIONS,
    MIN_ESCALATION,
    MIN_MISSING,
    OVERRIDABLE_KINDS,
    RuleSetting,
    effective_profile,
    rule_of,
)
from chalicelib.domain.types import Millis, SittingKind
from chalicelib.schemas.candidates_admin import AccommodationIO, CandidateSummary
from chalicelib.schemas.common import RetentionIO, TextOut, WindowOut
from chalicelib.schemas.exam_settings import (
    Bounds,
    ExamSetup,
    ExamSummary,
    OutageRuleIO,
    PageLockIO,
    ProfileOut,
    ProfilesOut,
    RuleIO,
    SebRuleIO,
    SubjectSetup,
)
from chalicelib.schemas.passcodes import DeliveryFailureOut, SmsBatchOut
from chalicelib.schemas.recordings import RecordingCostOut, RecordingRuleIO


def profiles_out() -> ProfilesOut:
    """Return the named profiles."""
    return ProfilesOut(
        kinds=list(FindingKind),
        profiles=[
            ProfileOut(name=profile.name, rules=rules_out(profile)) for profile in PROFILES.values()
        ],
        bounds=Bounds(
            most_observations=MAX_OBSERVATIONS,
            shortest_growth=MIN_ESCALATION,
            longest_growth=MAX_ESCALATION,
            shortest_missing=MIN_MISSING,
            longest_missing=MAX_MISSING,
        ),
    )


def rules_out(profile: MonitoringProfile) -> list[RuleIO]:
    """Return the rule of every flag type in a profile."""
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
        missing_after=rule.missing_after,
    )


def rule_settings(rules: list[RuleIO]) -> dict[FindingKind, RuleSetting]:
    """Return the rule settings that an admin chose, by flag type."""
    return {
        rule.kind: RuleSetting(
            rule.on,
            FlagRule(
                rule.hits,
                rule.window,
                rule.clear,
                Severity(rule.severity),
                rule.grows_after,
                rule.missing_after,
            ),
        )
        for rule in rules
    }


def exam_summary(exam: Exam) -> ExamSummary:
    """Return an exam as it is listed."""
    windows = [subject.windows[SittingKind.OFFICIAL] for subject in exam.subjects]
    return ExamSummary(
        exam_id=exam.exam_id,
        title=TextOut.of(exam.title),
        subjects=len(exam.subjects),
        starts_at=min((window.starts_at for window in windows), default=None),
        ends_at=max((window.ends_at for window in windows), default=None),
    )


def exam_setup(exam: Exam, retention_days: int, now: Millis) -> ExamSetup:
    """Return an exam's settings; `retention_days` is the stage's maximum for media."""
    return ExamSetup(
        exam_id=exam.exam_id,
        version=exam.version,
        title=TextOut.of(exam.title),
        pledge=TextOut.of(exam.pledge),
        support=TextOut.of(exam.support),
        subjects=[_subject_setup(subject, exam.retention.recordings) for subject in exam.subjects],
        time_zone=exam.time_zone,
        retention=RetentionIO.of(exam.retention),
        retention_limit=RetentionIO.of(longest(retention_days)),
        now=now,
    )


def _subject_setup(subject: Subject, recording_days: int) -> SubjectSetup:
    lock, browser, outages = subject.lock, subject.safe_browser, subject.outages
    return SubjectSetup(
        subject_id=subject.subject_id,
        title=TextOut.of(subject.title),
        duration=subject.duration,
        earliest_submit=subject.earliest_submit,
        second_view=subject.second_view,
        sign_in_numbers=subject.sign_in_numbers,
        passcode_modes={kind: window.passcode_mode for kind, window in subject.windows.items()},
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
        outages=OutageRuleIO(
            min_outage=outages.min_outage,
            max_credit=outages.max_credit,
            max_percent=outages.max_percent,
            beyond_window=outages.beyond_window,
        ),
        device_change=subject.device_change,
        recording=RecordingRuleIO.of(subject.recording),
        recording_costs=[
            RecordingCostOut(item=cost.item, dollars_per_candidate_hour=round(cost.amount, 6))
            for cost in recording_costs(subject.recording, recording_days, US_EAST_1)
        ],
    )


def candidate_summary(candidate: Candidate) -> CandidateSummary:
    """Return a candidate as they are listed, with the ID number masked."""
    accommodation = candidate.accommodation
    return CandidateSummary(
        candidate_id=candidate.candidate_id,
        name=candidate.name,
        id_number=mask_number(candidate.id_number),
        admission_number=candidate.admission_number,
        registration_unit=candidate.registration_unit,
        rooms=candidate.rooms,
        has_photo=candidate.photo_key is not None,
        accommodation=AccommodationIO(
            excused=list(accommodation.excused),
            extra_percent=accommodation.extra_percent,
            extra_minutes=accommodation.extra_minutes,
            unrecorded=list(accommodation.unrecorded),
        ),
    )


def sms_batch_out(
    batch: SmsBatch | None,
    counts: dict[DeliveryStatus, int],
    failures: list[tuple[Candidate, DeliveryFailure]],
    now: Millis,
) -> SmsBatchOut:
    """Return the progress of sending a passcode."""
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
