"""Before a flag of missing captures opens, the bucket is asked whether they wait for us."""

from collections.abc import Callable

import pytest

from chalicelib.domain.audit import first_break
from chalicelib.domain.capture.captures import CLIPS_FIRST, PICTURES_FIRST, PlannedCapture
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE, SECOND, Medium, Millis
from chalicelib.services.core.capture_uploads import PlannedUpload
from chalicelib.services.monitoring.capture_plans import plan_captures
from chalicelib.services.monitoring.observations import end_monitoring
from chalicelib.services.monitoring.scheduler import run_due_sessions
from chalicelib.services.sitting import check_in
from chalicelib.services.sitting.answers import submit_answers
from tests.support.fake_context import FakeContext, add_session

SESSION = "5e55"


@pytest.fixture
def planned(context: FakeContext) -> tuple[PlannedUpload, ...]:
    """Somebody who has just started, with the first minute planned."""
    add_session(context, state=State.WAITING)
    check_in.start_answering(context, SESSION)
    return plan_captures(context, SESSION, (PICTURES_FIRST, CLIPS_FIRST)).captures


type Moment = Callable[[PlannedCapture], Millis]


def in_time(capture: PlannedCapture) -> Millis:
    return capture.due_at + capture.length + SECOND


def upload(
    context: FakeContext,
    planned: tuple[PlannedUpload, ...],
    data: bytes = b"picture",
    at: Moment = in_time,
) -> None:
    """Let the pictures that are due by now lie in the bucket, judged by nobody."""
    for upload in planned:
        if upload.capture.medium is Medium.PICTURE and at(upload.capture) <= context.clock():
            context.media.put(upload.form.fields["key"], data, at(upload.capture))


def actions(context: FakeContext) -> list[str]:
    return [entry.action for entry in context.sessions.audit(SESSION)]


def kinds(context: FakeContext) -> list[FindingKind]:
    return [flag.kind for flag in context.sessions.flags(SESSION)]


def test_nothing_is_asked_while_nothing_is_missing(
    context: FakeContext, planned: tuple[PlannedUpload, ...]
) -> None:
    assert planned
    context.clock.advance(30 * SECOND)
    run_due_sessions(context)
    assert context.media.calls == []


def test_captures_that_are_not_there_are_flagged_after_one_listing(
    context: FakeContext, planned: tuple[PlannedUpload, ...]
) -> None:
    assert planned
    context.clock.advance(50 * SECOND)
    run_due_sessions(context)
    assert kinds(context) == [FindingKind.NO_SNAPSHOT]
    assert context.media.calls == ["uploads"]
    assert "captures_late" not in actions(context)


def test_captures_that_wait_for_us_open_nothing_and_are_on_record(
    context: FakeContext, planned: tuple[PlannedUpload, ...]
) -> None:
    context.clock.advance(50 * SECOND)
    upload(context, planned)
    run_due_sessions(context)
    assert kinds(context) == []
    [late] = [entry for entry in context.sessions.audit(SESSION) if entry.action == "captures_late"]
    assert late.detail["view"] == "first"
    assert late.detail["medium"] == "picture"
    assert int(late.detail["captures"] or 0) >= 5
    assert first_break(context.sessions.audit(SESSION)) is None
    # They count as arrived from now on: nothing is due again for them.
    assert run_due_sessions(context) == 0


def test_a_capture_that_has_only_just_arrived_is_no_lateness(
    context: FakeContext, planned: tuple[PlannedUpload, ...]
) -> None:
    context.clock.advance(50 * SECOND)
    upload(context, planned, at=lambda _capture: context.clock() - SECOND)
    run_due_sessions(context)
    assert "captures_late" not in actions(context)


@pytest.mark.parametrize(
    ("data", "at"),
    [
        (b"", in_time),
        (b"picture", lambda capture: capture.due_at - 10 * SECOND),
    ],
    ids=["no byte", "before its moment"],
)
def test_what_lies_there_but_is_no_capture_of_its_moment_is_missing(
    context: FakeContext, planned: tuple[PlannedUpload, ...], data: bytes, at: Moment
) -> None:
    context.clock.advance(50 * SECOND)
    upload(context, planned, data, at)
    run_due_sessions(context)
    assert kinds(context) == [FindingKind.NO_SNAPSHOT]
    assert "captures_late" not in actions(context)


def test_each_stream_is_asked_once_at_most(
    context: FakeContext, planned: tuple[PlannedUpload, ...]
) -> None:
    """The pictures wait for us, the clips never came: what is missing beside is asked for too."""
    uploads = planned
    while context.clock() < uploads[0].capture.due_at + 5 * MINUTE:
        context.clock.advance(50 * SECOND)
        upload(context, uploads)
        uploads += plan_captures(context, SESSION, (PICTURES_FIRST, CLIPS_FIRST)).captures
    upload(context, uploads)
    context.media.calls.clear()
    run_due_sessions(context)
    assert kinds(context) == [FindingKind.NO_SOUND]
    assert context.media.calls == ["uploads", "uploads"]


def test_to_hand_in_hides_no_silence(
    context: FakeContext, planned: tuple[PlannedUpload, ...]
) -> None:
    assert planned
    context.clock.advance(50 * SECOND)
    assert context.sessions.bundle(SESSION).monitor.open_flags == ()
    submit_answers(context, SESSION)
    [flag] = context.sessions.flags(SESSION)
    assert (flag.kind, flag.ended_at) == (FindingKind.NO_SNAPSHOT, context.clock())
    assert actions(context)[-2:] == ["flag_opened", "flag_closed"]
    before = context.sessions.stored_records(SESSION)
    end_monitoring(context, SESSION)
    assert context.sessions.stored_records(SESSION) == before
