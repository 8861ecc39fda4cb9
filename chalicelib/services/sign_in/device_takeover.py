"""The device that signs in: it opens a session, goes on with it, or takes it over from another.

Everything is written in the one transaction of the sign-in, so that it costs no call more.
"""

from dataclasses import replace

from chalicelib.domain.identity.re_verification import verify_again
from chalicelib.domain.identity.verification import IdentityCheck
from chalicelib.domain.messaging.calls import Calls, CallsUpdate, Endpoint, end_calls_of
from chalicelib.domain.recording.recording_rule import Track
from chalicelib.domain.rules.device_changes import Device, DeviceChangeRule
from chalicelib.domain.sessions.device_takeover import (
    Takeover,
    adopt_device,
    is_same_device,
    is_unclaimed,
    note_origin,
    switch_device,
)
from chalicelib.domain.sessions.recorded_tracks import recorded_tracks
from chalicelib.domain.sessions.sessions import Session, Transition, advance, with_audit
from chalicelib.domain.sessions.states import FINAL_STATES, Action, State
from chalicelib.domain.types import Millis
from chalicelib.services.monitoring import screen_sharing
from chalicelib.services.monitoring.origins import moved_records, takeover_records
from chalicelib.services.ports import AppContext, AttemptReset, Record, SessionBundle


def resume_on_device(
    context: AppContext,
    bundle: SessionBundle,
    calls: Calls | None,
    rule: DeviceChangeRule,
    device: Device,
    attempt_reset: AttemptReset,
) -> SessionBundle:
    """Return a session as this device goes on with it; what is sealed is only looked at.

    Raises Conflict.
    """
    session, now = bundle.session, attempt_reset.at
    if session.state in FINAL_STATES:
        context.sessions.commit(attempt_reset)
        return bundle
    changes = _returns(session, now)
    takeover = _take_over(changes[-1].session if changes else session, device, now)
    ended: CallsUpdate | None = None
    if takeover is not None:
        changes.append(takeover.transition)
    if takeover is not None and takeover.transition.session.generation > session.generation:
        ended = end_calls_of(calls, Endpoint.EXAM, now) if calls else None
        changes += _call_entries(changes[-1].session, ended, now)
    if not changes:
        context.sessions.commit(attempt_reset)
        return bundle
    identity = _identity_after(bundle, takeover, rule)
    extra: list[Record] = [attempt_reset]
    if identity is not bundle.identity:
        extra.append(identity)
    if ended is not None and ended.events:
        extra.append(replace(ended.calls, version=ended.calls.version + 1))
    steps = tuple(changes)
    records = (
        takeover_records(bundle, takeover, now, steps)
        if takeover is not None
        else moved_records(bundle, steps)
    )
    context.sessions.commit(*records, *extra)
    [written] = [record for record in records if isinstance(record, Session)]
    if written.generation > session.generation and Track.SCREEN in recorded_tracks(written):
        screen_sharing.forget_screen(context, written.session_id)
    return replace(bundle, session=written, identity=identity)


def _returns(session: Session, now: Millis) -> list[Transition]:
    """Whoever declined the pledge comes back by signing in."""
    if session.state is not State.DECLINED:
        return []
    return [advance(session, Action.COME_BACK, now, "candidate")]


def _take_over(session: Session, device: Device, now: Millis) -> Takeover | None:
    if is_unclaimed(session):
        return Takeover(adopt_device(session, device, now))
    if is_same_device(session, device):
        return note_origin(session, device.origin, now)
    return switch_device(session, device, now)


def _call_entries(session: Session, ended: CallsUpdate | None, now: Millis) -> list[Transition]:
    changes: list[Transition] = []
    for event in ended.events if ended else ():
        change = with_audit(session, now, event.actor, event.action, **event.detail)
        session = change.session
        changes.append(change)
    return changes


def _identity_after(
    bundle: SessionBundle, takeover: Takeover | None, rule: DeviceChangeRule
) -> IdentityCheck:
    if takeover is None or takeover.transition.session.state is not State.REVERIFYING:
        return bundle.identity
    is_new_device = takeover.transition.session.generation > bundle.session.generation
    return verify_again(bundle.identity, rule) if is_new_device else bundle.identity
