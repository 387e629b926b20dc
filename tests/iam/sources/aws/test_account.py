"""Reading a whole account: what arrives, in which order, and what a denied, slow or broken read leaves."""

from __future__ import annotations

import threading
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from iam.account import Account
from iam.sources.aws.errors import why
from iam.sources.aws.reader import AwsReader, open_aws
from iam.sources.source_error import SourceError
from tests.iam.sources.conftest import TRUST, Fail, answer


def read(session: boto3.Session, **options: Any) -> Account:
    return list(AwsReader(session, **options).accounts())[-1]


def test_the_whole_account_is_read(seeded: boto3.Session) -> None:
    account = read(seeded)
    assert (account.id, account.alias, account.source) == ("123456789012", "harbor-test", "aws")
    assert account.progress is None and account.unreadable == () and account.incomplete == frozenset()
    role = account.role("orders-api")
    assert role is not None and role.has_details
    assert (role.path, role.description, role.max_session_seconds) == ("/app/", "Orders [red]not markup[/]", 7200)
    assert role.tags == {"team": "ferry"} and role.instance_profiles == ("orders-api",)
    assert role.boundary_arn == "arn:aws:iam::123456789012:policy/Assets"
    assert [policy.name for policy in role.attached or ()] == ["Assets"]
    user = account.user("ben")
    assert user is not None and user.groups == ("Operators",)
    policy = account.policy("arn:aws:iam::123456789012:policy/Assets")
    assert policy is not None and len(policy.versions) == 2 and policy.default_version_id == "v2"
    assert policy.document is not None and "s3:Get*" in policy.document.text
    assert account.oidc_providers is not None
    assert account.oidc_providers[0].url == "token.actions.githubusercontent.com"
    assert account.oidc_providers[0].client_ids == ("sts.amazonaws.com",)
    assert account.instance_profiles is not None and account.instance_profiles[0].roles == ("orders-api",)
    assert account.in_organization is False and account.summary is not None and account.summary["Roles"] == 2


def test_documents_keep_the_text_that_is_stored(seeded: boto3.Session) -> None:
    # The simulator's line numbers count in that text.
    role = read(seeded).role("orders-api")
    assert role is not None and role.trust is not None and role.trust.text == TRUST


def test_states_grow_and_only_the_last_one_is_done(seeded: boto3.Session) -> None:
    states = list(AwsReader(seeded).accounts())
    assert all(state.progress for state in states[:-1]) and states[-1].progress is None
    counts = [len(state.roles) for state in states]
    assert counts[0] == 0 and counts == sorted(counts) and counts[-1] == 2
    assert "roles" in states[0].incomplete


def test_a_reading_can_be_given_up(seeded: boto3.Session) -> None:
    states = AwsReader(seeded).accounts()
    next(states)
    states.close()  # a screen that moved on: no thread is left waiting, no error is raised


def test_closing_ends_a_reading_that_hangs(seeded: boto3.Session) -> None:
    hanging, release = threading.Event(), threading.Event()

    def hang(**_: Any) -> None:
        hanging.set()
        release.wait()

    seeded.events.register_first("before-send.iam.GetAccountAuthorizationDetails", hang)
    reader = AwsReader(seeded)
    states: list[Account] = []
    reading = threading.Thread(target=lambda: states.extend(reader.accounts()))
    reading.start()
    try:
        assert hanging.wait(120)
        reader.close()
        reading.join(120)
        assert not reading.is_alive()
        assert all(state.progress for state in states)  # it never claims to be done
        assert reader.role("orders-api").unreadable
        assert not [thread for thread in threading.enumerate() if "rolescope" in thread.name and not thread.daemon]
    finally:
        release.set()


def test_without_details_the_names_stand_in(seeded: boto3.Session, fail: Fail) -> None:
    fail("iam", "GetAccountAuthorizationDetails", "AccessDenied")
    account = read(seeded)
    assert [role.name for role in account.roles] == ["orders-api", "Other"]
    role = account.role("orders-api")
    assert role is not None and not role.has_details and role.trust is not None and role.tags is None
    assert account.users is not None and account.users[0].inline is None
    assert account.policies is not None and account.policies[0].document is None
    assert account.incomplete == frozenset()
    (entry,) = account.unreadable
    assert entry.call == "iam:GetAccountAuthorizationDetails" and "carla is not authorized" in entry.why
    assert "one role at a time" in entry.costs


def test_a_role_is_read_on_demand(seeded: boto3.Session, fail: Fail) -> None:
    fail("iam", "GetAccountAuthorizationDetails", "AccessDenied")
    reader = AwsReader(seeded)
    account = list(reader.accounts())[-1]
    listed = account.role("orders-api")
    role = reader.role("orders-api").value
    assert role is not None and listed is not None
    assert role.has_details and role.tags == {"team": "ferry"} and role.boundary_arn and role.arn == listed.arn
    assert role.inline is not None and role.inline[0].name == "table"


def test_without_any_list_of_roles_the_caller_is_still_known(seeded: boto3.Session, fail: Fail) -> None:
    for operation in ("GetAccountAuthorizationDetails", "ListRoles", "ListUsers", "ListGroups", "ListPolicies"):
        fail("iam", operation, "AccessDenied")
    reader = AwsReader(seeded)
    account = list(reader.accounts())[-1]
    assert account.caller_arn and account.roles == () and account.users is None
    assert {"roles", "users", "groups", "policies"} <= account.incomplete
    calls = {entry.call for entry in account.unreadable}
    assert {"iam:GetAccountAuthorizationDetails", "iam:ListRoles", "iam:ListUsers"} <= calls
    assert reader.role("orders-api").found


@pytest.mark.parametrize(
    ("service", "operation", "part", "call"),
    [
        ("iam", "ListRoles", "description", "iam:ListRoles"),
        ("iam", "ListAccountAliases", "alias", "iam:ListAccountAliases"),
        ("iam", "ListInstanceProfiles", "instance_profiles", "iam:ListInstanceProfiles"),
        ("iam", "ListOpenIDConnectProviders", "oidc_providers", "iam:ListOpenIDConnectProviders"),
        ("iam", "ListSAMLProviders", "saml_providers", "iam:ListSAMLProviders"),
        ("iam", "GetAccountSummary", "summary", "iam:GetAccountSummary"),
        ("organizations", "DescribeOrganization", "in_organization", "organizations:DescribeOrganization"),
    ],
)
def test_each_denied_read_leaves_the_rest(
    seeded: boto3.Session, fail: Fail, service: str, operation: str, part: str, call: str
) -> None:
    code = "AccessDenied" if service == "iam" else "AccessDeniedException"
    fail(service, operation, code, status=403 if service == "iam" else 400)
    account = read(seeded)
    role = account.role("orders-api")
    assert role is not None and role.has_details and account.users
    assert getattr(role if part == "description" else account, part) is None
    (entry,) = account.unreadable
    assert entry.call == call and entry.why and entry.costs


def test_throttling_is_waited_out(seeded: boto3.Session, fail: Fail) -> None:
    fail("iam", "ListRoles", "Throttling", "Rate exceeded", times=1, status=400)
    reader = AwsReader(seeded)
    account = list(reader.accounts())[-1]
    assert account.unreadable == () and len(account.roles) == 2
    (call,) = [call for call in reader.log.calls() if call.operation == "ListRoles"]
    assert (call.outcome.value, call.throttled, call.retries) == ("ok", 1, 1)


def _pages_of_one(session: boto3.Session) -> None:
    """moto gives all details in one page: have it give one role a page, as a big account does."""

    def split(parsed: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        number = int(context.get("page") or 0)
        roles = parsed.get("RoleDetailList") or []
        for key in ("UserDetailList", "GroupDetailList", "Policies"):
            parsed[key] = parsed.get(key) if number == 0 else []
        parsed["RoleDetailList"] = roles[number : number + 1]
        parsed["IsTruncated"] = number + 1 < len(roles)
        if parsed["IsTruncated"]:
            parsed["Marker"] = str(number + 1)

    def note(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["page"] = params.get("Marker")

    session.events.register("before-parameter-build.iam.GetAccountAuthorizationDetails", note)
    session.events.register("after-call.iam.GetAccountAuthorizationDetails", split)


def test_pages_are_followed(seeded: boto3.Session) -> None:
    _pages_of_one(seeded)
    account = read(seeded)
    assert len(account.roles) == 2 and all(role.has_details for role in account.roles)


def test_what_arrived_before_a_break_stays(seeded: boto3.Session, fail: Fail) -> None:
    _pages_of_one(seeded)
    fail("iam", "GetAccountAuthorizationDetails", "AccessDenied", after=1)
    account = read(seeded)
    assert sorted(role.has_details for role in account.roles) == [False, True]
    assert account.users is not None and account.users[0].inline is not None
    assert account.unreadable[0].call == "iam:GetAccountAuthorizationDetails" and account.incomplete == frozenset()


def test_credentials_that_expire_while_reading_are_said(seeded: boto3.Session, fail: Fail) -> None:
    _pages_of_one(seeded)
    fail("iam", "GetAccountAuthorizationDetails", "ExpiredToken", "The security token is expired", after=1)
    fail("iam", "ListRoles", "ExpiredToken", "The security token is expired")
    account = read(seeded)
    assert len(account.roles) == 1 and "roles" in account.incomplete
    assert any("have expired" in entry.why for entry in account.unreadable)


def test_hostile_names_stay_text(session: boto3.Session) -> None:
    names = ["+=,.@-_ok", "a" * 64]
    tag = "\u202e[/]\x1b[31m"
    iam = session.client("iam")
    for name in names:
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST, Description="[bold]$(reboot)`x`")

    def hostile(parsed: dict[str, Any], **_: Any) -> None:
        for role in parsed["RoleDetailList"]:
            role["Tags"] = [{"Key": tag, "Value": tag}]

    session.events.register("after-call.iam.GetAccountAuthorizationDetails", hostile)
    account = read(session)
    assert {role.name for role in account.roles} == set(names)
    assert all(role.tags == {tag: tag} and role.description == "[bold]$(reboot)`x`" for role in account.roles)


def test_a_region_is_not_needed_but_missed(session: boto3.Session) -> None:
    bare = boto3.Session()
    account = read(bare)
    assert account.region == "us-east-1" and any("No Region is configured" in warning for warning in account.warnings)


@pytest.mark.parametrize(
    ("code", "message", "words"),
    [
        ("ExpiredToken", "The security token included in the request is expired", "have expired"),
        ("InvalidClientTokenId", "The security token included in the request is invalid", "AWS does not know"),
        ("SignatureDoesNotMatch", "Signature expired", "clock"),
        ("AccessDenied", "no", "AccessDenied"),
    ],
)
def test_an_account_that_nobody_may_enter_gives_one_sentence(
    session: boto3.Session, fail: Fail, code: str, message: str, words: str
) -> None:
    fail("sts", "GetCallerIdentity", code, message)
    with pytest.raises(SourceError, match=words) as caught:
        read(session)
    assert "\n" not in str(caught.value)


def test_a_region_that_is_not_enabled_is_no_deleted_key() -> None:
    error = ClientError({"Error": {"Code": "UnrecognizedClientException", "Message": "invalid"}}, "LookupEvents")
    assert "Region is not enabled" in why("cloudtrail:LookupEvents", error)
    assert "AWS does not know the AWS credentials" in why("sts:GetCallerIdentity", error)


def test_an_endpoint_is_named_by_its_host() -> None:
    error = EndpointConnectionError(
        endpoint_url="https://access-analyzer.us-east-1.amazonaws.com/finding?arn=arn%3Aaws"
    )
    said = why("access-analyzer:GetFinding", error)
    assert said.startswith("https://access-analyzer.us-east-1.amazonaws.com could not be reached: ")


def test_no_credentials_give_the_way_out(session: boto3.Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    reader = open_aws(profile=None, region="us-east-1", endpoint_url=None)
    with pytest.raises(SourceError, match=r"aws sso login.*--demo"):
        list(reader.accounts())


def test_an_unknown_profile_gives_the_way_out(session: boto3.Session) -> None:
    with pytest.raises(SourceError, match=r"no profile it's here.*aws configure list-profiles"):
        open_aws(profile="it's here", region=None, endpoint_url=None)


def test_an_endpoint_that_is_not_there(session: boto3.Session) -> None:
    reader = open_aws(profile=None, region="us-east-1", endpoint_url="http://127.0.0.1:9")
    with pytest.raises(SourceError, match=r"127\.0\.0\.1:9/? could not be reached"):
        list(reader.accounts())


@pytest.mark.parametrize("url", ["not a url", "ftp:/x", "://", "http://127.0.0.1:98200"])
def test_an_endpoint_that_is_no_url(session: boto3.Session, url: str) -> None:
    with pytest.raises(SourceError) as caught:
        list(open_aws(profile=None, region="us-east-1", endpoint_url=url).accounts())
    assert "\n" not in str(caught.value)


def test_an_sso_profile_without_a_login(session: boto3.Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    config = tmp_path / "config"
    config.write_text(
        '[profile "work it"]\nsso_session = s\nsso_account_id = 111122223333\nsso_role_name = Admin\n'
        "region = us-east-1\n"
        "[sso-session s]\nsso_start_url = https://example.awsapps.com/start\nsso_region = us-east-1\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    reader = open_aws(profile="work it", region=None, endpoint_url=None)
    with pytest.raises(SourceError, match="aws sso login --profile 'work it'"):
        list(reader.accounts())


def test_a_captive_portal_is_not_aws(session: boto3.Session) -> None:
    def portal(request: Any, **_: Any) -> Any:
        return answer(request.url, 200, b"<html>log in to the hotel's network</html>")

    session.events.register_first("before-send.sts.GetCallerIdentity", portal)
    with pytest.raises(SourceError, match="did not come from AWS"):
        read(session)
