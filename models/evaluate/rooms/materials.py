"""What rooms are composed of, taken from the folder of labelled pictures. Nothing is written."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image

from models.evaluate.rooms.compose import Materials
from models.evaluate.rooms.cutouts import Cutter
from models.evaluate.scenes import Pair, Scene

_MAX_HEADS = 30
_MAX_ROOMS = 24
_ROOM_SIDE = 1280


def gather(
    scenes: Sequence[Scene], pairs: Sequence[Pair], seed: int, cutter: Cutter | None = None
) -> Materials:
    """Cut out phones, small things and heads, and choose rooms without people; seeded."""
    cutter = cutter or Cutter()
    rng = np.random.default_rng((seed, 1))
    portraits = sorted({path for pair in pairs for path in (pair.a, pair.b)})
    portraits += [scene.path for scene in scenes if scene.faces == 1 and scene.view == "first"]
    shuffled = [portraits[index] for index in rng.permutation(len(portraits))]
    empty = [scene for scene in scenes if scene.persons == 0 and scene.labels["phone"] is False]
    return Materials(
        phones=tuple(cutter.phones(scenes)),
        heads=tuple(islice(cutter.heads(_new_persons(shuffled)), _MAX_HEADS)),
        rooms=tuple(islice(_rooms(cutter, empty), _MAX_ROOMS)),
        things=tuple(cutter.other_things(scenes)),
    )


def _new_persons(portraits: Sequence[Path]) -> Iterator[Path]:
    """Yield one portrait of each person: portraits of a person lie in one folder."""
    seen: set[Path] = set()
    for path in portraits:
        person = path if path.parent.name == "scenes" else path.parent
        if person not in seen:
            seen.add(person)
            yield path


def _rooms(cutter: Cutter, scenes: Sequence[Scene]) -> Iterator[Image.Image]:
    for scene in scenes:
        image = cutter.desk_picture(scene.path)
        if image is not None:
            image.thumbnail((_ROOM_SIDE, _ROOM_SIDE))
            yield image
