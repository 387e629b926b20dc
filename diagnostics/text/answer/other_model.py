"""Say that a program asked Bedrock for a model other than those that, as the text says, it is set to use.

Amazon Bedrock User Guide, "Set up a model invocation resource using inference profiles": those that AWS defines are
named after Regions and a model, an application's own have a random ID
(https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles.html).
"""

from __future__ import annotations

import re

from diagnostics.failure import Denial
from iam.lazy_pattern import regex

_OF_AWS = regex(
    r"arn:[\w-]+:bedrock:[\w-]*:\d*:inference-profile/(?P<model>(?:[a-z][a-z-]{1,9}\.)?[a-z0-9]+\.[\w.:-]+)"
)
_OWN = regex(r"\b(?:application|custom|own)[- ]inference[- ]profiles?\b", re.IGNORECASE)


def other_model(denial: Denial) -> str:
    """Return a sentence if a profile of AWS's was requested, but the text names application profiles; else ""."""
    asked = _OF_AWS.fullmatch(denial.resource or "")
    said = _OWN.search(denial.text) if asked is not None else None
    if asked is None or said is None:
        return ""
    return (
        f"The program asked for {asked['model']}, which AWS defines, not for the {said[0].replace('-', ' ')} in the "
        "text: most likely this model comes from a default of the program, or from its setting for other tasks (a "
        "small or fast model, agents). Change that setting. If this profile and its models are intended too, allow "
        "them."
    )
