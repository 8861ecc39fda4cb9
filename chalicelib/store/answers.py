"""Saving an answer: one transaction, whose conditions say from whom, from where and until when."""

from dataclasses import dataclass

from pynamodb.connection import Connection
from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from chalicelib.domain.errors import Conflict, WrongState
from chalicelib.domain.exams.papers import (
    MAX_SEQUENCE_STEP,
    Answer,
    SequenceTooHigh,
    StaleAnswer,
)
from chalicelib.domain.rules.device_changes import Origin, is_news
from chalicelib.domain.sessions.session_clock import takes_answers
from chalicelib.domain.sessions.sessions import Session, require_current_device
from chalicelib.domain.sessions.states import State
from chalicelib.services.ports import NewOrigin
from chalicelib.store.item_mapping import (
    ANSWER,
    ANSWER_PROGRESS,
    SESSION,
    answer_item,
    origin_mark,
)
from chalicelib.store.models import SessionItem, load
from chalicelib.store.transactions import CONDITION_FAILED, cancellation_codes


@dataclass(frozen=True, slots=True)
class AnswerPlace:
    """Where answers are saved, for the device of a generation that calls from an origin, if given."""

    table: type[SessionItem]
    connection: Connection
    generation: int
    origin: Origin | None

    def save(self, answer: Answer) -> None:
        """Save an answer. Raises what `SessionStore.save_answer` says, and Conflict."""
        table = self.table
        update_answered = table.answered.add if answer.value else table.answered.delete
        try:
            with TransactWrite(connection=self.connection) as transaction:
                transaction.condition_check(
                    table, answer.session_id, SESSION, condition=self._takes(answer)
                )
                transaction.update(
                    table(answer.session_id, ANSWER_PROGRESS),
                    actions=[
                        table.version.add(1),
                        table.saved_at.set(answer.saved_at),
                        update_answered({answer.question_id}),
                    ],
                )
                transaction.save(answer_item(table, answer), condition=self._is_newer(answer))
        except TransactWriteError as error:
            self._raise_reason(answer, error)

    def _takes(self, answer: Answer) -> Condition:
        """Return the condition of the session."""
        table = self.table
        # While answering, `wake_at` is the session's end: this also rejects answers that come
        # after the end, but before the scheduler has ended the session.
        condition: Condition = (
            (table.state == State.ANSWERING.value)
            & (table.wake_at > answer.saved_at)
            & (table.generation == self.generation)
        )
        if self.origin is None:
            return condition
        mark = origin_mark(self.origin)
        is_known: Condition = table.origins.does_not_exist() | table.origins.contains(mark)
        condition &= is_known
        return condition

    def _is_newer(self, answer: Answer) -> Condition:
        table = self.table
        is_newer: Condition = table.sequence < answer.sequence
        if answer.sequence > MAX_SEQUENCE_STEP:
            is_newer &= table.sequence >= answer.sequence - MAX_SEQUENCE_STEP
        else:
            is_newer |= table.pk.does_not_exist()
        return is_newer

    def _raise_reason(self, answer: Answer, error: TransactWriteError) -> None:
        """Raise the reason why an answer was not saved; none if it is the saved one, sent again.

        PynamoDB sends checks, then puts, then updates: of session, answer and answer progress.
        """
        codes = cancellation_codes(error)
        if not codes:
            raise error
        if codes[0] == CONDITION_FAILED:
            self._raise_session_reason(answer, error)
        if codes[1] != CONDITION_FAILED:
            raise Conflict from error
        body = self._body(answer.session_id, ANSWER + answer.question_id)
        saved = load(Answer, body) if body else None
        if saved is None or saved.sequence < answer.sequence:
            raise SequenceTooHigh from error
        if (saved.sequence, saved.value) != (answer.sequence, answer.value):
            raise StaleAnswer from error

    def _raise_session_reason(self, answer: Answer, error: TransactWriteError) -> None:
        """Raise why the session takes no answer, or none from there."""
        body = self._body(answer.session_id, SESSION)
        if body is None:
            raise WrongState from error
        session = load(Session, body)
        require_current_device(session, self.generation)
        if not takes_answers(session, answer.saved_at):
            raise WrongState from error
        if self.origin is not None and is_news(session.origins, self.origin):
            raise NewOrigin(session) from error
        raise Conflict from error  # it has changed since

    def _body(self, pk: str, sk: str) -> str | None:
        try:
            return self.table.get(pk, sk, consistent_read=True).body
        except self.table.DoesNotExist:
            return None
