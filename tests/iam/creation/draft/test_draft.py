"""A draft: what is typed at its places, and the place that a faulty part of the spec comes from."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from iam.account import Account
from iam.creation.draft.faults import permission_faults
from iam.creation.draft.places import Place, What, recipe_answer, statement_part, trust_answer
from iam.creation.draft.role_draft import STATEMENTS, RoleDraft
from iam.creation.draft.rows import Rows, StatementDraft
from iam.creation.recipes.recipe import AccountFacts
from iam.creation.statements.action_table import action_table
from iam.creation.statements.parts import StatementPart
from iam.gate.checks.documents import lint_findings
from iam.gate.planned_change import documents_of

if TYPE_CHECKING:
    from iam.sources.aws.reader import AwsReader

FACTS = AccountFacts("111122223333", region="us-east-1")
WIDE = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]})
READ, SEND = (
    {StatementPart.ACTION: {0: "s3:GetObject"}, StatementPart.RESOURCE: {0: "arn:aws:s3:::harbor-assets/*"}},
    {
        StatementPart.ACTION: {0: "sqs:SendMessage", 1: "sqs:ReceiveMessage"},
        StatementPart.RESOURCE: {0: "arn:aws:sqs:us-east-1:111122223333:a", 3: "arn:aws:sqs:us-east-1:111122223333:b"},
        StatementPart.KEY: {1: "aws:SourceVpc"},
        StatementPart.VALUE: {1: "vpc-1"},
    },
)


def draft(first: dict[StatementPart, Rows] = READ) -> RoleDraft:
    """Statements in the first and third slot, with rows that are empty between."""
    made = RoleDraft(name="x", table=action_table())
    made.put(trust_answer("service", "service"), "lambda")
    made.statement_slots[0] = StatementDraft("Allow", first)
    made.statement_slots[2] = StatementDraft("Allow", SEND)
    return made


def reading_a_bucket(made: RoleDraft, bucket: str) -> None:
    made.put(Place(What.RECIPE), "read-bucket")
    made.put(recipe_answer(0, "read-bucket", "bucket"), bucket)


@pytest.mark.parametrize(
    ("part", "place"),
    [
        ("harbor-assets", statement_part(0, StatementPart.RESOURCE)),
        ("sqs:ReceiveMessage", statement_part(2, StatementPart.ACTION, 1)),
        (':b"', statement_part(2, StatementPart.RESOURCE, 3)),
        ("SourceVpc", statement_part(2, StatementPart.KEY, 1)),
        ("StringEquals", statement_part(2, StatementPart.KEY, 1)),
    ],
)
def test_a_line_of_the_statements_leads_to_its_place(part: str, place: Place) -> None:
    made = draft()
    [policy] = made.inline(FACTS)
    line = next(at for at, text in enumerate(policy.document.text.split("\n"), 1) if part in text)
    assert made.inline_place("statements", line, FACTS) == place


def test_a_finding_leads_to_the_policy_that_it_is_about(demo_reader: AwsReader) -> None:
    made = draft({StatementPart.ACTION: {0: "s3:GetObjekt"}, StatementPart.RESOURCE: {0: "*"}})
    made.put(Place(What.POLICY), WIDE.replace('"sqs:*"', '"s3:GetObjekt"', 1))
    reading_a_bucket(made, "harbor-assets")
    found_of = lint_findings(documents_of(made.spec(FACTS)), demo_reader)
    wrong = [each for each in found_of if each.code == "lint.INVALID_ACTION"]
    found = [made.inline_place(each.value, each.line, FACTS) for each in wrong]
    assert found == [statement_part(0, StatementPart.ACTION, 0), Place(What.POLICY)]
    assert made.inline_place("read-bucket", 3, FACTS) == recipe_answer(0, "read-bucket", "bucket")


def test_a_part_of_the_trust_policy_leads_to_its_answer() -> None:
    made = RoleDraft(trust_kind="account")
    nobody = "arn:aws:iam::111122223333:role/nobody"
    made.put(trust_answer("account", "principals"), nobody)
    assert made.trust_place(nobody) == trust_answer("account", "principals")
    assert made.trust_place("elsewhere") == Place(What.TRUST_KIND)


def test_policies_of_one_name_are_told_at_a_name_that_can_be_changed() -> None:
    made = draft()
    made.statements_name = "read-bucket"
    reading_a_bucket(made, "b-1")
    assert [each.place for each in permission_faults(made, FACTS, None)] == [STATEMENTS]
    # A document that is too large with the others is told where it comes from.
    large = {n: f"arn:aws:s3:::{'b' * 60}/{'p' * 600}{n}" for n in range(18)}
    made = draft({**READ, StatementPart.RESOURCE: large})
    assert [each.place for each in permission_faults(made, FACTS, None)] == [Place(What.EFFECT)]


def test_what_is_typed_is_found_at_its_place_and_nowhere_else() -> None:
    made = RoleDraft()
    places = [
        *(Place(what) for what in What if what not in (What.TRUST_ANSWER, What.RECIPE_ANSWER, What.STATEMENT)),
        trust_answer("github", "branch"),
        trust_answer("gitlab", "branch"),
        recipe_answer(1, "read-bucket", "bucket"),
        recipe_answer(2, "read-bucket", "bucket"),
        *(statement_part(3, part, row) for part in StatementPart for row in (0, 2)),
        Place(What.TAG, row=4),
        Place(What.ATTACHED, row=4),
    ]
    assert not any(made.typed(place) for place in places)
    for number, place in enumerate(places):
        made.put(place, f" {number}")
    assert [made.text(place).strip() for place in places] == [str(number) for number in range(len(places))]
    assert all(made.typed(place) for place in places)
    for place in places:
        made.put(place, "")
    assert not any(made.typed(place) for place in places)


def test_a_draft_like_a_role_has_all_of_it_but_its_name(demo_reader: AwsReader, account: Account) -> None:
    role = demo_reader.role("web-frontend-ec2").value
    assert role is not None
    spec = replace(RoleDraft.like(role), name="web-frontend-2").spec(AccountFacts.of(account))
    assert (spec.name, spec.instance_profile) == ("web-frontend-2", "web-frontend-2")
    assert (spec.trust, spec.path, spec.tags) == (role.trust, role.path, role.tags)
    assert (spec.inline, spec.attached) == (role.inline, tuple(each.arn for each in role.attached or ()))
    linked = account.role("AWSServiceRoleForECS")
    assert linked is not None
    assert RoleDraft.like(linked).full_path == "/"


OIDC = {"provider": "token.actions.githubusercontent.com", "audience": "harbor", "subject": "repo:harbor-demo/x:*"}
COGNITO = {"pool": "us-east-1:0a1b2c3d-0000-1111-2222-333344445555", "sign_in": "unauthenticated"}


@pytest.mark.parametrize(
    ("kind", "answers", "words"),
    [
        ("gitlab", {"group": "harbor/platform", "project": "site", "branch": "main"}, "site:ref_type:branch:ref:main"),
        ("gitlab", {"form": "id", "project_id": "42"}, '"gitlab.com:project_id": "42"'),
        ("terraform", {"organization": "harbor", "workspace": "prod", "run_phase": "apply"}, "run_phase:apply"),
        ("cognito", COGNITO, '"cognito-identity.amazonaws.com:amr": "unauthenticated"'),
        ("google", {"client_id": "666pro0", "subject": "1122334455"}, '"accounts.google.com:sub": "1122334455"'),
        ("oidc", OIDC, "repo:harbor-demo/x:*"),
        ("account", {"account": "999988887777", "mfa": "yes", "mfa_age": "900"}, "MultiFactorAuthAge"),
    ],
)
def test_the_trust_policy_shows_each_condition_before_it_is_complete(
    kind: str, answers: dict[str, str], words: str
) -> None:
    made = RoleDraft(trust_kind=kind)
    for key, answer in answers.items():
        made.put(trust_answer(kind, key), answer)
    document, why = made.trust_so_far(FACTS)
    assert document is not None and words in document.text, why
