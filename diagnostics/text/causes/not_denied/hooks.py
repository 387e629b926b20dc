"""The cause if a hook of CloudFormation stops an operation."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.causes.build_causes import contains, quoted
from diagnostics.who import Who
from iam.lazy_pattern import regex

_STOPPED = r"following hook\(s\) failed|\bHOOK_COMPLETE_FAILED\b|\bHook failed with message:"
_NAME = regex(
    r"hook\(s\)\s+failed:?\s*\[?(?P<listed>\w+(?:::\w+){1,2})|\b[Hh]ook\s+(?P<named>\w+(?:::\w+){1,2})"
    r"|(?P<before>\w+(?:::\w+){1,2})[^\n]{0,40}HOOK_COMPLETE_FAILED"
)
_MESSAGE = regex(r"Hook failed with message:[ \t]*(?P<said>[^\n\"“”]{4,240}(?:\n[ \t]*\[[^\n\"“”]{4,160}){0,2})")
_FAILED = regex(r"\b(?:CREATE|UPDATE)_FAILED\W{1,30}(?P<one>\w+)\W{1,12}(?P<two>AWS::\w+::\w+)|"
                r"(?P<type>AWS::\w+::\w+)\W{1,12}(?P<id>\w+)\s+The following hook")  # fmt: skip


def hooks(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield which hook stopped the operation, and what the hook requires.

    AWS CloudFormation Hooks User Guide, "Concepts": a hook stops an operation whose resource does not comply
    (https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/hooks-concepts.html).
    """
    if failure.trouble is not Trouble.UNRECOGNIZED or not (stopped := quoted(failure.text, _STOPPED)):
        return
    name, message, failed = (each.search(failure.text) for each in (_NAME, _MESSAGE, _FAILED))
    hook = next(filter(None, name.groups()), "") if name else ""
    said = " ".join(message["said"].split()).rstrip(". ") if message else ""
    resource = ""
    if failed:
        resource = f" {failed['one'] or failed['id']} ({failed['two'] or failed['type']})"
    asks = f", which says: “{said}”" if said else ""
    change = "as it asks" if said else "as the hook's message in the stack's events asks"
    yield FirstLook(
        f"The CloudFormation hook{f' {hook}' if hook else ''} stopped the operation{asks}. Change the "
        f"resource{resource} in the template {change}. IAM denied nothing: no permission is missing, and "
        "AdministratorAccess does not bypass a hook. Leave the hook as it is; its owner decides on exceptions.",
        contains(stopped),
        None,
        Who.CALLER,
    )
