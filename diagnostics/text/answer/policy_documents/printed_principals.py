"""Find the correct ARN of a rejected principal in a command's output."""

from __future__ import annotations

import re

from diagnostics.text.read.printed_values import printed_values
from iam.arn import Arn

_KINDS = ("role", "user")


def printed_arn_of(rejected: str, text: str) -> str:
    """Return the printed ARN that differs from ``rejected`` only in its path or letter case; "" if there is none.

    IAM User Guide, "IAM identifiers": an ARN includes the path, and names are unique regardless of letter case
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).
    """
    asked = Arn.parse_entity(rejected, *_KINDS)
    if asked is None:
        return ""
    entities = [arn for each in printed_values(text) if (arn := Arn.parse_entity(each, *_KINDS)) is not None]
    same = {str(each) for each in entities if _entity(each) == _entity(asked)}
    return same.pop() if len(same) == 1 and rejected not in same else ""


def _entity(arn: Arn) -> tuple[str, str, str, str]:
    return arn.partition, arn.account, arn.type, arn.name.rpartition("/")[2].lower()


_PATH = r"/(?P<path>(?:[\w+=,.@-]+/)+)"


def written_path_of(rejected: str, text: str) -> str:
    """Return the ARN with the path that the text writes for this name, in words or in a template; "" if there is none.

    The words name a role or user in the same line: ``the role is /ci/runner``. In a template, ``path`` is in the block
    that has the name. A rejected ARN that has a path is left as it is.
    """
    asked = Arn.parse_entity(rejected, *_KINDS)
    if asked is None or "/" in asked.name:
        return ""
    name = re.escape(asked.name)
    in_words = rf"^(?=[^\n]*\b(?:role|user)\b)[^\n]*?(?<![\w.:/~-]){_PATH}{name}(?![\w/-])"
    value = r"[\"']?\s*[:=]\s*[\"']?"
    block = r"[^{}]{0,400}?"
    in_template = (
        rf"\b(?:[Rr]ole[Nn]ame|[Uu]ser[Nn]ame|name)\b{value}{name}\b[\"']?{block}\b[Pp]ath\b{value}{_PATH}(?=[\"'\s])",
        rf"\b[Pp]ath\b{value}{_PATH}[\"']?\s{block}\b(?:[Rr]ole[Nn]ame|[Uu]ser[Nn]ame|name)\b{value}{name}\b",
    )
    paths = {each["path"] for form in (in_words, *in_template) for each in re.finditer(form, text, re.MULTILINE)}
    if len(paths) != 1:
        return ""
    return f"arn:{asked.partition}:iam::{asked.account}:{asked.type}/{paths.pop()}{asked.name}"
