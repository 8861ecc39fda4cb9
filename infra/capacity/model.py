"""From the acts of a candidate-hour to the quotas that a stage needs, and to its costs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

from chalicelib.domain.recording.recording_costs import (
    GIGABYTE,
    LOG_BYTES_PER_RUN,
    MILLION,
    MONTH_DAYS,
    NOTIFY_BATCH,
    NOTIFY_MEMORY_GB,
    NOTIFY_SECONDS,
    SEGMENTS_PER_HOUR,
    bytes_per_hour,
    heard_bytes_per_hour,
    heard_per_hour,
    uploaded_share,
)
from chalicelib.domain.recording.recording_rule import RecordingMode, RecordingRule, Track
from chalicelib.domain.work import Work
from infra.capacity.prices import Prices
from infra.capacity.work import ACTS, PICTURE_BYTES, Act

SECONDS = 3600
PINGS_PER_HOUR = 15
SIGN_IN_SECONDS = 300
"""Everybody signs in within this time before the start."""
SECOND_VIEW = frozenset({"second_picture", "phone_plan", "heartbeat", "phone_session"})
SOUND = frozenset({"clip"})
CAPTURES = ("first_picture", "second_picture", "clip")


NOT_RECORDED = RecordingRule()


@dataclass(frozen=True, slots=True)
class Plan:
    """A sitting: how many candidates, with which of the captures, kept for how many days."""

    candidates: int
    second_view: bool = True
    sound: bool = True
    retention_days: int = 30
    recording: RecordingRule = NOT_RECORDED
    recording_days: int = 30

    @property
    def rule(self) -> RecordingRule:
        """What is recorded, with the devices that are there."""
        return replace(self.recording, second=self.recorded(Track.SECOND))

    @property
    def sockets(self) -> int:
        """How many sockets a candidate's devices hold open."""
        return 2 if self.second_view else 1

    def acts(self) -> dict[str, Act]:
        """Return the acts that happen in such a sitting."""
        left_out = set[str]() if self.second_view else set(SECOND_VIEW)
        left_out |= set() if self.sound else SOUND
        return self._recorded({name: act for name, act in ACTS.items() if name not in left_out})

    def _recorded(self, acts: dict[str, Act]) -> dict[str, Act]:
        """Return acts with as many segments and plans as the recordings need."""
        shares = {f"{track}_segment": uploaded_share(self.recorded(track)) for track in Track}
        for track in (Track.FIRST, Track.SECOND):
            heard = heard_per_hour(self.rule, track)
            shares[f"{track}_speech"] = heard / SEGMENTS_PER_HOUR
        computer = self.recorded(Track.FIRST), self.recorded(Track.SCREEN)
        shares["recording_plan"] = float(any(mode is not RecordingMode.NONE for mode in computer))
        shares["phone_recording_plan"] = float(
            self.recorded(Track.SECOND) is not RecordingMode.NONE
        )
        scaled = {
            name: replace(act, per_hour=act.per_hour * shares.get(name, 1.0))
            for name, act in acts.items()
        }
        return {name: act for name, act in scaled.items() if act.per_hour}

    def recorded(self, track: Track) -> RecordingMode:
        """Return how much of a track is recorded: nothing of a phone that is not there."""
        mode = self.recording.mode(track)
        return mode if track is not Track.SECOND or self.second_view else RecordingMode.NONE


@dataclass(frozen=True, slots=True)
class CandidateHour:
    """Everything that one candidate uses in an hour; the fields of `Work`, summed."""

    table_writes: float
    index_writes: float
    reads: float
    changes: float
    pushes: float
    seconds: float
    api_calls: float
    s3_puts: float
    s3_gets: float
    queue_requests: float
    gb_seconds: float
    runs: float
    picture_bytes: float
    media_bytes: float
    recording_bytes: float
    heard_bytes: float


@dataclass(frozen=True, slots=True)
class Quota:
    """What a stage needs of one quota, what an account has at first, and what to do about it."""

    name: str
    needed: int
    usual: int
    advice: str

    @property
    def is_exceeded(self) -> bool:
        """Whether more is needed than an account has at first."""
        return self.needed > self.usual


@dataclass(frozen=True, slots=True)
class Cost:
    """What one item costs in a candidate-hour, in the price table's currency."""

    name: str
    amount: float


def candidate_hour(plan: Plan) -> CandidateHour:
    """Sum up the acts of one candidate in an hour."""
    acts = plan.acts()

    def total(field: str) -> float:
        return sum(act.per_hour * float(getattr(act.work, field)) for act in acts.values())

    sizes = {name: acts[name].per_hour * PICTURE_BYTES[name] for name in CAPTURES if name in acts}
    changes = total("changes")
    functions = sum(_gb_seconds(act.per_hour, act.work) for act in acts.values())
    return CandidateHour(
        table_writes=total("table_writes"),
        index_writes=total("index_writes"),
        reads=total("reads"),
        changes=changes,
        pushes=total("pushes"),
        seconds=total("seconds") + changes * NOTIFY_SECONDS,
        api_calls=total("api_calls"),
        s3_puts=total("s3_puts"),
        s3_gets=total("s3_gets"),
        queue_requests=total("queue_requests"),
        gb_seconds=functions + changes * NOTIFY_SECONDS * NOTIFY_MEMORY_GB,
        runs=sum(act.per_hour for act in acts.values()) + changes / NOTIFY_BATCH,
        picture_bytes=sum(size for name, size in sizes.items() if name != "clip"),
        media_bytes=sum(sizes.values()),
        recording_bytes=bytes_per_hour(plan.rule),
        heard_bytes=heard_bytes_per_hour(plan.rule),
    )


def _gb_seconds(per_hour: float, work: Work) -> float:
    return per_hour * work.seconds * work.memory_gb


def quotas_of(plan: Plan) -> tuple[Quota, ...]:
    """Return what a stage needs while all candidates of a plan answer at the same time."""
    hour = candidate_hour(plan)

    def per_second(amount: float) -> int:
        return ceil(plan.candidates * amount / SECONDS)

    warm = "a new table's start: warm it; above 40,000, ask for more"
    account = "a quota of the account and region"
    sign_ins = ceil(plan.candidates * plan.sockets / SIGN_IN_SECONDS)
    return (
        Quota("write units a second, sessions table", per_second(hour.table_writes), 4_000, warm),
        Quota("write units a second, its indexes", per_second(hour.index_writes), 4_000, warm),
        Quota("read units a second, sessions table", per_second(hour.reads), 12_000, warm),
        Quota("concurrent functions", per_second(hour.seconds), 1_000, f"{account}; often 10"),
        Quota("API requests a second", per_second(hour.api_calls), 10_000, account),
        Quota("new sockets a second at sign-in", sign_ins, 500, account),
        Quota("uploads a second", per_second(hour.s3_puts), 3_500, "until S3 divides the prefix"),
    )


def costs_of(plan: Plan, prices: Prices) -> tuple[Cost, ...]:
    """Return what a candidate-hour costs, item by item."""
    hour = candidate_hour(plan)
    writes = hour.table_writes + hour.index_writes
    messages = hour.pushes + plan.sockets * PINGS_PER_HOUR
    kept_months = plan.retention_days / MONTH_DAYS
    per_million = {
        "database, writing": writes * prices.write_units,
        "database, reading": hour.reads * prices.read_units,
        "functions": hour.gb_seconds * prices.lambda_gb_seconds
        + hour.runs * prices.lambda_requests,
        "API requests": hour.api_calls * prices.api_calls,
        "sockets and pushes": messages * prices.socket_messages
        + plan.sockets * 60 * prices.socket_minutes,
        "uploads, and reading them once": hour.s3_puts * prices.s3_puts
        + hour.s3_gets * prices.s3_gets,
        "queues": hour.queue_requests * prices.queue_requests,
    }
    per_gigabyte = {
        f"pictures and sound kept for {plan.retention_days} days": hour.media_bytes
        * kept_months
        * prices.s3_gb_month,
        f"recordings kept for {plan.recording_days} days": hour.recording_bytes
        * plan.recording_days
        / MONTH_DAYS
        * prices.s3_gb_month,
        "recorded sound kept for a day, to be judged": hour.heard_bytes
        / MONTH_DAYS
        * prices.s3_gb_month,
        "pictures sent to one wall": hour.picture_bytes * prices.traffic_gb,
        "logs": hour.runs * LOG_BYTES_PER_RUN * prices.log_gb,
    }
    return (
        *(Cost(name, amount / MILLION) for name, amount in per_million.items()),
        *(Cost(name, amount / GIGABYTE) for name, amount in per_gigabyte.items()),
    )
