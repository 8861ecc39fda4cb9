"""The candidate's own voice: a sentence read aloud, with which speech in recordings is compared.

Reading it is never needed: without a sample speech is told as speech, and nothing is compared. The
embedding is kept until the session ends or the consent is withdrawn.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from chalicelib.domain.errors import TooMany
from chalicelib.domain.types import MINUTE, LocalizedText, Millis

READ_ALOUD = "read-aloud"
"""The folder of sentences read aloud, among a session's clips."""

MAX_REQUESTS = 5
"""A minute: each form buys one run of the models."""


class VoiceSampleStatus(StrEnum):
    """What came of a sentence read aloud."""

    CHECKING = "checking"  # not heard yet
    TAKEN = "taken"
    UNCLEAR = "unclear"  # too little speech, or not readable: it may be read again


@dataclass(frozen=True, slots=True)
class VoiceSample:
    """A sentence read aloud. `embedding` is Base64 of 256 float32, little-endian; else None."""

    capture_id: str
    requested_at: tuple[Millis, ...]
    status: VoiceSampleStatus = VoiceSampleStatus.CHECKING
    embedding: str | None = None


def request_sample(before: VoiceSample | None, capture_id: str, now: Millis) -> VoiceSample:
    """Return a new sample to be read, which replaces an earlier one. Raises TooMany."""
    earlier = before.requested_at if before else ()
    recent = tuple(at for at in earlier if at > now - MINUTE)
    if len(recent) >= MAX_REQUESTS:
        raise TooMany(
            LocalizedText(
                "朗读次数过多，请稍等一分钟再试。",
                "The sentence was read too often. Wait a minute and try again.",
            )
        )
    return VoiceSample(capture_id, (*recent, now))


def is_awaited(sample: VoiceSample | None, capture_id: str) -> bool:
    """Return whether a sample is the latest that was asked for, and was not heard yet."""
    return (
        sample is not None
        and sample.capture_id == capture_id
        and sample.status is VoiceSampleStatus.CHECKING
    )


def apply_sample(sample: VoiceSample, embedding: str | None) -> VoiceSample:
    """Return a sample that was heard; without an embedding there was too little speech in it."""
    status = VoiceSampleStatus.UNCLEAR if embedding is None else VoiceSampleStatus.TAKEN
    return replace(sample, status=status, embedding=embedding)
