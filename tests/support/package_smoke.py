"""Runs the models of a function's package on a sample, in an isolated interpreter (-I -S).

Arguments: the folder of the unpacked package, the function, the sample. Prints the results as
JSON, with the CPU seconds of loading and of the sample, and the peak memory.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any


def main(package: str, function: str, sample: str) -> None:
    """Load the function's models from the package and run each of them once."""
    sys.path[:0] = [package]
    data = Path(sample).read_bytes()
    started_at = time.process_time()
    analyze = {"vision": _pipeline, "sound": _detector, "recording": _inspector}[function]()
    loaded_at = time.process_time()
    result = analyze(data)
    ended_at = time.process_time()
    timings = {"load_seconds": loaded_at - started_at, "run_seconds": ended_at - loaded_at}
    print(json.dumps({**result, **timings, "megabytes": _peak_megabytes()}))


def _peak_megabytes() -> float:
    """Return the peak resident memory of this process.

    `getrusage` would include the memory of the parent process.
    """
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    status = dict(line.split(":", 1) for line in lines)
    return int(status["VmHWM"].split()[0]) / 1024


def _pipeline() -> Any:
    from functions.vision.pipeline import VisionPipeline  # noqa: PLC0415  (the import is timed)

    pipeline = VisionPipeline.load()

    def analyze(data: bytes) -> dict[str, Any]:
        reference = pipeline.embed(data)
        analysis = pipeline.analyze(data, view="first", reference=reference)
        return {
            "faces": len(analysis.faces),
            "persons": len(analysis.persons),
            "similarity": analysis.similarity,
            "findings": [finding.kind for finding in analysis.findings],
            "models": sorted(analysis.models),
        }

    return analyze


def _detector() -> Any:
    from functions.sound.handler import Ears  # noqa: PLC0415

    ears = Ears.load()

    def analyze(data: bytes) -> dict[str, Any]:
        analysis = ears.detector.analyze(data)
        voice = ears.embedder.embed(analysis.speech)
        models = analysis.models | ears.embedder.models
        return {
            "speech_ratio": analysis.speech_ratio,
            "voice": 0 if voice is None else len(voice),
            "models": sorted(models),
        }

    return analyze


def _inspector() -> Any:
    from dataclasses import asdict  # noqa: PLC0415

    from functions.recording.isolation import IsolatedInspector  # noqa: PLC0415

    inspector = IsolatedInspector()

    def analyze(data: bytes) -> dict[str, Any]:
        try:
            inspected = asdict(inspector.inspect(data))
            return {**inspected, "samples": len(inspected["samples"])}
        finally:
            inspector.close()

    return analyze


if __name__ == "__main__":
    main(*sys.argv[1:])
