"""Arrivals: silence and thinning over moments in the order of their planning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.capture.captures import (
    CLIPS_FIRST,
    PICTURES_FIRST,
    PICTURES_SECOND,
    UPLOAD_GRACE,
)
from chalicelib.domain.monitoring.arrivals import (
    MAX_GAP,
    MAX_SETTLED,
    Absence,
    Arrivals,
    Moment,
    StreamOutlook,
    find_silence,
    find_thinning,
    forget_before,
    horizon,
    moments_of,
    overdue_at,
    recovered_at,
    unplanned_moments,
    with_moments,
)
from chalicelib.domain.rules.profiles import FlagRule, Severity
from chalicelib.domain.types import SECOND, Millis
from tests.support.builders import NOW

PERIOD = PICTURES_FIRST.period
RULE = FlagRule(8, 12, 6, Severity.SERIOUS)
PATIENCE = 20 * SECOND
FAR = NOW + 10_000 * SECOND


def at(slot: int) -> Millis:
    return NOW + slot * PERIOD


def story(marks: str) -> list[Moment]:
    """One moment in each period: «+» brought something, «-» did not, a space was not planned."""
    return [Moment(at(slot), usable=mark == "+") for slot, mark in enumerate(marks) if mark != " "]


def outlook(marks: str, *awaited: int, planned_until: Millis = FAR) -> StreamOutlook:
    arrivals = with_moments(Arrivals(), PICTURES_FIRST, *story(marks))
    return StreamOutlook(
        PICTURES_FIRST, arrivals, tuple(at(slot) for slot in awaited), planned_until
    )


class TestWhatIsKept:
    def test_moments_come_back_as_they_were(self) -> None:
        assert moments_of(with_moments(Arrivals(), PICTURES_FIRST, *story("+-++-"))) == story(
            "+-++-"
        )

    def test_in_whatever_order_they_were_settled(self) -> None:
        moments = story("+--+-+")
        one_way = with_moments(Arrivals(), PICTURES_FIRST, *moments)
        other = with_moments(Arrivals(), PICTURES_FIRST, *reversed(moments))
        assert one_way == other
        assert one_way.usable_at == at(5)

    def test_the_last_word_on_a_moment_counts(self) -> None:
        arrivals = with_moments(Arrivals(), PICTURES_FIRST, *story("++"))
        corrected = with_moments(arrivals, PICTURES_FIRST, Moment(at(1), usable=False))
        assert moments_of(corrected) == story("+-")

    def test_it_stays_small(self) -> None:
        arrivals = Arrivals()
        for slot in range(720):
            arrivals = with_moments(arrivals, PICTURES_FIRST, Moment(at(slot), slot % 3 > 0))
            assert len(moments_of(arrivals)) <= MAX_SETTLED
        assert len(arrivals.settled) < 250

    def test_what_is_long_past_is_forgotten(self) -> None:
        arrivals = with_moments(Arrivals(), PICTURES_FIRST, *story("-+"))
        late = Moment(at(1) + horizon(PICTURES_FIRST), usable=True)
        assert moments_of(with_moments(arrivals, PICTURES_FIRST, late)) == [late]

    def test_what_a_flag_has_told_is_forgotten(self) -> None:
        arrivals = with_moments(Arrivals(), PICTURES_FIRST, *story("+--++"))
        assert moments_of(forget_before(arrivals, at(3))) == story("+--++")[3:]
        assert forget_before(arrivals, at(9)) == Arrivals(at(4))

    @given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=80))
    def test_whatever_comes_the_newest_are_kept_in_order(
        self, settled: list[tuple[int, bool]]
    ) -> None:
        arrivals = Arrivals()
        for slot, usable in settled:
            arrivals = with_moments(arrivals, PICTURES_FIRST, Moment(at(slot), usable))
        kept = [moment.due_at for moment in moments_of(arrivals)]
        assert kept == sorted(set(kept))
        assert not settled or kept[-1] == at(max(slot for slot, _ in settled))


class TestOverdue:
    def test_a_capture_is_waited_for_twenty_seconds_after_its_moment(self) -> None:
        assert overdue_at(PICTURES_FIRST, NOW) - NOW == 20_000
        assert overdue_at(PICTURES_SECOND, NOW) - NOW == 20_000
        assert overdue_at(CLIPS_FIRST, NOW) - NOW == 30_000

    def test_a_clip_has_its_length_and_the_grace(self) -> None:
        assert overdue_at(PICTURES_FIRST, NOW) == NOW + UPLOAD_GRACE
        assert overdue_at(CLIPS_FIRST, NOW) == NOW + 10 * SECOND + UPLOAD_GRACE

    @pytest.mark.parametrize(
        ("until", "passed"), [(-5, 0), (0, 0), (4, 0), (5, 1), (9, 1), (10, 2), (60, 12)]
    )
    def test_a_device_without_a_plan_lets_moments_pass(self, until: int, passed: int) -> None:
        moments = unplanned_moments(PICTURES_FIRST, NOW, NOW + until * SECOND)
        assert [moment.due_at for moment in moments] == [at(slot) for slot in range(passed)]
        assert not any(moment.usable for moment in moments)

    def test_a_long_absence_is_not_kept_whole(self) -> None:
        moments = unplanned_moments(PICTURES_FIRST, NOW, at(10_000))
        assert len(moments) == MAX_SETTLED
        assert moments[-1].due_at == at(9_999)


class TestSilence:
    @pytest.mark.parametrize(
        ("marks", "began", "told"),
        [
            ("++", None, None),
            ("++-", 2, at(2) + 40 * SECOND),
            ("++----", 2, at(2) + 40 * SECOND),
            ("+-+-+-+", None, None),
            ("+-------+", None, None),  # seven of them: 35 s, and then one that came
            ("+--------+", 1, at(9)),  # eight: 40 s
            ("+--------+++++++", 1, at(9)),
        ],
    )
    def test_it_counts_from_the_first_moment_that_brought_nothing(
        self, marks: str, began: int | None, told: Millis | None
    ) -> None:
        found = find_silence(outlook(marks), PATIENCE)
        # Everything after the story is planned far away.
        assert (found if found and found.began_at < FAR else None) == (
            None if began is None or told is None else Absence(at(began), told)
        )

    def test_what_is_awaited_is_missing_until_it_comes(self) -> None:
        assert find_silence(outlook("++", 2, 3), PATIENCE) == Absence(at(2), at(2) + 40 * SECOND)

    def test_who_asks_for_no_plan_is_silent_from_where_the_last_one_ended(self) -> None:
        found = find_silence(outlook("++", planned_until=at(2)), PATIENCE)
        assert found == Absence(at(2), at(2) + 40 * SECOND)

    def test_a_minute_without_a_picture_is_told_however_patient_the_profile(self) -> None:
        patient = 60 * SECOND
        assert find_silence(outlook("+" + "-" * 11 + "+"), patient) == Absence(
            FAR, FAR + 80 * SECOND
        )
        assert at(13) - at(0) > MAX_GAP
        assert find_silence(outlook("+" + "-" * 12 + "+"), patient) == Absence(at(1), at(13))

    def test_a_picture_of_no_plan_ends_it(self) -> None:
        seen = outlook("+---")
        shown = StreamOutlook(
            PICTURES_FIRST, Arrivals(at(3) + 1, seen.arrivals.settled), (), planned_until=FAR
        )
        assert find_silence(shown, PATIENCE) == Absence(FAR, FAR + 40 * SECOND)


class TestThinning:
    @pytest.mark.parametrize(
        ("marks", "began"),
        [
            ("--------", 0),
            ("-------", None),
            ("+-+-+-+-+-+-+-+-+-+-+-+-", None),  # half of them
            ("--+--+--+--+", 0),  # two of three
            ("-------+-------+", 0),
            ("++++++++++++-------++++++++++++", None),
            ("++++++++++++--------++++++++++++", 12),  # over by now, and told all the same
        ],
    )
    def test_enough_of_the_last_moments_brought_nothing(
        self, marks: str, began: int | None
    ) -> None:
        found = find_thinning(outlook(marks), RULE)
        assert (found.began_at if found and found.told_at < FAR else None) == (
            None if began is None else at(began)
        )

    def test_it_is_told_once_the_last_of_them_is_overdue(self) -> None:
        found = find_thinning(outlook("", *range(8)), RULE)
        assert found == Absence(at(0), at(7) + UPLOAD_GRACE)

    def test_moments_without_a_plan_count(self) -> None:
        found = find_thinning(outlook("++++++++++++", planned_until=at(12)), RULE)
        assert found == Absence(at(12), at(19) + UPLOAD_GRACE)

    @pytest.mark.parametrize(
        ("marks", "since"),
        [("--+++++", None), ("--++++++", 2), ("--++++++-", None), ("--++-++++++", 5)],
    )
    def test_it_is_over_after_enough_in_a_row(self, marks: str, since: int | None) -> None:
        assert recovered_at(outlook(marks), at(len(marks) - 1), RULE.clear) == (
            None if since is None else at(since)
        )
