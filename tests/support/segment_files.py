"""Segments of recordings, made with PyAV as browsers make them: WebM without a duration, or MP4."""

import io
import math
import wave
from array import array
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import av

RATE = 48_000
SENTENCE = Path(__file__).parents[1] / "data" / "speech.wav"
NUMBER_BITS = 16
_SOUND_FRAMES = {"libopus": (960, "s16"), "aac": (1024, "fltp")}


@dataclass(frozen=True)
class SegmentFile:
    """What a segment holds; `hue` makes its bytes its own."""

    seconds: float = 2.0
    container: str = "webm"
    video: str | None = "libvpx"
    sound: str | None = "libopus"
    silent: bool = False
    speech: bytes = b""
    """Samples of 16 bits, one channel, at 16 kHz, instead of a tone: they are repeated to the end."""
    hue: int = 0
    frame_rate: int = 10
    size: tuple[int, int] = (320, 240)
    fragmented: bool = True
    frames_from: int | None = None
    """Draw each frame's number, counted from here, as 16 bars over the picture's upper quarter."""


WEBM = SegmentFile()
MP4 = SegmentFile(container="mp4", video="mpeg4", sound="aac")
SCREEN = SegmentFile(sound=None, frame_rate=5)


def read_aloud() -> bytes:
    """Return the samples of a sentence that a person reads, for `speech`."""
    with wave.open(str(SENTENCE)) as sound:
        return bytes(sound.readframes(sound.getnframes()))


@cache
def make_segment(file: SegmentFile = WEBM) -> bytes:
    """Return the bytes of a segment."""
    target = io.BytesIO()
    with av.open(target, "w", format=file.container, options=_options(file)) as container:
        streams = []
        if file.video:
            video: Any = container.add_stream(file.video, rate=file.frame_rate)
            video.width, video.height = file.size
            video.pix_fmt, video.bit_rate = "yuv420p", 150_000
            if file.video == "libvpx":
                video.options = {"deadline": "realtime", "cpu-used": "8"}  # as a browser does
            streams.append((video, _pictures(file)))
        if file.sound:
            sound: Any = container.add_stream(file.sound, rate=RATE)
            sound.bit_rate, sound.layout = 32_000, "mono"
            streams.append((sound, _sounds(file)))
        packets = []
        for stream, frames in streams:
            packets += [packet for frame in frames for packet in stream.encode(frame)]
            packets += stream.encode(None)
        for packet in sorted(packets, key=lambda packet: float(packet.dts * packet.time_base)):
            container.mux(packet)
    return target.getvalue()


def _options(file: SegmentFile) -> dict[str, str]:
    if file.container == "webm":
        return {"live": "1"}  # written to a stream, as MediaRecorder does: no duration, no index
    return {"movflags": "frag_keyframe+empty_moov"} if file.fragmented else {}


def _pictures(file: SegmentFile) -> list[Any]:
    frames = []
    for number in range(round(file.seconds * file.frame_rate)):
        frame = av.VideoFrame(*file.size, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes([(file.hue + number * 3) % 256]) * plane.buffer_size)
        if file.frames_from is not None:
            _draw_number(frame, file.frames_from + number)
        frame.pts, frame.time_base = number, Fraction(1, file.frame_rate)
        frames.append(frame)
    return frames


def _draw_number(frame: Any, number: int) -> None:
    """Write a number in binary, lowest bit first: white and black bars on grey."""
    luma, *colours = frame.planes
    for plane in colours:
        plane.update(bytes([128]) * plane.buffer_size)
    width = frame.width // NUMBER_BITS
    bars = b"".join(bytes([235 if number >> bit & 1 else 16]) * width for bit in range(NUMBER_BITS))
    padding = bytes(luma.line_size - len(bars))
    rows = frame.height // 4
    rest = bytes([128]) * (luma.buffer_size - rows * luma.line_size)
    luma.update((bars + padding) * rows + rest)


def _sounds(file: SegmentFile) -> list[Any]:
    samples, kind = _SOUND_FRAMES[str(file.sound)]
    volume = 0 if file.silent else 1 if file.speech else 0.3
    frames = []
    for number in range(int(file.seconds * RATE / samples)):
        first = number * samples
        wave = [
            volume * value for value in (_spoken if file.speech else _tone)(file, first, samples)
        ]
        whole = array("h", [int(value * 32767) for value in wave])
        frame = av.AudioFrame(format=kind, layout="mono", samples=samples)
        frame.planes[0].update((whole if kind == "s16" else array("f", wave)).tobytes())
        frame.sample_rate, frame.pts, frame.time_base = RATE, first, Fraction(1, RATE)
        frames.append(frame)
    return frames


def _tone(file: SegmentFile, first: int, samples: int) -> list[float]:
    turns = [(first + k) * (440 + file.hue) / RATE for k in range(samples)]
    return [math.sin(2 * math.pi * turn) for turn in turns]


def _spoken(file: SegmentFile, first: int, samples: int) -> list[float]:
    """Each sample three times: at 48 kHz."""
    spoken = array("h", file.speech)
    return [spoken[(first + k) // 3 % len(spoken)] / 32768 for k in range(samples)]
