"""Malformed pictures are rejected with a reason, never a finding, and in bounded memory."""

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


@pytest.mark.parametrize(
    ("data", "reason"), [pytest.param(data, reason, id=name) for name, data, reason in cases()]
)
def test_malformed_pictures_are_rejected_with_a_reason(
    pipeline: VisionPipeline, data: bytes, reason: PictureProblem
) -> None:
    with pytest.raises(UnreadablePicture) as exc_info:
        pipeline.analyze(data, view="first")
    assert exc_info.value.reason is reason
    with pytest.raises(UnreadablePicture):
        pipeline.embed(data)


@pytest.mark.parametrize("data", [pytest.param(data, id=name) for name, data in readable()])
def test_unusual_but_valid_pictures_are_analysed(pipeline: VisionPipeline, data: bytes) -> None:
    assert pipeline.analyze(data, view="first").width == 320


def damaged() -> Iterator[bytes]:
    """Return three hundred pictures with random bytes changed."""
    generator = random.Random(7)  # noqa: S311
    for kind in ("JPEG", "PNG", "WEBP"):
        picture = encoded(noise(), kind)
        for _ in range(100):
            data = bytearray(picture)
            for _ in range(generator.choice([1, 5, 50])):
                end = min(len(data), generator.choice([64, 1024, len(data)]))
                data[generator.randrange(end)] = generator.randrange(256)
            yield bytes(data)


def test_a_damaged_picture_is_decoded_or_rejected() -> None:
    """A decoder may tolerate a wrong byte; it must not raise anything else."""
    rejections = 0
    for data in damaged():
        try:
            assert decode_picture(data).image.mode == "RGB"
        except UnreadablePicture:
            rejections += 1
    assert rejections > 30


def test_the_largest_allowed_picture_is_downscaled() -> None:
    picture = decode_picture(largest())
    assert (picture.width, picture.height) == (5160, 3870)
    assert max(picture.image.size) <= WORKING_SIDE


def test_memory_stays_bounded(tmp_path: Path) -> None:
    """The largest allowed picture and all malformed ones are decoded within 100 MB.

    In a separate process, since generating the files needs more memory than decoding them.
    """
    files = [largest(), *(data for _, data, _ in cases())]
    for number, data in enumerate(files):
        (tmp_path / str(number)).write_bytes(data)
    command = [sys.executable, "-m", "tests.unit.vision.memory_peak", str(tmp_path)]
    growth = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    assert 0 < int(growth) < 100_000
