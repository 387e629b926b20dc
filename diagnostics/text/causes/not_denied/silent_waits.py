"""A program that waits for a state but prints none: the call that reads the state is most likely denied."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.causes.look import contains
from diagnostics.who import Who
from iam.lazy_pattern import regex

# Apache Airflow's Amazon provider: what its waiters print after each try, with the state from the last answer
# (https://github.com/apache/airflow/blob/main/providers/amazon/src/airflow/providers/amazon/aws/utils/waiter_with_logging.py).
_WAITED = regex(r"waiter_with_logging\.py:\d+\W{1,6}INFO\W{1,6}(?P<what>[^\n:]{3,80}):[ \t]*(?P<state>[^\n]*)")
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
