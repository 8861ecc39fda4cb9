"""Signing in as somebody else, and honest people's ways of typing, through the public API.

A cheat knows other people's numbers (they are sequential) and has a passcode of the own: each
attack here is played as a client of the cheat's own would, without the page.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.exams.exams import Candidate
from chalicelib.domain.rules.sign_in_numbers import SignInNumbers
from chalicelib.domain.types import Role
from chalicelib.services.ports import AppContext
from infra.demo import ProductInstance
from tests.support import builders as build
from tests.support.deployed_exam import ApiClient, DeployedExam

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def exam(product: ProductInstance, context: AppContext) -> Iterator[DeployedExam]:
    """An exam of this module's own, whose official sitting has personal passcodes."""
    made = DeployedExam(product, context)
    made_passcode = admin(made).post(
        f"{subject_path(made)}/passcodes", {"version": 1, "kind": "official", "mode": "personal"}
    )
    assert made_passcode["passcode"] is None
    yield made
    made.api.close()


def admin(exam: DeployedExam) -> ApiClient:
    return exam.client_for(Role.ADMIN, exam.username("admin"))


def subject_path(exam: DeployedExam) -> str:
    return f"/admin/exams/{exam.exam_id}/subjects/{exam.subject_id}"


def version(exam: DeployedExam) -> int:
    setup: dict[str, int] = admin(exam).get(f"/admin/exams/{exam.exam_id}")
    return setup["version"]


def passcode_of(exam: DeployedExam, candidate: Candidate) -> str:
    path = f"/admin/exams/{exam.exam_id}/candidates/{candidate.candidate_id}/passcode"
    shown: dict[str, str] = admin(exam).post(
        path, {"subject_id": exam.subject_id, "kind": "official"}
    )
    return shown["passcode"]


def sign_in(
    exam: DeployedExam, number: str, passcode: str, *, status: int = 200, second: str = ""
) -> Any:
    body = {
        "exam_id": exam.exam_id,
        "subject_id": exam.subject_id,
        "number": number,
        "second_number": second,
        "passcode": passcode,
        "device": "cheat",
    }
    return ApiClient(exam.api, "").post("/candidate/sign-in", body, status=status)


def test_fellow_candidate_cannot_sign_in_as_another(exam: DeployedExam) -> None:
    cheat, victim = exam.candidate(), exam.candidate()
    own = passcode_of(exam, cheat)
    for number in (victim.admission_number, victim.id_number):
        refused = sign_in(exam, number, own, status=401)
        assert refused["code"] == "wrong_numbers"
    refused = sign_in(exam, victim.admission_number, build.OFFICIAL, status=401)
    assert refused["code"] == "wrong_numbers"
    # Nothing was opened in the victim's name, and the victim gets in as ever.
    entered = sign_in(exam, victim.admission_number, passcode_of(exam, victim))
    assert entered["session"]["state"] == "signed_in"
    assert sign_in(exam, cheat.admission_number, own)["session"]["person"]["name"] == cheat.name


def test_five_wrong_passcodes_throttle_as_before(exam: DeployedExam) -> None:
    victim = exam.candidate()
    for _ in range(5):
        sign_in(exam, victim.id_number, "WRNG2345", status=401)
    refused = sign_in(exam, victim.id_number, passcode_of(exam, victim), status=429)
    assert refused["code"] == "too_many_tries"


@pytest.mark.parametrize(
    ("number", "code"),
    [("9.9E+17", "malformed_number"), ("————", "malformed_number"), ("--", "malformed_number")],
)
def test_malformed_number_is_refused_in_words_and_does_not_count(
    exam: DeployedExam, number: str, code: str
) -> None:
    for _ in range(7):
        refused = sign_in(exam, number, "WRNG2345", status=400)
        assert refused["code"] == code
        assert "9.9E+17" in refused["message"]


def test_malformed_passcode_does_not_count(exam: DeployedExam) -> None:
    candidate = exam.candidate()
    own = passcode_of(exam, candidate)
    for passcode in (own[:-1], own + "2", own[:-1] + "O", "口令", "-"):
        for _ in range(2):
            refused = sign_in(exam, candidate.admission_number, passcode, status=400)
            assert refused["code"] == "malformed_passcode"
    assert sign_in(exam, candidate.admission_number, own)


def test_numbers_and_passcodes_are_taken_as_they_are_typed(exam: DeployedExam) -> None:
    candidate = exam.candidate()
    number, own = candidate.admission_number, passcode_of(exam, candidate)
    for typed, passcode in (
        (full_width(number), full_width(own.lower())),
        (f'="{number}"', f"{own[:4]} {own[4:]}"),
        (f"\ufeff'{number}。", f"\u200b{own[:4]}—{own[4:]}，"),
        (f"\u202a{number}\u202c\t", f"“{own}”"),
    ):
        assert sign_in(exam, typed, passcode)["session"]["person"]["name"] == candidate.name


def full_width(text: str) -> str:
    return "".join(
        chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character for character in text
    )


def test_join_code_and_numbers_of_the_phone_are_taken_as_they_are_typed(
    exam: DeployedExam,
) -> None:
    candidate = exam.candidate()
    entered = sign_in(exam, candidate.admission_number, passcode_of(exam, candidate))
    person = ApiClient(exam.api, entered["token"])
    code = person.post("/candidate/second-view/code")["code"]
    numbers = {
        "admission_number": full_width(candidate.admission_number),
        "id_number": f"'{candidate.id_number.lower()}",
    }
    phone = ApiClient(exam.api, "")
    malformed = phone.post("/phone/join", {**numbers, "code": "AB-CD"}, status=400)
    assert malformed["code"] == "malformed_code"
    dashed = full_width(f"{code[:4]}-{code[4:]}".lower())
    assert phone.post("/phone/join", {**numbers, "code": dashed})["token"]


def test_admission_number_of_dashes_alone_is_refused_when_it_is_enrolled(
    exam: DeployedExam,
) -> None:
    row = {
        "name": "钱多多", "id_number": "110101199003071234", "admission_number": "————",
        "phone": "13900000001", "subject_id": exam.subject_id, "room_id": exam.room_id,
    }  # fmt: skip
    path = f"/admin/exams/{exam.exam_id}/candidates"
    [refused] = admin(exam).post(path, {"candidates": [row]})["candidates"]
    assert (refused["outcome"], refused["candidate_id"]) == ("refused", None)
    assert "准考证号" in refused["reasons"][0]["zh"]


def test_new_passcodes_hold_at_once_and_old_ones_end(exam: DeployedExam) -> None:
    candidate = exam.candidate()
    old = passcode_of(exam, candidate)
    sign_in(exam, candidate.admission_number, old)  # this worker has the exam in its cache now
    admin(exam).post(
        f"{subject_path(exam)}/passcodes", {"version": version(exam), "kind": "official"}
    )
    new = passcode_of(exam, candidate)
    assert new != old
    assert sign_in(exam, candidate.admission_number, new)
    assert sign_in(exam, candidate.admission_number, old, status=401)["code"] == "wrong_numbers"


def test_one_leaked_passcode_is_replaced_alone_and_at_once(exam: DeployedExam) -> None:
    victim, other = exam.candidate(), exam.candidate()
    leaked, others = passcode_of(exam, victim), passcode_of(exam, other)
    sign_in(exam, victim.admission_number, leaked)
    path = f"/admin/exams/{exam.exam_id}/candidates/{victim.candidate_id}/passcode/replace"
    sitting = {"subject_id": exam.subject_id, "kind": "official"}
    made = admin(exam).post(path, sitting)["passcode"]
    assert sign_in(exam, victim.admission_number, leaked, status=401)["code"] == "wrong_numbers"
    assert sign_in(exam, victim.admission_number, made)
    assert sign_in(exam, other.admission_number, others)
    assert passcode_of(exam, victim) == made
    record = admin(exam).get(f"/admin/exams/{exam.exam_id}/candidates/{victim.candidate_id}")
    actions = [entry["action"] for entry in record["audit"]]
    assert actions == ["passcode_shown", "passcode_replaced", "passcode_shown"]
    shared = admin(exam).post(path, {**sitting, "kind": "trial"}, status=409)
    assert shared["code"] == "shared_passcode"


def test_passcodes_that_were_shown_and_exported_are_on_record(exam: DeployedExam) -> None:
    candidate = exam.candidate()
    shown = passcode_of(exam, candidate)
    rows, after = [], ""
    while True:
        page = admin(exam).post(
            f"{subject_path(exam)}/passcodes/export", {"kind": "official", "after": after}
        )
        rows += page["passcodes"]
        after = page["after"]
        if not after:
            break
    assert {"name": candidate.name, "admission_number": candidate.admission_number,
            "passcode": shown} in rows  # fmt: skip
    record = admin(exam).get(f"/admin/exams/{exam.exam_id}/candidates/{candidate.candidate_id}")
    assert [entry["action"] for entry in record["audit"]] == ["passcode_shown"]
    assert shown not in str(record)
    actions = [entry.action for entry in exam.context.registry.audit(exam.exam_id)]
    assert "passcodes_exported" in actions


def test_both_numbers_are_asked_for_where_the_subject_says_so(
    product: ProductInstance, context: AppContext
) -> None:
    exam = DeployedExam(product, context)
    stored = context.registry.fresh_exam(exam.exam_id)
    subject = replace(stored.subjects[0], sign_in_numbers=SignInNumbers.BOTH)
    context.registry.put_exam(replace(stored, subjects=(subject,), version=2))
    shown = ApiClient(exam.api, "").get(f"/exams/{exam.exam_id}")
    assert shown["subjects"][0]["sign_in_numbers"] == "both"
    candidate, other = exam.candidate(), exam.candidate()
    admission_number, id_number = candidate.admission_number, candidate.id_number
    for _ in range(7):
        refused = sign_in(exam, admission_number, build.OFFICIAL, status=400)
        assert refused["code"] == "second_number_required"
    sign_in(exam, admission_number, build.OFFICIAL, status=401, second=other.id_number)
    assert sign_in(exam, admission_number, build.OFFICIAL, second=id_number)
    assert sign_in(exam, id_number, build.OFFICIAL, second=admission_number)
    exam.api.close()
