"""What a proctor asks of a candidate during the exam: asked for, begun, shown in pictures."""

from chalicelib.exam.asks import PICTURES, AskKind, captures_of, length_of
from chalicelib.exam.errors import WrongState
from chalicelib.exam.exams import Staff
from chalicelib.exam.sessions import Session, ask_for, begin_ask
from chalicelib.services.planning import Window, signed
from chalicelib.services.ports import World
from chalicelib.services.rooms import actor_of, session_for
from chalicelib.services.walking import change_session


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
