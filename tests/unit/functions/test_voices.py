"""A second voice: from the sentence read aloud to a weak flag; real models, in-memory adapters."""

from dataclasses import replace

import numpy as np
import pytest

from chalicelib.domain.errors import TooMany, WrongState
from chalicelib.domain.identity.voice_sample import MAX_REQUESTS, VoiceSampleStatus
from chalicelib.domain.recording.recording_rule import Track
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.profiles import PROFILES, STANDARD, Severity, get_profile
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE, View
from chalicelib.services.monitoring.observations import end_monitoring
from chalicelib.services.review.record_export import export_record
from chalicelib.services.sitting.recording_consent import answer
from chalicelib.services.sitting.voice_samples import sample_key, start_sample
from functions.embeddings import decode_embedding, encode_embedding
from functions.sound.handler import Ears, process_upload
from functions.sound.voices import OTHER_VOICE, likeness
from functions.uploads import parse_key
from tests.support import segment_files
from tests.support.builders import NOW
from tests.support.fake_context import FakeContext
from tests.unit.functions.test_heard_sound import (
    ALL,
    QUIET,
    SESSION,
    SPOKEN,
    candidate,
    heard_keys,
    judge,
    upload,
)
from tests.unit.sound.sounds import wav

COMPARING = replace(ALL, compare_voices=True)


def sentence() -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    return np.frombuffer(segment_files.read_aloud(), np.int16)


def own_voice(times: int = 2) -> bytes:
    """Return the sentence as the candidate reads it, some times."""
    return np.tile(sentence(), times).tobytes()


def other_voice() -> bytes:
    """Return the sentence by a voice that is higher, quicker and brighter."""
    spoken = np.tile(sentence(), 4).astype(np.float64)
    higher = np.interp(np.arange(0, len(spoken) - 1, 1.6), np.arange(len(spoken)), spoken)
    brighter = np.diff(higher)
    loudest = float(np.abs(brighter).max())
    return bytes((brighter / loudest * 20_000).astype(np.int16).tobytes())


def clip(samples: bytes) -> bytes:
    return wav(np.frombuffer(samples, np.int16) / 32767)


OWN, OTHER = own_voice(), other_voice()


def read_aloud(context: FakeContext, ears: Ears, samples: bytes = OWN) -> str:
    """Let the candidate read the sentence, and the function hear it. Returns the capture's id."""
    sample, _ = start_sample(context, SESSION)
    key = sample_key(SESSION, sample.capture_id)
    context.media.objects[key] = clip(samples)
    process_upload(context, context.media, ears, parse_key(key, NOW))
    return sample.capture_id


def answering(context: FakeContext) -> None:
    """Let the session, which read aloud while waiting, go on to answer."""
    session = context.sessions.session(SESSION)
    context.sessions.commit(
        replace(session, state=State.ANSWERING, started_at=NOW, version=session.version + 1)
    )


def status(context: FakeContext) -> VoiceSampleStatus | None:
    voice = context.sessions.bundle(SESSION).identity.voice
    return voice.status if voice else None


def test_voice_unlike_the_sample_is_a_weak_flag_with_its_likeness(
    context: FakeContext, ears: Ears
) -> None:
    candidate(context, COMPARING, state=State.WAITING, started_at=None)
    read_aloud(context, ears)
    answering(context)
    other = replace(SPOKEN, speech=OTHER)
    upload(context, 0, other)
    upload(context, 1, other)
    judge(context, ears)
    flags = {flag.kind: flag for flag in context.sessions.flags(SESSION)}
    assert flags.keys() == {FindingKind.VOICE, FindingKind.SECOND_VOICE}
    assert flags[FindingKind.SECOND_VOICE].severity is Severity.NOTICE
    observations = context.sessions.observations(SESSION, limit=9)
    for observation in observations:
        assert (observation.measures or {})["voice_likeness"] < OTHER_VOICE
        assert "voices" in (observation.models or {})


def test_the_candidates_own_voice_is_speech_and_no_more(context: FakeContext, ears: Ears) -> None:
    candidate(context, COMPARING, state=State.WAITING, started_at=None)
    read_aloud(context, ears)
    answering(context)
    upload(context, 0)
    upload(context, 1)
    judge(context, ears)
    assert {flag.kind for flag in context.sessions.flags(SESSION)} == {FindingKind.VOICE}
    for seen in context.sessions.observations(SESSION, limit=9):
        assert (seen.measures or {})["voice_likeness"] > OTHER_VOICE


@pytest.mark.parametrize("reads", [False, True])
def test_nothing_is_compared_without_a_sample_or_speech(
    context: FakeContext,
    ears: Ears,
    reads: bool,  # noqa: FBT001
) -> None:
    candidate(context, COMPARING, state=State.WAITING, started_at=None)
    if reads:
        read_aloud(context, ears)
    answering(context)
    upload(context, 0, QUIET if reads else SPOKEN)
    judge(context, ears)
    [seen] = context.sessions.observations(SESSION, limit=9)
    assert "voice_likeness" not in (seen.measures or {})


def test_the_phones_sound_is_not_compared(context: FakeContext, ears: Ears) -> None:
    rule = replace(COMPARING, second_speech=True)
    candidate(context, rule, state=State.WAITING, started_at=None)
    read_aloud(context, ears)
    answering(context)
    upload(context, 0, track=Track.SECOND)
    judge(context, ears)
    [seen] = context.sessions.observations(SESSION, limit=9)
    assert (seen.view, "voice_likeness" in (seen.measures or {})) == (View.SECOND, False)


class TestSample:
    def test_is_taken_once_and_audited_by_its_hash(self, context: FakeContext, ears: Ears) -> None:
        candidate(context, COMPARING, state=State.INFO_CONFIRMED, started_at=None)
        capture_id = read_aloud(context, ears)
        assert status(context) is VoiceSampleStatus.TAKEN
        before = context.sessions.bundle(SESSION).identity
        key = sample_key(SESSION, capture_id)
        context.media.objects[key] = clip(OTHER)
        process_upload(context, context.media, ears, parse_key(key, NOW + MINUTE))
        assert context.sessions.bundle(SESSION).identity == before
        [entry] = [
            entry for entry in context.sessions.audit(SESSION) if entry.action == "voice_sample"
        ]
        assert (entry.detail["capture"], entry.detail["status"]) == (capture_id, "taken")

    @pytest.mark.parametrize("samples", [bytes(200_000), OWN[:40_000], b""])
    def test_too_little_speech_is_unclear_and_may_be_read_again(
        self, context: FakeContext, ears: Ears, samples: bytes
    ) -> None:
        candidate(context, COMPARING, state=State.PLEDGED, started_at=None)
        read_aloud(context, ears, samples)
        assert status(context) is VoiceSampleStatus.UNCLEAR
        read_aloud(context, ears)
        assert status(context) is VoiceSampleStatus.TAKEN

    @pytest.mark.parametrize(
        ("rule", "consent", "state"),
        [
            (ALL, True, State.WAITING),
            (COMPARING, False, State.WAITING),
            (COMPARING, None, State.WAITING),
            (COMPARING, True, State.ANSWERING),
            (replace(COMPARING, first=ALL.first.NONE), True, State.WAITING),
        ],
    )
    def test_is_not_asked_for_where_no_consent_covers_it(
        self, context: FakeContext, rule: object, consent: object, state: State
    ) -> None:
        candidate(context, rule, consent=consent, state=state)  # type: ignore[arg-type]
        with pytest.raises(WrongState):
            start_sample(context, SESSION)

    def test_requests_are_bounded(self, context: FakeContext) -> None:
        candidate(context, COMPARING, state=State.WAITING, started_at=None)
        for _ in range(MAX_REQUESTS):
            start_sample(context, SESSION)
        with pytest.raises(TooMany):
            start_sample(context, SESSION)

    def test_goes_with_the_consent(self, context: FakeContext, ears: Ears) -> None:
        candidate(context, COMPARING, state=State.WAITING, started_at=None)
        read_aloud(context, ears)
        answering(context)
        upload(context, 0, replace(SPOKEN, speech=OTHER))
        answer(context, SESSION, agreed=False)
        assert status(context) is None
        judge(context, ears)
        assert heard_keys(context)
        assert context.sessions.observations(SESSION, limit=9) == []

    def test_goes_at_the_end(self, context: FakeContext, ears: Ears) -> None:
        candidate(context, COMPARING, state=State.WAITING, started_at=None)
        read_aloud(context, ears)
        end_monitoring(context, SESSION)
        assert status(context) is None
        end_monitoring(context, SESSION)

    def test_is_in_no_record(self, context: FakeContext, ears: Ears) -> None:
        candidate(context, COMPARING, state=State.WAITING, started_at=None)
        read_aloud(context, ears)
        voice = context.sessions.bundle(SESSION).identity.voice
        record = export_record(context, SESSION, "admin:a", captures=True, answers=True)
        assert voice is not None
        assert voice.embedding
        assert voice.embedding not in str(record)


def test_whoever_may_speak_is_not_told_for_the_voice_that_helps() -> None:
    rules = get_profile(STANDARD.name, {FindingKind.VOICE}).rules
    assert not {FindingKind.VOICE, FindingKind.SECOND_VOICE} & rules.keys()
    for profile in PROFILES.values():
        assert profile.rules[FindingKind.SECOND_VOICE].severity is Severity.NOTICE


def test_embeddings_survive_their_encoding(ears: Ears) -> None:
    voice = ears.embedder.embed(sentence().astype(np.float32) / np.float32(32768))
    assert voice is not None
    assert likeness(decode_embedding(encode_embedding(voice)), voice) == pytest.approx(1)
    assert ears.embedder.embed(np.zeros(16_000 * 5, np.float32)) is None
