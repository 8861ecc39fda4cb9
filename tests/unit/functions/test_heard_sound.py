"""From an uploaded segment to speech on record: both functions, the real model, in-memory adapters."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.recording.heard_sound import FOLDER
from chalicelib.domain.recording.recording_rule import RecordingMode, RecordingRule, Track
from chalicelib.domain.recording.segments import (
    SEGMENT_LENGTH,
    Container,
    SegmentPlace,
    make_segment_id,
    slot_from,
)
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE, SECOND, Medium, Millis
from functions.recording.handler import process_segment
from functions.recording.inspection import inspect
from functions.sound.handler import Ears, process_upload
from functions.uploads import NotAnUpload, parse_key
from tests.support.builders import NOW
from tests.support.fake_context import FakeContext, add_session
from tests.support.segment_files import (
    SCREEN,
    SENTENCE,
    WEBM,
    SegmentFile,
    make_segment,
    read_aloud,
)

SESSION = "5e55"
SLOT = slot_from(SESSION, NOW)
ALL = RecordingRule(RecordingMode.ALL, RecordingMode.ALL, RecordingMode.ALL)
HEARS_PHONE = replace(ALL, second_speech=True)


SPOKEN = replace(WEBM, speech=read_aloud(), video=None, seconds=5)
QUIET = replace(WEBM, silent=True, video=None, seconds=5)


class Inspector:
    """Inspects in this process."""

    inspect = staticmethod(inspect)


def candidate(context: FakeContext, rule: RecordingRule = ALL, **changes: Any) -> Session:
    """A session that is recorded by a rule, with consent, and began before the first slot."""
    return add_session(
        context,
        recording=rule,
        recording_consent=changes.pop("consent", True),
        second_view_joined_at=NOW,
        **changes,
    )


def upload(
    context: FakeContext,
    number: int,
    file: SegmentFile = SPOKEN,
    track: Track = Track.FIRST,
    *,
    late: Millis = SECOND,
    announced: str | None = None,
) -> None:
    """Let the segment of a slot arrive and be inspected."""
    slot = SLOT + number * SEGMENT_LENGTH
    data = make_segment(replace(file, hue=number))
    place = SegmentPlace(SESSION, track, make_segment_id(SESSION, track, slot), Container.WEBM)
    context.media.objects[place.key] = data
    context.media.metadata[place.key] = {
        "sha256": announced or hashlib.sha256(data).hexdigest(),
        "began-at": str(slot),
        "ended-at": str(slot + round(file.seconds * SECOND)),
    }
    process_segment(context, context.media, Inspector(), place, slot + SEGMENT_LENGTH + late)


def heard_keys(context: FakeContext) -> list[str]:
    return sorted(key for key in context.media.objects if key.startswith(f"{FOLDER}/"))


def judge(context: FakeContext, ears: Ears) -> None:
    """Judge every sound that was passed on, as the queue delivers them: all again each time."""
    for key in heard_keys(context):
        process_upload(context, context.media, ears, parse_key(key, NOW + MINUTE))


def test_speech_in_two_recorded_segments_is_a_flag_that_names_them(
    context: FakeContext, ears: Ears
) -> None:
    candidate(context)
    upload(context, 0)
    judge(context, ears)
    assert context.sessions.flags(SESSION) == []
    upload(context, 1)
    judge(context, ears)
    [flag] = context.sessions.flags(SESSION)
    segments = context.sessions.segments(SESSION, limit=9)
    assert flag.kind is FindingKind.VOICE
    assert (flag.view, flag.began_at) == ("first", SLOT)
    assert set(flag.captures) == {segment.segment_id for segment in segments}
    observations = context.sessions.observations(SESSION, limit=9)
    assert {seen.medium for seen in observations} == {Medium.RECORDED_SOUND}
    assert {(seen.key, seen.sha256, seen.arrived_at) for seen in observations} == {
        (segment.key, segment.sha256, segment.arrived_at) for segment in segments
    }


def test_model_hears_of_a_recording_what_it_hears_of_the_clip(
    context: FakeContext, ears: Ears
) -> None:
    """Opus at 32 kbit/s and another sample rate take nothing of a sentence."""
    candidate(context)
    upload(context, 0)
    judge(context, ears)
    [seen] = context.sessions.observations(SESSION, limit=9)
    assert seen.measures
    clip = ears.detector.analyze(SENTENCE.read_bytes())
    assert seen.measures["speech_ratio"] == pytest.approx(clip.speech_ratio, abs=0.1)
    assert seen.measures["seconds"] == pytest.approx(5, abs=0.2)


def test_quiet_segments_end_the_flag(context: FakeContext, ears: Ears) -> None:
    candidate(context)
    for number, file in enumerate((SPOKEN, SPOKEN, QUIET, QUIET)):
        upload(context, number, file)
        judge(context, ears)
    [flag] = context.sessions.flags(SESSION)
    assert flag.ended_at == SLOT + 2 * SEGMENT_LENGTH


def test_redelivered_segments_and_sounds_change_nothing(context: FakeContext, ears: Ears) -> None:
    candidate(context)
    for _ in range(2):
        for number in (0, 1):
            upload(context, number)
        judge(context, ears)
        judge(context, ears)
    assert len(context.sessions.observations(SESSION, limit=9)) == 2
    assert len(context.sessions.flags(SESSION)) == 1
    assert context.media.calls.count("store") == 2


def test_sound_that_was_never_passed_on_is_passed_on_by_a_redelivery(
    context: FakeContext, ears: Ears
) -> None:
    """The function was stopped between the record and the sound."""
    candidate(context)
    upload(context, 0)
    [key] = heard_keys(context)
    del context.media.objects[key]
    upload(context, 0)
    judge(context, ears)
    assert len(context.sessions.observations(SESSION, limit=9)) == 1


def test_bytes_that_came_second_are_told_and_not_heard(context: FakeContext) -> None:
    candidate(context)
    upload(context, 0, QUIET)
    before = dict(context.media.metadata[heard_keys(context)[0]])
    upload(context, 0, SPOKEN)
    assert context.media.metadata[heard_keys(context)[0]] == before
    assert [flag.kind for flag in context.sessions.flags(SESSION)] == ["capture_replaced"]


@pytest.mark.parametrize(
    ("rule", "consent", "track", "file", "is_heard"),
    [
        (ALL, True, Track.FIRST, SPOKEN, True),
        (replace(ALL, first=RecordingMode.FLAGS), True, Track.FIRST, SPOKEN, True),
        (ALL, True, Track.SECOND, SPOKEN, False),
        (HEARS_PHONE, True, Track.SECOND, SPOKEN, True),
        (replace(HEARS_PHONE, second=RecordingMode.NONE), True, Track.SECOND, SPOKEN, False),
        (HEARS_PHONE, True, Track.SCREEN, SCREEN, False),
        (HEARS_PHONE, True, Track.SCREEN, SPOKEN, False),
        (HEARS_PHONE, False, Track.FIRST, SPOKEN, False),
        (HEARS_PHONE, None, Track.SECOND, SPOKEN, False),
        (replace(ALL, first=RecordingMode.NONE), True, Track.FIRST, SPOKEN, False),
    ],
    ids=[
        "computer", "around flags", "phone, not asked", "phone, asked", "phone, not recorded",
        "screen", "screen with sound", "refused", "not answered", "not recorded",
    ],
)  # fmt: skip
def test_only_what_is_recorded_with_consent_and_asked_for_is_heard(
    context: FakeContext,
    rule: RecordingRule,
    consent: bool | None,  # noqa: FBT001
    track: Track,
    file: SegmentFile,
    is_heard: bool,  # noqa: FBT001
) -> None:
    candidate(context, rule, consent=consent)
    upload(context, 0, file, track)
    assert bool(heard_keys(context)) is is_heard


def test_the_phones_speech_is_a_flag_of_its_own_view(context: FakeContext, ears: Ears) -> None:
    candidate(context, HEARS_PHONE)
    for number in (0, 1):
        upload(context, number, SPOKEN, Track.SECOND)
        upload(context, number, QUIET, Track.FIRST)
    judge(context, ears)
    assert [flag.view for flag in context.sessions.flags(SESSION)] == ["second"]


def test_consent_withdrawn_in_between_is_not_judged(context: FakeContext, ears: Ears) -> None:
    session = candidate(context)
    upload(context, 0)
    context.sessions.commit(replace(session, version=session.version + 1, recording_consent=False))
    judge(context, ears)
    assert context.sessions.observations(SESSION, limit=9) == []


def test_announced_as_other_bytes_is_not_heard(context: FakeContext) -> None:
    candidate(context)
    upload(context, 0, announced="0" * 64)
    assert heard_keys(context) == []


@pytest.mark.parametrize("state", [State.ANSWERING, State.SUBMITTED])
def test_late_speech_is_on_record_and_opens_no_flag(
    context: FakeContext, ears: Ears, state: State
) -> None:
    session = candidate(context)
    if state is not State.ANSWERING:
        context.sessions.commit(replace(session, version=session.version + 1, state=state))
    for number, file in enumerate((SPOKEN, QUIET, SPOKEN)):
        upload(context, number, file, late=2 * 60 * MINUTE)
    judge(context, ears)
    judge(context, ears)
    assert context.sessions.flags(SESSION) == []
    assert len(context.sessions.observations(SESSION, limit=9)) == 3
    told = [
        entry.detail
        for entry in context.sessions.audit(SESSION)
        if entry.action == "speech_on_late_recording"
    ]
    assert told == [
        {"view": "first", "began_at": SLOT},
        {"view": "first", "began_at": SLOT + 2 * SEGMENT_LENGTH},
    ]


def test_keys_of_others_are_no_sound_of_a_segment() -> None:
    with pytest.raises(NotAnUpload):
        parse_key(f"{FOLDER}/5e55/screen/{NOW}-0a0a0a0a.wav", NOW)
