"""A cause is told only where the text has its sign, and what the text refutes is not told."""

from __future__ import annotations

import json

import pytest

from tests.support.denials.pasted import diagnosed
from tests.support.texts.answers import causes_in

ACCOUNT = "210987654321"


def causes(text: str) -> str:
    return " ".join(each.cause for each in diagnosed(text).first_look)


def refused(action: str, resource: str, role: str = "app", session: str = "x", why: str = "") -> str:
    caller = f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}"
    return f"User: {caller} is not authorized to perform: {action} on resource: {resource}{why}"


TARGET = f"arn:aws:iam::{ACCOUNT}:role/writer"


@pytest.mark.parametrize("role", ["billing-worker", "queue-worker", "order-node"])
def test_kube2iam_needs_a_sign_of_kubernetes(role: str) -> None:
    text = refused("sts:AssumeRole", TARGET, role, "i-0a1b2c3d4e5f60718")
    assert "kube2iam" not in causes(text)
    assert "kube2iam" in causes(f"{text}\nthe pod's annotation iam.amazonaws.com/role is set")


NO_RESOURCE = " because no resource-based policy allows the kms:Decrypt action"
NO_ALLOW = " because no identity-based policy allows the {} action"


def lacking(action: str, resource: str, session: str = "x") -> str:
    return refused(action, resource, "app", session, NO_ALLOW.format(action))


KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/0f3c1d2e-aaaa-4bbb-8ccc-1234567890ab"
MODEL = f"arn:aws:bedrock:eu-west-1:{ACCOUNT}:inference-profile/eu.anthropic.claude-x"
WEB_IDENTITY = "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity"
LAUNCH = "An error occurred (UnauthorizedOperation) when calling the RunInstances operation: You are not authorized"
UNSIGNED = [
    # text, words of a cause that the text has no sign of
    ("An error occurred (ExpiredToken) when calling the GetObject operation: The token has expired.", "aws sso login"),
    ("An error occurred (RequestTimeTooSkewed) when calling the GetObject operation: too large.", "This machine"),
    ("An error occurred (AccessDeniedException) when calling the GetSecretValue operation: Access to KMS is not "
     "allowed\nKmsKeyId: (none shown)", "in its policies"),
    ("Error from server (Forbidden): User \"jo\" cannot list resource \"secrets\" in API group \"\"", "annotation"),
    (refused("sqs:CreateQueue", "*", session="AWSCloudFormation"), "if it has one"),
    (lacking("logs:PutRetentionPolicy", f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/a:log-stream:"), "Log streams"),
    (refused("sts:AssumeRole", TARGET) + "\ntrust policy requires aws:MultiFactorAuthPresent", "role does not exist"),
    (lacking("kms:ListAliases", "*"), "on its KMS key"),
    (lacking("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:a-Ab12Cd"),
     "six random characters"),
    (lacking("ssm:GetParameter", f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter/a/b"), "one slash"),
    (lacking("iam:CreateRole", f"arn:aws:iam::{ACCOUNT}:role/n"), "permissions boundary"),
    (lacking("bedrock:InvokeModel", MODEL), "cover every resource"),
    (lacking("dynamodb:GetResourcePolicy", f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/t"), "cover every resource"),
    (lacking("lambda:InvokeFunction", f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:f:$LATEST"), "never filled in"),
    (lacking("s3:PutObject", "arn:aws:s3:::lake/raw_$folder$"), "never filled in"),
    ("An error occurred (AccessDeniedException) when calling the TagResource operation: "
     + lacking("ecs:TagResource", f"arn:aws:ecs:eu-west-1:{ACCOUNT}:service/c/s"), "The call sets tags"),
    (lacking("s3:GetObject", "arn:aws:s3:::m/a"), "bucket's ARN instead of the objects'"),
    (f"[profile p]\nrole_arn = {TARGET}\nsource_profile = d\n{LAUNCH}", "passes a role"),
    (f"Phase complete: DOWNLOAD_SOURCE State: SUCCEEDED\n{lacking('s3:PutObject', 'arn:aws:s3:::m/a')}", "artifacts"),
    ("Error reading state machine: " + lacking("states:DescribeStateMachine", "*"), "Terraform's backend"),
    (f"OrderController.java:42 namespace web\n{lacking('sqs:SendMessage', '*', 'i-0a1b2c3d4e5f60718')}", "node's role"),
    (f"goroutine 1 github.com/aws/aws-sdk-go-v2/service/sts\n{WEB_IDENTITY}", "A branch, a pull request"),
    (f"operator in namespace web\n{WEB_IDENTITY}", "service account"),
    (refused("s3:PutObject", "arn:aws:s3:::b/k", why=" because no session policy allows the s3:PutObject action")
     + "\nour login page uses SAML", "AssumeRoleWithSAML"),
    ("An error occurred (AccessDenied) when calling the GetObject operation: "
     + refused("kms:Decrypt", KEY, why=NO_RESOURCE),
     "allowing s3:GetObject alone"),
    ("An error occurred (X) when calling the RegisterTaskDefinition operation: " + lacking("ecs:TagResource", "*"),
     "allowing ecs:RegisterTaskDefinition alone"),
    (lacking("ec2:RunInstances", f"arn:aws:ec2:eu-west-1:{ACCOUNT}:volume/*"), "cover every resource"),
    (lacking("logs:CreateLogStream", f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/a:log-stream:s")
     + "\nthe role has it on log-group:/a:*", "Log streams"),
    ("An error occurred (AccessDenied) when calling the AssumeRole operation: " + refused("sts:TagSession", TARGET),
     "allowing sts:AssumeRole alone"),
    ("An error occurred (AccessDenied) when calling the GetSecretValue operation: Access to KMS is not allowed\n"
     "we have not alias/aws/secretsmanager but our own key", "Its owner must encrypt it"),
    ("An error occurred (403) when calling the HeadBucket operation: Forbidden", "belongs to another account"),
    ("the clock is right, the session expired\nNot authorized to perform sts:AssumeRoleWithSAML", "five minutes"),
    (lacking("sqs:SendMessage", "*") + "\nI ran it as administrator", "AdministratorAccess"),
    (lacking("sqs:SendMessage", "*") + "\nI do not have AdministratorAccess", "AdministratorAccess"),
    (lacking("iam:CreateRole", f"arn:aws:iam::{ACCOUNT}:role/karpenter-controller")
     + "\n with module.karpenter.aws_iam_role.controller[0],", "Karpenter calls"),
    (lacking("ec2:DescribeInstances", "*") + "\nnodeSelector karpenter.sh/nodepool", "Karpenter calls"),
    ("$ aws s3 ls s3://loki-chunks\n" + lacking("s3:ListBucket", "arn:aws:s3:::loki-chunks"), "Grafana Loki"),
    ("$ cat velero-policy.json\n" + lacking("ec2:CreateSnapshot", "*"), "Velero calls"),
    (lacking("dynamodb:PutItem", "*") + "\nfailed loading application state", "S3 backend"),
    ("git push --set-upstream origin\n" + lacking("ecr:CreateRepository", "*"), "pull through a cache"),
    (lacking("ec2:DescribeSubnets", "*", "AWSCodeBuild-1a2b"), "project in a VPC"),
    ("aws_lambda_function.api: Creating...\n" + lacking("ec2:DescribeSubnets", "*"), "function in a VPC"),
    ("celery workers of airflow\n" + lacking("sqs:ReceiveMessage", "*"), "MWAA"),
    (lacking("events:PutRule", "*") + "\nthe target is a state machine", "rule that it manages"),
    (lacking("servicecatalog:CreatePortfolio", "*"), "launch constraint"),
    (lacking("bedrock:InvokeModel", "*") + "\nour knowledge base importer", "inference profile"),
    (lacking("glue:GetTable", "*") + "\nthe wiki has a page on Lake Formation", "Lake Formation protects"),
    ("grafana has anonymous access\n" + lacking("cloudwatch:ListMetrics", "*"), "without a signature"),
    ("ClientError: Access Denied\nAws::CloudFormation::Client", "third party's"),
    ("it works without credentials in its file\nAn error occurred (AccessDenied) when calling the GetObject operation: "
     "x", "The data is public"),
    ("I have not given web-role access yet\n" + lacking("s3:GetObject", "arn:aws:s3:::b/k"), "The text says that"),
    ("it worked until we renamed the git branch\n" + lacking("ecs:UpdateService", "*"), "resources were renamed"),
    ("The role defined for the function cannot be assumed by Lambda.", "a moment ago"),
    ("The role defined for the function cannot be assumed by Lambda.", "aws:SourceArn"),
    ("An error occurred (AccessDenied) when calling the AssumeRole operation: "
     + refused("sts:AssumeRole", TARGET) + f"\narn:aws:sts::{ACCOUNT}:assumed-role/writer/ann works",
     "whether the role exists"),
    ("EntityAlreadyExists: Role with name app already exists.\nStack trace (most recent call last):",
     "import it into the"),
    ("EntityAlreadyExists: Role with name app already exists.\nAWS_REGION=eu-west-1 arn:aws:kms:us-east-1:1:key/1",
     "the stack in us-east-1"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (lacking("sqs:SendMessage", "*").replace(":sts:", ":iam:").replace("assumed-role/app/x", "user/mo"),
         "None of the caller's identity-based policies"),
        (refused("kms:Decrypt", KEY, "app", "i-0a1b2c3d4e5f60718", NO_RESOURCE), "The key's policy does not name"),
        ("UnauthorizedOperation: You are not authorized. Encoded authorization failure message: " + "aB3" * 30,
         "The encoded message contains the reason"),
        (f"Could not assume role: {refused('sts:AssumeRole', TARGET, 'writer')}", "The caller is already a session"),
        ("sns: " + refused("sns:Publish", "arn:aws:sns:eu-west-1:999999999999:t", session="0a" * 16,
                           why=" because no resource-based policy allows the sns:Publish action"),
         "The resource's own policy"),
    ],
)  # fmt: skip
def test_what_the_text_settles_is_the_only_cause(text: str, first: str) -> None:
    (only,) = [each.cause for each in diagnosed(text).first_look]
    assert only.startswith(first)


def test_whose_permissions_and_what_the_action_asks_for_are_one_cause_each() -> None:
    text = lacking("logs:PutLogEvents", f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/a:log-stream:b", "AWSCodeBuild-1")
    whose, what = [each.cause for each in diagnosed(text).first_look]
    assert "build's own service role" in whose
    assert what.startswith("Log streams are separate resources")


def test_a_note_beside_the_error_is_not_what_it_says() -> None:
    refusal = "An error occurred (AccessDenied) when calling the ListBuckets operation: "
    assert "must be created" not in diagnosed(f"{refusal}Access Denied\nTODO the role must be created").verdict.summary
    assert "must be enabled" in diagnosed(f"{refusal}The feature must be enabled first").verdict.summary


SET_ROLE = f"arn:aws:iam::{{}}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Ops_{'1a' * 8}"


def test_the_role_of_a_permission_set_that_was_assigned_again_is_another_role() -> None:
    call = refused("kms:Decrypt", KEY, f"AWSReservedSSO_Ops_{'9c' * 8}", "ida", NO_RESOURCE)
    (only,) = [each.cause for each in diagnosed(f"{call}\n{SET_ROLE.format(ACCOUNT)}").first_look]
    assert "created a new role when the permission set was assigned again" in only
    assert "created a new role" not in causes(f"{call}\n{SET_ROLE.format('999999999999')}")


def test_duckdb_without_credentials_lacks_no_permission() -> None:
    text = "SELECT * FROM read_parquet('s3://b/k')\nHTTP 403 Forbidden / AccessDenied - No credentials are provided"
    (only,) = [each.cause for each in diagnosed(text).first_look]
    assert "PROVIDER credential_chain" in only


@pytest.mark.parametrize(
    ("around", "unsigned"),
    [
        ("import duckdb", True),
        ("INSTALL httpfs; LOAD httpfs;", True),
        ("import duckdb\nCREATE SECRET (TYPE s3, KEY_ID 'x', SECRET 'y')", False),
        ("import polars", False),
    ],
)
def test_duckdb_signs_only_with_a_secret(around: str, unsigned: bool) -> None:
    text = f"{around}\nHTTP Error: HTTP GET error on 'https://lake.s3.amazonaws.com/data/x.parquet' (HTTP 403)"
    assert ("most likely sent the request without credentials" in causes(text)) is unsigned


@pytest.mark.parametrize(("text", "cause"), UNSIGNED)
def test_a_cause_without_its_sign_is_not_told(text: str, cause: str) -> None:
    assert cause not in causes(text)


def test_nextflow_without_batch_is_not_told_of_batch() -> None:
    text = "nextflow: operation error S3: PutObject, https response error StatusCode: 403, api error AccessDenied: No"
    assert "batch:" not in causes(text)
    assert "batch:RegisterJobDefinition" in causes(f"process.executor = 'awsbatch'\n{text}")


@pytest.mark.parametrize(
    ("sign", "how"),
    [
        ("using anonymous credentials to connect", "where it runs"),
        ("Fusion: using anonymous credentials", "fusion.export"),
    ],
)
def test_a_program_without_credentials_is_told_so_alone(sign: str, how: str) -> None:
    text = (
        f"WARN {sign}\noperation error S3: PutObject, https response error StatusCode: 403, api error AccessDenied: x"
    )
    (look,) = diagnosed(text).first_look
    assert "has no credentials where it runs" in look.cause
    assert how in look.cause


@pytest.mark.parametrize("path", ["settings/batch", "profiles/aws/prod"])
def test_a_path_that_is_taken_for_a_role_is_not_allowed(path: str) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/{path}"
    text = (
        "An error occurred (AccessDeniedException) when calling the RegisterJobDefinition operation: "
        f'{refused("iam:PassRole", role)}\n# {path}/config.yaml\nbatch-job-role: ""'
    )
    (look,) = diagnosed(text).first_look
    assert look.cause.startswith(f"Most likely {path} is not a role: it is a path")
    assert "batch-job-role, which is empty" in look.cause
    assert f"Do not allow iam:PassRole on {role}" in look.cause
    assert look.cause.endswith("iam:PassRole to ecs-tasks.amazonaws.com.")


def test_a_public_call_of_cognito_needs_no_permission() -> None:
    said = causes(
        "NotAuthorizedException when calling GetCredentialsForIdentity: Access to Identity 'eu:a' is forbidden."
    )
    assert "The call needs no permission of the caller: it is public" in said
    assert "cannot be limited to single resources" not in said


def test_a_role_with_a_path_is_a_role() -> None:
    text = refused("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/service-role/app")
    assert "it is a path" not in causes(f"{text}\npolicy/service-role/other")


def test_a_session_policy_says_who_made_it_and_what_to_change() -> None:
    why = " because no session policy allows the bedrock:InvokeModel action"
    text = refused("bedrock:InvokeModel", "*", "gateway", "proxy", why)
    (look,) = diagnosed(
        f"{text}\naws_web_identity_token: oidc\n# the role's own policy allows bedrock:InvokeModel"
    ).first_look
    assert "called AssumeRoleWithWebIdentity for gateway (session proxy)" in look.cause
    assert "A change to the role's own policies alone does not help" in look.cause


def test_a_policy_that_allows_it_leaves_a_session_policy() -> None:
    why = " because no identity-based policy allows the bedrock:Rerank action"
    statement = {"Effect": "Allow", "Action": ["bedrock:InvokeModel", "bedrock:Rerank"], "Resource": "*"}
    text = f"{refused('bedrock:Rerank', '*', why=why)}\n{json.dumps(statement)}"
    assert "cannot be limited to single resources" not in causes(text)
    assert "may have passed a session policy" in causes(f"{text}\nAWS_WEB_IDENTITY_TOKEN_FILE=/var/run/token")


@pytest.mark.parametrize("when", ["starts 15 minutes after each restart", "the first inserts work, later ones fail"])
def test_a_database_that_takes_the_first_token_is_not_missing_a_grant(when: str) -> None:
    text = f'level=error msg="pq: PAM authentication failed for user \\"app\\""\n# {when}\niam_enabled: true'
    (look,) = diagnosed(text).first_look
    assert look.cause.startswith("Let the program create a new IAM")
    assert "rds_iam is missing" in look.cause
    assert "new IAM token" not in causes(text.replace(when, "it never worked"))


def test_a_simulation_says_what_is_missing() -> None:
    text = (
        "error: required environment variables are not set\n# the parameters are SecureString\n"
        "ssm:GetParameter  allowed\nkms:Decrypt  implicitDeny\n"
    )
    answer = diagnosed(text)
    assert answer.verdict.summary.startswith("Allow kms:Decrypt in the policies of the simulated role")
    assert len(answer.first_look) == 1
    assert "simulated" not in causes(text.replace("implicitDeny", "allowed"))


@pytest.mark.parametrize("words", ["runs under role batch-exec", "executed with the IAM role batch-exec"])
def test_a_role_that_a_person_names_is_the_caller(words: str) -> None:
    called = "An error occurred (AccessDeniedException) when calling the GetWorkGroup operation: "
    text = (
        f"{called}You are not authorized to perform: athena:GetWorkGroup on the resource. After your AWS administrator "
        f"or you have updated your permissions, please try again.\n# {words}"
    )
    (look, *others) = diagnosed(text).first_look
    assert "--role-name batch-exec" in (look.check or "")
    assert not any("another identity" in each.cause for each in others)


def test_early_validation_is_what_failed_and_not_the_call_for_its_details() -> None:
    why = " because no identity-based policy allows the cloudformation:DescribeEvents action"
    stack = f"arn:aws:cloudformation:eu-west-1:{ACCOUNT}:stack/app/*"
    text = refused("cloudformation:DescribeEvents", stack, why=why)
    first, second = diagnosed(f"EarlyValidationFailure: retrieving more details failed ({text})").first_look
    assert "does not make the deployment succeed" in first.cause
    assert "cdk bootstrap" in second.cause


def test_a_legacy_identity_of_a_distribution_is_not_told_of_a_service() -> None:
    text = (
        "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>\nserver: AmazonS3\n"
        "x-cache: Error from cloudfront\norigin-access-identity/cloudfront/E2ABCDEF, no aws_s3_bucket_policy"
    )
    said = causes(text)
    assert "CloudFront Origin Access Identity E2ABCDEF" in said
    assert "Block Public Access" not in said


@pytest.mark.parametrize(
    ("operation", "action"),
    [("HeadBucket", "s3:ListBucket"), ("HeadObject", "s3:GetObject"), ("GetObject", "s3:GetObject")],
)
def test_a_status_from_an_operation_of_s3_names_its_action(operation: str, action: str) -> None:
    assert action in diagnosed(f"Check: failed\nError: Unknown, 403 from {operation}").steps[0].summary


S3A = (
    'Exception in thread "main" java.nio.file.AccessDeniedException: s3://jobs/app.jar: getFileStatus on '
    "s3://jobs/app.jar: software.amazon.awssdk.services.s3.model.S3Exception: (Service: S3, Status Code: 403)\n"
    "  at org.apache.hadoop.fs.s3a.S3AUtils.translateException(S3AUtils.java:293)\n"
)


def test_a_java_package_before_an_error_is_no_other_name() -> None:
    assert "error was recognized in the text" not in diagnosed(S3A).verdict.summary


def test_s3a_in_a_pod_needs_its_own_setting() -> None:
    pod = f"{S3A}AWS_WEB_IDENTITY_TOKEN_FILE=/var/run/token"
    assert "Set fs.s3a.aws.credentials.provider" in causes(pod)
    short = "java.nio.file.AccessDeniedException: s3a://logs/e/: getFileStatus on s3a://logs/e/: (Status Code: 403)"
    assert "Set fs.s3a" in causes(f"{short}\nAWS_WEB_IDENTITY_TOKEN_FILE: /var/run/token")
    assert "Set fs.s3a" not in causes(S3A)
    assert "Set fs.s3a" not in causes(f"{pod}\nspark.hadoop.fs.s3a.aws.credentials.provider=com.acme.Provider")


def test_a_simulation_has_the_resource_that_the_statement_names() -> None:
    why = " because no identity-based policy allows the iam:PutRolePolicy action"
    (look,) = diagnosed(refused("iam:PutRolePolicy", "role site-lambda", "deploy", why=why)).first_look
    assert f"--resource-arns arn:aws:iam::{ACCOUNT}:role/site-lambda " in (look.check or "")


def test_a_pod_with_a_role_is_not_told_of_the_metadata_service() -> None:
    text = (
        "ERROR: [029]: unable to find credentials: unable to request '169.254.169.254': HTTP request failed with 401\n"
        f"AWS_ROLE_ARN=arn:aws:iam::{ACCOUNT}:role/backup\nAWS_WEB_IDENTITY_TOKEN_FILE=/var/run/token\n"
    )
    answer = diagnosed(f"{text}repo1-s3-key-type=auto")
    assert answer.verdict.summary.startswith(
        "The pod has its own role (backup), but the program asks the instance's metadata service instead"
    )
    assert "Set the program's credentials to web identity" in answer.first_look[0].cause
    assert "HttpTokens" not in str(answer.fixes)
    assert "role of its own" not in diagnosed("unable to request '169.254.169.254'").verdict.summary


def test_a_role_of_another_partition_cannot_be_assumed() -> None:
    text = f"User: arn:aws:iam::{ACCOUNT}:user/ci is not authorized to perform: sts:AssumeRole on resource: "
    answer = diagnosed(f"{text}arn:aws-us-gov:iam::551209834476:role/deploy")
    assert answer.verdict.summary.startswith("The caller is in the partition aws, but the role's ARN is in aws-us-gov")
    assert answer.first_look == ()


def test_a_user_whom_rbac_refuses_is_not_told_of_access_entries() -> None:
    said = "aws-auth was migrated.\n$ aws eks update-kubeconfig --name pay\n" + (
        'Error from server (Forbidden): deployments.apps is forbidden: User "ann" cannot list resource "deployments" '
        'in API group "apps" in the namespace "pci"'
    )
    assert "access entry" not in causes(said)
    assert "RoleBinding" in causes(said)


EMPTY = "operation error EventBridge: PutTargets, https response error StatusCode: 400, AccessDeniedException: "


@pytest.mark.parametrize(
    ("said", "given", "held"),
    [
        ("The target has a delivery role. That role has events:*.", True, True),
        ("The rule's target needs a role for Kinesis. My role has events:PutTargets.", True, True),
        ("The target uses its own role.", True, False),
        ("The target is a queue.", False, False),
        ("The pipeline runs with role deployer.", False, False),
    ],
)
def test_a_role_that_is_named_in_prose_is_passed(said: str, given: bool, held: bool) -> None:
    causes = " ".join(each.cause for each in diagnosed(f"{said}\n{EMPTY}\n").first_look)
    assert ("passes a role" in causes) == given
    assert ("most likely iam:PassRole was refused" in causes) == held


@pytest.mark.parametrize(
    ("beside", "missing"),
    [
        ("$ curl -sI https://d1.cloudfront.net/index.html | head -1\nHTTP/2 200", True),
        ("$ curl -s -o x -D - https://d1.cloudfront.net/a.css\nHTTP/1.1 200 OK", True),
        ("other pages load fine", True),
        ("$ curl -sI https://d1.cloudfront.net/other | head -1\nHTTP/2 403", False),
        ("it is the same for each page", False),
    ],
)
def test_an_object_that_is_served_beside_it_shows_that_the_policy_works(beside: str, missing: bool) -> None:
    text = (
        "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>\n"
        f"https://d1.cloudfront.net/app/settings\nx-cache: Error from cloudfront\n{beside}"
    )
    assert diagnosed(text).first_look[0].cause.startswith("Most likely the object does not exist") == missing


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("CloudFormation events show: xxx is not authorized to perform: dynamodb:TagResource on resource xxx", True),
        ("CREATE_FAILED: *** is not authorized to perform: sqs:TagQueue on resource: ***", True),
        ("stack event: not authorized to perform: logs:TagResource on resource *; CloudFormation", False),
        ("xxx is not authorized to perform: dynamodb:TagResource on resource xxx", False),
    ],
)
def test_a_stack_event_without_its_caller_says_whose_permission_it_is(text: str, whom: bool) -> None:
    said = " ".join(each.cause for each in diagnosed(text).first_look)
    assert ("for the role that runs the CloudFormation deployment" in said) == whom


def test_the_target_of_a_session_uses_the_sessions_key() -> None:
    said = (
        "Encountered error while initiating handshake. {} Error when decrypting data key AccessDeniedException: The "
        "ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not "
        "allowed to access."
    )
    fetching = "Fetching data key failed: Unable to retrieve data key,"
    assert "the role of the session's target" in causes_in(said.format(fetching))
    assert "the role of the session's target" not in causes_in(said.format("Backup failed:"))


@pytest.mark.parametrize(
    "action", ["ecs:DescribeClusters", "ec2:DescribeInstances", "autoscaling:DescribeAccountLimits"]
)
def test_batch_calls_with_its_compute_environments_role(action: str) -> None:
    assert "AWSBatchServiceRole" in causes(lacking(action, "*", "aws-batch"))
    assert "AWSBatchServiceRole" not in causes(lacking(action, "*", "batch-job"))
