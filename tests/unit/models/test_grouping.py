"""Intervals by person or video: pictures that resemble each other count less."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.evaluate.grouping import GroupedShare, group_of, shares
from models.evaluate.scoring import Share


class TestGroups:
    def test_the_label_comes_first(self) -> None:
        assert group_of("a_01.jpg", "set:video.mp4 (frame 1)", "volunteer 3") == "volunteer 3"

    def test_frames_of_a_video_are_one_group(self) -> None:
        first, second = (
            group_of(f"frame_{n}.png", f"owner/set:talk.mkv (frame, 2 fps #{n:02d})")
            for n in (1, 2)
        )
        assert first == second

    @pytest.mark.parametrize(
        ("a", "b"),
        [
            ("set:faces/Tony_B/Tony_B_0001.jpg", "set:faces/Tony_B/Tony_B_0036.jpg"),
            ("set:in/emotions-1.jpg", "set:in/emotions-12.jpg"),
        ],
    )
    def test_numbered_pictures_of_a_person_are_one_group(self, a: str, b: str) -> None:
        assert group_of("x.jpg", a) == group_of("y.jpg", b)

    def test_numbered_pictures_of_a_collection_are_not(self) -> None:
        ids = ("coco:train/000000000164.jpg", "coco:train/000000000165.jpg")
        assert len({group_of("x.jpg", source) for source in ids}) == 2
        assert len({group_of(name, "a collection") for name in ("a.jpg", "b.jpg")}) == 2


class TestGroupedShare:
    def test_pictures_of_their_own_count_as_pictures(self) -> None:
        share = GroupedShare([(str(n), n < 8) for n in range(10)])
        assert share.effective == 10
        assert share.interval == pytest.approx(Share(8, 10).interval)

    def test_a_group_of_equal_answers_counts_once(self) -> None:
        answers = [(str(group), group < 4) for group in range(5) for _ in range(20)]
        assert GroupedShare(answers).effective == pytest.approx(5)
        assert GroupedShare([(group, True) for group, _ in answers]).effective == 5

    def test_answers_that_differ_inside_groups_count_nearly_each(self) -> None:
        answers = [(str(group), number % 2 == 0) for group in range(5) for number in range(20)]
        assert GroupedShare(answers).effective == pytest.approx(100)

    def test_it_tells_counts_share_and_interval(self) -> None:
        assert str(GroupedShare([("a", True), ("b", False)])).startswith("1 of 2: 50.0% [")
        assert str(GroupedShare([])) == "-"

    @given(st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), min_size=1, max_size=60))
    def test_it_is_never_surer_than_single_pictures(self, answers: list[tuple[str, bool]]) -> None:
        share = GroupedShare(answers)
        single = Share(share.hits, share.total)
        assert min(1, share.groups) - 1e-9 <= share.effective <= share.total + 1e-9
        low, high = share.interval
        assert low <= single.interval[0] + 1e-9
        assert high >= single.interval[1] - 1e-9


def test_shares_are_kept_apart_by_case() -> None:
    result = shares([("hand", "a", True), ("lap", "a", False), ("hand", "b", False)])
    assert {case: (share.hits, share.total) for case, share in result.items()} == {
        "hand": (1, 2),
        "lap": (0, 1),
    }
