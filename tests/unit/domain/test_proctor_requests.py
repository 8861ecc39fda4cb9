"""More time, and what a proctor asks a candidate to show."""

import pytest

from chalicelib.domain.capture.proctor_requests import (
    OPEN,
    PICTURES,
    AskKind,
    captures_of,
    length_of,
    shows_room,
)
from chalicelib.domain.errors import WrongState
from chalicelib.domain.sessions.session_clock import extend
from chalicelib.domain.sessions.sessions import Session, ask_for, begin_ask
from chalicelib.domain.sessions.states import FINAL, State
from chalicelib.domain.types import MINUTE
from tests.support import builders as build
from tests.support.builders import NOW


def asked(kind: AskKind = AskKind.ROOM) -> Session:
    return ask_for(build.session(), kind, NOW, "proctor:a").session


class TestMoreTime:
    def test_it_moves_the_end_and_is_told(self) -> None:
        before = build.session()
        change = extend(before, 5 * MINUTE, NOW, "proctor:a", "网络故障")
        assert change.session.ends_at == (before.ends_at or 0) + 5 * MINUTE
        assert change.session.credit == 5 * MINUTE
        assert change.entry.detail["reason"] == "网络故障"

    @pytest.mark.parametrize("state", sorted(FINAL | {State.WAITING}))
    def test_what_does_not_run_gets_none(self, state: State) -> None:
        with pytest.raises(WrongState):
            extend(build.session(state=state), MINUTE, NOW, "proctor:a", "…")


class TestAsking:
    def test_one_thing_is_asked_for_at_a_time(self) -> None:
        with pytest.raises(WrongState):
            ask_for(asked(), AskKind.FACE, NOW + 1, "proctor:b")
        later = ask_for(asked(), AskKind.FACE, NOW + OPEN, "proctor:b").session
        assert later.ask is not None
        assert later.ask.kind is AskKind.FACE

    def test_it_begins_once_and_in_time(self) -> None:
        begun = begin_ask(asked(), NOW + 1).session
        assert begun.ask is not None
        assert begun.ask.begun_at == NOW + 1
        for late in (begun, asked()):
            with pytest.raises(WrongState):
                begin_ask(late, NOW + OPEN)
        with pytest.raises(WrongState):
            begin_ask(build.session(), NOW)

    @pytest.mark.parametrize("state", [State.PAUSED, State.SUBMITTED])
    def test_only_who_is_watched_is_asked(self, state: State) -> None:
        with pytest.raises(WrongState):
            ask_for(build.session(state=state), AskKind.FACE, NOW, "proctor:a")

    @pytest.mark.parametrize("kind", AskKind)
    def test_its_pictures_lie_within_its_length(self, kind: AskKind) -> None:
        ask = asked(kind).ask
        assert ask is not None
        taken = captures_of(ask, NOW, [f"t{one}" for one in range(PICTURES[kind])])
        assert len({one.capture_id for one in taken}) == PICTURES[kind]
        assert all(NOW < one.due_at <= NOW + length_of(kind) for one in taken)

    def test_only_showing_the_room_excuses_an_empty_seat(self) -> None:
        room, face = (
            begin_ask(asked(kind), NOW).session.ask for kind in (AskKind.ROOM, AskKind.FACE)
        )
        assert shows_room(room, NOW)
        assert not shows_room(room, NOW - 1)
        assert not shows_room(room, NOW + 2 * MINUTE)
        assert not shows_room(face, NOW)
        assert not shows_room(asked().ask, NOW)
        assert not shows_room(None, NOW)
