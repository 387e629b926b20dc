"""Find the documents that may be the caller's, and those that are attached to another role."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.failure import Denial
from diagnostics.text.read.author.quoted_or_own_words import without_quotes
from iam.arn import identity_of
from iam.lazy_pattern import regex

_EXAMPLE = ":123456789012:user/mateojackson"
"""The caller of the messages in AWS's documentation (IAM User Guide, "Troubleshoot access denied error messages":
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html)."""


_CALLER = regex(r"\bUser: (arn:[\w-]+:(?:iam|sts)::\S{1,200}) is not authorized")


def documents_of_the_caller(
    found: Sequence[PastedPolicy], denial: Denial, word: str, name: str, text: str
) -> tuple[list[PastedPolicy], list[PastedPolicy]]:
    """Return the documents that may be the caller's in the layer ``word``, and those that are attached to another role.

    If the text has several callers and does not say to which of them a document belongs, the document is left out.
    """
    explicit = (denial.stated_reason or "").startswith("explicit:")
    others = [one for one in found if not one.names_principals and one.label in ("", word)]
    others = [one for one in others if explicit or not _is_of_a_resource(text, one.span[0])]
    if word != "identity" and not explicit:
        others = [one for one in others if one.label == word]
    if DEPLOYS.search(text):  # the caller deploys: a policy that is deployed is another's
        makes_caller = word != "identity" and name and re.search(_MADE_ROLE.format(re.escape(name)), text)
        denying = [one for one in others if explicit and any(each.effect == "Deny" for each in one.document.statements)]
        kept = makes_caller or (len(others) == 1 and not others[0].holders and _SAID_TO_BE_OWN.search(text))
        others = [
            one
            for one in others
            if not one.made or kept or name in one.holders or one in denying or one.label == "session"
        ]
    callers = {identity_of(arn) for arn in _CALLER.findall(without_quotes(text)) if _EXAMPLE not in arn}
    if len(callers) > 1:
        names = {each[2] for each in callers}
        others = [one for one in others if name in one.holders or _headed(text, one.span[0], names) == {name}]
    owners = frozenset[str]().union(*(one.holders for one in others))
    told_apart = word == "identity" and (name or len(owners) > 1)  # an unknown caller may be the only owner
    foreign = [one for one in others if one.holders and name not in one.holders] if told_apart else []
    return [one for one in others if one not in foreign], foreign


_SAID_TO_BE_OWN = regex(
    r"\b(?:in|of|from) (?:the|our|its) (?:(?!new|other)\w+ )?(?:role|deployer|pipeline|runner|caller|CI)(?:['’]s)?"
    r"(?: \w+)? polic(?:y|ies)\b|\b(?:the|our) (?:deploy\w*|CI|pipeline|terraform) role(?:['’]s policy)? "
    r"(?:has|contains|allows)\b",
    re.IGNORECASE,
)
"""Words that say that the policy in the text belongs to the role that deploys, although the policy is part of a
template."""
_HEADING = 200
_OF_A_HOLDER = regex(r"[^\n]{0,60}\b(?:polic(?:y|ies)|permissions?|role|user)\b[^\n]{0,20}:", re.IGNORECASE)


def _headed(text: str, start: int, names: Collection[str]) -> set[str]:
    """Return the callers whose names share a part with the words before a document, such as ``packer policy:``."""
    heading = text[max(0, start - _HEADING) : start].rstrip(" \t\n`{[").rpartition("\n")[2]
    words = set(re.findall(r"[a-z0-9]{3,}", heading.lower())) if _OF_A_HOLDER.fullmatch(heading) else set()
    return {each for each in names if words & set(re.split(r"[^a-z0-9]+", each.lower()))}


_OF_RESOURCE = regex(
    r"^[ \t#>*-]*(?:(?:the|our|its|my)[ \t]+)?(?:[\w.-]+[ \t]+)?"
    r"(?:bucket|queue|topic|secret|vault|repository|resource|domain|function)(?:'s)?(?:[ \t]+(?:access|resource|own))?"
    r"[ \t]+policy(?:[ \t]+(?:of|on|for)[ \t]+[\w.-]+)?[ \t]*(?:allows|has|says)?[ \t]*:(?P<more>[^;]*)$",
    re.IGNORECASE,
)
"""Words before a statement on its line that name a kind of resource. The statement is in that resource's own policy."""


_OF_A_ROLE = regex(r"\b(?:roles?|users?|identity|callers?|boundary)(?![\w/])", re.IGNORECASE)


def _is_of_a_resource(text: str, start: int) -> bool:
    """Return whether the words before ``start`` on its line say that a resource's own policy begins there."""
    before = text[max(0, start - 300) : start].rstrip(" \t\n`")
    said = _OF_RESOURCE.match(before.rpartition("\n")[2])
    return said is not None and _OF_A_ROLE.search(said["more"]) is None


_MADE_ROLE = r"\b(?:RoleName|roleName)[\"']?\s*:\s*[\"']?{}\b"
"""A role that the template itself creates. The placeholder is the role's name."""


DEPLOYS = regex(
    r"\bError: (?:creating|reading|updating|deleting|putting|attaching|modifying|waiting|tagging)\b"
    r"|\bwith aws_\w+\.[\w-]+,"
    r"|(?:CREATE|UPDATE|DELETE)_FAILED|Resource handler returned|failed to deploy|\bROLLBACK_|creating urn:pulumi"
)
"""Lines that Terraform, CloudFormation, CDK and Pulumi print when a deployment fails."""
