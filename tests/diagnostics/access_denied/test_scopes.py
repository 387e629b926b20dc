"""The pattern that covers a refused resource and those of the next calls."""

from __future__ import annotations

import pytest

from diagnostics.access_denied.scopes import covering, scope
from diagnostics.fix import Note
from tests.support.denials.pasted import allow, diagnosed, no_identity, policy

ACCOUNT = "210987654321"
HERE = f"eu-west-1:{ACCOUNT}"
OBJECT = "arn:aws:s3:::lake/raw/2026/11/30/run-5f3a9c1e77.parquet"


@pytest.mark.parametrize(
    ("action", "asked", "written", "pattern"),
    [
        ("s3:GetObject", "arn:aws:s3:::lake/a/new/raw/x/9_b3", "arn:aws:s3:::lake/a/raw/*", "a/new/raw/*"),
        ("s3:GetObject", "arn:aws:s3:::lake/exports/one.csv", "arn:aws:s3:::lake/imports/*", "lake/exports/*"),
        ("s3:GetObject", "arn:aws:s3:::lake/exports/one.csv", "arn:aws:s3:::lake", "lake/*"),
        ("s3:PutObject", "arn:aws:s3:::lake/out/dt=2026-11-30/part-00001.gz", "", "lake/out/*"),
        ("s3:PutObject", "arn:aws:s3:::lake/20261130T101112.json", "", "lake/*"),
        ("rds:AddTagsToResource", f"arn:aws:rds:{HERE}:db:clean-20240426", f"arn:aws:rds:{HERE}:cluster:clean-*",
         "db:clean-*"),
        ("rds:DeleteDBSnapshot", f"arn:aws:rds:{HERE}:snapshot:nightly-2026-11-30", "", "snapshot:nightly-*"),
        ("sagemaker:CreateTrainingJob", f"arn:aws:sagemaker:{HERE}:training-job/churn-1764500000", "", "churn-*"),
        ("logs:PutLogEvents", f"arn:aws:logs:{HERE}:log-group:/app:log-stream:web/1", "", "log-group:/app:*"),
        ("dynamodb:Query", f"arn:aws:dynamodb:{HERE}:table/orders/index/by-day", "", "table/orders/index/*"),
        ("ecs:RunTask", f"arn:aws:ecs:{HERE}:task-definition/night:12", "", "task-definition/night:*"),
        ("ecs:StopTask", f"arn:aws:ecs:{HERE}:task/main/0123456789abcdef0123456789abcdef", "", "task/main/*"),
        ("batch:SubmitJob", f"arn:aws:batch:{HERE}:job-definition/load:4", "", "job-definition/load:*"),
        ("states:DescribeExecution", f"arn:aws:states:{HERE}:execution:flow:run-1", "", "execution:flow:*"),
    ],
)  # fmt: skip
def test_a_generated_name_is_covered_by_a_pattern(action: str, asked: str, written: str, pattern: str) -> None:
    found = scope(action, asked, [written] if written else [])
    assert found is not None
    assert found.pattern.endswith(pattern)
    assert found.covers


@pytest.mark.parametrize(
    ("action", "asked"),
    [
        ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/run-20261130"),
        ("kms:Decrypt", f"arn:aws:kms:{HERE}:key/5f3a9c1e-7777-4444-8888-0123456789ab"),
        ("ec2:StartInstances", f"arn:aws:ec2:{HERE}:instance/i-0123456789abcdef0"),
        ("bedrock:InvokeModel", "arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0"),
        ("sqs:SendMessage", f"arn:aws:sqs:{HERE}:orders"),
        ("s3:ListBucket", f"arn:aws:s3:::site-{ACCOUNT}-eu-west-1"),
        ("s3:GetObject", "arn:aws:s3:::lake/config.json"),
        ("lambda:InvokeFunction", f"arn:aws:lambda:{HERE}:function:site-{ACCOUNT}"),
        ("s3:GetObject", "arn:aws:s3:::lake/*"),
        ("cloudformation:CreateChangeSet", "arn:aws:cloudformation:eu-west-1:aws:transform/Serverless-2016-10-31"),
    ],
)
def test_a_name_that_stays_is_named_as_it_is(action: str, asked: str) -> None:
    assert scope(action, asked) is None


CLUSTER = f"arn:aws:redshift:{HERE}:dbname:cellar/*"


@pytest.mark.parametrize(
    ("action", "asked", "written"),
    [
        ("redshift:GetClusterCredentials", f"arn:aws:redshift:{HERE}:dbuser:cellar/ines", CLUSTER),
        ("redshift:JoinGroup", f"arn:aws:redshift:{HERE}:dbgroup:cellar/owners", CLUSTER),
        ("rds-db:connect", f"arn:aws:rds-db:{HERE}:dbuser:cluster-ABCDEFGHIJKL01234/app_20261130", ""),
        ("elasticache:Connect", f"arn:aws:elasticache:{HERE}:user:app-ines", f"arn:aws:elasticache:{HERE}:cache:app-*"),
    ],
)
def test_no_pattern_covers_another_user_of_a_database(action: str, asked: str, written: str) -> None:
    assert scope(action, asked, [written] if written else []) is None


@pytest.mark.parametrize(
    ("action", "asked", "written", "pattern"),
    [
        ("redshift:GetClusterCredentials", f"arn:aws:redshift:{HERE}:dbname:cellar/sales",
         f"arn:aws:redshift:{HERE}:dbuser:cellar/*", "dbname:cellar/*"),
        ("elasticache:Connect", f"arn:aws:elasticache:{HERE}:replicationgroup:app-1",
         f"arn:aws:elasticache:{HERE}:serverlesscache:app-*", "replicationgroup:app-*"),
    ],
)  # fmt: skip
def test_of_databases_themselves_a_pattern_covers_the_next(action: str, asked: str, written: str, pattern: str) -> None:
    found = scope(action, asked, [written])
    assert found is not None and found.pattern.endswith(pattern)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (f"arn:aws:redshift:{HERE}:dbuser:cellar/reports", True),
        (f"arn:aws:redshift:{HERE}:dbuser:cellar/report-*", False),
        (f"arn:aws:redshift:{HERE}:dbgroup:cellar/reports", False),
    ],
)
def test_the_only_user_that_a_statement_names_may_be_the_intended_one(other: str, said: bool) -> None:
    asked = f"arn:aws:redshift:{HERE}:dbuser:cellar/ines"
    written = allow("redshift:GetClusterCredentials", [other, CLUSTER])
    (fix,) = diagnosed(f"{no_identity('redshift:GetClusterCredentials', asked)}\n{policy(written)}").fixes
    assert fix.title.endswith(asked)
    assert (f"If the call was meant for {other}, correct the call" in str(fix.change)) is said


def test_what_a_statement_names_already_is_the_scope_of_a_further_action() -> None:
    assert covering(OBJECT, ["*"]) is None
    found = covering(OBJECT, ["arn:aws:s3:::lake", "arn:aws:s3:::lake/raw/*"])
    assert found is not None
    assert found.pattern == "arn:aws:s3:::lake/raw/*"


def test_the_fix_of_a_pasted_policy_covers_the_next_object() -> None:
    text = no_identity("s3:GetObject", OBJECT) + "\n" + policy(allow("s3:GetObject", "arn:aws:s3:::lake/curated/*"))
    (fix,) = diagnosed(text).fixes
    assert fix.title == "Allow s3:GetObject on arn:aws:s3:::lake/raw/2026/11/30/*"
    assert isinstance(fix.change, Note)
    assert "covers every object under raw/2026/11/30/" in fix.change.text


def test_of_an_inference_profile_the_models_are_named_too() -> None:
    profile = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/eu.amazon.nova-lite-v1:0"
    written = allow("bedrock:InvokeModel", "arn:aws:bedrock:us-east-1::foundation-model/eu.amazon.nova-lite-v1:0")
    answer = diagnosed(no_identity("bedrock:InvokeModel", profile) + "\n" + policy(written))
    assert "No model has the ID eu.amazon.nova-lite-v1:0" in answer.verdict.summary
    assert answer.fixes[0].title.endswith("and on its model")
    assert "arn:aws:bedrock:*::foundation-model/amazon.nova-lite-v1:0" in str(answer.fixes[0].change)
