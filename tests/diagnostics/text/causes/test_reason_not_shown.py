"""The answer for a denial whose text does not show why: who called, or what the caller may do; no usual cause."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline
from diagnostics.text.read.parse import parse

CALLED = "An error occurred (AccessDenied) when calling the {} operation: Access Denied"
SAYS = "An error occurred (AccessDeniedException) when calling the {} operation: {}"
SESSION = "User: arn:aws:sts::444455556666:assumed-role/ops/s is not authorized to perform: {}"
SENTENCE = "User: arn:aws:iam::444455556666:user/mo is not authorized to perform: {}"


@pytest.mark.parametrize(
    ("text", "words", "check"),
    [
        (SESSION.format("sts:GetFederationToken"), "Only users and the account's root user can call", "get-caller"),
        (SENTENCE.format("sts:GetFederationToken"), "no policy of mo allows sts:GetFederationToken", "simulate-princ"),
        (SENTENCE.format("sqs:SendMessage"), "no policy of mo allows sqs:SendMessage:", "simulate-principal"),
        (
            '{"eventSource":"sqs.amazonaws.com","eventName":"PurgeQueue","errorCode":"AccessDenied","errorMessage":'
            '"You don\'t have permissions to access this resource.","userIdentity":{"arn":'
            '"arn:aws:sts::444455556666:assumed-role/QAdmin/zoe"}}\nzoe: QAdmin has sqs:*',
            "a policy allows sqs:*. This check shows whether QAdmin has it",
            "simulate-principal",
        ),
        (
            CALLED.format("CreateMountTarget"),
            "Neither who called CreateMountTarget",
            "Value=CreateMountTarget",
        ),
        (
            f"$ aws kendra start-data-source-sync-job --id 1\n{CALLED.format('StartDataSourceSyncJob')}",
            "Most often no policy of the caller allows kendra:StartDataSourceSyncJob: CloudTrail's event of the call",
            "Value=StartDataSourceSyncJob",
        ),
        (
            f"$ aws kafka create-topic --topic-name t\n{CALLED.format('CreateTopic')}",
            "Most often no policy of the caller allows kafka:CreateTopic",
            "Value=CreateTopic",
        ),
        (
            SAYS.format("StartMigration", "Your IAM user or role does not have permission to call the APIs required"),
            "Then compare that caller's policies with “Your IAM user or role",
            "Value=StartMigration",
        ),
        (
            SAYS.format("CreateFleet", "This feature is in preview and was turned off for maintenance"),
            "Start with AWS's own words, “This feature is in preview and was turned off for maintenance”",
            "CreateFleet",
        ),
        # A role that the command passes does not make the call.
        (
            f"$ aws lex-models start-migration --v2-bot-role arn:aws:iam::444455556666:role/bots\n"
            f"{CALLED.format('StartMigration')}",
            "StartMigration",
            "lookup-events",
        ),
        (
            "$ aws guardduty create-malware-protection-plan --role arn:aws:iam::444455556666:role/scan-s3\n"
            "The request was rejected because provided IAM role does not have the required permissions",
            "The message is about the role scan-s3, which the command passes",
            "--role-name scan-s3",
        ),
        # CloudTrail's event history has no data events, and S3's events have names of their own.
        (
            CALLED.format("GetBucketNotificationConfiguration"),
            "run this check where the program runs",
            "sts get-caller",
        ),
        (CALLED.format("PutItem"), "run this check where the program runs", "sts get-caller-identity"),
        (f"{CALLED.format('PutItem')}\nthe pod has the role cart-writer", "if that role made the call", "cart-writer"),
        (f"{CALLED.format('PutItem')}\nassumed-role/cart-writer/i-1", "if that role made the call", "cart-writer"),
        (f"{CALLED.format('PutItem')}\nrole cart-writer, role cart-reader", "Neither who called", "sts get"),
    ],
)
def test_only_what_shows_more_is_offered(text: str, words: str, check: str) -> None:
    (look,) = collect_offline(parse(text)[0]).first_look
    assert words in look.cause
    assert check in (look.check or "")


@pytest.mark.parametrize(
    ("on", "action", "asks_of_all"),
    [
        ("", "sqs:SendMessage", True),
        (" on resource: jobs", "sqs:SendMessage", True),
        (" on resource: arn:aws:sqs:eu-west-1:444455556666:jobs", "sqs:SendMessage", False),
        (" on resource: role viewer", "iam:ListRolePolicies", False),
        (" on resource: *", "sts:GetSessionToken", False),
    ],
)
def test_a_check_without_a_resource_says_that_it_asks_about_all(on: str, action: str, asks_of_all: bool) -> None:
    text = f"User: arn:aws:iam::444455556666:user/mo is not authorized to perform: {action}{on}"
    (look,) = collect_offline(parse(text)[0]).first_look
    assert ("The check asks about all resources" in look.cause) is asks_of_all
