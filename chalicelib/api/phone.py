"""Routes of the phone's page, the second view."""

from chalicelib.api.roles import PHONE, PUBLIC
from chalicelib.api.routing import ApiRequest, Routes
from chalicelib.api.tags import Tag
from chalicelib.api.upload_forms import plan_out, upload_out
from chalicelib.domain.capture.cameras import PhoneStatus
from chalicelib.domain.capture.captures import PICTURES_SECOND
from chalicelib.domain.errors import Conflict, NotFound, TooMany, WrongState
from chalicelib.domain.normalization import MalformedJoinCode, MalformedNumber
from chalicelib.domain.rules.reported_devices import DeviceReport
from chalicelib.domain.rules.sign_in_throttling import TooManyAttempts
from chalicelib.domain.types import View
from chalicelib.schemas.checks import PhoneDevicesIn
from chalicelib.schemas.common import CameraTestUploadOut, CapturePlanOut, Done, TicketOut
from chalicelib.schemas.phone import PairedPhoneOut, PairPhoneIn, PhoneSessionOut, PhoneStatusIn
from chalicelib.schemas.serializers.candidate import phone_session_out
from chalicelib.services.core import session_access, tokens
from chalicelib.services.monitoring import capture_plans, devices
from chalicelib.services.ports import AppContext
from chalicelib.services.sign_in import phone_pairing
from chalicelib.services.sign_in.phone_pairing import (
    ExpiredJoinCode,
    IdentityMismatch,
    InvalidJoinCode,
    SpentJoinCode,
)
from chalicelib.services.sitting import camera_tests

routes = Routes("chalicelib.api.phone")


def _session(context: AppContext, session_id: str) -> PhoneSessionOut:
    bundle = context.sessions.bundle(session_id)
    subject = session_access.get_subject(context, bundle.session)
    return phone_session_out(bundle.session, bundle.cameras, subject, context.clock())


@routes.add(
    "POST",
    "/phone/join",
    tag=Tag.SECOND_VIEW,
    roles=PUBLIC,
    body=PairPhoneIn,
    response=PairedPhoneOut,
    errors=(
        MalformedJoinCode,
        MalformedNumber,
        InvalidJoinCode,
        SpentJoinCode,
        ExpiredJoinCode,
        IdentityMismatch,
        NotFound,
        Conflict,
        WrongState,
        TooManyAttempts,
    ),
)
def pair_phone(request: ApiRequest, body: PairPhoneIn) -> PairedPhoneOut:
    """Pair a phone as second view, by the join code and the candidate's two numbers."""
    numbers = phone_pairing.CandidateNumbers(
        body.admission_number, body.id_number, body.device, body.touch
    )
    paired = phone_pairing.pair_phone(request.context, body.code, numbers, request.origin)
    session = _session(request.context, paired.session.session_id)
    return PairedPhoneOut(token=paired.token, expires_at=paired.expires_at, session=session)


@routes.add(
    "GET",
    "/phone/session",
    tag=Tag.SECOND_VIEW,
    roles=PHONE,
    response=PhoneSessionOut,
    errors=(WrongState,),
)
def show_phone_session(request: ApiRequest) -> PhoneSessionOut:
    """Show the session that the phone is paired with."""
    return _session(request.context, request.caller.subject)


@routes.add(
    "POST",
    "/phone/report",
    tag=Tag.SECOND_VIEW,
    roles=PHONE,
    body=PhoneStatusIn,
    response=Done,
    errors=(Conflict,),
)
def report_phone_status(request: ApiRequest, body: PhoneStatusIn) -> Done:
    """Report the phone's status (heartbeat)."""
    phone_pairing.record_heartbeat(
        request.context, request.caller.subject, PhoneStatus(**body.model_dump())
    )
    return Done()


@routes.add(
    "POST",
    "/phone/devices",
    tag=Tag.SECOND_VIEW,
    roles=PHONE,
    body=PhoneDevicesIn,
    response=Done,
    errors=(Conflict, WrongState, TooMany),
)
def report_phone_devices(request: ApiRequest, body: PhoneDevicesIn) -> Done:
    """Report the phone's camera: when it starts, and whenever it is another one."""
    devices.report_devices(
        request.context, request.caller.subject, View.SECOND, DeviceReport(body.camera)
    )
    return Done()


@routes.add(
    "POST",
    "/phone/captures",
    tag=Tag.SECOND_VIEW,
    roles=PHONE,
    response=CapturePlanOut,
    errors=(Conflict, WrongState, TooMany),
)
def plan_phone_captures(request: ApiRequest) -> CapturePlanOut:
    """Plan the phone's next captures, and get their upload forms."""
    return plan_out(
        capture_plans.plan_captures(request.context, request.caller.subject, (PICTURES_SECOND,))
    )


@routes.add(
    "POST",
    "/phone/test-shot",
    tag=Tag.SECOND_VIEW,
    roles=PHONE,
    response=CameraTestUploadOut,
    errors=(Conflict, WrongState, TooMany),
)
def start_phone_camera_test(request: ApiRequest) -> CameraTestUploadOut:
    """Start a test of the phone's camera, and get its upload form."""
    camera_test, form = camera_tests.start_camera_test(
        request.context, request.caller.subject, View.SECOND
    )
    return CameraTestUploadOut(upload=upload_out(camera_test.capture_id, form))


@routes.add("POST", "/phone/ticket", tag=Tag.SECOND_VIEW, roles=PHONE, response=TicketOut)
def issue_phone_ticket(request: ApiRequest) -> TicketOut:
    """Issue a ticket that opens the socket."""
    value, expires_at = tokens.issue_socket_ticket(request.context, request.caller)
    return TicketOut(ticket=value, expires_at=expires_at)
