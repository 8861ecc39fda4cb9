"""Warnings, chats and calls over a world in memory: repeats, races, audit, and whose they are."""

import pytest

from chalicelib.domain.audit import first_break
from chalicelib.domain.errors import NotFound, TooMany, WrongState
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.messaging.calls import MAX_SIGNALS, RING_TIMEOUT, CallEnd, CallKind, Endpoint
from chalicelib.domain.messaging.chats import ChatAction, Side
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import LocalizedText
from chalicelib.services.messaging import calls, chat, warnings
from chalicelib.services.messaging.calls import SignalStep
from chalicelib.services.messaging.warnings import WarningText
from chalicelib.services.monitoring.scheduler import run_due_sessions
from tests.support.builders import EXAM, NOW, OTHER_ROOM, ROOM
from tests.support.fake_context import FakeContext, seat

SID = "5e55"
WORDING = WarningText("w1", LocalizedText("请看屏幕", "Look at the screen"))
STEP = SignalStep("p", 0, "offer", "v=0", ())


@pytest.fixture
def proctor(world: FakeContext) -> Staff:
    return world.registry.staff("proctor")


@pytest.fixture
def support(world: FakeContext) -> Staff:
    return world.registry.staff("support")


def actions(world: FakeContext, session_id: str = SID) -> list[str]:
    entries = world.sessions.audit(session_id)
    assert first_break(entries) is None
    return [entry.action for entry in entries]


def test_a_warning_is_sent_once_shown_and_acknowledged(world: FakeContext, proctor: Staff) -> None:
    seat(world)
    for _ in range(2):
        assert warnings.warn(world, proctor, ROOM, [SID, SID], WORDING) == [SID]
    for at, acknowledged in ((5, False), (6, False), (9, True), (12, True)):
        world.clock.now = NOW + at
        warnings.acknowledge(world, SID, "w1", acknowledged=acknowledged)
    [told] = world.messages.warnings(SID)
    assert (told.sent_at, told.shown_at, told.acknowledged_at) == (NOW, NOW + 5, NOW + 9)
    assert actions(world) == ["signed_in", "warned", "warning_acknowledged"]


def test_an_announcement_reaches_all_whose_exam_is_not_over(
    world: FakeContext, proctor: Staff
) -> None:
    for session_id, state in (("a1", State.PLEDGED), ("a2", State.PAUSED), ("a3", State.SUBMITTED)):
        seat(world, session_id, state=state, candidate_id=f"candidate-{session_id}")
    assert sorted(warnings.warn(world, proctor, ROOM, None, WORDING)) == ["a1", "a2"]
    assert world.messages.warnings("a3") == []
    assert world.messages.warnings("a1")[0].to_room


def test_a_warning_to_another_room_is_sent_to_nobody(world: FakeContext, proctor: Staff) -> None:
    seat(world)
    seat(world, "07e7", room_id=OTHER_ROOM, candidate_id="candidate-two")
    with pytest.raises(NotFound):
        warnings.warn(world, proctor, ROOM, [SID, "07e7"], WORDING)
    assert world.messages.warnings(SID) == []
    with pytest.raises(NotFound):
        warnings.acknowledge(world, SID, "w1", acknowledged=True)


def test_a_session_that_changes_meanwhile_is_warned_all_the_same(
    world: FakeContext, proctor: Staff
) -> None:
    seat(world)
    other = WarningText("w0", WORDING.text)
    world.sessions.before_commit.append(lambda: warnings.warn(world, proctor, ROOM, [SID], other))
    warnings.warn(world, proctor, ROOM, [SID], WORDING)
    assert {warning.warning_id for warning in world.messages.warnings(SID)} == {"w0", "w1"}
    assert actions(world).count("warned") == 2


def test_a_chat_from_question_to_settled(
    world: FakeContext, proctor: Staff, support: Staff
) -> None:
    session = seat(world, state=State.SUBMITTED)
    for _ in range(2):
        chat.post_as_candidate(world, SID, "m1", "看不到题目")
    assert [one.session_id for one in chat.chats_of_exam(world, EXAM)] == [SID]
    assert len(chat.chats_of_room(world, proctor, ROOM)) == 1
    chat.post_as_staff(world, support, SID, "m2", "请刷新页面")
    settled = chat.read_chat(world, session)
    assert (settled.staff, settled.count, settled.read_by_device) == ("support", 2, 1)
    chat.record_read(world, session, Side.DEVICE, 2)
    chat.change_assignment(world, support, SID, ChatAction.DONE)
    assert chat.chats_of_exam(world, EXAM) == []
    texts = [message.text for message in chat.read_messages(world, session)]
    assert texts == ["看不到题目", "请刷新页面"]


def test_a_chat_is_not_for_another_rooms_proctor(world: FakeContext) -> None:
    seat(world)
    elsewhere = world.registry.staff("elsewhere")
    with pytest.raises(NotFound):
        chat.post_as_staff(world, elsewhere, SID, "m1", "你好")
    with pytest.raises(NotFound):
        chat.chats_of_room(world, elsewhere, ROOM)


def test_two_who_write_at_once_both_get_through(world: FakeContext, support: Staff) -> None:
    session = seat(world)
    world.sessions.before_commit.append(
        lambda: chat.post_as_staff(world, support, SID, "m2", "您好")
    )
    chat.post_as_candidate(world, SID, "m1", "看不到题目")
    messages = chat.read_messages(world, session)
    assert [(message.number, message.text) for message in messages] == [
        (1, "您好"),
        (2, "看不到题目"),
    ]


def test_a_talk_from_ringing_to_its_end(world: FakeContext, proctor: Staff) -> None:
    seat(world)
    for _ in range(2):
        calls.request_call(world, proctor, SID, "c1", CallKind.TALK, "请调整摄像头")
    with pytest.raises(NotFound):
        calls.signal_from_device(world, SID, Endpoint.EXAM, "c1", STEP)  # not before it is taken
    calls.answer_call(world, SID, Endpoint.EXAM, "c1", None)
    for _ in range(2):
        calls.signal_from_device(world, SID, Endpoint.EXAM, "c1", STEP)
    calls.signal_from_staff(world, proctor, SID, "c1", STEP)
    assert len(world.messages.signals(SID, "c1", Side.STAFF)) == 1
    assert len(world.messages.signals(SID, "c1", Side.DEVICE)) == 1
    calls.hang_up_call(world, proctor, SID, "c1", CallEnd.HUNG_UP)
    with pytest.raises(NotFound):
        calls.signal_from_staff(world, proctor, SID, "c1", STEP)
    assert actions(world) == ["signed_in", "talk_asked", "talk_accepted", "talk_ended"]


def test_a_call_is_its_own_peoples(world: FakeContext, proctor: Staff) -> None:
    seat(world)
    calls.request_call(world, proctor, SID, "c1", CallKind.SECOND, None)
    admin = world.registry.staff("admin")
    with pytest.raises(NotFound):
        calls.hang_up_call(world, admin, SID, "c1", CallEnd.HUNG_UP)
    with pytest.raises(NotFound):
        calls.signal_from_staff(world, admin, SID, "c1", STEP)
    with pytest.raises(NotFound):
        calls.answer_call(world, SID, Endpoint.EXAM, "c1", CallEnd.HUNG_UP)
    with pytest.raises(NotFound):
        calls.signal_from_device(world, SID, Endpoint.EXAM, "c1", STEP)
    calls.answer_call(world, SID, Endpoint.PHONE, "c1", CallEnd.NO_DEVICE)
    assert world.messages.calls(SID).open == ()  # type: ignore[union-attr]


def test_signals_are_bounded(world: FakeContext, proctor: Staff) -> None:
    seat(world)
    calls.request_call(world, proctor, SID, "c1", CallKind.FIRST, None)
    for number in range(MAX_SIGNALS):
        calls.signal_from_device(
            world, SID, Endpoint.EXAM, "c1", SignalStep("p", number, None, None, ())
        )
    with pytest.raises(TooMany):
        calls.signal_from_device(world, SID, Endpoint.EXAM, "c1", STEP)


def test_the_clock_ends_what_rings_for_too_long(world: FakeContext, proctor: Staff) -> None:
    seat(world)
    calls.request_call(world, proctor, SID, "c1", CallKind.TALK, None)
    world.clock.move(RING_TIMEOUT)
    for _ in range(2):
        run_due_sessions(world)
    stored = world.messages.calls(SID)
    assert stored is not None
    assert [call.end for call in stored.calls] == [CallEnd.MISSED]
    assert actions(world) == ["signed_in", "talk_asked", "talk_ended"]


def test_nobody_is_called_after_the_end(world: FakeContext, proctor: Staff) -> None:
    seat(world, state=State.SUBMITTED)
    with pytest.raises(WrongState):
        calls.request_call(world, proctor, SID, "c1", CallKind.FIRST, None)
