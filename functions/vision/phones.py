"""Phone detection: a cascade of up to three detections; each runs only if the score so far allows.

1. the object detector on the picture, which runs for persons and things anyway
2. the object detector on the shrunk picture: a phone held to the camera is larger than those that
   the detector was trained on
3. a second detector of another architecture (model ``phone_recheck``)

The score is the mean of the three square roots, squared. This rewards agreement: one detector's
high score does not outweigh the others' silence. Most pictures end at the first stage.
"""

from collections.abc import Sequence
from dataclasses import replace

from functions.vision.boxes import Box
from functions.vision.image_decoding import DecodedPicture
from functions.vision.objects import LETTERBOX, SHRINK, ObjectDetector

# Below this combined score of the stages so far, the remaining stages are not worth their time.
_MIN_COMBINED_SCORE = 0.1
_MIN_SCORE = 0.02


class PhoneDetector:
    """Combines two object detectors to detect phones."""

    def __init__(self, objects: ObjectDetector, recheck: ObjectDetector) -> None:
        self._objects, self._recheck = objects, recheck

    def detect(self, picture: DecodedPicture, objects: Sequence[Box]) -> Box | None:
        """Return the likeliest phone with its combined score; *objects* are of the first stage."""
        candidates = [_best_phone(objects)]
        stages = (
            (self._objects, picture.half, SHRINK),
            (self._recheck, picture.image, LETTERBOX),
        )
        for detector, image, resize in stages:
            if _combined_score(candidates) < _MIN_COMBINED_SCORE:
                return None
            boxes = detector.detect(detector.prepare(image, resize), _MIN_SCORE)
            candidates.append(_best_phone(boxes))
        phones = [box for box in candidates if box is not None]
        best = max(phones, key=lambda box: box.score)
        return replace(best, score=_combined_score(candidates))


def _best_phone(boxes: Sequence[Box]) -> Box | None:
    phones = [box for box in boxes if box.label == "phone"]
    return max(phones, key=lambda box: box.score, default=None)


def _combined_score(candidates: Sequence[Box | None]) -> float:
    return float((sum(box.score**0.5 for box in candidates if box) / len(candidates)) ** 2)
