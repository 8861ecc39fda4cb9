"""Keeping evidence: a capture or a picture of the live video, locked under its hash, and audited."""

from dataclasses import dataclass, replace

from chalicelib.domain.errors import BadInput, Conflict, NotFound
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.review.evidence import (
    Evidence,
    Exhibit,
    Place,
    Source,
    after,
    before,
    evidence_id_of,
    extended,
    missing_after,
)
from chalicelib.domain.review.record_integrity import KEPT
from chalicelib.domain.rules.findings import Observation
from chalicelib.domain.sessions.sessions import Session, note
from chalicelib.domain.types import MINUTE, Medium, Millis, Text, View
from chalicelib.retry import until_written
from chalicelib.services.core.access import actor_of, session_for
from chalicelib.services.ports import Kept, Record, SignedForm, World

LARGEST_LIVE = 4 * 1024 * 1024
LIVE_TYPE = "image/png"
FORM_SECONDS = 120
AROUND = 60
"""So many of a session's newest captures are searched for those around a moment."""


def keep_capture(
    world: World, staff: Staff, session_id: str, capture_id: str, remark: str
) -> Evidence:
    """Keep a capture with those around it; keeping it again changes nothing. Raises NotFound."""
    session = session_for(world, staff, session_id).session
    evidence_id = evidence_id_of(session_id, Source.CAPTURE, capture_id)
    known = _known(world, session_id, evidence_id)
    if known:
        return known
    found = world.sessions.observations_of(session_id, [capture_id])
    if not found:
        raise NotFound
    seen = found[0]
    exhibits = (
        *(_exhibit(world, one, Place.BEFORE) for one in before(seen.captured_at, _of(world, seen))),
        _exhibit(world, seen, Place.MOMENT),
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
        taken_by=actor_of(staff),
        taken_at=world.clock(),
        note=remark,
        exhibits=exhibits,
    )
    return _written(world, made, exhibits)


def live_form(world: World, staff: Staff, session_id: str, sha256: str) -> SignedForm:
    """Return where a picture of the live video is uploaded before it is kept. Raises NotFound."""
    session_for(world, staff, session_id)
    return world.media.upload_form(
        _inbox(session_id, sha256), LIVE_TYPE, LARGEST_LIVE, FORM_SECONDS
    )


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture of the live video as the proctor's page took it: `sha256` of its PNG, and when."""

    view: View
    sha256: str
    at: Millis


def keep_live(world: World, staff: Staff, session_id: str, shot: Shot, remark: str) -> Evidence:
    """Keep an uploaded picture of the live video. Raises NotFound, BadInput.

    Another picture than the one that the page took is refused.
    """
    session = session_for(world, staff, session_id).session
    now = world.clock()
    evidence_id = evidence_id_of(session_id, Source.LIVE, shot.sha256)
    known = _known(world, session_id, evidence_id)
    if known:
        return known
    kept = world.vault.keep(_inbox(session_id, shot.sha256), session_id)
    if kept.sha256 != shot.sha256:
        raise BadInput(
            Text(
                "截图在上传时发生变化，请重新截图。",
                "The picture changed on its way. Take it again.",
            ),
            "other_picture",
        )
    # The page's clock is not trusted beyond what the upload can have taken.
    moment = min(max(shot.at, now - 2 * MINUTE), now)
    newest = _newest(world, session_id, shot.view, Medium.PICTURE)
    exhibits = (
        *(_exhibit(world, one, Place.BEFORE) for one in before(moment, newest)),
        _exhibit_of(kept, Place.MOMENT, moment, None),
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
        taken_by=actor_of(staff),
        taken_at=now,
        note=remark,
        exhibits=exhibits,
    )
    return _written(world, made, exhibits)


def keep_after(world: World, staff: Staff, session_id: str, evidence_id: str) -> Evidence:
    """Keep what came after the moment, once it is there; safe to repeat. Raises NotFound."""
    session_for(world, staff, session_id)
    evidence = _known(world, session_id, evidence_id)
    if evidence is None:
        raise NotFound
    if not missing_after(evidence):
        return evidence
    captured = after(evidence.at, _newest(world, session_id, evidence.view, evidence.medium))
    known = {one.capture_id for one in evidence.exhibits}
    fresh = [_exhibit(world, one, Place.AFTER) for one in captured if one.capture_id not in known]
    return _written(world, extended(evidence, fresh), fresh) if fresh else evidence


def _known(world: World, session_id: str, evidence_id: str) -> Evidence | None:
    found = world.sessions.evidence(session_id)
    return next((one for one in found if one.evidence_id == evidence_id), None)


def _of(world: World, seen: Observation) -> list[Observation]:
    return _newest(world, seen.session_id, seen.view, seen.medium)


def _newest(world: World, session_id: str, view: View, medium: Medium) -> list[Observation]:
    found = world.sessions.observations(session_id, most=AROUND)
    return [one for one in found if (one.view, one.medium) == (view, medium)]


def _exhibit(world: World, seen: Observation, place: Place) -> Exhibit:
    kept = world.vault.keep(seen.key, seen.session_id)
    return _exhibit_of(kept, place, seen.captured_at, seen.capture_id)


def _exhibit_of(kept: Kept, place: Place, at: Millis, capture_id: str | None) -> Exhibit:
    return Exhibit(place, at, kept.key, kept.sha256, kept.size, kept.content_type, capture_id)


def _inbox(session_id: str, sha256: str) -> str:
    return f"inbox/{session_id}/{sha256}.png"


def _written(
    world: World, evidence: Evidence, fresh: tuple[Exhibit, ...] | list[Exhibit]
) -> Evidence:
    """Write evidence with an audit entry for each file; of two who keep it at once, one does."""
    now = world.clock()

    def attempt() -> Evidence:
        session = world.sessions.session(evidence.session_id)
        records = _audited(session, evidence, fresh, now)
        try:
            world.sessions.commit(evidence, *records)
        except Conflict:
            known = _known(world, evidence.session_id, evidence.evidence_id)
            if known is None or known.version < evidence.version:
                raise
            return known
        return evidence

    return until_written(attempt)


def _audited(
    session: Session, evidence: Evidence, fresh: tuple[Exhibit, ...] | list[Exhibit], now: Millis
) -> list[Record]:
    entries: list[Record] = []
    chained = session
    for one in fresh:
        change = note(
            chained,
            now,
            evidence.taken_by,
            KEPT,
            evidence=evidence.evidence_id,
            place=one.place,
            moment=one.at,
            key=one.key,
            sha256=one.sha256,
        )
        chained = change.session
        entries.append(change.entry)
    # Several entries make one write of the session: its version grows by one, its chain by many.
    return [replace(chained, version=session.version + 1), *entries]
