"""Names: unique class names, retired module paths, no `one`, and paths in the documentation."""

import ast
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = ("chalicelib", "functions")
PYTHON = ("app.py", "chalicelib", "functions", "infra", "models", "tests")
DOCUMENTED_PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|ts|vue))`")

RETIRED = (
    "chalicelib/adapters/jobs.py",
    "chalicelib/adapters/media.py",
    "chalicelib/adapters/one_time_codes.py",
    "chalicelib/adapters/passcodes.py",
    "chalicelib/adapters/push.py",
    "chalicelib/adapters/vault.py",
    "chalicelib/api/admin.py",
    "chalicelib/api/checks.py",
    "chalicelib/api/clock.py",
    "chalicelib/api/live.py",
    "chalicelib/api/problems.py",
    "chalicelib/api/saying.py",
    "chalicelib/api/setting_up.py",
    "chalicelib/api/signals.py",
    "chalicelib/api/speaking.py",
    "chalicelib/api/uploads.py",
    "chalicelib/contract/__init__.py",
    "chalicelib/contract/admin.py",
    "chalicelib/contract/cameras.py",
    "chalicelib/contract/candidate.py",
    "chalicelib/contract/checks.py",
    "chalicelib/contract/common.py",
    "chalicelib/contract/live.py",
    "chalicelib/contract/messages.py",
    "chalicelib/contract/phone.py",
    "chalicelib/contract/push.py",
    "chalicelib/contract/review.py",
    "chalicelib/contract/show.py",
    "chalicelib/contract/show_admin.py",
    "chalicelib/contract/show_ask.py",
    "chalicelib/contract/show_cameras.py",
    "chalicelib/contract/show_messages.py",
    "chalicelib/contract/show_review.py",
    "chalicelib/contract/show_staff.py",
    "chalicelib/contract/staff.py",
    "chalicelib/exam/__init__.py",
    "chalicelib/exam/accommodations.py",
    "chalicelib/exam/adjustments.py",
    "chalicelib/exam/asks.py",
    "chalicelib/exam/audit.py",
    "chalicelib/exam/calls.py",
    "chalicelib/exam/captures.py",
    "chalicelib/exam/chats.py",
    "chalicelib/exam/checks.py",
    "chalicelib/exam/config_key.py",
    "chalicelib/exam/danmaku.py",
    "chalicelib/exam/devices.py",
    "chalicelib/exam/errors.py",
    "chalicelib/exam/events.py",
    "chalicelib/exam/evidence.py",
    "chalicelib/exam/exams.py",
    "chalicelib/exam/findings.py",
    "chalicelib/exam/flags.py",
    "chalicelib/exam/framing.py",
    "chalicelib/exam/ice.py",
    "chalicelib/exam/identity.py",
    "chalicelib/exam/limits.py",
    "chalicelib/exam/lock.py",
    "chalicelib/exam/looks.py",
    "chalicelib/exam/mailings.py",
    "chalicelib/exam/memories.py",
    "chalicelib/exam/outages.py",
    "chalicelib/exam/paper_checks.py",
    "chalicelib/exam/papers.py",
    "chalicelib/exam/passcodes.py",
    "chalicelib/exam/profiles.py",
    "chalicelib/exam/record.py",
    "chalicelib/exam/reviewing.py",
    "chalicelib/exam/safe_browser.py",
    "chalicelib/exam/said.py",
    "chalicelib/exam/seated.py",
    "chalicelib/exam/sessions.py",
    "chalicelib/exam/setting_up.py",
    "chalicelib/exam/shuffling.py",
    "chalicelib/exam/states.py",
    "chalicelib/exam/timing.py",
    "chalicelib/exam/watches.py",
    "chalicelib/exam/words.py",
    "chalicelib/services/answering.py",
    "chalicelib/services/asking.py",
    "chalicelib/services/calling.py",
    "chalicelib/services/candidates.py",
    "chalicelib/services/chatting.py",
    "chalicelib/services/checking.py",
    "chalicelib/services/ending.py",
    "chalicelib/services/enrolling.py",
    "chalicelib/services/exporting.py",
    "chalicelib/services/founding.py",
    "chalicelib/services/keeping.py",
    "chalicelib/services/knocking.py",
    "chalicelib/services/locking.py",
    "chalicelib/services/looking.py",
    "chalicelib/services/mailing.py",
    "chalicelib/services/noting.py",
    "chalicelib/services/phones.py",
    "chalicelib/services/planning.py",
    "chalicelib/services/ports/post.py",
    "chalicelib/services/ports/secrets.py",
    "chalicelib/services/ports/worlds.py",
    "chalicelib/services/reaching.py",
    "chalicelib/services/reviewing.py",
    "chalicelib/services/rooms.py",
    "chalicelib/services/sealing.py",
    "chalicelib/services/setting_up.py",
    "chalicelib/services/settling.py",
    "chalicelib/services/signing_in.py",
    "chalicelib/services/sockets.py",
    "chalicelib/services/staff_signing_in.py",
    "chalicelib/services/trying.py",
    "chalicelib/services/trying_cameras.py",
    "chalicelib/services/verifying.py",
    "chalicelib/services/waking.py",
    "chalicelib/services/walking.py",
    "chalicelib/services/warning.py",
    "chalicelib/services/watching.py",
    "chalicelib/store/doors.py",
    "chalicelib/store/items.py",
    "chalicelib/store/mailings.py",
    "chalicelib/store/records.py",
    "chalicelib/store/writing.py",
    "chalicelib/wiring/data.py",
    "chalicelib/wiring/people.py",
    "chalicelib/wiring/post.py",
    "functions/sound/clips.py",
    "functions/sound/listen.py",
    "functions/vision/bodies.py",
    "functions/vision/calibrate.py",
    "functions/vision/clock.py",
    "functions/vision/framing.py",
    "functions/vision/heads.py",
    "functions/vision/identity.py",
    "functions/vision/judge.py",
    "functions/vision/live.py",
    "functions/vision/observe.py",
    "functions/vision/pictures.py",
    "functions/vision/ranks.py",
    "functions/vision/recall.py",
    "functions/vision/shots.py",
    "infra/addresses.py",
    "infra/app_deploy.py",
    "infra/archive.py",
    "infra/founding/__init__.py",
    "infra/founding/load.py",
    "infra/founding/reading.py",
    "infra/founding/written.py",
    "infra/local/child.py",
    "infra/local/state.py",
    "infra/local/turns.py",
    "infra/prepare.py",
    "infra/seed/people.py",
    "infra/sites.py",
    "infra/summary.py",
    "infra/worlds.py",
    "models/building.py",
    "models/convert/opened.py",
    "tests/support/hall.py",
    "tests/support/played_room.py",
    "tests/support/played_server.py",
    "tests/support/table.py",
    "tests/support/trial.py",
    "tests/support/worlds.py",
)
"""Modules that were renamed: their names said little, or meant two things."""


def read_sources(*places: str) -> dict[str, str]:
    """The Python files in these folders (or these files), by path from the root."""
    files = [
        file
        for place in places
        for file in (
            [ROOT / place] if place.endswith(".py") else sorted((ROOT / place).rglob("*.py"))
        )
    ]
    return {file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8") for file in files}


def duplicate_classes(sources: Mapping[str, str]) -> dict[str, list[str]]:
    """The files of each class name that is defined more than once.

    A class in the body of a class bears the outer class's name too, as PynamoDB's `Meta` does.
    """
    places: dict[str, list[str]] = defaultdict(list)
    for path, source in sources.items():
        nodes = list(ast.walk(ast.parse(source)))
        inner = {id(part) for node in nodes if isinstance(node, ast.ClassDef) for part in node.body}
        for node in nodes:
            if isinstance(node, ast.ClassDef) and id(node) not in inner:
                places[node.name].append(path)
    return {name: paths for name, paths in places.items() if len(paths) > 1}


def revived_modules(retired: Collection[str], paths: Collection[str]) -> list[str]:
    """The retired modules that exist again, as a file or as a package."""
    packages = {path.removesuffix("/__init__.py") + ".py" for path in paths}
    return sorted(set(retired) & (set(paths) | packages))


def lines_binding(name: str, source: str) -> list[int]:
    """The lines in which a loop, comprehension, lambda or function parameter binds a name."""
    return sorted(line for node in ast.walk(ast.parse(source)) for line in _bindings(node, name))


def _bindings(node: ast.AST, name: str) -> Iterator[int]:
    match node:
        case (
            ast.For(target=target) | ast.AsyncFor(target=target) | ast.comprehension(target=target)
        ):
            for part in ast.walk(target):
                if isinstance(part, ast.Name) and part.id == name:
                    yield part.lineno
        case ast.arg(arg=parameter) if parameter == name:
            yield node.lineno


def missing_paths(document: str, root: Path) -> list[str]:
    """The repository paths that a document names in backticks and that do not exist."""
    return sorted(path for path in documented_paths(document) if not (root / path).exists())


def documented_paths(document: str) -> set[str]:
    return set(DOCUMENTED_PATH.findall(document))


class TestCheckers:
    def test_class_defined_in_two_files_is_found(self) -> None:
        sources = {
            "a.py": "class Report: ...\nclass Flag: ...",
            "b.py": "def make():\n    class Report: ...",
        }
        assert duplicate_classes(sources) == {"Report": ["a.py", "b.py"]}

    def test_class_defined_twice_in_one_file_is_found(self) -> None:
        assert duplicate_classes({"a.py": "class A: ...\nclass A: ..."}) == {"A": ["a.py", "a.py"]}

    def test_class_inside_a_class_is_distinguished_by_the_outer_class(self) -> None:
        source = "class A:\n    class Meta: ...\nclass B:\n    class Meta: ..."
        assert duplicate_classes({"a.py": source}) == {}

    @pytest.mark.parametrize("path", ["functions/judge.py", "functions/judge/__init__.py"])
    def test_retired_module_is_found_as_file_and_as_package(self, path: str) -> None:
        assert revived_modules(["functions/judge.py"], [path, "x.py"]) == ["functions/judge.py"]

    def test_other_modules_are_not_retired(self) -> None:
        assert revived_modules(["functions/judge.py"], ["functions/judges.py", "judge.py"]) == []

    @pytest.mark.parametrize(
        "source",
        [
            "for one in []: ...",
            "for number, (one, two) in []: ...",
            "async def run():\n    async for one in stream(): ...",
            "[one for one in []]",
            "{one: 1 for one in []}",
            "any(one for one in [])",
            "{number for number in [] for one in []}",
            "lambda one: 1",
            "def f(one): ...",
            "def f(one, /): ...",
            "def f(*, one=1): ...",
            "def f(*one): ...",
            "async def f(**one): ...",
        ],
    )
    def test_binding_of_the_name_is_found(self, source: str) -> None:
        assert len(lines_binding("one", source)) == 1

    @pytest.mark.parametrize(
        "source",
        [
            "# for one in x",
            "'for one in x'",
            "f(one=1)",
            "for flag in one: ...",
            "for flag.one in []: ...",
            "def one(): ...",
            "lambda someone: someone.one",
        ],
    )
    def test_mere_mention_of_the_name_is_allowed(self, source: str) -> None:
        assert lines_binding("one", source) == []

    def test_line_of_the_binding_is_returned(self) -> None:
        assert lines_binding("one", "x = 1\nfor one in []: ...\ndef f(\n    one): ...") == [2, 4]

    def test_missing_documented_path_is_found(self, tmp_path: Path) -> None:
        (tmp_path / "web").mkdir()
        (tmp_path / "web" / "here.ts").touch()
        document = "`web/here.ts`, `web/gone.vue`, `a/b/gone.py`; not `gone.py`, `GET /a/b`, a/c.py"
        assert missing_paths(document, tmp_path) == ["a/b/gone.py", "web/gone.vue"]


def test_class_names_are_unique() -> None:
    assert duplicate_classes(read_sources(*PRODUCT)) == {}


def test_retired_modules_do_not_exist_again() -> None:
    assert revived_modules(RETIRED, read_sources(*PYTHON)) == []


def test_no_element_is_named_one() -> None:
    lines = {path: lines_binding("one", source) for path, source in read_sources(*PYTHON).items()}
    assert {path: numbers for path, numbers in lines.items() if numbers} == {}


def test_paths_in_the_architecture_guide_exist() -> None:
    document = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert len(documented_paths(document)) > 10
    assert missing_paths(document, ROOT) == []
