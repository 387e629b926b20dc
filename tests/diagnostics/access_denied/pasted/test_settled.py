"""What a paste settles beside its policies: the role's trust, the key, AWS's decoded message."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.denials.pasted import ROLE, allow, diagnosed, policy, refused


def trusting(service: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


CREATED = (
    "An error occurred (InvalidParameterValueException) when calling the CreateFunction operation: The role defined "
    "for the function cannot be assumed by Lambda.\n"
)


def test_a_trust_policy_that_names_the_service_is_not_blamed() -> None:
    answer = diagnosed(
        f"aws iam create-role --assume-role-policy-document '{trusting('lambda.amazonaws.com')}'\n{CREATED}"
    )
    assert answer.verdict.summary.startswith("Wait a few seconds and try again")
    assert answer.fixes[0].title == "Wait a few seconds, and try again"
    assert not answer.first_look


def test_a_schedule_s_role_that_trusts_the_rules_service_is_shown_with_both() -> None:
    refusal = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
    answer = diagnosed(
        f"An error occurred (ValidationException) when calling the CreateSchedule operation: {refusal}\n"
        f"trust: {trusting('events.amazonaws.com')}"
    )
    assert "names events.amazonaws.com, not scheduler.amazonaws.com" in answer.verdict.summary


def test_pod_identity_needs_a_session_with_tags() -> None:
    refusal = (
        "unable to fetch credentials from EKS Auth: (AccessDeniedException): Unauthorized Exception! EKS does not have "
        "permissions to assume the associated role."
    )
    answer = diagnosed(f"{refusal}\nits trust policy: {trusting('pods.eks.amazonaws.com')}")
    assert "but not sts:TagSession" in answer.verdict.summary
    assert answer.fixes[0].title == "Let the trust policy allow sts:TagSession, too"
    both = trusting("pods.eks.amazonaws.com").replace('"sts:AssumeRole"', '["sts:AssumeRole", "sts:TagSession"]')
    assert diagnosed(f"{refusal}\nits trust policy: {both}").verdict.summary.startswith("Wait a few seconds")


def test_a_service_of_china_is_the_same_service() -> None:
    refusal = "ValidationException: The role arn:aws-cn:iam::111122223333:role/emr cannot be assumed by EMR"
    answer = diagnosed(f"{refusal}\nits trust policy: {trusting('elasticmapreduce.amazonaws.com.cn')}")
    assert "names elasticmapreduce.amazonaws.com.cn, and a new role" in answer.verdict.summary


def test_a_task_s_role_that_trusts_the_service_of_the_cluster_is_shown_with_both() -> None:
    answer = diagnosed(
        "(service till) failed to launch a task with (error ECS was unable to assume the role "
        "'arn:aws:iam::111122223333:role/till' that was provided for this task. Please verify that the role being "
        "passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this "
        f"role.).\n$ aws iam get-role --role-name till --query Role.AssumeRolePolicyDocument\n"
        f"{trusting('ecs.amazonaws.com')}"
    )
    assert "names ecs.amazonaws.com, not ecs-tasks.amazonaws.com" in answer.verdict.summary
    assert not answer.first_look


@pytest.mark.parametrize(("kind", "wrong", "right"), [("access", "tasks", "build"), ("instance", "build", "tasks")])
def test_each_role_of_app_runner_has_its_own_principal(kind: str, wrong: str, right: str) -> None:
    refusal = (
        "An error occurred (InvalidRequestException) when calling the CreateService operation: Error in assuming "
        f"{kind} role arn:aws:iam::111122223333:role/run\nits trust policy: "
    )
    answer = diagnosed(f"{refusal}{trusting(f'{wrong}.apprunner.amazonaws.com')}")
    assert f"names {wrong}.apprunner.amazonaws.com, not {right}.apprunner.amazonaws.com" in answer.verdict.summary
    same = diagnosed(f"{refusal}{trusting(f'{right}.apprunner.amazonaws.com')}")
    assert same.verdict.summary.startswith("Wait a few seconds")


def test_a_trust_policy_that_names_another_service_is_shown_with_both() -> None:
    answer = diagnosed(f"{CREATED}its trust policy: {trusting('edgelambda.amazonaws.com')}")
    assert "names edgelambda.amazonaws.com, not lambda.amazonaws.com" in answer.verdict.summary
    assert "Let the role's trust policy name lambda.amazonaws.com" in [fix.title for fix in answer.fixes]


def test_the_part_of_ecs_that_assumes_a_task_s_role_is_known() -> None:
    refusal = (
        "An error occurred (ClientException) when calling the RegisterTaskDefinition operation: ECS was unable to "
        "assume the role"
    )
    arn = "arn:aws:iam::111122223333:role/web-task"
    answer = diagnosed(
        f"{refusal} '{arn}' that was provided for this task.\ntrust policy: {trusting('ec2.amazonaws.com')}"
    )
    assert "names ec2.amazonaws.com, not ecs-tasks.amazonaws.com" in answer.verdict.summary
    right = diagnosed(
        f"{refusal} '{arn}' that was provided for this task.\ntrust policy: {trusting('ecs-tasks.amazonaws.com')}"
    )
    assert right.verdict.summary.startswith("Wait a few seconds and try again")


KEYS = {
    "another account's secret": (
        "cross account secret\nAn error occurred (AccessDeniedException) when calling the GetSecretValue operation: "
        "Access to KMS is not allowed\n$ aws secretsmanager describe-secret --secret-id a --query '[ARN,KmsKeyId]'\n"
        '[ "arn:aws:secretsmanager:eu-west-2:340071298865:secret:vendor/api-x7Yt2b", null ]',
        "aws/secretsmanager",
    ),
    "a queue that S3 sends to": (
        "An error occurred (InvalidArgument) when calling the PutBucketNotificationConfiguration operation: Unable to "
        "validate the following destination configurations\nqueue policy: "
        '{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*"}\n'
        'queue attributes: {"KmsMasterKeyId": "alias/aws/sqs"}',
        "aws/sqs",
    ),
    "a topic that an alarm publishes to": (
        "CloudWatch Alarms does not have authorization to access the SNS topic encryption key.\n"
        "topic KmsMasterKeyId = alias/aws/sns",
        "aws/sns",
    ),
    "a queue that a rule sends to": (
        "jobs-in (KmsMasterKeyId alias/aws/sqs)\nUser: events.amazonaws.com is not authorized to perform: "
        "kms:GenerateDataKey on resource: arn:aws:kms:eu-west-1:812200445566:key/11112222-3333-4444-5555-666677778888 "
        "because no resource-based policy allows the kms:GenerateDataKey action",
        "aws/sqs",
    ),
    "another account's topic": (
        "An error occurred (KMSAccessDenied) when calling the Publish operation: null\ncaller: "
        "arn:aws:sts::500600700800:assumed-role/push/x\ntopic: arn:aws:sns:eu-west-1:400100200300:alarms, "
        "KmsMasterKeyId = alias/aws/sns",
        "aws/sns",
    ),
    "another account's snapshot": (
        "User: arn:aws:sts::500600700800:assumed-role/backup/x is not authorized to perform: kms:Decrypt on resource: "
        "arn:aws:kms:eu-west-1:400100200300:key/aaaabbbb-1111-2222-3333-ccccddddeeee because no resource-based policy "
        "allows the kms:Decrypt action\ntheir volume uses the default key aws/ebs",
        "aws/ebs",
    ),
}


@pytest.mark.parametrize(("text", "key"), KEYS.values(), ids=KEYS)
def test_an_aws_managed_key_is_the_cause_where_others_use_it(text: str, key: str) -> None:
    answer = diagnosed(text)
    assert f"The key is {key}, an AWS managed key" in answer.verdict.summary
    assert answer.fixes[0].title == "Encrypt with a customer managed key"
    assert not answer.first_look


def test_a_key_that_is_not_used_any_more_is_not_the_cause() -> None:
    text = KEYS["a topic that an alarm publishes to"][0].replace(
        "alias/aws/sns", "alias/cmk (we moved off alias/aws/sns)"
    )
    assert "an AWS managed key: other accounts" not in diagnosed(text).verdict.summary


def test_an_aws_managed_key_of_the_callers_own_topic_is_not_the_cause() -> None:
    text = KEYS["another account's topic"][0].replace("400100200300", "500600700800")
    assert "an AWS managed key: other accounts" not in diagnosed(text).verdict.summary


def test_an_aws_managed_key_in_the_own_account_is_none() -> None:
    text = (
        "User: arn:aws:sts::210987654321:assumed-role/a/b is not authorized to perform: kms:Decrypt on resource: "
        "arn:aws:kms:eu-west-1:210987654321:key/1 because no identity-based policy allows the kms:Decrypt action\n"
        "the bucket uses alias/aws/s3"
    )
    assert "an AWS managed key: other accounts" not in diagnosed(text).verdict.summary


def test_a_function_url_lacks_the_second_action() -> None:
    text = (
        '{"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/'
        'lambda/latest/dg/urls-auth.html"}\nresource "aws_lambda_permission" "public" {\n'
        '  action = "lambda:InvokeFunctionUrl"\n  principal = "*"\n}'
    )
    answer = diagnosed(text)
    assert "allows lambda:InvokeFunctionUrl but not lambda:InvokeFunction" in answer.verdict.summary
    assert not answer.first_look


def test_an_audience_that_the_provider_does_not_list() -> None:
    text = (
        "An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: Incorrect "
        "token audience\nid_tokens:\n    ID_TOKEN:\n      aud: https://gitlab.forge.io\n"
        "$ aws iam get-open-id-connect-provider --query '[Url,ClientIDList]'\n"
        '[ "gitlab.forge.io", [ "sts.amazonaws.com" ] ]'
    )
    answer = diagnosed(text)
    assert "audience is https://gitlab.forge.io, but the identity provider lists sts.amazonaws.com" in (
        answer.verdict.summary
    )
    assert answer.fixes[0].title == "Make the token's audience one that the provider lists"


def test_a_decoded_message_says_what_its_statement_denies() -> None:
    decoded = {
        "allowed": False,
        "explicitDeny": True,
        "matchedStatements": {
            "items": [
                {
                    "statementId": "NoGiants",
                    "effect": "DENY",
                    "actions": {"items": [{"value": "ec2:RunInstances"}]},
                    "resources": {"items": [{"value": "*"}]},
                    "conditions": {"items": [{"key": "ec2:InstanceType", "values": {"items": [{"value": "*.metal"}]}}]},
                }
            ]
        },
        "context": {
            "principal": {"id": "AROAEXAMPLEH2KQ7VJ3:b", "arn": "arn:aws:sts::310477829651:assumed-role/render/b"},
            "action": "ec2:RunInstances",
            "resource": "arn:aws:ec2:us-west-2:310477829651:instance/*",
            "conditions": {"items": [{"key": "ec2:InstanceType", "values": {"items": [{"value": "m6i.metal"}]}}]},
        },
    }
    answer = diagnosed(json.dumps({"DecodedMessage": json.dumps(decoded)}))
    assert "statement NoGiants denies ec2:RunInstances" in answer.verdict.summary
    assert "*.metal (the request has m6i.metal)" in answer.verdict.summary
    assert not answer.first_look


def test_a_file_system_policy_without_client_mount_is_what_refuses_the_mount() -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": ["elasticfilesystem:ClientRootAccess", "elasticfilesystem:ClientWrite"],
        "Condition": {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}},
    }
    text = "mount.nfs4: access denied by server while mounting 127.0.0.1:/\n" + json.dumps({"Statement": [statement]})
    answer = diagnosed(text)
    assert answer.verdict.cause == "resource.no-action"
    assert "but not elasticfilesystem:ClientMount" in answer.verdict.summary
    assert not answer.first_look
    assert "AccessedViaMountTarget" not in answer.steps[0].summary


def test_a_file_system_policy_with_client_mount_is_not_blamed() -> None:
    actions = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
    statement = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": actions}
    text = "mount.nfs4: access denied by server while mounting 127.0.0.1:/\n" + json.dumps({"Statement": [statement]})
    assert "but not elasticfilesystem:ClientMount" not in diagnosed(text).verdict.summary


def test_a_bucket_key_has_the_bucket_as_context() -> None:
    key = "arn:aws:kms:eu-west-1:210987654321:key/0f3c1d2e-aaaa-4bbb-8ccc-1234567890ab"
    text = (
        "User: arn:aws:sts::210987654321:assumed-role/sync/x is not authorized to perform: kms:Decrypt on resource: "
        f"{key} because no identity-based policy allows the kms:Decrypt action\nBucketKeyEnabled: true\n"
    )
    condition = {"StringEquals": {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::state/data/state.json"}}
    statement = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": key, "Condition": condition}
    answer = diagnosed(text + json.dumps(statement))
    assert answer.verdict.cause == "identity.condition-unmet"
    assert "S3 sends the bucket's own ARN" in answer.verdict.summary
    assert "to arn:aws:s3:::state, without the object key" in str(answer.fixes[0].change)
    of_bucket = json.dumps(statement).replace("state/data/state.json", "state")
    assert "own ARN" not in diagnosed(text + of_bucket).verdict.summary


@pytest.mark.parametrize(("written", "lacks"), [("night", True), ("night:*", False), ("night*", False), ("day", False)])
def test_a_task_definition_is_named_with_its_revision(written: str, lacks: bool) -> None:
    arn = "arn:aws:ecs:eu-west-1:210987654321:task-definition/"
    text = (
        f"User: arn:aws:sts::210987654321:assumed-role/flow/x is not authorized to perform: ecs:RunTask on resource: "
        f"{arn}night because no identity-based policy allows the ecs:RunTask action\n"
    )
    statement = {"Effect": "Allow", "Action": "ecs:RunTask", "Resource": f"{arn}{written}"}
    answer = diagnosed(text + json.dumps(statement))
    assert ("without a revision" in answer.verdict.summary) is lacks
    assert (f"Let the policy name {arn}night:*" in [fix.title for fix in answer.fixes]) is lacks


def test_the_external_id_of_a_trust_policy_is_compared_with_the_one_that_another_account_sends() -> None:
    caller = "arn:aws:iam::210987654321:role/app"
    text = (
        "User: arn:aws:sts::210987654321:assumed-role/app/x is not authorized to perform: sts:AssumeRole on resource: "
        "arn:aws:iam::123456789012:role/writer\n"
    )
    condition = {"StringEquals": {"sts:ExternalId": "a-7f3c"}}
    trust = {"Effect": "Allow", "Principal": {"AWS": caller}, "Action": "sts:AssumeRole", "Condition": condition}
    answer = diagnosed(text + json.dumps(trust))
    assert answer.fixes[0].title == "Compare the external ID in the call with a-7f3c"
    assert not answer.first_look


@pytest.mark.parametrize(
    ("subject", "letters"),
    [("CN = Kim M. Doe (EMP12345)", "has ( and )"), ("CN = R&D, O = Acme", "has &"), ("CN = kim", "")],
)
def test_an_attribute_that_is_no_session_tag_is_the_certificates(subject: str, letters: str) -> None:
    answer = diagnosed(
        "AccessDeniedException: Unable to assume role for arn:aws:iam::210987654321:role/app. Some attributes failed "
        f"to be mapped into session tags. Issuer: [  ]; Subject: [ CN ]; SAN: [  ]\nsubject={subject}\n"
        "aws_signing_helper"
    )
    assert answer.verdict.summary.startswith(
        "IAM Roles Anywhere could not turn the certificate's Subject CN into a session tag"
    )
    assert letters in answer.verdict.summary
    assert not answer.first_look


def test_a_copy_needs_the_tags_of_both_sides() -> None:
    text = "An error occurred (AccessDenied) when calling the CopyObject operation: Access Denied\n"
    resources = [f"arn:aws:s3:::{name}{end}" for name in ("source", "target") for end in ("", "/*")]
    statement = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": resources}
    answer = diagnosed(text + json.dumps(statement))
    assert "but not s3:GetObjectTagging and s3:PutObjectTagging" in answer.verdict.summary
    assert answer.fixes[0].title == "Allow s3:GetObjectTagging and s3:PutObjectTagging"
    statement["Action"] = ["s3:GetObject*", "s3:PutObject*"]
    assert "Tagging" not in diagnosed(text + json.dumps(statement)).verdict.summary


@pytest.mark.parametrize(
    ("words", "is_demanded"),
    [
        ("Security demands that every new role carry our boundary.", True),
        ("New roles must have the permissions boundary dev-b", True),
        ("In here, roles may be created only if they get the boundary dev-b.", True),
        ("Creating a role without the org's boundary is blocked.", True),
        ("A boundary is not required for roles.", False),
        ("Roles must not have a boundary.", False),
        ("Must a role have a boundary?", False),
    ],
)
def test_a_boundary_that_the_text_demands_of_new_roles_is_most_likely_missing(words: str, is_demanded: bool) -> None:
    role = "arn:aws:iam::111122223333:role/scanner"
    refusal = f"{refused('iam:CreateRole', role, 'with an explicit deny in an identity-based policy')}\n{words}"
    assert ("most likely scanner is created without it" in diagnosed(refusal).verdict.summary) is is_demanded


@pytest.mark.parametrize(
    ("tool", "setting"),
    [
        ("CREATE_FAILED: IamRoleLambdaExecution", "provider.iam.role.permissionsBoundary"),
        ("module.app.aws_iam_role.this", "permissions_boundary"),
        ("$ cdk deploy", "@aws-cdk/core:permissionsBoundary"),
        ("AWS::IAM::Role", "PermissionsBoundary"),
    ],
)
def test_the_tool_of_the_text_is_told_how_to_set_the_boundary(tool: str, setting: str) -> None:
    role = "arn:aws:iam::111122223333:role/scanner"
    text = f"{tool}\n{refused('iam:CreateRole', role, 'with an explicit deny')}\nRoles must have the boundary dev-b."
    answer = diagnosed(text)
    assert answer.verdict.cause == "unreadable"
    assert setting in str(answer.fixes[0].change)


MADE = "arn:aws:iam::111122223333:role/tiles-LogRetention-1A"


def test_a_boundary_that_a_deny_in_words_asks_for_is_missing_on_one_role() -> None:
    answer = diagnosed(
        "parameter PermissionsBoundary = arn:aws:iam::111122223333:policy/eo. Our SCP denies iam:CreateRole unless "
        "iam:PermissionsBoundary is that ARN.\n"
        f"User: arn:aws:sts::111122223333:assumed-role/d/x is not authorized to perform: iam:CreateRole on resource: "
        f"{MADE} with an explicit deny in a service control policy"
    )
    assert "the Deny in the text refuses a role that is created without the required boundary" in answer.verdict.summary


NOT_FROM = {
    "Effect": "Deny",
    "Action": "*",
    "Resource": "*",
    "Condition": {"NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}},
}


def test_a_deny_by_address_matches_what_athena_calls() -> None:
    refusal = "Access denied when writing output to url: s3://results/x.csv . Please ensure you are allowed.\n"
    answer = diagnosed(f"{refusal}policy: {json.dumps(NOT_FROM)}")
    assert "Athena makes the call for you" in answer.verdict.summary
    assert '"Bool": {"aws:ViaAWSService": "false"}' in answer.fixes[0].change.text
    direct = {**NOT_FROM, "Condition": {**NOT_FROM["Condition"], "Bool": {"aws:ViaAWSService": "false"}}}  # type: ignore[dict-item]
    assert "makes the call for you" not in diagnosed(f"{refusal}policy: {json.dumps(direct)}").verdict.summary


def test_a_bucket_that_no_statement_names_is_the_cause_without_a_call() -> None:
    refusal = "HIVE: Access Denied (Service: Amazon S3; Status Code: 403) on s3://lpa-app/tables/\n"
    named = 'the role\'s write statement has Resource ["arn:aws:s3:::tables/*", "arn:aws:s3:::tables"]'
    assert "names tables, but not lpa-app" in diagnosed(refusal + named).verdict.summary
    assert "and not" not in diagnosed(refusal + named.replace("tables/", "lpa-*/")).verdict.summary


def test_a_secret_s_name_that_ends_like_an_arn() -> None:
    refusal = (
        "User: arn:aws:sts::111122223333:assumed-role/t/x is not authorized to perform: secretsmanager:GetSecretValue "
        "on resource: arn:aws:secretsmanager:eu-west-1:111122223333:secret:smtp-secret because no identity-based "
        "policy allows the secretsmanager:GetSecretValue action\n"
    )
    answer = diagnosed(f"{refusal}Secret.fromSecretNameV2(this, 'Smtp', 'smtp-secret')")
    assert "a grant on smtp-secret-?????? does not cover it" in answer.verdict.summary
    assert "does not cover it" not in diagnosed(refusal).verdict.summary


WRITES = (
    "User: arn:aws:sts::111122223333:assumed-role/App-FnRole/fn is not authorized to perform: {} on resource: {} "
    "because no identity-based policy allows the {} action\n"
)


@pytest.mark.parametrize(
    ("action", "resource", "program", "said"),
    [
        ("s3:PutObject", "arn:aws:s3:::uploads-1/x", "uploads.grantRead(fn);", "Use grantPut."),
        ("s3:PutObject", "arn:aws:s3:::a-1/x", "data_bucket.grant_read(fn)", "Use grant_put."),
        ("s3:DeleteObject", "arn:aws:s3:::a-1/x", "bucket.grantPut(fn)", "Use grantDelete."),
        ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:q", "q.grantConsumeMessages(fn)", "grantSendMessages."),
        (
            "dynamodb:PutItem",
            "arn:aws:dynamodb:eu-west-1:111122223333:table/t",
            "t.grantReadData(fn)",
            "grantWriteData.",
        ),
        ("kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/k", "key.grantEncrypt(fn)", "grantDecrypt."),
        (
            "secretsmanager:UpdateSecretVersionStage",
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-Ab12Cd",
            "secret.grantRead(fn)",
            "Use grantWrite.",
        ),
        ("ecr:PutImage", "arn:aws:ecr:eu-west-1:111122223333:repository/r", "repo.grantPull(fn)", "Use grantPush."),
    ],
)
def test_a_grant_of_the_cdk_without_the_action_names_the_one_that_has_it(
    action: str, resource: str, program: str, said: str
) -> None:
    answer = diagnosed(WRITES.format(action, resource, action) + program)
    assert answer.verdict.summary.endswith(said)
    assert not answer.first_look


@pytest.mark.parametrize(
    "program",
    [
        "secret.grantRead(fn)",
        "uploads.grantRead(fn); uploads.grantPut(fn)",
        'uploads.grantRead(fn); uploads.grant(fn, "s3:PutObject")',
        "uploads.grantRead(fn); uploads.grants.put(fn)",
        "uploads.grantRead(fn); fn.addToRolePolicy(new PolicyStatement({}))",
        "grantRead is what I use",
    ],
)
def test_another_grant_or_one_that_has_the_action_is_not_blamed(program: str) -> None:
    refusal = WRITES.format("s3:PutObject", "arn:aws:s3:::uploads-1/x", "s3:PutObject")
    assert "the program calls" not in diagnosed(refusal + program).verdict.summary


def test_a_grant_to_push_that_the_program_also_calls_is_enough() -> None:
    refusal = WRITES.format("ecr:PutImage", "arn:aws:ecr:eu-west-1:111122223333:repository/r", "ecr:PutImage")
    assert "the program calls" not in diagnosed(refusal + "repo.grantPull(fn); repo.grantPush(fn)").verdict.summary


def test_a_key_that_the_bucket_got_is_needed_on_both_sides() -> None:
    text = (
        "caller: arn:aws:sts::440177920635:assumed-role/loader/run\nAn error occurred (AccessDenied) when calling the "
        "GetObject operation: Access Denied\nloader: Allow s3:GetObject,s3:ListBucket on arn:aws:s3:::feed and /*\n"
    )
    answer = diagnosed(f"{text}they switched the bucket to SSE-KMS with our own key")
    assert "also needs kms:Decrypt on that key" in answer.verdict.summary
    assert "that key" not in diagnosed(text).verdict.summary


COPY = (
    "$ aws rds copy-db-snapshot --source-region eu-west-1 --region {region} --kms-key-id "
    "arn:aws:kms:eu-west-1:111122223333:key/2d5b7e90 --target-db-snapshot-identifier dr\n"
    "An error occurred (KMSKeyNotAccessibleFault) when calling the CopyDBSnapshot operation: The specified KMS key "
    "[arn:aws:kms:eu-west-1:111122223333:key/2d5b7e90] does not exist, is not enabled or you do not have permissions "
    "to "
    "access it."
)
LAYERS = (
    "failed to pull 1.dkr.ecr.eu-west-1.amazonaws.com/a:9: unexpected status code "
    "https://111122223333.dkr.ecr.eu-west-1.amazonaws.com/v2/a/blobs/sha256:5c: 403 Forbidden\n(redirect: "
    "https://prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com/8a -> 403 AccessDenied)\n\n"
    "S3 gateway endpoint policy:\n"
    '{{"Statement":[{{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"{resource}"}}]}}'
)
SECRET = (
    refused(
        "secretsmanager:GetSecretValue",
        "arn:aws:secretsmanager:eu-west-1:210987654321:secret:report/smtp",
        "because no identity-based policy allows the secretsmanager:GetSecretValue action",
    )
    + "\n$ aws secretsmanager list-secrets --query 'SecretList[].Name'\n"
)
CREATE_ROLE = "$ aws iam create-role --role-name {name} --assume-role-policy-document file://t.json{boundary}\n"
DENIED_ROLE = (
    "An error occurred (AccessDenied) when calling the CreateRole operation: "
    + refused(
        "iam:CreateRole",
        "arn:aws:iam::210987654321:role/app-worker",
        "because no identity-based policy allows the iam:CreateRole action",
    )
    + "\n"
)
WITH_BOUNDARY = " --permissions-boundary arn:aws:iam::210987654321:policy/Edge"
EDGE = json.dumps(
    {
        "Effect": "Allow",
        "Action": "iam:CreateRole",
        "Resource": "*",
        "Condition": {"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::210987654321:policy/Edge"}},
    }
)
SNOWFLAKE = (
    "Error assuming AWS_ROLE:\n"
    + refused("sts:AssumeRole", "arn:aws:iam::111122223333:role/lake", "", "arn:aws:iam::444455556666:user/k7-s")
    + '\ntrust policy:\n{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:user/k7-s"},'
    '"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"AB_SFCRole=3_old="}}}]}\n'
)
SAML = (
    "Not authorized to perform sts:AssumeRoleWithSAML (service: AWSSecurityTokenService; status code: 403)\ntrust:\n"
    '{{"Effect":"Allow","Principal":{{"Federated":"arn:{partition}:iam::111122223333:saml-provider/ADFS"}},"Action":'
    '"sts:AssumeRoleWithSAML","Condition":{{"StringEquals":{{"SAML:aud":"https://signin.aws.amazon.com/saml"}}}}}}'
)
PHASE = (
    "plan = green, apply = {apply}\nError: operation error STS: AssumeRoleWithWebIdentity, https response error "
    "StatusCode: "
    "403, api error AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\ntrust policy:\n"
    ' "app.terraform.io:sub": "organization:o:project:p:workspace:w:run_phase:plan"'
)
COPY_ROLE = (
    "ERROR: User arn:aws:redshift:eu-west-1:111122223333:dbuser:dwh/etl is not authorized to assume IAM Role "
    "arn:aws:iam::111122223333:role/load-v2\n$ aws redshift describe-clusters --query 'Clusters[0].IamRoles'\n"
    '[ {{ "IamRoleArn": "arn:aws:iam::111122223333:role/{name}", "ApplyStatus": "in-sync" }} ]'
)
TRAIL_BUCKET = (
    "An error occurred (InsufficientS3BucketPolicyException) when calling the CreateTrail operation: Incorrect S3 "
    "bucket "
    "policy is detected for bucket: logs\nbucket policy: Allow Principal cloudtrail.amazonaws.com s3:PutObject "
    "arn:aws:s3:::logs/AWSLogs/672905138841/*\nnew account id = {account}"
)
STOP = (
    refused(
        "ec2:StopInstances",
        "arn:aws:ec2:eu-west-1:210987654321:instance/i-0cc1b2c3d4e5f6073",
        "because no identity-based policy allows the ec2:StopInstances action",
    )
    + "\n$ aws ec2 describe-tags --filters Name=key,Values=env --query 'Tags[].[ResourceId,Value]' --output text\n"
    "i-0aa1b2c3d4e5f6071 dev\ni-0cc1b2c3d4e5f6073 {value}\n"
    '{{"Effect":"Allow","Action":"ec2:StopInstances","Resource":"*","Condition":{{"StringEquals":'
    '{{"aws:ResourceTag/env":"dev"}}}}}}'
)
LARGE = "copy failed: s3://a-out/f.bin to s3://b-in/f.bin An error occurred (AccessDenied): "
TAGGED = refused(
    "s3:GetObjectTagging",
    "arn:aws:s3:::a-out/f.bin",
    "because no identity-based policy allows the s3:GetObjectTagging action",
)
MAIL = (
    refused("ses:SendRawEmail", "arn:aws:ses:eu-west-1:210987654321:identity/ola@customer.example", "")
    + '\n{{"Effect":"Allow","Action":"ses:SendRawEmail","Resource":'
    '"arn:aws:ses:eu-west-1:210987654321:identity/a.example"}}' + '\n{{"ProductionAccessEnabled": {production}}}'
)
DELIVERY = (
    '{{"destination": "arn:aws:s3:::lake-raw", "message": "Access was denied. Ensure that the trust policy for the '
    "provided "
    'IAM role allows Firehose to assume the role, and the access policy allows access to the S3 bucket.", "errorCode": '
    '"S3.AccessDenied"}}\naccess policy: s3:PutObject on arn:aws:s3:::{named} and arn:aws:s3:::{named}/*'
)
DECIDES = {
    "tags of an object that is copied in parts": (LARGE + TAGGED, '"Resource": "arn:aws:s3:::a-out/*"}'),
    "a recipient in the sandbox": (MAIL.format(production="false"), "request production access"),
    "another bucket than the stream's": (
        DELIVERY.format(named="lake"), "the stream delivers to lake-raw, but the policy names lake"
    ),
    "the sign-in endpoint of another partition": (
        SAML.format(partition="aws-us-gov"), "Write https://signin.amazonaws-us-gov.com/saml for SAML:aud"
    ),
    "the other phase of a run": (PHASE.format(apply="red"), "the token of the apply has run_phase:apply"),
    "a role that the cluster does not have": (
        COPY_ROLE.format(name="load"), "--add-iam-roles arn:aws:iam::111122223333:role/load-v2"
    ),
    "an account whose digits are swapped": (
        TRAIL_BUCKET.format(account="672905138814"), "Write AWSLogs/672905138814/ in its Resource"
    ),
    "a tag in a listing": (STOP.format(value="Dev"), "and it is Dev: letter case matters"),
    "a call that nothing can deny": (
        refused("s3:ListAllMyBuckets", "*", "with an explicit deny in an identity-based policy")
        + '\n{"Effect":"Deny","Action":"*","Resource":"*"}\n"get-caller-identity must be DENIED" is in our test',
        "No policy can deny sts:GetCallerIdentity",
    ),
    "an action that is cut off": (
        f'"User: {ROLE} is not authorized to perform: dynamodb:BatchG…\n'
        '{"Effect":"Allow","Action":["dynamodb:GetItem"],"Resource":"arn:aws:dynamodb:eu-west-1:210987654321:table/c"}',
        "does not allow dynamodb:BatchGetItem",
    ),
    "the bucket of a cmdlet": (
        "PS C:\\> Get-S3Object -BucketName golden -KeyPrefix w/\nGet-S3Object : Access Denied\n"
        'policy: {"Effect":"Allow","Action":["s3:GetObject"],"Resource":"arn:aws:s3:::golden/*"}',
        '"Action": "s3:ListBucket", "Resource": "arn:aws:s3:::golden"}',
    ),
    "the external ID that Snowflake shows": (
        f"{SNOWFLAKE}DESC INTEGRATION LAKE;\n STORAGE_AWS_EXTERNAL_ID   | AB_SFCRole=3_new=",
        "Write AB_SFCRole=3_new= in place of AB_SFCRole=3_old=",
    ),
    "a key of another Region": (COPY.format(region="eu-central-1"), "the key is in eu-west-1, but the call is for "
    "eu-c"),
    "a bucket of AWS behind an endpoint": (
        LAYERS.format(resource="arn:aws:s3:::tide-*/*"), "does not allow prod-eu-west-1-starport-layer-bucket"
    ),
    "a secret that is not listed": (SECRET + '["report/smtp2", "crm/token"]', "smtp2 is intended, use that"),
    "an option of the command that failed": (
        CREATE_ROLE.format(name="app-worker", boundary="")
        + DENIED_ROLE
        + "it worked on Thursday:\n"
        + CREATE_ROLE.format(name="app-api", boundary=WITH_BOUNDARY)
        + f"\nits policy:\n{EDGE}",
        "was called without --permissions-boundary",
    ),
    "--sse without a value": (
        "$ aws s3 cp a.gz s3://vault/a.gz --sse\nupload failed: An error occurred (AccessDenied) when calling the "
        "PutObject operation: "
        + refused("s3:PutObject", "arn:aws:s3:::vault/a.gz", "with an explicit deny in a resource-based policy")
        + '\n{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::vault/*","Condition":'
        '{"StringNotEquals":{"s3:x-amz-server-side-encryption":"aws:kms"}}}',
        "is not aws:kms (here it is AES256)",
    ),
    "an endpoint without TLS": (
        "$ aws --endpoint-url http://s3.eu-west-1.amazonaws.com s3 cp d.gz s3://my-vault/db/\nupload failed: An error "
        "occurred (AccessDenied) when calling the PutObject operation: "
        + refused("s3:PutObject", "arn:aws:s3:::my-vault/db/d.gz", "with an explicit deny in a resource-based policy")
        + "\nbucket policy:\n Sid B  Deny   *   s3:*   my-vault, my-vault/*   Condition Bool aws:SecureTransport "
        "false\n",
        "denies s3:PutObject where aws:SecureTransport is false",
    ),
    "a key of DynamoDB's items": (
        refused(
            "dynamodb:Query",
            "arn:aws:dynamodb:eu-west-1:210987654321:table/Carts",
            "because no identity-based policy allows the dynamodb:Query action",
        )
        + '\npolicy:\n "Action":["dynamodb:Query"], "Resource":".../table/Carts",\n "Condition":'
        '{"ForAllValues:StringEquals":{"dynamodb:LeadingKeys":["${cognito-identity.amazonaws.com:sub}"]}}',
        "only where every dynamodb:LeadingKeys is ${cognito-identity.amazonaws.com:sub}",
    ),
    "an ARN that the terminal wrapped": (
        refused(
            "states:StartExecution",
            "arn:aws:states:eu-west-2:210987654321:stateMachine:close",
            "because no identity-based policy allows the states:StartExecution action",
        )
        + '\n  "Statement": [{\n    "Effect": "Allow",\n    "Action": ["states:StartExecution"],\n    "Resource": '
        '"arn:aws:states:eu-west-2:210987654321:execution:clo\nse:*"\n  }]',
        "names arn:aws:states:eu-west-2:210987654321:execution:close:*",
    ),
    "a service with one endpoint": (
        refused(
            "route53:ChangeResourceRecordSets",
            "arn:aws:route53:::hostedzone/Z07",
            "because no permissions boundary allows the route53:ChangeResourceRecordSets action",
        )
        + '\nboundary:\n{"Statement":[{"Sid":"EU","Effect":"Allow","Action":"*","Resource":"*","Condition":'
        '{"StringEquals":{"aws:RequestedRegion":["eu-central-1"]}}}]}',
        "route53 has only one endpoint, in us-east-1",
    ),
    "another role of the text by a part of its name": (
        "Retrieving connection -> arn:aws:sts::210987654321:assumed-role/mwaa-exec/a\nEMR step failed\n"
        + refused(
            "s3:ListBucket",
            "arn:aws:s3:::raw",
            "because no identity-based policy allows the s3:ListBucket action",
            "arn:aws:sts::210987654321:assumed-role/EMR_EC2/i-0af13c9924d7e8b51",
        )
        + "\nMWAA role already has s3:List* s3:Get* on raw",
        "is attached to mwaa-exec, not to EMR_EC2. Allow EMR_EC2, which makes this call, to perform the action.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "words"), DECIDES.values(), ids=DECIDES)
def test_what_decides_stands_in_the_text(text: str, words: str) -> None:
    answer = diagnosed(text)
    assert words in " ".join([answer.verdict.summary, *(str(fix.change) for fix in answer.fixes)])


DECIDES_NOT = {
    "a call that should not be denied": (
        refused("s3:ListAllMyBuckets", "*", "with an explicit deny in an identity-based policy")
        + '\n{"Effect":"Deny","Action":"*","Resource":"*"}\nget-caller-identity should not be denied, and still works',
        "sts:GetCallerIdentity",
    ),
    "tags without a copy": (TAGGED, "in parts"),
    "a recipient outside the sandbox": (MAIL.format(production="true"), "production access"),
    "the stream's own bucket": (DELIVERY.format(named="lake-raw"), "the stream delivers to"),
    "the sign-in endpoint of the own partition": (SAML.format(partition="aws"), "for SAML:aud. The identity"),
    "a run whose other phase does not fail": (PHASE.format(apply="green"), "has run_phase:apply"),
    "a role that the cluster has": (COPY_ROLE.format(name="load-v2"), "--add-iam-roles"),
    "another account altogether": (TRAIL_BUCKET.format(account="300000000014"), "Write AWSLogs/3"),
    "a key of the same Region": (COPY.format(region="eu-west-1"), "the call is for"),
    "an endpoint that allows every bucket": (LAYERS.format(resource="*"), "does not allow prod-"),
    "a secret that is listed": (SECRET + '["report/smtp", "crm/token"]', "does not list the secret"),
    "the same command with the option": (
        CREATE_ROLE.format(name="app-worker", boundary=WITH_BOUNDARY) + DENIED_ROLE + f"\nits policy:\n{EDGE}",
        "was called without",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "words"), DECIDES_NOT.values(), ids=DECIDES_NOT)
def test_the_same_words_with_another_cause_are_not_explained_so(text: str, words: str) -> None:
    answer = diagnosed(text)
    assert words not in " ".join([answer.verdict.summary, *(str(fix.change) for fix in answer.fixes)])


CONFIG = (
    "InsufficientDeliveryPolicyException: Insufficient delivery policy to s3 bucket: logs, unable to write to bucket, "
    "provided s3 key prefix is 'null'.\n"
)
TRAIL = "InsufficientS3BucketPolicyException: Incorrect S3 bucket policy is detected for bucket: logs\n"
ACL = {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}


def delivers(service: str, actions: Any, resource: str, **more: Any) -> dict[str, Any]:
    return allow(actions, resource, Principal={"Service": f"{service}.amazonaws.com"}, **more)


@pytest.mark.parametrize(
    ("error", "statement", "lacks"),
    [
        (TRAIL, delivers("cloudtrail", "s3:PutObject", "arn:aws:s3:::logs/*", Condition=ACL), "s3:GetBucketAcl"),
        (CONFIG, delivers("config", ["s3:PutObject"], "arn:aws:s3:::logs/*", Condition=ACL), "s3:GetBucketAcl"),
        (TRAIL, delivers("cloudtrail", "s3:GetBucketAcl", "arn:aws:s3:::logs"), "s3:PutObject"),
    ],
)  # fmt: skip
def test_a_service_checks_the_bucket_s_policy_before_it_delivers(error: str, statement: Any, lacks: str) -> None:
    answer = diagnosed(f"{error}bucket policy:\n{policy(statement)}")
    assert answer.verdict.cause == "resource.no-action"
    assert f", not {lacks}." in answer.verdict.summary and "The caller lacks" not in answer.verdict.summary


@pytest.mark.parametrize(
    ("error", "statements"),
    [
        # It has both, or belongs to another service.
        (TRAIL, (delivers("cloudtrail", ["s3:PutObject", "s3:GetBucketAcl"], "*", Condition=ACL),)),
        (TRAIL, (delivers("config", "s3:PutObject", "arn:aws:s3:::logs/*", Condition=ACL),)),
    ],
)
def test_the_acl_that_a_service_sends_is_not_the_cause(error: str, statements: tuple[Any, ...]) -> None:
    answer = diagnosed(f"{error}bucket policy:\n{policy(*statements)}")
    assert "checks both" not in answer.verdict.summary and "s3:x-amz-acl" not in str(answer.fixes)


@pytest.mark.parametrize(("named", "said"), [("385520971641", True), ("111122223333", False)])
def test_the_account_in_config_s_path_is_compared(named: str, said: bool) -> None:
    shown = policy(
        delivers("config", ["s3:PutObject", "s3:GetBucketAcl"], f"arn:aws:s3:::logs/AWSLogs/{named}/Config/*")
    )
    answer = diagnosed(f"{CONFIG}applied in account 385520917641\nbucket policy:\n{shown}")
    assert ("the account is 385520917641" in answer.verdict.summary) is said


MOUNT = "mount.nfs4: access denied by server while mounting 127.0.0.1:/\n"
POINT = "arn:aws:elasticfilesystem:eu-west-1:111122223333:access-point/fsap-07c1e2a9b3d4f5681"
THROUGH = {"StringEquals": {"elasticfilesystem:AccessPointArn": POINT}}
OF_EFS = policy(allow("elasticfilesystem:ClientMount", "*", Principal={"AWS": "*"}, Condition=THROUGH))


@pytest.mark.parametrize(
    "mount",
    [
        "$ sudo mount -t efs -o tls,iam fs-0b81c5d7e94a2f036:/ /mnt/shared\n",
        "fs-0b81c5d7e94a2f036.efs.eu-west-1.amazonaws.com:/ /mnt/shared efs _netdev,tls,iam 0 0\n",
        "mount.efs fs-0b81c5d7e94a2f036 /mnt -o tls\n",
    ],
)
def test_a_file_system_that_wants_an_access_point_is_mounted_through_it(mount: str) -> None:
    answer = diagnosed(f"{mount}{MOUNT}{OF_EFS}")
    assert "the mount command names no access point" in answer.verdict.summary
    assert "-o tls,iam,accesspoint=fsap-07c1e2a9b3d4f5681" in str(answer.fixes[0].change)


@pytest.mark.parametrize(
    "mount",
    [
        "$ sudo mount -t efs -o tls,iam,accesspoint=fsap-07c1e2a9b3d4f5681 fs-0b81c5d7e94a2f036:/ /mnt\n",
        "volumeHandle: fs-0b81c5d7e94a2f036::fsap-07c1e2a9b3d4f5681\nmount fs-0b81c5d7e94a2f036\n",
    ],
)
def test_a_mount_through_an_access_point_lacks_something_else(mount: str) -> None:
    assert "names no access point" not in diagnosed(f"{mount}{MOUNT}{OF_EFS}").verdict.summary


LOADER = "arn:aws:redshift:us-east-1:111122223333:dbuser:dwh/loader"
COPY = f"ERROR:  User {LOADER} is not authorized to assume IAM Role arn:aws:iam::111122223333:role/Copy\n"


@pytest.mark.parametrize(
    "trust",
    [
        'trust of Copy: StringEquals sts:ExternalId = ["arn:aws:redshift:us-east-1:111122223333:dbuser:dwh/etl"]',
        '"Condition": {"StringEquals": {"sts:ExternalId": "arn:aws:redshift:us-east-1:111122223333:dbuser:dwh/etl"}}',
        "it trusts sts:ExternalId arn:aws:redshift:us-east-1:111122223333:dbuser:dwh/e*",
    ],
)
def test_the_database_user_of_redshift_is_compared(trust: str) -> None:
    answer = diagnosed(f"{COPY}{trust}")
    assert answer.verdict.cause == "trust.condition-unmet" and "but dwh/loader makes the call" in answer.verdict.summary
    assert f"Add {LOADER}" in str(answer.fixes[0].change)


@pytest.mark.parametrize("name", ["loader", "l*"])
def test_an_accepted_database_user_is_not_the_cause(name: str) -> None:
    trust = f'"sts:ExternalId": ["arn:aws:redshift:us-east-1:111122223333:dbuser:dwh/{name}"]'
    assert "but dwh/loader makes the call" not in diagnosed(f"{COPY}{trust}").verdict.summary


@pytest.mark.parametrize(
    ("shown", "none"),
    [
        ("$ aws redshift describe-clusters --cluster-identifier dwh --query 'Clusters[].IamRoles'\n[ [] ]", True),
        ("$ aws redshift describe-clusters --query 'Clusters[0].IamRoles'\n[]\n", True),
        ('{"ClusterIdentifier": "dwh", "IamRoles": [ ]}', True),
        ('{"ClusterIdentifier": "dwh", "VpcSecurityGroups": []}', False),
        ("$ aws redshift describe-clusters --query 'Clusters[0].IamRoles'\nan error", False),
    ],
)
def test_a_cluster_without_roles_is_said_to_have_none(shown: str, none: bool) -> None:
    answer = diagnosed(f"{COPY}{shown}")
    assert ("no role is associated with the cluster" in answer.verdict.summary) == none
    assert not none or "--cluster-identifier dwh --add-iam-roles" in str(answer.fixes[0].change)


def test_a_condition_on_what_a_service_calls_for_may_be_the_resources() -> None:
    refusal = (
        "An error occurred (InvalidArgument) when calling the PutBucketNotificationConfiguration operation: Unable to "
        "validate the following destination configurations\nqueue policy: Allow  Principal Service s3.amazonaws.com  "
        "sqs:SendMessage\n  Condition ArnEquals aws:SourceArn arn:aws:s3:::scans/*\n"
    )
    summary = diagnosed(refusal).verdict.summary
    assert "only where aws:SourceArn matches arn:aws:s3:::scans/*" in summary
    assert "Remove the condition" not in summary
