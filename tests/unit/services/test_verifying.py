"""Photo verification: from a capture to the session's reference."""

import pytest

from chalicelib.exam.audit import first_break
from chalicelib.exam.errors import BadInput, WrongState
from chalicelib.exam.identity import Compared, IdentityStatus
from chalicelib.exam.states import State
from chalicelib.services.verifying import begin_capture, decide_identity, record_compared
from tests.support import builders as build
from tests.support.builders import EMBEDDING, NOW
from tests.support.worlds import FakeWorld, seat

ALIKE = Compared(1, 0.8, EMBEDDING)
OTHER = Compared(1, 0.1, EMBEDDING)
WITHOUT_PHOTO = Compared(1, None, EMBEDDING)


@pytest.fixture
def session_id(world: FakeWorld) -> str:
    return seat(world, state=State.PLEDGED).session_id


def newcomer(world: FakeWorld) -> str:
    """A candidate without a registration photo whose first picture was looked at."""
    session = seat(world, "0e0", state=State.PLEDGED, candidate_id="candidate-new")
    capture_id, _ = begin_capture(world, session.session_id)
    record_compared(world, session.session_id, capture_id, WITHOUT_PHOTO)
    return session.session_id


def test_a_capture_says_where_its_picture_goes(world: FakeWorld, session_id: str) -> None:
    capture_id, form = begin_capture(world, session_id)
    identity = world.sessions.whole(session_id).identity
    assert (identity.status, identity.capture_id) == ("checking", capture_id)
    assert identity.photo_key == build.candidate().photo_key
    assert form.fields["key"] == identity.key == f"identity/{session_id}/{capture_id}.jpg"


def test_one_who_is_alike_goes_on_and_leaves_a_reference(world: FakeWorld, session_id: str) -> None:
    capture_id, _ = begin_capture(world, session_id)
    record_compared(world, session_id, capture_id, ALIKE)
    whole = world.sessions.whole(session_id)
    assert whole.session.state is State.IDENTITY_VERIFIED
    assert (whole.identity.status, whole.identity.similarity) == ("verified", 0.8)
    assert whole.watch.reference == EMBEDDING
    entry = world.sessions.audit(session_id)[-1]
    assert (entry.action, entry.actor) == ("verify_identity", "system")
    assert entry.detail == {"similarity": 0.8, "capture": capture_id}


def test_a_redelivered_comparison_changes_nothing(world: FakeWorld, session_id: str) -> None:
    capture_id, _ = begin_capture(world, session_id)
    record_compared(world, session_id, capture_id, ALIKE)
    before = world.sessions.of(session_id)
    record_compared(world, session_id, capture_id, ALIKE)
    record_compared(world, session_id, capture_id, OTHER)
    assert world.sessions.of(session_id) == before


def test_an_older_capture_is_not_judged(world: FakeWorld, session_id: str) -> None:
    older, _ = begin_capture(world, session_id)
    newer, _ = begin_capture(world, session_id)
    record_compared(world, session_id, older, ALIKE)
    assert world.sessions.whole(session_id).identity.status == "checking"
    record_compared(world, session_id, newer, ALIKE)
    assert world.sessions.session(session_id).state is State.IDENTITY_VERIFIED


def test_after_three_tries_a_proctor_decides(world: FakeWorld, session_id: str) -> None:
    statuses = []
    for _ in range(3):
        capture_id, _ = begin_capture(world, session_id)
        record_compared(world, session_id, capture_id, OTHER)
        statuses.append(world.sessions.whole(session_id).identity.status)
    assert statuses == ["retry", "retry", "pending"]
    assert world.sessions.session(session_id).state is State.PLEDGED
    with pytest.raises(WrongState):
        begin_capture(world, session_id)
    assert first_break(world.sessions.audit(session_id)) is None


def test_a_newcomer_without_photo_is_let_in_by_a_proctor(world: FakeWorld) -> None:
    session_id = newcomer(world)
    assert world.sessions.whole(session_id).identity.status == "pending"
    after = decide_identity(world, session_id, "proctor:proctor", None, accept=True)
    assert after.state is State.IDENTITY_VERIFIED
    whole = world.sessions.whole(session_id)
    assert (whole.identity.status, whole.identity.decided_by) == ("verified", "proctor:proctor")
    assert whole.watch.reference == EMBEDDING
    assert world.sessions.audit(session_id)[-1].actor == "proctor:proctor"


def test_or_refused_with_a_reason_and_may_try_again(world: FakeWorld) -> None:
    session_id = newcomer(world)
    with pytest.raises(BadInput):
        decide_identity(world, session_id, "proctor:proctor", None, accept=False)
    after = decide_identity(world, session_id, "proctor:proctor", "看不清", accept=False)
    assert after.state is State.PLEDGED
    whole = world.sessions.whole(session_id)
    assert (whole.identity.status, whole.watch.reference) == ("rejected", None)
    entry = world.sessions.audit(session_id)[-1]
    assert (entry.action, entry.detail) == ("identity_rejected", {"reason": "看不清"})
    assert begin_capture(world, session_id)[0].startswith(f"{NOW:013d}")


def test_two_proctors_decide_once(world: FakeWorld) -> None:
    session_id = newcomer(world)
    decide_identity(world, session_id, "proctor:proctor", None, accept=True)
    before = world.sessions.of(session_id)
    with pytest.raises(WrongState):
        decide_identity(world, session_id, "admin:admin", "no", accept=False)
    assert world.sessions.of(session_id) == before


def test_a_picture_that_cannot_be_read_is_tried_again(world: FakeWorld, session_id: str) -> None:
    capture_id, _ = begin_capture(world, session_id)
    record_compared(world, session_id, capture_id, Compared(0, error="truncated"))
    identity = world.sessions.whole(session_id).identity
    assert (identity.status, identity.reason) == (IdentityStatus.RETRY, "unreadable")


@pytest.mark.parametrize("state", set(State) - {State.PLEDGED})
def test_only_after_the_pledge(world: FakeWorld, state: State) -> None:
    session = seat(world, state=state)
    with pytest.raises(WrongState):
        begin_capture(world, session.session_id)
