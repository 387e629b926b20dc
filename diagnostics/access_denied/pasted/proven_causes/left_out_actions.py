"""Find the actions that a service's message requires and that the policy in the text lacks."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from diagnostics.access_denied.pasted.aws_managed_policies import named_as_attached
from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.json_in_text import read_values
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy, documents_of
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.text.causes.denials.programs import program_of_no_action
from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence
from diagnostics.text.policy_questions.mistakes import PolicyFault, on_nothing
from diagnostics.text.read.messages.service_sentences import sentence_in
from diagnostics.who import Who
from iam.arn import identity_of
from iam.lazy_pattern import regex
from iam.policy.compiled import wildcard_only
from iam.policy.decision import Fault
from iam.policy.document import Document, Statement
from iam.policy.match import names_action, resource_matcher
from iam.service_reference import action as known_action
from iam.words import listing


def of_left_out_actions(denial: Denial, text: str) -> Finding | None:
    """Return a finding if the policies allow some of the actions that the message requires, but lack the others.

    Only identity-based policies are compared. Return None if the message requires only one action, if the policies may
    be another role's, or if they lack no action. A policy with none of the actions may be about something else.
    """
    if (needed := _needed(denial)) is None:
        return None
    values, written = read_values(text)
    name = identity_of(denial.principal or "")[2] or needed.principal
    pasted = [one for one in documents_of(text, values, written, denial, needed.actions[0]) if not one.filled]
    own = [one for one in pasted if not one.names_principals and one.label in ("", "identity")]
    holders = {holder for one in own for holder in one.holders}
    statements = [each for one in own for each in one.document.statements]
    known = all(one.whole for one in own) and all(each.effect == "Allow" and each.action for each in statements)
    if not own or not known or (holders - {name} if name else len(holders) > 1):
        return None
    asked = needed.named or needed.actions
    documents = [one.document for one in own]
    had = [each for each in asked if _names(documents, each)]
    services = {each.partition(":")[0] for each in had}
    left = [each for each in asked if each not in had and each.partition(":")[0] in services]
    managed = list(named_as_attached(text)) if left else []  # the text may show only a part of such a policy
    left = [each for each in left if not _names(managed, each)]
    if had and (elsewhere := _of_another_path(had, own, denial)) is not None:
        return elsewhere
    if had and not left and not any(each.conditions for each in statements):
        elsewhere = _of_another_source(needed.actions, own, text) if not needed.of_program else None
        return elsewhere or _on_nothing(had, statements)
    if not had or not left:
        return None
    finding = _finding(needed, had, left, documents)
    other = f" Another usual cause: {needed.other}" if needed.other and not _LISTED_BUCKET.search(text) else ""
    return replace(finding, sentence=f"{finding.sentence}{other}")


@dataclass(frozen=True, slots=True)
class _Needed:
    """What a service or a program needs. ``named``: the actions in its message. ``other``: another usual cause.

    ``usual``: the message does not require the actions, and only its usual cause names them.
    """

    who: str
    actions: tuple[str, ...]
    named: tuple[str, ...] = ()
    principal: str = ""
    other: str = ""
    of_program: bool = False
    usual: bool = False


def _needed(denial: Denial) -> _Needed | None:
    """Return what the service needs according to its message.

    If there is no such message, return what a program needs that prints denials without actions.
    """
    text = denial.pasted or denial.text
    if (found := sentence_in(text)) is not None:
        if _is_decided(found.row):
            return None  # another cause than actions that this policy lacks
        actions = found.row.needed
        named = tuple(each for each in actions if each.partition(":")[2] in found.words)
        other = next((each.sentence for each in found.row.causes if each.who is Who.CALLER), "")
        usual = not found.row.actions
        needed = _Needed(found.row.refused, actions, named, found.principal or "", other, usual=usual)
    elif denial.action or denial.operation or (shown := program_of_no_action(text)) is None:
        return None
    else:
        needed = _Needed(shown[0].name, shown[0].needs, of_program=True)
    return needed if len(needed.actions) > 1 else None


def _is_decided(row: ServiceSentence) -> bool:
    """Whether other words of the text leave one usual cause, which names no actions that the policies must have."""
    (cause,) = row.causes if len(row.causes) == 1 else (None,)
    return cause is not None and bool(cause.decides) and row.summary == cause.decides and not cause.needs


_LISTED_BUCKET = regex(r"\baws s3 ls (?:[^\n]* )?s3://[^\n]+\n[ \t]*(?:20\d\d-\d\d-\d\d \d\d:\d\d|PRE )")
"""The output of listing a bucket. It shows that the bucket exists and that the caller may list it."""


def _on_nothing(had: Sequence[str], statements: Sequence[Statement]) -> Finding | None:
    """Return a finding if a statement names needed actions, but no resource that supports them."""
    faults: dict[str, PolicyFault] = {}
    for action in had:
        naming = [each for each in statements if names_action(each.action or (), action)]
        if len(naming) != 1 or action not in (naming[0].action or ()):
            continue  # a pattern need not be meant for this action
        which = f"statement {naming[0].sid or naming[0].index + 1}"
        alone = len(naming[0].action or ()) == 1
        if fault := next(on_nothing(action, which, naming[0].resource or (), alone=alone), None):
            faults[action] = fault
    if not faults:
        return None
    first, title = next(iter(faults.values())), f"Correct the Resource for {listing(list(faults))}"
    note = Note("the policy in the text", " ".join(each.change for each in faults.values()))
    fix = Fix(title, Who.ACCOUNT_ADMIN, note)
    return Finding(f"identity.{Fault.RESOURCE_MISMATCH.value}", first.sentence.rstrip("."), first.sentence, fix=fix)


_WRITTEN_TO = regex(r"\bs3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(?P<key>[\w!*'()./=-]*\w)")


def _of_another_path(had: Sequence[str], own: Sequence[PastedPolicy], denial: Denial) -> Finding | None:
    """Return a finding if the policies name the refused object's bucket, but only other paths in it.

    Amazon S3 User Guide, "Policy resources": an object's ARN contains its key
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html).
    """
    text = denial.pasted or denial.text
    sentence = sentence_in(text)
    at = text.find("s3://", sentence.start) if sentence is not None else -1
    found = _WRITTEN_TO.match(text, at) if at >= 0 else None
    written = [
        resource
        for one in own
        for each in one.document.statements
        if any(action.endswith("Object") and names_action(each.action or (), action) for action in had)
        for resource in each.resource or ()
    ]
    if found is None or not written:
        return None
    place = f":s3:::{found['bucket']}/"
    of_it = [each for each in dict.fromkeys(written) if place in each]
    wanted = f"{written[0].partition(':s3:')[0]}{place}{found['key']}"
    if not of_it or any(_covers(each, wanted, "s3") for each in written):
        return None
    said = f"the object is {found['bucket']}/{found['key']}, but the policy allows only {of_it[0].rpartition(':')[2]}"
    folder = f"{wanted.partition(place)[0]}{place}{found['key'].partition('/')[0]}/*"
    note = Note("the policy in the text", f"Add {folder} to the Resource, or use a location below {of_it[0]}.")
    return Finding(
        f"identity.{Fault.RESOURCE_MISMATCH.value}",
        said,
        f"In the text, {said}: allow this location, too, or choose an allowed location.",
        fix=Fix(f"Allow {folder}, or use an allowed location", Who.ACCOUNT_ADMIN, note),
    )


_ARN = regex(r"arn:[\w-]+:(?P<service>[\w-]+):[\w-]*:\d{12}:(?![\w./:-]*/consumer/)[\w./:-]*\w")


def _of_another_source(actions: Sequence[str], own: Sequence[PastedPolicy], text: str) -> Finding | None:
    """Return a finding if the policies allow every action, but not on the only resource that the rest of the text has.

    Lambda Developer Guide, "Configuring permissions" of Amazon SQS: the execution role has the actions on the queue
    (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html).
    """
    documents = [one.document for one in own]
    if not all(_names(documents, each) for each in actions):
        return None
    service = actions[0].partition(":")[0]
    written = [each for one in documents for statement in one.statements for each in statement.resource or ()]
    around = text
    for start, end in sorted((one.span for one in own), reverse=True):
        around = around[:start] + around[end:]
    asked = {found[0] for found in _ARN.finditer(around) if found["service"] == service}
    if len(asked) != 1 or not written or any(_covers(each, next(iter(asked)), service) for each in written):
        return None
    on = asked.pop()
    named = [each for each in dict.fromkeys(written) if each.split(":")[2:3] == [service]]
    said = f"the policy allows {listing(list(actions))} on {listing(named)}, not on {on}"
    note = Note(
        "the policy in the text",
        f"If the call is meant for {on}, write {on} in the statement's Resource. Keep the actions.",
    )
    fix = Fix(f"Allow the actions on {on}", Who.ACCOUNT_ADMIN, note)
    return Finding(f"identity.{Fault.RESOURCE_MISMATCH.value}", said, f"In the text, {said}.", fix=fix)


def _covers(pattern: str, on: str, service: str) -> bool:
    """Return whether a statement's Resource covers the resource, or may cover it if the text shows only a part."""
    return (
        resource_matcher(pattern)(on)
        or pattern.split(":")[2:3] != [service]
        or re.search(r"[$<{]", pattern) is not None
    )


def _names(documents: Sequence[Document], action: str) -> bool:
    return any(names_action(each.action or (), action) for one in documents for each in one.statements)


def _finding(needed: _Needed, had: Sequence[str], left: Sequence[str], documents: Sequence[Document]) -> Finding:
    on = [
        resource
        for one in documents
        for each in one.statements
        if any(names_action(each.action or (), action) for action in had)
        for resource in each.resource or ()
    ]
    statements: dict[tuple[str, ...], list[str]] = {}
    for action in left:
        statements.setdefault(tuple(_fitting(action, on)), []).append(action)
    written = [
        json.dumps({"Effect": "Allow", "Action": names, "Resource": list(on)}) for on, names in statements.items()
    ]
    said = f"the policy allows {listing(list(had))}, but not {listing(list(left))}"
    needs = f"{'usually ' * needed.usual}needs {'that' if len(left) == 1 else 'those'}"
    sentence = f"In the text, {said}: {needed.who} {needs}, too."
    note = Note("the policy in the text", f"Add the statement{'s' * (len(written) > 1)} {listing(written)}.")
    fix = Fix(f"Allow {listing(list(left))}", Who.ACCOUNT_ADMIN, note)
    return Finding(f"identity.{Fault.NO_ACTION.value}", said, sentence, fix=fix)


_SPOKEN = regex(r"\*:::(?P<bucket>[a-z0-9][a-z0-9.-]{2,62})/\*")
"""How to read a bucket that a person names without an ARN (`diagnostics.text.templates.informal_lists`)."""
_BUCKET = regex(r"arn:[\w-]+:s3:::[^/]+")


def _fitting(action: str, on: Sequence[str]) -> list[str]:
    """Return the resources on which a statement allows the action; ["*"] if the action supports no resource types.

    For S3, these are the bucket or its objects, depending on the action. Service Authorization Reference, "Actions,
    resources, and condition keys for Amazon S3"
    (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html).
    """
    if wildcard_only(action):
        return ["*"]
    if action.startswith("s3:") and (spoken := [found["bucket"] for each in on if (found := _SPOKEN.fullmatch(each))]):
        on = [f"arn:aws:s3:::{each}{part}" for each in spoken for part in ("", "/*")]
    known = known_action(action)
    kinds = {kind.name for kind in known.resource_types} if known is not None else set()
    buckets = {each: found[0] for each in on if (found := _BUCKET.match(each)) is not None}
    fitting = on
    if "bucket" in kinds:
        fitting = [buckets.get(each, each) for each in on]
    elif "object" in kinds:
        objects = [each for each in on if each not in buckets or "/" in each or each.endswith("*")]
        fitting = objects or [f"{each}/*" for each in on]
    return list(dict.fromkeys(fitting))
