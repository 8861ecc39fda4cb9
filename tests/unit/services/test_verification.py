"""Identity verification: from an attempt to the session's reference."""

import pytest

from chalicelib.domain.audit import first_break
from chalicelib.domain.errors import BadInput, WrongState
from chalicelib.domain.identity.verification import (
    Consent,
    FaceComparison,
    HeadTurn,
    IdentityStatus,
    LivenessMovement,
)
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.profiles import Severity
from chalicelib.domain.sessions.states import FINAL_STATES, State
from chalicelib.domain.types import SECOND
from chalicelib.services.identity.verification import (
    check_judged_picture,
    decide_identity,
    record_comparison,
    record_consent,
    start_verification,
)
from chalicelib.services.monitoring.observations import record_observation
from tests.support import builders as build
from tests.support.builders import EMBEDDING, NOW
from tests.support.fake_context import FakeContext, act_by, add_session, update_identity

MATCH = FaceComparison(1, 0.8, EMBEDDING, movement=LivenessMovement.MOVED)
MISMATCH = FaceComparison(1, 0.1, EMBEDDING)
WITHOUT_PHOTO = FaceComparison(1, None, EMBEDDING)


@pytest.fixture
def session_id(context: FakeContext) -> str:
    session_id = add_session(context, state=State.PLEDGED).session_id
    record_consent(context, session_id, agreed=True)
    return session_id


def capture(context: FakeContext, session_id: str) -> str:
    """Start an attempt; return its capture id."""
    return start_verification(context, session_id).attempt.capture_id


def newcomer(context: FakeContext) -> str:
    """A candidate without a registration photo whose first attempt was compared."""
    session = add_session(context, "0e0", state=State.PLEDGED, candidate_id="candidate-new")
    record_consent(context, session.session_id, agreed=True)
    capture_id = capture(context, session.session_id)
    record_comparison(context, session.session_id, capture_id, WITHOUT_PHOTO)
    return session.session_id


def test_attempt_returns_its_upload_forms(context: FakeContext, session_id: str) -> None:
    upload = start_verification(context, session_id)
    capture_id = upload.attempt.capture_id
    identity = context.sessions.bundle(session_id).identity
    assert (identity.status, identity.capture_id) == ("checking", capture_id)
    assert identity.photo_key == build.candidate().photo_key
    assert (
        upload.straight.fields["key"] == identity.key == f"identity/{session_id}/{capture_id}.jpg"
    )
    assert (
        upload.turned.fields["key"] == identity.turn_key == f"turned/{session_id}/{capture_id}.jpg"
    )
    assert identity.turn is HeadTurn.RIGHT


def test_head_is_to_be_turned_either_way(context: FakeContext, session_id: str) -> None:
    turns = []
    for dice in (lambda _below: 0, lambda below: below - 1):
        object.__setattr__(context, "randbelow", dice)
        turns.append(start_verification(context, session_id).attempt.turn)
    assert turns == [HeadTurn.LEFT, HeadTurn.RIGHT]


def test_match_verifies_and_stores_the_reference(context: FakeContext, session_id: str) -> None:
    capture_id = capture(context, session_id)
    record_comparison(context, session_id, capture_id, MATCH)
    bundle = context.sessions.bundle(session_id)
    assert bundle.session.state is State.IDENTITY_VERIFIED
    assert (bundle.identity.status, bundle.identity.similarity) == ("verified", 0.8)
    assert bundle.monitor.reference == EMBEDDING
    entry = context.sessions.audit(session_id)[-1]
    assert (entry.action, entry.actor) == ("verify_identity", "system")
    assert entry.detail == {
        "similarity": 0.8, "capture": capture_id, "movement": "moved", "consent": "given",
    }  # fmt: skip


def test_redelivered_comparison_changes_nothing(context: FakeContext, session_id: str) -> None:
    capture_id = capture(context, session_id)
    record_comparison(context, session_id, capture_id, MATCH)
    before = context.sessions.stored_records(session_id)
    record_comparison(context, session_id, capture_id, MATCH)
    record_comparison(context, session_id, capture_id, MISMATCH)
    assert context.sessions.stored_records(session_id) == before


def test_comparison_of_an_older_attempt_is_ignored(context: FakeContext, session_id: str) -> None:
    older = capture(context, session_id)
    newer = capture(context, session_id)
    record_comparison(context, session_id, older, MATCH)
    assert context.sessions.bundle(session_id).identity.status == "checking"
    record_comparison(context, session_id, newer, MATCH)
    assert context.sessions.session(session_id).state is State.IDENTITY_VERIFIED


def test_three_failed_attempts_require_a_proctor(context: FakeContext, session_id: str) -> None:
    statuses = []
    for _ in range(3):
        capture_id = capture(context, session_id)
        record_comparison(context, session_id, capture_id, MISMATCH)
        statuses.append(context.sessions.bundle(session_id).identity.status)
    assert statuses == ["retry", "retry", "pending"]
    assert context.sessions.session(session_id).state is State.PLEDGED
    with pytest.raises(WrongState):
        start_verification(context, session_id)
    assert first_break(context.sessions.audit(session_id)) is None


def test_proctor_accepts_a_candidate_without_registration_photo(context: FakeContext) -> None:
    session_id = newcomer(context)
    assert context.sessions.bundle(session_id).identity.status == "pending"
    after = decide_identity(
        context, act_by(context.registry.staff("proctor"), session_id), None, accept=True
    )
    assert after.state is State.IDENTITY_VERIFIED
    bundle = context.sessions.bundle(session_id)
    assert (bundle.identity.status, bundle.identity.decided_by) == ("verified", "proctor:proctor")
    assert bundle.monitor.reference == EMBEDDING
    assert context.sessions.audit(session_id)[-1].actor == "proctor:proctor"


def test_rejected_candidate_sees_the_reason_and_may_retry(context: FakeContext) -> None:
    session_id = newcomer(context)
    with pytest.raises(BadInput):
        decide_identity(
            context, act_by(context.registry.staff("proctor"), session_id), None, accept=False
        )
    after = decide_identity(
        context, act_by(context.registry.staff("proctor"), session_id), "看不清", accept=False
    )
    assert after.state is State.PLEDGED
    bundle = context.sessions.bundle(session_id)
    assert (bundle.identity.status, bundle.monitor.reference) == ("rejected", None)
    assert bundle.identity.note == "看不清"
    entry = context.sessions.audit(session_id)[-1]
    assert (entry.action, entry.detail) == ("identity_rejected", {"reason": "看不清"})
    assert capture(context, session_id).startswith(f"{NOW:013d}")


def test_concurrent_decisions_apply_once(context: FakeContext) -> None:
    session_id = newcomer(context)
    decide_identity(
        context, act_by(context.registry.staff("proctor"), session_id), None, accept=True
    )
    before = context.sessions.stored_records(session_id)
    with pytest.raises(WrongState):
        decide_identity(
            context, act_by(context.registry.staff("admin"), session_id), "no", accept=False
        )
    assert context.sessions.stored_records(session_id) == before


def test_unreadable_picture_can_be_retaken(context: FakeContext, session_id: str) -> None:
    capture_id = capture(context, session_id)
    record_comparison(context, session_id, capture_id, FaceComparison(0, error="truncated"))
    identity = context.sessions.bundle(session_id).identity
    assert (identity.status, identity.reason) == (IdentityStatus.RETRY, "unreadable")


@pytest.mark.parametrize("state", sorted(set(State) - {State.PLEDGED}))
def test_verification_outside_pledged_is_rejected(context: FakeContext, state: State) -> None:
    session = add_session(context, state=state)
    with pytest.raises(WrongState):
        start_verification(context, session.session_id)


class TestConsent:
    @pytest.fixture
    def pledged(self, context: FakeContext) -> str:
        return add_session(context, state=State.PLEDGED).session_id

    def test_verification_without_consent_is_rejected(
        self, context: FakeContext, pledged: str
    ) -> None:
        with pytest.raises(WrongState) as refusal:
            start_verification(context, pledged)
        assert refusal.value.code == "no_consent"

    def test_consent_is_audited_once(self, context: FakeContext, pledged: str) -> None:
        for agreed in (True, True, False, False):
            record_consent(context, pledged, agreed=agreed)
        entries = [
            entry for entry in context.sessions.audit(pledged) if entry.action == "face_consent"
        ]
        assert [entry.detail["consent"] for entry in entries] == ["given", "withdrawn"]
        assert {entry.actor for entry in entries} == {"candidate"}
        assert first_break(context.sessions.audit(pledged)) is None

    def test_proctor_accepts_a_candidate_without_consent_or_embedding(
        self, context: FakeContext, pledged: str
    ) -> None:
        record_consent(context, pledged, agreed=False)
        bundle = context.sessions.bundle(pledged)
        assert (bundle.identity.status, bundle.identity.reason) == ("pending", "no_consent")
        assert bundle.session.state is State.PLEDGED
        decide_identity(
            context, act_by(context.registry.staff("proctor"), pledged), None, accept=True
        )
        bundle = context.sessions.bundle(pledged)
        assert bundle.session.state is State.IDENTITY_VERIFIED
        assert (bundle.identity.embedding, bundle.monitor.reference) == (None, None)
        assert context.sessions.audit(pledged)[-1].detail["consent"] == "refused"

    def test_rejected_candidate_without_consent_may_retry_or_consent(
        self, context: FakeContext, pledged: str
    ) -> None:
        record_consent(context, pledged, agreed=False)
        decide_identity(
            context, act_by(context.registry.staff("proctor"), pledged), "证件不清", accept=False
        )
        identity = context.sessions.bundle(pledged).identity
        assert (identity.status, identity.note) == ("rejected", "证件不清")
        record_consent(context, pledged, agreed=False)
        assert context.sessions.bundle(pledged).identity.status == "pending"
        record_consent(context, pledged, agreed=True)
        assert context.sessions.bundle(pledged).identity.status == "none"
        capture(context, pledged)

    def test_consent_withdrawn_during_comparison_keeps_nothing(
        self, context: FakeContext, session_id: str
    ) -> None:
        upload = start_verification(context, session_id)
        keys = (upload.attempt.key, upload.attempt.turn_key)
        context.media.objects.update(dict.fromkeys(keys, b"picture"))
        record_consent(context, session_id, agreed=False)
        record_comparison(context, session_id, upload.attempt.capture_id, MATCH)
        identity = context.sessions.bundle(session_id).identity
        assert (identity.status, identity.consent) == ("pending", Consent.WITHDRAWN)
        assert (identity.embedding, identity.key, identity.turn_key) == (None, None, None)
        assert context.media.objects == {}

    def test_consent_withdrawn_during_the_exam_deletes_the_reference(
        self, context: FakeContext, session_id: str
    ) -> None:
        record_comparison(context, session_id, capture(context, session_id), MATCH)
        record_consent(context, session_id, agreed=False)
        bundle = context.sessions.bundle(session_id)
        assert (bundle.session.state, bundle.identity.status) == ("identity_verified", "pending")
        assert bundle.identity.reason == "consent_withdrawn"
        assert (bundle.identity.embedding, bundle.monitor.reference) == (None, None)
        with pytest.raises(WrongState):
            record_consent(context, session_id, agreed=True)

    def test_consent_withdrawn_in_the_middle_rings_and_settles_nothing(
        self, context: FakeContext
    ) -> None:
        session_id = self._answering_with_mismatch(context)
        record_consent(context, session_id, agreed=False)
        record_consent(context, session_id, agreed=False)
        flags = {flag.kind.value: flag for flag in context.sessions.flags(session_id)}
        assert flags["consent_withdrawn"].severity is Severity.CRITICAL
        for second in range(5, 60, 5):
            record_observation(context, build.observation(session_id, NOW + second * SECOND))
        assert {flag.kind for flag in context.sessions.bundle(session_id).monitor.open_flags} == {
            "identity_mismatch",
            "consent_withdrawn",
        }
        assert first_break(context.sessions.audit(session_id)) is None

    def test_proctor_who_recognises_the_person_settles_it(self, context: FakeContext) -> None:
        session_id = self._answering_with_mismatch(context)
        record_consent(context, session_id, agreed=False)
        decide_identity(
            context, act_by(context.registry.staff("proctor"), session_id), "不是本人", accept=False
        )
        assert len(context.sessions.bundle(session_id).monitor.open_flags) == 2
        record_consent(context, session_id, agreed=False)
        by = act_by(context.registry.staff("proctor"), session_id)
        after = decide_identity(context, by, None, accept=True)
        assert after.state is State.ANSWERING
        assert context.sessions.staff_act(session_id, by.act_id) is not None
        bundle = context.sessions.bundle(session_id)
        assert (bundle.identity.status, bundle.monitor.open_flags) == ("verified", ())
        assert "identity_accepted" in [entry.action for entry in context.sessions.audit(session_id)]

    @pytest.mark.parametrize(
        ("capture_id", "sha256", "is_told"),
        [("judged", "now another", True), ("judged", "as judged", False), ("older", "x", False)],
    )
    def test_picture_replaced_after_it_was_judged_is_told(
        self,
        context: FakeContext,
        capture_id: str,
        sha256: str,
        is_told: bool,  # noqa: FBT001
    ) -> None:
        session_id = add_session(context).session_id
        update_identity(
            context, session_id, capture_id="judged", sha256="as judged", captured_at=NOW - SECOND
        )
        check_judged_picture(context, context.sessions.bundle(session_id), capture_id, sha256)
        flags = context.sessions.flags(session_id)
        assert [(flag.kind, flag.began_at, flag.captures) for flag in flags] == (
            [("capture_replaced", NOW - SECOND, ("judged",))] if is_told else []
        )

    @staticmethod
    def _answering_with_mismatch(context: FakeContext) -> str:
        session_id = add_session(context).session_id
        update_identity(context, session_id, consent=Consent.GIVEN, status=IdentityStatus.VERIFIED)
        for second in range(-20, 0, 5):
            stranger = build.observation(
                session_id, NOW + second * SECOND, FindingKind.IDENTITY_MISMATCH
            )
            record_observation(context, stranger)
        assert len(context.sessions.flags(session_id)) == 1
        return session_id

    @pytest.mark.parametrize("agreed", [True, False])
    @pytest.mark.parametrize(
        "state", [State.SIGNED_IN, State.INFO_CONFIRMED, *sorted(FINAL_STATES)]
    )
    def test_consent_outside_pledge_and_end_is_rejected(
        self, context: FakeContext, state: State, *, agreed: bool
    ) -> None:
        session = add_session(context, state=state)
        with pytest.raises(WrongState):
            record_consent(context, session.session_id, agreed=agreed)
