"""The candidate's own voice: a sentence is asked for, read aloud, and heard by the models."""

from chalicelib.domain.capture.captures import CLIP_TYPE, MAX_CLIP_BYTES, make_capture_id
from chalicelib.domain.errors import WrongState
from chalicelib.domain.identity.verification import with_voice
from chalicelib.domain.identity.voice_sample import (
    READ_ALOUD,
    VoiceSample,
    apply_sample,
    is_awaited,
    request_sample,
)
from chalicelib.domain.sessions.recorded_tracks import may_read_aloud
from chalicelib.domain.sessions.sessions import with_audit
from chalicelib.domain.types import Medium, View
from chalicelib.retry import retry_on_conflict
from chalicelib.services.core.capture_uploads import capture_folder
from chalicelib.services.ports import AppContext, FunctionContext, SessionBundle, SignedForm

FORM_SECONDS = 120
SAMPLE = "voice_sample"
"""The action that is audited of a sample that was heard."""


def start_sample(context: AppContext, session_id: str) -> tuple[VoiceSample, SignedForm]:
    """Ask for a sentence and return the form that uploads it.

    Raises TooMany, and WrongState where voices are not compared or no consent covers it.
    """
    now = context.clock()
    capture_id = make_capture_id(now, context.new_id())

    def attempt() -> VoiceSample:
        bundle = context.sessions.bundle(session_id)
        if not may_read_aloud(bundle.session):
            raise WrongState
        sample = request_sample(bundle.identity.voice, capture_id, now)
        context.sessions.commit(with_voice(bundle.identity, sample))
        return sample

    sample = retry_on_conflict(attempt)
    key = sample_key(session_id, capture_id)
    return sample, context.media.upload_form(key, CLIP_TYPE, MAX_CLIP_BYTES, FORM_SECONDS)


def sample_key(session_id: str, capture_id: str) -> str:
    """Return where a sentence read aloud is stored: among the clips, and as long as they are."""
    folder = capture_folder(session_id, View.FIRST, Medium.SOUND)
    return f"{folder}{READ_ALOUD}/{capture_id}.wav"


def awaits_sample(bundle: SessionBundle, capture_id: str) -> bool:
    """Return whether a sample is to be heard: the latest, once, with consent."""
    return may_read_aloud(bundle.session) and is_awaited(bundle.identity.voice, capture_id)


def record_sample(
    context: FunctionContext, session_id: str, capture_id: str, embedding: str | None, sha256: str
) -> None:
    """Record what the models heard in a sample, None for too little speech. Idempotent."""

    def attempt() -> None:
        bundle = context.sessions.bundle(session_id)
        voice = bundle.identity.voice
        if voice is None or not awaits_sample(bundle, capture_id):
            return
        heard = apply_sample(voice, embedding)
        named = with_audit(
            bundle.session,
            context.clock(),
            "system",
            SAMPLE,
            capture=capture_id,
            status=heard.status.value,
            sha256=sha256,
        )
        context.sessions.commit(with_voice(bundle.identity, heard), named.session, named.entry)

    retry_on_conflict(attempt)
