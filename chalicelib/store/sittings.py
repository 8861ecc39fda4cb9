"""A sitting's attempts in the sessions table, and the acts of staff that are carried out once."""

from collections.abc import Iterable
from itertools import batched

from pynamodb.connection import Connection

from chalicelib.domain.exams.papers import Answer
from chalicelib.domain.messaging.calls import Calls
from chalicelib.domain.sessions.attempts import CurrentAttempt
from chalicelib.domain.sessions.sessions import Session
from chalicelib.services.ports import SittingRecords, StaffAct
from chalicelib.store.attempts import failed_attempts_of
from chalicelib.store.bundles import BUNDLE_PARTS, bundle_of
from chalicelib.store.item_mapping import (
    ANSWER,
    ATTEMPTS,
    CALLS,
    CAMERAS,
    CURRENT_ATTEMPT,
    SESSION,
    STAFF_ACT,
    answer_item,
)
from chalicelib.store.models import SessionItem, load
from chalicelib.store.transactions import put_all

MAX_TRANSACTION = 90
"""Items of one transaction; DynamoDB takes 100."""
SITTING_PARTS = (*BUNDLE_PARTS, CAMERAS, CALLS)

type Table = type[SessionItem]


def read_sitting(table: Table, sitting_id: str, names: list[str]) -> SittingRecords:
    """Return a sitting's current attempt and the failed attempts of the named keys."""
    keys = [(sitting_id, part) for part in (*SITTING_PARTS, CURRENT_ATTEMPT)]
    keys += [(ATTEMPTS + name, ATTEMPTS) for name in names]
    items = list(table.batch_get(keys, consistent_read=True))
    parts = {item.sk: item for item in items if item.pk == sitting_id}
    counters = {item.pk: item for item in items if item.sk == ATTEMPTS}
    current = _current_attempt(sitting_id, parts.pop(CURRENT_ATTEMPT, None))
    if current.attempt > 1:
        later = [(current.session_id, part) for part in SITTING_PARTS]
        parts = {item.sk: item for item in table.batch_get(later, consistent_read=True)}
    calls = parts.pop(CALLS, None)
    return SittingRecords(
        current=current,
        bundle=bundle_of(parts) if parts else None,
        calls=load(Calls, calls.body) if calls else None,
        attempts={name: failed_attempts_of(name, counters.get(ATTEMPTS + name)) for name in names},
    )


def read_current_attempt(table: Table, sitting_id: str) -> CurrentAttempt:
    """Return which attempt of a sitting is the current one."""
    return _current_attempt(sitting_id, _find(table, sitting_id, CURRENT_ATTEMPT))


def _current_attempt(sitting_id: str, item: SessionItem | None) -> CurrentAttempt:
    return load(CurrentAttempt, item.body) if item else CurrentAttempt(sitting_id)


def read_sessions(table: Table, session_ids: Iterable[str]) -> list[Session]:
    """Return the sessions that are there, in the order given."""
    wanted = list(session_ids)
    keys = [(session_id, SESSION) for session_id in wanted]
    found = {
        item.pk: load(Session, item.body) for item in table.batch_get(keys, consistent_read=True)
    }
    return [found[session_id] for session_id in wanted if session_id in found]


def read_current_sessions(table: Table, sitting_ids: Iterable[str]) -> list[Session]:
    """Return the current attempts' sessions of the sittings that are there, in the order given."""
    wanted = list(sitting_ids)
    keys = [(sitting_id, part) for sitting_id in wanted for part in (SESSION, CURRENT_ATTEMPT)]
    items = {(item.pk, item.sk): item for item in table.batch_get(keys, consistent_read=True)}
    first = {pk: load(Session, item.body) for (pk, sk), item in items.items() if sk == SESSION}
    current = [
        _current_attempt(sitting_id, items.get((sitting_id, CURRENT_ATTEMPT))).session_id
        for sitting_id in wanted
    ]
    later = read_sessions(table, (session_id for session_id in current if session_id not in first))
    found = first | {session.session_id: session for session in later}
    return [found[session_id] for session_id in current if session_id in found]


def carry_answers(table: Table, connection: Connection, answers: Iterable[Answer]) -> None:
    """Write answers that are not there yet. Raises Conflict where somebody else did meanwhile."""
    for batch in batched(answers, MAX_TRANSACTION):
        keys = [(answer.session_id, ANSWER + answer.question_id) for answer in batch]
        there = {item.sk for item in table.batch_get(keys, consistent_read=True)}
        fresh = [answer for answer in batch if ANSWER + answer.question_id not in there]
        absent = table.pk.does_not_exist()
        if fresh:
            put_all(connection, [(answer_item(table, answer), absent) for answer in fresh])


def read_staff_act(table: Table, session_id: str, act_id: str) -> StaffAct | None:
    """Return the act of that id, if it was carried out."""
    item = _find(table, session_id, STAFF_ACT + act_id)
    return load(StaffAct, item.body) if item else None


def _find(table: Table, pk: str, sk: str) -> SessionItem | None:
    try:
        return table.get(pk, sk, consistent_read=True)
    except table.DoesNotExist:
        return None
