"""Missing captures: before a flag opens, the bucket is asked whether they lie there unjudged.

The models may be behind: then the captures have arrived and nobody is to blame but us. Such captures
count as arrived, the audit trail says so, and a log line beside the queue's own alarm tells the
operator. At most one listing per stream that is about to be flagged; none while nothing is missing.
"""

import logging
from collections.abc import Collection, Iterable, Mapping

from chalicelib.domain.capture.captures import CaptureSchedule
from chalicelib.domain.monitoring.absences import openings
from chalicelib.domain.monitoring.flags import FlagUpdate, apply_elapsed_time
from chalicelib.domain.monitoring.monitor_state import MAX_EXPECTED, MonitorState, next_version
from chalicelib.domain.monitoring.stored_captures import (
    StoredUpload,
    awaited_before,
    with_uploads,
)
from chalicelib.domain.review.coverage import CAPTURES_LATE
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.profiles import MonitoringProfile
from chalicelib.domain.sessions.sessions import Session, Transition, with_audit
from chalicelib.domain.types import SECOND, Millis
from chalicelib.services.core.capture_uploads import capture_folder
from chalicelib.services.monitoring.session_rules import profile_of
from chalicelib.services.ports import FunctionContext, SessionBundle

log = logging.getLogger(__name__)

LATE_AFTER: Millis = 10 * SECOND
"""A capture that has lain in the bucket for so long without being judged is our own lateness."""


def update_missing(
    context: FunctionContext, bundle: SessionBundle, now: Millis, kinds: Collection[FindingKind]
) -> tuple[FlagUpdate, tuple[Transition, ...]]:
    """Return what elapsed time changes, and the audit entries of captures that wait for us.

    The monitor state is returned as it is where nothing changes.
    """
    profile = profile_of(bundle.session)
    monitor = bundle.monitor
    waiting: dict[CaptureSchedule, tuple[StoredUpload, ...]] = {}
    # A silence that proves to be ours no longer explains what else is missing: ask again.
    while unchecked := _about_to_open(monitor, now, profile, kinds) - waiting.keys():
        for schedule in unchecked:
            waiting[schedule] = _stored(context, monitor, schedule, now)
            monitor = with_uploads(monitor, schedule, waiting[schedule], now)
    update = apply_elapsed_time(monitor, now, profile, flagging=True, kinds=kinds)
    if monitor is not bundle.monitor and not update.flags:
        update = FlagUpdate(next_version(monitor))
    return update, _lateness(bundle.session, now, waiting)


def _about_to_open(
    monitor: MonitorState, now: Millis, profile: MonitoringProfile, kinds: Collection[FindingKind]
) -> set[CaptureSchedule]:
    return {schedule for schedule, _ in openings(monitor, now, profile, kinds)}


def _stored(
    context: FunctionContext, monitor: MonitorState, schedule: CaptureSchedule, now: Millis
) -> tuple[StoredUpload, ...]:
    """Return those of a stream's captures that are in the bucket though nothing judged them yet."""
    awaited = awaited_before(monitor, schedule, now)
    if not awaited:
        return ()
    folder = capture_folder(monitor.session_id, schedule.view, schedule.medium)
    found = context.media.uploads(folder, after=folder + min(awaited), most=MAX_EXPECTED)
    stored = (
        StoredUpload(file.key.removeprefix(folder).rpartition(".")[0], file.size, file.uploaded_at)
        for file in found
    )
    return tuple(
        upload for upload in stored if upload.capture_id in awaited and not upload.is_too_early
    )


def _lateness(
    session: Session, now: Millis, waiting: Mapping[CaptureSchedule, Iterable[StoredUpload]]
) -> tuple[Transition, ...]:
    """Return an audit entry for each stream whose captures have waited for too long."""
    changes: list[Transition] = []
    for schedule, stored in waiting.items():
        uploads = [
            upload for upload in stored if upload.size and upload.uploaded_at <= now - LATE_AFTER
        ]
        if not uploads:
            continue
        since = min(upload.uploaded_at for upload in uploads)
        log.warning(
            "captures wait to be judged: %d of %s %s for %d s",
            len(uploads),
            schedule.view,
            schedule.medium,
            (now - since) // SECOND,
        )
        change = with_audit(
            changes[-1].session if changes else session,
            now,
            "system",
            CAPTURES_LATE,
            view=schedule.view,
            medium=schedule.medium,
            since=since,
            captures=len(uploads),
        )
        changes.append(change)
    return tuple(changes)
