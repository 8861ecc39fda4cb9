"""Routes of the review console."""

from chalicelib.api.roles import PROCTOR_OR_ADMIN, PUBLIC, STAFF
from chalicelib.api.routing import ApiRequest, Routes
from chalicelib.api.tags import Tag
from chalicelib.domain.audit import first_break
from chalicelib.domain.errors import Conflict, NotFound, WrongState
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.review.access_log import AccessedItem
from chalicelib.domain.rules.sign_in_throttling import TooManyAttempts
from chalicelib.schemas.checks import results_out
from chalicelib.schemas.common import Done, TicketOut
from chalicelib.schemas.serializers.cameras import tile_cameras
from chalicelib.schemas.serializers.staff import (
    audit_out,
    flag_out,
    observation_out,
    room_out,
    tile_identity,
    tile_monitor,
    tile_progress,
    tile_session,
)
from chalicelib.schemas.staff import (
    CandidateDetail,
    CandidateTile,
    ExtendIn,
    IdentityDecisionIn,
    ProctorRequestIn,
    ReasonIn,
    RoomDetail,
    RoomsOut,
    StaffOut,
    StaffSignedInOut,
    StaffSignInIn,
)
from chalicelib.services.core import access, tokens
from chalicelib.services.identity import verification
from chalicelib.services.ports import AppContext, SessionBundle
from chalicelib.services.proctoring import access_log, requests, session_control
from chalicelib.services.sign_in.staff import (
    InvalidOneTimeCode,
    InvalidStaffCredentials,
    OneTimeCodeRequired,
    OneTimeCodeUsed,
    StaffCredentials,
    sign_in_staff,
)

routes = Routes("chalicelib.api.proctor")


def _staff_out(staff: Staff) -> StaffOut:
    return StaffOut(username=staff.username, display_name=staff.display_name, role=staff.role)


def _seat(context: AppContext, bundle: SessionBundle) -> CandidateTile:
    sign = context.media.view_url
    return CandidateTile(
        session=tile_session(bundle.session),
        sheet=tile_progress(bundle.progress),
        watch=tile_monitor(bundle.monitor, sign),
        identity=tile_identity(bundle.identity, sign),
        devices=tile_cameras(bundle.cameras),
    )


@routes.add(
    "POST",
    "/staff/sign-in",
    tag=Tag.STAFF_SIGN_IN,
    roles=PUBLIC,
    body=StaffSignInIn,
    response=StaffSignedInOut,
    errors=(
        InvalidStaffCredentials,
        OneTimeCodeRequired,
        InvalidOneTimeCode,
        OneTimeCodeUsed,
        Conflict,
        TooManyAttempts,
    ),
)
def staff_sign_in(request: ApiRequest, body: StaffSignInIn) -> StaffSignedInOut:
    """Sign a staff member in."""
    credentials = StaffCredentials(body.username, body.password, request.address, body.code)
    entered = sign_in_staff(request.context, credentials)
    return StaffSignedInOut(
        token=entered.token, expires_at=entered.expires_at, staff=_staff_out(entered.staff)
    )


@routes.add(
    "GET",
    "/staff/me",
    tag=Tag.STAFF_SIGN_IN,
    roles=STAFF,
    response=StaffOut,
    errors=(NotFound,),
)
def staff_me(request: ApiRequest) -> StaffOut:
    """Show who is signed in."""
    return _staff_out(request.staff)


@routes.add("POST", "/staff/ticket", tag=Tag.STAFF_SIGN_IN, roles=STAFF, response=TicketOut)
def staff_ticket(request: ApiRequest) -> TicketOut:
    """Get a ticket for the socket."""
    value, expires_at = tokens.issue_socket_ticket(request.context, request.caller)
    return TicketOut(ticket=value, expires_at=expires_at)


@routes.add(
    "GET",
    "/proctor/rooms",
    tag=Tag.PROCTORING,
    roles=PROCTOR_OR_ADMIN,
    response=RoomsOut,
    errors=(NotFound,),
)
def show_rooms(request: ApiRequest) -> RoomsOut:
    """Show the rooms that one may watch."""
    found = access.rooms_for(request.context, request.staff)
    return RoomsOut(
        rooms=[room_out(*found_item) for found_item in found], now=request.context.clock()
    )


@routes.add(
    "GET",
    "/proctor/rooms/{room_id}",
    tag=Tag.PROCTORING,
    roles=PROCTOR_OR_ADMIN,
    response=RoomDetail,
    errors=(Conflict,),
)
def show_room(request: ApiRequest, room_id: str) -> RoomDetail:
    """Show a room with everybody in it."""
    staff = request.staff
    room, exam = access.authorized_room(request.context, staff, room_id)
    access_log.record_access(request.context, staff, room_id, AccessedItem.ROOM)
    seats = [_seat(request.context, bundle) for bundle in request.context.sessions.in_room(room_id)]
    return RoomDetail(room=room_out(room, exam), seats=seats, now=request.context.clock())


@routes.add(
    "GET",
    "/proctor/sessions/{session_id}",
    tag=Tag.PROCTORING,
    roles=PROCTOR_OR_ADMIN,
    response=CandidateDetail,
    errors=(Conflict,),
)
def show_seat(request: ApiRequest, session_id: str) -> CandidateDetail:
    """Show one candidate close: flags, pictures, audit."""
    staff = request.staff
    close = session_control.session_detail(request.context, staff, session_id)
    access_log.record_access(request.context, staff, session_id, AccessedItem.CANDIDATE)
    sign = request.context.media.view_url
    return CandidateDetail(
        seat=_seat(request.context, close.bundle),
        checks=results_out(close.checks),
        flags=[flag_out(flag) for flag in close.flags],
        observations=[observation_out(observation, sign) for observation in close.observations],
        causes=[observation_out(observation, sign) for observation in close.flag_observations],
        audit=[audit_out(entry) for entry in close.audit],
        audit_whole=first_break(close.audit) is None,
        now=request.context.clock(),
    )


@routes.add(
    "POST",
    "/proctor/sessions/{session_id}/identity",
    tag=Tag.PROCTORING,
    roles=PROCTOR_OR_ADMIN,
    body=IdentityDecisionIn,
    response=Done,
    errors=(Conflict, WrongState),
)
def decide_identity(request: ApiRequest, body: IdentityDecisionIn, session_id: str) -> Done:
    """Accept or refuse a candidate who waits for it, by picture or by live video."""
    staff = request.staff
    access.authorized_session(request.context, staff, session_id)
    verification.decide_identity(
        request.context, session_id, access.audit_actor(staff), body.reason, accept=body.accept
    )
    return Done()


@routes.add(
    "POST",
    "/proctor/sessions/{session_id}/pause",
    tag=Tag.PROCTORING,
    roles=PROCTOR_OR_ADMIN,
    body=ReasonIn,
    response=Done,
    errors=(Conflict, WrongState),
)
def pause(request: ApiRequest, body: ReasonIn, session_id: str) -> Done:
    """Stop a candidate's clock; the candidate reads the reason."""
    session_control.pause_session(request.context, request.staff, session_id, body.reason)
    return Done()


@routes.add(
    "POST",
    "/proctor/sessions/{session_id}/resume",
    tag=Tag.PROCTORING,
    roles=PROCTOR_OR_ADMIN,
    response=Done,
    errors=(Conflict, WrongState),
)
def resume(request: ApiRequest, session_id: str) -> Done:
    """Let a candidate's clock run on; the pause is credited."""
    session_control.resume_session(request.context, request.staff, session_id)
    return Done()


@routes.add(
    "POST",
    "/proctor/sessions/{session_id}/extend",
    tag=Tag.PROCTORING,
    roles=PROCTOR_OR_ADMIN,
    body=ExtendIn,
    response=Done,
    errors=(Conflict, WrongState),
)
def extend(request: ApiRequest, body: ExtendIn, session_id: str) -> Done:
    """Give a candidate more time; the candidate sees the new end."""
    session_control.extend_session(
        request.context, request.staff, session_id, body.minutes, body.reason
    )
    return Done()


@routes.add(
    "POST",
    "/proctor/sessions/{session_id}/ask",
    tag=Tag.PROCTORING,
    roles=PROCTOR_OR_ADMIN,
    body=ProctorRequestIn,
    response=Done,
    errors=(Conflict, WrongState),
)
def ask_candidate(request: ApiRequest, body: ProctorRequestIn, session_id: str) -> Done:
    """Ask a candidate to show the face again, or the room."""
    requests.send_request(request.context, request.staff, session_id, body.kind)
    return Done()


@routes.add(
    "POST",
    "/proctor/sessions/{session_id}/terminate",
    tag=Tag.PROCTORING,
    roles=PROCTOR_OR_ADMIN,
    body=ReasonIn,
    response=Done,
    errors=(Conflict, WrongState),
)
def terminate(request: ApiRequest, body: ReasonIn, session_id: str) -> Done:
    """End a candidate's session; the candidate reads the reason."""
    session_control.terminate_session(request.context, request.staff, session_id, body.reason)
    return Done()
