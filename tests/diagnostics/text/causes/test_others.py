"""The first look at a text that is neither a denial nor a name conflict."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from iam.service_reference import action

POLICY = "arn:aws:iam::444455556666:policy/app"


def conflict(operation: str, said: str) -> str:
    return f"An error occurred (DeleteConflict) when calling the {operation} operation: {said}"


@pytest.mark.parametrize(
    ("text", "words", "check"),
    [
        (
            f"Error: deleting IAM Policy ({POLICY}): operation error IAM: DeletePolicy, https response error "
            "StatusCode: 409, DeleteConflict: Cannot delete a policy attached to entities.",
            "The policy is still attached",
            f"list-entities-for-policy --policy-arn {POLICY}",
        ),
        (
            f"aws iam delete-policy --policy-arn {POLICY}\n\n"
            + conflict("DeletePolicy", "This policy has more than one version. Before you delete a policy, you must "
                       "delete the policy's versions. The default version is deleted with the policy."),
            "has other versions",
            f"--policy-arn {POLICY}",
        ),
        (
            "- first NoSuchEntity when it detaches the policy from the role\n"
            "- then DeleteConflict: cannot delete a policy attached to an entity.",
            "as its permissions boundary",
            None,
        ),
        ("DeleteConflict: cannot delete a policy attached to an entity.", "The policy is still attached", None),
        (
            "NoSuchEntity when it detaches the policy from the role\n"
            + conflict("DeleteRole", "Cannot delete entity, must detach all policies first."),
            "Managed policies are still attached",
            None,
        ),
        (
            conflict("DeleteUser", "Cannot delete entity, must delete access keys first."),
            "still has access keys",
            None,
        ),
        (
            conflict("DeleteUser", "Cannot delete entity, must detach all policies first."),
            "Managed policies are still attached to the entity, often by another tool or person: detach them",
            None,
        ),
        (
            conflict("DeleteInstanceProfile", "Cannot delete entity, must remove roles from instance profile first."),
            "still contains a role",
            None,
        ),
        (
            "Error: deleting IAM Role (app): operation error IAM: DeleteRole, https response error StatusCode: 409, "
            "DeleteConflict: Cannot delete entity, must remove roles from instance profile first.",
            "Instance profiles still contain the role",
            "list-instance-profiles-for-role --role-name app",
        ),
        (
            conflict("DeleteGroup", "Cannot delete entity, must remove users from group first."),
            "still has members",
            None,
        ),
    ],
)  # fmt: skip
def test_what_has_to_go_first_is_named_by_the_kind_of_entity(text: str, words: str, check: str | None) -> None:
    (look,) = collect_offline(read_text(text)[0]).first_look
    assert words in look.cause
    assert (look.check or "").endswith(check) if check else not look.check or "arn:" not in look.check


@pytest.mark.parametrize(("operation", "named"), [("DeleteRole", True), ("DeleteUser", False), ("DeleteGroup", False)])
def test_the_argument_of_terraform_is_a_role_s_alone(operation: str, named: bool) -> None:
    text = conflict(operation, "Cannot delete entity, must detach all policies first.")
    (look,) = collect_offline(read_text(text)[0]).first_look
    assert ("force_detach_policies" in look.cause) is named


OWN_CAUSES = (
    (
        "An error occurred (UnmodifiableEntity) when calling the AttachRolePolicy operation: Cannot perform the "
        "operation on the protected role 'AWSServiceRoleForRDS' - this role is only modifiable by AWS",
        "add-role-to-db-instance",
    ),
    (
        "UnmodifiableEntity: Cannot perform the operation on the protected role 'AWSServiceRoleForSupport' - this "
        "role is only modifiable by AWS",
        "an ordinary role",
    ),
    (
        "AccessDeniedException when calling the DeleteTable operation: Insufficient Lake Formation permission(s): "
        "Required Drop on sales_link",
        "permission DROP on sales_link",
    ),
    (
        "async failures never reach the queue, DeadLetterErrors = 3\nencryptionMasterKey: key\nsqs:SendMessage is in "
        "the role",
        "kms:GenerateDataKey and kms:Decrypt",
    ),
    (
        "rule arn:aws:events:eu-west-1:444455556666:rule/nightly: FailedInvocations 12\nallowed: events.amazonaws.com, "
        '"AWS:SourceArn": "arn:aws:events:eu-west-1:444455556666:rule/nightly-old"',
        "The text is about arn:aws:events:eu-west-1:444455556666:rule/nightly, which does not match",
    ),
    (
        "EventBridge rule to SQS, FailedInvocations = 40. The queue has KmsMasterKeyId alias/aws/sqs.",
        "encrypted with the AWS managed key",
    ),
    (
        "Launch failed: VcpuLimitExceeded: You have requested more vCPU capacity than your current vCPU limit of 0 "
        "allows for the instance bucket that the specified instance type belongs to. p4d.24xlarge",
        "is 0 vCPUs, so not even one can start. Request an increase in Service Quotas, in the same Region, under "
        "Amazon EC2 (“Running On-Demand P instances”)",
    ),
    (
        "Launch failed: VcpuLimitExceeded: You have requested more vCPU capacity than your current vCPU limit of 10 "
        "allows for the instance bucket that the specified instance type belongs to. p4d.24xlarge",
        "is 10 vCPUs, and running instances count toward it. Stop some instances, start fewer or smaller instances, "
        "or request a higher quota in Service Quotas, under Amazon EC2 (“Running On-Demand P instances”)",
    ),
    (
        "An error occurred (TargetNotConnectedException) when calling the ExecuteCommand operation: The execute "
        "command failed due to an internal error. Try again later.",
        "Usually the task role",
    ),
    ("SessionManagerPlugin: TargetNotConnected: i-0123abcd4567ef890 is not connected.", "cannot reach the instance"),
    (
        "no permissions for [indices:data/write/bulk] and User [name=arn:aws:iam::444455556666:role/logs, "
        "backend_roles=[arn:aws:iam::444455556666:role/logs], requestedTenant=null]\nesIndexName: app-2026-11-27",
        "Map the backend role arn:aws:iam::444455556666:role/logs to a security role that has indices:data/write/bulk "
        "as a cluster permission (cluster_composite_ops contains it), and the write permissions it needs on the index "
        "app-2026-11-27",
    ),
    (
        "security_exception: no permissions for [cluster:monitor/main] and User [name=ann, backend_roles=[], "
        "requestedTenant=null]",
        "Map the user ann to a security role that has cluster:monitor/main as a cluster permission",
    ),
    (
        "no permissions for [indices:admin/index_template/put] and User [name=ann, backend_roles=[], "
        "requestedTenant=null]",
        "has indices:admin/index_template/put as a cluster permission",
    ),
    (
        "no permissions for [indices:data/read/search] and User [name=arn:aws:sts::444455556666:assumed-role/fn/x, "
        "backend_roles=[arn:aws:iam::444455556666:role/fn]] GET /orders/_search",
        "on the index orders",
    ),
    (
        "docker pull from ECR is denied (403)\nthe policy: ecr:Get*, ecr:Describe* on *",
        "does not match ecr:BatchGetImage",
    ),
    ("metric DestinationDeliveryFailures goes up", "sqs:SendMessage on the queue"),
    (
        'x-amz-replication-status: FAILED\n"Action": "kms:Encrypt", "Resource": "arn:aws:kms:eu-west-1:1:key/d"',
        "Add kms:GenerateDataKey",
    ),
    ("ReplicationStatus: FAILED for each object", "s3:GetObjectVersionForReplication"),
    (
        "pods.eks.amazonaws.com is trusted, and an aws-cli pod under the same service account can write. Nothing is "
        "stored.",
        "too old for EKS Pod Identity",
    ),
    (
        "The restore fails: get object header: Forbidden: Forbidden\n\tstatus code: 403, S3. IRSA; the operator's "
        "backups are created.",
        "Look first at the pod that makes this call",
    ),
    (
        "403 in the workflow. CloudTrail has ListObjectsV2 by arn:aws:sts::111122223333:assumed-role/app-task/1, and "
        "no "
        "AssumeRole. Set is arn:aws:iam::111122223333:role/reports.",
        "did not assume reports",
    ),
    (
        "QuickSight refresh: Access denied to the S3 bucket. The query works in the console.",
        "QuickSight reads S3 with its own",
    ),
    (
        "This RDS proxy has no credentials for the role app. Check the credentials for this role.",
        "Add a Secrets Manager secret",
    ),
    (
        "We couldn't start the session because encryption is not set up on the selected CloudWatch Logs log group.",
        "logs:DescribeLogGroups",
    ),
)


@pytest.mark.parametrize(("text", "words"), OWN_CAUSES)
def test_what_a_text_s_words_show_is_its_first_cause(text: str, words: str) -> None:
    looks = collect_offline(read_text(text)[0]).first_look
    assert words.lower() in looks[0].cause.lower()


def test_amazon_s_own_model_needs_no_subscription() -> None:
    denied = (
        "AccessDeniedException when calling the Converse operation: You don't have access to the model with the "
        "specified model ID."
    )
    llama = collect_offline(read_text(f"{denied} model: meta.llama3-1-8b-instruct-v1:0")[0])
    assert "in the Region of the call" in llama.verdict.summary
    own = collect_offline(read_text(f"{denied}\n\nmodel: amazon.nova-pro-v1:0")[0])
    other = collect_offline(read_text(f"{denied}\n\nmodel: anthropic.claude-x")[0])
    assert "in the Region of the call" in own.verdict.summary
    assert "Marketplace" not in own.verdict.summary
    assert any("aws-marketplace:Subscribe" in str(fix) for fix in other.fixes)


@pytest.mark.parametrize("words", ["kafka-cluster:WriteData", "MSK Connect", "AWS_MSK_IAM"])
def test_kafka_on_msk_with_iam_is_a_denial(words: str) -> None:
    text = f"TopicAuthorizationException: Not authorized to access topics: [orders]\n\n# {words}"
    diagnosis = collect_offline(read_text(text)[0])
    assert "kafka-cluster" in diagnosis.verdict.summary
    plain = collect_offline(read_text("TopicAuthorizationException: Not authorized to access topics: [orders]")[0])
    assert plain.verdict.cause == "not-iam"


def test_an_action_that_aws_does_not_list_is_told_as_a_report() -> None:
    (failure,) = read_text("GET /namespaces/sales/tables/orders -> 403 Forbidden\nGET /namespaces/sales/tables -> 200")
    cause = collect_offline(failure).first_look[0].cause
    assert "Allow glue:GetCatalog, glue:GetDatabase and glue:GetTable" in cause
    assert action("glue:GetIcebergTableMetadata") is None
    assert "also report glue:GetIcebergTableMetadata, which AWS's reference does not list" in cause


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("GET /namespaces/sales/tables/orders -> 403 Forbidden\nGET /namespaces/sales/tables -> 200 OK",
         "the table sales.orders"),
        ("Error: Unauthorized\n\n  with module.eks.kubernetes_config_map.aws_auth[0],\n\n"
         "bootstrap_cluster_creator_admin_permissions = false", "The cluster's creator got no access"),
        ("fatal: unable to access 'https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/x/': The requested URL "
         "returned error: 403", "the credentials that git sends"),
        ("fatal error: An error occurred (404) when calling the HeadObject operation: Key \"v41/m.tgz\" does not exist",
         "S3 has no object with this key"),
        ('{"EvaluationResults": [{"EvalActionName": "ec2:CreateVolume", "EvalResourceName": "*", "EvalDecision": '
         '"implicitDeny", "MatchedStatements": [], "MissingContextValues": ["aws:RequestTag/owner"]}]}',
         "ContextKeyName=aws:RequestTag/owner"),
        ("An error occurred (UnmodifiableEntity) when calling the DeleteRole operation: Cannot perform the operation "
         "on the protected role 'AWSServiceRoleForBatch' - this role is only modifiable by AWS",
         "delete-service-linked-role"),
        ("EventBridge to SQS, FailedInvocations 4\nqueue policy\n{\"Principal\":{\"Service\":\"events.amazonaws.com\"}}"
         "\nthe queue has a CMK, key policy (alias/cmk)\n{\"Principal\":{\"AWS\":\"arn:aws:iam::1:root\"},\"Action\":"
         "\"kms:*\"}", "does not name events.amazonaws.com"),
        ("Alarms -> SNS topic, nothing arrives in the queue behind it. Each has its customer managed key.\n"
         "Queue policy: \"Service\": \"sns.amazonaws.com\"\nKey policy of the queue's key: root of the account\n"
         "Key policy of the topic's key: sns.amazonaws.com may use kms:GenerateDataKey and kms:Decrypt",
         "The key policy of the queue's key does not name sns.amazonaws.com"),
        ("Error saving state: failed to upload state: operation error S3: PutObject, https response error StatusCode: "
         "400, api error ExpiredToken: The provided token has expired.", "terraform state push errored.tfstate"),
        ("AWS_ERROR_MQTT_UNEXPECTED_HANGUP: The connection was closed unexpectedly.", "iot:Connect"),
        ('{"message": "Unauthorized"}', "authorizer"),
        ("error: You must be logged in to the server (Unauthorized)\n"
         "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Ops_77aa66bb55cc44dd/uma\naccess entry: arn:aws:iam::"
         "111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Ops_1212343456567878",
         "The access entry names AWSReservedSSO_Ops_1212343456567878, and the caller is AWSReservedSSO_Ops_77aa66bb"),
        ('error: You must be logged in to the server (Unauthorized)\n{"args":["eks","get-token"],"command":"aws","env":'
         '[{"name":"AWS_PROFILE","value":"stage"}]}\nget-caller-identity (AWS_PROFILE=prod) -> arn:aws:sts::1:x',
         "kubectl signs in with the profile stage"),
        ("https://k3.execute-api.eu-west-1.amazonaws.com/prod/orders\n{\"message\":\"Missing Authentication Token\"}\n"
         "Method GET /order deployed, auth NONE", "Call /order, or add /orders"),
        ("error: You must be logged in to the server\nmapRoles:\n - rolearn: arn:aws:iam::111122223333:role/ops/admin",
         "aws-auth needs the ARN of a role without its path"),
        ("error: You must be logged in to the server (Unauthorized)\nmapRoles: |\n  - roleARN: arn:aws:iam::1:role/ci",
         "aws-auth has no key roleARN"),
    ],
)  # fmt: skip
def test_a_form_has_its_usual_cause(text: str, words: str) -> None:
    (failure,) = read_text(text)
    assert words in collect_offline(failure).first_look[0].cause


def test_a_cluster_that_refuses_by_a_role_has_accepted_the_identity() -> None:
    text = (
        "error: You must be logged in to the server (Unauthorized)\nadded an access entry\nError from server "
        '(Forbidden): pods "x" is forbidden: User "oncall" cannot delete resource "pods" in API group "" in the '
        'namespace "prod"'
    )
    causes = [look.cause for look in collect_offline(read_text(text)[0]).first_look]
    assert len(causes) == 1
    assert causes[0].startswith("Give oncall a Role")


def test_a_description_without_an_error_says_what_it_names_and_where_a_refusal_is_seen() -> None:
    text = "Our role arn:aws:iam::111122223333:role/etl has s3:PutObject. The nightly file does not show up."
    diagnosis = collect_offline(read_text(text)[0])
    assert "It names s3:PutObject and arn:aws:iam::111122223333:role/etl." in diagnosis.verdict.summary
    assert (diagnosis.first_look[0].check or "").startswith("aws cloudtrail lookup-events")


@pytest.mark.parametrize("text", ["my cat does not eat", "How do I create an IAM role?"])
def test_a_text_about_nothing_of_aws_or_a_question_names_no_trail(text: str) -> None:
    assert collect_offline(read_text(text)[0]).first_look == ()


@pytest.mark.parametrize(
    ("said", "deployed"),
    [
        ('deploy log: "v2 resources created", no create-deployment step', False),
        ("I added the resource but it is not deployed yet", False),
        ("we forgot to redeploy", False),
        ("created the method without a deployment", False),
        ("deployed to prod, no deployment errors", True),
        ("deployed this morning", True),
    ],
)
def test_a_path_that_is_not_deployed_is_not_in_the_stage(said: str, deployed: bool) -> None:
    called = "curl https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod/v2/orders"
    diagnosis = collect_offline(read_text(f'$ {called}\n{{"message":"Missing Authentication Token"}}\n{said}')[0])
    causes = " ".join(look.cause for look in diagnosis.first_look)
    assert ("create-deployment" not in causes) is deployed


NOT_CONNECTED = (
    "An error occurred (TargetNotConnected) when calling the StartSession operation: i-0a1b2c3d4e5f60718 is not "
    "connected.\n"
)


@pytest.mark.parametrize(
    ("note", "missing"),
    [
        ("private subnet, no NAT, endpoint com.amazonaws.us-west-2.ssm is available", True),
        ("vpce: com.amazonaws.eu-south-1.ssm, com.amazonaws.eu-south-1.ec2messages", True),
        ("endpoints com.amazonaws.us-west-2.ssm and com.amazonaws.us-west-2.ssmmessages", False),
        ("endpoint com.amazonaws.us-west-2.s3 only", False),
    ],
)
def test_an_endpoint_of_session_manager_that_the_text_does_not_name_comes_first(note: str, missing: bool) -> None:
    for text in (f"{NOT_CONNECTED}{note}\n", f"{note}\n{NOT_CONNECTED}"):
        causes = [each.cause for each in collect_offline(read_text(text)[0]).first_look]
        assert causes[0].startswith("The text names the VPC endpoint ssm, but not ssmmessages") == missing


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (
            "「現在の IAM プリンシパルは、このクラスターの Kubernetes オブジェクトにアクセスできません。」 admin です",
            True,
        ),
        ("EKS: 当前 IAM 主体无权访问此集群上的 Kubernetes 对象。", True),
        ("Your current IAM principal doesn't have access to Kubernetes objects on this cluster.", True),
        ("Kubernetes オブジェクトの一覧", False),
    ],
)
def test_the_sentence_of_the_eks_console_is_read_in_translation(text: str, known: bool) -> None:
    causes = [each.cause for each in collect_offline(read_text(f"cluster web\n{text}\n")[0]).first_look]
    assert any("its own EKS access entry" in each for each in causes) == known
    assert not any("kubectl requests its token" in each for each in causes)


def test_two_keys_that_both_name_the_service_are_not_the_cause() -> None:
    text = (
        "S3 notifications: nothing arrives. Queue and bucket have a customer managed key.\n"
        'Queue policy: "Service": "sns.amazonaws.com"\n'
        "Key policy of the queue's key: root of the account, sns.amazonaws.com kms:Decrypt, kms:GenerateDataKey\n"
        "Key policy of the topic's key: sns.amazonaws.com kms:*\n"
    )
    (failure,) = read_text(text)
    assert "does not name" not in str(collect_offline(failure).first_look)


CHAINED = (
    "operation error STS: AssumeRole, https response error StatusCode: 400, api error ValidationError: The requested "
    "DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
)


@pytest.mark.parametrize(("before", "session"), [("using GetSessionToken (with MFA)\n", True), ("", False)])
def test_a_session_that_a_tool_takes_first_is_a_link_of_the_chain(before: str, session: bool) -> None:
    (look,) = collect_offline(read_text(f"{before}{CHAINED}")[0]).first_look
    assert look.cause.startswith("A role that assumes another role can get one hour at most")
    assert ("--no-session" in look.cause) is session
