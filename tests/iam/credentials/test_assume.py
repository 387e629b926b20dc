"""A role assumed once: as whom, with what, and what is said where it cannot be."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from iam.account import Account
from iam.credentials.assume import DELAYS, Assumed, AssumeTry, assume_once

if TYPE_CHECKING:
    import boto3

    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader

ROOT = {"AWS": "arn:aws:iam::111122223333:root"}
NAME = "tried-role"


def never(seconds: float, why: str) -> bool:
    raise AssertionError(f"waited: {why}")


@pytest.fixture
def trusted(demo_world: World, demo_session: Callable[..., boto3.Session]) -> Callable[..., tuple[AwsReader, Account]]:
    """The account with a role of this trust, read by somebody."""

    def make(
        principal: dict[str, str], *actions: str, user: str | None = None, **condition: dict[str, str]
    ) -> tuple[AwsReader, Account]:
        from iam.demo.open import reader

        statement: dict[str, Any] = {"Effect": "Allow", "Principal": principal}
        statement["Action"] = list(actions) or "sts:AssumeRole"
        if condition:
            statement["Condition"] = condition
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        demo_session().client("iam").create_role(RoleName=NAME, AssumeRolePolicyDocument=document)
        mine = reader(demo_world, as_user=user)
        return mine, list(mine.accounts())[-1]

    return make


def tried(reader: AwsReader, account: Account, pause: Callable[[float, str], bool] = never) -> AssumeTry:
    role = reader.role(NAME).value
    assert role is not None
    return assume_once(role, account, reader, pause)


Trusted = Callable[..., "tuple[AwsReader, Account]"]


def test_with_the_external_id_that_the_trust_wants_and_no_credential_in_sight(trusted: Trusted) -> None:
    reader, account = trusted(ROOT, StringEquals={"sts:ExternalId": "hl-42"})
    result = tried(reader, account)
    assert (result.outcome, result.named) == (Assumed.YES, False)
    assert "with its external ID" in result.sentence
    assert "ASIA" not in repr(result) and "hl-42" not in result.sentence
    [call] = [each for each in reader.aws.log.calls() if each.name == "sts:AssumeRole"]
    assert not any(word in repr(call) for word in ("ASIA", "FwoG", "hl-42"))


def test_with_tags_a_source_identity_and_a_session_name(trusted: Trusted) -> None:
    reader, account = trusted(
        ROOT,
        "sts:AssumeRole",
        "sts:TagSession",
        "sts:SetSourceIdentity",
        StringEquals={"aws:RequestTag/team": "ferry", "sts:SourceIdentity": "dock"},
        StringLike={"sts:RoleSessionName": "ops-*"},
    )
    result = tried(reader, account)
    assert result.outcome is Assumed.YES, result.sentence
    assert "the tag team=ferry" in result.sentence and "the source identity dock" in result.sentence


@pytest.mark.parametrize(
    ("principal", "words"),
    [
        ({"Service": "lambda.amazonaws.com"}, "only the service lambda.amazonaws.com may assume it"),
        ({"AWS": "arn:aws:iam::999988887777:root"}, "account 999988887777 (this one is 111122223333)"),
        ({"AWS": "arn:aws:iam::111122223333:user/ben"}, "only arn:aws:iam::111122223333:user/ben may assume it"),
        (
            {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
            "only who signs in through token.actions.githubusercontent.com may",
        ),
    ],
    ids=["service", "other account", "other user", "provider"],
)
def test_whom_the_trust_does_not_mean_is_told_who_is_meant(
    trusted: Trusted, principal: dict[str, str], words: str
) -> None:
    conditions: dict[str, dict[str, str]] = {}
    action = ["sts:AssumeRole"]
    if "Federated" in principal:
        action = ["sts:AssumeRoleWithWebIdentity"]
        conditions["StringEquals"] = {"token.actions.githubusercontent.com:sub": "repo:harbor-demo/site:*"}
    reader, account = trusted(principal, *action, **conditions)
    result = tried(reader, account)
    assert result.outcome is Assumed.NOT_TRIED
    assert words in result.sentence
    assert not [each for each in reader.aws.log.calls() if each.name == "sts:AssumeRole"]


def test_what_wants_mfa_is_not_tried_without_one(trusted: Trusted) -> None:
    reader, account = trusted(ROOT, user="ben", Bool={"aws:MultiFactorAuthPresent": "true"})
    result = tried(reader, account)
    assert result.outcome is Assumed.NOT_TRIED
    assert "MFA" in result.sentence


def test_a_denial_is_told_as_the_command_line_prints_it(trusted: Trusted) -> None:
    reader, account = trusted(ROOT, user="alice")
    result = tried(reader, account)
    assert (result.outcome, result.named) == (Assumed.NO, False)
    assert result.error.startswith("An error occurred (AccessDenied) when calling the AssumeRole operation: User: ")
    assert f"role/{NAME}" in result.error


class Late:
    """STS that hears of the role only after some denials."""

    def __init__(self, client: Any, denials: int) -> None:
        self.client, self.denials = client, denials

    def assume_role(self, **given: Any) -> Any:
        from botocore.exceptions import ClientError

        if self.denials:
            self.denials -= 1
            error = {"Code": "AccessDenied", "Message": "User: x is not authorized to perform: sts:AssumeRole"}
            raise ClientError({"Error": error}, "AssumeRole")
        return self.client.assume_role(**given)


@pytest.mark.parametrize(("denials", "outcome"), [(2, Assumed.YES), (99, Assumed.NO)])
def test_a_denial_that_the_policies_contradict_is_waited_out(
    trusted: Trusted, monkeypatch: pytest.MonkeyPatch, denials: int, outcome: Assumed
) -> None:
    reader, account = trusted(ROOT)
    late = Late(reader.aws.client("sts"), denials)
    client, me = reader.aws.client, reader.caller()
    monkeypatch.setattr(reader.aws, "client", lambda name, *args, **more: late if name == "sts" else client(name))
    monkeypatch.setattr(reader, "caller", lambda: me)
    waited: list[float] = []

    def pause(seconds: float, why: str) -> bool:
        waited.append(seconds)
        assert "STS does not know" in why
        return False

    assert tried(reader, account, pause).outcome is outcome
    assert waited == list(DELAYS[:denials])
