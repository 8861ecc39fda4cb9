"""Runs in a clean interpreter (-I -S): the models of a function's package, on a real sample.

Arguments: the folder of the unpacked package, the function, the sample. Prints what was found,
with the seconds of the processor that import and load, and then the sample, took, and the memory.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any


def main(package: str, function: str, sample: str) -> None:
    """Load the function's models from the package and use each of them once."""
    sys.path[:0] = [package]
    data = Path(sample).read_bytes()
    started = time.process_time()
    use = {"vision": _pipeline, "sound": _detector}[function]()
    loaded = time.process_time()
    found = use(data)
    done = time.process_time()
    spent = {"load_seconds": loaded - started, "use_seconds": done - loaded}
    print(json.dumps({**found, **spent, "megabytes": _peak_megabytes()}))


def _peak_megabytes() -> float:
    """The most memory held since this program began.

    Not `getrusage`, which counts what the process that started this one held, too.
    """
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    held = dict(line.split(":", 1) for line in lines)
    return int(held["VmHWM"].split()[0]) / 1024


def _pipeline() -> Any:
    from functions.vision.pipeline import VisionPipeline  # noqa: PLC0415  (its time is measured)

    pipeline = VisionPipeline.load()

    def look(data: bytes) -> dict[str, Any]:
        reference = pipeline.embed(data)
        analysis = pipeline.analyze(data, view="first", reference=reference)
        return {
            "faces": len(analysis.faces),
            "persons": len(analysis.persons),
            "similarity": analysis.similarity,
            "findings": [finding.kind for finding in analysis.findings],
            "models": sorted(analysis.models),
        }

    return look


def _detector() -> Any:
    from functions.sound.speech import SpeechDetector  # noqa: PLC0415

    detector = SpeechDetector.load()

    def listen(data: bytes) -> dict[str, Any]:
        heard = detector.analyze(data)
        return {"speech_ratio": heard.speech_ratio, "models": sorted(heard.models)}

    return listen


if __name__ == "__main__":
    main(*sys.argv[1:])
