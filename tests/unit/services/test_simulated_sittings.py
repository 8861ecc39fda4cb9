"""Whole sittings over bad lines and by cheats: who is flagged, and within how many seconds."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.domain.capture.captures import PlannedCapture
from chalicelib.domain.review.coverage import find_holes
from chalicelib.domain.rules.device_checks import CheckDemand, CheckRules, DeviceCheck
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE, SECOND, Medium, Millis, Role, View
from chalicelib.services.proctoring.session_control import pause_session, resume_session
from chalicelib.services.sitting import check_in
from chalicelib.store.models import dump
from tests.support import builders as build
from tests.support.builders import NOW
from tests.support.fake_context import FakeContext, act_by, add_session, fake_context
from tests.support.simulated_sitting import (
    COMPUTER,
    CUT,
    EMPTY,
    GOOD,
    MUTED,
    PHONE,
    Choice,
    Line,
    SimulatedSitting,
    everything,
)

BEGIN = NOW
PROCTOR = build.staff("proctor", Role.PROCTOR, build.ROOM)
CALM = 4 * MINUTE
AFTER = BEGIN + CALM
"""From when on a cheat cheats: until then everything is as it should be."""


def sitting(context: FakeContext, *, phone: bool = True, **how: object) -> SimulatedSitting:
    """Somebody who begins to answer now, with both devices."""
    joined_at = NOW - MINUTE if phone else None
    seated = add_session(context, state=State.WAITING, second_view_joined_at=joined_at)
    check_in.start_answering(context, seated.session_id)
    played = SimulatedSitting(context, **how)  # type: ignore[arg-type]
    played.device(COMPUTER)
    if phone:
        played.device(PHONE)
    return played


def of(medium: Medium, view: View, choice: Choice) -> Choice:
    """A cheat that touches one stream only, and only after four minutes."""

    def choose(capture: PlannedCapture, now: Millis) -> bytes | None:
        mine = capture.medium is medium and capture.view is view and capture.due_at >= AFTER
        return choice(capture, now) if mine else GOOD

    return choose


def one_in(spacing: Millis) -> Choice:
    """Send one clean capture in each span, and hold all others back."""
    sent_at = [0]

    def choose(capture: PlannedCapture, _now: Millis) -> bytes | None:
        if capture.due_at - sent_at[0] < spacing:
            return None
        sent_at[0] = capture.due_at
        return GOOD

    return choose


def always(data: bytes | None) -> Choice:
    return lambda _capture, _now: data


class TestHonest:
    @pytest.mark.parametrize("phone", [True, False])
    def test_a_good_line_raises_nothing_and_leaves_no_hole(
        self,
        context: FakeContext,
        phone: bool,  # noqa: FBT001
    ) -> None:
        played = sitting(context, phone=phone)
        played.run(45 * MINUTE)
        assert played.kinds() == []
        # What is written with each capture stays small, whatever the hour brings.
        assert len(dump(context.sessions.bundle("5e55").monitor)) < 6_000
        assert find_holes(played.record()) == []

    @pytest.mark.parametrize("seed", range(3))
    def test_a_line_that_loses_a_third_and_is_gone_twice_tells_the_outages_alone(
        self, context: FakeContext, seed: int
    ) -> None:
        gone = tuple((BEGIN + at, BEGIN + at + 90 * SECOND) for at in (10 * MINUTE, 25 * MINUTE))
        played = sitting(context, line=Line(0.3, gone), seed=seed)
        played.run(40 * MINUTE)
        flags = context.sessions.flags("5e55")
        assert {flag.kind for flag in flags} <= {FindingKind.NO_SNAPSHOT}
        for flag in flags:
            assert any(
                begin - 30 * SECOND <= flag.began_at and (flag.ended_at or 0) <= end + 2 * MINUTE
                for begin, end in gone
            ), flag
        outages = [entry for entry in context.sessions.audit("5e55") if entry.action == "outage"]
        assert len(outages) == 2
        assert find_holes(played.record()) == []

    @pytest.mark.parametrize("seed", range(3))
    def test_a_line_that_only_loses_a_third_raises_nothing(
        self, context: FakeContext, seed: int
    ) -> None:
        played = sitting(context, line=Line(0.3), seed=seed)
        played.run(40 * MINUTE)
        assert played.kinds() == []


PICTURES, SOUND = Medium.PICTURE, Medium.SOUND
CHEATS: dict[str, tuple[Callable[[], Choice], FindingKind, View, int]] = {
    "one clean picture each 35 s": (
        lambda: of(PICTURES, View.FIRST, one_in(35 * SECOND)), FindingKind.CAPTURES_MISSING, View.FIRST, 130,
    ),
    "two of three held back": (
        lambda: of(PICTURES, View.FIRST, one_in(15 * SECOND)), FindingKind.CAPTURES_MISSING, View.FIRST, 140,
    ),
    "one picture of the side each 35 s": (
        lambda: of(PICTURES, View.SECOND, one_in(35 * SECOND)),
        FindingKind.CAPTURES_MISSING, View.SECOND, 240,
    ),
    "pictures of 0 bytes": (
        lambda: of(PICTURES, View.FIRST, always(EMPTY)), FindingKind.NO_SNAPSHOT, View.FIRST, 110,
    ),
    "pictures that are cut": (
        lambda: of(PICTURES, View.FIRST, always(CUT)), FindingKind.NO_SNAPSHOT, View.FIRST, 110,
    ),
    "no picture": (
        lambda: of(PICTURES, View.FIRST, always(None)), FindingKind.NO_SNAPSHOT, View.FIRST, 110,
    ),
    "no picture of the side": (
        lambda: of(PICTURES, View.SECOND, always(None)), FindingKind.NO_SNAPSHOT, View.SECOND, 110,
    ),
    "no sound": (lambda: of(SOUND, View.FIRST, always(None)), FindingKind.NO_SOUND, View.FIRST, 270),
    "clips of 0 bytes": (lambda: of(SOUND, View.FIRST, always(EMPTY)), FindingKind.NO_SOUND, View.FIRST, 270),
    "digital silence": (lambda: of(SOUND, View.FIRST, always(MUTED)), FindingKind.MUTED, View.FIRST, 130),
}  # fmt: skip


class TestCheats:
    @pytest.mark.parametrize("name", CHEATS)
    @pytest.mark.parametrize("seed", range(2))
    def test_each_is_flagged_in_time_and_nothing_else_is(
        self, context: FakeContext, name: str, seed: int
    ) -> None:
        make, kind, view, seconds = CHEATS[name]
        played = sitting(context, choose=make(), seed=seed)
        played.run(CALM)
        assert played.kinds() == []
        played.run(seconds * SECOND)
        flags = context.sessions.flags("5e55")
        assert {(flag.kind, flag.view) for flag in flags} == {(kind, view)}
        assert min(flag.began_at for flag in flags) >= AFTER - 10 * SECOND
        played.run(3 * MINUTE)
        assert find_holes(played.record()) == []

    def test_what_is_flagged_ends_when_captures_come_again(self, context: FakeContext) -> None:
        until = AFTER + 5 * MINUTE
        withheld = of(PICTURES, View.FIRST, one_in(35 * SECOND))
        played = sitting(
            context,
            choose=lambda capture, now: withheld(capture, now) if capture.due_at < until else GOOD,
        )
        played.run(15 * MINUTE)
        for flag in context.sessions.flags("5e55"):
            assert flag.ended_at is not None
            assert until <= flag.ended_at <= until + MINUTE
        assert set(played.kinds()) == {FindingKind.CAPTURES_MISSING}

    @pytest.mark.parametrize("gap", [61, 75, 119])
    @pytest.mark.parametrize("profile", ["lenient", "standard", "strict"])
    def test_no_minute_is_without_a_picture_or_a_flag_whatever_the_profile(
        self, context: FakeContext, gap: int, profile: str
    ) -> None:
        held = one_in(gap * SECOND)
        add_session(context, state=State.WAITING)
        check_in.start_answering(context, "5e55")
        session = context.sessions.session("5e55")
        context.sessions.commit(replace(session, version=session.version + 1, profile=profile))
        played = SimulatedSitting(
            context,
            choose=lambda capture, now: (
                held(capture, now) if capture.medium is Medium.PICTURE else GOOD
            ),
        )
        played.device(COMPUTER)
        played.run(12 * MINUTE)
        assert find_holes(played.record()) == []

    def test_who_asks_for_no_plan_is_silent_too(self, context: FakeContext) -> None:
        add_session(context, state=State.WAITING)
        check_in.start_answering(context, "5e55")
        played = SimulatedSitting(context)
        played.run(110 * SECOND)
        assert played.kinds() == [FindingKind.NO_SNAPSHOT]
        played.run(20 * MINUTE)
        assert find_holes(played.record()) == []


class TestSound:
    @pytest.mark.parametrize("data", [None, MUTED])
    def test_who_may_speak_is_not_asked_for_sound(
        self, context: FakeContext, data: bytes | None
    ) -> None:
        add_session(context, state=State.WAITING, excused=(FindingKind.VOICE,))
        check_in.start_answering(context, "5e55")
        played = SimulatedSitting(context, choose=of(SOUND, View.FIRST, always(data)))
        played.device(COMPUTER)
        played.run(12 * MINUTE)
        assert played.kinds() == []

    def test_a_subject_without_a_microphone_is_not_asked_for_sound(self) -> None:
        off = CheckRules({DeviceCheck.MICROPHONE: CheckDemand.OFF})
        context = fake_context(build.subject(checks=off))
        played = sitting(context, choose=of(SOUND, View.FIRST, always(None)))
        played.run(12 * MINUTE)
        assert played.kinds() == []


class TestPaused:
    def paused(self, context: FakeContext, choose: Choice) -> SimulatedSitting:
        played = sitting(context, choose=choose)
        played.run(CALM)
        pause_session(context, act_by(PROCTOR), "看一下桌面")
        return played

    def test_it_is_watched_on_and_leaves_no_hole(self, context: FakeContext) -> None:
        played = self.paused(context, everything)
        before = len(context.sessions.observations("5e55", limit=9_999))
        played.run(10 * MINUTE)
        assert len(context.sessions.observations("5e55", limit=9_999)) - before > 180
        resume_session(context, act_by(PROCTOR))
        played.run(10 * MINUTE)
        assert played.kinds() == []
        assert find_holes(played.record()) == []

    def test_who_withholds_pictures_meanwhile_is_flagged(self, context: FakeContext) -> None:
        played = self.paused(context, of(PICTURES, View.FIRST, always(None)))
        played.run(110 * SECOND)
        assert played.kinds() == [FindingKind.NO_SNAPSHOT]


class TestOurOwnLateness:
    def late(self, context: FakeContext, choose: Choice = everything) -> SimulatedSitting:
        def judging(at: Millis) -> Millis:
            """From the fourth minute on the models take a quarter of an hour."""
            return 15 * MINUTE if at >= AFTER else 2 * SECOND

        return sitting(context, choose=choose, judging=judging)

    def test_captures_that_wait_for_us_are_nobodys_fault(self, context: FakeContext) -> None:
        played = self.late(context)
        played.run(18 * MINUTE)
        assert played.kinds() == []
        late = [
            entry for entry in context.sessions.audit("5e55") if entry.action == "captures_late"
        ]
        assert late
        assert find_holes(played.record()) == []
        played.run(18 * MINUTE)
        assert played.kinds() == []

    @pytest.mark.parametrize("data", [None, EMPTY])
    def test_who_sends_nothing_is_flagged_all_the_same(
        self, context: FakeContext, data: bytes | None
    ) -> None:
        played = self.late(context, of(PICTURES, View.FIRST, always(data)))
        played.run(CALM + 110 * SECOND)
        assert played.kinds() == [FindingKind.NO_SNAPSHOT]

    def test_files_that_prove_unreadable_are_missed_once_we_know(
        self, context: FakeContext
    ) -> None:
        cut = of(PICTURES, View.FIRST, always(CUT))
        played = sitting(context, choose=cut, judging=lambda _at: 80 * SECOND)
        played.run(10 * MINUTE)
        assert set(played.kinds()) == {FindingKind.NO_SNAPSHOT}
