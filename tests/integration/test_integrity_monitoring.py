"""Attacks on the watch over captures, played by a cheat's own client: the API and the signed forms.

All of them play their first minute at once, in real time; then so many seconds are let pass as the
grace and the flag's own patience ask for. What a whole hour shows is simulated in
`tests/unit/services/test_simulated_sittings.py`.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from chalicelib.domain.monitoring.arrivals import Arrivals
from chalicelib.domain.monitoring.monitor_state import ExpectedCapture
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.rule_overrides import RuleOverride
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import SECOND, Millis
from infra.record_export import verify_session
from tests.support.deployed_exam import ApiClient, DeployedExam
from tests.support.events import event
from tests.support.jpegs import taken_anew
from tests.support.moved_clock import let_pass, run_scheduler
from tests.unit.sound.sounds import silence, wav

pytestmark = pytest.mark.integration

MINUTE_AND_A_BIT = 64 * SECOND
NO_PICTURES = {
    FindingKind.NO_SNAPSHOT: RuleOverride(on=False),
    FindingKind.CAPTURES_MISSING: RuleOverride(on=False),
}
TWO_CLIPS = RuleOverride(hits=2, window=2, clear=1)
"""A minute has two clips: what takes five clips otherwise is told after these."""

type Choice = Callable[[int, dict[str, Any]], bytes | None]
"""What a cheat sends of the n-th capture of its plan; None where nothing is sent.

The twelve pictures of the minute come first in a plan, whatever moments they drew: then the sound.
"""


@dataclass
class Cheat:
    """A client that follows its plan as it likes."""

    name: str
    choose: Choice
    client: ApiClient
    plan: list[dict[str, Any]] = field(default_factory=list)
    uploads: list[int] = field(default_factory=list)


def send_nothing(_number: int, _capture: dict[str, Any]) -> bytes | None:
    return None


def send_empty(_number: int, _capture: dict[str, Any]) -> bytes | None:
    return b""


def digital_silence(_number: int, capture: dict[str, Any]) -> bytes | None:
    return wav(silence(10)) if capture["medium"] == "sound" else None


class FirstMinute:
    """Everybody's first minute, played once; each test looks at one of them afterwards."""

    def __init__(self, deployed: DeployedExam, picture: bytes) -> None:
        def three_clean(number: int, capture: dict[str, Any]) -> bytes | None:
            wanted = capture["medium"] == "picture" and number in {0, 6, 11}
            return taken_anew(picture, capture["upload"]["capture_id"]) if wanted else None

        def every_other(number: int, capture: dict[str, Any]) -> bytes | None:
            wanted = capture["medium"] == "picture" and number % 2 == 0
            return taken_anew(picture, capture["upload"]["capture_id"]) if wanted else None

        self.deployed = deployed
        start = deployed.candidate_client
        sound = {**NO_PICTURES, FindingKind.NO_SOUND: TWO_CLIPS, FindingKind.MUTED: TWO_CLIPS}
        self.cheats = {
            cheat.name: cheat
            for cheat in (
                Cheat("empty files", send_empty, start()),
                Cheat("three clean ones", three_clean, start()),
                Cheat("every other", every_other, start()),
                Cheat("paused", send_nothing, start()),
                Cheat("no sound", send_nothing, start(rule_overrides=sound)),
                Cheat("may speak", send_nothing, start(
                    rule_overrides=sound, excused=(FindingKind.VOICE,)
                )),
                Cheat("muted", digital_silence, start(rule_overrides=sound)),
            )
        }  # fmt: skip
        paused = self.cheats["paused"].client.session_id
        reason = {"reason": "看一下桌面", "act_id": "look-at-the-desk"}
        deployed.proctor_client.post(f"/proctor/sessions/{paused}/pause", reason)
        for cheat in self.cheats.values():
            captures = cheat.client.post("/candidate/captures")["captures"]
            cheat.plan = sorted(
                captures, key=lambda capture: (capture["medium"], capture["due_at"])
            )
        self._play()
        deployed.wait_for_empty_queues()
        # While their last pictures are fresh: afterwards they are silent as well. However long the
        # models took, both are looked at when their plan is so old.
        self.of_every_other = self.found("every other", self._until("every other", 66 * SECOND))
        self.of_three_clean = self.found(
            "three clean ones", self._until("three clean ones", 82 * SECOND)
        )

    def _until(self, name: str, age: Millis) -> Millis:
        """Return the span, negative too, after which the plan's first moment is so long ago."""
        began_at: Millis = min(capture["due_at"] for capture in self.cheats[name].plan)
        return began_at + age - self.deployed.context.clock()

    def _play(self) -> None:
        """Upload at each planned moment what its cheat chooses, until the minute is over."""
        now, wait = self.deployed.context.clock, threading.Event().wait
        events = sorted(
            (
                (capture["due_at"] + capture["length"], cheat, number, capture)
                for cheat in self.cheats.values()
                for number, capture in enumerate(cheat.plan)
            ),
            key=lambda event: event[0],
        )
        ends_at = now() + MINUTE_AND_A_BIT
        with ThreadPoolExecutor(8) as pool:
            for at, cheat, number, capture in events:
                wait(max(at - now(), 0) / 1000)
                data = cheat.choose(number, capture)
                if data is not None:
                    pool.submit(self._upload, cheat, capture, data)
        wait(max(ends_at - now(), 0) / 1000)

    def _upload(self, cheat: Cheat, capture: dict[str, Any], data: bytes) -> None:
        cheat.uploads.append(self.deployed.upload_form(capture["upload"], data))

    def found(self, name: str, span: Millis) -> list[tuple[FindingKind, bool]]:
        """Let a span pass and the scheduler run; return each flag, and whether it is still open."""
        cheat = self.cheats[name]
        assert set(cheat.uploads) <= {204}
        let_pass(self.deployed, cheat.client, span)
        run_scheduler(self.deployed, cheat.client)
        flags = self.deployed.context.sessions.flags(cheat.client.session_id)
        return [(flag.kind, flag.ended_at is None) for flag in flags]


@pytest.fixture(scope="module")
def minute(deployed: DeployedExam, person_a: bytes) -> FirstMinute:
    return FirstMinute(deployed, person_a)


def test_pictures_of_0_bytes_have_not_arrived(minute: FirstMinute) -> None:
    """Within 20 s of silence, the grace, and the scheduler's minute: 110 s from the first one."""
    assert minute.found("empty files", 0) == [(FindingKind.NO_SNAPSHOT, True)]
    client = minute.cheats["empty files"].client
    seen = minute.deployed.context.sessions.observations(client.session_id, limit=99)
    assert {observation.error for observation in seen} == {"empty"}


def test_one_clean_picture_each_35_s_is_flagged(minute: FirstMinute) -> None:
    assert minute.of_three_clean == [(FindingKind.CAPTURES_MISSING, True)]


def test_half_of_the_pictures_is_what_a_bad_line_delivers(minute: FirstMinute) -> None:
    assert minute.of_every_other == []


def test_a_pause_is_watched(minute: FirstMinute) -> None:
    client = minute.cheats["paused"].client
    assert minute.deployed.session(client).state is State.PAUSED
    assert minute.cheats["paused"].plan
    assert minute.found("paused", 0) == [(FindingKind.NO_SNAPSHOT, True)]


def test_no_sound_is_flagged(minute: FirstMinute) -> None:
    assert minute.found("no sound", 30 * SECOND) == [(FindingKind.NO_SOUND, True)]


def test_who_may_speak_is_not_asked_for_sound(minute: FirstMinute) -> None:
    client = minute.cheats["may speak"].client
    let_pass(minute.deployed, client, 30 * SECOND)
    minute.deployed.invoke("tick", event("schedule"))
    assert minute.deployed.context.sessions.flags(client.session_id) == []


def test_a_muted_microphone_is_told_to_the_candidate_and_flagged(minute: FirstMinute) -> None:
    client = minute.cheats["muted"].client
    assert client.get("/candidate/session")["mend"] == ["muted"]
    [flag] = minute.deployed.context.sessions.flags(client.session_id)
    assert (flag.kind, len(flag.captures)) == (FindingKind.MUTED, 2)


def test_who_asks_for_no_plan_is_silent_too(deployed: DeployedExam) -> None:
    client = deployed.candidate_client(State.WAITING, started_at=None, ends_at=None)
    client.post("/candidate/start")
    let_pass(deployed, client, 40 * SECOND)
    run_scheduler(deployed, client)
    [flag] = deployed.context.sessions.flags(client.session_id)
    assert (flag.kind, flag.ended_at) == (FindingKind.NO_SNAPSHOT, None)
    assert verify_session(deployed.product.deployment, client.session_id) == []


def test_pictures_that_wait_for_us_are_not_missing(
    deployed: DeployedExam, minute: FirstMinute
) -> None:
    """As if the models had not answered yet for what lies in the bucket in time."""
    cheat = minute.cheats["every other"]
    sessions = deployed.context.sessions
    monitor = sessions.bundle(cheat.client.session_id).monitor
    name = "first/picture"
    pictures = [capture for capture in cheat.plan if capture["medium"] == "picture"]
    uploaded = [
        ExpectedCapture(capture["upload"]["capture_id"])
        for number, capture in enumerate(cheat.plan)
        if capture in pictures and number % 2 == 0
    ]
    stream = replace(
        monitor.streams[name],
        expected=tuple(uploaded),
        arrivals=Arrivals(usable_at=uploaded[0].due_at - SECOND),
    )
    unjudged = replace(
        monitor,
        streams={**monitor.streams, name: stream},
        version=monitor.version + 1,
        wake_at=deployed.context.clock(),
    )
    sessions.commit(unjudged)
    deployed.invoke("tick", event("schedule"))
    entries = [entry.action for entry in sessions.audit(cheat.client.session_id)]
    assert "captures_late" in entries
    settled = sessions.bundle(cheat.client.session_id).monitor.streams[name]
    assert settled.arrivals.usable_at == uploaded[-1].due_at
    # What it is told of began after them: it asks for no more plans.
    flags = sessions.flags(cheat.client.session_id)
    assert all(flag.began_at > uploaded[-1].due_at for flag in flags)
