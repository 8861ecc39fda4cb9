"""The recording rule of a subject: which tracks (轨) are recorded, and how finely."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Track(StrEnum):
    """What a recording is of: a camera with its microphone, or the computer's screen."""

    FIRST = "first"
    SECOND = "second"
    SCREEN = "screen"


class RecordingMode(StrEnum):
    """How much of a track is recorded."""

    NONE = "none"
    FLAGS = "flags"  # a minute before and after each flag
    ALL = "all"


class RecordingQuality(StrEnum):
    """How finely pictures are recorded, and how many bytes that takes."""

    LOW = "low"
    STANDARD = "standard"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class RecordingRule:
    """What a subject records of each track, and in which quality."""

    first: RecordingMode = RecordingMode.NONE
    second: RecordingMode = RecordingMode.NONE
    screen: RecordingMode = RecordingMode.NONE
    quality: RecordingQuality = RecordingQuality.STANDARD
    second_speech: bool = False
    """Whether speech is judged in the phone's sound as it is in the computer's."""
    compare_voices: bool = False
    """Whether speech in the computer's sound is compared with the candidate's own voice."""

    def mode(self, track: Track) -> RecordingMode:
        """Return how much of a track is recorded."""
        match track:
            case Track.FIRST:
                return self.first
            case Track.SECOND:
                return self.second
            case Track.SCREEN:
                return self.screen

    def hears(self, track: Track) -> bool:
        """Return whether the sound of a track is judged for speech, where it is recorded."""
        return track is Track.FIRST or (track is Track.SECOND and self.second_speech)

    @property
    def compares(self) -> bool:
        """Whether voices are compared: only in the sound of the computer's track."""
        return self.compare_voices and self.first is not RecordingMode.NONE

    @property
    def records(self) -> bool:
        """Whether anything is recorded."""
        return any(self.mode(track) is not RecordingMode.NONE for track in Track)


@dataclass(frozen=True, slots=True)
class TrackFormat:
    """How a track is recorded; a screen fits into the picture, whatever its shape."""

    width: int
    height: int
    frame_rate: int
    video_bits: int
    """Bits a second."""
    audio_bits: int
    """Bits a second; 0 where no sound is recorded."""


SOUND_BITS = 32_000

_CAMERA_FORMATS = {
    RecordingQuality.LOW: TrackFormat(320, 240, 5, 150_000, SOUND_BITS),
    RecordingQuality.STANDARD: TrackFormat(640, 480, 10, 400_000, SOUND_BITS),
    RecordingQuality.HIGH: TrackFormat(1280, 720, 15, 1_000_000, SOUND_BITS),
}
_SCREEN_FORMATS = {
    RecordingQuality.LOW: TrackFormat(1280, 1280, 2, 200_000, 0),
    RecordingQuality.STANDARD: TrackFormat(1600, 1600, 5, 500_000, 0),
    RecordingQuality.HIGH: TrackFormat(1920, 1920, 8, 1_000_000, 0),
}


def track_format(track: Track, quality: RecordingQuality) -> TrackFormat:
    """Return how a track is recorded in a quality."""
    return (_SCREEN_FORMATS if track is Track.SCREEN else _CAMERA_FORMATS)[quality]


def without_tracks(rule: RecordingRule, tracks: frozenset[Track]) -> RecordingRule:
    """Return a rule that records nothing of these tracks."""

    def mode(track: Track) -> RecordingMode:
        return RecordingMode.NONE if track in tracks else rule.mode(track)

    return replace(
        rule, first=mode(Track.FIRST), second=mode(Track.SECOND), screen=mode(Track.SCREEN)
    )
