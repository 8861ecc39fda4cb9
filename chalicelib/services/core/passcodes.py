"""What a sitting's candidates sign in with."""

from chalicelib.domain.exams.exams import Candidate, Subject, Window
from chalicelib.domain.passcodes import (
    PasscodeMode,
    passcode_for,
    verify_passcode,
    verify_personal_passcode,
)
from chalicelib.domain.types import SittingKind
from chalicelib.services.ports import Passcodes

_NO_HASH = "AAAAAAAAAAAAAAAAAAAAAA==$"


def stored_passcode(passcodes: Passcodes, subject: Subject, kind: SittingKind) -> str | None:
    """Return a sitting's passcode, or the secret of its personal ones; None where it is not kept."""
    return passcodes.reveal(subject.subject_id, kind, subject.windows[kind].passcode_hash)


def own_passcode(subject: Subject, kind: SittingKind, stored: str, candidate: Candidate) -> str:
    """Return what a candidate signs in to a sitting with, from what the sitting keeps."""
    generation = candidate.passcode_generation(subject.subject_id, kind)
    mode = subject.windows[kind].passcode_mode
    return passcode_for(mode, stored, candidate.candidate_id, generation)


def sitting_for_passcode(
    passcodes: Passcodes, subject: Subject | None, candidate: Candidate | None, passcode: str
) -> SittingKind | None:
    """Return which sitting a candidate's passcode is for.

    Without a candidate the result is None after the same time, and both sittings are compared in
    any case: neither the response nor its timing reveals whether a number exists, or which matches.
    """
    matches = [
        kind for kind in SittingKind if _matches(passcodes, subject, kind, candidate, passcode)
    ]
    return matches[0] if matches and candidate is not None else None


def _matches(
    passcodes: Passcodes,
    subject: Subject | None,
    kind: SittingKind,
    candidate: Candidate | None,
    passcode: str,
) -> bool:
    if subject is None:
        return verify_passcode(passcode, _NO_HASH)
    window: Window = subject.windows[kind]
    if window.passcode_mode is PasscodeMode.PERSONAL:
        secret = stored_passcode(passcodes, subject, kind)
        generation = candidate.passcode_generation(subject.subject_id, kind) if candidate else 1
        candidate_id = candidate.candidate_id if candidate else ""
        return verify_personal_passcode(passcode, secret, candidate_id, generation)
    return verify_passcode(passcode, window.passcode_hash)
