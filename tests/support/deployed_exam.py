"""An exam in the deployed product, with rooms, staff and any number of candidates.

Preconditions are written directly to the tables; what a test is about goes through the API.
"""

import hashlib
import io
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any

import boto3
import httpx
from PIL import Image

from chalicelib.domain.capture.captures import make_capture_id
from chalicelib.domain.exams.exams import Candidate
from chalicelib.domain.rules.device_checks import DEFAULT_THRESHOLDS, DeviceCheck
from chalicelib.domain.rules.findings import Observation
from chalicelib.domain.sessions.sessions import Session, make_session_id
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE, Millis, Role, SittingKind, View
from chalicelib.services.admin.photos import photo_key
from chalicelib.services.core.tokens import API_AUDIENCE, SOCKET_AUDIENCE
from chalicelib.services.ports import AppContext, ClaimedSitting, Claims
from chalicelib.wiring.settings import settings
from infra.demo import ProductInstance
from tests.support import builders as build
from tests.support.jpegs import taken_anew
from tests.support.names import admission_number, candidate_name
from tests.support.polling import wait_for

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

QUEUES = (
    *("vision", "vision-dlq", "sound", "sound-dlq", "recording", "recording-dlq"),
    *("notify-dlq", "sms", "sms-dlq"),
)


def jpeg(image: Image.Image) -> bytes:
    """Return a picture as JPEG, as browsers upload it."""
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=85)
    return stream.getvalue()


@dataclass
class ApiClient:
    """Calls the API with a token."""

    api: httpx.Client
    token: str
    session_id: str = ""

    def call(self, method: str, path: str, body: Any = None, *, status: int = 200) -> Any:
        """Send a request, assert the status, and return the response's JSON."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        response = self.api.request(method, path, json=body, headers=headers)
        assert response.status_code == status, f"{method} {path}: {response.text}"
        return response.json()

    def get(self, path: str, *, status: int = 200) -> Any:
        """Send a GET request."""
        return self.call("GET", path, status=status)

    def post(self, path: str, body: Any = None, *, status: int = 200) -> Any:
        """Send a POST request."""
        return self.call("POST", path, body, status=status)

    def pass_checks(self) -> Any:
        """Report a passing measure for every device check."""
        measures = [
            {"check": check, "value": DEFAULT_THRESHOLDS[check].pass_at} for check in DeviceCheck
        ]
        return self.call("PUT", "/candidate/checks", {"measures": measures})

    def save_answer(self, question: str, sequence: int, *value: str, status: int = 200) -> Any:
        """Save an answer."""
        body = {"sequence": sequence, "value": value}
        return self.call("PUT", f"/candidate/answers/{question}", body, status=status)


@dataclass
class DeployedExam:
    """An exam whose ids end with a unique run id."""

    product: ProductInstance
    context: AppContext
    run_id: str = field(default_factory=lambda: uuid.uuid4().hex[:8])

    def __post_init__(self) -> None:
        self._numbers = count(1)
        now, registry = self.context.clock(), self.context.registry
        subject = build.subject(
            now,
            subject_id=self.subject_id,
            exam_id=self.exam_id,
            questions=dict.fromkeys(SittingKind, 4),
        )
        registry.put_exam(build.exam(subject, exam_id=self.exam_id))
        for kind in SittingKind:
            registry.put_paper(build.paper(kind, self.subject_id))
        for room_id, room in (
            (self.room_id, build.room()),
            (f"{self.room_id}-other", build.room(build.OTHER_ROOM)),
        ):
            registry.put_room(replace(room, room_id=room_id, exam_id=self.exam_id))
        for name, role, *rooms in (
            ("proctor", Role.PROCTOR, self.room_id),
            ("elsewhere", Role.PROCTOR, f"{self.room_id}-other"),
            ("admin", Role.ADMIN),
            ("support", Role.SUPPORT),
        ):
            staff = build.staff(self.username(name), Role(role), *rooms)
            registry.put_staff(replace(staff, display_name=build.DISPLAY_NAMES[name]))

    @property
    def exam_id(self) -> str:
        return f"exam-{self.run_id}"

    @property
    def subject_id(self) -> str:
        return f"subject-{self.run_id}"

    @property
    def room_id(self) -> str:
        return f"room-{self.run_id}"

    def username(self, name: str) -> str:
        return f"{name}-{self.run_id}"

    @cached_property
    def api(self) -> httpx.Client:
        return httpx.Client(base_url=self.product.endpoints.api_url, timeout=60)

    @cached_property
    def s3(self) -> "S3Client":
        client: S3Client = boto3.client("s3")
        return client

    @cached_property
    def sqs(self) -> "SQSClient":
        client: SQSClient = boto3.client("sqs")
        return client

    @cached_property
    def functions(self) -> "LambdaClient":
        client: LambdaClient = boto3.client("lambda")
        return client

    # ---- candidates and staff ----

    def candidate(self, photo: bytes | None = None) -> Candidate:
        """Enrol a new candidate, with or without a registration photo."""
        number = next(self._numbers)
        candidate = build.candidate(
            uuid.uuid4().hex[:12],
            exam_id=self.exam_id,
            name=candidate_name(number),
            admission_number=admission_number(number),
            rooms={self.subject_id: self.room_id},
            photo_key=None,
        )
        if photo is not None:
            candidate = replace(candidate, photo_key=photo_key(candidate.candidate_id, "first"))
            self.put_object(photo_key(candidate.candidate_id, "first"), photo)
        self.context.registry.put_candidate(candidate)
        return candidate

    def sign_in(self, candidate: Candidate, device: str = "own") -> ApiClient:
        """Sign a candidate in through the API."""
        body = {
            "exam_id": self.exam_id,
            "subject_id": self.subject_id,
            "number": candidate.admission_number,
            "passcode": build.OFFICIAL,
            "device": device,
        }
        response = ApiClient(self.api, "").post("/candidate/sign-in", body)
        return ApiClient(self.api, response["token"], response["session"]["session_id"])

    def candidate_client(
        self, state: State = State.ANSWERING, photo: bytes | None = None, **changes: Any
    ) -> ApiClient:
        """Create a candidate with a session in the given state; return their client."""
        candidate, now = self.candidate(photo), self.context.clock()
        subject_id = changes.get("subject_id", self.subject_id)
        session_id = make_session_id(candidate.candidate_id, subject_id, SittingKind.OFFICIAL)
        session = build.session(
            session_id,
            exam_id=self.exam_id,
            subject_id=subject_id,
            candidate_id=candidate.candidate_id,
            candidate_name=candidate.name,
            admission_number=candidate.admission_number,
            room_id=self.room_id,
            state=state,
            created_at=now,
            started_at=now,
            ends_at=now + 60 * MINUTE,
        )
        self.context.sessions.commit(*build.opening_records(replace(session, **changes)))
        return self.client_for(Role.CANDIDATE, session_id, subject_id)

    def client_for(self, role: Role, subject: str, subject_id: str = "") -> ApiClient:
        """Return a client with an issued token, without sign-in."""
        sitting = ClaimedSitting(subject_id or self.subject_id, SittingKind.OFFICIAL)
        claims = Claims(role, subject, self.context.clock() + 60 * MINUTE, sitting)
        return ApiClient(self.api, self.context.tokens.issue(claims, API_AUDIENCE), subject)

    @property
    def proctor_client(self) -> ApiClient:
        return self.client_for(Role.PROCTOR, self.username("proctor"))

    def socket_ticket(self, role: Role, subject: str) -> str:
        claims = Claims(role, subject, self.context.clock() + MINUTE)
        return self.context.tokens.issue(claims, SOCKET_AUDIENCE)

    def room_subscribers(self) -> set[str]:
        """Return the ids of the connections that are subscribed to the room."""
        subscribers = self.context.connections.subscribers(f"room:{self.room_id}")
        return {connection.connection_id for connection in subscribers}

    # ---- stored state ----

    def session(self, person: ApiClient) -> Session:
        return self.context.sessions.session(person.session_id)

    def stored_state(self, person: ApiClient) -> dict[str, Any]:
        """Return everything that a redelivery might change, to compare before and after."""
        sessions = self.context.sessions
        return {
            "bundle": sessions.bundle(person.session_id),
            "flags": sessions.flags(person.session_id),
            "observations": sessions.observations(person.session_id, limit=100),
            "audit": sessions.audit(person.session_id),
            "answers": sessions.answers(person.session_id),
        }

    # ---- uploads ----

    def put_object(self, key: str, data: bytes, metadata: Mapping[str, str] | None = None) -> None:
        content_type = "audio/wav" if key.endswith(".wav") else "image/jpeg"
        self.s3.put_object(
            Bucket=settings().media_bucket,
            Key=key,
            Body=data,
            ContentType=content_type,
            Metadata=metadata or {},
        )

    def upload_snapshot(
        self, person: ApiClient, at: Millis, data: bytes, view: View = View.FIRST
    ) -> Observation:
        """Upload a snapshot, with bytes of its own, and wait for its observation."""
        capture_id = make_capture_id(at, uuid.uuid4().hex[:10])
        key = snapshot_key(person.session_id, capture_id, view)
        self.put_object(key, taken_anew(data, key))
        return self.wait_for_observation(person, capture_id)

    def wait_for_observation(self, person: ApiClient, capture_id: str) -> Observation:
        """Wait for the observation of a capture and return it."""
        sessions = self.context.sessions
        return wait_for(
            lambda: sessions.observations_of(person.session_id, [capture_id]),
            f"the observation {capture_id}",
        )[0]

    def upload_form(self, form: dict[str, Any], data: bytes) -> int:
        """Upload with a presigned form, as browsers do; return the HTTP status."""
        files = {"file": ("picture.jpg", data, form["content_type"])}
        return httpx.post(form["url"], data=form["fields"], files=files, timeout=60).status_code

    # ---- queues and functions ----

    def queue_url(self, name: str) -> str:
        return self.sqs.get_queue_url(QueueName=f"invigil-local-{name}")["QueueUrl"]

    def queue_length(self, name: str) -> int:
        """Return the number of messages in a queue, waiting or in flight."""
        attributes = self.sqs.get_queue_attributes(
            QueueUrl=self.queue_url(name),
            AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        )["Attributes"]
        return int(attributes["ApproximateNumberOfMessages"]) + int(
            attributes["ApproximateNumberOfMessagesNotVisible"]
        )

    def wait_for_empty_queues(self) -> None:
        """Wait until all messages are processed. Fails if any reached a dead-letter queue."""
        wait_for(
            lambda: not sum(map(self.queue_length, ("vision", "sound", "recording"))),
            "empty queues",
        )
        dead_letters = {name: self.queue_length(name) for name in QUEUES if name.endswith("dlq")}
        assert not any(dead_letters.values()), dead_letters

    def invoke(self, function: str, payload: dict[str, Any]) -> Any:
        """Invoke a deployed function and return its result. Fails on a function error."""
        response = self.functions.invoke(
            FunctionName=f"invigil-local-{function}", Payload=json.dumps(payload).encode()
        )
        result = json.loads(response["Payload"].read() or b"null")
        assert "FunctionError" not in response, result
        return result


def snapshot_key(session_id: str, capture_id: str, view: View = View.FIRST) -> str:
    """Return the S3 key of a snapshot."""
    return f"snapshots/{session_id}/{view}/{capture_id}.jpg"


def answers_hash(answers: list[dict[str, Any]]) -> str:
    """Compute the receipt's hash from the answers that the API returns."""
    rows = sorted(
        [answer["question_id"], answer["sequence"], answer["value"]] for answer in answers
    )
    text = json.dumps(rows, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
