"""Every rule of the gate by every command: the same document has the same outcome, whichever command saves it.

All rows with all checks: ``python -m tests.diagnostics.check.test_every_command`` (about two minutes).
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from diagnostics.check import run
from iam.gate.checks.run import CHECKS
from iam.gate.table import RULES, outcome_of, page_of
from iam.policy.document import Document
from tests.support.gate.commands import COMMANDS, IDENTITY_COMMANDS, House, differences, outcomes
from tests.support.texts.lint_cases import CASES, text_of

GITHUB = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
WEB = "sts:AssumeRoleWithWebIdentity"
AUDIENCE = {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}


def document(*statements: dict[str, Any]) -> Document:
    return Document(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


def trust(principal: Any, condition: Any = None, action: str = "sts:AssumeRole") -> Document:
    more = {} if condition is None else {"Condition": condition}
    return document({"Effect": "Allow", "Principal": principal, "Action": action, **more})


def allow(action: Any, resource: Any = "*", **more: Any) -> Document:
    return document({"Effect": "Allow", "Action": action, "Resource": resource, **more})


# Rules over what a document does: code, kind, a document that has it, and the outcome in every command.
RISKS: tuple[tuple[str, str, Document, str], ...] = (
    ("opens.stranger", "trust", trust({"AWS": "*"}), "dangerous"),
    ("opens.stranger", "trust", trust({"AWS": "444455556666"}), "dangerous"),
    ("trust.public", "trust", trust("*"), "dangerous"),
    ("trust.external-without-id", "trust", trust({"AWS": "arn:aws:iam::444455556666:root"}), "dangerous"),
    (
        "trust.wide-subject",
        "trust",
        trust(
            {"Federated": GITHUB},
            {"StringEquals": AUDIENCE, "StringLike": {"token.actions.githubusercontent.com:sub": "repo:acme/*"}},
            WEB,
        ),
        "dangerous",
    ),
    ("trust.closed", "trust", trust({"AWS": "444455556666"}, {"DateLessThan": {"aws:CurrentTime": "2020-01-01"}}), ""),
    ("service", "trust", trust({"Service": "lamda.amazonaws.com"}), "unusable"),
    ("service.unknown", "trust", trust({"Service": "brand-new-thing.amazonaws.com"}), "note"),
    ("principal.missing", "trust", trust({"AWS": "arn:aws:iam::111122223333:role/nobody"}), "refused"),
    ("principal.orphan", "trust", trust({"AWS": "AROAEXAMPLEEXAMPLE123"}), "refused"),
    (
        "provider.missing",
        "trust",
        trust(
            {"Federated": "arn:aws:iam::111122223333:oidc-provider/gitlab.com"},
            {"StringEquals": {"gitlab.com:aud": "x", "gitlab.com:sub": "project_path:a/b:ref_type:branch:ref:main"}},
            WEB,
        ),
        "unusable",
    ),
    ("trust.confused-deputy", "trust", trust({"Service": "sns.amazonaws.com"}), ""),
    ("permissions.admin", "identity", allow("*"), "dangerous"),
    ("opens.administrator", "identity", allow("*"), "dangerous"),
    ("escalation.path", "identity", allow("iam:PutRolePolicy"), "dangerous"),
    ("permissions.wildcard-action", "identity", allow("sqs:*", "arn:aws:sqs:us-east-1:111122223333:orders"), "note"),
    ("permissions.wildcard-resource", "identity", allow("sqs:SendMessage"), "note"),
    ("permissions.passrole-any", "identity", allow("iam:PassRole"), ""),
    ("statement.partition", "identity", allow("s3:GetObject", "arn:aws-cn:s3:::harbor/*"), "refused"),
    ("field.inline", "identity", allow("GetObject"), "refused"),
    ("refused.UNSUPPORTED_SID", "identity", allow("s3:GetObject", "arn:aws:s3:::b/*", Sid="a-b"), "refused"),
    ("refused.ARN_REGION_NOT_ALLOWED", "identity", allow("iam:GetRole", "arn:aws:iam:us-east-1::role/x"), "refused"),
)


def lint_rows() -> Iterator[tuple[str, str, Document]]:
    for code, kind, bad, _ in CASES:
        if kind in ("identity", "trust"):
            yield code, kind, Document(text_of(kind, bad))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House.built(tmp_path_factory.mktemp("house"))


def test_every_tenth_lint_code_has_the_same_outcome_in_every_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "ALL_CHECKS", CHECKS)  # those of the roles as a whole have rows of their own
    rows = list(lint_rows())
    assert len(rows) > 160
    assert list(differences(House.built(tmp_path), rows[::10])) == []  # all of them: see above


@pytest.mark.parametrize(("code", "kind", "bad", "outcome"), RISKS, ids=[row[0] for row in RISKS])
def test_every_risk_has_the_same_outcome_in_every_command(
    code: str, kind: str, bad: Document, outcome: str, house: House
) -> None:
    assert list(differences(house, [(code, kind, bad)])) == []
    if outcome:
        commands = [
            command for command in COMMANDS if outcome != "refused" or command not in ("copy", "rename", "roll back")
        ]
        from iam.policy.lint import PolicyKind

        assert {outcomes(command, bad, PolicyKind(kind), house, code) for command in commands} == {outcome}


def test_every_rule_has_its_page() -> None:
    for code in (*RULES, "lint.INVALID_ACTION", "validate.INVALID_ACTION", "refused.UNSUPPORTED_SID", "field.name"):
        assert page_of(code).startswith("https://docs.aws.amazon.com/"), code
        assert outcome_of(code).found, code
    assert all(rule.sentence.endswith(".") for rule in RULES.values())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        every = [*lint_rows(), *((code, kind, bad) for code, kind, bad, _ in RISKS)]
        found = list(differences(House.built(Path(folder)), every))
        print("\n".join(found))
        print(f"{len(every)} rules by {len(IDENTITY_COMMANDS)} commands: exceptions {len(found)}")
