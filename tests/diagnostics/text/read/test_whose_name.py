"""A name that is taken is IAM's only where the text says so: a code, an ARN, a host, a tool, or IAM's own sentence."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline
from diagnostics.diagnosis import Confidence
from diagnostics.failure import Conflict, OtherFailure, Trouble
from diagnostics.text.read.parse import parse

STACK = "arn:aws:cloudformation:us-east-1:111122223333:stack/app/1"

_IN_DATABASE = "an object of the database that has the name"
_IN_CLUSTER = "an object of the cluster that has the name"


@pytest.mark.parametrize(
    ("text", "system"),
    [
        ('ERROR:  role "reader" already exists', _IN_DATABASE),
        ('psycopg2.errors.DuplicateObject: role "reader" already exists', _IN_DATABASE),
        ("ERROR 1396 (HY000): Operation CREATE USER failed for 'app'@'%'", _IN_DATABASE),
        ("User 'app'@'localhost' already exists", _IN_DATABASE),
        ("User, group, or role 'app' already exists in the current database.", _IN_DATABASE),
        ("SQL compilation error:\nObject 'READER' already exists.", _IN_DATABASE),
        ('MongoServerError: User "app@admin" already exists', "MongoDB"),
        ('{"errorMessage":"Role with name editor already exists"}', "Keycloak"),
        ('409 Conflict: {"errorMessage":"Client role with name editor already exists"}', "Keycloak"),
        ("Resource group with name web already exists!", "Azure"),
        ('Status=409 Code="RoleAssignmentExists" Message="The role assignment already exists."', "Azure"),
        ("Error 409: Role reader already exists in parent projects/web-1, alreadyExists", "Google Cloud"),
        ('Error from server (AlreadyExists): roles.rbac.authorization.k8s.io "reader" already exists', _IN_CLUSTER),
        ("useradd: user 'deploy' already exists", "the operating system"),
        ("groupadd: group 'docker' already exists", "the operating system"),
        (f"/aws/lambda/x already exists in stack {STACK}", "a resource of another service"),
        ("An error occurred: HelloLogGroup - /aws/lambda/hello already exists.", "a resource of another service"),
        ("An error occurred: OrdersTable - orders already exists.", "a resource of another service"),
    ],
)
def test_what_others_have_is_named_as_theirs(text: str, system: str) -> None:
    (failure,) = parse(text)
    assert isinstance(failure, OtherFailure)
    assert (failure.trouble, failure.detail) == (Trouble.NOT_IAM, system)
    assert collect_offline(failure).fixes[0].change.text.startswith(("Look ", "Check ", "Log in"))


@pytest.mark.parametrize(
    "text",
    [
        "Group with name 'Travel 2026' already exists",
        "The group Travel already exists",
        "Sorry, user bob already exists. Choose another name.",
        "User already exists",
        "role reader already exists",
        "error: policy reader already exists!",
        "Validation failed: Role has already been taken",
    ],
)
def test_what_nobody_is_named_for_is_not_claimed(text: str) -> None:
    (failure,) = parse(text)
    assert isinstance(failure, OtherFailure)
    assert collect_offline(failure).verdict.confidence is Confidence.UNKNOWN


@pytest.mark.parametrize("host", ["1a2b.r2.cloudflarestorage.com", "fra1.digitaloceanspaces.com", "s3.wasabisys.com"])
def test_a_store_that_only_speaks_s3s_language(host: str) -> None:
    (failure,) = parse(
        f"$ aws s3 cp a s3://b/a --endpoint-url https://{host}\nupload failed: ./a to s3://b/a An error occurred "
        "(AccessDenied) when calling the PutObject operation: Access Denied"
    )
    assert isinstance(failure, OtherFailure)
    assert (failure.trouble, failure.detail) == (Trouble.NOT_IAM, "the S3-compatible store")


def test_iams_own_sentence_alone_is_read_and_not_sworn_to() -> None:
    (failure,) = parse("Role with name app already exists.")
    assert isinstance(failure, Conflict)
    assert (failure.entity_type, failure.name) == ("role", "app")
    assert collect_offline(failure).verdict.confidence is Confidence.UNKNOWN


@pytest.mark.parametrize(
    "evidence",
    [
        "EntityAlreadyExists: ",
        "An error occurred (EntityAlreadyExists) when calling the CreateRole operation: ",
        "operation error IAM: CreateRole, https response error StatusCode: 409, RequestID: 1, ",
        "error creating arn:aws:iam::111122223333:role/app: ",
        "POST https://iam.amazonaws.com/ 409 ",
        "CREATE_FAILED | AWS::IAM::Role | AppRole | ",
    ],
)
def test_any_word_of_aws_makes_it_iams(evidence: str) -> None:
    (failure,) = parse(f"{evidence}role with name app already exists")
    assert isinstance(failure, Conflict)
    assert failure.name == "app"
    assert collect_offline(failure).verdict.confidence is Confidence.LIKELY


@pytest.mark.parametrize(
    ("logical", "kind"),
    [
        ("IamRoleLambdaExecution", "role"),
        ("ServiceRole", "role"),
        ("HelloIamRoleLambdaExecution", "role"),
        ("WebInstanceProfile", "instance-profile"),
        ("ReadPolicy", "policy"),
    ],
)
@pytest.mark.parametrize("owner", ["", f" in stack {STACK}"])
def test_the_serverless_framework_names_the_logical_id_first(logical: str, kind: str, owner: str) -> None:
    (failure,) = parse(f"  Serverless Error ----\n\n  An error occurred: {logical} - shop-dev already exists{owner}.")
    assert isinstance(failure, Conflict)
    assert (failure.entity_type, failure.name) == (kind, "shop-dev")
    assert failure.owner_stack == (STACK if owner else None)


@pytest.mark.parametrize(
    "text",
    [
        "An error occurred (InvalidInput) when calling the CreateServiceLinkedRole operation: Service role name "
        "AWSServiceRoleForBatch has been taken in this account, please try a different suffix.",
        "EntityAlreadyExists: Role with name AWSServiceRoleForECS already exists.",
        "EntityAlreadyExists: Role with name AWSReservedSSO_Admins_0123456789abcdef already exists.",
    ],
)
def test_a_name_of_awss_own_roles_tells_whose_it_is(text: str) -> None:
    (failure,) = parse(text)
    verdict = collect_offline(failure).verdict
    assert (verdict.cause, verdict.confidence) == ("role.service-owned", Confidence.CERTAIN)


def test_numbers_of_a_log_are_no_refusal() -> None:
    lines = "\n\n".join(f"2026-11-24T10:00:00Z web INFO GET /orders/{number} 200" for number in range(42_600, 42_800))
    (failure,) = parse(lines)
    assert isinstance(failure, OtherFailure)
    assert failure.trouble is Trouble.UNRECOGNIZED
