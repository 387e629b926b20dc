"""What a service is known for: each row is met by a denial of its action, and names only actions that IAM has."""

from __future__ import annotations

import re

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.causes.denials.needs_of_services import SERVICES
from diagnostics.text.causes.denials.service_facts import KNOWN
from iam.service_reference import action, condition_keys
from tests.support.texts.answers import causes_in

CALLER = "User: arn:aws:sts::444455556666:assumed-role/app/s"
# Parts of ARNs that look like actions.
_OF_ARNS = re.compile(r"(?:db|og|pg|subgrp|snapshot|user|replicationgroup|serverlesscache):[A-Z]")


def causes(text: str) -> list[str]:
    return [look.cause for failure in read_text(text) for look in collect_offline(failure).first_look]


def denied(name: str, resource: str = "*", more: str = "") -> str:
    return (
        f"{CALLER} is not authorized to perform: {name} on resource: {resource} because no identity-based policy "
        f"allows the {name} action{more}"
    )


@pytest.mark.parametrize("row", [*KNOWN, *SERVICES], ids=lambda row: row.cause[:40])
def test_a_row_names_actions_that_iam_has_and_its_page(row: object) -> None:
    named = re.findall(r"(?<![\w/:.-])([a-z][a-z0-9-]+:[A-Z]\w+)\b(?!\*)", row.cause)  # type: ignore[attr-defined]
    for each in named:
        if not _OF_ARNS.match(each) and action(each) is None:
            assert each.lower() in {key.lower() for key in condition_keys(each.partition(":")[0])}, each
    assert row.page.startswith("https://")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            denied("s3:ListBucket", "arn:aws:s3:::fin", "\nchanged: arn:aws:iam::444455556667:role/app"),
            "a role of the same name in another account. The caller belongs to account 444455556666",
        ),
        (denied("codestar-connections:UseConnection"), "prefix of the connection's ARN"),
        (denied("s3:DeleteObject", "arn:aws:s3:::state/app.tfstate.tflock"), "force-unlock"),
        (denied("ssm:StartSession", "arn:aws:ssm:eu-west-1::document/SSM-SessionManagerRunShell"), "on the document"),
        (
            denied(
                "ssm:StartSession",
                "arn:aws:ssm:eu-west-1::document/AWS-StartPortForwardingSession",
                "\n$ aws ssm start-session --target i-0a7d94e2b6c1385f0\nStarting session with SessionId: ann-0c2b",
            ),
            "the instance and the access to it are fine",
        ),
        (
            denied("ssm:StartSession", "arn:aws:ec2:eu-west-1:444455556666:instance/i-0a7d94e2b6c1385f0"),
            "Encrypted sessions need kms:GenerateDataKey",
        ),
        (
            f"{CALLER} is not authorized to perform: ecr:InitiateLayerUpload on resource: "
            "arn:aws:ecr:eu-west-1:444455556666:repository/prd/web",
            "with repository/prd/web: its pattern must match the part before a slash",
        ),
        (
            f"denied: {CALLER} is not authorized to perform: ecr:BatchGetImage on resource: "
            "arn:aws:ecr:eu-west-1:444455556666:repository/web",
            "The repository is in the caller's own account",
        ),
        (
            denied("sqs:CreateQueue", "arn:aws:sqs:eu-west-1:444455556666:q", "\nio.awspring.cloud, @SqsListener"),
            "creates a queue if no queue of this name is found",
        ),
        (denied("sqs:StartMessageMoveTask", "arn:aws:sqs:eu-west-1:444455556666:q"), "sqs:SendMessage"),
        (
            denied("rds:CreateDBSnapshot", "arn:aws:rds:eu-west-1:444455556666:db:x", "\nRDS: DeleteDBInstance"),
            "skip_final_snapshot",
        ),
        (denied("SNS:Publish", "+491700000000"), 'Resource "*"'),
        *(
            (f"An error occurred (AccessDeniedException) when calling the {each} operation: not allowed", "management")
            for each in ("DisableAWSOrganizationsAccess", "EnableSharingWithAwsOrganization")
        ),
        (
            f"{CALLER} is not authorized to perform: iam:GetRole on resource: role AWSReservedSSO_Ops_1\n"
            "arn:aws:sso:::permissionSet/ssoins-1/ps-1",
            "For assignments in the management account",
        ),
        (denied("kms:CreateAlias", "arn:aws:kms:eu-west-1:444455556666:alias/x"), "on the alias and on its key"),
        (denied("eks-auth:AssumeRoleForPodIdentity", "arn:aws:eks:eu-west-1:444455556666:cluster/c"), "node's role"),
        (denied("secretsmanager:BatchGetSecretValue"), "secretsmanager:ListSecrets"),
        (denied("states:InvokeHTTPEndpoint"), "events:RetrieveConnectionCredentials"),
        (denied("aoss:APIAccessAll", "arn:aws:aoss:eu-west-1:444455556666:collection/x"), "data access policy"),
        (denied("elasticache:Connect", "arn:aws:elasticache:eu-west-1:444455556666:user:u"), "and the user"),
        (denied("glue:GetTables", "arn:aws:glue:eu-west-1:444455556666:catalog"), "database/NAME and table/NAME/*"),
        (denied("lakeformation:GetDataAccess"), "own grant"),
        (denied("glue:GetCatalogImportStatus", more=" (userAgent JDBCVersion/4.2)"), "JDBC and ODBC drivers"),
        (denied("backup:StartBackupJob"), "backup.amazonaws.com"),
        (denied("airflow:CreateWebLoginToken"), "role/ENVIRONMENT/Admin"),
        (denied("iot:Subscribe", "arn:aws:iot:eu-west-1:444455556666:topicfilter/a"), "topicfilter/FILTER"),
        (denied("wafv2:AssociateWebACL"), "both sides"),
        (denied("batch:SubmitJob", "arn:aws:batch:eu-west-1:444455556666:job-queue/q"), "on the job queue"),
        (denied("bedrock:RetrieveAndGenerate"), "may need bedrock:InvokeModel too"),
        (denied("dynamodb:CreateTable", more=" (KinesisClientLibrary)"), "lease table"),
        (
            "ResourceInitializationError: unable to pull secrets: " + denied("secretsmanager:GetSecretValue"),
            "task's execution role",
        ),
        (
            "ERROR: Not authorized to get credentials of role arn:aws:iam::444455556666:role/s (redshift)",
            "associated with",
        ),
        (
            "Bedrock Knowledge Base was unable to assume the given role. Provide the proper permissions.",
            "knowledge-base/*",
        ),
        ("AWS Transfer Family: bob ERROR Access denied, sftp> put a.txt: AccessDenied", "user's session policy"),
        (
            f"{denied('ce:GetCostAndUsage')} because no identity-based policy allows the ce:GetCostAndUsage action\n"
            "IAM ユーザー/ロールによる請求情報へのアクセス: 無効",
            "until the root user turns it on",
        ),
    ],
)
def test_what_a_service_needs_beyond_the_action_is_named(text: str, words: str) -> None:
    assert any(words in cause for cause in causes(text))


def test_whose_credentials_they_are_comes_before_what_the_action_asks_for() -> None:
    text = (
        "User: arn:aws:sts::444455556666:assumed-role/shop-eks-node-group/i-0123abcd4567ef890 is not authorized to "
        "perform: glue:GetTable on resource: arn:aws:glue:eu-west-1:444455556666:catalog because no identity-based "
        "policy allows the glue:GetTable action; pod reports-0, IRSA role reports"
    )
    found = causes(text)
    assert "node's role" in found[0]
    assert not found[0].startswith("Glue")


def test_under_the_node_s_role_no_policy_lacks_anything() -> None:
    text = (
        "aws-load-balancer-controller: User: arn:aws:sts::444455556666:assumed-role/eksctl-x-NodeInstanceRole-1/"
        "i-0123abcd4567ef890 is not authorized to perform: elasticloadbalancing:DescribeLoadBalancers because no "
        "identity-based policy allows the elasticloadbalancing:DescribeLoadBalancers action"
    )
    (only,) = causes(text)
    assert "Every pod of the node can use the permissions of the node's role" in only


def test_a_session_of_a_directory_bucket_that_is_refused_was_asked_for_writing() -> None:
    text = (
        "initial ListObjectsV2 failed: Forbidden: Access Denied (s3express:CreateSession)\n"
        '"Action": "s3express:CreateSession", "Condition": {"StringEquals": {"s3express:SessionMode": "ReadOnly"}}'
    )
    (failure,) = read_text(text)
    answer = collect_offline(failure)
    said = " ".join((answer.verdict.summary, *causes(text)))
    assert "no mode falls back to ReadOnly" in said


@pytest.mark.parametrize("name", ["glue:StartJobRun", "glue:GetConnection"])
def test_a_job_of_glue_asks_for_no_table(name: str) -> None:
    assert not any("table/NAME" in cause for cause in causes(denied(name)))


def test_a_key_of_another_account_asks_both_sides() -> None:
    text = (
        "User: arn:aws:sts::444455556666:assumed-role/ocr/s is not authorized to perform: kms:Decrypt on resource: "
        "arn:aws:kms:eu-west-1:111122223333:key/77c1c0de because no resource-based policy allows the kms:Decrypt action"
    )
    found = causes(text)
    assert "belongs to account 111122223333" in found[0]
    assert "account 444455556666, or the role ocr" in found[0]
    assert not any("leaves the decision to IAM policies" in cause for cause in found)


def test_what_is_refused_now_is_not_what_comes_next() -> None:
    text = "An error occurred (AccessDeniedException) when calling the CreateStateMachine operation: " + denied(
        "iam:PassRole", "arn:aws:iam::444455556666:role/flow"
    )
    (diagnosis,) = map(collect_offline, read_text(text))
    assert not [step for step in diagnosis.steps if step.id == "next" and "iam:PassRole" in step.summary]


def test_condition_keys_and_types_of_events_are_no_actions() -> None:
    text = (
        "Unable to validate the following destination configurations\n"
        '"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::b"}}, event s3:ObjectCreated:*'
    )
    (diagnosis,) = map(collect_offline, read_text(text))
    assert "aws:SourceArn" not in diagnosis.steps[0].summary
    assert "s3:ObjectCreated" not in diagnosis.steps[0].summary


def test_the_refused_action_itself_is_named_before_what_belongs_to_it() -> None:
    found = causes(denied("backup:StartRestoreJob"))
    assert found[0].startswith("Allow backup:StartRestoreJob. ")
    assert "iam:PassRole" in found[0]


def test_who_gets_the_role_is_told_by_an_operation_of_another_name_than_its_action() -> None:
    text = "An error occurred (AccessDenied) when calling the PutBucketReplication operation: " + denied(
        "iam:PassRole", "arn:aws:iam::444455556666:role/repl"
    )
    assert "s3.amazonaws.com" in causes(text)[0]


def test_mfa_delete_is_for_root_alone() -> None:
    text = (
        "aws s3api put-bucket-versioning --bucket nas --versioning-configuration Status=Enabled,MFADelete=Enabled\n"
        "An error occurred (AccessDenied) when calling the PutBucketVersioning operation: Access Denied"
    )
    assert "root user" in causes(text)[0]


@pytest.mark.parametrize(
    "text",
    [
        # A stated reason, and another account's repository.
        denied("ecr:PutImage", "arn:aws:ecr:eu-west-1:444455556666:repository/web"),
        f"{CALLER} is not authorized to perform: ecr:PutImage on resource: "
        "arn:aws:ecr:eu-west-1:111122223333:repository/web",
    ],
)
def test_a_repository_of_another_account_or_with_a_reason_is_not_the_callers_own(text: str) -> None:
    assert not [each for each in causes(text) if "in the caller's own account" in each]


PUT = "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied"


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        (denied("s3tables:CreateTable", "arn:aws:s3tables:eu-west-1:444455556666:bucket/lake"), "S3 Tables has", True),
        (denied("s3:CreateBucket", "arn:aws:s3:::lake"), "S3 Tables has", False),
        (denied("s3-object-lambda:WriteGetObjectResponse"), "S3 Object Lambda access point makes this call", True),
        (denied("mgn:GetAgentInstallationAssetsForMgn"), "installs the replication agent", True),
        (denied("mgn:DescribeSourceServers"), "installs the replication agent", False),
        (PUT + '\n"NetworkOrigin": "VPC"', "network origin is VPC", True),
        (PUT + '\n"NetworkOrigin": "Internet"', "network origin is VPC", False),
        (PUT + "\narn:aws:s3::444455556666:accesspoint/mfzwi23gnjvgw.mrap", "is checked three times", True),
        (PUT + "\narn:aws:s3:eu-west-1:444455556666:accesspoint/fin", "is checked three times", False),
        (
            "User: arn:aws:sts::444455556666:assumed-role/rs/RedshiftIamRoleSession is not authorized to perform: "
            "kinesis:ListShards on resource: arn:aws:kinesis:eu-west-1:444455556666:stream/clicks",
            "Redshift makes this call with the role",
            True,
        ),
        (denied("kinesis:ListShards"), "Redshift makes this call with the role", False),
        (
            f"{CALLER} is not authorized to perform: glue:GetUserDefinedFunctions on resource: "
            "arn:aws:glue:eu-west-1:111122223333:catalog because no resource-based policy allows the "
            "glue:GetUserDefinedFunctions action",
            "version 3 of the RAM managed permissions",
            True,
        ),
        (denied("glue:GetUserDefinedFunctions"), "version 3 of the RAM managed permissions", False),
    ],
)
def test_a_fact_is_stated_only_with_its_signs(text: str, words: str, said: bool) -> None:
    assert any(words in each for each in causes(text)) is said


@pytest.mark.parametrize(
    ("more", "plugin"),
    [
        ("\n$ aws ssm start-session --target i-0abc", True),
        ("\nI only called StartSession", True),
        ("\n$ aws ssm terminate-session --session-id x", False),
        ("", True),
    ],
)
def test_a_session_that_ends_at_once_lacks_the_plugin(more: str, plugin: bool) -> None:
    text = denied("ssm:TerminateSession", "arn:aws:ssm:eu-west-1:444455556666:session/s-01", more)
    assert any("Session Manager plugin" in each for each in causes(text)) is plugin


@pytest.mark.parametrize(
    ("more", "of_lambda"),
    [
        ('\n"encryptionContext": {"aws:lambda:FunctionArn": "arn:aws:lambda:eu-west-1:444455556666:function:f"}', True),
        ("\naws:lambda:FunctionArn = arn:aws:lambda:eu-west-1:444455556666:function:f", True),
        (
            '\n"encryptionContext": {"SecretARN": "arn:aws:secretsmanager:eu-west-1:444455556666:secret:a-AbCdEf"}',
            False,
        ),
        ("\ncalled by arn:aws:lambda:eu-west-1:444455556666:function:f", False),
    ],
)
def test_the_encryption_context_of_lambda_names_the_function(more: str, of_lambda: bool) -> None:
    text = denied("kms:Decrypt", "arn:aws:kms:eu-west-1:444455556666:key/1a", more)
    assert any("uses the function's execution role" in each for each in causes(text)) is of_lambda


@pytest.mark.parametrize("action", ["bedrock:CallWithBearerToken", "bedrock-mantle:CallWithBearerToken"])
def test_a_bearer_token_needs_its_own_action(action: str) -> None:
    said = "requests that are signed with the same identity's credentials (SigV4) do not"
    assert said in causes_in(f"not authorized to perform: {action}")
    assert said not in causes_in("not authorized to perform: bedrock:InvokeModel")


@pytest.mark.parametrize(
    ("name", "resource", "said"),
    [
        (
            "serverlessrepo:CreateCloudFormationTemplate",
            "serverlessrepo:eu-west-1:777788889999:applications/auth",
            "public",
        ),
        ("serverlessrepo:GetApplication", "serverlessrepo:us-east-1:777788889999:applications/rotation", "public"),
        ("lambda:GetLayerVersion", "lambda:eu-west-1:777788889999:layer:tracing:7", "layer version's own policy"),
    ],
)
def test_what_others_publish_needs_an_allow_of_the_caller_and_no_credentials_of_the_publisher(
    name: str, resource: str, said: str
) -> None:
    refusal = f"{CALLER} is not authorized to perform: {name} on resource: arn:aws:{resource}"
    for text in (refusal, denied(name, f"arn:aws:{resource}")):
        found = " ".join(causes(text))
        assert "777788889999, use those" not in found
        assert f"Allow {name}" in found
        assert said in found


def test_a_resource_that_nobody_publishes_may_be_called_with_the_wrong_credentials() -> None:
    refusal = f"{CALLER} is not authorized to perform: dynamodb:GetItem on resource: "
    found = causes(f"{refusal}arn:aws:dynamodb:eu-west-1:777788889999:table/orders")
    assert any("777788889999, use those" in each for each in found)


PERMISSION_SET = "arn:aws:sso:::permissionSet/ssoins-8259aabbccddeeff/ps-c1f8be81aabbccdd"
INSTANCE = "arn:aws:sso:::instance/ssoins-8259aabbccddeeff"
OF_MANAGEMENT, OF_MEMBERS = (
    "Most likely the target is the management account",
    "Make this call in the management account",
)


@pytest.mark.parametrize(
    ("name", "resource", "said", "cause"),
    [
        (
            "sso:CreateAccountAssignment",
            PERMISSION_SET,
            "Identity Center is delegated to the security account. Only the assignment to management fails.",
            OF_MANAGEMENT,
        ),
        (
            "sso:AttachManagedPolicyToPermissionSet",
            PERMISSION_SET,
            "The set is provisioned in the management account, and we work in the delegated administrator account.",
            OF_MANAGEMENT,
        ),
        ("sso:CreateAccountAssignment", PERMISSION_SET, "It fails for the account Billing.", ""),
        ("sso:ListInstances", "*", "The scan fails in every member account.", OF_MEMBERS),
        ("sso:DescribePermissionSet", INSTANCE, "Other accounts fail with the same role.", OF_MEMBERS),
        ("sso:DescribePermissionSet", INSTANCE, "The pipeline fails since Monday.", ""),
    ],
)
def test_identity_center_is_managed_in_two_accounts(name: str, resource: str, said: str, cause: str) -> None:
    text = f"{said}\n{CALLER} is not authorized to perform: {name} on resource: {resource}"
    found = [each for each in causes(text) if each.startswith((OF_MANAGEMENT, OF_MEMBERS))]
    assert [each for each in found if each.startswith(cause)] == found
    assert bool(found) == bool(cause)


BUILDS = (
    "User: arn:aws:sts::111122223333:assumed-role/{}/{} is not authorized to perform: {} on resource: {} because no "
    "identity-based policy allows the {} action"
)


@pytest.mark.parametrize(
    ("caller", "action", "resource", "builds"),
    [
        (
            "b/i-0a1b2c3d4e5f60718",
            "imagebuilder:GetComponent",
            "arn:aws:imagebuilder:eu-west-1:111122223333:x",
            True,
        ),
        ("b/i-0a1b2c3d4e5f60718", "s3:GetObject", "arn:aws:s3:::ec2imagebuilder-toe-eu-west-1-prod/x", True),
        ("b/ann", "imagebuilder:GetComponent", "arn:aws:imagebuilder:eu-west-1:111122223333:x", False),
        ("b/i-0a1b2c3d4e5f60718", "s3:GetObject", "arn:aws:s3:::shop/x", False),
    ],
)
def test_image_builders_instances_have_their_own_policy(caller: str, action: str, resource: str, builds: bool) -> None:
    role, session = caller.split("/")
    found = causes(BUILDS.format(role, session, action, resource, action))
    assert any("EC2InstanceProfileForImageBuilder" in each for each in found) is builds


@pytest.mark.parametrize(
    ("caller", "action", "agents"),
    [
        ("host/i-0bb22cc33dd44ee55", "ecs:RegisterContainerInstance", True),
        ("host/i-0bb22cc33dd44ee55", "ecs:DiscoverPollEndpoint", True),
        ("deploy/ann", "ecs:RegisterContainerInstance", False),
        ("host/i-0bb22cc33dd44ee55", "ecs:RunTask", False),
    ],
)
def test_the_agent_of_ecs_calls_with_the_instances_role(caller: str, action: str, agents: bool) -> None:
    role, session = caller.split("/")
    found = causes(BUILDS.format(role, session, action, "arn:aws:ecs:eu-west-1:111122223333:cluster/prod", action))
    assert any("AmazonEC2ContainerServiceforEC2Role" in each for each in found) is agents


TASKS_ROLE = "Our ECS task has the task role orders, which allows it."


@pytest.mark.parametrize(
    ("caller", "action", "said", "instead"),
    [
        ("host/i-0bb22cc33dd44ee55", "s3:GetObject", TASKS_ROLE, True),
        ("host/i-0bb22cc33dd44ee55", "sqs:SendMessage", "taskRoleArn: arn:aws:iam::111122223333:role/orders", True),
        ("host/i-0bb22cc33dd44ee55", "ecs:RegisterContainerInstance", TASKS_ROLE, False),
        ("orders/0f9de17a6465404e8b1b2356dc13c2f8", "s3:GetObject", TASKS_ROLE, False),
        ("host/i-0bb22cc33dd44ee55", "s3:GetObject", "a program on the instance", False),
    ],
)
def test_a_container_may_call_with_its_instances_role(caller: str, action: str, said: str, instead: bool) -> None:
    role, session = caller.split("/")
    found = causes(f"{BUILDS.format(role, session, action, 'arn:aws:s3:::shop/x', action)}\n{said}")
    assert any("so the task role is not in effect" in each for each in found) is instead


@pytest.mark.parametrize(
    ("caller", "action", "said", "event"),
    [
        ("cron-EventsRole/d41d8cd98f00b204e9800998ecf8427e", "iam:PassRole", "", True),
        ("cron/d41d8cd98f00b204e9800998ecf8427e", "ecs:RunTask", '"sourceIPAddress": "events.amazonaws.com"', True),
        ("worker/d41d8cd98f00b204e9800998ecf8427e", "iam:PassRole", "", False),
        ("cron-EventsRole/d41d8cd98f00b204e9800998ecf8427e", "s3:GetObject", "", False),
    ],
)
def test_eventbridge_starts_a_task_with_its_targets_role(caller: str, action: str, said: str, event: bool) -> None:
    role, session = caller.split("/")
    resource = "arn:aws:iam::111122223333:role/exec"
    found = causes(f"{BUILDS.format(role, session, action, resource, action)}\n{said}")
    assert any(each.startswith("EventBridge starts the task") for each in found) is event
    assert not (event and any(each.startswith("A task's role made the call") for each in found))


def test_only_one_action_on_a_layer_can_be_shared() -> None:
    refused = (
        "User: arn:aws:sts::111122223333:assumed-role/deploy/ci is not authorized to perform: lambda:{} on resource: "
        "arn:aws:lambda:eu-west-1:444455556666:layer:tools{} because no resource-based policy allows the lambda:{} "
        "action"
    )
    lists = collect_offline(read_text(refused.format("ListLayerVersions", "", "ListLayerVersions"))[0])
    assert "only lambda:GetLayerVersion can be shared" in lists.verdict.summary
    gets = collect_offline(read_text(refused.format("GetLayerVersion", ":3", "GetLayerVersion"))[0])
    assert "can be shared" not in gets.verdict.summary


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ("\nService Catalog: the product cannot be provisioned by the team", True),
        ("\naws servicecatalog provision-product fails: ProvisionProduct", True),
        ("\nThe product of Service Catalog has a launch constraint and cannot be provisioned", False),
        ("\nthe catalog of our services is provisioned nightly", False),
    ],
)
def test_a_product_without_a_launch_constraint_uses_the_users_permissions(more: str, named: bool) -> None:
    found = causes(denied("s3:GetObject", "arn:aws:s3:::cf-templates-abc/vpc.yaml", more))
    assert any(each.startswith("Give the product a launch constraint") for each in found) is named
