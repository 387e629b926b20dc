"""A decision before and after a change, for every value that unknown condition keys may have."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest

from iam.policy.condition_keys import Presence
from iam.policy.document import Document
from iam.policy.evaluate import evaluate
from iam.policy.request import NamedPolicy, Policies, Request
from iam.questions.change.unknown_values import Compared, Unknown, compared

ADA = "arn:aws:iam::111122223333:user/ada"
TEAM, OWNER = "aws:PrincipalTag/team", "aws:PrincipalTag/owner"
LAKE = "arn:aws:s3:::lake"


def policies(*statements: dict[str, Any], version: str = "2012-10-17") -> Policies:
    return Policies((NamedPolicy(Document.from_value({"Version": version, "Statement": list(statements)})),))


def get(resource: str, effect: str = "Allow", element: str = "Resource", **condition: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"Effect": effect, "Action": "s3:GetObject", element: resource}
    return found | ({"Condition": condition} if condition else {})


def change(
    before: Policies, after: Policies, presence: Presence = Presence.PERHAPS, name: str = "nobody/x"
) -> Compared:
    asked = Request(ADA, "s3:GetObject", f"{LAKE}/{name}")
    return compared(asked, before, after, Unknown(lambda key: presence))


ALL = get(f"{LAKE}/*")
DEFAULT = f"{LAKE}/${{{TEAM}, 'nobody'}}/*"
NAMED = "${aws:PrincipalTag/owner, 'ada'}"
DEFAULTS = [
    # statement, presence of its key, requested object, (can be allowed, can be denied)
    (get(DEFAULT), Presence.PERHAPS, "nobody/x", (True, True)),
    (get(DEFAULT), Presence.PERHAPS, "blue/x", (True, True)),
    (get(DEFAULT), Presence.PERHAPS, "x", (False, True)),
    (get(DEFAULT), Presence.NEVER, "nobody/x", (True, False)),
    (get(DEFAULT), Presence.NEVER, "blue/x", (False, True)),
    (get(f"{LAKE}/*", StringEquals={"aws:username": NAMED}), Presence.PERHAPS, "x", (True, True)),
    (get(f"{LAKE}/*", StringEquals={"aws:username": NAMED}), Presence.NEVER, "x", (True, False)),
    (get(f"{LAKE}/*", StringNotEquals={"aws:username": NAMED}), Presence.PERHAPS, "x", (True, True)),
    (get(f"{LAKE}/*", StringNotEquals={"aws:username": NAMED}), Presence.NEVER, "x", (False, True)),
    (get(f"{LAKE}/*", StringEquals={"aws:username": [NAMED, "ada"]}), Presence.PERHAPS, "x", (True, False)),
    (get(f"{LAKE}/*", StringNotEquals={"aws:username": [NAMED, "ada"]}), Presence.PERHAPS, "x", (False, True)),
]


@pytest.mark.parametrize(("statement", "presence", "name", "possible"), DEFAULTS, ids=range(len(DEFAULTS)))
def test_a_default_counts_only_where_its_key_has_no_value(
    statement: dict[str, Any], presence: Presence, name: str, possible: tuple[bool, bool]
) -> None:
    found = change(policies(), policies(statement), presence, name)
    assert (found.after, bool(found.gained)) == (possible[0], possible[0])
    # What everybody may today is taken away where the statement does not match.
    lost = change(policies(ALL), policies(statement), presence, name)
    assert (lost.after, bool(lost.lost)) == possible


@pytest.mark.parametrize("operator", ["StringEquals", "StringLike", "StringNotEquals"])
def test_a_variable_of_unknown_value_beside_a_known_key_may_match_or_not(operator: str) -> None:
    statement = get(f"{LAKE}/*") | {"Condition": {operator: {"aws:username": f"${{{OWNER}}}"}}}
    assert change(policies(), policies(statement)).gained
    assert change(policies(statement), policies()).lost
    assert change(policies(ALL), policies(statement)).lost


def test_variables_are_text_in_documents_of_2008() -> None:
    old = policies(get(f"{LAKE}/${{{TEAM}}}/*"), version="2008-10-17")
    assert not change(policies(), old, name="blue/x").gained
    assert change(policies(), old, name=f"${{{TEAM}}}/x").gained


VALUES: tuple[str | None, ...] = (None, "blue", "green", "ada", "nobody")
TEXTS = (DEFAULT, f"{LAKE}/${{{TEAM}}}/*", f"{LAKE}/*", f"{LAKE}/blue/*", f"{LAKE}/${{{OWNER}, 'blue'}}/${{{TEAM}}}")
COMPARED = ("ada", "blue", NAMED, f"${{{OWNER}}}", f"${{{TEAM}, 'ada'}}")


def _statement(chosen: random.Random) -> dict[str, Any]:
    effect = chosen.choice(("Allow", "Allow", "Deny"))
    one = get(chosen.choice(TEXTS), effect, "NotResource" if chosen.random() < 0.2 else "Resource")
    if chosen.random() < 0.6:
        operator = chosen.choice(("StringEquals", "StringNotEquals", "StringLike", "StringEqualsIfExists"))
        key = chosen.choice(("aws:username", TEAM, OWNER))
        one["Condition"] = {operator: {key: chosen.sample(COMPARED, chosen.randint(1, 2))}}
    return one


def test_no_world_in_which_the_decision_changes_is_missed() -> None:
    chosen = random.Random(25)
    changed = 0
    for _ in range(250):
        before, after = (policies(*(_statement(chosen) for _ in range(chosen.randint(1, 2)))) for _ in range(2))
        asked = Request(ADA, "s3:GetObject", f"{LAKE}/{chosen.choice(('nobody/x', 'blue/x', 'blue/green'))}")
        found = compared(asked, before, after, Unknown(lambda key: Presence.PERHAPS))
        for team, owner in itertools.product(VALUES, VALUES):
            context = {key: (value,) for key, value in ((TEAM, team), (OWNER, owner)) if value is not None}
            world = Request(ADA, asked.action, asked.resource, context=context)
            was, now = (evaluate(world, each).allowed for each in (before, after))
            changed += was is not now
            assert (found.before or not was) and (found.after or not now), (before, after, context)
            assert was or not now or found.gained, (before, after, context)
            assert now or not was or found.lost, (before, after, context)
    assert changed > 400


TURNED = [
    # a condition on the known name, ada, and the values of the tag for which it is met
    ("StringEquals", "${aws:PrincipalTag/owner}", {"ada"}),
    ("StringNotEquals", "${aws:PrincipalTag/owner}", {None, "ADA", "joe"}),
    ("StringEqualsIgnoreCase", "${aws:PrincipalTag/owner}", {"ada", "ADA"}),
    ("StringLike", "${aws:PrincipalTag/owner, 'ada'}", {None, "ada"}),
    ("StringNotLike", "${aws:PrincipalTag/owner, 'ada'}", {"ADA", "joe"}),
    ("StringEquals", "${aws:PrincipalTag/owner, 'joe'}", {"ada"}),
    ("StringNotEqualsIgnoreCase", "${aws:PrincipalTag/owner, 'Ada'}", {"joe"}),
    ("StringNotEquals", "${aws:PrincipalTag/owner, 'joe'}", {None, "ADA", "joe"}),
]


@pytest.mark.parametrize(("operator", "text", "met"), TURNED)
@pytest.mark.parametrize("tag", [None, "ada", "ADA", "joe"])
def test_a_known_value_beside_one_variable_is_a_condition_on_the_variable(
    operator: str, text: str, met: set[str | None], tag: str | None
) -> None:
    by_name = get(f"{LAKE}/*") | {"Condition": {operator: {"aws:username": text}}}
    by_tag = {"StringEquals": {OWNER: tag}} if tag else {"Null": {OWNER: "true"}}
    both = by_name | {"Condition": {**by_name["Condition"], **by_tag}}
    if operator == "StringEquals" and tag:
        both["Condition"]["StringEquals"] = {"aws:username": text, OWNER: tag}
    found = change(policies(), policies(both))
    assert found.complete and bool(found.gained) is (tag in met)
    assert all(way.context is not None for way in found.gained)
