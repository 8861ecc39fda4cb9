"""Getting in, over the deployed API: waits after failures, and the proof of Safe Exam Browser."""

import plistlib
import uuid
from dataclasses import replace
from typing import Any

import httpx
import pytest

from chalicelib.domain.rules.safe_exam_browser import SebRule, SebUse
from chalicelib.domain.rules.seb_config_key import config_key
from chalicelib.domain.rules.sign_in_throttling import PER_NUMBER
from chalicelib.domain.types import SittingKind
from tests.support import builders as build
from tests.support.deployed_exam import ApiClient, DeployedExam

pytestmark = pytest.mark.integration


def attempt_repeatedly(
    deployed: DeployedExam, path: str, body: dict[str, Any], count: int
) -> list[httpx.Response]:
    headers = {"Accept-Language": "en"}
    return [deployed.api.post(path, json=body, headers=headers) for _ in range(count)]


def test_who_tries_too_often_waits_whoever_it_is(deployed: DeployedExam) -> None:
    known = deployed.candidate().admission_number
    told = []
    for number in (known, f"NONE-{uuid.uuid4().hex[:8]}"):
        body = {
            "exam_id": deployed.exam_id,
            "subject_id": deployed.subject_id,
            "number": number,
            "passcode": "WRNG2345",
        }
        answers = attempt_repeatedly(
            deployed, "/candidate/sign-in", body, PER_NUMBER.free_attempts + 1
        )
        told.append([(response.status_code, response.json()["code"]) for response in answers])
        assert "seconds" in answers[-1].json()["message"]
    assert told[0] == told[1]
    assert told[0] == [(401, "wrong_numbers")] * PER_NUMBER.free_attempts + [
        (429, "too_many_tries")
    ]
    staff = {"username": deployed.username("proctor"), "password": "wrong"}
    answers = attempt_repeatedly(deployed, "/staff/sign-in", staff, PER_NUMBER.free_attempts + 1)
    assert [response.status_code for response in answers] == [401] * PER_NUMBER.free_attempts + [
        429
    ]


def test_safe_exam_browser_proves_itself_by_headers(deployed: DeployedExam) -> None:
    subject_id = f"seb-{uuid.uuid4().hex[:8]}"
    subject = build.subject(
        deployed.context.clock(),
        subject_id=subject_id,
        exam_id=deployed.exam_id,
        safe_browser=SebRule(SebUse.REQUIRED, ("e" * 64,)),
    )
    exam = deployed.context.registry.exam(deployed.exam_id)
    deployed.context.registry.put_exam(
        replace(exam, subjects=(*exam.subjects, subject), version=exam.version + 1)
    )
    deployed.context.registry.put_paper(build.paper(SittingKind.OFFICIAL, subject_id))
    person = deployed.candidate_client(subject_id=subject_id)
    person.get("/candidate/paper", status=403)

    api = str(deployed.api.base_url).rstrip("/")
    file = httpx.get(f"{api}/exams/{deployed.exam_id}/subjects/{subject_id}/exam.seb", timeout=60)
    key = config_key(plistlib.loads(file.content))

    def prove(nonce: str, over: str, config: str = key, exam_key: str = "e" * 64) -> httpx.Response:
        path = f"/candidate/safe-browser/{nonce}"
        headers = {
            "Authorization": f"Bearer {person.token}",
            "X-SafeExamBrowser-ConfigKeyHash": build.digest(f"{api}{over}", config),
            "X-SafeExamBrowser-RequestHash": build.digest(f"{api}{over}", exam_key),
        }
        return deployed.api.post(path, json={}, headers=headers)

    def nonce() -> str:
        made: str = person.post("/candidate/safe-browser")["nonce"]
        return made

    first = nonce()
    right = f"/candidate/safe-browser/{first}"
    entered = prove(first, right)
    assert entered.status_code == 200, entered.text
    for number, over, config, exam_key in (
        (first, right, key, "e" * 64),  # replayed
        (nonce(), right, key, "e" * 64),  # replayed under another nonce
        ((made := nonce()), f"/candidate/safe-browser/{made}", "f" * 64, "e" * 64),  # foreign
        ((made := nonce()), f"/candidate/safe-browser/{made}", key, "d" * 64),  # a foreign browser
    ):
        assert prove(number, over, config, exam_key).status_code == 403
    person.post(f"/candidate/safe-browser/{nonce()}", {}, status=403)  # missing
    proven = ApiClient(deployed.api, entered.json()["token"], person.session_id)
    assert proven.get("/candidate/paper")["questions"]
    proven.save_answer("q1", 1, "A")
