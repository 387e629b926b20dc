"""What the words around a refusal say: names of calls, a mistyped account, an old permission set, the SCP's reason."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

ANN = "arn:aws:iam::222233334444:user/ann"


def refused(action: str, why: str, caller: str = ANN, on: str = "*") -> str:
    return f"User: {caller} is not authorized to perform: {action} on resource: {on} {why}"


def causes(text: str) -> list[str]:
    (failure,) = read_text(text)
    return [look.cause for look in collect_offline(failure).first_look]


NO_IDENTITY = "because no identity-based policy allows the {} action"
SCP = "with an explicit deny in a service control policy"


@pytest.mark.parametrize(
    ("call", "action"), [("s3:HeadObject", "s3:GetObject"), ("bedrock:Converse", "bedrock:InvokeModel")]
)
def test_the_name_of_a_call_in_a_policy_is_said_to_be_no_action(call: str, action: str) -> None:
    text = refused(action, NO_IDENTITY.format(action))
    (failure,) = read_text(f"{text}\nthe role has Allow {call}")
    assert (
        f"{call} allows nothing, because it is the name of an API call, not an IAM action"
        in collect_offline(failure).verdict.summary
    )
    assert all("name of a call" not in cause for cause in causes(f"{text}\nthe role has Allow {action}"))


@pytest.mark.parametrize(("typed", "meant"), [("22223333444O", "222233334440"), ("22223333l444", "222233331444")])
def test_a_letter_in_an_account_number_is_named(typed: str, meant: str) -> None:
    text = refused("sqs:SendMessage", NO_IDENTITY.format("sqs:SendMessage"), f"arn:aws:iam::{typed}:user/ann")
    assert f"it may be {meant}" in causes(text)[0]


@pytest.mark.parametrize(
    "words",
    [
        'the account shows "Not current"',
        "Identity Center offers Reapply for it",
        '"ProvisioningStatus": "LATEST_PERMISSION_SET_NOT_PROVISIONED"',
    ],
)
def test_an_old_copy_of_a_permission_set_is_provisioned_again(words: str) -> None:
    caller = "arn:aws:sts::222233334444:assumed-role/AWSReservedSSO_Ops_0123456789abcdef/ann"
    text = refused("athena:ListWorkGroups", NO_IDENTITY.format("athena:ListWorkGroups"), caller)
    assert "provision-permission-set" in causes(f"{text}\n{words}".replace("Reapply", "reapply"))[0]


@pytest.mark.parametrize(
    "words",
    [
        "my CLI was out of date",
        "I had to reapply the Terraform plan",
        "--provisioning-status LATEST_PERMISSION_SET_NOT_PROVISIONED: []",
    ],
)
def test_words_of_something_else_are_no_old_copy(words: str) -> None:
    caller = "arn:aws:sts::222233334444:assumed-role/AWSReservedSSO_Ops_0123456789abcdef/ann"
    text = refused("athena:ListWorkGroups", NO_IDENTITY.format("athena:ListWorkGroups"), caller)
    assert not any("old version of the permission set" in each for each in causes(f"{text}\n{words}"))


@pytest.mark.parametrize("action", ["guardduty:DeleteDetector", "iam:CreateUser", "ec2:RunInstances"])
def test_a_deny_of_the_organization_has_no_reason_that_the_text_does_not_show(action: str) -> None:
    (cause,) = causes(refused(action, SCP, on="*"))
    assert cause.startswith("The organization denies this.")
    assert "Region" not in cause
    assert "root user" not in cause


def test_the_root_user_of_a_member_account_is_bound_too() -> None:
    text = refused("cloudtrail:DeleteTrail", SCP, "arn:aws:iam::222233334444:root")
    assert any("SCPs bind the root user of a member account" in cause for cause in causes(text))


@pytest.mark.parametrize("versions", ["5", "6"])
def test_the_versions_of_a_policy_cannot_be_raised(versions: str) -> None:
    text = (
        "An error occurred (LimitExceeded) when calling the CreatePolicyVersion operation: A managed policy can have "
        f"up to {versions} versions. Before you create a new version, you must delete an existing version."
    )
    cause = causes(text)[0]
    assert "cannot be raised" in cause
    assert "higher quota" not in cause


def test_another_quota_may_be_raised_where_the_service_allows_it() -> None:
    assert "where the service allows that" in causes("LimitExceededException: quota exceeded for the number of jobs")[0]


@pytest.mark.parametrize(("partition", "other"), [("aws-us-gov", "aws"), ("aws", "aws-cn")])
def test_a_resource_is_of_the_callers_partition(partition: str, other: str) -> None:
    text = (
        "An error occurred (MalformedPolicy) when calling the PutBucketPolicy operation: Policy has invalid resource\n"
        f"caller arn:{partition}:sts::222233334444:assumed-role/ops/ann\n"
        f'p.json: "Resource": "arn:{other}:s3:::logs/*"'
    )
    assert f"write arn:{partition}:s3:::logs/*" in collect_offline(read_text(text)[0]).verdict.summary


def test_a_resource_is_of_the_partition_of_the_region() -> None:
    text = (
        "An error occurred (MalformedPolicy) when calling the PutBucketPolicy operation: Policy has invalid resource\n"
        'resources = ["arn:aws:s3:::logs/*"]\nidentifiers = ["arn:aws-us-gov:iam::094418820736:role/auditor"]\n'
    )
    gov = collect_offline(read_text(f'{text}region = "us-gov-west-1"')[0])
    assert "write arn:aws-us-gov:s3:::logs/*" in gov.verdict.summary
    assert not any("arn:aws-us-gov:" in cause for cause in causes(text))


def test_names_that_are_cut_off_are_said_to_be() -> None:
    caller = "arn:aws:sts::222233334444:assumed-role/storefront-re\u2026"
    text = (
        f"AccessDeniedException: User: {caller} is not authorized to perform: dynamodb:Query on resource: "
        "arn:aws:dynamodb:us-east-1:222233334444:table/Carts/index/by-cus\u2026"
    )
    first = causes(text)[0]
    assert "cut off storefront-re\u2026 and by-cus\u2026" in first
    assert "table/Carts/index/* covers this resource" in first
    assert all("cut off" not in cause for cause in causes(text.replace("\u2026", "...")))
    (failure,) = read_text(text)
    assert "the text is cut off before its reason" in collect_offline(failure).verdict.summary


@pytest.mark.parametrize(("arn", "cut"), [("service/prod/web", False), ("servi", True), ("", True)])
def test_an_arn_that_ends_too_early_is_cut_off(arn: str, cut: bool) -> None:
    resource = f"arn:aws:ecs:eu-west-1:222233334444:{arn}" if arn else "arn:aws:ecs:eu-we"
    who = "arn:aws:iam::222233334444:user/x"
    text = f"User: {who} is not authorized to perform: ecs:UpdateService on resource: {resource}"
    assert any("has cut off" in cause for cause in causes(text)) is cut


STREAM = "arn:aws:kinesis:eu-west-1:222233334444:stream/clicks"
NO_PUT = refused(
    "kinesis:PutRecords",
    NO_IDENTITY.format("kinesis:PutRecords"),
    "arn:aws:sts::222233334444:assumed-role/etl/w1",
    STREAM,
)


@pytest.mark.parametrize(
    ("attached", "time", "soon"),
    [
        ("AttachRolePolicy role=etl OK", "02:14:09Z", True),
        ("AttachRolePolicy role=etl OK", "02:19:09Z", False),
        ("AttachRolePolicy role=etl OK", "02:14:01Z", False),
        ("AttachRolePolicy role=etl-2 OK", "02:14:09Z", False),
        ("AttachRolePolicy role=etl AccessDenied", "02:14:09Z", False),
        ("DetachRolePolicy role=etl OK", "02:14:09Z", False),
    ],
)
def test_a_policy_attached_seconds_before_the_call_takes_time(attached: str, time: str, soon: bool) -> None:
    found = causes(f"02:14:07Z {attached}\n{time} ERROR {NO_PUT}")
    assert found[0].startswith("A policy was attached 2 seconds before the call") is soon


@pytest.mark.parametrize(("day", "soon"), [("2026-11-03", True), ("2026-11-04", False)])
def test_a_policy_attached_on_another_day_is_not_new(day: str, soon: bool) -> None:
    found = causes(f"2026-11-03T02:14:07Z AttachRolePolicy role=etl OK\n{day}T02:14:09Z ERROR {NO_PUT}")
    assert found[0].startswith("A policy was attached 2 seconds before the call") is soon


def test_an_action_that_the_policy_allows_is_not_the_one_to_add() -> None:
    policy = f"clicks v1: Allow kinesis:PutRecord, kinesis:PutRecords {STREAM}"
    written = "- Effect: Allow\n  Action:\n    - kinesis:PutRecord\n    - kinesis:PutRecords\n  Resource: '*'"
    for each in (policy, written, "Effect: Allow\nAction: [kinesis:PutRecord, kinesis:PutRecords]"):
        assert not any("are different actions" in cause for cause in causes(f"{NO_PUT}\n{each}"))
    # The verdict says that the policy was attached a moment before.
    assert causes(f"02:14:07Z AttachRolePolicy role=etl OK\n02:14:09Z ERROR {NO_PUT}\n{policy}") == []


MODELS = "arn:aws:bedrock:{}::foundation-model/*"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "| api | result |\n| GetBucketVersioning | 200 |\n| GetBucketEncryption | 403 AccessDenied |\n"
            "| ListBuckets | 403 AccessDenied |\n\npolicy of app:\n"
            '  Action: [ s3:GetBucketEncryption, s3:ListBuckets, s3:GetBucketVersioning ]\n  Resource: "*"',
            "Write s3:GetEncryptionConfiguration and s3:ListAllMyBuckets.",
        ),
        (
            "Lambda calls us.amazon.nova-pro-v1:0 and gets authorization errors on bedrock:InvokeModel\n"
            f'{{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"{MODELS.format("us-west-2")}"}}',
            "The statement allows models in us-west-2 only",
        ),
        (
            'AccessDeniedException at SendEmail\n{"Effect":"Allow","Action":"ses:SendEmail","Resource":"*"}',
            "is checked as ses:SendRawEmail",
        ),
        (
            "the worker says AccessDenied for the function\n"
            '{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"*"}',
            "has lambda:InvokeFunction alone",
        ),
        (
            "PutObject: User: arn:aws:sts::222233334444:assumed-role/app/x is not authorized to perform: s3:PutObject "
            'on resource: "arn:aws:s3:::acme-exp\u2026 (message truncated)"',
            "cut off acme-exp\u2026: only the beginning",
        ),
        (
            "An error occurred (UnauthorizedOperation) when calling the AttachVolume operation: You are not authorized "
            "to perform this operation. Encoded authorization failure message: Uo9vH2fExAmPlEq7dk0s1RkX...",
            "the text has only its beginning",
        ),
    ],
)
def test_a_refusal_without_its_action_is_held_against_the_policy(text: str, words: str) -> None:
    assert words in causes(text)[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "AccessDenied on another call\n"
            '{"Effect":"Allow","Action":["s3:ListBuckets","s3:GetBucketVersioning"],"Resource":"*"}',
            "names of API calls",
        ),
        (
            "AccessDenied with us.amazon.nova-pro-v1:0\n"
            f'{{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":["{MODELS.format("us-west-2")}",'
            f'"{MODELS.format("us-east-1")}"]}}',
            "models in us-west-2 only",
        ),
        (
            "AccessDenied at SendEmail\n"
            '{"Effect":"Allow","Action":["ses:SendEmail","ses:SendRawEmail"],"Resource":"*"}',
            "ses:SendRawEmail",
        ),
        (
            "User `arn:aws:sts::222233334444:assumed-role/app/x' is not authorized to perform `ses:SendEmail' on "
            "resource `arn:aws:ses:eu-west-1:222233334444:identity/a@b.example'",
            "ses:SendRawEmail",
        ),
        (
            refused("bedrock:InvokeModel", SCP, on="arn:aws:bedrock:us-east-2::foundation-model/a.b")
            + '\nmodelId="us.anthropic.claude-3-5-haiku-20241022-v1:0"',
            "alone",
        ),
        (
            'AccessDenied\n{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}',
            "alone",
        ),
    ],
)
def test_a_policy_that_has_what_was_refused_is_not_blamed(text: str, words: str) -> None:
    assert not any(words in cause for cause in causes(text))


LAUNCH = (
    "User: arn:aws:sts::444455556666:assumed-role/ci/run is not authorized to perform: ec2:RunInstances on resource: "
    f"arn:aws:ec2:us-west-2:444455556666:instance/* {SCP}\n"
)


@pytest.mark.parametrize(
    ("said", "tag"),
    [
        ("Other team says it works for them with CostCenter tag", "CostCenter"),
        ("it worked when they set the tag `cost-center`", "cost-center"),
        ("the same launch goes through with the Data_Class tag", "Data_Class"),
        ("it does not work with the CostCenter tag either", ""),
        ("works without the CostCenter tag in the other account", ""),
        ("--tag-specifications 'ResourceType=instance,Tags=[{Key=CostCenter,Value=7}]'\nworks with CostCenter tag", ""),
    ],
)
def test_a_tag_with_which_it_works_is_what_the_deny_asks_for(said: str, tag: str) -> None:
    (failure,) = read_text(f"{LAUNCH}{said}")
    causes = " ".join(look.cause for look in collect_offline(failure).first_look)
    assert (f"works with the tag {tag}" in causes) if tag else ("works with the tag" not in causes)
