"""Recordings in the deployed product: plan, form, upload with what the device says, what is refused."""

import hashlib
from dataclasses import replace
from typing import Any

import httpx
import pytest

from chalicelib.domain.recording.recording_rule import RecordingMode, RecordingRule
from chalicelib.domain.recording.segments import MAX_SEGMENT_BYTES
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import SECOND, Role
from chalicelib.wiring.settings import settings
from tests.support.deployed_exam import ApiClient, DeployedExam
from tests.support.segment_files import make_segment

pytestmark = pytest.mark.integration

EVERYTHING = RecordingRule(RecordingMode.ALL, RecordingMode.ALL, RecordingMode.ALL)
PLAN = {"container": "webm", "tracks": ["first", "screen"]}


def _recorded(deployed: DeployedExam, state: State = State.ANSWERING, **changes: Any) -> ApiClient:
    wanted: dict[str, Any] = {"recording": EVERYTHING, "recording_consent": True}
    return deployed.candidate_client(state, **(wanted | changes))


def _upload(form: dict[str, Any], data: bytes, said: dict[str, str]) -> httpx.Response:
    """Upload as the exam page does: the form's fields, what the device says, the file."""
    fields = {**form["fields"], **{f"x-amz-meta-{name}": value for name, value in said.items()}}
    files = {"file": ("segment", data, form["content_type"])}
    return httpx.post(form["url"], data=fields, files=files, timeout=60)


def _said(segment: dict[str, Any], data: bytes) -> dict[str, str]:
    return {
        "sha256": hashlib.sha256(data).hexdigest(),
        "began-at": str(segment["begins_at"]),
        "ended-at": str(segment["begins_at"] + segment["length"]),
    }


def test_a_planned_segment_lands_with_what_the_device_says_of_it(deployed: DeployedExam) -> None:
    person = _recorded(deployed)
    plan = person.post("/candidate/recordings", PLAN)
    assert [track["track"] for track in plan["tracks"]] == ["first", "screen"]
    assert plan["now"] < plan["next_at"] < plan["now"] + 75 * SECOND
    segment, data = plan["segments"][0], make_segment()
    response = _upload(segment["upload"], data, _said(segment, data))
    assert response.status_code == 204, response.text
    key = segment["upload"]["fields"]["key"]
    stored = deployed.s3.head_object(Bucket=settings().media_bucket, Key=key)
    assert stored["Metadata"] == _said(segment, data)
    assert stored["ContentType"] == "video/webm"
    assert stored["ContentLength"] == len(data)


def test_a_form_takes_no_other_key_type_or_size(deployed: DeployedExam) -> None:
    person = _recorded(deployed)
    first, second = person.post("/candidate/recordings", PLAN)["segments"][:2]
    data = make_segment()
    said = _said(first, data)

    def refused(form: dict[str, Any], content: bytes = data) -> bool:
        return _upload(form, content, said).status_code in {400, 403}

    form = first["upload"]
    other_key = second["upload"]["fields"]["key"]
    assert refused({**form, "fields": {**form["fields"], "key": other_key}})
    other_type = {**form["fields"], "Content-Type": "text/html"}
    assert refused({**form, "fields": other_type, "content_type": "text/html"})
    assert refused(form, bytes(MAX_SEGMENT_BYTES + 1))
    assert refused({**form, "fields": {**form["fields"], "x-amz-meta-judged": "yes"}})
    uploads = deployed.context.media.uploads(f"recordings/{person.session_id}/", after="", most=9)
    assert uploads == []


def test_consent_decides_what_is_recorded(deployed: DeployedExam) -> None:
    person = _recorded(deployed, State.WAITING, recording_consent=None)
    shown = person.get("/candidate/session")["recording"]
    assert (shown["consent"], [track["track"] for track in shown["tracks"]]) == (
        None,
        ["first", "second", "screen"],
    )
    assert person.post("/candidate/recordings", PLAN)["segments"] == []
    person.post("/candidate/recording-consent", {"agree": False})
    assert person.post("/candidate/recordings", PLAN)["segments"] == []
    agreed = person.post("/candidate/recording-consent", {"agree": True})
    assert agreed["recording"]["consent"] is True
    pending = person.post("/candidate/recordings", PLAN)["segments"][0]
    person.post("/candidate/recording-consent", {"agree": False})
    waiting = [{"track": pending["track"], "segment_id": pending["segment_id"]}]
    plan = person.post("/candidate/recordings", {**PLAN, "pending": waiting})
    assert (plan["segments"], plan["tracks"], plan["again"]) == ([], [], [])
    assert plan["dropped"] == [pending["segment_id"]]
    actions = [entry.action for entry in deployed.context.sessions.audit(person.session_id)]
    assert actions.count("recording_consent") == 3


def test_the_phone_records_once_it_joined_and_its_gaps_are_told_once(
    deployed: DeployedExam,
) -> None:
    person = _recorded(deployed)
    phone = deployed.client_for(Role.PHONE, person.session_id)
    body = {"container": "mp4", "tracks": ["second"]}
    assert phone.post("/phone/recordings", body)["segments"] == []
    session = deployed.session(person)
    now = deployed.context.clock()
    deployed.context.sessions.commit(
        replace(session, version=session.version + 1, second_view_joined_at=now)
    )
    gap = {"track": "second", "began_at": now, "ended_at": now + SECOND, "reason": "page_closed"}
    for _ in range(2):
        plan = phone.post("/phone/recordings", {**body, "gaps": [gap]})
        assert {segment["track"] for segment in plan["segments"]} == {"second"}
    told = [
        entry.detail["reason"]
        for entry in deployed.context.sessions.audit(person.session_id)
        if entry.action == "recording_gap"
    ]
    assert told == ["page_closed"]


def test_a_screen_that_is_not_shared_is_flagged_until_it_is(deployed: DeployedExam) -> None:
    person = _recorded(deployed)

    def open_kinds() -> list[FindingKind]:
        bundle = deployed.context.sessions.bundle(person.session_id)
        return [flag.kind for flag in bundle.monitor.open_flags]

    for status in ("window", "stopped"):
        person.post("/candidate/screen", {"status": status})
        assert open_kinds() == [FindingKind.SCREEN_NOT_SHARED]
    person.post("/candidate/screen", {"status": "shared"})
    assert open_kinds() == []


def test_staff_of_the_room_read_what_arrived_and_it_is_logged(deployed: DeployedExam) -> None:
    person = _recorded(deployed)
    path = f"/proctor/sessions/{person.session_id}/recordings/newest"
    page = deployed.proctor_client.get(path)
    assert page == {"segments": [], "before": None}
    elsewhere = deployed.client_for(Role.PROCTOR, deployed.username("elsewhere"))
    elsewhere.get(path, status=404)
    shown = [
        entry.detail["shown"]
        for entry in deployed.context.sessions.access_entries(person.session_id)
    ]
    assert shown == ["recordings"]
