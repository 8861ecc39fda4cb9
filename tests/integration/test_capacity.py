"""What each act of a sitting really uses, against what the capacity model counts with."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from statistics import fmean

import pytest

from chalicelib.adapters.media_bucket import S3MediaStore
from chalicelib.api.routing import set_context
from chalicelib.domain.capture.cameras import CameraStatus, join_phone
from chalicelib.domain.capture.captures import make_capture_id
from chalicelib.domain.recording.recording_rule import RecordingMode, RecordingRule, Track
from chalicelib.domain.recording.segments import (
    SEGMENT_LENGTH,
    Container,
    SegmentPlace,
    begins_at_from_id,
    make_segment_id,
    slot_from,
)
from chalicelib.domain.types import MINUTE, SECOND, Role, View
from chalicelib.wiring.settings import settings
from functions.recording.handler import process_segment
from functions.recording.isolation import IsolatedInspector
from functions.sound.handler import Ears
from functions.sound.handler import process_upload as process_sound
from functions.uploads import parse_key
from functions.vision.handler import process_upload as process_picture
from functions.vision.pipeline import VisionPipeline
from infra.capacity.work import ACTS
from tests.data import scenes
from tests.integration.counted_uploads import PrefixedBucket
from tests.support.deployed_exam import ApiClient, DeployedExam, jpeg, snapshot_key
from tests.support.dynamo_meter import DynamoMeter
from tests.support.jpegs import taken_anew
from tests.support.segment_files import SCREEN, WEBM, SegmentFile, make_segment
from tests.unit.api.conftest import Api
from tests.unit.sound.sounds import noise, wav

pytestmark = pytest.mark.integration

REPEATS = 4
RULE = RecordingRule(RecordingMode.ALL, RecordingMode.ALL, RecordingMode.ALL, second_speech=True)
TOLERANCE = 0.6
"""What is measured is at most what the model says, and at least this part of it: the monitor state,
written with every capture, is now below and now above two units."""


@pytest.fixture
def api(deployed: DeployedExam) -> Iterator[Api]:
    """The routes in this process, over the deployed tables."""
    set_context(deployed.context)
    yield Api()
    set_context(None)


class Sitting:
    """A candidate who answers, with a phone; each method performs one act of `ACTS`."""

    def __init__(self, deployed: DeployedExam, api: Api, pictures: Mapping[View, bytes]) -> None:
        self._deployed, self._api, self._pictures = deployed, api, pictures
        self._person = deployed.candidate_client(
            recording=RULE,
            recording_consent=True,
            second_view_joined_at=deployed.context.clock() - MINUTE,
        )
        self._phone = deployed.client_for(Role.PHONE, self._person.session_id)
        self._proctor = deployed.proctor_client
        self._bucket = PrefixedBucket(S3MediaStore(settings().media_bucket))
        self._pipeline, self._ears = VisionPipeline.load(), Ears.load()
        self._inspector = IsolatedInspector()
        self._start = deployed.context.clock()
        cameras = CameraStatus(self._person.session_id, deployed.room_id)
        deployed.context.sessions.commit(join_phone(cameras, self._start - MINUTE))
        self._clip = wav(noise(10))

    def close(self) -> None:
        """End the process that inspects."""
        self._inspector.close()

    def first_picture(self, number: int) -> None:
        self._capture(number, View.FIRST)

    def second_picture(self, number: int) -> None:
        self._capture(number, View.SECOND)

    def clip(self, number: int) -> None:
        capture_id = make_capture_id(self._start + number * 30 * SECOND, "abcdefghij")
        key = f"clips/{self._person.session_id}/{capture_id}.wav"
        self._deployed.put_object(f"counted/{key}", self._clip + bytes([number]))
        process_sound(self._deployed.context, self._bucket, self._ears, parse_key(key, self._start))

    def first_segment(self, number: int) -> None:
        self._segment(number, Track.FIRST, WEBM)

    def second_segment(self, number: int) -> None:
        self._segment(number, Track.SECOND, WEBM)

    def screen_segment(self, number: int) -> None:
        self._segment(number, Track.SCREEN, SCREEN)

    def first_speech(self, number: int) -> None:
        self._speech(number, Track.FIRST)

    def second_speech(self, number: int) -> None:
        self._speech(number, Track.SECOND)

    def _speech(self, number: int, track: Track) -> None:
        """Judge the sound that the segment's inspection passed on."""
        place = self._place(number, track)
        key = f"heard/{place.session_id}/{track}/{place.segment_id}.wav"
        process_sound(self._deployed.context, self._bucket, self._ears, parse_key(key, self._start))

    def _place(self, number: int, track: Track) -> SegmentPlace:
        session_id = self._person.session_id
        slot = (
            slot_from(session_id, self._start) + (number + 20) * SEGMENT_LENGTH
        )  # after the clips
        segment_id = make_segment_id(session_id, track, slot)
        return SegmentPlace(session_id, track, segment_id, Container.WEBM)

    def _segment(self, number: int, track: Track, file: SegmentFile) -> None:
        place = self._place(number, track)
        slot = begins_at_from_id(place.segment_id)
        data = make_segment(replace(file, hue=number))
        announced = {"sha256": hashlib.sha256(data).hexdigest()}
        self._deployed.put_object(f"counted/{place.key}", data, announced)
        process_segment(self._deployed.context, self._bucket, self._inspector, place, slot)

    def recording_plan(self, _: int) -> None:
        self._record("/candidate/recordings", self._person, "first", "screen")

    def phone_recording_plan(self, _: int) -> None:
        self._record("/phone/recordings", self._phone, "second")

    def _record(self, path: str, client: ApiClient, *tracks: str) -> None:
        plan = {"container": "webm", "tracks": tracks}
        self._call(client, "POST", path, plan)

    def plan(self, _: int) -> None:
        self._call(self._person, "POST", "/candidate/captures")

    def phone_plan(self, _: int) -> None:
        self._call(self._phone, "POST", "/phone/captures")

    def heartbeat(self, number: int) -> None:
        self._call(self._phone, "POST", "/phone/report", {"battery": 0.9 - number / 10})

    def session(self, _: int) -> None:
        self._call(self._person, "GET", "/candidate/session")

    def messages(self, _: int) -> None:
        self._call(self._person, "GET", "/candidate/messages")

    def phone_session(self, _: int) -> None:
        self._call(self._phone, "GET", "/phone/session")

    def answer(self, number: int) -> None:
        body = {"sequence": number + 1, "value": ["A"]}
        self._call(self._person, "PUT", "/candidate/answers/q1", body)

    def _call(self, client: ApiClient, method: str, path: str, body: object = None) -> None:
        response = self._api.call(method, path, client.token, body)
        assert response.status_code == 200, response.body

    def _capture(self, number: int, view: View) -> None:
        capture_id = make_capture_id(self._start + number * 5 * SECOND, f"{view}-abcd")
        key = snapshot_key(self._person.session_id, capture_id, view)
        # Stored under a prefix without event notifications, so that no function processes it.
        self._deployed.put_object(f"counted/{key}", taken_anew(self._pictures[view], key))
        upload = parse_key(key, self._start)
        process_picture(self._deployed.context, self._bucket, self._pipeline, upload)


@pytest.fixture
def sitting(deployed: DeployedExam, api: Api, person_a: bytes) -> Iterator[Sitting]:
    """A sitting some minutes old: what is remembered of it has its usual size."""
    other_side = jpeg(scenes.in_room("person_a.jpg"))
    sitting = Sitting(deployed, api, {View.FIRST: person_a, View.SECOND: other_side})
    for act in (sitting.plan, sitting.phone_plan, sitting.first_picture, sitting.second_picture):
        act(0)
    yield sitting
    sitting.close()


def test_units_of_every_act(sitting: Sitting, dynamo_meter: DynamoMeter) -> None:
    wrong = []
    for name in [name for name in ACTS if name != "wall"]:
        work, act = ACTS[name].work, getattr(sitting, name)
        act(0)  # the first time, caches are filled
        measured = _mean_units(act, dynamo_meter)
        expected = (work.table_writes, work.index_writes, work.reads)
        if not all(_holds(*pair) for pair in zip(measured, expected, strict=True)):
            wrong.append(f"{name}: measured {measured}, the model says {expected}")
    assert not wrong, "\n".join(wrong)


def _mean_units(act: Callable[[int], None], meter: DynamoMeter) -> tuple[float, float, float]:
    """Return the mean of table writes, index writes and reads."""
    samples = []
    for number in range(1, REPEATS + 1):
        meter.reset()
        act(number)
        samples.append((meter.table_writes, meter.index_writes, meter.reads))
    table_writes, index_writes, reads = map(fmean, zip(*samples, strict=True))
    return table_writes, index_writes, reads


def _holds(measured: float, expected: float) -> bool:
    return TOLERANCE * expected <= measured <= expected


def test_wall_reads_what_its_candidates_take(
    deployed: DeployedExam, api: Api, dynamo_meter: DynamoMeter
) -> None:
    """The wall's reads grow with the room; the model's share is that of a room of 30."""
    path, token = f"/proctor/rooms/{deployed.room_id}", deployed.proctor_client.token
    api.call("GET", path, token)
    before = _reads(api, path, token, dynamo_meter)
    added = 10
    for _ in range(added):
        deployed.candidate_client()
    grown = _reads(api, path, token, dynamo_meter) - before
    assert grown / added * 30 <= ACTS["wall"].work.reads


def _reads(api: Api, path: str, token: str, meter: DynamoMeter) -> float:
    meter.reset()
    assert api.call("GET", path, token).status_code == 200
    return meter.reads
