"""Corrections of one candidate, and numbers exchanged between two."""

from dataclasses import replace

import pytest

from chalicelib.domain.audit import first_break
from chalicelib.domain.errors import BadInput, Conflict, NotFound
from chalicelib.domain.sessions.corrections import SittingUnderWay
from chalicelib.domain.sessions.states import State
from chalicelib.services.admin.corrections import (
    Correction,
    NumberTaken,
    correct,
    swap_numbers,
)
from tests.support import builders as build
from tests.support.builders import EXAM
from tests.support.fake_context import FakeContext, add_session

STAFF = build.staff("admin")
REASON = "报名时填错"


def test_wrong_number_is_corrected_and_the_person_stays(context: FakeContext) -> None:
    before = context.registry.candidate("candidate-one")
    after = correct(
        context,
        STAFF,
        before,
        Correction(id_number="ＩＤ－77", phone_number="138 0000 0001"),
        REASON,
    )
    assert (after.candidate_id, after.id_number) == ("candidate-one", "ID77")
    assert (after.phone_number, after.name) == ("13800000001", before.name)
    assert context.registry.candidate_by_number(EXAM, "ID77") == after
    with pytest.raises(NotFound):
        context.registry.candidate_by_number(EXAM, "IDONE0001")
    [entry] = context.registry.audit("candidate-one")
    assert (entry.action, entry.detail["reason"]) == ("corrected", REASON)
    assert entry.detail["id_number"] == "I**7"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "李四"),
        ("id_number", "ID77"),
        ("admission_number", "ADM77"),
        ("phone_number", "13800000001"),
        ("registration_unit", "第二报名点"),
    ],
)
def test_each_field_is_corrected_alone(context: FakeContext, field: str, value: str) -> None:
    before = context.registry.candidate("candidate-one")
    after = correct(context, STAFF, before, Correction(**{field: value}), REASON)
    expected = replace(before, version=before.version + 1, head=after.head, **{field: value})  # type: ignore[arg-type]
    assert after == expected != before
    assert context.registry.candidate("candidate-one") == after


def test_correction_is_idempotent(context: FakeContext) -> None:
    before = context.registry.candidate("candidate-one")
    first = correct(context, STAFF, before, Correction(name="李四"), REASON)
    assert correct(context, STAFF, before, Correction(name="李四"), REASON) == first
    with pytest.raises(Conflict):
        correct(context, STAFF, before, Correction(name="李五"), REASON)


@pytest.mark.parametrize(
    "correction",
    [
        Correction(name=" "),
        Correction(id_number="9.9E+17"),
        Correction(admission_number=""),
        Correction(name="李\u202e四"),
    ],
)
def test_value_that_no_list_may_have_is_refused(
    context: FakeContext, correction: Correction
) -> None:
    before = context.registry.candidate("candidate-one")
    with pytest.raises(BadInput):
        correct(context, STAFF, before, correction, REASON)
    assert context.registry.candidate("candidate-one") == before


def test_taken_number_names_its_holder(context: FakeContext) -> None:
    before = context.registry.candidate("candidate-one")
    with pytest.raises(NumberTaken) as refusal:
        correct(context, STAFF, before, Correction(admission_number="ADM-two"), REASON)
    assert "考生 two" in refusal.value.text.zh


@pytest.mark.parametrize("state", [State.ANSWERING, State.PAUSED, State.REVERIFYING])
def test_numbers_are_not_changed_while_the_candidate_answers(
    context: FakeContext, state: State
) -> None:
    session_id = build.session_id_of("candidate-one")
    place = State.PAUSED if state is State.REVERIFYING else None
    add_session(context, session_id, state=state, paused_at=build.NOW, resume_state=place)
    before = context.registry.candidate("candidate-one")
    with pytest.raises(SittingUnderWay):
        correct(context, STAFF, before, Correction(id_number="ID77"), REASON)
    assert context.registry.candidate("candidate-one") == before
    assert correct(context, STAFF, before, Correction(name="李四"), REASON).name == "李四"
    assert context.sessions.session(session_id).candidate_name == "李四"


def test_ended_sitting_is_kept_as_it_was(context: FakeContext) -> None:
    session_id = build.session_id_of("candidate-one")
    add_session(context, session_id, state=State.SUBMITTED)
    session = context.sessions.session(session_id)
    before = context.registry.candidate("candidate-one")
    after = correct(context, STAFF, before, Correction(admission_number="NEW1"), REASON)
    assert after.admission_number == "NEW1"
    assert context.sessions.session(session_id) == session


@pytest.mark.parametrize("field", ["admission_number", "id_number"])
def test_numbers_are_exchanged_between_two(context: FakeContext, field: str) -> None:
    first = context.registry.candidate("candidate-one")
    second = context.registry.candidate("candidate-two")
    swapped = swap_numbers(context, STAFF, first, "adm－two", field=field, reason=REASON)
    assert getattr(swapped, field) == getattr(second, field)
    assert getattr(context.registry.candidate("candidate-two"), field) == getattr(first, field)
    for candidate_id in ("candidate-one", "candidate-two"):
        chain = context.registry.audit(candidate_id)
        assert [entry.action for entry in chain] == ["numbers_exchanged"]
        assert first_break(chain) is None


def test_exchange_needs_another_candidate(context: FakeContext) -> None:
    first = context.registry.candidate("candidate-one")
    for number, error in (("nobody", NotFound), ("ADM-one", BadInput)):
        with pytest.raises(error):
            swap_numbers(context, STAFF, first, number, field="admission_number", reason=REASON)


def test_exchange_is_refused_while_one_of_the_two_answers(context: FakeContext) -> None:
    add_session(context, build.session_id_of("candidate-two"), candidate_id="candidate-two")
    first = context.registry.candidate("candidate-one")
    with pytest.raises(SittingUnderWay):
        swap_numbers(context, STAFF, first, "ADM-two", field="admission_number", reason=REASON)
    assert context.registry.candidate("candidate-one") == first
