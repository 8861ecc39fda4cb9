"""Routes of the console: sign-in, rooms, session control."""

from chalicelib.api.acts import act_by
from chalicelib.api.roles import PROCTOR_OR_ADMIN, PUBLIC, STAFF
from chalicelib.api.routing import ApiRequest, Routes
from chalicelib.api.tags import Tag
from chalicelib.domain.audit import first_break
from chalicelib.domain.errors import Conflict, NotFound, WrongState
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.review.access_log import AccessedItem
from chalicelib.domain.rules.sign_in_throttling import TooManyAttempts
from chalicelib.schemas.common import Done, TicketOut
from chalicelib.schemas.serializers.cameras import tile_cameras
from chalicelib.schemas.serializers.checks import results_out
from chalicelib.schemas.serializers.staff import (
    attempt_out,
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
    RoomDetail,
    RoomsOut,
    StaffOut,
    StaffSignedInOut,
    StaffSignInIn,
)
from chalicelib.schemas.staff_acts import (
    ActIn,
    ExtendIn,
    IdentityDecisionIn,
    ProctorRequestIn,
    ReasonIn,
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


def _candidate_tile(context: AppContext, bundle: SessionBundle) -> CandidateTile:
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
    """Sign a staff member in with a password and, where set up, a one-time code."""
    credentials = StaffCredentials(body.username, body.password, request.address, body.code)
    staff_session = sign_in_staff(request.context, credentials)
    return StaffSignedInOut(
        token=staff_session.token,
        expires_at=staff_session.expires_at,
        staff=_staff_out(staff_session.staff),
    )


@routes.add(
    "GET",
    "/staff/me",
    tag=Tag.STAFF_SIGN_IN,
    roles=STAFF,
    response=StaffOut,
    errors=(NotFound,),
)
def show_staff(request: ApiRequest) -> StaffOut:
    """Show the signed-in staff member."""
    return _staff_out(request.staff)


@routes.add("POST", "/staff/ticket", tag=Tag.STAFF_SIGN_IN, roles=STAFF, response=TicketOut)
def issue_staff_ticket(request: ApiRequest) -> TicketOut:
    """Issue a ticket that opens the socket."""
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
    """Show the rooms that the caller may watch."""
    rooms = access.rooms_for(request.context, request.staff)
    return RoomsOut(
        rooms=[room_out(room, exam) for room, exam in rooms], now=request.context.clock()
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
    """Show a room with all its candidates, each in the newest attempt."""
    staff = request.staff
    room, exam = access.authorized_room(request.context, staff, room_id)
    access_log.record_access(request.context, staff, room_id, AccessedItem.ROOM)
    seats = [
        _candidate_tile(request.context, bundle)
        for bundle in request.context.sessions.in_room(room_id)
        if bundle.session.superseded_by is None
    ]
    return RoomDetail(room=room_out(room, exam), seats=seats, now=request.context.clock())


@routes.add(
    "GET",
    "/proctor/sessions/{session_id}",
    tag=Tag.PROCTORING,
    roles=PROCTOR_OR_ADMIN,
    response=CandidateDetail,
    errors=(Conflict,),
)
def show_candidate_detail(request: ApiRequest, session_id: str) -> CandidateDetail:
    """Show one candidate in detail: flags, captures, device checks, audit chain."""
    staff = request.staff
    detail = session_control.session_detail(request.context, staff, session_id)
    access_log.record_access(request.context, staff, session_id, AccessedItem.CANDIDATE)
    sign = request.context.media.view_url
    return CandidateDetail(
        seat=_candidate_tile(request.context, detail.bundle),
        checks=results_out(detail.checks),
        flags=[flag_out(flag) for flag in detail.flags],
        observations=[observation_out(observation, sign) for observation in detail.observations],
        causes=[observation_out(observation, sign) for observation in detail.flag_observations],
        audit=[audit_out(entry) for entry in detail.audit],
        audit_whole=first_break(detail.audit) is None,
        attempts=[attempt_out(session) for session in detail.attempts],
        time_zone=request.context.registry.exam(detail.bundle.session.exam_id).time_zone,
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
    """Accept or reject a candidate whose identity awaits a decision."""
    by = act_by(request, session_id, body)
    verification.decide_identity(request.context, by, body.reason, accept=body.accept)
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
def pause_session(request: ApiRequest, body: ReasonIn, session_id: str) -> Done:
    """Pause a candidate's session; the candidate reads the reason."""
    by = act_by(request, session_id, body)
    session_control.pause_session(request.context, by, body.reason)
    return Done()


@routes.add(
    "POST",
    "/proctor/sessions/{session_id}/resume",
    tag=Tag.PROCTORING,
    roles=PROCTOR_OR_ADMIN,
    body=ActIn,
    response=Done,
    errors=(Conflict, WrongState),
)
def resume_session(request: ApiRequest, body: ActIn, session_id: str) -> Done:
    """Resume a paused session; the pause is credited."""
    session_control.resume_session(request.context, act_by(request, session_id, body))
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
def extend_session(request: ApiRequest, body: ExtendIn, session_id: str) -> Done:
    """Extend a candidate's time; the candidate sees the new end."""
    by = act_by(request, session_id, body)
    session_control.extend_session(request.context, by, body.minutes, body.reason)
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
def request_from_candidate(request: ApiRequest, body: ProctorRequestIn, session_id: str) -> Done:
    """Request that a candidate shows their face again, or the room."""
    requests.send_request(request.context, act_by(request, session_id, body), body.kind)
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
def terminate_session(request: ApiRequest, body: ReasonIn, session_id: str) -> Done:
    """Terminate a candidate's session; the candidate reads the reason."""
    by = act_by(request, session_id, body)
    session_control.terminate_session(request.context, by, body.reason)
    return Done()
