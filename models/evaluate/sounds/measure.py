"""What the speech model and the standard rules say of a scene, recorded or in clips."""

import io
import wave
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from chalicelib.domain.capture.captures import CLIPS_FIRST
from chalicelib.domain.monitoring.flags import apply_observation
from chalicelib.domain.monitoring.monitor_state import MonitorState
from chalicelib.domain.recording.segments import SEGMENT_LENGTH
from chalicelib.domain.rules.findings import Finding, FindingKind, Observation
from chalicelib.domain.rules.profiles import STANDARD
from chalicelib.domain.types import SECOND, Medium, Millis, View
from functions.sound.handler import SPEECH_SECONDS
from functions.sound.speech import SpeechDetector
from functions.sound.wav_decoding import RATE
from models.evaluate.sounds.noises import Samples
from models.evaluate.sounds.scenes import SECONDS, SoundScene

_LENGTH = SEGMENT_LENGTH // SECOND  # of a segment, and of a clip


@dataclass(frozen=True)
class JudgedScene:
    """A scene, its segments told as speech or not, and whether the rules flag it."""

    scene: SoundScene
    told: tuple[bool, ...]
    flagged_recorded: bool
    flagged_in_clips: bool


def judge(
    detector: SpeechDetector, all_scenes: Iterable[SoundScene], seed: int
) -> Iterator[JudgedScene]:
    """Yield each scene as the model and the rules have it."""
    for number, scene in enumerate(all_scenes):
        random = np.random.default_rng([seed, number])
        segments = [*range(0, SECONDS, _LENGTH)]
        told = tuple(_is_speech(detector, scene.samples, at) for at in segments)
        recorded = zip((at * SECOND for at in segments), told, strict=True)
        clips = [(at, _is_speech(detector, scene.samples, at / SECOND)) for at in _planned(random)]
        yield JudgedScene(
            scene,
            told,
            _is_flagged(recorded, Medium.RECORDED_SOUND),
            _is_flagged(clips, Medium.SOUND),
        )


def _planned(random: Generator) -> list[Millis]:
    """Return when clips begin: at a random moment of each period, as a plan has them."""
    latest = CLIPS_FIRST.period - CLIPS_FIRST.length
    starts = range(0, SECONDS * SECOND, CLIPS_FIRST.period)
    return [start + int(random.integers(latest)) for start in starts]


def _is_speech(detector: SpeechDetector, samples: Samples, at: float) -> bool:
    part = samples[round(at * RATE) : round((at + _LENGTH) * RATE)]
    return detector.analyze(to_wav(part)).speech_seconds >= SPEECH_SECONDS


def to_wav(samples: Samples) -> bytes:
    """Return samples from -1 to 1 as a clip."""
    stream = io.BytesIO()
    with wave.open(stream, "wb") as clip:
        clip.setparams((1, 2, RATE, 0, "NONE", ""))
        clip.writeframes((samples * 32767).astype("<i2").tobytes())
    return stream.getvalue()


def _is_flagged(told: Iterable[tuple[Millis, bool]], medium: Medium) -> bool:
    monitor = MonitorState("evaluated", "room", 1)
    for at, is_speech in told:
        update = apply_observation(
            monitor, _observation(at, medium, is_speech), STANDARD, flagging=True
        )
        if update.flags:
            return True
        monitor = update.monitor
    return False


def _observation(at: Millis, medium: Medium, is_speech: bool) -> Observation:  # noqa: FBT001
    return Observation(
        session_id="evaluated",
        capture_id=f"{at:013d}-{medium}",
        view=View.FIRST,
        medium=medium,
        captured_at=at,
        arrived_at=at + SEGMENT_LENGTH,
        key="",
        findings=(Finding(FindingKind.VOICE, 1.0),) if is_speech else (),
    )
