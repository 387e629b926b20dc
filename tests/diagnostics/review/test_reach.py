"""Who from outside is let in: the resource's own statements under its Deny statements and the RCPs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from diagnostics.review.reach import reach_into, reach_lines
from iam.sources.organization.folder import open_folder
from tests.support.organizations.generate import ORG, PARTNER, VENDOR, document, generate, role

DATA = "200000000003"
CANONICAL = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
OUTSIDERS = {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": ORG}}


def deny(action: Any, condition: Any = None) -> dict[str, Any]:
    more = {"Condition": condition} if condition else {}
    return {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*", **more}


def allow(who: str, action: Any = "s3:GetObject", condition: Any = None) -> dict[str, Any]:
    more = {"Condition": condition} if condition else {}
    principal = "*" if who == "*" else {"AWS": who}
    return {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "arn:aws:s3:::b/*", **more}


@pytest.mark.parametrize(
    ("rcp", "statements", "expected"),
    [
        (None, [allow(VENDOR)], [(VENDOR, ["s3:GetObject"], True)]),
        (None, [allow("200000000001")], []),
        # Of which account a canonical user ID is, nothing tells.
        (None, [{**allow(VENDOR), "Principal": {"CanonicalUser": CANONICAL}}],
         [(CANONICAL[:12], ["s3:GetObject"], False)]),
        (deny("s3:*", OUTSIDERS), [allow(VENDOR)], []),
        (deny("s3:*", OUTSIDERS), [allow("*")], []),
        (deny("s3:*", {"StringNotEquals": {"aws:PrincipalOrgID": ORG}}), [allow(f"arn:aws:iam::{VENDOR}:role/r")], []),
        (deny("s3:PutObject", OUTSIDERS), [allow(VENDOR)], [(VENDOR, ["s3:GetObject"], True)]),
        (deny("s3:GetObject", OUTSIDERS), [allow(VENDOR, ["s3:GetObject", "s3:PutObject"])],
         [(VENDOR, ["s3:PutObject"], True)]),
        (deny("s3:*", {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}), [allow(VENDOR)],
         [(VENDOR, ["s3:GetObject"], False)]),
        # Whether it is this role, the ARN of the account does not say.
        (deny("s3:*", {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{VENDOR}:role/known"}}), [allow(VENDOR)],
         [(VENDOR, ["s3:GetObject"], False)]),
        # The resource's own Deny.
        (None, [allow("*"), {**allow("*", "s3:*", OUTSIDERS), "Effect": "Deny"}], []),
        (None, [allow("*"), {**allow(VENDOR, "s3:*"), "Effect": "Deny"}], [("*", ["s3:GetObject"], True)]),
        (None, [allow("*", condition={"StringEquals": {"aws:PrincipalOrgID": ORG}})], []),
        # It holds for a caller without the key: anybody.
        (None, [allow("*", condition={"ForAllValues:StringEquals": {"aws:PrincipalOrgID": ORG}})],
         [("*", ["s3:GetObject"], False)]),
        # Another organization's condition: whether an account outside is in that one is unknown.
        (None, [allow("*", condition={"StringEquals": {"aws:PrincipalOrgID": "o-partner123"}})],
         [("*", ["s3:GetObject"], False)]),
        (deny("s3:*", {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": [ORG, "o-partner123"]}}), [allow(VENDOR)],
         [(VENDOR, ["s3:GetObject"], False)]),
        (deny("s3:*", {"StringNotEqualsIfExists": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}}), [allow(VENDOR)],
         []),
        (None, [allow(VENDOR, condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})],
         [(VENDOR, ["s3:GetObject"], False)]),
    ],
)  # fmt: skip
def test_a_bucket(tmp_path: Path, rcp: Any, statements: list[Any], expected: list[Any]) -> None:
    made = generate(0)
    made.resources[DATA] = {"arn:aws:s3:::b": document(*statements)}
    made.rcp_denies["ou-plan-prod"] = [rcp] if rcp else []
    accounts = open_folder(made.write(tmp_path))
    opened = accounts.opened(DATA)
    assert opened is not None
    found = list(reach_into(opened, accounts))
    named = [(one.who.removeprefix("arn:aws:iam::")[:12], list(one.actions), one.certain) for one in found]
    assert named == expected
    assert all(one.certain or one.conditions or one.unless for one in found)


def test_a_pattern_of_actions_is_without_those_that_are_refused(tmp_path: Path) -> None:
    made = generate(0)
    made.resources[DATA] = {"arn:aws:s3:::b": document(allow(VENDOR, "s3:*"))}
    made.rcp_denies[DATA] = [deny("s3:GetObject", OUTSIDERS)]
    accounts = open_folder(made.write(tmp_path))
    (one,) = reach_into(accounts.opened(DATA), accounts)  # type: ignore[arg-type]
    assert one.actions == ("s3:*",) and one.refused == ("s3:GetObject",)
    assert "(s3:*, not s3:GetObject)" in "\n".join(reach_lines([one.json()]))


@pytest.mark.parametrize(("rcp", "count"), [(None, 2), (deny("sts:AssumeRole", OUTSIDERS), 0), (deny("s3:*"), 2)])
def test_roles(tmp_path: Path, rcp: Any, count: int) -> None:
    def trust(account: str) -> dict[str, Any]:
        who = {"AWS": f"arn:aws:iam::{account}:root"}
        return document({"Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole"})

    made = generate(0)
    made.roles[DATA] = [role(DATA, f"of-{each}", trust(each), {}) for each in (VENDOR, PARTNER, "200000000001")]
    made.rcp_denies[DATA] = [rcp] if rcp else []
    accounts = open_folder(made.write(tmp_path))
    found = list(reach_into(accounts.opened(DATA), accounts))  # type: ignore[arg-type]
    assert len(found) == count and all(one.certain for one in found)


def test_identity_providers_that_many_customers_share(tmp_path: Path) -> None:
    def trust(provider: str, key: str, value: str) -> dict[str, Any]:
        who = {"Federated": provider}
        block = {"StringEquals": {key: value}}
        action = "sts:AssumeRoleWithWebIdentity"
        return document({"Effect": "Allow", "Principal": who, "Action": action, "Condition": block})

    made = generate(0)
    own = f"arn:aws:iam::{DATA}:oidc-provider/"
    made.roles[DATA] = [
        role(DATA, "google", trust("accounts.google.com", "accounts.google.com:aud", "x"), {}),
        role(DATA, "github", trust(f"{own}token.actions.githubusercontent.com",
                                   "token.actions.githubusercontent.com:sub", "repo:a/b:*"), {}),
        role(DATA, "company", trust(f"{own}login.example.com", "login.example.com:sub", "x"), {}),
    ]  # fmt: skip
    accounts = open_folder(made.write(tmp_path))
    found = list(reach_into(accounts.opened(DATA), accounts))  # type: ignore[arg-type]
    assert [(one.resource.rpartition("/")[2], one.kind, one.certain) for one in found] == [
        ("google", "identity-provider", False),
        ("github", "identity-provider", False),
    ]
