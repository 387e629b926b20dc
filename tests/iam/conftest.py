"""The demo account, and a role to create."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iam.account import Account, InlinePolicy
from iam.creation.spec import RoleSpec
from tests.support.accounts.documents import LOGS, READ, trust

if TYPE_CHECKING:
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader


@pytest.fixture(scope="session")
def account(demo_reader: AwsReader) -> Account:
    """The demo account as it was read before any change."""
    return list(demo_reader.accounts())[-1]


@pytest.fixture
def spec() -> RoleSpec:
    """A role with one of everything: six calls."""
    return RoleSpec(
        name="thumbnail-worker",
        trust=trust(),
        path="/app/",
        description="Makes thumbnails",
        tags={"team": "ferry"},
        max_session_seconds=7200,
        boundary_arn="arn:aws:iam::111122223333:policy/DeveloperBoundary",
        inline=(InlinePolicy("read-assets", READ),),
        attached=(LOGS, "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"),
        instance_profile="thumbnail-worker",
    )


@pytest.fixture
def reader_as(demo_world: World) -> Callable[[str | None], AwsReader]:
    from iam.demo.open import reader as open_reader

    return lambda user: open_reader(demo_world, as_user=user)


@pytest.fixture
def reader(demo_world: World) -> AwsReader:
    from iam.demo.open import reader as open_reader

    return open_reader(demo_world)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "journal"
