"""A refused field of AppSync is compared with its directives in the text's schema."""

from __future__ import annotations

import pytest

from diagnostics.text.answer.appsync_fields import refused_field

SAID = '"path": ["listInvoices"], "message": "Not Authorized to access listInvoices on type Query"\n'
ROLE = "caller: arn:aws:sts::111122223333:assumed-role/report/report\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f"{SAID}{ROLE}type Query {{ listInvoices: [Invoice] @aws_cognito_user_pools }}",
            "only @aws_cognito_user_pools",
        ),
        (f"{SAID}{ROLE}type Query {{\n  listInvoices(limit: Int): [Invoice!]! @aws_api_key\n}}", "add @aws_iam"),
        (f"{SAID}x-api-key: da2-1\ntype Query {{\n  listInvoices: Invoice @aws_iam\n}}", "add @aws_api_key"),
        (
            f"{SAID}{ROLE}type Query {{ listInvoices: [Invoice] }}\ndefault auth mode: AMAZON_COGNITO_USER_POOLS",
            "so it allows only AMAZON_COGNITO_USER_POOLS",
        ),
    ],
)
def test_the_missing_directive_is_named(text: str, said: str) -> None:
    assert said in refused_field(text)


@pytest.mark.parametrize(
    "text",
    [
        f"{SAID}{ROLE}type Query {{ listInvoices: [Invoice] @aws_cognito_user_pools @aws_iam }}",
        f"{SAID}{ROLE}type Query {{ listOrders: [Order] @aws_cognito_user_pools }}",
        f"{SAID}type Query {{ listInvoices: [Invoice] @aws_cognito_user_pools }}",
        f"{SAID}{ROLE}type Query {{ listInvoices: [Invoice] }}\ndefault auth mode: AWS_IAM",
    ],
)
def test_a_directive_that_allows_the_mode_or_is_not_shown_is_not(text: str) -> None:
    assert refused_field(text) == ""


def _model(rules: str) -> str:
    return f"type Invoice @model @auth(rules: [{rules}]) {{ id: ID! }}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            SAID + _model('{ allow: groups, groups: ["ADMINS"] }') + '"cognito:groups": ["Admins"]',
            "accepts the group ADMINS, but the token has Admins: the letter case differs.",
        ),
        (
            SAID
            + "type Query { listInvoices(limit: Int): [Invoice] "
            + '@aws_cognito_user_pools(cognito_groups: ["Ops", "Sales"]) }\n{"cognito:groups":["Support"]}',
            "accepts only the groups Ops and Sales, but the token has Support",
        ),
    ],
)
def test_groups_that_the_rule_does_not_accept_are_named(text: str, said: str) -> None:
    assert said in refused_field(text)


@pytest.mark.parametrize(
    "text",
    [
        SAID + _model('{ allow: owner }, { allow: groups, groups: ["Ops"] }') + '"cognito:groups": ["ops"]',
        SAID + _model('{ allow: groups, groups: ["Ops"] }') + '"cognito:groups": ["Ops", "ops"]',
        SAID + _model('{ allow: groups, groups: ["Ops"] }'),
    ],
)
def test_groups_that_fit_or_do_not_decide_alone_are_not_named(text: str) -> None:
    assert "groups" not in refused_field(text)
    assert "group " not in refused_field(text)


SCRIPT = "const schema = a.schema({\n  Invoice: a.model({ id: a.id() }).authorization((allow) => [%s]),\n})\n"
ADMINS, STAFF = SCRIPT % 'allow.groups(["ADMINS"])', SCRIPT % 'allow.group("staff").to(["read"])'
OWNERS = SCRIPT % 'allow.owner(), allow.group("ADMINS")'
OTHERS = "  Order: a.model({}).authorization(allow => [allow.group('Ops')]),\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f'{SAID}{ADMINS}the id token has groups: ["admins"]', "accepts the group ADMINS, but the token has admins"),
        (f'{SAID}{ADMINS}{OTHERS}groups in the token ["ops", "Admins"]', "the group ADMINS, but the token has Admins"),
        (f"{SAID}{STAFF}'cognito:groups': ['sales']", "accepts only the groups staff, but the token has sales"),
    ],
)
def test_rules_in_typescript_are_read(text: str, said: str) -> None:
    assert said in refused_field(text)


@pytest.mark.parametrize(
    "text",
    [
        f'{SAID}{ADMINS}the id token has groups: ["ADMINS"]',
        f'{SAID}{OWNERS}the id token has groups: ["admins"]',
        f'{SAID}{ADMINS}groups of the pool: ["admins"]',
    ],
)
def test_rules_in_typescript_that_fit_or_do_not_decide_alone_are_not_named(text: str) -> None:
    assert refused_field(text) == ""


API = "arn:aws:appsync:eu-west-1:111122223333:apis/abcdefghijklmnopqrstuvwxyz"
GRAPHQL = '"Action": "appsync:GraphQL", "Resource": ["{}"]'


@pytest.mark.parametrize("named", ["types/Mutation/*", "types/Query/fields/getInvoice"])
def test_a_field_that_the_policy_does_not_name_is_named(named: str) -> None:
    said = refused_field(SAID + GRAPHQL.format(f"{API}/{named}"))
    assert said.startswith(f"Allow appsync:GraphQL on {API}/types/Query/fields/listInvoices")
    assert named in said


@pytest.mark.parametrize("named", ["types/Query/*", "*", "types/Query/fields/listInvoices", ""])
def test_a_field_that_the_policy_names_is_not(named: str) -> None:
    assert refused_field(SAID + GRAPHQL.format(f"{API}/{named}".rstrip("/"))) == ""


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("{ allow: public, operations: [read], provider: iam }, { allow: owner }", True),
        ("{ allow: public, provider: iam }, { allow: private, provider: iam }", False),
        ("{ allow: owner }", False),
    ],
)
def test_a_rule_for_guests_does_not_admit_who_is_signed_in(rules: str, said: bool) -> None:
    text = f"{SAID}type Invoice @model @auth(rules: [{rules}])\ncalled signed-in (Cognito user) with authMode AWS_IAM"
    assert ("admits only guests" in refused_field(text)) is said
