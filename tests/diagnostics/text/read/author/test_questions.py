"""Questions without an error are answered from the tables: which permission, on what, or that none is needed."""

from __future__ import annotations

import re

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial, OtherFailure, Trouble
from diagnostics.text.read.author.questions import answers, asks_only
from diagnostics.text.read.not_the_failure.questions_removed import without_questions
from iam import aws_managed_policies
from iam.facts.needs import NEEDS
from iam.service_reference import action

ASKED = [
    ("do we need to allow sts:GetCallerIdentity?", "needs no permission"),
    ("Keine Störung. Eine SCP verbietet ec2:*. Kann ich mit einer neuen Inline Policy eine Ausnahme erlauben?",
     "No: a Deny in an SCP overrides every Allow in the account"),
    ('the trust policy has "AWS":"arn:aws:iam::444455556666:root". can only the root user assume the role?',
     "means the entire account, not only its root user"),
    ("the job restores objects of s3://cold in Deep Archive and reads them (s3:GetObject on arn:aws:s3:::cold/*). What "
     "will it be missing? nothing has failed yet", "allow s3:RestoreObject on the objects"),
    ("we call aws dynamodb export-table-to-point-in-time to a bucket, what does the role need?", "s3:PutObjectAcl"),
    ("lambda:CreateFunction on arn:aws:lambda:eu-west-1:444455556666:function:app-*. Is that enough?",
     "Beside lambda:CreateFunction the calls may need: iam:PassRole"),
    ("nothing is broken: where in CloudTrail is iam:PassRole, I filtered eventName=PassRole?",
     "does not have to log data events"),
    ("no incident, least-privilege policy for:\n  aws s3 sync ./d s3://web --delete\n  aws cloudfront "
     "create-invalidation --distribution-id E1\nsomebody said s3:SyncObjects + s3:* on the bucket?",
     "s3:PutObject and s3:DeleteObject on arn:aws:s3:::web/*. S3 has no action s3:SyncObjects"),
    ("which permissions does this need? nothing failed yet\n  aws s3 sync s3://raw/in/ ./in\n(role "
     "arn:aws:iam::111122223333:role/etl; the bucket has SSE-KMS with key alias/raw)",
     "s3:ListBucket on arn:aws:s3:::raw, s3:GetObject on arn:aws:s3:::raw/in/*; kms:Decrypt on the ARN"),
    ("which permissions does this need? nothing failed yet\n  aws s3 sync ./out s3://raw/out\n(SSE-KMS, role etl)",
     "s3:PutObject on arn:aws:s3:::raw/out*; kms:GenerateDataKey and kms:Decrypt on"),
    ("does our bot need a policy for sts:GetCallerIdentity? it works", "needs no permission"),
    ("$ aws sts get-caller-identity\nworks without any policy, is that right?", "needs no permission"),
    ("we removed sts:GetSessionToken from bob, he still gets tokens", "needs no permission for sts:GetSessionToken"),
    ("which permission do I need to pull public.ecr.aws/nginx/nginx:1 from a pod?", "needs no permission"),
    ("is s3:HeadObject in the policy enough?", "s3:HeadObject is an API call, not an IAM action: the permission"),
    ("we want s3:CreateMultipartUpload in the role", "the permission for it is s3:PutObject"),
    ("do I need both ssm:GetParameter and ssm:GetParameters for get_parameters(Names=[...])?",
     "The permission for get_parameters is ssm:GetParameters; ssm:GetParameter is another permission"),
    ("what is needed for aws dynamodb describe-table?", "is dynamodb:DescribeTable"),
    ("planning S3 Batch Operations that copy objects of 2 buckets: which permissions does its role need?",
     "must trust batchoperations.s3.amazonaws.com"),
    ("do I need both ssm:GetParameter and ssm:GetParametersByPath for get_parameters(Names=[...]) or "
     "ssm:GetParameters?", "ssm:GetParameter and ssm:GetParametersByPath are other permissions"),
    ("can I narrow s3:ListAllMyBuckets to one bucket?", 's3:ListAllMyBuckets supports no resources'),
    ("nothing is broken: what does the role of a Lambda need that the DynamoDB stream of a table triggers?",
     "AWSLambdaDynamoDBExecutionRole contains all of them"),
    ("Which SQS actions does a plain consumer need? Nothing is failing", "A consumer needs sqs:ReceiveMessage"),
    ("can I see which IAM policy gave a Lambda its access? it works", "simulate-principal-policy"),
    ("for an S3 bucket to invoke my lambda, does the lambda's role need s3 permissions?", "resource-based policy"),
    ("does a permissions boundary grant access or do I need a policy?", "A permissions boundary grants nothing"),
    ("is iam:ListRoles needed to run aws iam list-attached-role-policies?", "is iam:ListAttachedRolePolicies"),
    ("is s3:GetObject allowed on every resource, or on which?", 'names arn:aws:s3:REGION:ACCOUNT:accesspoint'),
    ("does AmazonS3ReadOnlyAccess include s3:PutObject?", "AmazonS3ReadOnlyAccess does not allow s3:PutObject"),
    ("is AmazonSQSFullAccess enough for sqs:PurgeQueue?", "AmazonSQSFullAccess allows sqs:PurgeQueue"),
    ("does PowerUserAccess allow iam:CreateRole and ec2:RunInstances?",
     "PowerUserAccess allows ec2:RunInstances and does not allow iam:CreateRole"),
    ("is sqs:SendMessage on a queue or on an account?", "A statement for sqs:SendMessage names arn:"),
    ('{"Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"},{"Effect":"Allow","Action":"s3:*","Resource":"*"}'
     "]}\ndoes the order matter?", "The order of statements does not matter"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), ASKED)
def test_a_question_is_answered(text: str, said: str) -> None:
    (failure,) = read_text(text)
    assert isinstance(failure, OtherFailure)
    assert failure.trouble is Trouble.UNRECOGNIZED
    diagnosis = collect_offline(failure)
    assert said in diagnosis.verdict.summary
    assert all(look.cause not in diagnosis.verdict.summary for look in diagnosis.first_look)
    assert diagnosis.verdict.cause == "unreadable"
    assert not diagnosis.fixes


@pytest.mark.parametrize("text", [
    "mongodb://db.example:27017/?tls=true\n$ aws iam list-attached-user-policies --user-name r\nAmazonDocDBFullAccess",
    "what a day", "see https://x.example/a:B and C:Users", "note:This is fine",
    '$ aws logs describe-log-groups\n{ "logGroups": [] }\nThe role has logs:PutLogEvents.\nWhat permission is that?',
])  # fmt: skip
def test_a_text_that_names_no_call_has_no_answer(text: str) -> None:
    assert answers(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "what is the best way to name roles for forty teams?",
        "Before we go live: which of the two roles gets the rights of the queue? AccessDenied would be embarrassing :)",
    ],
)
def test_a_question_without_an_answer_says_what_to_paste(text: str) -> None:
    (failure,) = read_text(text)
    diagnosis = collect_offline(failure)
    assert "rolescope has no answer to the question. Paste the error" in diagnosis.verdict.summary
    assert not diagnosis.first_look


@pytest.mark.parametrize(
    "text",
    [
        "why can't my lambda read the bucket? its role lacks s3:GetObject",
        "AccessDenied when my lambda reads the queue, what do I need?",
        "is s3:GetObject missing in the role?",
        "an error would be fine, but we get AccessDenied, why?",
        "what is needed? we get AccessDenied, otherwise it would be fine",
    ],
)
def test_a_question_about_a_failure_is_not_only_a_question(text: str) -> None:
    assert not asks_only(text)


@pytest.mark.parametrize(("account", "refused"), [("A", False), ("111122223333", True)])
def test_a_sentence_with_letters_in_the_place_of_values_is_no_refusal(account: str, refused: bool) -> None:
    (failure,) = read_text(
        f'In "User: arn:aws:sts::{account}:assumed-role/R/S is not authorized to perform: X on resource: Y because no '
        'resource-based policy allows the X action", is R or S the principal?'
    )
    assert isinstance(failure, Denial) is refused


def test_a_table_names_actions_and_policies_that_exist() -> None:
    policies = {arn.rpartition("/")[2] for arn in aws_managed_policies.arns()}
    for need in NEEDS:
        named = re.findall(r"(?<![\w:])[a-z][a-z0-9-]+:[A-Z][A-Za-z]+(?![\w:-])", need.sentence)
        keys = {"iam:PassedToService", "aws:MultiFactorAuthPresent"}
        assert [each for each in named if action(each) is None and each not in keys] == []
        assert need.page.startswith("https://")
        managed = re.findall(
            r"\b(?:AWS|Amazon|CloudWatch)[A-Z][A-Za-z0-9]+(?:Role|Policy|Access|Core|Only)\b", need.sentence
        )
        assert set(managed) <= policies


REFUSED_KEY = (
    "An error occurred (ExpiredToken) when calling the ListQueues operation: The security token included in the "
)
FAILED = (
    (f"{REFUSED_KEY}request is expired\ndoes the role need sqs:ListQueues?", "credentials.invalid"),
    ("An error occurred (ValidationException) when calling the PutItem operation: Missing the key id in the item\nis "
     "dynamodb:PutItem not allowed?", "not-iam"),
    ("KeyError: 'QUEUE_URL'\ndoes lambda need ssm:GetParameter for env variables?", "unreadable"),
    ("An error occurred (LimitExceeded) when calling the CreateRole operation: Cannot exceed quota for "
     "RolesPerAccount: "
     "1000\nor do we need iam:CreateRole?", "quota.reached"),
    ("$ aws s3 ls --profile p\nAn error occurred (ForbiddenException) when calling the GetRoleCredentials "
     "operation: No "
     "access\n\nportal shows: Access keys\ndo I need sso:GetRoleCredentials or s3:ListAllMyBuckets?", "not-iam"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "cause"), FAILED)
def test_an_action_that_is_only_asked_about_is_not_missing(text: str, cause: str) -> None:
    (failure,) = read_text(text)
    verdict = collect_offline(failure).verdict
    assert verdict.cause == cause
    assert " lacks " not in verdict.summary
    assert "is missing" not in verdict.summary


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("is s3:GetObject missing? yes", " yes"),
        ("so, does it need sqs:SendMessage?\nAccessDenied", "\nAccessDenied"),
        ("is it normal that the call is denied?", "is it normal that the call is denied?"),
        ("why is the role not allowed to read the bucket?", "why is the role not allowed to read the bucket?"),
        ("which action is refused?", "which action is refused?"),
        ("The role is not allowed to read the bucket.", "The role is not allowed to read the bucket."),
    ],
)
def test_questions_are_taken_out(text: str, left: str) -> None:
    stated = without_questions(text)
    assert stated.lstrip(" ") == left.lstrip(" ")
    assert len(stated) == len(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Nur eine Frage: unsere Rolle soll alle Objekte unter s3://q4-z/final/ lesen und auflisten (SSE-S3). Was "
            "brauchen wir?",
            "Allow s3:GetObject on arn:aws:s3:::q4-z/final/* and s3:ListBucket on arn:aws:s3:::q4-z, best with the "
            "condition s3:prefix = final/* (StringLike). SSE-S3 needs no permission of KMS.",
        ),
        (
            "question: role arn:aws:iam::111122223333:role/etl must read s3://feed-in (account 444455556666). They put "
            "it into their bucket policy. What do we need?",
            "Allow s3:GetObject on arn:aws:s3:::feed-in/* in the caller's own policy and in the bucket's policy",
        ),
        (
            "question: role arn:aws:iam::111122223333:role/etl must read s3://feed-in. What do we need?",
            "Allow s3:GetObject on arn:aws:s3:::feed-in/*.",
        ),
        (
            "¿Qué permisos necesita el rol para subir ficheros a s3://acme-in/?",
            "Allow s3:PutObject on arn:aws:s3:::acme-in/*.",
        ),
        (
            "just planning: what does a role need to read s3://raw/x/? a colleague says that otherwise we'd get "
            '"AccessDenied when calling the ListObjectsV2 operation"',
            "Allow s3:GetObject on arn:aws:s3:::raw/x/* and s3:ListBucket on",
        ),
        ("Our tool uses role chaining. May its session length be 3 hours?", "the session lasts at most one hour"),
        ("may a contractor sync only one folder of S3, which policy?", "the condition StringLike s3:prefix FOLDER/*"),
        (
            "what does a job need to upload to s3://inbox/? else it would fail with AccessDenied I guess",
            "Allow s3:PutObject on arn:aws:s3:::inbox/*.",
        ),
        ("What does our role need to read s3://raw/2025/ ?", "Allow s3:GetObject on arn:aws:s3:::raw/2025/*."),
    ],
)
def test_what_a_path_of_s3_needs_is_written_out(text: str, said: str) -> None:
    assert said in collect_offline(read_text(text)[0]).verdict.summary


@pytest.mark.parametrize(
    "text", ["How do I list s3://a with the aws cli?", "which permissions does a sync of s3://a to s3://b need?"]
)
def test_a_path_that_is_not_asked_about_is_not_allowed(text: str) -> None:
    assert "arn:aws:s3:::a" not in collect_offline(read_text(text)[0]).verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        "helm install x oci://public.ecr.aws/karpenter/karpenter\npanic: no region found",
        "FROM public.ecr.aws/docker/library/node\nERROR: npm exited with 1",
    ],
)
def test_a_public_image_is_not_the_matter_where_nothing_is_pulled(text: str) -> None:
    assert not answers(text)


TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"


@pytest.mark.parametrize(
    ("text", "action", "check"),
    [
        ("who can delete the bucket arn:aws:s3:::atlas (account 111122223333), and can role/backup do it? no error yet",
         "s3:DeleteBucket", "role/backup --action-names s3:DeleteBucket --resource-arns arn:aws:s3:::atlas"),
        (f"Which roles can delete {TABLE}? Nothing is broken.", "dynamodb:DeleteTable", ""),
        ("can user/bob in account 111122223333 terminate arn:aws:ec2:eu-west-1:111122223333:instance/i-0abc?",
         "ec2:TerminateInstances", "user/bob --action-names ec2:TerminateInstances"),
        ("audit asks: who may kms:Decrypt with arn:aws:kms:eu-west-1:111122223333:key/1234abcd?", "kms:Decrypt", ""),
        (f"May role ci (account 111122223333) run aws dynamodb update-table on {TABLE}?", "dynamodb:UpdateTable",
         "role/ci --action-names dynamodb:UpdateTable"),
        ("who can read arn:aws:s3:::payroll/2026/jan.csv?", "s3:GetObject", ""),
        ("May our support people list arn:aws:s3:::exports? They should not. Nothing broke.", "s3:ListBucket", ""),
        ("can arn:aws:iam::111122223333:role/ops/ci delete arn:aws:sqs:eu-west-1:111122223333:jobs?", "sqs:DeleteQueue",
         "arn:aws:iam::111122223333:role/ops/ci --action-names sqs:DeleteQueue"),
        ("can arn:aws-cn:iam::111122223333:role/ci delete arn:aws-cn:sqs:cn-north-1:111122223333:jobs?",
         "sqs:DeleteQueue", "arn:aws-cn:iam::111122223333:role/ci --action-names sqs:DeleteQueue"),
    ],
)  # fmt: skip
def test_who_may_do_something_is_not_guessed_and_has_its_check(text: str, action: str, check: str) -> None:
    diagnosis = collect_offline(read_text(text)[0])
    assert f"does not show who may {action}" in diagnosis.verdict.summary
    assert not diagnosis.fixes
    assert check in " ".join(look.check or "" for look in diagnosis.first_look)
    assert bool(check) == bool(diagnosis.first_look)


@pytest.mark.parametrize(
    "text",
    [
        "Who has access to my bucket?",
        "can the role see everything?",
        "which role do I need to delete arn:aws:s3:::payroll?",
        f"who can delete {TABLE}? I get AccessDenied",
        f"who wrote {TABLE}?",
    ],
)
def test_other_questions_do_not_ask_who_may(text: str) -> None:
    assert "does not show who may" not in collect_offline(read_text(text)[0]).verdict.summary


def test_a_managed_policy_that_a_question_names_is_read() -> None:
    text = "Can our support people (permission set ReadOnlyAccess) delete objects in arn:aws:s3:::exports? no error"
    said = collect_offline(read_text(text)[0]).verdict.summary
    assert said.startswith("ReadOnlyAccess does not allow s3:DeleteObject")


CREATES = "`aws iam create-role --role-name lambda-exec`"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"Our developers get the AWS managed PowerUserAccess. One wants to run {CREATES}. Will that work?",
         "PowerUserAccess does not allow iam:CreateRole"),
        (f"does PowerUserAccess suffice for {CREATES}?", "condition on iam:PermissionsBoundary, and iam:PassRole"),
        ("is AmazonSQSFullAccess enough for aws sqs create-queue --queue-name q?", "allows sqs:CreateQueue"),
    ],
)  # fmt: skip
def test_a_creation_that_a_question_names_is_not_said_to_exist(text: str, said: str) -> None:
    (failure,) = read_text(text)
    assert isinstance(failure, OtherFailure)
    assert said in collect_offline(failure).verdict.summary


def test_a_name_that_a_question_asks_about_is_looked_for() -> None:
    (failure,) = read_text(f"is the name free? {CREATES}")
    assert not isinstance(failure, OtherFailure)


def test_a_programs_hint_in_a_failure_asks_nothing_of_a_statement() -> None:
    text = "ERROR: no credentials\nHINT: Has the role been associated?\n\nThe role may do s3:GetObject on the bucket."
    assert "A statement for" not in collect_offline(read_text(text)[0]).verdict.summary


BOTH = "Both accounts must allow it: the caller's own policies"


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("can a queue in 111122223333 be read by a Lambda in 444455556666? which permissions do I need?", True),
        ("which permissions does a consumer need to read an SQS queue in another account?", True),
        ("what does the role need to pull from ECR of a different account?", True),
        ("which permissions does a consumer need to read an SQS queue?", False),
        ("which permissions does a consumer need to read an SQS queue of account 111122223333?", False),
    ],
)
def test_a_question_about_two_accounts_names_both_sides(text: str, both: bool) -> None:
    assert collect_offline(read_text(text)[0]).verdict.summary.startswith(BOTH) == both


@pytest.mark.parametrize(
    "text",
    [
        'We set prefix="logs/2024-0?" and the role has s3:PutObject; the job ends early.',
        'The form has\n  prompt: "Continue?"\nand the role has s3:GetObject.',
        "  confirm = 'Do you want to apply this policy?'\nThe role has dynamodb:GetItem.",
    ],
)
def test_a_question_mark_in_a_quoted_value_asks_nothing(text: str) -> None:
    assert not asks_only(text)


def test_a_question_with_quoted_names_asks() -> None:
    assert asks_only('Is "arn:aws:s3:::a/*" enough for s3:ListBucket?')
    assert asks_only('My colleague asks "which permissions does this need?"')
