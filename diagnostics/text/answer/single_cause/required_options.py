"""A command that is refused, and works with one more option: the Allow has a condition on what the option sends."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.text.read.sequence.failure_places import last_line
from diagnostics.text.read.sequence.lines_and_commands import FAILS, Command, Paste
from diagnostics.text.read.sequence.option_left_out import missing_options, options_of
from diagnostics.who import Who
from iam.arn import account_of
from iam.service_reference import action as known_action


def works_with_an_option(denial: Denial) -> Decision | None:
    """Return the decision that the request lacks the condition key that an option of the same command sends; else None.

    The action must have a condition key of the option's name. A condition on a key that the request does not have is
    not met: IAM User Guide, "IAM JSON policy elements: Condition operators"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
    """
    known = known_action(denial.action or "")
    text = denial.pasted or denial.text
    if known is None or text.count("aws ") < _BOTH or (denial.stated_reason or "").startswith("explicit"):
        return None
    paste = Paste(text)
    at = last_line(denial, paste)
    failed = paste.command_before(at) if at is not None else None
    if failed is None:
        return None
    service = known.name.partition(":")[0]
    for option, value in _options_that_work(failed, paste):
        key = next((each for each in known.all_keys if each == f"{service}:{option.replace('-', '')}".lower()), None)
        if key is None:
            continue
        key = next((each for each in _spelled(known.keys, key)), key)
        return decide(
            "resource.condition-unmet" if _is_of_another_account(denial) else "identity.condition-unmet",
            f"the same command works with --{option}",
            f"The same command works with --{option} {value}: most likely the statement that allows {known.name} has a "
            f"condition on {key}, and a request without this option does not have that key.",
            f"Send --{option}, or have the condition accept requests without it",
            Who.CALLER,
            f"the call of {known.name}",
            f"Give --{option} {value} in each call (in SDKs the parameter of this name). If calls without {key} are "
            "meant to be allowed, the owner of the policy with the condition can write its operator with IfExists.",
            nearer=True,
        )
    return None


_BOTH = 2


def _is_of_another_account(denial: Denial) -> bool:
    caller, owner = account_of(denial.principal or ""), account_of(denial.resource or "")
    return bool(caller and owner) and caller != owner


def _options_that_work(failed: Command, paste: Paste) -> Iterator[tuple[str, str]]:
    """Yield the options, with values, that a successful command has in addition to the failed one."""
    words = failed.plain.partition(" --")[0]
    for other in paste.commands:
        if other.line == failed.line or other.plain.partition(" --")[0] != words:
            continue
        answer = paste.answer(other)
        if not answer.strip() or FAILS.search(answer) or paste.choices(other) != paste.choices(failed):
            continue
        given = options_of(other.plain)
        for name in missing_options(given, options_of(failed.plain)):
            yield name, given[name]


def _spelled(keys: tuple[str, ...], key: str) -> Iterator[str]:
    return (each for each in keys if each.lower() == key)
