"""How fast the eyes are: ``python -m tests.bench.vision [PICTURE…]``.

Prints pictures a second on one core, and what the pipeline costs against the bare runs of its
models on the very same inputs: picture by picture, now the one and now the other first, so that a
busy moment hits both alike. Without pictures it takes webcam frames made of tests/data.
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
_OWNERS = ("_faces", "_recogniser", "_heads", "_gazes", "_objects", "_life", "_bodies")

Call = tuple[Any, Any, Any]


class Recorder:
    """Stands before a session and keeps what it was asked."""

    def __init__(self, session: Any, calls: list[Call]) -> None:
        self._session, self._calls = session, calls

    def run(self, names: Any, feed: Any) -> Any:
        self._calls.append((self._session, names, feed))
        return self._session.run(names, feed)


def main(paths: Sequence[str]) -> None:
    started = time.perf_counter()
    pipeline = VisionPipeline.load()
    print(f"models loaded in {time.perf_counter() - started:.2f} s")
    pictures = [Path(path).read_bytes() for path in paths] or frames()
    reference = pipeline.embed((scenes.HERE / "person_a.jpg").read_bytes())
    times = [measure(pipeline, picture, reference) for picture in pictures]
    whole, bare = (sum(column) for column in zip(*times, strict=True))
    tell(whole, bare, len(pictures))


def measure(
    pipeline: VisionPipeline, picture: bytes, reference: FloatArray | None
) -> tuple[float, float]:
    """The median seconds of a whole look, and of the bare runs of the models it takes."""
    calls = record(pipeline, picture, reference)

    def look() -> None:
        pipeline.analyze(picture, view="first", reference=reference)

    def replay() -> None:
        for session, names, feed in calls:
            session.run(names, feed)

    whole: list[float] = []
    bare: list[float] = []
    for number in range(ROUNDS):
        turns = [(look, whole), (replay, bare)]
        for work, times in turns if number % 2 else reversed(turns):
            times.append(timed(work))
    return statistics.median(whole), statistics.median(bare)


def frames() -> list[bytes]:
    """What a calm exam sends: one person, now brighter, now darker, rarely something else."""
    shown = [scenes.alone("person_a.jpg").point(_gain(gain)) for gain in np.linspace(0.6, 1.2, 18)]
    shown += [scenes.empty(), scenes.together("person_a.jpg", "person_b.jpg")]
    return [_jpeg(frame) for frame in shown]


def _gain(gain: float) -> Callable[[int], float]:
    return lambda value: value * gain


def _jpeg(frame: Any) -> bytes:
    stream = io.BytesIO()
    frame.save(stream, "JPEG", quality=85)
    return stream.getvalue()


def record(pipeline: VisionPipeline, picture: bytes, reference: FloatArray | None) -> list[Call]:
    """Every run of a model that looking at a picture takes."""
    calls: list[Call] = []
    finders = [getattr(pipeline, name) for name in _OWNERS]
    finders.append(pipeline._phones._recheck)
    for finder in finders:
        finder._session = Recorder(finder._session, calls)
    pipeline.analyze(picture, view="first", reference=reference)
    for finder in finders:
        finder._session = finder._session._session
    return calls


def timed(work: Callable[[], None]) -> float:
    """Seconds of the processor: everything runs on one thread, and other programs do not count."""
    started = time.process_time()
    work()
    return time.process_time() - started


def tell(whole: float, bare: float, count: int) -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count} pictures, median of {ROUNDS} rounds, one thread")
    print(f"{count / whole:.1f} pictures a second, {1000 * whole / count:.0f} ms each")
    print(
        f"bare model runs {1000 * bare / count:.0f} ms each: the pipeline costs {whole / bare:.3f} of them"
    )
    print(f"{memory:.0f} MB at most")


if __name__ == "__main__":
    main(sys.argv[1:])
