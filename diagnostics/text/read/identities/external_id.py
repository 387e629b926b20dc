"""Find an external ID that a text names but its call does not send."""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

_EXTERNAL_ID = regex(
    r"\bext(?:ernal)?[ _-]?id\b[\"']?(?:\s+(?:is|was)\b|[ \t]*[:=])?[ \t]*[\"'`]?"
    r"(?P<id>(?=[\w+=,.@:/-]*\d)[\w+=,.@:/-]{2,200}[\w+=@/-])",
    re.IGNORECASE,
)
_ASSUMES = regex(
    r"\baws\b[^\n]*\bsts assume-role\b(?P<options>[^\n]*(?:\\\n[^\n]*){0,8})"
    r"|\b(?:assume_role|assumeRole|AssumeRole(?:Command|Request|Input)?)\((?P<arguments>[^()]{0,600}(?:\([^()]{0,200}\)[^()]{0,200}){0,3})\)"
    r"|\bassume_role[ \t]*(?:=[ \t]*)?\{(?P<block>[^{}]{0,600})\}"
    r"|^\[(?:profile )?[\w.@-]+\][ \t]*\n(?P<profile>(?:[ \t]*[\w-]+[ \t]*=[^\n]*\n?){0,12})",
    re.MULTILINE,
)
"""A call of AssumeRole: a command, code, a block of Terraform, or a profile of the AWS CLI."""
_EMPTY = regex(
    r"\bexternal[ _-]?id\b[\"']?[ \t]*[:=][ \t]*(?:[(<]?(?:empty|none|blank|unset|not set|null|nil)\b[)>]?|\"\"|'')",
    re.IGNORECASE,
)
"""A setting of a program for the external ID that has no value."""
_ROLE = regex(r"\brole[_-]?arn\b", re.IGNORECASE)
_SENDS = regex(r"\bexternal[_-]?id\b", re.IGNORECASE)


def unsent_external_id(text: str) -> str:
    """Return the external ID that the text names if no call of AssumeRole that it shows sends one; else "".

    IAM User Guide, "Access to AWS accounts owned by third parties"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html).
    """
    named = {found["id"] for found in _EXTERNAL_ID.finditer(text)}
    written = ("".join(filter(None, found.groups())) for found in _ASSUMES.finditer(text)) if len(named) == 1 else ()
    if len(named) == 1 and _EMPTY.search(text):
        return named.pop()
    calls = [each for each in written if _ROLE.search(each) or _SENDS.search(each)]
    return "" if not calls or any(map(_SENDS.search, calls)) else named.pop()


_CUT = regex(r"\.\.\.|…")


def block_without_external_id(text: str, role: str) -> str:
    """Describe the block or profile in the text that assumes ``role`` without an external ID; return "" if none.

    ``role`` is an ARN. Nothing is returned if the text also has a block or profile for the role that sends an external
    ID, or shows only a part of the block or profile. Terraform AWS provider, "Assuming an IAM Role", external_id
    (https://registry.terraform.io/providers/hashicorp/aws/latest/docs); AWS CLI User Guide, "Using an IAM role in the
    AWS CLI" (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-role.html).
    """
    empty = _EMPTY.search(text)
    said = f"the setting “{' '.join(empty[0].split())}”" if empty is not None else ""
    for found in _ASSUMES.finditer(text):
        inside = found["block"] or found["profile"] or ""
        if not _ROLE.search(inside) or role.rpartition("/")[2] not in inside:
            continue
        if _SENDS.search(inside) or _CUT.search(inside):
            return ""
        said = "the assume_role block" if found["block"] else f"the profile {found[0].partition(']')[0]}]"
    return said


def how_to_send(external: str) -> str:
    """Return where a call of AssumeRole gets its external ID, as a sentence."""
    return f"Send it: --external-id {external}, external_id in a profile or in Terraform, ExternalId in an SDK."
