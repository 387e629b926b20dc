"""The answer if a service cannot assume a role although the trust policy in the text names the service."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

TRUST = (
    '{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Principal": {{"Service": "{}"}}, "Action": '
    '"sts:AssumeRole"}}]}}'
)
GLUE = "Service is unable to assume provided role arn:aws:iam::111122223333:role/etl. Please verify role's TrustPolicy"
AMPLIFY = (
    "!!! Unable to assume specified IAM Role. Please ensure the selected IAM Role has sufficient permissions and the "
)
AMPLIFY += "Trust Relationship is configured correctly."


@pytest.mark.parametrize(
    ("refusal", "service"),
    [(f"Amplify Hosting\n[ERROR]: {AMPLIFY}", "amplify.amazonaws.com"), (f"AWS Glue: {GLUE}", "glue.amazonaws.com")],
)
@pytest.mark.parametrize(
    ("said", "waits"),
    [
        ("", True),
        ("The role is new.", True),
        ("Each build fails.", False),
        ("Still the same.", False),
        ("We waited an hour.", False),
        ("Does it fail every time?", True),
    ],
)
def test_waiting_is_advised_only_where_the_failure_may_pass(refusal: str, service: str, said: str, waits: bool) -> None:
    text = f"{refusal}\n\nTrust policy:\n{TRUST.format(service)}\n\n{said}\n"
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert summary.startswith("Wait a few seconds") == waits
    assert ("the failure continues" in summary) != waits


BUILD = (
    "InvalidInputException: CodeBuild is not authorized to perform: sts:AssumeRole on arn:aws:iam::111122223333:role/ci"
)
SCHEDULE = (
    "ValidationException: The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
)


@pytest.mark.parametrize(
    ("refusal", "named", "change"),
    [
        (BUILD, "codepipeline.amazonaws.com", '["codepipeline.amazonaws.com", "codebuild.amazonaws.com"]}. Before'),
        (SCHEDULE, "events.amazonaws.com", '["events.amazonaws.com", "scheduler.amazonaws.com"]}. Before'),
        (f"AWS Glue: {GLUE}", "ec2.amazonaws.com", '["ec2.amazonaws.com", "glue.amazonaws.com"]}. Before'),
        (BUILD, "datasync.amazonaws.com", '["datasync.amazonaws.com", "codebuild.amazonaws.com"]}. Before'),
        (
            SCHEDULE,
            "dms.amazonaws.com",
            "Before you remove dms.amazonaws.com from the trust policy, make sure that the service no longer uses",
        ),
        (f"AWS Glue: {GLUE}", "gleu.amazonaws.com", '"Service": "glue.amazonaws.com"}.'),
        (BUILD, "codebuilds.amazonaws.com", '"Service": "codebuild.amazonaws.com"}.'),
    ],
)
def test_a_service_that_the_role_trusts_stays_in_the_trust_policy(refusal: str, named: str, change: str) -> None:
    answer = collect_offline(read_text(f"{refusal}\n\nTrust policy:\n{TRUST.format(named)}\n")[0])
    assert change in str(answer.fixes[0].change)


ANYWHERE = (
    "aws_signing_helper credential-process --role-arn arn:aws:iam::111122223333:role/{role}\n"
    "AccessDeniedException: Unable to assume role for arn:aws:iam::111122223333:role/{role}\n"
)
ALL_THREE = '"sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"'


def _anywhere(actions: str, more: str = "") -> str:
    return (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": '
        f'"rolesanywhere.amazonaws.com"}}, "Action": [{actions}]{more}}}]}}'
    )


@pytest.mark.parametrize(
    ("actions", "missing"),
    [
        ('"sts:AssumeRole"', "sts:TagSession or sts:SetSourceIdentity"),
        ('"sts:TagSession", "sts:AssumeRole"', "sts:SetSourceIdentity"),
        ('"sts:AssumeRole", "sts:SetSourceIdentity"', "sts:TagSession"),
    ],
)
@pytest.mark.parametrize(
    "more",
    ["", ', "Condition": {"StringEquals": {"aws:PrincipalTag/x509Subject/CN": "backup-01"}}'],
)
def test_roles_anywhere_needs_three_actions_in_the_trust_policy(actions: str, missing: str, more: str) -> None:
    answer = collect_offline(read_text(f"{ANYWHERE.format(role='vm')}\ntrust:\n{_anywhere(actions, more)}\n")[0])
    assert f"perform sts:AssumeRole, but not {missing}: the service needs all 3 actions" in answer.verdict.summary
    assert ("Keep the conditions" in str(answer.fixes[0].change)) == bool(more)


@pytest.mark.parametrize("actions", [ALL_THREE, '"sts:*"', '"sts:AssumeRole", "sts:*Session", "sts:SetSource*"'])
def test_a_trust_policy_with_the_three_actions_lacks_none(actions: str) -> None:
    answer = collect_offline(read_text(f"{ANYWHERE.format(role='edge')}\ntrust:\n{_anywhere(actions)}\n")[0])
    assert "but not sts:" not in answer.verdict.summary


REDSHIFT = "ERROR:  Not authorized to get credentials of role arn:aws:iam::111122223333:role/load\n"


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("copy t from 's3://drop/2024/' iam_role 'arn:aws:iam::111122223333:role/load' format parquet;", "the cluster"),
        ("unload ('select 1') to 's3://drop/x' iam_role default;  -- serverless workgroup etl", "the namespace"),
        ("create external schema g from data catalog database 'glue' -- Glue and Athena", "the cluster"),
    ],
)
def test_redshifts_message_is_redshifts_whatever_its_sql_names(sql: str, what: str) -> None:
    text = f"{sql}\n{REDSHIFT}{TRUST.format('redshift.amazonaws.com')}"
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert f"not associated with {what}" in summary


def test_a_trust_policy_without_redshift_is_the_cause() -> None:
    text = f"copy t from 's3://drop/' ...\n{REDSHIFT}{TRUST.format('glue.amazonaws.com')}"
    assert "glue.amazonaws.com, not redshift" in collect_offline(read_text(text)[0]).verdict.summary


@pytest.mark.parametrize(("account", "met"), [("444455556666", False), ("111122223333", True)])
def test_firehose_sends_its_account_as_the_external_id(account: str, met: bool) -> None:
    trust = TRUST.format("firehose.amazonaws.com").replace(
        '"sts:AssumeRole"}', f'"sts:AssumeRole", "Condition": {{"StringEquals": {{"sts:ExternalId": "{account}"}}}}}}'
    )
    text = f"Firehose is unable to assume role arn:aws:iam::111122223333:role/clicks. Please check the role.\n{trust}"
    assert ("only if sts:ExternalId is" in collect_offline(read_text(text)[0]).verdict.summary) is not met


def test_what_a_message_advises_about_the_trust_policy_is_no_policy() -> None:
    text = (
        "The IAM role arn:aws:iam::111122223333:role/osis cannot be assumed by OpenSearch Ingestion. Make sure that "
        "the "
        "role's trust relationship has osis-pipelines.amazonaws.com as a trusted entity\n"
    )
    summary = collect_offline(read_text(text + TRUST.format("osis.amazonaws.com"))[0]).verdict.summary
    assert "names osis.amazonaws.com, not osis-pipelines.amazonaws.com" in summary


USER = "arn:aws:redshift:eu-west-1:111122223333:dbuser:dwh/{}"


@pytest.mark.parametrize(("said", "other"), [("User: ", True), ("User ", True), ("Nobody ", False)])
def test_the_database_user_is_read_with_and_without_a_colon(said: str, other: bool) -> None:
    trust = TRUST.format("redshift.amazonaws.com").replace(
        '"sts:AssumeRole"}',
        f'"sts:AssumeRole", "Condition": {{"StringEquals": {{"sts:ExternalId": "{USER.format("etl")}"}}}}}}',
    )
    message = f"{said}{USER.format('loader')} is not authorized to assume IAM Role arn:aws:iam::111122223333:role/copy"
    summary = collect_offline(read_text(f"ERROR: {message},Status 403\n{trust}")[0]).verdict.summary
    assert ("accepts the database user dwh/etl" in summary) is other


APP_RUNNER = "InvalidRequestException: Error in assuming {} role arn:aws:iam::111122223333:role/shop"


@pytest.mark.parametrize(
    ("kind", "named", "needed"),
    [
        ("instance", "build.apprunner.amazonaws.com", "tasks.apprunner.amazonaws.com"),
        ("access", "tasks.apprunner.amazonaws.com", "build.apprunner.amazonaws.com"),
    ],
)
def test_the_kind_of_app_runners_role_says_who_assumes_it(kind: str, named: str, needed: str) -> None:
    refusal = f"with aws_apprunner_service.shop: {APP_RUNNER.format(kind)}"
    wrong = collect_offline(read_text(f"{refusal}\n{TRUST.format(named)}")[0]).verdict.summary
    assert f"names {named}, not {needed}" in wrong
    assert "Wait a few seconds" not in wrong
    right = collect_offline(read_text(f"{refusal}\n{TRUST.format(needed)}")[0]).verdict.summary
    assert right.startswith("Wait a few seconds")


@pytest.mark.parametrize("principal", ["111122223333:root", "111122223333:role/a"])
def test_an_account_in_the_trust_policy_does_not_let_a_service_in(principal: str) -> None:
    trust = f'{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::{principal}"}},"Action":"sts:AssumeRole"}}'
    text = f"SageMaker is unable to perform: sts:AssumeRole on the role.\ntrust policy of the role:\n{trust}"
    answer = collect_offline(read_text(text)[0])
    assert "not sagemaker.amazonaws.com" in answer.verdict.summary
    assert 'Add "Service": "sagemaker.amazonaws.com"' in str(answer.fixes[0].change)
