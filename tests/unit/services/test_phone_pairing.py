"""Second-view phone: pairing with a code and both numbers, heartbeats, disconnection."""

from dataclasses import replace

import pytest

from chalicelib.domain.capture.cameras import (
    DISCONNECT_GRACE,
    HEARTBEAT_TIMEOUT,
    UNCHANGED_STATUS_INTERVAL,
    Orientation,
    PhoneStatus,
    SecondViewPhone,
)
from chalicelib.domain.errors import NotFound
from chalicelib.domain.sessions.sessions import OtherPhone, require_current_phone
from chalicelib.domain.sessions.states import FINAL_STATES, State
from chalicelib.domain.types import MINUTE, SECOND, Role
from chalicelib.services.core.session_access import read_session_view
from chalicelib.services.core.tokens import API_AUDIENCE, SOCKET_AUDIENCE
from chalicelib.services.ports import Claims
from chalicelib.services.realtime import connect, disconnect
from chalicelib.services.sign_in.phone_pairing import (
    CODE_TTL,
    MAX_CODE_ATTEMPTS,
    CandidateNumbers,
    ExpiredJoinCode,
    IdentityMismatch,
    InvalidJoinCode,
    SpentJoinCode,
    issue_join_code,
    pair_phone,
    record_heartbeat,
)
from tests.support import builders as build
from tests.support.builders import NOW, ORIGIN
from tests.support.fake_context import FakeContext, add_session

NUMBERS = CandidateNumbers("ADM-one", "ID-one-0001")
OTHER_NUMBERS = CandidateNumbers("ADM-two", "ID-two-0001")


@pytest.fixture
def session_id(context: FakeContext) -> str:
    return add_session(context, state=State.IDENTITY_VERIFIED).session_id


def join(context: FakeContext, session_id: str) -> None:
    pair_phone(context, issue_join_code(context, session_id).code, NUMBERS, ORIGIN)


def phone(context: FakeContext, session_id: str) -> SecondViewPhone:
    stored = context.sessions.cameras(session_id).phone
    assert stored
    return stored


class TestPairing:
    @pytest.mark.parametrize(
        "numbers",
        [
            NUMBERS,
            CandidateNumbers("adm one", "id one 0001"),
            CandidateNumbers(NUMBERS.id_number, NUMBERS.admission_number),
        ],
    )
    def test_code_and_both_numbers_pair_the_phone(
        self, context: FakeContext, session_id: str, numbers: CandidateNumbers
    ) -> None:
        code = issue_join_code(context, session_id)
        paired = pair_phone(context, f" {code.code.lower()} ", numbers, ORIGIN)
        assert paired.session.second_view_joined_at == NOW
        claims = context.tokens.read(paired.token, API_AUDIENCE, NOW)
        assert (claims.role, claims.subject) == (Role.PHONE, session_id)
        actions = [entry.action for entry in context.sessions.audit(session_id)]
        assert actions == ["signed_in", "second_view_joined"]
        with pytest.raises(SpentJoinCode):
            pair_phone(context, code.code, numbers, ORIGIN)

    @pytest.mark.parametrize(
        "numbers",
        [
            CandidateNumbers("ADM-one", "ID-two-0001"),
            CandidateNumbers("ADM-two", "ID-one-0001"),
            CandidateNumbers("ADM-one", "ADM-one"),
        ],
    )
    def test_mistyped_number_does_not_consume_the_code(
        self, context: FakeContext, session_id: str, numbers: CandidateNumbers
    ) -> None:
        code = issue_join_code(context, session_id).code
        for left in range(MAX_CODE_ATTEMPTS - 1, 0, -1):
            with pytest.raises(IdentityMismatch) as refusal:
                pair_phone(context, code, numbers, ORIGIN)
            assert str(left) in refusal.value.text.zh
        assert context.sessions.session(session_id).second_view_joined_at is None
        pair_phone(context, code, NUMBERS, ORIGIN)

    def test_too_many_mistyped_numbers_consume_the_code(
        self, context: FakeContext, session_id: str
    ) -> None:
        code = issue_join_code(context, session_id).code
        for _ in range(MAX_CODE_ATTEMPTS - 1):
            with pytest.raises(IdentityMismatch):
                pair_phone(context, code, OTHER_NUMBERS, ORIGIN)
        for numbers in (OTHER_NUMBERS, NUMBERS):
            with pytest.raises(SpentJoinCode):
                pair_phone(context, code, numbers, ORIGIN)

    def test_concurrent_attempts_are_all_counted(
        self, context: FakeContext, session_id: str
    ) -> None:
        code = issue_join_code(context, session_id).code

        def other() -> None:
            with pytest.raises(IdentityMismatch):
                pair_phone(context, code, OTHER_NUMBERS, ORIGIN)

        context.sessions.before_commit.append(other)
        with pytest.raises(IdentityMismatch):
            pair_phone(context, code, OTHER_NUMBERS, ORIGIN)
        assert context.sessions.join_code(code).attempts == 2

    def test_candidate_with_equal_numbers_pairs_the_phone(self, context: FakeContext) -> None:
        context.registry.put_candidate(
            build.candidate("same", id_number="4401", admission_number="4401")
        )
        session = add_session(context, "0a", candidate_id="candidate-same")
        code = issue_join_code(context, session.session_id).code
        pair_phone(context, code, CandidateNumbers("4401", "4401"), ORIGIN)

    def test_unknown_code_is_told_as_such(self, context: FakeContext) -> None:
        with pytest.raises(InvalidJoinCode):
            pair_phone(context, "ABCD2345", NUMBERS, ORIGIN)

    def test_only_one_of_two_phones_at_once_is_paired(
        self, context: FakeContext, session_id: str
    ) -> None:
        code = issue_join_code(context, session_id).code
        context.sessions.before_commit += [
            lambda: None,  # the count of the attempt
            lambda: pair_phone(context, code, NUMBERS, ORIGIN),
        ]
        with pytest.raises(SpentJoinCode):
            pair_phone(context, code, NUMBERS, ORIGIN)

    def test_expired_code_is_rejected(self, context: FakeContext, session_id: str) -> None:
        code = issue_join_code(context, session_id).code
        context.clock.advance(CODE_TTL)
        with pytest.raises(ExpiredJoinCode):
            pair_phone(context, code, NUMBERS, ORIGIN)

    def test_second_phone_replaces_the_first(self, context: FakeContext) -> None:
        session_id = add_session(context).session_id
        generations = []
        for minute in range(2):
            paired = pair_phone(context, issue_join_code(context, session_id).code, NUMBERS, ORIGIN)
            session = context.sessions.session(session_id)
            assert session.second_view_joined_at == NOW + minute * MINUTE
            generations.append(context.tokens.read(paired.token, API_AUDIENCE, NOW).generation)
            require_current_phone(session, generations[-1])
            context.clock.advance(MINUTE)
        assert generations == [1, 2]
        with pytest.raises(OtherPhone):
            require_current_phone(session, generations[0])

    def test_phone_paired_before_generations_continues(self, context: FakeContext) -> None:
        session = add_session(context, second_view_joined_at=NOW)
        old = context.tokens.issue(
            Claims(Role.PHONE, session.session_id, NOW + MINUTE), API_AUDIENCE
        )
        generation = context.tokens.read(old, API_AUDIENCE, NOW).generation
        require_current_phone(session, generation)
        join(context, session.session_id)
        with pytest.raises(OtherPhone):
            require_current_phone(context.sessions.session(session.session_id), generation)

    @pytest.mark.parametrize("state", sorted(FINAL_STATES))
    def test_join_code_after_the_end_is_not_issued(
        self, context: FakeContext, state: State
    ) -> None:
        session = add_session(context, state=state)
        with pytest.raises(NotFound):
            issue_join_code(context, session.session_id)

    def test_changed_number_must_be_entered(self, context: FakeContext, session_id: str) -> None:
        code = issue_join_code(context, session_id).code
        context.registry.put_candidate(
            replace(build.candidate(), admission_number="NEW-1", version=2)
        )
        with pytest.raises(IdentityMismatch):
            pair_phone(context, code, NUMBERS, ORIGIN)
        pair_phone(context, code, CandidateNumbers("NEW1", "ID-one-0001"), ORIGIN)


class TestHeartbeat:
    def test_heartbeat_makes_two_store_calls(self, context: FakeContext, session_id: str) -> None:
        join(context, session_id)
        context.clock.advance(SECOND)
        context.sessions.calls.clear()
        low = PhoneStatus(0.15, charging=False, orientation=Orientation.LANDSCAPE, visible=False)
        record_heartbeat(context, session_id, low)
        assert len(context.sessions.calls) == 2
        stored = phone(context, session_id)
        assert (stored.last_seen_at, stored.status, stored.battery_low) == (NOW + SECOND, low, True)
        assert not replace(stored, status=replace(low, charging=True)).battery_low

    def test_unchanged_heartbeat_is_not_written_again(
        self, context: FakeContext, session_id: str
    ) -> None:
        join(context, session_id)
        record_heartbeat(context, session_id, PhoneStatus())
        before = context.sessions.stored_records(session_id)
        record_heartbeat(context, session_id, PhoneStatus())
        assert context.sessions.stored_records(session_id) == before
        context.clock.advance(UNCHANGED_STATUS_INTERVAL)
        record_heartbeat(context, session_id, PhoneStatus())
        assert phone(context, session_id).last_seen_at == NOW + UNCHANGED_STATUS_INTERVAL

    def test_heartbeat_of_an_unpaired_phone_is_not_found(
        self, context: FakeContext, session_id: str
    ) -> None:
        with pytest.raises(NotFound):
            record_heartbeat(context, session_id, PhoneStatus())

    def test_missing_heartbeat_and_closed_socket_count_as_lost(
        self, context: FakeContext, session_id: str
    ) -> None:
        join(context, session_id)
        assert phone(context, session_id).lost_at() == NOW + HEARTBEAT_TIMEOUT
        # A later picture counts as contact.
        assert phone(context, session_id).lost_at(NOW + MINUTE) == NOW + MINUTE + HEARTBEAT_TIMEOUT
        context.clock.advance(SECOND)
        for name in ("old", "new"):
            ticket = context.tokens.issue(
                Claims(Role.PHONE, session_id, NOW + MINUTE), SOCKET_AUDIENCE
            )
            connect(context, name, "http://socket.test", ticket)
        disconnect(context, "old")
        assert phone(context, session_id).disconnected_at is None
        disconnect(context, "new")
        assert phone(context, session_id).lost_at() == NOW + SECOND + DISCONNECT_GRACE
        disconnect(context, "new")
        record_heartbeat(context, session_id, PhoneStatus())
        assert phone(context, session_id).lost_at() == NOW + SECOND + HEARTBEAT_TIMEOUT

    def test_candidate_sees_the_phone_status(self, context: FakeContext, session_id: str) -> None:
        assert read_session_view(context, session_id).cameras.phone is None
        join(context, session_id)
        monitor = context.sessions.bundle(session_id).monitor
        seen = replace(monitor, version=2, latest={})
        context.sessions.commit(seen)
        view = read_session_view(context, session_id)
        assert (view.cameras.phone, view.latest_picture_at) == (SecondViewPhone(NOW), 0)
