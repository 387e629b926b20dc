"""Opening the demo: who calls, what each caller may, isolation from everything else in the process, and threads."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from iam.demo.account.facts import ACCOUNT, NOW
from iam.sources.source_error import SourceError


def last_account(reader: Any) -> Any:
    accounts = list(reader.accounts())
    assert accounts[-1].progress is None
    return accounts[-1]


def test_an_unknown_user_is_told_the_choices() -> None:
    from iam.demo.open import open_demo

    with pytest.raises(SourceError, match="no user zoe: choose one of alice, ben, carla, ci-legacy, dora, org-admin"):
        open_demo(as_user="zoe", region=None)


def test_the_org_admin_reads_everything(demo_reader: Any) -> None:
    account = last_account(demo_reader)
    assert (account.id, account.alias, account.source, account.now) == (ACCOUNT, "harbor-prod", "demo", NOW)
    assert account.caller_arn == f"arn:aws:sts::{ACCOUNT}:assumed-role/saml-admin/org-admin"
    assert len(account.roles) == 32
    assert account.unreadable == ()


@pytest.mark.parametrize(
    ("user", "denied"),
    [
        ("ben", {"organizations:DescribeOrganization"}),
        ("carla", {"iam:GetAccountAuthorizationDetails", "organizations:DescribeOrganization"}),
    ],
)
def test_users_read_what_their_policies_let_them(
    demo_reader_as: Callable[[str], Any], user: str, denied: set[str]
) -> None:
    account = last_account(demo_reader_as(user))
    assert account.caller_arn == f"arn:aws:iam::{ACCOUNT}:user/{user}"
    assert len(account.roles) == 32
    assert {one.call for one in account.unreadable} == denied


def test_alice_sees_names_and_single_roles(demo_reader_as: Callable[[str], Any]) -> None:
    reader = demo_reader_as("alice")
    account = last_account(reader)
    assert len(account.roles) == 32
    assert reader.role("orders-api-lambda").value.inline
    assert reader.user("ben").unreadable
    assert reader.events(resource_name="ReportExporter").unreadable


def test_carla_has_no_history(demo_reader_as: Callable[[str], Any]) -> None:
    reading = demo_reader_as("carla").events(event_name="CreateRole")
    assert reading.unreadable
    assert "explicit deny" in reading.why


def refusal(call: Callable[..., Any], **arguments: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    # IAM's messages end in where the whole evaluation is kept.
    return error["Code"], error["Message"].partition(". Go to https:")[0]


def denied(user: str, action: str, resource: str, why: str) -> str:
    who = f"arn:aws:iam::{ACCOUNT}:user/{user}"
    return f"User: {who} is not authorized to perform: {action} on resource: {resource} {why}"


def test_refusals_speak_as_aws_does(demo_session: Callable[..., Any]) -> None:
    alice = demo_session("alice")
    no = "because no identity-based policy allows the {} action"
    assert refusal(alice.client("iam").get_user, UserName="ben") == (
        "AccessDenied",
        denied("alice", "iam:GetUser", "user ben", no.format("iam:GetUser")),
    )
    assert refusal(alice.client("iam").delete_role, RoleName="ds-notebook") == (
        "AccessDenied",
        denied("alice", "iam:DeleteRole", "role ds-notebook", no.format("iam:DeleteRole")),
    )
    code, message = refusal(alice.client("iam").create_role, RoleName="x", Path="/app/", AssumeRolePolicyDocument="{}")
    expected = f"arn:aws:iam::{ACCOUNT}:role/app/x"
    assert (code, message) == (
        "AccessDenied",
        denied("alice", "iam:CreateRole", expected, no.format("iam:CreateRole")),
    )
    assert refusal(alice.client("cloudtrail").lookup_events) == (
        "AccessDeniedException",
        denied("alice", "cloudtrail:LookupEvents", "*", no.format("cloudtrail:LookupEvents")),
    )
    assert refusal(alice.client("s3").get_bucket_policy, Bucket="harbor-assets") == (
        "AccessDenied",
        denied("alice", "s3:GetBucketPolicy", '"arn:aws:s3:::harbor-assets"', no.format("s3:GetBucketPolicy")),
    )
    _, message = refusal(demo_session("carla").client("iam").get_account_authorization_details)
    assert message == denied(
        "carla",
        "iam:GetAccountAuthorizationDetails",
        "*",
        "with an explicit deny in an identity-based policy",
    )
    code, message = refusal(demo_session("ben").client("organizations").describe_organization)
    assert code == "AccessDeniedException"


def test_the_organization_stops_the_administrator_outside_the_regions(demo_session: Callable[..., Any]) -> None:
    lambda_ = demo_session(region="ap-south-1").client("lambda")
    code, message = refusal(lambda_.list_functions)
    assert code == "AccessDeniedException"
    assert message.endswith(
        "with an explicit deny in a service control policy: "
        "arn:aws:organizations::777788889999:policy/o-exampleorgid/service_control_policy/p-denyregions1"
    )


def test_a_key_policy_must_allow(demo_session: Callable[..., Any]) -> None:
    kms = demo_session().client("kms")
    key = {"KeyId": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/K1", "PolicyName": "default"}
    assert "KeyAdmins" in kms.get_key_policy(**key)["Policy"]
    code, message = refusal(demo_session("carla").client("kms").get_key_policy, **key)
    assert code == "AccessDeniedException"
    assert message.endswith("because no resource-based policy allows the kms:GetKeyPolicy action")


def test_passing_a_role_is_asked_for(demo_session: Callable[..., Any]) -> None:
    session = demo_session()
    document = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", '
        '"Action": ["iam:AddRoleToInstanceProfile", "iam:Get*"]}]}'
    )
    session.client("iam").put_user_policy(UserName="dora", PolicyName="profiles", PolicyDocument=document)
    _, message = refusal(
        demo_session("dora").client("iam").add_role_to_instance_profile,
        InstanceProfileName="batch-runner",
        RoleName="batch-vpc-worker",
    )
    assert message == denied(
        "dora",
        "iam:PassRole",
        f"arn:aws:iam::{ACCOUNT}:role/app/batch-vpc-worker",
        "because no identity-based policy allows the iam:PassRole action",
    )


def test_unknown_keys_are_invalid(demo_world: Any) -> None:
    from iam.demo.aws.sessions import session_for
    from iam.demo.open import serve

    session = session_for(serve(demo_world), access_key="AKIAUNKNOWN000000000", region="us-east-1")
    assert refusal(session.client("sts").get_caller_identity)[0] == "InvalidClientTokenId"


def test_accounts_do_not_see_each_other(_demo_template: Any) -> None:
    from iam.demo.open import session

    first, second = (session(_demo_template.copy()).client("iam") for _ in range(2))
    first.create_user(UserName="new")
    first.put_role_policy(
        RoleName="ds-notebook",
        PolicyName="new",
        PolicyDocument='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}',
    )
    assert refusal(second.get_user, UserName="new")[0] == "NoSuchEntity"
    assert second.list_role_policies(RoleName="ds-notebook")["PolicyNames"] == ["everything"]


def test_a_mocked_aws_beside_it_is_another_account(demo_session: Callable[..., Any]) -> None:
    import boto3
    from moto import mock_aws

    demo = demo_session().client("iam")
    with mock_aws():
        other = boto3.client("iam", region_name="us-east-1")
        other.create_user(UserName="outside")
        assert len(demo.list_roles()["Roles"]) == 32
        assert [user["UserName"] for user in other.list_users()["Users"]] == ["outside"]
        assert refusal(demo.get_user, UserName="outside")[0] == "NoSuchEntity"
    assert len(demo.list_roles()["Roles"]) == 32


def test_ids_and_times_are_the_same_in_every_run(demo_reader: Any) -> None:
    from iam.demo.build import build
    from iam.demo.open import reader

    def facts(account: Any) -> list[tuple[str, str, object]]:
        return sorted((role.name, role.id, role.created) for role in account.roles)

    assert facts(last_account(reader(build()))) == facts(last_account(demo_reader))


def test_many_threads_at_once(demo_session: Callable[..., Any]) -> None:
    session = demo_session()
    iam, s3, trail = (session.client(name) for name in ("iam", "s3", "cloudtrail"))

    def work(number: int) -> int:
        kind = number % 4
        if kind == 0:
            return len(iam.list_roles()["Roles"])
        if kind == 1:
            iam.create_user(UserName=f"user-{number}")
            return len(iam.get_user(UserName=f"user-{number}")["User"]["UserName"])
        if kind == 2:
            return len(s3.get_bucket_policy(Bucket="harbor-assets")["Policy"])
        return len(trail.lookup_events()["Events"])

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(work, range(64)))
    assert all(results)
    assert len(iam.list_users()["Users"]) == 5 + 16


def fresh(script: str, **environment: str) -> str:
    """What a script prints in a new process, whose environment says things about AWS that must not matter."""
    import os

    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **environment},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_machine_s_configuration_has_no_say_and_nothing_reaches_the_network() -> None:
    printed = fresh(
        """
        import socket
        def refuse(*_, **__):
            raise AssertionError("the network was asked")
        socket.socket.connect = socket.getaddrinfo = refuse
        from iam.demo.open import open_demo
        reader = open_demo(as_user=None, region=None)
        *_, account = reader.accounts()
        print(account.id, len(account.roles), account.region, reader.stack_resources("ReportExporter").found)
        """,
        AWS_PROFILE="no-such-profile",
        AWS_ACCESS_KEY_ID="AKIAREAL",
        AWS_SECRET_ACCESS_KEY="x",
        AWS_DEFAULT_REGION="eu-north-1",
        AWS_ENDPOINT_URL="http://localhost:1",
        AWS_ENDPOINT_URL_IAM="http://localhost:1",
        AWS_CONFIG_FILE="/nonexistent",
    )
    assert printed.split() == [ACCOUNT, "32", "us-east-1", "True"]


def test_other_sessions_of_the_process_are_left_alone() -> None:
    printed = fresh(
        """
        import boto3
        from botocore.exceptions import EndpointConnectionError
        from iam.demo.open import open_demo
        list(open_demo(as_user=None, region=None).accounts())
        import os
        assert os.environ.get("AWS_ACCESS_KEY_ID") is None
        other = boto3.Session(aws_access_key_id="a", aws_secret_access_key="b", region_name="us-east-1")
        client = other.client("sts", endpoint_url="http://127.0.0.1:9")
        try:
            client.get_caller_identity()
        except EndpointConnectionError as error:
            print("tried", error.kwargs["endpoint_url"])
        """,
        AWS_EC2_METADATA_DISABLED="true",
        AWS_MAX_ATTEMPTS="1",
    )
    assert printed.split() == ["tried", "http://127.0.0.1:9/"]


def test_the_start_loads_no_more_of_moto_than_identity_needs() -> None:
    printed = fresh(
        """
        import sys
        from iam.demo.open import open_demo
        *_, account = open_demo(as_user=None, region=None).accounts()
        print(*sorted({name.split(".")[1] for name in sys.modules if name.startswith("moto.")}))
        print(*(name for name in ("textual", "rich") if name in sys.modules))
        """
    )
    loaded, interface = printed.split("\n")[:2]
    assert not set(loaded.split()) & {"ec2", "ecs", "kms", "sqs", "awslambda", "cloudformation", "organizations"}
    assert interface == ""
