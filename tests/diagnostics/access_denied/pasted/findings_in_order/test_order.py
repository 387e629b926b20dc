"""Policy documents in a paste, compared with the request that was refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import PASTED, Status
from tests.support.denials.pasted import BUCKET, ROLE, allow, diagnosed, no_identity, policy, refused


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


def test_a_policy_is_held_against_each_failure_of_the_text() -> None:
    text = "\n".join([no_identity("sns:Publish", TOPIC), no_identity("sqs:SendMessage", QUEUE)])
    found = [
        collect_offline(each) for each in read_text(f"{text}\n{policy(allow(['sns:Subscribe', 'sqs:Get*'], '*'))}")
    ]
    assert ["names sns:Subscribe" in found[0].verdict.summary, "names sqs:Get*" in found[1].verdict.summary] == [
        True
    ] * 2


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
        "allows secretsmanager:GetSecretValue only in eu-central-1. Check that the call is made in that Region" in found
    )
    assert "has that policy" not in found


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


@pytest.mark.parametrize("blanked", ["<resource>", "***", "[redacted]", "RESOURCE"])
def test_a_blanked_resource_beside_a_policy_with_a_condition_is_answered(blanked: str) -> None:
    statement = allow(
        "ec2:CreateTags", "arn:aws:ec2:*:*:volume/*", Condition={"StringEquals": {"ec2:CreateAction": "CreateVolume"}}
    )
    found = diagnosed(f"{no_identity('ec2:CreateTags', blanked)}\npolicy:\n{policy(statement)}")
    assert blanked == "RESOURCE" or f"not {blanked}" not in found.verdict.summary
