"""The list of candidates, and what is allowed to one of them."""

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
from chalicelib.services.admin.enrolment import enrol
from chalicelib.services.sign_in.candidate import CandidateCredentials, sign_in
from tests.support import builders as build
from tests.support.builders import EXAM, NOW, SUBJECT
from tests.support.fake_context import FakeContext, seat
from tests.unit.services.test_enrolment import entry

ADMIN = build.staff("admin")
GIVEN = Accommodation((FindingKind.VOICE,), extra_percent=25, extra_minutes=10)
EXTRA = 90 * MINUTE // 4 + 10 * MINUTE
SESSION = make_session_id("candidate-one", SUBJECT, SittingKind.OFFICIAL)

NUMBERS = CandidateCredentials(EXAM, SUBJECT, "ADM-one", build.OFFICIAL, "203.0.113.7")


def allowed(world: FakeContext, given: Accommodation = GIVEN) -> None:
    set_accommodation(world, ADMIN, world.registry.candidate("candidate-one"), given, "医院证明")


class TestFinding:
    def test_everybody_page_by_page(self, world: FakeContext) -> None:
        for number in range(PAGE_SIZE):
            world.registry.put_candidate(build.candidate(f"n{number:03d}"))
        first = search(world, EXAM, "", None, "")
        second = search(world, EXAM, "", None, first.after)
        assert (len(first.candidates), len(second.candidates), second.after) == (PAGE_SIZE, 3, "")
        names = [candidate.name for candidate in (*first.candidates, *second.candidates)]
        assert len(set(names)) == PAGE_SIZE + 3

    @pytest.mark.parametrize("text", ["ADM-one", "adm one", "ID-one-0001", "考生 o", "DMone"])
    def test_by_number_or_a_part_of_the_name(self, world: FakeContext, text: str) -> None:
        [found] = search(world, EXAM, text, None, "").candidates
        assert found.candidate_id == "candidate-one"

    def test_of_one_subject(self, world: FakeContext) -> None:
        world.registry.put_candidate(build.candidate("other", rooms={"subject-2": build.ROOM}))
        [found] = search(world, EXAM, "", "subject-2", "").candidates
        assert found.candidate_id == "candidate-other"

    def test_a_candidate_of_another_exam_is_not_there(self, world: FakeContext) -> None:
        assert search(world, "another", "", None, "").candidates == ()
        with pytest.raises(NotFound):
            candidate_history(world, "another", "candidate-one")


class TestAccommodations:
    def test_hold_from_signing_in(self, world: FakeContext) -> None:
        allowed(world)
        session = sign_in(
            world, CandidateCredentials(EXAM, SUBJECT, "ADM-one", build.OFFICIAL, "203.0.113.7")
        ).view.session
        assert (session.excused, session.extra) == ((FindingKind.VOICE,), EXTRA)

    def test_let_in_and_last_beyond_the_windows_end(self, world: FakeContext) -> None:
        allowed(world)
        world.clock.now = build.window("x").ends_at + MINUTE
        sign_in(world, NUMBERS)

    def test_an_open_session_follows_at_once(self, world: FakeContext) -> None:
        before = seat(world, SESSION)
        allowed(world)
        session = world.sessions.session(SESSION)
        assert (session.excused, session.extra) == ((FindingKind.VOICE,), EXTRA)
        assert before.ends_at is not None
        assert session.ends_at == before.ends_at + EXTRA
        last = world.sessions.audit(SESSION)[-1]
        assert (last.actor, last.action) == ("proctor:admin", "accommodated")
        assert last.detail["reason"] == "医院证明"
        assert first_break(world.sessions.audit(SESSION)) is None

    def test_the_same_again_changes_nothing(self, world: FakeContext) -> None:
        seat(world, SESSION)
        allowed(world)
        session, candidate = (
            world.sessions.session(SESSION),
            candidate_history(world, EXAM, "candidate-one"),
        )
        allowed(world)
        assert world.sessions.session(SESSION) == session
        assert candidate_history(world, EXAM, "candidate-one") == candidate

    def test_a_session_that_a_failure_left_behind_is_brought_up_to_date(
        self, world: FakeContext
    ) -> None:
        allowed(world)
        seat(world, SESSION)
        allowed(world)
        assert world.sessions.session(SESSION).extra == EXTRA

    def test_time_taken_back_does_not_end_a_session_at_once(self, world: FakeContext) -> None:
        seat(world, SESSION)
        allowed(world)
        world.clock.now = NOW + 90 * MINUTE + 5 * MINUTE
        allowed(world, Accommodation())
        assert world.sessions.session(SESSION).ends_at == world.clock.now + MINUTE

    @pytest.mark.parametrize("state", sorted(FINAL_STATES))
    def test_what_is_over_stays_as_it_was(self, world: FakeContext, state: State) -> None:
        before = seat(world, SESSION, state=state)
        allowed(world)
        assert world.sessions.session(SESSION) == before

    def test_are_audited_by_person(self, world: FakeContext) -> None:
        allowed(world)
        allowed(world, Accommodation())
        known = candidate_history(world, EXAM, "candidate-one")
        assert [one.detail["excused"] for one in known.audit] == ["voice", ""]
        assert first_break(known.audit) is None
        assert known.candidate.head.count == 2

    def test_are_not_set_over_what_somebody_else_changed(self, world: FakeContext) -> None:
        seen = world.registry.candidate("candidate-one")
        world.registry.put_candidate(replace(seen, phone_number="10000000077", version=2))
        with pytest.raises(Conflict):
            set_accommodation(world, ADMIN, seen, GIVEN, "医院证明")

    @pytest.mark.parametrize(
        "given",
        [
            Accommodation(extra_percent=MAX_EXTRA_PERCENT + 1),
            Accommodation(extra_minutes=MAX_EXTRA_MINUTES + 1),
            Accommodation(extra_percent=-1),
            Accommodation(extra_minutes=-1),
        ],
    )
    def test_have_bounds(self, world: FakeContext, given: Accommodation) -> None:
        with pytest.raises(BadInput):
            allowed(world, given)

    def test_survive_enrolling_anew(self, world: FakeContext) -> None:
        [first] = enrol(world, EXAM, [entry()])
        set_accommodation(world, ADMIN, first.candidate, GIVEN, "医院证明")
        [again] = enrol(world, EXAM, [entry("李四", admission_number="ADM-9")])
        assert again.candidate.accommodation == GIVEN
        assert again.candidate.head.count == 1
        with pytest.raises(NotFound):
            world.registry.candidate_by_number(EXAM, "ADM1101")


def test_a_row_that_says_what_is_known_changes_nothing(world: FakeContext) -> None:
    [first] = enrol(world, EXAM, [entry()])
    [again] = enrol(world, EXAM, [entry()])
    assert again.candidate == first.candidate
