"""What is said of fixes beside the change: whom else it lets in, in words; and that a refusal may be meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from diagnostics.access_denied.fixes.effects import siblings
from diagnostics.effect_words import any_name
from diagnostics.fix import FixKind
from diagnostics.fix_report import proof_of
from tests.support.accounts import alder
from tests.support.accounts.alder import RECORDS, TABLE, allow, deny, document, session
from tests.support.demo.failures import FAILURES
from tests.support.denials.invented import Read, denied, no, read
from tests.support.denials.invented import diagnosis_of as diagnosis_of_text
from tests.support.denials.of_demo import administrator, diagnosis_of

__all__ = ["administrator"]


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Read:
    path: Path = tmp_path_factory.mktemp("alder") / "alder.json"
    return read(path, alder.snapshot())


def test_whom_else_a_trust_policy_lets_in_is_said_in_words(administrator: Read) -> None:
    text = "Not authorized to perform sts:AssumeRoleWithSAML for role saml-admin"
    told = {"SAML__aud": "https://eu-west-1.signin.aws.amazon.com/saml", "saml__sub": "erin@harbor.example"}
    first = diagnosis_of_text(text, administrator, **told).fixes[0]
    assert first.gains == ("sts:AssumeRoleWithSAML by any other saml:sub",)


def test_what_stands_for_any_name_is_said_in_words() -> None:
    beside = [any_name(resource) for resource in siblings("arn:aws:s3:::assets/a/x")]
    assert "arn:aws:s3:::assets/a/<any other name>" in beside and not any("probe" in each for each in beside)


def test_reads_only_is_said_last_and_as_a_note(administrator: Read) -> None:
    fixes = diagnosis_of(FAILURES[0], "stated", administrator).fixes
    assert "only read harbor-assets, perhaps on purpose" in fixes[-1].title
    assert fixes[-1].kind is FixKind.NOTE and "s3:GetObject and s3:GetObjectVersion" in fixes[-1].text


@pytest.mark.parametrize(
    ("action", "resource", "said"),
    [
        ("s3:PutObject", f'"arn:aws:s3:::{RECORDS}/2026/a.pdf"', True),
        ("dynamodb:Query", TABLE, False),  # a read is no write
        ("dynamodb:DeleteItem", TABLE, False),  # it writes there otherwise
        ("sqs:SendMessage", alder.QUEUE, False),  # nothing is allowed there
    ],
)
def test_only_of_a_write_where_all_else_is_read(account: Read, action: str, resource: str, said: bool) -> None:
    text = denied(session("intake-api"), action, resource, no("identity-based policy", action))
    titles = [fix.title for fix in diagnosis_of_text(text, account).fixes]
    assert any("perhaps on purpose" in title for title in titles) is said, titles


def harbor(role: str) -> str:
    return f"arn:aws:sts::111122223333:assumed-role/{role}/ben"


@pytest.mark.parametrize(
    ("text", "caution"),
    [
        (
            denied(
                harbor("platform-operator"),
                "iam:CreateUser",
                "arn:aws:iam::111122223333:user/x",
                no("identity-based policy", "iam:CreateUser"),
            ),
            "iam:CreateUser was left out, perhaps on purpose",
        ),
        (
            denied(
                "arn:aws:iam::111122223333:user/ben",
                "sts:AssumeRole",
                "arn:aws:iam::111122223333:role/app/orders-api-lambda",
            ),
            (
                "The role trusts lambda.amazonaws.com: any other principal that assumes the role also gets all its "
                "permissions"
            ),
        ),
    ],
    ids=["left out", "of a service"],
)
def test_what_a_change_touches_besides_is_said(administrator: Read, text: str, caution: str) -> None:
    assert diagnosis_of_text(text, administrator).fixes[0].cautions[-1].endswith(caution)


def test_an_action_that_was_asked_of_everything_has_its_resource(account: Read) -> None:
    text = denied(session("intake-api"), "cloudwatch:PutMetricData", "*", no("identity-based policy", "x:y"))
    [first, *_] = diagnosis_of_text(text, account).fixes
    assert "does not act on a particular resource" in first.text and "text does not say" not in first.text


def test_a_bucket_of_unknown_owner_is_not_taken_for_the_caller_s(tmp_path: Path) -> None:
    """Another account's bucket has to allow the caller by its own policy, which was not read."""
    content = alder.snapshot()
    keeping = deny("s3:GetObject", "arn:aws:s3:::elsewhere/*", StringNotEquals={"aws:RequestedRegion": "eu-central-1"})
    inline = {"own": document(allow("s3:*"), keeping)}
    content["RoleDetailList"].append(alder.role("worker", alder.service("lambda"), inline=inline))
    text = denied(session("worker"), "s3:GetObject", '"arn:aws:s3:::elsewhere/x"')
    account = read(tmp_path / "alder.json", content)
    for told, said in (({}, True), ({"aws__ResourceAccount": alder.ID}, False)):
        first = diagnosis_of_text(text, account, aws__RequestedRegion="eu-west-1", **told).fixes[0]
        assert "unless" in proof_of(first) and "resource-based policy" in proof_of(first)
        assert (f"if the bucket belongs to account {alder.ID} (unknown here)" in proof_of(first)) is said


def test_a_set_of_changes_says_what_else_the_operation_needs(administrator: Read) -> None:
    """A text of ec2:RunInstances names the instance alone: image, subnet and the others are evaluated as well."""
    failure = next(each for each in FAILURES if each.id == "F22")
    fixes = [fix for fix in diagnosis_of(failure, "stated", administrator).fixes if fix.together]
    said = ["Also needed, and currently refused: ec2:RunInstances on image" in " ".join(fix.cautions) for fix in fixes]
    assert said[:1] == [True] and not any(said[1:])


def test_a_statement_of_the_bucket_s_own_policy_holds_whoever_owns_it(tmp_path: Path) -> None:
    content = alder.snapshot()
    inline = {"own": document(allow("s3:*"))}
    content["RoleDetailList"].append(alder.role("worker", alder.service("lambda"), inline=inline))
    text = denied(session("worker"), "s3:GetObject", '"arn:aws:s3:::elsewhere/x"')
    fixes = diagnosis_of_text(text, read(tmp_path / "alder.json", content), aws__RequestedRegion="eu-west-1").fixes
    added = [proof_of(fix) for fix in fixes if fix.title.startswith("Add s3:GetObject for worker to the bucket policy")]
    assert added and not any("the bucket belongs to" in each for each in added)


def test_what_else_a_change_opens_is_not_cut_by_the_endpoint_of_the_one_call(tmp_path: Path) -> None:
    """The caller's other calls need not go through the endpoint."""
    content = alder.snapshot()
    inline = {"own": document(allow("*"), deny("s3:*"))}
    content["RoleDetailList"].append(alder.role("worker", alder.service("lambda"), inline=inline))
    gate = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "arn:aws:s3:::ward/*"}
    endpoint = {"Id": "vpce-1", "ServiceName": "com.amazonaws.eu-central-1.s3", "Document": document(gate)}
    content["Rolescope"]["VpcEndpoints"] = [endpoint]
    text = denied(session("worker"), "s3:GetObject", '"arn:aws:s3:::ward/x"')
    account = read(tmp_path / "alder.json", content)
    given = {"aws__RequestedRegion": "eu-central-1", "aws__ResourceAccount": alder.ID}
    for told in ({}, {"aws__SourceVpce": "vpce-1"}):
        first = diagnosis_of_text(text, account, **given, **told).fixes[0]
        gained = {effect.action for effect in first.effects.found}
        assert {"s3:PutObject", "s3:CreateBucket"} <= gained, told


def test_an_exception_from_a_stated_deny_is_not_allowed_by_a_value_that_the_deny_spares(administrator: Read) -> None:
    """AWS says that the Deny of other Regions matched: then the organization's, of the same Regions, does as well."""
    failure = next(each for each in FAILURES if each.id == "F14")
    found = diagnosis_of_text(failure.text, administrator)
    exception = next(fix for fix in found.fixes if "exempt lake-etl-glue" in fix.title)
    said = "evaluated: still denied with this alone: a Deny statement in the service control policy denies it"
    assert proof_of(exception) == said


@pytest.mark.parametrize(
    ("action", "allowed", "denied_where"),
    [
        (
            "s3:ListBucket",
            {"NumericLessThan": {"s3:max-keys": "500"}},
            {"NumericGreaterThan": {"s3:max-keys": "100"}},
        ),
        (
            "s3:GetObject",
            {"DateLessThan": {"aws:TokenIssueTime": "2026-06-01T00:00:00Z"}},
            {"DateGreaterThan": {"aws:TokenIssueTime": "2026-01-01T00:00:00Z"}},
        ),
        (
            "s3:GetObject",
            {"StringLike": {"aws:RequestedRegion": ["eu-*"], "aws:requestedregion": ["*-1"]}},
            {"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}},
        ),
    ],
    ids=["numbers", "dates", "patterns"],
)
def test_a_value_between_those_that_policies_name_may_be_allowed(
    action: str, allowed: dict[str, Any], denied_where: dict[str, Any], tmp_path: Path
) -> None:
    """150 keys, a token of March and eu-west-1 are neither refused by the Allow nor spared by the Deny."""
    content = alder.snapshot()
    own = document(allow(action, **allowed), deny(action, **denied_where))
    content["RoleDetailList"].append(alder.role("worker", alder.service("lambda"), inline={"own": own}))
    bucket = "arn:aws:s3:::ward/x" if action == "s3:GetObject" else "arn:aws:s3:::ward"
    text = denied(session("worker"), action, f'"{bucket}"', "with an explicit deny in an identity-based policy")
    fixes = diagnosis_of_text(text, read(tmp_path / "alder.json", content), aws__ResourceAccount=alder.ID).fixes
    exception = next(fix for fix in fixes if "to remove statement 2" in fix.title)
    assert proof_of(exception).startswith("evaluated: allowed if ")
