"""What a proctor asks of a candidate during the exam: asked for, begun, shown in pictures."""

from chalicelib.domain.capture.proctor_requests import PICTURES, AskKind, captures_of, length_of
from chalicelib.domain.errors import WrongState
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.sessions.sessions import Session, ask_for, begin_ask
from chalicelib.services.core.access import actor_of, session_for
from chalicelib.services.core.capture_uploads import signed
from chalicelib.services.core.session_access import change_session
from chalicelib.services.monitoring.capture_plans import Window
from chalicelib.services.ports import World


def ask_candidate(world: World, staff: Staff, session_id: str, kind: AskKind) -> Session:
    """Ask a candidate to show the face again, or the room. Raises NotFound, WrongState."""
    session_for(world, staff, session_id)
    now, actor = world.clock(), actor_of(staff)
    return change_session(world, session_id, lambda one: ask_for(one, kind, now, actor))


def begin(world: World, session_id: str) -> Window:
    """Begin what was asked for, and sign its pictures. Raises WrongState where nothing is."""
    now = world.clock()
    ask = change_session(world, session_id, lambda one: begin_ask(one, now)).ask
    if ask is None:
        raise WrongState
    tails = [world.new_id() for _ in range(PICTURES[ask.kind])]
    planned = tuple(signed(world, session_id, one) for one in captures_of(ask, now, tails))
    return Window(planned, now, now + length_of(ask.kind))
