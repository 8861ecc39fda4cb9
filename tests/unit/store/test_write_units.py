"""What a capture costs in DynamoDB: the items that it writes, by their size, as it is charged."""

import base64
import random
from dataclasses import replace
from math import ceil
from typing import Any

import pytest

from chalicelib.domain.monitoring.baseline import FrameSignatures, update_history
from chalicelib.domain.monitoring.claims import Claim, content_name
from chalicelib.domain.monitoring.monitor_state import MonitorState, with_history
from chalicelib.domain.monitoring.standing import MAX_THINGS, SeenThing, SeenThings
from chalicelib.domain.rules.findings import FindingKind, Observation, ObservedBox
from chalicelib.domain.types import SECOND, View
from chalicelib.services.ports import Record
from chalicelib.store.item_mapping import attributes, item_for, record_from_image
from chalicelib.store.models import SessionItem, bind_table, dump
from tests.support import builders as build
from tests.support.builders import NOW
from tests.support.fake_context import FakeContext, add_session, fake_context
from tests.support.simulated_sitting import COMPUTER, PHONE, SimulatedSitting

SESSION = "5e55a0b1c2d3e4f5a6b7c8d9"
TABLE = bind_table(SessionItem, "sessions")
DICE = random.Random(3)  # noqa: S311
BOX = ObservedBox("person", 0.913, 0.201, 0.347, 0.618, 0.652)
MODELS = ("faces", "embedder", "objects", "head_pose", "gaze", "liveness", "pose")
MEASURES = ("yaw", "pitch", "nose", "light", "live", "gaze_x", "gaze_y", "scene", "still")


def noise(size: int) -> str:
    """Bytes that nothing compresses, as Base64: what signatures and embeddings are at worst."""
    return base64.b64encode(DICE.randbytes(size)).decode()


def seen(at: int, view: View) -> Observation:
    """What the models tell of a picture with a person and a phone."""
    return replace(
        build.observation(SESSION, at, FindingKind.PHONE, view=view),
        boxes=(BOX, replace(BOX, label="face"), replace(BOX, label="cell phone")),
        similarity=0.713,
        measures={name: round(DICE.uniform(-90, 255), 3) for name in MEASURES},
        timings_ms={name: round(DICE.uniform(1, 90), 1) for name in MODELS},
        models={name: f"1.{number}.0" for number, name in enumerate(MODELS)},
        etag=DICE.randbytes(16).hex(),
        sha256=DICE.randbytes(32).hex(),
    )


def things() -> SeenThings:
    """As many things as a view remembers, where nothing compresses their places."""
    labels = ("phone", "book", "tv", "laptop", "phone", "book")
    places = [tuple(DICE.randint(0, 1000) for _ in range(4)) for _ in range(MAX_THINGS)]
    return SeenThings(
        tuple(
            SeenThing(label, (left, top, width, height), 6, 2)
            for label, (left, top, width, height) in zip(labels, places, strict=True)
        ),
        NOW,
    )


def full_monitor(context: FakeContext) -> MonitorState:
    """The monitor state after ten minutes with both devices, a reference and an open flag."""
    add_session(context, SESSION)
    sitting = SimulatedSitting(context, SESSION)
    sitting.device(COMPUTER)
    sitting.device(PHONE)
    sitting.run(600 * SECOND)
    monitor = context.sessions.bundle(SESSION).monitor
    for view in View:
        observation = seen(context.clock(), view)
        signatures = FrameSignatures(noise(512), noise(264), noise(144))
        monitor = with_history(
            monitor,
            view,
            lambda history, observation=observation, signatures=signatures: update_history(  # type: ignore[misc]
                replace(history, scene=signatures.scene, seen=things()),
                observation,
                signatures,
                answering=True,
            ),
        )
    flag = build.flag(SESSION, captures=("a" * 24,) * 6)
    return replace(monitor, reference=noise(512), open_flags=(flag,))


def image(item: SessionItem) -> dict[str, Any]:
    serialized: dict[str, Any] = item.serialize()
    return serialized


def write_units(item: SessionItem) -> int:
    """Return an item's size in whole kilobytes, names and values, as DynamoDB counts them."""
    size = sum(
        len(name) + (len(value) if isinstance(value, bytes) else len(str(value).encode()))
        for name, typed in image(item).items()
        for value in typed.values()
    )
    return ceil(size / 1024)


@pytest.fixture(scope="module")
def monitor() -> MonitorState:
    return full_monitor(fake_context())


def test_capture_costs_eleven_units(monitor: MonitorState) -> None:
    """In a transaction each kilobyte counts twice; the claim of its bytes is written before."""
    observation = seen(NOW + 600 * SECOND, View.FIRST)
    claim = Claim(
        content_name(build.EXAM, observation.sha256 or ""), SESSION, "c" * 24, "ADM-00001", NOW,
        observation.capture_id,
    )  # fmt: skip
    assert len(dump(monitor)) > 7_000, "as large as it is in an exam"
    assert write_units(item_for(TABLE, monitor)) <= 4
    assert write_units(item_for(TABLE, observation)) == 1
    claimed = TABLE(f"CLAIM#{claim.name}", "CLAIM", text=dump(claim), expires_at=NOW // SECOND)
    assert write_units(claimed) == 1
    written = (item_for(TABLE, monitor), item_for(TABLE, observation))
    assert 2 * sum(write_units(item) for item in written) + write_units(claimed) <= 11


def test_packed_item_is_read_from_the_table_and_from_the_stream(monitor: MonitorState) -> None:
    item = item_for(TABLE, monitor)
    stored = image(item)
    restored = TABLE()
    restored.deserialize(stored)
    assert restored.body == dump(monitor)
    streamed = {**stored, "packed": {"B": base64.b64encode(stored["packed"]["B"]).decode()}}
    for read in (stored, streamed):
        assert record_from_image(read) == monitor


@pytest.mark.parametrize("kind", ["monitor", "observation"])
def test_item_of_before_is_still_read(monitor: MonitorState, kind: str) -> None:
    record: Record = {"monitor": monitor, "observation": seen(NOW, View.SECOND)}[kind]  # type: ignore[assignment]
    old = TABLE(**attributes(record), text=dump(record))
    assert "packed" not in image(old)
    restored = TABLE()
    restored.deserialize(image(old))
    assert restored.body == dump(record)
    if kind == "monitor":
        assert record_from_image(image(old)) == monitor


def test_other_records_stay_as_they_are() -> None:
    stored = image(item_for(TABLE, build.session(SESSION)))
    assert stored["body"] == {"S": dump(build.session(SESSION))}
