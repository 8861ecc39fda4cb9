"""Routes of the review console."""

from chalicelib.api.routing import ANYBODY, Call, Routes
from chalicelib.domain.audit import first_break
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.review.access_log import Shown
from chalicelib.domain.types import STAFF_ROLES, Role
from chalicelib.schemas.checks import results_out
from chalicelib.schemas.common import Done, TicketOut
from chalicelib.schemas.serializers.cameras import seat_devices
from chalicelib.schemas.serializers.staff import (
    audit_out,
    flag_out,
    observation_out,
    room_out,
    seat_identity,
    seat_session,
    seat_sheet,
    seat_watch,
)
from chalicelib.schemas.staff import (
    AskIn,
    ExtendIn,
    IdentityDecisionIn,
    ReasonIn,
    RoomsOut,
    RoomView,
    Seat,
    SeatDetail,
    StaffOut,
    StaffSignedIn,
    StaffSignInIn,
)
from chalicelib.services.core import access, tokens
from chalicelib.services.identity import verification
from chalicelib.services.ports import Whole, World
from chalicelib.services.proctoring import access_log, requests, session_control
from chalicelib.services.sign_in.staff import StaffSignIn, sign_in_staff

routes = Routes("chalicelib.api.proctor")
WATCHERS = frozenset({Role.PROCTOR, Role.ADMIN})


def _staff(call: Call) -> Staff:
    return access.staff_named(call.world, call.who.subject)


def _staff_out(staff: Staff) -> StaffOut:
    return StaffOut(username=staff.username, display_name=staff.display_name, role=staff.role)


def _seat(world: World, whole: Whole) -> Seat:
    sign = world.media.view_url
    return Seat(
        session=seat_session(whole.session),
        sheet=seat_sheet(whole.sheet),
        watch=seat_watch(whole.watch, sign),
        identity=seat_identity(whole.identity, sign),
        devices=seat_devices(whole.devices),
    )


@routes.add("POST", "/staff/sign-in", roles=ANYBODY, body=StaffSignInIn, answer=StaffSignedIn)
def staff_sign_in(call: Call, body: StaffSignInIn) -> StaffSignedIn:
    """Sign a staff member in."""
    given = StaffSignIn(body.username, body.password, call.address, body.code)
    entered = sign_in_staff(call.world, given)
    return StaffSignedIn(
        token=entered.token, expires_at=entered.expires_at, staff=_staff_out(entered.staff)
    )


@routes.add("GET", "/staff/me", roles=STAFF_ROLES, answer=StaffOut)
def staff_me(call: Call) -> StaffOut:
    """Show who is signed in."""
    return _staff_out(_staff(call))


@routes.add("POST", "/staff/ticket", roles=STAFF_ROLES, answer=TicketOut)
def staff_ticket(call: Call) -> TicketOut:
    """Get a ticket for the socket."""
    value, expires_at = tokens.issue_ticket(call.world, call.who)
    return TicketOut(ticket=value, expires_at=expires_at)


@routes.add("GET", "/proctor/rooms", roles=WATCHERS, answer=RoomsOut)
def show_rooms(call: Call) -> RoomsOut:
    """Show the rooms that one may watch."""
    found = access.rooms_of(call.world, _staff(call))
    return RoomsOut(rooms=[room_out(*one) for one in found], now=call.world.clock())


@routes.add("GET", "/proctor/rooms/{room_id}", roles=WATCHERS, answer=RoomView)
def show_room(call: Call, room_id: str) -> RoomView:
    """Show a room with everybody in it."""
    staff = _staff(call)
    room, exam = access.room_for(call.world, staff, room_id)
    access_log.note_look(call.world, staff, room_id, Shown.ROOM)
    seats = [_seat(call.world, one) for one in call.world.sessions.in_room(room_id)]
    return RoomView(room=room_out(room, exam), seats=seats, now=call.world.clock())


@routes.add("GET", "/proctor/sessions/{session_id}", roles=WATCHERS, answer=SeatDetail)
def show_seat(call: Call, session_id: str) -> SeatDetail:
    """Show one candidate close: flags, pictures, audit."""
    staff = _staff(call)
    close = session_control.look_close(call.world, staff, session_id)
    access_log.note_look(call.world, staff, session_id, Shown.CANDIDATE)
    sign = call.world.media.view_url
    return SeatDetail(
        seat=_seat(call.world, close.whole),
        checks=results_out(close.checks),
        flags=[flag_out(one) for one in close.flags],
        observations=[observation_out(one, sign) for one in close.observations],
        causes=[observation_out(one, sign) for one in close.causes],
        audit=[audit_out(one) for one in close.audit],
        audit_whole=first_break(close.audit) is None,
        now=call.world.clock(),
    )


@routes.add(
    "POST",
    "/proctor/sessions/{session_id}/identity",
    roles=WATCHERS,
    body=IdentityDecisionIn,
    answer=Done,
)
def decide_identity(call: Call, body: IdentityDecisionIn, session_id: str) -> Done:
    """Accept or refuse a candidate who waits for it, by picture or by live video."""
    staff = _staff(call)
    access.session_for(call.world, staff, session_id)
    verification.decide_identity(
        call.world, session_id, access.actor_of(staff), body.reason, accept=body.accept
    )
    return Done()


@routes.add(
    "POST", "/proctor/sessions/{session_id}/pause", roles=WATCHERS, body=ReasonIn, answer=Done
)
def pause(call: Call, body: ReasonIn, session_id: str) -> Done:
    """Stop a candidate's clock; the candidate reads the reason."""
    session_control.pause_session(call.world, _staff(call), session_id, body.reason)
    return Done()


@routes.add("POST", "/proctor/sessions/{session_id}/resume", roles=WATCHERS, answer=Done)
def resume(call: Call, session_id: str) -> Done:
    """Let a candidate's clock run on; the pause is credited."""
    session_control.resume_session(call.world, _staff(call), session_id)
    return Done()


@routes.add(
    "POST", "/proctor/sessions/{session_id}/extend", roles=WATCHERS, body=ExtendIn, answer=Done
)
def extend(call: Call, body: ExtendIn, session_id: str) -> Done:
    """Give a candidate more time; the candidate sees the new end."""
    session_control.extend_session(call.world, _staff(call), session_id, body.minutes, body.reason)
    return Done()


@routes.add("POST", "/proctor/sessions/{session_id}/ask", roles=WATCHERS, body=AskIn, answer=Done)
def ask_candidate(call: Call, body: AskIn, session_id: str) -> Done:
    """Ask a candidate to show the face again, or the room."""
    requests.ask_candidate(call.world, _staff(call), session_id, body.kind)
    return Done()


@routes.add(
    "POST", "/proctor/sessions/{session_id}/terminate", roles=WATCHERS, body=ReasonIn, answer=Done
)
def terminate(call: Call, body: ReasonIn, session_id: str) -> Done:
    """End a candidate's session; the candidate reads the reason."""
    session_control.terminate_session(call.world, _staff(call), session_id, body.reason)
    return Done()
