"""Explain why AWS rejects a policy in which an ARN has a Region, although the service's ARNs have none."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from iam.arn import Arn
from iam.lazy_pattern import regex

_REFUSED = regex(
    r"\bresource \\?[\"'`]?(?P<arn>arn:[\w-]*:(?P<service>[\w-]*):[^\s\"'`\\]+)\\?[\"'`]? cannot contain region",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class RegionInArn:
    """``arn`` is the rejected ARN; ``written`` is that ARN without its Region, or "" if the ARN is truncated."""

    arn: str
    service: str
    written: str

    @property
    def sentence(self) -> str:
        name = "IAM" if self.service == "iam" else self.service
        write = f": write {self.written}" if self.written else ""
        return f"An ARN of {name} has no Region{write}. Write nothing between the two colons before the account."

    @property
    def note(self) -> str:
        return (
            f"Remove the Region from every ARN of {self.service} in the policies and templates: "
            f"arn:PARTITION:{self.service}::ACCOUNT:…, with the two colons side by side."
        )


def region_in_arn(text: str) -> RegionInArn | None:
    """Return the ARN whose Region AWS does not accept in a policy; None if the text does not say so.

    IAM User Guide, "IAM identifiers": IAM is global, so the Region in its ARNs is always blank
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns).
    """
    found = _REFUSED.search(text)
    if found is None:
        return None
    arn = Arn.parse(found["arn"])
    written = str(replace(arn, region="")) if arn is not None and arn.region else ""
    return RegionInArn(found["arn"], found["service"], written)
