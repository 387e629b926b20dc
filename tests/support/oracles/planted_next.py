"""Operations that need several permissions, with two to four of them missing, and what the first answer says of all.

    python -m tests.support.oracles.planted_next names COUNT [SEED]
    python -m tests.support.oracles.planted_next lines COUNT [SEED] > requests.jsonl
    python -m tests.support.oracles.planted_next check COUNT SEED ANSWERS

Each is a command of the AWS CLI with the error that AWS returns for the first permission that is missing. ``names``
asks whether the answer names every other one, too. ``lines`` prints every request of the operation in the account with
all offered statements and trust policies in place, as input lines of ``rolescope evaluate``: for another engine.
``check`` reads that engine's answers, lines of ``{"id", "decision"}``. What an operation needs is written here from
AWS's pages, and not taken from the tables of the program. Exit status 1 where something is wrong.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from diagnostics.diagnose import collect, read_text
from diagnostics.diagnosis import Diagnosis
from diagnostics.fix import InlinePlace, Note, OtherPlace, PolicyChange, TrustChange
from iam.sources.reader.opened import OpenedAccount
from iam.sources.snapshot.reader import open_snapshot
from tests.support.accounts import alder
from tests.support.accounts.alder import ID, REGION

Content = dict[str, Any]
KEY = alder.arn("kms", "key/0aa1-77")
RECEIVING = alder.role_arn("worker")
SECOND = alder.role_arn("starter")
CALLER = "deployer"
TRUST = "trust"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A permission that the operation needs: of the caller, or (`TRUST`) of the role's own trust policy.

    ``stated``: the text says that it is needed. What only a setting of the account decides is to be named, too, but no
    statement can be offered for it.
    """

    action: str
    resource: str
    context: dict[str, tuple[str, ...]] = field(default_factory=dict)
    stated: bool = True


@dataclass(frozen=True, slots=True)
class Operation:
    """A command, the name of its operation, and all it needs in the order in which AWS refuses."""

    command: str
    name: str
    needs: tuple[Wanted, ...]
    error: str = "AccessDeniedException"


def _passed(service: str, role: str = RECEIVING) -> tuple[Wanted, ...]:
    return (
        Wanted("iam:PassRole", role, {"iam:PassedToService": (service,)}),
        Wanted(TRUST, role, {"service": (service,)}),
    )


def _on(resource: str, *actions: str) -> tuple[Wanted, ...]:
    return tuple(Wanted(action, resource) for action in actions)


_FUNCTION = alder.arn("lambda", "function:thumbs")
_BUCKET = "arn:aws:s3:::alder-out"
_OBJECT = f"{_BUCKET}/reports/a.csv"
_INSTANCES = tuple(
    Wanted("ec2:RunInstances", alder.arn("ec2", each))
    for each in (
        *("instance/*", "subnet/subnet-0aa11bb22cc33dd44", "security-group/sg-0aa11bb22cc33dd44"),
        *("network-interface/*", "volume/*"),
    )
)
OPERATIONS = (
    Operation(
        "aws ec2 run-instances --image-id ami-0aa11bb22cc33dd44 --instance-type t3.micro --subnet-id"
        " subnet-0aa11bb22cc33dd44 --security-group-ids sg-0aa11bb22cc33dd44 --iam-instance-profile"
        f" Arn=arn:aws:iam::{ID}:instance-profile/worker"
        " --tag-specifications 'ResourceType=instance,Tags=[{Key=team,Value=a}]'",
        "RunInstances",
        (
            *_INSTANCES,
            Wanted("ec2:RunInstances", f"arn:aws:ec2:{REGION}::image/ami-0aa11bb22cc33dd44"),
            *_on(alder.arn("ec2", "instance/*"), "ec2:CreateTags"),
            *_passed("ec2.amazonaws.com"),
        ),
        "UnauthorizedOperation",
    ),
    Operation(
        "aws s3api put-object --bucket alder-out --key reports/a.csv --body a.csv --server-side-encryption aws:kms"
        f" --ssekms-key-id {KEY} --tagging team=a --acl bucket-owner-full-control",
        "PutObject",
        (
            *_on(_OBJECT, "s3:PutObject", "s3:PutObjectTagging", "s3:PutObjectAcl"),
            *_on(KEY, "kms:GenerateDataKey"),
        ),
        "AccessDenied",
    ),
    Operation(
        f"aws lambda create-function --function-name thumbs --runtime python3.12 --handler a.b --role {RECEIVING}"
        f" --zip-file fileb://a.zip --kms-key-arn {KEY} --tags team=a"
        f" --layers {alder.arn('lambda', 'layer:shared:3')}",
        "CreateFunction",
        (
            *_on(_FUNCTION, "lambda:CreateFunction", "lambda:TagResource"),
            *_on(alder.arn("lambda", "layer:shared:3"), "lambda:GetLayerVersion"),
            *_passed("lambda.amazonaws.com"),
            *_on(KEY, "kms:CreateGrant", "kms:Encrypt"),
        ),
    ),
    Operation(
        "aws athena start-query-execution --work-group primary --query-string 'select 1 from d.t'"
        " --query-execution-context Database=d --result-configuration OutputLocation=s3://alder-out/athena/",
        "StartQueryExecution",
        (
            *_on(
                alder.arn("athena", "workgroup/primary"),
                *("athena:StartQueryExecution", "athena:GetQueryExecution", "athena:GetQueryResults"),
            ),
            *_on(alder.arn("glue", "catalog"), "glue:GetDatabase", "glue:GetTable"),
            *_on(alder.arn("glue", "database/d"), "glue:GetDatabase", "glue:GetTable"),
            *_on(alder.arn("glue", "table/d/t"), "glue:GetTable"),
            *_on(_BUCKET, "s3:GetBucketLocation"),
            *_on(f"{_BUCKET}/athena/q.csv", "s3:PutObject", "s3:GetObject"),
        ),
    ),
    Operation(
        f"aws ecs register-task-definition --family web --task-role-arn {RECEIVING} --execution-role-arn {SECOND}"
        " --container-definitions file://c.json --tags key=team,value=a",
        "RegisterTaskDefinition",
        (
            *_on(alder.arn("ecs", "task-definition/web:*"), "ecs:RegisterTaskDefinition"),
            *_on(alder.arn("ecs", "task-definition/web:*"), "ecs:TagResource"),
            *_passed("ecs-tasks.amazonaws.com"),
            *_passed("ecs-tasks.amazonaws.com", SECOND),
        ),
    ),
    Operation(
        "aws ecs run-task --cluster main --task-definition web:1 --tags key=team,value=a --overrides"
        f' \'{{"taskRoleArn":"{RECEIVING}","executionRoleArn":"{SECOND}"}}\'',
        "RunTask",
        (
            *_on(alder.arn("ecs", "task-definition/web:1"), "ecs:RunTask"),
            *_on(alder.arn("ecs", "task/main/*"), "ecs:TagResource"),
            *_passed("ecs-tasks.amazonaws.com"),
            *_passed("ecs-tasks.amazonaws.com", SECOND),
        ),
    ),
    Operation(
        f"aws stepfunctions create-state-machine --name ship --definition file://d.json --role-arn {RECEIVING}"
        f" --tags key=team,value=a",
        "CreateStateMachine",
        (
            *_on(alder.arn("states", "stateMachine:ship"), "states:CreateStateMachine", "states:TagResource"),
            *_passed("states.amazonaws.com"),
        ),
    ),
    Operation(
        f"aws secretsmanager create-secret --name db --secret-string x --kms-key-id {KEY} --tags Key=team,Value=a",
        "CreateSecret",
        (
            *_on(alder.arn("secretsmanager", "secret:db-AbCdEf"), "secretsmanager:CreateSecret"),
            *_on(alder.arn("secretsmanager", "secret:db-AbCdEf"), "secretsmanager:TagResource"),
            *_on(KEY, "kms:GenerateDataKey", "kms:Decrypt"),
        ),
    ),
    Operation(
        f"aws ssm put-parameter --name /app/db --value x --type SecureString --key-id {KEY} --tags Key=team,Value=a",
        "PutParameter",
        (
            *_on(alder.arn("ssm", "parameter/app/db"), "ssm:PutParameter", "ssm:AddTagsToResource"),
            *_on(KEY, "kms:Encrypt"),
        ),
    ),
    Operation(
        f"aws cloudformation create-stack --stack-name net --template-body file://t.yaml --role-arn {RECEIVING}",
        "CreateStack",
        (
            *_on(
                alder.arn("cloudformation", "stack/net/*"),
                *("cloudformation:CreateStack", "cloudformation:DescribeStacks", "cloudformation:DescribeStackEvents"),
            ),
            *_passed("cloudformation.amazonaws.com"),
        ),
        "AccessDenied",
    ),
    Operation(
        "aws iam create-role --role-name new --assume-role-policy-document file://t.json --tags Key=team,Value=a",
        "CreateRole",
        _on(alder.role_arn("new"), "iam:CreateRole", "iam:TagRole", "iam:AttachRolePolicy"),
        "AccessDenied",
    ),
    Operation(
        f"aws glue create-job --name nightly --role {RECEIVING} --command Name=glueetl,ScriptLocation=s3://b/k"
        " --tags team=a",
        "CreateJob",
        (
            *_on(alder.arn("glue", "job/nightly"), "glue:CreateJob", "glue:TagResource"),
            *_passed("glue.amazonaws.com"),
        ),
    ),
    Operation(
        f"aws ec2 create-volume --availability-zone {REGION}a --size 8 --encrypted --kms-key-id {KEY}"
        " --tag-specifications 'ResourceType=volume,Tags=[{Key=team,Value=a}]'",
        "CreateVolume",
        (
            *_on(alder.arn("ec2", "volume/*"), "ec2:CreateVolume", "ec2:CreateTags"),
            *_on(KEY, "kms:GenerateDataKeyWithoutPlaintext", "kms:CreateGrant"),
        ),
        "UnauthorizedOperation",
    ),
    Operation(
        "aws logs create-log-group --log-group-name /app --tags team=a",
        "CreateLogGroup",
        (
            *_on(alder.arn("logs", "log-group:/app"), "logs:CreateLogGroup", "logs:TagResource"),
            *_on(alder.arn("logs", "log-group:/app:log-stream:s"), "logs:CreateLogStream", "logs:PutLogEvents"),
        ),
    ),
    Operation(
        f"aws scheduler create-schedule --name nightly --schedule-expression 'rate(1 day)' --flexible-time-window"
        f" Mode=OFF --target Arn={_FUNCTION},RoleArn={RECEIVING}",
        "CreateSchedule",
        (
            *_on(alder.arn("scheduler", "schedule/default/nightly"), "scheduler:CreateSchedule"),
            *_passed("scheduler.amazonaws.com"),
        ),
    ),
    Operation(
        f"aws codebuild create-project --name build --source type=NO_SOURCE --artifacts type=NO_ARTIFACTS"
        f" --environment type=LINUX_CONTAINER,image=i,computeType=BUILD_GENERAL1_SMALL --service-role {RECEIVING}",
        "CreateProject",
        (
            *_on(alder.arn("codebuild", "project/build"), "codebuild:CreateProject"),
            *_passed("codebuild.amazonaws.com"),
        ),
    ),
    Operation(
        "aws sqs create-queue --queue-name jobs --tags team=a",
        "CreateQueue",
        _on(alder.arn("sqs", "jobs"), "sqs:CreateQueue", "sqs:TagQueue"),
        "AccessDenied",
    ),
    Operation(
        f"aws dynamodb create-table --table-name orders --key-schema AttributeName=id,KeyType=HASH"
        f" --attribute-definitions AttributeName=id,AttributeType=S --billing-mode PAY_PER_REQUEST --tags"
        f" Key=team,Value=a --sse-specification Enabled=true,SSEType=KMS,KMSMasterKeyId={KEY}",
        "CreateTable",
        (
            *_on(alder.arn("dynamodb", "table/orders"), "dynamodb:CreateTable", "dynamodb:TagResource"),
            *_on(KEY, "kms:CreateGrant", "kms:DescribeKey"),
        ),
    ),
    Operation(
        f"aws sagemaker create-training-job --training-job-name fit --role-arn {RECEIVING} --algorithm-specification"
        " TrainingImage=i,TrainingInputMode=File --output-data-config S3OutputPath=s3://alder-out/fit/"
        " --resource-config InstanceType=ml.m5.large,InstanceCount=1,VolumeSizeInGB=8 --stopping-condition"
        " MaxRuntimeInSeconds=60 --tags Key=team,Value=a",
        "CreateTrainingJob",
        (
            *_on(alder.arn("sagemaker", "training-job/fit"), "sagemaker:CreateTrainingJob", "sagemaker:AddTags"),
            *_passed("sagemaker.amazonaws.com"),
        ),
    ),
    Operation(
        f"aws events put-targets --rule nightly --targets Id=1,Arn={alder.arn('ecs', 'cluster/main')},"
        f"RoleArn={RECEIVING}",
        "PutTargets",
        (
            *_on(alder.arn("events", "rule/nightly"), "events:PutTargets"),
            *_passed("events.amazonaws.com"),
        ),
    ),
    Operation(
        f"aws firehose create-delivery-stream --delivery-stream-name logs --extended-s3-destination-configuration"
        f" RoleARN={RECEIVING},BucketARN={_BUCKET} --tags Key=team,Value=a",
        "CreateDeliveryStream",
        (
            *_on(alder.arn("firehose", "deliverystream/logs"), "firehose:CreateDeliveryStream"),
            *_on(alder.arn("firehose", "deliverystream/logs"), "firehose:TagDeliveryStream"),
            *_passed("firehose.amazonaws.com"),
        ),
    ),
    Operation(
        "aws rds create-db-instance --db-instance-identifier app --engine postgres --db-instance-class db.t3.micro"
        f" --kms-key-id {KEY} --storage-encrypted --tags Key=team,Value=a",
        "CreateDBInstance",
        (
            *_on(alder.arn("rds", "db:app"), "rds:CreateDBInstance", "rds:AddTagsToResource"),
            *_on(KEY, "kms:CreateGrant", "kms:DescribeKey"),
        ),
        "AccessDenied",
    ),
    Operation(
        f"aws eks create-cluster --name main --role-arn {RECEIVING} --resources-vpc-config subnetIds=subnet-1,subnet-2"
        " --tags team=a",
        "CreateCluster",
        (
            *_on("*", "eks:CreateCluster"),
            *_on(alder.arn("eks", "cluster/main"), "eks:TagResource"),
            *_passed("eks.amazonaws.com"),
        ),
    ),
    Operation(
        f"aws sns create-topic --name alarms --attributes KmsMasterKeyId={KEY} --tags Key=team,Value=a",
        "CreateTopic",
        _on(alder.arn("sns", "alarms"), "sns:CreateTopic", "sns:TagResource"),
        "AuthorizationError",
    ),
    Operation(
        f"aws batch register-job-definition --job-definition-name fit --type container --container-properties"
        f' \'{{"image":"i","jobRoleArn":"{RECEIVING}","executionRoleArn":"{SECOND}"}}\' --tags team=a',
        "RegisterJobDefinition",
        (
            *_on(alder.arn("batch", "job-definition/fit"), "batch:RegisterJobDefinition"),
            *_on(alder.arn("batch", "job-definition/fit:1"), "batch:TagResource"),
            *_passed("ecs-tasks.amazonaws.com"),
            *_passed("ecs-tasks.amazonaws.com", SECOND),
        ),
    ),
    Operation(
        "aws secretsmanager get-secret-value --secret-id db-AbCdEf",
        "GetSecretValue",
        (
            *_on(alder.arn("secretsmanager", "secret:db-AbCdEf"), "secretsmanager:GetSecretValue"),
            Wanted("kms:Decrypt", KEY, stated=False),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Planted:
    """An account in which some of an operation's permissions are missing, and the text of the first denial."""

    operation: Operation
    missing: tuple[Wanted, ...]
    content: Content
    text: str


def planted(chance: random.Random) -> Planted:
    """An operation with two to four missing permissions; the first that AWS asks for is what the error names."""
    while True:
        operation = chance.choice(OPERATIONS)
        own = [each for each in operation.needs if each.action != TRUST]
        drawn = chance.sample(operation.needs, min(len(operation.needs), chance.randint(2, 4)))
        missing = [each for each in operation.needs if each in drawn]
        if any(each in own for each in missing):
            break
    content = alder.snapshot()
    for level in content["Rolescope"]["Organization"]["ServiceControlPolicies"]:
        level["Policies"] = [{**level["Policies"][0], "Document": alder.document(alder.allow("*"))}]
    statements = [alder.allow(each.action, each.resource) for each in own if each not in missing]
    inline = {"own": alder.document(*statements)} if statements else {}
    content["RoleDetailList"].append(alder.role(CALLER, alder.service("codebuild"), inline=inline))
    for arn in dict.fromkeys(each.resource for each in operation.needs if each.action == TRUST):
        wanted = next(each for each in operation.needs if each.action == TRUST and each.resource == arn)
        service = wanted.context["service"][0].removesuffix(".amazonaws.com")
        assumes = "sns" if wanted in missing else service
        content["RoleDetailList"].append(alder.role(arn.rpartition("/")[2], alder.service(assumes)))
    profile = {"InstanceProfileName": "worker", "Path": "/", "Roles": ["worker"]}
    content["Rolescope"]["InstanceProfiles"].append({**profile, "Arn": f"arn:aws:iam::{ID}:instance-profile/worker"})
    closed = chance.random() < 0.3
    trusted = {"AWS": alder.role_arn("clinician") if closed else f"arn:aws:iam::{ID}:root"}
    content["Rolescope"]["ResourcePolicies"][KEY] = alder.document(
        {"Effect": "Allow", "Principal": trusted, "Action": "kms:*", "Resource": "*"}
    )
    missing += [each for each in own if closed and each.resource == KEY and each.stated and each not in missing]
    first = next(each for each in missing if each in own)
    refused = (
        f"User: {alder.session(CALLER)} is not authorized to perform: {first.action} on resource: {first.resource}"
        f" because no identity-based policy allows the {first.action} action"
    )
    error = f"An error occurred ({operation.error}) when calling the {operation.name} operation: {refused}"
    return Planted(operation, tuple(missing), content, f"$ {operation.command}\n\n{error}\n")


def diagnosed(one: Planted, folder: Path) -> Diagnosis:
    reader = open_snapshot(alder.write(folder / "account.json", one.content))
    return collect(read_text(one.text)[0], OpenedAccount(list(reader.accounts())[-1], reader), {})


def unnamed(one: Planted, found: Diagnosis) -> Iterator[Wanted]:
    """What is missing and not said."""
    step = next((each.summary for each in found.steps if each.id == "next"), "")
    said = "\n".join([step, *(f"{fix.title} {fix.change.text if fix.change else ''}" for fix in found.fixes)])
    for each in one.missing:
        word = f"trust policy of {each.resource.rpartition('/')[2]}" if each.action == TRUST else each.action
        if word not in said:
            yield each


def mended(one: Planted, found: Diagnosis) -> tuple[list[Content], dict[str, Content]]:
    """The caller's documents, and the trust policies and the key's by ARN, with everything in place that is offered."""
    caller = next(each for each in one.content["RoleDetailList"] if each["RoleName"] == CALLER)
    documents = {each["PolicyName"]: each["PolicyDocument"] for each in caller["RolePolicyList"]}
    trusts = {each["Arn"]: each["AssumeRolePolicyDocument"] for each in one.content["RoleDetailList"]}
    trusts[KEY] = one.content["Rolescope"]["ResourcePolicies"][KEY]
    first = True
    for number, fix in enumerate(found.fixes):
        match fix.change:
            case PolicyChange(InlinePlace(holder, name), _, _, after) if after is not None and first:
                if holder.arn == caller["Arn"]:
                    documents[name], first = after.value, False
            case PolicyChange(OtherPlace(arn), _, _, after) if after is not None and arn == KEY:
                trusts[KEY] = after.value
            case TrustChange(target, _, after):
                trusts[target] = after.value
            case Note(_, text) if "[\n" in text:
                documents[f"note {number}"] = alder.document(*json.loads(text[text.index("[\n") :]))
    return list(documents.values()), trusts


def lines_of(number: int, one: Planted, found: Diagnosis) -> Iterator[Content]:
    documents, trusts = mended(one, found)
    for at, each in enumerate(one.operation.needs):
        line: Content = {"id": f"{number}.{at}", "resource": each.resource, "resourceAccount": ID}
        if each.action == TRUST:
            service = each.context["service"][0]
            yield {**line, "principal": service, "action": "sts:AssumeRole", "resourcePolicy": trusts[each.resource]}
            continue
        told = {key: list(values) for key, values in each.context.items()}
        key_policy = {"resourcePolicy": trusts[KEY]}
        yield {
            **line,
            "principal": alder.session(CALLER),
            "action": each.action,
            "identityPolicies": documents,
            "contextVariables": told,
            **(key_policy if each.resource == KEY else {}),
        }


def main(arguments: list[str]) -> int:
    what, count = arguments[0], int(arguments[1])
    chance = random.Random(int(arguments[2]) if len(arguments) > 2 else 1)
    answers: dict[str, str] = {}
    if what == "check":
        read = (json.loads(each) for each in Path(arguments[3]).read_text().splitlines())
        answers = {each["id"]: each["decision"] for each in read}
    counted: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        for number in range(count):
            one = planted(chance)
            if what == "check":
                wrong = [
                    f"{each.action} on {each.resource}: {answers[f'{number}.{at}']}"
                    for at, each in enumerate(one.operation.needs)
                    if each.stated and answers[f"{number}.{at}"].lower() != "allowed"
                ]
            else:
                found = diagnosed(one, Path(name))
                if what == "lines":
                    for line in lines_of(number, one, found):
                        print(json.dumps(line))
                    continue
                wrong = [f"not named: {each.action} on {each.resource}" for each in unnamed(one, found)]
            counted["right" if not wrong else "wrong"] += 1
            for each in wrong:
                print(number, one.operation.name, each)
    print(dict(counted), file=sys.stderr)
    return 1 if counted["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
