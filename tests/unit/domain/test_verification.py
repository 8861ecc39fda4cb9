"""Photo verification: the system can only accept, never reject."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import TooMany, WrongState
from chalicelib.domain.identity.verification import (
    IMPLAUSIBLE_SIMILARITY,
    MAX_ATTEMPTS,
    MAX_STARTS,
    START_WINDOW,
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
from chalicelib.domain.types import SECOND
from tests.support.builders import EMBEDDING, NOW

THRESHOLD = 0.37
NEW = IdentityCheck("5e55", "room-1", 1, consent=Consent.GIVEN)


def attempt(name: str) -> VerificationAttempt:
    return VerificationAttempt(
        name, f"identity/5e55/{name}.jpg", HeadTurn.LEFT, f"turned/5e55/{name}.jpg"
    )


CHECKING = start_attempt(NEW, attempt("c1"), "registration/x.jpg", NOW)
MATCH = FaceComparison(1, 0.8, EMBEDDING, movement=LivenessMovement.MOVED, turned=True)
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
        (replace(MATCH, similarity=THRESHOLD), "verified", None),
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
        # Dark rooms, dark skin, veils: whose face no model finds is looked at by a person.
        (FaceComparison(0), "pending"),
        (FaceComparison(0, error="truncated"), "pending"),
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
    assert identity.attempts < MAX_ATTEMPTS or identity.status is not IdentityStatus.RETRY


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


@pytest.mark.parametrize("status", sorted(set(IdentityStatus) - {IdentityStatus.PENDING}))
def test_decision_is_rejected_unless_pending(status: IdentityStatus) -> None:
    with pytest.raises(WrongState):
        apply_decision(replace(NEW, status=status), "proctor:p", None, accept=True)


@pytest.mark.parametrize(
    ("turned_yaw", "similarity", "movement"),
    [
        (-12.0, 0.6, LivenessMovement.MOVED),
        (12.0, 0.6, LivenessMovement.MOVED),
        (10.5, 0.6, LivenessMovement.STILL),
        (-8.5, 0.6, LivenessMovement.STILL),
        (11.0, 0.6, LivenessMovement.MOVED),
        (0.0, 0.9, LivenessMovement.STILL),
        (-30.0, 0.1, LivenessMovement.UNCLEAR),
    ],
)
def test_movement_is_detected_by_yaw_and_similarity_to_either_side(
    turned_yaw: float, similarity: float, movement: LivenessMovement
) -> None:
    assert movement_of(1.0, turned_yaw, similarity) is movement


def test_attempts_are_bounded_per_minute_uploaded_or_not() -> None:
    identity = NEW
    for number in range(MAX_STARTS):
        identity = start_attempt(identity, attempt(f"c{number}"), None, NOW + number)
    with pytest.raises(TooMany):
        start_attempt(identity, attempt("more"), None, NOW + 30 * SECOND)
    later = start_attempt(identity, attempt("later"), None, NOW + START_WINDOW)
    assert len(later.started) == MAX_STARTS


@pytest.mark.parametrize("earlier", range(MAX_ATTEMPTS))
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"movement": LivenessMovement.STILL}, RejectionReason.NOT_TURNED),
        ({"movement": LivenessMovement.UNCLEAR, "turned": False}, RejectionReason.NOT_TURNED),
        ({"similarity": IMPLAUSIBLE_SIMILARITY}, RejectionReason.TOO_SIMILAR),
        ({"similarity": 1.0000001}, RejectionReason.TOO_SIMILAR),
        ({"repeated": True}, RejectionReason.SAME_PICTURE),
        ({"repeated": True, "faces": 0, "embedding": None}, RejectionReason.SAME_PICTURE),
    ],
)
def test_suspicious_pictures_are_left_to_a_person_at_once(
    earlier: int, change: dict[str, Any], reason: RejectionReason
) -> None:
    checking = replace(CHECKING, attempts=earlier)
    compared = apply_comparison(checking, "c1", replace(MATCH, **change), THRESHOLD)
    assert (compared.status, compared.reason) == ("pending", reason)
    assert apply_decision(compared, "proctor:p", None, accept=True).status == "verified"


def test_turn_that_the_models_cannot_judge_may_be_repeated() -> None:
    unclear = replace(MATCH, movement=LivenessMovement.UNCLEAR)
    compared = apply_comparison(CHECKING, "c1", unclear, THRESHOLD)
    assert (compared.status, compared.reason) == ("retry", RejectionReason.NOT_TURNED)


@given(
    similarity=st.floats(-1, 1.01),
    movement=st.sampled_from(LivenessMovement),
    repeated=st.booleans(),
    turned=st.booleans(),
)
def test_machine_accepts_only_a_new_picture_of_a_head_that_turned(
    similarity: float,
    movement: LivenessMovement,
    repeated: bool,  # noqa: FBT001
    turned: bool,  # noqa: FBT001
) -> None:
    comparison = FaceComparison(
        1, similarity, EMBEDDING, movement=movement, repeated=repeated, turned=turned
    )
    compared = apply_comparison(CHECKING, "c1", comparison, THRESHOLD)
    assert (compared.status is IdentityStatus.VERIFIED) == (
        THRESHOLD <= similarity < IMPLAUSIBLE_SIMILARITY
        and movement is LivenessMovement.MOVED
        and not repeated
    )
