"""AWS Config's items: what they say of each document, and how they are read."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import boto3
import pytest

from iam.account import Account
from iam.history.change import ABSENT, PRESENT, Entity, Kind, Known, Part, Place, State, Unknown
from iam.history.config_items import from_config, states_in
from iam.history.gather import Recorded
from iam.sources.aws.reader import AwsReader
from iam.sources.reader.evidence import ConfigItem
from iam.sources.reader.opened import OpenedAccount
from iam.sources.reader.reading import Reading
from tests.support.accounts.fake_reader import ACCOUNT_ID, NOW, allow, document, role
from tests.support.history.recorded_account import RecordedReader

READ = document(allow("s3:GetObject", "arn:aws:s3:::crates/*"))
MOVER = Entity(Kind.ROLE, "mover")
READERS = Entity(Kind.POLICY, f"arn:aws:iam::{ACCOUNT_ID}:policy/readers")
ROLE: dict[str, Any] = {
    "roleName": "mover",
    "assumeRolePolicyDocument": quote(READ.text),
    "rolePolicyList": [{"policyName": "one", "policyDocument": quote(READ.text)}],
    "attachedManagedPolicies": [{"policyName": "readers", "policyArn": READERS.name}],
    "permissionsBoundary": None,
    "tags": [{"key": "team", "value": "crates"}],
}
POLICY = {
    "policyName": "readers",
    "defaultVersionId": "v2",
    "policyVersionList": [{"versionId": "v2", "document": quote(READ.text), "isDefaultVersion": True}],
}


@pytest.mark.parametrize(
    ("place", "content", "wanted"),
    [
        (Place(MOVER, Part.EXISTENCE), ROLE, PRESENT),
        (Place(MOVER, Part.TRUST), ROLE, Known(READ.text)),
        (Place(MOVER, Part.INLINE, "one"), ROLE, Known(READ.text)),
        (Place(MOVER, Part.INLINE, "two"), ROLE, ABSENT),
        (Place(MOVER, Part.INLINE, "one"), {"roleName": "mover"}, None),
        (Place(MOVER, Part.ATTACHED, READERS.name), ROLE, PRESENT),
        (Place(MOVER, Part.ATTACHED, "arn:other"), ROLE, ABSENT),
        (Place(MOVER, Part.BOUNDARY), ROLE, ABSENT),
        (Place(MOVER, Part.BOUNDARY), {"permissionsBoundary": {"permissionsBoundaryArn": "arn:b"}}, Known("arn:b")),
        (Place(MOVER, Part.BOUNDARY), {}, None),
        (Place(MOVER, Part.TAG, "team"), ROLE, Known("crates")),
        (Place(MOVER, Part.TAG, "stage"), ROLE, ABSENT),
        (Place(Entity(Kind.ROLE, "other"), Part.TRUST), ROLE, None),
        (Place(READERS, Part.DEFAULT), POLICY, Known("v2")),
        (Place(READERS, Part.VERSION, "v2"), POLICY, Known(READ.text)),
        (Place(READERS, Part.VERSION, "v1"), POLICY, ABSENT),
    ],
)
def test_an_item_says_how_a_document_was(place: Place, content: dict[str, Any], wanted: State | None) -> None:
    entity = READERS if place.entity.kind is Kind.POLICY else MOVER
    found = states_in(entity, ConfigItem(NOW, content))(place)
    assert isinstance(found, Unknown) if wanted is None else found == wanted


def test_of_what_was_deleted_nothing_is_there() -> None:
    state = states_in(MOVER, ConfigItem(NOW, {}, deleted=True))
    assert state(Place(MOVER, Part.EXISTENCE)) == ABSENT and state(Place(MOVER, Part.INLINE, "one")) == ABSENT


class Config(RecordedReader):
    """A live account whose Config has one item of the role, or denies it."""

    items: tuple[ConfigItem, ...] | None = None

    def config_items(self, kind: str, name: str, **_: Any) -> Reading[tuple[ConfigItem, ...]]:
        if self.items is None:
            return Reading("config:ListDiscoveredResources", why="AWS denied it.")
        return Reading("config:GetResourceConfigHistory", self.items if name == "mover" else ())


def test_items_are_states_between_the_recorded_changes() -> None:
    """A role that was changed without a record: Config has how it was."""
    account = Account(ACCOUNT_ID, "test", NOW, roles=(role("mover"),), users=(), groups=(), policies=())
    reader: Any = Config(account, ())
    reader.kind = "aws"
    place, at = Place(MOVER, Part.INLINE, "one"), NOW - timedelta(days=2)
    found = Recorded(NOW - timedelta(days=30))
    from_config(reader, (MOVER,), found)
    assert not found.observations and not found.gaps
    reader.items = (ConfigItem(NOW - timedelta(days=99), {}, True), ConfigItem(at, ROLE))
    from_config(reader, (MOVER, READERS), found)
    history = found.history(OpenedAccount(account, reader))
    seen = history.timeline(place).after(at)
    assert isinstance(seen, Known) and seen.text == READ.text
    (gap,) = (each for each in history.timeline(place).stretches if each.gap)
    assert gap.observed.startswith("AWS Config at") and len(found.observations) == 1


def test_items_are_read_as_config_answers() -> None:
    """moto's answer has tags of another form than AWS's: these are in AWS's."""
    item = {
        "configurationItemCaptureTime": NOW,
        "configurationItemStatus": "OK",
        "resourceId": "AROAEXAMPLE",
        "arn": f"arn:aws:iam::{ACCOUNT_ID}:role/mover",
        "configuration": json.dumps(ROLE),
    }
    deleted = {**item, "configurationItemStatus": "ResourceDeleted", "configuration": None}
    cut = {**item, "configuration": "{"}
    answers: dict[str, Any] = {
        "ListDiscoveredResources": {"resourceIdentifiers": [{"resourceId": "AROAEXAMPLE"}]},
        "GetResourceConfigHistory": {"configurationItems": [item, deleted, cut]},
    }
    asked: list[str] = []

    def answer(model: Any, **_: Any) -> tuple[Any, dict[str, Any]]:
        asked.append(model.name)
        found = answers[model.name]
        return SimpleNamespace(status_code=400 if "Error" in found else 200), found

    session = boto3.Session("AKIAEXAMPLE", "secret", region_name="eu-west-1")
    session.events.register_first("before-call.config", answer)
    reader = AwsReader(session, kind="aws")
    found = reader.config_items("AWS::IAM::Role", "mover", since=NOW - timedelta(days=30))
    assert asked == ["ListDiscoveredResources", "GetResourceConfigHistory"]
    assert [(each.deleted, bool(each.configuration)) for each in found.value or ()] == [(False, True), (True, False)]
    refused = {"Error": {"Code": "NoAvailableConfigurationRecorderException", "Message": "no"}, "ResponseMetadata": {}}
    answers["ListDiscoveredResources"] = refused
    none = reader.config_items("AWS::IAM::Role", "mover", since=NOW)
    assert none.value is None and not none.unreadable
