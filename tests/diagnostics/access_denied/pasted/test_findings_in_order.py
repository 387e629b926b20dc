"""Policy documents in a paste, held against the request that was refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import PASTED, Status
from diagnostics.failure import Denial
from diagnostics.fix import Note
from iam.claims import Confidence
from tests.support.denials.pasted import BUCKET, ROLE, allow, diagnosed, no_identity, policy, refused

LINKED = "arn:aws:iam::210987654321:role/AWSServiceRoleForLakeFormationDataAccess"
TABLE = "arn:aws:dynamodb:eu-west-1:210987654321:table/carts"
QUEUE = "arn:aws:sqs:eu-west-1:210987654321:carts"
COPIES = (
    "An error occurred (AccessDenied) when calling the CopyObject operation: Access Denied\n"
    's3.copy_object(Bucket="to", Key="in/a.csv", CopySource="north-ledger/in/a.csv")\n'
)
SESSION = "because no session policy allows the s3:GetObject action"
LACKING = {
    "the policy that a call passes to STS": (
        "aws sts assume-role --role-arn arn:aws:iam::210987654321:role/exporter --role-session-name job-18 --policy '"
        + policy(allow("s3:GetObject", f"{BUCKET}/raw/*"))
        + f"'\n{refused('s3:GetObject', f'{BUCKET}/out/a', SESSION)}",
        "session.resource-mismatch",
        "The session policy in the text does not allow s3:GetObject: statement 1 names arn:aws:s3:::north-ledger/raw/*",
    ),
    "the policy that a call takes from a variable": (
        "scope = "
        + policy(allow("s3:PutObject", f"{BUCKET}/*"))
        + f'\nsts.assume_role(RoleArn="{ROLE}", Policy=json.dumps(scope))\n'
        + refused("s3:GetObject", f"{BUCKET}/a", SESSION),
        "session.no-action",
        "of its role or user allow.",
    ),
    "a secret by its name in another Region": (
        no_identity("secretsmanager:GetSecretValue", "prod/sql")
        + "\nAWS_REGION=us-east-1\n"
        + policy(
            allow("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:210987654321:secret:prod/sql-*")
        ),
        "identity.resource-mismatch",
        "not arn:aws:secretsmanager:us-east-1:210987654321:secret:prod/sql-??????: the region differs",
    ),
    "a date that is past by the text's own time": (
        no_identity("s3:PutObject", f"{BUCKET}/a")
        + "\nlog time 2026-12-01T00:03:11Z\n"
        + policy(
            allow(
                "s3:PutObject",
                f"{BUCKET}/*",
                Condition={"DateLessThan": {"aws:CurrentTime": "2026-11-30T23:59:59Z"}},
            )
        ),
        "identity.condition-unmet",
        "needs aws:CurrentTime to be before 2026-11-30T23:59:59Z, and it is 2026-12-01T00:03:11Z",
    ),
    "two resources of another partition": (
        no_identity("s3:PutObject", "arn:aws-cn:s3:::m/a", "arn:aws-cn:iam::123412341234:user/r")
        + policy(allow("s3:*", ["arn:aws:s3:::m", "arn:aws:s3:::m/*"])),
        "identity.resource-mismatch",
        "the partition differs: write arn:aws-cn:",
    ),
    "a group that the user is not in": (
        no_identity(
            "ec2:StartInstances",
            "arn:aws:ec2:eu-west-1:210987654321:instance/i-0aa",
            "arn:aws:iam::210987654321:user/kim",
        )
        + '\naws iam list-groups-for-user --user-name kim\n{ "Groups": [] }\ngroup ops has '
        + json.dumps(allow("ec2:StartInstances", "*")),
        "identity.no-action",
        "the user kim is in no group, so the permissions of the group ops do not apply to this user",
    ),
    "a version that is not the default one": (
        no_identity("sqs:PurgeQueue", QUEUE) + '\n"DefaultVersionId": "v3"\nv5: ' + json.dumps(allow("sqs:*", QUEUE)),
        "identity.no-action",
        "the policy's default version is v3, and v5 allows sqs:PurgeQueue: only the default version is in effect",
    ),
    "the user of the operating system in the command": (
        no_identity("ec2-instance-connect:SendSSHPublicKey", "arn:aws:ec2:eu-west-1:210987654321:instance/i-0aa")
        + "\naws ec2-instance-connect send-ssh-public-key --instance-id i-0aa --instance-os-user ubuntu\n"
        + policy(
            allow(
                "ec2-instance-connect:SendSSHPublicKey",
                "*",
                Condition={"StringEquals": {"ec2:osuser": "ec2-user"}},
            )
        ),
        "identity.condition-unmet",
        "needs ec2:osuser to be ec2-user, and it is ubuntu",
    ),
    "a misspelled bucket, which belongs to somebody else": (
        refused(
            "s3:GetObject",
            "arn:aws:s3:::acme-dta-lake/x",
            "because no resource-based policy allows the s3:GetObject action",
        )
        + policy(allow("s3:GetObject", "arn:aws:s3:::acme-data-lake/*")),
        "identity.resource-mismatch",
        "Compare acme-data-lake with acme-dta-lake",
    ),
    "the external ID that a vendor shows": (
        refused("sts:AssumeRole", "arn:aws:iam::210987654321:role/read", "", "arn:aws:iam::464622532012:role/poll")
        + "\n"
        + json.dumps(
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::464622532012:root"},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"sts:ExternalId": "f1e2d3c4b5"}},
            }
        )
        + "\nexternal id in the vendor's UI: f1e2d3c4b6",
        "trust.condition-unmet",
        "needs sts:ExternalId to be f1e2d3c4b5, and it is f1e2d3c4b6",
    ),
    "the source of a copy": (
        COPIES + policy(allow("s3:GetObject", f"{BUCKET}/out/*"), allow("s3:PutObject", "arn:aws:s3:::to/*")),
        "identity.resource-mismatch",
        "statement 1 names arn:aws:s3:::north-ledger/out/*, not arn:aws:s3:::north-ledger/in/a.csv",
    ),
    "a list of resources in YAML": (
        f"{no_identity('sqs:SendMessage', QUEUE)}\n\nResource:\n"
        "  - !Sub 'arn:${AWS::Partition}:sqs:*:*:orders'\n  - arn:aws:sqs:*:*:carts-dlq\n",
        "identity.resource-mismatch",
        "statement 1 covers arn:${AWS::Partition}:sqs:*:*:orders and arn:aws:sqs:*:*:carts-dlq, not",
    ),
    "the resource on a line of its own": (
        "AccessDeniedException on StartExecution (states)\n"
        "resource: arn:aws:states:eu-west-1:210987654321:stateMachine:new\n"
        + policy(allow("states:StartExecution", "arn:aws:states:us-east-1:210987654321:stateMachine:old")),
        "identity.resource-mismatch",
        "stateMachine:old, not arn:aws:states:eu-west-1:210987654321:stateMachine:new",
    ),
    "all resources of a type that no statement has": (
        no_identity("ec2:RunInstances", "arn:aws:ec2:us-east-1:210987654321:volume/*")
        + policy(allow("ec2:RunInstances", "arn:aws:ec2:*:*:instance/*")),
        "identity.resource-mismatch",
        "names arn:aws:ec2:*:*:instance/*, not arn:aws:ec2:us-east-1:210987654321:volume/*",
    ),
    "the caller's own policy beside that of another role": (
        f"{no_identity('sqs:SendMessage', QUEUE)}\n\nexporter (task role):\n"
        "  Allow sqs:SendMessage  arn:aws:sqs:eu-west-1:210987654321:orders\nother-exec (execution role):\n"
        "  Allow sqs:*  *\n",
        "identity.resource-mismatch",
        "statement 1 names arn:aws:sqs:eu-west-1:210987654321:orders, not arn:aws:sqs:eu-west-1:210987654321:carts",
    ),
    "a prefix that IAM does not have, in the ARN too": (
        no_identity("airflow:CreateCliToken", "arn:aws:airflow:eu-west-1:210987654321:environment/dwh")
        + policy(allow(["mwaa:CreateCliToken"], "arn:aws:mwaa:eu-west-1:210987654321:environment/dwh")),
        "identity.no-action",
        "its Resource must be arn:aws:airflow:eu-west-1:210987654321:environment/dwh, not arn:aws:mwaa:",
    ),
    "a list in words without the action": (
        f"{no_identity('dynamodb:PutItem', TABLE)}\nThe role may dynamodb:GetItem and dynamodb:Query on table/carts.",
        "identity.no-action",
        "statement 1 names dynamodb:GetItem and dynamodb:Query, not dynamodb:PutItem",
    ),
    "a list in words of two owners": (
        f"{no_identity('dynamodb:PutItem', TABLE)}\nexporter-role can dynamodb:GetItem on table/carts. "
        "order-svc can dynamodb:PutItem on table/orders.",
        "identity.no-action",
        "names dynamodb:GetItem, not dynamodb:PutItem",
    ),
    "a table in words without its index": (
        f"{no_identity('dynamodb:Query', f'{TABLE}/index/day')}\nit has dynamodb:Query on table/carts",
        "identity.resource-mismatch",
        "the table without its indexes, so add table/carts/index/*",
    ),
    "a folder in words": (
        f"{no_identity('s3:PutObject', f'{BUCKET}/2024/a.csv')}\nThe policy only lets it write to 2023/* there.",
        "identity.resource-mismatch",
        "statement 1 covers 2023/*, not",
    ),
    "a Resource alone": (
        f"{no_identity('s3:PutObject', f'{BUCKET}/2024/a.csv')}\nits policy, Resource: arn:aws:s3:::north-ledgers/*",
        "identity.resource-mismatch",
        "names arn:aws:s3:::north-ledgers/*, not",
    ),
    "a service whose only statement is on something else": (
        f"{no_identity('dynamodb:PutItem', TABLE)}\nits only dynamodb statement is on table/orders",
        "identity.resource-mismatch",
        "statement 1 covers table/orders",
    ),
    "an alias of a function": (
        no_identity("lambda:InvokeFunction", "arn:aws:lambda:us-east-1:210987654321:function:resize:live")
        + "\n"
        + policy(allow("lambda:InvokeFunction", "arn:aws:lambda:us-east-1:210987654321:function:resize")),
        "identity.resource-mismatch",
        "the function without its versions and aliases, so add",
    ),
    "another value of a tag that an instance has": (
        no_identity("ec2:StopInstances", "arn:aws:ec2:us-east-1:210987654321:instance/i-0123456789")
        + "\ni-0123456789 tags: env=prod\n"
        + policy(allow("ec2:StopInstances", "*", Condition={"StringEquals": {"aws:ResourceTag/env": "dev"}})),
        "identity.condition-unmet",
        "needs aws:ResourceTag/env to be dev, and it is prod",
    ),
    "a job whose name has spaces": (
        no_identity("glue:GetJobRuns", "arn:aws:glue:eu-west-2:210987654321:job/Copy raw files")
        + "\nexporter may glue:GetJobRun.",
        "identity.no-action",
        "names glue:GetJobRun, not glue:GetJobRuns",
    ),
    "a Resource of JSON in a sentence, in another Region": (
        no_identity("dynamodb:Query", TABLE)
        + f'\nrole policy -> "Resource": ["{TABLE.replace("eu-west-1", "us-east-1")}"], Action dynamodb:Query yes',
        "identity.resource-mismatch",
        "Compare us-east-1 with eu-west-1",
    ),
    "an example of the documentation beside the refusal": (
        "docs: User: arn:aws:iam::123456789012:user/mateojackson is not authorized to perform: x:GetWidget\n"
        + no_identity("states:StartSyncExecution", "arn:aws:states:eu-west-3:210987654321:stateMachine:quote")
        + "\nrole has states:StartExecution on that machine.",
        "identity.no-action",
        "names states:StartExecution, not states:StartSyncExecution",
    ),
    "a list of all databases, and a statement on some": (
        no_identity("rds:DescribeDBInstances", "arn:aws:rds:us-east-1:210987654321:db:*")
        + "\n"
        + policy(allow("rds:DescribeDBInstances", "arn:aws:rds:*:*:db:shop-*")),
        "identity.resource-mismatch",
        "A call that lists resources needs a statement with Resource *",
    ),
    "tags that do not exist yet": (
        "Error: creating KMS Key: "
        + no_identity("kms:TagResource", "*")
        + "\n"
        + policy(allow("kms:TagResource", "*", Condition={"StringEquals": {"aws:ResourceTag/team": "blue"}})),
        "identity.condition-unmet",
        "what is just created has no tags yet",
    ),
    "tags that the text shows as none": (
        no_identity("ecr:PutImage", "arn:aws:ecr:us-east-1:210987654321:repository/app")
        + '\n{ "tags": [] }\n'
        + policy(allow("ecr:PutImage", "*", Condition={"StringEquals": {"aws:ResourceTag/team": "blue"}})),
        "identity.condition-unmet",
        'the resource has no such tag: the text shows "tags": []',
    ),
    "a condition for creation, and an existing volume": (
        "we change the tags of an existing volume\n"
        + no_identity("ec2:CreateTags", "arn:aws:ec2:eu-west-1:210987654321:volume/vol-1")
        + '\nstatement {\n  actions = ["ec2:CreateTags"]\n  resources = ["*"]\n  condition { test = "StringEquals"  '
        'variable = "ec2:CreateAction"\n values = ["CreateVolume"] }\n}',
        "identity.condition-unmet",
        "no call creates it",
    ),
    "two slashes": (
        "The function gets AccessDenied on ssm:PutParameter. Its policy: "
        + policy(allow("ssm:PutParameter", "arn:aws:ssm:eu-west-1:210987654321:parameter//ci/ami")),
        "identity.resource-mismatch",
        "Write arn:aws:ssm:eu-west-1:210987654321:parameter/ci/ami.",
    ),
    "two slashes, in an element alone": (
        no_identity("ssm:GetParameter", "arn:aws:ssm:eu-west-1:210987654321:parameter/a/b")
        + "\nResource: arn:aws:ssm:eu-west-1:210987654321:parameter//a/*",
        "identity.resource-mismatch",
        "parameter, so it matches no parameter and not arn:aws:ssm:eu-west-1:210987654321:parameter/a/b. Write",
    ),
    "a secret's name, in another Region": (
        "aws secretsmanager get-secret-value --secret-id app/db --region eu-west-1\n"
        + no_identity("secretsmanager:GetSecretValue", "app/db")
        + "\n"
        + policy(
            allow(
                "secretsmanager:GetSecretValue",
                "arn:aws:secretsmanager:eu-central-1:210987654321:secret:app/db-Ab3dEf",
            )
        ),
        "identity.resource-mismatch",
        "Compare eu-central-1 with eu-west-1",
    ),
    "a secret's name, in another Region than the shell's": (
        "PS C:\\> Get-DefaultAWSRegion\nRegion    Name     IsShellDefault\n------    ----     --------------\n"
        "us-east-1 Virginia True\n\n"
        + no_identity("secretsmanager:GetSecretValue", "app/db")
        + "\n"
        + policy(
            allow(
                "secretsmanager:GetSecretValue",
                "arn:aws:secretsmanager:eu-central-1:210987654321:secret:app/db-??????",
            )
        ),
        "identity.resource-mismatch",
        "Compare eu-central-1 with us-east-1",
    ),
    "two slashes, by a setting of the Serverless Framework": (
        no_identity("ssm:GetParameter", "arn:aws:ssm:eu-west-1:210987654321:parameter/a/b")
        + "\n\n  - Effect: Allow\n    Action: [ssm:GetParameter, ssm:GetParameters]\n"
        '    Resource: !Sub "arn:aws:ssm:${AWS::Region}:${AWS::AccountId}:parameter/${self:custom.key}"\n'
        "  custom:\n    key: /a/b\n",
        "identity.resource-mismatch",
        "Write arn:aws:ssm:${AWS::Region}:${AWS::AccountId}:parameter/a/b.",
    ),
    "a policy on the line below the words for it": (
        no_identity("states:StartExecution", "arn:aws:states:eu-west-1:210987654321:stateMachine:intake")
        + "\n\nour policy has\n   states:StartExecution on arn:aws:states:eu-west-1:210987654321:execution:intake:*\n",
        "identity.resource-mismatch",
        "execution:intake:*, not arn:aws:states:eu-west-1:210987654321:stateMachine:intake",
    ),
    "actions that another role was given": (
        "arn:aws:sts::210987654321:assumed-role/importer/x works. I gave importer sqs:* on * yesterday\n"
        + no_identity("sqs:SendMessage", QUEUE),
        "identity.no-action",
        "is attached to importer, not to exporter",
    ),
    "a prefix that begins like another": (
        no_identity("s3vectors:CreateIndex", "arn:aws:s3vectors:us-east-1:210987654321:bucket/kb")
        + '\npermission set: "Action": ["s3:*", "sagemaker:*"], "Resource": "*"',
        "identity.no-action",
        "s3:* does not cover it, because s3vectors is a separate prefix",
    ),
    "a service-linked role without its path": (
        no_identity("iam:GetRole", "role AWSServiceRoleForLakeFormationDataAccess")
        + "\n"
        + policy(allow("iam:GetRole", LINKED)),
        "identity.resource-mismatch",
        "without the path of a service-linked role",
    ),
    "names of calls": (
        no_identity("s3:ListBucket", BUCKET) + "\n" + policy(allow(["s3:ListObjectsV2", "s3:HeadObject"], "*")),
        "identity.no-action",
        "s3:ListObjectsV2 and s3:HeadObject are not IAM actions",
    ),
    "a tag of the caller that the text does not show": (
        no_identity("ecr:PutImage", "arn:aws:ecr:us-east-1:210987654321:repository/app")
        + "\n"
        + policy(
            allow("ecr:PutImage", "*")
            | {"Condition": {"StringEquals": {"aws:ResourceTag/repo": "${aws:PrincipalTag/repo}"}}}
        ),
        "identity.unresolved-variable",
        "whose value the text does not show",
    ),
    "another bucket": (
        no_identity("s3:PutObject", f"{BUCKET}/a.csv")
        + "\n"
        + policy(allow("s3:Put*", "arn:aws:s3:::north-ledgers/*")),
        "identity.resource-mismatch",
        "arn:aws:s3:::north-ledgers/*",
    ),
    "another partition": (
        no_identity("s3:ListBucket", "arn:aws-cn:s3:::m", "arn:aws-cn:iam::123412341234:user/r")
        + "\n"
        + policy(allow("s3:ListBucket", "arn:aws:s3:::m")),
        "identity.resource-mismatch",
        "write arn:aws-cn:",
    ),
    "NotAction": (
        no_identity("iam:GetRole", "arn:aws:iam::210987654321:role/x")
        + '\npolicy: {"Effect":"Allow","NotAction":["iam:*"],"Resource":"*"}',
        "identity.no-action",
        "allows everything except iam:*",
    ),
    "another tag key": (
        "aws sqs create-queue --queue-name q --tags team=rates\n"
        + no_identity("sqs:CreateQueue", "arn:aws:sqs:eu-west-1:210987654321:q")
        + "\n"
        + policy(allow("sqs:*", "*", Condition={"StringLike": {"aws:RequestTag/Team-Name": "?*"}})),
        "identity.condition-unmet",
        "aws:RequestTag/team",
    ),
    "the ID of a deleted user": (
        refused(
            "s3:GetObject",
            f"{BUCKET}/x",
            "because no resource-based policy allows the s3:GetObject action",
            "arn:aws:iam::333344445555:user/nightly",
        )
        + "\n"
        + policy(allow("s3:GetObject", f"{BUCKET}/*", Principal={"AWS": "AIDAQ3EGRIEXAMPLE1"})),
        "resource.orphan-principal",
        "write its ARN into the policy again",
    ),
    "an action without resources": (
        "User: arn:aws:sts::210987654321:assumed-role/r/s is not authorized to perform: ec2:DescribeVpcs because no "
        "identity-based policy allows the ec2:DescribeVpcs action\nstatement = [ "
        + json.dumps(allow("ec2:Describe*", "arn:aws:ec2:*:*:vpc/*"))
        + ",\n]",
        "identity.resource-mismatch",
        "its statement needs Resource *",
    ),
    "a key policy beside a secret": (
        "An error occurred (AccessDeniedException) when calling the GetSecretValue operation: Access to KMS is not "
        "allowed\ncaller: arn:aws:sts::333344445555:assumed-role/sync/s\n"
        "KmsKeyId arn:aws:kms:eu-central-1:210987654321:key/77aa10de-5b6c-4f0e-8a01-2f3e4d5c6b7a\nkey policy: "
        + policy(allow("kms:*", "*", Principal={"AWS": "arn:aws:iam::210987654321:root"})),
        "resource.principal-mismatch",
        "kms:Decrypt",
    ),
    "conditions of a trust policy alone": (
        "aws sts assume-role-with-web-identity --role-arn arn:aws:iam::210987654321:role/infra --role-session-name j\n"
        "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to "
        "perform sts:AssumeRoleWithWebIdentity\n"
        '{"iss":"https://git.example","aud":"https://git.example","sub":"project_path:a/b:ref_type:tag:ref:v1"}\n'
        '"Condition":{"StringLike":{"git.example:sub":"project_path:a/b:ref_type:branch:*"}}',
        "trust.condition-unmet",
        "ref_type:tag",
    ),
    "a role of a permission set without its path": (
        "User: arn:aws:sts::210987654321:assumed-role/AWSReservedSSO_NetOps_71ee02c4d8ab9f13/liv is not authorized to "
        "perform: sts:AssumeRole on resource: arn:aws:iam::333344445555:role/dns-writer\ntrust policy of dns-writer: "
        + policy(
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::210987654321:root"},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::210987654321:role/AWSReservedSSO_NetOps_*"}
                },
            }
        ),
        "trust.condition-unmet",
        "the role has a path, which the condition leaves out",
    ),
    "as get-role-policy prints it": (
        no_identity("sns:Publish", "arn:aws:sns:eu-west-1:210987654321:alerts")
        + "\n"
        + json.dumps({"RoleName": "exporter", "PolicyDocument": {"Statement": allow("sns:Subscribe", "*")}}),
        "identity.no-action",
        "sns:Subscribe",
    ),
    "as get-bucket-policy prints it": (
        refused("s3:GetObject", f"{BUCKET}/x", "because no resource-based policy allows the s3:GetObject action")
        + "\n"
        + json.dumps(
            {"Policy": policy(allow("s3:GetObject", f"{BUCKET}/*", Principal={"AWS": "arn:aws:iam::1:root"}))}
        ),
        "resource.principal-mismatch",
        "arn:aws:iam::1:root",
    ),
}


@pytest.mark.parametrize(("text", "cause", "said"), LACKING.values(), ids=LACKING)
def test_the_statement_at_fault_is_likely_the_cause(text: str, cause: str, said: str) -> None:
    diagnosis = diagnosed(text)
    assert diagnosis.verdict.cause == cause
    assert diagnosis.verdict.confidence is Confidence.LIKELY
    assert said in diagnosis.verdict.summary
    assert diagnosis.first_look == ()


def test_what_an_allow_lacks_says_nothing_of_an_explicit_deny() -> None:
    reason = "with an explicit deny in a service control policy"
    answer = diagnosed(f"{refused('inspector2:ListFindings', '*', reason)}\nexporter has inspector2:Get*")
    assert answer.verdict.cause == "scp.explicit-deny"
    assert "inspector2:Get*" not in answer.verdict.summary
    assert not answer.fixes


VPCE = {
    "Sid": "OnlyEndpoint",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": f"{BUCKET}/*",
    "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}},
}


def test_what_a_text_shows_of_a_key_that_a_deny_asks_for_is_not_claimed() -> None:
    text = refused("s3:GetObject", f"{BUCKET}/x", "with an explicit deny in a resource-based policy")
    diagnosis = diagnosed(f"{text}\n{policy(VPCE)}")
    assert diagnosis.verdict.cause == "resource.explicit-deny"
    assert "OnlyEndpoint" in diagnosis.verdict.summary
    assert diagnosis.verdict.summary.endswith("where aws:SourceVpce is not vpce-1, or is missing.")
    assert next(step for step in diagnosis.steps if step.id == PASTED).status is Status.UNKNOWN


def test_members_of_a_statement_without_its_braces_are_read_as_the_refusal_says() -> None:
    function = "arn:aws:lambda:eu-west-1:210987654321:function:f"
    text = refused("lambda:CreateFunction", function, "with an explicit deny in a service control policy")
    members = (
        '"Resource": ["arn:${PARTITION}:lambda:*:*:function:${PREFIX}*"],\n'
        '"Condition": {"ArnNotLike": {"aws:PrincipalARN": ["arn:aws:iam::*:role/Accelerator*"]}}'
    )
    diagnosis = diagnosed(f"{text}\n{members}")
    assert "aws:PrincipalARN does not match arn:aws:iam::*:role/Accelerator*" in diagnosis.verdict.summary
    assert diagnosis.verdict.cause == "scp.explicit-deny"


def test_a_document_that_the_text_calls_a_boundary_is_one() -> None:
    text = refused("s3:GetObject", f"{BUCKET}/x", "because no permissions boundary allows the s3:GetObject action")
    document = policy(allow("s3:GetObject", "arn:aws:s3:::other/*"))
    assert diagnosed(f"{text}\nthe boundary: {document}").verdict.cause == "boundary.resource-mismatch"


def test_a_path_that_the_session_does_not_show_is_unknown() -> None:
    spared = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/ops/*"}}
    text = refused("s3:GetObject", f"{BUCKET}/x", "with an explicit deny in a service control policy")
    deny = {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": spared}
    step = next(step for step in diagnosed(f"{text}\n{policy(deny)}").steps if step.id == PASTED)
    assert step.status is Status.UNKNOWN
    assert "aws:PrincipalArn does not match" in step.summary


def test_where_nothing_allows_it_no_deny_is_named() -> None:
    diagnosis = diagnosed(no_identity("s3:GetObject", f"{BUCKET}/x") + "\n" + policy(VPCE))
    assert "OnlyEndpoint" not in diagnosis.verdict.summary
    assert all(step.id != PASTED or step.status is not Status.FAIL for step in diagnosis.steps)


@pytest.mark.parametrize("resource", [{"Fn::Sub": "${Bucket.Arn}/*"}, "arn:aws:s3:::<bucket>/*"])
def test_a_placeholder_may_fit(resource: Any) -> None:
    text = no_identity("s3:GetObject", f"{BUCKET}/x") + policy(allow("s3:GetObject", resource))
    step = next(each for each in diagnosed(text).steps if each.id == PASTED)
    assert step.summary in [
        f"Statement 1 names s3:GetObject on {each}/*" for each in ("${Bucket.Arn}", "arn:aws:s3:::<bucket>")
    ]


def test_a_policy_that_would_allow_it_is_no_cause() -> None:
    diagnosis = diagnosed(no_identity("s3:GetObject", f"{BUCKET}/x") + "\n" + policy(allow("s3:Get*", f"{BUCKET}/*")))
    step = next(step for step in diagnosis.steps if step.id == PASTED)
    assert step.status is Status.PASS
    assert step.summary == "It names s3:GetObject"
    assert diagnosis.verdict.cause == "identity.no-action"
    assert "Find out first whether exporter has that policy" in diagnosis.verdict.summary
    assert "attached to this caller" not in str(diagnosis.first_look)


TOPIC = "arn:aws:sns:eu-west-1:210987654321:alerts"
SAYS_NOTHING = {
    "the bucket's policy that is being written": refused(
        "s3:PutBucketPolicy",
        BUCKET,
        "because public policies are blocked by the BlockPublicPolicy block public access setting",
    )
    + f"\n{policy({'Effect': 'Deny', 'Principal': '*', 'Action': 's3:*', 'Resource': '*'})}",
    "both sides, where the key refuses": "An error occurred (AccessDeniedException) when calling the GetSecretValue "
    f"operation: Access to KMS is not allowed\ncaller {ROLE}\nresource policy on secret: Allow "
    "210987654321:role/exporter secretsmanager:GetSecretValue\n"
    "identity policy: Allow secretsmanager:GetSecretValue on it",
    "a condition of the topic's own policy": no_identity("sns:Publish", TOPIC)
    + "\ntopic policy: Allow sns:Publish, ArnLike aws:SourceArn arn:aws:s3:::drop",
    "a call that no permission allows": "An error occurred (AccessDeniedException) when calling the CreateFunction "
    "operation: Cross-account pass role is not allowed.\nI have iam:PassRole on * and lambda:* on *",
    "a call that needs a user's key": "An error occurred (AccessDenied) when calling the GetSessionToken operation: "
    "Cannot call GetSessionToken with session credentials\n" + policy(allow("sts:*", "*")),
    "a queue's policy where the key refuses": "publish to SQS topic alerts: "
    '"{\\"ErrorCode\\":\\"KMS.AccessDeniedException\\"}"\n'
    "queue policy: Allow sns.amazonaws.com sqs:SendMessage ArnEquals aws:SourceArn topic",
    "the document that was to be written": no_identity("iam:PutRolePolicy", "arn:aws:iam::210987654321:role/x")
    + policy(allow("s3:GetObject", "*")),
    "a trust policy beside a refused reading": refused("s3:GetObject", f"{BUCKET}/x", "")
    + policy({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}),
    "a bucket policy that need not allow": refused("s3:GetObject", f"{BUCKET}/x", "")
    + policy(allow("s3:GetObject", f"{BUCKET}/*", Principal={"AWS": "arn:aws:iam::210987654321:role/x"})),
    "an identity policy where the boundary refuses": refused(
        "s3:GetObject", f"{BUCKET}/x", "because no permissions boundary allows the s3:GetObject action"
    )
    + "\nmy identity policy: "
    + policy(allow("s3:GetObject", "arn:aws:s3:::other/*")),
    "a bucket policy where AWS names the identity's": no_identity("s3:GetObject", f"{BUCKET}/x")
    + policy(allow("s3:GetObject", f"{BUCKET}/*", Principal={"AWS": "arn:aws:iam::1:root"})),
    "a boundary and another policy": refused(
        "s3:GetObject", f"{BUCKET}/x", "because no permissions boundary allows the s3:GetObject action"
    )
    + policy(allow("s3:Get*", "*"))
    + policy(allow("ec2:*", "*")),
    "the record of another call": no_identity("s3:GetObject", f"{BUCKET}/x")
    + json.dumps(
        {"eventSource": "iam.amazonaws.com", "requestParameters": {"policyDocument": policy(allow("a:b", "*"))}}
    ),
    "a document that is cut in its second statement": no_identity("s3:PutObject", f"{BUCKET}/x")
    + '\n{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"},{"Effect":"Allow","Act',
    "a list of statements that is left out from its second one": no_identity("s3:PutObject", f"{BUCKET}/x")
    + '\n"Statement": [\n{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"},\n...',
    "a document that is cut": no_identity("s3:GetObject", f"{BUCKET}/x")
    + '\n{"Statement":[{"Effect":"Allow","Action":',
    "a bucket policy of another service": no_identity("sns:Publish", TOPIC) + policy(allow("s3:*", "*", Principal="*")),
    "a policy that is deployed for another": "Error: creating SNS Topic (x)\n"
    + no_identity("sns:CreateTopic", TOPIC)
    + policy(allow("s3:*", "*")),
    "another policy beside it": refused("sns:Publish", TOPIC, "")
    + "attached: arn:aws:iam::aws:policy/PowerUserAccess\n"
    + policy(allow("s3:*", "*")),
    "statements of a document that is cut": no_identity("sns:Publish", TOPIC)
    + '\n"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}, {"Eff',
    "a statement that may name it": no_identity("sns:Publish", TOPIC)
    + policy(allow("s3:*", "*"), {"Effect": "Deny", "Action": "<action>", "Resource": "*"}),
    "an unknown action": "Access Denied\n" + policy(allow("s3:Get*", "*")),
}


QUEUE = "arn:aws:sqs:eu-west-1:210987654321:jobs"
BALANCERS = "elasticloadbalancing:DescribeLoadBalancers"
TRUNCATED = (
    '{"Version": "2012-10-17", "Statement": [ {"Effect": "Allow", "Action": "sts:AssumeRole", '
    '"Resource": "arn:aws:iam::210987654321:role/cdk-*-us-east-1"}, {"Effect": "Allow",'
)
# Each: the text, the cause, what the verdict says; a word that begins with "-" is not said.
SAYS: dict[str, tuple[str, str, list[str]]] = {
    "no statement of the service": (
        no_identity("sns:Publish", TOPIC) + "\n" + policy(allow(["s3:*", "logs:Put*"], "*"), allow("sqs:*", QUEUE)),
        "identity.no-action",
        ["names only s3, logs and sqs, and no sns action"],
    ),
    "nor of STS": (
        no_identity("sts:AssumeRole", "arn:aws:iam::210987654321:role/x") + "\n" + policy(allow("s3:*", "*")),
        "identity.no-action",
        ["names only s3, and no sts action"],
    ),
    "a boundary without the service": (
        refused("sns:Publish", TOPIC, "because no permissions boundary allows the sns:Publish action")
        + "\n  AppBoundary:\n    Properties:\n      PolicyDocument:\n        Statement:\n"
        "          - Effect: Allow\n            Action: ['s3:*']\n            Resource: '*'\n",
        "boundary.no-action",
        ["The permissions boundary in the text names only s3, and no sns action"],
    ),
    "the prefix of an endpoint": (
        f"User: {ROLE} is not authorized to perform: {BALANCERS} because no identity-based policy allows the "
        f"{BALANCERS} action\n" + policy(allow(["elbv2:Describe*", "ec2:*"], "*")),
        "identity.no-action",
        ["elbv2:Describe*, but IAM has no such prefix: write elasticloadbalancing:Describe*"],
    ),
    "a short message": (
        "An error occurred (AccessDeniedException) when calling the Query operation: You are not authorized to "
        "perform: dynamodb:Query\n" + policy(allow("dynamodb:Scan", "*")),
        "identity.no-action",
        ["names dynamodb:Scan, not dynamodb:Query"],
    ),
    "a short message of S3": (
        "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied\n"
        + policy(allow("s3:PutObject", BUCKET)),
        "identity.resource-mismatch",
        ["the bucket without its objects", f"add {BUCKET}/*"],
    ),
    "a short message and a resource": (
        "An error occurred (AccessDeniedException) when calling the Query operation: You are not authorized to "
        "perform: dynamodb:Query\n" + policy(allow("dynamodb:Query", "arn:aws:dynamodb:eu-west-1:1:table/a")),
        "unreadable",
        ["dynamodb:Query was refused", "-arn:aws:dynamodb:eu-west-1:1:table/a"],
    ),
    "a policy that is cut": (
        no_identity("sts:AssumeRole", "arn:aws:iam::210987654321:role/cdk-x-eu-west-1") + f"\n{TRUNCATED}",
        "identity.resource-mismatch",
        ["role/cdk-*-us-east-1"],
    ),
    "a list below a heading": (
        no_identity("sqs:SendMessage", QUEUE) + "\n\nexporter policy:\n  sqs:ReceiveMessage, sqs:DeleteMessage on *\n",
        "identity.no-action",
        ["names sqs:DeleteMessage and sqs:ReceiveMessage, not sqs:SendMessage"],
    ),
    "a list below the heading of another's policy": (
        no_identity("sqs:SendMessage", QUEUE) + "\n\ntheir policy:\n  sqs:ReceiveMessage, sqs:DeleteMessage on *\n",
        "identity.no-action",
        ["-sqs:ReceiveMessage"],
    ),
    "a list of several lines, with the names of its statements": (
        no_identity("sqs:SendMessage", QUEUE)
        + "\n\nWhat the role has (checked in the console):\n  Read: sqs:ReceiveMessage on *\n"
        f"  Send: sqs:SendMessage -> {QUEUE}2\n",
        "identity.resource-mismatch",
        [f"names {QUEUE}2, not {QUEUE}"],
    ),
    "a list with a line that cannot be read": (
        no_identity("sqs:SendMessage", QUEUE) + "\n\nrole exporter:\n  s3:ListBucket on *\n  sqs:Foo, ...Bar on *\n",
        "identity.no-action",
        ["-names only s3"],
    ),
    "a list of what was refused": (
        no_identity("sqs:SendMessage", QUEUE) + "\n\nCalls of the role that fail:\n - sqs:ReceiveMessage on *\n",
        "identity.no-action",
        ["-sqs:ReceiveMessage"],
    ),
    "a statement of a page": (
        no_identity("sqs:SendMessage", QUEUE) + "\n\ndocs (AWS example):\n" + policy(allow("sqs:ReceiveMessage", "*")),
        "identity.no-action",
        ["-sqs:ReceiveMessage"],
    ),
    "a policy that is only proposed": (
        no_identity("sqs:SendMessage", QUEUE) + "\n\nShould I add this?\n" + policy(allow("sqs:ReceiveMessage", "*")),
        "identity.no-action",
        ["-sqs:ReceiveMessage"],
    ),
    "a heading that begins with the caller's name": (
        no_identity("sqs:SendMessage", QUEUE)
        + f"\n\nexporter: AWSLambdaBasicExecutionRole + inline:\n  sqs:SendMessage  {QUEUE}2\n",
        "identity.resource-mismatch",
        [f"names {QUEUE}2, not {QUEUE}"],
    ),
    "a heading that begins with another role's name": (
        no_identity("sqs:SendMessage", QUEUE)
        + "\narn:aws:iam::210987654321:role/web is fine\n\nweb: AWSLambdaBasicExecutionRole + inline:\n"
        "  sqs:SendMessage on *\n",
        "identity.no-action",
        ["is attached to web, not to exporter"],
    ),
    "the tags of a resource, in words": (
        no_identity("ec2:StopInstances", "arn:aws:ec2:eu-west-1:210987654321:instance/i-0f")
        + "\ntags of i-0f: owner=opz, env=dev\n"
        + policy(allow("ec2:StopInstances", "*", Condition={"StringEquals": {"ec2:ResourceTag/owner": "ops"}})),
        "identity.condition-unmet",
        ["needs ec2:ResourceTag/owner to be ops, and it is opz"],
    ),
    "a list in Portuguese": (
        no_identity("s3:PutObject", f"{BUCKET}/a") + f"\n\npolitica do exporter: s3:PutObject em {BUCKET}\n",
        "identity.resource-mismatch",
        ["the bucket without its objects"],
    ),
    "a role's list below that of its boundary": (
        refused("sns:Publish", TOPIC, "because no permissions boundary allows the sns:Publish action")
        + f"\n\nBoundary AppBoundary: s3:*, logs:* on *\nRole: sns:Publish on {TOPIC}\n",
        "boundary.no-action",
        ["The permissions boundary in the text names only s3 and logs, and no sns action"],
    ),
    "a proposal": (
        "current:\n"
        + policy(allow("sqs:SendMessage", f"{QUEUE}-old"))
        + "\n"
        + no_identity("sqs:SendMessage", QUEUE)
        + "\n\nanswer: try this instead\n"
        + policy(allow("sqs:SendMessage", f"{QUEUE}*")),
        "identity.resource-mismatch",
        [f"{QUEUE}-old"],
    ),
    "a quoted proposal": (
        f"> add\n> {policy(allow('sns:Publish', '*'))}\nnot done yet, mine is\n"
        + policy(allow("sqs:*", "*"))
        + "\n"
        + no_identity("sns:Publish", TOPIC),
        "identity.no-action",
        ["names only sqs, and no sns action"],
    ),
    "what a NotResource leaves out": (
        no_identity("s3:GetObject", f"{BUCKET}/a/b")
        + '\npolicy: {"Effect":"Allow","Action":"s3:*","NotResource":["'
        + f'{BUCKET}","{BUCKET}/*"]}}',
        "identity.resource-mismatch",
        ["another statement would have to allow it", "-without its objects", "-so add"],
    ),
    "a resource that is cut off": (
        f"User: {ROLE} is not authorized to perform: sqs:SendMessage on resource: "
        "arn:aws:sqs:eu-west-3:64091227\u2026\n"
        + policy(allow("sqs:SendMessage", "arn:aws:sqs:eu-west-3:640912275381:orders")),
        "unreadable",
        ["get the full message first", "allows sqs:SendMessage on arn:aws:sqs:eu-west-3:640912275381:orders"],
    ),
    "a policy that is said to be another role's": (
        f"{ROLE.replace('exporter', 'importer')} works\n{no_identity('sqs:SendMessage', QUEUE)}\n"
        + "importer policy attached below, looks correct??\n"
        + policy(allow("sqs:SendMessage", "*")),
        "identity.no-action",
        ["is attached to importer, not to exporter", "-has that policy"],
    ),
    "a policy that is said to be the caller's": (
        f"made by arn:aws:iam::210987654321:role/ops/maker\n{no_identity('sqs:SendMessage', QUEUE)}\n"
        + "this is attached to exporter since march:\n"
        + policy(allow("sqs:SendMessage", "*")),
        "identity.no-action",
        ["the text has a policy that names it, but no reason for the denial was recognized in that policy"],
    ),
    "a condition on the line below its statement": (
        no_identity("iam:CreateRole", "arn:aws:iam::210987654321:role/svc-a")
        + "\n\nexporter:\n  Allow iam:CreateRole, iam:PutRolePolicy  arn:aws:iam::*:role/svc-*\n"
        "     StringEquals iam:PermissionsBoundary = arn:aws:iam::210987654321:policy/team-boundary\n",
        "identity.condition-unknown",
        ["only where iam:PermissionsBoundary is arn:aws:iam::210987654321:policy/team-boundary"],
    ),
    "words below a statement": (
        no_identity("iam:CreateRole", "arn:aws:iam::210987654321:role/svc-a")
        + "\n\nexporter:\n  Allow iam:CreateRole, iam:PutRolePolicy  arn:aws:iam::*:role/svc-*\n"
        "     with iam:PermissionsBoundary it worked in dev\n",
        "identity.no-action",
        ["exporter allowed iam:CreateRole, and the text has a policy that names it"],
    ),
    "a Resource alone": (
        '"Resource": "arn:aws:secretsmanager:us-west-2:210987654321:secret:prod/db-??????"    <-- from the docs\n\n'
        + no_identity(
            "secretsmanager:GetSecretValue",
            "arn:aws:secretsmanager:us-west-2:210987654321:secret:prod/db-readonly-Jm4TsV",
        ),
        "identity.resource-mismatch",
        ["names arn:aws:secretsmanager:us-west-2:210987654321:secret:prod/db-??????, not"],
    ),
    "a condition in JSON behind a statement in words": (
        "aws sqs tag-queue --queue-url q --tags costcenter=K17\n"
        + no_identity("sqs:SendMessage", QUEUE)
        + '\npolicy: Allow sqs:SendMessage on * Condition {"StringEquals":{"aws:SourceVpce":"vpce-1"}}',
        "identity.condition-unknown",
        ["only where aws:SourceVpce is vpce-1"],
    ),
    "several conditions below a statement, the second without its operator": (
        "$ aws ec2 create-volume --size 200 --tag-specifications 'ResourceType=volume,Tags=[{Key=Env,Value=dev}]'\n"
        + no_identity("ec2:CreateVolume", "arn:aws:ec2:eu-west-1:210987654321:volume/*")
        + "\n\npolicy exporter\n Allow ec2:CreateVolume  arn:aws:ec2:*:*:volume/*\n"
        "   StringEquals  aws:RequestTag/Env : dev\n"
        '                 ec2:AvailabilityZone : ["eu-west-1a", "eu-west-1b"]\n'
        '   NumericLessThanEquals ec2:VolumeSize : "100"\n',
        "identity.condition-unmet",
        ["needs ec2:VolumeSize to be at most 100, and it is 200"],
    ),
    "a table": (
        f"| 1 | Allow | sqs:SendMessage | {QUEUE}s |\n| 2 | Allow | sqs:ReceiveMessage | {QUEUE} |\n\n"
        + no_identity("sqs:SendMessage", QUEUE),
        "identity.resource-mismatch",
        [f"statement 1 names {QUEUE}s, not {QUEUE}"],
    ),
    "a condition in words in YAML, and letter case": (
        "Action: ssm:StartSession\nEffect: Allow\nResource: '*'\nCondition: StringEquals aws:ResourceTag/Team = dba\n\n"
        + no_identity("ssm:StartSession", "arn:aws:ec2:eu-west-1:210987654321:instance/i-0ff00aa11bb22cc33")
        + "\ninstance tags: Name=db-3, Team=DBA",
        "identity.condition-unmet",
        ["needs aws:ResourceTag/Team to be dba, and it is DBA: letter case matters"],
    ),
    "a policy behind a question": (
        no_identity("s3:PutObject", f"{BUCKET}/db/full.tar")
        + f"\nsmall files work?? policy: Allow s3:PutObject {BUCKET}/files/*  + s3:CreateMultipartUpload on *",
        "identity.resource-mismatch",
        [f"names {BUCKET}/files/*, not {BUCKET}/db/full.tar"],
    ),
    "a policy on another role, which the text has nowhere else": (
        no_identity("sqs:SendMessage", QUEUE) + f"\nthe policy on web-green:\n{policy(allow('sqs:SendMessage', '*'))}",
        "identity.no-action",
        ["is attached to web-green, not to exporter"],
    ),
    "a list that is said to be attached to another role": (
        no_identity("sqs:SendMessage", QUEUE)
        + f"\nhere is what I attached to pod-checkout:\nAllow sqs:SendMessage, sqs:GetQueueUrl on {QUEUE}",
        "identity.no-action",
        ["is attached to pod-checkout, not to exporter"],
    ),
    "an object that may not exist, and a policy on the last line": (
        "An error occurred (403) when calling the HeadObject operation: Forbidden\n"
        f"  aws s3 cp s3://north-ledger/a.csv .\npolicy of the role: Allow s3:GetObject on {BUCKET}/*",
        "unreadable",
        ["Check first whether the object exists", "-is missing", "-has that policy"],
    ),
    "a list of what an organizational unit may": (
        f"attached to OU Workloads\n{policy(allow(['ec2:*', 's3:*'], '*'))}\n"
        + refused("sqs:SendMessage", QUEUE, "because no service control policy allows the sqs:SendMessage action"),
        "scp.no-action",
        ["The SCP in the text names only ec2 and s3, and no sqs action"],
    ),
    "an object that may not exist": (
        "An error occurred (403) when calling the HeadObject operation: Forbidden\n"
        f"  aws s3 cp s3://north-ledger/a.csv .\npolicy: Allow s3:GetObject on {BUCKET}/*  ; "
        "we tried adding s3:HeadObject, console says invalid action",
        "unreadable",
        ["Check first whether the object exists", "no statement allows s3:ListBucket", "-has that policy"],
    ),
    "a quoted policy alone": (
        no_identity("sns:Publish", TOPIC) + f"\n> {policy(allow('sns:Subscribe', '*'))}",
        "identity.no-action",
        ["names sns:Subscribe, not sns:Publish"],
    ),
}


@pytest.mark.parametrize(("text", "cause", "says"), SAYS.values(), ids=SAYS)
def test_a_policy_that_lacks_it_is_named(text: str, cause: str, says: list[str]) -> None:
    verdict = diagnosed(text).verdict
    assert verdict.cause == cause
    for words in says:
        assert (words.removeprefix("-") in verdict.summary) is not words.startswith("-"), verdict.summary


def test_a_policy_is_held_against_each_failure_of_the_text() -> None:
    text = "\n".join([no_identity("sns:Publish", TOPIC), no_identity("sqs:SendMessage", QUEUE)])
    found = [
        collect_offline(each) for each in read_text(f"{text}\n{policy(allow(['sns:Subscribe', 'sqs:Get*'], '*'))}")
    ]
    assert ["names sns:Subscribe" in found[0].verdict.summary, "names sqs:Get*" in found[1].verdict.summary] == [
        True
    ] * 2


def test_a_policy_beside_two_callers_is_nobodys() -> None:
    other = "arn:aws:sts::210987654321:assumed-role/other/s"
    text = "\n".join([no_identity("sns:Publish", TOPIC), no_identity("sns:Publish", TOPIC, other)])
    for failure in read_text(f"{text}\n{policy(allow('s3:*', '*'))}"):
        assert all(step.id != PASTED for step in collect_offline(failure).steps)


def test_a_quoted_denial_of_another_is_not_explained_beside_ones_own() -> None:
    quoted = no_identity("sns:Publish", TOPIC, "arn:aws:sts::111122223333:assumed-role/theirs/s")
    mine = no_identity("sqs:SendMessage", QUEUE)
    found = read_text(f"> I had this. {quoted}\n\nmine:\n\n{mine}\n{policy(allow('sqs:Get*', '*'))}")
    assert [each.principal for each in found if isinstance(each, Denial)] == [ROLE]
    assert "names sqs:Get*" in collect_offline(found[0]).verdict.summary


@pytest.mark.parametrize(("key", "count"), [("x", 1), ("y", 2)])
def test_a_head_is_one_event_with_the_full_sentence_on_the_same_object(key: str, count: int) -> None:
    bare = "fatal error: An error occurred (403) when calling the HeadObject operation: Forbidden"
    text = f"$ aws s3 cp s3://north-ledger/{key} .\n{bare}\n\n{no_identity('s3:GetObject', f'{BUCKET}/x')}"
    assert len(read_text(text)) == count


@pytest.mark.parametrize("text", SAYS_NOTHING.values(), ids=SAYS_NOTHING)
def test_what_cannot_be_judged_is_not(text: str) -> None:
    assert all(step.id != PASTED for step in diagnosed(text).steps)


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
@pytest.mark.parametrize(
    ("line", "action"),
    [
        ("Failed to read s3a://north-ledger/2026/a.parquet: Access Denied (Status Code: 403)", "s3:GetObject"),
        ('Access Denied while fetching "s3://north-ledger/2026/a.parquet"', "s3:GetObject"),
        ("AccessDenied: getFileStatus on s3a://north-ledger/2026/a.parquet: Forbidden", "s3:GetObject"),
        ("Access Denied: read 3 rows, failed writing to s3n://north-ledger/2026/a.parquet (403)", "s3:PutObject"),
        ("Access Denied: cannot open s3://north-ledger/2026/a.parquet for writing", "s3:PutObject"),
    ],
)
def test_what_was_refused_of_an_address_is_compared_with_the_policy(line: str, action: str, partition: str) -> None:
    """An address names no partition: the policy's own is the one that is meant."""
    allowed = policy(allow(action, f"arn:{partition}:s3:::north-ledger/2026/*"))
    assert f"It names {action}" in [step.summary for step in diagnosed(f"{line}\n{allowed}").steps]
    elsewhere = policy(allow(action, f"arn:{partition}:s3:::north-ledger/2025/*"))
    assert diagnosed(f"{line}\n{elsewhere}").verdict.cause == "identity.resource-mismatch"


@pytest.mark.parametrize(("operator", "subject"), [("StringEquals", "repo:acme/*"), ("StringEqualsIgnoreCase", "re?o")])
def test_a_wildcard_under_an_operator_that_takes_it_letter_by_letter_is_the_cause(operator: str, subject: str) -> None:
    block = {"Condition": {operator: {"token.actions.githubusercontent.com:sub": subject}}}
    refused = "Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity"
    diagnosis = diagnosed(f"{refused}\n{json.dumps(block)}")
    assert diagnosis.verdict.cause == "trust.condition-unmet"
    assert f"by {operator}, which takes * and ? literally: StringLike" in diagnosis.verdict.summary


def test_a_condition_whose_value_is_unknown_leaves_the_usual_causes() -> None:
    block = {"Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:acme/*"}}}
    refused = "Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity"
    diagnosis = diagnosed(f"{refused}\n{json.dumps(block)}")
    step = next(each for each in diagnosis.steps if each.id == PASTED)
    assert (diagnosis.verdict.cause, step.status) == ("trust.condition-unknown", Status.UNKNOWN)
    assert diagnosis.first_look


def test_a_key_policy_beside_what_writes_lacks_the_action_that_writes() -> None:
    key = "arn:aws:kms:eu-west-2:111122223333:key/7f10de9c-5b6c-4f0e-8a01-2f3e4d5c6b7a"
    granted = policy(allow("kms:Decrypt", "*", Principal={"AWS": "arn:aws:iam::111122223333:root"}))
    caller = "arn:aws:sts::444455556666:assumed-role/sync/s"
    text = f"{refused('sqs:SendMessage', 'arn:aws:sqs:eu-west-2:111122223333:q', '', caller)}\nKMS key {key}\n"
    assert "kms:GenerateDataKey" in diagnosed(f"{text}key policy: {granted}").verdict.summary


def test_a_fix_of_a_resources_policy_names_the_principal() -> None:
    text = (
        "User: arn:aws:sts::111122223333:assumed-role/linker/s is not authorized to perform: kms:GenerateDataKey on "
        "resource: arn:aws:kms:eu-west-2:111122223333:key/7f10 because no resource-based policy allows the "
        "kms:GenerateDataKey action\n\nkey policy:\n"
        '{"Statement": [{"Sid": "Admin", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, '
        '"Action": ["kms:Create*", "kms:Put*"], "Resource": "*"}]}'
    )
    (fix,) = collect_offline(read_text(text)[0]).fixes
    assert '"Principal": {"AWS": "arn:aws:iam::111122223333:role/linker"}' in fix.text
    assert '"Resource": "*"' in fix.text and "path" in fix.text


def test_a_fix_of_a_repositorys_policy_names_no_resource() -> None:
    repository = "arn:aws:ecr:us-east-2:866120974433:repository/base"
    text = refused(
        "ecr:BatchGetImage", repository, "because no resource-based policy allows the ecr:BatchGetImage action"
    )
    (fix, *_) = diagnosed(f"{text}\n{policy(allow('ecr:*', '*'))}").fixes
    assert '"Action": "ecr:BatchGetImage"}' in str(fix.change)


def test_a_secret_by_name_is_allowed_in_the_region_of_the_policy_only() -> None:
    arn = "arn:aws:secretsmanager:eu-central-1:210987654321:secret:app/db-??????"
    text = no_identity("secretsmanager:GetSecretValue", "app/db")
    found = diagnosed(f"{text}\n{policy(allow('secretsmanager:GetSecretValue', arn))}").verdict.summary
    assert (
        "allows secretsmanager:GetSecretValue in eu-central-1 only. Check that the call is made in that Region" in found
    )
    assert "has that policy" not in found


def test_whose_a_policy_is_that_covers_the_call_is_asked() -> None:
    text = f"{no_identity('dynamodb:PutItem', TABLE)}\nthe role has dynamodb:* on everything"
    summary = diagnosed(text).verdict.summary
    assert "Find out first whether exporter has that policy" in summary
    assert "names another resource" not in summary


def test_a_statement_for_the_caller_keeps_the_condition_of_the_one_for_another() -> None:
    role, other = "arn:aws:iam::210987654321:role/snow", "arn:aws:iam::866120974433:user/old"
    shown = allow("sts:AssumeRole", "*", Principal={"AWS": other}, Condition={"StringEquals": {"sts:ExternalId": "x"}})
    (fix, *_) = diagnosed(f"{refused('sts:AssumeRole', role, '')}\n{policy(shown)}").fixes
    assert '"Condition": {"StringEquals": {"sts:ExternalId": "x"}}' in str(fix.change)


def test_a_model_beside_an_inference_profile_is_allowed_in_every_region() -> None:
    model, profile = "foundation-model/anthropic.claude-x-v1:0", "inference-profile/us.anthropic.claude-x-v1:0"
    named = [f"arn:aws:bedrock:us-east-1::{model}", f"arn:aws:bedrock:us-east-1:210987654321:{profile}"]
    text = no_identity("bedrock:InvokeModel", f"arn:aws:bedrock:us-west-2::{model}")
    found = diagnosed(f"{text}\n{policy(allow('bedrock:InvokeModel', named))}")
    assert f"arn:aws:bedrock:*::{model}" in str(found.fixes[0].change)
    alone = diagnosed(f"{text}\n{policy(allow('bedrock:InvokeModel', named[:1]))}")
    assert "Find out which Region is correct" in alone.fixes[0].title


MEANT = {
    "an organization": ("aws:PrincipalOrgID", "o-a1b2c3d4e5", "our organization is o-z9y8x7w6v5", "o-z9y8x7w6v5"),
    "an endpoint": ("aws:SourceVpce", "vpce-0a1b2c3d", "the new endpoint is vpce-0ffeedda", "vpce-0ffeedda"),
    "an old one": ("aws:SourceVpce", "vpce-0a1b2c3d", "the old endpoint vpce-0ffeedda is gone", ""),
    "the same": ("aws:SourceVpce", "vpce-0a1b2c3d", "vpce-0a1b2c3d is in the route table", ""),
    "two others": ("aws:PrincipalOrgID", "o-a1b2c3d4e5", "o-z9y8x7w6v5 and o-q1w2e3r4t5", ""),
}


@pytest.mark.parametrize("name", MEANT)
def test_an_id_that_the_text_names_beside_the_policy_is_the_request_s(name: str) -> None:
    key, wanted, said, had = MEANT[name]
    condition = {"StringEquals": {key: wanted}}
    text = refused(
        "s3:GetObject", "arn:aws:s3:::shared/a", "because no resource-based policy allows the s3:GetObject action"
    )
    shown = policy(allow("s3:GetObject", "arn:aws:s3:::shared/*", Principal="*", Condition=condition))
    found = diagnosed(f"{text}\nbucket policy: {shown}\n{said}")
    assert (f"and it is {had}" in found.verdict.summary) is bool(had)
    assert (f"Let statement 1 accept {had}," in str([fix.title for fix in found.fixes])) is bool(had)


def test_a_call_that_was_checked_on_everything_needs_a_statement_on_everything() -> None:
    text = no_identity("ecs:RegisterTaskDefinition", "*")
    service = "arn:aws:ecs:eu-west-1:210987654321:service/prod/*"
    found = diagnosed(f"{text}\n{policy(allow(['ecs:RegisterTaskDefinition', 'ecs:UpdateService'], service))}")
    assert "Only a statement with Resource * matches this call" in found.verdict.summary
    wide = diagnosed(f"{text}\n{policy(allow('ecs:*', '*'))}")
    assert "Only a statement with Resource *" not in wide.verdict.summary


OF_SESSION = policy(allow(["ecr:BatchCheckLayerAvailability", "ecr:PutImage"], "*"))
PUSH = refused(
    "ecr:InitiateLayerUpload",
    "arn:aws:ecr:eu-west-1:210987654321:repository/web",
    "because no session policy allows the ecr:InitiateLayerUpload action",
)
ASSUMES = "aws sts assume-role --role-arn arn:aws:iam::210987654321:role/exporter --role-session-name job-18"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"{ASSUMES} --policy file://scope.json\n{PUSH}\n$ cat scope.json\n{OF_SESSION}", "scope.json, "),
        (f"{ASSUMES} \\\n  --policy file://./iam/scope.json\n{PUSH}\nscope.json:\n{OF_SESSION}", "scope.json, "),
        (
            f'sts.assume_role(RoleArn=A, Policy=open("tenant.json"))\n{PUSH}\ntenant.json\n```\n{OF_SESSION}\n```',
            "tenant.json, ",
        ),
        (
            f"aws-actions/configure-aws-credentials@v4\nwith:\n  inline-session-policy: |\n    {OF_SESSION}\n{PUSH}",
            "inline-session-policy of the workflow, ",
        ),
    ],
)
def test_the_session_policy_of_the_own_call_or_workflow_is_the_place_to_change(text: str, place: str) -> None:
    answer = diagnosed(text)
    change: Any = answer.fixes[0].change
    assert answer.verdict.summary.startswith("The session policy in the text does not allow ecr:InitiateLayerUpload")
    assert change.target.startswith(place)
    assert "Also add ecr:UploadLayerPart, ecr:CompleteLayerUpload and ecr:BatchGetImage" in change.text


IN_PYTHON = (
    'policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ecr:PutImage", '
    '"Resource": f"arn:aws:ecr:eu-west-1:{account}:repository/*"}]}\n'
    'creds = sts.assume_role(RoleArn=role, RoleSessionName="job-18", Policy=json.dumps(policy))\n'
)


def test_a_policy_that_a_variable_passes_to_sts_is_the_session_s() -> None:
    answer = diagnosed(f"{IN_PYTHON}{PUSH}")
    assert answer.verdict.summary.startswith("The session policy in the text does not allow ecr:InitiateLayerUpload")


@pytest.mark.parametrize(
    "before",
    [
        "aws iam put-role-policy --role-name exporter --policy-document file://scope.json",
        f"{ASSUMES} --policy file://other.json",
    ],
)
def test_a_file_that_no_call_of_sts_takes_is_no_session_policy(before: str) -> None:
    answer = diagnosed(f"{before}\n{PUSH}\n$ cat scope.json\n{OF_SESSION}")
    assert not answer.fixes and "in the text" not in answer.verdict.summary


IN_YAML = """
deployer policy:
  - Effect: Allow
    Action: [iam:CreateRole, iam:PutRolePolicy]
    Resource: arn:aws:iam::210987654321:role/app/*
    Condition: {StringEquals: {"iam:PermissionsBoundary": "arn:aws:iam::210987654321:policy/edge"}}"""
DEPLOYS = no_identity(
    "iam:CreateRole",
    "arn:aws:iam::210987654321:role/app/loader",
    "arn:aws:sts::210987654321:assumed-role/deployer/AWSCloudFormation",
)


@pytest.mark.parametrize("end", ["", "\n", "\n\nwhat else?"])
@pytest.mark.parametrize("before", ["Resource handler returned message: ", ""])
def test_the_deployer_s_policy_in_yaml_is_read_to_its_end(before: str, end: str) -> None:
    """A policy that the text says is the caller's is not one of those that the deployment creates."""
    answer = diagnosed(f"{before}{DEPLOYS}\n{IN_YAML}{end}")
    assert answer.verdict.cause == "identity.condition-unknown"
    assert "--permissions-boundary arn:aws:iam::210987654321:policy/edge" in str(answer.fixes[0].change)


@pytest.mark.parametrize(
    "heading", ["deployer policy", "the deployer policy is\nStatement", "our blue-deployer policy is"]
)
def test_a_part_of_the_role_s_name_says_whose_a_policy_is(heading: str) -> None:
    caller = DEPLOYS.replace("/deployer/", "/org-blue-deployer-1/" if "blue" in heading else "/deployer/")
    shown = IN_YAML.replace("deployer policy", heading)
    answer = diagnosed(f"Resource handler returned message: {caller}\n{shown}")
    assert answer.verdict.cause == "identity.condition-unknown"


def test_a_deny_in_a_template_s_language_is_the_deployer_s_if_a_deny_refused() -> None:
    refusal = refused(
        "sqs:CreateQueue",
        "arn:aws:sqs:eu-west-1:210987654321:jobs",
        "with an explicit deny in an identity-based policy",
        "arn:aws:sts::210987654321:assumed-role/cfn/AWSCloudFormation",
    )
    document = '- Effect: "Deny"\n  Action: ["sqs:CreateQueue"]\n  Resource: ["arn:aws:sqs:*:*:*"]\n'
    condition = '  Condition:\n    "StringNotLike":\n      "aws:RequestTag/project": ["?*"]\n'
    answer = diagnosed(f"Resource handler returned message: {refusal}\n{document}{condition}")
    assert "set the tag project in the call itself" in str(answer.fixes[0].change)


def test_a_policy_that_the_deployment_creates_is_not_the_deployer_s() -> None:
    template = IN_YAML.replace("deployer policy", "LoaderPolicy")
    answer = diagnosed(f"Resource handler returned message: {DEPLOYS}\n{template}")
    assert answer.verdict.cause == "identity.no-action"


CATALOG = policy(allow(["ec2:*", "s3:*"], "*"))


@pytest.mark.parametrize(
    "heading", ["SCPs on the account's OU (FullAWSAccess was detached):", "our SCPs:", "SCP of ou-1:"]
)
def test_an_allow_list_of_the_organization_lacks_what_the_callers_role_has(heading: str) -> None:
    refusal = refused("sqs:SendMessage", QUEUE, "because no service control policy allows the sqs:SendMessage action")
    answer = diagnosed(f"{refusal}\n{heading}\n{CATALOG}\n\nrole web: sqs:SendMessage on *")
    assert answer.verdict.cause == "scp.no-action" and "no sqs action" in answer.verdict.summary


@pytest.mark.parametrize("blanked", ["<resource>", "***", "[redacted]", "RESOURCE"])
def test_a_blanked_resource_beside_a_policy_with_a_condition_is_answered(blanked: str) -> None:
    statement = allow(
        "ec2:CreateTags", "arn:aws:ec2:*:*:volume/*", Condition={"StringEquals": {"ec2:CreateAction": "CreateVolume"}}
    )
    found = diagnosed(f"{no_identity('ec2:CreateTags', blanked)}\npolicy:\n{policy(statement)}")
    assert blanked == "RESOURCE" or f"not {blanked}" not in found.verdict.summary


@pytest.mark.parametrize(
    ("shown", "further"),
    [
        (policy(allow("appconfig:List*", "*")), True),
        (policy(allow(["appconfig:Get*", "appconfig:List*"], "*")), False),
        ('"Action": ["appconfig:Get*", "appconfig:List*"], "Resource": "*"', False),
        ('"Action": ["appconfig:List*"], "Resource": "*"', True),
    ],
)
def test_a_further_action_is_missing_only_if_the_text_s_policies_lack_it(shown: str, further: bool) -> None:
    asked = "arn:aws:appconfig:eu-west-1:210987654321:application/a1/environment/e1/configuration/c1"
    found = diagnosed(f"{no_identity('appconfig:StartConfigurationSession', asked)}\n{shown}")
    said = "".join(fix.change.text for fix in found.fixes if isinstance(fix.change, Note))
    assert ("appconfig:GetLatestConfiguration" in said) is further, said
