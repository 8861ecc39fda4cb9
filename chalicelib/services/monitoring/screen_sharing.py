"""The shared screen: what the exam page tells of it, and the flag while it is not shared."""

from chalicelib.domain.capture.cameras import CameraStatus, report_screen_status
from chalicelib.domain.errors import WrongState
from chalicelib.domain.monitoring.signs import CertainSign
from chalicelib.domain.recording.recording_rule import Track
from chalicelib.domain.recording.screen_sharing import NEVER_SHARED, ScreenStatus, is_withheld
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.sessions.recorded_tracks import recorded_tracks
from chalicelib.domain.sessions.sessions import Session, with_audit
from chalicelib.domain.sessions.states import FINAL_STATES, State
from chalicelib.domain.types import Millis, View
from chalicelib.retry import retry_on_conflict
from chalicelib.services.monitoring.signs import clear_sign, record_sign
from chalicelib.services.ports import AppContext

FLAGGED_PLACES = frozenset({State.ANSWERING, State.PAUSED})
"""Before the paper is open the candidate may share, stop and choose again."""


def report_screen(context: AppContext, session_id: str, status: ScreenStatus) -> None:
    """Apply a report of the shared screen, and open or close its flag. Idempotent.

    Where the screen is not recorded there is nothing to tell. Raises NotFound, WrongState, TooMany.
    """
    now = context.clock()

    def attempt() -> None:
        bundle = context.sessions.bundle(session_id)
        if bundle.session.state in FINAL_STATES:
            raise WrongState
        cameras = report_screen_status(bundle.cameras, status)
        if Track.SCREEN not in recorded_tracks(bundle.session) or cameras is bundle.cameras:
            return
        transition = with_audit(
            bundle.session, now, "candidate", "screen_status", status=status.value
        )
        context.sessions.commit(cameras, transition.session, transition.entry)

    retry_on_conflict(attempt)
    tell_screen(context, session_id)


def tell_screen(context: AppContext, session_id: str) -> None:
    """Open the flag of a screen that is not shared, or close it. Idempotent. Raises NotFound."""
    bundle = context.sessions.bundle(session_id)
    sign = screen_sign(bundle.session, bundle.cameras, context.clock())
    if sign is not None:
        record_sign(context, session_id, sign)
    else:
        clear_sign(context, session_id, FindingKind.SCREEN_NOT_SHARED, View.FIRST)


def forget_screen(context: AppContext, session_id: str) -> None:
    """Begin with another computer: what the one before shared is not its own. Idempotent."""

    def attempt() -> None:
        cameras = context.sessions.bundle(session_id).cameras
        forgotten = report_screen_status(cameras, None)
        if forgotten is not cameras:
            context.sessions.commit(forgotten)

    retry_on_conflict(attempt)
    tell_screen(context, session_id)


def screen_sign(session: Session, cameras: CameraStatus, now: Millis) -> CertainSign | None:
    """Return the sign that the screen is not shared although the session records it."""
    is_due = session.place in FLAGGED_PLACES and Track.SCREEN in recorded_tracks(session)
    if not is_due or not is_withheld(cameras.screen):
        return None
    detail = cameras.screen.value if cameras.screen else NEVER_SHARED
    return CertainSign(FindingKind.SCREEN_NOT_SHARED, View.FIRST, now, detail=detail)
