"""Routes of recordings on the candidate's devices: consent, plans of segments, the shared screen."""

from chalicelib.api.own_session import own_session_out
from chalicelib.api.roles import CANDIDATE, PHONE
from chalicelib.api.routing import ApiRequest, Routes
from chalicelib.api.tags import Tag
from chalicelib.api.upload_forms import recording_plan_out, upload_out
from chalicelib.domain.errors import Conflict, TooMany, WrongState
from chalicelib.domain.recording.recording_gaps import RecordingGap
from chalicelib.domain.recording.recording_plans import RecordingDevice
from chalicelib.schemas.candidate import SessionOut
from chalicelib.schemas.common import Done
from chalicelib.schemas.recordings import (
    RecordingConsentIn,
    RecordingPlanIn,
    RecordingPlanOut,
    ScreenStatusIn,
    VoiceSampleUploadOut,
)
from chalicelib.services.monitoring import recordings, screen_sharing
from chalicelib.services.monitoring.recordings import PendingSegment, RecordingReport
from chalicelib.services.sitting import recording_consent, voice_samples

routes = Routes("chalicelib.api.recordings")


def _plan(request: ApiRequest, body: RecordingPlanIn, device: RecordingDevice) -> RecordingPlanOut:
    report = RecordingReport(
        container=body.container,
        tracks=tuple(body.tracks),
        pending=tuple(
            PendingSegment(pending.track, pending.segment_id) for pending in body.pending
        ),
        gaps=tuple(RecordingGap(**gap.model_dump()) for gap in body.gaps),
    )
    uploads = recordings.plan_recordings(request.context, request.caller.subject, device, report)
    return recording_plan_out(uploads)


@routes.add(
    "POST",
    "/candidate/recording-consent",
    tag=Tag.RECORDINGS,
    roles=CANDIDATE,
    body=RecordingConsentIn,
    response=SessionOut,
    errors=(Conflict, WrongState),
)
def answer_recording_consent(request: ApiRequest, body: RecordingConsentIn) -> SessionOut:
    """Consent to being recorded, refuse it, or withdraw the consent. Idempotent.

    Consent is given before answering begins. It may be withdrawn at any time: nothing is recorded
    from then on.
    """
    recording_consent.answer(request.context, request.caller.subject, agreed=body.agree)
    return own_session_out(request)


@routes.add(
    "POST",
    "/candidate/voice-sample",
    tag=Tag.RECORDINGS,
    roles=CANDIDATE,
    response=VoiceSampleUploadOut,
    errors=(Conflict, WrongState, TooMany),
)
def start_voice_sample(request: ApiRequest) -> VoiceSampleUploadOut:
    """Start reading a sentence aloud, and get its upload form.

    Speech in the recorded sound is then compared with it. It is voluntary: without it, speech is
    told as speech.
    """
    sample, form = voice_samples.start_sample(request.context, request.caller.subject)
    return VoiceSampleUploadOut(upload=upload_out(sample.capture_id, form))


@routes.add(
    "POST",
    "/candidate/recordings",
    tag=Tag.RECORDINGS,
    roles=CANDIDATE,
    body=RecordingPlanIn,
    response=RecordingPlanOut,
    errors=(Conflict, TooMany),
)
def plan_recordings(request: ApiRequest, body: RecordingPlanIn) -> RecordingPlanOut:
    """Plan the computer's next segments, and get their upload forms.

    Once a minute. It tells gaps, and asks for other forms for segments whose forms have expired;
    those are given until two hours after the end.
    """
    return _plan(request, body, RecordingDevice.COMPUTER)


@routes.add(
    "POST",
    "/phone/recordings",
    tag=Tag.RECORDINGS,
    roles=PHONE,
    body=RecordingPlanIn,
    response=RecordingPlanOut,
    errors=(Conflict, TooMany),
)
def plan_phone_recordings(request: ApiRequest, body: RecordingPlanIn) -> RecordingPlanOut:
    """Plan the phone's next segments, and get their upload forms; as for the computer's."""
    return _plan(request, body, RecordingDevice.PHONE)


@routes.add(
    "POST",
    "/candidate/screen",
    tag=Tag.RECORDINGS,
    roles=CANDIDATE,
    body=ScreenStatusIn,
    response=Done,
    errors=(Conflict, WrongState, TooMany),
)
def report_screen(request: ApiRequest, body: ScreenStatusIn) -> Done:
    """Report whether the whole screen is shared, when that changes. Idempotent."""
    screen_sharing.report_screen(request.context, request.caller.subject, body.status)
    return Done()
