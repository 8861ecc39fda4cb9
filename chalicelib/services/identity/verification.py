"""Photo verification: a capture to upload, the machine's judgement, the proctor's decision."""

from dataclasses import dataclass, replace

from chalicelib.domain.capture.captures import LARGEST_PICTURE, PICTURE_TYPE, capture_id_of
from chalicelib.domain.errors import BadInput, WrongState
from chalicelib.domain.identity.verification import (
    Capture,
    Compared,
    Identity,
    IdentityStatus,
    Turn,
    answer_consent,
    begin,
    decide,
    judge,
)
from chalicelib.domain.monitoring.monitor_state import Watch
from chalicelib.domain.rules.profiles import profile_named
from chalicelib.domain.sessions.sessions import Change, Session, advance, note
from chalicelib.domain.sessions.states import FINAL, State, Step
from chalicelib.domain.types import Millis, Text
from chalicelib.retry import until_written
from chalicelib.services.ports import DataWorld, Record, SignedForm, Whole, World

UPLOAD_SECONDS = 120


BEFORE_CONSENT = frozenset({State.SIGNED_IN, State.INFO_CONFIRMED})


@dataclass(frozen=True, slots=True)
class Begun:
    """A try: its capture, and the forms that upload its two pictures."""

    capture: Capture
    straight: SignedForm
    turned: SignedForm


def say_consent(world: World, session_id: str, *, agreed: bool) -> None:
    """Take what the candidate says to the processing of their face.

    A «yes» belongs before the verification; a «no» may come at any time after the pledge, and
    forgets at once what was computed and taken. Raises WrongState.
    """
    now = world.clock()

    def attempt() -> Identity:
        whole = world.sessions.whole(session_id)
        if not _may_say(whole.session.state, agreed=agreed):
            raise WrongState
        identity = answer_consent(whole.identity, agreed=agreed)
        if identity is not whole.identity:
            world.sessions.commit(*_said(whole, identity, now))
        return whole.identity

    before = until_written(attempt)
    if not agreed:
        for key in filter(None, (before.key, before.turn_key)):
            world.media.forget(key)


def _may_say(state: State, *, agreed: bool) -> bool:
    return state is State.PLEDGED if agreed else state not in BEFORE_CONSENT | FINAL


def _said(whole: Whole, identity: Identity, now: Millis) -> tuple[Record, ...]:
    change = note(whole.session, now, "candidate", "face_consent", consent=identity.consent)
    if whole.watch.reference is None:
        return identity, change.session, change.entry
    # Without a reference nobody's identity is judged by pictures any more.
    watch = replace(whole.watch, reference=None, version=whole.watch.version + 1)
    return identity, watch, change.session, change.entry


def begin_capture(world: World, session_id: str) -> Begun:
    """Return a new try and where its pictures go. Raises WrongState outside `pledged`."""
    now = world.clock()
    capture_id = capture_id_of(now, world.new_id())
    capture = Capture(
        capture_id=capture_id,
        key=f"identity/{session_id}/{capture_id}.jpg",
        turn=(Turn.LEFT, Turn.RIGHT)[world.draw(2)],
        turn_key=f"turned/{session_id}/{capture_id}.jpg",
    )

    def attempt() -> None:
        whole = world.sessions.whole(session_id)
        if whole.session.state is not State.PLEDGED:
            raise WrongState
        photo_key = world.registry.candidate(whole.session.candidate_id).photo_key
        world.sessions.commit(begin(whole.identity, capture, photo_key, now))

    until_written(attempt)
    straight, turned = (
        world.media.upload_form(key, PICTURE_TYPE, LARGEST_PICTURE, UPLOAD_SECONDS)
        for key in (capture.key, capture.turn_key)
    )
    return Begun(capture, straight, turned)


def record_compared(world: DataWorld, session_id: str, capture_id: str, seen: Compared) -> None:
    """Take in what the models found in a verification picture; a repeat changes nothing."""
    now = world.clock()

    def attempt() -> None:
        whole = world.sessions.whole(session_id)
        enough = profile_named(whole.session.profile).identity_enough
        after = judge(whole.identity, capture_id, seen, enough)
        if after is not whole.identity:
            world.sessions.commit(*_judged(whole, after, now))

    until_written(attempt)


def _judged(whole: Whole, identity: Identity, now: Millis) -> tuple[Record, ...]:
    if identity.status is IdentityStatus.VERIFIED:
        return _verified(whole, identity, now, "system")
    change = note(
        whole.session,
        now,
        "system",
        "identity_compared",
        status=identity.status,
        reason=identity.reason,
        similarity=identity.similarity,
        movement=identity.movement,
        capture=identity.capture_id,
    )
    return identity, change.session, change.entry


def _verified(whole: Whole, identity: Identity, now: Millis, actor: str) -> tuple[Record, ...]:
    """The picture becomes the session's reference, if there is one, and the session goes on."""
    change: Change = advance(
        whole.session,
        Step.VERIFY_IDENTITY,
        now,
        actor,
        similarity=identity.similarity,
        movement=identity.movement,
        capture=identity.capture_id,
        consent=identity.consent,
    )
    watch: Watch = replace(
        whole.watch, reference=identity.embedding, version=whole.watch.version + 1
    )
    # The face's numbers stand in one place from now on, and are forgotten there at the end.
    return replace(identity, embedding=None), watch, change.session, change.entry


def decide_identity(
    world: World, session_id: str, actor: str, reason: str | None, *, accept: bool
) -> Session:
    """Take a proctor's decision; a «no» needs a reason, which the candidate reads."""
    if not accept and not reason:
        raise BadInput(Text("请填写不通过的原因。", "A refusal needs a reason."))
    now = world.clock()

    def attempt() -> Session:
        whole = world.sessions.whole(session_id)
        identity = decide(whole.identity, actor, reason, accept=accept)
        if accept:
            world.sessions.commit(*_verified(whole, identity, now, actor))
        else:
            change = note(whole.session, now, actor, "identity_rejected", reason=reason)
            world.sessions.commit(identity, change.session, change.entry)
        return world.sessions.session(session_id)

    return until_written(attempt)
