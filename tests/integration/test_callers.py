"""The table of who may call what, thinner, over the deployed API: who is refused, and how."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.callers import Caller, token_of
from tests.support.deployed_exam import DeployedExam
from tests.support.route_permissions import PERMISSIONS, ROUTES, expected_status

pytestmark = pytest.mark.integration


def test_nobody_passes_who_should_not(deployed: DeployedExam) -> None:
    person, other = deployed.candidate_client(), deployed.candidate_client()
    before = deployed.stored_state(person)
    subjects = {
        Caller.CANDIDATE: person.session_id,
        Caller.OTHER_CANDIDATE: other.session_id,
        Caller.PHONE: person.session_id,
        Caller.PROCTOR: deployed.username("proctor"),
        Caller.OTHER_PROCTOR: deployed.username("elsewhere"),
        Caller.ADMIN: deployed.username("admin"),
        Caller.SUPPORT: deployed.username("support"),
    }
    here = {
        "exam_id": deployed.exam_id,
        "room_id": deployed.room_id,
        "session_id": person.session_id,
        "question_id": "q1",
        "kind": "trial",
        "candidate_id": deployed.session(person).candidate_id,
        "subject_id": deployed.subject_id,
        "review_id": "one",
        "evidence_id": "one",
        "before": "newest",
        "warning_id": "warning",
    }
    tokens = {
        caller: token_of(
            caller, deployed.context.tokens, deployed.context.clock(), subjects, deployed.subject_id
        )
        for caller in Caller
    }

    def ask(key: tuple[str, str], caller: Caller) -> tuple[int, int]:
        route, row = ROUTES[key], PERMISSIONS[key]
        headers = {"Authorization": f"Bearer {token}"} if (token := tokens[caller]) else {}
        path = route.path.format(**{**row.path_parameters, **here})
        answer = deployed.api.request(route.method, path, headers=headers, json=row.body)
        return answer.status_code, expected_status(row, route, caller)

    asked = [
        (key, caller)
        for key, row in PERMISSIONS.items()
        for caller in Caller
        if caller not in row.allowed
    ]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: ask(*one), asked))
    wrong = [
        (*one, *answer) for one, answer in zip(asked, answers, strict=True) if len({*answer}) > 1
    ]
    assert wrong == []
    assert deployed.stored_state(person) == before


def test_the_right_ones_do(deployed: DeployedExam, person_a: bytes) -> None:
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
    boss = deployed.client_for(deployed.context.registry.staff(admin).role, admin)
    [enrolled] = boss.post(path, {"candidates": [row]})["candidates"]
    photo = enrolled["photo"]
    deployed.put_object(photo["fields"]["key"], person_a)
    boss.post(f"{path}/{enrolled['candidate_id']}/photo", {"upload_id": photo["capture_id"]})
