"""What an admin sees and allows of candidates: the list, one person, accommodations."""

from dataclasses import dataclass, replace

from chalicelib.domain.audit import AuditEntry, append
from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.exams import accommodations
from chalicelib.domain.exams.accommodations import Accommodation
from chalicelib.domain.exams.exams import Candidate, Staff, Subject, normal_number
from chalicelib.domain.sessions.session_clock import accommodate
from chalicelib.domain.sessions.sessions import session_id_of
from chalicelib.domain.sessions.states import FINAL
from chalicelib.domain.types import SittingKind
from chalicelib.retry import until_written
from chalicelib.services.core.access import actor_of
from chalicelib.services.ports import Page, World

SHOWN = 50
READ_AT_ONCE = 200
MOST_READ = 2_000
"""How many candidates one request looks through; a longer search goes on where it stopped."""


@dataclass(frozen=True, slots=True)
class Known:
    """A candidate with the audit chain of what was allowed."""

    candidate: Candidate
    audit: list[AuditEntry]


def find(world: World, exam_id: str, text: str, subject_id: str | None, after: str) -> Page:
    """Return candidates whose name or admission number holds `text`; a whole number finds at once.

    A page may hold few or none and still have a next one: it looked through MOST_READ.
    """
    wanted = normal_number(text)
    if wanted and not after:
        try:
            return Page((world.registry.candidate_by_number(exam_id, wanted),), "")
        except NotFound:
            pass
    found: list[Candidate] = []
    looked = 0
    while True:
        # Without a filter every candidate is shown: no more than that is read.
        most = READ_AT_ONCE if wanted or subject_id else SHOWN
        page = world.registry.candidates(exam_id, after=after, most=most)
        for one in page.candidates:
            if _matches(one, wanted, subject_id):
                found.append(one)
                if len(found) == SHOWN:
                    return Page(tuple(found), normal_number(one.admission_number))
        after, looked = page.after, looked + len(page.candidates)
        if not after or looked >= MOST_READ:
            return Page(tuple(found), after)


def _matches(one: Candidate, wanted: str, subject_id: str | None) -> bool:
    if subject_id is not None and subject_id not in one.rooms:
        return False
    return wanted in normal_number(one.name) or wanted in normal_number(one.admission_number)


def candidate_of(world: World, exam_id: str, candidate_id: str) -> Known:
    """Return a candidate of an exam. Raises NotFound."""
    candidate = world.registry.candidate(candidate_id)
    if candidate.exam_id != exam_id:
        raise NotFound
    return Known(candidate, world.registry.audit_of(candidate_id))


def allow(
    world: World, staff: Staff, known: Candidate, given: Accommodation, reason: str
) -> Candidate:
    """Set a candidate's accommodation; sessions that are open follow at once.

    `known` is what the admin saw: Conflict is raised where it was changed since. The same again
    changes nothing, and brings sessions that a failure left behind up to date.
    """
    accommodations.check(given)
    candidate = _allowed(world, staff, known, given, reason)
    for subject in world.registry.exam_now(candidate.exam_id).subjects:
        if subject.subject_id in candidate.rooms:
            for kind in SittingKind:
                _bring_up_to_date(world, staff, candidate, subject, kind, reason)
    return candidate


def _allowed(
    world: World, staff: Staff, known: Candidate, given: Accommodation, reason: str
) -> Candidate:
    candidate = world.registry.candidate(known.candidate_id)
    if candidate.accommodation == given:
        return candidate
    if candidate.version != known.version:
        raise Conflict
    entry, head = append(
        candidate.head,
        candidate.candidate_id,
        world.clock(),
        actor_of(staff),
        "accommodated",
        reason=reason,
        excused=",".join(given.excused),
        extra_percent=given.extra_percent,
        extra_minutes=given.extra_minutes,
    )
    changed = replace(candidate, accommodation=given, head=head, version=candidate.version + 1)
    world.registry.put_candidate(changed, entry)
    return changed


def _bring_up_to_date(
    world: World,
    staff: Staff,
    candidate: Candidate,
    subject: Subject,
    kind: SittingKind,
    reason: str,
) -> None:
    session_id = session_id_of(candidate.candidate_id, subject.subject_id, kind)
    given = candidate.accommodation
    extra = given.extra_time(subject.duration)

    def attempt() -> None:
        try:
            session = world.sessions.session(session_id)
        except NotFound:
            return
        if session.state in FINAL or (session.excused, session.extra) == (given.excused, extra):
            return
        change = accommodate(session, given, extra, world.clock(), actor_of(staff), reason)
        world.sessions.commit(change.session, change.entry)

    until_written(attempt)
