"""Read the parts of a web identity token's subject that a text shows outside the token and the trust policy.

A pod has a namespace and a service account; a pipeline's job has a repository, and an environment, a branch or a tag,
or a pull request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from diagnostics.text.read.printed_values import printed_values
from iam.lazy_pattern import regex

_IS = r"[\"']?[ \t]*[:=][ \t]*[\"'`]?"
_REF = r"(?:[\w-][\w.-]*/)*[\w-][\w.-]*\w"
# A word that stands alone behind "branch" is a name if it is a usual one, or no word of English has its form.
_USUAL = r"(?:main|master|develop(?:ment)?|dev|test|qa|uat|stag(?:e|ing)|preview|prod(?:uction)?|live|trunk|release)\b"
_MARKED = r"(?=[\w.]*[-/\d_])"
_NO_WORD = r"(?!(?:and|or|is|in|of|for|with|where|that|but|was|has|the|which)\b)"
_KUBECTL = r"\b(?:kubectl|oc|k|helm)\b"
PARTS: Mapping[str, re.Pattern[str]] = {
    "namespace": regex(
        rf"\b(?:namespace|ns){_IS}(?P<a>[a-z0-9][a-z0-9-]*)"
        rf"|{_KUBECTL}[^\n]{{0,60}}?[ \t](?:-n|--namespace)[ =](?P<b>[a-z0-9-]+)"
        rf"|\bpods?{_IS}(?P<c>[a-z0-9-]+)/"
        r"|\bservice ?accounts?[ :=]+[\"'`]?(?P<d>[a-z0-9][a-z0-9-]*)/[a-z0-9]"
        r"|\bnamespace[ \t]+[\"'`](?P<f>[a-z0-9][a-z0-9-]*)[\"'`]"
        rf"|\bin (?:the )?(?:namespace|ns)[ \t]+[\"'`]?{_NO_WORD}(?P<e>[a-z0-9][a-z0-9-]+)"
    ),
    "account": regex(
        rf"(?<!system:)\b(?:serviceAccountName|serviceAccount\.name|service[_ -]?account|sa){_IS}"
        r"(?P<a>[a-z0-9][a-z0-9.-]*)(?!/)"
        r"|\bserviceAccount:[ \t]*\n(?:[ \t]+create:[^\n]*\n)?[ \t]+name:[ \t]*[\"']?(?P<d>[a-z0-9][a-z0-9.-]*)"
        rf"|{_KUBECTL}[^\n]{{0,80}}?\b(?:sa|serviceaccounts?)[ /](?:-n[ \t][a-z0-9-]+[ \t]+)?(?P<e>[a-z0-9][a-z0-9.-]*)"
        r"|\bservice ?accounts?[ :=]+[\"'`]?(?:[a-z0-9][a-z0-9-]*)/(?P<c>[a-z0-9][a-z0-9.-]*)"
        r"|\b(?:SA|sa|[Ss]ervice ?[Aa]ccount)[ \t]+[\"'`]?(?P<f>[a-z0-9][a-z0-9.-]*)[\"'`]?"
        r"(?=[ \t]+(?:in|of)[ \t]+(?:the[ \t]+)?(?:namespace|ns)\b)",
        re.MULTILINE,
    ),
    "repository": regex(
        rf"\bGITHUB_REPOSITORY{_IS}(?P<a>[\w.-]+/[\w.-]*\w)"
        rf"|\b[Rr]epo(?:sitory)?(?:{_IS}|[ \t]+(?:is[ \t]+)?[\"'`]?)(?:https://)?(?:github\.com/)?(?!and/or|github\.com)(?P<b>[\w-][\w.-]*/[\w.-]*\w)(?![\w/@-]|\.\w|:\w)"
    ),
    "branch": regex(
        rf"\bGITHUB_REF{_IS}refs/heads/(?P<a>{_REF})"
        rf"|(?<!other )\b[Bb]ranch(?:{_IS}|[ \t]+(?:is[ \t]+)?(?:[\"'`]|(?={_USUAL})|{_MARKED}))(?P<b>{_REF})"
    ),
    "tag": regex(
        rf"\bGITHUB_REF{_IS}refs/tags/(?P<a>{_REF})|\bCI_COMMIT_TAG{_IS}(?P<b>{_REF})"
        rf"|(?<!image )(?<!docker )\b[Tt]ag(?: pipeline)?(?:{_IS}|[ \t]+)[\"'`]?(?P<c>v?\d+(?:\.\d+){{1,3}}[\w.-]*)"
    ),
    "environment": regex(
        r"(?:^|[{,`]|\bjobs\.[\w-]+\.|\bjobs?:[^\n]{0,40}?[ \t:]|[ \t]{2})[ \t]*environment:[ \t]*"
        r"(?:\{[ \t]*name:[ \t]*"
        r"|\n[ \t]*name:[ \t]*)?[\"']?(?P<a>[\w.-]{2,60})(?!:)"
        r"|\b(?:uses?|has|in|to|with) (?:the )?(?:GitHub )?environment "
        rf"(?:[\"'`]|(?={_USUAL})|{_MARKED})(?P<b>[\w.-]{{2,60}})",
        re.MULTILINE,
    ),
    "pull": regex(
        r"\bGITHUB_(?:EVENT_NAME[\"']?[=:][ \t]*[\"']?|REF[\"']?[=:][ \t]*[\"']?refs/)"
        r"(?P<a>pull(?=_request\b(?!_)|/\d+/merge))|\brefs/(?P<c>pull)/\d+/merge\b"
        r"|\bon[\"']?:[ \t]*(?:\[[ \t]*|\{[ \t]*|\n[ \t]*)?(?P<b>pull)_request(?!_)(?!:?[ \t]*,|:[^\n]*\bpush)"
        r"(?![\s\S]{0,200}?\n[ \t]*(?:push|workflow_dispatch|workflow_call|schedule|release):)"
    ),
    "project": regex(rf"\bCI_PROJECT_PATH{_IS}(?P<a>[\w./-]+)|\bproject path[ :=]+[\"'`]?(?P<b>[\w.-]+/[\w./-]*\w)"),
    "ref": regex(rf"\bCI_COMMIT_(?:REF_NAME|BRANCH){_IS}(?P<a>[\w./-]+)"),
}
"""Patterns that find each part of a pod's token, and of a pipeline job's token, in a text."""


def token_parts(text: str) -> dict[str, tuple[str, ...]]:
    """Return the different values of each part in the text, in the text's order."""
    found: dict[str, dict[str, None]] = {}
    for part, pattern in PARTS.items():
        for match in pattern.finditer(text):
            value = next(filter(None, match.groups()), "").rstrip(".-")
            if value:
                found.setdefault(part, {})[value] = None
    for name in printed_values(text, "serviceAccountName", "serviceAccount"):
        found.setdefault("account", {})[name] = None
    return {part: tuple(values) for part, values in found.items()}
