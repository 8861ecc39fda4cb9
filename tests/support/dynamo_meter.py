"""Counts requests to DynamoDB, and the capacity units that they would be billed.

Sizes follow the developer guide, «DynamoDB item sizes and formats». Writes of a transaction cost
twice, and an index in which an item stands costs its own units again. What cannot be seen from
here is counted as the dearer case: the figures are upper bounds.
"""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from pynamodb.connection import Connection

from chalicelib.store.item_mapping import RECORDING_LOG

type Item = Mapping[str, Mapping[str, Any]]

WRITE_UNIT, READ_UNIT = 1024, 4096
MOVED_KEY_UNITS = 2
"""Of a keys-only index: the old entry is deleted, and the new one put. A put that leaves the key as
it was writes nothing there (developer guide, «Using Global Secondary Indexes», write costs)."""
INDEXES = ("room_id", "review_room")  # attributes by which an item stands in a full index


@dataclass
class DynamoMeter:
    """What was used since the last `reset`. Requests include retries; units are of successes."""

    operations: list[str] = field(default_factory=list)
    table_writes: int = 0
    index_writes: int = 0
    reads: float = 0.0
    _request: Any = None
    _anchors: dict[str, Any] = field(default_factory=dict)

    def reset(self) -> None:
        """Forget what was counted; what stands in the table is known on."""
        self.operations.clear()
        self.table_writes = self.index_writes = 0
        self.reads = 0.0

    def on_request(self, request: Any, **_: Any) -> None:
        """Count a request that is about to be sent."""
        self.operations.append(request.headers["X-Amz-Target"].decode().split(".")[1])
        self._request = json.loads(request.body)

    def on_response(self, parsed: Any, **_: Any) -> None:
        """Count the units of the latest request, if it succeeded."""
        if "Error" not in parsed:
            self._count_units(self.operations[-1], self._request, parsed)

    def _count_units(self, operation: str, asked: Any, answer: Any) -> None:
        if operation in {"GetItem", "BatchGetItem", "Query"}:
            self.reads += _units_read(operation, asked, answer)
        elif operation == "TransactWriteItems":
            for action in asked["TransactItems"]:
                self._count_write(action.get("Put", {}).get("Item"), 2)
        else:
            self._count_write(asked.get("Item"), 1)

    def _count_write(self, item: Item | None, factor: int) -> None:
        """Count a put; anything else is a check, an update or a deletion of a small item."""
        if item is None:
            self.table_writes += factor
            return
        units = ceil(item_size(item) / WRITE_UNIT)
        self.table_writes += factor * units
        self.index_writes += units * sum(name in item for name in INDEXES)
        self.index_writes += MOVED_KEY_UNITS * self._moved(item)

    def _moved(self, item: Item) -> bool:
        """Whether a put moves the item in the index of wake-ups, or may have.

        The monitor state counts as moved with each put: acts that are measured one by one move it
        less than those of a sitting, which interleave.
        """
        wake_at = item.get("wake_at")
        if item["sk"] != {"S": RECORDING_LOG}:
            return wake_at is not None
        topic = item["pk"]["S"]
        known, self._anchors[topic] = self._anchors.get(topic), wake_at
        return wake_at is not None and wake_at != known


@contextmanager
def metered(connections: Sequence[Connection]) -> Iterator[DynamoMeter]:
    """Count what is sent over the connections during the block."""
    meter = DynamoMeter()
    events = [connection.client.meta.events for connection in connections]
    hooks = (("before-send", meter.on_request), ("after-call", meter.on_response))
    for emitter in events:
        for name, hook in hooks:
            emitter.register(f"{name}.dynamodb.*", hook)
    yield meter
    for emitter in events:
        for name, hook in hooks:
            emitter.unregister(f"{name}.dynamodb.*", hook)


def _units_read(operation: str, asked: Any, answer: Any) -> float:
    if operation == "BatchGetItem":
        return sum(
            _read_units(asked["RequestItems"][table], [item])
            for table, items in answer["Responses"].items()
            for item in items
        )
    items = answer["Items"] if operation == "Query" else [answer.get("Item", {})]
    return _read_units(asked, items)


def _read_units(asked: Mapping[str, Any], items: Sequence[Item]) -> float:
    units = max(1, ceil(sum(map(item_size, items)) / READ_UNIT))
    return units if asked.get("ConsistentRead") else units / 2


def item_size(item: Item) -> int:
    """Return an item's size in bytes, as DynamoDB bills it."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return ceil(len(content.strip("-")) / 2) + 1
        case "B":
            return len(content if isinstance(content, bytes) else base64.b64decode(content))
        case "SS":
            return sum(len(text.encode()) for text in content)
        case _:  # true, false and null
            return 1
