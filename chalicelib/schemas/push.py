"""What the socket says. Every message is a hint: whoever missed one reads the API again."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.domain.sessions.states import State
from chalicelib.schemas.cameras import SeatDevices
from chalicelib.schemas.common import Id, Shape
from chalicelib.schemas.messages import CallsOut, ChatOut, SignalIn, SignalOut, Token, WarningOut
from chalicelib.schemas.staff import FlagOut, SeatIdentity, SeatSession, SeatSheet, SeatWatch


class SessionPush(Shape):
    """To a room: a session is new or has changed."""

    type: Literal["session"] = "session"
    session: SeatSession


class SheetPush(Shape):
    """To a room: answering went on."""

    type: Literal["sheet"] = "sheet"
    sheet: SeatSheet


class WatchPush(Shape):
    """To a room: a new picture, or the open flags changed."""

    type: Literal["watch"] = "watch"
    watch: SeatWatch


class FlagPush(Shape):
    """To a room: a flag opened, went on or closed."""

    type: Literal["flag"] = "flag"
    flag: FlagOut


class IdentityPush(Shape):
    """To a room: photo verification went on."""

    type: Literal["identity"] = "identity"
    identity: SeatIdentity


class DevicesPush(Shape):
    """To a room: a test shot, or news of the phone."""

    type: Literal["devices"] = "devices"
    devices: SeatDevices


class ChangedPush(Shape):
    """To the candidate's own devices: read the session again."""

    type: Literal["changed"] = "changed"
    session_id: str
    state: State | None = None


class WarningPush(Shape):
    """To a room and to the candidate: a warning was sent, shown or acknowledged."""

    type: Literal["warning"] = "warning"
    warning: WarningOut


class CallsPush(Shape):
    """To a room and to the candidate's devices: a call was asked for, taken or ended."""

    type: Literal["calls"] = "calls"
    calls: CallsOut


class SignalPush(Shape):
    """To the one in the call: the other side's browser tells how to connect."""

    type: Literal["signal"] = "signal"
    signal: SignalOut


class ChatPush(Shape):
    """To a room, to support and to the candidate: a chat went on; read its messages."""

    type: Literal["chat"] = "chat"
    chat: ChatOut


type Push = Annotated[
    SessionPush
    | SheetPush
    | WatchPush
    | FlagPush
    | IdentityPush
    | DevicesPush
    | ChangedPush
    | WarningPush
    | CallsPush
    | SignalPush
    | ChatPush,
    Field(discriminator="type"),
]


class WatchRoom(Shape):
    """From the console: send me this room's messages. Answered by nothing but those."""

    action: Literal["watch_room"]
    room_id: Id


class Ping(Shape):
    """From any page, at least every 8 minutes: keep the connection open."""

    action: Literal["ping"]


class WatchChats(Shape):
    """From support's queue: send me this exam's chats."""

    action: Literal["watch_chats"]
    exam_id: Id


class SaySignal(Shape):
    """From either side of a call: pass this on to the other. A page without a socket POSTs it."""

    action: Literal["signal"]
    session_id: Id
    call_id: Token
    signal: SignalIn


type Said = Annotated[WatchRoom | WatchChats | SaySignal | Ping, Field(discriminator="action")]
