"""What is recorded of one session: the one rule that every route and page follows."""

from dataclasses import replace

from chalicelib.domain.errors import WrongState
from chalicelib.domain.recording.recording_rule import RecordingMode, Track
from chalicelib.domain.sessions.sessions import Session, Transition, with_audit
from chalicelib.domain.sessions.states import ENDED_STATES, State
from chalicelib.domain.types import LocalizedText, Millis, View

CONSENT_STATES = frozenset(
    {
        State.INFO_CONFIRMED,
        State.PLEDGED,
        State.IDENTITY_VERIFIED,
        State.SECOND_VIEW_READY,
        State.WAITING,
    }
)
"""From the personal details to the waiting room: once the clock runs, no consent is given anew."""
WITHDRAWAL_STATES = CONSENT_STATES | {State.ANSWERING, State.PAUSED}


def recordable_tracks(session: Session) -> dict[Track, RecordingMode]:
    """Return what the candidate is asked to consent to: the tracks that the session may record."""
    modes = {track: session.recording.mode(track) for track in Track}
    return {track: mode for track, mode in modes.items() if mode is not RecordingMode.NONE}


def recorded_tracks(session: Session) -> dict[Track, RecordingMode]:
    """Return the tracks that are recorded: none without consent, the phone's once it joined."""
    if not session.recording_consent:
        return {}
    return {
        track: mode
        for track, mode in recordable_tracks(session).items()
        if track is not Track.SECOND or session.second_view_joined_at is not None
    }


def hearable_tracks(session: Session) -> tuple[Track, ...]:
    """Return of which tracks the candidate is told that their sound is judged for speech."""
    return tuple(track for track in recordable_tracks(session) if session.recording.hears(track))


def heard_tracks(session: Session) -> tuple[Track, ...]:
    """Return the tracks whose sound is judged for speech: no more than what is recorded."""
    return tuple(track for track in recorded_tracks(session) if session.recording.hears(track))


def may_read_aloud(session: Session) -> bool:
    """Return whether the candidate may give a sample of their voice: asked for, and consented to."""
    return (
        session.recording.compares
        and session.recording_consent is True
        and session.place in CONSENT_STATES
    )


def compares_voices(session: Session, view: View) -> bool:
    """Return whether speech in a view's recorded sound is compared with the candidate's voice."""
    return (
        view is View.FIRST
        and session.recording.compares
        and Track.FIRST in recorded_tracks(session)
        and session.state not in ENDED_STATES
    )


def apply_recording_consent(session: Session, now: Millis, *, agreed: bool) -> Transition | None:
    """Apply the answer to the request for consent; None where it is the stored one.

    Consent is given before answering begins; it may be refused or withdrawn as long as the session
    lasts. Raises WrongState, also where nothing is recorded.
    """
    if session.recording_consent is agreed:
        return None
    if not recordable_tracks(session):
        raise WrongState(
            LocalizedText("本场考试不录像。", "This exam records nothing."), "not_recorded"
        )
    states = CONSENT_STATES if agreed else WITHDRAWAL_STATES
    if session.place not in states:
        raise WrongState
    answered = replace(session, recording_consent=agreed)
    tracks = ",".join(recordable_tracks(session))
    return with_audit(
        answered,
        now,
        "candidate",
        "recording_consent",
        agreed=agreed,
        withdrawn=session.recording_consent is True,
        tracks=tracks,
        heard=",".join(hearable_tracks(session)),
        voices=session.recording.compares,
    )
