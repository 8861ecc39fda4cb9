"""Compose rooms: ``python -m models.evaluate.rooms FOLDER --out FOLDER [--count N] [--seed N]``.

FOLDER holds labelled pictures (``scenes.csv``, ``pairs.csv``), of which heads, phones in hands and
rooms are taken; without any, everything is drawn. Writes the pictures and their ``scenes.csv``,
which ``python -m models.evaluate`` reads. Keep them where the pictures are kept: they are parts of
them.
"""

import argparse
import csv
import sys
from collections.abc import Sequence
from pathlib import Path

from models.evaluate.rooms.compose import FRAMES, Room, compose, plans
from models.evaluate.rooms.materials import gather
from models.evaluate.scenes import read_pairs, read_scenes

COLUMNS = (
    "file", "source", "licence", "view", "faces", "persons", "phone", "book", "occluded",
    "looking_away", "notes", "group", "phone_side", "place", "behind", "covered",
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the rooms; return 0."""
    parser = argparse.ArgumentParser(prog="python -m models.evaluate.rooms", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path(".local/rooms"))
    parser.add_argument("--count", type=int, default=8, help="rooms for each size of the phone")
    parser.add_argument("--frames", type=int, default=FRAMES, help="pictures of each room")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    scenes = list(read_scenes(options.folder, []))
    materials = gather(scenes, list(read_pairs(options.folder, [])), options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    with (options.out / "scenes.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, restval="")
        writer.writeheader()
        for plan in plans(options.count):
            room = compose(plan, materials, options.seed, options.frames)
            for number, frame in enumerate(room.frames):
                name = f"{plan.name}_{number}.jpg"
                (options.out / name).write_bytes(frame)
                writer.writerow({"file": name, **labels(room)})
    print(options.out / "scenes.csv")
    return 0


def labels(room: Room) -> dict[str, str]:
    """Return a room's row of ``scenes.csv``, without the file."""
    plan = room.plan
    return {
        "source": f"composed: head {room.head}, phone {room.phone if plan.phone_side else 'none'}",
        "licence": "as the pictures it is composed of",
        "view": "side",
        "persons": "1",
        "phone": str(int(plan.phone_side > 0)),
        "book": "0",
        "notes": "simulated",
        "group": plan.group,
        "phone_side": str(plan.phone_side),
        "place": plan.place,
        "behind": str(int(plan.behind)),
        "covered": str(int(plan.covered)),
    }


if __name__ == "__main__":
    sys.exit(main())
