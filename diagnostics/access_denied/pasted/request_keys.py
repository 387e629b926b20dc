"""The condition keys of the denied request, as far as the text shows them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from diagnostics.access_denied.pasted.fixes.policy_variables import VARIABLES
from diagnostics.access_denied.pasted.other_resource_in_condition import other_ids
from diagnostics.access_denied.pasted.placeholders import resource_texts
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy, document_of
from diagnostics.access_denied.pasted.principal_arns import UNKNOWN_REGION
from diagnostics.access_denied.pasted.request_ids import (
    conditions_on,
    left_out_subnet,
    no_external_id,
    other_external_id,
    sent_values,
    stated_ids,
    thing_of,
)
from diagnostics.access_denied.request.determined.keys import determined_keys
from diagnostics.access_denied.request.source_arn import acting_for
from diagnostics.access_denied.request.stated_tags import (
    listed_tag,
    of_services,
    stated_no_tags,
    stated_tags,
    tags_beside,
)
from diagnostics.access_denied.request.subject import with_known
from diagnostics.access_denied.request.tag_tables import tabled_tags
from diagnostics.access_denied.request.values import DEFAULTS, keys_around
from diagnostics.failure import Denial
from diagnostics.text.read.identities.own_account import only_account
from diagnostics.text.read.layout.text_time import time_of_text
from iam.arn import account_of
from iam.claims import AskedValues, Keys, Source, Sourced, sourced
from iam.facts.service_principals import short_principal
from iam.lazy_pattern import regex
from iam.policy.operators import operator
from iam.policy.principal import Kind
from iam.policy.principal import caller as request_caller
from iam.policy.request import Policies


@dataclass(frozen=True, slots=True)
class Asked(AskedValues):
    """The condition keys that the text gives, in the form that the engine expects."""

    keys: Keys


def stated_keys(called: Denial, action: str, on: str, outside: str, pasted: Sequence[PastedPolicy]) -> Keys:
    """Return the condition keys of the call ``called`` on the resource ``on``.

    ``outside`` is the text without its policies.
    """
    asked = asked_keys(pasted)
    named = [*asked, *asked_variables(pasted)]
    keys = with_known(keys_around(called), determined_keys(called, action, on, asked))
    for more in (
        _decoded(called, on),
        _source_of(called, on, outside, pasted),
        _simulated(outside, asked),
        {**settings_of(outside, asked), **stated_tags(outside, on, called.principal or "")},
        listed_tag(outside, on),
        tabled_tags(outside, named, on, called.principal or ""),
        tags_beside(outside, named, on, called.principal or ""),
        stated_no_tags(outside, asked, on),
        stated_ids(called.pasted or called.text, outside, asked, action),
        no_external_id(called, outside, pasted),
        other_external_id(outside, pasted),
        left_out_subnet(outside, pasted),
        other_ids(outside, pasted),
        thing_of(outside, named),
        sent_values(outside, asked),
        _time_of_the_call(outside, pasted),
    ):
        keys = with_known(keys, more)
    return with_known(keys, of_services(keys, asked))


def _decoded(called: Denial, on: str) -> Keys:
    """Return the tags of the resource that AWS's decoded message states, if the call is evaluated on that resource.

    AWS STS API Reference, "DecodeAuthorizationMessage": the message contains the values of the keys in the context
    of the request (https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html).
    """
    if called.decoded is None or on != called.resource:
        return {}
    tags = {key: value for key, value in called.decoded.context if ":resourcetag/" in key.lower()}
    return sourced(tags, Source.AWS_RECORD)


_ARN = regex(r"arn:[\w-]+:[a-z0-9-]+:[a-z0-9-]*:\d{12}:[^\s\"'\\,;)\]}>]*[\w/*-]|arn:[\w-]+:s3:::[a-z0-9.-]+[a-z0-9]")


def _source_of(called: Denial, on: str, outside: str, pasted: Sequence[PastedPolicy]) -> Keys:
    """Return the resource for which a service makes the call.

    It is the resource of the call in the text, or the only resource of the service that the text contains.
    """
    caller = called.principal or ""
    if request_caller(caller).kind is not Kind.SERVICE:
        return {}
    account = only_account(outside)
    keys: Keys = {"aws:SourceAccount": Sourced((account,), Source.TEXT, account)} if account else {}
    wanted = [value for block in conditions_on("aws:sourcearn", pasted) for value in block.values]
    if wanted and (source := acting_for(outside, called.operation or "", wanted, account)):
        return {**keys, **source}
    own = short_principal(caller).rpartition(".")[2]
    named = {each for each in _ARN.findall(outside) if each.split(":")[2] == own and each != on}
    if len(named) != 1:
        return keys
    arn = named.pop()
    if owner := account_of(arn):
        keys = {"aws:SourceAccount": Sourced((owner,), Source.TEXT, arn)}
    return {**keys, "aws:SourceArn": Sourced((arn,), Source.TEXT, arn)}


_SETTING = regex(
    r"(?<![\w.-])[\"']?(?:[A-Za-z][\w-]{0,60}\.){0,6}(?P<name>[A-Za-z][\w-]{2,60})[\"']?[ \t]*[:=](?!=)[ \t]*"
    r"[\"']?(?P<value>[\w./:*+@-]{1,200})[\"']?"
)
"""A setting, perhaps with its path in a manifest: ``spec.forProvider.permissionsBoundary: ARN``."""


# The option of S3 clients; s5cmd and s3cmd are not the AWS CLI.
_ENCRYPTION_OPTION = regex(r"--(?:sse|server-side-encryption)[ =](?P<value>AES256|aws:kms(?::dsse)?)(?![\w:])")


_SAYS_ENOUGH = 8
"""The minimum length of a key for which a setting of the same name counts as that key.

   Settings with shorter names may mean something else.
"""


def settings_of(outside: str, asked: Collection[str]) -> Keys:
    """Return a service's condition keys whose value the text's settings give: ``encrypted: false`` is ec2:Encrypted.

    Services name such keys after the parameters of their calls (Service Authorization Reference).
    """
    wanted = {
        name: key
        for key in asked
        if len(name := re.sub(r"[^a-z0-9]", "", key.partition(":")[2].lower())) >= _SAYS_ENOUGH
        and not key.lower().startswith("aws:")
        and "/" not in key
        and "." not in key.partition(":")[0]
    }
    found: dict[str, dict[str, str]] = {}
    if (encryption := wanted.get("xamzserversideencryption")) is not None:
        for each in _ENCRYPTION_OPTION.finditer(outside):
            found.setdefault(encryption, {})[each["value"]] = each[0]
    for each in _SETTING.finditer(outside) if wanted else ():
        name = re.sub(r"[^a-z0-9]", "", each["name"].lower())
        if (key := wanted.get(name) or wanted.get(name.removesuffix("arn"))) is not None:
            value = each["value"].lower() if each["value"] in ("True", "False") else each["value"]
            found.setdefault(key, {})[value] = " ".join(each[0].split())
    return {
        key: Sourced((value,), Source.TEMPLATE, said)
        for key, values in found.items()
        if len(values) == 1
        for value, said in values.items()
        if not value.startswith(("var.", "local.", "module."))
    }


def _time_of_the_call(outside: str, pasted: Sequence[PastedPolicy]) -> Keys:
    """Return the time of the call, if the policies test the time; the present if the text shows no time at all."""
    if not any(key.lower() == "aws:currenttime" for key in asked_keys(pasted)):
        return {}
    at = time_of_text(outside)
    if at is None:
        now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        return {"aws:CurrentTime": Sourced((now,), Source.DEFAULT, DEFAULTS["aws:currenttime"])}
    if at.earliest != at.latest:
        return {}
    value = f"{at.earliest:%Y-%m-%dT%H:%M:%SZ}"
    return {"aws:CurrentTime": Sourced((value,), Source.TEXT, "the time in the text")}


def asked_variables(pasted: Sequence[PastedPolicy]) -> list[str]:
    """Return the condition keys that the statements use as policy variables: ``aws:PrincipalTag/team``."""
    text = "\n".join(one.document.text for one in pasted)
    return list(dict.fromkeys(VARIABLES.findall(text)))


def asked_keys(pasted: Sequence[PastedPolicy]) -> list[str]:
    """Return the condition keys of the statements, spelled as in the text."""
    asked = dict.fromkeys(block.key for one in pasted for each in one.document.statements for block in each.conditions)
    asked |= dict.fromkeys(key for one in pasted for each in one.written for _, key, _ in _conditions(each))
    return list(asked)


def _conditions(statement: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    blocks = statement.get("Condition")
    for kind, block in blocks.items() if isinstance(blocks, dict) else ():
        for key, values in block.items() if isinstance(block, dict) else ():
            if operator(str(kind)) is not None and ":" in str(key) and "${" not in str(key):
                yield str(kind), str(key), values


def with_open_conditions(one: PastedPolicy, known: Collection[str]) -> PastedPolicy:
    """Return the policy with the conditions whose values a deployment computes, for keys that are not ``known``.

    Whatever the computed values are, the key may be absent from the request.
    """
    statements = []
    value = one.document.value
    for written, filled in zip(one.written, value["Statement"] if isinstance(value, dict) else (), strict=True):
        conditions = {kind: dict(block) for kind, block in (filled.get("Condition") or {}).items()}
        for kind, key, values in _conditions(written):
            left_out = written.get("Effect") == "Allow" and resource_texts(values) == ["..."]
            if key.lower() not in known and not left_out:
                conditions.setdefault(kind, {}).setdefault(key, [_as_name(each) for each in resource_texts(values)])
        statements.append({**filled, "Condition": conditions} if conditions else filled)
    return replace(one, document=document_of(statements))


def _as_name(value: str) -> str:
    """Return the name of a reference in a form that the engine does not parse as a policy variable."""
    return re.sub(r"\$\{([^}:]*)\}", r"\1", value)


def _simulated(text: str, asked: Collection[str]) -> Keys:
    """Return the values with which a simulation in the text is denied, for keys that the policies test."""
    found: dict[str, Sourced[tuple[str, ...]]] = {}
    for key in asked:
        name = re.escape(key.partition(":")[2])
        refused = re.findall(
            rf"(?<![\w-]){name}[\"']?\s*[=:]\s*[\"']?([\w.:/-]+)[\"']?\s*(?:->|=>|→|:)\s*(?:implicit|explicit)Deny",
            text,
            re.I,
        )
        if len(set(refused)) == 1:
            said = f"the simulation with {refused[0]} is refused"
            found[key] = Sourced((refused[0],), Source.GUESS, said)
    return found


_ROLE_WITH_PATH = regex(r":role/[^\"]*/")


def role_of_session(caller: str, policies: Policies, outside: str) -> dict[str, tuple[str, ...]]:
    """Return the ARN of a session's role, with the role's path if the text ``outside`` the policies shows it.

    The session's ARN does not contain the path. If a path matters and is unknown, the result is unknown too.
    """
    who = request_caller(caller)
    if who.kind is Kind.SESSION and who.name:
        shown = re.findall(
            rf"arn:{who.partition}:iam::{who.account}:role/(?:[\w+=,.@-]+/)*{re.escape(who.name)}(?![\w+=,.@/-])",
            outside,
        )
        if len(set(shown)) == 1:
            return {"aws:PrincipalArn": (shown[0],)}
    documents = [one.document for one in (*policies.identity, policies.resource) if one is not None]
    if who.kind is not Kind.SESSION or any(_ROLE_WITH_PATH.search(document.text) for document in documents):
        return {}
    path = f"aws-reserved/sso.amazonaws.com/{UNKNOWN_REGION}" if (who.name or "").startswith("AWSReservedSSO_") else ""
    return {"aws:PrincipalArn": (f"arn:{who.partition}:iam::{who.account}:role/{path}{who.name}",)}


def claims(values: tuple[tuple[int, int, Any], ...]) -> dict[str, tuple[str, ...]]:
    """Return the condition keys for a token's claims that the text shows decoded."""
    found: dict[str, tuple[str, ...]] = {}
    for *_, value in values:
        if isinstance(value, dict) and isinstance(issuer := value.get("iss"), str) and "sub" in value:
            host = issuer.removeprefix("https://")
            for claim in ("sub", "aud", "amr"):
                if claim in value:
                    had = value[claim]
                    found[f"{host}:{claim}"] = tuple(map(str, had)) if isinstance(had, list) else (str(had),)
    return found
