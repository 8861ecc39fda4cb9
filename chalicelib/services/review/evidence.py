"""Keeping evidence: a capture or a picture of the live video, locked under its hash, and audited."""

from dataclasses import dataclass, replace

from chalicelib.domain.errors import BadInput, Conflict, NotFound
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.review.evidence import (
    Evidence,
    Exhibit,
    RelativePosition,
    Source,
    captures_after,
    captures_before,
    count_missing_captures,
    make_evidence_id,
    with_exhibits,
)
from chalicelib.domain.review.record_integrity import EVIDENCE_KEPT
from chalicelib.domain.rules.findings import Observation
from chalicelib.domain.sessions.sessions import Session, with_audit
from chalicelib.domain.types import MINUTE, LocalizedText, Medium, Millis, View
from chalicelib.retry import retry_on_conflict
from chalicelib.services.core.access import audit_actor, authorized_session
from chalicelib.services.ports import AppContext, Record, SignedForm, StoredFile

MAX_LIVE_BYTES = 4 * 1024 * 1024
LIVE_CONTENT_TYPE = "image/png"
FORM_SECONDS = 120
NEIGHBOUR_WINDOW = 60
"""So many of a session's newest captures are searched for those around a moment."""


def keep_capture(
    context: AppContext, staff: Staff, session_id: str, capture_id: str, remark: str
) -> Evidence:
    """Keep a capture with those around it; keeping it again changes nothing. Raises NotFound."""
    session = authorized_session(context, staff, session_id).session
    evidence_id = make_evidence_id(session_id, Source.CAPTURE, capture_id)
    known = _get_evidence(context, session_id, evidence_id)
    if known:
        return known
    found = context.sessions.observations_of(session_id, [capture_id])
    if not found:
        raise NotFound
    seen = found[0]
    exhibits = (
        *(
            _exhibit(context, observation, RelativePosition.BEFORE)
            for observation in captures_before(seen.captured_at, _new_evidence(context, seen))
        ),
        _exhibit(context, seen, RelativePosition.MOMENT),
    )
    made = Evidence(
        evidence_id=evidence_id,
        session_id=session_id,
        room_id=session.room_id,
        version=1,
        view=seen.view,
        medium=seen.medium,
        source=Source.CAPTURE,
        at=seen.captured_at,
        taken_by=audit_actor(staff),
        taken_at=context.clock(),
        note=remark,
        exhibits=exhibits,
    )
    return _commit_with_audit(context, made, exhibits)


def live_upload_form(context: AppContext, staff: Staff, session_id: str, sha256: str) -> SignedForm:
    """Return where a picture of the live video is uploaded before it is kept. Raises NotFound."""
    authorized_session(context, staff, session_id)
    return context.media.upload_form(
        _inbox(session_id, sha256), LIVE_CONTENT_TYPE, MAX_LIVE_BYTES, FORM_SECONDS
    )


@dataclass(frozen=True, slots=True)
class LiveScreenshot:
    """A picture of the live video as the proctor's page took it: `sha256` of its PNG, and when."""

    view: View
    sha256: str
    at: Millis


def keep_live_screenshot(
    context: AppContext, staff: Staff, session_id: str, shot: LiveScreenshot, remark: str
) -> Evidence:
    """Keep an uploaded picture of the live video. Raises NotFound, BadInput.

    Another picture than the one that the page took is refused.
    """
    session = authorized_session(context, staff, session_id).session
    now = context.clock()
    evidence_id = make_evidence_id(session_id, Source.LIVE, shot.sha256)
    known = _get_evidence(context, session_id, evidence_id)
    if known:
        return known
    kept = context.evidence_store.keep(_inbox(session_id, shot.sha256), session_id)
    if kept.sha256 != shot.sha256:
        raise BadInput(
            LocalizedText(
                "截图在上传时发生变化，请重新截图。",
                "The picture changed on its way. Take it again.",
            ),
            "other_picture",
        )
    # The page's clock is not trusted beyond what the upload can have taken.
    moment = min(max(shot.at, now - 2 * MINUTE), now)
    newest = _newest(context, session_id, shot.view, Medium.PICTURE)
    exhibits = (
        *(
            _exhibit(context, observation, RelativePosition.BEFORE)
            for observation in captures_before(moment, newest)
        ),
        _exhibit_of(kept, RelativePosition.MOMENT, moment, None),
    )
    made = Evidence(
        evidence_id=evidence_id,
        session_id=session_id,
        room_id=session.room_id,
        version=1,
        view=shot.view,
        medium=Medium.PICTURE,
        source=Source.LIVE,
        at=moment,
        taken_by=audit_actor(staff),
        taken_at=now,
        note=remark,
        exhibits=exhibits,
    )
    return _commit_with_audit(context, made, exhibits)


def keep_following_captures(
    context: AppContext, staff: Staff, session_id: str, evidence_id: str
) -> Evidence:
    """Keep what came after the moment, once it is there; safe to repeat. Raises NotFound."""
    authorized_session(context, staff, session_id)
    evidence = _get_evidence(context, session_id, evidence_id)
    if evidence is None:
        raise NotFound
    if not count_missing_captures(evidence):
        return evidence
    captured = captures_after(
        evidence.at, _newest(context, session_id, evidence.view, evidence.medium)
    )
    known = {exhibit.capture_id for exhibit in evidence.exhibits}
    fresh = [
        _exhibit(context, observation, RelativePosition.AFTER)
        for observation in captured
        if observation.capture_id not in known
    ]
    return _commit_with_audit(context, with_exhibits(evidence, fresh), fresh) if fresh else evidence


def _get_evidence(context: AppContext, session_id: str, evidence_id: str) -> Evidence | None:
    found = context.sessions.evidence(session_id)
    return next((evidence for evidence in found if evidence.evidence_id == evidence_id), None)


def _new_evidence(context: AppContext, observation: Observation) -> list[Observation]:
    return _newest(context, observation.session_id, observation.view, observation.medium)


def _newest(context: AppContext, session_id: str, view: View, medium: Medium) -> list[Observation]:
    found = context.sessions.observations(session_id, limit=NEIGHBOUR_WINDOW)
    return [
        observation
        for observation in found
        if (observation.view, observation.medium) == (view, medium)
    ]


def _exhibit(context: AppContext, observation: Observation, place: RelativePosition) -> Exhibit:
    kept = context.evidence_store.keep(observation.key, observation.session_id)
    return _exhibit_of(kept, place, observation.captured_at, observation.capture_id)


def _exhibit_of(
    kept: StoredFile, place: RelativePosition, at: Millis, capture_id: str | None
) -> Exhibit:
    return Exhibit(place, at, kept.key, kept.sha256, kept.size, kept.content_type, capture_id)


def _inbox(session_id: str, sha256: str) -> str:
    return f"inbox/{session_id}/{sha256}.png"


def _commit_with_audit(
    context: AppContext, evidence: Evidence, fresh: tuple[Exhibit, ...] | list[Exhibit]
) -> Evidence:
    """Write evidence with an audit entry for each file; of two who keep it at once, one does."""
    now = context.clock()

    def attempt() -> Evidence:
        session = context.sessions.session(evidence.session_id)
        records = _with_audit(session, evidence, fresh, now)
        try:
            context.sessions.commit(evidence, *records)
        except Conflict:
            known = _get_evidence(context, evidence.session_id, evidence.evidence_id)
            if known is None or known.version < evidence.version:
                raise
            return known
        return evidence

    return retry_on_conflict(attempt)


def _with_audit(
    session: Session, evidence: Evidence, fresh: tuple[Exhibit, ...] | list[Exhibit], now: Millis
) -> list[Record]:
    entries: list[Record] = []
    chained = session
    for exhibit in fresh:
        transition = with_audit(
            chained,
            now,
            evidence.taken_by,
            EVIDENCE_KEPT,
            evidence=evidence.evidence_id,
            place=exhibit.position,
            moment=exhibit.at,
            key=exhibit.key,
            sha256=exhibit.sha256,
        )
        chained = transition.session
        entries.append(transition.entry)
    # Several entries make one write of the session: its version grows by one, its chain by many.
    return [replace(chained, version=session.version + 1), *entries]
