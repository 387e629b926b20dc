"""Keys of a configuration that are almost right are named; right ones and others are not."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.read.author.misspelled_keys import mistakes

COGNITO = "cognito-identity.amazonaws.com"
GITHUB = "uses: aws-actions/configure-aws-credentials@v4\n  with:\n    "


@pytest.mark.parametrize(
    ("text", "said", "meant"),
    [
        ("  eks.amazonaws.com/role_arn: x", "eks.amazonaws.com/role_arn", "eks.amazonaws.com/role-arn"),
        ("eks.amazonaw.com/role-arn: x", "eks.amazonaw.com/role-arn", "eks.amazonaws.com/role-arn"),
        ("export AWS_ACCES_KEY_ID=x", "AWS_ACCES_KEY_ID", "AWS_ACCESS_KEY_ID"),
        ("AWS_SECRET_ACCESS_KEY_ID=x", "AWS_SECRET_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
        ('{"Effect": "Allow", "Actions": ["s3:GetObject"]}', "Actions", "Action"),
        ('{"Effect": "Allow", "Action": "*", "Resources": "*"}', "Resources", "Resource"),
        ('{"Effect": "Allow", "Prinicpal": "*"}', "Prinicpal", "Principal"),
        ('{"Principal": {"Service": "lamda.amazonaws.com"}}', "lamda.amazonaws.com", "lambda.amazonaws.com"),
        ('{"Principal": {"Service": "ecs-task.amazonaws.com"}}', "ecs-task.amazonaws.com", "ecs-tasks.amazonaws.com"),
        ("  cognito-identity.amazonaw.com:aud: x", "cognito-identity.amazonaw.com:aud", f"{COGNITO}:aud"),
        ('"congito-identity.amazonaws.com:amr": "x"', "congito-identity.amazonaws.com:amr", f"{COGNITO}:amr"),
        ("Condition:\n  aws:SourcAccount: 1", "aws:SourcAccount", "aws:SourceAccount"),
        ("audience: sts.amazonaw.com", "sts.amazonaw.com", "sts.amazonaws.com"),
        ('"aud": "https://sts.amazonaws.com/"', "https://sts.amazonaws.com/", "sts.amazonaws.com"),
        ('"https://gitlab.com:sub": "x"', "https://gitlab.com:sub", "gitlab.com:sub"),
        ("oidc-provider/gitlab.com/", "oidc-provider/gitlab.com/", "oidc-provider/gitlab.com"),
        ('"oidc.circlci.com:sub": "x"', "oidc.circlci.com", "oidc.circleci.com"),
        ("[profile x]\nsso_acount_id = 1", "sso_acount_id", "sso_account_id"),
        (f"{GITHUB}role_to_assume: arn:aws:iam::1:role/x", "role_to_assume", "role-to-assume"),
        ('"Condition": {"StringEquals": {"aws:SourceAcount": "1"}}', "aws:SourceAcount", "aws:SourceAccount"),
        ("  mapRoles: |\n    - roleArn: arn:aws:iam::1:role/x", "roleArn", "rolearn"),
        ("kind: ServiceAccount\nmetadata:\n  annotation:\n    a: b", "annotation", "annotations"),
        ('"Condition": {"StringEqual": {"aws:SourceAccount": "1"}}', "StringEqual", "StringEquals"),
        ('{"Effect": "allow", "Action": "*"}', "allow", "Allow"),
        ('{"Version": "2012-10-07", "Statement": []}', "2012-10-07", "2012-10-17"),
    ],
)  # fmt: skip
def test_a_resembling_key_is_named(text: str, said: str, meant: str) -> None:
    assert [(each.said, each.meant) for each in mistakes(text)] == [(said, meant)]


@pytest.mark.parametrize(
    "text",
    [
        '"eks.amazonaws.com/role-arn": "x"\neks.amazonaws.com/nodegroup: a',
        "cognito-identity.amazonaws.com:aud: x\ncognito-idp.eu-west-1.amazonaws.com/eu-west-1_a:aud: y",
        "AWS_SESSION_TOKEN=1 AWS_REGION=1 AWS_SECRET_KEY=1 AWS_ACCESS_KEY_ID_PROD=1 AWS_S3_BUCKET=x AWS_REGION_2=y",
        '{"Resources": {"R": {"Type": "AWS::IAM::Role"}}, "Statement": [{"Effect": "Allow", "Action": "*"}]}',
        '{"Principal": {"Service": ["lambda.amazonaws.com", "logs.eu-west-1.amazonaws.com"]}}',
        'client_id_list = ["sts.amazonaws.com"]\naud: https://gitlab.example.com',
        "[default]\nregion = eu-west-1\nrole_arn = x",
        f"{GITHUB}role-to-assume: x\n    aws-region: y",
        '"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1", "aws:RequestTag/x": "y"}}',
        '"Condition": {"ForAnyValue:StringLike": {}, "StringLikeIfExists": {}, "NotIpAddress": {}, "IPAddress": {}}',
        '{"Version": "2008-10-17", "Statement": [{"Effect": "Deny"}]}',
        "  mapRoles: |\n    - rolearn: arn:aws:iam::1:role/x\n      username: y",
    ],
)
def test_a_right_key_and_any_other_is_not(text: str) -> None:
    assert mistakes(text) == ()


def test_a_mistyped_annotation_is_the_only_cause() -> None:
    node = "arn:aws:sts::650113377082:assumed-role/green-NodeInstanceRole-1QX8/i-0aa41f03be2219c7d"
    (failure,) = read_text(
        f"api error AccessDenied: User: {node} is not authorized to perform: "
        f"elasticloadbalancing:DescribeLoadBalancers "
        "because no identity-based policy allows the elasticloadbalancing:DescribeLoadBalancers action\n"
        "$ kubectl get sa aws-load-balancer-controller -o yaml\n  annotations:\n"
        "    eks.amazonaws.com/role_arn: arn:aws:iam::650113377082:role/green-alb-controller"
    )
    found = collect_offline(failure)
    (look,) = found.first_look
    assert "eks.amazonaws.com/role-arn" in look.cause
    assert found.verdict.summary.startswith("First correct eks.amazonaws.com/role_arn")


@pytest.mark.parametrize(("key", "wrong"), [("amr", True), ("aud", False)])
def test_a_misspelled_key_of_cognito_is_the_cause(key: str, wrong: bool) -> None:
    host = "cognito-identity.amazon.com" if wrong else COGNITO
    text = (
        "InvalidIdentityPoolConfigurationException: Invalid identity pool configuration. Check assigned IAM roles for "
        f'this pool.\n"Condition": {{"StringEquals": {{"{host}:{key}": "x"}}}}'
    )
    answer = collect_offline(read_text(text)[0])
    assert (answer.verdict.cause == "trust.condition-unmet") is wrong
    assert any(each.title == f"Write {COGNITO}:{key}" for each in answer.fixes) is wrong


ROLE_NEEDED = "the ARN of a role (arn:aws:iam::ACCOUNT:role/NAME)"


@pytest.mark.parametrize(
    ("setting", "kind"),
    [
        ("eks.amazonaws.com/role-arn: arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy", "a policy"),
        ('"eks.amazonaws.com/role-arn": "arn:aws:iam::222233334444:user/dns"', "a user"),
        ("AWS_ROLE_ARN=arn:aws:iam::222233334444:instance-profile/worker", "an instance profile"),
        ('task_role_arn = "arn:aws:iam::222233334444:policy/orders"', "a policy"),
    ],
)
def test_a_setting_for_a_role_with_the_arn_of_something_else_is_named(setting: str, kind: str) -> None:
    (found,) = mistakes(f"metadata:\n  {setting}\n")
    assert (found.meant, found.decides) == (ROLE_NEEDED, True)
    assert f"has the ARN of {kind}, which nobody can assume" in found.sentence


@pytest.mark.parametrize(
    "value",
    [
        "arn:aws:iam::::222233334444:role/app",
        "arn:aws:iam:222233334444:role/app",
        "arn:aws:iam::222233334444:role/arn:aws:iam::222233334444:role/app",
        "arn:aws:sts::222233334444:assumed-role/app/session",
    ],
)
def test_an_arn_of_a_wrong_form_is_named(value: str) -> None:
    (found,) = mistakes(f"eks.amazonaws.com/role-arn: {value}\n")
    assert found.sentence.startswith(f"{value} is not the ARN of a role")
    invalid = "(ValidationError) when calling the AssumeRoleWithWebIdentity operation: Request ARN is invalid"
    looks = collect_offline(read_text(f"{invalid}\nAWS_ROLE_ARN={value}\n")[0]).first_look
    assert f"{value} is not the ARN of a role" in looks[0].cause


def test_a_setting_with_a_role_is_right() -> None:
    assert not mistakes("eks.amazonaws.com/role-arn: arn:aws:iam::222233334444:role/policy/dns")
    assert not mistakes("eks.amazonaws.com/role-arn: arn:aws:iam::ACCOUNT_ID:role/dns")
    assert not mistakes("eks.amazonaws.com/role-arn: arn:aws:iam::123456789:role/dns")


def test_it_is_also_the_cause_where_sts_does_not_accept_the_arn() -> None:
    invalid = "(ValidationError) when calling the AssumeRoleWithWebIdentity operation: Request ARN is invalid"
    text = f"{invalid}\n  eks.amazonaws.com/role-arn: arn:aws:iam::222233334444:policy/dns"
    looks = collect_offline(read_text(text)[0]).first_look
    assert "write the ARN of the role that has this policy" in looks[0].cause
    assert not collect_offline(read_text(invalid)[0]).first_look


ROLE = "arn:aws:iam::111122223333:role/web"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"metadata:\n  name: web\n  annotations:\n    eks.amazonaws.com/role: {ROLE}", "eks.amazonaws.com/role"),
        (f"Annotations:         eks.amazonaws.com/iam-role: {ROLE}", "eks.amazonaws.com/iam-role"),
        (f"kubectl annotate sa web eks.amazonaws.com/role={ROLE}", "eks.amazonaws.com/role"),
        (f'  annotations:\n    team: a\n    role-arn: "{ROLE}"', "role-arn"),
        (f"helm --set sa.annotations.eks.amazonaws.com/role-arn={ROLE}", "eks.amazonaws.com/role-arn"),
    ],
)
def test_an_annotation_that_eks_does_not_read_is_named(text: str, said: str) -> None:
    assert [each.said for each in mistakes(text)] == [said]


@pytest.mark.parametrize(
    "text",
    [
        f"  annotations:\n    eks.amazonaws.com/role-arn: {ROLE}",
        f"  annotations:\n    iam.amazonaws.com/role: {ROLE}",
        f"[profile web]\nrole_arn = {ROLE}",
        f'helm --set sa.annotations."eks\\.amazonaws\\.com/role-arn"={ROLE}',
    ],
)
def test_an_annotation_that_is_read_is_no_mistake(text: str) -> None:
    assert list(mistakes(text)) == []
