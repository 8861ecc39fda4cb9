"""The figures of a room's record, from decisions to the command's lines."""

import pytest

from chalicelib.domain.errors import NotFound
from chalicelib.domain.review.record_figures import FigureKey, FlagFigures
from chalicelib.domain.review.reviews import ReasonCode, Verdict
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.types import SECOND, SittingKind
from chalicelib.services.review import decisions
from chalicelib.services.review.decisions import RulingInput
from chalicelib.services.review.record_figures import room_figures
from infra.record_figures import summary
from tests.support import builders as build
from tests.support.builders import EXAM, NOW, ROOM, SUBJECT
from tests.support.fake_context import FakeContext, act_by, add_session, fake_context

CONFIRM = RulingInput(Verdict.CONFIRM, ReasonCode.LEFT_SEAT)
DISMISS = RulingInput(Verdict.DISMISS, ReasonCode.MISTAKEN)
SESSION = "5e55"


@pytest.fixture
def context() -> FakeContext:
    """A room where of five flags one is confirmed, two are dismissed, and two are undecided."""
    made = fake_context()
    add_session(made)
    add_session(made, "07e7", kind=SittingKind.TRIAL)
    made.sessions.commit(build.flag("07e7"))
    proctor = made.registry.staff("proctor")
    flags = [build.flag(SESSION, NOW + 600 * number * SECOND) for number in range(5)]
    for flag in flags:
        made.sessions.commit(flag)
    for flag, ruling in zip(flags, (CONFIRM, DISMISS, DISMISS), strict=False):
        decisions.review_incident(made, act_by(proctor), [flag.flag_id], ruling)
    decisions.review_incident(
        made, act_by(proctor), [], RulingInput(Verdict.CONFIRM, ReasonCode.TALKING)
    )
    return made


def test_decisions_of_a_room_are_counted_without_practice(context: FakeContext) -> None:
    figures = room_figures(context, EXAM, ROOM)
    assert figures.flags == {
        FigureKey(SUBJECT, "standard", FindingKind.ABSENT): FlagFigures(1, 2, 2, 1)
    }
    assert figures.without_flag == {SUBJECT: 1}


def test_a_room_of_another_exam_is_not_found(context: FakeContext) -> None:
    with pytest.raises(NotFound):
        room_figures(context, "another", ROOM)
    with pytest.raises(NotFound):
        room_figures(context, EXAM, "nowhere")


def test_the_command_adds_rooms_up_and_says_what_it_is_not(context: FakeContext) -> None:
    room = room_figures(context, EXAM, ROOM)
    text = "\n".join(summary([room, room]))
    assert "2 of 6: 33% [10%, 70%]" in text
    assert "violations that no flag pointed to: 2" in text
    assert "It is not recall" in text
    assert "No flags" in "\n".join(summary([]))
