"""The values of the evaluated request with their sources: the values in the subject, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from diagnostics.access_denied.request.subject import Context, Subject, stated_value, taken_from_around, with_known
from diagnostics.failure import Denial
from diagnostics.text.read.one_message import is_alone
from iam.arn import account_of
from iam.claims import Keys, Source, Sourced, sourced
from iam.policy.other_than import is_known
from iam.policy.principal import Kind

if TYPE_CHECKING:
    from diagnostics.access_denied.request.caller import Caller
    from iam.policy.request import Request

RequestValues = Mapping[str, Sourced[Any]]
"""Values by condition key and by name in the input of ``rolescope evaluate``.

The names are ``principal``, ``action``, ``resource`` and ``resourceAccount``.
"""

# What AWS documents for a request about which nothing else is known: SDKs and the CLI use TLS, and the call is made
# now.
DEFAULTS = {
    "aws:securetransport": "SDKs and the AWS CLI use TLS",
    "aws:currenttime": "the time of this reading",
    "aws:epochtime": "the time of this reading",
}
_OF_PRINCIPAL = ("aws:principal", "aws:userid", "aws:username", "aws:multifactorauth")


def values_of_subject(subject: Subject) -> dict[str, Sourced[Any]]:
    """Return the values that are known before any policy is read."""
    named = {"principal": subject.who, "action": subject.what, "resource": subject.on}
    return {**{name: had for name, had in named.items() if had is not None}, **subject.keys}


def values_of_text(denial: Denial, context: Context) -> dict[str, Sourced[Any]]:
    """Return the values from a denial's own text and from the operator, without reading an account."""
    named = {
        "principal": None if denial.claims_trust else denial.principal,
        "action": denial.missing_action or denial.action,
        "resource": denial.resource,
    }
    found = {name: stated_value(value, denial) for name, value in named.items()}
    keys = with_known(sourced(context, Source.OPERATOR), keys_around(denial))
    return {**{name: had for name, had in found.items() if had is not None}, **keys}


def said_around(denial: Denial) -> tuple[str, ...]:
    """Return a sentence for each condition key found in the commands, templates and logs of the denial's text."""
    return tuple(taken_from_around(keys_around(denial), (Source.COMMAND, Source.TEMPLATE, Source.CLOUDTRAIL)))


def keys_around(denial: Denial) -> Keys:
    """Return the condition keys found in the commands, templates and logs of a denial's text."""
    if is_alone(denial):
        return {}
    from diagnostics.access_denied.request.command import command_keys, left_out_keys, workflow_keys
    from diagnostics.access_denied.request.event_text import single_event
    from diagnostics.access_denied.request.templates import left_out_by_code, template_keys

    action = denial.missing_action or denial.action
    event_keys: Keys = {}
    if (event := single_event(denial.text)) is not None:
        from diagnostics.access_denied.request.event import record_context  # with the account, for few texts

        event_keys = sourced(record_context(event), Source.CLOUDTRAIL)
    found = command_keys(denial.text, action, denial.resource)
    for further in (
        workflow_keys(denial.text, action),
        template_keys(denial.text, action, denial.resource),
        left_out_keys(denial.text, action),
        left_out_by_code(denial.text, action),
    ):
        found = with_known(found, further)
    return with_known(event_keys, found)


def values_of_request(
    subject: Subject, request: Request, caller: Caller, *, resource_known: bool
) -> dict[str, Sourced[Any]]:
    """Return the values of the evaluated request with their sources.

    Values that AWS or the account determines have their own source. Whatever follows from a guess is a guess too.
    """
    found = values_of_subject(subject)
    who, what, on = subject.who, subject.what, subject.on
    if who is not None and request.principal is not None:
        found["principal"] = Sourced(request.principal, who.source, who.read_from, who.others)
    if not resource_known:
        found.pop("resource", None)
    elif on is None and what is not None:
        # The action supports no resource types.
        found["resource"] = Sourced(request.resource, what.source, what.read_from)
    keys = filled_keys(subject, request)
    owner = next((had for key, had in keys.items() if key.lower() == "aws:resourceaccount"), None)
    if owner is not None:
        found["resourceAccount"] = Sourced(owner.words, owner.source, owner.read_from)
    if (role := _foreign_role(caller)) and not any(key.lower() == "aws:principalarn" for key in keys):
        found["aws:PrincipalArn"] = role
    return {**found, **keys}


def _foreign_role(caller: Caller) -> Sourced[tuple[str, ...]] | None:
    """Return the presumed ARN, without a path, of the role behind another account's session, or None."""
    if caller.here or caller.kind is not Kind.SESSION or not caller.arn or not caller.account_id or not caller.name:
        return None
    partition = caller.arn.split(":")[1]
    return Sourced((f"arn:{partition}:iam::{caller.account_id}:role/{caller.name}",), Source.GUESS, caller.arn)


def filled_keys(subject: Subject, request: Request) -> Keys:
    """Return every condition key of the request with its source."""
    own = {key.lower(): had for key, had in subject.keys.items()}
    return {
        key: own.get(key.lower()) or _filled(key.lower(), values, subject, request)
        for key, values in request.context.items()
        if is_known(values)
    }


def _filled(key: str, values: tuple[str, ...], subject: Subject, request: Request) -> Sourced[tuple[str, ...]]:
    if said := DEFAULTS.get(key):
        return Sourced(values, Source.DEFAULT, said, ())
    basis = subject.on if key.startswith("aws:resource") or key == "aws:requestedregion" else None
    basis = subject.who if key.startswith(_OF_PRINCIPAL) else basis
    if basis is not None and not basis.settled:
        return Sourced(values, basis.source, basis.read_from)
    if key == "aws:resourceaccount" and account_of(request.resource) is None:
        return Sourced(values, Source.ACCOUNT, f"the account has the policy of {request.resource}")
    if basis is not None and key in ("aws:requestedregion", "aws:resourceaccount"):
        return Sourced(values, basis.source, basis.read_from)
    return Sourced(values, Source.ACCOUNT, basis.words if basis is not None else "")
