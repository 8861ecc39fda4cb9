"""TODO: say what this is."""

from collections.abc import Callable

from chalicelib.domain.errors import WrongState
from chalicelib.domain.exams.exams import Subject
from chalicelib.domain.monitoring.monitor_state import to_mend
from chalicelib.domain.sessions.session_view import Seated
from chalicelib.domain.sessions.sessions import Change, Session
from chalicelib.domain.sessions.states import WATCHED
from chalicelib.domain.types import Text, View
from chalicelib.retry import until_written
from chalicelib.services.ports import Whole, World


def read_seated(world: World, session_id: str) -> Seated:
    """Return a session with what its candidate sees around it. Raises NotFound, WrongState."""
    return seated(world, world.sessions.whole(session_id))


def seated(world: World, whole: Whole) -> Seated:
    """Return what is around a session that was read already. Raises NotFound, WrongState."""
    session = whole.session
    pictured = whole.watch.latest.get(View.SECOND)
    return Seated(
        session=session,
        exam=world.registry.exam(session.exam_id),
        subject=subject_of(world, session),
        candidate=world.registry.candidate(session.candidate_id),
        identity=whole.identity,
        devices=whole.devices,
        pictured_at=pictured.at if pictured else 0,
        mend=to_mend(whole.watch) if session.state in WATCHED else (),
    )


def change_session(world: World, session_id: str, decide: Callable[[Session], Change]) -> Session:
    """Read a session, let `decide` change it, write both it and its audit entry."""

    def attempt() -> Session:
        change = decide(world.sessions.session(session_id))
        world.sessions.commit(change.session, change.entry)
        return change.session

    return until_written(attempt)


def subject_of(world: World, session: Session) -> Subject:
    """Return the subject that a session sits. Raises WrongState where it was withdrawn."""
    exam = world.registry.exam_with(session.exam_id, session.subject_id)
    subject = exam.subject(session.subject_id)
    if subject is None:
        raise WrongState(Text("该科目已被撤销。", "This subject was withdrawn."), "no_subject")
    return subject
