"""Routes of the phone's page, the second view."""

from chalicelib.api.routing import PUBLIC, ApiRequest, Routes
from chalicelib.api.upload_forms import plan_out, upload_out
from chalicelib.domain.capture.cameras import PhoneStatus
from chalicelib.domain.capture.captures import PICTURES_SECOND
from chalicelib.domain.types import Role, View
from chalicelib.schemas.common import CameraTestUploadOut, CapturePlanOut, Done, TicketOut
from chalicelib.schemas.phone import PairedPhoneOut, PairPhoneIn, PhoneSessionOut, PhoneStatusIn
from chalicelib.schemas.serializers.candidate import phone_session_out
from chalicelib.services.core import session_access, tokens
from chalicelib.services.monitoring import capture_plans
from chalicelib.services.ports import AppContext
from chalicelib.services.sign_in import phone_pairing
from chalicelib.services.sitting import camera_tests

routes = Routes("chalicelib.api.phone")
PHONE = frozenset({Role.PHONE})


def _session(world: AppContext, session_id: str) -> PhoneSessionOut:
    whole = world.sessions.bundle(session_id)
    subject = session_access.get_subject(world, whole.session)
    return phone_session_out(whole.session, whole.cameras, subject, world.clock())


@routes.add("POST", "/phone/join", roles=PUBLIC, body=PairPhoneIn, response=PairedPhoneOut)
def join(call: ApiRequest, body: PairPhoneIn) -> PairedPhoneOut:
    """Join a session as second view, by the QR's code and the candidate's numbers."""
    entered = phone_pairing.pair_phone(
        call.world, body.code, (body.admission_number, body.id_number), call.address
    )
    session = _session(call.world, entered.session.session_id)
    return PairedPhoneOut(token=entered.token, expires_at=entered.expires_at, session=session)


@routes.add("GET", "/phone/session", roles=PHONE, response=PhoneSessionOut)
def show_phone_session(call: ApiRequest) -> PhoneSessionOut:
    """Show the joined session's state."""
    return _session(call.world, call.caller.subject)


@routes.add("POST", "/phone/report", roles=PHONE, body=PhoneStatusIn, response=Done)
def phone_report(call: ApiRequest, body: PhoneStatusIn) -> Done:
    """Say that the phone is there, and how it is."""
    phone_pairing.record_heartbeat(
        call.world, call.caller.subject, PhoneStatus(**body.model_dump())
    )
    return Done()


@routes.add("POST", "/phone/captures", roles=PHONE, response=CapturePlanOut)
def plan_phone_captures(call: ApiRequest) -> CapturePlanOut:
    """Get the next window's capture moments and where to upload each."""
    return plan_out(
        capture_plans.plan_captures(call.world, call.caller.subject, (PICTURES_SECOND,))
    )


@routes.add("POST", "/phone/test-shot", roles=PHONE, response=CameraTestUploadOut)
def phone_test_shot(call: ApiRequest) -> CameraTestUploadOut:
    """Try the phone's camera: where to upload a picture that says how it stands."""
    shot, form = camera_tests.start_camera_test(call.world, call.caller.subject, View.SECOND)
    return CameraTestUploadOut(upload=upload_out(shot.capture_id, form))


@routes.add("POST", "/phone/ticket", roles=PHONE, response=TicketOut)
def phone_ticket(call: ApiRequest) -> TicketOut:
    """Get a ticket for the socket."""
    value, expires_at = tokens.issue_socket_ticket(call.world, call.caller)
    return TicketOut(ticket=value, expires_at=expires_at)
