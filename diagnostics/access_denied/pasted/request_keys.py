"""The condition keys of the denied request, as far as the text shows them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from diagnostics.access_denied.pasted.other_ids import other_ids
from diagnostics.access_denied.pasted.placeholders import resource_texts
from diagnostics.access_denied.pasted.principal_arns import UNKNOWN_REGION
from diagnostics.access_denied.pasted.relevant_policies import PastedPolicy, document_of
from diagnostics.access_denied.request.determined import determined_keys
from diagnostics.access_denied.request.stated_tags import listed_tag, stated_no_tags, stated_tags
from diagnostics.access_denied.request.subject import with_known
from diagnostics.access_denied.request.tag_tables import tabled_tags
from diagnostics.access_denied.request.values import keys_around
from diagnostics.failure import Denial
from diagnostics.text.read.layout.text_time import time_of_text
from iam.arn import account_of
from iam.claims import AskedValues, Keys, Source, Sourced
from iam.facts.service_principals import short_principal
from iam.lazy_pattern import regex
from iam.policy.operators import operator
from iam.policy.principal import Kind
from iam.policy.principal import caller as request_caller
from iam.policy.request import Policies


@dataclass(frozen=True, slots=True)
class Asked(AskedValues):
    """The condition keys that the text gives, as the engine takes them."""

    keys: Keys


def stated_keys(called: Denial, action: str, on: str, outside: str, pasted: Sequence[PastedPolicy]) -> Keys:
    """Return the keys of the call ``called`` on the resource ``on``; ``outside`` is the text without its policies."""
    asked = asked_keys(pasted)
    keys = with_known(keys_around(called), determined_keys(called, action, on, asked))
    for more in (
        _source_of(called.principal or "", on, outside),
        _simulated(outside, asked),
        {**settings_of(outside, asked), **stated_tags(outside, on, called.principal or "")},
        listed_tag(outside, on),
        tabled_tags(outside, asked, on, called.principal or ""),
        stated_no_tags(outside, asked, on),
        stated_ids(called.pasted or called.text, outside, asked),
        other_external_id(outside, pasted),
        left_out_subnet(outside, pasted),
        other_ids(outside, pasted),
        _time_of_the_call(outside, pasted),
    ):
        keys = with_known(keys, more)
    return keys


_ARN = regex(r"arn:[\w-]+:[a-z0-9-]+:[a-z0-9-]*:\d{12}:[^\s\"'\\,;)\]}>]*[\w/*-]|arn:[\w-]+:s3:::[a-z0-9.-]+[a-z0-9]")


def _source_of(caller: str, on: str, outside: str) -> Keys:
    """Return what a service calls for: the only resource of the service that the text names outside its policies."""
    if request_caller(caller).kind is not Kind.SERVICE:
        return {}
    own = short_principal(caller).rpartition(".")[2]
    named = {each for each in _ARN.findall(outside) if each.split(":")[2] == own and each != on}
    if len(named) != 1:
        return {}
    arn = named.pop()
    keys: dict[str, Sourced[tuple[str, ...]]] = {"aws:SourceArn": Sourced((arn,), Source.TEXT, arn)}
    if account := account_of(arn):
        keys["aws:SourceAccount"] = Sourced((account,), Source.TEXT, arn)
    return keys


_SETTING = regex(
    r"(?<![\w.-])[\"']?(?P<name>[A-Za-z][\w-]{2,60})[\"']?[ \t]*[:=](?!=)[ \t]*[\"']?(?P<value>[\w./:*-]{1,200})[\"']?"
)


# The option of S3's clients, of which s5cmd and s3cmd are no AWS CLI.
_ENCRYPTION_OPTION = regex(r"--(?:sse|server-side-encryption)[ =](?P<value>AES256|aws:kms(?::dsse)?)(?![\w:])")


_SAYS_ENOUGH = 8
"""The fewest letters of a key's name that a setting may share: shorter names have other meanings, too."""


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
        if (key := wanted.get(re.sub(r"[^a-z0-9]", "", each["name"].lower()))) is not None:
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
    """Return the time of the call by the text, if the policies ask for it and the text has it with its time zone."""
    if not any(key.lower() == "aws:currenttime" for key in asked_keys(pasted)):
        return {}
    at = time_of_text(outside)
    if at is None or at.earliest != at.latest:
        return {}
    value = f"{at.earliest:%Y-%m-%dT%H:%M:%SZ}"
    return {"aws:CurrentTime": Sourced((value,), Source.TEXT, "the time in the text")}


_EXTERNAL_ID_STATED = regex(
    r"(?<![A-Za-z])external[ _-]?id\b(?![\"'])"
    r"(?:[ \t]+(?:is[ \t]+)?[\"'`]?(?=\w[^\s=]*[=\d]\S*[ \t]*$)"  # a column, or the last word of the line
    r"|[^\n:={}|]{0,30}(?::|(?<=id)=|(?<!\w)=|\|(?:[ \t]*String[ \t]*\|)?)[ \t]*[\"'`]?)"
    r"(?P<value>[\w+=,.@:/-]{4,})",
    re.IGNORECASE | re.MULTILINE,
)


def other_external_id(outside: str, pasted: Sequence[PastedPolicy]) -> Keys:
    """Return the external ID that the text tells beside the policies, if they ask for another one."""
    stated = {each["value"].rstrip(".,:"): each[0] for each in _EXTERNAL_ID_STATED.finditer(outside)}
    wanted = {
        value
        for one in pasted
        for each in one.document.statements
        for block in each.conditions
        if block.key.lower() == "sts:externalid"
        for value in block.values
    }
    if len(stated) != 1 or not wanted or wanted & set(stated):
        return {}
    ((value, said),) = stated.items()
    return {"sts:ExternalId": Sourced((value,), Source.TEMPLATE, " ".join(said.split()))}


_IDS = {
    "aws:sourcevpce": regex(r"(?<![\w-])vpce-[0-9a-f]{8,17}(?![\w-])"),
    "aws:sourcevpc": regex(r"(?<![\w-])vpc-[0-9a-f]{8,17}(?![\w-])"),
    "aws:principalorgid": regex(r"(?<![\w-])o-[a-z0-9]{10,32}(?![\w-])"),
}
"""The forms of the IDs that these keys have: IAM User Guide, "AWS global condition context keys"
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
"""


_NOT_OF_TODAY = regex(
    r"\b(?:old|other|another|previous\w*|former\w*|deleted|removed|was|were|should|must|want\w*|need\w*|not|no|add\w*)\b|n['’]t\b",
    re.IGNORECASE,
)


def stated_ids(text: str, outside: str, asked: Collection[str]) -> Keys:
    """Return the keys whose value the text names beside its policies: ``our organization is o-…``.

    Only an ID that no policy of the text has counts: whether a call goes through the endpoint that a policy names is
    unknown even where the text names it.
    """
    found: Keys = {}
    for key in asked:
        ids = _IDS.get(key.lower())
        if ids is None:
            continue
        places = {each[0]: each.start() for each in ids.finditer(outside)}
        if len(places) != 1 or not {each[0] for each in ids.finditer(text)} > set(places):
            continue
        ((one, at),) = places.items()
        line = outside[outside.rfind("\n", 0, at) + 1 :].partition("\n")[0]
        begin = max(line.rfind(mark, 0, line.find(one)) for mark in (", ", "; ", ". "))
        if not _NOT_OF_TODAY.search(line[max(begin, 0) :]):
            found = {**found, key: Sourced((one,), Source.TEXT, one)}
    return found


_SUBNET = regex(r"(?<![\w-])subnet-[0-9a-f]{6,17}(?![\w-])")


def left_out_subnet(outside: str, pasted: Sequence[PastedPolicy]) -> Keys:
    """Return the only subnet in the text that a condition on subnets lacks: most likely the refused call's.

    Service Authorization Reference, "Condition keys for Amazon EC2", ec2:Subnet
    (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html).
    """
    wanted = {
        block.key: block.values
        for one in pasted
        for each in one.document.statements
        for block in each.conditions
        if block.key.lower() == "ec2:subnet"
    }
    used = set(_SUBNET.findall(outside))
    found: dict[str, Sourced[tuple[str, ...]]] = {}
    for key, values in wanted.items():
        named = {id for each in values for id in _SUBNET.findall(each.rpartition("/")[2])}
        if named & used and len(used - named) == 1:
            (other,) = used - named
            value = f"{values[0].rpartition('/')[0]}/{other}".lstrip("/")
            found[key] = Sourced((value,), Source.TEXT, f"the text also uses {other}, which the condition lacks")
    return found


def asked_keys(pasted: Sequence[PastedPolicy]) -> list[str]:
    """The condition keys of the statements, as the text has them."""
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
    """The policy with its conditions whose values a deployment computes, too, if the request's value is unknown.

    Whatever the computed values are, the request may not have the key.
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
    """The name of a reference, which the engine does not take for a policy variable."""
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
    """Return the ARN of a session's role, with the path that the text ``outside`` the policies has for it.

    The session's ARN gives it without the path: unknown if a path matters.
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
    """The condition keys of a token whose claims the text shows decoded."""
    found: dict[str, tuple[str, ...]] = {}
    for *_, value in values:
        if isinstance(value, dict) and isinstance(issuer := value.get("iss"), str) and "sub" in value:
            host = issuer.removeprefix("https://")
            for claim in ("sub", "aud", "amr"):
                if claim in value:
                    had = value[claim]
                    found[f"{host}:{claim}"] = tuple(map(str, had)) if isinstance(had, list) else (str(had),)
    return found
