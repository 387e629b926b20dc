"""What the text says was granted, to whom, and what it says of the call: no stock cause contradicts it."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.denials.pasted import table_causes

BUILD = "arn:aws:sts::111122223333:assumed-role/nightly-build/0a1b"


def refused(action: str, on: str, who: str = BUILD) -> str:
    return f"User: {who} is not authorized to perform: {action} on resource: {on}"


REPOSITORY = refused("ecr:DeleteRepository", "arn:aws:ecr:eu-west-1:111122223333:repository/app")
SECRET = refused("secretsmanager:DeleteSecret", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:app-AbCdEf")


@pytest.mark.parametrize(
    ("said", "text"),
    [("The role has ecr:DeleteRepository.", REPOSITORY), ("Our policy allows secretsmanager:* on everything", SECRET)],
)
def test_an_action_that_is_granted_is_not_missing(said: str, text: str) -> None:
    action = text.partition("perform: ")[2].split()[0]
    text = f"{text} because no identity-based policy allows the {action} action"
    assert not any("Most often no statement has the action" in each for each in table_causes(f"{text}\n{said}"))
    assert any("Most often no statement has the action" in each for each in table_causes(text))
    tags = refused("ecr:TagResource", "arn:aws:ecr:eu-west-1:111122223333:repository/app")
    assert table_causes(tags) and not table_causes(f"{tags}\nThe role has ecr:TagResource.")


@pytest.mark.parametrize(
    "said",
    [
        "The role does not have ecr:DeleteRepository.",
        "no policy allows ecr:DeleteRepository yet",
        "no identity-based\npolicy allows the\necr:DeleteRepository action",  # as a narrow terminal breaks the line
    ],
)
def test_a_grant_that_is_denied_is_none(said: str) -> None:
    text = f"{REPOSITORY} because no identity-based policy allows the ecr:DeleteRepository action"
    assert any("Most often no statement has the action" in each for each in table_causes(f"{text}\n{said}"))


@pytest.mark.parametrize(
    "said", ["We gave DeployRole full access to it.", "I attached the policy to the role StageDeployRole yesterday."]
)
def test_the_permission_went_to_another_role(said: str) -> None:
    found = table_causes(f"{REPOSITORY}\n{said}")
    assert "two different roles" in found[0]
    assert "nightly-build" in found[0]


@pytest.mark.parametrize(
    "said",
    [
        "We gave nightly-build full access to it.",
        "we have read access to this",
        "I attached the AmazonEC2ContainerRegistryFullAccess policy yesterday",
        "we added AWSLambdaBasicExecutionRole permissions",
        "I have ReadOnly access",
    ],
)
def test_the_callers_own_grant_is_no_other(said: str) -> None:
    assert not any("two different roles" in each for each in table_causes(f"{REPOSITORY}\n{said}"))


REFUSED = "Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied)"


@pytest.mark.parametrize("said", ["We don't use this bucket ourselves", "I never run the nightly job by hand"])
def test_a_remark_is_no_reason(said: str) -> None:
    answer = collect_offline(read_text(f"{REFUSED}\n{said}, it is somebody else's")[0])
    assert said[:12] not in answer.verdict.summary
    assert said[:12] not in answer.steps[0].summary


@pytest.mark.parametrize(
    "said",
    ["aws s3 ls --no-sign-request s3://open-genomes/ works", "it works without any credentials elsewhere"],
)
def test_what_works_unsigned_was_signed_by_the_wrong_identity(said: str) -> None:
    (only,) = table_causes(f"{REFUSED}\n{said}")
    assert only.startswith("The data is public")


@pytest.mark.parametrize(
    "said",
    ["aws s3 ls --no-sign-request s3://open-genomes/ does not work either", "it doesn't work --no-sign-request or not"],
)
def test_what_fails_unsigned_too_is_not_public(said: str) -> None:
    assert not any("The data is public" in each for each in table_causes(f"{REFUSED}\n{said}"))


SPELLED = [
    ("Error: creating Glue Crawler (nightly) for role arn:aws:iam::111122223333:role/crawl: AccessDeniedException:",
     "glue:CreateCrawler", "crawl"),
    ("Error: creating IoT topic rule x for role arn:aws:iam::111122223333:role/rule: AccessDeniedException:",
     "iot:CreateTopicRule", "rule"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "action", "role"), SPELLED)
def test_an_operation_that_is_spelled_out(text: str, action: str, role: str) -> None:
    failure = read_text(f"{text}\n\tstatus code: 403, request id: 1c2d3e4f")[0]
    assert getattr(failure, "action", None) == action
    assert f"iam:PassRole on the role {role}" in table_causes(text)[0]


HANDLER = 'Resource handler returned message: "AccessDeniedException: {}" (HandlerErrorCode: AccessDenied)'


@pytest.mark.parametrize("kind", ["Datadog::Monitors::Monitor", "Acme::Mail::Domain"])
def test_a_third_partys_type_has_its_own_role(kind: str) -> None:
    who = "arn:aws:sts::111122223333:assumed-role/type-exec/1a2b"
    text = f"{kind} {HANDLER.format(refused('secretsmanager:GetSecretValue', 'app', who))}"
    found = table_causes(text)
    assert f"{kind} is a third party's" in found[0]
    assert not any(each.startswith("CloudFormation makes the call") for each in found)


KNOWN = [
    (refused("states:StartExecution", "arn:aws:states:eu-west-1:111122223333:stateMachine:m") + " DistributedMap",
     "executions of its own state machine"),
    (refused("iam:AttachRolePolicy", "role AWSReservedSSO_x") + " FailureReason of ProvisionPermissionSet",
     "permissions of whoever makes the assignment"),
    (refused("account:GetAlternateContact", "*") + "\naws account get-alternate-contact --account-id 111122223333",
     "without the parameter AccountId"),
    (refused("ce:GetCostAndUsage", "*", "arn:aws:iam::111122223333:user/fin"), "Billing is closed to users and roles"),
    (refused("rds-db:connect", "arn:aws:rds-db:eu-west-1:111122223333:dbuser:orders/app"), "resource ID"),
    (refused("ec2:CreateVolume", "*") + " from snap-0a1b2c3d",
     "also authorized on the snapshot"),
    (refused("cognito-idp:AdminGetUser", "*") + "\nexport const lookup = defineFunction({ name: 'lookup' })",
     "defineFunction grants the function nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), KNOWN)
def test_what_a_service_is_known_for(text: str, words: str) -> None:
    assert words in table_causes(text)[0]


def test_the_name_of_a_permission_sets_role_is_not_the_permission_sets() -> None:
    text = (
        "An error occurred (ForbiddenException) when calling the GetRoleCredentials operation: No access\n"
        "sso_role_name = AWSReservedSSO_Auditor_00112233445566aa"
    )
    found = table_causes(text)
    assert "here most likely Auditor" in found[0]
    assert "the permission set Auditor is not assigned" in found[1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Termination Reason: Client.InternalError: Client error on launch; EBS encryption by default is on",
         "which key encrypts the volumes"),
        ("rule to SNS topic fails; key policy: events.amazonaws.com kms:Decrypt StringEquals aws:SourceArn",
         "AWS does not support aws:SourceArn where EventBridge"),
    ],
)  # fmt: skip
def test_a_symptom_beside_a_key(text: str, words: str) -> None:
    assert words in table_causes(text)[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("unable to get ACTIONS_ID_TOKEN_REQUEST_URL env variable", "id-token: write"),
        ("ERROR scaler: awsAccessKeyID not found", "identityOwner: operator"),
    ],
)
def test_a_setting_that_is_in_the_text_is_not_asked_for(text: str, words: str) -> None:
    assert any(words in each for each in table_causes(text))
    answer = collect_offline(read_text(f"{text}\n    {words}")[0])
    asked = [each for each in answer.first_look if words in each.cause]
    assert all("is in the text" in each.cause for each in asked) or len(answer.first_look) == len(asked)


@pytest.mark.parametrize("name", ["deny-keys", "guard/limits"])
def test_a_deny_of_a_named_policy_is_to_be_read_there(name: str) -> None:
    arn = f"arn:aws:iam::111122223333:policy/{name}"
    text = f"{refused('iam:DeleteAccessKey', 'user x')} with an explicit deny in an identity-based policy: {arn}"
    assert f"Read {arn}, and narrow that statement" in table_causes(text)[0]


@pytest.mark.parametrize("operation", ["CreateFunction", "UpdateFunctionCode"])
def test_lambda_adds_the_repositorys_policy_where_the_message_is_empty(operation: str) -> None:
    empty = (
        f"lambda, package type Image from ECR: ({operation}) AccessDeniedException when calling {operation} operation:"
    )
    assert any("ecr:SetRepositoryPolicy" in each for each in table_causes(empty))
    named = refused(f"lambda:{operation}", "arn:aws:lambda:eu-west-1:111122223333:function:f")
    assert not any("ecr:SetRepositoryPolicy" in each for each in table_causes(f"{named} package type Image, ECR"))


S3 = "An error occurred (AccessDenied) when calling the ListObjectsV2 operation: Access Denied"
PARAMETER = "An error occurred (AccessDeniedException) when calling the GetParameter operation: Access Denied"


@pytest.mark.parametrize(
    ("said", "text", "words"),
    [
        ("The service account's role is airflow-s3 (AmazonS3FullAccess).", S3, "AmazonS3FullAccess"),
        ("job role: AmazonS3ReadOnlyAccess", S3, "AmazonS3ReadOnlyAccess"),
        ("Role gl-artifacts can do s3:* on that bucket, so is it the bucket policy?", S3, "s3:*"),
        ("our role may use s3:List* there", S3, "s3:List*"),
        ("worker-role has AmazonSSMFullAccess", PARAMETER, "AmazonSSMFullAccess"),
    ],
)
def test_who_called_comes_before_an_allow_that_the_text_shows(said: str, text: str, words: str) -> None:
    first = table_causes(f"{text}\n{said}")[0]
    assert f"({words})" in first and "that the call uses the identity with" in first


KEY = (
    "An error occurred (AccessDeniedException) when calling the GetSecretValue operation: Access to KMS is not allowed"
)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("Should I attach AmazonS3FullAccess?", S3),
        ("The role does not have AmazonS3FullAccess.", S3),
        ("AmazonS3FullAccess was removed from the role", S3),
        ("job role: AmazonSQSFullAccess", S3),  # another service's
        ("job role: AmazonS3ReadOnlyAccess", S3.replace("ListObjectsV2", "PutObject")),
        ("the role may not use s3:*", S3),
        ("it has sqs:* on the queue", S3),
        ("Which of our roles has s3:* ?", S3),
        ("the role has secretsmanager:GetSecretValue", KEY),  # the key's is another action
    ],
)
def test_no_policy_in_the_text_allows_it(said: str, text: str) -> None:
    assert not any("that the call uses the identity with" in each for each in table_causes(f"{text}\n{said}"))
