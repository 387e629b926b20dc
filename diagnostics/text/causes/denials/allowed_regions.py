"""The Regions that a text says are allowed, if an organization's Deny refuses a call in a different Region."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains, excerpt
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.read.author.stated_rules import REGION, allowed_regions
from diagnostics.text.read.resources.set_regions import set_regions
from diagnostics.text.read.sequence.lines_and_commands import FAILS
from diagnostics.text.read.sequence.regions_of_failures import lines_of_states, region_of_line
from diagnostics.who import Who
from iam.facts.client_calls import INFERENCE_PROFILE
from iam.facts.global_services import global_region
from iam.lazy_pattern import regex
from iam.regions import is_known_region, known_regions
from iam.words import listing

_MEANT = regex(
    r"\b(?:(?:course|class|lab|task|exercise|instructions?|workshop|tutorial|assignment|company|team|boss)"
    r"(?:[^.?\n]{0,12}\b(?:says?|said|wants?|requires?))?"
    r"|supposed|should|must|have to|has to|need to|asked|told|meant)\b[^.?\n]{0,16}?"
    rf"\b(?:use|in|be|stay in|to|for)\s+(?:the\s+)?(?:region\s+)?[\"'`]?(?P<region>{REGION})",
    re.IGNORECASE,
)


def outside_the_allowed(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the call's Region is not among those that the text allows: most likely the Deny depends on it.

    AWS Organizations User Guide, "Examples for SCPs": deny access based on the requested Region
    (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html).
    """
    if signs.service == "bedrock" and signs.quote(INFERENCE_PROFILE):
        return  # the profile chooses the Region, wherever the client calls: `organizations.bedrock_profile`
    rule = allowed_regions(signs.denial.text)
    if rule is None:
        yield from (*_in_the_meant(signs), *_by_a_name(signs), *_in_some_regions(signs))[:1]
        return
    region = _of_the_call(signs)
    if not region or region in rule.names or global_region(signs.service, "aws"):
        return
    allowed = listing(rule.names)
    yield FirstLook(
        f"The call is in {region}, and the text allows {allowed}: most likely the Deny depends on the Region "
        "(aws:RequestedRegion), although the text does not show the statement. Set the Region of the call (provider, "
        f"profile, AWS_REGION) to {listing(rule.names, 'or')}. Ask the organization's administrators only if the call "
        f"must go to {region}.",
        contains(excerpt(rule.words)),
        None,
        Who.CALLER,
        shown_by=(signs.layer or "",),
    )


def _in_the_meant(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the text says to use a Region other than the call's."""
    meant = {each["region"] for each in _MEANT.finditer(signs.denial.text)}
    region = _of_the_call(signs)
    if len(meant) != 1 or not region or region in meant or global_region(signs.service, "aws"):
        return
    wanted = meant.pop()
    yield FirstLook(
        f"The call went to {region}, and the text says to use {wanted}: first make the call in {wanted} (--region "
        f"{wanted}, or the console's Region). The Deny likely depends on the Region, but the text does not show this.",
        contains(wanted),
        None,
        Who.CALLER,
        shown_by=(signs.layer or "",),
    )


_NAMED = regex(
    r"(?i:\b(?:SCPs?|RCPs?|guardrails?|polic\w+)\b)[^.\n]{0,30}?(?P<name>(?<![\w./-])\w[\w-]*-\d{1,2}(?![\w-]))"
)


def _by_a_name(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the policy is named for one Region ("only-eu-west-1"), and the call's Region is another."""
    text = signs.denial.pasted or signs.denial.text
    named = {
        (each["name"], region)
        for each in _NAMED.finditer(text)
        for region in known_regions()
        if each["name"] != region and re.search(rf"(?<![a-z]){region}(?!\d)", each["name"])
    }
    if len(named) != 1:
        return
    ((name, wanted),) = named
    others = {each for each in _ANY.findall(text) if is_known_region(each)} - {wanted}
    region = _of_the_call(signs) or (others.pop() if len(others) == 1 else "")
    if not region or region == wanted or global_region(signs.service, "aws"):
        return
    yield FirstLook(
        f"Most likely the policy {name} allows only {wanted}, as its name says, and the call went to {region}: make "
        f"the call in {wanted} (--region {wanted}, or the console's Region).",
        contains(name),
        None,
        Who.CALLER,
        shown_by=(signs.layer or "",),
    )


_BY_THE_ORGANIZATION = regex(r"explicit deny in a (?:service|resource) control policy", re.IGNORECASE)
_ANY = regex(REGION)
_FEWEST = 2
_GOES = regex(r"\b(?:works?|worked|ok|fine|succeed\w*|success\w*|done|complete\w*|results?)\b", re.IGNORECASE)


def _in_some_regions(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a log has the organization's denials in some Regions only, and other Regions without one."""
    *before, rest = _BY_THE_ORGANIZATION.split(signs.denial.pasted or signs.denial.text)
    denials = [each.splitlines() or [""] for each in before]
    places = [set(_ANY.findall(each[-1])) or {region_of_line(each, len(each) - 1)} - {""} for each in denials]
    beside = [line for each in (*(one[:-1] for one in denials), rest.splitlines()) for line in _of_calls(each)]
    refused: set[str] = set().union(*places)
    others = {region for line in beside for region in _ANY.findall(line)}
    goes = any(_GOES.search(line) and _ANY.search(line) for line in beside)
    if len(places) < _FEWEST or any(len(each) != 1 for each in places) or not others or refused & others:
        return
    if not goes and len(refused) < _FEWEST:
        return
    works = sorted(others)
    yield FirstLook(
        f"Every denial of this kind in the text is in {listing(sorted(refused))}, and none is in {listing(works)}: "
        f"most likely the policy limits the Regions. Do not run the program in {listing(sorted(refused))}. If the run "
        "needs these Regions, ask the policy's owner to exempt this caller; no permission of the caller helps.",
        contains(*sorted(refused)[:2]),
        None,
        Who.CALLER,
        shown_by=(signs.layer or "",),
    )


def _of_calls(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines that neither report a failure nor belong to a list of the account's Regions."""
    states = lines_of_states(lines)
    yield from (line for at, line in enumerate(lines) if at not in states and not FAILS.search(line))


def _of_the_call(signs: Signs) -> str:
    """The Region of the denied resource, else the only Region that the text sets; "" if it sets none or several."""
    if re.fullmatch(REGION, signs.region):
        return signs.region
    chosen = {each.region for each in set_regions(signs.denial.text)}
    return chosen.pop() if len(chosen) == 1 else ""
