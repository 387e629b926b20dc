"""Every operator, with and without its prefix and suffix, values of every form, missing keys, and variables."""

from __future__ import annotations

import pytest

from iam.policy.document import PolicyError
from iam.policy.evaluate import evaluate
from iam.policy.operators import FORMS, any_of, any_value, operator
from tests.support.accounts.policies import Context, identity, policy, request, statement

Wanted = str | list[str] | bool | int | float
Had = str | list[str] | None


def holds(operator: str, wanted: Wanted, had: Had, more: Context | None = None, version: str = "2012-10-17") -> bool:
    """Whether a condition on the key x:k is true for a request that has it with that value (None: not at all)."""
    context: Context = dict(more or {})
    if had is not None:
        context["x:k"] = had
    conditioned = policy(statement(Condition={operator: {"x:k": wanted}}), version=version)
    return evaluate(request(context=context), identity(conditioned)).allowed


STRINGS: list[tuple[str, Wanted, Had, bool]] = [
    ("StringEquals", "a", "a", True),
    ("StringEquals", "a", "A", False),
    ("StringEquals", ["a", "b"], "b", True),
    ("StringEquals", "a*", "abc", False),
    ("StringEquals", "*", "*", True),
    ("StringEquals", "a", None, False),
    ("StringEquals", [], "a", False),
    ("StringEquals", "", "", True),
    # An empty list is a key that is not there.
    ("StringEquals", "a", [], False),
    ("StringEqualsIfExists", "a", [], True),
    ("StringNotEquals", "a", [], True),
    ("StringLikeIfExists", "a", [], True),
    ("StringNotLike", "a", [], True),
    ("StringEquals", True, "true", True),
    ("StringEquals", 5, "5", True),
    ("StringEqualsIfExists", "a", None, True),
    ("StringEqualsIfExists", "a", "b", False),
    ("StringNotEquals", "a", "b", True),
    ("StringNotEquals", ["a", "b"], "b", False),
    ("StringNotEquals", ["a", "b"], "c", True),
    ("StringNotEquals", "a", None, True),
    ("StringNotEqualsIfExists", "a", None, True),
    ("StringNotEqualsIfExists", "a", "a", False),
    ("StringEqualsIgnoreCase", "AbC", "aBc", True),
    ("StringEqualsIgnoreCase", "AbC", "abd", False),
    ("StringNotEqualsIgnoreCase", "AbC", "aBc", False),
    ("StringNotEqualsIgnoreCase", "AbC", "x", True),
    ("StringLike", "a*", "abc", True),
    ("StringLike", "a*", "a", True),
    ("StringLike", "A*", "abc", False),
    ("StringLike", "a?c", "abc", True),
    ("StringLike", "a?c", "ac", False),
    ("StringLike", "*", "line\nbreak", True),
    ("StringLike", "a.c", "abc", False),
    ("StringLike", "[a]*", "a", False),
    ("StringNotLike", ["a*", "b*"], "abc", False),
    ("StringNotLike", ["a*", "b*"], "cbc", True),
    ("StringNotLike", "a*", None, True),
    # Without a set operator a key with several values is never true, negated or not.
    ("StringEquals", "a", ["a", "b"], False),
    ("StringNotEquals", "z", ["a", "b"], False),
    ("stringequals", "a", "a", True),
    ("STRINGEQUALSIFEXISTS", "a", None, True),
]

SETS: list[tuple[str, Wanted, Had, bool]] = [
    ("ForAllValues:StringEquals", ["a", "b"], ["a", "b"], True),
    ("ForAllValues:StringEquals", ["a", "b"], ["a", "c"], False),
    ("ForAllValues:StringEquals", "a", "a", True),
    ("ForAllValues:StringEquals", "a", None, True),
    ("ForAllValues:StringEquals", "a", [], True),
    ("ForAllValues:StringEquals", "a", "", True),
    ("ForAllValues:StringNotEquals", "a", ["b", "c"], True),
    ("ForAllValues:StringNotEquals", "a", ["a", "c"], False),
    ("ForAllValues:StringNotEquals", "a", None, True),
    ("ForAllValues:StringLike", "t*", ["team", "tier"], True),
    ("ForAllValues:StringEqualsIfExists", "a", None, True),
    ("ForAnyValue:StringEquals", ["a", "b"], ["c", "b"], True),
    ("ForAnyValue:StringEquals", "a", ["b", "c"], False),
    ("ForAnyValue:StringEquals", "a", None, False),
    ("ForAnyValue:StringEquals", "a", [], False),
    ("ForAnyValue:StringEquals", "", "", False),
    ("ForAnyValue:StringNotEquals", "a", ["a", "b"], True),
    ("ForAnyValue:StringNotEquals", ["a", "b"], ["a", "b"], False),
    ("ForAnyValue:StringNotEquals", "a", None, False),
    ("ForAnyValue:StringEqualsIfExists", "a", None, False),
    ("forallvalues:stringequals", "a", ["a"], True),
    ("ForAllValues:IpAddress", "10.0.0.0/8", ["10.0.0.1", "10.2.0.1"], True),
    ("ForAnyValue:ArnLike", "arn:aws:s3:::b*", ["arn:aws:s3:::x", "arn:aws:s3:::b"], True),
]

NUMBERS: list[tuple[str, Wanted, Had, bool]] = [
    ("NumericEquals", "5", "5.0", True),
    ("NumericEquals", "5", "05", True),
    ("NumericEquals", 5, "5", True),
    ("NumericEquals", "1e3", "1000", True),
    ("NumericEquals", "9007199254740993", "9007199254740992", False),
    ("NumericEquals", "5", "abc", False),
    ("NumericEquals", "5", "", False),
    ("NumericEquals", "5abc", "5", False),
    ("NumericEquals", "0x10", "16", False),
    ("NumericEquals", "1_0", "10", False),
    ("NumericNotEquals", "5", "6", True),
    ("NumericNotEquals", "5", "5", False),
    ("NumericNotEquals", "5", "abc", False),
    ("NumericNotEquals", "abc", "5", False),
    ("NumericNotEquals", "5", None, True),
    ("NumericLessThan", "5", "4.9", True),
    ("NumericLessThan", "5", "5", False),
    ("NumericLessThan", "5", "-3", True),
    ("NumericLessThan", ["1", "10"], "5", True),
    ("NumericLessThan", "5", None, False),
    ("NumericLessThanIfExists", "5", None, True),
    ("NumericLessThanEquals", "5", "5", True),
    ("NumericGreaterThan", "5", "5.001", True),
    ("NumericGreaterThan", "5", "Infinity", False),
    ("NumericGreaterThan", "5", "nan", False),
    ("NumericGreaterThanEquals", "5", "5", True),
]

NEW_YEAR = "2026-01-01T00:00:00Z"
DATES: list[tuple[str, Wanted, Had, bool]] = [
    ("DateEquals", NEW_YEAR, "1767225600", True),
    ("DateEquals", "1767225600", NEW_YEAR, True),
    ("DateEquals", 1767225600, NEW_YEAR, True),
    ("DateEquals", "2026-01-01", NEW_YEAR, True),
    ("DateEquals", "2026-01", NEW_YEAR, True),
    ("DateEquals", "2026", NEW_YEAR, True),
    ("DateEquals", "2026-01-01T00:00Z", NEW_YEAR, True),
    ("DateEquals", "2026-01-01T01:00:00+01:00", NEW_YEAR, True),
    ("DateEquals", "2025-12-31T19:00:00-0500", NEW_YEAR, True),
    ("DateEquals", "2026-01-01T00:00:00.000Z", NEW_YEAR, True),
    ("DateEquals", "2026-01-01T00:00:00.5Z", NEW_YEAR, False),
    ("DateEquals", "2026-01-01T00:00:00", NEW_YEAR, True),
    ("DateEquals", "20260101T000000Z", NEW_YEAR, True),
    ("DateNotEquals", "2026-01-02", NEW_YEAR, True),
    ("DateNotEquals", "junk", NEW_YEAR, False),
    ("DateNotEquals", NEW_YEAR, "junk", False),
    ("DateNotEquals", NEW_YEAR, "2026-13-45T00:00:00Z", False),
    ("DateNotEquals", NEW_YEAR, None, True),
    ("DateLessThan", "2026-01-02T00:00:00Z", "2026-01-01", True),
    ("DateLessThan", NEW_YEAR, NEW_YEAR, False),
    ("DateLessThanEquals", NEW_YEAR, NEW_YEAR, True),
    ("DateGreaterThan", NEW_YEAR, "2026-05-01T12:00:00Z", True),
    ("DateGreaterThan", NEW_YEAR, "2026-01-01T00:00:00.001Z", True),
    ("DateGreaterThanEquals", NEW_YEAR, NEW_YEAR, True),
    ("DateGreaterThanEquals", NEW_YEAR, None, False),
    ("DateGreaterThanEqualsIfExists", NEW_YEAR, None, True),
]

OTHERS: list[tuple[str, Wanted, Had, bool]] = [
    ("Bool", "true", "true", True),
    ("Bool", "true", "TRUE", True),
    ("Bool", True, "true", True),
    ("Bool", False, "false", True),
    ("Bool", ["true", "false"], "false", True),
    ("Bool", "false", "true", False),
    ("Bool", "false", None, False),
    ("Bool", "false", "no", False),
    ("Bool", "1", "true", False),
    ("BoolIfExists", "true", None, True),
    ("BoolIfExists", "true", "false", False),
    ("Null", "true", None, True),
    ("Null", "true", "a", False),
    ("Null", "false", None, False),
    ("Null", "false", "a", True),
    ("Null", True, None, True),
    # "To prevent missing context keys or context keys with empty values from evaluating to true, you can include the
    # Null condition operator in your policy with a false value" (IAM User Guide, "Set operators for multivalued keys").
    ("Null", "false", "", False),
    ("Null", "false", [], False),
    ("Null", "true", "", True),
    ("Null", "true", [], True),
    ("Null", "false", ["", "a"], True),
    ("Null", ["true", "false"], "a", True),
    ("Null", "maybe", None, False),
    ("Null", "maybe", "a", False),
    ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", True),
    ("BinaryEquals", "QmluYXJ5", "qmluYXJ5", False),
    ("BinaryEquals", "no base64!", "no base64!", False),
    ("IpAddress", "10.0.0.0/8", "10.1.2.3", True),
    ("IpAddress", "10.0.0.5/8", "10.1.2.3", True),
    ("IpAddress", "10.0.0.5", "10.0.0.5", True),
    ("IpAddress", "10.0.0.0/8", "11.0.0.1", False),
    ("IpAddress", "0.0.0.0/0", "2001:db8::1", False),
    ("IpAddress", "2001:db8::/32", "2001:DB8:0::1", True),
    ("IpAddress", "2001:db8::1", "2001:0db8:0:0:0:0:0:1", True),
    ("IpAddress", "10.0.0.0/255.0.0.0", "10.0.0.1", False),
    ("IpAddress", "10.0.0.0/33", "10.0.0.1", False),
    ("IpAddress", "10.*", "10.0.0.1", False),
    ("IpAddress", "10.0.0.0/8", None, False),
    ("IpAddressIfExists", "10.0.0.0/8", None, True),
    ("NotIpAddress", "10.0.0.0/8", "11.0.0.1", True),
    ("NotIpAddress", "10.0.0.0/8", "2001:db8::1", True),
    ("NotIpAddress", ["10.0.0.0/8", "11.0.0.0/8"], "11.0.0.1", False),
    ("NotIpAddress", "10.0.0.0/8", "junk", False),
    ("NotIpAddress", "junk", "10.0.0.1", False),
    ("NotIpAddress", "10.0.0.0/8", None, True),
    ("ArnEquals", "arn:aws:s3:::*", "arn:aws:s3:::b", True),
    ("ArnLike", "arn:aws:lambda:*:*:function:*", "arn:aws:lambda:us-east-1:111122223333:function:x", True),
    ("ArnLike", "arn:aws:lambda:us-east-1:111122223333:*", "arn:aws:lambda:us-east-1:111122223333:function:x", True),
    ("ArnLike", "arn:aws:lambda:*", "arn:aws:lambda:us-east-1:111122223333:function:x", False),
    ("ArnLike", "arn:aws:s3:::B", "arn:aws:s3:::b", False),
    ("ArnLike", "*", "arn:aws:s3:::b", False),
    ("ArnLike", "junk", "junk", False),
    ("ArnNotLike", "arn:aws:s3:::b*", "arn:aws:s3:::c", True),
    ("ArnNotLike", "arn:aws:s3:::b*", "arn:aws:s3:::bc", False),
    ("ArnNotEquals", "arn:aws:s3:::b", "arn:aws:s3:::b", False),
    ("ArnNotLike", "junk", "arn:aws:s3:::b", False),
    ("ArnNotLike", "arn:aws:s3:::b", "junk", False),
    ("ArnNotEquals", "arn:aws:s3:::b", None, True),
]


def test_every_operator_has_a_case() -> None:
    tried = {row[0].lower() for row in (*STRINGS, *SETS, *NUMBERS, *DATES, *OTHERS)}
    names = [name for form in FORMS for name in (form.name, *form.aliases, *form.negated)]
    assert [name for name in names if name.lower() not in tried] == []


@pytest.mark.parametrize(("operator", "wanted", "had", "expected"), [*STRINGS, *SETS, *NUMBERS, *DATES, *OTHERS])
def test_operator(operator: str, wanted: Wanted, had: Had, expected: bool) -> None:
    assert holds(operator, wanted, had) is expected


VARIABLES: list[tuple[str, Wanted, Had, Context, bool]] = [
    ("StringEquals", "${x:v}", "a", {"x:v": "a"}, True),
    ("StringEquals", "${X:V}", "a", {"x:v": "a"}, True),
    ("StringEquals", "pre-${x:v}-post", "pre-a-post", {"x:v": "a"}, True),
    ("StringEquals", "${x:v}", "a", {}, False),
    ("StringEquals", ["${x:v}", "a"], "a", {}, True),
    ("StringEquals", "${x:v, 'a'}", "a", {}, True),
    ("StringEquals", "${x:v, 'a'}", "b", {"x:v": "b"}, True),
    ("StringEquals", "${x:v, 'a'}", "a", {"x:v": "b"}, False),
    ("StringEquals", "${x:v}", "a", {"x:v": ["a", "b"]}, False),
    ("StringEquals", "${x:v}${x:w}", "ab", {"x:v": "a", "x:w": "b"}, True),
    ("StringLike", "${x:v}*", "abc", {"x:v": "a"}, True),
    # What a variable stands for is no wildcard.
    ("StringLike", "${x:v}", "abc", {"x:v": "*"}, False),
    ("StringLike", "${x:v}", "*", {"x:v": "*"}, True),
    ("StringLike", "a${*}", "a*", {}, True),
    ("StringLike", "a${*}", "ab", {}, False),
    ("StringLike", "a${?}", "a?", {}, True),
    ("StringEquals", "${$}{x:v}", "${x:v}", {"x:v": "a"}, True),
    ("StringEquals", "${*}", "*", {}, True),
    ("ArnLike", "arn:aws:s3:::${x:v}*", "arn:aws:s3:::bc", {"x:v": "b"}, True),
    ("Bool", "${x:v}", "true", {"x:v": "true"}, True),
    # "Inverted condition operators like StringNotEquals or StringNotLike do match against a null value" (IAM User
    # Guide, "IAM policy elements: Variables and tags", Policy variables with no value).
    ("StringNotEquals", "${x:v}", "a", {}, True),
    ("StringNotEquals", ["${x:v}", "b"], "a", {}, True),
    ("StringNotEquals", ["${x:v}", "a"], "a", {}, False),
    ("StringNotEquals", "${x:v}", None, {}, True),
    ("StringNotEquals", "${x:v, 'a'}", "a", {}, False),
    ("StringNotEqualsIfExists", "${x:v}", "a", {}, True),
    ("StringNotEqualsIgnoreCase", "${x:v}", "a", {}, True),
    ("StringNotLike", "${x:v}*", "a", {}, True),
    ("StringNotLikeIfExists", "*${x:v}", "a", {}, True),
    ("ArnNotLike", "arn:aws:s3:::${x:v}*", "arn:aws:s3:::bc", {}, True),
    ("ArnNotEquals", "arn:aws:s3:::${x:v}", "arn:aws:s3:::bc", {}, True),
    ("ArnNotEqualsIfExists", "${x:v}", "arn:aws:s3:::bc", {}, True),
    ("ForAllValues:StringNotEquals", "${x:v}", ["a", "b"], {}, True),
    ("ForAnyValue:StringNotLike", "${x:v}", ["a", "b"], {}, True),
    ("ForAnyValue:StringLike", "${x:v}", ["a", "b"], {}, False),
    ("StringNotEquals", "${x:v}", "a", {"x:v": "b"}, True),
    ("StringNotEquals", "${x:v}", "a", {"x:v": "a"}, False),
    ("StringNotLike", "${x:v}*", "abc", {"x:v": "b"}, True),
    # Numbers, dates and addresses know no variables.
    ("NumericEquals", "${x:v}", "5", {"x:v": "5"}, False),
    ("IpAddress", "${x:v}", "10.0.0.1", {"x:v": "10.0.0.1"}, False),
]


@pytest.mark.parametrize(("operator", "wanted", "had", "more", "expected"), VARIABLES)
def test_variables(operator: str, wanted: Wanted, had: Had, more: Context, expected: bool) -> None:
    assert holds(operator, wanted, had, more) is expected


@pytest.mark.parametrize("version", ["2008-10-17", ""])
def test_variables_are_plain_text_in_older_documents(version: str) -> None:
    old = version or "2008-10-17"
    assert not holds("StringEquals", "${x:v}", "a", {"x:v": "a"}, old)
    assert holds("StringEquals", "${x:v}", "${x:v}", {"x:v": "a"}, old)


@pytest.mark.parametrize(
    ("keys", "denied"), [(["key1x"], True), (["key1x", "other"], False), ("", False), ([], False), (None, False)]
)
def test_a_null_condition_keeps_for_all_values_from_empty_keys(keys: Had, denied: bool) -> None:
    """IAM User Guide, "Multivalued context key examples": deny if the key exists and all its values match."""
    deny = statement("Deny", Condition={"Null": {"x:k": "false"}, "ForAllValues:StringLike": {"x:k": ["key1*"]}})
    context: Context = {} if keys is None else {"x:k": keys}
    assert evaluate(request(context=context), identity(policy(statement(), deny))).allowed is not denied


def test_all_operators_and_keys_of_a_block_must_hold() -> None:
    both = policy(statement(Condition={"StringEquals": {"x:a": "1", "x:b": "2"}, "Bool": {"x:c": "true"}}))
    assert evaluate(request(context={"X:A": "1", "x:B": "2", "x:c": "true"}), identity(both)).allowed
    for missing in ("x:a", "x:b", "x:c"):
        context: Context = {"x:a": "1", "x:b": "2", "x:c": "true"}
        del context[missing]
        decision = evaluate(request(context=context), identity(both))
        assert not decision.allowed
        assert missing in decision.missing_context


def test_missing_keys_are_named_as_the_policies_spell_them() -> None:
    wanting = policy(statement(Condition={"StringEquals": {"AWS:SourceVPC": "vpc-1"}}))
    assert evaluate(request(), identity(wanting)).missing_context == ("AWS:SourceVPC",)


def test_keys_of_statements_about_other_things_are_not_missing() -> None:
    other = policy(statement(Action="ec2:*", Condition={"StringEquals": {"ec2:Region": "x"}}))
    assert evaluate(request(), identity(other)).missing_context == ()


@pytest.mark.parametrize(
    "operator", ["StringIs", "ForSomeValues:StringEquals", "IfExists", "", "StringEqualsIfExistss"]
)
def test_unknown_operator_is_reported(operator: str) -> None:
    with pytest.raises(PolicyError, match="operator"):
        holds(operator, "a", "a")


@pytest.mark.parametrize(
    ("principal", "key", "value"),
    [
        ("arn:aws:iam::111122223333:user/ops/jo", "aws:username", "jo"),
        ("arn:aws:iam::111122223333:user/ops/jo", "aws:PrincipalArn", "arn:aws:iam::111122223333:user/ops/jo"),
        ("arn:aws:iam::111122223333:user/ops/jo", "AWS:principalaccount", "111122223333"),
        ("arn:aws:sts::111122223333:assumed-role/r/s", "aws:PrincipalType", "AssumedRole"),
        ("arn:aws:iam::111122223333:root", "aws:PrincipalType", "Account"),
    ],
)
def test_keys_that_the_principal_itself_tells(principal: str, key: str, value: str) -> None:
    conditioned = policy(statement(Condition={"StringEquals": {key: value}}))
    assert evaluate(request(principal), identity(conditioned)).allowed


def test_given_keys_win_over_those_that_the_principal_tells() -> None:
    conditioned = policy(statement(Condition={"StringEquals": {"aws:username": "jo"}}))
    assert not evaluate(request(context={"aws:UserName": "al"}), identity(conditioned)).allowed


@pytest.mark.parametrize(
    ("name", "wanted", "had"),
    [
        ("IpAddress", [*(f"10.{n}.0.0/16" for n in range(20)), "2001:db8::/32", "192.0.2.7"], ["10.5.1.2", "11.0.0.1"]),
        ("IpAddress", [*(f"10.{n}.0.0/16" for n in range(20)), "::/0"], ["::a00:1", "10.19.0.1", "10.20.0.1", "x", ""]),
        ("IpAddress", [*(f"10.{n}.0.0/16" for n in range(20)), "no network"], ["10.5.1.2", "11.0.0.1"]),
        ("IpAddress", ["0.0.0.0/0"] * 20, ["203.0.113.9", "2001:db8::1"]),
        ("NumericEquals", [*map(str, range(20)), "2.50"], ["5.0", "2.5", "21", "no number"]),
        ("NumericEquals", [*map(str, range(20)), "no number"], ["5", "21"]),
        ("DateEquals", [f"20{n}-01-01T00:00:00Z" for n in range(10, 30)], ["2012-01-01", "1325376000", "2040", "x"]),
        ("BinaryEquals", ["QUFB"] * 20, ["QUFB", "QUFC", "?"]),
    ],
)
def test_many_values_are_compared_as_one_by_one(name: str, wanted: list[str], had: list[str]) -> None:
    found = operator(name)
    assert found is not None
    together = any_value(found.form, tuple(wanted))
    one_by_one = any_of(tuple(map(found.form.prepare, wanted)))
    assert [together(text) for text in had] == [one_by_one(text) for text in had]
