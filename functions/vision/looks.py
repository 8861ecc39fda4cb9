"""The detectors' looks at one picture; each is taken when it is first asked for, and once.

near
    the object detector on the picture
far
    first view only: the object detector on the shrunk picture; a thing held to the camera is larger
    than those that it was trained on
tiles
    second view only: the object detector on six overlapping parts of the picture, where a phone in
    a lap is as large as those that it was trained on
again
    the second detector, of another architecture, on the picture or on one tile

All boxes are in parts of the whole picture.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from PIL import Image

from functions.vision.boxes import Box
from functions.vision.image_decoding import DecodedPicture
from functions.vision.objects import LETTERBOX, SHRINK, SMOOTH, STRETCH, DetectorInput, Resize

# Below these scores a box serves no rule: of the object detector, in tiles, of the second detector.
_MIN_SCORE, _MIN_TILE_SCORE, _MIN_SECOND_SCORE = 0.05, 0.05, 0.02
# Three tiles along the longer side, two along the shorter: nearly square in a 16:9 picture.
_ALONG, _ACROSS = 3, 2
_LENGTH, _BREADTH = 0.375, 0.67


class Detector(Protocol):
    """What finds persons and things, with the few labels that all detectors share."""

    def prepare(self, image: Image.Image, resize: Resize = STRETCH) -> DetectorInput:
        """Fit a picture into the detector's input."""

    def detect(self, frame: DetectorInput, min_score: float) -> list[Box]:
        """Return all boxes from *min_score* on."""


@dataclass(frozen=True)
class Tile:
    """A part of the picture, as fractions of its width and height."""

    x: float
    y: float
    w: float
    h: float

    def crop(self, image: Image.Image) -> Image.Image:
        """Return this part of a picture."""
        left, top = self.x * image.width, self.y * image.height
        right, bottom = left + self.w * image.width, top + self.h * image.height
        return image.crop((round(left), round(top), round(right), round(bottom)))

    def place(self, box: Box) -> Box:
        """Return a box of the tile as a box of the picture."""
        return replace(
            box,
            x=round(self.x + box.x * self.w, 4),
            y=round(self.y + box.y * self.h, 4),
            w=round(box.w * self.w, 4),
            h=round(box.h * self.h, 4),
        )


def tiles_of(width: int, height: int) -> list[Tile]:
    """Return the tiles of a picture, from the upper left on."""
    columns, rows = (_ALONG, _ACROSS) if width >= height else (_ACROSS, _ALONG)
    w, h = (_LENGTH, _BREADTH) if width >= height else (_BREADTH, _LENGTH)
    return [
        Tile((1 - w) * column / (columns - 1), (1 - h) * row / (rows - 1), w, h)
        for row in range(rows)
        for column in range(columns)
    ]


class Looks:
    """The looks at one picture, from afar or, with *tiled*, at its tiles."""

    def __init__(
        self,
        picture: DecodedPicture,
        objects: Detector,
        second: Detector,
        *,
        tiled: bool = False,
    ) -> None:
        self._picture, self._objects, self._second = picture, objects, second
        # Prepared now: running a model evicts the pixels from the processor's caches.
        self._near = objects.prepare(picture.half)
        self._tiled = tiled
        self._tiles = tiles_of(*picture.image.size) if tiled else []
        self._tiles_again: dict[int, list[Box]] = {}

    @cached_property
    def near(self) -> list[Box]:
        """The object detector's boxes in the picture."""
        return self._objects.detect(self._near, _MIN_SCORE)

    @cached_property
    def far(self) -> list[Box]:
        """The object detector's boxes in the shrunk picture; none where there are tiles."""
        if self._tiled:
            return []
        frame = self._objects.prepare(self._picture.half, SHRINK)
        return self._objects.detect(frame, _MIN_SCORE)

    @cached_property
    def again(self) -> list[Box]:
        """The second detector's boxes in the picture."""
        return self._recheck(self._picture.image)

    @cached_property
    def tiles(self) -> list[list[Box]]:
        """The object detector's boxes in each tile."""
        return [self._tile(tile) for tile in self._tiles]

    @property
    def of_objects(self) -> list[Box]:
        """All boxes of the object detector but those from afar, one thing perhaps several times."""
        return [box for look in (self.near, *self.tiles) for box in look]

    def tile_again(self, number: int) -> list[Box]:
        """The second detector's boxes in one tile."""
        if number not in self._tiles_again:
            self._tiles_again[number] = self._look_again(self._tiles[number])
        return self._tiles_again[number]

    def _look_again(self, tile: Tile) -> list[Box]:
        return [tile.place(box) for box in self._recheck(tile.crop(self._picture.image))]

    def _tile(self, tile: Tile) -> list[Box]:
        frame = self._objects.prepare(tile.crop(self._picture.image), SMOOTH)
        return [tile.place(box) for box in self._objects.detect(frame, _MIN_TILE_SCORE)]

    def _recheck(self, image: Image.Image) -> list[Box]:
        return self._second.detect(self._second.prepare(image, LETTERBOX), _MIN_SECOND_SCORE)
