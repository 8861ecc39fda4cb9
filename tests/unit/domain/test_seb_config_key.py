"""The Config Key, against a key that Safe Exam Browser itself made, and rule by rule."""

import hashlib
import json
import plistlib
from pathlib import Path

import pytest

from chalicelib.domain.rules.safe_exam_browser import (
    SebProof,
    SebRule,
    SebUse,
    config_file,
    config_settings,
    proof_url,
    verify_proof,
)
from chalicelib.domain.rules.seb_config_key import (
    SebSettings,
    SebValue,
    config_key,
    matches_url_hash,
)
from tests.support.builders import digest

KNOWN_KEY = "4fa9af8ec8759eb7c680752ef4ee5eaf1a860628608fccae2715d519849f9292"
KNOWN = Path(__file__).parents[2] / "data" / "safe_browser_settings.json"
PAGE = "https://pages.test/exam/index.html"


def known_settings() -> dict[str, SebValue]:
    """The settings of a file of Safe Exam Browser for macOS whose key is public."""
    groups = json.loads(KNOWN.read_text(encoding="utf-8"))
    return {name: group["value"] for group in groups for name in group["settings"]}


def key_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_the_known_key_is_reproduced() -> None:
    settings = known_settings()
    assert len(settings) == 201
    assert config_key(settings) == KNOWN_KEY
    assert config_key(dict(reversed(settings.items()))) == KNOWN_KEY


def test_any_other_setting_makes_another_key() -> None:
    settings = known_settings()
    for name, value in settings.items():
        other: SebValue = not value if isinstance(value, bool) else f"{value!r}x"
        assert config_key({**settings, name: other}) != KNOWN_KEY


@pytest.mark.parametrize(
    ("settings", "printed"),
    [
        ({}, "{}"),
        ({"b": 1, "A": 2, "a1": 3}, '{"A":2,"a1":3,"b":1}'),
        ({"originatorVersion": "x", "a": True, "b": False}, '{"a":true,"b":false}'),
        ({"empty": {}, "none": [], "in": {"deep": {}}}, '{"in":{},"none":[]}'),
        ({"inner": {"originatorVersion": "kept"}}, '{"inner":{"originatorVersion":"kept"}}'),
        ({"data": b"\x00\xff", "text": "考 /<é"}, '{"data":"AP8=","text":"考 /<é"}'),
        ({"list": [1, "b", {"Z": 1, "a": 2}]}, '{"list":[1,"b",{"a":2,"Z":1}]}'),
        ({"r": -0.0, "s": 1.5, "t": 1e21, "u": 0.1}, '{"r":0,"s":1.5,"t":1E+21,"u":0.1}'),
    ],
)
def test_settings_are_printed_as_the_browser_prints_them(
    settings: SebSettings, printed: str
) -> None:
    assert config_key(settings) == key_of(printed)


def test_the_file_says_what_the_key_is_of() -> None:
    rule = SebRule(SebUse.REQUIRED, quit_hash="0" * 64)
    read = plistlib.loads(config_file(rule, PAGE).encode())
    assert read == config_settings(rule, PAGE)
    assert config_key(read) == config_key(config_settings(rule, PAGE))
    assert read["startURL"] == PAGE
    assert read["hashedQuitPassword"] == "0" * 64
    assert read["browserMediaCaptureCamera"] is True
    assert read["browserMediaCaptureMicrophone"] is True
    texts = [one for one in read.values() if isinstance(one, str)]
    assert not any('"' in text or "\\" in text for text in texts)


class TestProofs:
    RULE = SebRule(SebUse.REQUIRED)
    URL = proof_url(PAGE, "nonce")
    KEY = config_key(config_settings(RULE, PAGE))

    def test_a_digest_is_of_the_address_without_its_fragment(self) -> None:
        given = digest("https://a.test/b?c=d", self.KEY)
        assert matches_url_hash(given.upper(), "https://a.test/b?c=d#e", self.KEY)
        assert not matches_url_hash(given, "https://a.test/b", self.KEY)
        assert not matches_url_hash(given, "https://a.test/b?c=d", "0" * 64)

    @pytest.mark.parametrize("given", ["", "x", "考", "0" * 64, KNOWN_KEY])
    def test_anything_else_is_none(self, given: str) -> None:
        assert not matches_url_hash(given, self.URL, self.KEY)

    def test_the_right_settings_pass_and_others_do_not(self) -> None:
        assert verify_proof(self.RULE, PAGE, SebProof(self.URL, digest(self.URL, self.KEY)))
        looser = SebRule(SebUse.REQUIRED, quit_hash="1" * 64)
        assert not verify_proof(looser, PAGE, SebProof(self.URL, digest(self.URL, self.KEY)))

    def test_where_exam_keys_are_listed_one_of_them_is_asked_for_too(self) -> None:
        listed = SebRule(SebUse.REQUIRED, ("a" * 64, "b" * 64))
        right = digest(self.URL, self.KEY)
        for key, passes in (("a" * 64, True), ("b" * 64, True), ("c" * 64, False)):
            proof = SebProof(self.URL, right, digest(self.URL, key))
            assert verify_proof(listed, PAGE, proof) is passes
            assert not verify_proof(
                listed, PAGE, SebProof(self.URL, "0" * 64, digest(self.URL, key))
            )
        assert not verify_proof(listed, PAGE, SebProof(self.URL, right))
