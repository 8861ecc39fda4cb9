"""`python -m infra recordings`: which segments a range means."""

import pytest

from infra.cli import main
from infra.errors import InfraError
from infra.recordings import TimeRange, parse_time


def test_time_needs_its_offset() -> None:
    assert parse_time("2027-01-15T09:30:00+08:00") == parse_time("2027-01-15T01:30:00Z")
    for wrong in ("2027-01-15T09:30:00", "half past nine", ""):
        with pytest.raises(InfraError):
            parse_time(wrong)


@pytest.mark.parametrize(
    ("span", "inside"),
    [
        (TimeRange(), True),
        (TimeRange(began_at=20), False),
        (TimeRange(began_at=19), True),
        (TimeRange(ended_at=10), False),
        (TimeRange(ended_at=11), True),
        (TimeRange(12, 15), True),
    ],
)
def test_segment_belongs_to_a_range_that_it_overlaps(
    span: TimeRange,
    inside: bool,  # noqa: FBT001
) -> None:
    assert span.overlaps(10, 20) is inside


def test_wrong_time_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recordings", "5e55", "folder", "--since", "yesterday"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
