"""The statement of a text's policy that most likely caused the refusal."""

from __future__ import annotations

import json

import pytest

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
        ("the statement's Resource must be arn:aws:airflow:eu-west-1:210987654321:environment/dwh, not arn:aws:mwaa:"),
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
        "a resource that is just being created has no tags yet",
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
        "parameter and not arn:aws:ssm:eu-west-1:210987654321:parameter/a/b. Write",
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
        "the role has a path, which the condition does not contain",
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
