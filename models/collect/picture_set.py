"""A set of pictures: a folder for each volunteer, and scenes.csv over all of them.

    SET/scenes.csv                 what `make evaluate PICTURES=SET` reads
    SET/<volunteer>/consent.txt    the signed form; without it no picture is stored
    SET/<volunteer>/progress.json  which steps are done or skipped
    SET/<volunteer>/scenes/*.jpg   the pictures
    SET/<volunteer>/scenes.csv     the same for this volunteer alone

Deleting a volunteer's folder deletes everything about this person.
"""

import csv
import io
import json
import re
import secrets
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from models.collect.consent import VolunteerConsent, signed_form
from models.collect.script import PICTURES, STEPS, Step, label_columns

CameraView = Literal["first", "second"]
Status = Literal["open", "done", "skipped"]
COLUMNS = (
    *("file", "source", "licence", "view", "faces", "persons", "phone", "book", "occluded"),
    *("looking_away", "looking_down", "group", "notes"),
)
_VOLUNTEER = re.compile(r"^v[0-9a-f]{8}$")
_VIEWS: tuple[CameraView, ...] = ("first", "second")


class NotAgreed(Exception):
    """Nothing is stored of a person who has not agreed."""


class UnknownVolunteer(Exception):
    """The set holds no folder of this volunteer."""


class Volunteer:
    """One volunteer's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.number = folder, folder.name

    @property
    def has_agreed(self) -> bool:
        """Whether the signed form is there."""
        return (self.folder / "consent.txt").is_file()

    @property
    def second_agreed(self) -> bool:
        """Whether another person has agreed to be in the picture."""
        return bool(self._progress().get("second_agreed"))

    def agree(self, consent: VolunteerConsent, at: datetime) -> None:
        """Store the signed form."""
        self.folder.mkdir(parents=True, exist_ok=True)
        _write(self.folder / "consent.txt", signed_form(consent, self.number, at))
        self._store(self._progress() | {"second_agreed": bool(consent.second_name)})

    def status(self, step: Step) -> Status:
        """Return whether a step is done, skipped or open."""
        statuses: dict[str, Status] = self._progress().get("steps", {})
        return statuses.get(step.name, "open")

    def store_picture(self, step: Step, view: CameraView, number: int, content: bytes) -> None:
        """Store one picture of a step. Raises NotAgreed."""
        self._require_consent(step)
        path = self._picture(step, view, number)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)

    def has_pictures(self, step: Step) -> bool:
        """Return whether the first camera took all pictures of a step."""
        return all(self._picture(step, "first", number).is_file() for number in range(PICTURES))

    def set_status(self, step: Step, status: Status) -> None:
        """Finish, skip or reopen a step; pictures are kept of finished ones only."""
        self._require_consent(step if status == "done" else None)
        if status != "done":
            for view in _VIEWS:
                for number in range(PICTURES):
                    self._picture(step, view, number).unlink(missing_ok=True)
        progress = self._progress()
        steps = {**progress.get("steps", {}), step.name: status}
        self._store({**progress, "steps": steps})
        _write(self.folder / "scenes.csv", _table(self.rows()))

    def rows(self, prefix: str = "") -> Iterator[dict[str, str]]:
        """Yield a row of scenes.csv for each picture of the finished steps."""
        for step in STEPS:
            for view in _VIEWS if self.status(step) == "done" else ():
                for number in range(PICTURES):
                    path = self._picture(step, view, number)
                    if path.is_file():
                        yield self._row(step, view, prefix + f"scenes/{path.name}")

    def _row(self, step: Step, view: CameraView, file: str) -> dict[str, str]:
        labels = step.first if view == "first" else step.second
        return {
            "file": file,
            "source": f"volunteer {self.number}, python -m models.collect",
            "licence": "by consent, see consent.txt",
            "view": "face" if view == "first" else "side",
            **label_columns(labels),
            "group": self.number,
            "notes": step.name,
        }

    def _picture(self, step: Step, view: CameraView, number: int) -> Path:
        # The evaluation groups pictures by what stands before the first underscore.
        name = f"{self.number}_{step.name}_{view}_{number}.jpg"
        return self.folder / "scenes" / name

    def _require_consent(self, step: Step | None) -> None:
        if not self.has_agreed:
            raise NotAgreed
        if step and step.another_person and not self.second_agreed:
            raise NotAgreed

    def _progress(self) -> dict[str, dict[str, Status]]:
        try:
            progress: dict[str, dict[str, Status]] = json.loads(
                (self.folder / "progress.json").read_text("utf-8")
            )
        except FileNotFoundError:
            return {}
        return progress

    def _store(self, progress: dict[str, object]) -> None:
        _write(self.folder / "progress.json", json.dumps(progress, indent=1))


class PictureSet:
    """A set's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def new_volunteer(self) -> Volunteer:
        """Return a volunteer with a random number; nothing is stored yet."""
        return Volunteer(self.folder / f"v{secrets.token_hex(4)}")

    def volunteer(self, number: str) -> Volunteer:
        """Return the volunteer of a number. Raises UnknownVolunteer."""
        if not _VOLUNTEER.match(number) or not (self.folder / number).is_dir():
            raise UnknownVolunteer(number)
        return Volunteer(self.folder / number)

    def delete(self, volunteer: Volunteer) -> None:
        """Delete everything about a volunteer."""
        if volunteer.folder.is_dir():
            shutil.rmtree(volunteer.folder)
        self.write_scenes()

    def write_scenes(self) -> None:
        """Write scenes.csv over all volunteers that are there."""
        folders = sorted(path for path in self.folder.glob("v*") if _VOLUNTEER.match(path.name))
        rows = [row for path in folders for row in Volunteer(path).rows(f"{path.name}/")]
        if self.folder.is_dir():
            _write(self.folder / "scenes.csv", _table(iter(rows)))


def now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)


def _table(rows: Iterator[dict[str, str]]) -> str:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def _write(path: Path, text: str) -> None:
    """Write a file whole: an interruption leaves the old one."""
    part = path.with_suffix(".part")
    part.write_text(text, "utf-8")
    part.replace(path)
