"""Evidence: captures and live screenshots, locked under their hashes and audited."""

from collections.abc import Iterator, Sequence
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
from chalicelib.domain.rules.retention import KeptKind
from chalicelib.domain.sessions.sessions import Details, Session, audit_all
from chalicelib.domain.types import DAY, MINUTE, LocalizedText, Medium, Millis, View
from chalicelib.retry import retry_on_conflict
from chalicelib.services.core.access import audit_actor, authorized_session
from chalicelib.services.monitoring.capture_content import tell_replaced
from chalicelib.services.ports import AppContext, SignedForm, StoredFile

MAX_LIVE_BYTES = 4 * 1024 * 1024
LIVE_CONTENT_TYPE = "image/png"
FORM_SECONDS = 120
NEIGHBOUR_WINDOW = 96
"""How many of a session's newest captures are searched for those around a moment."""


def keep_capture(
    context: AppContext, staff: Staff, session_id: str, capture_id: str, remark: str
) -> Evidence:
    """Keep a capture and those before it as evidence. Idempotent. Raises NotFound.

    A file that is not the one that was judged is kept too, and said to be another.
    """
    session = authorized_session(context, staff, session_id).session
    evidence_id = make_evidence_id(session_id, Source.CAPTURE, capture_id)
    existing = find_evidence(context, session_id, evidence_id)
    if existing:
        return existing
    observations = context.sessions.observations_of(session_id, [capture_id])
    if not observations:
        raise NotFound
    capture = observations[0]
    newest = _newest(context, session_id, capture.view, capture.medium)
    exhibits = (
        *(
            _keep_exhibit(context, session, observation, RelativePosition.BEFORE)
            for observation in captures_before(capture.captured_at, newest)
        ),
        _keep_exhibit(context, session, capture, RelativePosition.MOMENT),
    )
    evidence = Evidence(
        evidence_id=evidence_id,
        session_id=session_id,
        room_id=session.room_id,
        version=1,
        view=capture.view,
        medium=capture.medium,
        source=Source.CAPTURE,
        at=capture.captured_at,
        taken_by=audit_actor(staff),
        taken_at=context.clock(),
        note=remark,
        exhibits=exhibits,
    )
    return _commit_with_audit(context, evidence, exhibits)


def live_upload_form(context: AppContext, staff: Staff, session_id: str, sha256: str) -> SignedForm:
    """Return the form that uploads a live screenshot before it is kept. Raises NotFound."""
    authorized_session(context, staff, session_id)
    return context.media.upload_form(
        _inbox(session_id, sha256), LIVE_CONTENT_TYPE, MAX_LIVE_BYTES, FORM_SECONDS
    )


@dataclass(frozen=True, slots=True)
class LiveScreenshot:
    """A screenshot of the live video in the proctor's browser: the hash of its PNG, and when."""

    view: View
    sha256: str
    at: Millis


def keep_live_screenshot(
    context: AppContext, staff: Staff, session_id: str, shot: LiveScreenshot, remark: str
) -> Evidence:
    """Keep an uploaded live screenshot and the captures before it. Idempotent.

    Raises NotFound, and BadInput where the upload's hash is not the screenshot's.
    """
    session = authorized_session(context, staff, session_id).session
    now = context.clock()
    evidence_id = make_evidence_id(session_id, Source.LIVE, shot.sha256)
    existing = find_evidence(context, session_id, evidence_id)
    if existing:
        return existing
    file = context.evidence_store.keep(
        _inbox(session_id, shot.sha256), session_id, locked_until(session, now)
    )
    if file.sha256 != shot.sha256:
        raise BadInput(
            LocalizedText(
                "截图在上传时发生变化，请重新截图。",
                "The screenshot was altered during upload. Take it again.",
            ),
            "other_picture",
        )
    # The browser's clock is trusted only within the time that the upload may have taken.
    moment = min(max(shot.at, now - 2 * MINUTE), now)
    newest = _newest(context, session_id, shot.view, Medium.PICTURE)
    exhibits = (
        *(
            _keep_exhibit(context, session, observation, RelativePosition.BEFORE)
            for observation in captures_before(moment, newest)
        ),
        _make_exhibit(file, RelativePosition.MOMENT, moment, None),
    )
    evidence = Evidence(
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
    return _commit_with_audit(context, evidence, exhibits)


def keep_following_captures(
    context: AppContext, staff: Staff, session_id: str, evidence_id: str
) -> Evidence:
    """Keep the captures after the moment, as far as they have arrived. Idempotent. Raises NotFound."""
    session = authorized_session(context, staff, session_id).session
    evidence = find_evidence(context, session_id, evidence_id)
    if evidence is None:
        raise NotFound
    if not count_missing_captures(evidence):
        return evidence
    following = captures_after(
        evidence.at, _newest(context, session_id, evidence.view, evidence.medium)
    )
    capture_ids = {exhibit.capture_id for exhibit in evidence.exhibits}
    added = [
        _keep_exhibit(context, session, observation, RelativePosition.AFTER)
        for observation in following
        if observation.capture_id not in capture_ids
    ]
    return _commit_with_audit(context, with_exhibits(evidence, added), added) if added else evidence


def find_evidence(context: AppContext, session_id: str, evidence_id: str) -> Evidence | None:
    """Return a piece of evidence, or None."""
    for evidence in context.sessions.evidence(session_id):
        if evidence.evidence_id == evidence_id:
            return evidence
    return None


def _newest(context: AppContext, session_id: str, view: View, medium: Medium) -> list[Observation]:
    return [
        observation
        for observation in context.sessions.observations(session_id, limit=NEIGHBOUR_WINDOW)
        if (observation.view, observation.medium) == (view, medium)
    ]


def locked_until(session: Session, now: Millis) -> Millis:
    """Return until when evidence of a session cannot be deleted; what is kept late, for a day."""
    return max(session.retention.due_at(KeptKind.EVIDENCE, session.created_at), now + DAY)


def _keep_exhibit(
    context: AppContext, session: Session, observation: Observation, position: RelativePosition
) -> Exhibit:
    until = locked_until(session, context.clock())
    file = context.evidence_store.keep(observation.key, observation.session_id, until)
    exhibit = _make_exhibit(file, position, observation.captured_at, observation.capture_id)
    exhibit = replace(exhibit, judged_sha256=observation.sha256)
    if exhibit.replaced:
        tell_replaced(
            context,
            observation.session_id,
            observation.view,
            observation.captured_at,
            observation.capture_id,
        )
    return exhibit


def _make_exhibit(
    file: StoredFile, position: RelativePosition, at: Millis, capture_id: str | None
) -> Exhibit:
    return Exhibit(position, at, file.key, file.sha256, file.size, file.content_type, capture_id)


def _inbox(session_id: str, sha256: str) -> str:
    return f"inbox/{session_id}/{sha256}.png"


def _commit_with_audit(
    context: AppContext, evidence: Evidence, added: Sequence[Exhibit]
) -> Evidence:
    """Write evidence with an audit entry per added file; of two concurrent writes one is kept."""
    now = context.clock()

    def attempt() -> Evidence:
        session, entries = audit_all(
            context.sessions.session(evidence.session_id),
            now,
            evidence.taken_by,
            kept_entries(evidence, added),
        )
        try:
            context.sessions.commit(evidence, session, *entries)
        except Conflict:
            stored = find_evidence(context, evidence.session_id, evidence.evidence_id)
            if stored is None or stored.version < evidence.version:
                raise
            return stored
        return evidence

    return retry_on_conflict(attempt)


def kept_entries(evidence: Evidence, added: Sequence[Exhibit]) -> Iterator[tuple[str, Details]]:
    """Yield what is audited of each added file."""
    for exhibit in added:
        judged = {"judged": exhibit.judged_sha256} if exhibit.judged_sha256 else {}
        yield (
            EVIDENCE_KEPT,
            {
                "evidence": evidence.evidence_id,
                "place": exhibit.position,
                "moment": exhibit.at,
                "key": exhibit.key,
                "sha256": exhibit.sha256,
                **judged,
            },
        )
