"""Items of the tables: keys, the attributes of conditions and indexes, and the object as JSON.

The JSON, as it is or compressed, is authoritative; the other attributes repeat what DynamoDB itself
evaluates: versions and states for conditions, rooms and wake-up times for indexes.
"""

from typing import Any

from pydantic import TypeAdapter
from pynamodb.attributes import (
    BinaryAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.store.packing import unpack


class RoomIndex(GlobalSecondaryIndex["SessionItem"]):  # type: ignore[no-untyped-call]
    """What the wall of a room shows of its sessions but the monitor state, and an exam's open chats."""

    class Meta:
        """The index's name and what it holds."""

        index_name = "room"
        projection = AllProjection()

    room_id = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)


class ReviewIndex(GlobalSecondaryIndex["SessionItem"]):  # type: ignore[no-untyped-call]
    """The flags of a room and the reviews of them. Sparse: other items are not in it."""

    class Meta:
        """The index's name and what it holds."""

        index_name = "review"
        projection = AllProjection()

    review_room = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)


class WakeIndex(GlobalSecondaryIndex["SessionItem"]):  # type: ignore[no-untyped-call]
    """What the scheduler has to process, and when. Sparse: only items with a wake-up time."""

    class Meta:
        """The index's name and what it holds."""

        index_name = "wake"
        projection = KeysOnlyProjection()

    wake_shard = UnicodeAttribute(hash_key=True)
    wake_at = NumberAttribute(range_key=True)


class SessionItem(Model):
    """An item of the sessions table; `pk` is mostly a session's id, `sk` its kind of record."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    text = UnicodeAttribute(attr_name="body", null=True)
    packed = BinaryAttribute(legacy_encoding=False, null=True)
    version = NumberAttribute(null=True)
    state = UnicodeAttribute(null=True)
    sequence = NumberAttribute(null=True)
    answered = UnicodeSetAttribute(null=True)
    saved_at = NumberAttribute(null=True)
    room_id = UnicodeAttribute(null=True)
    review_room = UnicodeAttribute(null=True)
    generation = NumberAttribute(null=True)
    origins = UnicodeSetAttribute(null=True)
    wake_shard = UnicodeAttribute(null=True)
    wake_at = NumberAttribute(null=True)
    expires_at = NumberAttribute(null=True)
    room = RoomIndex()
    review = ReviewIndex()
    wake = WakeIndex()

    @property
    def body(self) -> str:
        """The record as JSON, however it is stored."""
        return self.text if self.packed is None else unpack(self.packed)


class PlainItem(Model):
    """An item of the registry or of the connections table."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    body = UnicodeAttribute()
    owner = UnicodeAttribute(null=True)
    version = NumberAttribute(null=True)
    confirmed = NumberAttribute(null=True)
    dismissed = NumberAttribute(null=True)
    expires_at = NumberAttribute(null=True)


def bind_table[T: Model](item: type[T], table_name: str) -> type[T]:
    """Return the item class of one table. Region and endpoint come from the environment."""

    class Meta:
        """The table's name."""

    Meta.table_name = table_name  # type: ignore[attr-defined]  # PynamoDB reads Meta's attributes
    return type(item.__name__, (item,), {"Meta": Meta})


_adapters: dict[type, TypeAdapter[Any]] = {}


def _adapter(kind: type) -> TypeAdapter[Any]:
    """Return the JSON serializer of a type; building it is slow, so it is cached."""
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def dump(value: object) -> str:
    """Return an object as JSON."""
    return _adapter(type(value)).dump_json(value).decode()


def load[T](kind: type[T], body: str) -> T:
    """Return the object in a JSON text."""
    value: T = _adapter(kind).validate_json(body)
    return value
