"""The browser engines, each started with the same sound server."""

from collections.abc import Iterator, Mapping

import pytest

from tests.e2e.engines.desktop import sound_server


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """A sound server with a loudspeaker; the variables by which browsers find it."""
    with sound_server(tmp_path_factory.mktemp("sound")) as variables:
        yield variables
