"""Values of the denied request that the text names, such as IDs, a sign-in endpoint or an HTTP method."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.failure import Denial
from diagnostics.text.read.identities.external_id import block_without_external_id
from diagnostics.text.read.printed_values import printed_values
from iam.claims import Keys, Source, Sourced
from iam.lazy_pattern import regex
from iam.policy.statements import ConditionBlock
from iam.service_reference import services


def conditions_on(key: str, pasted: Sequence[PastedPolicy]) -> Iterator[ConditionBlock]:
    """Yield the conditions of the policies that test the key. The key is in lower case."""
    for one in pasted:
        for each in one.document.statements:
            yield from (block for block in each.conditions if block.key.lower() == key)


_EXTERNAL_ID_STATED = regex(
    r"(?<![A-Za-z])external[ _-]?id\b(?![\"'])"
    r"(?:[ \t]+(?:is[ \t]+|String[ \t]+)?[\"'`]?(?=\w[^\s=]*[=\d]\S*[ \t]*$)"  # a column, or the last word of the line
    r"|[^\n:={}|]{0,30}(?::|(?<=id)=|(?<!\w)=|\|(?:[ \t]*String[ \t]*\|)?)[ \t]*[\"'`]?)"
    r"(?P<value>[\w+=,.@:/-]{4,})",
    re.IGNORECASE | re.MULTILINE,
)


# New Relic sends the ID of the customer's account there as the external ID (New Relic, "Connect AWS to New Relic",
# https://docs.newrelic.com/docs/infrastructure/amazon-integrations/connect/connect-aws-new-relic-infrastructure-monitoring/).
_VENDORS_ACCOUNT = regex(
    r"\bNew ?Relic[^\n]{0,20}?\baccount(?: ?ID)?\b[\"'`]?[ \t]*(?:[:=]|is|#)[ \t]*[\"'`]?(?P<value>\d{4,10})(?!\d)",
    re.IGNORECASE,
)


_PRINTED_BY_SNOWFLAKE = regex(r"_AWS_EXTERNAL_ID\b")
"""The field of DESC INTEGRATION with the external ID that Snowflake sends."""


def other_external_id(outside: str, pasted: Sequence[PastedPolicy]) -> Keys:
    """Return the external ID that the text states outside its policies, if the policies require a different one.

    Also if they require this one, if the output of a program shows that it is sent.
    """
    found = list(_EXTERNAL_ID_STATED.finditer(outside)) or list(_VENDORS_ACCOUNT.finditer(outside))
    stated = {each["value"].rstrip(".,:"): each[0] for each in found}
    wanted = {value for block in conditions_on("sts:externalid", pasted) for value in block.values}
    if len(stated) != 1 or not wanted:
        return {}
    ((value, said),) = stated.items()
    if value in wanted and not _PRINTED_BY_SNOWFLAKE.search(outside):
        return {}
    return {"sts:ExternalId": Sourced((value,), Source.TEMPLATE, " ".join(said.split()))}


def no_external_id(called: Denial, outside: str, pasted: Sequence[PastedPolicy]) -> Keys:
    """Return the external ID as absent if the policies test it and the text's block or profile does not send one."""
    if not any(True for _ in conditions_on("sts:externalid", pasted)):
        return {}
    said = block_without_external_id(outside, called.resource or "")
    return {"sts:ExternalId": Sourced((), Source.TEMPLATE, f"{said} has no external_id")} if said else {}


_ENDPOINT = regex(r"(?<![\w-])vpce-[0-9a-f]{8,17}(?![\w-])")
_IDS = {
    "aws:sourcevpce": _ENDPOINT,
    "aws:sourcevpc": regex(r"(?<![\w-])vpc-[0-9a-f]{8,17}(?![\w-])"),
    "aws:principalorgid": regex(r"(?<![\w-])o-[a-z0-9]{10,32}(?![\w-])"),
}
"""The forms of the IDs that these keys contain.

IAM User Guide, "AWS global condition context keys"
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
"""


_NOT_OF_TODAY = regex(
    r"\b(?:old|other|another|previous\w*|former\w*|deleted|removed|was|were|should|must|want\w*|need\w*|not|no|add\w*)\b|n['’]t\b",
    re.IGNORECASE,
)


_ENDPOINT_OF = regex(
    r"^(?P<line>[^\n]*\bvpce-[0-9a-f]{8,17}\b[^\n]*(?:\n\s*\"(?!VpcEndpointId)[^\n]*){0,6})$", re.MULTILINE
)
_SERVICE_OF_ENDPOINT = regex(r"\bcom\.amazonaws\.[a-z0-9-]+\.(?P<service>[a-z0-9-]+)")


def _without_endpoints_of_others(outside: str, action: str) -> str:
    """Return the text without the listed VPC endpoints of services other than the action's.

    AWS PrivateLink Guide, "AWS services that integrate with AWS PrivateLink": the names of their endpoints
    (https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html).
    """

    def kept(found: re.Match[str]) -> str:
        named = _SERVICE_OF_ENDPOINT.search(found["line"])
        other = named is not None and named["service"] in services() and named["service"] != action.partition(":")[0]
        return "" if other else found["line"]

    return _ENDPOINT_OF.sub(kept, outside)


def stated_ids(text: str, outside: str, asked: Collection[str], action: str = "") -> Keys:
    """Return the keys with a value that the text names outside its policies: ``our organization is o-…``.

    An ID that is also in one of the text's policies does not count, because it is unknown whether a call goes through
    the endpoint that a policy names. IDs that a command printed take precedence, because they exist. A VPC endpoint for
    a service other than ``action``'s is not the call's endpoint.
    """
    found: Keys = {}
    others_of_text: set[str] = set()
    if action and "com.amazonaws." in outside:
        own = _without_endpoints_of_others(outside, action.lower())
        others_of_text = set(_ENDPOINT.findall(outside)) - set(_ENDPOINT.findall(own))
        outside = own
    for key in asked:
        ids = _IDS.get(key.lower())
        if ids is None:
            continue
        if printed := {each for each in printed_values(outside) if ids.fullmatch(each)}:
            (one, *others) = printed
            if not others and text.count(one) == outside.count(one):
                found = {**found, key: Sourced((one,), Source.TEXT, one)}
            continue
        places = {each[0]: each.start() for each in ids.finditer(outside)}
        if len(places) != 1 or not {each[0] for each in ids.finditer(text)} - others_of_text > set(places):
            continue
        ((one, at),) = places.items()
        line = outside[outside.rfind("\n", 0, at) + 1 :].partition("\n")[0]
        begin = max(line.rfind(mark, 0, line.find(one)) for mark in (", ", "; ", ". "))
        if not _NOT_OF_TODAY.search(line[max(begin, 0) :]):
            found = {**found, key: Sourced((one,), Source.TEXT, one)}
    return found


_SUBNET = regex(r"(?<![\w-])subnet-[0-9a-f]{6,17}(?![\w-])")


def left_out_subnet(outside: str, pasted: Sequence[PastedPolicy]) -> Keys:
    """Return the only subnet in the text that a condition does not list, most likely the refused call's.

    Service Authorization Reference, "Condition keys for Amazon EC2", ec2:Subnet
    (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html).
    """
    wanted = {block.key: block.values for block in conditions_on("ec2:subnet", pasted)}
    used = set(_SUBNET.findall(outside))
    found: dict[str, Sourced[tuple[str, ...]]] = {}
    for key, values in wanted.items():
        named = {id for each in values for id in _SUBNET.findall(each.rpartition("/")[2])}
        if named & used and len(used - named) == 1:
            (other,) = used - named
            value = f"{values[0].rpartition('/')[0]}/{other}".lstrip("/")
            found[key] = Sourced((value,), Source.TEXT, f"the text also uses {other}, which the condition lacks")
    return found


_THING = regex(
    r"(?:(?:--thing-name[ =]|\b(?:list-thing-principals|describe-thing)[ \t]+(?!-))[\"']?(?=\w)"
    r"|\bthing[-_ ]?name[\"']?[ \t]*(?:[:=]|is\b)?[ \t]*(?=[\"'`]|[\w:-]*\d)[\"'`]?"
    r"|^[ \t]*(?:iot[-_ ])?thing[ \t]*[:=][ \t]*[\"'`]?(?=[\w:-]+[\"'`]?[ \t]*(?:$|[(,;])))(?P<name>[\w:-]+)",
    re.IGNORECASE | re.MULTILINE,
)


def thing_named(text: str) -> str:
    """Return the only AWS IoT thing that the text names; "" if it names none, or several."""
    named = {each["name"] for each in _THING.finditer(text)} | {*printed_values(text, "things", "thingName")}
    return named.pop() if len(named) == 1 else ""


def thing_of(outside: str, named: Collection[str]) -> Keys:
    """Return the name of the thing that connects: the only thing in the text, if the policies use it as a variable.

    AWS IoT Core Developer Guide, "Thing policy variables"
    (https://docs.aws.amazon.com/iot/latest/developerguide/thing-policy-variables.html).
    """
    asked = next((each for each in named if each.lower() == "iot:connection.thing.thingname"), "")
    thing = thing_named(outside) if asked else ""
    return {asked: Sourced((thing,), Source.TEXT, f"thing name {thing}")} if thing else {}


_RECIPIENT = regex(r"\bRecipient[\"']?\s*[=:]\s*[\"']?(?P<value>https://[^\s\"'<>,;]+)", re.IGNORECASE)
_METHOD = regex(
    r"\bcurl\b[^\n]*?(?:-X|--request)[ =]?[\"']?(?P<curl>[A-Z]{3,7})\b"
    r"|(?<![\w/])(?P<log>GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) /[^\s\"]* HTTP/\d"
)
_FROM = regex(
    r"(?:(?<![\w:-])from[-_]?(?:email)?[-_]?(?:address)?[\"']?[ \t]*[:=]|(?<![\w-])--from(?:-email-address)?[ =]"
    r"|(?<![\w:-])Source[\"']?[ \t]*[:=])"
    r"[ \t]*[\"']?(?:[^\"'<>\n@]{0,60}<)?(?P<value>[\w.+-]+@[\w.-]*\w)",
    re.IGNORECASE,
)
_OF_THE_TEXT = (("saml:aud", _RECIPIENT), ("vpc-lattice-svcs:requestmethod", _METHOD), ("ses:fromaddress", _FROM))
"""Condition keys, each with the pattern that finds its value in the text."""


def sent_values(outside: str, asked: Collection[str]) -> Keys:
    """Return the recipient of a SAML assertion, an HTTP method, or the sender of a mail, if the text contains it.

    IAM User Guide, "Available keys for SAML-based AWS STS federation", saml:aud
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-saml);
    Amazon VPC Lattice User Guide, "Auth policies", condition keys
    (https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html); Amazon SES Developer Guide, "Identity and
    access management in Amazon SES", ses:FromAddress
    (https://docs.aws.amazon.com/ses/latest/dg/control-user-access.html).
    """
    found: Keys = {}
    for key, pattern in _OF_THE_TEXT:
        name = next((each for each in asked if each.lower() == key), "")
        values = {next(filter(None, each.groups())): each[0] for each in pattern.finditer(outside)} if name else {}
        for value, said in values.items() if len(values) == 1 else ():
            found = {**found, name: Sourced((value,), Source.TEXT, " ".join(said.split()))}
    return found
