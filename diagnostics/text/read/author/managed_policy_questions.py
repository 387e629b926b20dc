"""Find whether an AWS-managed policy contains the actions, if a question names both."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from iam import aws_managed_policies
from iam.lazy_pattern import regex
from iam.policy.document import Document
from iam.policy.match import names_action
from iam.service_reference import action as action_of
from iam.words import listing

_POLICY = regex(
    r"(?:(?<![\w:/-])|(?<=::aws:policy/)|(?<=/service-role/)|(?<=/job-function/))[A-Z][A-Za-z0-9_-]{5,80}(?![\w:])"
)
_MOST = 2


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    return {arn.rpartition("/")[2]: arn for arn in aws_managed_policies.arns()}


def of_managed_policies(text: str, actions: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the name of each AWS-managed policy in the text, with what it says about the actions.

    The program's own copies of the policies are used, as of the date in `iam.aws_managed_policies.provenance`.
    """
    known = [each for each in actions if action_of(each) is not None][:4]
    if not known:
        return
    for name, document in managed_policies_in(text):
        has = {each: _says(document, each) for each in known}
        allowed = [f"{each}{how}" for each, how in has.items() if how is not None]
        lacking = [each for each, how in has.items() if how is None]
        said = [f"allows {listing(allowed)}"] if allowed else []
        said += [f"does not allow {listing(lacking, 'or')}"] if lacking else []
        makes = next((each for each in lacking if each.lower() in _MAKE_IDENTITIES), "")
        more = f" {_with_a_boundary(makes)}" if makes else ""
        policy = aws_managed_policies.find(_by_name()[name])
        day = f" (its version from {policy.updated:%Y-%m-%d})" if policy is not None else ""
        yield f"{name} {' and '.join(said)}{day}.{more}", name


def managed_policies_in(text: str) -> Iterator[tuple[str, Document]]:
    """Yield the first AWS-managed policies that the text names, with their documents."""
    named = dict.fromkeys(found[0] for found in _POLICY.finditer(text) if found[0] in _by_name())
    for name in list(named)[:_MOST]:
        policy = aws_managed_policies.find(_by_name()[name])
        if policy is not None and policy.document is not None:
            yield name, policy.document


_MAKE_IDENTITIES = ("iam:createrole", "iam:createuser")


def _with_a_boundary(action: str) -> str:
    """Return how to allow somebody to create roles or users with no more permissions than intended.

    IAM User Guide, "Permissions boundaries for IAM entities", delegating responsibility
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html).
    """
    kind = action.lower().removeprefix("iam:create")
    passes = ", and iam:PassRole only to the service that receives it" if kind == "role" else ""
    return (
        f"If it is needed, allow {action}, iam:Attach{kind.capitalize()}Policy and iam:Put{kind.capitalize()}Policy in "
        f"a policy of its own: on a path or prefix of names, with a condition on iam:PermissionsBoundary{passes}. "
        f"Without that condition, whoever makes a {kind} can give it more permissions than they have."
    )


def _says(document: Document, action: str) -> str | None:
    """Return how the document allows the action, as the end of a clause; None if no statement does."""
    found = [each for each in document.statements if _names(each.action, each.not_action, action)]
    allows = [each for each in found if each.effect == "Allow"]
    if not allows:
        return None
    if any(each.effect == "Deny" for each in found):
        return " (with a Deny for some requests)"
    first = next((each for each in allows if each.resource and "*" in each.resource), allows[0])
    where = "" if not first.resource or "*" in first.resource else f" on {listing(list(first.resource)[:2], 'or')}"
    return f"{where} under conditions" if all(each.conditions for each in allows) else where


def _names(actions: tuple[str, ...] | None, others: tuple[str, ...] | None, action: str) -> bool:
    return names_action(actions, action) if actions is not None else not names_action(others, action)
