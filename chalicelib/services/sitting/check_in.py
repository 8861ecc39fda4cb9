"""Check-in, step by step: personal information, pledge, second view, waiting room, start."""

from collections.abc import Callable
from dataclasses import replace

from chalicelib.domain.errors import WrongState
from chalicelib.domain.exams.exams import Subject
from chalicelib.domain.monitoring.flags import FlagUpdate
from chalicelib.domain.monitoring.signs import open_sign
from chalicelib.domain.rules.device_checks import allows_entry
from chalicelib.domain.sessions.session_clock import start
from chalicelib.domain.sessions.sessions import Session, Transition, advance, decline
from chalicelib.domain.sessions.states import Action, State
from chalicelib.domain.types import LocalizedText, Millis, Requirement
from chalicelib.retry import retry_on_conflict
from chalicelib.services.core.session_access import change_session, get_subject
from chalicelib.services.monitoring.observations import flag_records, start_monitoring
from chalicelib.services.monitoring.screen_sharing import screen_sign
from chalicelib.services.monitoring.session_rules import profile_of
from chalicelib.services.ports import AppContext


def start_clock(
    context: AppContext, session_id: str, now: Millis, decide: Callable[[Session], Transition]
) -> Session:
    """Apply a transition that starts a session's clock, and start monitoring it.

    A screen that is to be recorded and is not shared is flagged from the first moment.
    """

    def attempt() -> Session:
        bundle = context.sessions.bundle(session_id)
        transition = decide(bundle.session)
        sign = screen_sign(transition.session, bundle.cameras, now)
        profile = profile_of(transition.session)
        update = (
            open_sign(bundle.monitor, sign, profile, now) if sign else FlagUpdate(bundle.monitor)
        )
        started = start_monitoring(update.monitor, transition.session, now)
        update = replace(update, monitor=replace(started, version=bundle.monitor.version + 1))
        context.sessions.commit(*flag_records(bundle, update, now, (transition,)))
        return transition.session

    return retry_on_conflict(attempt)


def advance_to(context: AppContext, session_id: str, action: Action, target: State) -> Session:
    """Apply a candidate's action, which leads to `target`. Idempotent. Raises WrongState."""
    session = context.sessions.session(session_id)
    if session.state is target:
        return session
    now = context.clock()
    return change_session(
        context, session_id, lambda current: advance(current, action, now, "candidate")
    )


def confirm_info(context: AppContext, session_id: str) -> Session:
    """The candidate confirms the personal information (个人信息确认). Idempotent.

    Raises WrongState before the device checks and, where the subject requires it, the second view
    are complete.
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
                "Complete the device checks first. Failed checks can be repeated.",
            ),
            "no_checks",
        )


def answer_pledge(context: AppContext, session_id: str, *, agreed: bool) -> Session:
    """The candidate agrees to the pledge (承诺书), or declines it and is signed out. Idempotent."""
    if agreed:
        return advance_to(context, session_id, Action.AGREE, State.PLEDGED)
    session = context.sessions.session(session_id)
    if session.state is State.DECLINED:
        return session
    now = context.clock()
    return change_session(context, session_id, lambda current: decline(current, now))


def confirm_second_view(context: AppContext, session_id: str) -> Session:
    """Continue with the phone joined, or without where the subject allows it. Raises WrongState."""
    session = context.sessions.session(session_id)
    _require_second_view(get_subject(context, session), session)
    return advance_to(context, session_id, Action.READY_SECOND_VIEW, State.SECOND_VIEW_READY)


def _require_second_view(subject: Subject, session: Session) -> None:
    if subject.second_view is Requirement.REQUIRED and session.second_view_joined_at is None:
        raise WrongState(
            LocalizedText(
                "请先用手机扫码加入第二视角。", "Join with your phone as the second view first."
            ),
            "no_second_view",
        )


def enter_waiting_room(context: AppContext, session_id: str) -> Session:
    """Enter the waiting room, where captures start. Idempotent."""
    return advance_to(context, session_id, Action.WAIT, State.WAITING)


def start_answering(context: AppContext, session_id: str) -> Session:
    """Start answering. Idempotent. Raises WrongState before the window's start."""
    session = context.sessions.session(session_id)
    if session.state is State.ANSWERING:
        return session
    subject = get_subject(context, session)
    window = subject.windows[session.kind]
    now = context.clock()
    return start_clock(
        context, session_id, now, lambda current: start(current, subject, window, now)
    )
