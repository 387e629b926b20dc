"""Facts of a text that leave one cause of a denial, and causes that its facts refute."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Diagnosis

CALLER = "arn:aws:sts::111122223333:assumed-role/ci-build/s1"
OURS, ROLE = "arn:aws:iam::111122223333", "arn:aws:iam::444455556666:role/deployer"
REFUSED = (
    "An error occurred (AccessDenied) when calling the AssumeRole operation: User: {} is not authorized to perform: "
    "sts:AssumeRole on resource: {}"
)
DENIED = REFUSED.format(CALLER, ROLE)
SIGN_IN_ROLE = f"{OURS}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Data_{{}}"
SIGN_IN = "An error occurred (AccessDenied) when calling the AssumeRoleWithSAML operation: Access Denied"
PERIMETER = (
    '{{"Effect": "Deny", "Principal": "*", "Action": "{}", "Resource": "*", "Condition": {{"{}": {{"{}": "o-1"}}}}}}'
)


def diagnosed(text: str) -> Diagnosis:
    return collect_offline(read_text(text)[0])


@pytest.mark.parametrize(
    ("text", "cause", "said"),
    [
        (f"{DENIED}\ndeployer's trust policy has {OURS}:root", "identity.no-action", "The policies of ci-build must"),
        (f"The role deployer trusts account 111122223333.\n{DENIED}", "identity.no-action", "entire account"),
        (f"Die Rolle deployer vertraut {OURS}:root.\n{DENIED}", "identity.no-action", "own policies lack this"),
        (f"El rol deployer confía en {OURS}:root\n{DENIED}", "identity.no-action", "own policies lack this"),
        (
            f"{DENIED}\nThe trust policy of deployer names ci-build already.",
            "identity.no-action",
            "own policies lack this",
        ),
        (
            f"{DENIED}\ndeployer's trust policy allows ci-build with an ExternalId (we send it)",
            "identity.no-action",
            "own policies lack this",
        ),
        (f"{DENIED}\nThe role trusts ci-build, see the console", "identity.no-action", "own policies lack this"),
        (
            f"trust policy of deployer lists {OURS}:role/ci-build\n{DENIED}",
            "identity.no-action",
            "The policies of ci-build must",
        ),
        (
            f"deployer trusts only {OURS}:role/release\n{DENIED}",
            "trust.principal-mismatch",
            "did not go through release",
        ),
        (
            f"deployer trusts only {SIGN_IN_ROLE.format('0c44aa91be7d2f30')}\n"
            + DENIED.replace("assumed-role/ci-build", "assumed-role/AWSReservedSSO_Data_7e19b3d05fa8c642"),
            "trust.principal-mismatch",
            "Both roles belong to the permission set Data.",
        ),
        (
            f'{DENIED}\n"Principal": {{"AWS": "AIDAEXAMPLEEXAMPLE12"}}',
            "trust.orphan-principal",
            "a deleted user",
        ),
        (
            f'{DENIED}\n{{"Statement":[{{"Effect":"Allow","Principal":{{"AWS":"AROAEXAMPLEEXAMPLE12"}},'
            '"Action":"sts:AssumeRole"}]}',
            "trust.orphan-principal",
            "a deleted role",
        ),
        (REFUSED.format(CALLER, ROLE.replace("aws:", "aws-cn:")), "trust.principal-mismatch", "across partitions"),
        (
            REFUSED.format(CALLER.replace("aws:", "aws-cn:"), ROLE),
            "trust.principal-mismatch",
            "Correct the ARN (arn:aws-cn:) if account 444455556666 is in aws-cn; otherwise",
        ),
        *(
            (
                f"{SIGN_IN}\n" + PERIMETER.format(action, operator, key),
                "trust.explicit-deny",
                "a sign-in with a token has no AWS principal" if matches else "statement 1 denies",
            )
            for action, operator, key, matches in (
                ("sts:*", "StringNotEqualsIfExists", "aws:PrincipalOrgID", True),
                ("sts:AssumeRoleWithSAML", "StringNotEquals", "aws:PrincipalOrgID", True),
                ("sts:*", "StringEquals", "aws:PrincipalOrgID", False),
                ("sts:*", "StringNotEquals", "aws:SourceVpc", False),
            )
        ),
        (
            "eventName: AssumeRoleWithWebIdentity\nawsRegion: eu-west-3\nerrorCode: AccessDenied\nRCP:\n"
            + PERIMETER.format("sts:*", "StringNotEqualsIfExists", "aws:PrincipalOrgID"),
            "rcp.explicit-deny",
            "a sign-in with a token has no AWS principal",
        ),
        (
            REFUSED.format(CALLER, "arn:aws-cn:iam::111122223333:role/cdk-lookup"),
            "not-iam",
            "The role's ARN has the partition aws-cn",
        ),
        (
            f"User: {CALLER} is not authorized to perform: iam:PassRole on resource: {OURS}:role/NodeRole-blue "
            "because no "
            "identity-based policy allows the iam:PassRole action\nOurs is called blue-NodeRole (not NodeRole-blue "
            "as in "
            "the guide).",
            "identity.resource-mismatch",
            "the text says that yours is blue-NodeRole",
        ),
        (
            f"ci-build's policy allows sts:AssumeRole on {ROLE}. The trust policy of deployer names {OURS}:root.\n"
            f"{DENIED}",
            "unreadable",
            "Both sides allow it",
        ),
    ],
)
def test_facts_of_the_text_decide_whose_side_refuses(text: str, cause: str, said: str) -> None:
    answer = diagnosed(text)
    assert answer.verdict.cause == cause
    assert said in answer.verdict.summary
    assert answer.first_look == ()
    assert len(answer.fixes) == 1


@pytest.mark.parametrize(
    ("trusted", "session", "title", "said"),
    [
        (
            SIGN_IN_ROLE.format("0c44aa91be7d2f30"),
            "AWSReservedSSO_Data_7e19b3d05fa8c642",
            "in the trust policy instead of AWSReservedSSO_Data_0c44aa91be7d2f30",
            f"principal to {SIGN_IN_ROLE.format('7e19b3d05fa8c642')}. The policies of the permission set Data must",
        ),
        (
            f"{OURS}:role/release",
            "ci-build",
            "Add ci-build to the trust policy",
            f"The policies of ci-build must also allow sts:AssumeRole on {ROLE}. Or make the call with",
        ),
    ],
)
def test_a_trust_of_another_is_changed_to_the_caller(trusted: str, session: str, title: str, said: str) -> None:
    denied = DENIED.replace("assumed-role/ci-build", f"assumed-role/{session}")
    fix = diagnosed(f"deployer trusts only {trusted}\n{denied}").fixes[0]
    assert title in fix.title
    assert said in str(fix.change)


@pytest.mark.parametrize(
    "text",
    [
        f"the trust policy of deployer does not name {OURS}:role/ci-build yet\n{DENIED}",
        f"{DENIED}\nShould the trust policy name {OURS}:root?",
        f"{DENIED}\nci-build trusts {OURS}:root",
    ],
    ids=["negated", "asked", "another role's"],
)
def test_what_is_doubted_or_of_another_role_decides_nothing(text: str) -> None:
    answer = diagnosed(text)
    assert "ccording to the text" not in answer.verdict.summary
    assert len(answer.first_look) == 2


def test_a_condition_of_the_trust_that_the_text_tells_is_what_to_meet() -> None:
    answer = diagnosed(
        f"the trust policy of deployer names {OURS}:root with the condition sts:ExternalId = x1\n{DENIED}"
    )
    assert "ccording to the text" not in answer.verdict.summary
    assert "only where sts:ExternalId is x1" in answer.verdict.summary
    assert answer.fixes[0].title == "Compare the external ID in the call with x1"


def test_a_trusted_caller_of_the_same_account_lacks_no_policy_of_its_own() -> None:
    text = REFUSED.format(CALLER.replace("111122223333", "444455556666"), ROLE)
    (look,) = diagnosed(
        f"{text}\nthe trust policy of deployer lists arn:aws:iam::444455556666:role/ci-build"
    ).first_look
    assert look.cause.startswith("Compare the trust policy's conditions")


PULL = "CannotPullContainerError: failed to resolve ref {}.dkr.ecr.us-east-1.amazonaws.com/app:1: 403 Forbidden"
READER = "execution role arn:aws:iam::111122223333:role/exec has AmazonECSTaskExecutionRolePolicy"
CREATES = (
    f"User: {CALLER} is not authorized to perform: iam:CreateRole on resource: arn:aws:iam::111122223333:role/app-x "
    "because no identity-based policy allows the iam:CreateRole action\n"
)
BY_POINT = (
    f'User: {CALLER} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:eu-west-1:111122223333:'
    'accesspoint/ap1/object/k" with an explicit deny in a resource-based policy\n'
)
DECRYPTS = "kms:Decrypt because no identity-based policy allows the kms:Decrypt action\n"
ON_ALIAS = "Policy: Allow kms:Encrypt, kms:Decrypt on arn:aws:kms:us-east-1:111122223333:alias/app"
JUST_NOW = (
    "02:14:07Z AttachRolePolicy role=ci-build policy=p OK\n"
    f"02:14:09Z ERROR User: {CALLER} is not authorized to perform: sqs:SendMessage on resource: "
    "arn:aws:sqs:us-east-1:111122223333:q because no identity-based policy allows the sqs:SendMessage action\n"
    "p v1: Allow sqs:SendMessage arn:aws:sqs:us-east-1:111122223333:q"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{PULL.format('999900001111')}\n{READER}", "it needs no further permission"),
        (
            f"{PULL.format('999900001111')}\n999900001111 is the vendor's account. {READER}",
            "it needs no further permission",
        ),
        (
            f"{PULL.format('999900001111')}\nthe cluster is in account 111122223333\nsa x has an IRSA role with "
            "AmazonEC2ContainerRegistryReadOnly",
            "the node's role",
        ),
        (
            f"{PULL.format('999900001111')}\nthe cluster is in account 111122223333\nmy pod identity role has "
            "ecr:BatchGetImage",
            "pod's own role is not used here",
        ),
        (f"{PULL.format('999900001111')}\narn:aws:ecs:us-east-1:111122223333:cluster/c", "needs ECR's read actions"),
        (f"{PULL.format('111122223333')}\n{READER}", "check whether this role pulls"),
        (f"{CREATES}Here roles must have the permissions boundary corp.", "without the permissions boundary"),
        (
            f"{CREATES}Roles may only be created with the boundary {OURS}:policy/dev.",
            "without the permissions boundary",
        ),
        (f"{CREATES}our platform team enforces a permissions boundary on roles", "without the permissions boundary"),
        (f"{CREATES}all roles must carry {OURS}:policy/org-boundary", "without the permissions boundary"),
        (f'{BY_POINT}"NetworkOrigin": "VPC"', "even without a Deny in a policy"),
        (f"An error: {CALLER} is not authorized to perform: {DECRYPTS}{ON_ALIAS}", "names the alias alias/app"),
        (JUST_NOW, "attached 2 seconds before the call"),
    ],
)
def test_facts_of_the_text_leave_one_cause(text: str, said: str) -> None:
    answer = diagnosed(text)
    assert said in answer.verdict.summary
    assert answer.first_look == ()
    assert len(answer.fixes) == 1


@pytest.mark.parametrize(
    "text",
    [
        f"{CREATES}roles must be named app-*",
        f"{CREATES}Must a role here have a permissions boundary",
        f"{CREATES}My role needs to have S3 access, its boundary allows it",
        f'{CREATES}roles must have the permissions boundary corp\npermissions_boundary = "{OURS}:policy/corp"',
        f'{BY_POINT}"NetworkOrigin": "Internet"',
        PULL.format("111122223333"),
    ],
)
def test_without_the_fact_the_usual_causes_are_told(text: str) -> None:
    assert diagnosed(text).first_look


ELB = "CREATE_FAILED Access Denied for bucket: my-logs. Please check S3bucket permission"
OAC = "S3 behind CloudFront with origin access control: <Error><Code>AccessDenied</Code></Error>"


@pytest.mark.parametrize(
    ("text", "said", "refuted"),
    [
        (f'sse_algorithm = "aws:kms"\n{ELB}', "only to buckets with SSE-S3", "logdelivery."),
        (f"{OAC} for /x.png; other files load fine", "Most likely the object does not exist", "s3:GetObject on BUCKET"),
        (
            "AccessDeniedException: Access to KMS is not allowed\nencrypted with: (default) aws/secretsmanager",
            "AWS managed key",
            "lack kms:Decrypt",
        ),
        (
            "Access denied when writing output to url: s3://out/x.csv\naws s3 cp t s3://out/t: OK\n"
            '{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":"1.2.3.0/24"}}}',
            "an AWS address",
            "s3:AbortMultipartUpload",
        ),
        (
            "An error occurred (ExpiredIteratorException) when calling the GetRecords operation: Iterator expired",
            "The shard iterator is too old",
            "kinesis:GetRecords",
        ),
        (
            "Error writing data to aws/sts/deploy: Error making API request.\n\n"
            "URL: PUT https://vault.corp:8200/v1/aws/sts/deploy\nCode: 403. Errors:\n\n* 1 error occurred:\n"
            "\t* permission denied\n",
            "the Vault token do not allow aws/sts/deploy",
            "sts:AssumeRole",
        ),
        (
            'fatal error: An error occurred (404) when calling the HeadObject operation: Key "v4/m.gz" does not exist',
            "There is no object v4/m.gz in the bucket",
            "debug output",
        ),
        (
            "An error occurred (InvalidRequestException) when calling the GetSecretValue operation: You can't access a "
            "secret from a different AWS account if you encrypt the secret with the default KMS service key.",
            "encrypt it with a customer managed key",
            "lack it",
        ),
        (
            "boto3 generate_presigned_url\nUser: arn:aws:sts::444455556666:assumed-role/minter/x is not authorized to "
            "perform: s3:GetObject on resource: arn:aws:s3:::b/a because no identity-based policy allows the "
            "s3:GetObject action",
            "permissions of whoever signed it, here minter",
            "statements lack the action",
        ),
        (
            "An error occurred (NoSuchKey) when calling the GetObject operation: The specified key does not exist.",
            "no object with this key",
            "the account of the call",
        ),
        (
            "$ aws iam attach-role-policy --policy-arn arn:aws:iam::aws:policy/ReadOnlyAccess --region cn-north-1\n"
            "An error occurred (InvalidInput) when calling the AttachRolePolicy operation: ARN "
            "arn:aws:iam::aws:policy/ReadOnlyAccess is not valid.",
            "has a different partition from the account",
            "iam:AttachRolePolicy",
        ),
    ],
)
def test_a_cause_that_the_text_refutes_is_not_told(text: str, said: str, refuted: str) -> None:
    answer = diagnosed(text)
    everything = f"{answer.verdict.summary} {' '.join(each.cause for each in answer.first_look)}"
    assert said in everything
    assert refuted not in everything


def test_a_variable_before_one_command_counts_for_it_alone() -> None:
    answer = diagnosed(
        "$ aws s3 ls s3://b\nAn error occurred (AccessDenied) when calling the ListObjectsV2 operation: User: "
        f"{OURS}:user/ro is not authorized to perform: s3:ListBucket on resource: arn:aws:s3:::b because no "
        "identity-based policy allows the s3:ListBucket action\n$ AWS_PROFILE=adm aws sts get-caller-identity\n"
        '{"UserId":"AROAX:me","Account":"111122223333","Arn":"arn:aws:sts::111122223333:assumed-role/adm/me"}'
    )
    assert answer.verdict.summary.endswith("applies only to that command: repeat the call with it, or export it.")
    assert answer.first_look == ()
    assert [each.title for each in answer.fixes] == ["Make the call as adm/me"]


def test_what_follows_from_a_policy_that_was_not_attached_names_that() -> None:
    text = (
        "Error: attaching IAM Policy (arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole) to IAM "
        "Role (fn): operation error IAM: AttachRolePolicy, api error ValidationError: Invalid ARN partition\n"
        "Error: creating Lambda Function (fn): InvalidParameterValueException: The provided execution role does not "
        "have permissions to call CreateNetworkInterface on EC2\nprovider region = us-gov-west-1"
    )
    first, second = (collect_offline(each) for each in read_text(text))
    assert "a different partition" in first.verdict.summary
    assert second.verdict.summary.startswith("This failure follows from the failure of iam:AttachRolePolicy")
    assert second.first_look == ()


def test_the_same_operation_that_worked_by_hand_later_is_over() -> None:
    text = (
        "03:33:11 RunInstances -> InvalidParameterValue: Value (web-ip) for parameter iamInstanceProfile.name is "
        "invalid. Invalid IAM Instance Profile name\n5 min later by hand:\n"
        "  $ aws ec2 run-instances --iam-instance-profile Name=web-ip   ->  {}"
    )
    assert diagnosed(text.format("i-0e55 pending")).verdict.summary.startswith("The call works again")
    assert "works again" not in diagnosed(text.format("error")).verdict.summary


def test_a_success_that_was_before_the_failure_is_not_told_as_later() -> None:
    text = (
        f"denied: User: {OURS}:user/ci is not authorized to perform: ecr:PutImage on resource: "
        "arn:aws:ecr:us-east-1:111122223333:repository/a because no identity-based policy allows the ecr:PutImage "
        'action\ndocker login before it is "Login Succeeded".'
    )
    assert not any("Login Succeeded" in step.summary for step in diagnosed(text).steps)


LAMBDA = "InvalidParameterValueException: The provided execution role does not have permissions to call {} on {}"
PERIMETER = (
    '{"Sid":"Perimeter","Effect":"Deny","NotAction":["dax:GetItem"],"Resource":"*","Condition":'
    '{"StringNotEqualsIfExists":{"aws:SourceVpc":["vpc-0aa1"]}}}'
)


@pytest.mark.parametrize(
    ("text", "said", "told"),
    [
        (
            f"the role has AWSLambdaVPCAccessExecutionRole:\n{LAMBDA.format('CreateNetworkInterface', 'EC2')}",
            "AWSLambdaVPCAccessExecutionRole is attached, which is what the function's execution role needs",
            True,
        ),
        (
            f"{LAMBDA.format('ReceiveMessage', 'SQS')}\nrole fn has AWSLambdaSQSQueueExecutionRole",
            "AWSLambdaSQSQueueExecutionRole is attached",
            True,
        ),
        (
            f"the role does not have AWSLambdaVPCAccessExecutionRole\n{LAMBDA.format('CreateNetworkInterface', 'EC2')}",
            "is attached, which",
            False,
        ),
        (
            "An error occurred (AuthFailure.ServiceLinkedRoleCreationNotPermitted) when calling the "
            "RequestSpotInstances operation: The provided credentials do not have permission to create the "
            "service-linked role for EC2 Spot Instances.\nThe role with name AWSServiceRoleForEC2Spot cannot be found.",
            "is attached, which",
            False,
        ),
        (
            f"{LAMBDA.format('CreateNetworkInterface', 'EC2')}\nThis SCP is attached:\n{PERIMETER}",
            "from Lambda's own network, so statement Perimeter in the text denies the call because of aws:SourceVpc",
            True,
        ),
    ],
)
def test_a_policy_that_is_attached_is_not_to_be_attached(text: str, said: str, told: bool) -> None:
    answer = diagnosed(text)
    assert (said in answer.verdict.summary) is told
    assert (answer.first_look == ()) is told


def test_an_access_entry_that_exists_is_not_asked_for() -> None:
    text = "kubectl get pods: error: You must be logged in to the server (Unauthorized)"
    assert "needs its own EKS access entry" in diagnosed(text).first_look[0].cause
    (look,) = diagnosed(f"{text}\nThe role has an access entry with AmazonEKSClusterAdminPolicy.").first_look
    assert look.cause.startswith("kubectl requests its token")


def test_what_was_sent_after_a_retry_is_over() -> None:
    denied = (
        f"00:00:01 WARN User: {CALLER} is not authorized to perform: sqs:SendMessage on resource: "
        "arn:aws:sqs:us-east-1:111122223333:orders because no identity-based policy allows the sqs:SendMessage action, "
        "retrying in 5s\n"
    )
    assert diagnosed(f"{denied}00:00:06 INFO sent message to orders").verdict.summary.startswith("The call works again")
    assert "works again" not in diagnosed(f"{denied}00:00:06 INFO orders: not sent").verdict.summary


BUILD = "User: arn:aws:sts::111122223333:assumed-role/ci-build/s1 is not authorized to perform: {} on resource: {}{}"
NO_ALLOW = " because no identity-based policy allows the {} action"
A_STREAM, A_TABLE = "arn:aws:kinesis:eu-west-1:111122223333:stream/", "arn:aws:dynamodb:eu-west-1:111122223333:table/"
A_REPOSITORY, A_ROLE = "arn:aws:ecr:eu-west-1:111122223333:repository/", "arn:aws:iam::111122223333:role/"
NESTED_ARN, NOT_FILLED = "the call expects a name, but got an ARN", "name was not filled in"


@pytest.mark.parametrize(
    ("action", "resource", "said"),
    [
        ("kinesis:PutRecord", f"{A_STREAM}{A_STREAM}orders", NESTED_ARN),
        ("ecr:BatchGetImage", f"{A_REPOSITORY}{A_REPOSITORY}web", NESTED_ARN),
        ("iam:GetRole", f"{A_ROLE}{A_ROLE}web", NESTED_ARN),
        ("kinesis:PutRecord", f"{A_STREAM}orders", ""),
        ("kinesis:PutRecord", f"{A_STREAM}undefined", NOT_FILLED),
        ("sqs:SendMessage", "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:orders", NOT_FILLED),
        ("s3:GetObject", "arn:aws:s3:::${self:custom.bucket}/x.json", NOT_FILLED),
        ("dynamodb:GetItem", f"{A_TABLE}${{aws_dynamodb_table.orders.name}}", NOT_FILLED),
        ("s3:GetObject", "arn:aws:s3:::${BUCKET}/x.json", ""),
        ("cloudformation:CreateChangeSet", "arn:aws:cloudformation:us-east-2:aw:transform/Own", "AWS::Own"),
        ("cloudformation:CreateChangeSet", "arn:aws:cloudformation:us-east-2:aws:transform/Serverless-2016", ""),
        ("cloudformation:CreateChangeSet", "arn:aws:cloudformation:us-east-2:111122223333:transform/Own", ""),
        ("lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:111122223333:function:orders:$LATEST", ""),
        ("s3:GetObject", "arn:aws:s3:::shop/undefined-name/x.json", ""),
    ],
)
def test_no_policy_is_to_allow_a_resource_that_cannot_exist(action: str, resource: str, said: str) -> None:
    for reason in ("", NO_ALLOW.format(action)):
        summary = diagnosed(f"The log has:\n{BUILD.format(action, resource, reason)}\n").verdict.summary
        assert ("change no policy" in summary.lower()) == bool(said)
        assert said in summary


def test_a_reference_in_the_callers_arn_is_a_mask() -> None:
    text = BUILD.format("sqs:SendMessage", "arn:aws:sqs:eu-west-1:${AWS::AccountId}:orders", "")
    assert "change no policy" not in diagnosed(text.replace("111122223333", "${AWS::AccountId}")).verdict.summary


ANONYMOUS = (
    "User: anonymous is not authorized to perform: {} on resource: * with an explicit deny in a resource control policy"
)
OF_CALLERS = (
    '{{"Effect": "Deny", "Principal": "*", "Action": ["logs:*", "{}"], "Resource": "*", "Condition": {{'
    '"{}": {{"aws:PrincipalOrgID": "o-1"}}}}}}'
)


@pytest.mark.parametrize(
    ("action", "denied", "operator", "matches"),
    [
        ("cognito-identity:GetId", "cognito-identity:*", "StringNotEqualsIfExists", True),
        ("cognito-idp:InitiateAuth", "cognito-idp:*", "StringNotEquals", True),
        ("execute-api:Invoke", "execute-api:*", "StringNotLikeIfExists", True),
        ("cognito-identity:GetId", "sqs:*", "StringNotEqualsIfExists", False),
        ("cognito-identity:GetId", "cognito-identity:*", "StringEquals", False),
    ],
)
def test_a_deny_of_foreign_callers_matches_an_anonymous_call(
    action: str, denied: str, operator: str, matches: bool
) -> None:
    text = f"RCP:\n{OF_CALLERS.format(denied, operator)}\n{ANONYMOUS.format(action)}\n"
    summary = diagnosed(text).verdict.summary
    assert ("an anonymous call has no AWS principal" in summary) == matches
    assert "an anonymous call" not in diagnosed(text.replace("User: anonymous", f"User: {CALLER}")).verdict.summary


@pytest.mark.parametrize(
    ("said", "differs"),
    [
        ("Our role is called {cluster}-NodeRole, not the default NodeRole-{cluster}.", True),
        ("Our role is named CLUSTER-NodeRole, instead of NodeRole-CLUSTER.", True),
        ("Our role is called <cluster>-NodeRole, not NodeRole-<cluster>.", True),
        ("Our role is called NodeRole-{cluster}, not the default {cluster}-NodeRole.", False),
        ("Our role is called {cluster}-NodeRole.", False),
    ],
)
def test_a_name_with_a_placeholder_is_compared_with_that_of_the_call(said: str, differs: bool) -> None:
    refusal = BUILD.format("iam:PassRole", f"{A_ROLE}NodeRole-CLUSTER", NO_ALLOW.format("iam:PassRole"))
    assert ("a setting still names" in diagnosed(f"{said}\n{refusal}").verdict.summary) == differs


@pytest.mark.parametrize(
    ("said", "also"),
    [
        ("The job passes an inline session policy.", True),
        ("It assumes the role with a session policy.", True),
        ("Does it need a session policy?", False),
        ("The job has a bucket policy.", False),
    ],
)
def test_a_session_policy_in_the_text_must_allow_it_too(said: str, also: bool) -> None:
    refusal = BUILD.format("s3:GetObject", "arn:aws:s3:::shop/a", NO_ALLOW.format("s3:GetObject"))
    summary = diagnosed(f"{said}\n{refusal}").verdict.summary
    assert ("which must also allow the action" in summary) == also


BOOTSTRAP = "arn:aws:iam::111122223333:role/cdk-hnb659fds-{}-role-111122223333-eu-west-1"


@pytest.mark.parametrize(
    ("line", "bootstrapped"),
    [
        (f"Assuming role '{BOOTSTRAP.format('lookup')}'.", True),
        (f"Assumed role '{BOOTSTRAP.format('file-publishing')}'", True),
        (f"Assuming role '{BOOTSTRAP.format('lookup').replace('eu-west-1', 'us-east-1')}'.", False),
        (f"Assuming role '{BOOTSTRAP.format('deploy')}'.", False),
        (f"Assuming role '{BOOTSTRAP.format('lookup')}' failed: not authorized", False),
    ],
)
def test_an_account_is_bootstrapped_where_another_of_its_roles_was_assumed(line: str, bootstrapped: bool) -> None:
    text = f"{line}\n{REFUSED.format(CALLER, BOOTSTRAP.format('deploy'))}"
    causes = " ".join(each.cause for each in diagnosed(text).first_look)
    assert ("are bootstrapped" in causes) == bootstrapped
    assert ("were never bootstrapped" in causes) != bootstrapped


@pytest.mark.parametrize(
    ("said", "arn", "other"),
    [
        ("The function has a DynamoDB type of event.", "kinesis:eu-west-1:111122223333:stream/orders", True),
        ("It failed to create DDBEvent.", "kinesis:eu-west-1:111122223333:stream/orders", True),
        ("It is a trigger.", "kinesis:eu-west-1:111122223333:stream/orders", False),
        ("Our Kinesis stream is new.", "dynamodb:eu-west-1:111122223333:table/orders/stream/2026-01-01", True),
        ("Our table is new.", "dynamodb:eu-west-1:111122223333:table/orders/stream/2026-01-01", False),
    ],
)
def test_a_stream_of_another_service_than_the_text_speaks_of(said: str, arn: str, other: bool) -> None:
    text = (
        f"{said}\nInvalid request provided: Cannot access stream arn:aws:{arn}. Please ensure the role can perform the"
    )
    summary = diagnosed(
        f"{text} GetRecords, GetShardIterator and DescribeStream Actions on your stream in IAM."
    ).verdict
    assert ("another kind of stream" in summary.summary) == other


@pytest.mark.parametrize(
    ("group", "said"),
    [
        ("asg: LaunchTemplate lt-0fb2c1d3e4a596807", "shop needs ec2:RunInstances, ec2:CreateTags and iam:PassRole"),
        ("asg: web", "AWSCodeDeployRole is attached, which is what CodeDeploy's service role needs"),
    ],
)
def test_a_managed_policy_does_not_suffice_for_a_launch_template(group: str, said: str) -> None:
    text = (
        f"The IAM role {OURS}:role/shop does not give you permission to perform operations in the following AWS "
        f"service: AmazonAutoScaling.\nattached policies: AWSCodeDeployRole\n{group}"
    )
    assert said in diagnosed(text).verdict.summary


ROLE_OF_FUNCTION = (
    "InvalidParameterValueException: The function execution role does not have permissions to call {} on {}"
)
RECEIVES = ROLE_OF_FUNCTION.format("ReceiveMessage", "SQS")
RECORDS = ROLE_OF_FUNCTION.format("GetRecords", "Kinesis")
LATE, COMPARE = (
    "most likely the policy was not attached yet",
    "check that it is a policy of the function's execution role",
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"It fails in a single apply. Our policy does list sqs:ReceiveMessage on the queue.\n{RECEIVES}", LATE),
        (f"{RECEIVES}\nRole, policy and mapping are in one stack. The role has sqs:ReceiveMessage.", LATE),
        (f"{RECEIVES}\n- Effect: Allow\n  Action: [sqs:ReceiveMessage]\n  Resource: !GetAtt Dead.Arn", COMPARE),
        (f"{RECORDS}\nthe policy already contains kinesis:GetRecords and kinesis:ListShards", COMPARE),
        (f"{RECEIVES}\nThe role has no sqs:ReceiveMessage.", ""),
        (f"{RECEIVES}\nThe policy must list sqs:ReceiveMessage, says the manual.", ""),
        (f"{RECEIVES}\nThe role has sqs:SendMessage on the queue.", ""),
        (f"{RECEIVES}\nThe role has sqs:* on the queue.", COMPARE),
        (f"{RECEIVES}\nMy user has sqs:* everywhere.", ""),
    ],
)
def test_an_action_that_a_policy_has_already_is_not_advised(text: str, said: str) -> None:
    summary = diagnosed(text).verdict.summary
    assert said in summary
    assert ("so do not add it" in summary) == bool(said)


@pytest.mark.parametrize(
    "said",
    [
        "The trust policy of deployer does not name ci-build",
        "The trust policy of deployer allows ci-build with an ExternalId",
        "The trust policy of ci-build names deployer",
    ],
)
def test_a_trust_that_is_denied_or_has_a_condition_leaves_both_sides_open(said: str) -> None:
    assert "own policies lack this" not in diagnosed(f"{DENIED}\n{said}").verdict.summary


BACKS_UP = "Your backup job failed as AWS Backup does not have permission to describe resource {}"
BUCKET, VOLUME = "arn:aws:s3:::ledger-eu", "arn:aws:ec2:eu-west-1:111122223333:volume/vol-0a1b2c3d"
FOR_BACKUP, FOR_S3 = "AWSBackupServiceRolePolicyForBackup", "AWSBackupServiceRolePolicyForS3Backup"


@pytest.mark.parametrize(
    ("said", "resource", "attach"),
    [
        (f"The role vault-writer has {FOR_BACKUP}.", BUCKET, True),
        (f"RDS works. {FOR_BACKUP} is attached to the plan's role", "arn:aws:s3:::media-1/", True),
        (f"The role vault-writer has {FOR_BACKUP}.", VOLUME, False),
        (f"The role vault-writer has {FOR_BACKUP} and {FOR_S3}.", BUCKET, False),
        (f"attached policies: {FOR_S3}", BUCKET, False),
        ("The role vault-writer has AdministratorAccess.", BUCKET, False),
    ],
)
def test_a_managed_policy_that_allows_no_action_of_the_resources_service(
    said: str, resource: str, attach: bool
) -> None:
    summary = diagnosed(f"{said}\n{BACKS_UP.format(resource)}").verdict.summary
    assert (f"Attach {FOR_S3} to the backup job's role" in summary) == attach
    assert f"{FOR_BACKUP} is attached, which is what" not in summary or resource == VOLUME
