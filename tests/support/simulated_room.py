"""A simulated room: candidates whose pictures, answers and flags change as in a real exam.

Pushes are created with the product's own schemas, so that their shape is current. The same seed
produces the same sequence of events.
"""

import time
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from chalicelib.domain.capture.captures import make_capture_id
from chalicelib.domain.exams.papers import AnswerProgress
from chalicelib.domain.identity.verification import IdentityCheck, IdentityStatus
from chalicelib.domain.monitoring.monitor_state import Flag, LatestCapture, MonitorState
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.profiles import Severity
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE, SECOND, Millis, View
from chalicelib.schemas.cameras import TileCameras
from chalicelib.schemas.push import (
    AnswerProgressPush,
    FlagPush,
    MonitorPush,
    ServerMessage,
    SessionPush,
)
from chalicelib.schemas.serializers.staff import (
    flag_out,
    room_out,
    tile_identity,
    tile_monitor,
    tile_progress,
    tile_session,
)
from chalicelib.schemas.staff import CandidateTile, RoomDetail
from tests.support import builders as build
from tests.support.names import admission_number, candidate_name

QUESTIONS = 60
FLAG_KINDS = (
    (FindingKind.LOOKING_AWAY, Severity.NOTICE),
    (FindingKind.ABSENT, Severity.SERIOUS),
    (FindingKind.PHONE, Severity.CRITICAL),
    (FindingKind.EXTRA_PERSON, Severity.CRITICAL),
)
# Cumulative shares, in percent: pictures of the first view, of the second view, answers, flags.
EVENT_PERCENTILES = (54, 81, 95, 99)


@dataclass
class SimulatedRoom:
    """The candidates of a room and the pushes about them; `url` serves their pictures."""

    url: str
    size: int
    random: Random = field(default_factory=lambda: Random(5))  # noqa: S311  (not a secret)

    def __post_init__(self) -> None:
        self.sessions: list[Session] = []
        self.progress: list[AnswerProgress] = []
        self.monitor_states: list[MonitorState] = []
        self.identities: list[IdentityCheck] = []
        for number in range(self.size):
            self._add_candidate(number)

    @property
    def now(self) -> Millis:
        return round(time.time() * 1000)

    def room_detail(self) -> dict[str, Any]:
        """Return the room as the API does."""
        room = room_out(build.room(), build.exam())
        tiles = [self._tile(number) for number in range(self.size)]
        return RoomDetail(room=room, seats=tiles, now=self.now).model_dump(mode="json")

    def next_event(self) -> list[ServerMessage]:
        """Apply a random event to a random candidate, and return its pushes."""
        number, chance = self.random.randrange(self.size), self.random.randrange(100)
        if chance < EVENT_PERCENTILES[0]:
            return [self._new_picture(number, View.FIRST)]
        if chance < EVENT_PERCENTILES[1]:
            return [self._new_picture(number, View.SECOND)]
        if chance < EVENT_PERCENTILES[2]:
            return [self._new_answer(number)]
        if chance < EVENT_PERCENTILES[3]:
            return self.toggle_flag(number, *self.random.choice(FLAG_KINDS))
        return [self._toggle_pause(number)]

    def toggle_flag(
        self, number: int, kind: FindingKind, severity: Severity
    ) -> list[ServerMessage]:
        """Open a flag of a kind, or close it if it is open; return the pushes."""
        monitor = self.monitor_states[number]
        open_flag = next((flag for flag in monitor.open_flags if flag.kind is kind), None)
        if open_flag:
            flag = replace(open_flag, last_seen_at=self.now, ended_at=self.now)
            open_flags = tuple(other for other in monitor.open_flags if other is not open_flag)
        else:
            flag = self._new_flag(monitor.session_id, kind, severity)
            open_flags = (*monitor.open_flags, flag)
        self.monitor_states[number] = replace(
            monitor, version=monitor.version + 1, open_flags=open_flags
        )
        watch_push = MonitorPush(watch=tile_monitor(self.monitor_states[number], self._signed_url))
        return [FlagPush(flag=flag_out(flag)), watch_push]

    def new_pictures(self) -> list[ServerMessage]:
        """Return pushes of new pictures of both views for all candidates, so that none is stale."""
        return [
            self._new_picture(number, view)
            for number in range(len(self.monitor_states))
            for view in View
        ]

    def latest_captures(self) -> dict[str, str]:
        """Return the latest capture ids by «<session>/<view>»."""
        return {
            f"{monitor.session_id}/{view}": latest.capture_id
            for monitor in self.monitor_states
            for view, latest in monitor.latest.items()
        }

    def _add_candidate(self, number: int) -> None:
        session_id = f"{number:032x}"
        began_at = self.now - 20 * MINUTE
        self.sessions.append(
            build.session(
                session_id,
                candidate_name=candidate_name(number),
                admission_number=admission_number(number + 1),
                created_at=began_at,
                started_at=began_at,
                ends_at=began_at + 90 * MINUTE,
                questions=QUESTIONS,
                second_view_joined_at=began_at,
            )
        )
        answered = self.random.randrange(5, 30)
        self.progress.append(
            AnswerProgress(
                session_id, build.ROOM, 1, frozenset(f"q{index}" for index in range(answered))
            )
        )
        self.monitor_states.append(MonitorState(session_id, build.ROOM, 1))
        for view in View:
            self._new_picture(number, view)
        self.identities.append(
            IdentityCheck(session_id, build.ROOM, 2, status=IdentityStatus.VERIFIED)
        )

    def _tile(self, number: int) -> CandidateTile:
        session_id = self.sessions[number].session_id
        return CandidateTile(
            session=tile_session(self.sessions[number]),
            sheet=tile_progress(self.progress[number]),
            watch=tile_monitor(self.monitor_states[number], self._signed_url),
            identity=tile_identity(self.identities[number], self._signed_url),
            devices=TileCameras(session_id=session_id, version=0, shots=[], phone=None),
        )

    def _new_picture(self, number: int, view: View) -> MonitorPush:
        monitor = self.monitor_states[number]
        capture_id = make_capture_id(self.now, f"{monitor.version:x}")
        key = f"snapshots/{monitor.session_id}/{view}/{capture_id}.jpg"
        latest = {**monitor.latest, view: LatestCapture(capture_id, self.now, key, ())}
        self.monitor_states[number] = replace(monitor, version=monitor.version + 1, latest=latest)
        return MonitorPush(watch=tile_monitor(self.monitor_states[number], self._signed_url))

    def _new_answer(self, number: int) -> AnswerProgressPush:
        progress = self.progress[number]
        answered = progress.answered | {f"q{self.random.randrange(QUESTIONS)}"}
        self.progress[number] = replace(
            progress, version=progress.version + 1, answered=answered, saved_at=self.now
        )
        return AnswerProgressPush(sheet=tile_progress(self.progress[number]))

    def _toggle_pause(self, number: int) -> SessionPush:
        session = self.sessions[number]
        state = State.PAUSED if session.state is State.ANSWERING else State.ANSWERING
        self.sessions[number] = replace(session, version=session.version + 1, state=state)
        return SessionPush(session=tile_session(self.sessions[number]))

    def _new_flag(self, session_id: str, kind: FindingKind, severity: Severity) -> Flag:
        at = self.now - 5 * SECOND
        return build.flag(
            session_id,
            at,
            flag_id=f"{at:013d}-first-{kind}",
            kind=kind,
            severity=severity,
            opened_at=self.now,
            last_seen_at=self.now,
        )

    def _signed_url(self, key: str) -> str:
        """Return a URL as long as a presigned S3 URL, and different each time."""
        return f"{self.url}/{key}?X-Amz-Signature={self.random.getrandbits(256):064x}"
