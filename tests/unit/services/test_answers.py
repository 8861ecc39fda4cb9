"""Reading the paper, saving answers and submitting."""

from dataclasses import replace

import pytest

from chalicelib.domain.audit import AuditEntry, first_break
from chalicelib.domain.errors import BadInput, NotFound, WrongState
from chalicelib.domain.exams.papers import (
    MAX_SEQUENCE_STEP,
    SequenceTooHigh,
    StaleAnswer,
    hash_answers,
)
from chalicelib.domain.rules.device_changes import Device, Origin, make_origin
from chalicelib.domain.sessions.device_takeover import switch_device
from chalicelib.domain.sessions.sessions import OtherDevice, Session, Transition, advance
from chalicelib.domain.sessions.states import FINAL_STATES, Action, State
from chalicelib.domain.types import MINUTE, Role, SittingKind
from chalicelib.services.ports import ClaimedSitting, Claims
from chalicelib.services.sitting.answers import (
    AnswerInput,
    PaperCovered,
    read_paper,
    save_answer,
    submit_answers,
)
from tests.support import builders as build
from tests.support.builders import NOW, SUBJECT
from tests.support.fake_context import FakeContext, add_session, fake_context

SITTING = ClaimedSitting(SUBJECT, SittingKind.OFFICIAL)


@pytest.fixture
def session(context: FakeContext) -> Session:
    return add_session(context)


def save(context: FakeContext, session_id: str, question: str, sequence: int, *value: str) -> None:
    save_answer(
        context, claims(session_id), question, AnswerInput(sequence, [*value]), build.ORIGIN
    )


def claims(session_id: str, generation: int = 1) -> Claims:
    return Claims(Role.CANDIDATE, session_id, NOW + MINUTE, SITTING, generation=generation)


def _records(transition: Transition) -> tuple[Session, AuditEntry]:
    return transition.session, transition.entry


class TestSavingAnswers:
    def test_save_makes_one_store_call(self, context: FakeContext, session: Session) -> None:
        context.sessions.calls.clear()
        save(context, session.session_id, "q2", 1, "C", "A")
        assert context.sessions.calls == ["save_answer"]
        [saved] = context.sessions.answers(session.session_id)
        assert (saved.value, saved.saved_at) == (("A", "C"), NOW)

    def test_invalid_value_is_rejected(self, context: FakeContext, session: Session) -> None:
        with pytest.raises(BadInput):
            save(context, session.session_id, "q1", 1, "Z")
        with pytest.raises(NotFound):
            save(context, session.session_id, "q9", 1, "A")
        assert context.sessions.answers(session.session_id) == []

    def test_older_sequence_is_rejected(self, context: FakeContext, session: Session) -> None:
        save(context, session.session_id, "q1", 2, "B")
        with pytest.raises(StaleAnswer):
            save(context, session.session_id, "q1", 1, "A")
        save(context, session.session_id, "q1", 2, "B")
        assert context.sessions.answers(session.session_id)[0].value == ("B",)

    def test_answer_from_another_device_is_rejected(
        self, context: FakeContext, session: Session
    ) -> None:
        save(context, session.session_id, "q1", 1, "A")
        other = Device("other", make_origin("198.51.100.9", "Chrome"))
        takeover = switch_device(session, other, NOW).transition
        context.sessions.commit(*_records(takeover))
        with pytest.raises(OtherDevice):
            save(context, session.session_id, "q1", 2, "B")
        with pytest.raises(WrongState):
            save_answer(
                context, claims(session.session_id, 2), "q1", AnswerInput(2, ["C"]), build.ORIGIN
            )
        verified = advance(takeover.session, Action.VERIFY_IDENTITY, NOW, "system")
        context.sessions.commit(*_records(verified))
        save_answer(
            context, claims(session.session_id, 2), "q1", AnswerInput(2, ["C"]), build.ORIGIN
        )
        assert context.sessions.answers(session.session_id)[0].value == ("C",)

    def test_answer_from_elsewhere_is_saved_and_told_once(
        self, context: FakeContext, session: Session
    ) -> None:
        known = replace(session, version=session.version + 1, origins=(build.ORIGIN,))
        context.sessions.commit(known)
        save(context, session.session_id, "q1", 1, "A")
        assert context.sessions.flags(session.session_id) == []
        elsewhere = Origin("198.51.100.9", "somebody's own program")
        for sequence in (2, 3):
            context.sessions.calls.clear()
            answer = AnswerInput(sequence, ["B"])
            save_answer(context, claims(session.session_id), "q1", answer, elsewhere)
        assert context.sessions.calls == ["save_answer"]
        [flag] = context.sessions.flags(session.session_id)
        assert (flag.kind, flag.detail) == ("origin_changed", "192.0.2.1 → 198.51.100.9")
        assert context.sessions.answers(session.session_id)[0].sequence == 3

    def test_sequence_no_page_can_have_counted_is_rejected(
        self, context: FakeContext, session: Session
    ) -> None:
        with pytest.raises(SequenceTooHigh):
            save(context, session.session_id, "q1", MAX_SEQUENCE_STEP + 1, "A")
        save(context, session.session_id, "q1", MAX_SEQUENCE_STEP, "A")
        with pytest.raises(SequenceTooHigh):
            save(context, session.session_id, "q1", 2 * MAX_SEQUENCE_STEP + 1, "B")
        save(context, session.session_id, "q1", 2 * MAX_SEQUENCE_STEP, "B")
        assert context.sessions.answers(session.session_id)[0].value == ("B",)

    def test_answer_after_the_end_is_rejected_before_the_scheduler_runs(
        self, context: FakeContext, session: Session
    ) -> None:
        context.clock.now = session.ends_at or 0
        with pytest.raises(WrongState):
            save(context, session.session_id, "q1", 1, "A")


class TestReadingThePaper:
    def test_paper_comes_with_saved_answers(self, context: FakeContext) -> None:
        session = add_session(context, state=State.ANSWERING)
        save(context, session.session_id, "q1", 1, "A")
        add_session(context, "other", state=State.ANSWERING)
        paper, answers = read_paper(context, session.session_id)
        assert paper == build.paper()
        assert [answer.question_id for answer in answers] == ["q1"]
        assert read_paper(context, "other")[1] == []

    def test_paper_is_covered_during_a_pause(self, context: FakeContext) -> None:
        session = add_session(context, state=State.PAUSED)
        with pytest.raises(PaperCovered) as refusal:
            read_paper(context, session.session_id)
        assert refusal.value.code == "paused"

    @pytest.mark.parametrize("state", sorted(set(State) - {State.ANSWERING}))
    def test_paper_is_hidden_before_start_and_after_end(
        self, context: FakeContext, state: State
    ) -> None:
        session = add_session(context, state=state)
        with pytest.raises(NotFound):
            read_paper(context, session.session_id)


class TestSubmitting:
    def test_receipt_covers_all_answers(self, context: FakeContext, session: Session) -> None:
        save(context, session.session_id, "q1", 1, "A")
        save(context, session.session_id, "q2", 1, "A")
        save(context, session.session_id, "q2", 2)
        submitted = submit_answers(context, session.session_id)
        assert submitted.state is State.SUBMITTED
        assert submitted.receipt is not None
        answers = context.sessions.answers(session.session_id)
        assert submitted.receipt.answers_hash == hash_answers(answers)
        assert (submitted.receipt.answered, submitted.receipt.questions) == (1, 4)
        assert first_break(context.sessions.audit(session.session_id)) is None

    def test_repeated_submission_returns_the_same_receipt(
        self, context: FakeContext, session: Session
    ) -> None:
        first = submit_answers(context, session.session_id)
        for _ in range(2):
            context.clock.advance(MINUTE)
            assert submit_answers(context, session.session_id) == first
        actions = [entry.action for entry in context.sessions.audit(session.session_id)]
        assert actions.count("submit") == 1

    def test_submission_after_the_end_returns_the_timed_out_receipt(
        self, context: FakeContext, session: Session
    ) -> None:
        save(context, session.session_id, "q1", 1, "A")
        context.clock.now = (session.ends_at or 0) + MINUTE
        submitted = submit_answers(context, session.session_id)
        assert submitted.state is State.TIMED_OUT
        assert submitted.receipt is not None
        assert (submitted.receipt.at, submitted.receipt.answered) == (session.ends_at, 1)
        assert submit_answers(context, session.session_id) == submitted

    def test_concurrent_submissions_get_the_same_receipt(
        self, context: FakeContext, session: Session
    ) -> None:
        other: list[Session] = []
        context.sessions.before_commit.append(
            lambda: other.append(submit_answers(context, session.session_id))
        )
        assert submit_answers(context, session.session_id).receipt == other[0].receipt

    def test_answer_saved_during_submission_is_in_the_receipt(
        self, context: FakeContext, session: Session
    ) -> None:
        save(context, session.session_id, "q1", 1, "A")
        context.sessions.before_commit.append(
            lambda: save(context, session.session_id, "q3", 1, "true")
        )
        receipt = submit_answers(context, session.session_id).receipt
        assert receipt is not None
        answers = context.sessions.answers(session.session_id)
        assert [answer.question_id for answer in answers] == ["q1", "q3"]
        assert receipt.answers_hash == hash_answers(answers)
        assert receipt.answered == 2

    def test_answer_after_submission_is_rejected(
        self, context: FakeContext, session: Session
    ) -> None:
        save(context, session.session_id, "q1", 1, "A")
        receipt = submit_answers(context, session.session_id).receipt
        for sequence in (1, 2):
            with pytest.raises(WrongState):
                save(context, session.session_id, "q1", sequence, "A")
        assert receipt
        assert receipt.answers_hash == hash_answers(context.sessions.answers(session.session_id))

    def test_submission_before_earliest_time_is_rejected(self) -> None:
        context = fake_context(build.subject(earliest_submit=30 * MINUTE))
        session = add_session(context)
        with pytest.raises(WrongState):
            submit_answers(context, session.session_id)
        context.clock.advance(30 * MINUTE)
        assert submit_answers(context, session.session_id).receipt

    @pytest.mark.parametrize("state", sorted(set(State) - {State.ANSWERING, State.SUBMITTED}))
    def test_submission_outside_answering_is_rejected(
        self, context: FakeContext, state: State
    ) -> None:
        session = add_session(context, "other", state=state)
        with pytest.raises(WrongState):
            submit_answers(context, session.session_id)
        assert state not in FINAL_STATES or context.sessions.session("other").receipt is None
