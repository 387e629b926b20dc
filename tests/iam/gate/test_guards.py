"""Dangerous and hopeless forms of a trust policy: the same outcome whichever command saves them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from iam.account import Account
from iam.changes.builders.roles import update_trust
from iam.changes.plan import Plan
from iam.creation.plan import create_role
from iam.creation.spec import RoleSpec
from iam.gate.checks.run import CHECKS
from iam.gate.planned_change import PlannedChange
from iam.gate.rule import Outcome
from iam.policy.document import Document
from tests.support.accounts.documents import policy

if TYPE_CHECKING:
    from iam.sources.aws.reader import AwsReader

ID = "111122223333"
GITHUB = "token.actions.githubusercontent.com"
_WEB = {"Federated": f"arn:aws:iam::{ID}:oidc-provider/{GITHUB}"}
_OTHER = {"AWS": "arn:aws:iam::444455556666:root"}
_SAML = {"Federated": f"arn:aws:iam::{ID}:saml-provider/HarborIdP"}
_ANYWHERE = {"Service": "rolesanywhere.amazonaws.com"}


def _trust(principal: Any, condition: Any = None, action: Any = "sts:AssumeRole") -> Document:
    statement = {"Effect": "Allow", "Principal": principal, "Action": action}
    return policy({**statement, "Condition": condition} if condition else statement)


def _github(operator: str, subject: str) -> Document:
    tested = {f"{GITHUB}:aud": "sts.amazonaws.com"}
    condition = {"StringEquals": tested} | (
        {} if operator == "StringEquals" else {operator: {f"{GITHUB}:sub": subject}}
    )
    if operator == "StringEquals":
        tested[f"{GITHUB}:sub"] = subject
    return _trust(_WEB, condition, "sts:AssumeRoleWithWebIdentity")


FORMS: dict[str, tuple[Document, str, Outcome]] = {
    "subject-never": (_github("StringLike", "repo:harbor/shop:ref:main"), "SUBJECT_NEVER_ISSUED", Outcome.UNUSABLE),
    "subject-literal": (_github("StringEquals", "repo:harbor/shop:*"), "SUBJECT_NEVER_ISSUED", Outcome.UNUSABLE),
    "subject-open": (
        _github("StringLike", "repo:harbor*/shop:*"),
        "SUBJECT_OPEN_TO_STRANGERS",
        Outcome.DANGEROUS,
    ),
    "external-id-any": (
        _trust(_OTHER, {"StringLike": {"sts:ExternalId": "*"}}),
        "EXTERNAL_ID_OF_WILDCARDS",
        Outcome.DANGEROUS,
    ),
    "external-id-account": (
        _trust(_OTHER, {"StringEquals": {"sts:ExternalId": ID}}),
        "EXTERNAL_ID_IS_ACCOUNT",
        Outcome.NOTE,
    ),
    "if-exists": (
        _trust(_OTHER, {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}),
        "OPTIONAL_KEY_WITH_IF_EXISTS",
        Outcome.DANGEROUS,
    ),
    "saml": (
        _trust(_SAML, {"StringEquals": {"SAML:aud": "https://signin.aws.amazom.com/saml"}}, "sts:AssumeRoleWithSAML"),
        "SAML_AUDIENCE_NEVER_SENT",
        Outcome.UNUSABLE,
    ),
    "firehose": (
        _trust({"Service": "firehose.amazonaws.com"}, {"StringEquals": {"sts:ExternalId": "stream"}}),
        "SERVICE_EXTERNAL_ID_NEVER_SENT",
        Outcome.UNUSABLE,
    ),
    "roles-anywhere": (
        _trust(_ANYWHERE, None, ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]),
        "ROLES_ANYWHERE_WITHOUT_TRUST_ANCHOR",
        Outcome.NOTE,
    ),
    "deputy": (_trust({"Service": "states.amazonaws.com"}), "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", Outcome.NOTE),
    "variable": (
        _trust(_OTHER, {"StringEquals": {"aws:PrincipalTag/team": "${aws:PrincipleTag/team}"}}),
        "UNKNOWN_VARIABLE",
        Outcome.UNUSABLE,
    ),
}


def _outcomes(plan: Plan, account: Account, reader: AwsReader) -> dict[str, Outcome]:
    change = PlannedChange.of(plan, account, reader)
    return {each.code: each.outcome for check in CHECKS for each in check(change)}


@pytest.mark.parametrize("form", FORMS)
def test_create_and_change_say_the_same_of_a_form(
    form: str, account: Account, demo_reader: AwsReader, spec: RoleSpec
) -> None:
    trust, code, outcome = FORMS[form]
    created = _outcomes(create_role(replace(spec, trust=trust), account, demo_reader), account, demo_reader)
    role = demo_reader.role("orders-api-lambda").value
    assert role is not None and role.trust is not None
    changed = _outcomes(update_trust(role, trust.text, account), account, demo_reader)
    assert created[f"lint.{code}"] is changed[f"lint.{code}"] is outcome
