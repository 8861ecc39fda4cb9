"""Tokens and sockets of staff who left, changed role or lost their password, through the public API."""

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from websockets.exceptions import WebSocketException

from chalicelib.domain.types import Role
from chalicelib.services.core.tokens import issue_token
from chalicelib.services.ports import AppContext
from chalicelib.services.ports.sockets import staff_topic
from infra.demo import ProductInstance
from tests.support import builders as build
from tests.support.deployed_exam import ApiClient, DeployedExam
from tests.support.polling import wait_for
from tests.support.sockets import open_socket

pytestmark = pytest.mark.integration

ENDS_WITHIN = 60
"""Seconds after which a token is not valid any more on any worker."""
PASSWORD = "the first password"
NEW_PASSWORD = "another long password"


@pytest.fixture
def exam(product: ProductInstance, context: AppContext) -> Iterator[DeployedExam]:
    """An exam with accounts of its own, since the tests end their sessions."""
    made = DeployedExam(product, context)
    yield made
    made.api.close()


def admin(exam: DeployedExam) -> ApiClient:
    return exam.client_for(Role.ADMIN, exam.username("admin"))


def change(exam: DeployedExam, name: str, **changes: Any) -> None:
    change_account(exam, exam.username(name), **changes)


def change_account(exam: DeployedExam, username: str, **changes: Any) -> None:
    path = f"/admin/staff/{username}"
    account = admin(exam).get(path)["account"]
    body = {key: account[key] for key in ("version", "role", "rooms", "disabled")}
    admin(exam).call("PUT", path, {**body, **changes})


def seconds_until_refused(client: ApiClient, path: str) -> float:
    started = time.monotonic()

    def is_refused() -> bool:
        headers = {"Authorization": f"Bearer {client.token}"}
        return client.api.get(path, headers=headers).status_code == 401

    wait_for(is_refused, "the token being refused", ENDS_WITHIN)
    return time.monotonic() - started


@pytest.mark.parametrize("changes", [{"disabled": True}, {"role": "support"}])
def test_token_ends_with_account_and_role(exam: DeployedExam, changes: dict[str, Any]) -> None:
    proctor = exam.client_for(Role.PROCTOR, exam.username("proctor"))
    proctor.get("/proctor/rooms")
    change(exam, "proctor", **changes)
    assert seconds_until_refused(proctor, "/staff/me") < ENDS_WITHIN
    refused = proctor.get("/proctor/rooms", status=401)
    assert refused["code"] == "session_ended"
    proctor.post("/staff/ticket", status=401)


def test_admin_who_left_reads_nothing_and_gets_no_form(exam: DeployedExam) -> None:
    former = exam.client_for(Role.ADMIN, exam.username("admin"))
    candidate = exam.candidate()
    path = f"/admin/exams/{exam.exam_id}/candidates/{candidate.candidate_id}"
    former.get(path)
    change(exam, "elsewhere", role="admin", rooms=[])
    successor_name = exam.username("elsewhere")
    staff = exam.context.registry.staff(successor_name)
    token, _ = issue_token(
        exam.context, staff.role, successor_name, exam.context.clock(), generation=staff.generation
    )
    successor = ApiClient(exam.api, token)
    account = successor.get(f"/admin/staff/{exam.username('admin')}")["account"]
    body = {key: account[key] for key in ("version", "role", "rooms")}
    successor.call("PUT", f"/admin/staff/{exam.username('admin')}", {**body, "disabled": True})
    assert seconds_until_refused(former, path) < ENDS_WITHIN


def test_sockets_end_with_the_session(exam: DeployedExam) -> None:
    ticket = exam.socket_ticket(Role.PROCTOR, exam.username("proctor"))
    unused = exam.socket_ticket(Role.PROCTOR, exam.username("proctor"))
    ws_url = exam.product.endpoints.ws_url
    with open_socket(ws_url, ticket) as socket:
        socket.send(action="watch_room", room_id=exam.room_id)
        wait_for(exam.room_subscribers, "the console following the room")
        admin(exam).post(f"/admin/staff/{exam.username('proctor')}/sessions/end")
        assert exam.room_subscribers() == set()
        wait_for(lambda: socket.closed, "the console's socket ends", seconds=10.0)
        assert exam.room_subscribers() == set()
    # A ticket that was not used in time opens nothing that is registered to anybody.
    with suppress(WebSocketException), open_socket(ws_url, unused) as socket:
        socket.send(action="watch_room", room_id=exam.room_id)
    assert exam.room_subscribers() == set()


@pytest.mark.parametrize(
    "changes", [{"disabled": True}, {"role": "support"}, {"rooms": []}], ids=str
)
def test_socket_of_a_changed_account_is_closed(exam: DeployedExam, changes: dict[str, Any]) -> None:
    username = exam.username(f"changing-{len(str(changes))}")
    exam.context.registry.put_staff(build.staff(username, Role.PROCTOR, exam.room_id))
    ticket = exam.socket_ticket(Role.PROCTOR, username)
    with open_socket(exam.product.endpoints.ws_url, ticket) as socket:
        topic = staff_topic(username)
        wait_for(lambda: exam.context.connections.subscribers(topic), "the console's socket")
        change_account(exam, username, **changes)
        assert exam.context.connections.subscribers(topic) == [], "nothing is pushed to it"
        wait_for(lambda: socket.closed, "the console's socket ends", seconds=10.0)


def test_own_password_ends_every_other_session(exam: DeployedExam) -> None:
    registry, username = exam.context.registry, exam.username("support")
    password_hash = exam.context.passwords.hash(PASSWORD)
    registry.put_staff(replace(registry.staff(username), password_hash=password_hash, version=2))
    body = {"username": username, "password": PASSWORD}
    first, second = (
        ApiClient(exam.api, ApiClient(exam.api, "").post("/staff/sign-in", body)["token"])
        for _ in range(2)
    )
    wrong = first.call(
        "PUT", "/staff/password", {"old": "a guess", "new": NEW_PASSWORD}, status=403
    )
    assert wrong["code"] == "wrong_old_password"
    changed = first.call("PUT", "/staff/password", {"old": PASSWORD, "new": NEW_PASSWORD})
    assert seconds_until_refused(second, "/staff/me") < ENDS_WITHIN
    assert ApiClient(exam.api, changed["token"]).get("/staff/me")["username"] == username
    ApiClient(exam.api, "").post("/staff/sign-in", body, status=401)
    own = ApiClient(exam.api, changed["token"])
    own.post("/staff/sessions/end")
    assert seconds_until_refused(own, "/staff/me") < ENDS_WITHIN
    actions = [entry.action for entry in registry.audit(f"staff:{username}")]
    assert actions == ["password_changed", "sessions_ended"]
