"""Searching candidates, and their accommodations."""

from dataclasses import replace

import pytest

from chalicelib.domain.audit import first_break
from chalicelib.domain.errors import BadInput, Conflict, NotFound
from chalicelib.domain.exams.accommodations import (
    MAX_EXTRA_MINUTES,
    MAX_EXTRA_PERCENT,
    Accommodation,
)
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.sessions.sessions import make_session_id
from chalicelib.domain.sessions.states import FINAL_STATES, State
from chalicelib.domain.types import MINUTE, SittingKind
from chalicelib.services.admin.candidates import (
    PAGE_SIZE,
    candidate_history,
    search,
    set_accommodation,
)
from chalicelib.services.sign_in.candidate import CandidateCredentials, sign_in
from tests.support import builders as build
from tests.support.builders import EXAM, NOW, SUBJECT
from tests.support.fake_context import FakeContext, add_session
from tests.unit.services.test_enrolment import enrolled, roster_row

ADMIN = build.staff("admin")
ACCOMMODATION = Accommodation((FindingKind.VOICE,), extra_percent=25, extra_minutes=10)
EXTRA = 90 * MINUTE // 4 + 10 * MINUTE
SESSION = make_session_id("candidate-one", SUBJECT, SittingKind.OFFICIAL)

NUMBERS = CandidateCredentials(EXAM, SUBJECT, "ADM-one", build.OFFICIAL, "203.0.113.7")


def set_for_candidate(context: FakeContext, accommodation: Accommodation = ACCOMMODATION) -> None:
    set_accommodation(
        context, ADMIN, context.registry.candidate("candidate-one"), accommodation, "医院证明"
    )


class TestSearch:
    def test_all_candidates_are_listed_by_page(self, context: FakeContext) -> None:
        for number in range(PAGE_SIZE):
            context.registry.put_candidate(build.candidate(f"n{number:03d}"))
        first = search(context, EXAM, "", None, "")
        second = search(context, EXAM, "", None, first.after)
        assert (len(first.candidates), len(second.candidates), second.after) == (PAGE_SIZE, 3, "")
        names = [candidate.name for candidate in (*first.candidates, *second.candidates)]
        assert len(set(names)) == PAGE_SIZE + 3

    @pytest.mark.parametrize("text", ["ADM-one", "adm one", "ID-one-0001", "考生 o", "DMone"])
    def test_number_or_part_of_the_name_matches(self, context: FakeContext, text: str) -> None:
        [match] = search(context, EXAM, text, None, "").candidates
        assert match.candidate_id == "candidate-one"

    def test_subject_filter(self, context: FakeContext) -> None:
        context.registry.put_candidate(build.candidate("other", rooms={"subject-2": build.ROOM}))
        [match] = search(context, EXAM, "", "subject-2", "").candidates
        assert match.candidate_id == "candidate-other"

    def test_candidate_of_another_exam_is_not_found(self, context: FakeContext) -> None:
        assert search(context, "another", "", None, "").candidates == ()
        with pytest.raises(NotFound):
            candidate_history(context, "another", "candidate-one")


class TestAccommodations:
    def test_accommodation_applies_from_sign_in(self, context: FakeContext) -> None:
        set_for_candidate(context)
        session = sign_in(
            context, CandidateCredentials(EXAM, SUBJECT, "ADM-one", build.OFFICIAL, "203.0.113.7")
        ).view.session
        assert (session.excused, session.extra) == ((FindingKind.VOICE,), EXTRA)

    def test_extra_time_extends_sign_in_and_session_beyond_the_window(
        self, context: FakeContext
    ) -> None:
        set_for_candidate(context)
        context.clock.now = build.window("x").ends_at + MINUTE
        sign_in(context, NUMBERS)

    def test_open_session_is_updated_at_once(self, context: FakeContext) -> None:
        before = add_session(context, SESSION)
        set_for_candidate(context)
        session = context.sessions.session(SESSION)
        assert (session.excused, session.extra) == ((FindingKind.VOICE,), EXTRA)
        assert before.ends_at is not None
        assert session.ends_at == before.ends_at + EXTRA
        last = context.sessions.audit(SESSION)[-1]
        assert (last.actor, last.action) == ("proctor:admin", "accommodated")
        assert last.detail["reason"] == "医院证明"
        assert first_break(context.sessions.audit(SESSION)) is None

    def test_repeat_changes_nothing(self, context: FakeContext) -> None:
        add_session(context, SESSION)
        set_for_candidate(context)
        session, candidate = (
            context.sessions.session(SESSION),
            candidate_history(context, EXAM, "candidate-one"),
        )
        set_for_candidate(context)
        assert context.sessions.session(SESSION) == session
        assert candidate_history(context, EXAM, "candidate-one") == candidate

    def test_repeat_updates_a_session_that_a_failure_left_behind(
        self, context: FakeContext
    ) -> None:
        set_for_candidate(context)
        add_session(context, SESSION)
        set_for_candidate(context)
        assert context.sessions.session(SESSION).extra == EXTRA

    def test_reduced_extra_time_does_not_end_a_session_at_once(self, context: FakeContext) -> None:
        add_session(context, SESSION)
        set_for_candidate(context)
        context.clock.now = NOW + 90 * MINUTE + 5 * MINUTE
        set_for_candidate(context, Accommodation())
        assert context.sessions.session(SESSION).ends_at == context.clock.now + MINUTE

    @pytest.mark.parametrize("state", sorted(FINAL_STATES))
    def test_ended_session_is_not_changed(self, context: FakeContext, state: State) -> None:
        before = add_session(context, SESSION, state=state)
        set_for_candidate(context)
        assert context.sessions.session(SESSION) == before

    def test_changes_are_audited_with_their_actor(self, context: FakeContext) -> None:
        set_for_candidate(context)
        set_for_candidate(context, Accommodation())
        history = candidate_history(context, EXAM, "candidate-one")
        assert [entry.detail["excused"] for entry in history.audit] == ["voice", ""]
        assert first_break(history.audit) is None
        assert history.candidate.head.count == 2

    def test_stale_version_conflicts(self, context: FakeContext) -> None:
        candidate = context.registry.candidate("candidate-one")
        context.registry.put_candidate(replace(candidate, phone_number="10000000077", version=2))
        with pytest.raises(Conflict):
            set_accommodation(context, ADMIN, candidate, ACCOMMODATION, "医院证明")

    @pytest.mark.parametrize(
        "accommodation",
        [
            Accommodation(extra_percent=MAX_EXTRA_PERCENT + 1),
            Accommodation(extra_minutes=MAX_EXTRA_MINUTES + 1),
            Accommodation(extra_percent=-1),
            Accommodation(extra_minutes=-1),
        ],
    )
    def test_values_out_of_bounds_are_rejected(
        self, context: FakeContext, accommodation: Accommodation
    ) -> None:
        with pytest.raises(BadInput):
            set_for_candidate(context, accommodation)

    def test_accommodation_survives_another_enrolment(self, context: FakeContext) -> None:
        [first] = enrolled(context, roster_row())
        set_accommodation(context, ADMIN, first, ACCOMMODATION, "医院证明")
        [again] = enrolled(context, roster_row("李四", admission_number="ADM-9"))
        assert again.accommodation == ACCOMMODATION
        assert [entry.action for entry in context.registry.audit(again.candidate_id)] == [
            "enrolled",
            "accommodated",
            "roster_imported",
        ]
        with pytest.raises(NotFound):
            context.registry.candidate_by_number(EXAM, "ADM1101")


def test_unchanged_roster_row_changes_nothing(context: FakeContext) -> None:
    [first] = enrolled(context, roster_row())
    [again] = enrolled(context, roster_row())
    assert again == first
