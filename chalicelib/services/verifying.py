"""Photo verification: a capture to upload, the machine's judgement, the proctor's decision."""

from dataclasses import replace

from chalicelib.exam.captures import LARGEST_PICTURE, capture_id_of
from chalicelib.exam.errors import BadInput, WrongState
from chalicelib.exam.identity import Compared, Identity, IdentityStatus, begin, decide, judge
from chalicelib.exam.profiles import profile_named
from chalicelib.exam.sessions import Change, Session, advance, note
from chalicelib.exam.states import State, Step
from chalicelib.exam.watches import Watch
from chalicelib.exam.words import Millis, Text
from chalicelib.services.ports import DataWorld, Record, SignedForm, Whole, World
from chalicelib.services.trying import until_written

UPLOAD_SECONDS = 120
PICTURE_TYPE = "image/jpeg"


def begin_capture(world: World, session_id: str) -> tuple[str, SignedForm]:
    """Return the capture's id and where its picture goes. Raises WrongState outside `pledged`."""
    now = world.clock()
    capture_id = capture_id_of(now, world.new_id())
    key = f"identity/{session_id}/{capture_id}.jpg"

    def attempt() -> None:
        whole = world.sessions.whole(session_id)
        if whole.session.state is not State.PLEDGED:
            raise WrongState
        photo_key = world.registry.candidate(whole.session.candidate_id).photo_key
        world.sessions.commit(begin(whole.identity, capture_id, key, photo_key, now))

    until_written(attempt)
    return capture_id, world.media.upload_form(key, PICTURE_TYPE, LARGEST_PICTURE, UPLOAD_SECONDS)


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
        capture=identity.capture_id,
    )
    return identity, change.session, change.entry


def _verified(whole: Whole, identity: Identity, now: Millis, actor: str) -> tuple[Record, ...]:
    """The picture becomes the session's reference, and the session goes on."""
    change: Change = advance(
        whole.session,
        Step.VERIFY_IDENTITY,
        now,
        actor,
        similarity=identity.similarity,
        capture=identity.capture_id,
    )
    watch: Watch = replace(
        whole.watch, reference=identity.embedding, version=whole.watch.version + 1
    )
    return identity, watch, change.session, change.entry


def decide_identity(
    world: World, session_id: str, actor: str, reason: str | None, *, accept: bool
) -> Session:
    """Take a proctor's decision on a verification picture; a «no» needs a reason."""
    if not accept and not reason:
        raise BadInput(Text("请填写不通过的原因。", "A refusal needs a reason."))
    now = world.clock()

    def attempt() -> Session:
        whole = world.sessions.whole(session_id)
        identity = decide(whole.identity, actor, accept=accept)
        if accept:
            world.sessions.commit(*_verified(whole, identity, now, actor))
        else:
            change = note(whole.session, now, actor, "identity_rejected", reason=reason)
            world.sessions.commit(identity, change.session, change.entry)
        return world.sessions.session(session_id)

    return until_written(attempt)
