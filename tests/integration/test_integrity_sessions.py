"""Attacks on somebody else's sitting, and honest mistakes, by a client without a page.

What a passcode alone may do, what a second device may do, what any end leaves, and the way back from
each: by the public API, the signed forms and the sockets, as a cheat's own program would use them.
"""

import uuid
from dataclasses import replace
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from chalicelib.domain.exams.exams import Candidate
from chalicelib.domain.identity.verification import Consent, IdentityStatus
from chalicelib.domain.rules.device_changes import DeviceChangeRule
from chalicelib.domain.rules.page_exits import ExitConsequence, PageLockRule
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE, SECOND, Role, SittingKind
from tests.data import scenes
from tests.integration.test_candidate_flow import person_looking_aside, verify_identity
from tests.support import builders as build
from tests.support.deployed_exam import ApiClient, DeployedExam, answers_hash, jpeg
from tests.support.polling import wait_for
from tests.support.sockets import Socket, open_socket

pytestmark = pytest.mark.integration

ANDROID = "Mozilla/5.0 (Linux; Android 14) Chrome/140.0.0.0 Mobile"
VERDICT_SECONDS = 10.0
"""Within what an old device's socket ends, and a proctor is told, on a busy machine."""


@pytest.fixture(scope="module")
def photo() -> bytes:
    return jpeg(scenes.picture("person_a_again.jpg"))


def act_id() -> str:
    return uuid.uuid4().hex


def admin_of(deployed: DeployedExam) -> ApiClient:
    return deployed.client_for(Role.ADMIN, deployed.username("admin"))


def candidate_of(deployed: DeployedExam, person: ApiClient) -> Candidate:
    return deployed.context.registry.candidate(deployed.session(person).candidate_id)


def sitting_somebody(
    deployed: DeployedExam, photo: bytes | None = None, **changes: Any
) -> tuple[ApiClient, Candidate]:
    """Somebody who signed in on their own device and stands at a state, as after the way there."""
    candidate = deployed.candidate(photo)
    person = deployed.sign_in(candidate)
    session, now = deployed.session(person), deployed.context.clock()
    placed = {"state": State.ANSWERING, "started_at": now, "ends_at": now + 60 * MINUTE, **changes}
    deployed.context.sessions.commit(replace(session, version=session.version + 1, **placed))
    identity = deployed.context.sessions.bundle(person.session_id).identity
    agreed = replace(
        identity,
        version=identity.version + 1,
        consent=Consent.GIVEN,
        status=IdentityStatus.VERIFIED,
    )
    deployed.context.sessions.commit(agreed)
    return person, candidate


def flags_of(deployed: DeployedExam, person: ApiClient) -> list[tuple[str, int]]:
    flags = deployed.context.sessions.flags(person.session_id)
    return [(flag.kind, flag.severity) for flag in flags]


class TestDeclining:
    def test_a_fellow_candidate_declines_for_another_and_ends_nothing(
        self, deployed: DeployedExam
    ) -> None:
        victim = deployed.candidate()
        thief = deployed.sign_in(victim, "thief")
        thief.pass_checks()
        thief.post("/candidate/confirm-info")
        assert thief.post("/candidate/pledge", {"agreed": False})["state"] == "declined"
        assert thief.get("/candidate/session", status=401)["code"] == "declined"

        person = deployed.sign_in(victim)
        assert person.session_id == thief.session_id
        assert person.get("/candidate/session")["state"] == "info_confirmed"
        assert person.post("/candidate/pledge", {"agreed": True})["state"] == "pledged"
        actions = [entry.action for entry in deployed.context.sessions.audit(person.session_id)]
        assert actions[-4:] == ["decline", "come_back", "device_changed", "agree"]


class TestASecondDevice:
    def test_gets_no_paper_saves_nothing_and_hands_nothing_in(
        self, deployed: DeployedExam, console: Socket, photo: bytes
    ) -> None:
        person, candidate = sitting_somebody(deployed, photo)
        person.save_answer("q1", 1, "A")
        ends_at = deployed.session(person).ends_at
        thief = deployed.sign_in(candidate, "thief")
        seen = thief.get("/candidate/session")
        assert (seen["state"], seen["resumes_at"]) == ("reverifying", "answering")
        thief.get("/candidate/paper", status=404)
        assert thief.save_answer("q1", 2, "B", status=409)["code"] == "wrong_state"
        thief.post("/candidate/submit", status=409)
        thief.post("/candidate/start", status=409)

        told = console.wait_for_message(
            "flag",
            lambda message: (
                message["flag"]["session_id"] == person.session_id
                and message["flag"]["kind"] == "device_changed"
            ),
        )["flag"]
        assert (told["severity"], told["ended_at"]) == (2, None)
        assert " → " in told["detail"]
        assert person.get("/candidate/session", status=401)["code"] == "other_device"

        own = deployed.sign_in(candidate)
        assert own.get("/candidate/session")["state"] == "reverifying"
        [answer] = deployed.context.sessions.answers(person.session_id)
        assert (answer.sequence, answer.value) == (1, ("A",))
        assert deployed.session(person).ends_at == ends_at, "the clock runs on as it was"

    def test_the_person_themselves_go_on_once_they_are_verified(
        self, deployed: DeployedExam, photo: bytes
    ) -> None:
        _, candidate = sitting_somebody(deployed, photo)
        person = deployed.sign_in(candidate, "spare")
        assert len(person.post("/candidate/captures")["captures"]) > 0, "monitoring goes on"
        assert verify_identity(deployed, person, *person_looking_aside(person)) == "verified"
        assert person.get("/candidate/session")["state"] == "answering"
        assert person.get("/candidate/paper")["questions"]
        person.save_answer("q1", 1, "A")
        [flag] = deployed.context.sessions.flags(person.session_id)
        assert (flag.kind, flag.ended_at is None) == ("device_changed", False)

    def test_the_old_devices_socket_ticket_and_signals_end_at_once(
        self, deployed: DeployedExam
    ) -> None:
        person, candidate = sitting_somebody(deployed)
        url = deployed.product.endpoints.ws_url
        spare = person.post("/candidate/ticket")["ticket"]
        with open_socket(url, person.post("/candidate/ticket")["ticket"]) as old:
            topic = f"session:{person.session_id}"
            wait_for(lambda: deployed.context.connections.subscribers(topic), "the old socket")
            path = f"/proctor/sessions/{person.session_id}/calls"
            deployed.proctor_client.post(path, {"call_id": "look", "kind": "first"})
            deployed.sign_in(candidate, "thief")
            wait_for(lambda: old.closed, "the old socket ends", seconds=VERDICT_SECONDS)
            wait_for(
                lambda: not deployed.context.connections.subscribers(topic),
                "the old socket is forgotten",
                seconds=VERDICT_SECONDS,
            )
        with pytest.raises(InvalidStatus), open_socket(url, spare):
            pass
        signal = {"peer": "p", "number": 0, "type": "offer", "sdp": "v=0"}
        person.post("/candidate/calls/look/signals", signal, status=401)
        calls = deployed.context.messages.calls(person.session_id)
        assert calls is not None
        assert calls.open == (), "what the old computer showed is over"

    def test_where_the_subject_says_so_only_a_proctor_lets_it_on(
        self, deployed: DeployedExam, photo: bytes
    ) -> None:
        subject_id = add_subject(deployed, device_change=DeviceChangeRule.PROCTOR)
        candidate = deployed.candidate(photo)
        enrolled = replace(candidate, version=2, rooms={subject_id: deployed.room_id})
        deployed.context.registry.put_candidate(enrolled)
        first = sign_in_to(deployed, candidate, subject_id)
        session = deployed.session(first)
        deployed.context.sessions.commit(
            replace(session, version=session.version + 1, state=State.WAITING)
        )
        person = sign_in_to(deployed, candidate, subject_id, device="spare")
        seen = person.get("/candidate/session")
        assert (seen["state"], seen["identity"]["status"]) == ("reverifying", "pending")
        person.post("/candidate/identity", status=409)
        path = f"/proctor/sessions/{person.session_id}/identity"
        deployed.proctor_client.post(path, {"act_id": act_id(), "accept": True})
        assert person.get("/candidate/session")["state"] == "waiting"

    def test_the_same_name_in_another_browser_is_told_and_blocks_nothing(
        self, deployed: DeployedExam
    ) -> None:
        person, candidate = sitting_somebody(deployed)
        headers = {"User-Agent": "somebody's own program"}
        body = {
            "exam_id": deployed.exam_id,
            "subject_id": deployed.subject_id,
            "number": candidate.admission_number,
            "passcode": build.OFFICIAL,
            "device": "own",
        }
        answer = deployed.api.post("/candidate/sign-in", json=body, headers=headers)
        assert answer.json()["session"]["state"] == "answering"
        assert flags_of(deployed, person) == [("origin_changed", 1)]
        copied = {
            **headers,
            "User-Agent": "a copied token",
            "Authorization": f"Bearer {person.token}",
        }
        assert deployed.api.get("/candidate/paper", headers=copied).status_code == 200
        assert flags_of(deployed, person) == [("origin_changed", 1)] * 2


class TestACopiedToken:
    """Played with the token alone, as a program of the cheat's own has it."""

    def test_answers_saved_with_it_are_told(self, deployed: DeployedExam, console: Socket) -> None:
        person, _ = sitting_somebody(deployed)
        person.save_answer("q1", 1, "A")
        assert flags_of(deployed, person) == []
        copied = {
            "Authorization": f"Bearer {person.token}",
            "User-Agent": "somebody's own program",
        }
        for sequence in (2, 3):
            body = {"sequence": sequence, "value": ["B"]}
            saved = deployed.api.put("/candidate/answers/q1", json=body, headers=copied)
            assert saved.status_code == 200, saved.text
        told = console.wait_for_message(
            "flag", lambda message: message["flag"]["session_id"] == person.session_id
        )["flag"]
        assert (told["kind"], told["view"], told["severity"]) == ("origin_changed", "first", 1)
        assert "somebody's own program" in told["detail"]
        assert flags_of(deployed, person) == [("origin_changed", 1)], "told once"

    def test_a_second_phone_with_it_is_told(self, deployed: DeployedExam, console: Socket) -> None:
        person, candidate = sitting_somebody(deployed)
        phone = join_phone(deployed, person, candidate, ANDROID)
        for agent in (ANDROID, "Mozilla/5.0 (iPhone) Mobile"):
            headers = {"Authorization": f"Bearer {phone['token']}", "User-Agent": agent}
            for _ in range(2):
                sent = deployed.api.post("/phone/report", json={}, headers=headers)
                assert sent.status_code == 200, sent.text
        told = console.wait_for_message(
            "flag", lambda message: message["flag"]["session_id"] == person.session_id
        )["flag"]
        assert (told["kind"], told["view"], told["severity"]) == ("origin_changed", "second", 1)
        assert flags_of(deployed, person) == [("origin_changed", 1)], "told once"


class TestTheSecondViewOnTheComputer:
    @pytest.mark.parametrize(("same", "severity", "score"), [(True, 2, 1.0), (False, 1, 0.5)])
    def test_in_a_computers_browser_is_told_with_its_strength(
        self, deployed: DeployedExam, *, same: bool, severity: int, score: float
    ) -> None:
        computer = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/140.0"
        candidate = deployed.candidate()
        body = {
            "exam_id": deployed.exam_id,
            "subject_id": deployed.subject_id,
            "number": candidate.admission_number,
            "passcode": build.OFFICIAL,
            "device": "own",
        }
        entered = deployed.api.post(
            "/candidate/sign-in", json=body, headers={"User-Agent": computer}
        ).json()
        person = ApiClient(deployed.api, entered["token"], entered["session"]["session_id"])
        other = "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0"
        join_phone(deployed, person, candidate, computer if same else other)
        [flag] = [
            flag
            for flag in deployed.context.sessions.flags(person.session_id)
            if flag.kind == "same_device"
        ]
        assert (flag.severity, flag.score, flag.view) == (severity, score, "second")
        assert " = " in flag.detail, "both addresses are told"
        join_phone(deployed, person, candidate, ANDROID)
        flags = deployed.context.sessions.flags(person.session_id)
        assert all(flag.ended_at for flag in flags if flag.kind == "same_device")


def join_phone(
    deployed: DeployedExam, person: ApiClient, candidate: Candidate, agent: str
) -> dict[str, Any]:
    """Join a phone that says it is this browser."""
    body = {
        "code": person.post("/candidate/second-view/code")["code"],
        "admission_number": candidate.admission_number,
        "id_number": candidate.id_number,
        "device": uuid.uuid4().hex,
    }
    joined = deployed.api.post("/phone/join", json=body, headers={"User-Agent": agent})
    assert joined.status_code == 200, joined.text
    answer: dict[str, Any] = joined.json()
    return answer


class TestNumbers:
    def test_no_sequence_freezes_an_answer_or_the_lock(self, deployed: DeployedExam) -> None:
        person = deployed.candidate_client()
        for sequence in (2**53, 10**9):
            assert person.save_answer("q1", sequence, "A", status=400)["code"] == "invalid"
        assert person.save_answer("q1", 500_000, "A", status=400)["code"] == "sequence_too_high"
        person.save_answer("q1", 7, "A")
        assert person.save_answer("q1", 500_000, "B", status=400)["code"] == "sequence_too_high"
        person.save_answer("q1", 8, "B")
        [answer] = person.get("/candidate/paper")["answers"]
        assert (answer["sequence"], answer["value"]) == (8, ["B"])
        for sequence in (2**53, 99_000):
            report = {"sequence": sequence, "away": False, "why": "blur", "ago": 0}
            person.post("/candidate/lock", report, status=400)
        report = {"sequence": 1, "away": True, "why": "blur", "ago": 0}
        assert person.post("/candidate/lock", report)["lock"]["count"] == 1

    def test_an_act_of_staff_sent_again_counts_once(self, deployed: DeployedExam) -> None:
        person = deployed.candidate_client()
        before = deployed.session(person).ends_at or 0
        path = f"/proctor/sessions/{person.session_id}"
        body = {"act_id": act_id(), "minutes": 5, "reason": "断网"}
        for _ in range(4):
            deployed.proctor_client.post(f"{path}/extend", body)
        assert deployed.session(person).ends_at == before + 5 * MINUTE
        deployed.proctor_client.post(f"{path}/extend", {"minutes": 5, "reason": "断网"}, status=400)
        pause = {"act_id": act_id(), "reason": "断网"}
        deployed.proctor_client.post(f"{path}/pause", pause)
        deployed.proctor_client.post(f"{path}/resume", {"act_id": act_id()})
        deployed.proctor_client.post(f"{path}/pause", pause)  # late, and known
        assert deployed.session(person).state is State.ANSWERING
        reused = {"act_id": pause["act_id"], "minutes": 5, "reason": "断网"}
        refused = deployed.proctor_client.post(f"{path}/extend", reused, status=400)
        assert refused["code"] == "act_id_used"


class TestEveryEndSeals:
    def test_a_persons_and_the_rules_as_handing_in_does(self, deployed: DeployedExam) -> None:
        for person in (ended_by_person(deployed), ended_by_rule(deployed)):
            session = deployed.session(person)
            assert session.state is State.TERMINATED
            answers = deployed.context.sessions.answers(person.session_id)
            rows = [
                {
                    "question_id": answer.question_id,
                    "sequence": answer.sequence,
                    "value": [*answer.value],
                }
                for answer in answers
            ]
            assert session.receipt is not None
            assert (session.receipt.answered, len(rows)) == (1, 1)
            assert session.receipt.answers_hash == answers_hash(rows)
            last = deployed.context.sessions.audit(person.session_id)
            [entry] = [entry for entry in last if entry.action == "terminate"]
            assert entry.detail["answers_hash"] == session.receipt.answers_hash
            assert person.get("/candidate/session")["receipt"]["number"] == session.receipt.number


def ended_by_person(deployed: DeployedExam) -> ApiClient:
    person = deployed.candidate_client()
    person.save_answer("q1", 1, "A")
    deployed.proctor_client.post(
        f"/proctor/sessions/{person.session_id}/terminate",
        {"act_id": act_id(), "reason": "代考"},
    )
    return person


def ended_by_rule(deployed: DeployedExam) -> ApiClient:
    lock = PageLockRule(max_exits=0, consequence=ExitConsequence.END)
    subject_id = add_subject(deployed, lock=lock)
    person = deployed.candidate_client(subject_id=subject_id)
    person.save_answer("q1", 1, "A")
    person.post("/candidate/lock", {"sequence": 1, "away": True, "why": "hidden", "ago": 0})
    return person


class TestTheWayBack:
    def test_a_practice_session_is_repeated_as_often_as_wanted(
        self, deployed: DeployedExam
    ) -> None:
        candidate = deployed.candidate()
        person = sign_in_to(deployed, candidate, deployed.subject_id, passcode=build.TRIAL)
        walked = [person.session_id]
        for _ in range(2):
            session = deployed.session(person)
            sealed = finish(deployed, session.session_id)
            repeated = person.post("/candidate/repeat")
            person = ApiClient(deployed.api, repeated["token"], repeated["session"]["session_id"])
            assert repeated["session"]["state"] == "signed_in"
            assert repeated["session"]["attempt"] == sealed.attempt + 1
            again = sign_in_to(deployed, candidate, deployed.subject_id, passcode=build.TRIAL)
            assert again.session_id == person.session_id
            person = again
            walked.append(person.session_id)
        assert len(set(walked)) == 3
        for number, session_id in enumerate(walked, 1):
            seen = deployed.proctor_client.get(f"/proctor/sessions/{session_id}")
            assert [attempt["attempt"] for attempt in seen["attempts"]] == [3, 2, 1]
            assert seen["seat"]["session"]["attempt"] == number
        room = deployed.proctor_client.get(f"/proctor/rooms/{deployed.room_id}")
        shown = {seat["session"]["session_id"] for seat in room["seats"]} & set(walked)
        assert shown == {walked[-1]}

    def test_an_official_one_by_an_admin_and_somebody_else(self, deployed: DeployedExam) -> None:
        person, candidate = sitting_somebody(deployed)
        person.save_answer("q1", 3, "A")
        with open_socket(
            deployed.product.endpoints.ws_url, person.post("/candidate/ticket")["ticket"]
        ) as page:
            receipt = person.post("/candidate/submit")["receipt"]
            person.post("/candidate/repeat", status=409)
            before = deployed.session(person)
            path = f"/proctor/sessions/{person.session_id}/reopen"
            asked = {"act_id": act_id(), "reason": "误触交卷", "minutes": 30}
            deployed.proctor_client.post(path, asked, status=403)
            admin_of(deployed).post(path, asked)
            confirm = {"act_id": act_id()}
            refused = admin_of(deployed).post(f"{path}/confirm", confirm, status=403)
            assert refused["code"] == "same_person"
            page.messages.clear()
            for _ in range(2):
                deployed.proctor_client.post(f"{path}/confirm", confirm)
            page.wait_for_message("changed")
        told = person.get("/candidate/session")
        assert (told["state"], told["reopened"], told["receipt"]) == ("submitted", True, receipt)

        again = deployed.sign_in(candidate)
        assert again.session_id != person.session_id
        session = deployed.session(again)
        assert (session.state, session.attempt) == (State.SIGNED_IN, 2)
        [carried] = deployed.context.sessions.answers(again.session_id)
        assert (carried.question_id, carried.sequence, carried.value) == ("q1", 3, ("A",))
        sealed = deployed.session(person)
        assert (sealed.receipt, sealed.state) == (before.receipt, before.state)
        assert len(deployed.context.sessions.answers(person.session_id)) == 1
        actions = [entry.action for entry in deployed.context.sessions.audit(person.session_id)]
        assert actions[-2:] == ["reopen_requested", "attempt_followed"]


class TestPaused:
    def test_the_paper_is_not_served(self, deployed: DeployedExam) -> None:
        person = deployed.candidate_client()
        path = f"/proctor/sessions/{person.session_id}"
        assert person.get("/candidate/paper")["questions"]
        deployed.proctor_client.post(f"{path}/pause", {"act_id": act_id(), "reason": "断网"})
        assert person.get("/candidate/paper", status=404)["code"] == "paused"
        deployed.proctor_client.post(f"{path}/resume", {"act_id": act_id()})
        assert person.get("/candidate/paper")["questions"]


class TestOutages:
    def test_who_never_sent_a_picture_is_given_nothing(self, deployed: DeployedExam) -> None:
        person = deployed.candidate_client()
        silent(deployed, person, 10 * MINUTE)
        ends_at = deployed.session(person).ends_at
        assert person.get("/candidate/session")["ends_at"] == ends_at

    def test_all_credit_together_is_a_share_of_the_duration(
        self, deployed: DeployedExam, person_a: bytes
    ) -> None:
        now = deployed.context.clock()
        person = deployed.candidate_client(
            started_at=now - 10 * MINUTE, ends_at=now + 10 * MINUTE, latest_end=now + 60 * MINUTE
        )
        deployed.upload_snapshot(person, now - 9 * MINUTE, person_a)
        silent(deployed, person, 8 * MINUTE)
        given = person.get("/candidate/session")
        assert given["outage"]["credit"] == 4 * MINUTE, "a fifth of 20 minutes"
        silent(deployed, person, 8 * MINUTE)
        assert person.get("/candidate/session")["ends_at"] == given["ends_at"]


def silent(deployed: DeployedExam, person: ApiClient, span: int) -> None:
    """Let the device have been silent for so long."""
    monitor = deployed.context.sessions.bundle(person.session_id).monitor
    heard_at = deployed.context.clock() - span
    deployed.context.sessions.commit(
        replace(monitor, version=monitor.version + 1, last_contact_at=heard_at)
    )


def add_subject(deployed: DeployedExam, **changes: Any) -> str:
    """Add a subject of its own rules, with a paper."""
    subject_id = f"own-{uuid.uuid4().hex[:8]}"
    subject = build.subject(
        deployed.context.clock(),
        subject_id=subject_id,
        exam_id=deployed.exam_id,
        questions=dict.fromkeys(SittingKind, 4),
        **changes,
    )
    exam = deployed.context.registry.fresh_exam(deployed.exam_id)
    deployed.context.registry.put_exam(
        replace(exam, subjects=(*exam.subjects, subject), version=exam.version + 1)
    )
    deployed.context.registry.put_paper(build.paper(SittingKind.OFFICIAL, subject_id))
    return subject_id


def sign_in_to(
    deployed: DeployedExam,
    candidate: Candidate,
    subject_id: str,
    *,
    device: str = "own",
    passcode: str = build.OFFICIAL,
) -> ApiClient:
    body = {
        "exam_id": deployed.exam_id,
        "subject_id": subject_id,
        "number": candidate.admission_number,
        "passcode": passcode,
        "device": device,
    }
    entered = ApiClient(deployed.api, "").post("/candidate/sign-in", body)
    return ApiClient(deployed.api, entered["token"], entered["session"]["session_id"])


def finish(deployed: DeployedExam, session_id: str) -> Any:
    """Let a session's time be up, and the clock look at it."""
    session, now = deployed.context.sessions.session(session_id), deployed.context.clock()
    over = replace(
        session,
        version=session.version + 1,
        state=State.ANSWERING,
        started_at=now - 10 * MINUTE,
        ends_at=now - SECOND,
    )
    deployed.context.sessions.commit(over)
    claims = deployed.client_for(Role.CANDIDATE, session_id)
    claims.get("/candidate/session")
    sealed = deployed.context.sessions.session(session_id)
    assert sealed.state is State.TIMED_OUT
    return sealed
