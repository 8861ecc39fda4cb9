"""What an admin sees and allows of candidates: the list, one person, accommodations."""

from dataclasses import dataclass, replace

from chalicelib.domain.audit import AuditEntry, append
from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.exams import accommodations
from chalicelib.domain.exams.accommodations import Accommodation
from chalicelib.domain.exams.exams import Candidate, Staff, Subject, normalize_number
from chalicelib.domain.sessions.session_clock import apply_accommodation
from chalicelib.domain.sessions.sessions import make_session_id
from chalicelib.domain.sessions.states import FINAL_STATES
from chalicelib.domain.types import SittingKind
from chalicelib.retry import retry_on_conflict
from chalicelib.services.core.access import audit_actor
from chalicelib.services.ports import AppContext, CandidatePage

PAGE_SIZE = 50
READ_BATCH = 200
MAX_READ = 2_000
"""How many candidates one request looks through; a longer search goes on where it stopped."""


@dataclass(frozen=True, slots=True)
class CandidateHistory:
    """A candidate with the audit chain of what was allowed."""

    candidate: Candidate
    audit: list[AuditEntry]


def search(
    context: AppContext, exam_id: str, text: str, subject_id: str | None, after: str
) -> CandidatePage:
    """Return candidates whose name or admission number holds `text`; a whole number finds at once.

    A page may hold few or none and still have a next one: it looked through MOST_READ.
    """
    wanted = normalize_number(text)
    if wanted and not after:
        try:
            return CandidatePage((context.registry.candidate_by_number(exam_id, wanted),), "")
        except NotFound:
            pass
    found: list[Candidate] = []
    looked = 0
    while True:
        # Without a filter every candidate is shown: no more than that is read.
        most = READ_BATCH if wanted or subject_id else PAGE_SIZE
        page = context.registry.candidates(exam_id, after=after, limit=most)
        for candidate in page.candidates:
            if _matches(candidate, wanted, subject_id):
                found.append(candidate)
                if len(found) == PAGE_SIZE:
                    return CandidatePage(tuple(found), normalize_number(candidate.admission_number))
        after, looked = page.after, looked + len(page.candidates)
        if not after or looked >= MAX_READ:
            return CandidatePage(tuple(found), after)


def _matches(candidate: Candidate, wanted: str, subject_id: str | None) -> bool:
    if subject_id is not None and subject_id not in candidate.rooms:
        return False
    return wanted in normalize_number(candidate.name) or wanted in normalize_number(
        candidate.admission_number
    )


def candidate_history(context: AppContext, exam_id: str, candidate_id: str) -> CandidateHistory:
    """Return a candidate of an exam. Raises NotFound."""
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
    """Set a candidate's accommodation; sessions that are open follow at once.

    `known` is what the admin saw: Conflict is raised where it was changed since. The same again
    changes nothing, and brings sessions that a failure left behind up to date.
    """
    accommodations.validate_accommodation(accommodation)
    candidate = _apply_accommodation(context, staff, candidate, accommodation, reason)
    for subject in context.registry.fresh_exam(candidate.exam_id).subjects:
        if subject.subject_id in candidate.rooms:
            for kind in SittingKind:
                _update_session(context, staff, candidate, subject, kind, reason)
    return candidate


def _apply_accommodation(
    context: AppContext, staff: Staff, known: Candidate, given: Accommodation, reason: str
) -> Candidate:
    candidate = context.registry.candidate(known.candidate_id)
    if candidate.accommodation == given:
        return candidate
    if candidate.version != known.version:
        raise Conflict
    entry, head = append(
        candidate.head,
        candidate.candidate_id,
        context.clock(),
        audit_actor(staff),
        "accommodated",
        reason=reason,
        excused=",".join(given.excused),
        extra_percent=given.extra_percent,
        extra_minutes=given.extra_minutes,
    )
    changed = replace(candidate, accommodation=given, head=head, version=candidate.version + 1)
    context.registry.put_candidate(changed, entry)
    return changed


def _update_session(
    context: AppContext,
    staff: Staff,
    candidate: Candidate,
    subject: Subject,
    kind: SittingKind,
    reason: str,
) -> None:
    session_id = make_session_id(candidate.candidate_id, subject.subject_id, kind)
    given = candidate.accommodation
    extra = given.extra_time(subject.duration)

    def attempt() -> None:
        try:
            session = context.sessions.session(session_id)
        except NotFound:
            return
        if session.state in FINAL_STATES or (session.excused, session.extra) == (
            given.excused,
            extra,
        ):
            return
        transition = apply_accommodation(
            session, given, extra, context.clock(), audit_actor(staff), reason
        )
        context.sessions.commit(transition.session, transition.entry)

    retry_on_conflict(attempt)
