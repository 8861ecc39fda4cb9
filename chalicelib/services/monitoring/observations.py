"""Observations and the flags they raise, from the start of monitoring to its end."""

from collections.abc import Iterator
from dataclasses import replace

from chalicelib.domain.capture.proctor_requests import shows_room
from chalicelib.domain.identity.verification import forget_voice
from chalicelib.domain.monitoring.baseline import NO_SIGNATURES, FrameSignatures, update_history
from chalicelib.domain.monitoring.flags import (
    FlagUpdate,
    apply_observation,
    close_all,
    schedule_wakeup,
)
from chalicelib.domain.monitoring.glances import with_same_view
from chalicelib.domain.monitoring.monitor_state import (
    MonitorState,
    record_contact,
    start_expecting,
    with_history,
)
from chalicelib.domain.monitoring.recorded_sound import SPEECH_ON_LATE_RECORDING, is_late
from chalicelib.domain.monitoring.signs import CertainSign, describe
from chalicelib.domain.rules.findings import EVERY_KIND, FindingKind, Observation
from chalicelib.domain.sessions.sessions import (
    Details,
    Session,
    Transition,
    audit_all,
    with_audit,
)
from chalicelib.domain.sessions.states import FINAL_STATES, State
from chalicelib.domain.types import Medium, Millis, View
from chalicelib.retry import ignore_repeat, retry_on_conflict
from chalicelib.services.monitoring.missing_captures import update_missing
from chalicelib.services.monitoring.session_rules import profile_of
from chalicelib.services.ports import FunctionContext, Record, SessionBundle


def start_monitoring(monitor: MonitorState, session: Session, now: Millis) -> MonitorState:
    """Return the monitor state of a session whose clock starts, first or after a pause."""
    views = (View.FIRST, View.SECOND) if session.second_view_joined_at else (View.FIRST,)
    return with_wakeup(start_expecting(monitor, views, now), session)


def with_wakeup(monitor: MonitorState, session: Session) -> MonitorState:
    """Return the monitor state with the wake-up time that it needs now."""
    kinds = session.openable_kinds
    return schedule_wakeup(monitor, profile_of(session), flagging=bool(kinds), kinds=kinds)


def is_monitored(monitor: MonitorState) -> bool:
    """Return whether a flag is open or a capture expected."""
    return bool(monitor.open_flags) or monitor.wake_at is not None


def read_monitor_state(context: FunctionContext, session_id: str) -> MonitorState:
    """Return a session's monitor state, with the embedding that pictures are compared with."""
    return context.sessions.bundle(session_id).monitor


def record_observation(
    context: FunctionContext,
    observation: Observation,
    signatures: FrameSignatures = NO_SIGNATURES,
    bundle: SessionBundle | None = None,
    repetition: CertainSign | None = None,
) -> None:
    """Store an observation and apply it to the session's flags. Idempotent.

    Two calls to the store, or three where no flag changes.

    `signatures` are what the next picture is compared with, `bundle` the session as it was read
    before the models ran, `repetition` what a flag of equal bytes says of the earlier capture. An
    observation that arrives after the session's end is stored, but raises no flag.
    """
    read = [bundle] if bundle else []

    def attempt() -> None:
        bundle = read.pop() if read else context.sessions.bundle(observation.session_id)
        session = bundle.session
        late = _late_speech(session, observation, context.clock())
        if session.state in FINAL_STATES:
            context.sessions.commit(observation, *_records_of(late))
            return
        profile, kinds = profile_of(session), session.openable_kinds
        flagging = bool(kinds) and not shows_room(session.request, observation.captured_at)
        answering = flagging and session.state is State.ANSWERING
        monitor = with_history(
            _after_contact(bundle, observation),
            observation.view,
            lambda history: update_history(history, observation, signatures, answering=answering),
        )
        seen = with_same_view(observation, signatures, monitor.histories.get(View.FIRST))
        update = apply_observation(monitor, seen, profile, flagging=flagging, kinds=kinds)
        if repetition:
            update = describe(update, repetition)
        changes = flag_records(bundle, update, context.clock(), late)
        _commit(context, bundle.monitor, seen, changes)

    def is_stored() -> list[Observation]:
        return context.sessions.observations_of(observation.session_id, [observation.capture_id])

    retry_on_conflict(lambda: ignore_repeat(attempt, is_stored))


def _commit(
    context: FunctionContext,
    before: MonitorState,
    observation: Observation,
    changes: tuple[Record, ...],
) -> None:
    """Write an observation with what it changed.

    Where that is the monitor state alone, as with nearly every capture, the two are written apart:
    a transaction would cost twice. The observation comes last, so that a redelivery after a failure
    in between applies it again, which changes nothing, and then stores it.
    """
    if len(changes) > 1:
        context.sessions.commit(observation, *changes)
        return
    [monitor] = changes
    if monitor != replace(before, version=before.version + 1):
        context.sessions.commit(monitor)
    context.sessions.commit(observation)


def _late_speech(session: Session, observation: Observation, now: Millis) -> tuple[Transition, ...]:
    """Return the audit entry of speech in a recording that no flag can tell any more."""
    is_recorded = observation.medium is Medium.RECORDED_SOUND
    is_speech = any(finding.kind is FindingKind.VOICE for finding in observation.findings)
    if not (is_recorded and is_speech and FindingKind.VOICE in profile_of(session).rules):
        return ()
    if not (is_late(observation) or session.state in FINAL_STATES):
        return ()
    started_at = session.started_at
    if started_at is None or observation.captured_at < started_at:
        return ()  # nobody is flagged for talking in the waiting room
    detail: Details = {"view": observation.view, "began_at": observation.captured_at}
    return (with_audit(session, now, "system", SPEECH_ON_LATE_RECORDING, **detail),)


def _records_of(changes: tuple[Transition, ...]) -> tuple[Record, ...]:
    return tuple(
        record for transition in changes for record in (transition.session, transition.entry)
    )


def _after_contact(bundle: SessionBundle, observation: Observation) -> MonitorState:
    """Return the monitor state after an observation of the first view: its device is connected.

    A recording says nothing of that: it is made without a line too, and sent once there is one.
    """
    if observation.view is not View.FIRST or observation.medium is Medium.RECORDED_SOUND:
        return bundle.monitor
    return record_contact(
        bundle.monitor, observation.captured_at, bundle.session.outages.min_outage
    )


def flag_records(
    bundle: SessionBundle, update: FlagUpdate, now: Millis, changes: tuple[Transition, ...] = ()
) -> tuple[Record, ...]:
    """Return the monitor state, its flags, and the session with an audit entry per opened or closed
    flag.

    `changes` are transitions of the session itself, in order, which are written with them.
    """
    running = changes[-1].session if changes else bundle.session
    session, added = audit_all(running, now, "system", _flag_entries(bundle, update))
    entries: list[Record] = [*(transition.entry for transition in changes), *added]
    # Transitions are part of the same write of the session.
    changed = (replace(session, version=bundle.session.version + 1),) if entries else ()
    return (with_wakeup(update.monitor, running), *update.flags, *changed, *entries)


def _flag_entries(bundle: SessionBundle, update: FlagUpdate) -> Iterator[tuple[str, Details]]:
    """Yield what is audited of flags: that they opened, and that they closed."""
    for flag in update.flags:
        detail: Details = {"flag": flag.flag_id, "kind": flag.kind, "severity": flag.severity}
        if all(flag.flag_id != open_flag.flag_id for open_flag in bundle.monitor.open_flags):
            yield "flag_opened", detail
        if flag.ended_at is not None:
            yield "flag_closed", detail


def end_monitoring(context: FunctionContext, session_id: str) -> None:
    """Close the open flags of a session that has ended, and delete the embedding. Idempotent.

    What was missing until the end is flagged first: to submit hides no silence.
    """
    now = context.clock()

    def attempt() -> None:
        bundle = context.sessions.bundle(session_id)
        # The embeddings are stored no longer than captures are compared with them.
        forgotten = forget_voice(bundle.identity)
        if not (is_monitored(bundle.monitor) or bundle.monitor.reference or forgotten):
            return
        receipt = bundle.session.receipt
        # The scheduler may process a session some time after its end.
        ended_at = min(now, receipt.at) if receipt else now
        missing, changes = update_missing(context, bundle, ended_at, EVERY_KIND)
        update = close_all(replace(missing.monitor, reference=None), now)
        over = FlagUpdate(replace(update.monitor, version=bundle.monitor.version + 1), update.flags)
        context.sessions.commit(*flag_records(bundle, over, now, changes), *forgotten)

    retry_on_conflict(attempt)
