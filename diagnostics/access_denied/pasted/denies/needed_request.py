"""Say which request a Deny statement with conditions does not deny, and what else its owner can do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from diagnostics.access_denied.pasted.denies.deny import Deny
from diagnostics.access_denied.pasted.denies.passing_values import (
    how_to_pass,
    inversion,
    is_negated,
    on_another_type,
    passing_values,
)
from diagnostics.access_denied.pasted.fixes.command_option import in_command
from diagnostics.access_denied.pasted.tags_of_services import tag_setting_of_service
from iam.policy.explain import MetCondition
from iam.policy.request import Request
from iam.policy.words import unmet
from iam.words import listing


def chosen_conditions(deny: Deny) -> Sequence[MetCondition]:
    """Return the conditions whose values the caller chooses; the others only if there are none.

    A Deny for old TLS versions also tests whether the call uses HTTPS; such an inverted condition is left out.
    """
    others = [each for each in deny.conditions if not inversion(each)]
    return [each for each in others if each.key.lower() not in _NOT_CHOSEN] or others or deny.conditions


_NOT_CHOSEN = ("aws:viaawsservice", "aws:principalisawsservice", "aws:calledvia")
"""Keys that the caller of a request does not choose."""


def needed_request(deny: Deny) -> str:
    """Return what a request must have to pass the condition, and how to send that."""
    chosen = chosen_conditions(deny)
    needs = listing([unmet(each.operator, each.key, each.wanted) for each in chosen], "or")
    hows = listing(
        [
            _of_a_profile(each, deny.request)
            or _of_a_service(each, deny.request)
            or on_another_type(each, deny.request, deny.keys)
            or in_command(deny.keys, each.key, passing_values(each))
            or how_to_pass(each)
            for each in chosen
        ],
        "or",
    )
    text = f"To avoid this Deny, the request needs {needs}: {hows}.{_if_right(chosen)}"
    if any(":resourcetag/" in each.key.lower() and not passing_values(each) for each in chosen):
        text += " If the tag protects the resource on purpose, ask the policy's owner for an exception."
    return text


def needed_request_or_exception(deny: Deny) -> str:
    """Return what a request needs to pass, and what the statement's owner can except for the program."""
    text = f"{needed_request(deny)}{_another_region(deny.conditions, deny.word, of_a_model=_model(deny.request))}"
    chosen = chosen_conditions(deny)
    of_tags = [each for each in chosen if each.key.lower().startswith("aws:requesttag/") and each.key not in deny.keys]
    if any(not _of_a_service(each, deny.request) for each in of_tags):
        text += (
            " If the program cannot send the tag, the statement's owner can exempt the program's role with a "
            "condition on aws:PrincipalArn."
        )
    return text


def _of_a_service(condition: MetCondition, request: Request) -> str:
    """Return where the tag is set if a service makes the call by itself; "" for other keys and callers."""
    if not condition.key.lower().startswith("aws:requesttag/"):
        return ""
    return tag_setting_of_service(condition.key.partition("/")[2], request.principal)


def _of_a_profile(condition: MetCondition, request: Request) -> str:
    """Return how to satisfy a list of Regions if an inference profile called the model in a Region of the profile.

    Amazon Bedrock User Guide, "Geographic cross-Region inference"
    (https://docs.aws.amazon.com/bedrock/latest/userguide/geographic-cross-region-inference.html).
    """
    if condition.key.lower() != "aws:requestedregion" or not (region := _model(request)):
        return ""
    return (
        "use a model, or an inference profile whose Regions are all allowed (wherever the client calls, a profile "
        f"routes each call to one of the profile's Regions, here {region})"
    )


def _model(request: Request) -> str:
    """Return the Region in which a model of Amazon Bedrock was called; "" for other requests."""
    found = re.match(r"arn:[\w-]+:bedrock:(?P<region>[\w-]+)::foundation-model/", request.resource)
    return found["region"] if found is not None else ""


def _another_region(conditions: Iterable[MetCondition], word: str, *, of_a_model: str) -> str:
    """Return how the statement's owner admits the Region of the request, if it is known; "" otherwise.

    The Region is added to the condition. Adding the action to NotAction would allow it in every Region. A profile needs
    the models in all its Regions (see the page in `_of_a_profile`).
    """
    limit = next((each for each in conditions if each.key.lower() == "aws:requestedregion"), None)
    if limit is None or not limit.had or not is_negated(limit):
        return ""
    owner = "the organization's administrators" if word in ("scp", "rcp") else "the statement's owner"
    if of_a_model:
        return (
            f" To keep the profile, {owner} must exempt bedrock:InvokeModel* in every Region of the profile, not "
            f"only in {of_a_model} (aws bedrock get-inference-profile lists these Regions)."
        )
    return (
        f" If the program cannot call another Region, {owner} must add {listing(list(limit.had))} to the Regions of "
        "the condition."
    )


def _if_right(conditions: Sequence[MetCondition]) -> str:
    """Return a sentence on the known address of the call, if a Deny exempts other addresses; "" otherwise."""
    exempt = (each for each in conditions if each.key.lower() == "aws:sourceip" and passing_values(each))
    known = next((each.had[0] for each in exempt if each.had), "")
    if not known or "/" in known:
        return ""
    return f" If {known} is one of the caller's own addresses, the statement's owner must add {known}/32."
