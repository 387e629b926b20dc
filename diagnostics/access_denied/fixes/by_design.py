"""Recognize a denial that may be intended: the caller's policies only allow it to read there."""

from __future__ import annotations

from dataclasses import replace

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.fixes.notes import request_words
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.arn import name_of
from iam.policy.compiled import Asked
from iam.policy.evaluate import ready
from iam.policy.layer import Layer
from iam.questions.action_classes import applicable, named_by
from iam.questions.catalogue import catalogue
from iam.words import listing


def read_only_note(case: Case) -> Fix | None:
    """Return a note that the policies allow the caller only to read there, perhaps on purpose; None otherwise.

    The note applies if the policies allow only reads on the resource and its container, and the denied action is not a
    read.
    """
    known = catalogue()
    position = known.position(case.request.action)
    if position is None or not case.resource_known or not case.request.resource.startswith("arn:"):
        return None
    reads = known.level("List") | known.level("Read")
    allowed = _allowed_there(case)
    if reads >> position & 1 or not allowed or allowed & ~reads:
        return None
    who = case.caller.name or "the caller"
    holder = name_of(_holders(case.request.resource)[-1])
    return Fix(
        f"Or change nothing: the policies let {who} only read {holder}, perhaps on purpose",
        Who.ACCOUNT_ADMIN,
        Note(
            case.caller.entity_arn or who,
            f"{request_words(case)}. For that resource, the policies of {who} allow only reads "
            f"({listing(tuple(known.actions(allowed)))}), perhaps on purpose. If so, the denial is correct. Let "
            "the program write to another place, or use a role that is allowed to write.",
        ),
    )


def _allowed_there(case: Case) -> int:
    """Return the actions (a bit mask) that the caller's own Allow statements name on the resource or on its container.

    Actions that a condition or a Deny excludes count too, because the Allow shows that they were meant to be possible.
    """
    found = 0
    for resource in _holders(case.request.resource):
        asked = Asked(replace(case.request, resource=resource))
        for policy in case.policies.identity:
            for one in ready(policy, Layer.IDENTITY).statements:
                if not one.deny and (one.resource is None or one.resource.names(asked, False)):
                    found |= applicable(named_by(one), resource)
    return found


def _holders(resource: str) -> tuple[str, ...]:
    """Return the resource and its container, if it has one: an object's bucket, an index's table."""
    bucket, slash, _ = resource.partition("/")
    if ":s3:" in resource and slash:
        return resource, bucket
    table, index, _ = resource.partition("/index/")
    return (resource, table) if index else (resource,)
