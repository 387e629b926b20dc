"""AWS's managed policies that a paste says are attached."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.denials.pasted import diagnosed, no_identity

CREATE = (
    "An error occurred (AccessDenied): User: arn:aws:iam::111122223333:user/builder is not authorized to perform: "
    "iam:CreateRole on resource: arn:aws:iam::111122223333:role/x because no identity-based policy allows the "
    "iam:CreateRole action\n"
)


def test_aws_s_managed_policies_that_the_text_names_are_evaluated() -> None:
    answer = diagnosed(f"{CREATE}Group Build policies: AWSLambda_FullAccess, IAMReadOnlyAccess")
    assert "none of the attached AWS managed policies allows iam:CreateRole" in answer.verdict.summary
    assert not answer.first_look


def test_a_managed_policy_may_allow_the_action_on_other_resources() -> None:
    denied = CREATE.replace("iam:CreateRole", "s3:GetObject").replace("iam::111122223333:role/x", "s3:::mill-raw/a")
    answer = diagnosed(f"{denied}Group Build policies: AWSGlueServiceRole")
    assert "allows s3:GetObject on this resource: AWSGlueServiceRole" in answer.verdict.summary


@pytest.mark.parametrize(
    "said", ["Group Build policies: IAMFullAccess", "the user needs IAMReadOnlyAccess?", "has it IAMUserSSHKeys?"]
)
def test_a_managed_policy_that_allows_it_or_is_not_attached_is_no_cause(said: str) -> None:
    assert "none of the attached AWS managed policies" not in diagnosed(f"{CREATE}{said}").verdict.summary


OWN = '{"Statement": [{"Effect": "Allow", "Action": "iam:CreateRole", "Resource": "*"}]}'
ATTACH = "aws iam attach-user-policy --policy-arn arn:aws:iam::111122223333:policy/team/Make --user-name"


@pytest.mark.parametrize(
    ("before", "waits"),
    [
        (f"01:40:02Z $ {ATTACH} builder\n01:40:04Z $ aws iam create-role --role-name x\n", True),
        (f"01:30:02Z $ {ATTACH} builder\n01:40:04Z $ aws iam create-role --role-name x\n", False),
        (f"01:40:02Z $ {ATTACH} other\n01:40:04Z $ aws iam create-role --role-name x\n", False),
    ],
)
def test_an_own_policy_that_was_attached_seconds_ago_has_not_reached_the_service(before: str, waits: bool) -> None:
    summary = diagnosed(f"{before}{CREATE}{OWN}").verdict.summary
    assert summary.startswith("Wait a minute and try again: Make allows iam:CreateRole") is waits


SSO = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Dev_0123456789abcdef/me"


def test_a_role_of_identity_center_is_changed_in_its_permission_set() -> None:
    queue = "arn:aws:sqs:eu-west-1:111122223333:q"
    answer = diagnosed(f"{no_identity('sqs:SendMessage', queue, SSO)}\nit has AmazonS3ReadOnlyAccess attached")
    (fix,) = answer.fixes
    assert fix.change.target == "the permission set Dev, in IAM Identity Center"
    assert f'"Resource": "{queue}"' in str(fix.change)


def test_a_resource_that_the_text_does_not_name_is_not_widened_to_all() -> None:
    refusal = f"User: {SSO} is not authorized to perform: sqs:SendMessage because no identity-based policy allows it"
    answer = diagnosed(f"{refusal}\nit has AmazonS3ReadOnlyAccess attached")
    (fix,) = answer.fixes
    assert fix.title.endswith(" sqs:SendMessage")
    assert "on the resource that the call uses" in str(fix.change)


SERVICE_ROLE = (
    "An error occurred (InvalidParameterValue) when calling the CreateDBCluster operation: Unable to create the "
    "resource. Verify that you have permission to create service linked role. Otherwise wait and try again later\n"
)


@pytest.mark.parametrize(
    ("policies", "names_only"),
    [
        ("policy: AmazonRDSDataFullAccess + rds:CreateDBCluster, rds:CreateDBInstance on *", False),
        ("policies: AmazonECS_FullAccess and rds:CreateDBCluster on *", False),
        ("policy: rds:CreateDBCluster, rds:CreateDBInstance on *", True),
    ],
)
def test_a_list_beside_one_of_aws_policies_is_not_all(policies: str, names_only: bool) -> None:
    summary = diagnosed(f"{SERVICE_ROLE}# role db-builder, {policies}").verdict.summary
    assert ("names only rds" in summary) is names_only


def test_the_policies_of_the_pods_own_role_are_not_the_nodes() -> None:
    refused = (
        "User: arn:aws:sts::111122223333:assumed-role/{}/{} is not authorized to perform: ec2:CreateVolume on "
        "resource: arn:aws:ec2:us-east-1:111122223333:volume/* because no identity-based policy allows the "
        'ec2:CreateVolume action\n{{"eks.amazonaws.com/role-arn":"arn:aws:iam::111122223333:role/ebs-csi"}}\n'
        "the role has AmazonEBSCSIDriverPolicy"
    )
    by_node = diagnosed(refused.format("eks-NodeInstanceRole", "i-0c1d2e3f4a5b6c7d8")).verdict.summary
    assert "pod does not use its own role" in by_node and "AmazonEBSCSIDriverPolicy" not in by_node
    assert "AmazonEBSCSIDriverPolicy" in diagnosed(refused.format("ebs-csi", "1790000000")).verdict.summary


OF_POD = "eks.amazonaws.com/role-arn"


@pytest.mark.parametrize(
    ("after", "of_the_node"),
    [
        (f"{OF_POD}: arn:aws:iam::111122223333:role/ebs-csi\nthe role has AmazonEBSCSIDriverPolicy", False),
        (f'{{"{OF_POD}":"arn:aws:iam::111122223333:role/volumes"}}\nattached: AmazonS3ReadOnlyAccess', False),
        # Near misses: no other role is meant to call, and the service account has the node's role itself.
        ("the node role has AmazonS3ReadOnlyAccess", True),
        (f"{OF_POD}: arn:aws:iam::111122223333:role/nodes\nit has AmazonS3ReadOnlyAccess", True),
    ],
)  # fmt: skip
def test_policies_of_the_pods_own_role_are_not_the_nodes(after: str, of_the_node: bool) -> None:
    caller = "arn:aws:sts::111122223333:assumed-role/nodes/i-0123456789abcdef0"
    volume = "arn:aws:ec2:eu-west-1:111122223333:volume/*"
    answer = diagnosed(f"{no_identity('ec2:CreateVolume', volume, caller)}\n{after}")
    assert ("none of the attached AWS managed policies" in answer.verdict.summary) is of_the_node
    assert ("Restart the pods (kubectl rollout restart)" in answer.verdict.summary) is not of_the_node
    assert any("nodes" in fix.title for fix in answer.fixes) is of_the_node


SCAN = (
    "User: arn:aws:sts::111122223333:assumed-role/scan/s is not authorized to perform: lambda:GetFunction on resource: "
    "arn:aws:lambda:eu-west-1:111122223333:function:f because no identity-based policy allows the lambda:GetFunction "
    "action"
)
OTHER = "An error occurred (AccessDeniedException) when calling the GetMacieSession operation: Macie is not enabled."


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        (f"{SCAN}\nrole scan: SecurityAudit, ViewOnlyAccess. do we need admin?", True),
        (f"10:00:01 ERROR {OTHER}\n10:00:02 ERROR {SCAN}\nRole scan: ViewOnlyAccess", True),
        (f"{SCAN}\nrole deploy: SecurityAudit, ViewOnlyAccess", False),
        (f"{SCAN}\nrole scan: AWSLambda_FullAccess", False),
        (f"{SCAN}\nrole scan: needs SecurityAudit", False),
    ],
)
def test_policies_that_are_listed_for_the_role_are_compared(text: str, lacks: bool) -> None:
    said = [collect_offline(each).verdict.summary for each in read_text(text)]
    assert any("none of the attached AWS managed policies allows lambda:GetFunction" in each for each in said) is lacks


LISTED = '$ aws iam list-attached-{}-policies --{}-name {}\n{{"AttachedPolicies": [{{"PolicyName": "{}"}}]}}\n'
PUSH = no_identity(
    "ecr:InitiateLayerUpload", "arn:aws:ecr:us-west-2:210987654321:repository/pay", "arn:aws:iam::210987654321:user/ci"
)


@pytest.mark.parametrize(
    ("kind", "name", "policy", "none"),
    [
        ("user", "ci", "AmazonEC2ContainerRegistryReadOnly", True),
        ("user", "ci", "AmazonEC2ContainerRegistryPullOnly", True),
        ("user", "ci", "AmazonEC2ContainerRegistryPowerUser", False),
        ("user", "other", "AmazonEC2ContainerRegistryReadOnly", False),
        ("role", "ci", "AmazonEC2ContainerRegistryReadOnly", False),
        ("user", "ci", "team-push", False),
    ],
)
def test_policies_that_the_cli_lists_for_the_caller_are_evaluated(
    kind: str, name: str, policy: str, none: bool
) -> None:
    summary = diagnosed(f"{PUSH}\n{LISTED.format(kind, kind, name, policy)}").verdict.summary
    assert ("none of the attached AWS managed policies allows ecr:InitiateLayerUpload" in summary) is none


AGENT = (
    "AccessDeniedException: User: arn:aws:sts::210987654321:assumed-role/node/i-0a1b2c3d4e5f60718 is not authorized to "
    "perform: ssm:UpdateInstanceInformation on resource: "
    "arn:aws:ec2:eu-central-1:210987654321:instance/i-0a1b2c3d4e5f60718"
)


@pytest.mark.parametrize(
    ("said", "endpoint"),
    [
        ("The role has AmazonSSMManagedInstanceCore. VPC endpoints for ssm and ssmmessages exist.", True),
        (
            "The role has AmazonSSMManagedInstanceCore; the endpoint policy of com.amazonaws.eu-central-1.ssm is ours",
            True,
        ),
        ("The role has AmazonSSMManagedInstanceCore.", False),
        ("The role has AmazonS3ReadOnlyAccess. VPC endpoints for ssm exist.", False),
    ],
)
def test_the_policy_of_an_endpoint_may_refuse_what_an_attached_policy_allows(said: str, endpoint: bool) -> None:
    assert ("Check the endpoint's policy first" in diagnosed(f"{AGENT}\n{said}").verdict.summary) is endpoint


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("Is my SSO login wrong?", True),
        ("did I get the wrong profile?", True),
        ("Which policy do I need?", False),
        ("The login works.", False),
    ],
)
def test_a_refusal_that_names_the_session_shows_that_the_sign_in_works(asked: str, answered: bool) -> None:
    caller = "arn:aws:sts::210987654321:assumed-role/AWSReservedSSO_viewer_7be2c1a09d4f3358/eva"
    refusal = no_identity("s3:ListAllMyBuckets", "*", caller)
    answer = diagnosed(
        f"{refusal}\nThe permission set viewer has one AWS managed policy: AWSLambda_ReadOnlyAccess. {asked}"
    )
    assert ("The sign-in works" in answer.verdict.summary) is answered


LISTS = (
    "$ aws iam list-attached-role-policies --role-name scan --query 'AttachedPolicies[].PolicyName'\n"
    '[ "ReadOnlyAccess" ]\n'
)
SESSION = "arn:aws:sts::111122223333:assumed-role/scan/nightly"
BARE = (
    "An error occurred (UnauthorizedOperation) when calling the {} operation: You are not authorized to perform this "
    "operation.\n"
)


@pytest.mark.parametrize("calls", [["DescribeVolumes"], ["DescribeVpcs", "DescribeSubnets"]])
def test_a_call_that_an_attached_policy_allows_was_refused_above(calls: list[str]) -> None:
    who = f'$ aws sts get-caller-identity --query Arn\n"{SESSION}"\n'
    for each in read_text("".join(map(BARE.format, calls)) + who + LISTS):
        found = collect_offline(each)
        assert "ReadOnlyAccess, which the text lists as attached to scan, allows" in found.verdict.summary
        assert "an SCP of the organization" in found.verdict.summary
        assert not any("Most often no policy" in look.cause for look in found.first_look)


def test_a_call_that_no_attached_policy_allows_was_not_refused_above() -> None:
    who = f'$ aws sts get-caller-identity --query Arn\n"{SESSION}"\n'
    found = collect_offline(read_text(BARE.format("CreateVolume") + who + LISTS)[0])
    assert "SCP of the organization" not in found.verdict.summary


def test_the_part_of_an_aws_managed_policy_is_not_taken_for_the_policy() -> None:
    refused = (
        "E0430 driver.go:106] GRPC error: rpc error: code = Unauthenticated desc = Access Denied. Please ensure you "
        "have the right AWS permissions: Access denied\n"
    )
    part = '{"Effect": "Allow", "Action": ["elasticfilesystem:CreateAccessPoint"], "Resource": "*"}'
    policy = "arn:aws:iam::aws:policy/service-role/AmazonEFSCSIDriverPolicy"
    assert "but not" not in diagnosed(f"{refused}The role has {policy}, for example\n{part}").verdict.summary
    assert "but not elasticfilesystem:Describe" in diagnosed(f"{refused}policy of the role:\n{part}").verdict.summary


def test_an_attached_policy_that_allows_it_under_a_condition_is_not_said_to_lack_it() -> None:
    point = "arn:aws:elasticfilesystem:eu-west-1:111122223333:access-point/fsap-0aaa1111bbb2222cc"
    caller = "arn:aws:sts::111122223333:assumed-role/efs-csi/1"
    denied = no_identity("elasticfilesystem:DeleteAccessPoint", point, caller)
    answer = diagnosed(f"{denied}\nit has AmazonEFSCSIDriverPolicy attached")
    assert answer.verdict.cause == "identity.condition-unknown"
    assert "aws:ResourceTag/efs.csi.aws.com/cluster to be present" in answer.verdict.summary
    assert '"Effect"' not in str(answer.fixes[0].change)
