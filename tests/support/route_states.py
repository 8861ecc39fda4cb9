"""What has to be stored before a valid request of a route in the permission table."""

from dataclasses import replace
from typing import Any

from chalicelib.domain.capture.cameras import CameraStatus, apply_heartbeat
from chalicelib.domain.capture.proctor_requests import RequestKind
from chalicelib.domain.identity.verification import Consent, IdentityStatus
from chalicelib.domain.passcodes import PasscodeMode
from chalicelib.domain.recording.recording_rule import RecordingMode, RecordingRule, Track
from chalicelib.domain.review.deletion import hold
from chalicelib.domain.review.reviews import ReviewStatus
from chalicelib.domain.sessions.reopening import request_reopening
from chalicelib.domain.sessions.sessions import request_from_candidate
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE, SittingKind
from chalicelib.services.admin.photos import incoming_key
from chalicelib.services.ports import Nonce
from tests.support import builders as build
from tests.support.builders import EMBEDDING, EXAM, NOW
from tests.support.fake_context import FakeContext, add_session, update_identity
from tests.support.route_permissions import (
    LIVE_FRAME,
    LIVE_FRAME_SHA256,
    NONCE,
    OTHER_SESSION,
    PERMISSIONS,
    PHOTO_UPLOAD,
    SESSION,
)


def prepare_route(context: FakeContext, key: tuple[str, str]) -> None:
    """Store what a valid request of a route needs."""
    prepare(context, PERMISSIONS[key].state)
    if key[1].endswith("/identity") and key[1].startswith("/proctor"):
        update_identity(context, SESSION, status=IdentityStatus.PENDING, embedding=EMBEDDING)
    if key[1].endswith("/ask/begin"):
        add_proctor_requests(context)
    if key[1].endswith("/passcode/replace"):
        make_personal(context)
    if key[1].endswith("/retention/release"):
        plan = context.sessions.retention_plan(SESSION)
        context.sessions.commit(hold(plan, "admin:somebody", NOW, "申诉"))
    if "reopen/" in key[1]:
        add_reopen_request(context)
    if key[1] == "/candidate/repeat":
        make_practice(context)
    if key[1] in {"/candidate/recording-consent", "/candidate/voice-sample"}:
        make_recorded(context, consent=key[1].endswith("voice-sample") or None)


def prepare(context: FakeContext, state: State) -> None:
    """Two candidates in the same state and room, and a join code for a phone."""
    for session_id, name in ((SESSION, "one"), (OTHER_SESSION, "two")):
        add_session(
            context, session_id, state=state, candidate_id=f"candidate-{name}", paused_at=NOW
        )
        context.sessions.commit(*build.message_records(session_id))
        if state is State.PLEDGED:
            update_identity(context, session_id, status=IdentityStatus.RETRY, consent=Consent.GIVEN)
    joined = apply_heartbeat(CameraStatus(SESSION, build.ROOM), None, NOW)
    context.sessions.commit(build.join_code(SESSION, ends=NOW + 1), joined)
    context.sessions.commit(Nonce(NONCE, SESSION, NOW + 1))
    for staff in context.registry.all_staff():
        password_hash = context.passwords.hash("password of everybody")
        context.registry.put_staff(replace(staff, password_hash=password_hash))
    add_review_records(context)


def add_review_records(context: FakeContext) -> None:
    """A capture, a live screenshot, evidence, and one review awaiting a second beside a final one."""
    observation = build.observation(SESSION)
    observation = replace(observation, key=f"{observation.key}.jpg")
    context.media.objects[observation.key] = b"picture"
    context.media.objects[f"inbox/{SESSION}/{LIVE_FRAME_SHA256}.png"] = LIVE_FRAME
    context.media.objects[incoming_key("candidate-one", PHOTO_UPLOAD)] = build.JPEG
    recorded = build.segment(SESSION, Track.FIRST, NOW)
    context.media.objects[recorded.key] = b"segment"
    context.sessions.commit(
        recorded,
        observation,
        build.evidence(SESSION),
        build.review(SESSION, review_id="confirmed"),
        build.review(SESSION, review_id="awaiting", status=ReviewStatus.AWAITING_SECOND),
    )


def add_proctor_requests(context: FakeContext) -> None:
    for session_id in (SESSION, OTHER_SESSION):
        transition = request_from_candidate(
            context.sessions.session(session_id), RequestKind.FACE, NOW, "proctor:proctor"
        )
        context.sessions.commit(transition.session, transition.entry)


def add_reopen_request(context: FakeContext) -> None:
    """Somebody else asked to reopen the session."""
    transition = request_reopening(
        context.sessions.session(SESSION), NOW, "admin:somebody", "误触交卷", MINUTE
    )
    context.sessions.commit(transition.session, transition.entry)


def make_practice(context: FakeContext) -> None:
    """Both sessions are practice sessions."""
    for session_id in (SESSION, OTHER_SESSION):
        session = context.sessions.session(session_id)
        context.sessions.commit(
            replace(session, version=session.version + 1, kind=SittingKind.TRIAL)
        )


def make_recorded(context: FakeContext, *, consent: bool | None = None) -> None:
    """Both sessions record the computer's view and compare voices, once their candidates consent."""
    for session_id in (SESSION, OTHER_SESSION):
        session = context.sessions.session(session_id)
        recorded = replace(
            session,
            version=session.version + 1,
            recording=RecordingRule(first=RecordingMode.ALL, compare_voices=True),
            recording_consent=consent,
        )
        context.sessions.commit(recorded)


def make_personal(context: FakeContext) -> None:
    """The candidates of the official sitting have a passcode each."""
    stored = context.registry.exam(EXAM)
    [subject] = stored.subjects
    official = subject.windows[SittingKind.OFFICIAL]
    personal = replace(official, passcode_mode=PasscodeMode.PERSONAL)
    windows = {**subject.windows, SittingKind.OFFICIAL: personal}
    subjects = (replace(subject, windows=windows),)
    context.registry.put_exam(replace(stored, subjects=subjects, version=stored.version + 1))


def stored_records(context: FakeContext) -> dict[str, Any]:
    return {
        session_id: context.sessions.stored_records(session_id)
        for session_id in (SESSION, OTHER_SESSION)
    }
