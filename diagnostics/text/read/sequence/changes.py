"""Find the lines of a text that say that a permission, a key or a deployment was changed shortly before."""

from __future__ import annotations

import re

from diagnostics.text.read.sequence.lines_and_commands import FAILS
from iam.lazy_pattern import regex

_THING = r"(?:polic(?:y|ies)|roles?|(?:access )?keys?|trust|grants?|statements?|permissions?)"
_MADE = r"(?:attached|created|added|changed|updated|made|replaced|edited|granted|rotated)"
_RECENTLY_MADE = regex(
    rf"\b{_THING}\b[^\n.;?]{{0,60}}\b{_MADE}\b|\b{_MADE}\b[^\n.;?]{{0,60}}\b{_THING}\b"
    r"|\baws iam (?:create|attach|put|update|add|set|upload)-\w|\baws \w+ put-[a-z-]*policy\b"
    r"|\baws_(?:iam|\w*policy)\w*\.[\w-]+(?:\[[^\]\n]*\])?: (?:Creat|Modif)"
    r"|\b(?:Create|Attach|Put|Update)(?:Role|User|Group|Key|Bucket|Access|Assume)?(?:Policy|Key|Role|AccessKey)\b",
    re.IGNORECASE,
)
_LONG_AGO = regex(
    r"\b(?:yesterday|last|ago|months?|weeks?|days|years?|hier|gestern|ayer)\b|n['’]t\b"
    rf"|\b(?:no|not|never|nobody|nothing)\b[^\n.;?]{{0,30}}\b(?:{_THING}|{_MADE})\b",
    re.IGNORECASE,
)
_ROLLED_OUT = regex(
    r"\b(?:deploy(?:ed|ment)?|release(?:d)?|roll(?:ed)? ?out|upgraded?|migrat(?:ed|ion)|switched|rotated|replaced"
    r"|attached|granted|added|fixed|applied)\b",
    re.IGNORECASE,
)
"""Words of a log for a change after which an earlier failure may not happen again."""

_DONE = r"(?:added|attached|granted|changed|fixed|updated|put|set|allowed|corrected|gave|removed|enabled)"
CHANGED = regex(
    rf"\b(?:then|now|after|later|since)\b[^\n]{{0,80}}\b{_DONE}\b"
    rf"|\b{_DONE}\b[^\n]{{0,80}}\b(?:then|now|later|afterwards)\b"
    r"|\bafter (?:adding|attaching|granting|changing|fixing|updating|setting|allowing|enabling|removing)\b"
    # A note that begins with it, perhaps after its time and its author: ">> 11:02 ops added the policy".
    rf"|^\W{{0,6}}(?:(?:\w{{3}} )?\d\d?:\d\d\S*\W{{1,4}})?(?:\w+\W{{1,3}}){{0,2}}{_DONE}\b"
    r"(?![^\n]*(?:n['’]t\b|\b(?:not|still|never|would|should|could)\b))",
    re.IGNORECASE,
)
"""Words of a note, which need not name what was changed: "then ops fixed it", "added after lunch"."""


def is_a_change(line: str) -> bool:
    """Return whether a line says that a policy, role or key was created or changed shortly before."""
    return _RECENTLY_MADE.search(line) is not None and _LONG_AGO.search(line) is None


def is_rolled_out(line: str) -> bool:
    """Return whether a line says that something was deployed, switched or granted, and states no failure."""
    return _ROLLED_OUT.search(line) is not None and FAILS.search(line) is None
