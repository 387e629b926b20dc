"""Messages whose words alone indicate their cause."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.texts.answers import causes_in

SHARED = "The resource you are attempting to share can only be shared within your AWS Organization."


@pytest.mark.parametrize(
    "text",
    [
        f"Error: error associating RAM Resource Share: InvalidParameterException: {SHARED}",
        f"OperationNotPermittedException: {SHARED}\n        status code: 400, request id: "
        f"11111111-2222-3333-4444-555555555555",
        f"An error occurred (OperationNotPermittedException) when calling the AssociateResourceShare operation: "
        f"{SHARED}",
    ],
)
def test_sharing_with_the_organization_is_turned_on_in_ram(text: str) -> None:
    assert "aws ram enable-sharing-with-aws-organization" in causes_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "OperationNotPermittedException: The resource share does not allow external principals",
        "the subnets are shared within our AWS organization",
    ],
)
def test_other_words_about_sharing_are_not_read_so(text: str) -> None:
    assert "enable-sharing-with-aws-organization" not in causes_in(text)


LOGS_LIMIT = (
    'Resource handler returned message: "Resource limit exceeded. (Service: CloudWatchLogs, Status Code: 400, Request '
    'ID: 1)" (HandlerErrorCode: ServiceLimitExceeded)'
)
EKS = "error: You must be logged in to the server (Unauthorized)"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{LOGS_LIMIT}\nThe resource is QueryLogResourcePolicy.", "at most 10 resource policies"),
        (f"AWS::Logs::ResourcePolicy DnsLogs CREATE_FAILED {LOGS_LIMIT}", "at most 10 resource policies"),
        (f"aws_cloudwatch_log_resource_policy: {LOGS_LIMIT} Resource policy for OpenSearch", "at most 10 resource"),
        (f"AWS::Logs::LogGroup Tasks CREATE_FAILED {LOGS_LIMIT}", ""),
        (LOGS_LIMIT.replace("CloudWatchLogs", "Athena") + " AWS::Logs::ResourcePolicy", ""),
        (f"terraform-aws-modules/eks/aws, version 20.8, then kubectl get nodes\n{EKS}", "Since version 20"),
        (f"terraform-aws-modules/eks v20: kubectl get pods\n{EKS}", "Since version 20"),
        (f"module terraform-aws-eks 21.1, kubectl:\n{EKS}", "Since version 20"),
        (f"terraform-aws-modules/eks/aws, version 19.2, then kubectl get nodes\n{EKS}", ""),
        (
            f"terraform-aws-modules/eks v20, enable_cluster_creator_admin_permissions = true, kubectl get pods\n{EKS}",
            "",
        ),
        ('Listing fails.\n"Condition": {"StringEquals": {"s3express:SessionMode": "ReadOnly"}}', "ask for ReadWrite"),
        ("s3express:SessionMode = ['ReadOnly'] and the program does not start: IAM issue", "ask for ReadWrite"),
        ('The mount failed.\n"s3express:SessionMode": ["ReadOnly"]', "ask for ReadWrite"),
        ('The mount failed.\n"s3express:SessionMode": "ReadWrite"', ""),
        ("The mount is ReadOnly and failed.", ""),
    ],
)
def test_a_limit_a_default_and_a_mode_are_known(text: str, said: str) -> None:
    known = ("at most 10 resource", "Since version 20", "ask for ReadWrite")
    assert [each for each in known if each in causes_in(text)] == (
        [] if not said else [k for k in known if k in said or said in k]
    )


@pytest.mark.parametrize("rest", ["", " Encoded authorization failure message: 4GIOHlTkIaWHQD0Q0m6Xnuub"])
def test_a_launch_template_needs_more_than_one_action_of_the_caller(rest: str) -> None:
    found = causes_in(
        "ValidationError: You must use a valid fully-formed launch template. You are not authorized to perform this "
        "operation. User: arn:aws:sts::111122223333:assumed-role/ci/s is not authorized to perform: ec2:RunInstances "
        f"on resource: arn:aws:ec2:eu-west-1:111122223333:launch-template/lt-0a1b2c3d.{rest}"
    )
    assert not found.startswith("Decode")


PORTAL = "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-3\n"
REFUSED_SIGN_IN = "exporter: the cached SSO session is expired or invalid, sign in again\n"


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        (f"{REFUSED_SIGN_IN}aws s3 ls --profile ops works.\n[profile ops]\nsso_session = corp\n{PORTAL}", True),
        (f"[profile ops]\nregion = eu-west-3\nsso_session=corp\n\n{PORTAL}The AWS CLI works.\n{REFUSED_SIGN_IN}", True),
        # The legacy form, a CLI that fails, too, and a profile of another kind.
        (f"{REFUSED_SIGN_IN}aws s3 ls works.\n[profile ops]\nsso_session = corp\nsso_start_url = https://x", False),
        (f"{REFUSED_SIGN_IN}aws s3 ls does not work.\n[profile ops]\nsso_session = corp\n{PORTAL}", False),
        (f"{REFUSED_SIGN_IN}aws s3 ls works.\n[profile ops]\ncredential_process = /opt/x\n{PORTAL}", False),
    ],
)
def test_a_program_that_does_not_read_a_section_of_sessions(text: str, unread: bool) -> None:
    (failure,) = read_text(text)
    causes = [each.cause for each in collect_offline(failure).first_look]
    assert any("does not read [sso-session] sections" in each for each in causes) is unread


VALKEY = (
    "WRONGPASS invalid username-password pair or user is disabled.\naws elasticache describe-users\n"
    '{{"UserId": "{}", "UserName": "{}", "Authentication": {{"Type": "{}"}}}}\n'
)


@pytest.mark.parametrize(
    ("own", "name", "kind", "differs"),
    [
        ("app-iam", "app", "iam", True),
        ("reader", "reader-1", "iam", True),
        ("app", "app", "iam", False),
        ("app-1", "app", "password", False),
    ],
)
def test_an_elasticache_user_for_iam_has_one_name(own: str, name: str, kind: str, differs: bool) -> None:
    said = f"the text has the ID {own} and the name {name}"
    assert (said in causes_in(VALKEY.format(own, name, kind))) is differs
