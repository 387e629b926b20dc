"""Completions for the parts of a statement: resources, condition keys, and values known from the account.

Resources have a type that the actions support. Keys are those in requests for the actions. The table itself completes
actions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from iam.creation.recipes.recipe import AccountFacts
from iam.creation.statements.action_table import ActionTable
from iam.creation.statements.parts import all_kinds, fits
from iam.service_reference import Action

_VARIABLE = re.compile(r"\$\{[^}]*\}")
MOST = 400
"""The maximum number of resources of one service that are considered for one completion."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A completion. ``note`` describes it in a few words."""

    text: str
    note: str = ""


def resources(
    actions: Iterable[Action], known: Callable[[str], Sequence[str]], facts: AccountFacts, typed: str = ""
) -> tuple[Offer, ...]:
    """Return completions for a resource: known ARNs that contain the typed words, then ARN prefixes for each type.

    For a known container, such as a bucket, a pattern for everything in the container is returned too. ``known``
    returns the account's ARNs of a service.
    """
    words = typed.lower().split()
    found: dict[str, str] = {}
    shapes = [(kind, kind.filled(facts.partition, facts.region, facts.account_id)) for kind in all_kinds(actions)]
    for kind, shape in shapes:
        holding = (arn for arn in known(shape.split(":", 3)[2]) if all(word in arn.lower() for word in words))
        for arn in islice(holding, MOST):
            if fits(kind, arn):
                found.setdefault(arn, f"{kind.name}, in this account")
            elif (inner := _inside(arn, shape)) is not None:
                found.setdefault(inner, f"every {kind.name} of a known {_outer(shape)}")
    for kind, shape in shapes:
        wanted = _VARIABLE.search(shape)
        offered = f"{kind.name}: add its {_words(wanted[0])}" if wanted else kind.name
        found.setdefault(_VARIABLE.split(shape)[0], offered)
    return tuple(Offer(text, note) for text, note in found.items())


def _inside(arn: str, shape: str) -> str | None:
    """Return the ARN pattern of all resources of a type inside another one (objects of a bucket), or None."""
    if "*" in arn or "?" in arn:
        return None
    pieces = _VARIABLE.split(shape)
    if len(pieces) < 3 or not arn.startswith(pieces[0]):
        return None
    name = arn.removeprefix(pieces[0])
    if not name or "/" in name or ":" in name:
        return None
    return arn + "*".join(pieces[1:])


def _outer(shape: str) -> str:
    """Return the first variable of an ARN in words: ``bucket`` for ``${BucketName}``."""
    wanted = _VARIABLE.search(shape)
    return _words(wanted[0]).removesuffix(" name").removesuffix(" id") if wanted else "resource"


def _words(variable: str) -> str:
    """Return a variable in words: ``role name with path`` for ``${RoleNameWithPath}``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", variable.strip("${}")).lower()


def keys(actions: Sequence[Action], table: ActionTable) -> tuple[Offer, ...]:
    """Return condition keys: those that all of the actions support, then those that some do, then the global keys."""
    offered = [action.all_keys for action in actions]
    every = frozenset.intersection(*offered) if offered else frozenset[str]()
    some = frozenset[str]().union(*offered) - every
    glob = [low for low in table.keys if low.startswith("aws:") and low not in every and low not in some]
    found = []
    for lows, note in ((sorted(every), ""), (sorted(some), "not for every action; "), (glob, "for any request; ")):
        for low in lows:
            key = table.keys.get(low)
            if key is not None:
                rest = key.description or ("add a tag key" if key.open else "")
                found.append(Offer(key.name, f"{note}{key.type}{f': {rest}' if rest else ''}"))
    return tuple(found)


def values(key: str, table: ActionTable, facts: AccountFacts, names: Callable[[str], Sequence[str]]) -> tuple[str, ...]:
    """Return the values that a key can have, or those known from the account.

    ``names`` returns the account's own names by kind: ``service``, ``boundary``, ``policy``, ``tag``.
    """
    low = key.lower()
    known = table.key(key)
    if known is not None and known.type == "Bool":
        return ("true", "false")
    if low == "iam:passedtoservice":
        return tuple(names("service"))
    if low == "kms:viaservice":
        services = ("s3", "dynamodb", "sqs", "sns", "secretsmanager", "ssm", "kinesis", "lambda", "ec2", "rds", "logs")
        return tuple(f"{service}.{facts.region}.amazonaws.com" for service in services)
    if low in ("aws:sourceaccount", "aws:principalaccount", "aws:resourceaccount", "s3:resourceaccount"):
        return (facts.account_id,)
    if low in ("aws:principalorgid", "aws:resourceorgid", "aws:sourceorgid"):
        return (facts.organization_id,) if facts.organization_id else ()
    if low == "aws:requestedregion":
        return (facts.region,)
    if low == "iam:permissionsboundary":
        return tuple(names("boundary"))
    if low == "iam:policyarn":
        return tuple(names("policy"))
    if "tag/" in low:
        wanted = key.rpartition("/")[2].lower()
        pairs = (tag.partition("=") for tag in names("tag"))
        return tuple(value for name, _, value in pairs if name.lower() == wanted)
    return ()
