"""Who sits there: the identity check, consent, devices and phones, as a cheat's own client acts."""

import time
from typing import Any

import pytest

from chalicelib.domain.monitoring.monitor_state import MAX_PLANS
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE, Role
from tests.data import scenes
from tests.support.deployed_exam import ApiClient, DeployedExam, jpeg
from tests.support.jpegs import taken_anew
from tests.support.polling import wait_for

pytestmark = pytest.mark.integration

SIGN_SECONDS = 10
"""A certain sign stands in the record within so many seconds of the act."""


def open_kinds(deployed: DeployedExam, person: ApiClient) -> dict[str, str]:
    flags = deployed.context.sessions.bundle(person.session_id).monitor.open_flags
    return {flag.kind.value: flag.detail for flag in flags}


def verify(
    deployed: DeployedExam, person: ApiClient, picture: bytes, turned: bytes | None
) -> dict[str, Any]:
    """Upload an attempt's pictures with its forms; return the identity once it was judged."""
    attempt = person.post("/candidate/identity")
    if turned is not None:
        assert deployed.upload_form(attempt["turned"], turned) < 300
    assert deployed.upload_form(attempt["upload"], picture) < 300

    def judged() -> dict[str, Any] | None:
        identity: dict[str, Any] = person.get("/candidate/session")["identity"]
        return identity if identity["status"] != "checking" else None

    result: dict[str, Any] | None = wait_for(judged, "the attempt's result")
    assert result is not None
    return result


def consenting(deployed: DeployedExam, photo: bytes | None) -> ApiClient:
    person = deployed.candidate_client(State.PLEDGED, photo)
    person.post("/candidate/face-consent", {"agreed": True})
    return person


@pytest.fixture
def straight() -> bytes:
    return jpeg(scenes.one_person("person_a.jpg"))


@pytest.fixture
def turned() -> bytes:
    return jpeg(scenes.with_head_turned("person_a.jpg"))


@pytest.fixture
def photo() -> bytes:
    return jpeg(scenes.picture("person_a_again.jpg"))


def test_suspicious_pictures_are_never_accepted_by_the_machine(
    deployed: DeployedExam, straight: bytes, turned: bytes, photo: bytes
) -> None:
    def fresh(picture: bytes) -> bytes:
        return taken_anew(picture, str(time.time_ns()))

    for picture, second, reason in (
        (photo, fresh(turned), "same_picture"),  # the registration photo's own file
        (fresh(photo), fresh(turned), "too_similar"),  # encoded again
        (fresh(straight), None, "not_turned"),  # the turn left out
        (fresh(straight), fresh(straight), "not_turned"),  # a still
    ):
        person = consenting(deployed, photo)
        identity = verify(deployed, person, picture, second)
        assert (identity["status"], identity["reason"]) == ("pending", reason)
        assert deployed.session(person).state is State.PLEDGED
    honest = consenting(deployed, photo)
    assert verify(deployed, honest, fresh(straight), fresh(turned))["status"] == "verified"


def test_whose_face_is_not_found_three_times_reaches_a_person(
    deployed: DeployedExam, photo: bytes, empty: bytes
) -> None:
    person = consenting(deployed, photo)
    statuses = [
        verify(deployed, person, taken_anew(empty, f"{person.session_id} {number}"), None)["status"]
        for number in range(3)
    ]
    assert statuses == ["retry", "retry", "pending"]
    path = f"/proctor/sessions/{person.session_id}/identity"
    deployed.proctor_client.post(path, {"act_id": "let-in", "accept": True})
    assert deployed.session(person).state is State.IDENTITY_VERIFIED


def test_attempts_and_plans_in_a_loop_are_refused(deployed: DeployedExam) -> None:
    person = consenting(deployed, None)
    for _ in range(6):
        person.post("/candidate/identity")
    person.post("/candidate/identity", status=429)
    sitting = deployed.candidate_client()
    for _ in range(MAX_PLANS):
        sitting.post("/candidate/captures")
    sitting.post("/candidate/captures", status=429)


def test_consent_withdrawn_in_the_middle_leaves_the_watch_to_a_person(
    deployed: DeployedExam, straight: bytes, turned: bytes, photo: bytes
) -> None:
    person = consenting(deployed, photo)
    pictures = (taken_anew(picture, person.session_id) for picture in (straight, turned))
    assert verify(deployed, person, *pictures)["status"] == "verified"
    for path in ("second-view/ready", "waiting-room", "start"):
        person.post(f"/candidate/{path}")
    start = deployed.context.clock() - MINUTE
    stranger = jpeg(scenes.one_person("person_b.jpg"))
    for second in range(0, 20, 5):
        deployed.upload_snapshot(person, start + second * 1_000, stranger)
    assert "identity_mismatch" in open_kinds(deployed, person)

    began = time.monotonic()
    person.post("/candidate/face-consent", {"agreed": False})
    assert {"identity_mismatch", "consent_withdrawn"} <= open_kinds(deployed, person).keys()
    assert time.monotonic() - began < SIGN_SECONDS
    for second in range(20, 45, 5):
        deployed.upload_snapshot(person, start + second * 1_000, stranger)
    assert {"identity_mismatch", "consent_withdrawn"} <= open_kinds(deployed, person).keys()
    room = deployed.proctor_client.get(f"/proctor/rooms/{deployed.room_id}")
    [tile] = [seat for seat in room["seats"] if seat["identity"]["session_id"] == person.session_id]
    assert (tile["identity"]["status"], tile["identity"]["reason"]) == (
        "pending",
        "consent_withdrawn",
    )
    path = f"/proctor/sessions/{person.session_id}/identity"
    deployed.proctor_client.post(
        path, {"act_id": "turn-away", "accept": False, "reason": "不是本人"}
    )
    assert {"identity_mismatch", "consent_withdrawn"} <= open_kinds(deployed, person).keys()


def test_devices_are_told_as_what_they_are(deployed: DeployedExam) -> None:
    person = deployed.candidate_client()
    calm = {"camera": "Integrated Camera", "sound": ["Microphone"], "charging": True}
    person.post("/candidate/devices", calm)
    assert open_kinds(deployed, person) == {}
    cheat = {"camera": "OBS Virtual Camera", "sound": ["Microphone", "AirPods"], "charging": False}
    person.post("/candidate/devices", cheat)
    assert open_kinds(deployed, person) == {
        "virtual_camera": "OBS Virtual Camera",
        "headset": "AirPods",
        "power_unplugged": "",
    }
    person.post("/candidate/devices", calm)
    assert open_kinds(deployed, person) == {}


def test_virtual_camera_on_the_phone_is_told(deployed: DeployedExam) -> None:
    person = deployed.candidate_client(second_view_joined_at=deployed.context.clock())
    phone = deployed.client_for(Role.PHONE, person.session_id)
    person.post("/candidate/devices", {"camera": "Integrated Camera"})
    phone.post("/phone/devices", {"camera": "DroidCam Source 3"})
    assert open_kinds(deployed, person) == {"virtual_camera": "DroidCam Source 3"}
    [flag] = deployed.context.sessions.flags(person.session_id)
    assert (flag.view, flag.severity) == ("second", 3)
    phone.post("/phone/devices", {"camera": "camera2 0, facing back"})
    assert open_kinds(deployed, person) == {}


def test_one_phone_for_two_candidates_is_told_in_both(deployed: DeployedExam) -> None:
    persons = [deployed.candidate_client() for _ in range(2)]
    numbers = []
    for person in persons:
        session = deployed.session(person)
        candidate = deployed.context.registry.candidate(session.candidate_id)
        numbers.append(candidate.admission_number)
        body = {
            "code": person.post("/candidate/second-view/code")["code"],
            "admission_number": candidate.admission_number,
            "id_number": candidate.id_number,
            "device": f"phone-{deployed.run_id}",
        }
        ApiClient(deployed.api, "").post("/phone/join", body)
    assert open_kinds(deployed, persons[0])["shared_phone"] == numbers[1]
    assert open_kinds(deployed, persons[1])["shared_phone"] == numbers[0]
