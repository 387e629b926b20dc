"""Leave out the key policies that, by the words above them, belong to a key other than the refused one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diagnostics.access_denied.pasted.policies_in_text import KEY_ARN, PastedPolicy
from diagnostics.failure import Denial
from iam.arn import Arn
from iam.lazy_pattern import regex

_ID = regex(r"(?<![\w-])(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![\w-])")
_ALIAS = regex(r"\balias/[\w/-]*\w")
_REGION = regex(r"(?<![\w-])(?:us|eu|ap|sa|ca|me|af|il|mx|cn)(?:-gov|-iso\w*)?-[a-z]+-\d(?!\d)")
_REFUSAL = regex(r"not authorized to perform|\bon resource: |AccessDenied")
_LINES_ABOVE = 4
_SEVERAL = 2


def without_other_keys(
    documents: Sequence[PastedPolicy], text: str, denial: Denial, action: str
) -> tuple[PastedPolicy, ...]:
    """Return the documents without the policies of other keys, if the text has several key policies.

    A key policy names its own key as ``*``, so only the words above it show which key it belongs to: an ID, an alias or
    a Region. AWS KMS Developer Guide, "Key policies in AWS KMS", Resource element
    (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html).
    """
    of_keys = [one for one in documents if _is_of_a_key(one)]
    named = KEY_ARN.search(denial.resource or "") or KEY_ARN.search(denial.text)
    key = Arn.parse(named[0]) if named is not None else None
    if key is None or len(of_keys) < _SEVERAL or not (action.lower().startswith("kms:") or "kms:" in denial.text):
        return tuple(documents)
    own_id = key.resource.removeprefix("key/")
    aliases = _aliases_of(own_id, text)
    others = [one for one in of_keys if _is_of_another(_above(one, of_keys, text), own_id, key.region, aliases)]
    return tuple(one for one in documents if one not in others)


def _is_of_a_key(policy: PastedPolicy) -> bool:
    """Return whether the policy names principals and only actions of AWS KMS."""
    named = [each.lower() for one in policy.document.statements for each in one.action or ()]
    return policy.names_principals and bool(named) and all(each.startswith("kms:") for each in named)


def _above(policy: PastedPolicy, of_keys: Sequence[PastedPolicy], text: str) -> list[str]:
    """Return the lines above a policy, nearest first, back to the policy or the refusal before it."""
    start = policy.span[0]
    begin = max((one.span[1] for one in of_keys if one.span[1] <= start), default=0)
    lines: list[str] = []
    for line in reversed(text[begin:start].split("\n")):
        if _REFUSAL.search(line) or len(lines) == _LINES_ABOVE:
            break
        lines += [line] if line.strip() else []
    return lines


def _is_of_another(lines: Sequence[str], own_id: str, region: str, aliases: frozenset[str]) -> bool:
    """Return whether the nearest line that names a key, or else a Region, names another one."""
    for line in lines:
        ids, names, regions = (set(form.findall(line)) for form in (_ID, _ALIAS, _REGION))
        if regions and region not in regions:
            return True  # a multi-Region key has one ID in all its Regions, and a policy in each
        if ids:
            return own_id not in ids
        if names and aliases:
            return not names & aliases
        if regions:
            return False
    return False


def _aliases_of(own_id: str, text: str) -> frozenset[str]:
    """Return the aliases of the key: those on a line with its ID and no other, or in an entry of list-aliases."""
    return frozenset(_on_one_line(own_id, text)) | frozenset(
        found["alias"] for found in _ENTRY.finditer(text) if found["id"] == own_id
    )


_ENTRY = regex(r"\"AliasName\"\s*:\s*\"(?P<alias>alias/[^\"]+)\"[^{}]{0,300}\"TargetKeyId\"\s*:\s*\"(?P<id>[\w-]+)\"")


def _on_one_line(own_id: str, text: str) -> Iterator[str]:
    for line in text.split("\n"):
        if set(_ID.findall(line)) == {own_id}:
            yield from _ALIAS.findall(line)
