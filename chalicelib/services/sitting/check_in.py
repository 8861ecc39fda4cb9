"""The candidate's way to the paper: confirm, pledge, second view, waiting room, start."""

from collections.abc import Callable

from chalicelib.domain.errors import WrongState
from chalicelib.domain.exams.exams import Subject
from chalicelib.domain.rules.device_checks import may_enter
from chalicelib.domain.sessions.session_clock import start
from chalicelib.domain.sessions.sessions import Change, Session, advance
from chalicelib.domain.sessions.states import State, Step
from chalicelib.domain.types import Millis, Presence, Text
from chalicelib.retry import until_written
from chalicelib.services.core.session_access import change_session, subject_of
from chalicelib.services.monitoring.observations import begin_watch
from chalicelib.services.ports import World


def run_clock(
    world: World, session_id: str, now: Millis, decide: Callable[[Session], Change]
) -> Session:
    """Change a session whose clock begins to run by that, and begin to watch it."""

    def attempt() -> Session:
        whole = world.sessions.whole(session_id)
        change = decide(whole.session)
        watch = begin_watch(whole.watch, change.session, now)
        world.sessions.commit(change.session, change.entry, watch)
        return change.session

    return until_written(attempt)


def step(world: World, session_id: str, taken: Step, reached: State) -> Session:
    """Take a candidate's step; if the session already stands where it leads, leave it so."""
    session = world.sessions.session(session_id)
    if session.state is reached:
        return session
    now = world.clock()
    return change_session(world, session_id, lambda one: advance(one, taken, now, "candidate"))


def confirm_info(world: World, session_id: str) -> Session:
    """The candidate says: this is me (个人信息确认).

    Raises WrongState before the checks and, where the subject asks for it, the second view are done.
    """
    now = world.clock()

    def decide(session: Session) -> Change:
        change = advance(session, Step.CONFIRM_INFO, now, "candidate")
        subject = subject_of(world, session)
        _see_checks(subject, session)
        _see_second_view(subject, session)
        return change

    session = world.sessions.session(session_id)
    if session.state is State.INFO_CONFIRMED:
        return session
    return change_session(world, session_id, decide)


def _see_checks(subject: Subject, session: Session) -> None:
    if not may_enter(subject.checks, session.checked):
        raise WrongState(
            Text(
                "请先完成设备检测，未通过的项目处理后可重新检测。",
                "Finish the device checks first; what failed can be checked again.",
            ),
            "no_checks",
        )


def pledge(world: World, session_id: str, *, agreed: bool) -> Session:
    """The candidate agrees to the pledge (承诺书), or leaves."""
    if agreed:
        return step(world, session_id, Step.AGREE, State.PLEDGED)
    return step(world, session_id, Step.DECLINE, State.DECLINED)


def ready_second_view(world: World, session_id: str) -> Session:
    """Go on with the phone joined, or without where the subject allows. Raises WrongState."""
    session = world.sessions.session(session_id)
    _see_second_view(subject_of(world, session), session)
    return step(world, session_id, Step.READY_SECOND_VIEW, State.SECOND_VIEW_READY)


def _see_second_view(subject: Subject, session: Session) -> None:
    if subject.second_view is Presence.REQUIRED and session.second_view_joined_at is None:
        raise WrongState(
            Text("请先用手机扫码加入第二视角。", "Join with your phone as second view first."),
            "no_second_view",
        )


def enter_waiting_room(world: World, session_id: str) -> Session:
    """Enter the waiting room; captures begin."""
    return step(world, session_id, Step.WAIT, State.WAITING)


def start_answering(world: World, session_id: str) -> Session:
    """Open the paper. Raises WrongState before the start."""
    session = world.sessions.session(session_id)
    if session.state is State.ANSWERING:
        return session
    subject = subject_of(world, session)
    window = subject.windows[session.kind]
    now = world.clock()
    return run_clock(world, session_id, now, lambda one: start(one, subject, window, now))
