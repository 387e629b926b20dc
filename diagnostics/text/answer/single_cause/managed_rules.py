"""Name the EventBridge rule on which a state machine's role lacks permissions."""

from __future__ import annotations

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.who import Who
from iam.arn import Arn, identity_of
from iam.facts.managed_rules import EVENTS, RULES
from iam.lazy_pattern import regex
from iam.words import listing

_REFUSED = regex(r"not authorized to create managed[- ]rules?")
_TASK = regex(r"\barn:(?P<partition>aws[\w-]*):states:::(?P<task>[a-z0-9-]+:[A-Za-z]+)\.sync\b")
_RULE = regex(r"\bStepFunctionsGetEvents?For\w+Rule\b")


def of_a_managed_rule(denial: Denial) -> Decision | None:
    """Return the decision on the rules of the state machine's tasks in the text.

    None if the text has no such task, or names the rules of all of them.
    """
    text = denial.pasted or denial.text
    refused = _REFUSED.search(text)
    partitions = {each["task"]: each["partition"] for each in _TASK.finditer(text)}
    named = dict.fromkeys(_RULE.findall(text))
    rules = {task: RULES[task] for task in partitions if task in RULES}
    lacking = {task: rule for task, rule in rules.items() if rule not in named}
    if refused is None or not lacking:
        return None
    others = [rule for rule in named if rule not in rules.values()]
    beside = f" The text names the rule {listing(others)}, which is for another kind of task." if others else ""
    caller = Arn.parse(denial.principal or "")
    account = caller.account if caller is not None else "*"
    arns = [f"arn:{partitions[task]}:events:*:{account}:rule/{rule}" for task, rule in lacking.items()]
    names = listing(list(lacking.values()))
    whose = f"role {identity_of(denial.principal or '')[2]}" if caller is not None else "state machine's role"
    return decide(
        "identity.no-action",
        f"“{refused[0]}”",
        f"The {whose} lacks {listing(EVENTS, 'or')} on rule/{names}, by which Step Functions waits for "
        f"{listing(list(lacking))}.{beside}",
        f"Allow the {whose} to manage the rule {names}",
        Who.ACCOUNT_ADMIN,
        "the policies of the state machine's role",
        f"Allow {listing(EVENTS)} on {listing(arns)}. The caller that creates the state machine needs none of them.",
    )
