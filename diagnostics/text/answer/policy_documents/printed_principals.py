"""Find the correct ARN of a rejected principal in a command's output."""

from __future__ import annotations

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
