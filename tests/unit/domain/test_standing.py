"""Standing things: what is learned, told once and not counted, and how nobody smuggles by it."""

from dataclasses import replace

import pytest

from chalicelib.domain.monitoring.baseline import (
    CALM_TIME,
    EMPTY_HISTORY,
    FrameSignatures,
    ViewHistory,
    update_history,
)
from chalicelib.domain.monitoring.standing import (
    MAX_THINGS,
    STANDING_SIGHTINGS,
    TOLD_PICTURES,
    SeenThing,
    is_untold,
)
from chalicelib.domain.rules.findings import Finding, FindingKind, ObservedBox
from chalicelib.domain.types import SECOND, View
from chalicelib.store.models import dump, load
from tests.support import builders as build
from tests.support.builders import NOW

PACE = 5 * SECOND
PERSON = ObservedBox("person", 0.9, 0.3, 0.2, 0.4, 0.8)
SHELF = ObservedBox("book", 0.6, 0.72, 0.1, 0.2, 0.3)
PHONE = ObservedBox("phone", 0.4, 0.05, 0.8, 0.1, 0.08)
IN_HAND = ObservedBox("phone", 0.6, 0.45, 0.5, 0.1, 0.15)


def picture(
    history: ViewHistory,
    number: int,
    *things: ObservedBox,
    answering: bool = True,
    told: bool = False,
) -> ViewHistory:
    kinds = [FindingKind.STANDING_THING] * told
    observation = replace(
        build.observation("5e55", NOW + number * PACE, view=View.FIRST),
        boxes=(PERSON,),
        findings=tuple(Finding(kind, 0.5) for kind in kinds),
    )
    return update_history(history, observation, FrameSignatures(things=things), answering=answering)


def after(
    pictures: int,
    *things: ObservedBox,
    history: ViewHistory = EMPTY_HISTORY,
    first: int = 0,
    answering: bool = True,
) -> ViewHistory:
    for number in range(first, first + pictures):
        history = picture(history, number, *things, answering=answering)
    return history


def standing(history: ViewHistory) -> list[str]:
    return [thing.label for thing in history.seen.standing]


class TestLearning:
    def test_thing_seen_often_in_one_place_stands(self) -> None:
        assert standing(after(STANDING_SIGHTINGS - 1, SHELF)) == []
        assert standing(after(STANDING_SIGHTINGS, SHELF)) == ["book"]

    def test_pictures_that_miss_it_do_not_matter(self) -> None:
        history = EMPTY_HISTORY
        for number in range(2 * STANDING_SIGHTINGS):
            history = picture(history, number, *[SHELF] * (number % 2))
        assert standing(history) == ["book"]

    def test_waiting_room_teaches_what_stands_when_answering_begins(self) -> None:
        assert standing(after(STANDING_SIGHTINGS, SHELF, answering=False)) == ["book"]

    def test_nothing_is_learned_after_the_calm_beginning(self) -> None:
        begun = after(1)
        late = CALM_TIME // PACE + 1
        history = after(2 * STANDING_SIGHTINGS, SHELF, history=begun, first=late)
        assert history.seen.things == ()

    def test_what_stands_stays_known_after_it(self) -> None:
        learned = after(STANDING_SIGHTINGS, SHELF)
        assert standing(after(3, history=learned, first=CALM_TIME // PACE + 1)) == ["book"]

    def test_thing_that_wanders_does_not_stand(self) -> None:
        history = EMPTY_HISTORY
        for number in range(2 * STANDING_SIGHTINGS):
            wandering = replace(SHELF, x=0.1 + 0.06 * number)
            history = picture(history, number, wandering)
        assert standing(history) == []

    def test_same_place_with_another_label_is_another_thing(self) -> None:
        history = after(STANDING_SIGHTINGS, SHELF)
        history = picture(history, 20, replace(SHELF, label="tv"))
        assert [(thing.label, thing.stands) for thing in history.seen.things] == [
            ("book", True),
            ("tv", False),
        ]

    def test_things_remembered_are_bounded(self) -> None:
        crowd = [replace(SHELF, x=0.01, y=0.03 * n, height=0.02) for n in range(30)]
        assert len(after(STANDING_SIGHTINGS, *crowd).seen.things) == MAX_THINGS

    def test_errors_of_the_models_do_not_keep_a_thing_from_being_learned(self) -> None:
        errors = [replace(SHELF, x=0.01, y=0.03 * n, height=0.02) for n in range(30)]
        history = picture(EMPTY_HISTORY, 0, *errors)
        assert standing(after(STANDING_SIGHTINGS, SHELF, history=history, first=1)) == ["book"]


class TestTelling:
    def test_thing_is_told_in_the_next_pictures_and_then_never_again(self) -> None:
        history = after(STANDING_SIGHTINGS, SHELF)
        for number in range(TOLD_PICTURES):
            assert is_untold(history.seen)
            history = picture(history, 20 + number, SHELF, told=True)
        assert not is_untold(history.seen)

    def test_nothing_is_told_before_answering(self) -> None:
        history = after(STANDING_SIGHTINGS, SHELF, answering=False)
        told = picture(history, 20, SHELF, told=True, answering=False)
        assert is_untold(told.seen)

    def test_unlearned_thing_is_not_told(self) -> None:
        assert not is_untold(after(STANDING_SIGHTINGS - 1, SHELF).seen)


class TestAbuse:
    """A phone that lies there from the beginning is told, and counts as soon as it is moved."""

    def test_phone_in_the_hands_from_the_beginning_never_stands(self) -> None:
        assert after(4 * STANDING_SIGHTINGS, IN_HAND).seen.things == ()

    def test_phone_that_was_moved_once_counts_from_then_on_even_where_it_lay(self) -> None:
        learned = after(STANDING_SIGHTINGS, PHONE)
        assert standing(learned) == ["phone"]
        moved = picture(learned, 20, IN_HAND)
        assert standing(moved) == []
        back = after(4 * STANDING_SIGHTINGS, PHONE, history=moved, first=CALM_TIME // PACE + 1)
        assert standing(back) == []

    def test_phone_whose_place_is_merely_hidden_still_stands(self) -> None:
        assert standing(picture(after(STANDING_SIGHTINGS, PHONE), 20)) == ["phone"]

    def test_another_phone_does_not_make_a_calculator_count(self) -> None:
        learned = after(STANDING_SIGHTINGS, PHONE)
        assert standing(picture(learned, 20, IN_HAND, PHONE)) == ["phone"]

    def test_larger_thing_at_the_same_place_is_not_the_same(self) -> None:
        (thing,) = after(STANDING_SIGHTINGS, PHONE).seen.standing
        assert thing.is_at("phone", PHONE.x, PHONE.y, PHONE.width, PHONE.height)
        assert not thing.is_at("phone", PHONE.x, PHONE.y, 3 * PHONE.width, PHONE.height)
        assert not thing.is_at("phone", PHONE.x, PHONE.y, 0.0, 0.0)

    def test_part_of_a_thing_is_the_thing_and_a_small_thing_before_it_is_not(self) -> None:
        (shelf,) = after(STANDING_SIGHTINGS, SHELF).seen.standing
        x, y, width, height = SHELF.x, SHELF.y, SHELF.width, SHELF.height
        assert shelf.is_at("book", x, y, width, height / 3)
        assert not shelf.is_at("book", x, y, width / 3, height / 3)
        assert not shelf.is_at("book", x - width / 3, y, width, height / 3)


def test_history_of_before_is_still_read() -> None:
    learned = after(STANDING_SIGHTINGS, SHELF)
    assert load(ViewHistory, dump(learned)) == learned
    text = dump(EMPTY_HISTORY)
    before = text.replace(f',"seen":{dump(EMPTY_HISTORY.seen)}', "")
    assert before != text
    assert load(ViewHistory, before) == EMPTY_HISTORY


@pytest.mark.parametrize("value", [0.0, 0.4996, 1.0])
def test_place_is_kept_in_parts_per_thousand(value: float) -> None:
    history = picture(EMPTY_HISTORY, 0, ObservedBox("tv", 0.9, 0.0, 0.0, value, 0.2))
    assert history.seen.things == (SeenThing("tv", (0, 0, round(value * 1000), 200)),)
