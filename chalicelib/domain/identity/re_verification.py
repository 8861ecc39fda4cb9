"""Verifying once more, because the device changed after the photo check."""

from dataclasses import replace

from chalicelib.domain.identity.verification import (
    Consent,
    IdentityCheck,
    IdentityStatus,
    RejectionReason,
)
from chalicelib.domain.rules.device_changes import DeviceChangeRule


def verify_again(identity: IdentityCheck, rule: DeviceChangeRule) -> IdentityCheck:
    """Return a verification that begins anew on another device.

    Without consent to the processing of the face, or where the subject says so, a person decides;
    in the latter case no machine may say yes to a later picture either.
    """
    person_only = rule is DeviceChangeRule.PROCTOR
    fresh = replace(
        identity,
        version=identity.version + 1,
        attempts=0,
        capture_id=None,
        similarity=None,
        movement=None,
        embedding=None,
        sha256=None,
        decided_by=None,
        note=None,
        person_only=person_only,
    )
    if identity.consent is not Consent.GIVEN:
        return replace(fresh, status=IdentityStatus.PENDING, reason=RejectionReason.NO_CONSENT)
    if person_only:
        return replace(fresh, status=IdentityStatus.PENDING, reason=RejectionReason.DEVICE_CHANGED)
    return replace(fresh, status=IdentityStatus.NONE, reason=None)
