"""Recordings on record: real segments, uploaded, inspected, chained, verified, kept and deleted."""

import csv
import hashlib
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.recording.recording_rule import RecordingMode, RecordingRule, Track
from chalicelib.domain.recording.segments import (
    SEGMENT_LENGTH,
    Container,
    Segment,
    SegmentPlace,
    make_segment_id,
    slot_from,
)
from chalicelib.domain.review.reviews import ReviewStatus
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.retention import KeptKind, RetentionRule
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import DAY, MINUTE, SECOND, Millis, View
from chalicelib.services.ports import DeleteDueFiles
from chalicelib.wiring.settings import settings
from infra.progress import Progress
from infra.record_export import verify_session
from infra.recordings import TimeRange, download
from tests.support import builders as build
from tests.support.deployed_exam import ApiClient, DeployedExam
from tests.support.polling import wait_for
from tests.support.segment_files import SCREEN, WEBM, SegmentFile, make_segment, read_aloud

pytestmark = pytest.mark.integration

RULE = RecordingRule(first=RecordingMode.ALL, screen=RecordingMode.ALL)
FILES = {Track.FIRST: WEBM, Track.SCREEN: SCREEN}
NUMBERS = range(4)


def file_of(track: Track, number: int) -> SegmentFile:
    """A file of its own for each slot."""
    return replace(FILES[track], hue=number * 20 + 1)


def metadata_of(data: bytes, begins_at: Millis) -> dict[str, str]:
    """What a device says of a segment of two seconds."""
    return {
        "sha256": hashlib.sha256(data).hexdigest(),
        "began-at": str(begins_at),
        "ended-at": str(begins_at + 2 * SECOND),
    }


def stored_segments(deployed: DeployedExam, person: ApiClient) -> list[Segment]:
    return deployed.context.sessions.segments(person.session_id, limit=99)[::-1]


def wait_for_segments(deployed: DeployedExam, person: ApiClient, count: int) -> None:
    wait_for(lambda: len(stored_segments(deployed, person)) == count, "segments", seconds=90)


def recorded_person(deployed: DeployedExam, **changes: Any) -> ApiClient:
    then = deployed.context.clock() - 10 * MINUTE
    return deployed.candidate_client(
        **{
            "created_at": then,
            "started_at": then,
            "recording": RULE,
            "recording_consent": True,
            **changes,
        }
    )


def upload_through_forms(deployed: DeployedExam, person: ApiClient) -> None:
    """Upload segments of some minutes ago, as a device that was offline does."""
    first_slot = slot_from(person.session_id, deployed.context.clock() - 5 * MINUTE)
    begun = {
        make_segment_id(person.session_id, track, first_slot + number * SEGMENT_LENGTH): (
            track,
            number,
        )
        for track in FILES
        for number in NUMBERS
    }
    plan = person.post(
        "/candidate/recordings",
        {
            "container": "webm",
            "tracks": ["first", "screen"],
            "pending": [
                {"track": track, "segment_id": segment_id}
                for segment_id, (track, _) in begun.items()
            ],
        },
    )
    assert len(plan["again"]) == len(begun), plan["dropped"]
    for again in plan["again"]:
        data = make_segment(file_of(*begun[again["segment_id"]]))
        meta = metadata_of(data, int(again["segment_id"][:13]))
        form = again["upload"]
        fields = form["fields"] | {f"x-amz-meta-{name}": value for name, value in meta.items()}
        assert deployed.upload_form({**form, "fields": fields}, data) in {200, 201, 204}


def faults(deployed: DeployedExam, person: ApiClient) -> list[tuple[str, str]]:
    found = verify_session(deployed.product.deployment, person.session_id)
    return [(fault.where, fault.what) for fault in found]


def swap(deployed: DeployedExam, left: str, right: str) -> None:
    """Let two objects change places, behind the product's back."""
    bucket = settings().media_bucket
    bodies = [
        deployed.s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in (left, right)
    ]
    for key, body in zip((right, left), bodies, strict=True):
        deployed.put_object(key, body)


def test_speech_in_a_recording_is_a_flag_from_upload_to_record(deployed: DeployedExam) -> None:
    """Bucket, queue, inspection, bucket, queue, speech model, table: as deployed."""
    person = recorded_person(deployed)
    now = deployed.context.clock()
    first = slot_from(person.session_id, now - 35 * SECOND)
    spoken = replace(WEBM, speech=read_aloud(), seconds=4)
    for number in range(2):
        slot = first + number * SEGMENT_LENGTH
        segment_id = make_segment_id(person.session_id, Track.FIRST, slot)
        place = SegmentPlace(person.session_id, Track.FIRST, segment_id, Container.WEBM)
        data = make_segment(replace(spoken, hue=number))
        deployed.put_object(place.key, data, metadata_of(data, slot))
    [flag] = wait_for(lambda: list(deployed.context.sessions.flags(person.session_id)), "a flag")
    assert (flag.kind, flag.view, flag.began_at) == (FindingKind.VOICE, View.FIRST, first)
    shown = deployed.proctor_client.get(f"/proctor/sessions/{person.session_id}/captures/newest")
    heard = {seen["capture_id"]: seen for seen in shown["captures"]}
    assert set(flag.captures) == heard.keys()
    assert {seen["medium"] for seen in heard.values()} == {"recorded_sound"}
    segments = {segment.segment_id: segment.key for segment in stored_segments(deployed, person)}
    assert all(segments[capture] in seen["url"] for capture, seen in heard.items())
    assert verify_session(deployed.product.deployment, person.session_id) == []


def test_segments_are_recorded_and_every_change_of_them_is_found(
    deployed: DeployedExam, tmp_path: Path
) -> None:
    person = recorded_person(deployed)
    began = time.monotonic()
    upload_through_forms(deployed, person)
    wait_for_segments(deployed, person, 2 * len(NUMBERS))
    print(f"{2 * len(NUMBERS)} segments recorded after {time.monotonic() - began:.1f} s")
    segments = stored_segments(deployed, person)
    assert {segment.error for segment in segments} == {None}
    assert {segment.silent for segment in segments} == {None, False}
    assert all(abs(segment.duration - 2 * SECOND) < 300 for segment in segments)
    assert faults(deployed, person) == []

    shown = deployed.proctor_client.get(f"/proctor/sessions/{person.session_id}/recordings/newest")
    assert [segment["segment_id"] for segment in shown["segments"]] == [
        segment.segment_id for segment in segments[::-1]
    ]

    download(
        deployed.product.deployment,
        Progress(),
        person.session_id,
        tmp_path,
        TimeRange(ended_at=segments[2].began_at),
    )
    with (tmp_path / "recordings.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["as_recorded"] for row in rows] == ["yes"] * 2
    for row in rows:
        content = (tmp_path / row["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row["sha256"]

    changed, removed, left, right, *_ = [
        segment.key for segment in segments if segment.track is Track.FIRST
    ]
    stray = f"recordings/{person.session_id}/first/notes.txt"
    deployed.put_object(stray, b"put there by somebody")
    deployed.put_object(changed, make_segment(replace(WEBM, hue=200)))
    deployed.context.media.delete(removed)
    swap(deployed, left, right)
    assert sorted(faults(deployed, person)) == sorted(
        [
            (changed, "is not the file that arrived"),
            (removed, "is missing"),
            (left, f"holds the bytes of {right}"),
            (right, f"holds the bytes of {left}"),
            (stray, "lies among the recordings, but is in no chain"),
        ]
    )
    # S3 told of the replaced objects too: what was recorded stays, and staff are told at once.
    deployed.wait_for_empty_queues()
    assert stored_segments(deployed, person) == segments
    kinds = {flag.kind for flag in deployed.context.sessions.flags(person.session_id)}
    assert kinds == {"capture_replaced"}


def test_segment_with_the_bytes_of_an_earlier_one_is_found(deployed: DeployedExam) -> None:
    person, data = recorded_person(deployed), make_segment(WEBM)
    slot = slot_from(person.session_id, deployed.context.clock() - 5 * MINUTE)
    keys = [put_segment(deployed, person, Track.FIRST, slot + at, data) for at in (0, 20 * SECOND)]
    wait_for_segments(deployed, person, 2)
    [(where, what)] = faults(deployed, person)
    arrived_first, arrived_second = keys if where == keys[1] else keys[::-1]
    assert (where, what) == (arrived_second, f"repeats {arrived_first}: the same bytes")


def put_segment(
    deployed: DeployedExam, person: ApiClient, track: Track, slot: Millis, data: bytes
) -> str:
    segment_id = make_segment_id(person.session_id, track, slot)
    key = SegmentPlace(person.session_id, track, segment_id, Container.WEBM).key
    bucket = settings().media_bucket
    deployed.s3.put_object(Bucket=bucket, Key=key, Body=data, Metadata=metadata_of(data, slot))
    return key


def test_range_is_kept_as_evidence(deployed: DeployedExam) -> None:
    person = recorded_person(deployed)
    slot = slot_from(person.session_id, deployed.context.clock() - 5 * MINUTE)
    for number in NUMBERS:
        data = make_segment(file_of(Track.FIRST, number))
        put_segment(deployed, person, Track.FIRST, slot + number * SEGMENT_LENGTH, data)
    wait_for_segments(deployed, person, 4)
    body = {
        "act_id": f"keep-{deployed.run_id}",
        "began_at": slot + 11 * SECOND,
        "ended_at": slot + 22 * SECOND,
        "reason": "与他人交谈",
    }
    path = f"/proctor/sessions/{person.session_id}/evidence/recording"
    kept = deployed.proctor_client.post(path, body)
    assert deployed.proctor_client.post(path, body)["evidence_id"] == kept["evidence_id"]
    assert [exhibit["track"] for exhibit in kept["exhibits"]] == ["first", "first"]
    for exhibit in kept["exhibits"]:
        content = deployed.api.get(exhibit["url"]).content
        assert hashlib.sha256(content).hexdigest() == exhibit["sha256"]
    assert faults(deployed, person) == []


def test_recordings_go_on_their_day_and_stay_while_a_case_is_open(deployed: DeployedExam) -> None:
    rule = RetentionRule(snapshots=90, clips=90, identity=90, evidence=365, recordings=10)
    then = deployed.context.clock() - 40 * DAY
    old = {"created_at": then, "started_at": then, "ends_at": then + MINUTE, "retention": rule}
    due, disputed = (recorded_person(deployed, state=State.SUBMITTED, **old) for _ in range(2))
    for person in (due, disputed):
        slot = slot_from(person.session_id, then)
        for number in (0, 1):
            data = make_segment(file_of(Track.FIRST, number))
            put_segment(deployed, person, Track.FIRST, slot + number * SEGMENT_LENGTH, data)
    review = build.review(disputed.session_id, status=ReviewStatus.AWAITING_SECOND)
    deployed.context.sessions.commit(replace(review, room_id=deployed.room_id))
    for person in (due, disputed):
        wait_for_segments(deployed, person, 2)
        deployed.context.deletions.add(DeleteDueFiles(person.session_id))
    plans = deployed.context.sessions
    wait_for(
        lambda: KeptKind.RECORDINGS in plans.retention_plan(due.session_id).done,
        "the plan carried out",
        seconds=90,
    )
    [receipt] = plans.deletion_receipts(due.session_id)
    assert (receipt.kind, len(receipt.files)) == (KeptKind.RECORDINGS, 2)
    entries = plans.segment_entries(due.session_id)
    assert {file.sha256 for file in receipt.files} == {entry.detail["sha256"] for entry in entries}
    assert stored_segments(deployed, due) == []
    assert faults(deployed, due) == []
    wait_for(
        lambda: (plans.retention_plan(disputed.session_id).wake_at or 0) > deployed.context.clock(),
        "the disputed session looked at",
        seconds=90,
    )
    assert len(stored_segments(deployed, disputed)) == 2
    assert faults(deployed, disputed) == []
