"""Exam settings: conditional on the version, audited, and validated."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.audit import first_break
from chalicelib.domain.errors import BadInput, Conflict, NotFound
from chalicelib.domain.exams.exam_validation import InvalidSetup
from chalicelib.domain.passcodes import verify_passcode
from chalicelib.domain.recording.recording_rule import (
    RecordingMode,
    RecordingQuality,
    RecordingRule,
)
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.page_exits import ExitConsequence, PageLockRule
from chalicelib.domain.rules.profiles import STANDARD
from chalicelib.domain.rules.rule_overrides import RuleOverride, RuleSetting
from chalicelib.domain.rules.safe_exam_browser import SebRule, SebUse
from chalicelib.domain.rules.sign_in_numbers import SignInNumbers
from chalicelib.domain.types import MINUTE, Requirement, SittingKind
from chalicelib.services.admin.exam_settings import (
    EditContext,
    PasscodeForm,
    SubjectForm,
    WindowTimes,
    change_lock,
    change_recording,
    change_rules,
    change_subject,
    change_texts,
    new_passcode,
)
from chalicelib.services.admin.time_zones import UnknownTimeZone
from chalicelib.services.sign_in.candidate import CandidateCredentials, InvalidCredentials, sign_in
from tests.support import builders as build
from tests.support.builders import EXAM, NOW, SUBJECT
from tests.support.fake_context import FakeContext

FIRST = EditContext(build.staff("admin"), EXAM, 1)
SECOND = replace(FIRST, version=2)
TRIAL = WindowTimes(NOW, NOW + MINUTE, NOW + 60 * MINUTE)
OFFICIAL = WindowTimes(NOW + 100 * MINUTE, NOW + 110 * MINUTE, NOW + 200 * MINUTE)


def form(
    trial: WindowTimes = TRIAL, official: WindowTimes = OFFICIAL, **changes: Any
) -> SubjectForm:
    subject_form = SubjectForm(
        build.localized("new"),
        60 * MINUTE,
        30 * MINUTE,
        Requirement.REQUIRED,
        SignInNumbers.EITHER,
        {SittingKind.TRIAL: trial, SittingKind.OFFICIAL: official},
    )
    return replace(subject_form, **changes)


def test_changing_times_keeps_passcodes(context: FakeContext) -> None:
    exam = change_subject(context, FIRST, SUBJECT, form())
    [subject] = exam.subjects
    window = subject.windows[SittingKind.OFFICIAL]
    assert (window.opens_at, window.starts_at, window.ends_at) == (
        OFFICIAL.opens_at,
        OFFICIAL.starts_at,
        OFFICIAL.ends_at,
    )
    assert verify_passcode(build.OFFICIAL, window.passcode_hash)
    assert (subject.second_view, subject.earliest_submit) == (Requirement.REQUIRED, 30 * MINUTE)
    assert context.registry.exam(EXAM) == exam


def test_time_zone_is_the_exams_and_stays_where_nobody_names_one(context: FakeContext) -> None:
    assert context.registry.exam(EXAM).time_zone == ""
    exam = change_subject(context, FIRST, SUBJECT, form(time_zone="Asia/Urumqi"))
    assert exam.time_zone == "Asia/Urumqi"
    assert context.registry.audit(EXAM)[-1].detail["time_zone"] == "Asia/Urumqi"
    assert change_subject(context, SECOND, SUBJECT, form()).time_zone == "Asia/Urumqi"
    third = replace(FIRST, version=3)
    assert change_subject(context, third, SUBJECT, form(time_zone="")).time_zone == ""


@pytest.mark.parametrize(
    "name", ["Mars/Olympus", "+08:00", "../etc/passwd", "Asia/", "Asia", "x" * 65, "Asia/上海"]
)
def test_time_zone_that_does_not_exist_is_refused(context: FakeContext, name: str) -> None:
    before = context.registry.exam(EXAM)
    with pytest.raises(UnknownTimeZone):
        change_subject(context, FIRST, SUBJECT, form(time_zone=name))
    assert context.registry.exam(EXAM) == before


@pytest.mark.parametrize(
    "invalid",
    [
        form(duration=0),
        form(duration=9 * 60 * MINUTE),
        form(earliest_submit=61 * MINUTE),
        form(official=replace(OFFICIAL, ends_at=OFFICIAL.starts_at)),
        form(official=replace(OFFICIAL, opens_at=OFFICIAL.starts_at + 1)),
        form(official=replace(OFFICIAL, ends_at=OFFICIAL.starts_at + 59 * MINUTE)),
        form(trial=replace(TRIAL, starts_at=TRIAL.ends_at)),
        form(trial=WindowTimes(OFFICIAL.ends_at, OFFICIAL.ends_at, OFFICIAL.ends_at + MINUTE)),
        form(official=replace(OFFICIAL, ends_at=4_102_444_800_001)),
    ],
)
def test_inconsistent_times_are_rejected(context: FakeContext, invalid: SubjectForm) -> None:
    before = context.registry.exam(EXAM)
    with pytest.raises(InvalidSetup):
        change_subject(context, FIRST, SUBJECT, invalid)
    assert context.registry.exam(EXAM) == before


def test_rules_are_stored_as_overrides(context: FakeContext) -> None:
    stricter = RuleSetting(on=True, rule=replace(STANDARD.rules[FindingKind.PHONE], hits=3))
    exam = change_rules(context, FIRST, SUBJECT, "standard", {FindingKind.PHONE: stricter})
    assert exam.subjects[0].rule_overrides == {FindingKind.PHONE: RuleOverride(hits=3)}
    reset = change_rules(context, SECOND, SUBJECT, "lenient", {})
    assert (reset.subjects[0].profile, reset.subjects[0].rule_overrides) == ("lenient", {})
    with pytest.raises(BadInput):
        change_rules(context, replace(FIRST, version=3), SUBJECT, "none", {})


def test_page_lock_and_safe_exam_browser_change(context: FakeContext) -> None:
    lock, browser = (
        PageLockRule(max_exits=2, consequence=ExitConsequence.END),
        SebRule(SebUse.REQUIRED),
    )
    [subject] = change_lock(context, FIRST, SUBJECT, lock, browser).subjects
    assert (subject.lock, subject.safe_browser) == (lock, browser)


def test_recording_holds_for_sessions_that_open_from_now_on(context: FakeContext) -> None:
    before = sign_in(
        context, CandidateCredentials(EXAM, SUBJECT, "ADM-one", build.OFFICIAL, "1.2.3.4")
    )
    rule = RecordingRule(RecordingMode.ALL, RecordingMode.FLAGS, quality=RecordingQuality.HIGH)
    [subject] = change_recording(context, FIRST, SUBJECT, rule).subjects
    assert subject.recording == rule
    entry = context.registry.audit(EXAM)[-1]
    assert (entry.action, entry.detail["record_second"]) == ("recording_changed", "flags")
    after = sign_in(
        context, CandidateCredentials(EXAM, SUBJECT, "ADM-two", build.OFFICIAL, "1.2.3.4")
    )
    assert not before.view.session.recording.records
    assert after.view.session.recording == rule
    with pytest.raises(Conflict):
        change_recording(context, FIRST, SUBJECT, RecordingRule())


def test_new_passcode_replaces_the_old_one(context: FakeContext) -> None:
    old_hash = context.registry.exam(EXAM).subjects[0].windows[SittingKind.OFFICIAL].passcode_hash
    exam, passcode = new_passcode(context, FIRST, PasscodeForm(SUBJECT, SittingKind.OFFICIAL))
    new_hash = exam.subjects[0].windows[SittingKind.OFFICIAL].passcode_hash
    assert passcode
    assert context.passcodes.reveal(SUBJECT, SittingKind.OFFICIAL, new_hash) == passcode
    assert context.passcodes.reveal(SUBJECT, SittingKind.OFFICIAL, old_hash) is None
    sign_in(context, CandidateCredentials(EXAM, SUBJECT, "ADM-one", passcode, "1.2.3.4"))
    with pytest.raises(InvalidCredentials):
        sign_in(context, CandidateCredentials(EXAM, SUBJECT, "ADM-one", build.OFFICIAL, "1.2.3.4"))
    # Trial and official never share one: the fake draws the same again.
    with pytest.raises(Conflict):
        new_passcode(context, SECOND, PasscodeForm(SUBJECT, SittingKind.TRIAL))


def test_audit_names_actor_and_change_without_passcode(context: FakeContext) -> None:
    change_texts(context, FIRST, build.localized("t"), build.localized("p"), build.localized("s"))
    _, passcode = new_passcode(context, SECOND, PasscodeForm(SUBJECT, SittingKind.TRIAL))
    audit = context.registry.audit(EXAM)
    assert [entry.action for entry in audit] == ["texts_changed", "passcode_made"]
    assert {entry.actor for entry in audit} == {"proctor:admin"}
    assert first_break(audit) is None
    assert passcode
    assert passcode not in repr(audit)
    assert context.registry.exam(EXAM).head.count == 2


def test_stale_version_conflicts(context: FakeContext) -> None:
    change_rules(context, FIRST, SUBJECT, "strict", {})
    for change in (
        lambda: change_rules(context, FIRST, SUBJECT, "lenient", {}),
        lambda: change_subject(context, FIRST, SUBJECT, form()),
        lambda: new_passcode(context, FIRST, PasscodeForm(SUBJECT, SittingKind.TRIAL)),
    ):
        with pytest.raises(Conflict):
            change()
    with pytest.raises(NotFound):
        change_rules(context, SECOND, "none", "strict", {})
