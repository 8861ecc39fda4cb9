"""Device checks: taking measures in, showing them, and a file to measure the line with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.domain.errors import WrongState
from chalicelib.domain.rules.device_checks import (
    Checked,
    CheckRules,
    Checks,
    Measure,
    in_short,
    take_in,
)
from chalicelib.domain.sessions.sessions import Session, note
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import Millis
from chalicelib.retry import until_written
from chalicelib.services.core.session_access import subject_of
from chalicelib.services.ports import Record, SignedForm, World

BEFORE_THE_PAPER = frozenset(
    {
        State.SIGNED_IN,
        State.INFO_CONFIRMED,
        State.PLEDGED,
        State.IDENTITY_VERIFIED,
        State.SECOND_VIEW_READY,
        State.WAITING,
    }
)
TEST_FILE_TYPE = "application/octet-stream"
LARGEST_TEST_FILE = 4_000_000
TEST_FILE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Standing:
    """The checks of a session and the rules by which they are judged."""

    rules: CheckRules
    checks: Checks


def read_checks(world: World, session_id: str) -> Standing:
    """Return a session's checks. Raises NotFound."""
    session = world.sessions.session(session_id)
    return Standing(subject_of(world, session).checks, world.sessions.checks(session_id))


def record_checks(world: World, session_id: str, measures: Sequence[Measure]) -> Standing:
    """Judge what the page measured and keep it; a repeat only makes it newer.

    Raises WrongState once the paper is open.
    """
    now = world.clock()

    def attempt() -> Standing:
        session = world.sessions.session(session_id)
        if session.state not in BEFORE_THE_PAPER:
            raise WrongState
        rules = subject_of(world, session).checks
        checks = take_in(world.sessions.checks(session_id), rules, measures, now)
        checked = in_short(rules, checks, now)
        world.sessions.commit(checks, *_noted(session, checked, now))
        return Standing(rules, checks)

    return until_written(attempt)


def _noted(session: Session, checked: Checked, now: Millis) -> tuple[Record, ...]:
    """The session says it in short; while that stays the same, it is not written again."""
    before = session.checked
    if before and (before.outcome, before.ready) == (checked.outcome, checked.ready):
        return ()
    told = replace(session, checked=checked)
    change = note(told, now, "candidate", "checked", outcome=checked.outcome, ready=checked.ready)
    return change.session, change.entry


def begin_transfer(world: World, session_id: str) -> tuple[str, SignedForm, str]:
    """Return an id, where a file of random bytes may be sent, and where it is read again.

    There is one such file for each session, forgotten after a day. Raises WrongState.
    """
    if world.sessions.session(session_id).state not in BEFORE_THE_PAPER:
        raise WrongState
    key = f"lines/{session_id}.bin"
    form = world.media.upload_form(key, TEST_FILE_TYPE, LARGEST_TEST_FILE, TEST_FILE_SECONDS)
    return session_id, form, world.media.view_url(key)
