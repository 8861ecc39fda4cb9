"""What is no good picture is a clear error, never a finding, and never costs much memory."""

import random
import resource
from collections.abc import Iterator

import pytest

from functions.vision.observe import Eyes, UnreadablePicture
from functions.vision.pictures import MAX_BYTES, WORKING_SIDE, Reason, read_picture
from tests.unit.vision.malformed import cases, encoded, noise, readable


@pytest.mark.parametrize(("data", "reason"), [pytest.param(d, r, id=n) for n, d, r in cases()])
def test_each_is_refused_with_its_reason(eyes: Eyes, data: bytes, reason: Reason) -> None:
    with pytest.raises(UnreadablePicture) as refusal:
        eyes.look(data, view="first")
    assert refusal.value.reason is reason
    with pytest.raises(UnreadablePicture):
        eyes.embed(data)


@pytest.mark.parametrize("data", [pytest.param(d, id=n) for n, d in readable()])
def test_odd_pictures_are_read_all_the_same(eyes: Eyes, data: bytes) -> None:
    assert eyes.look(data, view="first").width == 320


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
            assert read_picture(data).image.mode == "RGB"
        except UnreadablePicture:
            refused += 1
    assert refused > 30


def test_memory_stays_bounded() -> None:
    """The largest that is let in, and everything that is not, within 300 MB."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _, data, _ in cases():
        with pytest.raises(UnreadablePicture):
            read_picture(data)
    largest = encoded(noise(size=(40, 30)).resize((5160, 3870)), "JPEG", quality=60)
    assert len(largest) < MAX_BYTES
    picture = read_picture(largest)
    assert (picture.width, picture.height) == (5160, 3870)
    assert max(picture.image.size) <= WORKING_SIDE
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000
