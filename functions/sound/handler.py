"""The Lambda behind the sound queue: uploaded clip, or a segment's sound → Observation → flags.

A sentence that the candidate read aloud becomes the voice that speech is compared with.
"""

from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

import numpy as np

from chalicelib.domain.capture.captures import MAX_CLIP_BYTES
from chalicelib.domain.identity.voice_sample import READ_ALOUD
from chalicelib.domain.recording.heard_sound import ARRIVED_AT, SEGMENT_KEY, SEGMENT_SHA256
from chalicelib.domain.recording.recording_rule import Track
from chalicelib.domain.rules.findings import SPOKEN_KINDS, Finding, FindingKind, Observation
from chalicelib.domain.sessions.recorded_tracks import compares_voices, heard_tracks
from chalicelib.domain.types import Medium
from chalicelib.services.monitoring import capture_content
from chalicelib.services.monitoring.observations import record_observation
from chalicelib.services.ports import FunctionContext, ReadObject, SessionBundle
from chalicelib.services.sitting import voice_samples
from chalicelib.tracing import trace
from chalicelib.wiring.functions import build_function_context, media
from functions.embeddings import decode_embedding, encode_embedding
from functions.sound.speech import ClipAnalysis, SpeechDetector, UnreadableClip
from functions.sound.voices import OTHER_VOICE, VoiceEmbedder, likeness
from functions.sound.wav_decoding import RATE, Samples
from functions.uploads import ObjectReader, UploadedObject, log, process_batch, sha256_of

trace()

SPEECH_SECONDS = 1.5
"""Shorter speech in a clip is a cough, a sigh or a word read under one's breath: no finding."""

SAMPLE_SECONDS = 3.0
"""So much speech a sentence read aloud holds at least: less describes a voice badly."""

NO_SPEECH = np.zeros(0, np.float32)

MUTED_PEAK = 3 / 32768
"""No sample of a muted microphone is larger: zeros, or the last bits that a driver dithers.
The quietest room leaves a hundred times as much; a noise gate may not, so the candidate is told."""


@dataclass(frozen=True)
class Ears:
    """The models that hear whether somebody speaks, and whose voice it is."""

    detector: SpeechDetector

    @classmethod
    def load(cls) -> "Ears":
        """Open the speech model."""
        return cls(SpeechDetector.load())

    @cached_property
    def embedder(self) -> VoiceEmbedder:
        """The voice model, opened at its first use: few subjects compare voices."""
        return VoiceEmbedder.load()


@cache
def _dependencies() -> tuple[FunctionContext, ObjectReader, Ears]:
    return build_function_context(), media(), Ears.load()


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Analyse every sound of a batch (SQS; partial batch responses)."""
    context, bucket, ears = _dependencies()
    return process_batch(event, lambda upload: process_upload(context, bucket, ears, upload))


def process_upload(
    context: FunctionContext, bucket: ObjectReader, ears: Ears, upload: UploadedObject
) -> None:
    """Analyse one clip, or one segment's sound, and record the observation. Idempotent."""
    content = bucket.read(upload.key, MAX_CLIP_BYTES)
    if content is None:
        log.info("a sound was deleted before it was analysed")
        return
    if upload.folder == READ_ALOUD:
        process_sample(context, ears, upload, content)
        return
    known = capture_content.read_capture_context(context, upload.session_id, upload.capture_id)
    if upload.medium is Medium.RECORDED_SOUND:
        session = known.bundle.session
        if known.observation is None and Track(upload.view) in heard_tracks(session):
            own = _own_voice(known.bundle) if compares_voices(session, upload.view) else None
            observation = observe_recorded(ears, upload, content, own)
            record_observation(context, observation, bundle=known.bundle)
        return
    if known.observation is not None:
        capture_content.check_content(context, known.observation, content.etag)
        return
    observation, _ = observe(ears.detector, upload, content)
    capture_content.record_capture(context, known.bundle, observation)


def process_sample(
    context: FunctionContext, ears: Ears, upload: UploadedObject, content: ReadObject
) -> None:
    """Keep the voice of a sentence read aloud, if it is the one that was asked for last."""
    if not voice_samples.awaits_sample(
        context.sessions.bundle(upload.session_id), upload.capture_id
    ):
        log.info("a sentence read aloud was not heard")
        return
    _, speech = observe(ears.detector, upload, content)
    voice = ears.embedder.embed(speech) if len(speech) >= SAMPLE_SECONDS * RATE else None
    voice_samples.record_sample(
        context,
        upload.session_id,
        upload.capture_id,
        None if voice is None else encode_embedding(voice),
        sha256_of(content),
    )


def _own_voice(bundle: SessionBundle) -> Samples | None:
    voice = bundle.identity.voice
    return decode_embedding(voice.embedding) if voice and voice.embedding else None


def observe_recorded(
    ears: Ears, upload: UploadedObject, content: ReadObject, own: Samples | None
) -> Observation:
    """Return the observation of a segment's sound: it names the segment, and tells only speech.

    `own` is the candidate's own voice, (256,), where speech is to be compared with it.
    """
    heard, speech = observe(ears.detector, upload, content)
    if own is not None:
        heard = with_likeness(heard, ears, speech, own)
    return replace(
        heard,
        key=content.metadata[SEGMENT_KEY],
        sha256=content.metadata[SEGMENT_SHA256],
        arrived_at=int(content.metadata[ARRIVED_AT]),
        etag=None,
        findings=tuple(finding for finding in heard.findings if finding.kind in SPOKEN_KINDS),
    )


def with_likeness(
    observation: Observation, ears: Ears, speech: Samples, own: Samples
) -> Observation:
    """Return an observation with how alike its speech is to the candidate's own voice.

    Speech too short to tell, or none, changes nothing.
    """
    if all(finding.kind is not FindingKind.VOICE for finding in observation.findings):
        return observation
    voice = ears.embedder.embed(speech)
    if voice is None:
        return observation
    alike = likeness(voice, own)
    findings = observation.findings
    if alike < OTHER_VOICE:
        findings = (*findings, Finding(FindingKind.SECOND_VOICE, 1.0 - alike))
    return replace(
        observation,
        findings=findings,
        measures={**(observation.measures or {}), "voice_likeness": round(alike, 3)},
        models={**(observation.models or {}), **ears.embedder.models},
    )


def observe(
    detector: SpeechDetector, upload: UploadedObject, content: ReadObject
) -> tuple[Observation, Samples]:
    """Return the observation of a sound, and the speech in it.

    That of a sound that cannot be read has `error` with the reason.
    """
    observation = upload.empty_observation(content)
    try:
        analysis = detector.analyze(content.data)
    except UnreadableClip as error:
        return replace(observation, error=str(error.reason)), NO_SPEECH
    told = replace(
        observation,
        findings=_findings(analysis),
        measures={
            "seconds": analysis.seconds,
            "speech_seconds": analysis.speech_seconds,
            "speech_ratio": analysis.speech_ratio,
            "level_dbfs": analysis.level_dbfs,
            "peak": analysis.peak,
        },
        timings_ms=analysis.timings_ms,
        models=analysis.models,
    )
    return told, analysis.speech


def _findings(analysis: ClipAnalysis) -> tuple[Finding, ...]:
    if analysis.peak <= MUTED_PEAK:
        return (Finding(FindingKind.MUTED, 1.0),)
    if analysis.speech_seconds >= SPEECH_SECONDS:
        return (Finding(FindingKind.VOICE, analysis.speech_ratio),)
    return ()
