import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.evaluate.scoring import Confusion, Roc, Share, confusion


def test_the_wilson_interval_equals_the_textbook_example() -> None:
    low, high = Share(8, 10).interval
    assert low == pytest.approx(0.4902, abs=1e-4)
    assert high == pytest.approx(0.9433, abs=1e-4)


@given(st.integers(1, 500), st.data())
def test_the_interval_contains_the_share(total: int, data: st.DataObject) -> None:
    share = Share(data.draw(st.integers(0, total)), total)
    low, high = share.interval
    assert 0 <= low <= share.value + 1e-12
    assert share.value - 1e-12 <= high <= 1


def test_a_share_without_cases_is_nan() -> None:
    assert math.isnan(Share(0, 0).value)
    assert str(Share(0, 0)) == "-"


def test_the_confusion_matrix_gives_the_rates() -> None:
    pairs = [(True, True)] * 6 + [(True, False)] * 2 + [(False, True)] * 3 + [(False, False)] * 9
    counts = confusion(pairs)
    assert counts == Confusion(6, 2, 3, 9)
    assert counts.recall == Share(6, 8)
    assert counts.precision == Share(6, 9)
    assert counts.false_positive_rate == Share(3, 12)
    assert counts.accuracy == Share(15, 20)


def test_the_roc_gives_accuracy_and_true_accepts() -> None:
    roc = Roc(same=[0.9, 0.8, 0.4, 0.2], different=[0.5, 0.3, 0.1, 0.0])
    assert roc.accuracy(0.35) == Share(6, 8)
    assert roc.true_accepts_at(0)[1] == Share(2, 4)
    assert roc.true_accepts_at(0.25)[1] == Share(3, 4)
    points = roc.points()
    assert points[0] == (0, 0)
    assert points[-1] == (1, 1)
    assert points == sorted(points)
