"""Laws of the evaluator on random requests and policies."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from iam.policy.decision import Outcome
from iam.policy.document import Document
from iam.policy.evaluate import evaluate
from iam.policy.explain import explain
from iam.policy.match import action_matcher, compile_glob, covers, folded, overlap, resource_matcher
from iam.policy.request import NamedPolicy, Policies, Request
from tests.support.accounts.policies import ACCOUNT, FEDERATED, KEY, OIDC, OTHER, ROLE, ROOT, SESSION, TARGET, USER

quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

RESOURCES = ["arn:aws:s3:::b/k", "arn:aws:s3:::b/deep/k", f"arn:aws:sqs:us-east-1:{ACCOUNT}:jobs", TARGET, KEY]
ACTIONS = ["s3:GetObject", "s3:PutObject", "sqs:SendMessage", "sts:AssumeRole", "kms:Decrypt"]
WHO = [USER, ROLE, SESSION, FEDERATED, ROOT, "lambda.amazonaws.com", OIDC, None]
KEYS = ["aws:PrincipalTag/team", "aws:SourceIp", "x:n", "aws:TagKeys"]

action_patterns = st.sampled_from([*ACTIONS, "*", "s3:*", "s3:Get*", "S3:getobject", "sqs:Send?essage", "zz:None"])
resource_patterns = st.sampled_from(
    [*RESOURCES, "*", "arn:aws:s3:::b/*", "arn:aws:s3:::*", "arn:aws:s3:::b/${aws:PrincipalTag/team}", "arn:aws:sqs:*"]
)
principals = st.sampled_from(
    [
        "*",
        *({"AWS": who} for who in (USER, ROLE, SESSION, ROOT, ACCOUNT, FEDERATED, OTHER)),
        {"Service": "lambda.amazonaws.com"},
        {"Federated": OIDC},
        {"AWS": [USER, ROOT]},
    ]
)
conditions = st.dictionaries(
    st.sampled_from(
        [
            "StringEquals",
            "StringNotEquals",
            "StringLikeIfExists",
            "NumericLessThan",
            "IpAddress",
            "NotIpAddress",
            "Null",
            "ForAllValues:StringEquals",
            "ForAnyValue:StringLike",
            "StringNotEqualsIfExists",
            "Bool",
        ]
    ),
    st.dictionaries(
        st.sampled_from(KEYS),
        st.lists(st.sampled_from(["a", "b", "a*", "10.0.0.0/8", "5", "true", "${aws:PrincipalTag/team}"]), max_size=2),
        min_size=1,
        max_size=1,
    ),
    max_size=1,
)


def some(values: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return values | st.lists(values, min_size=1, max_size=3)


@st.composite
def statements(
    draw: st.DrawFn, effect: str | None = None, principal: bool = False, negated: bool = True
) -> dict[str, Any]:
    built: dict[str, Any] = {"Effect": effect or draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
    built["NotAction" if negated and draw(st.integers(0, 5)) == 0 else "Action"] = draw(some(action_patterns))
    built["NotResource" if negated and draw(st.integers(0, 5)) == 0 else "Resource"] = draw(some(resource_patterns))
    if principal:
        built["NotPrincipal" if negated and draw(st.integers(0, 5)) == 0 else "Principal"] = draw(principals)
    condition = draw(conditions)
    if condition:
        built["Condition"] = condition
    return built


def documents(principal: bool = False) -> st.SearchStrategy[NamedPolicy]:
    listed = st.lists(statements(principal=principal), max_size=3)
    return listed.map(lambda found: NamedPolicy(Document.from_value({"Version": "2012-10-17", "Statement": found})))


several = st.lists(documents(), max_size=3).map(tuple)
levels = st.lists(several, min_size=1, max_size=2).map(tuple)
policies = st.builds(
    Policies,
    identity=several,
    resource=st.none() | documents(principal=True),
    boundary=st.none() | several,
    session=st.none() | documents().map(lambda each: (each,)),
    scps=st.none() | levels,
    rcps=st.none() | st.lists(st.lists(documents(principal=True), max_size=2).map(tuple), max_size=2).map(tuple),
    vpc_endpoint=st.none() | st.lists(documents(principal=True), max_size=2).map(tuple),
)
contexts = st.dictionaries(
    st.sampled_from([*KEYS, *(key.upper() for key in KEYS)]),
    st.lists(st.sampled_from(["a", "b", "k", "10.1.2.3", "4", "true"]), max_size=2).map(tuple),
    max_size=3,
)
requests = st.builds(
    Request,
    principal=st.sampled_from(WHO),
    action=st.sampled_from(ACTIONS),
    resource=st.sampled_from(RESOURCES),
    resource_account=st.sampled_from([None, ACCOUNT, OTHER]),
    context=contexts,
)

_RANK = {Outcome.EXPLICIT_DENY: 0, Outcome.IMPLICIT_DENY: 1, Outcome.ALLOWED: 2}


def with_statement(policy: NamedPolicy, added: dict[str, Any]) -> NamedPolicy:
    value = policy.document.value
    return replace(policy, document=Document.from_value({**value, "Statement": [*value["Statement"], added]}))


@quick
@given(requests, policies, st.data())
def test_a_deny_added_never_allows_more(asked: Request, held: Policies, data: st.DataObject) -> None:
    before = evaluate(asked, held).outcome
    plain, named = data.draw(statements("Deny")), data.draw(statements("Deny", principal=True))
    empty = NamedPolicy(Document.from_value({"Version": "2012-10-17", "Statement": []}))
    widened = [replace(held, identity=(*held.identity, with_statement(empty, plain)))]
    if held.resource is not None:
        widened.append(replace(held, resource=with_statement(held.resource, named)))
    if held.boundary:
        widened.append(replace(held, boundary=(with_statement(held.boundary[0], plain), *held.boundary[1:])))
    if held.session is not None:
        widened.append(replace(held, session=(with_statement(held.session[0], plain),)))
    if held.scps and held.scps[0]:
        first = (with_statement(held.scps[0][0], plain), *held.scps[0][1:])
        widened.append(replace(held, scps=(first, *held.scps[1:])))
    if held.rcps is not None:
        widened.append(replace(held, rcps=(*held.rcps, (with_statement(empty, named),))))
    for more in widened:
        assert _RANK[evaluate(asked, more).outcome] <= _RANK[before]


@quick
@given(requests, policies, st.data())
def test_an_allow_added_never_denies_more(asked: Request, held: Policies, data: st.DataObject) -> None:
    """Of layers that are there: a guardrail that appears limits, and an Allow in it lifts."""
    before = evaluate(asked, held).outcome
    plain = data.draw(statements("Allow"))
    named = data.draw(statements("Allow", principal=True))
    assume("NotPrincipal" not in named)
    empty = NamedPolicy(Document.from_value({"Version": "2012-10-17", "Statement": []}))
    widened = [replace(held, identity=(*held.identity, with_statement(empty, plain)))]
    if held.resource is not None:
        widened.append(replace(held, resource=with_statement(held.resource, named)))
    if held.boundary:
        widened.append(replace(held, boundary=(with_statement(held.boundary[0], plain), *held.boundary[1:])))
    if held.session is not None:
        widened.append(replace(held, session=(with_statement(held.session[0], plain),)))
    if held.scps is not None:
        widened.append(replace(held, scps=tuple((*level, with_statement(empty, plain)) for level in held.scps)))
    for more in widened:
        assert _RANK[evaluate(asked, more).outcome] >= _RANK[before]


def shuffled(policy: NamedPolicy, data: st.DataObject) -> NamedPolicy:
    value = policy.document.value
    order = data.draw(st.permutations(value["Statement"]))
    return replace(policy, document=Document.from_value({**value, "Statement": order}))


@quick
@given(requests, policies, st.data())
def test_order_never_matters(asked: Request, held: Policies, data: st.DataObject) -> None:
    def mixed(found: tuple[NamedPolicy, ...]) -> tuple[NamedPolicy, ...]:
        return tuple(data.draw(st.permutations([shuffled(policy, data) for policy in found])))

    turned = Policies(
        identity=mixed(held.identity),
        resource=shuffled(held.resource, data) if held.resource else None,
        boundary=None if held.boundary is None else mixed(held.boundary),
        session=(shuffled(held.session[0], data),) if held.session else None,
        scps=None if held.scps is None else tuple(reversed([mixed(level) for level in held.scps])),
        rcps=None if held.rcps is None else tuple(reversed([mixed(level) for level in held.rcps])),
        vpc_endpoint=None if held.vpc_endpoint is None else mixed(held.vpc_endpoint),
    )
    before, after = evaluate(asked, held), evaluate(asked, turned)
    assert (before.outcome, before.layers, before.decided_by) == (after.outcome, after.layers, after.decided_by)
    assert sorted(before.missing_context) == sorted(after.missing_context)


@quick
@given(requests, policies)
def test_explaining_decides_as_evaluating_does(asked: Request, held: Policies) -> None:
    plain, explained = evaluate(asked, held), explain(asked, held)
    assert (plain.outcome, plain.layers, plain.decided_by) == (
        explained.outcome,
        explained.layers,
        explained.decided_by,
    )
    assert plain.reasons == explained.reasons
    assert all(miss.sentence and miss.distance > 0 for miss in explained.near_misses)


@quick
@given(requests, policies)
def test_case_of_actions_and_keys_never_matters(asked: Request, held: Policies) -> None:
    other = replace(
        asked, action=asked.action.upper(), context={key.lower(): values for key, values in asked.context.items()}
    )
    assume(len(other.context) == len(asked.context))
    assert evaluate(asked, held).layers == evaluate(other, held).layers


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@quick
@given(st.lists(statements(principal=True), max_size=4), st.integers(0, 4))
def test_parsing_what_was_printed_gives_the_same_document(found: list[dict[str, Any]], indent: int) -> None:
    value = {"Version": "2012-10-17", "Statement": found}
    printed = Document.from_value(json.dumps(value, indent=indent or None))
    again = Document.from_value(printed.text)
    assert again == printed
    assert again.value == value
    assert again.statements == printed.statements
    assert [replace(one, first_line=0, last_line=0) for one in again.statements] == [
        replace(one, first_line=0, last_line=0) for one in Document.from_value(value).statements
    ]


@quick
@given(st.dictionaries(st.text(), json_values, max_size=4))
def test_any_json_is_read_or_refused(value: dict[str, Any]) -> None:
    document = Document.from_value(json.dumps(value))
    assert document.value == value
    assert json.loads(document.text) == value
    assert document.problems  # nothing random is a policy


@quick
@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    document = Document.from_value(text)
    assert document.problems
    assert isinstance(document.text, str)


letters = st.text(st.sampled_from("abAB:/.+[]()^$\\|{}é\n"), max_size=12)


@quick
@given(letters, letters)
def test_a_pattern_without_wildcards_matches_itself_alone(pattern: str, other: str) -> None:
    assert compile_glob(pattern)(pattern)
    assert compile_glob(pattern)(other) is (pattern == other)
    arn, another = f"arn:aws:s3:::{pattern}", f"arn:aws:s3:::{other}"
    assert resource_matcher(arn)(folded(another)) is (arn == another)
    assert action_matcher(f"s3:{pattern}")(f"s3:{other}".lower()) is (pattern.lower() == other.lower())


def slow_glob(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(slow_glob(pattern[1:], text[at:]) for at in range(len(text) + 1))
    return bool(text) and (pattern[0] in ("?", text[0])) and slow_glob(pattern[1:], text[1:])


@settings(max_examples=120, deadline=None)
@given(st.text(st.sampled_from("ab*?:"), max_size=7), st.text(st.sampled_from("ab:"), max_size=8))
def test_globs_match_as_their_definition_says(pattern: str, text: str) -> None:
    assert compile_glob(pattern)(text) is slow_glob(pattern, text)
    assert resource_matcher(f"arn:aws:s3:::{pattern}")(f"arn:aws:s3:::{text}") is slow_glob(pattern, text)


arn_patterns = st.text(st.sampled_from("aB*?:"), max_size=6).map(lambda text: f"arn:aws:s3:{text}")
TEXTS = [
    f"arn:aws:s3:{''.join(letters)}"
    for length in range(6)
    for letters in itertools.product("abB:", repeat=length)
    if letters.count(":") == 2
]


@settings(max_examples=80, deadline=None)
@given(arn_patterns, arn_patterns)
def test_patterns_meet_and_cover_as_their_texts_do(pattern: str, wanted: str) -> None:
    ours, theirs = resource_matcher(pattern), resource_matcher(wanted)
    stands_for = [folded(text) for text in TEXTS if theirs(folded(text))]
    if any(map(ours, stands_for)):
        assert overlap(pattern, wanted)
    if covers(pattern, wanted):
        assert all(map(ours, stands_for))
    if covers(pattern, wanted) and stands_for:
        assert overlap(pattern, wanted)
    assert overlap(pattern, wanted) is overlap(wanted, pattern)
    assert covers(pattern, pattern)
