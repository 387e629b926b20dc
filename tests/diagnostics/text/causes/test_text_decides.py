"""What the text contradicts itself in, its partition, service-linked roles, and who is given a role."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Confidence
from diagnostics.failure import Denial
from diagnostics.text.causes.find_causes import first_look

WHY = "because no identity-based policy allows the {} action"


def refused(action: str, on: str, *, who: str = "arn:aws:iam::444455556666:user/eva") -> str:
    return f"User: {who} is not authorized to perform: {action} on resource: {on} {WHY.format(action)}"


def role(name: str, account: str = "111122223333") -> str:
    return f"arn:aws:iam::{account}:role/{name}"


LINKED = "arn:aws:iam::444455556666:role/aws-service-role/{0}/AWSServiceRoleForX"
CHINA = "arn:aws-cn:iam::444455556666:user/eva"
GOV = "arn:aws-us-gov:sts::444455556666:assumed-role/job/run"

# text → words that the first cause has (or, with "-", that no cause has)
FIRST = [
    (f"$ aws sts assume-role --role-arn {role('sync', '111122223334')} --role-session-name x\n"
     f"{refused('sts:AssumeRole', role('sync'))}", "Command and message do not agree"),
    (f"$ aws sts assume-role --role-arn {role('sync-prod')} --role-session-name x\n"
     f"{refused('sts:AssumeRole', role('sync-prd'))}", f"the command names {role('sync-prod')}"),
    (f"$ aws s3 cp x s3://acme-artifacts/x\n{refused('s3:PutObject', 'arn:aws:s3:::acme-artifact/x')}",
     "the command names acme-artifacts"),
    (f"$ aws sts assume-role --role-arn {role('sync-prod')}\n{{}}\n$ ./deploy.sh all\n"
     f"{refused('sts:AssumeRole', role('sync-prd'))}", "-do not agree"),
    (f"$ aws iam get-role --role-name x --arn {role('sync-prod')}\n"
     f"{refused('sts:AssumeRole', role('sync-prd'))}", "-do not agree"),
    (f"{refused('sts:AssumeRole', role('sync-prd'))}\n$ aws sts assume-role --role-arn {role('sync-prod')}\n{{}}",
     "-do not agree"),
    (f"$ aws s3 cp s3://acme-in/x s3://acme-out/x\n{refused('s3:PutObject', 'arn:aws:s3:::acme-out/x')}",
     "-do not agree"),
    (f"$ aws sts assume-role --role-arn {role('sync')} --role-session-name x\n"
     f"{refused('sts:AssumeRole', role('sync'))}", "-do not agree"),
    (f"$ aws iam attach-role-policy --role-name x --policy-arn arn:aws:iam::111122223333:policy/p\n"
     f"{refused('iam:AttachRolePolicy', role('x'))}", "-do not agree"),
    (f"{refused('s3:GetObject', 'arn:aws-cn:s3:::b/k', who=CHINA)}\n\"Resource\": \"arn:aws:s3:::b/*\"",
     "write them with arn:aws-cn:"),
    (refused("s3:ListBucket", "arn:aws-us-gov:s3:::b", who=GOV), "-arn:aws:"),
    (refused("s3:ListBucket", "arn:aws-cn:s3:::b", who=CHINA), "-arn:aws:"),
    (refused("iam:CreateServiceLinkedRole", LINKED.format("es.amazonaws.com")),
     "iam:AWSServiceName = es.amazonaws.com"),
    (refused("iam:CreateServiceLinkedRole", LINKED.format("spot.amazonaws.com")), "-only its service"),
    (refused("iam:GetRole", LINKED.format("spot.amazonaws.com")), "-only its service"),
    (refused("iam:AttachRolePolicy", LINKED.format("spot.amazonaws.com")), "only its service can change it"),
    (f"CodePipeline > Deploy (ECS) failed\n{refused('iam:PassRole', role('task'))}", "ecs-tasks.amazonaws.com"),
    (f"{refused('iam:PassRole', role('fn'))} (Service: Lambda, Status Code: 403)", "lambda.amazonaws.com"),
    (f"{refused('iam:PassRole', role('x'))} (Service: Iam, Status Code: 403)", "-here it is"),
    (f"Get-SQSQueue : {refused('sqs:ListQueues', '*')}", "-Allow the caller"),
    (f"codebuild project nightly: {refused('iam:PassRole', role('x'))}", "-here it is"),
    (f"User: {CHINA} is not authorized to perform: account:GetContactInformation (Your organization must first enable "
     "trusted access with AWS Account Management.)", "In the management account, turn on trusted access"),
    (f"User: {CHINA} is not authorized to perform: account:ListRegions on resource: arn:aws-cn:account::444455556666:"
     "account (The account is managed in another context than this one)", "managed in another context"),
    (f"User: {CHINA} is not authorized to perform: ssm:GetParameter on resource: "
     "arn:aws-cn:ssm:cn-north-1:444455556666:parameter/x "
     "(Service: AmazonSSM; Status Code: 400; Error Code: AccessDenied; Request ID: 1)",
     "-states its own reason"),
    (f"User: {CHINA} is not authorized to perform: kms:Encrypt on resource: "
     "arn:aws-cn:kms:cn-north-1:444455556666:key/k with an explicit deny in a resource-based policy",
     "A Deny in the key policy"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), FIRST)
def test_the_text_decides_what_comes_first(text: str, words: str) -> None:
    causes = [look.cause for look in first_look(read_text(text)[0])]
    if words.startswith("-"):
        assert all(words[1:] not in cause for cause in causes)
    else:
        assert words in causes[0]


def test_a_command_that_differs_is_settled_before_any_verdict() -> None:
    explicit = FIRST[0][0].replace("because no identity", "with an explicit deny in an identity")
    for text in (FIRST[0][0], explicit):
        verdict = collect_offline(read_text(text)[0]).verdict
        assert verdict.summary.startswith("Command and message do not agree")
        assert verdict.confidence is not Confidence.CERTAIN


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("An error occurred (AccessDeniedException) when calling the GetSecretValue operation: Access to KMS is not "
         "allowed\ncaller: arn:aws:sts::444455556666:assumed-role/job/run", False),
        ("Access is not permitted for this key; used by arn:aws:sts::444455556666:assumed-role/job/run of the role job",
         False),
        (f"The service is not authorized to assume {role('job')}", True),
    ],
)  # fmt: skip
def test_an_arn_of_a_session_is_no_claim_about_assuming(text: str, claims: bool) -> None:
    assert any(isinstance(each, Denial) and each.claims_trust for each in read_text(text)) is claims


CALLED = f"{refused('sqs:SendMessage', 'arn:aws:sqs:eu-west-1:444455556666:q')}\n"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (
            f"$ aws sqs send-message --profile tools\n{CALLED}the queue is in 111122223333",
            "The call looked for the queue in account 444455556666, the account of eva (profile tools)",
        ),
        (f"{CALLED}$ echo $AWS_PROFILE\ntools\nour account is 111122223333", "Profile tools made the call"),
        (f"{CALLED}the queue is in 111122223333", "The call looked for the queue in account 444455556666"),
        (f"{CALLED}111122223333 is our other account", ""),
        (f"$ aws s3 ls --profile tools\n{CALLED}account 444455556666 trusts account 111122223333", ""),
        (f"$ aws s3 ls --profile tools\n{CALLED}account 111122223333: {role('x')}", ""),
        (f"Sent: Tuesday, March 12, 2019 8:41 AM\n> {CALLED}", "The text dates from 12 March 2019"),
        (f"> Gesendet: Dienstag, 12. M\u00e4rz 2019 08:41\n> {CALLED}", "The text dates from 12 March 2019"),
        (f"On March 12, 2019 Ann wrote:\n{CALLED}\nSent: May 2, 2018", "The text dates from 12 March 2019"),
        (f"{CALLED}\nSent: May 2, 2018", ""),
    ],
)
def test_another_account_or_an_old_mail_comes_first(text: str, first: str) -> None:
    said = collect_offline(read_text(text)[0]).verdict.summary
    assert said.startswith(first or "The text says")


def cdk(kind: str) -> str:
    return f"cdk-hnb659fds-{kind}-role-444455556666-eu-west-1"


TAKEN = "CREATE_FAILED Resource of type 'AWS::IAM::Role' with identifier '{}' already exists."
CONFLICTS = [
    (f"stack web-eu in eu-west-1\n{TAKEN.format('web-role')}\nworks in us-east-1 (stack web-us)",
     "The stack web-us in us-east-1 may own the name"),
    (f"stack web-eu\n{TAKEN.format('web-role')}\nstack web-eu-nested-1: CREATE_FAILED", "-may own"),
    (f"{TAKEN.format('web-role')}\nRegion eu-west-1; the same template was deployed in us-east-2", "us-east-2"),
    (f"stack web-eu in eu-west-1\n{TAKEN.format('web-role')}", "change set of the type IMPORT"),
    (f"{TAKEN.format('web-role')}\nweb-eu ROLLBACK_COMPLETE", "-before it deletes the old one"),
    (f"cdk bootstrap\nCREATE_FAILED | AWS::IAM::Role | LookupRole {cdk('lookup')} already exists",
     "remains from an earlier CDK bootstrap"),
    (f"CREATE_FAILED | AWS::IAM::Role | X {cdk('deploy')} already exists", "-Role.fromRoleName"),
    ("CREATE_FAILED | AWS::IAM::Role | X cdk-tool-role already exists", "-left over"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), CONFLICTS)
def test_another_stack_or_region_of_the_text_comes_first(text: str, words: str) -> None:
    test_the_text_decides_what_comes_first(text, words)


KEY = "arn:aws:kms:eu-west-1:444455556666:key/11111111-2222-3333-4444-555555555555"


@pytest.mark.parametrize(
    ("operation", "words"),
    [("Publish", "an encrypted topic needs kms:GenerateDataKey and kms:Decrypt"),
     ("CreateMultipartUpload", "kms:Decrypt"), ("RunInstances", "kms:CreateGrant"),
     ("GetObject", "also needs kms:GenerateDataKey")],
)  # fmt: skip
def test_an_operation_tells_all_actions_on_the_key(operation: str, words: str) -> None:
    text = f"An error occurred (AccessDenied) when calling the {operation} operation: "
    test_the_text_decides_what_comes_first(text + refused("kms:GenerateDataKey", KEY), words)


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        (f"deployed by {role('ci')}\nThe role defined for the function cannot be assumed by Lambda.", None),
        (f"caller: {role('ci')}\nThe role {role('fn')} cannot be assumed by Lambda.", role("fn")),
        (f"Lambda cannot assume the role {role('fn')}", role("fn")),
    ],
)
def test_who_calls_is_not_the_role_to_be_assumed(text: str, taken: str | None) -> None:
    found = next(each for each in read_text(text) if isinstance(each, Denial) and each.claims_trust)
    assert found.resource == taken
