"""Snapshot files as people have them: whole, plain, cut off, of another kind, hostile."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iam.layers import gather
from iam.policy.evaluate import evaluate
from iam.policy.request import Request
from iam.sources.snapshot.contents import Contents
from iam.sources.snapshot.format import to_json
from iam.sources.snapshot.read import MAX_BYTES
from iam.sources.snapshot.reader import open_snapshot
from iam.sources.source_error import SourceError
from tests.support.accounts.layers import BUCKET, SESSION, base
from tests.support.accounts.snapshot_files import account_of, opened
from tests.support.timing import within_yards

DOCUMENT = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}


def role(name: str, **more: Any) -> dict[str, Any]:
    return {
        "RoleName": name,
        "Arn": f"arn:aws:iam::111122223333:role/{name}",
        "Path": "/",
        "AssumeRolePolicyDocument": DOCUMENT,
        **more,
    }


def test_a_plain_file_of_the_aws_cli_loads(tmp_path: Path) -> None:
    account = account_of(
        tmp_path,
        {
            "RoleDetailList": [role("one", RolePolicyList=[{"PolicyName": "p", "PolicyDocument": DOCUMENT}])],
            "UserDetailList": [],
            "GroupDetailList": [],
            "Policies": [],
            "SomethingNew": {"in": "2031"},
        },
    )
    one = account.role("one")
    assert account.id == "111122223333" and one is not None and one.has_details and one.tags == {}
    assert account.users == () and account.policies == ()
    assert account.warnings == () and account.progress is None
    # What the CLI does not tell is not known, and never "none".
    assert account.organization is None and account.in_organization is None
    assert account.instance_profiles is None and account.summary is None and account.oidc_providers is None


@pytest.mark.parametrize("text", [json.dumps(DOCUMENT), json.dumps(DOCUMENT, indent=2)])
@pytest.mark.parametrize("encode", [lambda text: text, lambda text: quote(text, safe=""), quote])
def test_documents_may_be_text(tmp_path: Path, text: str, encode: Any) -> None:
    account = account_of(tmp_path, {"RoleDetailList": [role("one", AssumeRolePolicyDocument=encode(text))]})
    assert account.roles[0].trust is not None and account.roles[0].trust.value == DOCUMENT


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_other_encodings_of_json_load(tmp_path: Path, encoding: str) -> None:
    # Windows PowerShell writes UTF-16 when output is sent to a file.
    account = account_of(tmp_path, json.dumps({"RoleDetailList": [role("grün")]}, ensure_ascii=False).encode(encoding))
    assert account.roles[0].name == "grün"


def test_a_file_cut_at_a_page_says_so_all_the_time(tmp_path: Path) -> None:
    reader = opened(tmp_path, {"RoleDetailList": [role("one")], "UserDetailList": [], "IsTruncated": True})
    account = list(reader.accounts())[-1]
    assert any("IsTruncated" in warning for warning in account.warnings)
    assert {"roles", "users"} <= account.incomplete
    assert reader.role("two").unreadable and reader.user("ben").unreadable and reader.role("one").found


def test_entries_without_a_name_are_left_out_and_counted(tmp_path: Path) -> None:
    account = account_of(
        tmp_path,
        {"RoleDetailList": [role("one"), {"PolicyName": "odd"}, {}, None, role("")], "Policies": [{"Arn": "x"}]},
    )
    assert [one.name for one in account.roles] == ["one"]
    (warning,) = account.warnings
    assert "5 entries without a name" in warning and "RoleDetailList: 4" in warning and "Policies: 1" in warning


def test_a_file_without_roles_says_so(tmp_path: Path) -> None:
    reader = opened(tmp_path, {"Policies": []})
    assert any("RoleDetailList" in warning for warning in list(reader.accounts())[-1].warnings)
    assert reader.role("one").unreadable and reader.roles().unreadable


def test_the_clock_is_the_capture_or_the_files_own_time(tmp_path: Path) -> None:
    captured = {"RoleDetailList": [], "Rolescope": {"Account": {"CapturedAt": "2025-02-03T04:05:06+00:00"}}}
    assert account_of(tmp_path, captured).now == datetime(2025, 2, 3, 4, 5, 6, tzinfo=UTC)
    path = tmp_path / "old.json"
    path.write_text('{"RoleDetailList": []}')
    os.utime(path, (1_600_000_000, 1_600_000_000))
    reader = open_snapshot(path)
    assert reader.clock() == datetime.fromtimestamp(1_600_000_000, UTC)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"  \n\t", "is empty"),
        (b"{", "is cut off at line 1"),
        (b'{"RoleDetailList": [{"RoleName": "a', "is cut off at line 1"),
        (b'{"RoleDetailList": [\n\n  {"RoleName": "a"},', "is cut off at line 3"),
        (b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\xff\xfe", "is no"),
        (b"\xff" * 50, "is no"),
        (b"<html>login</html>", "not JSON"),
        (b"RoleDetailList:\n- RoleName: a\n", "not JSON"),
        (b"[]", "not a saved account"),
        (b"null", "not a saved account"),
        (b'"text"', "not a saved account"),
        (b"{}", "not a saved account"),
        (b'{"Roles": []}', "not a saved account"),
        (b'{"RoleDetailList": NaN1}', "not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"RoleDetailList": [], "AccountSummary": ' + b"9" * 5000 + b"}", "not JSON"),
    ],
)
def test_what_is_no_snapshot_gets_one_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(SourceError) as caught:
        opened(tmp_path, content)
    message = str(caught.value)
    assert words in message or "not text" in message
    assert "account.json" in message and "rolescope snapshot FILE" in message and "\n" not in message


WRONG_PLACES: list[tuple[dict[str, Any], str]] = [
    ({"RoleDetailList": {}}, "RoleDetailList"),
    ({"RoleDetailList": "x"}, "RoleDetailList"),
    ({"RoleDetailList": [1]}, "RoleDetailList[0]"),
    ({"RoleDetailList": [role("a"), {**role("b"), "RoleName": 7}]}, "RoleDetailList[1].RoleName"),
    ({"RoleDetailList": [role("a", Path=[])]}, "RoleDetailList[0].Path"),
    ({"RoleDetailList": [role("a", Tags={"team": "x"})]}, "RoleDetailList[0].Tags"),
    ({"RoleDetailList": [role("a", Tags=[{"Key": 1}])]}, "RoleDetailList[0].Tags[0].Key"),
    ({"RoleDetailList": [role("a", CreateDate="yesterday")]}, "RoleDetailList[0].CreateDate"),
    ({"RoleDetailList": [role("a", AssumeRolePolicyDocument=[1])]}, "AssumeRolePolicyDocument"),
    ({"RoleDetailList": [role("a", RolePolicyList=[{"PolicyName": "p"}])]}, "RolePolicyList[0].PolicyDocument"),
    ({"RoleDetailList": [role("a", RoleLastUsed="never")]}, "RoleLastUsed"),
    ({"RoleDetailList": [role("a", PermissionsBoundary="arn")]}, "PermissionsBoundary"),
    ({"UserDetailList": [{"UserName": "u", "GroupList": [1]}]}, "UserDetailList[0].GroupList[0]"),
    ({"GroupDetailList": [[]]}, "GroupDetailList[0]"),
    ({"Policies": [{"PolicyName": "p", "PolicyVersionList": [{"Document": 3}]}]}, "Policies[0].PolicyVersionList[0]"),
    ({"Rolescope": []}, "Rolescope"),
    ({"Rolescope": {"Account": "x"}}, "Rolescope.Account"),
    ({"Rolescope": {"Account": {"Id": 111122223333}}}, "Rolescope.Account.Id"),
    ({"Rolescope": {"Account": {"CapturedAt": "soon"}}}, "Rolescope.Account.CapturedAt"),
    ({"RoleDetailList": [role("a")], "Rolescope": {"Roles": {"a": 1}}}, "Rolescope.Roles"),
    ({"Rolescope": {"Organization": "o-1"}}, "Rolescope.Organization"),
    (
        {"Rolescope": {"Organization": {"ServiceControlPolicies": [{"Policies": [{"Name": "x"}]}]}}},
        "Rolescope.Organization.ServiceControlPolicies[0].Policies[0].Document",
    ),
    ({"Rolescope": {"ResourcePolicies": []}}, "Rolescope.ResourcePolicies"),
    ({"Rolescope": {"ResourcePolicies": {"arn:aws:s3:::b": 4}}}, "arn:aws:s3:::b"),
    ({"Rolescope": {"InstanceProfiles": [{"Roles": [4]}]}}, "Rolescope.InstanceProfiles[0].Roles[0]"),
    ({"Rolescope": {"VpcEndpoints": {}}}, "Rolescope.VpcEndpoints"),
    ({"Rolescope": {"Events": [{"EventName": "x"}]}}, "Rolescope.Events[0].EventTime"),
    ({"Rolescope": {"AccountSummary": {"Roles": "many"}}}, "Rolescope.AccountSummary.Roles"),
    ({"Rolescope": {"LastAccessed": {"arn": [{"LastAuthenticated": "x"}]}}}, "LastAuthenticated"),
]


@pytest.mark.parametrize(("value", "place"), WRONG_PLACES, ids=[place for _, place in WRONG_PLACES])
def test_a_wrong_type_is_named_with_its_place(tmp_path: Path, value: dict[str, Any], place: str) -> None:
    with pytest.raises(SourceError) as caught:
        opened(tmp_path, value)
    message = str(caught.value)
    assert place in message and "account.json" in message and "should be" in message and "\n" not in message


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(1_000_000_000)
    assert path.stat().st_size > MAX_BYTES
    with within_yards(200), pytest.raises(SourceError, match="1,000 MB"):
        open_snapshot(path)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="There is no file"):
        open_snapshot(tmp_path / "missing.json")
    with pytest.raises(SourceError, match="is a directory"):
        open_snapshot(tmp_path)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(SourceError, match="not an ordinary file"):  # and does not wait for a writer
        open_snapshot(pipe)
    with pytest.raises(SourceError):
        open_snapshot("nul\0byte")


def test_hostile_text_comes_back_as_it_is(tmp_path: Path) -> None:
    name = "[red]\x1b[31m\u202e$(reboot)"
    one = role(name, Tags=[{"Key": "[/]", "Value": "\x07"}])
    account = account_of(tmp_path, {"RoleDetailList": [one], "Rolescope": {"Roles": {name: {"Description": "[b]"}}}})
    assert account.roles[0].name == name and account.roles[0].tags == {"[/]": "\x07"}
    assert account.roles[0].description == "[b]"


def test_a_broken_document_does_not_spoil_the_file(tmp_path: Path) -> None:
    account = account_of(tmp_path, {"RoleDetailList": [role("a", AssumeRolePolicyDocument="{not json"), role("b")]})
    assert len(account.roles) == 2 and account.roles[0].trust is not None
    assert account.roles[0].trust.text == "{not json"


def test_parts_that_are_missing_are_not_known(tmp_path: Path) -> None:
    reader = opened(tmp_path, {"RoleDetailList": [role("a")]})
    answers = [
        reader.organization(),
        reader.vpc_endpoints("s3"),
        reader.events(),
        reader.stack_resources("a"),
        reader.instances(),
        reader.bindings("arn:aws:iam::111122223333:role/a"),
        reader.account_summary(),
        reader.last_accessed("arn:aws:iam::111122223333:role/a"),
        reader.resource_policy("arn:aws:s3:::b/k"),
        reader.resource_policies(),
        reader.public_access_block("b"),
        reader.user("ben"),
        reader.group("g"),
        reader.instance_profile("a"),
        reader.oidc_provider("arn:aws:iam::111122223333:oidc-provider/x"),
        reader.saml_provider("arn:aws:iam::111122223333:saml-provider/x"),
        reader.customer_policy("p"),
        reader.managed_policy("arn:aws:iam::111122223333:policy/p"),
        reader.managed_policy("arn:aws:iam::aws:policy/NewerThanAnyList"),
        reader.login_profile("ben"),
        reader.password_policy(),
        reader.access_keys("ben"),
        reader.mfa_devices("ben"),
        reader.entity_names("user"),
        reader.entity_names("server-certificate"),
        reader.caller(),
        reader.decode_authorization_message("blob"),
        reader.deletion_status("AWSServiceRoleForX"),
    ]
    for reading in answers:
        assert reading.unreadable and reading.why.endswith((".", ")")), reading


def test_parts_that_are_there_and_empty_are_known_to_be_none(tmp_path: Path) -> None:
    reader = opened(
        tmp_path,
        {
            "RoleDetailList": [role("a")],
            "UserDetailList": [],
            "GroupDetailList": [],
            "Policies": [],
            "Rolescope": {
                "Organization": None,
                "InstanceProfiles": [],
                "OpenIDConnectProviders": [],
                "Events": [],
                "StackResources": [],
                "ResourcePolicies": {"arn:aws:s3:::b": None, "arn:aws:s3:::c": DOCUMENT},
            },
        },
    )
    assert list(reader.accounts())[-1].in_organization is False
    absent = [
        reader.organization(),
        reader.user("ben"),
        reader.role("b"),
        reader.instance_profile("a"),
        reader.oidc_provider("arn:x"),
        reader.customer_policy("p"),
        reader.managed_policy("arn:aws:iam::111122223333:policy/p"),
        reader.resource_policy("arn:aws:s3:::b/key"),
        reader.resource_policy("arn:aws:ec2:us-east-1:111122223333:instance/i-1"),
    ]
    assert all(reading.absent for reading in absent)
    assert reader.events().value == () and reader.stack_resources("a").value == ()
    found = reader.resource_policy("arn:aws:s3:::c/deep/key").value
    assert found is not None and found.value == DOCUMENT
    # An AWS-managed policy that the file lacks exists all the same.
    assert reader.managed_policy("arn:aws:iam::aws:policy/NewerThanAnyList").unreadable
    listed = reader.managed_policy("arn:aws-cn:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole")
    assert listed.value is not None and listed.value.document is not None and "lacks the document" in listed.note
    assert reader.managed_policy("arn:aws:iam::aws:policy/AWSLambdaVPCAccessExecutionRole").unreadable  # another path


def test_names_are_found_whatever_their_case_and_trust_by_arn(tmp_path: Path) -> None:
    reader = opened(tmp_path, {"RoleDetailList": [role("ReportExporter")], "Rolescope": {"Account": {}}})
    found = reader.role("reportexporter").value
    assert found is not None and found.name == "ReportExporter"
    assert reader.resource_policy("arn:aws:iam::111122223333:role/ReportExporter").found
    assert reader.resource_policy("arn:aws:iam::999988887777:role/ReportExporter").unreadable
    assert reader.resource_policy("arn:aws:iam::111122223333:role/Gone").absent


def test_events_are_filtered_and_newest_first(tmp_path: Path) -> None:
    def event(name: str, day: int, *resources: str) -> dict[str, Any]:
        return {"EventName": name, "EventTime": f"2026-01-{day:02d}T00:00:00Z", "Resources": list(resources)}

    events = [event("CreateRole", 1, "a"), event("AssumeRole", 3, "a"), event("CreateRole", 2, "b")]
    reader = opened(tmp_path, {"RoleDetailList": [], "Rolescope": {"Events": events}})
    assert [one.time.day for one in reader.events().value or ()] == [3, 2, 1]
    assert [one.time.day for one in reader.events(event_name="CreateRole").value or ()] == [2, 1]
    assert [one.name for one in reader.events(event_name="CreateRole", resource_name="a").value or ()] == ["CreateRole"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


def places(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value in a JSON document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(place for key, one in inner for place in places(one, (*here, key)))]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_stands_anywhere_a_file_loads_or_is_refused_in_a_sentence(tmp_path: Path, data: st.DataObject) -> None:
    value = base()
    place = data.draw(st.sampled_from(places(value)[1:]))
    target = value
    for key in place[:-1]:
        target = target[key]
    target[place[-1]] = data.draw(JSON)
    try:
        reader = opened(tmp_path, value)
    except SourceError as error:
        assert "\n" not in str(error)
        return
    account = list(reader.accounts())[-1]
    request = Request(SESSION, "s3:GetObject", f"{BUCKET}/k")
    got = gather(request, account, reader, vpc_endpoint="vpce-1")
    evaluate(got.request, got.policies)
    list(to_json(Contents(account)))
