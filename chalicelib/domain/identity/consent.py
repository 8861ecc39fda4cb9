"""The candidate's consent to face processing: given, refused, or withdrawn at any moment."""

from dataclasses import replace

from chalicelib.domain.errors import WrongState
from chalicelib.domain.identity.verification import (
    Consent,
    IdentityCheck,
    IdentityStatus,
    RejectionReason,
    with_status,
)
from chalicelib.domain.types import LocalizedText


def apply_consent(identity: IdentityCheck, *, agreed: bool) -> IdentityCheck:
    """Apply the candidate's consent to face processing, or its refusal. Idempotent.

    A refusal leaves the decision to a proctor, also of a person who was verified already: nobody but
    a proctor can say from then on who is sitting there. It deletes what was computed. Raises
    WrongState on a consent after verification.
    """
    return _give_consent(identity) if agreed else _refuse_consent(identity)


def _give_consent(identity: IdentityCheck) -> IdentityCheck:
    if identity.consent is Consent.GIVEN:
        return identity
    if identity.status is IdentityStatus.VERIFIED or is_withdrawn(identity):
        raise WrongState(
            LocalizedText("身份核验已经完成。", "Identity verification is already complete.")
        )
    agreed = replace(identity, consent=Consent.GIVEN, note=None)
    if identity.person_only:
        return with_status(agreed, IdentityStatus.PENDING, RejectionReason.DEVICE_CHANGED)
    return with_status(agreed, IdentityStatus.NONE)


def _refuse_consent(identity: IdentityCheck) -> IdentityCheck:
    refused = identity.consent in {Consent.REFUSED, Consent.WITHDRAWN}
    if refused and identity.status is not IdentityStatus.REJECTED:
        return identity
    bare = replace(
        identity,
        consent=Consent.WITHDRAWN if identity.consent is Consent.GIVEN else Consent.REFUSED,
        capture_id=None,
        key=None,
        turn_key=None,
        similarity=None,
        embedding=None,
        movement=None,
        sha256=None,
    )
    withdrawn = identity.status is IdentityStatus.VERIFIED or is_withdrawn(identity)
    reason = RejectionReason.CONSENT_WITHDRAWN if withdrawn else RejectionReason.NO_CONSENT
    return with_status(bare, IdentityStatus.PENDING, reason)


def is_withdrawn(identity: IdentityCheck) -> bool:
    """Return whether consent was withdrawn by a person who was verified already."""
    return identity.reason is RejectionReason.CONSENT_WITHDRAWN
