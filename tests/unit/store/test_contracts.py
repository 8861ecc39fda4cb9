"""Every method of a store is played on the fake and on the table (tests/integration/store)."""

import re
from pathlib import Path

import pytest

from chalicelib.store.connections import DynamoConnections
from chalicelib.store.messages import DynamoMessageStore
from chalicelib.store.registry import DynamoExamRegistry
from chalicelib.store.sessions import DynamoSessionStore
from chalicelib.store.sms_batches import DynamoSmsBatches

CONTRACTS = Path(__file__).parents[2] / "integration" / "store"
STORES = (
    DynamoConnections,
    DynamoExamRegistry,
    DynamoMessageStore,
    DynamoSessionStore,
    DynamoSmsBatches,
)


@pytest.mark.parametrize("store", STORES, ids=lambda store: store.__name__)
def test_every_method_of_a_store_is_in_its_contract(store: type) -> None:
    tests = "\n".join(path.read_text("utf-8") for path in CONTRACTS.glob("test_*.py"))
    methods = [name for name in vars(store) if not name.startswith("_")]
    assert methods
    missing = [name for name in methods if not re.search(rf"\.{name}\b", tests)]
    assert missing == []
