"""Causes of a taken name that a stack has: a second one, one of another Region or an earlier time, or its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.claims.kinds import TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.failure import Conflict
from diagnostics.text.causes.build_causes import affirmed, contains, excerpt, reading, says
from diagnostics.text.causes.conflicts.naming_tools import way_to_import
from diagnostics.text.causes.conflicts.seen import seen
from diagnostics.text.causes.conflicts.tool_of_text import TWIN, tool_of
from diagnostics.text.causes.shared_causes import failed_stack
from diagnostics.text.read.forms.conflicts import CREATES
from diagnostics.who import Who
from iam.arn import Arn
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME, is_known_region
from iam.words import listing


def _stack_name(stack: str) -> str:
    """The name in a stack's ARN, or the name itself."""
    arn = Arn.parse(stack)
    return arn.resource.split("/")[1] if arn is not None and "/" in arn.resource else stack


def named_stack(conflict: Conflict) -> Iterator[FirstLook]:
    if not conflict.owner_stack:
        return
    arn = Arn.parse(conflict.owner_stack)
    region = f" in {arn.region}" if arn is not None and arn.region else ""
    of_iam = region and conflict.entity_type in CREATES
    once = (
        " IAM is global: a name exists only once for all Regions. Do not delete the existing resource here."
        if of_iam
        else ""
    )
    yield FirstLook(
        f"The existing resource belongs to another stack, {_stack_name(conflict.owner_stack)}{region}.{once} Change "
        "it in that stack, refer to it from this stack, or give this resource another name. To move the resource, "
        "remove it from that stack (with DeletionPolicy: Retain), then import it into this stack.",
        says(f"the text names the stack {conflict.owner_stack}", TextPart.STACK, conflict.owner_stack),
        reading(
            "cloudformation",
            "describe-stack-resources",
            ("stack-name", conflict.owner_stack),
            region=arn.region if arn else "",
        ),
        Who.RESOURCE_OWNER,
    )


_GONE = r"\b(?:removed|deleted|destroyed|failed|fails|aborted|cleaned|rolled)\b"


_DEPLOYED_BEFORE = (
    r"\b(?:earlier|previous|first|old|failed|aborted) (?:attempt|deploy\w*|install\w*|run|apply|setup)\b[^.\n]{0,60}"
    rf"{_GONE}|\bre-?(?:deploy|install|creat)\w*\b[^.\n]{{0,60}}\bafter\b[^.\n]{{0,40}}{_GONE}"
    r"|\b(?:destroyed|removed|deleted)\b[^.\n]{0,40}\b(?:and|then|now)\b[^.\n]{0,30}\b(?:again|re-?deploy\w*)\b"
)


def left_over(conflict: Conflict) -> Iterator[FirstLook]:
    """Yield the cause if the author says that the same thing was deployed before and was removed or failed."""
    if conflict.owner_stack or not (said := affirmed(conflict.text, _DEPLOYED_BEFORE)):
        return
    tool = tool_of(conflict)
    imported = f" ({way_to_import(tool[0], conflict)})" if tool else ""
    yield FirstLook(
        f"Most likely {conflict.name or 'it'} remains from the earlier deployment, and this tool does not know it. "
        f"First check whether anything else uses it. Then take it over{imported}, or, if nothing uses it, delete it "
        "and run the deployment again.",
        contains(excerpt(said)),
        seen(conflict),
        Who.CALLER,
    )


_STACK = regex(
    r"\bstack(?:s| named| called)?[ :]+[\"'`(\[]?(?P<name>(?=[\w-]*[-\d])[A-Za-z][A-Za-z0-9-]{1,127})", re.IGNORECASE
)


_FAILED = regex(r"_FAILED|ROLLBACK|\bfailed|\bfailure\b|(?:nested|embedded) stack", re.IGNORECASE)


_ADDRESSES = regex(r"arn:\S+|https?://\S+")
"""ARNs and URLs, which are ignored: they contain a Region, but do not say where a stack is."""


_REGION = regex(rf"(?<![\w-])(?P<name>{REGION_NAME})(?![\w-])")


_DEPLOYED = regex(
    r"\b(?:deployed|exists?|runs?|running|live|created|works?|already)\b[^.\n]{0,30}?\b(?:in|to) "
    rf"(?P<name>{REGION_NAME})(?![\w-])",
    re.IGNORECASE,
)
"""A Region in which the text says that the stack exists."""


_APPLIED = regex(
    rf"(?<![\w-])(?P<name>{REGION_NAME})(?![\w-])[^\n]{{0,40}}?(?:->|=>|:|\s)\s*"
    r"(?:ok|okay|done|succeeded|success|complete|CREATE_COMPLETE|Apply complete!?|✅|✓)(?![\w-])",
    re.IGNORECASE,
)
"""A Region for which the text reports that the same deployment succeeded."""


_TWIN_PLACE = regex(
    r"\b(?:second|another|new|additional|2nd) (?:\w+ )?"
    r"(?P<kind>environment(?! var)|stage|installation|deployment|instance|copy|tenant|env)\b"
    r"[^\n]{0,200}\bsame (?:AWS )?account\b|\bsame (?:AWS )?account\b[^\n]{0,120}\b(?:second|another|2nd) (?:\w+ )?"
    r"(?P<kind2>environment(?! var)|stage|installation|deployment|instance|copy|tenant|env)\b"
    r"|\b(?:second|another|2nd) one\b[^\n]{0,120}\bsame (?:AWS )?account\b"
    r"|(?<![\w-])(?P<other>(?!it\b|this\b|that\b|which\b|everything\b)[\w-]{2,40})"
    r"(?: (?P<kind3>workspace|environment|stage|stack|env))?"
    r"(?: (?:is|was|has been|runs|lives|also|already|now)){1,3}"
    r"(?: (?:applied|deployed|created|installed|running|live))? in the same (?:AWS )?account\b",
    re.IGNORECASE,
)
"""A second environment in the same account, according to the text: the first one already uses the name."""


_WHOLE_ACCOUNT = (
    "an IAM name is taken in the entire account, in all Regions. Leave out the fixed name, add the Region or stage to "
    "it, or share the existing resource."
)


def _failed(stack: str, text: str) -> bool:
    """Whether a line of the text says that the stack failed."""
    return any(stack in line and _FAILED.search(line) for line in text.splitlines())


def _made_in(conflict: Conflict, places: list[str]) -> str:
    """The first of the Regions in which the text says or shows that the same deployment succeeded; "" if none."""
    made = [*_DEPLOYED.finditer(conflict.text), *_APPLIED.finditer(conflict.text)]
    return next((found["name"] for found in made if found["name"] in places), "")


def is_used_elsewhere(conflict: Conflict) -> bool:
    """Whether the text shows that another stack or Region uses the entity, so that an import or deletion does harm."""
    if _TWIN_PLACE.search(conflict.text):
        return True
    places = [found["name"] for found in _REGION.finditer(_ADDRESSES.sub(" ", conflict.text))]
    places = [each for each in dict.fromkeys(places) if is_known_region(each)]
    return len(places) > 1 and bool(_made_in(conflict, places))


def another_stack(conflict: Conflict) -> Iterator[FirstLook]:
    """Yield a second stack or Region in the text that may use the same name.

    A failed stack (such as the nested stack that reported this conflict) does not own the name.
    """
    if conflict.owner_stack or not conflict.name:
        return
    if twin := TWIN.search(conflict.text):
        yield FirstLook(
            f"The stack {twin['name']} is created from the same template and already uses the name {conflict.name}: an "
            "IAM name is taken in the entire account, in all Regions. Leave out the fixed name, or let it contain the "
            "stack's name (${AWS::StackName}). Do not delete or import what the other stack uses.",
            contains(" ".join(twin[0].split())),
            seen(conflict),
            Who.CALLER,
        )
        return
    if second := _TWIN_PLACE.search(conflict.text):
        kind = second["kind"] or second["kind2"] or second["kind3"] or "environment"
        first = f"Most likely {second['other']}" if second["other"] else f"The first {kind}"
        yield FirstLook(
            f"{first} already uses the name {conflict.name}: an IAM name is taken in the entire account, in "
            f"all Regions. Give this {kind}'s {conflict.entity_type or 'resource'} another name, for example with a "
            "prefix or with its own name in it: look for a parameter or setting for that. Do not delete or import what "
            f"{second['other'] or f'the first {kind}'} uses.",
            contains(excerpt(second[0])),
            seen(conflict),
            Who.CALLER,
        )
        return
    named = dict.fromkeys(found["name"] for found in _STACK.finditer(conflict.text))
    stacks = [each for index, each in enumerate(named) if index == 0 or not _failed(each, conflict.text)]
    places = [found["name"] for found in _REGION.finditer(_ADDRESSES.sub(" ", conflict.text))]
    places = [each for each in dict.fromkeys(places) if is_known_region(each)]
    if len(stacks) < 2 and len(places) < 2:
        return
    if len(stacks) < 2:
        owner = _made_in(conflict, places)
        said = f"the stack in {owner}" if owner else f"the stack of one of the Regions {listing(places[:3])}"
        yield FirstLook(
            f"{said[0].upper()}{said[1:]} may own the name already: {_WHOLE_ACCOUNT}",
            contains(owner or places[1]),
            seen(conflict),
            Who.CALLER,
        )
        return
    other = f"the stack {stacks[1]}"
    where = f" in {places[1]}" if len(places) > 1 else ""
    yield FirstLook(
        f"{other[0].upper()}{other[1:]}{where} may own the name already: {_WHOLE_ACCOUNT}",
        contains(stacks[1]),
        seen(conflict),
        Who.CALLER,
    )


def failed_creation(conflict: Conflict) -> Iterator[FirstLook]:
    if (stack := failed_stack(conflict.text)) is not None:
        yield stack


_ITS_OWN = regex(
    r"\b(?:this|same|own|the) (?:\w+ )?(?:stack|app|template)(?: itself)?(?: already)? (?:owns|manages|has|contains"
    r"|created)"
    r" (?:it|this|that|the (?:existing|old|current|previous))\b|\b(?:owned|managed|created) by (?:this|the) (?:same"
    r"|very same"
    r"|own) (?:stack|app|template)",
    re.IGNORECASE,
)


_BETWEEN_STACKS = regex(
    r"\bmov(?:ed|ing) (?:the |our |a |its )?[\w -]{0,30}\b(?:construct|resource|role|provider|policy|user|group)s?\b"
    r"[^.\n]{0,40}\bto\b[^.\n]{0,40}\bstack\b",
    re.IGNORECASE,
)


_REMOVED = regex(r"^[ \t]*-(?!-)[ \t]*(?P<line>[^\n]{8,400})$", re.MULTILINE)


_ADDED = regex(r"^[ \t]*\+(?!\+)[ \t]*(?P<line>[^\n]{8,400})$", re.MULTILINE)


def _its_own(conflict: Conflict) -> str:
    """The words that show that the failing stack itself has the name: a statement, or a diff that moves it; else ""."""
    if said := _ITS_OWN.search(conflict.text):
        return " ".join(said[0].split())
    name = (conflict.name or "").strip("[]")
    old = [each["line"] for each in _REMOVED.finditer(conflict.text) if name and name in each["line"]]
    new = [each["line"] for each in _ADDED.finditer(conflict.text) if name and name in each["line"]]
    return excerpt(old[0]) if old and new and old[0] != new[0] else ""


def moved_in_the_stack(conflict: Conflict) -> Iterator[FirstLook]:
    """Yield the cause if a stack's update moves the name from one logical ID to another.

    CloudFormation User Guide, "Update behaviors of stack resources": the replacement is created before the old resource
    is deleted
    (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html).
    """
    tool = tool_of(conflict)
    if tool is None or tool[0].name not in ("CDK", "CloudFormation"):
        return
    if moved := _BETWEEN_STACKS.search(conflict.text):
        yield FirstLook(
            "The resource moved between stacks, and the old stack still has it: the new stack cannot create the "
            "resource before the old stack gives it up. First deploy the old stack without the resource. Or retain "
            "the resource in the old stack (DeletionPolicy: Retain), and import it into the new stack. No permission "
            "is missing.",
            contains(" ".join(moved[0].split())),
            None,
            Who.CALLER,
        )
        return
    if not (said := _its_own(conflict)):
        return
    way = (
        "Deploy twice: first without the old provider, then with the new one; in between, no role that trusts the "
        "provider can be assumed with its tokens. Or keep the old provider and refer to it by its ARN."
        if conflict.entity_type == "oidc-provider"
        else "Keep the resource's logical ID, give the new resource another name or none, or deploy twice: first "
        "without the old resource, then with the new one."
    )
    yield FirstLook(
        "The existing resource is in this same stack: CloudFormation creates the new resource before it deletes the "
        f"old one, and both have the same name. {way} No permission is missing.",
        contains(said),
        None,
        Who.CALLER,
    )
