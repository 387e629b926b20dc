"""Single questions to AWS: found, not there, or not readable, and never one taken for the other."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from iam.policy.layer import Layer
from iam.simulator import SimulationFailure, SimulationRequest
from iam.sources.aws.reader import AwsReader
from iam.sources.aws.session import Patience
from iam.sources.reader.entities import PasswordPolicy
from iam.sources.reader.reading import Reading
from iam.sources.reader.recorded_effect import Effect
from tests.iam.sources.conftest import TRUST, Fail

ACCOUNT = "123456789012"
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]}
Ask = Callable[[AwsReader], Reading[Any]]


@pytest.mark.parametrize(
    ("ask", "operation"),
    [
        (lambda reader: reader.role("nobody"), "GetRole"),
        (lambda reader: reader.user("nobody"), "GetUser"),
        (lambda reader: reader.group("nobody"), "GetGroup"),
        (lambda reader: reader.instance_profile("nobody"), "GetInstanceProfile"),
        (lambda reader: reader.managed_policy(f"arn:aws:iam::{ACCOUNT}:policy/nobody"), "GetPolicy"),
        (
            lambda reader: reader.oidc_provider(f"arn:aws:iam::{ACCOUNT}:oidc-provider/x"),
            "GetOpenIDConnectProvider",
        ),
        (lambda reader: reader.saml_provider(f"arn:aws:iam::{ACCOUNT}:saml-provider/x"), "GetSAMLProvider"),
        (lambda reader: reader.server_certificate("nobody"), "GetServerCertificate"),
        (lambda reader: reader.login_profile("nobody"), "GetLoginProfile"),
        (lambda reader: reader.access_keys("nobody"), "ListAccessKeys"),
        (lambda reader: reader.customer_policy("nobody"), "ListPolicies"),
        (lambda reader: reader.resource_policy(f"arn:aws:iam::{ACCOUNT}:role/nobody"), "GetRole"),
    ],
)
def test_not_there_and_not_readable_are_two_things(seeded: boto3.Session, fail: Fail, ask: Ask, operation: str) -> None:
    reading = ask(AwsReader(seeded))
    assert reading.absent and not reading.unreadable and operation.lower() in reading.call.lower()
    fail("iam", operation, "AccessDenied")
    reading = ask(AwsReader(seeded))
    assert reading.unreadable and not reading.absent and f"iam:{operation}" in reading.why


def test_an_account_without_a_password_policy_has_that_of_aws(seeded: boto3.Session, fail: Fail) -> None:
    reader = AwsReader(seeded)
    assert reader.password_policy().value == PasswordPolicy(8, default=True)
    seeded.client("iam").update_account_password_policy(MinimumPasswordLength=20, PasswordReusePrevention=5)
    assert reader.password_policy().value == PasswordPolicy(20, 5)
    fail("iam", "GetAccountPasswordPolicy", "AccessDenied")
    denied = AwsReader(seeded).password_policy()
    assert denied.value is None and "iam:GetAccountPasswordPolicy" in denied.why


def test_entities_are_read_whole(seeded: boto3.Session) -> None:
    reader = AwsReader(seeded)
    user = reader.user("ben").value
    assert user is not None and user.groups == ("Operators",) and user.inline == () and user.tags == {}
    group = reader.group("Operators").value
    assert group is not None and group.inline is not None and group.inline[0].name == "ops"
    policy = reader.customer_policy("ASSETS").value
    assert policy is not None and [version.id for version in policy.versions] == ["v2", "v1"]
    provider = reader.oidc_provider(f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com").value
    assert provider is not None and provider.client_ids == ("sts.amazonaws.com",)
    profile = reader.instance_profile("orders-api").value
    assert profile is not None and profile.roles == ("orders-api",)
    seeded.client("iam").create_login_profile(UserName="ben", Password="not-a-secret")
    seeded.client("iam").create_access_key(UserName="ben")
    assert reader.login_profile("ben").found
    keys = reader.access_keys("ben").value
    assert keys is not None and keys[0].active and keys[0].user == "ben"


@pytest.mark.parametrize(
    ("denied", "attribute"),
    [
        ("ListAttachedRolePolicies", "attached"),
        ("ListRolePolicies", "inline"),
        ("GetRolePolicy", "inline"),
        ("ListInstanceProfilesForRole", "instance_profiles"),
    ],
)
def test_a_role_of_which_a_part_is_denied(seeded: boto3.Session, fail: Fail, denied: str, attribute: str) -> None:
    fail("iam", denied, "AccessDenied")
    reading = AwsReader(seeded).role("orders-api")
    assert reading.value is not None and getattr(reading.value, attribute) is None
    assert reading.value.trust is not None and reading.value.tags == {"team": "ferry"}
    assert "AWS denied" in reading.note


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("role", {"orders-api", "Other"}),
        ("user", {"ben"}),
        ("group", {"Operators"}),
        ("policy", {"Assets"}),
        ("instance-profile", {"orders-api"}),
        ("oidc-provider", {"token.actions.githubusercontent.com"}),
        ("saml-provider", set()),
        ("server-certificate", set()),
        ("virtual-mfa-device", {"phone"}),
        ("account-alias", {"harbor-test"}),
    ],
)
def test_names_of_a_namespace(seeded: boto3.Session, kind: str, names: set[str]) -> None:
    seeded.client("iam").create_virtual_mfa_device(VirtualMFADeviceName="phone")
    reading = AwsReader(seeded).entity_names(kind)
    assert reading.value is not None and {one.name for one in reading.value} == names
    assert all(one.kind == kind for one in reading.value)


def test_an_unknown_kind_is_not_readable(seeded: boto3.Session) -> None:
    assert AwsReader(seeded).entity_names("spaceship").unreadable


# Resource policies.


def test_a_trust_policy_is_the_roles_own(seeded: boto3.Session) -> None:
    reading = AwsReader(seeded).resource_policy(f"arn:aws:iam::{ACCOUNT}:role/app/orders-api")
    assert reading.value is not None and reading.value.text == TRUST
    assert AwsReader(seeded).resource_policy("arn:aws:iam::999988887777:role/x").unreadable
    assert AwsReader(seeded).resource_policy(f"arn:aws:iam::{ACCOUNT}:user/ben").absent


def _make_all(session: boto3.Session) -> dict[str, str]:
    """One resource of each service with a policy; ARN by service."""
    text = json.dumps(POLICY)
    session.client("s3").create_bucket(Bucket="with-policy")
    session.client("s3").put_bucket_policy(Bucket="with-policy", Policy=text)
    key = session.client("kms").create_key(Policy=text)["KeyMetadata"]["Arn"]
    session.client("sqs").create_queue(QueueName="jobs", Attributes={"Policy": text})
    topic = session.client("sns").create_topic(Name="t")["TopicArn"]
    session.client("sns").set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=text)
    secret = session.client("secretsmanager").create_secret(Name="s", SecretString="not-a-secret")["ARN"]
    session.client("secretsmanager").put_resource_policy(SecretId=secret, ResourcePolicy=text)
    repository = session.client("ecr").create_repository(repositoryName="team/app")["repository"]["repositoryArn"]
    session.client("ecr").set_repository_policy(repositoryName="team/app", policyText=text)
    return {
        "s3": "arn:aws:s3:::with-policy/deep/key",
        "kms": key,
        "sqs": f"arn:aws:sqs:us-east-1:{ACCOUNT}:jobs",
        "sns": topic,
        "secretsmanager": secret,
        "ecr": repository,
    }


def test_policies_of_each_service_and_their_denials(session: boto3.Session, fail: Fail) -> None:
    arns = _make_all(session)
    reader = AwsReader(session)
    for service, arn in arns.items():
        reading = reader.resource_policy(arn)
        assert reading.value is not None and reading.value.value == POLICY, (service, reading)
    assert set(reader.resource_policies().value or ()) == set(arns.values())
    for service, operation, code, status in (
        ("s3", "GetBucketPolicy", "AccessDenied", 403),
        ("kms", "GetKeyPolicy", "AccessDeniedException", 400),
        ("sqs", "GetQueueAttributes", "AccessDenied", 403),
        ("sns", "GetTopicAttributes", "AuthorizationError", 403),
        ("secretsmanager", "GetResourcePolicy", "AccessDeniedException", 400),
        ("ecr", "GetRepositoryPolicy", "AccessDeniedException", 400),
    ):
        fail(_hyphenated(service), operation, code, status=status)
    denied = AwsReader(session)
    for arn in arns.values():
        assert denied.resource_policy(arn).unreadable, arn


def _hyphenated(service: str) -> str:
    return {"secretsmanager": "secrets-manager"}.get(service, service)


@pytest.mark.parametrize(
    "arn",
    [
        f"arn:aws:sqs:us-east-1:{ACCOUNT}:none",
        f"arn:aws:sns:us-east-1:{ACCOUNT}:none",
        f"arn:aws:kms:us-east-1:{ACCOUNT}:key/00000000-0000-0000-0000-000000000000",
        f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:none",
        f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/none",
        f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/none/index/i",
        f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:none",
        f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/i-1",
    ],
)
def test_resources_without_a_policy(session: boto3.Session, arn: str) -> None:
    assert AwsReader(session).resource_policy(arn).absent


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:s3:::no-such-bucket-anywhere",  # nobody's now, and perhaps another account's before
        "arn:aws:sqs:us-east-1:999988887777:jobs",
        "arn:aws:kms:us-east-1:999988887777:key/k",
        f"arn:aws:glue:us-east-1:{ACCOUNT}:catalog",
        "not an arn",
        "*",
    ],
)
def test_what_cannot_be_looked_up_is_not_absent(session: boto3.Session, arn: str) -> None:
    assert AwsReader(session).resource_policy(arn).unreadable


def test_public_access_block(session: boto3.Session, fail: Fail) -> None:
    s3 = session.client("s3")
    s3.create_bucket(Bucket="b-lock")
    reader = AwsReader(session)
    s3.put_public_access_block(
        Bucket="b-lock",
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": False,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": False,
        },
    )
    block = reader.public_access_block("b-lock").value
    assert block is not None and block.block_public_policy and not block.restrict_public_buckets
    s3.delete_public_access_block(Bucket="b-lock")
    assert reader.public_access_block("b-lock").absent
    fail("s3", "GetPublicAccessBlock", "AccessDenied")
    assert AwsReader(session).public_access_block("b-lock").unreadable


def test_the_organizations_levels_root_first(session: boto3.Session, fail: Fail) -> None:
    organizations = session.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    unit = organizations.create_organizational_unit(ParentId=root, Name="Prod")["OrganizationalUnit"]["Id"]
    organizations.move_account(AccountId=ACCOUNT, SourceParentId=root, DestinationParentId=unit)
    made = organizations.create_policy(
        Name="deny", Description="", Type="SERVICE_CONTROL_POLICY", Content=json.dumps(POLICY)
    )["Policy"]["PolicySummary"]
    organizations.attach_policy(PolicyId=made["Id"], TargetId=unit)
    reader = AwsReader(session)
    reading = reader.organization()
    assert reading.value is not None and reading.value.path == (root, unit)
    assert reading.value.scps is not None
    assert [level.target for level in reading.value.scps] == [root, unit, ACCOUNT]
    assert "deny" in [policy.name for policy in reading.value.scps[1].policies]
    named = reader.organization_policy(made["Arn"]).value
    assert named is not None and named.document.value == POLICY
    fail("organizations", "ListParents", "AccessDeniedException", status=400)
    member = AwsReader(session)
    reading = member.organization()
    assert reading.value is not None and reading.value.scps is None and "ListParents" in reading.note
    account = list(member.accounts())[-1]
    assert account.in_organization is True
    assert [entry.call for entry in account.unreadable] == ["organizations:ListParents"]


@pytest.mark.parametrize(("pages", "path"), [([[]], None), ([[], [{"Id": "r-ab12", "Type": "ROOT"}]], ("r-ab12",))])
def test_an_account_without_a_parent_is_no_root(
    session: boto3.Session, pages: list[list[Any]], path: tuple[str, ...] | None
) -> None:
    """Organizations may answer with an empty page though there is more (API Reference, ListParents)."""
    reader, organizations = stubbed(session, "organizations")
    organizations.add_response("describe_organization", {"Organization": {"Id": "o-aa111bb222"}})
    for left, page in enumerate(pages, 1 - len(pages)):
        organizations.add_response("list_parents", {"Parents": page, **({"NextToken": "more"} if left else {})})
    reading = reader.organization()
    assert reading.value is not None and reading.value.path == path and reading.value.scps is None
    assert ("ListParents" in reading.note) == (path is None)


# Evidence of other services, from stubbed answers.


def stubbed(session: boto3.Session, service: str, patience: Patience = Patience.USUAL) -> tuple[AwsReader, Stubber]:
    reader = AwsReader(session)
    stubber = Stubber(reader.aws.client(service, patience=patience))
    stubber.activate()
    return reader, stubber


def test_events_of_a_name(session: boto3.Session) -> None:
    reader, stub = stubbed(session, "cloudtrail", Patience.WITNESS)
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    detail = json.dumps({"userAgent": "Terraform", "responseElements": None})
    stub.add_response(
        "lookup_events",
        {
            "Events": [
                {"EventName": "TagRole", "EventTime": moment, "EventId": "1"},
                {
                    "EventName": "CreateRole",
                    "EventTime": moment,
                    "Username": "ben",
                    "Resources": [{"ResourceName": "r"}],
                    "CloudTrailEvent": detail,
                },
                {"EventName": "CreateRole", "EventTime": moment, "CloudTrailEvent": "not json"},
            ]
        },
        {"LookupAttributes": [{"AttributeKey": "ResourceName", "AttributeValue": "r"}]},
    )
    events = reader.events(resource_name="r", event_name="CreateRole").value
    assert events is not None and len(events) == 2
    assert (events[0].username, events[0].user_agent, events[0].resources) == ("ben", "Terraform", ("r",))


@pytest.mark.parametrize(("pages", "cut"), [(3, False), (4, True)])
def test_of_a_busy_resource_the_newest_events_are_read_and_that_there_are_more_is_said(
    session: boto3.Session, pages: int, cut: bool
) -> None:
    reader, stub = stubbed(session, "cloudtrail", Patience.WITNESS)
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    for page in range(pages):
        events = [
            {"EventName": "AssumeRole", "EventTime": moment - timedelta(minutes=50 * page + number), "EventId": "1"}
            for number in range(50)
        ]
        stub.add_response("lookup_events", {"Events": events, **({"NextToken": str(page)} if page < pages - 1 else {})})
    reading = reader.events(resource_name="r", event_name="CreateRole")
    assert reading.value == () and ("newest 200 events of r" in reading.note) == cut
    assert reading.back_to == (moment - timedelta(minutes=199) if cut else None)


def test_a_service_linked_roles_deletion(session: boto3.Session) -> None:
    reader, stub = stubbed(session, "cloudtrail")
    task = "task/aws-service-role/x.amazonaws.com/AWSServiceRoleForX/1234"
    event = {
        "EventName": "DeleteServiceLinkedRole",
        "EventTime": datetime(2026, 1, 2, tzinfo=UTC),
        "CloudTrailEvent": json.dumps({"responseElements": {"deletionTaskId": task}}),
    }
    iam = Stubber(reader.aws.client("iam"))
    iam.activate()
    stub.add_response("lookup_events", {"Events": [event]})
    iam.add_response("get_service_linked_role_deletion_status", {"Status": "FAILED"}, {"DeletionTaskId": task})
    assert reader.deletion_status("AWSServiceRoleForX").value == "FAILED"
    stub.add_response("lookup_events", {"Events": [event]})
    assert reader.deletion_status("AWSServiceRoleForY").absent
    stub.add_client_error("lookup_events", "AccessDeniedException", "no")
    assert reader.deletion_status("AWSServiceRoleForX").unreadable


def test_the_stack_that_owns_a_role(session: boto3.Session) -> None:
    reader, stub = stubbed(session, "cloudformation")
    entry = {
        "StackName": "reporting",
        "StackId": "arn:stack",
        "LogicalResourceId": "R",
        "PhysicalResourceId": "ReportExporter",
        "ResourceType": "AWS::IAM::Role",
        "Timestamp": datetime(2026, 1, 2, tzinfo=UTC),
        "ResourceStatus": "CREATE_COMPLETE",
    }
    stub.add_response("describe_stack_resources", {"StackResources": [entry, {**entry, "PhysicalResourceId": "other"}]})
    stub.add_response(
        "describe_stacks",
        {
            "Stacks": [
                {
                    "StackName": "reporting",
                    "CreationTime": datetime(2026, 1, 1, tzinfo=UTC),
                    "StackStatus": "DELETE_FAILED",
                }
            ]
        },
    )
    (found,) = reader.stack_resources("ReportExporter").value or ()
    assert (found.stack_name, found.stack_status, found.region) == ("reporting", "DELETE_FAILED", "us-east-1")
    stub.add_client_error("describe_stack_resources", "ValidationError", "Stack for nobody does not exist")
    assert reader.stack_resources("nobody").value == ()
    stub.add_client_error("describe_stack_resources", "AccessDenied", "no")
    assert reader.stack_resources("nobody").unreadable


def test_one_region_that_cannot_be_read_is_said(session: boto3.Session) -> None:
    reader = AwsReader(session, regions=("us-east-1", "eu-west-1"))
    stubs = {}
    for region in reader.aws.regions:
        stubs[region] = Stubber(reader.aws.client("cloudformation", region))
        stubs[region].activate()
    # Nothing in one region and no look at the other: it may be in the other.
    stubs["us-east-1"].add_client_error("describe_stack_resources", "ValidationError", "does not exist")
    stubs["eu-west-1"].add_client_error("describe_stack_resources", "AccessDenied", "no")
    reading = reader.stack_resources("r")
    assert reading.unreadable and "eu-west-1" in reading.why


def test_last_accessed_waits_for_its_job(session: boto3.Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    reader, stub = stubbed(session, "iam")
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    running = {
        "JobStatus": "IN_PROGRESS",
        "JobCreationDate": moment,
        "ServicesLastAccessed": [],
        "JobCompletionDate": moment,
    }
    entry = {"ServiceName": "S3", "ServiceNamespace": "s3", "LastAuthenticated": moment}
    job = "12345678-1234-1234-1234-123456789012"
    stub.add_response("generate_service_last_accessed_details", {"JobId": job})
    stub.add_response("get_service_last_accessed_details", running)
    stub.add_response(
        "get_service_last_accessed_details", {**running, "JobStatus": "COMPLETED", "ServicesLastAccessed": [entry]}
    )
    arn = f"arn:aws:iam::{ACCOUNT}:role/orders-api"
    (service,) = reader.last_accessed(arn).value or ()
    assert (service.namespace, service.last_authenticated) == ("s3", moment)
    stub.add_response("generate_service_last_accessed_details", {"JobId": job})
    stub.add_response("get_service_last_accessed_details", {**running, "JobStatus": "FAILED"})
    assert reader.last_accessed(arn).unreadable


def test_awss_own_record_of_a_denial(session: boto3.Session) -> None:
    reader, stub = stubbed(session, "iam-toolbox")
    boundary, role = "arn:aws:iam::111122223333:policy/b", "arn:aws:iam::111122223333:role/r"
    evaluation = {
        "action": "s3:GetObject",
        "resource": "arn:aws:s3:::b/k",
        "context": {"aws:SourceIp": ["10.0.0.1"]},
        "evaluatedEffect": "IMPLICIT_DENY",
        "checks": [
            {
                "checkType": "PERMISSIONS_BOUNDARY",
                "evaluatedEffect": "IMPLICIT_DENY",
                "relevantPolicyTypes": ["PERMISSIONS_BOUNDARY"],
                "matchedPolicies": [{"uri": boundary, "matchedStatements": [{"sid": "S", "evaluatedEffect": "ALLOW"}]}],
            }
        ],
    }
    policies = [
        {
            "type": "PERMISSIONS_BOUNDARY",
            "inline": False,
            "uri": boundary,
            "attachedTo": [{"arn": "arn:aws:iam::1:role/r"}],
        },
        {"type": "IDENTITY_BASED_POLICY", "inline": True, "uri": "opaque"},
    ]
    shared = {"aws:SecureTransport": True, "aws:PrincipalArn": role}
    answer = {"requestContext": shared, "evaluations": [evaluation], "policies": policies}
    stub.add_response("get_request_authorization_details", answer, {"authorizationId": "abc"})
    document = {"Version": "2012-10-17", "Statement": []}
    asked = {"authorizationId": "abc", "policyUri": boundary}
    stub.add_response("get_request_authorization_policy", {"policyDocument": document}, asked)
    stub.add_client_error("get_request_authorization_policy", "AccessDeniedException", "no", http_status_code=403)
    record = reader.authorization_record("abc", None).value
    assert record is not None
    [found] = record.evaluations
    assert (found.effect, found.checks and found.checks[0].layer) == (Effect.IMPLICIT_DENY, Layer.BOUNDARY)
    assert found.context == {
        "aws:SecureTransport": ("true",),
        "aws:PrincipalArn": (role,),
        "aws:SourceIp": ("10.0.0.1",),
    }
    assert found.checks and found.checks[0].matched[0].sids == ("S",)
    managed, inline = record.policies
    assert (managed.arn, managed.document and managed.document.value) == (boundary, document)
    assert (inline.arn, inline.document) == (None, None) and "GetRequestAuthorizationPolicy" in inline.why


def test_a_record_that_is_kept_no_more_is_absent(session: boto3.Session) -> None:
    reader, stub = stubbed(session, "iam-toolbox")
    stub.add_client_error("get_request_authorization_details", "ResourceNotFoundException", "expired")
    reading = reader.authorization_record("abc", None)
    assert reading.value is None and not reading.unreadable


def test_who_runs_with_a_role(seeded: boto3.Session, fail: Fail) -> None:
    ec2 = seeded.client("ec2")
    image = ec2.describe_images()["Images"][0]["ImageId"]
    ec2.run_instances(
        ImageId=image, MinCount=1, MaxCount=1, IamInstanceProfile={"Name": "orders-api"}, InstanceType="t3.micro"
    )
    reader = AwsReader(seeded)
    (binding,) = reader.bindings(f"arn:aws:iam::{ACCOUNT}:role/app/orders-api").value or ()
    assert (binding.service, binding.use) == ("ec2", "instance profile")
    assert reader.bindings(f"arn:aws:iam::{ACCOUNT}:role/Other").value == ()
    (instance,) = reader.instances().value or ()
    assert instance.instance_profile_arn == f"arn:aws:iam::{ACCOUNT}:instance-profile/orders-api"
    fail("lambda", "ListFunctions", "AccessDeniedException", status=400)
    part = AwsReader(seeded).bindings(f"arn:aws:iam::{ACCOUNT}:role/Other")
    assert part.value == () and "lambda:ListFunctions" in part.note


def test_the_caller_is_named_without_its_keys(session: boto3.Session) -> None:
    named = boto3.Session("AKIAEXAMPLEEXAMPLE00", "not-a-secret", region_name="us-east-1")
    caller = AwsReader(named).caller().value
    assert caller is not None and (caller.account, caller.key_kind, caller.method) == (ACCOUNT, "long-term", "explicit")
    assert "AKIAEXAMPLE" not in repr(caller) and "secret" not in repr(caller)


def test_a_witness_that_aws_slowed_down_for_good_rests(session: boto3.Session) -> None:
    reader, stub = stubbed(session, "iam", Patience.WITNESS)
    stub.add_client_error("simulate_principal_policy", "Throttling")
    simulator = reader.simulator()
    assert simulator is not None
    question = SimulationRequest("arn:aws:iam::123456789012:role/x", "s3:GetObject", "*")
    first, again = simulator.simulate(question), simulator.simulate(question)  # another call would have no answer
    assert isinstance(first, SimulationFailure) and "throttled iam:SimulatePrincipalPolicy" in first.why
    assert again == first
