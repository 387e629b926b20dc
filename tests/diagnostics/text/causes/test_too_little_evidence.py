"""A cause is named only where the text has what makes it true: each class with variations and near misses."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed


def first(text: str) -> str:
    answer = diagnosed(text)
    return answer.first_look[0].cause if answer.first_look else answer.verdict.summary


def by(role: str, action: str, resource: str, session: str = "x", why: str = "") -> str:
    who = f"arn:aws:sts::111122223333:assumed-role/{role}/{session}"
    return f"User: {who} is not authorized to perform: {action} on resource: {resource}{why}"


def lacking(role: str, action: str, resource: str, session: str = "x") -> str:
    return by(role, action, resource, session, f" because no identity-based policy allows the {action} action")


MONGO = (
    "pymongo.errors.OperationFailure: bad auth : Authentication failed., full error: {}\nauthMechanism=MONGODB-AWS {}"
)
WRONG = "WRONGPASS invalid username-password pair or user is disabled.\n"
GET = "botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the GetObject operation: Denied\n"
PAYS = "fatal error: An error occurred (403) when calling the HeadObject operation: Forbidden\nIt is requester pays."
PULL = 'Failed to pull image "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1": unexpected status code 403 Forbidden'
HUB = (
    "pull access denied for {}, repository does not exist or may require 'docker login'\n"
    "built as 111122223333.dkr.ecr.eu-west-1.amazonaws.com/web"
)
WEB = "Not authorized to perform sts:AssumeRoleWithWebIdentity\n"
STATE = "Error: Failed to load state: AccessDenied: Access Denied status code: 403\n"
DENY = " with an explicit deny in a resource-based policy"
ENCRYPTED = (
    by("up", "s3:PutObject", "arn:aws:s3:::enc/a", why=DENY) + "\nthe bucket policy denies unencrypted uploads\n"
)
MFA = " with an explicit deny in an identity-based policy: arn:aws:iam::111122223333:policy/RequireMFA"
QUEUE = "Access to the resource https://sqs.eu-west-1.amazonaws.com/111122223333/jobs is denied."
SCP = " with an explicit deny in a service control policy"
NO_LOGIN = "error: You must be logged in to the server (the server has asked for the client to provide credentials)\n"
DEV = "arn:aws:sts::111122223333:assumed-role/dev/kim"
HEAD = "error checking bucket existence: Access Denied.\ns3:ListBucket has a condition on s3:prefix: {}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (MONGO.format("AtlasError", ""), "MongoDB Atlas"),
        (MONGO.format("", "mongodb+srv://c0.ab1cd.mongodb.net"), "MongoDB Atlas"),
        (MONGO.format("", "mongodb://c0.docdb.amazonaws.com"), "DocumentDB has no user"),
        (f"{WRONG}clustercfg.o.x1.memorydb.eu-west-1.amazonaws.com, IAM authentication", "MemoryDB did not accept"),
        (f"{WRONG}memorydb:connect is allowed on the cluster", "MemoryDB did not accept"),
        (f"{WRONG}c.x1.cache.amazonaws.com with an IAM token", "ElastiCache did not accept"),
        (f"{PAYS}\n$ aws s3 cp s3://a/x . --request-payer requester", "The command sends the option"),
        (f"{PAYS}\naws s3 ls --request-payer requester s3://a/ works", "Send x-amz-request-payer"),
        (f"{PULL}\npod web on fargate-ip-10-0-3-12", "pod execution role"),
        (f"{PULL}\nWarning ErrImagePull pod/web", "node's role"),
        (HUB.format("web"), "Docker Hub"),
        (HUB.format("acme/web"), "Docker Hub"),
        (f"{WEB}GitLab CI, the project is a mirror from GitHub", "does not accept the token's subject (sub)"),
        (f"{WEB}Bitbucket pipeline; code came from github", "does not accept the token's subject (sub)"),
        (f"{STATE}with data.terraform_remote_state.net, on main.tf line 3", "own config block"),
        (f"{STATE}backend s3", "Terraform's backend is refused"),
        (f"{ENCRYPTED}aws s3 cp a s3://enc/a --sse aws:kms", "already requests encryption"),
        (f"{ENCRYPTED}put_object(ServerSideEncryption='AES256')", "already requests encryption"),
        (ENCRYPTED, "without the header x-amz-server-side-encryption"),
        (by("Ops", "ec2:StopInstances", "*", why=MFA), "only if the role was assumed with an MFA code"),
        (
            'FATAL:  PAM authentication failed for user "ro"\nFATAL:  no pg_hba.conf entry for host "10.0.0.1", '
            'no encryption\nResource = "arn:aws:rds-db:eu-west-1:111122223333:dbuser:ledger/ro"',
            "names the database by its name",
        ),
        (HEAD.format("o1/"), "HeadBucket, which asks whether the bucket exists"),
        (
            f"{QUEUE}\nThe role has sqs:* on it. There is a VPC endpoint with a policy.",
            "policy of the VPC endpoint",
        ),
        (
            "Access to the resource https://sqs.eu-west-1.amazonaws.com/111122223333/jobs is denied.",
            "Neither the caller",
        ),
        (f"{NO_LOGIN}$ aws eks list-access-entries\narn:aws:iam::111122223333:role/dev\n{DEV}", "has an access entry"),
        (f"{NO_LOGIN}$ aws eks list-access-entries\narn:aws:iam::111122223333:role/ops\n{DEV}", "does not accept this"),
        (f"{lacking('Admin', 's3:GetObject', 'arn:aws:s3:::c/a')}\nAdmin has AdministratorAccess.", "try again after"),
        (f"{lacking('dev', 's3:GetObject', 'arn:aws:s3:::c/a')}\nKim has AdministratorAccess.", "does not have Admin"),
        (
            "keda error parsing SQS queue metadata: awsAccessKeyID not found\nauthenticationRef: {name: keda}",
            "references a TriggerAuthentication",
        ),
        ("keda error parsing SQS queue metadata: awsAccessKeyID not found", "references no TriggerAuthentication"),
        ("ThrottlingException: Too many tokens per day, please wait before trying again.", "token quota"),
        (
            "Run aws-actions/configure-aws-credentials@v4\naws-access-key-id: ${{ secrets.KEY }}\nError: Credentials "
            "could not be loaded, please check your action inputs: Could not load credentials from any providers",
            "most likely they are empty",
        ),
    ],
)
def test_the_text_has_what_the_cause_says(text: str, said: str) -> None:
    assert said in first(text)


@pytest.mark.parametrize(
    ("text", "unsaid"),
    [
        (f"{WRONG}the password comes from Secrets Manager; the task's IAM role reads it", "ElastiCache"),
        (f"{WRONG}own Redis on EC2, AUTH with a password", "IAM token"),
        (
            'psql: FATAL: PAM authentication failed for user "kim"\nour own server with pam_sss and Active Directory',
            "rds-db",
        ),
        (
            "org.apache.iceberg.exceptions.NotAuthorizedException: invalid_client\nuri = "
            "https://acme.snowflakecomputing.com/polaris/api/catalog\nwarehouse s3.eu-west-1.amazonaws.com",
            "sigv4",
        ),
        (
            lacking(
                "sm", "ec2:CreateNetworkInterfacePermission", "arn:aws:ec2:eu-west-1:111122223333:network-interface/e"
            ),
            "CodeBuild",
        ),
        (
            "Elastic Beanstalk console, the list of instance profiles is empty\n"
            + lacking("dev", "iam:ListInstanceProfiles", "arn:aws:iam::111122223333:instance-profile/"),
            "launch page",
        ),
        (f"$ aws s3 ls --profile dev  # works\n$ AWS_PROFILE=dev python get.py\n{GET}", "its policies allow the call"),
        (f"$ aws sts get-caller-identity --profile p # ok\n$ AWS_PROFILE=p python get.py\n{GET}", "its policies allow"),
        (
            f"{lacking('etl', 's3:GetObject', 'arn:aws:s3:::raw/a')}\nI added s3:GetObject to EtlRolePolicy.",
            "two different roles",
        ),
        (f"{PULL}\nUsing Docker executor, gitlab-runner 17.5", "node's role"),
        (f"{PULL}\nk3s on premises, pod web", "node's role"),
        (HUB.format("111122223333.dkr.ecr.eu-west-1.amazonaws.com/web"), "Docker Hub"),
        (
            f"{GET}    at /var/task/node_modules/x/index.js\nDeployed on Vercel with AWS keys in the project",
            "execution role",
        ),
        (by("ops", "es:DescribeDomain", "arn:aws:es:eu-west-1:111122223333:domain/logs"), "access policy"),
        (lacking("ops", "aoss:CreateSecurityPolicy", "*"), "data access policy"),
        (by("ops", "aoss:BatchGetCollection", "*"), "data access policy"),
        (
            "2024-02-11 10:00:01 CREATE_COMPLETE AWS::IAM::Role R\n2026-11-30 09:12:44 UPDATE_FAILED CodeBuild is not "
            "authorized to perform: sts:AssumeRole on arn:aws:iam::111122223333:role/R",
            "a moment ago",
        ),
        (
            "$ aws s3 ls s3://m/ --no-sign-request    works\n$ aws s3 cp s3://m/1 . --no-sign-request\nfatal error: An "
            "error occurred (403) when calling the HeadObject operation: Forbidden",
            "The data is public",
        ),
        (
            "CREATE_FAILED AWS::S3::Bucket Data Resource handler returned message: "
            + lacking("deploy", "s3:CreateBucket", "arn:aws:s3:::d")
            + "\nHook Acme::Security::Encryption passed",
            "third party's",
        ),
        (
            lacking("app", "dynamodb:Query", "arn:aws:dynamodb:eu-west-1:111122223333:table/o")
            + "\nIn our China account it works (arn:aws-cn:iam::444455556666:user/kim).",
            "partition",
        ),
        (
            lacking("n", "SNS:Publish", "arn:aws:sns:eu-west-1:111122223333:a") + '\n{"PhoneNumber": null}',
            "An SMS to a phone number",
        ),
        (
            "error: You must be logged in to the server (Unauthorized)\ncontext gke_acme_europe-west1_prod on GKE",
            "access entry",
        ),
        (
            "An error occurred (AccessDenied) when calling the PutBucketPolicy operation: Access Denied\n"
            '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/r"},'
            '"Action":"s3:GetObject","Resource":"arn:aws:s3:::d/*"}]}',
            "Block Public Access",
        ),
        (
            "An error occurred (AccessDeniedException) when calling the GetSecretValue operation: Access to KMS is not "
            "allowed\nkey alias/app. Another secret has the default key and works.",
            "AWS managed key of its account",
        ),
        ("Client.InternalError: Client error on launch\nunencrypted volumes, own image", "KMS key"),
        (
            f"{lacking('web-node', 's3:GetObject', 'arn:aws:s3:::c/a', 'i-0a1b2c3d4e5f60718')}\nno Kubernetes",
            "node's role",
        ),
        (
            "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied\nsince we "
            "attached it to the lifecycle policy. No SCPs in this organization.",
            "new policy of the organization",
        ),
        (HEAD.format("o1/").replace("checking bucket existence", "uploading"), "HeadBucket, which asks"),
        (f"{lacking('ops', 's3:GetObject', 'arn:aws:s3:::c/a')}\nin a Cloud9 environment", "Cloud9's managed"),
        (
            by("dev", "sqs:SendMessage", "*", why=" because no permissions boundary allows the sqs:SendMessage action")
            + '\n$ aws iam get-role --role-name ops\n"PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/Ops"',
            "boundary of dev is",
        ),
        (
            f"{GET}/var/task/app.py\nboto3.Session(aws_access_key_id=os.environ['KEY'])",
            "the function's execution role",
        ),
        (
            "EventBridge, SNS topic with alias/aws/sns: nothing arrives in the queue. NumberOfNotificationsDelivered 5",
            "encrypted with the AWS managed key",
        ),
        (
            "Access Denied (Service: Amazon S3; Status Code: 403)\n"
            "fs.s3a.aws.credentials.provider=org.apache.hadoop.fs.s3a.auth.AssumedRoleCredentialProvider\nfs.s3a.assumed.role.credentials.provider=com.amazonaws.auth."
            "InstanceProfileCredentialsProvider",
            "alone",
        ),
        (
            by("dev", "bedrock:InvokeModel", "arn:aws:bedrock:eu-west-3::foundation-model/a", why=SCP)
            + "\nit works in us-east-1 for the other account.",
            "The call works in us-east-1",
        ),
        (
            "An error occurred (AccessDenied) when calling the PutPublicAccessBlock operation: Access Denied\nno "
            "organization here",
            "service control policy",
        ),
        (
            lacking("cm", "route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/Z1") + "\nnot cert-manager",
            "cert-manager calls",
        ),
        (
            lacking("report", "secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:d")
            + "\na function that an MWAA DAG invokes",
            "MWAA reads",
        ),
        (
            lacking("ops", "ec2:StopInstances", "*") + "\nthe cluster with EMR_DefaultRole_V2 is fine",
            "for-use-with-amazon-emr",
        ),
        (
            "An error occurred (OptInRequired) when calling the DescribeInstances operation: You are not subscribed to "
            "this service.",
            "The Region",
        ),
    ],
)
def test_a_cause_without_its_evidence_is_not_named(text: str, unsaid: str) -> None:
    answer = diagnosed(text)
    assert unsaid not in " ".join((answer.verdict.summary, *(look.cause for look in answer.first_look)))


@pytest.mark.parametrize(
    ("comment", "unknown"),
    [("# as role etl-x", False), ("# with user: bot_2", False), ("# as role models do", True)],
)
def test_a_caller_that_a_comment_names_is_not_missing(comment: str, unknown: bool) -> None:
    text = f"{comment}\nAn error occurred (AccessDenied) when calling the GetObject operation: Access Denied"
    looks = [each.cause for each in diagnosed(text).first_look]
    assert any("Find out who calls" in each for each in looks) is unknown
