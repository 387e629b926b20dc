"""A call that works without one of its settings: the action that only this setting needs is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.failure import Denial
from diagnostics.text.answer.denial.named_actions import actions_in_prose
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.text.read.author.contrasts import says_that_it_works
from diagnostics.who import Who
from iam.facts.next_actions import ROLE, ROLES, Need, next_actions
from iam.lazy_pattern import regex

_SETTING = r"[`\"'“(]{0,2}-{0,2}(?P<setting>[A-Za-z][\w-]*(?: [A-Za-z][\w-]*){0,2})"
_LEFT_OUT = (
    regex(rf"\bwithout (?:the |an? |any |its |my |our )?{_SETTING}", re.IGNORECASE),
    regex(
        r"\b(?:remov(?:e|ed|ing)|omit(?:ted|ting)?|drop(?:ped|ping)?|le(?:ave|ft|aving) out|comment(?:ed|ing)? out)"
        rf" (?:the |an? |its |my |our )?{_SETTING}",
        re.IGNORECASE,
    ),
    regex(
        rf"\b(?:when|if|once|with) (?:the |an? |its )?{_SETTING} (?:is |are |was )?"
        r"(?:left out|removed|omitted|unset|commented out)\b",
        re.IGNORECASE,
    ),
)
_LONGEST_LINE = 400
_PASSES = Need("iam:PassRole", ROLE, given=ROLES)


def without_a_setting(denial: Denial) -> Decision | None:
    """Return the decision that the action for a setting is missing, if the call works without that setting.

    The text says so itself, and AWS does not say why it refuses. What each setting needs is in the table
    (`iam.facts.next_actions`); a role that is passed needs iam:PassRole in every service.
    """
    if denial.stated_reason or denial.encoded_message or denial.claims_trust:
        return None
    for setting, words in _left_out(denial.text):
        for name in _beginnings(setting):
            if (need := _need_of(name, denial)) is not None:
                return _missing(need, name, words, denial)
    return None


def _left_out(text: str) -> Iterator[tuple[str, str]]:
    """Yield the settings without which the call works, each with the sentence that says so."""
    for line in text.splitlines():
        if len(line) > _LONGEST_LINE:
            continue
        for sentence in re.split(r"(?<=[.!;])\s+", line):
            if says_that_it_works(sentence):
                yield from (
                    (found["setting"], sentence.strip()) for each in _LEFT_OUT for found in each.finditer(sentence)
                )


def _beginnings(setting: str) -> Iterator[str]:
    """Yield the setting's words, and fewer and fewer of them: the sentence may go on after its name."""
    words = setting.split()
    yield from (" ".join(words[:end]) for end in range(len(words), 0, -1))


def _need_of(setting: str, denial: Denial) -> Need | None:
    """Return the further action that the setting makes necessary; None if the table has none for the call."""
    name = re.sub(r"[^a-z]", "", setting.lower())
    if name == "role":
        return None  # most often the caller's own
    if name in ROLES:
        return _PASSES if (denial.action or "").lower() != "iam:passrole" else None
    action = denial.missing_action or denial.action
    known = next_actions(action or next(iter(actions_in_prose(denial)), None))
    needs = known.needs if known is not None else ()
    return next((each for each in needs if name in each.given and each.action != action), None)


def _missing(need: Need, setting: str, words: str, denial: Denial) -> Decision:
    value = re.search(
        rf"{re.escape(setting)}[\"'`]?[ \t]*[:= ][ \t]*[\"'`]?(?P<value>[\w+=,.@:/-]{{3,}})[\"'`]", denial.text
    )
    of_profile = "profile" in setting.lower()
    if need.on == ROLE:
        on = "the role in the instance profile" if of_profile else "that role"
    else:
        on = f"the {need.kind}" if need.kind else "the same resource"
    named = f" {value['value']}" if value is not None else ""
    title = f"Allow {need.action} on {on}"
    find = ""
    if of_profile:
        profile = value["value"].rpartition("/")[2] if value is not None else "PROFILE"
        find = (
            f" To get the role's ARN: aws iam get-instance-profile --instance-profile-name {profile} --query "
            "'InstanceProfile.Roles[].Arn'."
        )
    return decide(
        "identity.no-action",
        f"“{words[:160]}”",
        f"Most likely the caller lacks {need.action} on {on}{named}: according to the text, the call works without "
        "this setting. The other actions of the call are allowed.",
        title,
        Who.ACCOUNT_ADMIN,
        "the caller's policy",
        f"Allow {need.action} on the ARN of {on}{named}, or remove the setting.{find} If {need.action} is already "
        "allowed, look for the denied call in CloudTrail.",
    )
