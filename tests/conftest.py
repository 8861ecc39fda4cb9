"""Fixtures shared by all tests that use the local AWS: one deployed and seeded product."""

import os
import socket
from collections.abc import Iterator

import pytest

from chalicelib.services.ports import AppContext
from infra.demo import ProductInstance, bring_up


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProductInstance]:
    """The product, deployed to a local AWS on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with bring_up(port, tmp_path_factory.mktemp("product") / "aws") as instance:
        yield instance


@pytest.fixture(scope="session")
def context(product: ProductInstance) -> Iterator[AppContext]:
    """The application context bound to the deployment's tables and buckets."""
    from chalicelib.wiring.api import build_app_context  # noqa: PLC0415  (reads the environment)

    with product.deployment.activated():
        os.environ["INVIGIL_STAGE"] = product.deployment.stage
        yield build_app_context()
