"""The facts about a role, as label and value. Data that was not read is marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from iam.account import TRACKED_DAYS, Role
from iam.arn import name_of
from iam.break_glass import is_break_glass
from iam.other_services import StackResource
from iam.policy.document import Document
from iam.sources.reader.reading import Reading
from iam.words import duration
from screens.session import Session
from screens.text import ago, marks, visible
from screens.widgets.line import Piece
from screens.widgets.severity import severity_mark
from screens.widgets.styles import FAINT, PLAIN, STRONG, WARN

if TYPE_CHECKING:
    from diagnostics.review.finding import Finding

STACK_TAG = "aws:cloudformation:stack-name"
OWNER_TAGS = ("owner", "team", "service-owner", "contact")
NOT_READ: Piece = ("not read", WARN)
Stacks = Reading[tuple[StackResource, ...]]


def owner(role: Role, stacks: Stacks | None) -> Piece:
    """Return the owner of the role: a stack, the value of a tag, AWS, or that the owner is unknown."""
    if role.service_linked:
        return f"AWS, for {visible(role.path.strip('/').rpartition('/')[2])}", STRONG
    if role.service_owned:
        return "AWS (reserved)", STRONG
    tags = {key.lower(): value for key, value in (role.tags or {}).items()}
    if STACK_TAG in tags:
        return f"stack {visible(tags[STACK_TAG])}", STRONG
    if stacks is not None and stacks.value:
        return f"stack {visible(stacks.value[0].stack_name)}", STRONG
    unread = stacks is not None and stacks.unreadable
    for name in OWNER_TAGS:
        if name in tags:
            named = f"{visible(tags[name])} (tag {name})"
            return (f"{named}, stacks could not be read", WARN) if unread else (named, PLAIN)
    if role.tags is None or unread:
        return "unknown (not all could be read)", WARN
    return "no owner is named", FAINT


def last_used(role: Role, session: Session) -> Piece:
    if role.last_used is None:
        return NOT_READ
    when = role.last_used.when
    if when is None:
        return f"not in the tracked {TRACKED_DAYS} days", PLAIN
    region = f" in {visible(role.last_used.region)}" if role.last_used.region else ""
    return f"{ago(when, session.now)} ago{region}", PLAIN


def boundary(role: Role) -> Piece:
    if role.boundary_arn:
        return visible(name_of(role.boundary_arn)), PLAIN
    return (marks().none, PLAIN) if role.has_details else NOT_READ


def tags_text(tags: Mapping[str, str] | None) -> Piece:
    if tags is None:
        return NOT_READ
    if not tags:
        return marks().none, PLAIN
    return " ".join(f"{visible(key)}={visible(value)}" for key, value in tags.items()), PLAIN


def findings(found: Sequence[Finding]) -> Piece:
    """Return the titles of the review's open findings, most severe first, without duplicates.

    Key 4 shows the details.
    """
    open_ones = [one for one in found if one.accepted is None]
    titles = list(dict.fromkeys(f"{severity_mark(one.severity)} {one.title}".strip() for one in open_ones))
    rest = [f"{len(titles) - _MOST_TITLES} more (4)"] if len(titles) > _MOST_TITLES else []
    shown = f" {marks().dot} ".join([*titles[:_MOST_TITLES], *rest])
    return (shown, WARN) if shown else (marks().none, PLAIN)


_MOST_TITLES = 2


def role_facts(role: Role, session: Session, stacks: Stacks | None) -> Sequence[tuple[str, Piece]]:
    """Return the facts as label and value, those needed most often first."""
    facts: list[tuple[str, Piece]] = [("", (visible(role.arn), PLAIN))]
    if role.service_owned:
        facts.append(("", (f"{marks().failed} protected: only the AWS service that owns the role can change it", WARN)))
    if is_break_glass(role, session.break_glass):
        facts.append(("", ("! break-glass: for emergencies; you must give a reason to use it", WARN)))
    if session.findings is not None:
        facts.append(("findings", findings(session.findings.get(role.arn, ()))))
    facts.append(("last used", last_used(role, session)))
    facts.append(("boundary", boundary(role)))
    facts.append(("owner", owner(role, stacks)))
    session_text = duration(role.max_session_seconds) if role.max_session_seconds else None
    facts.append(("session", (session_text, PLAIN) if session_text else NOT_READ))
    facts.append(("created", (f"{role.created:%Y-%m-%d}", PLAIN) if role.created else NOT_READ))
    if role.instance_profiles is None:
        facts.append(("instance profiles", NOT_READ))
    else:
        names = " ".join(visible(name) for name in role.instance_profiles) or marks().none
        facts.append(("instance profiles", (names, PLAIN)))
    facts.append(("tags", tags_text(role.tags)))
    facts.append(("path", (visible(role.path), PLAIN)))
    if role.description:
        facts.append(("", (visible(role.description), FAINT)))
    return facts


def document_problem(document: Document | None) -> str:
    """Return what is wrong with the document, in one sentence; "" if nothing is."""
    if document is None:
        return ""
    problems = document.problems
    return f"{problems[0].message} (line {problems[0].line})" if problems else ""
