"""What all tests share: a deployed and seeded product, and the figures that they print."""

import os
import socket
from collections.abc import Callable, Iterator

import pytest

from chalicelib.services.ports import AppContext
from infra.demo import ProductInstance, bring_up

type PrintFigure = Callable[[str], None]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures that passed tests measured."""
    for report in terminalreporter.getreports("passed"):
        for name, figure in report.user_properties:
            if name == "figure":
                terminalreporter.write_line(f"{report.nodeid}: {figure}")


@pytest.fixture
def print_figure(record_property: Callable[[str, object], None]) -> PrintFigure:
    """Print a measured figure at the end of the run."""
    return lambda figure: record_property("figure", figure)


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
