"""More time, and what a proctor asks a candidate to show."""

import pytest

from chalicelib.domain.capture.proctor_requests import (
    PICTURE_COUNT,
    REQUEST_TIMEOUT,
    RequestKind,
    captures_for,
    duration_of,
    shows_room,
)
from chalicelib.domain.errors import WrongState
from chalicelib.domain.sessions.session_clock import extend
from chalicelib.domain.sessions.sessions import Session, request_from_candidate, start_request
from chalicelib.domain.sessions.states import FINAL_STATES, State
from chalicelib.domain.types import MINUTE
from tests.support import builders as build
from tests.support.builders import NOW


def asked(kind: RequestKind = RequestKind.ROOM) -> Session:
    return request_from_candidate(build.session(), kind, NOW, "proctor:a").session


class TestMoreTime:
    def test_it_moves_the_end_and_is_told(self) -> None:
        before = build.session()
        transition = extend(before, 5 * MINUTE, NOW, "proctor:a", "网络故障")
        assert transition.session.ends_at == (before.ends_at or 0) + 5 * MINUTE
        assert transition.session.credit == 5 * MINUTE
        assert transition.entry.detail["reason"] == "网络故障"

    @pytest.mark.parametrize("state", sorted(FINAL_STATES | {State.WAITING}))
    def test_what_does_not_run_gets_none(self, state: State) -> None:
        with pytest.raises(WrongState):
            extend(build.session(state=state), MINUTE, NOW, "proctor:a", "…")


class TestAsking:
    def test_one_thing_is_asked_for_at_a_time(self) -> None:
        with pytest.raises(WrongState):
            request_from_candidate(asked(), RequestKind.FACE, NOW + 1, "proctor:b")
        later = request_from_candidate(
            asked(), RequestKind.FACE, NOW + REQUEST_TIMEOUT, "proctor:b"
        ).session
        assert later.request is not None
        assert later.request.kind is RequestKind.FACE

    def test_it_begins_once_and_in_time(self) -> None:
        begun = start_request(asked(), NOW + 1).session
        assert begun.request is not None
        assert begun.request.started_at == NOW + 1
        for late in (begun, asked()):
            with pytest.raises(WrongState):
                start_request(late, NOW + REQUEST_TIMEOUT)
        with pytest.raises(WrongState):
            start_request(build.session(), NOW)

    @pytest.mark.parametrize("state", [State.PAUSED, State.SUBMITTED])
    def test_only_who_is_watched_is_asked(self, state: State) -> None:
        with pytest.raises(WrongState):
            request_from_candidate(build.session(state=state), RequestKind.FACE, NOW, "proctor:a")

    @pytest.mark.parametrize("kind", RequestKind)
    def test_its_pictures_lie_within_its_length(self, kind: RequestKind) -> None:
        request = asked(kind).request
        assert request is not None
        taken = captures_for(request, NOW, [f"t{one}" for one in range(PICTURE_COUNT[kind])])
        assert len({capture.capture_id for capture in taken}) == PICTURE_COUNT[kind]
        assert all(NOW < capture.due_at <= NOW + duration_of(kind) for capture in taken)

    def test_only_showing_the_room_excuses_an_empty_seat(self) -> None:
        room, face = (
            start_request(asked(kind), NOW).session.request
            for kind in (RequestKind.ROOM, RequestKind.FACE)
        )
        assert shows_room(room, NOW)
        assert not shows_room(room, NOW - 1)
        assert not shows_room(room, NOW + 2 * MINUTE)
        assert not shows_room(face, NOW)
        assert not shows_room(asked().request, NOW)
        assert not shows_room(None, NOW)
