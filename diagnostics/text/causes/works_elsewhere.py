"""Derive a cause from the difference between what, according to the text, works and what fails."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains, quoted
from diagnostics.text.read.author.difference import Difference
from diagnostics.text.read.messages.additions_to_message import differences
from diagnostics.text.read.resources.set_regions import set_regions
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.regions import A_REGION, REGION_NAME, region_places

if TYPE_CHECKING:
    from diagnostics.failure import Denial
    from diagnostics.text.read.author.contrasts import Contrast

_CAUSES: dict[Difference, tuple[str, str | None, Who]] = {
    Difference.NEWER: (
        "The failure began with a newer version, which may make calls that the older version did not make. Compare "
        "the role's policy with the one in the newer version's documentation, or use the older version until then.",
        None,
        Who.ACCOUNT_ADMIN,
    ),
    Difference.AGAIN: (
        "The operation succeeds when it is run again: the call was made before its permission existed. Make the call "
        "wait for whatever grants the permission: DependsOn in CloudFormation, node.addDependency in the CDK, "
        "depends_on in Terraform, needs in a workflow. New policies also take a few seconds to take effect.",
        None,
        Who.CALLER,
    ),
    # AWS SDKs and Tools Reference Guide, "Assume role credential provider" and "Settings reference"
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html).
    Difference.BY_HAND: (
        "By hand, the command works in the same place: most likely the process that fails has other credentials, "
        "because its environment lacks what the shell has (AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE of a pod's "
        "role, AWS_PROFILE, HOME). Compare both environments, and pass the missing variables to the process, before "
        "any policy is changed.",
        "env | grep ^AWS_ | cut -d= -f1",
        Who.CALLER,
    ),
}


def of_difference(
    text: str, *, among: tuple[Difference, ...] = tuple(_CAUSES), denied: bool = True
) -> FirstLook | None:
    """Return the cause that the most specific difference suggests; None if the text does not say that something works.

    ``among`` are the differences to consider. ``denied``: the failure is a denial, which a permission can resolve.
    """
    found = next((each for each in differences(text) if each.difference in among), None)
    if found is not None and found.difference is Difference.AGAIN and not denied:
        return FirstLook(_NOT_KNOWN_YET, contains(found.works), None, Who.CALLER)
    return None if found is None else _cause(found, text)


def of_newer_version(text: str) -> FirstLook | None:
    """Return the cause for an error that is not a denial and began with a version that the text names; else None."""
    found = next((each for each in differences(text) if each.difference is Difference.NEWER), None)
    if found is None or not _VERSION.search(found.works):
        return None
    if _LINTER.search(text):
        return FirstLook(
            "A newer version of a linter has more rules, so its finding may be right although nothing changed: "
            "correct the reported problem, or look the rule up before you turn the rule off.",
            contains(found.works),
            None,
            Who.CALLER,
        )
    return FirstLook(
        "The failure began with a newer version: most likely that version has a fault, or looks for its settings "
        "elsewhere. Look for the message in its release notes and issues, and pin the previous version until a "
        "corrected one exists. No permission is known to be missing.",
        contains(found.works),
        None,
        Who.CALLER,
    )


_LINTER = regex(
    r"\blint(?:s|er|ers|ed|ing)?\b|\b(?:cfn-(?:lint|guard|nag)|tflint|checkov|parliament|kics|trivy|tfsec|cdk-nag|semgrep)\b",
    re.IGNORECASE,
)
_VERSION = regex(r"\bv?\d{1,3}\.\d{1,4}")


def of_unsent(text: str) -> FirstLook | None:
    """Return the cause for an error that, as the text says, began with a newer version of the program; else None.

    The newer version makes the call, or sets a value, that the older one did not.
    """
    found = next((each for each in differences(text) if each.difference is Difference.NEWER), None)
    if found is None:
        return None
    return FirstLook(
        "The failure began with a newer version, which makes this call or sets this value differently. Set the value, "
        "or go back to the previous version until this is corrected.",
        contains(found.works),
        None,
        Who.CALLER,
    )


def of_version(text: str) -> FirstLook | None:
    """Return the cause for an error that is not a denial, if the author names a version that works; else None."""
    found = next((each for each in differences(text) if each.difference is Difference.VERSION and each.name), None)
    if found is None:
        return None
    return FirstLook(
        f"The call works with {found.name}, so the version in use has a fault, or makes this call differently. Go back "
        f"to {found.name} (pin it), and look in the program's issues for this message. No permission is known to be "
        "missing.",
        contains(found.works),
        None,
        Who.CALLER,
    )


_ORDERED = r"\b(?:addDependency|add_dependency|DependsOn|depends_on|dependsOn)\b"
# IAM User Guide, "Changes that I make are not always immediately visible"
# (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency).
_ORDER_IS_NOT_ENOUGH = (
    "The operation succeeds when it is run again. The template or code already creates the policy first, but a new "
    "policy takes a few seconds to take effect, and a dependency does not wait for this. Create the role and its "
    "policy in an earlier deployment, wait before the call, or retry the call. No further permission is missing."
)


_WITH_ITS_POLICY = regex(
    r"\b(?:polic(?:y|ies)|permissions|grants?)\b[^.\n]{0,90}"
    r"\b(?:in|of|within|by|from) the same (?:CDK |CloudFormation |terraform )?"
    r"(?:stack|template|apply|deployment|run|module)\b"
    r"|\bsame (?:CDK |CloudFormation |terraform )?(?:stack|template|apply|deployment|run)\b"
    r"[^.,\n]{0,60}\bpolic(?:y|ies)\b",
    re.IGNORECASE,
)
_NOT_ONLY_FIRST = regex(
    r"\b(?:every|each|second|next) (?:time|deploy\w*|run|apply|attempt)\b"
    r"|\b(?:fails?|failed|denied) (?:again|too|as well)\b"
    r"|\bretr(?:y|ied|ies)\b|\bno longer\b",
    re.IGNORECASE,
)


def of_same_deployment(text: str) -> FirstLook | None:
    """Return the order of creation as the cause, if one deployment creates both the caller and its policy; else None.

    AWS CloudFormation Template Reference, "DependsOn attribute": resources are created in parallel where none depends
    on another (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html).
    """
    said = _WITH_ITS_POLICY.search(text)
    if said is None or quoted(text, _ORDERED) or _NOT_ONLY_FIRST.search(text):
        return None
    return FirstLook(
        "The call may come before its policy is attached, because one deployment creates both: make the resource "
        "depend on the policy (DependsOn in CloudFormation, node.addDependency in the CDK, depends_on in Terraform).",
        contains(" ".join(said[0].split())[:96]),
        None,
        Who.CALLER,
    )


_NOT_KNOWN_YET = (
    "The operation succeeds when it is run again: most likely the resource that the call names was created a moment "
    "before, and is not visible everywhere yet. Wait a few seconds before the call, or retry it: an order of "
    "creation (depends_on, DependsOn) does not wait long enough. No permission is known to be missing."
)


def _cause(found: Contrast, text: str) -> FirstLook:
    cause, check, who = _CAUSES[found.difference]
    if found.difference is Difference.AGAIN and (ordered := quoted(text, _ORDERED)):
        return FirstLook(_ORDER_IS_NOT_ENOUGH, contains(found.works, ordered), check, who)
    if found.difference is Difference.NEWER and _works_in_the_cli(text):
        return FirstLook(_SENT_DIFFERENTLY, contains(found.works), None, Who.CALLER)
    return FirstLook(cause, contains(found.works), check, who)


_SENT_DIFFERENTLY = (
    "The failure began with a newer version, and a call of the AWS CLI in the text works: most likely the newer "
    "version signs or sends the call in another way. Use the older version, and look in the program's issues. No "
    "permission is known to be missing."
)


def _works_in_the_cli(text: str) -> bool:
    """Return whether the text shows the result of a command of the AWS CLI that does more than name the caller."""
    from diagnostics.text.read.printed_values import outputs  # few texts name a newer version

    return any(
        not made.error and made.fields and made.service not in ("sts", "iam", "configure") for made in outputs(text)
    )


_OK = (
    r"(?:ok|okay|works|worked|fine|succeeds?|succeeded|went through|ging|geht|klappt|l[aä]uft|funktioniert\w*|marche"
    r"|fonctionne|passait|funciona(?:ba)?)"
)
_PLACE = rf"{REGION_NAME}|[A-Z][\w. ]{{2,13}}?"
_WORKS_IN = regex(
    rf"\bin (?:the )?(?P<before>{_PLACE})\b[^.;\n]{{0,20}}\b{_OK}\b"
    rf"|\b{_OK}\b[^.;\n]{{0,12}}\b(?:in (?:the )?|with --region[ =])(?P<behind>{_PLACE})\b"
    rf"|\b(?:home|main|other|default)[ -]region (?P<named>{REGION_NAME})\b[^.;\n]{{0,12}}\b{_OK}\b",
    re.IGNORECASE,
)
_WORKS_NOT = regex(r"n't\b|\bnot?\b|\bnever\b|\?", re.IGNORECASE)
_OF_THE_CALL = regex(
    r"(?:^|[.;,(!])\s*$|\b(?:same|it|this|(?:call|command|cmd)s?)\b[^.;\n]{0,20}$", re.IGNORECASE | re.MULTILINE
)
"""Words before a Region which show that the text speaks of the denied call, and not of another call."""
_OF_ANOTHER = regex(
    r"\b(?:other|another|different|second|old|new) (?:AWS )?(?:account|user|role|profile|team)\b|\baccount \d{12}\b",
    re.IGNORECASE,
)
"""Words after a Region which show that more than the Region differs."""


@dataclass(frozen=True, slots=True)
class RegionThatWorks:
    """The Region in which, as the author says (``said``), the call works, and the Region of the refused resource."""

    name: str
    refused: str
    said: str


def region_that_works(denial: Denial) -> RegionThatWorks | None:
    """Return the other Region in which the text says that the refused call works; None if it names none."""
    text = denial.text
    found = next((each for each in _WORKS_IN.finditer(text) if _region(each)), None)
    if found is None:
        return None
    refused = "".join((denial.resource or "").split(":")[3:4]) or _called(text, _region(found))
    if (
        not A_REGION.fullmatch(refused)
        or _WORKS_NOT.search(text[max(0, found.start() - 12) : found.end() + 2])
        or not _OF_THE_CALL.search(text[max(0, found.start() - 40) : found.start()])
        or _OF_ANOTHER.search(text[found.end() : found.end() + 60].partition("\n")[0])
    ):
        return None
    works = _region(found)
    return RegionThatWorks(works, refused, found[0]) if works != refused else None


_CONSOLE = regex(r"\b[Rr]egion:? \(?(?P<place>[A-Z][\w. ]{2,13}?)\)?(?=[:,;)\n]|$)", re.MULTILINE)


def _called(text: str, works: str) -> str:
    """Return the Region of a refused call whose resource has none: the only one set, or the console's; else "".

    ``works`` is the Region in which the call works.
    """
    chosen = {each.region for each in set_regions(text)} - {works}
    shown = {region_places().get(each["place"], "") for each in _CONSOLE.finditer(text)} - {"", works}
    for found in (chosen, shown):
        if len(found) == 1:
            return found.pop()
    return ""


def _region(found: re.Match[str]) -> str:
    """Return the Region that a text names, also by its place ("Frankfurt"); "" if the words name none."""
    said = found["before"] or found["behind"] or found["named"]
    return said if A_REGION.fullmatch(said) else region_places().get(said, "")


def of_region(denial: Denial) -> FirstLook | None:
    """Return the cause for a call that no policy allows in one Region, but that works in another; else None.

    IAM User Guide, "AWS global condition context keys", aws:RequestedRegion
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
    """
    found = region_that_works(denial)
    if found is None:
        return None
    return FirstLook(
        f"The call works in {found.name}: most likely the Allow names only resources of {found.name}, or has a "
        f"condition on the Region. Add {denial.resource} to the Allow, or {found.refused} to its condition.",
        contains(found.said),
        None,
        Who.ACCOUNT_ADMIN,
    )
