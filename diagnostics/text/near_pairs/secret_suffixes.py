"""Find a secret that may have been recreated: a policy in the text has its ARN with a different suffix."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.text.near_pairs.deciding_policies import layer_of
from diagnostics.text.near_pairs.difference_and_advice import Basis, NearPair
from diagnostics.text.near_pairs.named_values import Named, Paste
from diagnostics.text.near_pairs.request_or_policy import Side
from iam.arn import Arn
from iam.lazy_pattern import regex
from iam.policy.match import compile_glob

_SUFFIXED = regex(r"secret:(?P<name>[\w/+=.@-]+)-(?P<end>[A-Za-z0-9]{6})(?![\w?*-])")


def of_secrets(paste: Paste) -> Iterator[NearPair]:
    """Yield a secret's ARN outside of rules and a rule's ARN with a different suffix, if no rule matches the first.

    AWS Secrets Manager User Guide, "What's in a Secrets Manager secret?": a new secret with the same name has a
    different ARN (https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html).
    """
    denial = paste.denial
    if denial is None or ":secret:" not in paste.text or (denial.stated_reason or "").startswith("explicit"):
        return
    rules = [each for each in paste.arns if each.side is Side.RULE]
    for shown in (each for each in paste.arns if each.side is not Side.RULE):
        current = _SUFFIXED.search(shown.value)
        if current is None or any(compile_glob(each.value)(shown.value) for each in rules):
            continue
        for old in rules:
            former = _SUFFIXED.search(old.value)
            if (
                former is None
                or former["name"] != current["name"]
                or former["end"] == current["end"]
                or not _same_place(shown, old)
            ):
                continue
            name, end = current["name"], current["end"]
            difference = f"the name {name} is the same"
            code = layer_of(paste, "resource")
            pair = (f"{name}-{end}", shown.place, f"{name}-{former['end']}", "the policy")
            yield NearPair("secret", *pair, difference, Basis.RECREATED, code)


def _same_place(one: Named, other: Named) -> bool:
    ours, theirs = Arn.parse(one.value), Arn.parse(other.value)
    return ours is not None and theirs is not None and (ours.region, ours.account) == (theirs.region, theirs.account)
