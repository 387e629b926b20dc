"""Explain why AWS IoT refuses a device, from the IoT policy and the attachments that a text shows."""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.request_ids import thing_named
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.text.read.forms.device_logs import principal_of_entry
from diagnostics.who import Who
from diagnostics.words import DEVICE_CODES, THING_VARIABLES
from iam.lazy_pattern import regex
from iam.policy.decision import Fault

# AWS IoT Core Developer Guide, "Thing policy variables"
# (https://docs.aws.amazon.com/iot/latest/developerguide/thing-policy-variables.html).
_THE_THING = "the thing"
_OF_THE_THING = regex(r"\biot:Connection\.Thing\.\w+")
_NOTHING_ATTACHED = regex(r"[\"']?\b(?:principals|things)[\"']?\s*:\s*\[\s*\]")
# AWS IoT API Reference, "ListThingPrincipals": the certificates attached to a thing
# (https://docs.aws.amazon.com/iot/latest/apireference/API_ListThingPrincipals.html).
_ATTACHED = regex(r"\blist-thing-principals\b(?P<answer>[^\n]*(?:\n(?![^\n]*\b(?:list|describe|get)-)[^\n]*){0,6})")
_CERTIFICATE = regex(r"\bcert/(?P<id>[0-9a-f]{4,64})")


def of_a_device(denial: Denial) -> Finding | None:
    """Return a finding if the policy requires a thing to which the device's certificate is not attached; else None."""
    text = denial.pasted or denial.text
    variable = _OF_THE_THING.search(text)
    if denial.code not in DEVICE_CODES or variable is None:
        return None
    thing = thing_named(text)
    client = (denial.resource or "").rpartition("/")[2] if denial.action == "iot:Connect" else ""
    name = thing or client or "THING"
    attach = f"aws iot attach-thing-principal --thing-name {name} --principal CERTIFICATE-ARN, then connect again."
    if _NOTHING_ATTACHED.search(text) or _is_another_attached(text):
        none = "no certificate is" if _NOTHING_ATTACHED.search(text) else "the certificate of this connection is not"
        said = f"{none} attached to the thing {name}, but the IoT policy uses {variable[0]}"
        then = "Without the attachment the variables of the thing have no value, so the request is not authorized."
        fix = Fix("Attach the certificate to the thing", Who.RESOURCE_OWNER, Note(_THE_THING, attach))
        return Finding(f"identity.{Fault.CONDITION_UNMET.value}", said, f"In the text, {said}. {then}", fix=fix)
    return None


# AWS IoT API Reference, "ListPrincipalThings"
# (https://docs.aws.amazon.com/iot/latest/apireference/API_ListPrincipalThings.html).
_THINGS = regex(r"\blist-principal-things\b[^\n]*?(?:->|=>)[ \t\"]*(?P<thing>[\w:-]{1,128})[ \t\"]*$", re.MULTILINE)


def _of_the_certificate(text: str) -> str:
    """Return the IoT thing to which the certificate is attached, from a command's output; "" if the text shows none."""
    found = _THINGS.search(text)
    return found["thing"] if found is not None else ""


def _is_another_attached(text: str) -> bool:
    """Return whether the text lists the thing's certificates and the one in the log entry is not among them."""
    own, shown = principal_of_entry(text), _ATTACHED.search(text)
    attached = _CERTIFICATE.findall(shown["answer"]) if shown else []
    return bool(own and attached) and not any(each.startswith(own) or own.startswith(each) for each in attached)


_TOPIC_OF_THE_THING = regex(r":topic(?:filter)?/[^\s\"']*\$\{iot:Connection\.Thing\.ThingName\}")


def _in_topics(text: str, client: str, thing: str) -> str:
    """Return what to change in the device's topics, if the policy's topics contain the thing's name; else ""."""
    named = _TOPIC_OF_THE_THING.search(text)
    if named is None:
        return ""
    segments = rf"(?<![\w:/.-])(?:[\w.$+-]+/)+{re.escape(client)}(?:/[\w.+#-]*\w)*(?![\w/-])"
    used = re.search(segments, text)
    if used is None:
        return " Use it in the topics as well: the policy's topics contain the thing's name."
    right = "/".join(thing if each == client else each for each in used[0].split("/"))
    return f" Use it in the topic as well, {right} and not {used[0]}: the policy's topics contain the thing's name."


def with_the_device(finding: Finding, denial: Denial) -> Finding:
    """Return the finding about a device's request, with a note that an IoT policy decides, not an IAM policy."""
    if denial.code not in DEVICE_CODES or finding.code is None:
        return finding
    sentence = finding.sentence.replace("The policy in the text", "The IoT policy in the text", 1)
    kind = "The AWS IoT policy of the device's certificate decides, not an IAM policy."
    text = denial.pasted or denial.text
    if finding.code.endswith(Fault.UNRESOLVED_VARIABLE.value) and _OF_THE_THING.search(text):
        kind += f" Variables of the thing {THING_VARIABLES}: aws iot list-thing-principals --thing-name THING."
    fix = finding.fix
    thing, client = thing_named(text), (denial.resource or "").partition(":client/")[2]
    thing = thing or (_of_the_certificate(text) if client else "")
    named = finding.code.endswith((Fault.RESOURCE_MISMATCH.value, Fault.UNRESOLVED_VARIABLE.value))
    if named and thing and client and thing != client and _OF_THE_THING.search(text):
        kind += f" The device connects as {client}, but the text names the thing {thing}: compare the two names first."
        topics = _in_topics(text, client, thing)
        how = (
            f"The IoT policy accepts only the thing's name, {thing}, as the client ID.{topics} No policy has to change."
        )
        fix = Fix(f"Connect with the client ID {thing}, not {client}", Who.CALLER, Note(_THE_THING, how))
    if fix is not None and isinstance(fix.change, Note) and fix.change.target != _THE_THING:
        change = f"{fix.change.text} Make it a new default version of the IoT policy (aws iot create-policy-version)."
        fix = replace(fix, who=Who.RESOURCE_OWNER, change=replace(fix.change, text=change, target="the IoT policy"))
    return replace(finding, sentence=f"{sentence} {kind}", fix=fix)
