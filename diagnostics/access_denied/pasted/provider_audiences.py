"""Compare the audience that a trust policy requires with those that the identity provider lists."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.policy.decision import Fault
from iam.words import listing

_LISTED = regex(
    r"ClientIDList(?:\[\d*\])?\]?[^\[\]]{0,200}\[(?:\s*[\"'][^\"'\n]{0,200}[\"'],\s*\[)?(?P<ids>[^\[\]]{3,400})\]"
)


# A line about the provider, from a console or a person.
_LISTED_IN_WORDS = regex(
    r"\b(?:identity )?providers?\b[^\n]{0,120}\b(?:audiences?|client ?ids?)[\"']?[ \t]*[:=]"
    r"[ \t]*(?P<ids>[^\s;\n][^\n;]{2,200})"
    r"|^[ \t]*client ?ids?[\"']?[ \t]*[:=][ \t]*(?P<line>[^\s;\n\[][^\n;]{2,200})",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class ListedAudiences:
    """The client IDs of an identity provider in a text, and where the text lists them."""

    ids: tuple[str, ...]
    span: tuple[int, int]


def listed_audiences(text: str) -> ListedAudiences | None:
    """Return the client IDs that the text lists for an identity provider; None if it lists none."""
    listed = _LISTED.search(text) or _LISTED_IN_WORDS.search(text)
    if listed is None:
        return None
    written = listed["ids"] or listed.groupdict().get("line") or ""
    return ListedAudiences(tuple(each.strip(" \t\n\"'") for each in written.split(",")), listed.span())


def required_audiences(statements: Sequence[tuple[int, Mapping[str, Any]]]) -> dict[str, str]:
    """Return the audiences that the statements accept by StringEquals, each with its condition key."""
    wanted: dict[str, str] = {}
    for _, statement in statements:
        conditions = statement.get("Condition")
        for kind, block in conditions.items() if isinstance(conditions, dict) else ():
            for key, values in block.items() if str(kind) == "StringEquals" and isinstance(block, dict) else ():
                if str(key).lower().endswith(":aud"):
                    wanted.update((each, str(key)) for each in ([values] if isinstance(values, str) else values))
    return wanted


_OTHERS_REFUSAL = regex(r"token audience|InvalidIdentityToken")
"""How STS refuses a token whose audience the provider does not list."""
_AN_ID = regex(r"[\w:/.@-]{4,200}")


def of_providers_audiences(outside: str, statements: Sequence[tuple[int, Mapping[str, Any]]]) -> Finding | None:
    """Return a finding if the trust policy requires an audience that the identity provider does not list.

    No token meets both. STS answers "Incorrect token audience" if the provider does not list the token's audience, so
    after another answer the trust policy's value is the wrong one. IAM User Guide, "Create an OpenID Connect (OIDC)
    identity provider in IAM", audiences
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html).
    """
    wanted, listed = required_audiences(statements), listed_audiences(outside)
    if not wanted or listed is None or _OTHERS_REFUSAL.search(outside):
        return None
    ids = [each for each in listed.ids if _AN_ID.fullmatch(each)]
    if not ids or {*ids} & {*wanted} or any("*" in each for each in wanted):
        return None
    (accepts, key), has = next(iter(wanted.items())), listing(ids, "or")
    said = f"the trust policy requires the audience {accepts}, but the identity provider lists only {has}"
    change = f"Write {has} for {key} in the trust policy. The claim aud of the token shows which audience it has."
    fix = Fix("Require an audience that the provider lists", Who.RESOURCE_OWNER, Note("the trust policy", change))
    sentence = f"In the text, {said}: no token meets both. Most likely the token's aud is {has}."
    return Finding(f"trust.{Fault.CONDITION_UNMET.value}", said, sentence, fix=fix)
