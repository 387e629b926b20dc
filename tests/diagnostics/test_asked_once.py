"""A diagnosis asks AWS for one thing once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.client import BaseClient

from diagnostics.check.run import judged
from diagnostics.diagnose import collect, read_text
from iam.account import InlinePolicy
from iam.creation.plan import create_role
from iam.creation.spec import RoleSpec
from iam.sources.aws.reader import AwsReader
from iam.sources.reader.opened import OpenedAccount
from tests.support.accounts.documents import READ, trust
from tests.support.demo.failures import CONFLICTS, FAILURES

SHARED = {"ListInstanceProfilesForRole", "DescribeInstances", "ListFunctions", "ListSecrets"}
"""Two questions of the reader take their answers from these lists. Secrets are listed by Region and in all Regions."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[tuple[str, ...]]]:
    """The calls made, by service, region, operation and parameters."""
    made: Counter[tuple[str, ...]] = Counter()
    call = BaseClient._make_api_call

    def counted(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        service, region = client.meta.service_model.service_name, client.meta.region_name
        made[(service, region, operation, json.dumps(parameters, sort_keys=True, default=str))] += 1
        return call(client, operation, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", counted)
    yield made


def test_no_call_is_made_twice_in_one_diagnosis(demo_reader: AwsReader, asked: Counter[tuple[str, ...]]) -> None:
    opened = OpenedAccount(list(demo_reader.accounts())[-1], demo_reader)
    for failure in FAILURES:
        asked.clear()
        collect(read_text(failure.text)[0], opened, failure.context, role=failure.role)
        assert _again(asked) == [], failure.id
    for conflict in CONFLICTS:
        asked.clear()
        collect(read_text(conflict.text)[0], opened)
        assert _again(asked) == [], conflict.id


def test_the_checks_of_a_plan_ask_about_nobody_again(
    demo_reader_as: Callable[[str], AwsReader], asked: Counter[tuple[str, ...]]
) -> None:
    """Whoever may not read the whole account in one call is asked about each time that a check needs to know."""
    reader = demo_reader_as("carla")
    opened = OpenedAccount(list(reader.accounts())[-1], reader)
    spec = RoleSpec("thumbnails", trust(), inline=(InlinePolicy("read", READ),))
    plan = create_role(spec, opened.account, reader)
    asked.clear()
    assert judged(plan, opened).findings
    # The plan's own reading of what it changes is another one.
    assert [made for made, times in asked.items() if times > 2] == []


def _again(asked: Counter[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [made for made, times in asked.items() if times > (2 if made[2] in SHARED else 1)]
