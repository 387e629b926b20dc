"""Find an ARN with a wildcard that nearly matches the only resource of its type in the text.

No request is made on an ARN with a wildcard, so such an ARN belongs to a rule, whatever the words around it are.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from diagnostics.failure import Denial
from diagnostics.text.near_pairs.advice_on_pair import Basis, NearPair
from diagnostics.text.near_pairs.named import Named, Paste
from iam.arn import Arn
from iam.lazy_pattern import regex
from iam.policy.match import compile_glob

_WILD = regex(r"[*?]+")
_SHORTEST = 8
"""The fewest adjacent characters that two names for one thing share."""


def of_patterns(paste: Paste) -> Iterator[NearPair]:
    """Yield the only pattern and the only resource of the same service and type, if a denial names no resource."""
    failure = paste.failure
    if not isinstance(failure, Denial) or failure.resource is not None:
        return
    kinds: dict[tuple[str, ...], dict[str, Named]] = {}
    for each in paste.arns:
        arn = Arn.parse(each.value)
        if arn is not None and arn.type and arn.service not in ("iam", "sts"):
            kinds.setdefault((arn.partition, arn.service, arn.region, arn.account, arn.type), {})[each.value] = each
    for found in kinds.values():
        patterns = [each for value, each in found.items() if _WILD.search(value)]
        others = [each for value, each in found.items() if not _WILD.search(value)]
        if len(patterns) == len(others) == 1 and _are_near(patterns[0].value, others[0].value):
            (rule,), (asked,) = patterns, others
            yield NearPair(
                "resource",
                asked.value,
                "the text",
                rule.value,
                "the statement",
                "the pattern does not match that name",
                Basis.RULE,
                "identity.resource-mismatch",
            )


def _are_near(pattern: str, arn: str) -> bool:
    """Return whether a pattern does not match an ARN, but shares most of its fixed name with it."""
    if compile_glob(pattern)(arn):
        return False
    fixed, name = (each.split(":", 5)[5].partition("/")[2] for each in (_WILD.sub("", pattern), arn))
    match = SequenceMatcher(None, fixed, name, autojunk=False).find_longest_match()
    return match.size >= max(_SHORTEST, len(fixed) // 2)
