"""Find an Allow in the text with a word that is no action because its separator is not a colon: ``kms=Decrypt``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.text.read.messages.service_sentences import sentence_in
from diagnostics.text.templates.malformed_actions import meant_action
from diagnostics.text.templates.policies import WrittenPolicy
from diagnostics.who import Who
from iam.policy.decision import Fault
from iam.policy.match import names_action
from iam.words import listing


def of_malformed_actions(
    denial: Denial, values: Sequence[tuple[int, int, Any]], written: Sequence[WrittenPolicy]
) -> Finding | None:
    """Return a finding if an Allow would name a needed action, were its separator a colon; None otherwise.

    IAM User Guide, "IAM JSON policy elements: Action": the service's prefix, a colon and the action's name
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html).
    """
    needed = _needed(denial)
    wrong: dict[str, str] = {}
    named: list[str] = []
    right: dict[str, list[str]] = {}
    holders: set[str] = set()
    first, of_resource = "", False
    for number, statement in _allows(values, written):
        actions = _texts(statement.get("Action"))
        mended = {each: meant for each in actions if (meant := meant_action(each))}
        holder = str(statement.get("Principal"))
        right.setdefault(holder, []).extend(each for each in actions if each not in mended)
        if mended:
            holders.add(holder)
            first = first or f"statement {statement.get('Sid') or number}"
            of_resource = of_resource or "Principal" in statement
            wrong |= mended
            named += [mended.get(each, each) for each in actions]
    had = [each for holder in holders for each in right[holder]]
    meant_for = [each for each in needed if any(names_action([one], each) for one in wrong.values())]
    if not meant_for or all(names_action(had, each) for each in meant_for):
        return None
    words = listing([f"“{each}”" for each in wrong])
    no_action = "is no action, so it allows nothing" if len(wrong) == 1 else "are no actions, so they allow nothing"
    said = f"{words} {no_action}"
    change = f"Write {listing(list(wrong.values()))}, with a colon, instead of {words}."
    if left := [each for each in _asked(denial) if not names_action(named, each)]:
        change = f"{change} Allow {listing(left)}, too."
    layer = "resource" if of_resource else "identity"
    owner = Who.RESOURCE_OWNER if of_resource else Who.ACCOUNT_ADMIN
    fix = Fix(f"Correct the Action of {first}", owner, Note("the policy in the text", change))
    sentence = f"Correct the policy in the text: {said}. Write {listing(list(wrong.values()))}."
    return Finding(f"{layer}.{Fault.NO_ACTION.value}", said, sentence, fix=fix)


def _needed(denial: Denial) -> tuple[str, ...]:
    """Return the denied action, or the actions of the requests that the service's message is about."""
    action = denial.missing_action or denial.action
    if action:
        return (action,)
    found = sentence_in(denial.pasted or denial.text)
    return () if found is None else (*found.row.needed, *_asked(denial))


def _asked(denial: Denial) -> tuple[str, ...]:
    """Return the actions of the requests that the service's message is about."""
    found = sentence_in(denial.pasted or denial.text)
    return () if found is None else tuple(each.action for each in found.row.asks)


def _allows(
    values: Sequence[tuple[int, int, Any]], written: Sequence[WrittenPolicy]
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the Allow statements that the text contains as a document, each with its number in the document."""
    for *_, value in values:
        for number, each in enumerate(_statements(value), 1):
            if each.get("Effect", "Allow") == "Allow" and "Action" in each:
                yield number, each
    for policy in written:
        for number, each in enumerate(() if policy.listed else policy.statements, 1):
            if each.get("Effect") == "Allow":
                yield number, each


def _statements(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the statements within a JSON value."""
    if isinstance(value, list):
        for each in value:
            yield from _statements(each)
    elif isinstance(value, dict) and "eventSource" not in value:
        if value.keys() & {"Effect", "Action"}:
            yield value
        else:
            for each in value.values():
                yield from _statements(each)


def _texts(value: Any) -> list[str]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]
