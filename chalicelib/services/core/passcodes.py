"""What a sitting's candidates sign in with."""

from chalicelib.domain.exams.exams import Subject, Window
from chalicelib.domain.passcodes import PasscodeMode, verify_passcode, verify_personal_passcode
from chalicelib.domain.types import SittingKind
from chalicelib.services.ports import Passcodes

_NO_HASH = "AAAAAAAAAAAAAAAAAAAAAA==$"


def stored_passcode(passcodes: Passcodes, subject: Subject, kind: SittingKind) -> str | None:
    """Return a sitting's passcode, or the secret of its personal ones; None where it is not kept."""
    return passcodes.reveal(subject.subject_id, kind, subject.windows[kind].passcode_hash)


def sitting_for_passcode(
    passcodes: Passcodes, subject: Subject | None, candidate_id: str | None, passcode: str
) -> SittingKind | None:
    """Return which sitting a candidate's passcode is for.

    Without a candidate the result is None after the same time, and both sittings are compared in
    any case: neither the response nor its timing reveals whether a number exists, or which matches.
    """
    matches = [
        kind
        for kind in SittingKind
        if _matches(passcodes, subject, kind, candidate_id or "", passcode)
    ]
    return matches[0] if matches and candidate_id is not None else None


def _matches(
    passcodes: Passcodes,
    subject: Subject | None,
    kind: SittingKind,
    candidate_id: str,
    passcode: str,
) -> bool:
    if subject is None:
        return verify_passcode(passcode, _NO_HASH)
    window: Window = subject.windows[kind]
    if window.passcode_mode is PasscodeMode.PERSONAL:
        secret = stored_passcode(passcodes, subject, kind)
        return verify_personal_passcode(passcode, secret, candidate_id)
    return verify_passcode(passcode, window.passcode_hash)
