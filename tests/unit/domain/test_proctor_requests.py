"""Extensions, and proctor requests to show the face or the room."""

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


def with_request(kind: RequestKind = RequestKind.ROOM) -> Session:
    return request_from_candidate(build.session(), kind, NOW, "proctor:a").session


class TestExtension:
    def test_extension_moves_the_end_and_is_audited(self) -> None:
        before = build.session()
        transition = extend(before, 5 * MINUTE, NOW, "proctor:a", "网络故障")
        assert transition.session.ends_at == (before.ends_at or 0) + 5 * MINUTE
        assert transition.session.credit == 5 * MINUTE
        assert (transition.entry.actor, transition.entry.at) == ("proctor:a", NOW)
        assert transition.entry.detail == {
            "reason": "网络故障", "credit": 5 * MINUTE, "ends_at": transition.session.ends_at,
        }  # fmt: skip

    @pytest.mark.parametrize("state", sorted(FINAL_STATES | {State.WAITING}))
    def test_session_that_is_not_running_is_not_extended(self, state: State) -> None:
        with pytest.raises(WrongState):
            extend(build.session(state=state), MINUTE, NOW, "proctor:a", "…")


class TestRequest:
    def test_second_request_is_rejected_while_one_is_pending(self) -> None:
        with pytest.raises(WrongState):
            request_from_candidate(with_request(), RequestKind.FACE, NOW + 1, "proctor:b")
        later = request_from_candidate(
            with_request(), RequestKind.FACE, NOW + REQUEST_TIMEOUT, "proctor:b"
        ).session
        assert later.request is not None
        assert later.request.kind is RequestKind.FACE

    def test_request_is_started_once_and_before_it_expires(self) -> None:
        started = start_request(with_request(), NOW + 1).session
        assert started.request is not None
        assert started.request.started_at == NOW + 1
        for late in (started, with_request()):
            with pytest.raises(WrongState):
                start_request(late, NOW + REQUEST_TIMEOUT)
        with pytest.raises(WrongState):
            start_request(build.session(), NOW)

    @pytest.mark.parametrize("state", [State.PLEDGED, State.SUBMITTED])
    def test_session_that_is_not_monitored_gets_no_request(self, state: State) -> None:
        with pytest.raises(WrongState):
            request_from_candidate(build.session(state=state), RequestKind.FACE, NOW, "proctor:a")

    def test_paused_candidate_can_be_asked_to_show_the_face(self) -> None:
        paused = build.session(state=State.PAUSED)
        asked = request_from_candidate(paused, RequestKind.FACE, NOW, "proctor:a").session
        assert asked.request is not None

    @pytest.mark.parametrize("kind", RequestKind)
    def test_pictures_of_a_request_are_due_within_its_duration(self, kind: RequestKind) -> None:
        request = with_request(kind).request
        assert request is not None
        captures = captures_for(
            request, NOW, [f"t{number}" for number in range(PICTURE_COUNT[kind])]
        )
        assert len({capture.capture_id for capture in captures}) == PICTURE_COUNT[kind]
        assert all(NOW < capture.due_at <= NOW + duration_of(kind) for capture in captures)

    def test_room_is_shown_only_during_a_started_room_request(self) -> None:
        room, face = (
            start_request(with_request(kind), NOW).session.request
            for kind in (RequestKind.ROOM, RequestKind.FACE)
        )
        assert shows_room(room, NOW)
        assert not shows_room(room, NOW - 1)
        assert not shows_room(room, NOW + 2 * MINUTE)
        assert not shows_room(face, NOW)
        assert not shows_room(with_request().request, NOW)
        assert not shows_room(None, NOW)
