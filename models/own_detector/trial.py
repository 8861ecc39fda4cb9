"""Run an institution's detector once, in a process of its own: a hostile network ends that process.

The process is bounded in memory and time. It runs the code of the function on pictures without
anything in them, where networks fail that always expect a box, on noise, and on given pictures; it
prints one JSON object with its measurements, or with the reason why the detector cannot be used.
"""

import json
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from functions.vision.boxes import Box
from functions.vision.detector_output import DetectorFault
from functions.vision.own_detector import RUN_ERRORS, OwnDetector
from models.manifest import MODELS_DIR
from models.own_detector.errors import DetectorRefused

MAX_MILLISECONDS = 250
"""A picture's processor time, on one core."""
MAX_RISE = 300
"""Megabytes of memory beside the product's own models."""
_MAX_SECONDS = 120
_MAX_ADDRESS_SPACE = 3 * 2**30
_RUNS = 5
_PICTURE = (1280, 720)


@dataclass(frozen=True)
class Trial:
    """What a trial measured: processor milliseconds a picture, megabytes of memory, boxes found."""

    milliseconds: float
    megabytes: float
    found: dict[str, list[str]]


def try_detector(models_dir: Path, pictures: list[Path]) -> Trial:
    """Try the detector of *models_dir* in another process. Raises DetectorRefused."""
    paths = [str(path.resolve()) for path in (models_dir, *pictures)]
    command = [sys.executable, "-m", "models.own_detector.trial", *paths]
    try:
        result = subprocess.run(  # noqa: S603
            command,
            capture_output=True,
            text=True,
            check=False,
            timeout=_MAX_SECONDS,
            cwd=MODELS_DIR.parent,
        )
    except subprocess.TimeoutExpired:
        raise DetectorRefused(f"it did not finish within {_MAX_SECONDS} s") from None
    try:
        report: dict[str, Any] = json.loads(result.stdout)
    except ValueError:
        lines = result.stderr.strip().splitlines()
        reason = lines[-1] if lines else f"exit code {result.returncode}"
        raise DetectorRefused(f"its process ended without an answer: {reason}") from None
    if "fault" in report:
        raise DetectorRefused(report["fault"])
    return _within_bounds(Trial(**report))


def _within_bounds(trial: Trial) -> Trial:
    if trial.milliseconds > MAX_MILLISECONDS:
        raise DetectorRefused(
            f"a picture takes {trial.milliseconds:.0f} ms; at most {MAX_MILLISECONDS} ms are "
            "acceptable, or pictures are judged too late"
        )
    if trial.megabytes > MAX_RISE:
        raise DetectorRefused(f"it needs {trial.megabytes:.0f} MB of memory; at most {MAX_RISE} MB")
    return trial


def main(arguments: list[str]) -> int:
    """Try the detector in this process and print the result; return the exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (_MAX_ADDRESS_SPACE, _MAX_ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CPU, (_MAX_SECONDS, _MAX_SECONDS))
    models_dir, *pictures = (Path(argument) for argument in arguments)
    try:
        print(json.dumps(asdict(_measure(models_dir, pictures))))
    except DetectorFault as fault:
        print(json.dumps({"fault": str(fault)}))
    except RUN_ERRORS as error:
        print(json.dumps({"fault": f"the runtime cannot run it: {str(error)[:300]}"}))
    except MemoryError:
        print(json.dumps({"fault": "it needs too much memory"}))
    return 0


def _measure(models_dir: Path, pictures: list[Path]) -> Trial:
    before = _peak_megabytes()
    detector = OwnDetector.load(models_dir)
    if detector is None:
        raise DetectorFault("file", "there is no detector to try")
    noise = np.random.default_rng(0).integers(0, 256, (_PICTURE[1], _PICTURE[0], 3), np.uint8)
    frames = [
        *(Image.new("RGB", _PICTURE, (level,) * 3) for level in (0, 128, 255)),
        Image.fromarray(noise),
    ]
    times = [_milliseconds(detector, frames[run % len(frames)]) for run in range(_RUNS + 1)]
    found = {path.name: _found(detector, path) for path in pictures}
    # The first run also loads what later runs find there.
    return Trial(
        round(statistics.median(times[1:]), 1), round(_peak_megabytes() - before, 1), found
    )


def _milliseconds(detector: OwnDetector, frame: Image.Image) -> float:
    started_at = time.process_time()
    detector.detect(frame)
    return (time.process_time() - started_at) * 1000


def _found(detector: OwnDetector, path: Path) -> list[str]:
    with Image.open(path) as image:
        return [_line(box) for box in detector.detect(image.convert("RGB"))]


def _line(box: Box) -> str:
    return f"{box.label} {box.score:.2f} at {box.x:.2f}, {box.y:.2f}, {box.w:.2f} × {box.h:.2f}"


def _peak_megabytes() -> float:
    """Return this process's peak memory; 0 where the system does not tell its own part."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return 0.0
    fields = dict(line.split(":", 1) for line in status.read_text("ascii").splitlines())
    return int(fields["VmHWM"].split()[0]) / 1024


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
