"""Find whether a text shows that an instance has an instance profile, or none."""

from __future__ import annotations

import re

from diagnostics.text.read.layout.shell import PROMPT
from iam.lazy_pattern import regex

# EC2 API Reference, "Instance" (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html).
_FIELD = regex(r"\bIamInstanceProfile[\"']?\s*[:=]\s*(?:null|None|\[\s*\]|\{\s*\})(?!\w)")
_QUERY = regex(
    r"^[^\n]*\bdescribe-instances\b[^\n]*\bIamInstanceProfile\b[^\n]*\n(?P<answer>(?:[^\n]+\n?){1,40})", re.M
)
_NOTHING = regex(r"^\W*(?:\[\s*\]|null|None)\W*$|[\s,\"](?:None|null)(?=[\s,\"\]]|$)")
_PROMPTED = regex(rf"^(?:{PROMPT})")
_FEWEST_LETTERS = 3

WAS_ATTACHED = (
    r"(?<!not )(?<!never )(?<!n't )(?<!before I )\b(?:attached|associated|added)\b[^\n.]{0,50}\b(?<!no )profile\b"
    r"|(?<!no )\bprofile\b(?![^\n.]{0,40}\b(?:not|never|no)\b)[^\n.]{0,40}\b(?:attached|associated)\b"
    r"|\bassociate-iam-instance-profile\b"
)
"""Words that say that a profile was attached to the instance."""
HAS_A_PROFILE = (
    r":assumed-role/[\w+=,.@-]+/i-[0-9a-f]{8,17}\b"
    r"|\bIamInstanceProfile\W{1,8}(?:Arn\W{1,6})?arn:[\w-]+:iam::\d{12}:instance-profile/"
    rf"|{WAS_ATTACHED}"
)
"""Signs that an instance has an instance profile: a session, EC2's answer, or a note that a profile was attached."""
_HAS_A_PROFILE = regex(HAS_A_PROFILE)
_WAS_ATTACHED = regex(WAS_ATTACHED)


def has_a_profile(text: str) -> bool:
    return _HAS_A_PROFILE.search(text) is not None


def was_attached(text: str) -> bool:
    return _WAS_ATTACHED.search(text) is not None


def has_no_profile(text: str) -> bool:
    """Return whether the text shows that the instance which lacks credentials has no instance profile.

    If a command's output has several instances, the relevant one is the one whose name also occurs elsewhere in the
    text.
    """
    if _FIELD.search(text):
        return True
    for query in _QUERY.finditer(text):
        rows = []
        for line in query["answer"].splitlines():
            if _PROMPTED.match(line):
                break
            rows.append(line)
        bare = [row for row in rows if _NOTHING.search(row)]
        others = text[: query.start("answer")] + text[query.end("answer") :]
        if bare and (len(rows) == 1 or any(_is_named(row, others) for row in bare)):
            return True
    return False


def _is_named(row: str, text: str) -> bool:
    """Whether the first word of the row, an instance's name or ID, is in the text."""
    name = row.split()[0].strip("\"',[")
    return len(name) >= _FEWEST_LETTERS and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is not None


_OF_ENVIRONMENT = regex(
    r"instance\s+profile\s+\S+\s+associated\s+with\s+the\s+environment\s+does\s+not\s+exist", re.IGNORECASE
)
BEANSTALK_PROFILE = (
    "Create a role that trusts ec2.amazonaws.com and has AWSElasticBeanstalkWebTier (workers: "
    "AWSElasticBeanstalkWorkerTier; Docker: AWSElasticBeanstalkMulticontainerDocker), and an instance profile of that "
    "name with the role in it: new accounts have none. Or name an existing one: eb create --instance_profile NAME, or "
    "the option IamInstanceProfile in aws:autoscaling:launchconfiguration."
)
"""AWS Elastic Beanstalk Developer Guide, "Managing Elastic Beanstalk instance profiles"
(https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/iam-instanceprofile.html), and "eb create"
(https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/eb3-create.html)."""


def of_beanstalk(text: str) -> bool:
    """Return whether Elastic Beanstalk says that the environment's instance profile does not exist."""
    return _OF_ENVIRONMENT.search(text) is not None
