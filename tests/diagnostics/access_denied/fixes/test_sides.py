"""What belongs to others is theirs: the other account's part, the identity provider's, the caller's own mistake."""

from __future__ import annotations

import json
from typing import Any

import pytest

from diagnostics.fix import Fix, UnreadLayer
from diagnostics.who import Who
from tests.support.accounts import alder
from tests.support.accounts.alder import ID, OTHER, allow, document, role, service, session, trust
from tests.support.denials.invented import Read, denied, diagnosis_of, no, read

ELSEWHERE = f"arn:aws:iam::{OTHER}:role/inbox"
QUEUE = f"arn:aws:sqs:eu-central-1:{OTHER}:inbox"
SAML = f"arn:aws:iam::{ID}:saml-provider/AlderIdP"


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Read:
    content = alder.snapshot()
    tagged = document(
        allow("s3:GetObject", "arn:aws:s3:::alder-vault/*", StringEquals={"aws:PrincipalTag/ward": "west"})
    )
    content["RoleDetailList"] += [
        role("courier", service("lambda"), inline={"none": document(allow("logs:PutLogEvents"))}),
        role("nurse", trust({"Federated": SAML}, ["sts:AssumeRoleWithSAML", "sts:TagSession"]), inline={"own": tagged}),
        role("robot", service("ec2"), inline={"own": tagged}),
    ]
    content["Rolescope"]["SAMLProviders"] = [{"Arn": SAML}]
    return read(tmp_path_factory.mktemp("alder") / "alder.json", content)


def fixes(account: Read, who: str, action: str, resource: str, *, code: str = "", **context: Any) -> tuple[Fix, ...]:
    text = code + denied(session(who), action, f'"{resource}"', no("identity-based policy", action))
    return diagnosis_of(text, account, **context).fixes


@pytest.mark.parametrize(("action", "resource"), [("sts:AssumeRole", ELSEWHERE), ("sqs:SendMessage", QUEUE)])
def test_between_accounts_both_sides_have_a_fix(account: Read, action: str, resource: str) -> None:
    ours, theirs = fixes(account, "courier", action, resource)[:2]
    layer = "trust" if action.startswith("sts:") else "resource"
    assert ours.verified is None and UnreadLayer(layer, OTHER) in ours.hangs_on
    assert theirs.who is Who.RESOURCE_OWNER and theirs.verified is None
    statement = json.loads(theirs.text[theirs.text.index("{") :])
    assert statement["Principal"] == {"AWS": alder.role_arn("courier")} and statement["Action"] == action


def test_a_saml_session_gets_its_tags_from_the_identity_provider(account: Read) -> None:
    found = fixes(account, "nurse", "s3:GetObject", "arn:aws:s3:::alder-vault/1", aws__RequestedRegion="eu-central-1")
    assert not any("sts assume-role" in fix.text for fix in found)
    assert "SAML/Attributes/PrincipalTag:ward" in found[0].text and "<AttributeValue>west<" in found[0].text


def test_a_services_session_gets_no_tags_but_the_roles_own(account: Read) -> None:
    (only,) = fixes(account, "robot", "s3:GetObject", "arn:aws:s3:::alder-vault/1", aws__RequestedRegion="eu-central-1")
    assert only.title == "Tag the role itself, so that the tag applies to all its sessions: ward=west"


def test_an_object_that_does_not_exist_is_told(account: Read) -> None:
    code = "An error occurred (AccessDenied) when calling the GetObject operation: "
    first = fixes(account, "courier", "s3:ListBucket", "arn:aws:s3:::alder-vault", code=code)[0]
    assert first.who is Who.CALLER and "does not exist" in first.title and "404" in first.text
    listing = "An error occurred (AccessDenied) when calling the ListObjectsV2 operation: "
    first = fixes(account, "courier", "s3:ListBucket", "arn:aws:s3:::alder-vault", code=listing)[0]
    assert "does not exist" not in first.title
