"""What is remembered of a view's pictures: what teaches, how far, and what never does."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.monitoring.baseline import (
    CALM_TIME,
    EMPTY_HISTORY,
    LIVENESS_INTERVAL,
    MAX_NOSE,
    MAX_YAW,
    MIN_MEASURES,
    MIN_SAMPLES,
    NO_SIGNATURES,
    FrameSignatures,
    ViewHistory,
    needs_liveness_check,
    update_history,
)
from chalicelib.domain.monitoring.monitor_state import MonitorState, start_expecting
from chalicelib.domain.rules.findings import Finding, FindingKind, Observation, ObservedBox
from chalicelib.domain.types import SECOND, View
from tests.support import builders as build
from tests.support.builders import NOW

FACE = ObservedBox("face", 0.9, 0.4, 0.3, 0.2, 0.3)
PERSON = ObservedBox("person", 0.9, 0.2, 0.2, 0.6, 0.8)
PACE = 5 * SECOND


def calm(number: int = 0, *, view: View = View.FIRST, **changes: Any) -> Observation:
    """A calm picture of somebody who sits at 8° to the camera."""
    measures = {"yaw": 8.0, "nose": 0.05, "light": 110.0, "live": 0.9}
    made = replace(
        build.observation("5e55", NOW + number * PACE, view=view),
        boxes=(FACE, PERSON),
        similarity=0.7,
        measures=measures | changes.pop("measures", {}),
    )
    return replace(made, **changes)


def after(
    *seen: Observation, history: ViewHistory = EMPTY_HISTORY, answering: bool = True
) -> ViewHistory:
    for observation in seen:
        history = update_history(history, observation, NO_SIGNATURES, answering=answering)
    return history


class TestTheUsual:
    def test_twelve_calm_pictures_teach_it_and_are_kept_no_longer(self) -> None:
        before = after(*(calm(number) for number in range(MIN_SAMPLES - 1)))
        assert before.baseline is None
        learnt = after(calm(MIN_SAMPLES - 1), history=before)
        assert learnt.baseline is not None
        assert (learnt.baseline.yaw, learnt.baseline.light, learnt.baseline.live) == (8, 110, 0.9)
        assert learnt.calm_samples == ()

    def test_once_learnt_it_stays(self) -> None:
        learnt = after(*(calm(number) for number in range(MIN_SAMPLES)))
        later = after(
            *(calm(number, measures={"yaw": 25}) for number in range(20, 40)), history=learnt
        )
        assert later.baseline == learnt.baseline

    def test_how_far_it_may_lie_is_bounded(self) -> None:
        turned = {"yaw": -28.0, "nose": -0.29}
        baseline = after(*(calm(number, measures=turned) for number in range(MIN_SAMPLES))).baseline
        assert baseline is not None
        assert (baseline.yaw, baseline.nose) == (-MAX_YAW, -MAX_NOSE)

    def test_one_odd_picture_moves_nothing(self) -> None:
        odd = calm(3, measures={"yaw": -20.0})
        baseline = after(
            *(odd if number == 3 else calm(number) for number in range(MIN_SAMPLES))
        ).baseline
        assert baseline is not None
        assert baseline.yaw == 8

    @pytest.mark.parametrize(
        "changes",
        [
            {"findings": (Finding(FindingKind.LOOKING_AWAY, 0.6),)},
            {"boxes": (FACE, FACE, PERSON)},
            {"boxes": (PERSON,)},
            {"similarity": 0.2},
            {"similarity": None},
            {"error": "truncated"},
            {"view": View.SECOND},
        ],
    )
    def test_only_calm_pictures_of_the_candidate_teach(self, changes: dict[str, Any]) -> None:
        history = after(*(replace(calm(number), **changes) for number in range(20)))
        assert (history.baseline, history.calm_samples) == (None, ())

    def test_nothing_teaches_outside_answering(self) -> None:
        assert after(*(calm(number) for number in range(20)), answering=False).baseline is None

    def test_the_first_minutes_alone_teach(self) -> None:
        late = CALM_TIME // PACE + 1
        restless = after(replace(calm(0), similarity=None))
        assert after(*(calm(late + n) for n in range(20)), history=restless).baseline is None

    @pytest.mark.parametrize(
        ("pictures", "learnt"), [(MIN_MEASURES - 1, False), (MIN_MEASURES, True)]
    )
    def test_when_their_time_is_over_fewer_are_enough(
        self,
        pictures: int,
        learnt: bool,  # noqa: FBT001
    ) -> None:
        some = after(*(calm(number) for number in range(pictures)))
        over = after(calm(CALM_TIME // PACE + 1), history=some)
        assert (over.baseline is not None) is learnt
        assert over.calm_samples == ()
        assert (
            after(*(calm(number) for number in range(80, 99)), history=over).baseline
            == over.baseline
        )

    def test_a_repeat_and_a_late_picture_change_nothing(self) -> None:
        history = after(calm(0), calm(2))
        assert after(calm(2), calm(1), history=history) == history


class TestTheFraming:
    def test_it_is_what_the_first_good_picture_shows(self) -> None:
        first = update_history(
            EMPTY_HISTORY, calm(0, view=View.SECOND), FrameSignatures(scene="desk"), answering=True
        )
        second = update_history(
            first, calm(1, view=View.SECOND), FrameSignatures(scene="door"), answering=True
        )
        assert (first.scene, second.scene) == ("desk", "desk")

    @pytest.mark.parametrize(
        "changes", [{"boxes": ()}, {"findings": (Finding(FindingKind.ABSENT, 1.0),)}]
    )
    def test_a_picture_of_nobody_is_no_framing(self, changes: dict[str, Any]) -> None:
        shown = calm(0, view=View.SECOND, **changes)
        assert (
            update_history(
                EMPTY_HISTORY, shown, FrameSignatures(scene="wall"), answering=True
            ).scene
            is None
        )

    def test_it_is_not_taken_before_answering(self) -> None:
        shown = calm(0, view=View.SECOND)
        assert (
            update_history(
                EMPTY_HISTORY, shown, FrameSignatures(scene="desk"), answering=False
            ).scene
            is None
        )

    def test_after_a_pause_it_is_taken_anew_and_the_usual_stays(self) -> None:
        learnt = replace(after(*(calm(number) for number in range(MIN_SAMPLES))), scene="desk")
        monitor = replace(MonitorState("5e55", "room-1", 1), histories={View.FIRST: learnt})
        again = start_expecting(monitor, (View.FIRST, View.SECOND), NOW).histories
        assert again == {View.FIRST: replace(learnt, scene=None)}


class TestStillness:
    def test_it_counts_from_the_picture_that_last_stirred(self) -> None:
        first = update_history(EMPTY_HISTORY, calm(0), FrameSignatures(face="a"), answering=True)
        still = update_history(first, calm(5), NO_SIGNATURES, answering=True)
        stirred = update_history(still, calm(6), FrameSignatures(face="b"), answering=True)
        assert (still.face, still.still_since) == ("a", NOW)
        assert (stirred.face, stirred.still_since) == ("b", NOW + 6 * PACE)


class TestLife:
    def test_it_is_asked_rarely_once_the_usual_is_known(self) -> None:
        history = after(*(calm(number) for number in range(MIN_SAMPLES)))
        assert not needs_liveness_check(history, history.at + PACE)
        assert needs_liveness_check(history, history.at + LIVENESS_INTERVAL)

    def test_it_is_asked_each_time_while_learning_or_in_doubt(self) -> None:
        learnt = after(*(calm(number) for number in range(MIN_SAMPLES)))
        doubted = after(calm(MIN_SAMPLES, measures={"live": 0.01}), history=learnt)
        assert needs_liveness_check(EMPTY_HISTORY, NOW)
        assert needs_liveness_check(doubted, doubted.at + PACE)

    def test_a_picture_that_was_not_asked_leaves_the_answers_alone(self) -> None:
        history = after(calm(0))
        unasked = replace(calm(1), measures={"yaw": 8.0})
        assert after(unasked, history=history).liveness_scores == history.liveness_scores
