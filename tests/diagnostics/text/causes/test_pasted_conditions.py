"""What a text quotes of the Deny that refused comes first, with what to do about it."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

CI = "arn:aws:sts::445566778899:assumed-role/ci/run"
DENIED = (
    f"User: {CI} is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::acme/x with an explicit deny in "
    "a resource-based policy"
)
STACK = "arn:aws:cloudformation:eu-west-1:445566778899:stack/web/1a2b3c4d-1111-2222-3333-444455556666"
BY_IDENTITY = DENIED.replace("a resource-based", "an identity-based")


def first_cause(text: str) -> str:
    return collect_offline(read_text(text)[0]).first_look[0].cause


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f'{DENIED}\n"Condition":{{"StringNotEquals":{{"aws:SourceVpce":"vpce-1"}}}}', "through that endpoint"),
        (f'{DENIED}\n"StringNotEquals": {{"s3:x-amz-server-side-encryption": "aws:kms"}}', "is not aws:kms, or"),
        (f'{DENIED}\n"Null": {{"aws:RequestTag/CostCenter": "true"}}', "set the tag CostCenter"),
        (f'{DENIED}\n"NotIpAddress": {{"aws:SourceIp": ["203.0.113.0/24"]}}', "call from that network"),
        (f'{DENIED}\n"Bool": {{"aws:SecureTransport": "false"}}', "call over https"),
        (f'{DENIED}\n"Bool": {{"aws:SecureTransport": "true"}}', 'must write "false" for aws:SecureTransport'),
        (
            f'{DENIED}\n"Condition":{{"Bool":{{"aws:SecureTransport":"true"}},'
            '"NumericLessThan":{"s3:TlsVersion":"1.2"}}',
            "newer version of TLS",
        ),
        (f'{DENIED}\n"BoolIfExists": {{"aws:SecureTransport": true}}', "refuses every call over HTTPS"),
        (f'{DENIED}\n"Bool": {{"aws:MultiFactorAuthPresent": ["true"]}}', "refuses every call with MFA"),
        (f'{DENIED}\n"Bool": {{"ec2:Encrypted": "true"}}', "for which ec2:Encrypted is false"),
        (f'{DENIED}\n{{"Statement":[{{"Effect":"Deny","NotPrincipal":{{"AWS":"arn:aws:iam::445566778899:role/ci"}}}}]}}',
         "NotPrincipal in a Deny must list three ARNs: the session's (assumed-role/ci/run)"),
        (f"{BY_IDENTITY}\npolicy attached: ForceMFA", "only if the role was assumed with an MFA code"),
        (
            BY_IDENTITY.replace("sts::", "iam::").replace("assumed-role/ci/run", "user/ci") + "\npolicy: ForceMFA",
            "aws sts get-session-token",
        ),
        ('{"Message":"User is not authorized to access this resource with an explicit deny"}', "Lambda authorizer"),
    ],
)  # fmt: skip
def test_the_quoted_part_of_the_deny_comes_first(text: str, said: str) -> None:
    looks = collect_offline(read_text(text)[0]).first_look
    assert said in looks[0].cause
    assert not any(look.cause.startswith("A Deny in the bucket's policy: read") for look in looks)


@pytest.mark.parametrize(
    "text",
    [
        DENIED,
        # No Deny refused: the condition may be of another statement.
        f'{DENIED.partition(" with an")[0]}\n"StringNotEquals": {{"aws:SourceVpce": "vpce-1"}}',
        f'{DENIED}\n"NotPrincipal": {{"AWS": ["arn:aws:sts::445566778899:assumed-role/ci/run"]}}',
    ],
)
def test_nothing_is_said_where_the_text_quotes_nothing_of_the_deny(text: str) -> None:
    assert "The condition in the text" not in first_cause(text) and "NotPrincipal" not in first_cause(text)


def test_a_service_that_needs_a_key_is_allowed_in_the_key_s_policy() -> None:
    text = (
        "User: sns.amazonaws.com is not authorized to perform: kms:GenerateDataKey on resource: "
        "arn:aws:kms:eu-west-1:445566778899:key/1"
    )
    assert "Allow sns.amazonaws.com to perform kms:GenerateDataKey in the key's own policy" in first_cause(text)


def test_cdk_s_roles_come_before_the_caller_s_own_permissions() -> None:
    role = "arn:aws:iam::445566778899:role/cdk-hnb659fds-deploy-role-445566778899-eu-west-1"
    text = (
        f"current credentials could not be used to assume '{role}', but are for the right account. Proceeding anyway.\n"
        f"AccessDenied: User: {CI} is not authorized to perform: cloudformation:DescribeStacks on resource: "
        "arn:aws:cloudformation:eu-west-1:445566778899:stack/App/* because no identity-based policy allows the "
        "cloudformation:DescribeStacks action"
    )
    assert "sts:AssumeRole on CDK's bootstrap roles" in first_cause(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "LimitExceeded: Maximum policy size of 10240 bytes exceeded for role app",
            "this limit cannot be raised",
        ),
        (
            'User "system:serviceaccount:a:b" cannot get resource "leases" in API group "" in the namespace "a"',
            "a Role",
        ),
        ('FATAL:  PAM authentication failed for user "app"', "rds-db:connect"),
        ("EKS does not have permissions to assume the associated role.", "pods.eks.amazonaws.com"),
        ("Error: Could not assume role with OIDC: Incorrect token audience", "sts.amazonaws.com.cn"),
        (
            f"CREATE_FAILED | AWS::SQS::Queue | Jobs | jobs already exists in stack {STACK}",
            "The existing resource belongs to the stack web",
        ),
        (f"acme-assets already exists in stack {STACK}", "The existing resource belongs to another stack, web"),
        ("Unable to locate credentials\ncurl http://169.254.169.254/ hangs inside the container", "hop limit"),
        ("<Code>AccessDenied</Code> curl https://d1.cloudfront.net/index.html", "cloudfront.amazonaws.com"),
    ],
)
def test_what_the_text_says_comes_first(text: str, said: str) -> None:
    assert said in first_cause(text)


def test_a_name_of_unknown_kind_is_not_taken_for_iam_s() -> None:
    """CloudFormation says "already exists in stack" of resources of every service."""
    found = collect_offline(read_text(f"acme-assets already exists in stack {STACK}")[0])
    assert len(found.first_look) == 1
    assert "something" not in found.verdict.summary


@pytest.mark.parametrize(
    "told",
    [
        "Our bucket policy is the usual one that demands encrypted uploads.",
        "the bucket has a policy which denies unencrypted objects",
        "security's policy enforces server-side encryption",
    ],
)
def test_a_policy_that_is_said_to_demand_encryption_comes_first(told: str) -> None:
    assert "without the header x-amz-server-side-encryption" in first_cause(f"{DENIED}\n{told}")


@pytest.mark.parametrize(
    "text",
    [
        f"{DENIED}\nthe state is encrypted",
        f"{BY_IDENTITY}\nthe bucket policy demands encrypted uploads",
        f"{DENIED.replace('PutObject', 'GetObject')}\nthe bucket policy demands encrypted uploads",
    ],
)
def test_encryption_is_not_the_cause_of_other_refusals(text: str) -> None:
    assert "without the header" not in first_cause(text)


PERIMETER = (
    "User: arn:aws:sts::111122223333:assumed-role/hr/jo is not authorized to perform: s3:GetObject on resource: "
    '"arn:aws:s3:::hr/a.csv" with an explicit deny in a resource control policy\n'
    '{{"Sid":"Perimeter","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*",\n'
    ' "Condition":{{"NotIpAddressIfExists":{{"aws:SourceIp":"203.0.113.0/24"}},'
    '"BoolIfExists":{{"aws:PrincipalIsAWSService":"false","aws:ViaAWSService":"false"}}{}}}}}'
)
VPC = ',"StringNotEqualsIfExists":{"aws:SourceVpc":"vpc-0c4e8a1b2d3f5a697"}'


def causes_of(text: str) -> str:
    return " ".join(look.cause for look in collect_offline(read_text(text)[0]).first_look)


def test_a_perimeter_with_a_vpc_does_not_exclude_its_endpoints() -> None:
    said = causes_of(PERIMETER.format(VPC))
    assert "call from that network, or from a VPC that the same statement excepts" in said
    assert "not through a VPC endpoint" not in said and "aws:PrincipalIsAWSService" not in said


def test_a_perimeter_of_addresses_alone_excludes_endpoints() -> None:
    assert "and not through a VPC endpoint" in causes_of(PERIMETER.format(""))


@pytest.mark.parametrize(
    ("said", "inside"),
    [
        ("my IP is 203.0.113.8, checked twice", True),
        ("office IP: 203.0.113.250", True),
        ("my IP is 198.51.100.8", False),
        ("we are in the office", False),
    ],
)
def test_an_address_that_the_deny_excepts_is_compared(said: str, *, inside: bool) -> None:
    text = f'{BY_IDENTITY}\n"NotIpAddress": {{"aws:SourceIp": "203.0.113.0/24"}}\n{said}'
    causes = [each.cause for each in collect_offline(read_text(text)[0]).first_look]
    assert any("This Deny excepts the caller's address" in each for each in causes) is inside
