"""A world in memory for every test."""

import pytest

from tests.support.fake_context import FakeWorld, fake_world


@pytest.fixture
def world() -> FakeWorld:
    return fake_world()
