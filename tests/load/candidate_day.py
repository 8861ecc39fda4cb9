"""What candidates do in an exam day, by the API's routes in this process, repeated until answered."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from chalice.app import WebsocketEvent

from chalicelib.api import sockets
from tests.unit.api.conftest import Api

UNHEARD = 0.1
"""The share of responses that never reach the page, which then asks again."""
MAX_TRIES = 50


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A candidate who may sign in, and the session that this resumes."""

    number: str
    session_id: str
    device: str


@dataclass(frozen=True, slots=True)
class DayOrders:
    """Who takes part, in what, and how much they do."""

    exam_id: str
    subject_id: str
    passcode: str
    candidates: tuple[Enrolled, ...]
    questions: tuple[str, ...]
    changes: int
    """How often each candidate saves each answer."""
    pictures: int
    seed: int


@dataclass(slots=True)
class DayReport:
    """What the candidates were told."""

    acknowledged: int = 0
    """Changes of answers that the API acknowledged."""
    requests: Counter[int] = field(default_factory=Counter)
    """By the status of their responses."""
    unheard: int = 0
    answer_ms: list[float] = field(default_factory=list)
    receipts: dict[str, set[str]] = field(default_factory=dict)
    """All receipt numbers that a session was told."""
    sockets: int = 0
    planned: dict[str, list[str]] = field(default_factory=dict)
    """The keys of the planned captures of each session."""


def value_of(question: str, sequence: int) -> str:
    """Return what is answered to a question at its n-th change."""
    return f"{question} 第 {sequence} 次"


class CandidateDay:
    """Plays the day of its candidates, each step for all of them before the next."""

    def __init__(self, orders: DayOrders) -> None:
        self._orders, self._api = orders, Api()
        self._dice = random.Random(orders.seed)  # noqa: S311
        self._tokens: dict[str, str] = {}
        self.report = DayReport()

    def sign_in(self) -> None:
        """Everybody signs in, and opens a socket with a ticket."""
        for candidate in self._orders.candidates:
            body = {
                "exam_id": self._orders.exam_id,
                "subject_id": self._orders.subject_id,
                "number": candidate.number,
                "passcode": self._orders.passcode,
                "device": candidate.device,
            }
            signed_in = self._call("POST", "/candidate/sign-in", None, body)
            assert signed_in["session"]["session_id"] == candidate.session_id
            self._tokens[candidate.session_id] = signed_in["token"]
            self._open_socket(candidate)

    def _open_socket(self, candidate: Enrolled) -> None:
        for _ in range(MAX_TRIES):
            ticket = self._call("POST", "/candidate/ticket", self._token(candidate))["ticket"]
            context = {
                "connectionId": f"load-{candidate.session_id}",
                "domainName": "localhost",
                "apiId": "load",
                "stage": "load",
            }
            event = {"requestContext": context, "queryStringParameters": {"ticket": ticket}}
            if sockets.connect(WebsocketEvent(event, None))["statusCode"] == 200:
                self.report.sockets += 1
                return
        raise AssertionError(f"no socket for {candidate.session_id}")

    def plan_captures(self) -> None:
        """Every page asks for its capture plan."""
        for candidate in self._orders.candidates:
            plan = self._call("POST", "/candidate/captures", self._token(candidate))
            pictures = [
                capture["upload"]["fields"]["key"]
                for capture in plan["captures"]
                if capture["medium"] == "picture"
            ]
            self.report.planned[candidate.session_id] = pictures[: self._orders.pictures]

    def answer(self) -> None:
        """Everybody saves every answer, again and again, and hears of most of it."""
        for sequence, question, candidate in self._changes():
            body = {"sequence": sequence, "value": [value_of(question, sequence)]}
            path, began = f"/candidate/answers/{question}", time.perf_counter()
            self._call("PUT", path, self._token(candidate), body)
            self.report.answer_ms.append((time.perf_counter() - began) * 1000)
            self.report.acknowledged += 1

    def _changes(self) -> Iterator[tuple[int, str, Enrolled]]:
        for sequence in range(1, self._orders.changes + 1):
            for question in self._orders.questions:
                for candidate in self._orders.candidates:
                    yield sequence, question, candidate

    def hand_in(self) -> None:
        """Everybody hands in, and does it again."""
        for candidate in self._orders.candidates:
            numbers = self.report.receipts.setdefault(candidate.session_id, set())
            for _ in range(2):
                session = self._call("POST", "/candidate/submit", self._token(candidate))
                numbers.add(session["receipt"]["number"])

    def _token(self, candidate: Enrolled) -> str:
        return self._tokens[candidate.session_id]

    def _call(self, method: str, path: str, token: str | None, body: Any = None) -> Any:
        """Send a request until its response is heard and says yes, as the pages do."""
        for _ in range(MAX_TRIES):
            response = self._api.call(method, path, token, body)
            self.report.requests[response.status_code] += 1
            if response.status_code == 200:
                if self._dice.random() >= UNHEARD:
                    return response.json_body
                self.report.unheard += 1
                continue
            assert response.status_code in {409, 429, 500, 503}, (path, response.body)
        raise AssertionError(f"{method} {path} was never answered")
