"""An ARN of another form than the resource's type is corrected in its statement, and no statement is added."""

from __future__ import annotations

import pytest

from diagnostics.access_denied.pasted.malformed_arns import malformed_arn, with_empty_name, with_region_of
from diagnostics.diagnose import collect_offline, read_text

HERE = "eu-west-1:111122223333"


@pytest.mark.parametrize(
    ("action", "written", "asked", "right"),
    [
        ("ecr:PutImage", f"ecr:{HERE}:web/front", f"ecr:{HERE}:repository/web/front", "repository/web/front"),
        ("dynamodb:Query", f"dynamodb:{HERE}:table:orders", f"dynamodb:{HERE}:table/orders", "table/orders"),
        ("lambda:InvokeFunction", f"lambda:{HERE}:function/a-*", f"lambda:{HERE}:function:a-b", "function:a-*"),
        ("ssm:GetParameter", f"ssm:{HERE}:/app/*", f"ssm:{HERE}:parameter/app/x", "parameter/app/*"),
        ("logs:PutLogEvents", f"logs:{HERE}:log-group/a:*", f"logs:{HERE}:log-group:a:log-stream:b", "log-group:a:*"),
        ("sqs:SendMessage", "sqs::111122223333:orders", f"sqs:{HERE}:orders", f"{HERE}:orders"),
        ("sqs:SendMessage", "sqs:eu-west-1:orders", f"sqs:{HERE}:orders", f"{HERE}:orders"),
        ("iam:PassRole", "iam:111122223333:role/x", "iam::111122223333:role/x", "iam::111122223333:role/x"),
        ("iam:PassRole", "iam::111122223333:roles/x", "iam::111122223333:role/x", ":role/x"),
        ("s3:GetObject", f"s3:{HERE}:shop/*", "s3:::shop/a/b", "s3:::shop/*"),
        ("s3:GetObject", "s3:::shop/", "s3:::shop/a/b", "s3:::shop/*"),
        ("ssm:SendCommand", f"ssm:{HERE}:instance/i-1", f"ec2:{HERE}:instance/i-1", "ec2:"),
        ("bedrock:InvokeModel", f"bedrock:{HERE}:foundation-model/a", "bedrock:eu-west-1::foundation-model/a", "::"),
    ],
)
def test_the_form_of_the_type_is_written_with_the_statement_s_own_name(
    action: str, written: str, asked: str, right: str
) -> None:
    found = malformed_arn(action, [f"arn:aws:{written}"], f"arn:aws:{asked}", alone=False)
    assert found is not None and right in found.right
    assert found.written == f"arn:aws:{written}"


@pytest.mark.parametrize(
    ("action", "written", "asked"),
    [
        ("ecr:PutImage", f"ecr:{HERE}:api/front", f"ecr:{HERE}:repository/web/front"),
        ("ecr:PutImage", f"ecr:{HERE}:repository/web/frontend", f"ecr:{HERE}:repository/web/front"),
        ("sqs:SendMessage", "sqs:us-east-1:111122223333:orders", f"sqs:{HERE}:orders"),
        ("s3:GetObject", "s3:::shop", "s3:::shop/a/b"),
        ("s3:ListBucket", "s3:::shop/*", "s3:::shop"),
        ("kms:Decrypt", f"kms:{HERE}:alias/a", f"kms:{HERE}:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
        ("dynamodb:Query", f"dynamodb:{HERE}:orders", f"dynamodb:{HERE}:table/*"),
        (
            "quicksight:GenerateEmbedUrlForRegisteredUser",
            f"quicksight:{HERE}:dashboard/*",
            f"quicksight:{HERE}:user/a/b",
        ),
    ],
)
def test_another_resource_or_type_is_no_malformed_arn(action: str, written: str, asked: str) -> None:
    assert malformed_arn(action, [f"arn:aws:{written}"], f"arn:aws:{asked}", alone=True) is None


def test_an_arn_of_another_type_is_kept_for_the_other_actions() -> None:
    cluster, asked = f"arn:aws:eks:{HERE}:cluster/a-*", f"arn:aws:eks:{HERE}:podidentityassociation/a-b/a-1"
    assert malformed_arn("eks:DeletePodIdentityAssociation", [cluster], asked, alone=False) is None
    assert malformed_arn("eks:DeletePodIdentityAssociation", [cluster], asked, alone=True) is not None


def denied(action: str, on: str, document: str) -> str:
    text = (
        f"User: arn:aws:sts::111122223333:assumed-role/push/ci is not authorized to perform: {action} on resource: "
        f"{on} because no identity-based policy allows the {action} action\npolicy of push:\n{document}"
    )
    found = collect_offline(read_text(text)[0])
    return f"{found.verdict.summary}\n" + "\n".join(f"{fix.title}: {fix.change}" for fix in found.fixes)


def test_the_statement_is_corrected_and_none_is_added() -> None:
    on = f"arn:aws:ecr:{HERE}:repository/web"
    said = denied("ecr:PutImage", on, f'{{"Effect":"Allow","Action":"ecr:*","Resource":"arn:aws:ecr:{HERE}:web"}}')
    assert f"Write {on} in the Resource of statement 1" in said
    assert "an ARN of the type repository is arn:PARTITION:ecr:REGION:ACCOUNT:repository/" in said
    assert "Add the statement" not in said


def test_an_arn_without_its_account_is_quoted_as_it_is() -> None:
    on, short = f"arn:aws:sqs:{HERE}:orders", "arn:aws:sqs:eu-west-1:orders"
    said = denied("sqs:SendMessage", on, f'{{"Effect":"Allow","Action":["sqs:SendMessage"],"Resource":"{short}"}}')
    assert f"names {short}, not {on}: an ARN of the type queue" in said
    assert f"Write {on} in the Resource of statement 1" in said


@pytest.mark.parametrize(
    ("action", "written", "asked", "right"),
    [
        ("s3:GetObject", "s3:::/*", "s3:::data/in/x.csv", "s3:::data/*"),
        ("s3:ListBucket", "s3:::", "s3:::data", "s3:::data"),
        ("dynamodb:Query", f"dynamodb:{HERE}:table//index/*", f"dynamodb:{HERE}:table/a/index/b", "table/a/index/*"),
        (
            "secretsmanager:GetSecretValue",
            f"secretsmanager:{HERE}:secret:",
            f"secretsmanager:{HERE}:secret:a-AbCdEf",
            "",
        ),
        ("s3:GetObject", "s3:::other/*", "s3:::data/in/x.csv", None),
        ("s3:GetObject", "s3:::/out/*", "s3:::data/in/x.csv", None),
        ("logs:PutLogEvents", f"logs:{HERE}:log-group:*", f"logs:{HERE}:log-group:a:log-stream:b", None),
    ],
)
def test_an_empty_name_is_one_that_a_variable_did_not_fill(
    action: str, written: str, asked: str, right: str | None
) -> None:
    found = with_empty_name(action, [f"arn:aws:{written}"], f"arn:aws:{asked}")
    assert (found is None) is (right is None)
    assert found is None or found[1].endswith(right or "")


def test_the_variable_of_an_empty_name_gets_a_value() -> None:
    document = '{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":["arn:aws:s3:::/*"]}'
    said = denied("s3:GetObject", "arn:aws:s3:::data/in/x.csv", document)
    assert "the name in arn:aws:s3:::/* is empty" in said and "be arn:aws:s3:::data/*" in said
    assert "Add the statement" not in said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (f'instance/*","arn:aws:ec2:{HERE}:subnet/*', "to statement 1"),
        (f'volume/vol-1","arn:aws:ec2:{HERE}:subnet/*', "Add the statement"),
    ],
)
def test_a_type_that_a_statement_leaves_out_is_added_to_it(written: str, said: str) -> None:
    on = f"arn:aws:ec2:{HERE}:volume/vol-2"
    document = f'"Action":"ec2:RunInstances","Resource":["arn:aws:ec2:{HERE}:{written}"]'
    assert said in denied("ec2:RunInstances", on, document)


@pytest.mark.parametrize(("name", "same"), [("Payments/Key", True), ("billing/key", False)])
def test_a_secrets_name_in_another_letter_case_is_compared(name: str, same: bool) -> None:
    document = f'{{"Effect":"Allow","Action":"secretsmanager:*","Resource":"arn:aws:secretsmanager:{HERE}:secret:'
    said = denied("secretsmanager:GetSecretValue", name, f'{document}payments/key-??????"}}')
    assert ("Names in ARNs are case-sensitive" in said) is same
    assert ("Add the statement" in said) is not same


@pytest.mark.parametrize(("heading", "found"), [("packer policy", True), ("tobias policy", False), ("policy", False)])
def test_a_part_of_a_callers_name_says_whose_a_document_is(heading: str, found: bool) -> None:
    on = f"arn:aws:sns:{HERE}:alerts"
    text = (
        f"User: arn:aws:sts::111122223333:assumed-role/packer-build/p1 is not authorized to perform: sns:Publish on "
        f"resource: {on} because no identity-based policy allows the sns:Publish action\n"
        "User: arn:aws:iam::111122223333:user/tobias is not authorized to perform: sts:DecodeAuthorizationMessage on "
        "resource: * because no identity-based policy allows the sts:DecodeAuthorizationMessage action\n"
        f'{heading}: {{"Effect":"Allow","Action":"sns:Publish","Resource":"arn:aws:sns:{HERE}:builds"}}'
    )
    answers = [collect_offline(each) for each in read_text(text)]
    assert any("names arn:aws:sns:eu-west-1:111122223333:builds" in each.verdict.summary for each in answers) is found


@pytest.mark.parametrize(
    ("written", "asked", "right"),
    [
        ("s3:::logs-eu-west-1/*", "s3:::logs-us-east-2/a/b", "s3:::logs-us-east-2/*"),
        (f"sqs:{HERE}:jobs-us-east-1", f"sqs:{HERE}:jobs-eu-west-1", f"sqs:{HERE}:jobs-eu-west-1"),
        ("s3:::logs-eu-west-1/*", "s3:::data-us-east-2/a/b", ""),
        ("s3:::logs-web-app-1/*", "s3:::logs-web-app-2/a", ""),
        (f"sqs:{HERE}:jobs", f"sqs:{HERE}:jobs-eu-west-1", ""),
    ],
)
def test_a_name_with_another_region_is_the_same_name(written: str, asked: str, right: str) -> None:
    found = with_region_of([f"arn:aws:{written}"], f"arn:aws:{asked}")
    assert (found[0] if found else "") == (f"arn:aws:{right}" if right else "")
