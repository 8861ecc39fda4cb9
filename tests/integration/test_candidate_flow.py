"""A candidate's whole exam through HTTP, S3 and WebSocket, and conflicting requests."""

from typing import Any

import pytest

from chalicelib.domain.exams.exams import Candidate
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import Role
from tests.data import scenes
from tests.support.deployed_exam import ApiClient, DeployedExam, answers_hash, jpeg
from tests.support.jpegs import taken_anew
from tests.support.polling import wait_for
from tests.support.sockets import Socket, open_socket

pytestmark = pytest.mark.integration


def person_looking_aside(person: ApiClient) -> tuple[bytes, bytes]:
    """Return a picture of the candidate's own straight on, and one with the head turned."""
    straight = jpeg(scenes.one_person("person_a.jpg"))
    turned = jpeg(scenes.with_head_turned("person_a.jpg"))
    return taken_anew(straight, person.session_id), taken_anew(turned, person.session_id)


def verify_identity(
    deployed: DeployedExam, person: ApiClient, picture: bytes, turned: bytes | None = None
) -> str:
    """Upload a verification picture, wait for the comparison and return the status."""
    person.post("/candidate/face-consent", {"agreed": True})
    attempt = person.post("/candidate/identity")
    if turned is not None:
        assert deployed.upload_form(attempt["turned"], turned) < 300
    form = attempt["upload"]
    assert deployed.upload_form(form, picture) in {200, 201, 204}

    def status() -> str:
        current: str = person.get("/candidate/session")["identity"]["status"]
        return "" if current == "checking" else current

    return wait_for(status, "the verification")


def join_phone(deployed: DeployedExam, person: ApiClient, candidate: Candidate) -> ApiClient:
    """Join with a phone, after a failed attempt with a wrong number."""
    code = person.post("/candidate/second-view/code")["code"]
    numbers = {
        "admission_number": candidate.admission_number,
        "id_number": candidate.id_number,
    }
    anonymous = ApiClient(deployed.api, "")
    anonymous.post("/phone/join", {**numbers, "code": code, "id_number": "wrong"}, status=401)
    response = anonymous.post("/phone/join", {**numbers, "code": code})
    return ApiClient(deployed.api, response["token"])


def join_second_view(deployed: DeployedExam, person: ApiClient, candidate: Candidate) -> ApiClient:
    """Join with a phone, replace it by another, and report the status of the second."""
    report = {"battery": 0.1, "charging": False, "orientation": "portrait"}
    first_phone = join_phone(deployed, person, candidate)
    first_phone.post("/phone/report", report)
    phone = join_phone(deployed, person, candidate)
    for path, body in (("captures", None), ("report", report)):
        assert first_phone.post(f"/phone/{path}", body, status=401)["code"] == "other_phone"
    assert phone.get("/phone/session")["candidate_name"] == candidate.name
    phone.post("/phone/report", report)
    assert person.get("/candidate/session")["second_view"]["battery_low"] is True
    return phone


def test_exam_from_sign_in_to_receipt(
    deployed: DeployedExam, console: Socket, person_a: bytes
) -> None:
    candidate = deployed.candidate(jpeg(scenes.picture("person_a_again.jpg")))
    person = deployed.sign_in(candidate)
    other = deployed.sign_in(candidate, "other")
    assert other.session_id == person.session_id
    assert person.get("/candidate/session", status=401)["code"] == "other_device"
    assert person.post("/candidate/confirm-info", status=401)["code"] == "other_device"
    person = deployed.sign_in(candidate)

    assert person.post("/candidate/confirm-info", status=409)["code"] == "no_checks"
    transfer = person.post("/candidate/checks/transfer")
    assert deployed.upload_form(transfer["upload"], bytes(1_000)) in {200, 201, 204}
    assert deployed.api.get(transfer["download_url"]).content == bytes(1_000)
    assert person.pass_checks()["missing"] == []
    person.post("/candidate/confirm-info")
    person.post("/candidate/pledge", {"agreed": True})
    pictures = person_looking_aside(person)
    assert verify_identity(deployed, person, *pictures) == "verified"

    phone = join_second_view(deployed, person, candidate)
    person.post("/candidate/second-view/ready")
    person.post("/candidate/waiting-room")
    assert len(phone.post("/phone/captures")["captures"]) == 6
    assert person.post("/candidate/start")["state"] == "answering"

    plan = person.post("/candidate/captures")["captures"]
    first = next(capture for capture in plan if capture["medium"] == "picture")
    # A picture uploaded before its due time is ignored.
    wait_for(lambda: deployed.context.clock() >= first["due_at"], "the capture's due time")
    assert deployed.upload_form(first["upload"], person_a) in {200, 201, 204}
    observation = deployed.wait_for_observation(person, first["upload"]["capture_id"])
    assert (observation.error, observation.findings) == (None, ())
    assert observation.similarity is not None
    assert observation.similarity > 0.37

    questions = person.get("/candidate/paper")["questions"]
    assert [question["question_id"] for question in questions] == ["q1", "q2", "q3", "q4"]
    assert "key" not in questions[0]
    person.save_answer("q1", 1, "A")
    person.save_answer("q4", 1, "文字答案")
    saved = person.get("/candidate/paper")["answers"]
    receipts = [person.post("/candidate/submit")["receipt"] for _ in range(3)]
    assert receipts[0] == receipts[1] == receipts[2]
    assert receipts[0]["answers_hash"] == answers_hash(saved)

    console.wait_for_message(
        "session", lambda message: message["session"]["state"] == State.SUBMITTED
    )
    console.wait_for_message("watch", lambda message: bool(message["watch"]["latest"]))
    detail = deployed.proctor_client.get(f"/proctor/sessions/{person.session_id}")
    assert detail["audit_whole"] is True
    assert {check["outcome"] for check in detail["checks"]} == {"pass"}
    assert detail["seat"]["session"]["checked"]["ready"] is True
    assert [entry["action"] for entry in detail["audit"]] == [
        "signed_in", "device_changed", "device_changed", "checked", "confirm_info", "agree",
        "face_consent", "verify_identity", "second_view_joined", "second_view_joined",
        "ready_second_view", "wait", "start", "submit",
    ]  # fmt: skip


def test_camera_test_reports_placement_problems(deployed: DeployedExam, person_a: bytes) -> None:
    person = deployed.candidate_client(State.SIGNED_IN)
    phone = deployed.client_for(Role.PHONE, person.session_id)
    for client, path, picture, problems in (
        (person, "/candidate", person_a, []),
        (phone, "/phone", jpeg(scenes.empty()), ["nobody"]),
    ):
        form = client.post(f"{path}/test-shot")["upload"]
        assert deployed.upload_form(form, picture) in {200, 201, 204}
        client.post(f"{path}/test-shot", status=429)

        def result(client: ApiClient = client, path: str = path) -> dict[str, Any]:
            shot: dict[str, Any] = client.get(f"{path}/session")["test_shot"]
            return shot if shot["seen_at"] else {}

        shot = wait_for(result, "the result of the camera test")
        assert (shot["capture_id"], shot["problems"]) == (form["capture_id"], problems)
        assert shot["fine"] is (not problems)
    assert deployed.context.sessions.observations(person.session_id, limit=1) == []


def test_upload_form_rejects_other_keys_and_sizes(deployed: DeployedExam, person_a: bytes) -> None:
    person = deployed.candidate_client()
    plan = person.post("/candidate/captures")["captures"]
    form = next(capture for capture in plan if capture["medium"] == "picture")["upload"]
    fields = {**form["fields"], "key": form["fields"]["key"].replace("first", "second")}
    assert deployed.upload_form({**form, "fields": fields}, person_a) == 403
    assert deployed.upload_form(form, bytes(form["largest"] + 1)) == 400


class TestConflictingRequests:
    def test_stale_answer_of_another_tab_is_rejected(self, deployed: DeployedExam) -> None:
        tab = deployed.candidate_client()
        other = deployed.client_for(Role.CANDIDATE, tab.session_id)
        tab.save_answer("q1", 1, "A")
        other.save_answer("q1", 2, "B")
        conflict = tab.save_answer("q1", 2, "C", status=409)
        assert conflict["code"] == "stale_answer"
        tab.save_answer("q1", 1, "A", status=409)
        other.save_answer("q1", 2, "B")
        [answer] = tab.get("/candidate/paper")["answers"]
        assert (answer["sequence"], answer["value"]) == (2, ["B"])

    def test_submitted_session_rejects_changes(self, deployed: DeployedExam) -> None:
        person = deployed.candidate_client()
        person.save_answer("q1", 1, "A")
        person.post("/candidate/submit")
        state = deployed.stored_state(person)
        for sequence, value in ((1, "A"), (2, "B")):
            assert person.save_answer("q1", sequence, value, status=409)["code"] == "wrong_state"
        person.post("/candidate/start", status=409)
        deployed.proctor_client.post(
            f"/proctor/sessions/{person.session_id}/terminate",
            {"act_id": "late", "reason": "too late"},
            status=409,
        )
        assert deployed.stored_state(person) == state

    def test_requests_do_not_affect_another_session(self, deployed: DeployedExam) -> None:
        person, other = deployed.candidate_client(), deployed.candidate_client()
        person.save_answer("q1", 1, "A")
        state = deployed.stored_state(person)
        other.save_answer("q1", 5, "D")
        other.post("/candidate/submit")
        assert deployed.stored_state(person) == state


def test_candidate_without_registration_photo_is_verified_by_the_proctor(
    deployed: DeployedExam, console: Socket, person_a: bytes
) -> None:
    person = deployed.candidate_client(State.PLEDGED)
    assert verify_identity(deployed, person, person_a) == "pending"
    identity = console.wait_for_message(
        "identity",
        lambda message: (
            message["identity"]["session_id"] == person.session_id
            and message["identity"]["status"] == "pending"
        ),
    )["identity"]
    assert identity["registered_url"] is None
    assert deployed.api.get(identity["captured_url"]).content == person_a

    path = f"/proctor/sessions/{person.session_id}/identity"
    deployed.proctor_client.post(path, {"act_id": "no", "accept": False}, status=400)
    deployed.proctor_client.post(path, {"act_id": "yes", "accept": True})
    assert person.get("/candidate/session")["state"] == "identity_verified"
    assert deployed.context.sessions.bundle(person.session_id).monitor.reference
    deployed.proctor_client.post(path, {"act_id": "yes", "accept": True})
    deployed.proctor_client.post(path, {"act_id": "again", "accept": True}, status=409)


def test_proctors_actions_are_pushed_to_the_candidate(deployed: DeployedExam) -> None:
    person = deployed.candidate_client()
    ticket = person.post("/candidate/ticket")["ticket"]
    path = f"/proctor/sessions/{person.session_id}"
    with open_socket(deployed.product.endpoints.ws_url, ticket) as page:
        for action, body, state in (
            ("pause", {"reason": "网络故障"}, "paused"),
            ("resume", {}, "answering"),
            ("terminate", {"reason": "代考"}, "terminated"),
        ):
            page.messages.clear()
            deployed.proctor_client.post(f"{path}/{action}", {"act_id": action, **body})
            page.wait_for_message("changed", lambda message, state=state: message["state"] == state)  # type: ignore[misc]
            session = person.get("/candidate/session")
            assert session["state"] == state
            assert session["reason"] == body.get("reason")
    person.save_answer("q1", 1, "A", status=409)
    assert deployed.session(person).credit > 0
