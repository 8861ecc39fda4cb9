"""Is there a phone? Up to three looks, each taken only while the ones before leave a doubt.

1. the ordinary look of the first detector, taken for persons and things anyhow
2. the same detector from farther away: a phone held before the camera is larger than those it
   was trained on
3. a detector of another design

The answer is a mean of the three that asks for agreement: of the square roots, squared, so that
one detector's certainty does not outweigh the others' silence. Most pictures end at the first look.
"""

from collections.abc import Sequence
from dataclasses import replace

from functions.vision.boxes import Box
from functions.vision.image_decoding import DecodedPicture
from functions.vision.objects import DISTANT, PADDED, ObjectDetector

# Below this mean of the looks taken so far, those to come are not worth their time.
_DOUBT = 0.1
_FLOOR = 0.02


class PhoneDetector:
    """Asks two detectors about phones alone."""

    def __init__(self, objects: ObjectDetector, recheck: ObjectDetector) -> None:
        self._objects, self._recheck = objects, recheck

    def detect(self, picture: DecodedPicture, seen: Sequence[Box]) -> Box | None:
        """The likeliest phone, its score of all looks; *seen* is from the first look."""
        found = [_strongest(seen)]
        looks = (
            (self._objects, picture.half, DISTANT),
            (self._recheck, picture.image, PADDED),
        )
        for finder, image, fit in looks:
            if _mean(found) < _DOUBT:
                return None
            found.append(_strongest(finder.detect(finder.prepare(image, fit), _FLOOR)))
        boxes = [box for box in found if box is not None]
        clearest = max(boxes, key=lambda box: box.score)
        return replace(clearest, score=_mean(found))


def _strongest(boxes: Sequence[Box]) -> Box | None:
    phones = [box for box in boxes if box.label == "phone"]
    return max(phones, key=lambda box: box.score, default=None)


def _mean(found: Sequence[Box | None]) -> float:
    return float((sum(box.score**0.5 for box in found if box) / len(found)) ** 2)
