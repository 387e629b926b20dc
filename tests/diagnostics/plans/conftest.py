"""The demo account as it was read before any change, and a copy of it that a test may change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iam.account import Account

if TYPE_CHECKING:
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader


@pytest.fixture(scope="session")
def account(demo_reader: AwsReader) -> Account:
    return list(demo_reader.accounts())[-1]


@pytest.fixture
def reader(demo_world: World) -> AwsReader:
    from iam.demo.open import reader as open_reader

    return open_reader(demo_world)
