"""Compare the denied resource with a list of ARNs in a program's settings.

The program makes its policy from the list.
"""

from __future__ import annotations

import re

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.policy.decision import Fault
from iam.policy.match import resource_matcher
from iam.service_reference import action as known_action
from iam.words import listing

_ARN = r"arn:[\w-]+:[a-z0-9-]+:[\w*-]*:[\d*]*:[^\s\"'`,\]\[(){}<>]+"
_LIST = regex(
    rf"(?<![\w.-])(?P<name>[a-zA-Z][\w.-]{{2,60}}(?:_arns|-arns|Arns|ARNs))[\"']?[ \t]*(?:=|:)[ \t]*\[?[ \t]*\n?"
    rf"(?P<arns>(?:[ \t]*\[?[ \t]*(?:-[ \t]+)?[\"'`]?{_ARN}[\"'`]?,?[ \t]*\n?)+)"
)


def of_a_list_of_arns(denial: Denial) -> Finding | None:
    """Return a finding if a list names resources of the denied resource's type, but not that resource; else None.

    Modules and charts make their policies from such lists. An example is external_dns_hosted_zone_arns of Terraform's
    iam-role-for-service-accounts
    (https://github.com/terraform-aws-modules/terraform-aws-iam/tree/master/modules/iam-role-for-service-accounts).
    """
    asked, action = denial.resource or "", denial.action or denial.missing_action or ""
    known = known_action(action)
    kind = next((each for each in known.resource_types if each.fits(asked)), None) if known is not None else None
    of_identities = action.lower().startswith(("iam:", "sts:"))
    if asked == "*" or kind is None or of_identities or denial.stated_reason not in (None, "implicit:identity"):
        return None
    found: dict[str, list[str]] = {}
    for each in _LIST.finditer(denial.pasted or denial.text):
        arns = [one.rstrip(".:") for one in re.findall(_ARN, each["arns"])]
        if all(map(kind.fits, arns)):
            found.setdefault(each["name"], []).extend(arns)
    covered = any(resource_matcher(one)(asked) for arns in found.values() for one in arns)
    if len(found) != 1 or covered:
        return None
    ((name, arns),) = found.items()
    said = f"the setting {name} names {listing(arns)}, but the call is for {asked}"
    change = (
        f"If the program should reach {asked}, add it to {name} and apply the change. Otherwise correct the call's "
        "target."
    )
    fix = Fix(f"Add the ARN to {name}", Who.ACCOUNT_ADMIN, Note("the settings in the text", change))
    sentence = f"In the text, {said}: most likely the policy is made from that list. If so, add the ARN to the list."
    return Finding(f"identity.{Fault.RESOURCE_MISMATCH.value}", said, sentence, fix=fix)
