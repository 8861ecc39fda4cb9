"""The exam day in every browser engine that the distribution and the registries carry."""

import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright

from chalicelib.domain.types import Role
from tests.e2e.engines.browser import CONSOLE, PHONE, Browser
from tests.e2e.engines.chromium import start_chromium
from tests.e2e.engines.console_walk import Proctor
from tests.e2e.engines.faces import PERSON
from tests.e2e.engines.firefox import start_firefox
from tests.e2e.engines.line import network_line
from tests.e2e.engines.walk import Candidate, join_phone, wait_for_captures
from tests.e2e.engines.webkit import start_webkit
from tests.e2e.enrolment import EnrolCandidate
from tests.support.deployed_exam import DeployedExam

pytestmark = pytest.mark.e2e

type Start = Callable[[Path, int | None], AbstractContextManager[Browser]]


@dataclass(frozen=True)
class ExamDay:
    """One exam day in one engine: what it is deployed in, and what the engine can show here."""

    deployed: DeployedExam
    enrol: EnrolCandidate
    folder: Path
    start: Start
    shows_faces: bool = True
    has_calls: bool = True
    is_locked: bool = True

    def run(self) -> None:
        """Walk through it, with the candidate's browser and one for the phone and the staff."""
        details = self.enrol(PERSON if self.shows_faces else None)
        summary = self.deployed.product.summary
        with (
            network_line() as line,
            self.start(self.folder / "candidate", line.port) as own,
            self.start(self.folder / "staff", None) as staff,
        ):
            proctor = Proctor(staff.new_page(CONSOLE), summary)
            proctor.open_wall()
            candidate = Candidate(own, own.new_page(), summary, details)
            candidate.sign_in()
            candidate.agree(to_faces=self.shows_faces)
            session_id = proctor.find(details["name"])
            if self.shows_faces:
                candidate.take_photo()
            else:
                proctor.accept_identity(session_id)
            code = candidate.second_view_code()
            phone = staff.new_page(PHONE)
            join_phone(phone, summary, details, code)
            candidate.start()
            candidate.answer()
            if self.is_locked:
                candidate.answer_offline(line)
                candidate.leave_and_return()
            wait_for_captures(self.deployed, session_id)
            proctor.see_pictures(session_id)
            proctor.open_seat(session_id)
            if self.has_calls:
                proctor.watch_live("first")
                proctor.watch_live("second")
                proctor.talk(candidate.page)
            candidate.hand_in()
            if self.is_locked:
                proctor.confirm_violation(session_id)
                self._confirm_again(session_id)
                proctor.read_record(session_id)
            proctor.replay(session_id)
            assert own.faults == []
            assert staff.faults == []

    def _confirm_again(self, session_id: str) -> None:
        """Give the second reviewer's decision, without which nothing is a violation."""
        [review] = self.deployed.context.sessions.reviews(session_id)
        body: dict[str, Any] = {
            "act_id": uuid.uuid4().hex,
            "verdict": "confirm",
            "reason": review.decisions[0].reason,
        }
        admin = self.deployed.client_for(Role.ADMIN, "admin")
        admin.post(f"/proctor/sessions/{session_id}/reviews/{review.review_id}", body)


@pytest.fixture
def make_exam_day(
    deployed: DeployedExam, enrol_candidate: EnrolCandidate, tmp_path: Path
) -> Callable[..., ExamDay]:
    return partial(ExamDay, deployed, enrol_candidate, tmp_path)


def test_exam_day_in_firefox(
    make_exam_day: Callable[..., ExamDay], sound: Mapping[str, str]
) -> None:
    make_exam_day(partial(start_firefox, variables=sound)).run()


def test_exam_day_in_webkit(
    make_exam_day: Callable[..., ExamDay], sound: Mapping[str, str]
) -> None:
    start = partial(start_webkit, variables=sound)
    make_exam_day(start, shows_faces=False, has_calls=False).run()


def test_exam_day_in_the_oldest_chromium(
    make_exam_day: Callable[..., ExamDay], sound: Mapping[str, str], playwright: Playwright
) -> None:
    start = partial(start_chromium, playwright, variables=sound)
    make_exam_day(start, has_calls=False, is_locked=False).run()
