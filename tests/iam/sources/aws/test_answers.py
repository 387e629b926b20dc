"""An answer that lacks what it always has is a read that failed, whatever was asked, and never "there are none"."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import pytest
from botocore import xform_name

from iam.changes.operations.table import OPERATIONS
from iam.policy.document import Document
from iam.policy.lint import PolicyKind
from iam.sources.aws.answer_table import ANSWERS, ENUMERATIONS, NOT_ALWAYS, SHAPES
from iam.sources.aws.answers import NotAnAnswer, _Rule
from iam.sources.aws.calls import LoggedOutcome
from iam.sources.aws.entities import _LISTINGS
from iam.sources.aws.errors import why
from iam.sources.aws.reader import AwsReader
from iam.sources.aws.session import FAILURES, Aws
from iam.sources.reader.reading import Reading
from tests.iam.sources.conftest import TRUST, answer, core_session

ACCOUNT = "123456789012"
CALLS = [(service, operation) for service, operations in ANSWERS.items() for operation in operations]
PORTAL = b"<!DOCTYPE html>\n<html><body>Log in to the hotel's network</body></html>"


def nothing(operation: str, protocol: str) -> bytes:
    """A whole answer in the service's protocol that says nothing."""
    if protocol in ("json", "rest-json"):
        return b"{}"
    return f"<{operation}Response><{operation}Result/></{operation}Response>".encode()


FAULTS: dict[str, Callable[[str, str], bytes]] = {
    "nothing in it": nothing,
    "cut": lambda operation, protocol: b'{"Policy": "{}", "Events": [{"Na' if "json" in protocol else b"<a><b>text</",
    "cut early": lambda operation, protocol: nothing(operation, protocol)[:-1],
    "empty": lambda operation, protocol: b"",
    "a web page": lambda operation, protocol: PORTAL,
    "a list": lambda operation, protocol: b"[]",
    "null": lambda operation, protocol: b"null",
}


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> boto3.Session:
    """Without moto: every answer is given here."""
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    return boto3.Session(
        "AKIAEXAMPLEEXAMPLE00", "not-a-secret", region_name="us-east-1", botocore_session=core_session()
    )


# botocore takes XML of S3 that cannot be parsed for a status of 500, and tries again.
_S3 = tuple(
    f"AWS answered s3:{operation} with 500" for operation in ("GetPublicAccessBlock", "ListBuckets", "ListObjectsV2")
)
ARNS = {"kinesis": f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/x"}


def least(shape: Any, service: str) -> Any:
    """The smallest value that botocore takes for a parameter."""
    if shape is None:
        return {}
    if shape.type_name == "structure":
        return {name: least(shape.members[name], service) for name in shape.required_members}
    if shape.type_name == "list":
        return [least(shape.member, service)] * int(shape.metadata.get("min", 0))
    if shape.type_name in ("integer", "long"):
        return int(shape.metadata.get("min", 1))
    if shape.type_name == "map":
        return {}
    if shape.type_name == "boolean":
        return True
    if shape.name == "ResourceARN" and service in ARNS:
        return ARNS[service]
    return shape.enum[0] if shape.enum else "x" * max(int(shape.metadata.get("min", 1)), 3)


@pytest.mark.parametrize(("service", "operation"), CALLS)
def test_every_answer_is_looked_at(session: boto3.Session, service: str, operation: str) -> None:
    aws = Aws(session)
    client = aws.client(service)
    parameters = least(client.meta.service_model.operation_model(operation).input_shape, service)
    body = b""
    client.meta.events.register_first("before-send", lambda request, **_: answer(request.url, 200, body))
    for name, fault in FAULTS.items():
        if fault is nothing and operation == "ListQueues":
            continue
        body = fault(operation, client.meta.service_model.resolved_protocol)
        with pytest.raises(FAILURES) as failure:
            getattr(client, xform_name(operation))(**parameters)
        sentence = why(f"{service}:{operation}", failure.value)
        assert sentence.startswith(
            (f"The response to {service}:{operation} did not come from AWS, or was cut off (", *_S3)
        ), name
        assert len(sentence) < 200 and "<" not in sentence
        call = aws.log.calls()[-1]
        assert call.outcome is LoggedOutcome.ERROR and call.operation == operation


@pytest.mark.parametrize("status", [302, 403, 404, 503])
@pytest.mark.parametrize(
    ("service", "operation"),
    [("iam", "ListRoles"), ("cloudtrail", "LookupEvents"), ("s3", "ListBuckets"), ("lambda", "ListFunctions")],
)
def test_a_refusal_by_a_web_page_is_not_said_to_be_of_aws(
    session: boto3.Session, service: str, operation: str, status: int
) -> None:
    session.events.register_first("before-send", lambda request, **_: answer(request.url, status, PORTAL))
    reading = Aws(session).read(
        f"{service}:{operation}", lambda: getattr(Aws(session).client(service), xform_name(operation))()
    )
    assert "denied" not in reading.why and "<" not in reading.why and len(reading.why) < 200
    if status < 500:
        assert f"did not come from AWS, or was cut off (a web page with status {status})" in reading.why


@pytest.mark.parametrize("service", ANSWERS)
def test_the_table_is_right(session: boto3.Session, service: str) -> None:
    """Every path, parameter, shape and member in it is one of botocore's."""
    model = session.client(service).meta.service_model
    for operation, rows in ANSWERS[service].items():
        for rule in map(_Rule.of, rows):
            shape = model.operation_model(operation).output_shape
            for key in rule.path:
                shape = shape.value if shape.type_name == "map" else shape.member if key == "[]" else shape.members[key]
            if rule.relation:
                assert rule.parameter in model.operation_model(operation).input_shape.members
    for name, members in SHAPES.get(service, {}).items():
        assert set(members) <= set(model.shape_for(name).members) - set(model.shape_for(name).required_members)
    for left_out in NOT_ALWAYS.get(service, {}).values():
        for name, member in (each.split(".") for each in left_out):
            assert member in model.shape_for(name).required_members
    for name in ENUMERATIONS.get(service, {}):
        assert model.shape_for(name).enum


@pytest.mark.parametrize(
    ("service", "operation", "whole"),
    [
        ("rds", "DescribeDBInstances", nothing("DescribeDBInstances", "query")),
        ("ssm", "DescribeParameters", b"{}"),
        ("batch", "ListJobs", b"{}"),
        ("s3", "ListBuckets", b"<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>"),
        ("route53", "ListHostedZones", b"<ListHostedZonesResponse><HostedZones/></ListHostedZonesResponse>"),
    ],
)
def test_a_session_that_is_tried_calls_anything_and_no_web_page_says_that_it_works(
    session: boto3.Session, service: str, operation: str, whole: bytes
) -> None:
    client = Aws(session).client_with(service, "ASIAEXAMPLEEXAMPLE00", "not-a-secret", "token")
    call, bodies = getattr(client, xform_name(operation)), [b"[]", b"", PORTAL, whole]
    client.meta.events.register_first("before-send", lambda request, **_: answer(request.url, 200, bodies[-1]))
    assert call()["ResponseMetadata"]["HTTPStatusCode"] == 200
    for _ in range(3):
        bodies.pop()
        with pytest.raises(FAILURES):
            call()


def test_a_call_that_is_not_in_the_table_is_not_believed(session: boto3.Session) -> None:
    body = nothing("GetAccessKeyLastUsed", "query")
    session.events.register_first("before-send", lambda request, **_: answer(request.url, 200, body))
    aws = Aws(session)
    with pytest.raises(NotAnAnswer, match="what GetAccessKeyLastUsed always answers is not in"):
        aws.client("iam").get_access_key_last_used(AccessKeyId="AKIAEXAMPLEEXAMPLE00")


def test_whatever_creates_says_what_it_made() -> None:
    creating = {operation for operation in OPERATIONS if operation.startswith("Create")}
    assert creating <= set(ANSWERS["iam"])


ROLE = f"arn:aws:iam::{ACCOUNT}:role/app/orders-api"
QUESTIONS: dict[str, Callable[[AwsReader], Reading[Any]]] = {
    "role": lambda reader: reader.role("orders-api"),
    "roles": lambda reader: reader.roles(),
    "user": lambda reader: reader.user("ben"),
    "group": lambda reader: reader.group("Operators"),
    "instance profile": lambda reader: reader.instance_profile("orders-api"),
    "oidc": lambda reader: reader.oidc_provider(f"arn:aws:iam::{ACCOUNT}:oidc-provider/x"),
    "saml": lambda reader: reader.saml_provider(f"arn:aws:iam::{ACCOUNT}:saml-provider/x"),
    "certificate": lambda reader: reader.server_certificate("x"),
    "devices": lambda reader: reader.mfa_devices(),
    "devices of": lambda reader: reader.mfa_devices("ben"),
    "password": lambda reader: reader.login_profile("ben"),
    "passwords": lambda reader: reader.password_policy(),
    "keys": lambda reader: reader.access_keys("ben"),
    "credentials": lambda reader: reader.credentials("ben"),
    "managed policy": lambda reader: reader.managed_policy(f"arn:aws:iam::{ACCOUNT}:policy/Assets"),
    "customer policy": lambda reader: reader.customer_policy("Assets"),
    "summary": lambda reader: reader.account_summary(),
    "last accessed": lambda reader: reader.last_accessed(ROLE),
    "deletion": lambda reader: reader.deletion_status("x"),
    "trust": lambda reader: reader.resource_policy(ROLE),
    "grants": lambda reader: reader.key_grants(f"arn:aws:kms:us-east-1:{ACCOUNT}:key/x"),
    "tags": lambda reader: reader.resource_tags(f"arn:aws:sqs:us-east-1:{ACCOUNT}:x"),
    "public access": lambda reader: reader.public_access_block("bucket"),
    "endpoints": lambda reader: reader.vpc_endpoints(""),
    "stacks": lambda reader: reader.all_stack_resources(),
    "stack": lambda reader: reader.stack_resources("x"),
    "instances": lambda reader: reader.instances(),
    "bindings": lambda reader: reader.bindings(ROLE),
    "organization": lambda reader: reader.organization(),
    "organization's policy": lambda reader: reader.organization_policy("arn:aws:organizations::1:policy/o/scp/p-x"),
    "permission set": lambda reader: reader.permission_set_accounts("x", "us-east-1"),
    "events": lambda reader: reader.events(resource_name="x"),
    "decoded": lambda reader: reader.decode_authorization_message("x"),
    "record": lambda reader: reader.authorization_record("x", None),
    "validation": lambda reader: reader.validate_policy(Document.from_value(TRUST), PolicyKind.TRUST),
    **{f"names of {kind}": lambda reader, kind=kind: reader.entity_names(kind) for kind in _LISTINGS},
    **{
        f"policy of {arn.split(':')[2]}": lambda reader, arn=arn: reader.resource_policy(arn)
        for arn in (
            "arn:aws:s3:::bucket/key",
            f"arn:aws:s3:us-east-1:{ACCOUNT}:accesspoint/point",
            f"arn:aws:kms:us-east-1:{ACCOUNT}:key/x",
            f"arn:aws:sqs:us-east-1:{ACCOUNT}:x",
            f"arn:aws:sns:us-east-1:{ACCOUNT}:x",
            f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:x",
            f"arn:aws:events:us-east-1:{ACCOUNT}:event-bus/x",
            f"arn:aws:es:us-east-1:{ACCOUNT}:domain/xyz",
            f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:x",
            f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/xy",
            f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/xyz",
            f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/x",
            f"arn:aws:backup:us-east-1:{ACCOUNT}:backup-vault:x",
            f"arn:aws:elasticfilesystem:us-east-1:{ACCOUNT}:file-system/fs-12345678",
        )
    },
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_takes_it_for_none(session: boto3.Session, question: str) -> None:
    reader = AwsReader(session)
    given = caller

    def faulty(request: Any, event_name: str, **_: Any) -> Any:
        _, service, operation = event_name.split(".")
        return answer(request.url, 200, given(operation, "query" if service in _XML else "json"))

    session.events.register_first("before-send", faulty)
    assert reader.caller().found
    for name, given in FAULTS.items():  # noqa: B007 - the handler reads it
        reading = QUESTIONS[question](reader)
        assert reading.unreadable and reading.value is None, name
        assert "did not come from AWS, or was cut off" in reading.why or "PublicAccessBlock with 500" in reading.why, (
            name
        )


def caller(operation: str, protocol: str) -> bytes:
    return (
        b"<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/carla</Arn>"
        b"<UserId>AIDA</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
    )


_XML = ("iam", "sts", "sns", "cloudformation", "ec2", "s3", "s3-control")


class _Half(BaseHTTPRequestHandler):
    """Says how long the answer is and sends the half of it."""

    def do_POST(self) -> None:
        body = b'{"Events": [{"EventName": "DeleteRole"}, {"EventName": "CreateRole"}]}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def half() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Half)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_connection_that_breaks_off(session: boto3.Session, half: str) -> None:
    reading = AwsReader(session, endpoint_url=half).events(resource_name="x")
    assert reading.unreadable and "cloudtrail:LookupEvents" in reading.why


def test_an_answer_about_another_account_is_none(session: boto3.Session) -> None:
    """The credentials became others' while the account was read."""

    def respond(request: Any, event_name: str, **_: Any) -> Any:
        if event_name.endswith("GetCallerIdentity"):
            caller = f"<Account>{ACCOUNT}</Account><Arn>arn:aws:iam::{ACCOUNT}:user/x</Arn><UserId>AIDA</UserId>"
            body = f"<R><GetCallerIdentityResponse/><GetCallerIdentityResult>{caller}</GetCallerIdentityResult></R>"
        else:
            user = (
                "<Arn>arn:aws:iam::444455556666:user/x</Arn><UserName>x</UserName><Path>/</Path><UserId>AIDA</UserId>"
                "<CreateDate>2026-01-01T00:00:00Z</CreateDate>"
            )
            body = f"<GetUserResponse><GetUserResult><User>{user}</User></GetUserResult></GetUserResponse>"
        return answer(request.url, 200, body.encode())

    session.events.register_first("before-send", respond)
    aws = Aws(session)

    def read() -> Reading[Any]:
        return aws.read("iam:GetUser", lambda: aws.client("iam").get_user()["User"])

    assert read().found
    aws.caller()
    assert "an answer about account 444455556666" in read().why


# An answer that is whole, and what may be wrong with it.

WHEN = "<CreateDate>2026-01-01T00:00:00Z</CreateDate>"
BEN = f"<Path>/</Path><UserName>ben</UserName><UserId>AIDA</UserId><Arn>arn:aws:iam::{ACCOUNT}:user/ben</Arn>{WHEN}"
KEY = "<UserName>ben</UserName><AccessKeyId>AKIAIOSFODNN7EXAMPLE</AccessKeyId><Status>Active</Status>"
ATTACHED = "<PolicyName>Assets</PolicyName><PolicyArn>arn:aws:iam::123456789012:policy/Assets</PolicyArn>"
VERSION = "<VersionId>v2</VersionId><IsDefaultVersion>true</IsDefaultVersion><Document>%7B%7D</Document>"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/id.example.com/pool"


def xml(operation: str, content: str) -> bytes:
    return f"<{operation}Response><{operation}Result>{content}</{operation}Result></{operation}Response>".encode()


def member(content: str, name: str = "AttachedPolicies") -> str:
    return f"<{name}><member>{content}</member></{name}>"


PASSES: dict[str, tuple[str, dict[str, Any], str]] = {
    "a list that ends": (
        "ListAttachedRolePolicies",
        {"RoleName": "x"},
        member(ATTACHED) + "<IsTruncated>false</IsTruncated>",
    ),
    "an empty list": ("ListAttachedRolePolicies", {"RoleName": "x"}, "<AttachedPolicies/>"),
    "an empty list on two lines": ("ListRolePolicies", {"RoleName": "x"}, "<PolicyNames>\n </PolicyNames>"),
    "a name in other letters": ("GetUser", {"UserName": "BEN"}, f"<User>{BEN}</User>"),
    "nobody in particular": ("GetUser", {}, f"<User>{BEN}</User>"),
    "the root user": (
        "GetUser",
        {},
        f"<User><UserId>{ACCOUNT}</UserId><Arn>arn:aws:iam::{ACCOUNT}:root</Arn>{WHEN}</User>",
    ),
    "the root user's device": (
        "ListVirtualMFADevices",
        {},
        member(
            f"<SerialNumber>arn:aws:iam::{ACCOUNT}:mfa/root</SerialNumber><User><UserId>{ACCOUNT}</UserId>"
            f"<Arn>arn:aws:iam::{ACCOUNT}:root</Arn>{WHEN}</User>",
            "VirtualMFADevices",
        ),
    ),
    "a job that runs": (
        "GetServiceLastAccessedDetails",
        {"JobId": "x" * 36},
        "<JobStatus>IN_PROGRESS</JobStatus><JobCreationDate>2026-01-01T00:00:00Z</JobCreationDate>",
    ),
    "a provider": (
        "GetOpenIDConnectProvider",
        {"OpenIDConnectProviderArn": PROVIDER},
        "<Url>id.example.com/pool</Url>",
    ),
    "a member that is new": (
        "GetUser",
        {"UserName": "ben"},
        f"<User>{BEN}<Mood><Of>x</Of></Mood></User><More>x</More>",
    ),
}

WRONG: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "an attached policy without its ARN": (
        "ListAttachedRolePolicies",
        {"RoleName": "x"},
        member("<PolicyName>Assets</PolicyName>"),
        "without AttachedPolicies[0].PolicyArn",
    ),
    "the second without its name": (
        "ListAttachedUserPolicies",
        {"UserName": "x"},
        f"<AttachedPolicies><member>{ATTACHED}</member><member><PolicyArn>{PROVIDER}</PolicyArn></member>"
        "</AttachedPolicies>",
        "without AttachedPolicies[1].PolicyName",
    ),
    "a user without an ID": (
        "GetUser",
        {"UserName": "ben"},
        f"<User>{BEN}</User>".replace("<UserId>AIDA</UserId>", ""),
        "without User.UserId",
    ),
    "no user": ("GetUser", {"UserName": "ben"}, "<User/>", "without User.UserId"),
    "another user": ("GetUser", {"UserName": "carla"}, f"<User>{BEN}</User>", "another request, with UserName ben"),
    "another user's keys": (
        "ListAccessKeys",
        {"UserName": "carla"},
        member(KEY, "AccessKeyMetadata"),
        "another request, with UserName ben",
    ),
    "another version": (
        "GetPolicyVersion",
        {"PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/x", "VersionId": "v1"},
        f"<PolicyVersion>{VERSION}</PolicyVersion>",
        "another request, with VersionId v2",
    ),
    "another provider": (
        "GetOpenIDConnectProvider",
        {"OpenIDConnectProviderArn": PROVIDER},
        "<Url>id.example.com/other</Url>",
        "another request, with Url id.example.com/other",
    ),
    "a list that goes on nowhere": (
        "ListRolePolicies",
        {"RoleName": "x"},
        member("a", "PolicyNames") + "<IsTruncated>true</IsTruncated>",
        "a list that goes on (IsTruncated), without a Marker",
    ),
    "a list that ends and goes on": (
        "ListRolePolicies",
        {"RoleName": "x"},
        member("a", "PolicyNames") + "<IsTruncated>false</IsTruncated><Marker>m</Marker>",
        "with a Marker, but without IsTruncated",
    ),
    "a marker alone": (
        "ListRolePolicies",
        {"RoleName": "x"},
        member("a", "PolicyNames") + "<Marker>m</Marker>",
        "with a Marker, but without IsTruncated",
    ),
    "text for a list": (
        "ListRolePolicies",
        {"RoleName": "x"},
        "<PolicyNames>a</PolicyNames>",
        "of another kind: PolicyNames",
    ),
    "two names for one": (
        "GetUser",
        {"UserName": "ben"},
        f"<User>{BEN}<UserName>ben</UserName></User>",
        "of another kind: User.UserName",
    ),
}


@pytest.mark.parametrize("case", PASSES)
def test_what_is_right_passes(session: boto3.Session, case: str) -> None:
    operation, parameters, content = PASSES[case]
    session.events.register_first("before-send", lambda request, **_: answer(request.url, 200, xml(operation, content)))
    assert getattr(Aws(session).client("iam"), xform_name(operation))(**parameters)


@pytest.mark.parametrize("case", WRONG)
def test_what_does_not_fit_the_request_is_not_read(session: boto3.Session, case: str) -> None:
    operation, parameters, content, reason = WRONG[case]
    session.events.register_first("before-send", lambda request, **_: answer(request.url, 200, xml(operation, content)))
    aws = Aws(session)
    call = f"iam:{operation}"
    reading = aws.read(call, lambda: getattr(aws.client("iam"), xform_name(operation))(**parameters))
    assert reading.value is None and reason in reading.why and call in reading.why
    assert aws.log.running() == ()


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "body", "reason"),
    [
        ("lambda", "ListFunctions", {}, {"Functions": "none"}, "of another kind"),
        ("lambda", "ListFunctions", {}, {"Functions": ["x"]}, "of another kind"),
        ("lambda", "ListFunctions", {}, {"Functions": [{"FunctionName": "x", "FunctionArn": "y"}]}, "[0].Role"),
        ("lambda", "GetPolicy", {"FunctionName": "x"}, {"Policy": {"Statement": []}}, "of another kind: Policy"),
        ("kms", "ListGrants", {"KeyId": "x"}, {"Grants": [None]}, "of another kind: Grants[0]"),
        ("kms", "ListGrants", {"KeyId": "x"}, {"Grants": [], "Truncated": True}, "goes on (Truncated)"),
        ("cloudtrail", "LookupEvents", {}, {"Events": [{"EventName": "DeleteRole"}]}, "Events[0].EventTime"),
        ("events", "DescribeEventBus", {"Name": "a"}, {"Name": "b"}, "another request, with Name b"),
        (
            "resourcegroupstaggingapi",
            "GetResources",
            {"ResourceARNList": ["arn:aws:sqs:us-east-1:1:a"]},
            {"ResourceTagMappingList": [{"ResourceARN": "arn:aws:sqs:us-east-1:1:b", "Tags": []}]},
            "another request",
        ),
        ("athena", "GetWorkGroup", {"WorkGroup": "a"}, {"WorkGroup": {"Name": "b"}}, "another request"),
    ],
)
def test_json_that_does_not_fit_is_not_read(
    session: boto3.Session, service: str, operation: str, parameters: dict[str, Any], body: Any, reason: str
) -> None:
    content = json.dumps(body).encode()
    session.events.register_first("before-send", lambda request, **_: answer(request.url, 200, content))
    aws = Aws(session)
    reading = aws.read(
        f"{service}:{operation}", lambda: getattr(aws.client(service), xform_name(operation))(**parameters)
    )
    assert reading.value is None and reason in reading.why


def test_a_word_that_decides_and_is_new_is_not_read(session: boto3.Session) -> None:
    content = xml("ListAccessKeys", member(KEY.replace("Active", "Dormant"), "AccessKeyMetadata"))
    session.events.register_first("before-send", lambda request, **_: answer(request.url, 200, content))
    reading = AwsReader(session).access_keys("ben")
    assert reading.value is None and "the status Dormant is unknown to this version of rolescope" in reading.why


def test_a_job_in_a_state_that_is_new_is_not_awaited(session: boto3.Session) -> None:
    at = "2026-01-01T00:00:00Z"
    bodies = {
        "GenerateServiceLastAccessedDetails": f"<JobId>{'x' * 36}</JobId>",
        "GetServiceLastAccessedDetails": f"<JobStatus>MOSTLY_DONE</JobStatus><JobCreationDate>{at}</JobCreationDate>",
    }

    def respond(request: Any, event_name: str, **_: Any) -> Any:
        operation = event_name.rpartition(".")[2]
        return answer(request.url, 200, xml(operation, bodies[operation]))

    session.events.register_first("before-send", respond)
    reading = AwsReader(session).last_accessed(ROLE)
    assert reading.value is None and "the status MOSTLY_DONE is unknown to this version" in reading.why


@pytest.mark.parametrize("value", ["us-east-1", ["a", "b"], {"a": 1}, 3, True])
def test_a_document_may_be_any_json(session: boto3.Session, value: Any) -> None:
    content = json.dumps({"requestContext": {"aws:x": value}, "evaluations": [], "policies": []}).encode()
    session.events.register_first("before-send", lambda request, **_: answer(request.url, 200, content))
    found = Aws(session).client("iam-toolbox").get_request_authorization_details(authorizationId="x")
    assert found["requestContext"] == {"aws:x": value}


def test_a_word_that_decides_nothing_may_be_new(session: boto3.Session) -> None:
    function = {"FunctionName": "x", "FunctionArn": "y", "Role": "z", "Runtime": "cobol2027"}
    content = json.dumps({"Functions": [function]}).encode()
    session.events.register_first("before-send", lambda request, **_: answer(request.url, 200, content))
    assert Aws(session).client("lambda").list_functions()["Functions"] == [function]
