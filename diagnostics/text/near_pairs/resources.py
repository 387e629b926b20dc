"""Find a rule with an ARN similar to that of the denied resource or its source.

The two have a different name, Region or account.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.text.near_pairs.deciding_policies import element_of, layer_of
from diagnostics.text.near_pairs.difference_and_advice import Basis, NearPair
from diagnostics.text.near_pairs.listed_in_another_region import place_of_call
from diagnostics.text.near_pairs.named_values import Named, Paste
from diagnostics.text.near_pairs.request_or_policy import Side
from diagnostics.text.near_pairs.similarity import Resemblance, resemblance, slip
from iam.arn import Arn
from iam.lazy_pattern import regex
from iam.policy.match import compile_glob


def of_sources(paste: Paste) -> Iterator[NearPair]:
    """An ARN in a condition that closely resembles an ARN in the request, such as the topic that sends to a queue."""
    rules = [each for each in paste.arns if each.side is Side.RULE]
    asked = [each for each in paste.arns if each.side is Side.REQUEST]
    sources = [each for each in rules if "SourceArn" in paste.text[max(0, each.at - 160) : each.at]]
    for one in asked:
        if any(_covers(each.value, one.value) for each in rules):
            continue
        for other in sources:
            alike = resemblance(one.value, [other.value])
            ours, theirs = Arn.parse(one.value), Arn.parse(other.value)
            if alike is None or ours is None or theirs is None or alike.part not in ("name", "letter case"):
                continue
            if difference := slip(ours.id, theirs.id):
                code = layer_of(paste, "condition")
                yield NearPair("source", one.value, one.place, other.value, other.place, difference, Basis.RULE, code)


_EMULATED = regex(r"\b(?:emulator|localstack|moto|localhost|endpoint[-_]url)\b", re.IGNORECASE)


def of_emulators(paste: Paste) -> Iterator[NearPair]:
    """A secret whose ARN, as an emulator of AWS reports it, lacks the six characters that AWS adds at the end.

    AWS Secrets Manager User Guide, "What's in a Secrets Manager secret?": a dash and six characters at the ARN's end
    (https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html).
    """
    denial = paste.denial
    asked = (denial.resource or "") if denial is not None else ""
    if ":secret:" not in asked or ":000000000000:" not in asked or not _EMULATED.search(paste.text):
        return
    for each in paste.arns:
        if _covers(each.value, f"{asked}-AbCdEf") and not _covers(each.value, asked):
            kind, place = "secret", "the statement"
            yield NearPair(kind, asked, "the request", each.value, place, "a suffix differs", Basis.EMULATED, "not-iam")


def _covers(pattern: str, arn: str) -> bool:
    return compile_glob(re.sub(r"\$\{[^}]*\}", "*", pattern))(arn)


def of_resources(paste: Paste) -> Iterator[NearPair]:
    """Yield a rule's resource that is similar to the denied resource, if no rule's resource matches the denied one."""
    denial = paste.denial
    asked = denial.resource if denial is not None else None
    if asked is None or Arn.parse(asked) is None:
        return
    rules = [(each, element_of(paste, each)) for each in paste.arns if each.side is Side.RULE]
    if any(_covers(each.value, asked) for each, element in rules if element != "principal"):
        return
    for each in (each for each, element in rules if element == "resource"):
        alike = resemblance(asked, [each.value])
        if alike is not None and alike.part in ("Region", "account"):
            yield from _of_places(paste, alike, each)
            continue
        if alike is None or alike.part not in ("name", "letter case", "path"):
            continue
        difference = "the path differs" if alike.part == "path" else slip(alike.asked, alike.written)
        if difference and (alike.written[-1] not in "-_" or "separator" not in difference):
            code = layer_of(paste, "resource")
            yield NearPair("name", alike.asked, "the request", alike.written, each.place, difference, Basis.RULE, code)


def _of_places(paste: Paste, alike: Resemblance, written: Named) -> Iterator[NearPair]:
    """Yield the Region or account in which a rule names the denied resource, unless AWS stated an explicit deny."""
    denial = paste.denial
    if denial is None or (denial.stated_reason or "").startswith("explicit") or not alike.written.strip("*"):
        return
    if ":foundation-model/" in (denial.resource or ""):
        return  # an inference profile chooses the Region of the model
    if alike.part == "account" and _same_if_unmasked(alike.asked, alike.written):
        return
    named = Arn.parse(written.value)
    name = named.resource if named is not None else ""
    place = place_of_call(paste.text, alike.asked) if alike.part == "Region" else "the call"
    difference, code = f"both have {name}", layer_of(paste, "resource")
    also = _OF_BACKEND if alike.part == "Region" and _BACKEND.search(paste.text) else ""
    pair = (alike.part, alike.asked, place, alike.written, written.place, difference, Basis.PLACE, code)
    yield NearPair(*pair, also=also)


def _same_if_unmasked(one: str, other: str) -> bool:
    """Return whether two account IDs may be the same. AWS's message may mask digits of one: ********4417."""
    return len(one) == len(other) and all(a == b or "*" in (a, b) for a, b in zip(one, other, strict=True))


# Terraform, "Backend Type: s3" (https://developer.hashicorp.com/terraform/language/backend/s3).
_BACKEND = regex(r"\bbackend \"s3\"|\bstate lock\b")
_OF_BACKEND = (
    " Terraform's S3 backend has one region setting for its bucket and its lock table: compare this setting with "
    "the bucket's Region (aws s3api get-bucket-location), and run terraform init -reconfigure after a change."
)
