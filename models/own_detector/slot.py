"""Put an institution's detector into ``models/own``, check it there, and take it out again."""

import hashlib
import shutil
import tempfile
from pathlib import Path

from functions.vision.detector_description import (
    DescriptionError,
    DetectorDescription,
    read_description,
)
from functions.vision.own_detector import DESCRIPTION, FOLDER, NETWORK
from models.own_detector.errors import DetectorRefused
from models.own_detector.network import MAX_MEGABYTES, require_acceptable
from models.own_detector.trial import Trial, try_detector


def add(
    source: Path, models_dir: Path, pictures: list[Path] | None = None
) -> tuple[DetectorDescription, Trial]:
    """Check a detector and put it into the slot, in place of an earlier one.

    *source* is its description; the network lies beside it. Nothing changes if it is refused.
    Raises DetectorRefused.
    """
    description = _description(source)
    content = _network(source.parent / description.file, description)
    with tempfile.TemporaryDirectory(dir=models_dir, prefix=".own-") as scratch:
        folder = Path(scratch) / FOLDER
        folder.mkdir()
        (folder / DESCRIPTION).write_bytes(source.read_bytes())
        (folder / NETWORK).write_bytes(content)
        trial = try_detector(Path(scratch), pictures or [])
        remove(models_dir)
        folder.rename(models_dir / FOLDER)
    return description, trial


def check(models_dir: Path) -> tuple[DetectorDescription, Trial]:
    """Check the detector that is in the slot. Raises DetectorRefused."""
    folder = models_dir / FOLDER
    description = _description(folder / DESCRIPTION)
    _network(folder / NETWORK, description)
    return description, try_detector(models_dir, [])


def remove(models_dir: Path) -> bool:
    """Empty the slot; return whether there was a detector."""
    folder = models_dir / FOLDER
    if not folder.is_dir():
        return False
    shutil.rmtree(folder)
    return True


def _description(path: Path) -> DetectorDescription:
    try:
        return read_description(path)
    except DescriptionError as error:
        raise DetectorRefused(*error.faults) from error
    except OSError as error:
        raise DetectorRefused(f"{path}: {error.strerror}") from error


def _network(path: Path, description: DetectorDescription) -> bytes:
    try:
        if path.stat().st_size > MAX_MEGABYTES * 2**20:
            size = path.stat().st_size / 2**20
            raise DetectorRefused(
                f"file: {path.name} is {size:.0f} MB; {MAX_MEGABYTES} MB fit into the package "
                "(half-precision weights halve a network)"
            )
        content = path.read_bytes()
    except OSError as error:
        raise DetectorRefused(f"file: {path}: {error.strerror}") from error
    digest = hashlib.sha256(content).hexdigest()
    if digest != description.sha256:
        raise DetectorRefused(f"sha256: {path.name} has {digest}, which is not the pinned hash")
    require_acceptable(content)
    return content
