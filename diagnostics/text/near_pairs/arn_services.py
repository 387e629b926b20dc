"""Find a rule in the text that names the request's resource with a different service or partition in its ARN."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.text.near_pairs.deciding_policies import layer_of
from diagnostics.text.near_pairs.difference_and_advice import Basis, NearPair
from diagnostics.text.near_pairs.named_values import Paste
from diagnostics.text.near_pairs.request_or_policy import Side
from iam.lazy_pattern import regex
from iam.service_reference import action as known_action
from iam.service_reference import services
from iam.words import listing

_ARN = regex(
    r"(?<![\w:])arn:(?P<partition>aws[\w-]*|\.{3}|…|\*)?:(?:\.{3}:|…:)?(?P<service>[a-z][a-z0-9-]+):(?P<place>[^\s\"'`,;/]*?):?"
    r"(?P<kind>[a-z][a-z-]+)[/:](?P<id>[^\s\"'`,;()\[\]{}\\]+)"
)
_OF_A_RULE = regex(r"\b(?:[Pp]olic(?:y|ies)|[Aa]llow\w*|[Rr]esources?|[Ss]tatements?|[Gg]rants?)\b")
_OPEN = regex(r"[*?<>…]|\.\.\.|\$\{|[xX]{3,}")
_WITHIN = 200
"""The maximum distance, within a paragraph, between an ARN and earlier words that mark the ARN as part of a policy."""


def of_arn_services(paste: Paste) -> Iterator[NearPair]:
    """Yield an ARN of a rule that differs from the request's only in its service: ``arn:aws:ssm:…:instance/ID``.

    For a denied action, AWS's list of resource types contains the type of the request's ARN, but not the type of the
    rule's ARN. For other failures, both ARNs have the same complete ID.
    """
    found = [each for each in _ARN.finditer(paste.text) if each["service"] != each["kind"]]
    denial = paste.denial
    asked = [
        each for each in found if denial is not None and each[0].rstrip(".:") == (denial.resource or "").rstrip(".:")
    ]
    asked = asked or [each for each in found if paste.at(each.start()).side is Side.REQUEST]
    types = _types(paste)
    for one in asked[:1] if types else asked:
        for other in found:
            if other["kind"] != one["kind"] or other["service"] == one["service"] or other["service"] not in services():
                continue  # a prefix that IAM does not have is also wrong in the actions
            if not _is_rule(paste, other):
                continue
            mine, theirs = ((each["service"], each["kind"]) for each in (one, other))
            same = one["id"].rstrip(".:") == other["id"].rstrip(".:") and not _OPEN.search(one["id"])
            if (mine in types and theirs not in types) or (not types and same):
                yield _pair(paste, one, other)


def _types(paste: Paste) -> set[tuple[str, str]]:
    """Return the services and types of the ARNs that AWS lists for the denied action; empty if it is unknown."""
    known = known_action(_action(paste))
    arns = (kind.arn.split(":", 5) for kind in known.resource_types) if known is not None else ()
    return {(parts[2], re.split("[/:]", parts[5])[0]) for parts in arns if len(parts) > 5}


def _action(paste: Paste) -> str:
    """Return the denied action; "" if the action is unknown."""
    denial = paste.denial
    return (denial.action or denial.missing_action or "") if denial is not None else ""


def _is_rule(paste: Paste, one: re.Match[str]) -> bool:
    if paste.at(one.start()).side is Side.RULE:
        return True
    before = paste.text[max(0, one.start() - _WITHIN) : one.start()].rpartition("\n\n")[2]
    return _OF_A_RULE.search(before) is not None and "not authorized" not in before


def _pair(paste: Paste, one: re.Match[str], other: re.Match[str]) -> NearPair:
    asked, written = (re.sub(r"(?<!\.)[.:]$", "", each[0]) for each in (one, other))
    also = "" if _action(paste) else _of_the_actions(paste.text, one["service"], other["service"])
    code = "identity.resource-mismatch" if paste.denial is None else layer_of(paste, "resource")
    place = paste.at(other.start()).place
    place = place if paste.at(other.start()).side is Side.RULE else "the policy"
    difference = f"the service in the ARN is {one['service']}, not {other['service']}"
    return NearPair(
        "resource",
        asked,
        "the request",
        written,
        place,
        difference,
        Basis.SERVICE,
        code,
        also=also,
    )


_OF_A_BUILD = re.compile(r"codebuild|CreateWebhook", re.IGNORECASE)


def _of_the_actions(text: str, mine: str, theirs: str) -> str:
    """Return a sentence on the policy's actions, whose prefix must be that of the ARN, too; "" if it names none.

       AWS CodeBuild User Guide, "GitHub and GitHub Enterprise Server access with connections": the service role needs
    GetConnectionToken and GetConnection
    (https://docs.aws.amazon.com/codebuild/latest/userguide/connections-github-app.html).
    """
    named = list(dict.fromkeys(re.findall(rf"(?<![\w:-]){theirs}:[A-Z]\w+", text)))
    if not named:
        return ""
    more = ""
    if mine == "codeconnections" and _OF_A_BUILD.search(text) and "GetConnectionToken" not in text:
        more = " CodeBuild's service role also needs codeconnections:GetConnectionToken."
    return f" Write {mine}, also for {'the action' if len(named) == 1 else 'the actions'} {listing(named)}.{more}"
