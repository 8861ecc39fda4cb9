"""A context in memory for every test."""

import pytest

from tests.support.fake_context import FakeContext, fake_context


@pytest.fixture
def context() -> FakeContext:
    return fake_context()
