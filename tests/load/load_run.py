"""An exam day of many candidates in several processes, and whether what is stored is what was sent."""

import os
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from statistics import quantiles

from chalicelib.api.routing import set_context
from chalicelib.domain.audit import first_break
from chalicelib.domain.exams.papers import Paper, Question, QuestionKind
from chalicelib.domain.types import SittingKind
from chalicelib.services.ports import AppContext
from chalicelib.wiring.api import build_app_context
from tests.data import scenes
from tests.load.candidate_day import CandidateDay, DayOrders, DayReport, Enrolled, value_of
from tests.load.faulty_endpoint import FaultyEndpoint, faulty_endpoint
from tests.load.picture_queue import PictureQueue
from tests.support import builders as build
from tests.support.deployed_exam import DeployedExam, jpeg

ENDPOINT = "AWS_ENDPOINT_URL"
VISIBILITY_S = 5
OPENED_AND_SEALED = 2
"""Versions of the answer progress beside those of its changes."""


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """How many candidates do how much, and which share of the calls to AWS fails."""

    candidates: int
    questions: int
    changes: int
    pictures: int
    processes: int
    fault_share: float = 0.2
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a process played, and how often the queue delivered to it."""

    day: DayReport
    deliveries: int
    failures: int


@dataclass(slots=True)
class LoadResult:
    """What was sent, what failed on the way, and what is wrong with what is stored."""

    plan: LoadPlan
    acknowledged: int
    requests: Counter[int]
    unheard: int
    sockets: int
    pictures: int
    deliveries: int
    failures: int
    answer_ms: list[float]
    calls: Counter[str]
    faults: Counter[str]
    wrong: list[str]

    def lines(self) -> list[str]:
        """Return the figures as text."""
        cuts = quantiles(self.answer_ms, n=100)
        statuses = ", ".join(f"{status}: {n:,}" for status, n in sorted(self.requests.items()))
        return [
            f"{self.plan.candidates:,} candidates in {self.plan.processes} processes, "
            f"{self.plan.fault_share:.0%} of the calls to DynamoDB, SQS and S3 fail",
            f"{self.acknowledged:,} changes of answers acknowledged, {self.sockets:,} sockets, "
            f"{self.pictures:,} pictures",
            f"responses of the API by status: {statuses}; {self.unheard:,} never heard",
            f"calls to AWS: {_counts(self.calls)}",
            f"faults: {_counts(self.faults)}",
            f"picture messages delivered {self.deliveries:,} times, failed {self.failures:,} times",
            f"an answer: median {cuts[49]:.0f} ms, p95 {cuts[94]:.0f}, p99 {cuts[98]:.0f}, with "
            "its repetitions",
            f"lost or doubled: {len(self.wrong)}",
            *self.wrong[:20],
        ]


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in sorted(counter.items()))


def run_load(deployed: DeployedExam, plan: LoadPlan) -> LoadResult:
    """Play a day of an exam that has no candidates yet, and verify what is stored of it."""
    questions = tuple(f"q{number:03d}" for number in range(plan.questions))
    _put_paper(deployed, questions)
    enrolled = [_enrol(deployed, plan.questions) for _ in range(plan.candidates)]
    queue = f"load-{deployed.run_id}"
    queue_url = deployed.sqs.create_queue(
        QueueName=queue, Attributes={"VisibilityTimeout": str(VISIBILITY_S)}
    )["QueueUrl"]
    orders = [
        DayOrders(
            exam_id=deployed.exam_id,
            subject_id=deployed.subject_id,
            passcode=build.OFFICIAL,
            candidates=tuple(enrolled[number :: plan.processes]),
            questions=questions,
            changes=plan.changes,
            pictures=plan.pictures,
            seed=plan.seed + number,
        )
        for number in range(plan.processes)
    ]
    picture = jpeg(scenes.one_person("person_a.jpg"))
    with (
        faulty_endpoint(os.environ[ENDPOINT], plan.fault_share, plan.seed) as endpoint,
        ProcessPoolExecutor(
            plan.processes, get_context("spawn"), _enter, (endpoint.url,)
        ) as processes,
    ):
        days = [processes.submit(_play, order, queue_url, picture) for order in orders]
        delivered = [day.result() for day in days]
    deployed.sqs.delete_queue(QueueUrl=queue_url)
    return _result(plan, delivered, endpoint, find_wrong(deployed.context, orders, delivered))


def _put_paper(deployed: DeployedExam, names: Sequence[str]) -> None:
    questions = tuple(Question(name, QuestionKind.TEXT, build.localized(name), 1) for name in names)
    registry = deployed.context.registry
    exam = registry.exam(deployed.exam_id)
    [subject] = exam.subjects
    subject = replace(subject, questions=dict.fromkeys(SittingKind, len(names)))
    registry.put_exam(replace(exam, subjects=(subject,), version=exam.version + 1))
    registry.put_paper(Paper(deployed.subject_id, SittingKind.OFFICIAL, questions))


def _enrol(deployed: DeployedExam, questions: int) -> Enrolled:
    device = f"browser-{os.urandom(8).hex()}"
    client = deployed.candidate_client(questions=questions, browser_id=device)
    session = deployed.session(client)
    return Enrolled(session.admission_number, session.session_id, device)


def _enter(endpoint: str) -> None:
    """Begin a process: everything that it sends to AWS goes through the faulty endpoint."""
    os.environ[ENDPOINT] = endpoint


def _play(orders: DayOrders, queue_url: str, picture: bytes) -> Delivery:
    context = build_app_context()
    set_context(context)
    queue = PictureQueue(context, queue_url, picture)
    day = CandidateDay(orders)
    day.sign_in()
    day.plan_captures()
    for keys in day.report.planned.values():
        for key in keys:
            queue.upload(key)
    queue.process(day.report.planned)
    day.answer()
    day.hand_in()
    return Delivery(day.report, queue.deliveries, queue.failures)


def find_wrong(
    context: AppContext, orders: Sequence[DayOrders], delivered: Sequence[Delivery]
) -> list[str]:
    """Return what is lost, doubled or broken in the stored sessions; empty if nothing is."""
    return [
        f"{candidate.session_id}: {fault}"
        for order, delivery in zip(orders, delivered, strict=True)
        for candidate in order.candidates
        for fault in _faults_of(context, order, delivery.day, candidate.session_id)
    ]


def _faults_of(
    context: AppContext, orders: DayOrders, day: DayReport, session_id: str
) -> list[str]:
    sessions, faults = context.sessions, []
    bundle, audit = sessions.bundle(session_id), sessions.audit(session_id)
    last = {name: [value_of(name, orders.changes)] for name in orders.questions}
    stored = {answer.question_id: list(answer.value) for answer in sessions.answers(session_id)}
    if stored != last:
        faults.append(f"{sum(stored.get(name) != last[name] for name in last)} answers are lost")
    counted = bundle.progress.version - OPENED_AND_SEALED
    if counted != len(orders.questions) * orders.changes:
        faults.append(f"{counted} changes are counted")
    receipt = bundle.session.receipt
    if receipt is None or day.receipts[session_id] != {receipt.number}:
        faults.append("not the one receipt that was told")
    if first_break(audit) is not None:
        faults.append("the audit chain is broken")
    if [entry.action for entry in audit].count("submit") != 1:
        faults.append("not submitted once")
    observed = [seen.key for seen in sessions.observations(session_id, limit=200)]
    if sorted(observed) != sorted(day.planned[session_id]):
        faults.append(f"{len(observed)} observations of {len(day.planned[session_id])} pictures")
    return faults


def _result(
    plan: LoadPlan, delivered: Sequence[Delivery], endpoint: FaultyEndpoint, wrong: list[str]
) -> LoadResult:
    days = [delivery.day for delivery in delivered]
    faults: Counter[str] = Counter()
    for (service, fault), number in endpoint.faults.items():
        faults[f"{service} {fault}"] += number
    return LoadResult(
        plan=plan,
        acknowledged=sum(day.acknowledged for day in days),
        requests=sum((day.requests for day in days), Counter()),
        unheard=sum(day.unheard for day in days),
        sockets=sum(day.sockets for day in days),
        pictures=sum(len(keys) for day in days for keys in day.planned.values()),
        deliveries=sum(delivery.deliveries for delivery in delivered),
        failures=sum(delivery.failures for delivery in delivered),
        answer_ms=[milliseconds for day in days for milliseconds in day.answer_ms],
        calls=endpoint.calls,
        faults=faults,
        wrong=wrong,
    )
