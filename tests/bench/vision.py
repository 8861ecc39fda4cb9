"""Benchmark of the vision pipeline: ``python -m tests.bench.vision [--view second] [PICTURE…]``.

Prints pictures per second on one core, and the pipeline's cost relative to running its models alone
on the same inputs, for each view or for one. Both are measured picture by picture in alternating
order, so that other load affects them alike. Without pictures, frames made of tests/data are used.
"""

import argparse
import io
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from functions import MODELS_DIR
from functions.vision.boxes import FloatArray
from functions.vision.pipeline import View, VisionPipeline, open_models
from tests.data import scenes

ROUNDS = 9

Call = tuple[Any, Any, Any]


class Recorder:
    """A session that records its calls."""

    def __init__(self, session: Any, calls: list[Call]) -> None:
        self._session, self._calls = session, calls

    def run(self, names: Any, feed: Any) -> Any:
        self._calls.append((self._session, names, feed))
        return self._session.run(names, feed)

    def get_inputs(self) -> Any:
        return self._session.get_inputs()


@dataclass(frozen=True, eq=False)
class Pipelines:
    """The pipeline to measure, and one with the same models that adds their runs to ``calls``."""

    measured: VisionPipeline
    recording: VisionPipeline
    calls: list[Call]
    reference: FloatArray | None

    @classmethod
    def load(cls) -> "Pipelines":
        sessions, metadata = open_models(MODELS_DIR)
        calls: list[Call] = []
        recorders: Any = {name: Recorder(session, calls) for name, session in sessions.items()}
        measured = VisionPipeline(sessions, metadata)
        reference = measured.embed((scenes.HERE / "person_a.jpg").read_bytes())
        return cls(measured, VisionPipeline(recorders, metadata), calls, reference)


VIEWS: tuple[View, ...] = ("first", "second")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.vision", description=__doc__)
    parser.add_argument("--view", choices=VIEWS)
    parser.add_argument("pictures", nargs="*", type=Path, metavar="PICTURE")
    options = parser.parse_args()
    start_time = time.perf_counter()
    pipelines = Pipelines.load()
    print(f"models loaded in {time.perf_counter() - start_time:.2f} s")
    for view in [options.view] if options.view else VIEWS:
        pictures = [path.read_bytes() for path in options.pictures] or FRAMES[view]()
        print_results(view, [measure(pipelines, picture, view) for picture in pictures])


def measure(pipelines: Pipelines, picture: bytes, view: View) -> tuple[float, float]:
    """Return the median seconds of the pipeline, and of its model runs alone."""
    reference = pipelines.reference if view == "first" else None
    pipelines.calls.clear()
    pipelines.recording.analyze(picture, view=view, reference=reference)
    calls = list(pipelines.calls)

    def analyze() -> None:
        pipelines.measured.analyze(picture, view=view, reference=reference)

    def replay() -> None:
        for session, names, feed in calls:
            session.run(names, feed)

    pipeline_times: list[float] = []
    model_times: list[float] = []
    for number in range(ROUNDS):
        order = [(analyze, pipeline_times), (replay, model_times)]
        for work, times in order if number % 2 else reversed(order):
            times.append(cpu_seconds(work))
    return statistics.median(pipeline_times), statistics.median(model_times)


def first_frames() -> list[bytes]:
    """Return the frames of a typical exam: one person in varying light, rarely anything else."""
    person = scenes.one_person("person_a.jpg")
    images = [person.point(_scale(gain)) for gain in np.linspace(0.6, 1.2, 18)]
    images += [scenes.empty(), scenes.two_people("person_a.jpg", "person_b.jpg")]
    return [_jpeg(image) for image in images]


def second_frames() -> list[bytes]:
    """Return the frames of the phone at the side: one person in a room, rarely with a phone."""
    places = range(-60, 61, 15)
    images = [scenes.in_room("person_a.jpg", x=place) for place in places]
    images.append(scenes.in_room("person_a.jpg", phone=True))
    return [_jpeg(image.resize(SIDE_SIZE)) for image in images]


SIDE_SIZE = (960, 720)
FRAMES: dict[View, Callable[[], list[bytes]]] = {"first": first_frames, "second": second_frames}


def _scale(gain: float) -> Callable[[int], float]:
    return lambda value: value * gain


def _jpeg(frame: Any) -> bytes:
    stream = io.BytesIO()
    frame.save(stream, "JPEG", quality=85)
    return stream.getvalue()


def cpu_seconds(work: Callable[[], None]) -> float:
    """Return the CPU time of some work: it runs on one thread, and other processes do not count."""
    start_time = time.process_time()
    work()
    return time.process_time() - start_time


def print_results(view: View, times: Sequence[tuple[float, float]]) -> None:
    pipeline_seconds, model_seconds = (sum(column) for column in zip(*times, strict=True))
    count = len(times)
    median = 1000 * statistics.median(seconds for seconds, _ in times)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{view} view: {count} pictures, median of {ROUNDS} rounds, one thread")
    milliseconds = 1000 * pipeline_seconds / count
    print(
        f"{count / pipeline_seconds:.1f} pictures per second,"
        f" {milliseconds:.0f} ms each, {median:.0f} ms at the median"
    )
    print(
        f"models alone {1000 * model_seconds / count:.0f} ms each:"
        f" the pipeline takes {pipeline_seconds / model_seconds:.3f} times as long"
    )
    print(f"{memory:.0f} MB peak memory")


if __name__ == "__main__":
    main()
