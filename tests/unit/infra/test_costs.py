"""The capacity model, its price tables, and `python -m infra costs`."""

from dataclasses import fields, replace
from pathlib import Path

import pytest

from chalicelib.domain.recording.recording_costs import recording_costs
from chalicelib.domain.recording.recording_rule import (
    RecordingMode,
    RecordingQuality,
    RecordingRule,
)
from infra.capacity.model import Plan, candidate_hour, costs_of, quotas_of
from infra.capacity.prices import US_EAST_1, Prices, read_prices
from infra.capacity.work import ACTS
from infra.cli import main
from infra.deployments import ROOT
from infra.errors import InfraError

BOTH_VIEWS = Plan(3_000)
ALL = RecordingRule(RecordingMode.ALL, RecordingMode.ALL, RecordingMode.ALL, second_speech=True)
RECORDED = Plan(3_000, recording=ALL)
TEXTS = ("region", "currency", "as_of")


def price_table(**changes: object) -> str:
    values = {field.name: getattr(US_EAST_1, field.name) for field in fields(Prices)} | changes
    return "\n".join(
        f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {value}"
        for name, value in values.items()
        if value is not None
    )


def total(plan: Plan, prices: Prices = US_EAST_1) -> float:
    return sum(cost.amount for cost in costs_of(plan, prices))


def test_captures_follow_the_schedules() -> None:
    assert candidate_hour(BOTH_VIEWS).s3_puts == 720 + 360 + 120
    assert candidate_hour(Plan(1, second_view=False, sound=False)).s3_puts == 720


def test_needs_grow_with_the_candidates_and_costs_do_not() -> None:
    small, large = quotas_of(Plan(1_000)), quotas_of(Plan(2_000))
    assert all(
        2 * few.needed - 2 <= many.needed <= 2 * few.needed
        for few, many in zip(small, large, strict=True)
    )
    assert total(Plan(1_000)) == total(Plan(2_000))


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_readme_says_what_the_model_says(readme: str) -> None:
    table = quotas_of(BOTH_VIEWS)[0]
    picture = ACTS["first_picture"].work
    shown = (
        f"| 20 | {picture.table_writes + picture.index_writes:.0f} |",
        f"| 950 | {10 * (BOTH_VIEWS.candidates * table.usual // (10 * table.needed)):,} |",
        f"| 0.04 | {total(BOTH_VIEWS):.3f} |",
    )
    text = (ROOT / readme).read_text(encoding="utf-8")
    assert [line for line in shown if line not in text] == []


def test_what_exceeds_a_new_account_is_told() -> None:
    assert not any(quota.is_exceeded for quota in quotas_of(Plan(300)))
    exceeded = {quota.name for quota in quotas_of(Plan(3_000)) if quota.is_exceeded}
    assert "write units a second, sessions table" in exceeded


def test_less_watching_costs_less() -> None:
    assert total(Plan(1, second_view=False)) < total(Plan(1, sound=False)) < total(Plan(1))
    assert total(Plan(1, retention_days=10)) < total(Plan(1))


@pytest.mark.parametrize(
    "price", [field.name for field in fields(Prices) if field.name not in TEXTS]
)
def test_every_price_counts(price: str) -> None:
    """A price that changes nothing would be an item that the sum has forgotten."""
    dearer = replace(US_EAST_1, **{price: getattr(US_EAST_1, price) * 2})
    assert total(BOTH_VIEWS, dearer) > total(BOTH_VIEWS)


def test_every_act_happens_in_a_full_sitting() -> None:
    assert RECORDED.acts() == ACTS


@pytest.mark.parametrize("quality", RecordingQuality)
@pytest.mark.parametrize("mode", RecordingMode)
@pytest.mark.parametrize("second_speech", [True, False])
@pytest.mark.parametrize("one_track", [True, False])
def test_subjects_page_says_what_the_model_counts(
    quality: RecordingQuality,
    mode: RecordingMode,
    one_track: bool,  # noqa: FBT001
    second_speech: bool,  # noqa: FBT001
) -> None:
    """The page's figures are counted without the model, of which only the operator has the rest."""
    modes = (mode, RecordingMode.NONE, RecordingMode.NONE) if one_track else (mode,) * 3
    rule = RecordingRule(*modes, quality, second_speech)
    plain, recorded = Plan(1), Plan(1, recording=rule, recording_days=60)
    told = sum(cost.amount for cost in recording_costs(rule, 60, US_EAST_1))
    assert told == pytest.approx(total(recorded) - total(plain), rel=1e-6, abs=1e-12)
    assert bool(told) is (mode is not RecordingMode.NONE)


def test_finer_and_longer_recordings_cost_more() -> None:
    low, high = (
        replace(ALL, quality=quality) for quality in (RecordingQuality.LOW, RecordingQuality.HIGH)
    )
    flags = RecordingRule(RecordingMode.FLAGS, RecordingMode.FLAGS, RecordingMode.FLAGS)
    unheard = replace(ALL, second_speech=False)
    assert total(Plan(1, recording=unheard)) < total(Plan(1, recording=ALL))
    assert total(Plan(1)) < total(Plan(1, recording=flags)) < total(Plan(1, recording=low))
    assert total(Plan(1, recording=low)) < total(Plan(1, recording=high))
    assert total(Plan(1, recording=ALL, recording_days=60)) > total(Plan(1, recording=ALL))
    without_phone = Plan(1, second_view=False, recording=ALL)
    assert "second_segment" not in without_phone.acts()


def test_table_of_ones_own_is_read(tmp_path: Path) -> None:
    path = tmp_path / "prices.toml"
    path.write_text(price_table(region="cn-north-1", currency="CNY", write_units=11))
    own = read_prices(path)
    assert (own.region, own.currency, own.write_units) == ("cn-north-1", "CNY", 11)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"write_units": None}, "write_units"),
        ({"writes": 1}, "writes"),
        ({"write_units": -1}, "write_units must be a price"),
        ({"write_units": "cheap"}, "write_units must be a price"),
        ({"region": 7}, "region must be text"),
    ],
)
def test_wrong_table_is_refused_by_field(
    changes: dict[str, object], reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "prices.toml"
    path.write_text(price_table(**changes))
    with pytest.raises(InfraError, match=reason):
        read_prices(path)


def test_command_prints_both_tables(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["costs", "--candidates", "12000", "--hours", "3"]) == 0
    output = capsys.readouterr().out
    assert "Quotas for 12,000 candidates" in output
    assert "together" in output
    assert "use several stages" in output


@pytest.mark.parametrize(
    "wrong", [["--candidates", "0"], ["--hours", "-1"], ["--days", "0"], ["--recording-days", "0"]]
)
def test_command_refuses_what_is_not_positive(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["costs", *wrong]) == 1
    assert "must be positive" in capsys.readouterr().err


def test_missing_price_table_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["costs", "--prices", str(tmp_path / "none.toml")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_items_of_recordings_have_their_words_on_the_subjects_page() -> None:
    texts = (ROOT / "web" / "console" / "admin" / "recordingTexts.ts").read_text(encoding="utf-8")
    for cost in recording_costs(ALL, 30, US_EAST_1):
        assert texts.count(f" {cost.item}: '") == 2, cost.item
