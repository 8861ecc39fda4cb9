"""What a segment's container says: can it be read, how long does it last, is there any sound?

Packets are counted, not decoded: a recorder that writes to a stream knows no duration beforehand, so
its header has none. Only sound is decoded, for its level and for the speech model; no picture is, and
nothing is encoded.
The bytes are a stranger's: only two formats are opened, only two decoders may run.
"""

import io
from array import array
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import av
from av.audio.resampler import AudioResampler
from av.error import FFmpegError

from chalicelib.domain.recording.heard_sound import SAMPLE_RATE

MAX_STREAMS = 4
MAX_PACKETS = 20_000
"""Forty times what ten seconds of picture and sound have."""
MAX_SAMPLES = 60 * 48_000 * 2
"""A minute of stereo: more is not decoded."""

MAX_HEARD_BYTES = 20 * SAMPLE_RATE * 2
"""Twice a segment's length: the speech model hears no more."""

MUTED_PEAK = 10
"""No sample of 16 bits that a silent microphone leaves is larger, after a codec's rounding."""

_WEBM, _MP4 = b"\x1a\x45\xdf\xa3", b"ftyp"
_DECODERS = ("opus", "aac")
_OPTIONS = {
    "codec_whitelist": ",".join(_DECODERS),  # opening decodes no picture either
    "max_streams": str(MAX_STREAMS),
    "probesize": "1000000",
    "analyzeduration": "0",
}


@dataclass(frozen=True, slots=True)
class SegmentContent:
    """What a segment holds. `duration` is in ms, that of its longest stream, by its packets.

    `is_cut` says that reading ended with an error; `silent` is None where there is no sound.
    """

    readable: bool
    is_cut: bool = False
    duration: int = 0
    video: str | None = None
    sound: str | None = None
    silent: bool | None = None
    samples: bytes = field(default=b"", repr=False)
    """Its sound for the speech model: 16 bits, one channel, at SAMPLE_RATE."""


UNREADABLE = SegmentContent(readable=False)


def inspect(data: bytes) -> SegmentContent:
    """Inspect a segment's bytes. Whatever cannot be read is told, never raised."""
    container_format = _format_of(data)
    if container_format is None:
        return UNREADABLE
    try:
        with av.open(io.BytesIO(data), format=container_format, options=_OPTIONS) as container:
            return _read(container)
    except Exception:  # noqa: BLE001  (whatever a stranger's bytes lead to, they cannot be read)
        return UNREADABLE


def _format_of(data: bytes) -> str | None:
    if data[:4] == _WEBM:
        return "matroska"
    return "mp4" if data[4:8] == _MP4 else None


def _read(container: Any) -> SegmentContent:
    video = next(iter(container.streams.video), None)
    sound = next(iter(container.streams.audio), None)
    if video is None and sound is None:
        return UNREADABLE
    spans = {stream.index: _Span() for stream in (video, sound) if stream is not None}
    heard = _Sound() if sound is not None and _name(sound) in _DECODERS else None
    is_cut = False
    try:
        for packet in _packets(container):
            span = spans.get(packet.stream.index)
            if span is None:
                continue
            span.add(packet)
            if heard is not None and sound is not None and packet.stream.index == sound.index:
                heard.add(packet)
    except (FFmpegError, OSError, ValueError):
        is_cut = True
    duration = max(span.milliseconds for span in spans.values())
    return SegmentContent(
        readable=any(span.packets for span in spans.values()),
        is_cut=is_cut,
        duration=duration,
        video=None if video is None else _name(video),
        sound=None if sound is None else _name(sound),
        silent=None if heard is None else heard.silent,
        samples=b"" if heard is None else heard.samples(),
    )


def _name(stream: Any) -> str | None:
    context = stream.codec_context  # None where the codec is unknown
    return None if context is None else str(context.codec.canonical_name)


def _packets(container: Any) -> Iterator[Any]:
    for number, packet in enumerate(container.demux()):
        if number >= MAX_PACKETS:
            raise ValueError("more packets than a segment has")
        if packet.size:  # the last one of a stream is empty: it flushes a decoder
            yield packet


class _Span:
    """From the first to the last moment of a stream's packets."""

    def __init__(self) -> None:
        self.packets = 0
        self._first: float | None = None
        self._last = self._end = 0.0
        self._step = 0.0

    def add(self, packet: Any) -> None:
        """Add a packet; one without a time, or far out of order, counts for nothing."""
        self.packets += 1
        time = packet.pts if packet.pts is not None else packet.dts
        if time is None:
            return
        begin = float(time * packet.time_base)
        if self._first is None:
            self._first = self._last = begin
        self._first = min(self._first, begin)
        if begin > self._last:
            self._step, self._last = begin - self._last, begin
        length = float(packet.duration * packet.time_base) if packet.duration else 0.0
        self._end = max(self._end, begin + length)

    @property
    def milliseconds(self) -> int:
        """The stream's length. Where the last packet has none, the one before it tells."""
        if self._first is None:
            return 0
        end = self._end if self._end > self._last else self._last + min(self._step, 1.0)
        return max(0, min(round((end - self._first) * 1000), 24 * 60 * 60_000))


class _Sound:
    """A stream decoded packet by packet: its loudest sample, and what the speech model hears."""

    def __init__(self) -> None:
        self._resampler = AudioResampler(format="s16")
        self._for_speech = AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
        self._heard = bytearray()
        self._samples = self._peak = 0

    def add(self, packet: Any) -> None:
        """Decode a packet; one that cannot be decoded is left out."""
        if self._samples >= MAX_SAMPLES:
            return
        try:
            for frame in packet.decode():
                for part in self._resampler.resample(frame):
                    self._measure(part)
                self._keep(self._for_speech.resample(frame))
        except (FFmpegError, ValueError):
            return

    def samples(self) -> bytes:
        """Return all samples for the speech model, with those that the resampler still holds."""
        if self._samples:
            with suppress(FFmpegError, ValueError):
                self._keep(self._for_speech.resample(None))
        return bytes(self._heard[:MAX_HEARD_BYTES])

    def _keep(self, parts: list[Any]) -> None:
        for part in parts:
            if len(self._heard) < MAX_HEARD_BYTES:
                self._heard += bytes(part.planes[0])[: part.samples * 2]

    def _measure(self, frame: Any) -> None:
        samples = array(
            "h", bytes(frame.planes[0])[: frame.samples * len(frame.layout.channels) * 2]
        )
        self._samples += len(samples)
        if samples:
            loudest, quietest = max(samples), min(samples)
            self._peak = max(self._peak, loudest, -quietest)

    @property
    def silent(self) -> bool | None:
        """Whether there is no sound at all; None where none could be decoded."""
        return self._peak <= MUTED_PEAK if self._samples else None
