"""A thousand answers over a network on which every fifth request fails."""

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from chalicelib.domain.exams.papers import Paper, Question, QuestionKind
from chalicelib.domain.types import SittingKind
from tests.support import builders as build
from tests.support.deployed_exam import ApiClient, DeployedExam, answers_hash

pytestmark = pytest.mark.integration

QUESTIONS, CHANGES_PER_QUESTION = 250, 4
WORKERS = 4


class FlakyTransport(httpx.BaseTransport):
    """Fails every fifth request: alternately the request or its response is lost."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner, self._lock = inner, threading.Lock()
        self._count = itertools.count(1)
        self.lost_requests = self.lost_responses = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            number = next(self._count)
            lose_request, lose_response = number % 10 == 5, number % 10 == 0
            self.lost_requests += lose_request
            self.lost_responses += lose_response
        if lose_request:
            raise httpx.ConnectError("the request was lost", request=request)
        response = self._inner.handle_request(request)
        if lose_response:
            response.read()
            raise httpx.ReadError("the response was lost", request=request)
        return response

    def close(self) -> None:
        self._inner.close()


def save_until_acknowledged(person: ApiClient, question: str, sequence: int) -> None:
    """Repeat the same request until there is a response, as the page does."""
    while True:
        try:
            person.save_answer(question, sequence, f"答案 {question} 第 {sequence} 次")
        except httpx.TransportError:
            continue
        return


def test_no_answer_is_lost_or_counted_twice(deployed: DeployedExam) -> None:
    subject_id = f"long-{deployed.run_id}"
    names = [f"q{number:03d}" for number in range(QUESTIONS)]
    questions = tuple(Question(name, QuestionKind.TEXT, build.localized(name), 1) for name in names)
    subject = build.subject(
        deployed.context.clock(), subject_id=subject_id, exam_id=deployed.exam_id
    )
    exam = deployed.context.registry.exam(deployed.exam_id)
    deployed.context.registry.put_exam(
        build.exam(*exam.subjects, subject, exam_id=deployed.exam_id)
    )
    deployed.context.registry.put_paper(Paper(subject_id, SittingKind.OFFICIAL, questions))
    person = deployed.candidate_client(subject_id=subject_id, questions=QUESTIONS)

    network = FlakyTransport(httpx.HTTPTransport())
    with httpx.Client(base_url=deployed.api.base_url, transport=network, timeout=60) as client:
        page = ApiClient(client, person.token)

        def answer(question: str) -> None:
            for sequence in range(1, CHANGES_PER_QUESTION + 1):
                save_until_acknowledged(page, question, sequence)

        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(answer, names))
    assert network.lost_requests + network.lost_responses >= QUESTIONS * CHANGES_PER_QUESTION // 5
    assert network.lost_responses > 100

    saved = person.get("/candidate/paper")["answers"]
    assert {(entry["question_id"], entry["sequence"]) for entry in saved} == {
        (name, CHANGES_PER_QUESTION) for name in names
    }
    assert all(
        entry["value"] == [f"答案 {entry['question_id']} 第 {CHANGES_PER_QUESTION} 次"]
        for entry in saved
    )
    progress = deployed.context.sessions.bundle(person.session_id).progress
    assert progress.version == 1 + QUESTIONS * CHANGES_PER_QUESTION, "each change was counted once"
    assert len(progress.answered) == QUESTIONS
    receipt = person.post("/candidate/submit")["receipt"]
    assert receipt["answers_hash"] == answers_hash(saved)
    assert (receipt["answered"], receipt["questions"]) == (QUESTIONS, QUESTIONS)
