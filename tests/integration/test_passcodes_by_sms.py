"""From the console's button to the candidate's sign-in, by the text message in between."""

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


def outbox(deployed: DeployedExam, everybody: list[Candidate]) -> list[str]:
    """The texts that SNS was given to send to these people."""
    address = f"{deployed.product.deployment.endpoint}/_ministack/sns/sms-messages"
    found = httpx.get(address, timeout=30).json()["sms_messages"]
    return [
        str(found_item["Message"])
        for who in everybody
        for found_item in found.get(f"+86{who.phone_number}", ())
    ]


def test_the_message_lets_in(deployed: DeployedExam) -> None:
    admin = deployed.client_for(Role.ADMIN, deployed.username("admin"))
    now, registry = deployed.context.clock(), deployed.context.registry
    exam_id = f"sms-{deployed.run_id}"
    subject = build.subject(now, subject_id=f"sms-{deployed.run_id}", exam_id=exam_id)
    title = replace(build.localized("短信"), zh=f"短信批次 {deployed.run_id}")
    registry.put_exam(build.exam(subject, exam_id=exam_id, title=title))
    everybody = [
        build.candidate(
            f"{deployed.run_id}-{number}",
            exam_id=exam_id,
            phone_number=f"139{int(deployed.run_id, 16) % 10**7:07d}{number}",
            rooms={subject.subject_id: deployed.room_id},
        )
        for number in range(3)
    ]
    for candidate in everybody:
        registry.put_candidate(candidate)
    path = f"/admin/exams/{exam_id}/subjects/{subject.subject_id}"
    made = admin.post(f"{path}/passcodes", {"kind": "official", "version": 1})
    admin.post(f"{path}/mailings", {"kind": "official"})

    def finished() -> dict[str, Any] | None:
        told: dict[str, Any] = admin.get(f"{path}/mailings/official")
        return told if told["queued"] and told["counts"]["sent"] == len(everybody) else None

    wait_for(finished, "all messages sent")
    admin.post(f"{path}/mailings", {"kind": "official", "again": True})
    wait_for(lambda: not deployed.queue_length("sms"), "the second time being done")
    messages = outbox(deployed, everybody)
    assert len(messages) == len(everybody), "nobody gets it twice"
    passcodes = {found for message in messages for found in PASSCODE.findall(message)}
    assert passcodes == {made["passcode"]}

    body = {
        "exam_id": exam_id,
        "subject_id": subject.subject_id,
        "number": everybody[0].admission_number,
        "passcode": passcodes.pop(),
    }
    entered = ApiClient(deployed.api, "").post("/candidate/sign-in", body)
    assert entered["session"]["state"] == "signed_in"
    assert entered["session"]["subject"]["duration"] == 90 * MINUTE
