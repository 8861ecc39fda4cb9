"""What the socket says. Every message is a hint: whoever missed one reads the API again."""

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
    """To a room: answering went on."""

    type: Literal["sheet"] = "sheet"
    sheet: TileProgress


class MonitorPush(ApiModel):
    """To a room: a new picture, or the open flags changed."""

    type: Literal["watch"] = "watch"
    watch: TileMonitor


class FlagPush(ApiModel):
    """To a room: a flag opened, went on or closed."""

    type: Literal["flag"] = "flag"
    flag: FlagOut


class IdentityPush(ApiModel):
    """To a room: photo verification went on."""

    type: Literal["identity"] = "identity"
    identity: TileIdentity


class CamerasPush(ApiModel):
    """To a room: a test shot, or news of the phone."""

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
    """To a room and to the candidate's devices: a call was asked for, taken or ended."""

    type: Literal["calls"] = "calls"
    calls: CallsOut


class SignalPush(ApiModel):
    """To the one in the call: the other side's browser tells how to connect."""

    type: Literal["signal"] = "signal"
    signal: SignalOut


class ChatPush(ApiModel):
    """To a room, to support and to the candidate: a chat went on; read its messages."""

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
    """From the console: send me this room's messages. Answered by nothing but those."""

    action: Literal["watch_room"]
    room_id: Id


class Ping(ApiModel):
    """From any page, at least every 8 minutes: keep the connection open."""

    action: Literal["ping"]


class SubscribeChats(ApiModel):
    """From support's queue: send me this exam's chats."""

    action: Literal["watch_chats"]
    exam_id: Id


class RelaySignal(ApiModel):
    """From either side of a call: pass this on to the other. A page without a socket POSTs it."""

    action: Literal["signal"]
    session_id: Id
    call_id: Token
    signal: SignalIn


type ClientMessage = Annotated[
    SubscribeRoom | SubscribeChats | RelaySignal | Ping, Field(discriminator="action")
]
