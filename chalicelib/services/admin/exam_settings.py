"""Settings of an exam: its texts, and its subjects with windows, rules and passcodes.

A change applies to the version that the administrator saw, and is recorded in the exam's audit
chain.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from chalicelib.domain.audit import append
from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.exams.exam_validation import validate_subject
from chalicelib.domain.exams.exams import Exam, Staff, Subject
from chalicelib.domain.passcodes import hash_passcode, make_passcode, make_salt, verify_passcode
from chalicelib.domain.rules.device_changes import DeviceChangeRule
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.outages import OutageRule
from chalicelib.domain.rules.page_exits import PageLockRule
from chalicelib.domain.rules.rule_overrides import RuleSetting, overrides_from
from chalicelib.domain.rules.safe_exam_browser import SebRule
from chalicelib.domain.types import LocalizedText, Millis, Requirement, SittingKind
from chalicelib.services.core.access import audit_actor
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
    windows: Mapping[SittingKind, WindowTimes]


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


def change_subject(
    context: AppContext, edit: EditContext, subject_id: str, form: SubjectForm
) -> Exam:
    """Change a subject's texts and times. Raises NotFound, Conflict, InvalidSetup."""

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
            windows=windows,
        )
        validate_subject(changed)
        return changed

    return _change_subject(context, edit, subject_id, "subject_changed", decide)


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


def new_passcode(
    context: AppContext, edit: EditContext, subject_id: str, kind: SittingKind
) -> tuple[Exam, str]:
    """Make a new passcode for a sitting and return it, to be shown once. Raises NotFound, Conflict.

    The exam stores its hash; the passcode store keeps it encrypted, for SMS. If that write fails,
    making another passcode repairs it.
    """
    passcode = make_passcode(context.randbelow)

    def decide(subject: Subject) -> Subject:
        other_windows = (
            window for other_kind, window in subject.windows.items() if other_kind is not kind
        )
        if any(verify_passcode(passcode, window.passcode_hash) for window in other_windows):
            raise Conflict  # the passcode selects the sitting, so they must differ; one in 10¹²
        passcode_hash = hash_passcode(passcode, make_salt(context.randbelow))
        window = replace(subject.windows[kind], passcode_hash=passcode_hash)
        return replace(subject, windows={**subject.windows, kind: window})

    exam = _change_subject(context, edit, subject_id, "passcode_made", decide, kind=kind)
    context.passcodes.keep(subject_id, kind, passcode)
    return exam, passcode


def _change_subject(
    context: AppContext,
    edit: EditContext,
    subject_id: str,
    action: str,
    decide: Callable[[Subject], Subject],
    **detail: str,
) -> Exam:
    def decide_exam(exam: Exam) -> Exam:
        if exam.subject(subject_id) is None:
            raise NotFound
        subjects = (
            decide(subject) if subject.subject_id == subject_id else subject
            for subject in exam.subjects
        )
        return replace(exam, subjects=tuple(subjects))

    return _change(context, edit, action, decide_exam, subject=subject_id, **detail)


def _change(
    context: AppContext,
    edit: EditContext,
    action: str,
    decide: Callable[[Exam], Exam],
    **detail: str,
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
