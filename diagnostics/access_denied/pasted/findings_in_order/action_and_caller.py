"""Read the denied request from the text: its action, its caller, and the account of its resource."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from diagnostics.access_denied.pasted.findings_in_order.comparison import Comparison
from diagnostics.access_denied.pasted.policies_in_text import CONNECTIONS, PastedPolicy, documents_of
from diagnostics.access_denied.pasted.request_in_words import as_asked, with_service, without
from diagnostics.access_denied.pasted.request_resource import copied_objects
from diagnostics.failure import Denial
from diagnostics.text.read.messages.service_sentences import sentence_in
from diagnostics.text.templates.policies import WrittenPolicy
from iam.facts.service_principals import principal_of_resource
from iam.lazy_pattern import regex
from iam.policy.match import names_action, resource_matcher
from iam.service_reference import action as known_action


def source_left_out(case: Comparison) -> str:
    """Return the copied object if the text names only one and no Allow in the text covers reading it; else ""."""
    sources = copied_objects(case.denial)
    reads = [
        each.resource
        for one in case.found
        for each in one.document.statements
        if each.effect == "Allow" and names_action(each.action or ("*",), "s3:GetObject")
    ]
    covered = (resource_matcher(each)(source) for named in reads for each in named or ("*",) for source in sources)
    return sources.pop() if len(sources) == 1 and reads and not any(covered) else ""


def denied_request(
    denial: Denial,
    text: str,
    values: tuple[tuple[int, int, Any], ...],
    written: tuple[WrittenPolicy, ...],
    *,
    given: bool,
) -> tuple[Denial, str | None, bool]:
    """Return the denial with what the text says about the request, the action to evaluate, and whether that is named.

    The action is named if the text, apart from its policies, says which action was denied. ``given``: the message names
    the action.
    """
    if denial.claims_trust:
        return denial, "sts:AssumeRole", True
    said = denial.missing_action or denial.action
    denial, action = _of_the_text(denial, text, values, written, settled=not given and said is not None)
    return denial, action, bool(said) and bool(denial.missing_action or denial.action)


def _of_the_text(
    denial: Denial,
    text: str,
    values: tuple[tuple[int, int, Any], ...],
    written: tuple[WrittenPolicy, ...],
    *,
    settled: bool,
) -> tuple[Denial, str | None]:
    """Return the denial with what the text outside its policies says about the request, and the action to evaluate.

    If no action is known, the first suspect names it: a Deny with a condition, else the only Allow. If there are
    several Allow statements, none is used, because any of them may name the refused action. ``settled``: the action was
    already read from the text outside the policies.
    """
    spoken = tuple(documents_of(text, values, written, denial, denial.missing_action or denial.action or "x:X"))
    statements = [each for one in spoken for each in one.document.statements]
    if not statements:
        return denial, denial.missing_action or denial.action
    outside = without(text, [one.span for one in spoken])
    denial = denial if settled else as_asked(denial, outside, statements)
    allows = [each for each in statements if each.effect != "Deny"]
    suspects = sorted(
        (each for each in statements if each.effect == "Deny" or len(allows) == 1),
        key=lambda each: (not each.conditions, each.effect != "Deny"),
    )
    named = (name for each in suspects for name in each.action or () if known_action(name) is not None)
    action = denial.missing_action or denial.action or next(named, None)
    asking = [each for each in statements if action is not None and names_action(each.action or (), action)]
    if action is not None:
        action = _renamed(action, denial.resource)
    return with_service(denial, outside, asking), action


def _command_calls(text: str, action: str) -> bool:
    """Return whether a command of the AWS CLI in the text calls the operation of the action's name."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", action.partition(":")[2]).lower()
    return re.search(rf"\baws\s+[a-z0-9-]+\s+{re.escape(words)}(?![\w-])", text) is not None


_CALLER = regex(r"\b(?:caller|whoever|you)\b", re.IGNORECASE)
_OF_THE_SERVICE = regex(r"\brole\b|, which (?!names\b|has\b)|\bdelivery\b")
"""Words in a text that says that the service itself, or a role that the service uses, was refused."""


def is_of_the_operation(denial: Denial, action: str, documents: Sequence[PastedPolicy]) -> bool:
    """Whether only the failed operation names the action, and the service says that it or its role was refused.

    A policy with principals may belong to the resource to which the service was refused access.
    """
    called = denial.operation or _command_calls(denial.pasted or denial.text, action)
    found = sentence_in(denial.pasted or denial.text) if called else None
    if found is None or action.lower() in map(str.lower, found.row.needed):
        return False
    if found.row.actions and "role" in found.row.refused:
        return True
    if not (denial.operation or "").startswith(action.partition(":")[2]):
        return False  # an action of the policy
    ours = _OF_THE_SERVICE.search(found.row.refused) is not None and _CALLER.search(found.row.refused) is None
    return ours and not any(one.names_principals for one in documents)


_BARE_ACCOUNT = regex(r"\d{12}")
_MASKED = regex(r"^(?P<begin>arn:[\w-]+:execute-api:[\w-]+:)\*{8}(?P<end>\d{4})(?=:)")


def as_evaluated(denial: Denial) -> Denial:
    """Return the denial with the caller and the resource as a policy names them.

    CloudWatch Logs names only the caller's account: “User with accountId: …”. API Gateway's messages show only four
    digits of the account: the only account in the text that ends with them, or else ``*``, because the API's ID
    identifies the API. A service that called for a resource is its principal, not the resource's ARN.
    """
    if service := principal_of_resource(denial.principal or ""):
        return replace(denial, principal=service)
    if _BARE_ACCOUNT.fullmatch(denial.principal or ""):
        partition = (denial.resource or "arn:aws:").split(":")[1]
        return replace(denial, principal=f"arn:{partition}:iam::{denial.principal}:root")
    masked = _MASKED.match(denial.resource or "")
    if masked is None:
        return denial
    shown = re.findall(rf"(?<!\d)\d{{8}}{masked['end']}(?!\d)", denial.pasted or denial.text)
    account = shown[0] if len(set(shown)) == 1 else "*"
    return replace(denial, resource=f"{masked['begin']}{account}{(denial.resource or '')[masked.end() :]}")


def _renamed(action: str, resource: str | None) -> str:
    """Return the action of a connection with the prefix that occurs in the connection's ARN.

    The prefixes are in `CONNECTIONS`.
    """
    service, _, name = action.partition(":")
    owner = (resource or "").split(":")[2:3]
    return f"{owner[0]}:{name}" if service in CONNECTIONS and owner and owner[0] in CONNECTIONS else action
