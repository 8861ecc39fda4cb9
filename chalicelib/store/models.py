"""The items of the tables: keys, what conditions and indexes need, and the object as JSON.

An object's JSON is the truth; the attributes beside it repeat what DynamoDB itself must see:
versions and states for conditions, rooms and alarms for the indexes.
"""

from typing import Any

from pydantic import TypeAdapter
from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model


class RoomIndex(GlobalSecondaryIndex["SessionItem"]):  # type: ignore[no-untyped-call]
    """Everything of the sessions in one room that a wall shows."""

    class Meta:
        """The index's name and what it holds."""

        index_name = "room"
        projection = AllProjection()

    room_id = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)


class ReviewIndex(GlobalSecondaryIndex["SessionItem"]):  # type: ignore[no-untyped-call]
    """The flags of one room and what people decided about them. Sparse: nothing else is in it."""

    class Meta:
        """The index's name and what it holds."""

        index_name = "review"
        projection = AllProjection()

    review_room = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)


class WakeIndex(GlobalSecondaryIndex["SessionItem"]):  # type: ignore[no-untyped-call]
    """What the clock has to look at, and when. Sparse: only items with an alarm are in it."""

    class Meta:
        """The index's name and what it holds."""

        index_name = "wake"
        projection = KeysOnlyProjection()

    wake_shard = UnicodeAttribute(hash_key=True)
    wake_at = NumberAttribute(range_key=True)


class SessionItem(Model):
    """An item of the sessions table; `pk` is a session's id, `sk` says what it is."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    body = UnicodeAttribute()
    version = NumberAttribute(null=True)
    state = UnicodeAttribute(null=True)
    sequence = NumberAttribute(null=True)
    answered = UnicodeSetAttribute(null=True)
    saved_at = NumberAttribute(null=True)
    room_id = UnicodeAttribute(null=True)
    review_room = UnicodeAttribute(null=True)
    generation = NumberAttribute(null=True)
    wake_shard = UnicodeAttribute(null=True)
    wake_at = NumberAttribute(null=True)
    expires_at = NumberAttribute(null=True)
    room = RoomIndex()
    review = ReviewIndex()
    wake = WakeIndex()


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
    """Return the item class for one table. Region and endpoint come from the environment."""

    class Meta:
        """Where the items are."""

    Meta.table_name = table_name  # type: ignore[attr-defined]  # PynamoDB reads Meta's attributes
    return type(item.__name__, (item,), {"Meta": Meta})


_adapters: dict[type, TypeAdapter[Any]] = {}


def _adapter(kind: type) -> TypeAdapter[Any]:
    """Return what turns a kind of object into JSON and back; building it is slow, so once."""
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def dump(value: object) -> str:
    """Return an object of exam/ as JSON."""
    return _adapter(type(value)).dump_json(value).decode()


def load[T](kind: type[T], body: str) -> T:
    """Return the object that JSON holds."""
    value: T = _adapter(kind).validate_json(body)
    return value
