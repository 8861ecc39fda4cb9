"""The candidate's consent to being recorded: given, refused, or withdrawn at any moment."""

from chalicelib.domain.identity.verification import forget_voice
from chalicelib.domain.sessions.recorded_tracks import apply_recording_consent
from chalicelib.domain.sessions.sessions import Session
from chalicelib.retry import retry_on_conflict
from chalicelib.services.monitoring import screen_sharing
from chalicelib.services.ports import AppContext


def answer(context: AppContext, session_id: str, *, agreed: bool) -> Session:
    """Apply the candidate's answer. Idempotent. Raises WrongState."""

    def attempt() -> Session:
        bundle = context.sessions.bundle(session_id)
        session = bundle.session
        transition = apply_recording_consent(session, context.clock(), agreed=agreed)
        if transition is None:
            return session
        # With the consent goes the voice that it covered.
        forgotten = () if agreed else forget_voice(bundle.identity)
        context.sessions.commit(transition.session, transition.entry, *forgotten)
        return transition.session

    session = retry_on_conflict(attempt)
    if not agreed:
        screen_sharing.tell_screen(context, session_id)
    return session
