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
_SET = regex(
    r"(?:\b(?:ANTHROPIC_MODEL|BEDROCK_MODEL(?:_ID)?|[Mm]odel_?(?:[Ii]d|[Nn]ame)?)|--model(?:-id)?)\b"
    r"[\"']?(?:[ \t]*[=:]|[ \t])[ \t]*"
    r"[\"'`]?(?P<value>arn:[\w-]+:bedrock:[\w:./-]+|(?:bedrock/)?(?:[a-z-]{2,9}\.)?[a-z0-9]+\.[a-z][\w.:-]*\d[\w.:-]*)"
)
_AREA = regex(r"^(?:global|us|eu|apac|jp|au|ca|us-gov)\.")
_OWN = regex(r"\b(?:application|custom|own)[- ]inference[- ]profiles?\b", re.IGNORECASE)


def other_model(denial: Denial) -> str:
    """Return a sentence if a profile of AWS's was requested, but the text names application profiles; else ""."""
    asked = _OF_AWS.fullmatch(denial.resource or "")
    if asked is None:
        return ""
    said = _OWN.search(denial.text)
    what = f"the {said[0].replace('-', ' ')}" if said is not None else _set_model(asked["model"], denial)
    if not what:
        return ""
    return (
        f"The program asked for {asked['model']}, which AWS defines, not for {what} in the text: most likely this "
        "model comes from a default of the program, or from its setting for other tasks (a small or fast model, "
        "agents). Change that setting. If you also intend to use this profile and its models, allow them."
    )


def _set_model(asked: str, denial: Denial) -> str:
    """Return the only model that the text's settings name, if it is another one than the requested; else ""."""
    text = denial.pasted or denial.text
    values = {each["value"].rstrip(".,") for each in _SET.finditer(text)}
    (value,) = values if len(values) == 1 else ("",)
    name = value.rpartition("/")[2]
    if not name or _AREA.sub("", name) == _AREA.sub("", asked):
        return ""
    return f"the model {name}"
