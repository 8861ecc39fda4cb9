"""Which push messages a changed item produces, and on which topics."""

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
from chalicelib.services.ports.sockets import chats_topic, room_topic, session_topic, staff_topic
from chalicelib.store.item_mapping import record_from_image


@dataclass(frozen=True, slots=True)
class PushMessage:
    """A text for every connection that follows a topic."""

    topic: str
    text: str


def messages_of(
    image: Mapping[str, Any], old_image: Mapping[str, Any] | None, sign: Sign
) -> Iterator[PushMessage]:
    """Return the messages for the new image of an item; most items have none.

    `old_image` is the image before the change, if there was one.
    """
    match record_from_image(image):
        case Session() as session:
            yield _to_room(session.room_id, SessionPush(session=tile_session(session)))
            yield _to_devices(
                session.session_id, ChangedPush(session_id=session.session_id, state=session.state)
            )
        case AnswerProgress() as progress:
            yield _to_room(progress.room_id, AnswerProgressPush(sheet=tile_progress(progress)))
        case MonitorState() as monitor:
            yield _to_room(monitor.room_id, MonitorPush(watch=tile_monitor(monitor, sign)))
            yield from _if_changed(monitor, old_image, corrections_needed)
        case IdentityCheck() as identity:
            yield _to_room(identity.room_id, IdentityPush(identity=tile_identity(identity, sign)))
            yield _to_devices(identity.session_id, ChangedPush(session_id=identity.session_id))
        case CameraStatus() as cameras:
            yield _to_room(cameras.room_id, CamerasPush(devices=tile_cameras(cameras)))
            yield from _if_changed(cameras, old_image, _candidate_view)
        case Flag() as flag:
            yield _to_room(flag.room_id, FlagPush(flag=flag_out(flag)))
        case DanmakuWarning() | Calls() | Chat() | Signal() as conversation:
            yield from _conversation_messages(conversation)
        case _:
            return


def _conversation_messages(record: DanmakuWarning | Calls | Chat | Signal) -> Iterator[PushMessage]:
    """Return the messages of a conversation: for both sides, or for a signal's recipient only."""
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
            yield _to_recipient(signal)


def _if_changed[T: (MonitorState, CameraStatus)](
    record: T, old_image: Mapping[str, Any] | None, candidate_view: Callable[[T], object]
) -> Iterator[PushMessage]:
    """Notify the candidate's devices if the part of the record that they see has changed."""
    old_record = record_from_image(old_image) if old_image else None
    old_view = candidate_view(old_record) if isinstance(old_record, type(record)) else None
    if (candidate_view(record) or None) != (old_view or None):
        yield _to_devices(record.session_id, ChangedPush(session_id=record.session_id))


def _candidate_view(cameras: CameraStatus) -> object:
    """Return the analysed camera tests and the phone's health: a heartbeat alone is no change."""
    analyzed = {test.capture_id for test in cameras.tests.values() if test.analyzed_at is not None}
    phone = cameras.phone
    health = phone and (phone.disconnected_at, phone.battery_low, phone.status.visible)
    return (analyzed, health) if analyzed or phone else None


def _to_both(record: DanmakuWarning | Calls | Chat, body: ApiModel) -> Iterator[PushMessage]:
    yield _to_room(record.room_id, body)
    yield _to_devices(record.session_id, body)


def _to_recipient(signal: Signal) -> PushMessage:
    text = SignalPush(signal=signal_out(signal)).model_dump_json()
    to_staff = signal.to is Side.STAFF
    return PushMessage(
        staff_topic(signal.staff) if to_staff else session_topic(signal.session_id), text
    )


def _to_room(room_id: str, body: ApiModel) -> PushMessage:
    return PushMessage(room_topic(room_id), body.model_dump_json())


def _to_devices(session_id: str, body: ApiModel) -> PushMessage:
    return PushMessage(session_topic(session_id), body.model_dump_json())
