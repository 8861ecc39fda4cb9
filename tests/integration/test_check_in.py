"""Sign-in to the deployed API: throttling, and the proof of Safe Exam Browser."""

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


def test_repeated_failures_are_throttled_for_existing_and_unknown_numbers(
    deployed: DeployedExam,
) -> None:
    existing = deployed.candidate().admission_number
    outcomes = []
    for number in (existing, f"NONE-{uuid.uuid4().hex[:8]}"):
        body = {
            "exam_id": deployed.exam_id,
            "subject_id": deployed.subject_id,
            "number": number,
            "passcode": "WRNG2345",
        }
        responses = attempt_repeatedly(
            deployed, "/candidate/sign-in", body, PER_NUMBER.free_attempts + 1
        )
        outcomes.append([(response.status_code, response.json()["code"]) for response in responses])
        assert "seconds" in responses[-1].json()["message"]
    assert outcomes[0] == outcomes[1]
    assert outcomes[0] == [(401, "wrong_numbers")] * PER_NUMBER.free_attempts + [
        (429, "too_many_tries")
    ]
    staff = {"username": deployed.username("proctor"), "password": "wrong"}
    responses = attempt_repeatedly(deployed, "/staff/sign-in", staff, PER_NUMBER.free_attempts + 1)
    assert [response.status_code for response in responses] == [401] * PER_NUMBER.free_attempts + [
        429
    ]


def test_safe_exam_browser_is_proven_by_headers(deployed: DeployedExam) -> None:
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

    def prove(
        nonce: str, hashed_path: str, config: str = key, exam_key: str = "e" * 64
    ) -> httpx.Response:
        path = f"/candidate/safe-browser/{nonce}"
        headers = {
            "Authorization": f"Bearer {person.token}",
            "X-SafeExamBrowser-ConfigKeyHash": build.digest(f"{api}{hashed_path}", config),
            "X-SafeExamBrowser-RequestHash": build.digest(f"{api}{hashed_path}", exam_key),
        }
        return deployed.api.post(path, json={}, headers=headers)

    def new_nonce() -> str:
        nonce: str = person.post("/candidate/safe-browser")["nonce"]
        return nonce

    first = new_nonce()
    valid_path = f"/candidate/safe-browser/{first}"
    response = prove(first, valid_path)
    assert response.status_code == 200, response.text
    for nonce, hashed_path, config, exam_key in (
        (first, valid_path, key, "e" * 64),  # replayed
        (new_nonce(), valid_path, key, "e" * 64),  # replayed with another nonce
        ((other := new_nonce()), f"/candidate/safe-browser/{other}", "f" * 64, "e" * 64),  # config
        ((other := new_nonce()), f"/candidate/safe-browser/{other}", key, "d" * 64),  # browser
    ):
        assert prove(nonce, hashed_path, config, exam_key).status_code == 403
    person.post(f"/candidate/safe-browser/{new_nonce()}", {}, status=403)  # headers missing
    proven = ApiClient(deployed.api, response.json()["token"], person.session_id)
    assert proven.get("/candidate/paper")["questions"]
    proven.save_answer("q1", 1, "A")
