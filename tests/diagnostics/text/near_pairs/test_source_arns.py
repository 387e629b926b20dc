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
