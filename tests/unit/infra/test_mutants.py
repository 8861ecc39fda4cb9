"""`make mutants`: what is drawn, and what is told of it."""

from pathlib import Path

import pytest

from infra.errors import InfraError
from infra.mutants import SAMPLE, Choice, draw, enter_workplace, parse

NAMES = [f"chalicelib.domain.{module}.x_f__mutmut_{n}" for module in "ab" for n in range(300)]


def test_same_seed_draws_the_same_mutants_in_whatever_order_they_come() -> None:
    first = draw(NAMES, Choice(sample=20, seed=7))
    assert len(set(first)) == 20
    assert draw(NAMES[::-1], Choice(sample=20, seed=7)) == first
    assert draw(NAMES, Choice(sample=20, seed=8)) != first


def test_path_limits_what_is_drawn() -> None:
    for path in ("chalicelib/domain/a.py", "chalicelib/domain/a", "chalicelib/domain/a/"):
        assert draw(NAMES, Choice([path], None)) == sorted(NAMES[:300])
    assert len(draw(NAMES, Choice(["chalicelib/domain"], 9_999))) == len(NAMES)
    with pytest.raises(InfraError, match="chalicelib/domain/c"):
        draw(NAMES, Choice(["chalicelib/domain/c"]))


def test_command_line_draws_a_sample_unless_all_are_wanted() -> None:
    assert (parse([]).sample, parse(["--all"]).sample) == (SAMPLE, None)
    choice = parse(["--sample", "9", "--seed", "3", "--jobs", "1", "chalicelib/domain"])
    assert choice == Choice(["chalicelib/domain"], 9, 3, 1)


def test_mutmut_changes_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        enter_workplace(tmp_path / "mutants")
    assert Path.cwd() == tmp_path / "mutants"
    assert Path("chalicelib/domain").is_dir()
    assert Path("mutants/docs").is_dir()
    assert not Path("mutants/chalicelib").exists()
