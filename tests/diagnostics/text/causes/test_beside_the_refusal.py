"""What a paste shows beside its refusal decides which cause comes first: a program, a profile, an attached policy."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.denials.pasted import causes

NODE = "arn:aws:sts::111122223333:assumed-role/NodeInstanceRole/i-0ab12cd34ef56ab78"
ROLE = "arn:aws:sts::111122223333:assumed-role/ci/session"


def refused(action: str, resource: str, caller: str = ROLE, reason: str = "") -> str:
    return f"User: {caller} is not authorized to perform: {action} on resource: {resource}{reason}"


def unreasoned(action: str, resource: str, caller: str = ROLE) -> str:
    return refused(action, resource, caller, f" because no identity-based policy allows the {action} action")


def test_an_action_that_no_pull_asks_for_is_not_a_pull() -> None:
    repository = "arn:aws:ecr:eu-central-1:111122223333:repository/charts/web"
    text = (
        "https://111122223333.dkr.ecr.eu-central-1.amazonaws.com/v2: response status code 403: denied: "
        + unreasoned("ecr:ListImages", repository, NODE)
    )
    assert not [each for each in causes(text) if "ecr:BatchGetImage" in each]
    assert causes(f"ocirepository: {text}")[0].startswith("Flux: often")


def test_auto_mode_comes_before_what_is_usual_of_a_launch() -> None:
    text = unreasoned("ec2:RunInstances", "arn:aws:ec2:us-west-2:111122223333:instance/*")
    assert causes(f"{text}\nEKS Auto Mode, NodeClass with tags")[0].startswith("EKS Auto Mode: often")


IDENTITY = '$ aws sts get-caller-identity{}\n{{"Account":"111122223333","Arn":"' + ROLE + '"}}\n'
OTHER_PROGRAM = (
    "✕  operation error S3: GetObject, https response error StatusCode: 403, api error AccessDenied: Access Denied\n"
)


def test_a_profile_that_only_the_cli_uses_is_not_the_program_s() -> None:
    text = f"sst deploy\n{OTHER_PROGRAM}{IDENTITY.format(' --profile dev')}"
    assert causes(text)[0].startswith("In the text, only the AWS CLI uses the profile dev.")
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
    assert not [each for each in causes(text) if each.startswith("In the text, only the AWS CLI")]


EFS = "Access Denied. Please ensure you have the right AWS permissions: Access denied"


def test_a_policy_that_the_text_says_is_attached_is_not_asked_for() -> None:
    assert "attach AmazonEFSCSIDriverPolicy" in causes(EFS)[0]
    assert not any("attach" in cause for cause in causes(f"{EFS}\nthe role has AmazonEFSCSIDriverPolicy"))
    assert "attach AmazonEFSCSIDriverPolicy" in causes(f"{EFS}\nthe role has not AmazonEFSCSIDriverPolicy")[0]


def test_tags_of_one_s_own_lead_where_the_text_shows_them() -> None:
    assert causes(f"controller:\n  tags:\n    team: data\n{EFS}")[0].startswith("The driver sets tags of your own")


USER = "arn:aws:iam::111122223333:user/dev"


@pytest.mark.parametrize(
    "said", ["my user has AdministratorAccess", "I have admin permissions here", "it has full admin rights"]
)
def test_who_was_refused_has_no_administrator_access(said: str) -> None:
    text = f"{unreasoned('glue:GetTable', 'arn:aws:glue:eu-west-1:111122223333:table/a/b', USER)}\n{said}"
    assert causes(text)[0].startswith("dev made the call, and does not have AdministratorAccess")


@pytest.mark.parametrize("said", ["I ran it as administrator", "with admin rights", "has AdministratorAccess-Amplify"])
def test_another_administrator_is_none_of_aws(said: str) -> None:
    text = f"{refused('glue:GetTable', 'arn:aws:glue:eu-west-1:111122223333:table/a/b', USER)}\n{said}"
    assert not [each for each in causes(text) if "AdministratorAccess" in each]


def test_a_denial_of_administrator_access_is_no_administrator() -> None:
    text = refused("glue:GetTable", "arn:aws:glue:eu-west-1:111122223333:table/a/b", USER)
    assert not causes(f"{text}\nit is not attached to AdministratorAccess")[0].startswith("AdministratorAccess")


def test_the_permission_set_administrator_access_does_not_lack_an_action() -> None:
    caller = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_AdministratorAccess_0a1b2c3d4e5f6a7b/ann"
    text = refused("glue:GetTable", "arn:aws:glue:eu-west-1:111122223333:table/a/b", caller)
    assert not [each for each in causes(text) if "lacks the action" in each]


UNNAMED = "UnauthorizedOperation: You are not authorized to perform this operation"


@pytest.mark.parametrize(
    ("text", "quarantine"),
    [
        (f'resource "aws_instance" "web" {{}}\n{UNNAMED}\nThe IAM user has AdministratorAccess attached.', True),
        (f"{UNNAMED}. packer launches an instance\nI am an IAM user with AdministratorAccess.", True),
        ("An error occurred (AccessDenied) when calling the CreateAccessKey operation: Access Denied\n"
         "my user has AdministratorAccess", True),
        ("An error occurred (AccessDenied) when calling the CreateTopic operation: Access Denied\n"
         "the deployer has AdministratorAccess", False),
        ("An error occurred (AccessDenied) when calling the CreateQueue operation: Access Denied\n"
         "my user has AdministratorAccess", False),
        (f"I created a new AWS user and gave it `AdministratorAccess`.\n{UNNAMED}", True),
    ],
)  # fmt: skip
def test_what_refuses_an_administrator_is_no_missing_allow(text: str, quarantine: bool) -> None:
    found = causes(text)
    assert found[0].startswith("AdministratorAccess allows every action, so no Allow is missing if the caller has it")
    assert ("AWSCompromisedKeyQuarantine" in found[0]) == quarantine
    assert not any("A launch needs" in each or 'Resource "*"' in each for each in found)
    assert ("A new user or policy takes" in found[0]) == ("a new AWS user" in text)


@pytest.mark.parametrize(
    "said",
    [
        "In the console with full admin permissions it works",
        "a colleague has AdministratorAccess",
        "my user has AdministratorAccess, the lambda's execution role has s3:GetObject",
        "it has no AdministratorAccess",
    ],
)
def test_another_administrator_refutes_no_cause(said: str) -> None:
    found = causes(f"An error occurred (AccessDenied) when calling the GetObject operation: Access Denied\n{said}")
    assert not [each for each in found if each.startswith("AdministratorAccess allows every action, so no")]


def test_a_role_that_an_administrator_hands_over_is_looked_at_first() -> None:
    role = "arn:aws:iam::111122223333:role/AgentRole"
    text = f'User: {USER} is not authorized to perform: bedrock:CreateAgent\nagentResourceRoleArn: "{role}"\n'
    assert causes(f"{text}my user has AdministratorAccess")[0].startswith("The call passes the role AgentRole")


def test_a_user_s_keys_beside_a_profile_that_signs_in() -> None:
    profile = "AWS_PROFILE=dev (sso_session = acme, sso_account_id = 444455556666)\n"
    text = profile + unreasoned("s3:CreateBucket", "arn:aws:s3:::web", USER)
    assert "user dev of an account other than 444455556666" in causes(text)[0]


def test_a_volume_from_a_snapshot_is_asked_for_on_the_snapshot() -> None:
    text = unreasoned("ec2:CreateVolume", "arn:aws:ec2:eu-north-1:111122223333:snapshot/snap-0f1e2d3c4b5a69788")
    assert causes(f'could not create volume "pvc-1" in EC2: {text}')[0].startswith(
        "A volume from a snapshot also needs"
    )


def test_a_service_linked_role_comes_before_the_program_that_wants_it() -> None:
    linked = "aws-service-role/emr-containers.amazonaws.com/AWSServiceRoleForAmazonEMRContainers"
    role = f"arn:aws:iam::111122223333:role/{linked}"
    text = f"Not Authorized to perform iam:CreateServiceLinkedRole on resource {role}\nemrcontainers.services.k8s.aws"
    assert causes(text)[0].startswith("The service-linked role does not exist yet")


def test_an_image_from_a_parameter_is_read_by_who_launches() -> None:
    text = "SsmAccessDenied: Access denied to SSM\nCreateFleet, ImageId: resolve:ssm:/ci/ami-id"
    assert "the parameter /ci/ami-id (resolve:ssm:)" in causes(text)[0]
    assert "allow that caller to perform ssm:GetParameters" in causes(text)[0]
    has = causes(f"{text}. The role has ssm:GetParameters.")[0]
    assert "allow that caller" not in has
    assert "which is not ssm:GetParameter." in has
    assert "check that this caller has it" in causes(f"{text}. It has ssm:GetParameters and ssm:GetParameter.")[0]


@pytest.mark.parametrize(
    ("access", "another"),
    [
        ("The role has full S3 access.", True),
        ("The role has AmazonS3FullAccess attached.", True),
        ("The role has s3:PutObject.", False),
        ("The role lacks full S3 access.", False),
    ],
)
def test_a_refused_head_of_a_bucket_with_all_of_s3_is_a_name_of_another_account(access: str, another: bool) -> None:
    failed = "operation error S3: HeadBucket, https response error StatusCode: 403, api error Forbidden: Forbidden"
    every = causes(f"Crossplane: observe failed: {failed}\n{access}")
    assert any(each.startswith("Most likely the bucket's name belongs to another account") for each in every) == another


@pytest.mark.parametrize(
    ("action", "refused"),
    [('"s3:ListBucket"', True), ('["s3:DeleteBucket", "s3:*"]', True), ('"s3:DeleteBucket"', False)],
)
def test_a_deny_in_the_text_hides_the_callers_own_bucket(action: str, refused: bool) -> None:
    statement = f'{{"Effect": "Deny", "Principal": "*", "Action": {action}}}'
    text = f"HeadBucket -> 403\napply: 409 BucketAlreadyOwnedByYou\n{statement}"
    first = collect_offline(read_text(text)[0]).first_look[0].cause
    assert ("because the Deny in the text refuses HeadBucket" in first) == refused


def test_cloudfront_calls_s3_as_a_service() -> None:
    text = "<Code>AccessDenied</Code><Message>Access Denied</Message>\nx-cache: Error from cloudfront, server: AmazonS3"
    assert "cloudfront.amazonaws.com" in causes(text)[0]
    assert causes(text)[1].startswith("The object does not exist")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("PoliciesPerRole: 10", "The quota can be raised in Service Quotas up to 25 (L-0DA4ABF3)."),
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


TRUST_TOO_LARGE = "An error occurred (LimitExceeded) when calling the CreateRole operation: Cannot exceed quota for "
TRUST_TOO_LARGE += "ACLSizePerRole: 2048\n"


@pytest.mark.parametrize(
    ("around", "pasted"),
    [
        ("aws iam create-role --role-name dns --assume-role-policy-document file://dns-permissions.json", True),
        ("I put karpenter_iam_policy.json into the trust policy.", True),
        ('{"Statement": [{"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"}]}', True),
        ("aws iam create-role --role-name dns --assume-role-policy-document file://trust-policy.json", False),
        ("assume_role_policy = data.aws_iam_policy_document.permissions_trust.json", False),
        ('{"Effect": "Allow", "Principal": {"AWS": ["111122223333"]}, "Action": "sts:AssumeRole"}', False),
    ],
)
def test_a_permissions_policy_that_was_given_as_trust_policy_is_not_shortened(around: str, pasted: bool) -> None:
    first = causes(f"{TRUST_TOO_LARGE}{around}")[0]
    assert ("a permissions policy was given as the trust policy" in first) is pasted
    assert ("can be raised" in first) is not pasted


def test_a_bootstrap_bucket_that_is_left_over() -> None:
    text = (
        "CREATE_FAILED | AWS::S3::Bucket | StagingBucket\nResource handler returned message: "
        '"cdk-hnb659fds-assets-111122223333-us-east-2 already exists (Service: S3, Status Code: 0)"\nROLLBACK_COMPLETE'
    )
    assert causes(text)[0].startswith(
        "Most likely an earlier bootstrap left the bucket cdk-hnb659fds-assets-111122223333-us-east-2"
    )
    fix = collect_offline(read_text(text)[0]).fixes[0]
    assert fix.title == "Check AWS::S3::Bucket (cdk-hnb659fds-assets-111122223333-us-east-2), not IAM"


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


def test_a_bucket_that_the_tool_could_not_read_is_not_made_under_another_name() -> None:
    made = "Error: creating S3 Bucket (test-data): operation error S3: CreateBucket, 409, BucketAlreadyOwnedByYou"
    answer = collect_offline(read_text(f"{made}\nreading S3 Bucket: HeadBucket 403 Forbidden, removing from state")[0])
    assert "s3:ListBucket on the bucket" in answer.first_look[0].cause
    assert answer.fixes[0].title == "Let the tool read the bucket, or import it"
    assert causes(made)[0].startswith("The bucket exists and belongs to the caller's account: import it")


def test_a_token_that_the_pod_identity_agent_cannot_read() -> None:
    text = '"msg":"Error fetching credentials: Service account token cannot be parsed: token is malformed"'
    assert collect_offline(read_text(text)[0]).verdict.summary.startswith("The Pod Identity agent could not read")


POLICY = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["glue:GetTable","glue:GetDatabase"],'
    '"Resource":"*"},{"Effect":"Allow","Action":["s3:ListBucket","s3:GetObject"],'
    '"Resource":["arn:aws:s3:::lake-a","arn:aws:s3:::lake-a/*"]}]}'
)


def test_the_object_that_a_program_could_not_read_is_held_against_the_policy_of_the_text() -> None:
    text = f"Access Denied. HTTP response code: 403: while reading s3://lake-b/t/1.json (S3_ERROR)\n{POLICY}"
    answer = collect_offline(read_text(text)[0])
    assert answer.verdict.cause == "identity.resource-mismatch"
    assert "arn:aws:s3:::lake-b/t/1.json" in answer.verdict.summary
    assert "glue:GetTable" not in answer.steps[0].summary


@pytest.mark.parametrize("said", ["while reading s3://lake-a/t/1.json", "writing to the lake"])
def test_an_object_that_the_policy_covers_or_that_is_not_told_is_no_mismatch(said: str) -> None:
    text = f"DB::Exception: Access Denied. HTTP response code: 403: {said} (S3_ERROR)\n{POLICY}"
    assert collect_offline(read_text(text)[0]).verdict.cause != "identity.resource-mismatch"


def test_a_key_of_another_account_asks_both_sides() -> None:
    text = unreasoned("kms:Decrypt", "arn:aws:kms:eu-west-2:444455556666:key/11aa22bb-1111-2222-3333-444455556666")
    assert causes(text)[0].startswith("The key belongs to account 444455556666, so both sides")


def test_a_program_that_is_slowed_down_was_refused_first() -> None:
    slowed = "2026-11-12T02:00:08Z ERROR ThrottlingException: Rate exceeded"
    denied = unreasoned("kinesis:DescribeStreamSummary", "arn:aws:kinesis:eu-west-1:111122223333:stream/orders")
    found = read_text(f"2026-11-12T02:00:02Z WARN retry 1: AccessDenied\n{slowed}\n2026-11-12T02:00:09Z ERROR {denied}")
    assert [getattr(each, "action", None) for each in found] == ["kinesis:DescribeStreamSummary", None]


def test_an_instance_that_takes_a_role_lacks_no_action_of_its_own_first() -> None:
    caller = "arn:aws:sts::111122223333:assumed-role/jenkins/i-0ab12cd34ef56ab78"
    text = refused("sts:AssumeRole", "arn:aws:iam::111122223333:role/deploy", caller)
    assert not [each for each in causes(text) if each.startswith("The call came with the node's role")]


def test_codeartifact_asks_for_a_new_token() -> None:
    text = "Access denied to arn:aws:codeartifact:eu-west-1:111122223333:repository/corp/libs, Forbidden. 403"
    assert causes(text)[0].startswith("The CodeArtifact token may have expired")


def test_a_provider_of_credentials_that_the_configuration_chooses() -> None:
    refusal = "AmazonS3Exception: Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied)\n"
    chosen = f"{refusal}fs.s3a.aws.credentials.provider=com.amazonaws.auth.{{}}"
    assert (
        "only from EnvironmentVariableCredentialsProvider"
        in causes(chosen.format("EnvironmentVariableCredentialsProvider"))[0]
    )
    assert "alone" not in causes(chosen.format("DefaultAWSCredentialsProviderChain"))[0]
    both = "InstanceProfileCredentialsProvider, com.amazonaws.auth.profile.ProfileCredentialsProvider"
    assert (
        "only from InstanceProfileCredentialsProvider and ProfileCredentialsProvider" in causes(chosen.format(both))[0]
    )


def test_a_public_acl_of_the_command_comes_first() -> None:
    text = "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied"
    assert causes(f"$ aws s3 cp a s3://b/a --acl public-read\n{text}")[0].startswith("The call sets a public ACL")
    assert not causes(f"$ aws s3 cp a s3://b/a\n{text}")[0].startswith("The call sets a public ACL")


def test_a_policy_of_another_account_is_seen_behind_the_word_policy() -> None:
    text = refused("iam:GetPolicy", "policy arn:aws:iam::444455556666:policy/app")
    assert causes(text)[0].startswith("The caller belongs to account 111122223333 and the resource to 444455556666.")


def test_what_works_on_a_second_try_was_made_a_moment_ago() -> None:
    text = "The role defined for the function cannot be assumed by Lambda."
    assert causes(f"{text}\n(works when I run it again)")[0].startswith("The role was created a moment ago")
    assert not causes(text)[0].startswith("The role was created")


def test_a_message_of_the_documentation_comes_last() -> None:
    text = refused("sqs:ListQueues", "*", "arn:aws:iam::123456789012:user/JohnDoe")
    own = refused("sqs:ListQueues", "*", USER)
    found = read_text(f"The docs say: {text}. We see:\n{own}")
    assert [getattr(each, "principal", None) for each in found] == [USER, "arn:aws:iam::123456789012:user/JohnDoe"]


def test_an_allow_for_calls_without_tls_fits_no_tool() -> None:
    condition = '"Condition":{"Bool":{"aws:SecureTransport":"false"}}'
    statement = f'{{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*",{condition}}}'
    answer = collect_offline(read_text(f"{unreasoned('s3:GetObject', 'arn:aws:s3:::b/k', USER)}\n{statement}")[0])
    assert "an Allow needs true here" in answer.verdict.summary


def test_where_aws_names_the_caller_s_own_policies_no_other_kind_is_suspected() -> None:
    text = unreasoned("glue:GetTable", "arn:aws:glue:eu-west-1:111122223333:table/a/b")
    assert not [each for each in causes(f"{text}\nmy role has AdministratorAccess") if "an SCP" in each]


def test_a_registry_s_token_asks_for_no_repository() -> None:
    pull = 'failed to pull image "111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:1": 403 Forbidden'
    found = causes(f"{unreasoned('ecr:GetAuthorizationToken', '*')}\n{pull}")
    assert not [each for each in found if "on the repository" in each]


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ('"NumericGreaterThan": {"ec2:MetadataHttpPutResponseHopLimit": "3"}', "HopLimit is more than 3"),
        ('"StringNotLike": {"ec2:InstanceType": ["t3.*", "t4g.*"]}', "does not match t3.* or t4g.*, or is missing"),
    ],
)
def test_a_quoted_condition_is_said_as_its_operator_means_it(condition: str, said: str) -> None:
    text = (
        "User: arn:aws:sts::111122223333:assumed-role/runner/s is not authorized to perform: ec2:RunInstances on "
        "resource: arn:aws:ec2:us-east-1:111122223333:instance/* with an explicit deny in a service control policy\n"
        f'SCP: "Condition": {{{condition}}}'
    )
    answer = collect_offline(read_text(text)[0])
    assert any(said in each for each in (answer.verdict.summary, *(look.cause for look in answer.first_look)))


DENIED = "An error occurred (AccessDenied) when calling the {} operation: Access Denied"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"SCPs: all was fine until we added one.\n{DENIED.format('PutObject')}", "the new policy of the organization"),
        (
            f"We attached an SCP on encryption to the OU, and ever since the job fails.\n{DENIED.format('PutObject')}",
            "the new policy of the organization",
        ),
        (
            f"There is an SCP. We deployed a stack, and since then the job fails.\n{DENIED.format('PutObject')}",
            "-the new policy of the organization",
        ),
        (
            f"No SCPs here. We added a bucket policy.\n{DENIED.format('PutObject')}",
            "-the new policy of the organization",
        ),
        (f"depends_on is set, a second apply works.\n{DENIED.format('PutObject')}", "already creates the policy first"),
        (f"A second apply works.\n{DENIED.format('PutObject')}", "-already creates the policy first"),
        (
            f"Self-hosted runner with an instance profile; an earlier step logs in to AWS by OIDC.\n"
            f"{DENIED.format('HeadObject')}",
            "with the role of the earlier step",
        ),
        (
            f"Runner with an instance profile; an earlier step logs in to Docker Hub.\n{DENIED.format('HeadObject')}",
            "-with the role of the earlier step",
        ),
        (
            "GitLab: the project was transferred to another group.\nNot authorized to perform "
            "sts:AssumeRoleWithWebIdentity",
            "has the new path or name",
        ),
        (
            "private API: User: anonymous is not authorized to perform: execute-api:Invoke on resource: "
            "arn:aws:execute-api:eu-west-1:111122223333:a/p/GET/x because no resource-based policy allows the "
            "execute-api:Invoke action",
            "A private API needs a resource policy",
        ),
        (
            f"Some files fail, those uploaded by a partner's account: s3://b\n{DENIED.format('GetObject')}",
            "belong to the account that uploaded them",
        ),
        (
            f"Owner enforced is on; some files fail that a partner's account uploaded\n{DENIED.format('GetObject')}",
            "-belong to the account that uploaded them",
        ),
        (f"MWAA: Broken DAG\n{DENIED.format('GetSecretValue')}", "Amazon MWAA reads connections"),
        (f"app: Broken\n{DENIED.format('GetSecretValue')}", "-Amazon MWAA reads connections"),
        (
            unreasoned(
                "ssm:GetParameters", "arn:aws:ssm:eu-west-1:111122223333:parameter/cdk-bootstrap/hnb659fds/version"
            ),
            "Every CDK deployment reads the version",
        ),
        (f"client.get_resource_oauth2_token()\n{DENIED.format('GetSecretValue')}", "AgentCore reads the credential"),
        (
            f"IRSA; if I allow the node's role in the bucket policy it works.\n{DENIED.format('ListObjectsV2')}",
            "made with the node's role",
        ),
        (
            f"No IRSA here; when we gave the node role the action it works.\n{DENIED.format('ListObjectsV2')}",
            "-made with the node's role",
        ),
    ],
)
def test_what_the_author_tells_beside_a_bare_refusal_comes_first(text: str, words: str) -> None:
    assert (words.removeprefix("-") in causes(text)[0]) is not words.startswith("-")
