"""Whether the second view shows the first one's picture."""

import base64
from dataclasses import replace

import pytest

from chalicelib.domain.monitoring.baseline import FrameSignatures, ViewHistory
from chalicelib.domain.monitoring.glances import SAME_MOMENT, SIDE, with_same_view
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.types import View
from tests.support import builders as build
from tests.support.builders import NOW

PICTURE = bytes(
    (7 * row * row + 31 * column) % 251 for row in range(SIDE) for column in range(SIDE)
)
MIRRORED = b"".join(PICTURE[row : row + SIDE][::-1] for row in range(0, SIDE * SIDE, SIDE))
BRIGHTER = bytes(min(255, value // 2 + 90) for value in PICTURE)
OTHER = bytes(
    (97 * row + 13 * column * column) % 251 for row in range(SIDE) for column in range(SIDE)
)
EVEN = bytes([120]) * SIDE * SIDE


def glance(picture: bytes) -> str:
    return base64.b64encode(picture).decode()


FIRST = ViewHistory(at=NOW, glance=glance(PICTURE))


@pytest.mark.parametrize(
    ("picture", "found"),
    [(PICTURE, True), (MIRRORED, True), (BRIGHTER, True), (OTHER, False), (EVEN, False)],
    ids=["same", "mirrored", "brighter", "another place", "even"],
)
def test_picture_of_the_first_view_is_found(picture: bytes, found: bool) -> None:  # noqa: FBT001
    observation = build.observation(at=NOW + 5_000, view=View.SECOND)
    seen = with_same_view(observation, FrameSignatures(glance=glance(picture)), FIRST)
    assert [finding.kind for finding in seen.findings] == [FindingKind.SAME_VIEW] * found


def test_only_the_second_view_of_one_moment_is_compared() -> None:
    signatures = FrameSignatures(glance=glance(PICTURE))
    later = build.observation(at=NOW + SAME_MOMENT + 1, view=View.SECOND)
    own = build.observation(at=NOW + 5_000)
    unreadable = replace(later, captured_at=NOW + 5_000, error="empty")
    for observation in (later, own, unreadable):
        assert with_same_view(observation, signatures, FIRST) is observation
    assert with_same_view(unreadable, signatures, None) is unreadable
