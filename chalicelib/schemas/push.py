"""The socket's messages. Each is a hint: a client that missed one reads the API again."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.domain.sessions.states import State
from chalicelib.schemas.cameras import TileCameras
from chalicelib.schemas.common import ApiModel, Id
from chalicelib.schemas.messages import CallsOut, ChatOut, SignalIn, SignalOut, Token, WarningOut
from chalicelib.schemas.staff import FlagOut, TileIdentity, TileMonitor, TileProgress, TileSession


class SessionPush(ApiModel):
    """To a room: a session is new or has changed."""

    type: Literal["session"] = "session"
    session: TileSession


class AnswerProgressPush(ApiModel):
    """To a room: the answer progress changed."""

    type: Literal["sheet"] = "sheet"
    sheet: TileProgress


class MonitorPush(ApiModel):
    """To a room: a new picture, or the open flags changed."""

    type: Literal["watch"] = "watch"
    watch: TileMonitor


class FlagPush(ApiModel):
    """To a room: a flag opened, continued or closed."""

    type: Literal["flag"] = "flag"
    flag: FlagOut


class IdentityPush(ApiModel):
    """To a room: the identity verification changed."""

    type: Literal["identity"] = "identity"
    identity: TileIdentity


class CamerasPush(ApiModel):
    """To a room: a camera test or the phone's status changed."""

    type: Literal["devices"] = "devices"
    devices: TileCameras


class ChangedPush(ApiModel):
    """To the candidate's own devices: read the session again."""

    type: Literal["changed"] = "changed"
    session_id: str
    state: State | None = None


class WarningPush(ApiModel):
    """To a room and to the candidate: a warning was sent, shown or acknowledged."""

    type: Literal["warning"] = "warning"
    warning: WarningOut


class CallsPush(ApiModel):
    """To a room and to the candidate's devices: a call was opened, accepted or ended."""

    type: Literal["calls"] = "calls"
    calls: CallsOut


class SignalPush(ApiModel):
    """To one side of a call: a WebRTC signal from the other side."""

    type: Literal["signal"] = "signal"
    signal: SignalOut


class ChatPush(ApiModel):
    """To a room, to support and to the candidate: a chat changed; read its messages."""

    type: Literal["chat"] = "chat"
    chat: ChatOut


type ServerMessage = Annotated[
    SessionPush
    | AnswerProgressPush
    | MonitorPush
    | FlagPush
    | IdentityPush
    | CamerasPush
    | ChangedPush
    | WarningPush
    | CallsPush
    | SignalPush
    | ChatPush,
    Field(discriminator="type"),
]


class SubscribeRoom(ApiModel):
    """From the console: subscribe to a room. The only response is the room's messages."""

    action: Literal["watch_room"]
    room_id: Id


class Ping(ApiModel):
    """From any page, at least every 8 minutes: keep the connection open."""

    action: Literal["ping"]


class SubscribeChats(ApiModel):
    """From the queue of support: subscribe to an exam's chats."""

    action: Literal["watch_chats"]
    exam_id: Id


class RelaySignal(ApiModel):
    """From either side of a call: relay a signal to the other. A page without a socket POSTs it."""

    action: Literal["signal"]
    session_id: Id
    call_id: Token
    signal: SignalIn


type ClientMessage = Annotated[
    SubscribeRoom | SubscribeChats | RelaySignal | Ping, Field(discriminator="action")
]
