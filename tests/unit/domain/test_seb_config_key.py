"""The Config Key, against a key from Safe Exam Browser itself, and rule by rule."""

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

PUBLISHED_KEY = "4fa9af8ec8759eb7c680752ef4ee5eaf1a860628608fccae2715d519849f9292"
SETTINGS_FILE = Path(__file__).parents[2] / "data" / "safe_browser_settings.json"
PAGE = "https://pages.test/exam/index.html"


def published_settings() -> dict[str, SebValue]:
    """The settings of a config file of Safe Exam Browser for macOS with a published key."""
    groups = json.loads(SETTINGS_FILE.read_text(encoding="utf-8"))
    return {name: group["value"] for group in groups for name in group["settings"]}


def key_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_published_key_is_reproduced() -> None:
    settings = published_settings()
    assert len(settings) == 201
    assert config_key(settings) == PUBLISHED_KEY
    assert config_key(dict(reversed(settings.items()))) == PUBLISHED_KEY


def test_every_setting_affects_the_key() -> None:
    settings = published_settings()
    for name, value in settings.items():
        other: SebValue = not value if isinstance(value, bool) else f"{value!r}x"
        assert config_key({**settings, name: other}) != PUBLISHED_KEY


@pytest.mark.parametrize(
    ("settings", "text"),
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
def test_settings_are_serialized_as_by_the_browser(settings: SebSettings, text: str) -> None:
    assert config_key(settings) == key_of(text)


def test_config_file_contains_the_settings_of_the_key() -> None:
    rule = SebRule(SebUse.REQUIRED, quit_hash="0" * 64)
    read_back = plistlib.loads(config_file(rule, PAGE).encode())
    assert read_back == config_settings(rule, PAGE)
    assert config_key(read_back) == config_key(config_settings(rule, PAGE))
    assert read_back["startURL"] == PAGE
    assert read_back["hashedQuitPassword"] == "0" * 64
    assert read_back["browserMediaCaptureCamera"] is True
    assert read_back["browserMediaCaptureMicrophone"] is True
    texts = [value for value in read_back.values() if isinstance(value, str)]
    assert not any('"' in text or "\\" in text for text in texts)


class TestProofs:
    RULE = SebRule(SebUse.REQUIRED)
    URL = proof_url(PAGE, "nonce")
    KEY = config_key(config_settings(RULE, PAGE))

    def test_url_hash_excludes_the_fragment(self) -> None:
        url_hash = digest("https://a.test/b?c=d", self.KEY)
        assert matches_url_hash(url_hash.upper(), "https://a.test/b?c=d#e", self.KEY)
        assert matches_url_hash(url_hash, "https://a.test/b?c=d#e#f", self.KEY)
        assert not matches_url_hash(url_hash, "https://a.test/b", self.KEY)
        assert not matches_url_hash(url_hash, "https://a.test/b?c=d", "0" * 64)

    @pytest.mark.parametrize("url_hash", ["", "x", "考", "0" * 64, PUBLISHED_KEY])
    def test_other_digests_do_not_match(self, url_hash: str) -> None:
        assert not matches_url_hash(url_hash, self.URL, self.KEY)

    def test_proof_of_other_settings_is_rejected(self) -> None:
        assert verify_proof(self.RULE, PAGE, SebProof(self.URL, digest(self.URL, self.KEY)))
        looser = SebRule(SebUse.REQUIRED, quit_hash="1" * 64)
        assert not verify_proof(looser, PAGE, SebProof(self.URL, digest(self.URL, self.KEY)))

    def test_proof_needs_one_of_the_accepted_exam_keys(self) -> None:
        rule = SebRule(SebUse.REQUIRED, ("a" * 64, "b" * 64))
        right = digest(self.URL, self.KEY)
        for key, passes in (("a" * 64, True), ("b" * 64, True), ("c" * 64, False)):
            proof = SebProof(self.URL, right, digest(self.URL, key))
            assert verify_proof(rule, PAGE, proof) is passes
            assert not verify_proof(rule, PAGE, SebProof(self.URL, "0" * 64, digest(self.URL, key)))
        assert not verify_proof(rule, PAGE, SebProof(self.URL, right))
