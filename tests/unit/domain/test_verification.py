"""Photo verification: the system can only accept, never reject."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import WrongState
from chalicelib.domain.identity.verification import (
    MAX_ATTEMPTS,
    Consent,
    FaceComparison,
    HeadTurn,
    IdentityCheck,
    IdentityStatus,
    LivenessMovement,
    RejectionReason,
    VerificationAttempt,
    apply_comparison,
    apply_decision,
    movement_of,
    start_attempt,
)
from tests.support.builders import EMBEDDING, NOW

THRESHOLD = 0.37
NEW = IdentityCheck("5e55", "room-1", 1, consent=Consent.GIVEN)


def attempt(name: str) -> VerificationAttempt:
    return VerificationAttempt(
        name, f"identity/5e55/{name}.jpg", HeadTurn.LEFT, f"turned/5e55/{name}.jpg"
    )


CHECKING = start_attempt(NEW, attempt("c1"), "registration/x.jpg", NOW)
MATCH = FaceComparison(1, 0.8, EMBEDDING)
MISMATCH = FaceComparison(1, 0.1, EMBEDDING)


def test_new_attempt_clears_the_previous_result() -> None:
    compared = apply_comparison(CHECKING, "c1", MISMATCH, THRESHOLD)
    restarted = start_attempt(compared, attempt("c2"), None, NOW + 1)
    assert (restarted.status, restarted.capture_id, restarted.captured_at) == (
        "checking",
        "c2",
        NOW + 1,
    )
    assert (restarted.similarity, restarted.embedding, restarted.reason) == (None, None, None)
    assert (restarted.attempts, restarted.version) == (1, compared.version + 1)


@pytest.mark.parametrize(
    ("comparison", "status", "reason"),
    [
        (MATCH, "verified", None),
        (FaceComparison(1, THRESHOLD, EMBEDDING), "verified", None),
        (MISMATCH, "retry", RejectionReason.LOW_SIMILARITY),
        (FaceComparison(0), "retry", RejectionReason.NO_FACE),
        (FaceComparison(1, None, None), "retry", RejectionReason.NO_FACE),
        (FaceComparison(2, 0.9, EMBEDDING), "retry", RejectionReason.SEVERAL_FACES),
        (FaceComparison(1, None, EMBEDDING), "pending", RejectionReason.NO_PHOTO),
        (FaceComparison(0, error="truncated"), "retry", RejectionReason.UNREADABLE),
    ],
)
def test_outcome_of_the_first_attempt(
    comparison: FaceComparison, status: str, reason: RejectionReason | None
) -> None:
    compared = apply_comparison(CHECKING, "c1", comparison, THRESHOLD)
    assert (compared.status, compared.reason, compared.attempts) == (status, reason, 1)
    assert compared.decided_by == ("system" if status == "verified" else None)


@pytest.mark.parametrize(
    ("comparison", "status"),
    [
        (MATCH, "verified"),
        (MISMATCH, "pending"),
        (FaceComparison(2, 0.9, EMBEDDING), "pending"),
        # A proctor cannot decide on a picture without a face, after any number of attempts.
        (FaceComparison(0), "retry"),
        (FaceComparison(0, error="truncated"), "retry"),
    ],
)
def test_proctor_decides_after_the_last_attempt(comparison: FaceComparison, status: str) -> None:
    assert (
        apply_comparison(
            replace(CHECKING, attempts=MAX_ATTEMPTS - 1), "c1", comparison, THRESHOLD
        ).status
        == status
    )


comparisons = st.builds(
    FaceComparison,
    st.integers(0, 3),
    st.none() | st.floats(-1, 1),
    st.none() | st.just(EMBEDDING),
    st.none() | st.just("unreadable"),
)


@given(st.lists(comparisons, max_size=6))
def test_system_never_rejects(results: list[FaceComparison]) -> None:
    identity = NEW
    for number, comparison in enumerate(results):
        if identity.status in {IdentityStatus.VERIFIED, IdentityStatus.PENDING}:
            break
        identity = apply_comparison(
            start_attempt(identity, attempt(f"c{number}"), None, NOW),
            f"c{number}",
            comparison,
            THRESHOLD,
        )
        assert identity.status is not IdentityStatus.REJECTED
        assert (
            identity.status is not IdentityStatus.VERIFIED
            or (comparison.similarity or 0) >= THRESHOLD
        )
        assert identity.status is not IdentityStatus.PENDING or identity.embedding


def test_comparison_of_another_capture_is_ignored() -> None:
    compared = apply_comparison(CHECKING, "c1", MATCH, THRESHOLD)
    for identity, capture_id in ((NEW, "c1"), (CHECKING, "c0"), (compared, "c1")):
        assert apply_comparison(identity, capture_id, MISMATCH, THRESHOLD) is identity


def test_no_new_attempt_once_verified_or_pending() -> None:
    for status in (IdentityStatus.VERIFIED, IdentityStatus.PENDING):
        with pytest.raises(WrongState):
            start_attempt(replace(NEW, status=status), attempt("c"), None, NOW)
    for status in (IdentityStatus.RETRY, IdentityStatus.REJECTED, IdentityStatus.CHECKING):
        start_attempt(replace(NEW, status=status), attempt("c"), None, NOW)


@pytest.mark.parametrize(("accept", "status"), [(True, "verified"), (False, "rejected")])
def test_proctor_accepts_or_rejects(accept: bool, status: str) -> None:  # noqa: FBT001
    decided = apply_decision(
        replace(NEW, status=IdentityStatus.PENDING), "proctor:p", "no", accept=accept
    )
    assert (decided.status, decided.decided_by, decided.version) == (status, "proctor:p", 2)


@pytest.mark.parametrize("status", set(IdentityStatus) - {IdentityStatus.PENDING})
def test_decision_is_rejected_unless_pending(status: IdentityStatus) -> None:
    with pytest.raises(WrongState):
        apply_decision(replace(NEW, status=status), "proctor:p", None, accept=True)


@pytest.mark.parametrize(
    ("turned_yaw", "similarity", "turn", "movement"),
    [
        (-12.0, 0.6, HeadTurn.LEFT, LivenessMovement.MOVED),
        (12.0, 0.6, HeadTurn.RIGHT, LivenessMovement.MOVED),
        (12.0, 0.6, HeadTurn.LEFT, LivenessMovement.STILL),
        (-12.0, 0.6, HeadTurn.RIGHT, LivenessMovement.STILL),
        (0.0, 0.9, HeadTurn.LEFT, LivenessMovement.STILL),
        (-30.0, 0.1, HeadTurn.LEFT, LivenessMovement.UNCLEAR),
    ],
)
def test_movement_is_detected_by_yaw_and_similarity(
    turned_yaw: float, similarity: float, turn: HeadTurn, movement: LivenessMovement
) -> None:
    assert movement_of(1.0, turned_yaw, similarity, turn) is movement
