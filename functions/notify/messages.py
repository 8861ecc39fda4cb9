"""From a changed item to the messages it means, and to whom."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.capture.cameras import CameraStatus
from chalicelib.domain.exams.papers import AnswerProgress
from chalicelib.domain.identity.verification import IdentityCheck
from chalicelib.domain.messaging.calls import Calls, Signal
from chalicelib.domain.messaging.chats import Chat, Side
from chalicelib.domain.messaging.danmaku import DanmakuWarning
from chalicelib.domain.monitoring.monitor_state import Flag, MonitorState, corrections_needed
from chalicelib.domain.sessions.sessions import Session
from chalicelib.schemas.common import ApiModel
from chalicelib.schemas.push import (
    AnswerProgressPush,
    CallsPush,
    CamerasPush,
    ChangedPush,
    ChatPush,
    FlagPush,
    IdentityPush,
    MonitorPush,
    SessionPush,
    SignalPush,
    WarningPush,
)
from chalicelib.schemas.serializers.cameras import tile_cameras
from chalicelib.schemas.serializers.messages import calls_out, chat_out, signal_out, warning_out
from chalicelib.schemas.serializers.staff import (
    Sign,
    flag_out,
    tile_identity,
    tile_monitor,
    tile_progress,
    tile_session,
)
from chalicelib.services.realtime import chats_topic, room_topic, session_topic, staff_topic
from chalicelib.store.item_mapping import record_from_image


@dataclass(frozen=True, slots=True)
class PushMessage:
    """A text for everybody who follows a topic."""

    topic: str
    text: str


def messages_of(
    image: Mapping[str, Any], old: Mapping[str, Any] | None, sign: Sign
) -> Iterator[PushMessage]:
    """Return the messages that a new image of an item means; most items mean none.

    `old` is the image before, where there was one.
    """
    match record_from_image(image):
        case Session() as session:
            yield _to_room(session.room_id, SessionPush(session=tile_session(session)))
            yield _to_devices(
                session.session_id, ChangedPush(session_id=session.session_id, state=session.state)
            )
        case AnswerProgress() as sheet:
            yield _to_room(sheet.room_id, AnswerProgressPush(sheet=tile_progress(sheet)))
        case MonitorState() as watch:
            yield _to_room(watch.room_id, MonitorPush(watch=tile_monitor(watch, sign)))
            yield from _if_new(watch, old, corrections_needed)
        case IdentityCheck() as identity:
            yield _to_room(identity.room_id, IdentityPush(identity=tile_identity(identity, sign)))
            yield _to_devices(identity.session_id, ChangedPush(session_id=identity.session_id))
        case CameraStatus() as devices:
            yield _to_room(devices.room_id, CamerasPush(devices=tile_cameras(devices)))
            yield from _if_new(devices, old, _candidate_view)
        case Flag() as flag:
            yield _to_room(flag.room_id, FlagPush(flag=flag_out(flag)))
        case DanmakuWarning() | Calls() | Chat() | Signal() as said:
            yield from _conversation_messages(said)
        case _:
            return


def _conversation_messages(record: DanmakuWarning | Calls | Chat | Signal) -> Iterator[PushMessage]:
    """What candidates and staff say to each other: to both sides, a signal to one."""
    match record:
        case DanmakuWarning() as warning:
            yield from _to_both(warning, WarningPush(warning=warning_out(warning)))
        case Calls() as calls:
            yield from _to_both(calls, CallsPush(calls=calls_out(calls)))
        case Chat() as chat:
            push = ChatPush(chat=chat_out(chat))
            yield from _to_both(chat, push)
            yield PushMessage(chats_topic(chat.exam_id), push.model_dump_json())
        case Signal() as signal:
            yield _to_one_side(signal)


def _if_new[T: (MonitorState, CameraStatus)](
    record: T, old: Mapping[str, Any] | None, told: Callable[[T], object]
) -> Iterator[PushMessage]:
    """Tell the candidate's devices, if what they are told of this record is not as before."""
    before = record_from_image(old) if old else None
    known = told(before) if isinstance(before, type(record)) else None
    if (told(record) or None) != (known or None):
        yield _to_devices(record.session_id, ChangedPush(session_id=record.session_id))


def _candidate_view(cameras: CameraStatus) -> object:
    """The test shots that have a result, and whether the phone is well; its mere reports are no news."""
    seen = {test.capture_id for test in cameras.tests.values() if test.analyzed_at is not None}
    phone = cameras.phone
    well = phone and (phone.disconnected_at, phone.battery_low, phone.status.visible)
    return (seen, well) if seen or phone else None


def _to_both(record: DanmakuWarning | Calls | Chat, body: ApiModel) -> Iterator[PushMessage]:
    yield _to_room(record.room_id, body)
    yield _to_devices(record.session_id, body)


def _to_one_side(signal: Signal) -> PushMessage:
    text = SignalPush(signal=signal_out(signal)).model_dump_json()
    to_staff = signal.to is Side.STAFF
    return PushMessage(
        staff_topic(signal.staff) if to_staff else session_topic(signal.session_id), text
    )


def _to_room(room_id: str, body: ApiModel) -> PushMessage:
    return PushMessage(room_topic(room_id), body.model_dump_json())


def _to_devices(session_id: str, body: ApiModel) -> PushMessage:
    return PushMessage(session_topic(session_id), body.model_dump_json())
