"""What the socket says. Every message is a hint: whoever missed one reads the API again."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.contract.common import Id, Shape
from chalicelib.contract.staff import FlagOut, SeatIdentity, SeatSession, SeatSheet, SeatWatch
from chalicelib.exam.states import State


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


class ChangedPush(Shape):
    """To the candidate's own devices: read the session again."""

    type: Literal["changed"] = "changed"
    session_id: str
    state: State | None = None


type Push = Annotated[
    SessionPush | SheetPush | WatchPush | FlagPush | IdentityPush | ChangedPush,
    Field(discriminator="type"),
]


class WatchRoom(Shape):
    """From the console: send me this room's messages. Answered by nothing but those."""

    action: Literal["watch_room"]
    room_id: Id


class Ping(Shape):
    """From any page, at least every 8 minutes: keep the connection open."""

    action: Literal["ping"]


type Said = Annotated[WatchRoom | Ping, Field(discriminator="action")]
