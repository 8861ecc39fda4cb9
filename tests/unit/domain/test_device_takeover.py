"""Another device takes over: what is kept, what must be done again, and what is told."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.errors import WrongState
from chalicelib.domain.identity.re_verification import verify_again
from chalicelib.domain.identity.verification import (
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
    start_attempt,
)
from chalicelib.domain.rules.device_changes import (
    MAX_AGENT_LENGTH,
    MAX_ORIGINS,
    Device,
    DeviceChangeRule,
    Origin,
    make_origin,
)
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.profiles import Severity
from chalicelib.domain.sessions.device_takeover import (
    adopt_device,
    is_same_device,
    is_unclaimed,
    note_origin,
    switch_device,
)
from chalicelib.domain.sessions.session_clock import extend, is_expired, pause, resume
from chalicelib.domain.sessions.sessions import Session, advance
from chalicelib.domain.sessions.states import VERIFIED_STATES, Action, State
from chalicelib.domain.types import MINUTE
from tests.support import builders as build
from tests.support.builders import NOW

HERE, THERE = Origin("203.0.113.7", "Firefox"), Origin("198.51.100.9", "Chrome")
OWN, OTHER = Device("own", HERE), Device("other", THERE)


def sitting(state: State = State.ANSWERING, **changes: Any) -> Session:
    return build.session(state=state, browser_id="own", origins=(HERE,), **changes)


@pytest.mark.parametrize("state", sorted(VERIFIED_STATES))
def test_from_the_photo_check_on_it_goes_back_to_it(state: State) -> None:
    before = sitting(state)
    takeover = switch_device(before, OTHER, NOW)
    after = takeover.transition.session
    assert (after.state, after.place) == (State.REVERIFYING, state)
    assert (after.ends_at, after.generation) == (before.ends_at, 2)
    assert takeover.flag is not None
    assert (takeover.flag.kind, takeover.flag.severity) == ("device_changed", Severity.SERIOUS)
    assert takeover.flag.detail == "203.0.113.7 → 198.51.100.9"
    assert takeover.transition.entry.detail["address_before"] == "203.0.113.7"
    back = advance(after, Action.VERIFY_IDENTITY, NOW, "system").session
    assert (back.state, back.resume_state) == (state, None)


@pytest.mark.parametrize("state", [State.SIGNED_IN, State.INFO_CONFIRMED, State.PLEDGED])
def test_before_it_a_device_just_takes_over(state: State) -> None:
    takeover = switch_device(sitting(state), OTHER, NOW)
    assert (takeover.transition.session.state, takeover.flag) == (state, None)
    assert takeover.transition.entry.detail["address"] == "198.51.100.9"


def test_a_third_device_keeps_the_place() -> None:
    second = switch_device(sitting(), OTHER, NOW).transition.session
    third = switch_device(second, Device("third", HERE), NOW + 1)
    assert third.transition.session.place is State.ANSWERING
    assert third.transition.session.generation == 3
    assert third.flag is not None


class TestTheClock:
    held = switch_device(sitting(), OTHER, NOW).transition.session

    def test_runs_on(self) -> None:
        ends_at = self.held.ends_at or 0
        assert self.held.wake_at == ends_at
        assert not is_expired(self.held, ends_at - 1)
        assert is_expired(self.held, ends_at)

    def test_a_proctor_may_stop_it_and_give_time(self) -> None:
        paused = pause(self.held, NOW, "proctor:p", "换机").session
        assert (paused.state, paused.place) == (State.REVERIFYING, State.PAUSED)
        resumed = resume(paused, NOW + MINUTE, "proctor:p").session
        assert (resumed.state, resumed.place) == (State.REVERIFYING, State.ANSWERING)
        longer = extend(resumed, MINUTE, NOW, "proctor:p", "换机").session
        assert longer.ends_at == (self.held.ends_at or 0) + 2 * MINUTE

    def test_a_paused_one_stays_paused_after_the_check(self) -> None:
        paused = sitting(State.PAUSED, paused_at=NOW)
        held = switch_device(paused, OTHER, NOW).transition.session
        assert advance(held, Action.VERIFY_IDENTITY, NOW, "system").session.state is State.PAUSED

    def test_nothing_else_goes_on(self) -> None:
        for step in (Action.READY_SECOND_VIEW, Action.WAIT, Action.START, Action.SUBMIT):
            with pytest.raises(WrongState):
                advance(self.held, step, NOW, "candidate")


class TestTheSameDevice:
    def test_is_known_by_its_name_and_a_new_session_is_anybodys(self) -> None:
        assert is_same_device(sitting(), OWN)
        assert not is_same_device(sitting(), OTHER)
        assert not is_same_device(sitting(), Device("", HERE))
        assert is_unclaimed(build.session())
        adopted = adopt_device(build.session(), OTHER, NOW).session
        assert is_same_device(adopted, OTHER)
        assert not is_unclaimed(adopted)

    @pytest.mark.parametrize(
        ("origin", "detail"),
        [
            (Origin("198.51.100.9", "Firefox"), "203.0.113.7 → 198.51.100.9"),
            (Origin("203.0.113.7", "Chrome"), "Firefox → Chrome"),
        ],
    )
    def test_elsewhere_or_in_another_browser_is_told_and_goes_on(
        self, origin: Origin, detail: str
    ) -> None:
        noted = note_origin(sitting(), origin, NOW)
        assert noted is not None
        assert noted.transition.session.state is State.ANSWERING
        assert noted.flag is not None
        assert (noted.flag.kind, noted.flag.severity, noted.flag.ended_at, noted.flag.detail) == (
            FindingKind.ORIGIN_CHANGED, Severity.NOTICE, NOW, detail,
        )  # fmt: skip
        assert note_origin(noted.transition.session, origin, NOW) is None

    def test_a_line_that_changes_all_the_time_is_told_a_few_times(self) -> None:
        session, told = sitting(), 0
        for number in range(50):
            noted = note_origin(session, Origin(f"198.51.100.{number}", "Firefox"), NOW + number)
            session, told = (noted.transition.session, told + 1) if noted else (session, told)
        assert told == MAX_ORIGINS - 1

    def test_before_the_photo_check_there_is_no_flag(self) -> None:
        noted = note_origin(sitting(State.SIGNED_IN), THERE, NOW)
        assert noted is not None
        assert noted.flag is None

    def test_what_a_browser_says_of_itself_is_bounded(self) -> None:
        assert len(make_origin("203.0.113.7", "x" * 5_000).user_agent) == MAX_AGENT_LENGTH


class TestVerifyingAgain:
    verified = IdentityCheck(
        "5e55", "room-1", 4, IdentityStatus.VERIFIED, 2, "c", "key", consent=Consent.GIVEN
    )

    def test_the_photo_is_taken_again_with_all_tries(self) -> None:
        again = verify_again(self.verified, DeviceChangeRule.PHOTO_CHECK)
        assert (again.status, again.attempts, again.version) == (IdentityStatus.NONE, 0, 5)

    def test_without_consent_a_person_decides(self) -> None:
        bare = replace(self.verified, consent=Consent.WITHDRAWN)
        again = verify_again(bare, DeviceChangeRule.PHOTO_CHECK)
        assert (again.status, again.reason) == (IdentityStatus.PENDING, RejectionReason.NO_CONSENT)

    def test_where_the_subject_says_so_no_machine_says_yes(self) -> None:
        again = verify_again(self.verified, DeviceChangeRule.PROCTOR)
        assert again.status is IdentityStatus.PENDING
        rejected = apply_decision(again, "proctor:p", "看不清", accept=False)
        capture = VerificationAttempt("d", "key-2", HeadTurn.LEFT, "turned-2")
        tried = start_attempt(rejected, capture, "photo", NOW)
        good = FaceComparison(1, 0.9, build.EMBEDDING, movement=LivenessMovement.MOVED)
        judged = apply_comparison(tried, "d", good, 0.37)
        assert (judged.status, judged.reason) == (
            IdentityStatus.PENDING, RejectionReason.DEVICE_CHANGED,
        )  # fmt: skip
