"""The resource that a service acts for was renamed, and a condition on aws:SourceArn has its old ARN."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text


def denied(service: str, arn: str, more: str) -> str:
    return (
        f"{service} is not authorized to perform: sts:AssumeRole on arn:aws:iam::444455556666:role/run\n"
        f'{{"Effect":"Allow","Principal":{{"Service":"{service.lower()}.amazonaws.com"}},"Action":"sts:AssumeRole",'
        f'"Condition":{{"ArnEquals":{{"aws:SourceArn":"{arn}"}}}}}}\n{more}'
    )


MACHINE = "arn:aws:states:us-east-1:444455556666:stateMachine:orders"
PROJECT = "arn:aws:codebuild:eu-north-1:444455556666:project/site"


@pytest.mark.parametrize(
    ("text", "new"),
    [
        (
            denied("States", MACHINE, "the state machine was renamed from orders to orders-main on monday"),
            "orders-main",
        ),
        (denied("CodeBuild", PROJECT, 'we replaced the old project with "shop" and kept the role'), "shop"),
    ],
)
def test_the_arn_of_the_renamed_resource_is_the_fix(text: str, new: str) -> None:
    answer = collect_offline(read_text(text)[0])
    old = MACHINE if "States" in text else PROJECT
    assert old in answer.verdict.summary
    assert answer.verdict.cause == "trust.condition-unmet"
    assert f"Write {old.rpartition('/' if '/' in old else ':')[0]}" in answer.fixes[0].change.text  # type: ignore[union-attr]
    assert new in answer.fixes[0].title


@pytest.mark.parametrize(
    "more",
    [
        "the role was renamed to run-main",
        "the project was created with terraform-1.9",
        "we moved the project to Frankfurt",
    ],
)
def test_another_change_is_no_new_name(more: str) -> None:
    assert "took its place" not in collect_offline(read_text(denied("CodeBuild", PROJECT, more))[0]).verdict.summary


POOL = "arn:aws:cognito-idp:eu-west-1:444455556666:userpool/eu-west-1_aBcDeFgH1"
TRIGGER = (
    "UserLambdaValidationException: PostConfirmation invocation failed due to error AccessDeniedException.\n"
    '{{"Effect":"Allow","Principal":{{"Service":"cognito-idp.amazonaws.com"}},"Action":"lambda:InvokeFunction",'
    f'"Resource":"*","Condition":{{{{"ArnLike":{{{{"AWS:SourceArn":"{POOL}"}}}}}}}}}}}}\n{{}}'
)
DISTRIBUTION = "arn:aws:cloudfront::444455556666:distribution/E1AAAABBBBCCC2"
OBJECT = (
    "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>\n"
    '{{"Effect":"Allow","Principal":{{"Service":"cloudfront.amazonaws.com"}},"Action":"s3:GetObject",'
    f'"Resource":"arn:aws:s3:::films/*","Condition":{{{{"StringEquals":{{{{"AWS:SourceArn":"{DISTRIBUTION}"'
    "}}}}}}\n{}"
)


@pytest.mark.parametrize(
    ("text", "new"),
    [
        (TRIGGER.format("the new pool is eu-west-1_Zz9yYx8Ww"), "eu-west-1:444455556666:userpool/eu-west-1_Zz9yYx8Ww"),
        (TRIGGER.format('"UserPoolId": "us-east-2_Zz9yYx8Ww"'), "us-east-2:444455556666:userpool/us-east-2_Zz9yYx8Ww"),
        (OBJECT.format("E2XXXXYYYYZZZ9\tfilms.s3.eu-west-1.amazonaws.com\tf.example"), "distribution/E2XXXXYYYYZZZ9"),
        (OBJECT.format("| E2XXXXYYYYZZZ9 | d1abcdefghijkl.cloudfront.net |"), "distribution/E2XXXXYYYYZZZ9"),
    ],
)
def test_the_pool_or_distribution_of_the_text_is_compared_with_the_condition(text: str, new: str) -> None:
    answer = collect_offline(read_text(text)[0])
    old = POOL if "cognito" in text else DISTRIBUTION
    assert answer.verdict.cause == "resource.condition-unmet"
    assert f"{new} instead of {old}" in answer.fixes[0].change.text  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    [
        TRIGGER.format("pool eu-west-1_aBcDeFgH1"),
        TRIGGER.format("pools eu-west-1_Zz9yYx8Ww and eu-west-1_Uu7tTs6Rr"),
        OBJECT.format("E1AAAABBBBCCC2\tfilms.s3.eu-west-1.amazonaws.com"),
        OBJECT.format("ETag E2XXXXYYYYZZZ9"),
    ],
)
def test_the_same_pool_or_several_do_not_differ(text: str) -> None:
    assert collect_offline(read_text(text)[0]).verdict.cause != "resource.condition-unmet"
