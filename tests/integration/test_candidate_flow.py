"""The whole way of a candidate by HTTP, S3 and WebSocket, and what the first truth withstands."""

from typing import Any

import pytest

from chalicelib.domain.exams.exams import Candidate
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import Role
from tests.data import scenes
from tests.support.deployed_exam import ApiClient, DeployedExam, answers_hash, jpeg
from tests.support.polling import wait_for
from tests.support.sockets import Socket, open_socket

pytestmark = pytest.mark.integration


def verify_identity(deployed: DeployedExam, person: ApiClient, picture: bytes) -> str:
    """Take a verification picture, wait until it was looked at, and return how it went."""
    person.post("/candidate/face-consent", {"agreed": True})
    form = person.post("/candidate/identity")["upload"]
    assert deployed.upload_form(form, picture) in {200, 201, 204}

    def status() -> str:
        found: str = person.get("/candidate/session")["identity"]["status"]
        return "" if found == "checking" else found

    return wait_for(status, "the verification")


def join_phone(deployed: DeployedExam, person: ApiClient, candidate: Candidate) -> ApiClient:
    """Let a phone join, after a mistyped number."""
    code = person.post("/candidate/second-view/code")["code"]
    numbers = {
        "admission_number": candidate.admission_number,
        "id_number": candidate.id_number,
    }
    stranger = ApiClient(deployed.api, "")
    stranger.post("/phone/join", {**numbers, "code": code, "id_number": "wrong"}, status=401)
    return ApiClient(deployed.api, stranger.post("/phone/join", {**numbers, "code": code})["token"])


def join_second_view(deployed: DeployedExam, person: ApiClient, candidate: Candidate) -> ApiClient:
    """Let a phone join, and another in its place, which says how it is."""
    report = {"battery": 0.1, "charging": False, "orientation": "portrait"}
    replaced = join_phone(deployed, person, candidate)
    replaced.post("/phone/report", report)
    phone = join_phone(deployed, person, candidate)
    for path, body in (("captures", None), ("report", report)):
        assert replaced.post(f"/phone/{path}", body, status=401)["code"] == "other_phone"
    assert phone.get("/phone/session")["candidate_name"] == candidate.name
    phone.post("/phone/report", report)
    assert person.get("/candidate/session")["second_view"]["battery_low"] is True
    return phone


def test_from_sign_in_to_receipt(deployed: DeployedExam, console: Socket, person_a: bytes) -> None:
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
    assert verify_identity(deployed, person, person_a) == "verified"

    phone = join_second_view(deployed, person, candidate)
    person.post("/candidate/second-view/ready")
    person.post("/candidate/waiting-room")
    assert len(phone.post("/phone/captures")["captures"]) == 6
    assert person.post("/candidate/start")["state"] == "answering"

    plan = person.post("/candidate/captures")["captures"]
    first = next(one for one in plan if one["medium"] == "picture")
    # A picture from before its moment would not count.
    wait_for(lambda: deployed.context.clock() >= first["due_at"], "the picture's moment")
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
    assert [one["action"] for one in detail["audit"]] == [
        "signed_in", "device_changed", "device_changed", "checked", "confirm_info", "agree",
        "face_consent", "verify_identity", "second_view_joined", "second_view_joined",
        "ready_second_view", "wait", "start", "submit",
    ]  # fmt: skip


def test_a_test_shot_tells_how_the_camera_stands(deployed: DeployedExam, person_a: bytes) -> None:
    person = deployed.candidate_client(State.SIGNED_IN)
    phone = deployed.client_for(Role.PHONE, person.session_id)
    for who, path, picture, problems in (
        (person, "/candidate", person_a, []),
        (phone, "/phone", jpeg(scenes.empty()), ["nobody"]),
    ):
        form = who.post(f"{path}/test-shot")["upload"]
        assert deployed.upload_form(form, picture) in {200, 201, 204}
        who.post(f"{path}/test-shot", status=429)

        def seen(who: ApiClient = who, path: str = path) -> dict[str, Any]:
            shot: dict[str, Any] = who.get(f"{path}/session")["test_shot"]
            return shot if shot["seen_at"] else {}

        shot = wait_for(seen, "the test shot")
        assert (shot["capture_id"], shot["problems"]) == (form["capture_id"], problems)
        assert shot["fine"] is (not problems)
    assert deployed.context.sessions.observations(person.session_id, limit=1) == []


def test_a_form_takes_what_it_was_signed_for_alone(deployed: DeployedExam, person_a: bytes) -> None:
    person = deployed.candidate_client()
    plan = person.post("/candidate/captures")["captures"]
    form = next(one for one in plan if one["medium"] == "picture")["upload"]
    other = {**form["fields"], "key": form["fields"]["key"].replace("first", "second")}
    assert deployed.upload_form({**form, "fields": other}, person_a) == 403
    assert deployed.upload_form(form, bytes(form["largest"] + 1)) == 400


class TestTheFirstTruthStands:
    def test_two_tabs_and_a_replay(self, deployed: DeployedExam) -> None:
        tab = deployed.candidate_client()
        other = deployed.client_for(Role.CANDIDATE, tab.session_id)
        tab.save_answer("q1", 1, "A")
        other.save_answer("q1", 2, "B")
        refused = tab.save_answer("q1", 2, "C", status=409)
        assert refused["code"] == "stale_answer"
        tab.save_answer("q1", 1, "A", status=409)
        other.save_answer("q1", 2, "B")
        [answer] = tab.get("/candidate/paper")["answers"]
        assert (answer["sequence"], answer["value"]) == (2, ["B"])

    def test_nothing_is_saved_after_handing_in(self, deployed: DeployedExam) -> None:
        person = deployed.candidate_client()
        person.save_answer("q1", 1, "A")
        person.post("/candidate/submit")
        before = deployed.stored_state(person)
        for sequence, value in ((1, "A"), (2, "B")):
            assert person.save_answer("q1", sequence, value, status=409)["code"] == "wrong_state"
        person.post("/candidate/start", status=409)
        deployed.proctor_client.post(
            f"/proctor/sessions/{person.session_id}/terminate", {"reason": "too late"}, status=409
        )
        assert deployed.stored_state(person) == before

    def test_nobody_reaches_another_session(self, deployed: DeployedExam) -> None:
        victim, other = deployed.candidate_client(), deployed.candidate_client()
        victim.save_answer("q1", 1, "A")
        before = deployed.stored_state(victim)
        other.save_answer("q1", 5, "D")
        other.post("/candidate/submit")
        assert deployed.stored_state(victim) == before


def test_a_newcomer_without_photo_waits_for_the_proctor(
    deployed: DeployedExam, console: Socket, person_a: bytes
) -> None:
    person = deployed.candidate_client(State.PLEDGED)
    assert verify_identity(deployed, person, person_a) == "pending"
    told = console.wait_for_message(
        "identity",
        lambda message: (
            message["identity"]["session_id"] == person.session_id
            and message["identity"]["status"] == "pending"
        ),
    )["identity"]
    assert told["registered_url"] is None
    assert deployed.api.get(told["captured_url"]).content == person_a

    path = f"/proctor/sessions/{person.session_id}/identity"
    deployed.proctor_client.post(path, {"accept": False}, status=400)
    deployed.proctor_client.post(path, {"accept": True})
    assert person.get("/candidate/session")["state"] == "identity_verified"
    assert deployed.context.sessions.bundle(person.session_id).monitor.reference
    deployed.proctor_client.post(path, {"accept": True}, status=409)


def test_a_proctors_hand_is_seen_at_once(deployed: DeployedExam) -> None:
    person = deployed.candidate_client()
    ticket = person.post("/candidate/ticket")["ticket"]
    path = f"/proctor/sessions/{person.session_id}"
    with open_socket(deployed.product.endpoints.ws_url, ticket) as page:
        for act, body, state in (
            ("pause", {"reason": "网络故障"}, "paused"),
            ("resume", None, "answering"),
            ("terminate", {"reason": "代考"}, "terminated"),
        ):
            page.messages.clear()
            deployed.proctor_client.post(f"{path}/{act}", body)
            page.wait_for_message("changed", lambda message, state=state: message["state"] == state)  # type: ignore[misc]
            session = person.get("/candidate/session")
            assert session["state"] == state
            assert session["reason"] == (body["reason"] if body else None)
    person.save_answer("q1", 1, "A", status=409)
    assert deployed.session(person).credit > 0
