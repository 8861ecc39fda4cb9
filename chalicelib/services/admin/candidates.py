"""Candidates of an exam: searching them, their audit chain, and their accommodations."""

from dataclasses import dataclass, replace

from chalicelib.domain.audit import AuditEntry, append
from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.exams import accommodations
from chalicelib.domain.exams.accommodations import Accommodation
from chalicelib.domain.exams.exams import Candidate, Staff, Subject
from chalicelib.domain.normalization import is_number, normalize_number, normalize_search
from chalicelib.domain.recording.recording_rule import Track, without_tracks
from chalicelib.domain.sessions.session_clock import apply_accommodation
from chalicelib.domain.sessions.sessions import make_session_id
from chalicelib.domain.sessions.states import FINAL_STATES
from chalicelib.domain.types import SittingKind
from chalicelib.retry import find_or_none, retry_on_conflict
from chalicelib.services.core.access import audit_actor
from chalicelib.services.monitoring.screen_sharing import tell_screen
from chalicelib.services.ports import AppContext, CandidatePage

PAGE_SIZE = 50
READ_BATCH = 200
MAX_READ = 2_000
"""How many candidates one request reads; a longer search continues on the next page."""


@dataclass(frozen=True, slots=True)
class CandidateHistory:
    """A candidate with the audit chain of the accommodations."""

    candidate: Candidate
    audit: list[AuditEntry]


def search(
    context: AppContext, exam_id: str, text: str, subject_id: str | None, after: str
) -> CandidatePage:
    """Return a page of the candidates whose name or admission number contains `text`.

    A complete ID or admission number finds its candidate at once. A page may be short or empty and
    still have a next one: it ends after MAX_READ candidates were read.
    """
    query, number = normalize_search(text), normalize_number(text)
    if is_number(number) and not after:
        try:
            return CandidatePage((context.registry.candidate_by_number(exam_id, number),), "")
        except NotFound:
            pass
    # Without a filter every candidate matches: no more than a page is read.
    limit = READ_BATCH if query or subject_id else PAGE_SIZE
    matches: list[Candidate] = []
    read_count = 0
    while True:
        page = context.registry.candidates(exam_id, after=after, limit=limit)
        for candidate in page.candidates:
            if _matches(candidate, query, subject_id):
                matches.append(candidate)
                if len(matches) == PAGE_SIZE:
                    last_key = normalize_number(candidate.admission_number)
                    return CandidatePage(tuple(matches), last_key)
        after, read_count = page.after, read_count + len(page.candidates)
        if not after or read_count >= MAX_READ:
            return CandidatePage(tuple(matches), after)


def _matches(candidate: Candidate, query: str, subject_id: str | None) -> bool:
    if subject_id is not None and subject_id not in candidate.rooms:
        return False
    return query in normalize_search(candidate.name) or query in normalize_search(
        candidate.admission_number
    )


def candidate_history(context: AppContext, exam_id: str, candidate_id: str) -> CandidateHistory:
    """Return a candidate of an exam with the audit chain. Raises NotFound."""
    candidate = context.registry.candidate(candidate_id)
    if candidate.exam_id != exam_id:
        raise NotFound
    return CandidateHistory(candidate, context.registry.audit(candidate_id))


def set_accommodation(
    context: AppContext,
    staff: Staff,
    candidate: Candidate,
    accommodation: Accommodation,
    reason: str,
) -> Candidate:
    """Set a candidate's accommodation, and apply it to the candidate's open sessions. Idempotent.

    `candidate` is what the administrator saw: raises Conflict where it has changed since. A repeat
    updates sessions that a failure left behind.
    """
    accommodations.validate_accommodation(accommodation)
    candidate = _apply_accommodation(context, staff, candidate, accommodation, reason)
    for subject in context.registry.fresh_exam(candidate.exam_id).subjects:
        if subject.subject_id in candidate.rooms:
            for kind in SittingKind:
                _update_session(context, staff, candidate, subject, kind, reason)
    return candidate


def _apply_accommodation(
    context: AppContext,
    staff: Staff,
    read_candidate: Candidate,
    accommodation: Accommodation,
    reason: str,
) -> Candidate:
    candidate = context.registry.candidate(read_candidate.candidate_id)
    if candidate.accommodation == accommodation:
        return candidate
    if candidate.version != read_candidate.version:
        raise Conflict
    entry, head = append(
        candidate.head,
        candidate.candidate_id,
        context.clock(),
        audit_actor(staff),
        "accommodated",
        reason=reason,
        excused=",".join(accommodation.excused),
        extra_percent=accommodation.extra_percent,
        extra_minutes=accommodation.extra_minutes,
        **accommodations.unrecorded_detail(accommodation),
    )
    candidate = replace(
        candidate, accommodation=accommodation, head=head, version=candidate.version + 1
    )
    context.registry.put_candidate(candidate, entry)
    return candidate


def _update_session(
    context: AppContext,
    staff: Staff,
    candidate: Candidate,
    subject: Subject,
    kind: SittingKind,
    reason: str,
) -> None:
    sitting_id = make_session_id(candidate.candidate_id, subject.subject_id, kind)
    session_id = context.sessions.current_attempt(sitting_id).session_id
    accommodation = candidate.accommodation
    extra = accommodation.extra_time(subject.duration)

    def attempt() -> None:
        try:
            session = context.sessions.session(session_id)
        except NotFound:
            return
        recording = without_tracks(session.recording, frozenset(accommodation.unrecorded))
        known = session.excused, session.extra, session.recording
        is_current = known == (accommodation.excused, extra, recording)
        if is_current or session.state in FINAL_STATES:
            return
        transition = apply_accommodation(
            session, accommodation, extra, context.clock(), audit_actor(staff), reason
        )
        context.sessions.commit(transition.session, transition.entry)

    retry_on_conflict(attempt)
    if Track.SCREEN in accommodation.unrecorded:
        find_or_none(lambda: tell_screen(context, session_id))
