"""A program that waits for a state but prints none: the call that reads the state is most likely denied."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.causes.build_causes import contains
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.service_reference import action_names
from iam.words import listing

_FEW = 3

# Apache Airflow's Amazon provider: what its waiters print after each try, with the state from the last answer
# (https://github.com/apache/airflow/blob/main/providers/amazon/src/airflow/providers/amazon/aws/utils/waiter_with_logging.py).
_WAITED = regex(r"waiter_with_logging\.py:\d+\W{1,6}INFO\W{1,6}(?P<what>[^\n:]{3,80}):[ \t]*(?P<state>[^\n]*)")
# AWS SDK for Go v2, issues 2080 and 2937: its waiters repeated a denied call until their time was over
# (https://github.com/aws/aws-sdk-go-v2/issues/2937); AWS SDK for JavaScript v3, issue 6699: its waiters, too.
_SDK_WAITED = regex(
    r"exceeded max wait time for (?P<go>\w+) waiter"
    r"|\bwaitUntil(?P<js>[A-Z]\w+)[\s\S]{0,300}?\b(?:Waiter has timed out|\"?state\"?: ?\"TIMEOUT\")"
)
_STEP_FUNCTION = regex(r"step ?functions?", 2)


def silent_waits(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the cause if no line of an Airflow waiter contains a state."""
    if failure.trouble is not Trouble.UNRECOGNIZED or "waiter_with_logging" not in failure.text:
        return
    waited = list(_WAITED.finditer(failure.text))
    if not waited or any(each["state"].strip() for each in waited):
        return
    what = " ".join(waited[0]["what"].split())
    reads = (
        "states:DescribeExecution on the execution's ARN (arn:aws:states:REGION:ACCOUNT:execution:MACHINE:*)"
        if _STEP_FUNCTION.search(what)
        else "the Describe or Get action of the service"
    )
    yield FirstLook(
        "Starting works, but reading the state returns nothing: most likely the role that Airflow runs with lacks "
        f"{reads}, and its waiter hides the denial. (In Amazon MWAA it is the environment's execution role, also for a "
        "deferrable task.) Look for a denied call after the start in CloudTrail. If there is none, try a newer version "
        "of the provider.",
        contains(what),
        "aws sts get-caller-identity",
        Who.ACCOUNT_ADMIN,
    )


def of_sdk(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the call that a waiter of an AWS SDK repeats, if the waiter's time was over and nothing shows why."""
    found = _SDK_WAITED.search(failure.text)
    if found is None:
        return
    from diagnostics.text.read.author.granted import granted_in  # few texts have a waiter
    from iam.waiters import repeated_actions

    waiter = found["go"] or found["js"]
    every = repeated_actions(waiter)
    named = [each for each in every if each.partition(":")[0] in failure.text.lower()] or list(every)
    if not named or len(named) > _FEW:
        return
    calls, granted = listing(named), granted_in(failure.text)
    if any(fnmatchcase(each.lower(), pattern) for each in named for pattern in granted):
        return
    listed = any(_lists_others(failure.text, each) for each in named)
    lacks = f"Most likely the caller lacks {calls}, which" if listed else f"Check whether the caller has {calls}, which"
    yield FirstLook(
        f"{lacks} the waiter {waiter} repeats until its time is over: many SDK versions hide a denial meanwhile. "
        "Allow the action on the resource if CloudTrail shows the denied call; if there is no such call, the resource "
        "did not reach the state.",
        contains(" ".join(found[0].split())[:96]),
        "aws cloudtrail lookup-events --lookup-attributes "
        f"AttributeKey=EventName,AttributeValue={named[0].partition(':')[2]}",
        Who.ACCOUNT_ADMIN,
    )


def _lists_others(text: str, action: str) -> bool:
    """Whether the text lists actions of the service, without this one."""
    service, _, name = action.partition(":")
    listed = set(re.findall(r"\b[A-Z][A-Za-z]{5,60}\b", text)) & set(action_names(service).values())
    return len(listed) > 1 and name not in listed
