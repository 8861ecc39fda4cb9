"""What stands in a view, from pictures to flags, with the real models."""

import io

import pytest
from PIL import Image

from chalicelib.domain.monitoring.monitor_state import Flag
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.profiles import Severity
from chalicelib.domain.types import View
from functions.vision.pipeline import VisionPipeline
from tests.data import scenes
from tests.data.hour import SIDE_INTERVAL
from tests.unit.vision.test_hour import HourResult, moment, monitor_hour

PHONE, STANDING = FindingKind.PHONE, FindingKind.STANDING_THING
CALM, AWAY, BACK = 20, 4, 6


def room(number: int, phone_x: int) -> bytes:
    """A candidate who moves a little, and a phone beside them."""
    frame = scenes.in_room("person_a.jpg", x=40 + number % 5, phone=True, phone_x=phone_x)
    return jpeg(frame)


def jpeg(frame: Image.Image) -> bytes:
    stream = io.BytesIO()
    frame.save(stream, "JPEG", quality=85)
    return stream.getvalue()


@pytest.fixture(scope="module")
def watched(pipeline: VisionPipeline) -> HourResult:
    places = [24] * CALM + [500] * AWAY + [24] * BACK
    frames = [room(number, place) for number, place in enumerate(places)]
    return monitor_hour(pipeline, frames, View.SECOND, SIDE_INTERVAL, None)


def flags_of(watched: HourResult, kind: FindingKind) -> list[Flag]:
    return [flag for flag in watched.flags.values() if flag.kind is kind]


def test_phone_that_lay_there_is_told_and_counts_once_it_is_moved(watched: HourResult) -> None:
    before, after = flags_of(watched, PHONE)
    assert before.ended_at is not None
    assert before.ended_at < moment(CALM, SIDE_INTERVAL)
    (told,) = flags_of(watched, STANDING)
    assert before.began_at < told.began_at < moment(CALM, SIDE_INTERVAL)
    assert told.severity is Severity.NOTICE
    assert after.began_at == moment(CALM, SIDE_INTERVAL)
    assert after.ended_at is None, "back where it lay, it still counts"


def test_calm_pictures_of_what_stands_give_no_finding(watched: HourResult) -> None:
    assert all(findings == () for findings in watched.findings[CALM - 6 : CALM])
