"""Fixes for a statement that separates callers by a policy variable, if the caller requested another caller's resource.

A statement on ``arn:aws:s3:::team/${aws:PrincipalTag/team}/*`` gives each team its own folder (IAM User Guide, "IAM
policy elements: Variables and tags"). Such a statement is meant to deny requests for another team's folder. Fixes
therefore suggest the caller's own resource first, then a change of the caller's tag, and a statement on the other
team's resource last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.fixes.notes import request_words
from diagnostics.access_denied.fixes.place import place_of
from diagnostics.access_denied.near_misses import place_words
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.arn import name_of
from iam.lazy_pattern import regex
from iam.policy.decision import NearMiss
from iam.policy.edits import as_list, statement_value
from iam.policy.match import glob_regex
from iam.policy.request import NamedPolicy

_VARIABLE = regex(r"\$\{([^},]+)[^}]*\}")


@dataclass(frozen=True, slots=True)
class Apart:
    """A statement's pattern that separates callers by the condition key ``key``.

    ``own`` is the pattern with the caller's value ``had`` filled in; ``asked`` is the value in that place of the
    requested resource.
    """

    key: str
    own: str
    had: str
    asked: str

    @property
    def label(self) -> str:
        """The name of the attribute that separates callers: a tag's name, or the condition key."""
        return name_of(self.key) if "/" in self.key else self.key


def kept_apart(case: Case, near: NearMiss | None) -> Apart | None:
    """Return the pattern in the closest statement that separates the caller from the requested resource, or None."""
    if near is None or near.element != "Resource":
        return None
    return apart_in(case, tuple(as_list(statement_value(near.policy.document, near.statement).get("Resource"))))


def apart_in(case: Case, patterns: tuple[str, ...]) -> Apart | None:
    """Return the pattern that would match the requested resource if the pattern's variable had another value.

    With the caller's own value, the pattern does not match.
    """
    known = {key.lower(): had for key, had in case.request.context.items()}
    for pattern in patterns:
        keys = [key.strip() for key in _VARIABLE.findall(pattern)]
        had = known.get(keys[0].lower(), ()) if len(keys) == 1 else ()
        asked = value_in_resource((pattern,), keys[0], case.request.resource) if len(had) == 1 else None
        if asked is not None and asked != had[0]:
            return Apart(keys[0], _VARIABLE.sub(had[0].replace("\\", r"\\"), pattern), had[0], asked)
    return None


def value_in_resource(patterns: tuple[str, ...], key: str, resource: str) -> str | None:
    """Return the value that a variable must have for one of the patterns to match the resource.

    None if no value does, or if a wildcard next to the variable permits many.
    """
    for pattern in patterns:
        pieces = _VARIABLE.split(pattern)
        if [piece.strip().lower() for piece in pieces[1::2]] != [key.lower()]:
            continue
        if pieces[0].endswith(("*", "?")) or pieces[2].startswith(("*", "?")):
            continue
        before, after = (glob_regex(piece) for piece in pieces[::2])
        match = re.fullmatch(f"{before}([^/*?]+?){after}", resource)
        if match:
            return match[1]
    return None


def own_fixes(case: Case, found: Apart, policy: NamedPolicy, statement: int, sid: str | None) -> Iterator[Fix]:
    """Yield fixes to use the caller's own resources and, if a tag separates the callers, to change the caller's tag."""
    place = place_words(policy.name, statement, sid)
    who = case.caller.name or "the caller"
    yield Fix(
        f"Use a resource of {found.label} {found.had}: {policy.name} separates callers by this value on purpose",
        Who.CALLER,
        Note(
            place_of(policy).words,
            f"{request_words(case)}. {place} lets each caller reach only resources whose names contain the "
            f"caller's own {found.key}. {who} has the value {found.had} and is allowed to use {found.own}, but the "
            f"request was for {found.asked}.",
        ),
    )
    if found.key.lower().startswith("aws:principaltag/"):
        from diagnostics.access_denied.fixes.conditions.session_tags import principal_tag_fixes

        yield from principal_tag_fixes(case, found.key.partition("/")[2], (found.asked,))


def against_purpose(fix: Fix, found: Apart) -> Fix:
    """Return the fix, in all its forms, with a caution that the policy separates callers on purpose."""
    said = (
        f"The policy separates callers by {found.key} on purpose: this change lets {found.label} {found.had} reach "
        f"the resources of {found.asked}"
    )
    forms = tuple(replace(form, cautions=(*form.cautions, said)) for form in fix.forms)
    return replace(fix, cautions=(*fix.cautions, said), forms=forms)
