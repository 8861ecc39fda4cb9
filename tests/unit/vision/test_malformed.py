"""What is no good picture is a clear error, never a finding, and never costs much memory."""

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from functions.vision.image_decoding import WORKING_SIDE, PictureProblem, decode_picture
from functions.vision.pipeline import UnreadablePicture, VisionPipeline
from infra.deployments import ROOT
from tests.unit.vision.malformed import cases, encoded, largest, noise, readable


@pytest.mark.parametrize(("data", "reason"), [pytest.param(d, r, id=n) for n, d, r in cases()])
def test_each_is_refused_with_its_reason(
    pipeline: VisionPipeline, data: bytes, reason: PictureProblem
) -> None:
    with pytest.raises(UnreadablePicture) as refusal:
        pipeline.analyze(data, view="first")
    assert refusal.value.reason is reason
    with pytest.raises(UnreadablePicture):
        pipeline.embed(data)


@pytest.mark.parametrize("data", [pytest.param(d, id=n) for n, d in readable()])
def test_odd_pictures_are_read_all_the_same(pipeline: VisionPipeline, data: bytes) -> None:
    assert pipeline.analyze(data, view="first").width == 320


def damaged() -> Iterator[bytes]:
    """Three hundred pictures with bytes changed anywhere."""
    dice = random.Random(7)  # noqa: S311
    for kind in ("JPEG", "PNG", "WEBP"):
        whole = encoded(noise(), kind)
        for _ in range(100):
            data = bytearray(whole)
            for _ in range(dice.choice([1, 5, 50])):
                data[dice.randrange(min(len(data), dice.choice([64, 1024, len(data)])))] = (
                    dice.randrange(256)
                )
            yield bytes(data)


def test_damage_anywhere_is_an_error_or_a_picture() -> None:
    """A decoder may forgive a wrong byte; it may not fall over it."""
    refused = 0
    for data in damaged():
        try:
            assert decode_picture(data).image.mode == "RGB"
        except UnreadablePicture:
            refused += 1
    assert refused > 30


def test_the_largest_is_let_in_and_shrunk() -> None:
    picture = decode_picture(largest())
    assert (picture.width, picture.height) == (5160, 3870)
    assert max(picture.image.size) <= WORKING_SIDE


def test_memory_stays_bounded(tmp_path: Path) -> None:
    """The largest that is let in, and everything that is not, within 100 MB.

    In a process of its own: where files are made, their making is the peak, and hides the rest.
    """
    files = [largest(), *(data for _, data, _ in cases())]
    for number, data in enumerate(files):
        (tmp_path / str(number)).write_bytes(data)
    command = [sys.executable, "-m", "tests.unit.vision.memory_peak", str(tmp_path)]
    grown = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    assert 0 < int(grown) < 100_000
