"""The table of ends: every way into one has a way back, and every end seals."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import NotAllowed, WrongState
from chalicelib.domain.exams.papers import AnswerDigest
from chalicelib.domain.sessions.attempts import CurrentAttempt, attempt_id
from chalicelib.domain.sessions.endings import WAYS_BACK, Ending, WayBack, ending_of, way_back
from chalicelib.domain.sessions.reopening import (
    confirm_reopening,
    refuse_reopening,
    repeat_practice,
    request_reopening,
)
from chalicelib.domain.sessions.sealing import (
    SEALING_ACTIONS,
    receipt_number,
    submit,
    terminate,
    time_out,
)
from chalicelib.domain.sessions.sessions import Session, advance, make_session_id
from chalicelib.domain.sessions.states import (
    ENDED_STATES,
    FINAL_STATES,
    TRANSITIONS,
    Action,
    State,
)
from chalicelib.domain.types import MINUTE, SittingKind
from tests.support import builders as build
from tests.support.builders import NOW

DIGEST = AnswerDigest("f" * 64, 3)
SUBJECT = build.subject()
CANDIDATE = build.candidate()
SITTING = make_session_id(CANDIDATE.candidate_id, SUBJECT.subject_id, SittingKind.OFFICIAL)
CELLS = [(ending, kind) for ending in Ending for kind in SittingKind]


def running(kind: SittingKind = SittingKind.OFFICIAL) -> Session:
    sitting = make_session_id(CANDIDATE.candidate_id, SUBJECT.subject_id, kind)
    return build.session(sitting, kind=kind, candidate_id=CANDIDATE.candidate_id)


def ended(ending: Ending, kind: SittingKind = SittingKind.OFFICIAL) -> Session:
    """Return a session that ended so, by the step that does it."""
    session = running(kind)
    match ending:
        case Ending.DECLINED:
            asked = replace(session, state=State.INFO_CONFIRMED)
            return advance(asked, Action.DECLINE, NOW, "candidate").session
        case Ending.SUBMITTED:
            return submit(session, SUBJECT, NOW, DIGEST).session
        case Ending.TIMED_OUT:
            return time_out(session, NOW, DIGEST).session
        case Ending.TERMINATED_BY_PERSON:
            return terminate(session, NOW, "proctor:p", "代考", DIGEST).session
        case Ending.TERMINATED_BY_RULE:
            return terminate(session, NOW, "system", "left_beyond_limit", DIGEST).session


@pytest.mark.parametrize(("ending", "kind"), CELLS)
def test_every_end_has_a_way_back(ending: Ending, kind: SittingKind) -> None:
    session = ended(ending, kind)
    assert ending_of(session) is ending
    assert way_back(session) is WAYS_BACK[ending, kind]
    match WAYS_BACK[ending, kind]:
        case WayBack.SIGN_IN:
            back = advance(session, Action.COME_BACK, NOW, "candidate").session
            assert advance(back, Action.AGREE, NOW, "candidate").session.state is State.PLEDGED
        case WayBack.REPEAT:
            following = repeat_practice(session, SUBJECT, CANDIDATE, NOW)
            assert following.opened.session.state is State.SIGNED_IN
        case WayBack.REOPEN:
            asked = request_reopening(session, NOW, "admin:a", "误触", 30 * MINUTE).session
            following = confirm_reopening(asked, SUBJECT, CANDIDATE, NOW, "proctor:p")
            assert following.opened.session.state is State.SIGNED_IN


def test_the_table_names_every_end_of_every_kind() -> None:
    assert WAYS_BACK.keys() == set(CELLS)
    reached = {ended(ending).state for ending in Ending}
    assert reached == ENDED_STATES
    assert {to for (_, step), to in TRANSITIONS.items() if step in SEALING_ACTIONS} == FINAL_STATES
    assert {step for (_, step), to in TRANSITIONS.items() if to in FINAL_STATES} == SEALING_ACTIONS


@pytest.mark.parametrize("ending", sorted(set(Ending) - {Ending.DECLINED}))
def test_every_end_seals_alike(ending: Ending) -> None:
    session = ended(ending)
    assert session.receipt is not None
    assert (session.receipt.answers_hash, session.receipt.answered) == (DIGEST.hash, 3)
    assert session.receipt.number == receipt_number(session.session_id)


@pytest.mark.parametrize("step", sorted(SEALING_ACTIONS))
def test_no_step_ends_without_a_seal(step: Action) -> None:
    with pytest.raises(ValueError, match="seal"):
        advance(running(), step, NOW, "candidate")


class TestTheNextAttempt:
    def test_stands_beside_the_sealed_one(self) -> None:
        before = ended(Ending.SUBMITTED)
        asked = request_reopening(before, NOW, "admin:a", "误触", 30 * MINUTE).session
        following = confirm_reopening(asked, SUBJECT, CANDIDATE, NOW, "proctor:p")
        fresh, sealed = following.opened.session, following.sealed.session
        assert (fresh.attempt, fresh.sitting, fresh.session_id) == (
            2, SITTING, attempt_id(SITTING, 2),
        )  # fmt: skip
        assert (sealed.receipt, sealed.state) == (before.receipt, before.state)
        assert (sealed.superseded_by, sealed.reopen_request) == (fresh.session_id, None)
        assert fresh.reopened is not None
        assert (fresh.reopened.by, fresh.reopened.confirmed_by) == ("admin:a", "proctor:p")
        assert following.opened.entry.detail["follows"] == SITTING
        assert way_back(sealed) is None

    def test_a_later_one_belongs_to_the_same_sitting(self) -> None:
        session = ended(Ending.SUBMITTED, SittingKind.TRIAL)
        ids = [session.session_id]
        for _ in range(3):
            fresh = repeat_practice(session, SUBJECT, CANDIDATE, NOW).opened.session
            ids.append(fresh.session_id)
            answering = replace(fresh, state=State.ANSWERING, ends_at=NOW)
            session = time_out(answering, NOW, DIGEST).session
        assert len(set(ids)) == 4
        assert session.attempt == 4
        assert CurrentAttempt(session.sitting, 4).session_id == ids[-1]

    def test_needs_a_second_person(self) -> None:
        asked = request_reopening(ended(Ending.SUBMITTED), NOW, "admin:a", "误触", MINUTE).session
        with pytest.raises(NotAllowed) as refusal:
            confirm_reopening(asked, SUBJECT, CANDIDATE, NOW, "admin:a")
        assert refusal.value.code == "same_person"
        dropped = refuse_reopening(asked, NOW, "admin:a", "不需要").session
        for refused in (dropped, ended(Ending.SUBMITTED)):
            with pytest.raises(WrongState):
                confirm_reopening(refused, SUBJECT, CANDIDATE, NOW, "proctor:p")
            with pytest.raises(WrongState):
                refuse_reopening(refused, NOW, "proctor:p", "不需要")

    def test_only_of_what_ended_and_is_the_newest(self) -> None:
        for session in (
            running(),
            ended(Ending.DECLINED),
            ended(Ending.SUBMITTED, SittingKind.TRIAL),
            replace(ended(Ending.SUBMITTED), superseded_by="2"),
        ):
            with pytest.raises(WrongState):
                request_reopening(session, NOW, "admin:a", "误触", MINUTE)
        for session in (running(SittingKind.TRIAL), ended(Ending.SUBMITTED)):
            with pytest.raises(WrongState):
                repeat_practice(session, SUBJECT, CANDIDATE, NOW)
