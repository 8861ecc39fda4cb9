"""Photo verification: the machine may only say yes."""

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

ENOUGH = 0.37
NEW = IdentityCheck("5e55", "room-1", 1, consent=Consent.GIVEN)


def try_of(name: str) -> VerificationAttempt:
    return VerificationAttempt(
        name, f"identity/5e55/{name}.jpg", HeadTurn.LEFT, f"turned/5e55/{name}.jpg"
    )


CHECKING = start_attempt(NEW, try_of("c1"), "registration/x.jpg", NOW)
ALIKE = FaceComparison(1, 0.8, EMBEDDING)
OTHER = FaceComparison(1, 0.1, EMBEDDING)


def test_a_try_begins_clean() -> None:
    judged = apply_comparison(CHECKING, "c1", OTHER, ENOUGH)
    again = start_attempt(judged, try_of("c2"), None, NOW + 1)
    assert (again.status, again.capture_id, again.captured_at) == ("checking", "c2", NOW + 1)
    assert (again.similarity, again.embedding, again.reason) == (None, None, None)
    assert (again.attempts, again.version) == (1, judged.version + 1)


@pytest.mark.parametrize(
    ("comparison", "status", "reason"),
    [
        (ALIKE, "verified", None),
        (FaceComparison(1, ENOUGH, EMBEDDING), "verified", None),
        (OTHER, "retry", RejectionReason.NOT_ALIKE),
        (FaceComparison(0), "retry", RejectionReason.NO_FACE),
        (FaceComparison(1, None, None), "retry", RejectionReason.NO_FACE),
        (FaceComparison(2, 0.9, EMBEDDING), "retry", RejectionReason.SEVERAL_FACES),
        (FaceComparison(1, None, EMBEDDING), "pending", RejectionReason.NO_PHOTO),
        (FaceComparison(0, error="truncated"), "retry", RejectionReason.UNREADABLE),
    ],
)
def test_a_first_try(
    comparison: FaceComparison, status: str, reason: RejectionReason | None
) -> None:
    judged = apply_comparison(CHECKING, "c1", comparison, ENOUGH)
    assert (judged.status, judged.reason, judged.attempts) == (status, reason, 1)
    assert judged.decided_by == ("system" if status == "verified" else None)


@pytest.mark.parametrize(
    ("comparison", "status"),
    [
        (ALIKE, "verified"),
        (OTHER, "pending"),
        (FaceComparison(2, 0.9, EMBEDDING), "pending"),
        # A person can decide nothing on a picture without a face, however many tries there were.
        (FaceComparison(0), "retry"),
        (FaceComparison(0, error="truncated"), "retry"),
    ],
)
def test_the_last_try_is_left_to_a_person(comparison: FaceComparison, status: str) -> None:
    assert (
        apply_comparison(
            replace(CHECKING, attempts=MAX_ATTEMPTS - 1), "c1", comparison, ENOUGH
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
def test_the_machine_never_says_no(seen: list[FaceComparison]) -> None:
    identity = NEW
    for number, comparison in enumerate(seen):
        if identity.status in {IdentityStatus.VERIFIED, IdentityStatus.PENDING}:
            break
        identity = apply_comparison(
            start_attempt(identity, try_of(f"c{number}"), None, NOW),
            f"c{number}",
            comparison,
            ENOUGH,
        )
        assert identity.status is not IdentityStatus.REJECTED
        assert (
            identity.status is not IdentityStatus.VERIFIED or (comparison.similarity or 0) >= ENOUGH
        )
        assert identity.status is not IdentityStatus.PENDING or identity.embedding


def test_what_is_not_being_checked_changes_nothing() -> None:
    judged = apply_comparison(CHECKING, "c1", ALIKE, ENOUGH)
    for identity, capture_id in ((NEW, "c1"), (CHECKING, "c0"), (judged, "c1")):
        assert apply_comparison(identity, capture_id, OTHER, ENOUGH) is identity


def test_no_new_try_once_it_is_decided_or_being_decided() -> None:
    for status in (IdentityStatus.VERIFIED, IdentityStatus.PENDING):
        with pytest.raises(WrongState):
            start_attempt(replace(NEW, status=status), try_of("c"), None, NOW)
    for status in (IdentityStatus.RETRY, IdentityStatus.REJECTED, IdentityStatus.CHECKING):
        start_attempt(replace(NEW, status=status), try_of("c"), None, NOW)


@pytest.mark.parametrize(("accept", "status"), [(True, "verified"), (False, "rejected")])
def test_a_proctor_decides(accept: bool, status: str) -> None:  # noqa: FBT001
    decided = apply_decision(
        replace(NEW, status=IdentityStatus.PENDING), "proctor:p", "no", accept=accept
    )
    assert (decided.status, decided.decided_by, decided.version) == (status, "proctor:p", 2)


@pytest.mark.parametrize("status", set(IdentityStatus) - {IdentityStatus.PENDING})
def test_but_only_what_waits_for_a_decision(status: IdentityStatus) -> None:
    with pytest.raises(WrongState):
        apply_decision(replace(NEW, status=status), "proctor:p", None, accept=True)


@pytest.mark.parametrize(
    ("turned", "alike", "turn", "movement"),
    [
        (-12.0, 0.6, HeadTurn.LEFT, LivenessMovement.MOVED),
        (12.0, 0.6, HeadTurn.RIGHT, LivenessMovement.MOVED),
        (12.0, 0.6, HeadTurn.LEFT, LivenessMovement.STILL),
        (-12.0, 0.6, HeadTurn.RIGHT, LivenessMovement.STILL),
        (0.0, 0.9, HeadTurn.LEFT, LivenessMovement.STILL),
        (-30.0, 0.1, HeadTurn.LEFT, LivenessMovement.UNCLEAR),
    ],
)
def test_a_head_that_turns_as_asked(
    turned: float, alike: float, turn: HeadTurn, movement: LivenessMovement
) -> None:
    assert movement_of(1.0, turned, alike, turn) is movement
