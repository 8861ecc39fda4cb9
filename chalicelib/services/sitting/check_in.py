"""The candidate's way to the paper: confirm, pledge, second view, waiting room, start."""

from collections.abc import Callable

from chalicelib.domain.errors import WrongState
from chalicelib.domain.exams.exams import Subject
from chalicelib.domain.rules.device_checks import allows_entry
from chalicelib.domain.sessions.session_clock import start
from chalicelib.domain.sessions.sessions import Session, Transition, advance
from chalicelib.domain.sessions.states import Action, State
from chalicelib.domain.types import LocalizedText, Millis, Requirement
from chalicelib.retry import retry_on_conflict
from chalicelib.services.core.session_access import change_session, get_subject
from chalicelib.services.monitoring.observations import start_monitoring
from chalicelib.services.ports import AppContext


def start_clock(
    context: AppContext, session_id: str, now: Millis, decide: Callable[[Session], Transition]
) -> Session:
    """Change a session whose clock begins to run by that, and begin to watch it."""

    def attempt() -> Session:
        bundle = context.sessions.bundle(session_id)
        transition = decide(bundle.session)
        monitor = start_monitoring(bundle.monitor, transition.session, now)
        context.sessions.commit(transition.session, transition.entry, monitor)
        return transition.session

    return retry_on_conflict(attempt)


def advance_to(context: AppContext, session_id: str, taken: Action, reached: State) -> Session:
    """Take a candidate's step; if the session already stands where it leads, leave it so."""
    session = context.sessions.session(session_id)
    if session.state is reached:
        return session
    now = context.clock()
    return change_session(context, session_id, lambda one: advance(one, taken, now, "candidate"))


def confirm_info(context: AppContext, session_id: str) -> Session:
    """The candidate says: this is me (个人信息确认).

    Raises WrongState before the checks and, where the subject asks for it, the second view are done.
    """
    now = context.clock()

    def decide(session: Session) -> Transition:
        transition = advance(session, Action.CONFIRM_INFO, now, "candidate")
        subject = get_subject(context, session)
        _require_checks(subject, session)
        _require_second_view(subject, session)
        return transition

    session = context.sessions.session(session_id)
    if session.state is State.INFO_CONFIRMED:
        return session
    return change_session(context, session_id, decide)


def _require_checks(subject: Subject, session: Session) -> None:
    if not allows_entry(subject.checks, session.check_summary):
        raise WrongState(
            LocalizedText(
                "请先完成设备检测，未通过的项目处理后可重新检测。",
                "Finish the device checks first; what failed can be checked again.",
            ),
            "no_checks",
        )


def answer_pledge(context: AppContext, session_id: str, *, agreed: bool) -> Session:
    """The candidate agrees to the pledge (承诺书), or leaves."""
    if agreed:
        return advance_to(context, session_id, Action.AGREE, State.PLEDGED)
    return advance_to(context, session_id, Action.DECLINE, State.DECLINED)


def confirm_second_view(context: AppContext, session_id: str) -> Session:
    """Go on with the phone joined, or without where the subject allows. Raises WrongState."""
    session = context.sessions.session(session_id)
    _require_second_view(get_subject(context, session), session)
    return advance_to(context, session_id, Action.READY_SECOND_VIEW, State.SECOND_VIEW_READY)


def _require_second_view(subject: Subject, session: Session) -> None:
    if subject.second_view is Requirement.REQUIRED and session.second_view_joined_at is None:
        raise WrongState(
            LocalizedText(
                "请先用手机扫码加入第二视角。", "Join with your phone as second view first."
            ),
            "no_second_view",
        )


def enter_waiting_room(context: AppContext, session_id: str) -> Session:
    """Enter the waiting room; captures begin."""
    return advance_to(context, session_id, Action.WAIT, State.WAITING)


def start_answering(context: AppContext, session_id: str) -> Session:
    """Open the paper. Raises WrongState before the start."""
    session = context.sessions.session(session_id)
    if session.state is State.ANSWERING:
        return session
    subject = get_subject(context, session)
    window = subject.windows[session.kind]
    now = context.clock()
    return start_clock(context, session_id, now, lambda one: start(one, subject, window, now))
