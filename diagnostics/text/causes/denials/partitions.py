"""Causes in which the caller, the resource or a policy is in another partition, such as AWS GovCloud (US) or China."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.answer.policy_documents.partition_of_policy import between_partitions, partition_of_region
from diagnostics.text.causes.build_causes import contains
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who
from diagnostics.words import is_trust_action
from iam.lazy_pattern import regex

# An ARN in a policy element or a setting, not one that the author only mentions.
_IN_A_POLICY = regex(
    r"(?:[\"'\[,=]|[\w\"']:|^[ \t]*-|\bon|--[\w-]*arn|\bpolic(?:y|ies)|\battach\w*|\bprincipals?|\bresources?)"
    r"[ \t]*[\"']?arn:(?P<partition>aws(?:-[a-z]+)*):",
    re.MULTILINE | re.IGNORECASE,
)


def foreign_partition(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the call or a policy in the text has ARNs of a partition other than the caller's."""
    caller, target = signs.caller, signs.target
    apart = "" if is_trust_action(signs.action) else between_partitions(str(caller or ""), str(target or ""))
    if apart and target is not None:
        yield FirstLook(apart, contains(f"arn:{target.partition}:"), None, Who.CALLER)
        return
    asked = {each.partition for each in (target, caller) if each is not None and each.partition}
    if len(asked) > 1 or not (own := asked.pop() if asked else partition_of_region(signs.denial.text)):
        return
    others = [found["partition"] for found in _IN_A_POLICY.finditer(signs.denial.text) if found["partition"] != own]
    if not others:
        return
    yield FirstLook(
        f"The request is in the partition {own}, but the text has ARNs of {others[0]}, which match nothing in {own}: "
        f"write them with arn:{own}: (for resources, managed policies and principals alike).",
        contains(f"arn:{others[0]}:"),
        None,
        Who.ACCOUNT_ADMIN,
    )
