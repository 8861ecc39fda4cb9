"""Opens pages in a signed-in state, for tests that are not about sign-in."""

import json
import uuid
from dataclasses import replace
from itertools import count
from typing import Any

from playwright.sync_api import Page, expect

from chalicelib.domain.capture.cameras import apply_heartbeat
from chalicelib.domain.exams.exams import Candidate, Subject
from chalicelib.domain.sessions.sessions import Session, make_session_id
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE, Role, SittingKind
from chalicelib.retry import retry_on_conflict
from chalicelib.services.ports import AppContext
from infra.seed.demonstration import EXAM_ID
from tests.e2e.actors import STEP_TIMEOUT, enter_fullscreen
from tests.support import builders as build
from tests.support.deployed_exam import ApiClient, DeployedExam
from tests.support.names import admission_number, candidate_name

ROOM = "demo-room-1"
TEMPLATE_SUBJECT = "hr-2"


_NUMBERS = count(7_001)  # admission numbers that no other candidate of the exam has


def seed_storage(page: Page, storage: str, name: str, content: Any) -> None:
    """Set an item of the page's storage before the page starts, unless it exists."""
    key, value = json.dumps(name), json.dumps(json.dumps(content))
    page.add_init_script(f"{storage}.getItem({key}) ?? {storage}.setItem({key}, {value})")


def open_exam(page: Page, deployed: DeployedExam, person: ApiClient) -> None:
    """Open the exam page of a session, as after a reload."""
    stored_session = {
        "token": person.token,
        "expires_at": deployed.context.clock() + 60 * MINUTE,
        "session": person.get("/candidate/session"),
    }
    seed_storage(page, "localStorage", "invigil.exam", stored_session)
    page.goto(deployed.product.summary["exam_url"])
    main = page.locator('main[data-state]:not([data-state="loading"])')
    expect(main).to_be_attached(timeout=STEP_TIMEOUT)
    if main.get_attribute("data-state") == State.ANSWERING:
        enter_fullscreen(page)


def open_phone(page: Page, deployed: DeployedExam, session_id: str) -> None:
    """Open the phone page of a session, as after a reload."""
    sessions = deployed.context.sessions

    def attempt() -> None:  # the exam page reports its devices into the same record
        cameras = sessions.bundle(session_id).cameras
        sessions.commit(apply_heartbeat(cameras, None, deployed.context.clock()))

    retry_on_conflict(attempt)
    phone = deployed.client_for(Role.PHONE, session_id)
    stored_session = {"token": phone.token, "session": phone.get("/phone/session")}
    seed_storage(page, "sessionStorage", f"invigil.phone.placed.{session_id}", 1)
    seed_storage(page, "localStorage", "invigil.phone", stored_session)
    page.goto(deployed.product.summary["phone_url"])
    expect(page.get_by_test_id("second-view-badge")).to_have_attribute(
        "data-live", "true", timeout=STEP_TIMEOUT
    )


def open_candidate_page(
    page: Page,
    deployed: DeployedExam,
    session_id: str,
    staff: ApiClient | None = None,
    room_id: str | None = None,
) -> None:
    """Open a candidate's page in the console, as the room's proctor or somebody else."""
    staff = staff or deployed.proctor_client
    stored_session = {
        "token": staff.token,
        "expires_at": deployed.context.clock() + 60 * MINUTE,
        "staff": staff.get("/staff/me"),
    }
    seed_storage(page, "sessionStorage", "invigil.console.session", stored_session)
    room_id = room_id or deployed.room_id
    page.goto(f"{deployed.product.summary['console_url']}#/rooms/{room_id}/seats/{session_id}")
    expect(page.get_by_test_id("link")).to_have_attribute("data-link", "open", timeout=STEP_TIMEOUT)
    expect(page.get_by_test_id("speak")).to_be_visible()


def assert_reflows(page: Page) -> None:
    """Assert that at 320 CSS pixels, as at 400 % of 1280, nothing scrolls sideways (WCAG 1.4.10)."""
    before = page.viewport_size
    assert before is not None
    page.set_viewport_size({"width": 320, "height": 800})
    page.wait_for_function("() => document.documentElement.clientWidth <= 320")
    width = page.evaluate("() => document.documentElement.scrollWidth")
    page.set_viewport_size(before)
    assert width <= 320, f"the page is {width} pixels wide"


def demo_subject(context: AppContext) -> Subject:
    """Return the subject of the demonstration exam that others are copied from."""
    return next(
        subject
        for subject in context.registry.exam(EXAM_ID).subjects
        if subject.subject_id == TEMPLATE_SUBJECT
    )


def add_demo_subject(context: AppContext, **changes: Any) -> Subject:
    """Add a subject with its own settings and a copied paper to the demonstration exam."""
    subject_id = f"own-{uuid.uuid4().hex[:8]}"
    exam, template = context.registry.exam(EXAM_ID), demo_subject(context)
    changes = {"title": template.title, "questions": template.questions, **changes}
    subject = build.subject(context.clock(), subject_id=subject_id, exam_id=EXAM_ID, **changes)
    context.registry.put_exam(
        replace(exam, subjects=(*exam.subjects, subject), version=exam.version + 1)
    )
    for kind in SittingKind:
        paper = context.registry.paper(TEMPLATE_SUBJECT, kind)
        context.registry.put_paper(replace(paper, subject_id=subject_id))
    return subject


def add_candidate_session(
    context: AppContext, subject: Subject, state: State, name: str = "", **changes: Any
) -> tuple[Candidate, Session]:
    """Add a candidate to the demonstration exam, with a session in the given state."""
    now, number = context.clock(), next(_NUMBERS)
    candidate = build.candidate(
        uuid.uuid4().hex[:8],
        exam_id=EXAM_ID,
        name=name or candidate_name(number),
        admission_number=admission_number(number),
        rooms={subject.subject_id: ROOM},
    )
    context.registry.put_candidate(candidate)
    session = build.session(
        make_session_id(candidate.candidate_id, subject.subject_id, SittingKind.OFFICIAL),
        exam_id=EXAM_ID,
        subject_id=subject.subject_id,
        candidate_id=candidate.candidate_id,
        candidate_name=candidate.name,
        admission_number=candidate.admission_number,
        room_id=ROOM,
        questions=subject.questions[SittingKind.OFFICIAL],
        state=state,
        created_at=now,
        **{"starts_at": now, "started_at": None, "ends_at": None, **changes},
    )
    context.sessions.commit(*build.opening_records(session))
    return candidate, session


def demo_candidate_client(
    deployed: DeployedExam, state: State, name: str, **changes: Any
) -> ApiClient:
    """Add a candidate like `add_candidate_session`; return their API client."""
    subject = demo_subject(deployed.context)
    _, session = add_candidate_session(deployed.context, subject, state, name, **changes)
    return deployed.client_for(Role.CANDIDATE, session.session_id, subject.subject_id)


def demo_proctor_client(deployed: DeployedExam) -> ApiClient:
    """Return the API client of the demonstration exam's proctor."""
    accounts = deployed.product.summary["staff"]
    username = next(account["username"] for account in accounts if account["role"] == Role.PROCTOR)
    return deployed.client_for(Role.PROCTOR, username)
