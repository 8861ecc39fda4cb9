"""Warnings, chats and calls in memory: repeats, races, audit and permissions."""

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
from tests.support.fake_context import FakeContext, add_session

SID = "5e55"
WORDING = WarningText("w1", LocalizedText("请看屏幕", "Look at the screen"))
STEP = SignalStep("p", 0, "offer", "v=0", ())


@pytest.fixture
def proctor(context: FakeContext) -> Staff:
    return context.registry.staff("proctor")


@pytest.fixture
def support(context: FakeContext) -> Staff:
    return context.registry.staff("support")


def actions(context: FakeContext, session_id: str = SID) -> list[str]:
    entries = context.sessions.audit(session_id)
    assert first_break(entries) is None
    return [entry.action for entry in entries]


def test_warning_is_sent_once_shown_and_acknowledged(context: FakeContext, proctor: Staff) -> None:
    add_session(context)
    for _ in range(2):
        assert warnings.send_warnings(context, proctor, ROOM, [SID, SID], WORDING) == [SID]
    for at, acknowledged in ((5, False), (6, False), (9, True), (12, True)):
        context.clock.now = NOW + at
        warnings.record_receipt(context, SID, "w1", acknowledged=acknowledged)
    [told] = context.messages.warnings(SID)
    assert (told.sent_at, told.shown_at, told.acknowledged_at) == (NOW, NOW + 5, NOW + 9)
    assert actions(context) == ["signed_in", "warned", "warning_acknowledged"]


def test_room_warning_is_sent_to_all_active_sessions(context: FakeContext, proctor: Staff) -> None:
    for session_id, state in (("a1", State.PLEDGED), ("a2", State.PAUSED), ("a3", State.SUBMITTED)):
        add_session(context, session_id, state=state, candidate_id=f"candidate-{session_id}")
    assert sorted(warnings.send_warnings(context, proctor, ROOM, None, WORDING)) == ["a1", "a2"]
    assert context.messages.warnings("a3") == []
    assert context.messages.warnings("a1")[0].to_room


def test_warning_with_a_session_of_another_room_is_sent_to_nobody(
    context: FakeContext, proctor: Staff
) -> None:
    add_session(context)
    add_session(context, "07e7", room_id=OTHER_ROOM, candidate_id="candidate-two")
    with pytest.raises(NotFound):
        warnings.send_warnings(context, proctor, ROOM, [SID, "07e7"], WORDING)
    assert context.messages.warnings(SID) == []
    with pytest.raises(NotFound):
        warnings.record_receipt(context, SID, "w1", acknowledged=True)


def test_warning_is_sent_despite_a_concurrent_change(context: FakeContext, proctor: Staff) -> None:
    add_session(context)
    other = WarningText("w0", WORDING.text)
    context.sessions.before_commit.append(
        lambda: warnings.send_warnings(context, proctor, ROOM, [SID], other)
    )
    warnings.send_warnings(context, proctor, ROOM, [SID], WORDING)
    assert {warning.warning_id for warning in context.messages.warnings(SID)} == {"w0", "w1"}
    assert actions(context).count("warned") == 2


def test_chat_from_question_to_resolved(
    context: FakeContext, proctor: Staff, support: Staff
) -> None:
    session = add_session(context, state=State.SUBMITTED)
    for _ in range(2):
        chat.post_as_candidate(context, SID, "m1", "看不到题目")
    assert [open_chat.session_id for open_chat in chat.chats_of_exam(context, EXAM)] == [SID]
    assert len(chat.chats_of_room(context, proctor, ROOM)) == 1
    chat.post_as_staff(context, support, SID, "m2", "请刷新页面")
    settled = chat.read_chat(context, session)
    assert (settled.staff, settled.count, settled.read_by_device) == ("support", 2, 1)
    chat.record_read(context, session, Side.DEVICE, 2)
    chat.change_assignment(context, support, SID, ChatAction.RESOLVE)
    assert chat.chats_of_exam(context, EXAM) == []
    texts = [message.text for message in chat.read_messages(context, session)]
    assert texts == ["看不到题目", "请刷新页面"]


def test_chat_is_hidden_from_other_rooms_proctors(context: FakeContext) -> None:
    add_session(context)
    elsewhere = context.registry.staff("elsewhere")
    with pytest.raises(NotFound):
        chat.post_as_staff(context, elsewhere, SID, "m1", "你好")
    with pytest.raises(NotFound):
        chat.chats_of_room(context, elsewhere, ROOM)


def test_concurrent_messages_are_both_posted(context: FakeContext, support: Staff) -> None:
    session = add_session(context)
    context.sessions.before_commit.append(
        lambda: chat.post_as_staff(context, support, SID, "m2", "您好")
    )
    chat.post_as_candidate(context, SID, "m1", "看不到题目")
    messages = chat.read_messages(context, session)
    assert [(message.number, message.text) for message in messages] == [
        (1, "您好"),
        (2, "看不到题目"),
    ]


def test_voice_call_from_ringing_to_its_end(context: FakeContext, proctor: Staff) -> None:
    add_session(context)
    for _ in range(2):
        calls.request_call(context, proctor, SID, "c1", CallKind.TALK, "请调整摄像头")
    with pytest.raises(NotFound):
        calls.signal_from_device(context, SID, Endpoint.EXAM, "c1", STEP)  # not before it is taken
    calls.answer_call(context, SID, Endpoint.EXAM, "c1", None)
    for _ in range(2):
        calls.signal_from_device(context, SID, Endpoint.EXAM, "c1", STEP)
    calls.signal_from_staff(context, proctor, SID, "c1", STEP)
    for side in Side:
        [signal] = context.messages.signals(SID, "c1", side)
        assert (signal.type, signal.sdp, signal.candidates, signal.peer, signal.number) == (
            STEP.type, STEP.sdp, STEP.candidates, STEP.peer, STEP.number,
        )  # fmt: skip
    calls.hang_up_call(context, proctor, SID, "c1", CallEnd.HUNG_UP)
    with pytest.raises(NotFound):
        calls.signal_from_staff(context, proctor, SID, "c1", STEP)
    assert actions(context) == ["signed_in", "talk_asked", "talk_accepted", "talk_ended"]


def test_call_is_limited_to_its_participants(context: FakeContext, proctor: Staff) -> None:
    add_session(context)
    calls.request_call(context, proctor, SID, "c1", CallKind.SECOND, None)
    admin = context.registry.staff("admin")
    with pytest.raises(NotFound):
        calls.hang_up_call(context, admin, SID, "c1", CallEnd.HUNG_UP)
    with pytest.raises(NotFound):
        calls.signal_from_staff(context, admin, SID, "c1", STEP)
    with pytest.raises(NotFound):
        calls.answer_call(context, SID, Endpoint.EXAM, "c1", CallEnd.HUNG_UP)
    with pytest.raises(NotFound):
        calls.signal_from_device(context, SID, Endpoint.EXAM, "c1", STEP)
    calls.answer_call(context, SID, Endpoint.PHONE, "c1", CallEnd.NO_DEVICE)
    assert context.messages.calls(SID).open == ()  # type: ignore[union-attr]


def test_number_of_signals_is_limited(context: FakeContext, proctor: Staff) -> None:
    add_session(context)
    calls.request_call(context, proctor, SID, "c1", CallKind.FIRST, None)
    for number in range(MAX_SIGNALS):
        calls.signal_from_device(
            context, SID, Endpoint.EXAM, "c1", SignalStep("p", number, None, None, ())
        )
    with pytest.raises(TooMany):
        calls.signal_from_device(context, SID, Endpoint.EXAM, "c1", STEP)


def test_scheduler_ends_calls_that_ring_too_long(context: FakeContext, proctor: Staff) -> None:
    add_session(context)
    calls.request_call(context, proctor, SID, "c1", CallKind.TALK, None)
    context.clock.advance(RING_TIMEOUT)
    for _ in range(2):
        run_due_sessions(context)
    stored = context.messages.calls(SID)
    assert stored is not None
    assert [call.end for call in stored.calls] == [CallEnd.MISSED]
    assert actions(context) == ["signed_in", "talk_asked", "talk_ended"]


def test_call_after_the_end_is_rejected(context: FakeContext, proctor: Staff) -> None:
    add_session(context, state=State.SUBMITTED)
    with pytest.raises(WrongState):
        calls.request_call(context, proctor, SID, "c1", CallKind.FIRST, None)
