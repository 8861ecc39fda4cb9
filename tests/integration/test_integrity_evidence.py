"""Content is bound to its name: captures repeated, replaced after they were judged, and kept."""

import time
import uuid

import pytest

from chalicelib.domain.capture.captures import make_capture_id
from chalicelib.domain.review.record_integrity import verify_record
from chalicelib.domain.types import MINUTE, SECOND, View
from chalicelib.services.review.record_export import export_record
from tests.data import scenes
from tests.support.deployed_exam import ApiClient, DeployedExam, jpeg, snapshot_key
from tests.support.jpegs import taken_anew
from tests.support.polling import wait_for

pytestmark = pytest.mark.integration


def send(
    deployed: DeployedExam, person: ApiClient, at: int, data: bytes, view: View = View.FIRST
) -> str:
    """Upload these very bytes as a capture; return its id once it was judged."""
    capture_id = make_capture_id(at, uuid.uuid4().hex[:10])
    deployed.put_object(snapshot_key(person.session_id, capture_id, view), data)
    deployed.wait_for_observation(person, capture_id)
    return capture_id


def kinds(deployed: DeployedExam, person: ApiClient) -> dict[str, str]:
    return {
        flag.kind.value: flag.detail for flag in deployed.context.sessions.flags(person.session_id)
    }


def test_capture_swapped_after_it_was_judged_is_told_and_marked(
    deployed: DeployedExam, person_a: bytes, empty: bytes
) -> None:
    person, at = deployed.candidate_client(), deployed.context.clock() - MINUTE
    judged = send(deployed, person, at, taken_anew(empty, "judged"))
    before = deployed.context.sessions.observations_of(person.session_id, [judged])
    key = snapshot_key(person.session_id, judged)
    began = time.monotonic()
    deployed.put_object(key, taken_anew(person_a, "clean"))
    wait_for(lambda: "capture_replaced" in kinds(deployed, person), "the flag")
    assert time.monotonic() - began < 30
    # One form buys one inference: what was judged stays judged.
    assert deployed.context.sessions.observations_of(person.session_id, [judged]) == before

    evidence = deployed.proctor_client.post(
        f"/proctor/sessions/{person.session_id}/evidence", {"capture_id": judged, "note": ""}
    )
    [exhibit] = evidence["exhibits"]
    assert exhibit["replaced"] is True
    assert exhibit["judged_sha256"] == before[0].sha256 != exhibit["sha256"]
    record = export_record(
        deployed.context, person.session_id, "admin", captures=False, answers=True
    )
    faults = verify_record(record, deployed.context.evidence_store.read)
    assert any("was replaced after it was judged" in fault.what for fault in faults)


def test_capture_left_alone_is_kept_as_it_was_judged(
    deployed: DeployedExam, person_a: bytes
) -> None:
    person, at = deployed.candidate_client(), deployed.context.clock() - MINUTE
    judged = send(deployed, person, at, taken_anew(person_a, f"{at}"))
    deployed.put_object(snapshot_key(person.session_id, judged), taken_anew(person_a, f"{at}"))
    deployed.wait_for_empty_queues()
    evidence = deployed.proctor_client.post(
        f"/proctor/sessions/{person.session_id}/evidence", {"capture_id": judged, "note": ""}
    )
    [exhibit] = evidence["exhibits"]
    assert (exhibit["replaced"], exhibit["judged_sha256"]) == (False, exhibit["sha256"])
    assert kinds(deployed, person) == {}


def test_two_stills_in_turn_on_both_views_are_told(deployed: DeployedExam, person_a: bytes) -> None:
    person, start = deployed.candidate_client(), deployed.context.clock() - MINUTE
    stills = [taken_anew(person_a, f"{deployed.run_id} {number}") for number in range(2)]
    for second in range(0, 20, 5):
        send(deployed, person, start + second * SECOND, stills[second // 5 % 2])
    assert set(kinds(deployed, person)) == {"repeated_picture"}
    for second in (21, 31):
        send(deployed, person, start + second * SECOND, stills[0], View.SECOND)
    views = {flag.view for flag in deployed.context.sessions.flags(person.session_id)}
    assert views == {"first", "second"}


def test_picture_of_another_candidate_is_told_in_both(
    deployed: DeployedExam, person_a: bytes
) -> None:
    owner, cheat = deployed.candidate_client(), deployed.candidate_client()
    start = deployed.context.clock() - MINUTE
    pictures = [taken_anew(person_a, f"{deployed.run_id} own {number}") for number in range(2)]
    for number, picture in enumerate(pictures):
        send(deployed, owner, start + number * 5 * SECOND, picture)
    for number, picture in enumerate(pictures):
        send(deployed, cheat, start + (number + 3) * 5 * SECOND, picture)
    numbers = [deployed.session(person).admission_number for person in (owner, cheat)]
    assert kinds(deployed, cheat) == {"repeated_picture": numbers[0]}
    assert kinds(deployed, owner) == {"repeated_picture": numbers[1]}


def test_second_view_that_shows_the_first_is_told(deployed: DeployedExam) -> None:
    person, start = deployed.candidate_client(), deployed.context.clock() - MINUTE
    for number in range(3):
        scene = jpeg(scenes.in_room("person_a.jpg", x=3 * number))
        at = start + number * 10 * SECOND
        deployed.upload_snapshot(person, at, scene)
        moved = jpeg(scenes.in_room("person_a.jpg", x=3 * number + 2))
        deployed.upload_snapshot(person, at + 2 * SECOND, moved, View.SECOND)
    assert "same_view" in kinds(deployed, person)
