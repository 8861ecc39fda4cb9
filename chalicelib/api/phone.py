"""Routes of the phone's page, the second view."""

from chalicelib.api.routing import ANYBODY, Call, Routes
from chalicelib.api.upload_forms import plan_out, upload_out
from chalicelib.domain.capture.cameras import Report
from chalicelib.domain.capture.captures import PICTURES_SECOND
from chalicelib.domain.types import Role, View
from chalicelib.schemas.common import Done, PlanOut, ShotBegun, TicketOut
from chalicelib.schemas.phone import Joined, JoinIn, PhoneReportIn, PhoneSession
from chalicelib.schemas.serializers.candidate import phone_session
from chalicelib.services.core import session_access, tokens
from chalicelib.services.monitoring import capture_plans
from chalicelib.services.ports import World
from chalicelib.services.sign_in import phone_pairing
from chalicelib.services.sitting import camera_tests

routes = Routes("chalicelib.api.phone")
PHONE = frozenset({Role.PHONE})


def _session(world: World, session_id: str) -> PhoneSession:
    whole = world.sessions.whole(session_id)
    subject = session_access.subject_of(world, whole.session)
    return phone_session(whole.session, whole.devices, subject, world.clock())


@routes.add("POST", "/phone/join", roles=ANYBODY, body=JoinIn, answer=Joined)
def join(call: Call, body: JoinIn) -> Joined:
    """Join a session as second view, by the QR's code and the candidate's numbers."""
    entered = phone_pairing.join_phone(
        call.world, body.code, (body.admission_number, body.id_number), call.address
    )
    session = _session(call.world, entered.session.session_id)
    return Joined(token=entered.token, expires_at=entered.expires_at, session=session)


@routes.add("GET", "/phone/session", roles=PHONE, answer=PhoneSession)
def show_phone_session(call: Call) -> PhoneSession:
    """Show the joined session's state."""
    return _session(call.world, call.who.subject)


@routes.add("POST", "/phone/report", roles=PHONE, body=PhoneReportIn, answer=Done)
def phone_report(call: Call, body: PhoneReportIn) -> Done:
    """Say that the phone is there, and how it is."""
    phone_pairing.hear(call.world, call.who.subject, Report(**body.model_dump()))
    return Done()


@routes.add("POST", "/phone/captures", roles=PHONE, answer=PlanOut)
def plan_phone_captures(call: Call) -> PlanOut:
    """Get the next window's capture moments and where to upload each."""
    return plan_out(capture_plans.plan_captures(call.world, call.who.subject, (PICTURES_SECOND,)))


@routes.add("POST", "/phone/test-shot", roles=PHONE, answer=ShotBegun)
def phone_test_shot(call: Call) -> ShotBegun:
    """Try the phone's camera: where to upload a picture that says how it stands."""
    shot, form = camera_tests.begin_shot(call.world, call.who.subject, View.SECOND)
    return ShotBegun(upload=upload_out(shot.capture_id, form))


@routes.add("POST", "/phone/ticket", roles=PHONE, answer=TicketOut)
def phone_ticket(call: Call) -> TicketOut:
    """Get a ticket for the socket."""
    value, expires_at = tokens.issue_ticket(call.world, call.who)
    return TicketOut(ticket=value, expires_at=expires_at)
