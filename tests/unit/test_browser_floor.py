"""The floor of browsers: what people read names the versions of web/floor/floor.json."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOOR: dict[str, str] = json.loads((ROOT / "web/floor/floor.json").read_text(encoding="utf-8"))
CHINESE = (
    f"Chrome 或 Edge {FLOOR['chrome']} 以上、Firefox {FLOOR['firefox']} 以上、"
    f"Safari {FLOOR['safari']} 以上"
)
ENGLISH = f"Chrome or Edge {FLOOR['chrome']}, Firefox {FLOOR['firefox']}, Safari {FLOOR['safari']}"
MATRIX = f"Edge {FLOOR['edge']}"


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("README.md", ENGLISH),
        ("README.zh.md", CHINESE),
        ("docs/guide/candidate.md", ENGLISH),
        ("docs/guide/candidate.zh.md", CHINESE),
        ("docs/guide/proctor.md", ENGLISH),
        ("docs/guide/proctor.zh.md", CHINESE),
        ("docs/browsers.md", MATRIX),
        ("docs/browsers.zh.md", MATRIX),
    ],
)
def test_document_names_the_floor(document: str, words: str) -> None:
    assert words in (ROOT / document).read_text(encoding="utf-8")


def test_phone_guides_name_the_floor_of_ios() -> None:
    for name in ("candidate.md", "candidate.zh.md"):
        text = (ROOT / "docs/guide" / name).read_text(encoding="utf-8")
        assert f"iOS {FLOOR['safari_ios']}" in text
