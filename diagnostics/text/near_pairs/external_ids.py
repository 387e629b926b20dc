"""Find two external IDs in a text that may be meant to be the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.text.near_pairs.deciding_policies import layer_of
from diagnostics.text.near_pairs.difference_and_advice import Basis, NearPair
from diagnostics.text.near_pairs.named_values import Named, Paste
from diagnostics.text.near_pairs.request_or_policy import Side
from diagnostics.text.near_pairs.similarity import id_slip, slip
from iam.arn import account_of
from iam.lazy_pattern import regex
from iam.policy.match import compile_glob

_EXTERNAL = regex(
    r"(?:\b|_)external[ _-]?id\b(?:[\w\t ]{1,30}(?=:))?[\"']?\s*(?:[:=]{1,2}|\bis\b|\s)\s*[\[\"'\s]*"
    r"(?P<id>(?=[\w+=,.@:/-]*\d)[\w+=,.@:/-]{2,200}\w)",
    re.IGNORECASE,
)


def of_external_ids(paste: Paste) -> Iterator[NearPair]:
    """Two similar IDs, at least one of them an external ID.

    They are external IDs of the request and a rule, external IDs from two places in the text, or a rule's external ID
    and an account's ID.
    """
    found = [paste.named("external ID", each["id"], each.start("id")) for each in _EXTERNAL.finditer(paste.text)]
    yield from _of_values(paste, "external ID", found)
    rules = [each for each in found if each.side is Side.RULE]
    for other in rules:
        yield from _of_senders(paste, other)
    yield from _of_the_vendor(paste, found)
    values = list({each.value: each for each in reversed(found)}.values())[::-1]
    if rules or len(values) != 2:
        return
    one, other = values
    if difference := id_slip(one.value, other.value) or slip(one.value, other.value):
        before = paste.text[paste.text.rfind("\n", 0, other.at) + 1 : other.at]
        place = f"the line “{' '.join(before.split()).strip(':= ')}”"
        code = layer_of(paste, "condition")
        yield NearPair("external ID", one.value, "the text", other.value, place, difference, Basis.RULE, code)


_NOT_ASSUMED = regex(
    r"\b(?:fail|error|unable|cannot|can['’]t|could not|not able)\w*\b[^\n]{0,60}\bassum", re.IGNORECASE
)


def _of_the_vendor(paste: Paste, found: list[Named]) -> Iterator[NearPair]:
    """Yield the external ID outside the rules and that of a rule, if a program reports that it cannot assume the role.

    A denial's policies are evaluated, so its external IDs are compared there.
    """
    sent = {each.value: each for each in found if each.side is not Side.RULE}
    wanted = {each.value: each for each in found if each.side is Side.RULE}
    if paste.denial is not None or len(sent) != 1 or len(wanted) != 1 or not _NOT_ASSUMED.search(paste.text):
        return
    one, other = next(iter(sent.values())), next(iter(wanted.values()))
    if not compile_glob(other.value)(one.value):
        pair = (one.value, one.place, other.value, other.place, "they are two IDs", Basis.RULE)
        yield NearPair("external ID", *pair, "trust.condition-unmet")


def _of_senders(paste: Paste, external: Named) -> Iterator[NearPair]:
    """The account of the calling resource, if a rule's external ID is similar. Firehose sends the account's ID.

    Amazon Data Firehose Developer Guide, "Controlling access with Amazon Data Firehose"
    (https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html).
    """
    accounts = {str(account_of(each.value)): each for each in reversed(paste.arns) if each.side is Side.REQUEST}
    near = {one: why for one in accounts if (why := id_slip(one, external.value))}
    if len(near) == 1 and external.value not in accounts:
        ((one, difference),) = near.items()
        place = f"the ARN {accounts[one].value}"
        pair = (one, place, external.value, external.place, difference, Basis.RULE, "trust.condition-unmet")
        yield NearPair("account ID", *pair)


def _of_values(paste: Paste, kind: str, found: list[Named]) -> Iterator[NearPair]:
    """Yield pairs of values of one kind, if no rule has the requested value but a rule has a similar one."""
    asked = [each for each in found if each.side is Side.REQUEST]
    rules = [each for each in found if each.side is Side.RULE]
    if any(compile_glob(other.value)(one.value) for one in asked for other in rules):
        return
    for one in asked:
        for other in rules:
            if difference := slip(one.value, other.value) or id_slip(one.value, other.value):
                code = layer_of(paste, "condition")
                yield NearPair(kind, one.value, one.place, other.value, other.place, difference, Basis.RULE, code)
