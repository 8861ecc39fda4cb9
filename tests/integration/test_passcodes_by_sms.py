"""Passcodes by SMS: from the console's request to the candidate's sign-in."""

import re
from dataclasses import replace
from typing import Any

import httpx
import pytest

from chalicelib.domain.exams.exams import Candidate
from chalicelib.domain.types import MINUTE, Role
from tests.support import builders as build
from tests.support.deployed_exam import ApiClient, DeployedExam
from tests.support.polling import wait_for

pytestmark = pytest.mark.integration

PASSCODE = re.compile(r"口令：([A-Z2-9]{8})。")


def sent_messages(deployed: DeployedExam, candidates: list[Candidate]) -> list[str]:
    """Return the texts of all SMS that SNS sent to the candidates."""
    url = f"{deployed.product.deployment.endpoint}/_ministack/sns/sms-messages"
    messages = httpx.get(url, timeout=30).json()["sms_messages"]
    return [
        str(message["Message"])
        for candidate in candidates
        for message in messages.get(f"+86{candidate.phone_number}", ())
    ]


def test_passcode_from_the_sms_signs_in(deployed: DeployedExam) -> None:
    admin = deployed.client_for(Role.ADMIN, deployed.username("admin"))
    now, registry = deployed.context.clock(), deployed.context.registry
    exam_id = f"sms-{deployed.run_id}"
    subject = build.subject(now, subject_id=f"sms-{deployed.run_id}", exam_id=exam_id)
    title = replace(build.localized("短信"), zh=f"短信批次 {deployed.run_id}")
    registry.put_exam(build.exam(subject, exam_id=exam_id, title=title))
    candidates = [
        build.candidate(
            f"{deployed.run_id}-{number}",
            exam_id=exam_id,
            phone_number=f"139{int(deployed.run_id, 16) % 10**7:07d}{number}",
            rooms={subject.subject_id: deployed.room_id},
        )
        for number in range(3)
    ]
    for candidate in candidates:
        registry.put_candidate(candidate)
    path = f"/admin/exams/{exam_id}/subjects/{subject.subject_id}"
    created = admin.post(f"{path}/passcodes", {"kind": "official", "version": 1})
    admin.post(f"{path}/mailings", {"kind": "official"})

    def finished() -> dict[str, Any] | None:
        batch: dict[str, Any] = admin.get(f"{path}/mailings/official")
        return batch if batch["queued"] and batch["counts"]["sent"] == len(candidates) else None

    wait_for(finished, "all messages sent")
    admin.post(f"{path}/mailings", {"kind": "official", "again": True})
    wait_for(lambda: not deployed.queue_length("sms"), "the repeated job")
    messages = sent_messages(deployed, candidates)
    assert len(messages) == len(candidates), "no candidate gets it twice"
    passcodes = {passcode for message in messages for passcode in PASSCODE.findall(message)}
    assert passcodes == {created["passcode"]}

    body = {
        "exam_id": exam_id,
        "subject_id": subject.subject_id,
        "number": candidates[0].admission_number,
        "passcode": passcodes.pop(),
    }
    response = ApiClient(deployed.api, "").post("/candidate/sign-in", body)
    assert response["session"]["state"] == "signed_in"
    assert response["session"]["subject"]["duration"] == 90 * MINUTE
