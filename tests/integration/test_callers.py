"""The permission table against the deployed API: every refusal, and a few permitted calls."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.callers import Caller, token_of
from tests.support.deployed_exam import DeployedExam
from tests.support.route_permissions import PERMISSIONS, ROUTES, expected_status

pytestmark = pytest.mark.integration


def test_callers_without_permission_are_refused(deployed: DeployedExam) -> None:
    person, other = deployed.candidate_client(), deployed.candidate_client()
    state = deployed.stored_state(person)
    subjects = {
        Caller.CANDIDATE: person.session_id,
        Caller.OTHER_CANDIDATE: other.session_id,
        Caller.PHONE: person.session_id,
        Caller.PROCTOR: deployed.username("proctor"),
        Caller.OTHER_PROCTOR: deployed.username("elsewhere"),
        Caller.ADMIN: deployed.username("admin"),
        Caller.SUPPORT: deployed.username("support"),
    }
    path_parameters = {
        "exam_id": deployed.exam_id,
        "room_id": deployed.room_id,
        "session_id": person.session_id,
        "question_id": "q1",
        "kind": "trial",
        "candidate_id": deployed.session(person).candidate_id,
        "subject_id": deployed.subject_id,
        "review_id": "review",
        "evidence_id": "evidence",
        "before": "newest",
        "warning_id": "warning",
    }
    tokens = {
        caller: token_of(
            caller, deployed.context.tokens, deployed.context.clock(), subjects, deployed.subject_id
        )
        for caller in Caller
    }

    def send(key: tuple[str, str], caller: Caller) -> tuple[int, int]:
        route, row = ROUTES[key], PERMISSIONS[key]
        headers = {"Authorization": f"Bearer {token}"} if (token := tokens[caller]) else {}
        path = route.path.format(**{**row.path_parameters, **path_parameters})
        response = deployed.api.request(route.method, path, headers=headers, json=row.body)
        return response.status_code, expected_status(row, route, caller)

    requests = [
        (key, caller)
        for key, row in PERMISSIONS.items()
        for caller in Caller
        if caller not in row.allowed
    ]
    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(lambda request: send(*request), requests))
    wrong = [
        (*request, actual, expected)
        for request, (actual, expected) in zip(requests, statuses, strict=True)
        if actual != expected
    ]
    assert wrong == []
    assert deployed.stored_state(person) == state


def test_staff_with_permission_are_allowed(deployed: DeployedExam, person_a: bytes) -> None:
    admin = deployed.username("admin")
    for name, path in (
        ("proctor", "/staff/me"),
        ("support", "/staff/me"),
        ("proctor", f"/proctor/rooms/{deployed.room_id}"),
        ("admin", f"/proctor/rooms/{deployed.room_id}"),
        ("elsewhere", "/proctor/rooms"),
    ):
        staff = deployed.context.registry.staff(deployed.username(name))
        deployed.client_for(staff.role, staff.username).get(path)
    row = {
        "name": "李", "id_number": f"ID{deployed.run_id}", "admission_number": f"ADM{deployed.run_id}",
        "phone": "10000000009", "subject_id": deployed.subject_id, "room_id": deployed.room_id,
    }  # fmt: skip
    path = f"/admin/exams/{deployed.exam_id}/candidates"
    admin_client = deployed.client_for(deployed.context.registry.staff(admin).role, admin)
    [enrolled] = admin_client.post(path, {"candidates": [row]})["candidates"]
    photo = enrolled["photo"]
    deployed.put_object(photo["fields"]["key"], person_a)
    admin_client.post(
        f"{path}/{enrolled['candidate_id']}/photo", {"upload_id": photo["capture_id"]}
    )
