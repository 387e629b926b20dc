"""Another identity made the call than was meant: that is said before any permission."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.texts.denials import NODE, denial

ROLE = "eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/orders"

POD = denial(NODE, "s3:GetObject", "arn:aws:s3:::orders/1")
TASK = "arn:aws:sts::111122223333:assumed-role/starter/0123456789abcdef0123456789abcdef"
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"
PERSON = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Dev_0123456789abcdef/eva"
OPS = "arn:aws:iam::111122223333:user/eva"
STOPPED = "ResourceInitializationError: unable to pull secrets or registry auth: "
OF_ROLE = "role_arn = arn:aws:iam::444455556666:role/Ops\nsource_profile = default\n"
MEANT = "The text says that no identity-based policy of "
OTHER = '"Arn": "arn:aws:sts::444455556666:assumed-role/Ops/eva"'
SENDS = '{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs"}'
TASK_DEFINITION = "aws ecs describe-task-definition --query 'taskDefinition.[taskRoleArn,executionRoleArn]'"
LOCKS = "arn:aws:dynamodb:eu-west-1:444455556666:table/locks"
BACKEND = 'backend "s3" { bucket = "state" key = "net.tfstate" dynamodb_table = "locks" }\n'
PROVIDER = 'provider "aws" { region = "eu-west-1" assume_role { role_arn = "arn:aws:iam::444455556666:role/Ops" } }\n'
WRONG, ONLY_POD, ECS, PROFILE = (
    "Set serviceAccountName: orders-sa", "does not use its own role", "Allow the execution role starter",
    "the profile's heading must be [profile ops]",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{POD}$ kubectl get sa orders-sa -o yaml\n  {ROLE}\n$ kubectl get deploy x -o jsonpath="
         "'{..serviceAccountName}'\ndefault\n", WRONG),
        (f"{POD}kind: ServiceAccount\nmetadata:\n  name: orders-sa\n  annotations:\n    {ROLE}\n---\n"
         "kind: Deployment\nspec:\n  serviceAccountName: web\n", WRONG),
        (f"{POD}Name: o-1\nService Account:  default\n$ kubectl -n shop describe serviceaccount orders-sa\n{ROLE}\n",
         WRONG),
        # Near misses: the pod has the account, or the text does not show which it has.
        (f"{POD}$ kubectl get sa orders-sa -o yaml\n  {ROLE}\nserviceAccountName: orders-sa\n", ONLY_POD),
        (f"{POD}$ kubectl get sa orders-sa -o yaml\n  {ROLE}\n", ONLY_POD),
        (f"{POD}{ROLE}\no-1   1/1   Running   0   41d\nannotation added this morning", "Restart the pods (kubectl"),
        (f"{POD}o-1   1/1   Running   0   2d\nthe association is from an hour ago", "Restart the pods (kubectl"),
        (f"{POD}{ROLE}\no-1   1/1   Running   0   41d\nannotation added in May", ONLY_POD),
        (f"{POD}env:\n  AWS_ROLE_ARN:  arn:aws:iam::111122223333:role/orders\n", ONLY_POD),
        (f"{POD}$ kubectl -n shop get pod o-1 -o jsonpath='{{.spec.serviceAccountName}}'\ndefault\n"
         "$ aws eks list-pod-identity-associations --cluster-name c\n"
         '{"associations": [{"namespace": "shop", "serviceAccount": "orders-sa"}]}', f"{WRONG} in the pod's template"),
        (f"{POD}Service Account:  orders\n" '{"associations": [{"namespace": "shop", "serviceAccount": "orders-sa"}]}',
         f"{WRONG} in the pod's template, or create an association for the service account orders"),
        (f"{POD}serviceAccountName: orders-sa\nnamespace: web\n"
         '{"associations": [{"namespace": "shop", "serviceAccount": "orders-sa"}]}',
         "Create an association for the service account orders-sa in the namespace web"),
        (STOPPED + denial(TASK, "secretsmanager:GetSecretValue", SECRET), ECS),
        ("CannotPullContainerError: " + denial(TASK, "ecr:BatchGetImage",
                                               "arn:aws:ecr:eu-west-1:111122223333:repository/x"), ECS),
        (STOPPED + denial(TASK, "ssm:GetParameters", "arn:aws:ssm:eu-west-1:111122223333:parameter/x"), ECS),
        # Near misses: the task's program, an instance, a deployment, and a volume, which the task role mounts.
        (STOPPED + denial("arn:aws:sts::111122223333:assumed-role/deploy/ci", "ecs:UpdateService",
                          "arn:aws:ecs:eu-west-1:111122223333:service/x/y"), MEANT),
        ("ResourceInitializationError: failed to invoke EFS utils commands: " + denial(
            TASK, "elasticfilesystem:ClientMount", "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1"),
         MEANT),
        (denial(TASK, "secretsmanager:GetSecretValue", SECRET), MEANT),
        ("CannotPullContainerError: " + denial(NODE, "ecr:BatchGetImage",
                                               "arn:aws:ecr:eu-west-1:111122223333:repository/x"), "NodeInstanceRole"),
        ("$ aws sqs list-queues --profile ops\n" + denial(OPS, "sqs:ListQueues", "*")
         + f"$ cat ~/.aws/config\n[ops]\n{OF_ROLE}", PROFILE),
        ("AWS_PROFILE=ops\n" + denial(OPS, "sqs:ListQueues", "*")
         + f"~/.aws/config:\n[default]\nregion = x\n[ops]\n{OF_ROLE}",
         PROFILE),
        # The call names a profile with a role, and another identity made it.
        ("$ aws sqs list-queues --profile ops\n" + denial(OPS, "sqs:ListQueues", "*")
         + f"$ cat ~/.aws/config\n[profile ops]\n{OF_ROLE}", "The profile's role was not used"),
        ("$ aws s3 cp x s3://orders/1 --profile ops\n" + denial(OPS, "s3:PutObject", "arn:aws:s3:::orders/1").replace(
            "identity-based", "resource-based") + f"[profile ops]\n{OF_ROLE}", "the role Ops of account 444455556666"),
        (denial(OPS, "dynamodb:PutItem", LOCKS) + f"{BACKEND}{PROVIDER}", "does not use the provider's role Ops"),
        (denial(PERSON, "s3:ListBucket", "arn:aws:s3:::state") + BACKEND + PROVIDER,
         "Add assume_role with arn:aws:iam::444455556666:role/Ops to the backend"),
        # Near misses: the role itself, a backend with its own profile, and a call of the provider.
        ("$ aws sqs list-queues --profile ops\n" + denial("arn:aws:sts::444455556666:assumed-role/Ops/eva",
                                                          "sqs:ListQueues", "*") + f"[profile ops]\n{OF_ROLE}", MEANT),
        (denial(OPS, "dynamodb:PutItem", LOCKS) + BACKEND.replace("}", ' profile = "state" }') + PROVIDER, MEANT),
        (denial(OPS, "sqs:CreateQueue", "arn:aws:sqs:eu-west-1:111122223333:q") + f"{BACKEND}{PROVIDER}", MEANT),
        # Near miss: another profile is used.
        ("$ aws sqs list-queues --profile dev\n" + denial(OPS, "sqs:ListQueues", "*")
         + f"$ cat ~/.aws/config\n[ops]\n{OF_ROLE}", MEANT),
        # No profile is named, and the text shows a profile's identity in another account.
        (denial(OPS, "sqs:ListQueues", "*") + f"$ aws sts get-caller-identity --profile ops\n{{\n{OTHER}\n}}\n",
         "The profile ops is the role Ops of account 444455556666"),
        (denial(PERSON, "sqs:ListQueues", "*") + f"> (Get-STSCallerIdentity -ProfileName ops).Arn\n{OTHER}\n",
         "name the profile in the call"),
        # Near misses: the same account, a program's role, and a call with a profile.
        (denial(OPS, "sqs:ListQueues", "*") + "$ aws sts get-caller-identity --profile ops\n"
         + OTHER.replace("444455556666", "111122223333"), MEANT),
        (denial(TASK, "sqs:ListQueues", "*") + f"$ aws sts get-caller-identity --profile ops\n{OTHER}\n",
         MEANT),
        ("$ aws sqs list-queues --profile dev\n" + denial(OPS, "sqs:ListQueues", "*")
         + f"$ aws sts get-caller-identity --profile ops\n{OTHER}\n", MEANT),
        # No profile is named, and the configuration has one with a role.
        ("$ aws sqs list-queues\n" + denial(OPS, "sqs:ListQueues", "*")
         + f"$ cat ~/.aws/config\n[default]\n[profile ops]\n{OF_ROLE}", "name it (AWS_PROFILE=ops"),
        (denial(OPS, "sqs:ListQueues", "*") + f"profile  <not set>  None  None\n[profile ops]\n{OF_ROLE}",
         "the profile ops in the text, with the role Ops, was not used"),
        (denial(PERSON, "sqs:ListQueues", "*") + f"[profile ops]\nregion = eu-west-1\n{OF_ROLE}",
         "name it (AWS_PROFILE=ops"),
        (denial(OPS, "sqs:ListQueues", "*") + "$ aws configure get role_arn --profile ops\n"
         "arn:aws:iam::111122223333:role/Ops\n", "name it (AWS_PROFILE=ops"),
        # A container without a task role.
        (f"{TASK_DEFINITION}\n|  None  |\n|  arn:aws:iam::111122223333:role/ecsExec  |\n"
         f"The role thumbs-task is for it.\n{POD}", "Set taskRoleArn to thumbs-task"),
        (f'{POD}{{"family": "web", "taskRoleArn": null, "executionRoleArn": "arn:aws:iam::111122223333:role/x-exec"}}',
         "no task role. Set taskRoleArn in a new revision"),
        # Near misses: it has a task role, and the instance's agent makes the call.
        (f'{POD}"taskRoleArn": "arn:aws:iam::111122223333:role/web-task", "cpu": null', MEANT),
        (denial(NODE, "ecr:BatchGetImage", "arn:aws:ecr:eu-west-1:111122223333:repository/x") + '"taskRoleArn": null',
         "NodeInstanceRole"),
        # A policy of another role, which the words before it name.
        (denial(TASK, "s3:PutObject", "arn:aws:s3:::lake/x") + "For this we made the role lake-writer:\n"
         "   s3:PutObject, s3:GetObject   lake/*\n", "is attached to lake-writer, not to starter"),
        (denial(TASK, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:jobs")
         + "arn:aws:iam::111122223333:role/jobs-sender has\n" + SENDS, "role jobs-sender, but starter made the call"),
        # Near misses: the caller's own policy, and one without a role's name.
        (denial(TASK, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:jobs")
         + "arn:aws:iam::111122223333:role/starter has\n" + SENDS, "Find out first whether starter"),
        (denial(TASK, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:jobs") + "the policy of the role is\n"
         + SENDS, "Find out first whether starter"),
        # Near misses: two such profiles, the role itself, and a program's session.
        (denial(OPS, "sqs:ListQueues", "*") + f"[profile ops]\n{OF_ROLE}[profile dev]\n{OF_ROLE}",
         MEANT),
        (denial("arn:aws:sts::444455556666:assumed-role/Ops/x", "sqs:ListQueues", "*") + f"[profile ops]\n{OF_ROLE}",
         MEANT),
        (denial(NODE, "sqs:ListQueues", "*") + f"[profile ops]\n{OF_ROLE}", MEANT),
    ],
)  # fmt: skip
def test_the_identity_that_was_meant(text: str, said: str) -> None:
    assert said in collect_offline(read_text(text)[0]).verdict.summary


CALLED = (
    "User: arn:aws:sts::111122223333:assumed-role/controller/1 is not authorized to perform: {0} on resource: {1} "
    "because no identity-based policy allows the {0} action"
)
TEAMS = "The map has arn:aws:iam::444455556666:role/team-managed for this namespace."


@pytest.mark.parametrize(
    ("around", "empty"),
    [
        (f'{TEAMS}\n"msg":"ReadOne","account":"444455556666","role":"","region":"eu-west-1"', True),
        (f"{TEAMS}\nrole_arn = ''", True),
        (f'{TEAMS}\nassumeRoleArn: ""', True),
        (f'{TEAMS}\n"role":"team-managed"', False),
        ('"role":""', False),
        (f'{TEAMS}\nAnd arn:aws:iam::444455556666:role/team-other.\n"role":""', False),
    ],
)
def test_a_role_that_was_not_taken_needs_no_allow_of_the_caller(around: str, empty: bool) -> None:
    for action, resource in (("iam:GetRole", "role team1-app"), ("s3:ListBucket", "arn:aws:s3:::team1")):
        text = f"{around}\n{CALLED.format(action, resource)}"
        summary = collect_offline(read_text(text)[0]).verdict.summary
        assert ("did not assume that role" in summary) == empty


@pytest.mark.parametrize(
    ("before", "action", "starts"),
    [
        (STOPPED, "secretsmanager:GetSecretValue", True),
        ("CannotPullContainerError: ", "ecr:BatchGetImage", True),
        # Near misses: the program in the container calls, and an action that starts no task.
        ("worker failed: ", "secretsmanager:GetSecretValue", False),
        (STOPPED, "s3:PutObject", False),
    ],
)
def test_another_roles_policy_is_no_alternative_to_the_execution_roles(before: str, action: str, starts: bool) -> None:
    shown = '$ aws iam get-role-policy --role-name shop-task --policy-name p\n{"RoleName": "shop-task"}\n'
    answer = collect_offline(read_text(before + denial(TASK, action, SECRET) + shown)[0])
    assert ("Attach the policy to the execution role starter: ECS uses this role" in answer.verdict.summary) is starts
    assert any("let the program run as shop-task" in str(fix.change) for fix in answer.fixes) is not starts


BY_HOST = (
    "User: arn:aws:sts::111122223333:assumed-role/host/{} is not authorized to perform: {} on resource: * because no "
    "identity-based policy allows the {} action\n"
)
CONNECTOR = 'setProperty({}, "arn:aws:iam::444455556666:role/reader"); // {}\n'


@pytest.mark.parametrize(
    ("setting", "provider", "version", "said"),
    [
        ("AWS_ROLE_ARN", "ASSUME_ROLE", "1.15.2", "use 1.15.3 or later"),
        ('"aws.credentials.provider.role.arn"', "ASSUME_ROLE", "1.16.0", "it did not. Check the setting's name"),
        ("AWS_ROLE_ARN", "AUTO", "1.15.2", ""),
        ("STREAM_ROLE", "ASSUME_ROLE", "1.15.2", ""),
    ],
)
def test_a_role_that_the_connector_did_not_assume(setting: str, provider: str, version: str, said: str) -> None:
    refused = BY_HOST.format("FlinkApplication", *["kinesis:DescribeStreamConsumer"] * 2)
    text = f"flink-connector-kinesis {version}\n{CONNECTOR.format(setting, provider)}{refused}"
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert ("the connector is set to assume reader of account 444455556666" in summary) is bool(said)
    assert said in summary


@pytest.mark.parametrize(
    ("said", "works"),
    [
        ("aws s3 ls --profile llm works", True),
        ('boto3.Session(profile_name="llm") works fine', True),
        ("aws s3 ls --profile llm does not work", False),
    ],
)
def test_a_profile_that_works_elsewhere_is_not_overridden_by_keys(said: str, works: bool) -> None:
    profile = (
        "[profile llm]\nrole_arn = arn:aws:iam::111122223333:role/models\ncredential_source = Ec2InstanceMetadata\n"
    )
    refused = BY_HOST.format("i-0a1b2c3d4e5f60718", *["bedrock:InvokeModel"] * 2)
    text = f'Bedrock(credentials_profile_name="llm")\n{refused}{profile}AWS_PROFILE=llm\n{said}\n'
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert ("this program does not use the profile" in summary) is works


@pytest.mark.parametrize("keys", [True, False])
def test_a_sink_with_keys_of_its_own_does_not_assume_its_role(keys: bool) -> None:
    settings = (
        '"s3.credentials.provider.class": "io.confluent.connect.s3.auth.AwsAssumeRoleCredentialsProvider",\n'
        '"s3.credentials.provider.sts.role.arn": "arn:aws:iam::444455556666:role/writer",\n'
    )
    own = '"aws.access.key.id": "AKIA",\n' if keys else ""
    refused = (
        "User: arn:aws:iam::111122223333:user/connect is not authorized to perform: s3:PutObject on resource: "
        "arn:aws:s3:::landing/a because no resource-based policy allows the s3:PutObject action"
    )
    summary = collect_offline(read_text(f"{settings}{own}{refused}")[0]).verdict.summary
    assert "the connector is set to assume writer of account 444455556666" in summary
    assert ("remove aws.access.key.id" in summary) is keys
