"""``rolescope check``: whether policy documents grant access that they should not, without AWS's paid checks.

- ``check no-new-access OLD NEW``: whether NEW allows anything that OLD does not;
- ``check access-not-granted POLICY --actions A… --resources R…``: whether POLICY allows one of the actions on one of
  the resources;
- ``check no-public-access POLICY``: whether a resource's policy gives access to principals of any account.

With ``--json``, one document::

    {"check", "kind": the kind of policy that the documents were checked as, "guessed": whether the kind was inferred,
     "result": "pass" | "fail" | "undecided",
     "grants": [{"actions": the first 100, "action_count", "resource": a pattern, "principals", "conditions",
                 "statements": [{"index": from 0, "sid"}],
                 "witness": {"principal": null for a caller without credentials, "action", "resource", "context"}
                            or null if its values cannot be determined}],
     "uncovered": parts of the documents that were not taken into account}

Exit status: 0 there is no such access; 1 there is, or it could not be decided; 2 a document cannot be used.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from diagnostics.access_checks.check import (
    AccessCheck,
    Grant,
    Outcome,
    granted_access,
    new_access,
    public_access,
)
from diagnostics.effect_words import effect_words, when
from diagnostics.json_versions import versioned
from iam.foreign_text import json_text, visible
from iam.policy.document import Document, PolicyError
from iam.policy.lint import PolicyKind
from iam.policy.lint.guess import guessed_kind
from iam.policy.request import Request
from iam.questions.catalogue import catalogue
from iam.words import listing, plural
from tui.commands.given import given_text
from tui.exit_status import ANSWERED, CANNOT_TELL, UsageError

MOST_ACTIONS = 100
_MOST_SHOWN = 20


def run(options: argparse.Namespace) -> int:
    names = options.documents
    if len(names) != (2 if options.check == "no-new-access" else 1):
        wanted = "OLD and NEW" if options.check == "no-new-access" else "one POLICY"
        raise UsageError(f"check {options.check} takes {wanted}.")
    documents = [_document(name) for name in names]
    kind = PolicyKind(options.kind) if options.kind else _guessed(documents)
    try:
        check = _answer(options, documents, kind)
    except PolicyError as error:
        raise UsageError(f"The policy cannot be used: {error}") from error
    if options.json:
        print(json_text(versioned("check", _as_json(options, kind, check))))
    else:
        print("\n".join(visible(line) for line in _lines(options.check, kind, check)))
    return ANSWERED if check.outcome is Outcome.PASS else CANNOT_TELL


def _document(name: str) -> Document:
    document = Document.from_value(given_text(name, "policy"))
    try:
        document.statements  # noqa: B018 - what AWS would not save cannot be compared
    except PolicyError as error:
        raise UsageError(f"{name} cannot be used: {error}") from error
    return document


def _guessed(documents: Iterable[Document]) -> PolicyKind:
    """Return the guessed kind of the documents.

    A document that denies everyone could be a resource policy or an RCP. It is treated as a resource policy, because an
    RCP cannot grant access. Raises `UsageError` if the documents differ in kind.
    """
    kinds = {guessed_kind(each) for each in documents if each.statements}
    kinds = {PolicyKind.RESOURCE if kind is PolicyKind.RCP else kind for kind in kinds}
    if len(kinds) > 1:
        raise UsageError(f"The documents differ in kind ({listing(sorted(map(str, kinds)), 'and')}): add --kind.")
    return next(iter(kinds), PolicyKind.IDENTITY)


def _answer(options: argparse.Namespace, documents: list[Document], kind: PolicyKind) -> AccessCheck:
    """Return the answer. Raises `PolicyError`, or `UsageError` for a question that cannot be answered."""
    resource = options.resource or ""
    if options.check == "no-new-access":
        return new_access(documents[0], documents[1], kind, resource)
    if options.check == "no-public-access":
        if kind is PolicyKind.IDENTITY:
            raise UsageError("Only a resource-based policy can be public, but this policy names no Principal.")
        return public_access(documents[0], kind, resource)
    if not options.actions and not options.resources:
        raise UsageError("Name the access to check: --actions, --resources, or both.")
    known = catalogue()
    for text in options.actions:
        if not known.named((text,), False):
            raise UsageError(f"No AWS action matches {text[:120]}, so nothing would be checked.")
    return granted_access(documents[0], kind, options.actions, options.resources, resource)


def _as_json(options: argparse.Namespace, kind: PolicyKind, check: AccessCheck) -> dict[str, Any]:
    return {
        "check": options.check,
        "kind": kind.value,
        "guessed": not options.kind,
        "result": check.outcome.value,
        "grants": [_grant_json(each) for each in check.grants],
        "uncovered": list(check.uncovered),
    }


def _grant_json(grant: Grant) -> dict[str, Any]:
    effect = grant.effect
    conditions = when(effect.conditions, effect.unless)
    return {
        "actions": list(grant.actions[:MOST_ACTIONS]),
        "action_count": len(grant.actions),
        "resource": effect.resource,
        "principals": list(effect.principals),
        "conditions": [conditions] if conditions else [],
        "statements": [{"index": index, "sid": sid} for index, sid in grant.statements],
        "witness": None if effect.request is None else _request_json(effect.request),
    }


def _request_json(request: Request) -> dict[str, Any]:
    return {
        "principal": request.principal,
        "action": request.action,
        "resource": request.resource,
        "context": {key: list(values) for key, values in sorted(request.context.items())},
    }


_PASSED = {
    "no-new-access": "The new policy grants nothing that the old one does not.",
    "access-not-granted": "The policy grants none of this access.",
    "no-public-access": "The policy grants nothing to principals of any account.",
}
_FAILED = {
    "no-new-access": "The new policy grants access that the old one does not.",
    "access-not-granted": "The policy grants some of this access.",
    "no-public-access": "The policy is public.",
}


def _lines(name: str, kind: PolicyKind, check: AccessCheck) -> Iterable[str]:
    if check.outcome is Outcome.PASS:
        yield f"pass: {_PASSED[name]}"
        return
    if check.outcome is Outcome.FAIL:
        yield f"fail: {_FAILED[name]}"
    else:
        yield "undecided: The policies were too large to compare in full, so this access may exist."
    for grant in check.grants[:_MOST_SHOWN]:
        yield from _grant_lines(grant, kind)
    if (rest := len(check.grants) - _MOST_SHOWN) > 0:
        yield f"  and {plural(rest, 'more grant')}: --json lists all"
    for text in check.uncovered:
        yield f"  ? not taken into account: {text}"
    if check.grants and not check.computed:
        yield "  ? there may be more: not everything was compared"


def _grant_lines(grant: Grant, kind: PolicyKind) -> Iterable[str]:
    effect = grant.effect
    if len(grant.actions) > 1:
        some = listing(list(grant.actions), limit=3)
        effect = replace(effect, action=f"{plural(len(grant.actions), 'action')} ({some})")
    if kind is PolicyKind.IDENTITY:  # whoever has the policy
        effect = replace(effect, principals=("",))
        yield f"  ✗ {effect_words(effect, Request('', '*'))}"
    else:
        yield f"  ✗ {effect_words(effect, None)}"
    if grant.statements:
        named = [f"{index + 1}{f' ({sid})' if sid else ''}" for index, sid in grant.statements]
        yield f"      by statement {listing(named, 'and')}"
    request = effect.request
    if request is None:
        yield "      no example request can be given: values of variables are unknown"
        return
    principal = "anyone without AWS credentials" if request.principal is None else request.principal
    yield f"      such as {grant.effect.action} on {request.resource} by {principal}"
    given = [f"{key}={', '.join(values)}" for key, values in sorted(request.context.items()) if _is_asked(key, grant)]
    if given:
        yield f"      with {'; '.join(given)}"


def _is_asked(key: str, grant: Grant) -> bool:
    asked = {block.key.lower() for block in (*grant.effect.conditions, *grant.effect.unless)}
    return key.lower() in asked
