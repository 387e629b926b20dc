"""What a paste shows beside its refusal decides which cause comes first: a program, a profile, an attached policy."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

NODE = "arn:aws:sts::111122223333:assumed-role/NodeInstanceRole/i-0ab12cd34ef56ab78"
ROLE = "arn:aws:sts::111122223333:assumed-role/ci/session"


def refused(action: str, resource: str, caller: str = ROLE, reason: str = "") -> str:
    return f"User: {caller} is not authorized to perform: {action} on resource: {resource}{reason}"


def unreasoned(action: str, resource: str, caller: str = ROLE) -> str:
    return refused(action, resource, caller, f" because no identity-based policy allows the {action} action")


def causes(text: str) -> list[str]:
    return [look.cause for look in collect_offline(read_text(text)[0]).first_look]


def test_an_action_that_no_pull_asks_for_is_not_a_pull() -> None:
    repository = "arn:aws:ecr:eu-central-1:111122223333:repository/charts/web"
    text = (
        "https://111122223333.dkr.ecr.eu-central-1.amazonaws.com/v2: response status code 403: denied: "
        + unreasoned("ecr:ListImages", repository, NODE)
    )
    assert not [each for each in causes(text) if "ecr:BatchGetImage" in each]
    assert causes(f"helmchart: {text}")[0].startswith("Flux calls with")


def test_auto_mode_comes_before_what_is_usual_of_a_launch() -> None:
    text = unreasoned("ec2:RunInstances", "arn:aws:ec2:us-west-2:111122223333:instance/*")
    assert causes(f"{text}\nEKS Auto Mode, NodeClass with tags")[0].startswith(
        "EKS Auto Mode calls with the cluster's role"
    )


IDENTITY = '$ aws sts get-caller-identity{}\n{{"Account":"111122223333","Arn":"' + ROLE + '"}}\n'
OTHER_PROGRAM = (
    "✕  operation error S3: GetObject, https response error StatusCode: 403, api error AccessDenied: Access Denied\n"
)


def test_a_profile_that_only_the_cli_was_told_is_not_the_program_s() -> None:
    text = f"sst deploy\n{OTHER_PROGRAM}{IDENTITY.format(' --profile dev')}"
    assert causes(text)[0].startswith("Only the AWS CLI was told the profile dev.")
    assert read_text(text)[0].principal is None


@pytest.mark.parametrize(
    "text",
    [
        f"sst deploy\n{OTHER_PROGRAM}{IDENTITY.format('')}",
        f"AWS_PROFILE=dev sst deploy\n{OTHER_PROGRAM}{IDENTITY.format(' --profile dev')}",
        "$ aws s3 cp s3://a/b . --profile dev\nfatal error: An error occurred (403) when calling the HeadObject "
        f"operation: Forbidden\n{IDENTITY.format(' --profile dev')}",
    ],
)
def test_the_same_credentials_name_the_caller(text: str) -> None:
    assert read_text(text)[0].principal == ROLE
    assert not [each for each in causes(text) if each.startswith("Only the AWS CLI")]


EFS = "Access Denied. Please ensure you have the right AWS permissions: Access denied"


def test_a_policy_that_the_text_says_is_attached_is_not_asked_for_first() -> None:
    assert "attach AmazonEFSCSIDriverPolicy" in causes(EFS)[0]
    assert "attach AmazonEFSCSIDriverPolicy" not in causes(f"{EFS}\nthe role has AmazonEFSCSIDriverPolicy")[0]
    assert "attach AmazonEFSCSIDriverPolicy" in causes(f"{EFS}\nthe role has not AmazonEFSCSIDriverPolicy")[0]


def test_tags_of_one_s_own_lead_where_the_text_shows_them() -> None:
    assert causes(f"controller:\n  tags:\n    team: data\n{EFS}")[0].startswith("The driver sets tags of its own")


USER = "arn:aws:iam::111122223333:user/dev"


@pytest.mark.parametrize(
    "said", ["my user has AdministratorAccess", "I am an admin user here", "it has full admin rights"]
)
def test_who_may_do_everything_lacks_no_action(said: str) -> None:
    text = f"{refused('glue:GetTable', 'arn:aws:glue:eu-west-1:111122223333:table/a/b', USER)}\n{said}"
    assert causes(text)[0].startswith("AdministratorAccess allows every action")


def test_a_denial_of_administrator_access_is_no_administrator() -> None:
    text = refused("glue:GetTable", "arn:aws:glue:eu-west-1:111122223333:table/a/b", USER)
    assert not causes(f"{text}\nit is not attached to AdministratorAccess")[0].startswith("AdministratorAccess")


def test_the_permission_set_administrator_access_does_not_lack_an_action() -> None:
    caller = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_AdministratorAccess_0a1b2c3d4e5f6a7b/ann"
    text = refused("glue:GetTable", "arn:aws:glue:eu-west-1:111122223333:table/a/b", caller)
    assert not [each for each in causes(text) if "lacks the action" in each]


def test_a_role_that_an_administrator_hands_over_is_looked_at_first() -> None:
    role = "arn:aws:iam::111122223333:role/AgentRole"
    text = f'User: {USER} is not authorized to perform: bedrock:CreateAgent\nagentResourceRoleArn: "{role}"\n'
    assert causes(f"{text}my user has AdministratorAccess")[0].startswith("The call hands over the role AgentRole")


def test_a_user_s_keys_beside_a_profile_that_signs_in() -> None:
    profile = "AWS_PROFILE=dev (sso_session = acme, sso_account_id = 444455556666)\n"
    text = profile + unreasoned("s3:CreateBucket", "arn:aws:s3:::web", USER)
    assert "user dev of another account than 444455556666" in causes(text)[0]


def test_a_volume_from_a_snapshot_is_asked_for_on_the_snapshot() -> None:
    text = unreasoned("ec2:CreateVolume", "arn:aws:ec2:eu-north-1:111122223333:snapshot/snap-0f1e2d3c4b5a69788")
    assert causes(f'could not create volume "pvc-1" in EC2: {text}')[0].startswith(
        "A volume that is made from a snapshot"
    )


def test_a_service_linked_role_comes_before_the_program_that_wants_it() -> None:
    linked = "aws-service-role/emr-containers.amazonaws.com/AWSServiceRoleForAmazonEMRContainers"
    role = f"arn:aws:iam::111122223333:role/{linked}"
    text = f"Not Authorized to perform iam:CreateServiceLinkedRole on resource {role}\nemrcontainers.services.k8s.aws"
    assert causes(text)[0].startswith("The service-linked role does not exist yet")


def test_an_image_from_a_parameter_is_read_by_who_launches() -> None:
    text = "SsmAccessDenied: Access denied to SSM\nCreateFleet, ImageId: resolve:ssm:/ci/ami-id"
    assert "the parameter /ci/ami-id (resolve:ssm:)" in causes(text)[0]


def test_cloudfront_calls_s3_as_a_service() -> None:
    text = "<Code>AccessDenied</Code><Message>Access Denied</Message>\nx-cache: Error from cloudfront, server: AmazonS3"
    assert "cloudfront.amazonaws.com" in causes(text)[0]
    assert causes(text)[1].startswith("The object does not exist")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("PoliciesPerRole: 10", "Service Quotas raises it up to 25 (L-0DA4ABF3)."),
        ("GroupsPerUser: 10", "It cannot be raised."),
        ("ACLSizePerRole: 2048", "2048 characters of a role's trust policy."),
    ],
)
def test_a_quota_of_iam_says_what_it_counts_and_whether_there_is_more(said: str, told: str) -> None:
    text = (
        f"An error occurred (LimitExceeded) when calling the AttachRolePolicy operation: Cannot exceed quota for {said}"
    )
    assert told in causes(text)[0]
    assert len(causes(text)) == 1


def test_a_bootstrap_bucket_that_is_left_over() -> None:
    text = (
        "CREATE_FAILED | AWS::S3::Bucket | StagingBucket\nResource handler returned message: "
        '"cdk-hnb659fds-assets-111122223333-us-east-2 already exists (Service: S3, Status Code: 0)"\nROLLBACK_COMPLETE'
    )
    assert causes(text)[0].startswith(
        "An earlier bootstrap left the bucket cdk-hnb659fds-assets-111122223333-us-east-2"
    )
    fix = collect_offline(read_text(text)[0]).fixes[0]
    assert "Look in AWS::S3::Bucket" not in fix.title


ISSUER = "https://token.actions.githubusercontent.com"
SUBJECT = f'{{ "sub": "repo:acme/infra:ref:refs/heads/feature", "aud": "a", "iss": "{ISSUER}" }}'


def test_conditions_without_their_braces_are_held_against_the_token() -> None:
    text = (
        f"Not authorized to perform sts:AssumeRoleWithWebIdentity\n{SUBJECT}\n"
        '"StringLike": {"token.actions.githubusercontent.com:sub": "repo:acme/infra:ref:refs/heads/main"}'
    )
    assert collect_offline(read_text(text)[0]).verdict.cause == "trust.condition-unmet"


def test_a_subject_of_names_alone_has_no_numbers() -> None:
    text = f"GitHub Actions: Not authorized to perform sts:AssumeRoleWithWebIdentity\n{SUBJECT}"
    assert not [each for each in causes(text) if "numbers" in each]


def test_a_resource_member_alone_is_no_policy() -> None:
    text = refused("iam:PassRole", "arn:aws:iam::111122223333:role/S") + (
        '\n"Resource": "arn:aws:states:::aws-sdk:scheduler:createSchedule"'
    )
    verdict = collect_offline(read_text(text)[0]).verdict
    assert not verdict.cause.endswith("resource-mismatch")
