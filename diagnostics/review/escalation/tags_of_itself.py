"""Find how a principal can tag or untag itself to be allowed more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice, product

from diagnostics.review.escalation.asking import Asking, can_name
from diagnostics.review.escalation.change import Change, entity_kind
from diagnostics.review.escalation.step import not_of
from diagnostics.review.subject import ReviewedAccount
from iam.account import Role, User
from iam.foreign_text import shortened
from iam.lazy_pattern import regex
from iam.policy.compiled import CompiledStatement
from iam.questions.index import Principal
from iam.risks.judged_account import statements

_TAG_VARIABLE = regex(r"\$\{aws:PrincipalTag/([^}$]+)\}", re.IGNORECASE)


MOST_TAGS = 8
"""The maximum number of tag combinations that are tried."""


def tags_itself(
    reviewed: ReviewedAccount, principal: Principal, further: Iterable[CompiledStatement] = (), tags: Iterable[str] = ()
) -> Iterator[Change]:
    """Yield changes that tag the principal with tags that policies test.

    The tests are in its own policies, the limits above it, and ``further`` statements: an Allow for principals with the
    tag, or a Deny for those without. ``tags`` are further values to try.
    """
    entity = principal.entity
    action = f"iam:Tag{entity_kind(entity)}"
    if not can_name(reviewed, principal, (action,)):
        return
    wanted: dict[str, dict[str, None]] = {}
    above = chain(principal.boundary or (), *(reviewed.shared.scps or ()))
    own = (one for policy in chain(principal.identity, above) for one in statements(policy))
    for one in (*own, *further):
        for block in one.statement.conditions:
            if one.deny and "Not" not in block.operator:
                continue
            prefix, _, name = block.key.partition("/")
            if prefix.lower() == "aws:principaltag":
                wanted.setdefault(name, {}).update(dict.fromkeys(block.values))
            for value in block.values:
                if found := _TAG_VARIABLE.search(value):
                    wanted.setdefault(found[1], {}).update(dict.fromkeys(tags))
    own_tags = entity.tags or {}
    values = {name: [each for each in its if "${" not in each] for name, its in wanted.items()}
    single = ({name: value} for name, its in values.items() for value in its)
    every = (dict(zip(values, chosen, strict=True)) for chosen in product(*values.values()))
    tried = (*single, *islice(every, MOST_TAGS))
    if len(tried) > MOST_TAGS:
        reviewed.not_tried(f"more than {MOST_TAGS} combinations of tags of {entity.name} were not tried")
    for tags_given in tried[:MOST_TAGS]:
        given = {name: value for name, value in tags_given.items() if own_tags.get(name) != value}
        context = {f"aws:RequestTag/{name}": (value,) for name, value in given.items()}
        asking = Asking(reviewed, principal)
        if given and asking.may(action, entity.arn, {**not_of(entity), **context, "aws:TagKeys": tuple(given)}):
            shown = ", ".join(f"{name}={value}" for name, value in given.items())
            tagged: Role | User = replace(entity, tags={**own_tags, **given})
            yield Change(
                asking, (action,), entity.arn, f"the tag {shortened(shown)}", replace(principal, entity=tagged)
            )


def untags_itself(
    reviewed: ReviewedAccount, principal: Principal, further: Iterable[CompiledStatement] = ()
) -> Iterator[Change]:
    """Yield the changes by which a principal removes its own tags that policies test.

    A test is a Deny for principals with the tag, or an Allow for those without it. It is in the principal's own
    policies, in its permissions boundary, in SCPs, or in the ``further`` statements.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagRole.html
    """
    entity = principal.entity
    own_tags = entity.tags or {}
    action = f"iam:Untag{entity_kind(entity)}"
    if not own_tags or not can_name(reviewed, principal, (action,)):
        return
    above = chain(principal.boundary or (), *(reviewed.shared.scps or ()))
    own = (one for policy in chain(principal.identity, above) for one in statements(policy))
    named = {
        condition.key.partition("/")[2].lower()
        for one in (*own, *further)
        for condition in one.conditions
        if condition.key.lower().startswith("aws:principaltag/") and one.deny != condition.holds(lambda _: None)
    }
    gone = tuple(name for name in own_tags if name.lower() in named)
    for taken in dict.fromkeys((*((name,) for name in gone), gone)) if gone else ():
        asking = Asking(reviewed, principal)
        if asking.may(action, entity.arn, {**not_of(entity), "aws:TagKeys": taken}):
            left = {name: value for name, value in own_tags.items() if name not in taken}
            untagged: Role | User = replace(entity, tags=left)
            gives = f"no tag {shortened(', '.join(taken))}"
            yield Change(asking, (action,), entity.arn, gives, replace(principal, entity=untagged))
