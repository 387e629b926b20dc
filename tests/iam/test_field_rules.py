"""IAM's field rules, each fault in one sentence; and specs in JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iam import field_rules as fields
from iam.creation.recipes.recipe import AccountFacts
from iam.creation.spec import RoleSpec, trusts_ec2
from iam.creation.spec_file import FIELDS, SpecError, decoded_json, spec_of
from iam.policy.document import Document
from tests.support.accounts.documents import policy, trust

ACCOUNT = "111122223333"
FACTS = AccountFacts(ACCOUNT)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "needs a name"),
        ("x" * 65, "65 characters"),
        ("a b", "a space"),
        ("naïve", "“ï”"),
        ("a\x1b[31m", "U+001B"),
        ("a\u202eb", "U+202E"),
        ("a/b", "“/”"),
        ("AWSServiceRoleForX", "reserved for AWS"),
    ],
)
def test_a_bad_role_name(name: str, said: str) -> None:
    fault = fields.name_fault(name)
    assert fault is not None
    assert said in fault
    assert fault.isprintable()


@pytest.mark.parametrize("name", ["x", "x" * 64, "A_b+c=d,e.f@g-h"])
def test_a_good_role_name(name: str) -> None:
    assert fields.name_fault(name) is None


def test_other_names_may_be_longer() -> None:
    assert fields.name_fault("x" * 128, "policy") is None
    assert fields.name_fault("x" * 129, "instance profile") is not None


@pytest.mark.parametrize(
    ("path", "good"),
    [
        ("/", True),
        ("/app/", True),
        ("/a/b!c/", True),
        ("app/", False),
        ("/app", False),
        ("", False),
        ("//", False),
        ("/a b/", False),
        ("/é/", False),
        ("/aws-service-role/x/", False),
        (f"/{'x' * 510}/", True),
        (f"/{'x' * 511}/", False),
    ],
)
def test_paths(path: str, good: bool) -> None:
    assert (fields.path_fault(path) is None) == good


def test_descriptions() -> None:
    assert fields.description_fault("Ünïcode of Latin-1\n\tand lines") is None
    assert "“" in (fields.description_fault("curly “quotes”") or "")
    assert "1,001" in (fields.description_fault("x" * 1001) or "").replace("1001", "1,001")


def test_tags() -> None:
    assert fields.tags_fault({"team": "ferry", "Größe": "1 + 1 = 2"}) is None
    assert "same key" in (fields.tags_fault([("Team", "a"), ("team", "b")]) or "")
    assert "51" in (fields.tags_fault({f"k{n}": "" for n in range(51)}) or "")
    assert "reserved for AWS" in (fields.tags_fault({"aws:x": "y"}) or "")
    assert "128" in (fields.tags_fault({"k" * 129: ""}) or "")
    assert "256" in (fields.tags_fault({"k": "v" * 257}) or "")
    assert "“;”" in (fields.tags_fault({"k": "a;b"}) or "")
    assert "needs a key" in (fields.tags_fault({"": "x"}) or "")


@pytest.mark.parametrize(
    ("seconds", "good"), [(3600, True), (43_200, True), (3599, False), (43_201, False), (-1, False)]
)
def test_sessions(seconds: int, good: bool) -> None:
    assert (fields.session_fault(seconds) is None) == good


OIDC = "arn:aws:iam::111122223333:oidc-provider/"


def statement(**more: Any) -> dict[str, Any]:
    base = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return {key: value for key, value in {**base, **more}.items() if value is not None}


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (Document(""), "empty"),
        (Document("{"), "line 1"),
        (Document(trust().text.replace('"', "“", 1)), "straight quotes"),
        (Document(trust().text.replace("ec2", "🚀")), "U+1F680"),
        (policy(statement(Resource="*")), "has a Resource"),
        (policy(statement(Action="s3:GetObject")), "allows s3:GetObject"),
        (policy(statement(Principal=None)), "has no Principal"),
        (policy(statement(Principal=None, NotPrincipal={"AWS": "*"})), "NotPrincipal"),
        (policy(statement(Principal={"AWS": "arn:aws:iam::111122223333:role/*"})), "wildcard"),
        (policy(statement(Principal={"CanonicalUser": "x"})), "canonical"),
        (policy(statement(Effect="Maybe")), "Effect"),
        (policy(), "no statement"),
        (policy(statement(Sid="a"), statement(Sid="a")), "have the Sid a"),
        (policy(statement(Principal={"Federated": f"{OIDC}gitlab.com"})), "does not test gitlab.com:sub"),
        (policy(statement(Principal={"Federated": "cognito-identity.amazonaws.com"})), "identity pool"),
        (
            policy(
                statement(
                    Principal={"Federated": f"{OIDC}app.terraform.io"},
                    Condition={"StringLike": {"app.terraform.io:sub": "*"}},
                )
            ),
            "app.terraform.io:sub",
        ),
        (policy(*[statement(Sid=f"s{n}") for n in range(120)]), "8,192"),
    ],
)
def test_a_bad_trust_policy(document: Document, said: str) -> None:
    fault = fields.trust_fault(document)
    assert fault is not None
    assert said in fault
    assert "\n" not in fault


def test_white_space_does_not_count() -> None:
    document = Document(trust().text + " " * 20_000)
    assert fields.trust_fault(document) is None
    assert fields.size("a b\n\tc") == 3


def test_wildcards_of_sts_are_trust_actions() -> None:
    assert fields.trust_fault(policy(statement(Action=["sts:AssumeRole*", "sts:TagSession"]))) is None


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (policy({"Effect": "Allow", "Action": "s3:GetObject"}), "no Resource"),
        (policy({"Effect": "Allow", "Action": "GetObject", "Resource": "*"}), "not an action"),
        (policy({"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Principal": "*"}), "Principal"),
        (Document("[]"), "object"),
        (policy({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3::"}), "not an ARN"),
        (policy({"Effect": "Allow", "Action": "s3:GetObject", "Resource": ["*", "bucket"]}), "not an ARN"),
        (policy(*[{"Sid": "a", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}] * 2), "the Sid a"),
    ],
)
def test_a_bad_permission_policy(document: Document, said: str) -> None:
    assert said in (fields.permissions_fault(document, "policy") or "")


def test_managed_policies_are_of_the_newer_version() -> None:
    old = Document('{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}')
    assert fields.permissions_fault(old, "policy") is None
    assert "Version 2012-10-17" in (fields.managed_fault(old, "mine") or "")


def test_a_trust_in_an_account_s_own_provider_needs_no_certain_claim() -> None:
    """Only the providers that many customers share are guarded."""
    document = policy(statement(Principal={"Federated": f"{OIDC}login.example.org"}))
    assert fields.trust_fault(document) is None
    narrow = {"StringLike": {"gitlab.com:sub": ["*", "project_path:harbor/x:*"]}}
    document = policy(statement(Principal={"Federated": f"{OIDC}gitlab.com"}, Condition=narrow))
    assert fields.trust_fault(document) is None  # as IAM: its guard is no deeper


@given(st.text(max_size=200))
def test_whatever_is_typed_gets_a_sentence_or_none(text: str) -> None:
    for fault in (
        fields.name_fault(text),
        fields.path_fault(text),
        fields.description_fault(text),
        fields.tags_fault({text: text}),
        fields.boundary_fault(text),
        fields.trust_fault(Document(text)),
    ):
        assert fault is None or (fault and "\x1b" not in fault)


# Specs in JSON.


def read_spec(text: str) -> RoleSpec:
    return spec_of(decoded_json(text), FACTS)


def spec(**more: Any) -> str:
    return json.dumps({"name": "x", "trust": {"service": "lambda"}, **more})


def test_a_spec_with_everything() -> None:
    found = read_spec(
        spec(
            path="/app/",
            description="d",
            tags={"team": "ferry"},
            max_session_seconds=7200,
            boundary="DeveloperBoundary",
            attach=[
                "aws:service-role/AWSLambdaBasicExecutionRole",
                "lake-etl",
                "arn:aws:iam::aws:policy/ReadOnlyAccess",
            ],
            permissions=[
                {"recipe": "read-bucket", "bucket": ["a", "b"]},
                {"recipe": "read-bucket", "bucket": "c"},
                {"recipe": "consume-queue", "queue": "q", "name": "orders"},
            ],
            inline={"own": {"Version": "2012-10-17", "Statement": []}},
            policies=[{"name": "p", "document": {"Version": "2012-10-17", "Statement": []}, "path": "/x/"}],
        )
    )
    assert found.boundary_arn == f"arn:aws:iam::{ACCOUNT}:policy/DeveloperBoundary"
    assert found.attached == (
        "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
        f"arn:aws:iam::{ACCOUNT}:policy/lake-etl",
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
    )
    assert [each.name for each in found.inline] == ["read-bucket", "read-bucket-2", "orders", "own"]
    assert found.instance_profile is None
    assert found.new_policies[0].path == "/x/"
    assert found.all_attached("aws", ACCOUNT)[-1] == f"arn:aws:iam::{ACCOUNT}:policy/x/p"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({"service": "ecs-tasks"}, "Service"),
        ({"account": "444455556666", "external_id": "abc", "mfa": True}, "AWS"),
        ({"github": {"organization": "o", "repository": "r", "branch": "main"}}, "Federated"),
        ({"recipe": "saml", "provider": "P"}, "Federated"),
        ({"pod-identity": {}}, "Service"),
        (trust().value, "Service"),
        (trust().text, "Service"),
    ],
)
def test_the_forms_of_trust(value: Any, kind: str) -> None:
    found = read_spec(json.dumps({"name": "x", "trust": value}))
    assert kind in found.trust.value["Statement"][0]["Principal"]
    assert found.faults() == ()


def test_ec2_gets_a_profile_unless_told_otherwise() -> None:
    def profile(**more: Any) -> str | None:
        return read_spec(json.dumps({"name": "x", "trust": {"service": "ec2"}, **more})).instance_profile

    assert profile() == "x"
    assert profile(instance_profile="other") == "other"
    assert profile(instance_profile=False) is None
    assert read_spec(spec(instance_profile=True)).instance_profile == "x"
    assert not trusts_ec2(Document("{"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("{", "line 1"),
        ("[]", "object"),
        ('{"name": "x"}', "needs the field trust"),
        ('{"trust": {"service": "lambda"}}', "needs a name"),
        ('{"name": "x", "name": "y", "trust": {}}', "twice"),
        ('{"name": 1, "trust": {}}', "must be a string"),
        (spec(colour="red"), "no field 'colour'"),
        (spec(maxSessionSeconds=1), "did you mean max_session_seconds"),
        (spec(role_name="x"), "did you mean RoleName"),
        (spec(assumeRolePolicyDocument={}), "did you mean AssumeRolePolicyDocument"),
        (spec(instanceprofile="x"), "did you mean instance_profile"),
        (spec(RoleName="y"), "mean the same"),
        (spec(trust={"recipe": "git-hub"}), "did you mean github"),
        (spec(policies=[{"name": "x", "document": {}, "dokument": 1}]), "did you mean document"),
        (spec(permissions=[{"recipe": "read-bucket", "buket": "b"}]), "did you mean bucket"),
        (spec(trust={"service": "?"}), "trust"),
        (spec(trust={"recipe": "nope"}), "pod-identity"),
        (spec(trust={"service": "lambda", "colour": "red"}), "no field colour"),
        (spec(trust=7), "trust"),
        (spec(permissions=[{"recipe": "nope"}]), "read-bucket"),
        (spec(permissions=[{"recipe": "read-bucket", "bucket": "*"}]), "every bucket"),
        (spec(permissions=["x"]), "list of recipes"),
        (spec(permissions=[{"recipe": "read-bucket", "bucket": {"a": 1}}]), "bucket"),
        (spec(inline=[]), "inline"),
        (spec(inline={"a": 1}), "inline.a"),
        (spec(attach="x"), "attach"),
        (spec(policies=[{"name": "x"}]), "policies[0]"),
        (spec(policies=[{"name": "x", "document": {}, "colour": 1}]), "colour"),
        (spec(tags=["x"]), "tags"),
        (spec(tags={"a": 1}), "must be strings"),
        (spec(tags=[{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]), "twice"),
        (spec(max_session_seconds="3600"), "must be an integer"),
        (spec(instance_profile=3), "instance_profile"),
        ("[" * 100_000, "deeply"),
        ("x" * 1_100_000, "1,100,000"),
    ],
)
def test_a_spec_that_cannot_be_read(text: str, said: str) -> None:
    with pytest.raises(SpecError) as error:
        read_spec(text)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_the_command_s_page_tells_every_field() -> None:
    from tui.commands.plans import create

    page = create.__doc__ or ""
    assert all(each in page for each in FIELDS)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*FIELDS, "recipe", "service"]), inner),
        max_leaves=12,
    )
)
def test_any_json_is_a_spec_or_a_sentence(value: Any) -> None:
    try:
        found = spec_of(value, FACTS)
    except SpecError as error:
        assert str(error)
        return
    assert isinstance(found, RoleSpec)
    assert all(found.faults()) or not found.faults()
