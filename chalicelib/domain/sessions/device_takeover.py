"""Another device takes a session over, or the same one is somewhere else: what changes and who is told.

From the photo check on, a session whose computer changes stands at `reverifying` until the person was
verified on the new one. The place where it stood is kept, and so is its clock, which runs on.
"""

from dataclasses import dataclass, replace

from chalicelib.domain.monitoring.monitor_state import Flag, MonitorState, next_version, with_flags
from chalicelib.domain.rules.device_changes import (
    Device,
    Origin,
    describe_browsers,
    describe_change,
    is_news,
)
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.profiles import Severity
from chalicelib.domain.sessions.sessions import (
    Session,
    Transition,
    advance,
    origins_of,
    with_audit,
)
from chalicelib.domain.sessions.states import VERIFIED_STATES, Action, State
from chalicelib.domain.types import Millis, View


@dataclass(frozen=True, slots=True)
class Takeover:
    """A session on another device, or at another place, with the flag that tells the proctor."""

    transition: Transition
    flag: Flag | None = None

    def monitor_after(self, monitor: MonitorState) -> MonitorState:
        """Return the monitor state with the flag, one version on."""
        return next_version(with_flags(monitor, (self.flag,) if self.flag else ()))


def is_same_device(session: Session, device: Device) -> bool:
    """Return whether a session is on this device already; one without a name is always another."""
    return device.browser_id != "" and device.browser_id == session.browser_id


def is_unclaimed(session: Session) -> bool:
    """Return whether no device has signed in to a session yet, as of a reopened attempt."""
    return not session.browser_id and not session.origins and session.generation == 1


def adopt_device(session: Session, device: Device, now: Millis) -> Transition:
    """Let the first device sign in to an attempt that was opened without one."""
    adopted = replace(session, browser_id=device.browser_id, origins=(device.origin,))
    return with_audit(
        adopted,
        now,
        "candidate",
        "signed_in",
        kind=session.kind,
        address=device.origin.address,
        browser=device.origin.user_agent,
    )


def switch_device(session: Session, device: Device, now: Millis) -> Takeover:
    """Let another device go on with a session; tokens, tickets and sockets of the one before end."""
    before = session.origins[-1] if session.origins else None
    taken = replace(
        session,
        browser_id=device.browser_id,
        generation=session.generation + 1,
        origins=(device.origin,),
    )
    detail = {
        "devices": taken.generation,
        "address_before": before.address if before else None,
        "address": device.origin.address,
        "browser": device.origin.user_agent,
    }
    if session.place not in VERIFIED_STATES:
        return Takeover(with_audit(taken, now, "candidate", "device_changed", **detail))
    if session.state is State.REVERIFYING:
        transition = with_audit(taken, now, "candidate", "device_changed", **detail)
    else:
        held = replace(taken, resume_state=session.state)
        transition = advance(held, Action.CHANGE_DEVICE, now, "candidate", **detail)
    return Takeover(transition, device_flag(session, before, device.origin, now))


def note_origin(
    session: Session, origin: Origin, now: Millis, view: View = View.FIRST
) -> Takeover | None:
    """Note that a view's own device is at a new place; None where that is no news.

    It is told and blocks nothing: a phone's line changes its address by itself.
    """
    known = origins_of(session, view)
    if not is_news(known, origin):
        return None
    before = known[-1]
    seen = (*known, origin)
    moved = (
        replace(session, origins=seen)
        if view is View.FIRST
        else replace(session, phone_origins=seen)
    )
    transition = with_audit(
        moved,
        now,
        "candidate" if view is View.FIRST else "phone",
        "origin_changed",
        address_before=before.address,
        address=origin.address,
        browser=describe_browsers((before, origin)),
    )
    if session.place not in VERIFIED_STATES:
        return Takeover(transition)
    return Takeover(transition, origin_flag(session, before, origin, now, view))


def device_flag(session: Session, before: Origin | None, after: Origin, now: Millis) -> Flag:
    """Return the flag of a changed device: open until the person was verified on it."""
    flag = _flag(session, FindingKind.DEVICE_CHANGED, Severity.SERIOUS, View.FIRST, now)
    return replace(flag, detail=describe_change(before, after))


def origin_flag(
    session: Session, before: Origin, after: Origin, now: Millis, view: View = View.FIRST
) -> Flag:
    """Return the flag of a device that is at another place, or says that it is another browser."""
    same_address = before.address == after.address
    detail = describe_browsers((before, after)) if same_address else describe_change(before, after)
    flag = _flag(session, FindingKind.ORIGIN_CHANGED, Severity.NOTICE, view, now)
    return replace(flag, detail=detail, ended_at=now)


def _flag(session: Session, kind: FindingKind, severity: Severity, view: View, now: Millis) -> Flag:
    return Flag(
        # The count of entries keeps two changes of one moment apart.
        flag_id=f"{now:013d}-{view}-{kind}-{session.head.count}",
        session_id=session.session_id,
        room_id=session.room_id,
        kind=kind,
        view=view,
        severity=severity,
        began_at=now,
        opened_at=now,
        last_seen_at=now,
        score=1.0,
    )
