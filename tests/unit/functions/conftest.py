"""What the tests of several functions need."""

import pytest

from functions.sound.handler import Ears
from tests.support.fake_context import FakeContext, fake_context


@pytest.fixture(scope="session")
def ears() -> Ears:
    return Ears.load()


@pytest.fixture
def context() -> FakeContext:
    return fake_context()
