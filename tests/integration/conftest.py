"""Fixtures of the integration tests: an exam in the deployed product, a proctor's socket, pictures."""

from collections.abc import Iterator

import pytest

from chalicelib.domain.types import Role
from chalicelib.services.ports import AppContext
from chalicelib.store.registry import DynamoExamRegistry
from chalicelib.store.sessions import DynamoSessionStore
from infra.demo import ProductInstance
from tests.data import scenes
from tests.support.deployed_exam import DeployedExam, jpeg
from tests.support.dynamo_meter import DynamoMeter, metered
from tests.support.polling import wait_for
from tests.support.sockets import Socket, open_socket


@pytest.fixture(scope="session")
def deployed(product: ProductInstance, context: AppContext) -> Iterator[DeployedExam]:
    exam = DeployedExam(product, context)
    yield exam
    exam.api.close()


@pytest.fixture
def console(deployed: DeployedExam) -> Iterator[Socket]:
    """A proctor's open socket, subscribed to the room."""
    ticket = deployed.socket_ticket(Role.PROCTOR, deployed.username("proctor"))
    with open_socket(deployed.product.endpoints.ws_url, ticket) as socket:
        existing = deployed.room_subscribers()
        socket.send(action="watch_room", room_id=deployed.room_id)
        wait_for(lambda: deployed.room_subscribers() - existing, "the subscription to the room")
        yield socket


@pytest.fixture(scope="session")
def person_a() -> bytes:
    return jpeg(scenes.one_person("person_a.jpg"))


@pytest.fixture(scope="session")
def empty() -> bytes:
    return jpeg(scenes.empty())


@pytest.fixture
def dynamo_meter(deployed: DeployedExam) -> Iterator[DynamoMeter]:
    """Counts what this process sends to DynamoDB."""
    connections = []
    for store in (deployed.context.sessions, deployed.context.registry):
        assert isinstance(store, DynamoSessionStore | DynamoExamRegistry)
        connections += [store._connection, store._table._get_connection().connection]
    with metered(connections) as meter:
        yield meter
