"""The addition to make if the closest statement does not cover the action or the resource."""

from __future__ import annotations

import json
import re

from diagnostics.access_denied.pasted.fixes.caller_arn import NOBODY, path_note
from diagnostics.access_denied.pasted.fixes.caller_statement import (
    IN_CATALOG,
    OF_PHONES,
    PASSED,
    allowing,
    in_the_catalog,
    is_phone_number,
    resources_to_name,
)
from diagnostics.access_denied.pasted.fixes.faulty_statement import FaultyStatement
from diagnostics.access_denied.pasted.fixes.kept_conditions import kept_condition, merged, without_key
from diagnostics.access_denied.pasted.fixes.resource_statement import granting
from diagnostics.access_denied.pasted.fixes.same_statement_elsewhere import also_named, log_statement
from diagnostics.access_denied.scopes import Scope, covering, scope
from diagnostics.fix import Fix, Note
from iam.facts.client_calls import is_unasked
from iam.facts.generated_names import without_suffix
from iam.facts.stacks_of_tools import stack_of_a_tool
from iam.lazy_pattern import regex
from iam.policy.decision import Fault, NearMiss
from iam.policy.request import Request
from iam.service_reference import spelled


def add_the_inner_resource(statement: FaultyStatement) -> Fix | None:
    """The statement names only the resource's container."""
    inner = statement.inner
    if not inner:
        return None
    text = f"Add {inner} to the statement's Resource, and keep the existing resources."
    return Fix(f"Add {inner} to {statement.which}", statement.owner, Note(statement.place, text))


def allow_the_request(statement: FaultyStatement) -> Fix | None:
    """The statement does not name the action or the resource, so another statement is added."""
    action, word = statement.action, statement.word
    if statement.fault not in (Fault.NO_ACTION.value, Fault.RESOURCE_MISMATCH.value) or word == "trust":
        return None
    phone = is_phone_number(action, statement.on)
    on = "*" if phone else _secret_of_name(statement.on, statement.near, action)
    if (on.startswith("arn:") or on == "*") and (
        word != "resource" or statement.request.principal not in (None, NOBODY)
    ):
        on, text = _added(statement, on, phone=phone)
    else:
        text = f"Add {spelled(action)} on {on} to the policy."
    if word == "identity" and (advice := stack_of_a_tool(statement.on)):
        text = f"{advice} If the caller should manage that stack itself: {text}"
    more = ""
    if word != "resource" and isinstance(resources_to_name(action, on), list):
        more = ", and on what contains it" if IN_CATALOG.fullmatch(on) else ", and on its model"
    return Fix(f"Allow {spelled(action)} on {on}{more}", statement.owner, Note(statement.place, text))


def _added(statement: FaultyStatement, on: str, *, phone: bool) -> tuple[str, str]:
    """Return the resource of the statement to add, and a text with that statement."""
    near, action, word, request = statement.near, statement.action, statement.word, statement.request
    wide = _scope_of(near, action, on, fits=statement.fits)
    covers = "" if wide is None else f" The Resource covers {wide.covers}, because the name differs in the next call."
    on = on if wide is None else wide.pattern
    if word != "resource" and (model := _everywhere(on, near)):
        on, covers = model, _OF_PROFILES
    logs = log_statement(near, spelled(action), request.resource) if word == "identity" else {}
    added = granting(request, action, on) if word == "resource" else logs or allowing(action, on, statement.keys)
    if word == "vpce":
        added = {"Effect": "Allow", "Principal": "*", **added}
    kept = kept_condition(near, request, may_fit=statement.may_fit)
    if "Condition" in added and word != "resource":
        kept = without_key(kept, PASSED)
    if kept:
        added["Condition"] = merged(kept, added.get("Condition"))
        covers += (
            f" The new statement has the same condition as {statement.which}, and this call must meet that "
            f"condition, too.{_OF_RECEIVER if any(PASSED in each for each in kept.values()) else ''}"
        )
    path = path_note(request.principal) if word == "resource" else ""
    covers += in_the_catalog(action, on) if word != "resource" else ""
    covers += OF_PHONES if phone else ""
    covers += also_named(near, action, statement.which) if word == "identity" and not logs else ""
    text = f"Add the statement {json.dumps(added)}.{covers}{path}{_if_other_was_meant(near, request)}"
    if near.element in ("NotAction", "NotResource"):
        text += f" Leave the {near.element} of {statement.which} as it is."
    if near.element == "NotAction" and action.lower() in map(str.lower, near.wanted):
        text = f"{_LEFT_OUT} If the caller should be allowed: {text}"
        on = f"{on}, if it was not left out on purpose"
    return on, text


_MODEL = regex(r"(?P<begin>arn:[\w-]+:bedrock:)[\w-]+(?P<rest>::foundation-model/.+)")


def _everywhere(on: str, near: NearMiss) -> str:
    """Return the model's ARN for every Region, if the statement also names an inference profile; else "".

    Amazon Bedrock User Guide, "Prerequisites for inference profiles"
    (https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html).
    """
    model = _MODEL.fullmatch(on)
    named = any(":inference-profile/" in each for each in near.wanted)
    return f"{model['begin']}*{model['rest']}" if model and named and near.element == "Resource" else ""


_OF_PROFILES = (
    " The ARN has a *, because an inference profile chooses the model's Region itself. If the program calls the "
    "model without a profile, correct the client's Region instead; then no policy has to change."
)


_LEFT_OUT = (
    "The statement excludes exactly this action, most likely on purpose. Ask the policy's owner, or have an "
    "administrator make the call."
)


_OF_RECEIVER = " If this role is passed to another service, write that service in iam:PassedToService."


def _if_other_was_meant(near: NearMiss, request: Request) -> str:
    """Return a sentence saying that the call may have named the wrong resource.

    Return "" if the statement names no similar resource.
    """
    asked = _KIND.match(request.resource) if near.fault is Fault.RESOURCE_MISMATCH else None
    kin = [each for each in near.wanted if asked and (kind := _KIND.match(each)) and kind[0] == asked[0]]
    named = kin[0] if len(kin) == 1 else ""
    if is_unasked(request.action, request.resource) or without_suffix(request.resource) == named:
        return ""
    if not named or near.element != "Resource" or re.search(r"[*?$<{]", f"{named}{request.resource}"):
        return ""
    return f" If the call was meant for {named}, correct the call; then no policy has to change."


_KIND = regex(r"arn:[\w-]+:[\w-]+:[^:]*:[^:]*:[\w-]+[/:]")
"""The part of an ARN before its resource's name."""


def _scope_of(near: NearMiss, action: str, on: str, *, fits: bool) -> Scope | None:
    """Return the pattern for the statement to add; None if the resource itself is enough."""
    if near.fault is Fault.RESOURCE_MISMATCH and near.element == "Resource":
        return scope(action, on, [_as_arn(each, on) for each in near.wanted])
    named = near.policy.document.statements[near.statement].resource or ()
    return (covering(on, named) if fits else None) or scope(action, on)


def _as_arn(stated: str, asked: str) -> str:
    """Return the ARN for the name of objects in a statement, ``BUCKET/KEY`` or a key in the requested bucket."""
    start = _BUCKET.match(asked)
    if stated.startswith("arn:") or start is None or "/" not in stated:
        return stated
    front, _, bucket = start[0].rpartition(":")
    return f"{front}:{stated}" if stated.startswith(f"{bucket}/") else f"{front}:{bucket}/{stated.lstrip('/')}"


_BUCKET = regex(r"arn:[\w-]+:s3:::[\w.-]+(?=/)")


def _secret_of_name(on: str, near: NearMiss, action: str) -> str:
    """Return the ARN of a secret that the text names, in the Region and account of the secrets in the statement.

    Anything that is not the name of a secret is returned unchanged. AWS Secrets Manager User Guide, "Authentication and
    access control": six characters follow the name, and a pattern needs -?????? for them
    (https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access.html).
    """
    if not action.lower().startswith("secretsmanager:") or ":" in on or on == "*" or " " in on:
        return on
    places = {found["place"] for each in near.wanted if (found := _OF_SECRETS.match(each))}
    return f"{places.pop()}{on}-??????" if len(places) == 1 else on


_OF_SECRETS = regex(r"(?P<place>arn:[\w-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:)")
