"""Find the owner of an entity.

CloudFormation, Terraform and CDK are recognized by their marks, the creator according to CloudTrail.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from diagnostics.already_exists.events import made
from diagnostics.already_exists.find.search import Found
from diagnostics.already_exists.kinds import FACTS, EntityKind
from diagnostics.already_exists.words import age, refusal, refused, unread_evidence
from diagnostics.commands import shown
from diagnostics.diagnosis import Evidence, Status, Step
from diagnostics.tools import Tool, tool_of_name, tool_of_tag
from iam.account import Account
from iam.event import Event
from iam.lazy_pattern import regex
from iam.other_services import StackResource
from iam.sources.reader.opened import OpenedAccount
from iam.sources.reader.reading import Reading
from iam.words import joined

MANAGING = (
    Tool.CLOUDFORMATION,
    Tool.CDK,
    Tool.SAM,
    Tool.SERVERLESS,
    Tool.TERRAFORM,
    Tool.PULUMI,
    Tool.EKSCTL,
    Tool.ANSIBLE,
    Tool.CROSSPLANE,
    Tool.ACK,
    Tool.ROLE_MANAGER,
)
"""The tools that manage an entity. These tools would undo changes made by others, or would not notice them."""

_AGENTS = (
    (regex(r"cloudformation\.amazonaws\.com", re.I), Tool.CLOUDFORMATION),
    (regex(r"aws-cdk|cdk-assets", re.I), Tool.CDK),
    (regex(r"pulumi", re.I), Tool.PULUMI),
    (regex(r"terraform|opentofu|hashicorp", re.I), Tool.TERRAFORM),
    (regex(r"eksctl", re.I), Tool.EKSCTL),
    (regex(r"console|signin\.amazonaws\.com|mozilla|^aws internal", re.I), Tool.CONSOLE),
    (regex(r"boto|aws-cli|aws-sdk|botocore", re.I), Tool.SDK),
)

_PEOPLE_KEYS = regex(r"(^|[:/_-])(owner|team|contact|squad|maintainer|service|application|app|project)$", re.I)


@dataclass(frozen=True, slots=True)
class Ownership:
    """The owner of an entity, as far as it is known.

    ``stacks`` are from CloudFormation's own data (certain), without deleted stacks that retained the entity; ``tools``
    are the tools that marks on the entity point to; ``people`` are tags that name a team or an owner. ``maker`` is the
    event that created the entity. ``gaps`` says which sources could not be read.
    """

    stacks: tuple[StackResource, ...] = ()
    stack_in_text: str | None = None
    tools: tuple[Tool, ...] = ()
    people: tuple[tuple[str, str], ...] = ()
    maker: Event | None = None
    template: str | None = None
    gaps: tuple[str, ...] = ()

    @property
    def has_owner(self) -> bool:
        return bool(self.stacks or self.stack_in_text or self.template) or any(tool in MANAGING for tool in self.tools)

    @property
    def declaring(self) -> tuple[Tool, ...]:
        """The tools that declare the entity. A specific tool comes before CloudFormation, which several tools use."""
        by_stack = bool(self.stacks or self.stack_in_text) and Tool.CLOUDFORMATION not in self.tools
        return (*self.tools, *((Tool.CLOUDFORMATION,) if by_stack else ()))

    @property
    def unknown(self) -> bool:
        """Whether no owner is known, and not every source could be read."""
        return not self.has_owner and bool(self.gaps)

    @property
    def deleting_stack(self) -> StackResource | None:
        return next(
            (each for each in self.stacks if each.stack_status in ("DELETE_IN_PROGRESS", "DELETE_FAILED")), None
        )

    def words(self) -> str:
        """Return the owner in a few words, or "" if the owner is unknown."""
        if self.stacks:
            return f"CloudFormation stack {shown(self.stacks[0].stack_name)}"
        if self.stack_in_text:
            return f"CloudFormation stack {shown(stack_name(self.stack_in_text))}"
        if self.template:
            return "a service (role manager created it from a template)"
        tools = [tool for tool in self.tools if tool in MANAGING]
        return tools[0].value if tools else ""


def stack_name(stack: str) -> str:
    """Return the name from a stack's ARN (truncated or not); any other text is returned unchanged."""
    return stack.split("stack/", 1)[1].split("/", 1)[0] if "stack/" in stack else stack


@dataclass(slots=True)
class _Signs:
    """The signs of an owner that were found so far. ``gaps`` are the sources that could not be read."""

    evidence: list[Evidence] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    tools: list[Tool] = field(default_factory=list)
    people: list[tuple[str, str]] = field(default_factory=list)


def find_owner(
    found: Found, opened: OpenedAccount, trail: Reading[tuple[Event, ...]], owner_stack: str | None
) -> tuple[Ownership, Step]:
    """Return the owner of ``found``, with the step that shows the owner.

    ``trail`` are CloudTrail's events for the entity's name.
    """
    signs = _Signs()
    stacks = _ask_stacks(found, opened, signs)
    if owner_stack:
        signs.evidence.append(Evidence(f"the pasted text names its stack: {shown(owner_stack, 200)}", arn=owner_stack))
    _read_tags(found, signs)
    if by_name := tool_of_name(found.name):
        signs.tools.append(by_name)
        signs.evidence.append(Evidence(f"the name has the form that {by_name.value} generates"))
    maker = _ask_trail(found, opened.account, trail, signs)
    template = found.role.source_template if found.role else None
    if template:
        signs.tools.append(Tool.ROLE_MANAGER)
        said = f"created by a service through role manager, from the template {shown(template)}"
        signs.evidence.append(Evidence(said))
    living = tuple(each for each in stacks if each.stack_status != "DELETE_COMPLETE")
    tools = tuple(dict.fromkeys(signs.tools))
    ownership = Ownership(living, owner_stack, tools, tuple(signs.people), maker, template, tuple(signs.gaps))
    return ownership, _step(ownership, opened.account, tuple(signs.evidence))


def _ask_stacks(found: Found, opened: OpenedAccount, signs: _Signs) -> tuple[StackResource, ...]:
    """Return the CloudFormation stacks that contain the entity, and add what was found to ``signs``."""
    reading = opened.reader.stack_resources(found.arn if FACTS[found.kind].stack_id == "arn" else found.name)
    if reading.unreadable:
        signs.gaps.append(refused(reading))
        signs.evidence.append(unread_evidence(reading))
        return ()
    stacks = tuple(each for each in reading.value or () if _of_kind(each, found.kind))
    for each in stacks:
        place = f" in {each.region}" if each.region else ""
        said = (
            f"stack {shown(each.stack_name)}{place} ({each.stack_status}) "
            f"has {each.resource_type} {shown(each.physical_id)}"
        )
        signs.evidence.append(Evidence(said, arn=each.stack_id, call=reading.call))
    if not stacks:
        said = "no CloudFormation stack of the Regions in use contains it"
        signs.evidence.append(Evidence(said, call=reading.call))
    if reading.note:
        signs.gaps.append(refusal(reading.note, reading.call))
        said = f"could not look everywhere: {shown(reading.note, 500)}"
        signs.evidence.append(Evidence(said, call=reading.call))
    return stacks


def _read_tags(found: Found, signs: _Signs) -> None:
    tags: Mapping[str, str] | None = getattr(found.entity, "tags", None)
    # Lists of instance profiles in files have no tags.
    if tags is None and hasattr(found.entity, "tags") and found.kind is not EntityKind.INSTANCE_PROFILE:
        signs.gaps.append("its tags could not be read")
    for key, value in (tags or {}).items():
        if tool := tool_of_tag(key, value):
            signs.tools.append(tool)
            signs.evidence.append(Evidence(f"tag {shown(key)} = {shown(value)}: {tool.value}", element="Tags"))
        elif _PEOPLE_KEYS.search(key):
            signs.people.append((key, value))
            signs.evidence.append(Evidence(f"tag {shown(key)} = {shown(value)}", element="Tags"))


def _ask_trail(found: Found, account: Account, trail: Reading[tuple[Event, ...]], signs: _Signs) -> Event | None:
    """Return the event of the entity's creation, or None, and add what was found to ``signs``."""
    maker = _maker(trail.value or (), FACTS[found.kind].created_by, found.created)
    if trail.unreadable:
        signs.gaps.append(refused(trail))
        signs.evidence.append(unread_evidence(trail))
    elif maker:
        if tool := tool_of(maker.user_agent):
            signs.tools.append(tool)
        signs.evidence.append(Evidence(_maker_words(maker, account), call=trail.call))
    elif trail.note and _is_kept(found.created, trail, account):
        signs.gaps.append(refusal(trail.note, trail.call))
        said = f"the events that could be read do not contain its creation: {shown(trail.note, 500)}"
        signs.evidence.append(Evidence(said, call=trail.call))
    else:
        signs.evidence.append(Evidence("no event of its creation in the last 90 days", call=trail.call))
    return maker


def _is_kept(created: datetime | None, trail: Reading[tuple[Event, ...]], account: Account) -> bool:
    """Return whether the creation may be among the CloudTrail events that were not read.

    CloudTrail keeps events for 90 days.
    """
    if created is None:
        return True
    return account.now - created < timedelta(days=90) and (trail.back_to is None or created <= trail.back_to)


def tool_of(user_agent: str | None) -> Tool | None:
    return next((tool for pattern, tool in _AGENTS if pattern.search(user_agent or "")), None)


def _of_kind(resource: StackResource, kind: EntityKind) -> bool:
    """Return whether a stack's resource can be of this kind.

    A bucket or an instance profile may have the same name as a role. A custom resource may be of any kind.
    """
    known = {FACTS[kind].cloudformation or FACTS[EntityKind.USER].cloudformation}
    if kind in (EntityKind.ROLE, EntityKind.SERVICE_LINKED_ROLE):
        known = {FACTS[EntityKind.ROLE].cloudformation, FACTS[EntityKind.SERVICE_LINKED_ROLE].cloudformation}
    return not resource.resource_type.startswith("AWS::") or resource.resource_type in known


def _maker(events: Iterable[Event], names: tuple[str, ...], created: datetime | None) -> Event | None:
    """Return the newest event that may have created the entity, or None.

    An older event may have created a deleted entity of the same name; a later one has failed.
    """
    for event in sorted(events, key=lambda each: each.time, reverse=True):
        if event.name in names and made(event, created):
            return event
    return None


def _maker_words(maker: Event, account: Account) -> str:
    tool = tool_of(maker.user_agent)
    by = f" by {shown(maker.username)}" if maker.username else ""
    agent = f" with {tool.value}" if tool else ""
    agent += f" (user agent {shown(maker.user_agent, 60)})" if maker.user_agent else ""
    return f"{maker.name} {age(maker.time, account.now)}{by}{agent}"


def _step(ownership: Ownership, account: Account, evidence: tuple[Evidence, ...]) -> Step:
    said = ownership.words()
    if ownership.stacks:
        summary = f"{said} ({ownership.stacks[0].stack_status}): change or delete the entity only there"
    elif said:
        summary = f"it belongs to {said}"
    elif ownership.unknown:
        summary = f"unknown: {joined(ownership.gaps)}"
    else:
        summary = "no stack, no sign of a tool"
    extra = []
    if ownership.maker:
        extra.append(_maker_words(ownership.maker, account))
    if ownership.people:
        extra.append(joined(f"{shown(key)}: {shown(value)}" for key, value in ownership.people[:3]))
    if extra:
        summary += f"; {'; '.join(extra)}"
    return Step("owner", "Owner", Status.UNKNOWN if ownership.unknown else Status.PASS, summary, evidence)
