"""Settings of an exam: its texts, and its subjects with windows, rules and passcodes.

A change applies to the version that the administrator saw, and is recorded in the exam's audit
chain.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from chalicelib.domain.audit import append
from chalicelib.domain.errors import Conflict, DomainError
from chalicelib.domain.exams.exam_validation import validate_subject
from chalicelib.domain.exams.exams import Exam, Staff, Subject
from chalicelib.domain.passcodes import (
    PasscodeMode,
    hash_passcode,
    make_salt,
    make_stored_passcode,
    verify_passcode,
)
from chalicelib.domain.recording.recording_rule import RecordingRule, Track
from chalicelib.domain.rules.device_changes import DeviceChangeRule
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.outages import OutageRule
from chalicelib.domain.rules.page_exits import PageLockRule
from chalicelib.domain.rules.retention import KeptKind, RetentionRule, require_within
from chalicelib.domain.rules.rule_overrides import RuleSetting, overrides_from
from chalicelib.domain.rules.safe_exam_browser import SebRule
from chalicelib.domain.rules.sign_in_numbers import SignInNumbers
from chalicelib.domain.types import LocalizedText, Millis, Requirement, SittingKind
from chalicelib.services.admin.time_zones import require_time_zone
from chalicelib.services.core.access import audit_actor
from chalicelib.services.core.subjects import require_subject
from chalicelib.services.ports import AppContext


@dataclass(frozen=True, slots=True)
class WindowTimes:
    """When a sitting opens, starts and ends."""

    opens_at: Millis
    starts_at: Millis
    ends_at: Millis


@dataclass(frozen=True, slots=True)
class SubjectForm:
    """An administrator's settings of a subject, except rules and passcodes."""

    title: LocalizedText
    duration: Millis
    earliest_submit: Millis
    second_view: Requirement
    sign_in_numbers: SignInNumbers
    windows: Mapping[SittingKind, WindowTimes]
    time_zone: str | None = None
    """Of the whole exam; None keeps what it has."""


@dataclass(frozen=True, slots=True)
class EditContext:
    """Which version of which exam is changed, and by whom."""

    staff: Staff
    exam_id: str
    version: int


def change_texts(
    context: AppContext,
    edit: EditContext,
    title: LocalizedText,
    pledge: LocalizedText,
    support: LocalizedText,
) -> Exam:
    """Change an exam's title, pledge and support hours. Raises NotFound, Conflict."""
    return _change(
        context,
        edit,
        "texts_changed",
        lambda exam: replace(exam, title=title, pledge=pledge, support=support),
    )


def change_retention(context: AppContext, edit: EditContext, rule: RetentionRule) -> Exam:
    """Change for how long an exam keeps what it records. Raises NotFound, Conflict, BadInput.

    It applies to sessions that open from now on: the others keep what their candidates read.
    """
    require_within(rule, context.retention_days)
    days = {f"keep_{kind}": str(rule.days(kind)) for kind in KeptKind}
    return _change(
        context, edit, "retention_changed", lambda exam: replace(exam, retention=rule), **days
    )


def change_subject(
    context: AppContext, edit: EditContext, subject_id: str, form: SubjectForm
) -> Exam:
    """Change a subject's texts and times, and its exam's time zone.

    Raises NotFound, Conflict, InvalidSetup, UnknownTimeZone.
    """
    time_zone = None if form.time_zone is None else require_time_zone(form.time_zone)

    def decide(subject: Subject) -> Subject:
        windows = {
            kind: replace(
                window,
                opens_at=form.windows[kind].opens_at,
                starts_at=form.windows[kind].starts_at,
                ends_at=form.windows[kind].ends_at,
            )
            for kind, window in subject.windows.items()
        }
        changed = replace(
            subject,
            title=form.title,
            duration=form.duration,
            earliest_submit=form.earliest_submit,
            second_view=form.second_view,
            sign_in_numbers=form.sign_in_numbers,
            windows=windows,
        )
        validate_subject(changed)
        return changed

    return _change(
        context,
        edit,
        "subject_changed",
        lambda exam: _in_zone(_with_subject(exam, subject_id, decide), time_zone),
        subject=subject_id,
        **({} if time_zone is None else {"time_zone": time_zone}),
    )


def _in_zone(exam: Exam, time_zone: str | None) -> Exam:
    return exam if time_zone is None else replace(exam, time_zone=time_zone)


def change_rules(
    context: AppContext,
    edit: EditContext,
    subject_id: str,
    profile: str,
    settings: Mapping[FindingKind, RuleSetting],
) -> Exam:
    """Change a subject's rules profile and overrides. Raises NotFound, Conflict, BadInput.

    It applies to candidates who have not started yet; a started session keeps its rules.
    """
    overrides = overrides_from(profile, settings)
    return _change_subject(
        context,
        edit,
        subject_id,
        "rules_changed",
        lambda subject: replace(subject, profile=profile, rule_overrides=overrides),
        profile=profile,
        adjusted=",".join(sorted(overrides)),
    )


def change_lock(
    context: AppContext, edit: EditContext, subject_id: str, lock: PageLockRule, browser: SebRule
) -> Exam:
    """Change a subject's page lock and its use of Safe Exam Browser. Raises NotFound, Conflict."""
    return _change_subject(
        context,
        edit,
        subject_id,
        "lock_changed",
        lambda subject: replace(subject, lock=lock, safe_browser=browser),
        then=lock.consequence if lock.on else "off",
        browser=browser.use,
    )


def change_continuity(
    context: AppContext,
    edit: EditContext,
    subject_id: str,
    outages: OutageRule,
    device_change: DeviceChangeRule,
) -> Exam:
    """Change what a subject credits for outages, and asks of a device that takes a session over.

    The outage rule applies to sessions that have not started yet; the other one to all.
    """
    return _change_subject(
        context,
        edit,
        subject_id,
        "continuity_changed",
        lambda subject: replace(subject, outages=outages, device_change=device_change),
        device_change=device_change,
        max_percent=str(outages.max_percent),
    )


def change_recording(
    context: AppContext, edit: EditContext, subject_id: str, recording: RecordingRule
) -> Exam:
    """Change what a subject records. Raises NotFound, Conflict.

    It applies to sessions that open from now on: the others record what their candidates read.
    """
    return _change_subject(
        context,
        edit,
        subject_id,
        "recording_changed",
        lambda subject: replace(subject, recording=recording),
        **{f"record_{track}": recording.mode(track).value for track in Track},
        quality=recording.quality.value,
        second_speech=recording.second_speech,
        compare_voices=recording.compare_voices,
    )


@dataclass(frozen=True, slots=True)
class PasscodeForm:
    """For which sitting a new passcode is made, and of which mode; None keeps the mode it has."""

    subject_id: str
    kind: SittingKind
    mode: PasscodeMode | None = None


def new_passcode(
    context: AppContext, edit: EditContext, form: PasscodeForm
) -> tuple[Exam, str | None]:
    """Make a new passcode for a sitting, or a new one for each of its candidates.

    Returns the shared passcode, to be shown once, or None where each candidate has their own. The
    exam stores a hash. What is hashed is kept encrypted under that hash before the exam names it,
    so that whoever reads the new exam finds it; the old one is deleted after. Raises NotFound,
    Conflict.
    """
    exam = context.registry.fresh_exam(edit.exam_id)
    subject = require_subject(exam, form.subject_id)
    before = subject.windows[form.kind]
    mode = form.mode or before.passcode_mode
    stored = make_stored_passcode(mode, context.randbelow)
    others = (window for kind, window in subject.windows.items() if kind is not form.kind)
    if any(verify_passcode(stored, window.passcode_hash) for window in others):
        raise Conflict  # the passcode selects the sitting, so they must differ; one in 10¹²
    passcode_hash = hash_passcode(stored, make_salt(context.randbelow))
    window = replace(before, passcode_hash=passcode_hash, passcode_mode=mode)
    place = form.subject_id, form.kind
    context.passcodes.keep(*place, passcode_hash, stored)
    try:
        changed = _change_subject(
            context,
            edit,
            form.subject_id,
            "passcode_made",
            lambda current: replace(current, windows={**current.windows, form.kind: window}),
            kind=form.kind,
            mode=mode,
        )
    except DomainError:
        context.passcodes.forget(*place, passcode_hash)
        raise
    context.passcodes.forget(*place, before.passcode_hash)
    return changed, stored if mode is PasscodeMode.SHARED else None


def _change_subject(
    context: AppContext,
    edit: EditContext,
    subject_id: str,
    action: str,
    decide: Callable[[Subject], Subject],
    **detail: str | bool,
) -> Exam:
    return _change(
        context,
        edit,
        action,
        lambda exam: _with_subject(exam, subject_id, decide),
        subject=subject_id,
        **detail,
    )


def _with_subject(exam: Exam, subject_id: str, decide: Callable[[Subject], Subject]) -> Exam:
    """Return an exam with one of its subjects changed. Raises NotFound."""
    require_subject(exam, subject_id)
    subjects = (
        decide(subject) if subject.subject_id == subject_id else subject
        for subject in exam.subjects
    )
    return replace(exam, subjects=tuple(subjects))


def _change(
    context: AppContext,
    edit: EditContext,
    action: str,
    decide: Callable[[Exam], Exam],
    **detail: str | bool,
) -> Exam:
    exam = context.registry.fresh_exam(edit.exam_id)
    if exam.version != edit.version:
        raise Conflict
    entry, head = append(
        exam.head, exam.exam_id, context.clock(), audit_actor(edit.staff), action, **detail
    )
    exam = replace(decide(exam), version=exam.version + 1, head=head)
    context.registry.put_exam(exam, entry)
    return exam
