"""A question about a policy in the text, where nothing failed: the policy answers it."""

from __future__ import annotations

import json

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.policy_questions.questions import policy_answer


def policy(*statements: dict[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}) + "\n"


def allow(actions: object, resource: object = "*", **more: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": actions, "Resource": resource, **more}


def deny(resource: object = "*", **more: object) -> dict[str, object]:
    return {"Effect": "Deny", "Resource": resource, **more}


TAGGED = {"StringEquals": {"aws:ResourceTag/restart": "nightly"}}
DOCS = ["arn:aws:s3:::docs", "arn:aws:s3:::docs/*"]
NO_MFA = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "does this block iam for them? and could they drop tables in production?\n"
            + policy({"Effect": "Allow", "NotAction": ["iam:*", "organizations:*"], "Resource": "*"}),
            "the statement allows every action except iam:* and organizations:* on every resource, "
            "dynamodb:DeleteTable included",
        ),
        (
            "interns must not read iam\n"
            + policy({"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "*"})
            + "they have arn:aws:iam::aws:policy/SecurityAudit, too, and ran aws iam list-roles. why does it work?",
            "SecurityAudit allows iam:ListRoles (its version from",
        ),
        (
            policy({"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "*"})
            + "the group has ReadOnlyAccess, too. iam is excluded, so how do they see the users?",
            "iam:Get*, iam:List*",
        ),
        (
            policy({"Effect": "Allow", "NotAction": ["s3:DeleteObject"], "Resource": "*"})
            + "the group has ReadOnlyAccess, too. does this forbid s3:DeleteObject?",
            "The statement does not allow s3:DeleteObject, but another policy of the same caller still can.",
        ),
        (
            policy({"Effect": "Allow", "NotAction": "kms:*", "Resource": "*"})
            + "we want kms blocked. group Ops also has kms:Decrypt. does this forbid it?",
            "kms:Decrypt, so it stays allowed: only a Deny",
        ),
        (
            "no incident, just reviewing: "
            + policy(allow("lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:444455556666:function:f"))
            + "tomorrow we change the target to\n  arn:aws:lambda:eu-west-1:444455556666:function:f:live\n"
            'will it just work? also old runbook here says "AccessDenied ... lambda:Invoke", ignore',
            "No: the statement allows lambda:InvokeFunction on arn:aws:lambda:eu-west-1:444455556666:function:f, "
            "which does not cover arn:aws:lambda:eu-west-1:444455556666:function:f:live.",
        ),
        (
            policy(allow(["s3:Get*", "s3:List*"], DOCS)) + "can someone with only this upload a file? (no error)",
            "No: s3:PutObject is not allowed: no statement in the text allows the action (s3:Get* and s3:List* do not "
            "match it). Only another policy could allow the action.",
        ),
        (
            policy(allow(["ec2:StopInstances", "ec2:RebootInstances"], "arn:aws:ec2:*:*:instance/*", Condition=TAGGED))
            + 'please review, will the restart job be able to TERMINATE boxes?\nlast dry run: "denied: 0, ok: 14"',
            "No: ec2:TerminateInstances is not allowed",
        ),
        (
            policy(allow("dynamodb:*"), deny(Sid="NoDrop", Action="dynamodb:DeleteTable"))
            + "Is dynamodb:DeleteTable denied with this?",
            "dynamodb:DeleteTable is denied. Statement NoDrop forbids dynamodb:DeleteTable on every resource.",
        ),
        (
            policy(allow("ec2:*"), deny(NotAction=["iam:*"], Condition=NO_MFA)) + "can they run ec2:RunInstances?",
            "Statement 2 forbids ec2:RunInstances on every resource, when aws:MultiFactorAuthPresent is false (or is "
            "not given). This overrides every Allow. If that does not apply, statement 1 allows ec2:RunInstances",
        ),
        (
            policy(
                deny(DOCS, Action="s3:*", Principal="*", Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-1"}})
            )
            + "if I put this on the bucket, are admins locked out too? nothing failed",
            "A request without aws:SourceVpce is also denied. Only the root user of the bucket's account can still",
        ),
        (
            policy(allow(["s3:Get*"]))
            + "if they put it in the bucket, is it readable? can they upload (s3:PutObject)?",
            "s3:PutObject is not allowed",
        ),
        (
            policy({"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "*"})
            + "so iam is blocked for them, right? and creating a function with a role works?",
            "To forbid these actions, add a Deny statement. The statement also does not allow iam:PassRole",
        ),
        (
            policy({**allow("s3:GetObject", "arn:aws:s3:::b/*"), "Principal": {"AWS": "arn:aws:iam::1:role/app"}})
            + "can an admin of the same account still read the objects (s3:GetObject)?",
            "This does not exclude anybody else: in the resource's own account, an identity policy that allows "
            "s3:GetObject",
        ),
        (policy(allow("*")) + "could he create access keys in iam?", "Yes: iam:CreateAccessKey is allowed."),
        (
            policy(allow("s3:PutObject", "arn:aws:s3:::in/*")) + "can the partner upload with this?",
            "The statement allows s3:PutObject on arn:aws:s3:::in/*. Nothing else in the text allows s3:PutObject.",
        ),
        (
            policy(allow("s3:PutObject", "arn:aws:s3:::in/raw/*")) + "can it write s3://in/clean/x.csv?",
            "not allowed: the statement names arn:aws:s3:::in/raw/*, not arn:aws:s3:::in/clean/x.csv",
        ),
        (
            policy(allow("s3:*", "arn:aws:s3:::in/*")) + "can it list the bucket?",
            "To allow it: put s3:ListBucket into the statement with arn",
        ),
        (
            'they ask if "s3:GetObject" of ours covers s3:GetObjectVersion:\n' + policy(allow("s3:GetObject")),
            "s3:GetObjectVersion is not allowed",
        ),
        (
            policy({"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "*"}) + "can power users create roles?",
            "No: iam:CreateRole is not allowed: no statement in the text allows the action (the "
            "statement leaves out iam:*).",
        ),
        (
            'statement {\n  actions = ["iam:Get*"]\n  resources = ["*"]\n}\ndoes this allow creating users?',
            "No: iam:CreateUser is not allowed",
        ),
        ("Allow s3:Get* on arn:aws:s3:::pub/*\ndoes that also cover s3:PutObject?", "No: s3:PutObject is not allowed"),
        ("Does iam:Get* include iam:PassRole? for the audit", "No: iam:Get* does not match iam:PassRole."),
        (
            "Statement:\n  - Effect: Allow\n    Action:\n      - lambda:GetFunction\n    Resource: '*'\n"
            "would this let CI change variables (UpdateFunctionConfiguration)?",
            "No: lambda:UpdateFunctionConfiguration is not allowed",
        ),
        (
            policy(allow(["sqs:ReceiveMessage"], "arn:aws:sqs:eu-west-3:111122223333:cmd"))
            + "est-ce que le worker peut aussi envoyer (sqs:SendMessage) ? pas d'erreur",
            "No: sqs:SendMessage is not allowed",
        ),
        (
            "SCP on the OU:\n" + policy(allow("*")) + "does this stop people from running ec2:RunInstances?",
            "The statement allows ec2:RunInstances on every resource. This kind of policy only limits",
        ),
        (
            "boundary:\n" + policy(allow("s3:*")) + "would an admin with it still be able to call dynamodb:PutItem?",
            "no statement in the text allows the action. Such a policy limits permissions: an action "
            "that it does not allow stays refused",
        ),
        (
            "what does this one do?\n" + policy(deny(NotAction=["s3:Get*", "s3:List*"]), allow("*", DOCS[1])),
            "Together they allow at most s3:Get* and s3:List* on arn:aws:s3:::docs/*. s3:ListBucket is not one of them",
        ),
        (
            policy({"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"})
            + "can account 999988887777 assume this role?",
            "The statement lets principals of the account 111122223333 whose own policies allow it assume this role.",
        ),
    ],
)
def test_the_policy_answers_whether_an_action_is_allowed(text: str, said: str) -> None:
    answer = policy_answer(text)
    assert answer is not None and said in answer.sentence


@pytest.mark.parametrize(
    "text",
    [
        policy(allow("s3:*", "arn:aws:s3:::lake/*")) + "why would someone need s3:ListBucket here?",
        policy(allow("ec2:Describe*")) + "can we use this in gov cloud too?",
        policy(allow("sqs:SendMessage")) + "Error: timeout talking to queue\ncould it be that it can't send messages?",
        policy(allow("s3:GetObject", "arn:aws:s3:::lake/*")) + "is the nightly upload job using this?",
        "does ReadOnlyAccess let them read secrets?",
        policy(allow("s3:GetObject")) + "could you read this and tell me whether it is fine?",
        policy(allow("s3:GetObject")) + "can I get a review of this?",
        policy(allow("s3:GetObject")) + "it can upload with this.",
    ],
)
def test_no_answer_without_a_plain_question_about_an_action(text: str) -> None:
    assert policy_answer(text) is None


def test_the_answer_has_no_usual_causes_beside_it() -> None:
    (failure,) = read_text(policy(allow(["ec2:StopInstances"])) + "can it terminate instances with this?")
    found = collect_offline(failure)
    assert found.verdict.summary.startswith("No: ec2:TerminateInstances is not allowed") and not found.first_look


QUEUES = policy(allow(["sqs:SendMessage", "sqs:PurgeQueue"], "arn:aws:sqs:eu-west-1:111122223333:orders"))


@pytest.mark.parametrize(
    "question",
    [
        "Does the role still need sqs:PurgeQueue?",
        "Is sqs:PurgeQueue really needed?",
        "Can we drop the permission sqs:PurgeQueue?",
        "could sqs:PurgeQueue be removed?",
        "Does it work without sqs:PurgeQueue?",
    ],
)
def test_what_a_policy_allows_is_not_for_that_needed(question: str) -> None:
    said = policy_answer(f"nothing is broken, we review:\n{QUEUES}+ AmazonSQSFullAccess\n{question}")
    assert said is not None
    assert said.sentence.startswith(
        "The policy in the text allows sqs:PurgeQueue, but this does not show that the role needs the permission."
    )
    assert "The text also names AmazonSQSFullAccess. If a policy there also allows the action" in said.sentence


@pytest.mark.parametrize(
    "question",
    [
        "Can the role call sqs:PurgeQueue?",
        "Is sqs:PurgeQueue allowed?",
        "Does this permit sqs:PurgeQueue?",
        "Can I use sqs:PurgeQueue with this policy?",
    ],
)
def test_whether_something_is_allowed_is_another_question(question: str) -> None:
    said = policy_answer(f"nothing is broken, we review:\n{QUEUES}{question}")
    assert said is not None and "needed" not in said.sentence


def test_an_action_that_nothing_allows_is_not_called_allowed() -> None:
    said = policy_answer(f"nothing is broken, we review:\n{QUEUES}Does the role need sqs:DeleteQueue?")
    assert said is not None and said.sentence.startswith("No: sqs:DeleteQueue is not allowed")


@pytest.mark.parametrize(
    ("beside", "limits"),
    [
        ("the user gets this as permissions BOUNDARY.", "a permissions boundary limits"),
        ("it is our SCP.", "an SCP limits"),
        ("it is attached to the group.", ""),
    ],
)
def test_not_action_in_a_policy_that_limits_is_no_deny_but_no_grant(beside: str, limits: str) -> None:
    document = '{"Statement": [{"Effect": "Allow", "NotAction": ["iam:*", "account:*"], "Resource": "*"}]}'
    text = f"{beside}\n{document}\nIs NotAction a deny, is he blocked from iam:PassRole?\n"
    answer = collect_offline(read_text(text)[0]).verdict.summary
    assert ("limits what other policies allow" in answer) is bool(limits)
    assert limits in answer


FROM_SNS = {
    "Sid": "topic",
    "Effect": "Allow",
    "Principal": {"Service": "sns.amazonaws.com"},
    "Action": "sqs:SendMessage",
    "Resource": "arn:aws:sqs:eu-west-3:111122223333:in",
}
BROKEN = "Since this morning the queue stays empty. Where is the bug?\n"


@pytest.mark.parametrize(
    "condition",
    [
        {"StringNotEquals": {"aws:PrincipalOrgID": "o-abc"}},
        {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-abc"}},
        {"StringNotEquals": {"aws:SourceVpce": "vpce-0123"}},
        {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    ],
)
def test_a_deny_for_everyone_also_shuts_out_the_service_that_another_statement_allows(condition: object) -> None:
    found = policy_answer(BROKEN + policy(FROM_SNS, deny(Principal="*", Action="sqs:*", Condition=condition)))
    assert found is not None
    assert found.sentence.startswith("Statement 2 also denies sns.amazonaws.com, which statement topic allows")


@pytest.mark.parametrize(
    "denied",
    [
        {"Action": "sqs:*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-abc"}}},
        {"Action": "sqs:DeleteQueue", "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-abc"}}},
        {
            "Action": "sqs:*",
            "Condition": {
                "StringNotEquals": {"aws:PrincipalOrgID": "o-abc"},
                "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
            },
        },
    ],
)
def test_a_deny_that_exempts_services_shuts_none_out(denied: dict[str, object]) -> None:
    text = BROKEN + policy(FROM_SNS, deny(Principal="*", **denied))
    assert policy_answer(text) is None
    assert "A producer needs" not in collect_offline(read_text(text)[0]).verdict.summary
