"""Benchmark of the vision pipeline: ``python -m tests.bench.vision [PICTURE…]``.

Prints pictures per second on one core, and the pipeline's cost relative to running its models alone
on the same inputs. Both are measured picture by picture in alternating order, so that other load
affects them alike. Without pictures, webcam frames made of tests/data are used.
"""

import io
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from functions.vision.boxes import FloatArray
from functions.vision.pipeline import VisionPipeline
from tests.data import scenes

ROUNDS = 9
_MODEL_OWNERS = ("_faces", "_embedder", "_head_pose", "_gaze", "_objects", "_liveness", "_pose")

Call = tuple[Any, Any, Any]


class Recorder:
    """Wraps a session and records its calls."""

    def __init__(self, session: Any, calls: list[Call]) -> None:
        self._session, self._calls = session, calls

    def run(self, names: Any, feed: Any) -> Any:
        self._calls.append((self._session, names, feed))
        return self._session.run(names, feed)


def main(paths: Sequence[str]) -> None:
    start_time = time.perf_counter()
    pipeline = VisionPipeline.load()
    print(f"models loaded in {time.perf_counter() - start_time:.2f} s")
    pictures = [Path(path).read_bytes() for path in paths] or frames()
    reference = pipeline.embed((scenes.HERE / "person_a.jpg").read_bytes())
    times = [measure(pipeline, picture, reference) for picture in pictures]
    pipeline_seconds, model_seconds = (sum(column) for column in zip(*times, strict=True))
    print_results(pipeline_seconds, model_seconds, len(pictures))


def measure(
    pipeline: VisionPipeline, picture: bytes, reference: FloatArray | None
) -> tuple[float, float]:
    """Return the median seconds of the pipeline, and of its model runs alone."""
    calls = record_calls(pipeline, picture, reference)

    def analyze() -> None:
        pipeline.analyze(picture, view="first", reference=reference)

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


def frames() -> list[bytes]:
    """Return the frames of a typical exam: one person in varying light, rarely anything else."""
    person = scenes.one_person("person_a.jpg")
    images = [person.point(_scale(gain)) for gain in np.linspace(0.6, 1.2, 18)]
    images += [scenes.empty(), scenes.two_people("person_a.jpg", "person_b.jpg")]
    return [_jpeg(image) for image in images]


def _scale(gain: float) -> Callable[[int], float]:
    return lambda value: value * gain


def _jpeg(frame: Any) -> bytes:
    stream = io.BytesIO()
    frame.save(stream, "JPEG", quality=85)
    return stream.getvalue()


def record_calls(
    pipeline: VisionPipeline, picture: bytes, reference: FloatArray | None
) -> list[Call]:
    """Return every model run of the pipeline for a picture."""
    calls: list[Call] = []
    owners = [getattr(pipeline, name) for name in _MODEL_OWNERS]
    owners.append(pipeline._phones._recheck)
    for owner in owners:
        owner._session = Recorder(owner._session, calls)
    pipeline.analyze(picture, view="first", reference=reference)
    for owner in owners:
        owner._session = owner._session._session
    return calls


def cpu_seconds(work: Callable[[], None]) -> float:
    """Return the CPU time of some work: it runs on one thread, and other processes do not count."""
    start_time = time.process_time()
    work()
    return time.process_time() - start_time


def print_results(pipeline_seconds: float, model_seconds: float, count: int) -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count} pictures, median of {ROUNDS} rounds, one thread")
    milliseconds = 1000 * pipeline_seconds / count
    print(f"{count / pipeline_seconds:.1f} pictures per second, {milliseconds:.0f} ms each")
    print(
        f"models alone {1000 * model_seconds / count:.0f} ms each:"
        f" the pipeline takes {pipeline_seconds / model_seconds:.3f} times as long"
    )
    print(f"{memory:.0f} MB peak memory")


if __name__ == "__main__":
    main(sys.argv[1:])
