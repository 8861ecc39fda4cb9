"""The parts that a program makes of the folder's pictures: rooms, robustness, and hours."""

import sys
from collections.abc import Collection, Sequence

from functions.vision.pipeline import VisionPipeline
from models.evaluate.hours.frames import choose_cast
from models.evaluate.hours.run import play
from models.evaluate.hours.tables import hours_tables
from models.evaluate.robustness.measure import distort, portraits
from models.evaluate.robustness.tables import robustness_tables
from models.evaluate.rooms.compose import compose, plans
from models.evaluate.rooms.cutouts import Cutter
from models.evaluate.rooms.materials import gather
from models.evaluate.rooms.measure import look, room_tables
from models.evaluate.scenes import Pair, Scene
from models.evaluate.tables import Table

PARTS = ("rooms", "robustness", "hours")
_PORTRAITS_PER_ROOM = 5  # of the sample: one more room of each size


def simulated_tables(
    pipeline: VisionPipeline,
    scenes: Sequence[Scene],
    pairs: Sequence[Pair],
    parts: Collection[str],
    sample: int,
    seed: int,
) -> list[Table]:
    """Return the tables of the parts asked for; equal seeds give equal pictures."""
    result = list[Table]()
    if "robustness" in parts:
        _tell("robustness")
        faces = portraits(scenes, pairs, sample, seed)
        result += robustness_tables(distort(pipeline, faces, seed))
    if not {"rooms", "hours"} & set(parts):
        return result
    cutter = Cutter()
    materials = gather(scenes, pairs, seed, cutter)
    if "rooms" in parts:
        _tell("rooms")
        wanted = plans(max(1, sample // _PORTRAITS_PER_ROOM))
        result += room_tables(look(pipeline, (compose(plan, materials, seed) for plan in wanted)))
    if "hours" in parts:
        _tell("hours")
        cast = choose_cast(scenes, pairs, materials, seed, cutter)
        result += hours_tables(list(play(pipeline, cast, seed, cutter.shows_somebody)))
    return result


def _tell(part: str) -> None:
    """Tell on the terminal what takes the minutes."""
    print(f"{part} …", file=sys.stderr, flush=True)
