"""Photo verification: the machine may only say yes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import WrongState
from chalicelib.domain.identity.verification import (
    TRIES,
    Capture,
    Compared,
    Consent,
    Identity,
    IdentityStatus,
    Movement,
    Reason,
    Turn,
    begin,
    decide,
    judge,
    movement_of,
)
from tests.support.builders import EMBEDDING, NOW

ENOUGH = 0.37
NEW = Identity("5e55", "room-1", 1, consent=Consent.GIVEN)


def try_of(name: str) -> Capture:
    return Capture(name, f"identity/5e55/{name}.jpg", Turn.LEFT, f"turned/5e55/{name}.jpg")


CHECKING = begin(NEW, try_of("c1"), "registration/x.jpg", NOW)
ALIKE = Compared(1, 0.8, EMBEDDING)
OTHER = Compared(1, 0.1, EMBEDDING)


def test_a_try_begins_clean() -> None:
    judged = judge(CHECKING, "c1", OTHER, ENOUGH)
    again = begin(judged, try_of("c2"), None, NOW + 1)
    assert (again.status, again.capture_id, again.captured_at) == ("checking", "c2", NOW + 1)
    assert (again.similarity, again.embedding, again.reason) == (None, None, None)
    assert (again.tries, again.version) == (1, judged.version + 1)


@pytest.mark.parametrize(
    ("seen", "status", "reason"),
    [
        (ALIKE, "verified", None),
        (Compared(1, ENOUGH, EMBEDDING), "verified", None),
        (OTHER, "retry", Reason.NOT_ALIKE),
        (Compared(0), "retry", Reason.NO_FACE),
        (Compared(1, None, None), "retry", Reason.NO_FACE),
        (Compared(2, 0.9, EMBEDDING), "retry", Reason.SEVERAL_FACES),
        (Compared(1, None, EMBEDDING), "pending", Reason.NO_PHOTO),
        (Compared(0, error="truncated"), "retry", Reason.UNREADABLE),
    ],
)
def test_a_first_try(seen: Compared, status: str, reason: Reason | None) -> None:
    judged = judge(CHECKING, "c1", seen, ENOUGH)
    assert (judged.status, judged.reason, judged.tries) == (status, reason, 1)
    assert judged.decided_by == ("system" if status == "verified" else None)


@pytest.mark.parametrize(
    ("seen", "status"),
    [
        (ALIKE, "verified"),
        (OTHER, "pending"),
        (Compared(2, 0.9, EMBEDDING), "pending"),
        # A person can decide nothing on a picture without a face, however many tries there were.
        (Compared(0), "retry"),
        (Compared(0, error="truncated"), "retry"),
    ],
)
def test_the_last_try_is_left_to_a_person(seen: Compared, status: str) -> None:
    assert judge(replace(CHECKING, tries=TRIES - 1), "c1", seen, ENOUGH).status == status


comparisons = st.builds(
    Compared,
    st.integers(0, 3),
    st.none() | st.floats(-1, 1),
    st.none() | st.just(EMBEDDING),
    st.none() | st.just("unreadable"),
)


@given(st.lists(comparisons, max_size=6))
def test_the_machine_never_says_no(seen: list[Compared]) -> None:
    identity = NEW
    for number, one in enumerate(seen):
        if identity.status in {IdentityStatus.VERIFIED, IdentityStatus.PENDING}:
            break
        identity = judge(
            begin(identity, try_of(f"c{number}"), None, NOW), f"c{number}", one, ENOUGH
        )
        assert identity.status is not IdentityStatus.REJECTED
        assert identity.status is not IdentityStatus.VERIFIED or (one.similarity or 0) >= ENOUGH
        assert identity.status is not IdentityStatus.PENDING or identity.embedding


def test_what_is_not_being_checked_changes_nothing() -> None:
    judged = judge(CHECKING, "c1", ALIKE, ENOUGH)
    for identity, capture_id in ((NEW, "c1"), (CHECKING, "c0"), (judged, "c1")):
        assert judge(identity, capture_id, OTHER, ENOUGH) is identity


def test_no_new_try_once_it_is_decided_or_being_decided() -> None:
    for status in (IdentityStatus.VERIFIED, IdentityStatus.PENDING):
        with pytest.raises(WrongState):
            begin(replace(NEW, status=status), try_of("c"), None, NOW)
    for status in (IdentityStatus.RETRY, IdentityStatus.REJECTED, IdentityStatus.CHECKING):
        begin(replace(NEW, status=status), try_of("c"), None, NOW)


@pytest.mark.parametrize(("accept", "status"), [(True, "verified"), (False, "rejected")])
def test_a_proctor_decides(accept: bool, status: str) -> None:  # noqa: FBT001
    decided = decide(replace(NEW, status=IdentityStatus.PENDING), "proctor:p", "no", accept=accept)
    assert (decided.status, decided.decided_by, decided.version) == (status, "proctor:p", 2)


@pytest.mark.parametrize("status", set(IdentityStatus) - {IdentityStatus.PENDING})
def test_but_only_what_waits_for_a_decision(status: IdentityStatus) -> None:
    with pytest.raises(WrongState):
        decide(replace(NEW, status=status), "proctor:p", None, accept=True)


@pytest.mark.parametrize(
    ("turned", "alike", "turn", "movement"),
    [
        (-12.0, 0.6, Turn.LEFT, Movement.MOVED),
        (12.0, 0.6, Turn.RIGHT, Movement.MOVED),
        (12.0, 0.6, Turn.LEFT, Movement.STILL),
        (-12.0, 0.6, Turn.RIGHT, Movement.STILL),
        (0.0, 0.9, Turn.LEFT, Movement.STILL),
        (-30.0, 0.1, Turn.LEFT, Movement.UNCLEAR),
    ],
)
def test_a_head_that_turns_as_asked(
    turned: float, alike: float, turn: Turn, movement: Movement
) -> None:
    assert movement_of(1.0, turned, alike, turn) is movement
