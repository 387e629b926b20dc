"""Fixes for a tag that the caller lacks: set it when the session is created, or permanently on the role or user."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import replace

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.fixes.denies import fitting_value
from diagnostics.access_denied.fixes.effects import tag_effects
from diagnostics.access_denied.fixes.proof import evaluated_call
from diagnostics.fix import Change, Fix, Note, ShellCommand, calls_or_note, iam_call, to_complete
from diagnostics.who import Who
from iam.account import Role
from iam.changes.call import Call
from iam.policy.document import PolicyError
from iam.policy.match import names_action
from iam.policy.principal import Kind
from iam.questions.change.effects import NOT_COMPUTED
from iam.words import listing


def variable_tag(wanted: tuple[str, ...]) -> str | None:
    """Return the tag's name if a wanted value is a variable such as ``${aws:PrincipalTag/project}``; else None."""
    for value in wanted:
        match = re.search(r"\$\{aws:PrincipalTag/([^},]+)", value, re.IGNORECASE)
        if match:
            return match[1].strip()
    return None


def principal_tag_fixes(case: Case, tag: str, wanted: tuple[str, ...], *, names: str = "") -> Iterator[Fix]:
    """Yield fixes for a tag that the caller lacks or that has another value: tag the session, the role or the user.

    If the policy uses the tag as a variable in its Resource, ``names`` says what the tag's value is a part of.
    """
    plain = fitting_value(case, f"aws:PrincipalTag/{tag}", wanted)
    stated = next(
        (
            values[0]
            for key, values in case.request.context.items()
            if key.lower().endswith(f"resourcetag/{tag.lower()}") and values
        ),
        None,
    )
    patterns = [value for value in wanted if "${" not in value]
    value = plain or (None if patterns or names else stated) or "VALUE"
    known = value != "VALUE"
    context: dict[str, tuple[str, ...]] | None = {f"aws:PrincipalTag/{tag}": (value,)} if known else None
    of = f"must match {listing(patterns, 'or')}" if patterns else f"is the resource's own tag {tag}"
    if names:
        of = (
            f"is a part of {names}; the tag gives access to every resource whose name has VALUE in the variable's place"
        )
    note = "" if known else f" (VALUE {of})"
    caller = case.caller
    if caller.kind in (Kind.SESSION, Kind.ROLE) and caller.entity_arn:
        yield from _session_tags(case, tag, value, note, context)
        had = (caller.role.tags or {}).get(tag) if caller.role is not None else None
        now = f" instead of {had}" if had else ""
        yield _tagged(
            case,
            f"Tag the role itself, so that the tag applies to all its sessions: {tag}={value}{now}{note}",
            tag,
            _tagging(caller.entity_arn, iam_call("TagRole", RoleName=caller.name or "", Tags={tag: value}), known),
            context,
        )
    elif caller.user is not None:
        had = (caller.user.tags or {}).get(tag)
        now = f" instead of {had}" if had else ""
        letters = ": the policy's comparison is case-sensitive" if had and had.lower() == value.lower() else ""
        yield _tagged(
            case,
            f"Tag the user {caller.user.name} with {tag}={value}{now}{note}{letters}",
            tag,
            _tagging(caller.user.arn, iam_call("TagUser", UserName=caller.user.name, Tags={tag: value}), known),
            context,
        )


def _tagged(case: Case, title: str, tag: str, change: Change, context: dict[str, tuple[str, ...]] | None) -> Fix:
    """Return the fix that sets the tag permanently, with its other effects.

    The tag affects every request for which a policy tests the tag.
    """
    fix = evaluated_call(case, title, Who.ACCOUNT_ADMIN, change, context)
    if context is None or fix.verified is False:
        return replace(fix, effects=NOT_COMPUTED)
    return replace(fix, effects=tag_effects(case, tag, next(iter(context.values()))[0]))


def _session_tags(
    case: Case, tag: str, value: str, note: str, context: dict[str, tuple[str, ...]] | None
) -> Iterator[Fix]:
    """Yield fixes that send the tag when the session is created.

    The tag is sent as a parameter of AssumeRole or as an attribute of the SAML assertion, depending on how the role is
    assumed. There is no fix for a role that only services assume, because they send no tags (UG: id_session-tags).
    """
    caller = case.caller
    arn = caller.entity_arn or ""
    ways = _ways_in(caller.role)
    if ways is None or "AWS" in ways:
        pair = f"Key={tag},Value={value}"
        assume = (
            f"aws sts assume-role --role-arn {shlex.quote(arn)} "
            f"--role-session-name {shlex.quote(caller.session or 'session')} --tags {shlex.quote(pair)}"
        )
        title = (
            f"Assume {caller.name} with the session tag {tag}={value}{note} (the role's trust policy must allow "
            "sts:TagSession)"
        )
        yield evaluated_call(case, title, Who.CALLER, ShellCommand(arn, assume), context)
    if ways is not None and "SAML" in ways:
        from xml.sax.saxutils import escape  # this import loads all of HTTP and TLS

        name = escape(f"https://aws.amazon.com/SAML/Attributes/PrincipalTag:{tag}", {'"': "&quot;"})
        attribute = f'<Attribute Name="{name}">\n  <AttributeValue>{escape(value)}</AttributeValue>\n</Attribute>'
        text = (
            f"Sessions of {caller.name} are created with a SAML assertion. Their tags are attributes of the "
            f"assertion, and the trust policy must allow sts:TagSession.\n{attribute}"
        )
        title = f"Let the identity provider send the session tag {tag}={value}{note} as an attribute of the assertion"
        yield evaluated_call(case, title, Who.ACCOUNT_ADMIN, Note(arn, text), context)


def _ways_in(role: Role | None) -> frozenset[str] | None:
    """Return how the trust policy allows the role to be assumed: by AWS principals, by SAML, or otherwise.

    Return None if that is unknown.
    """
    if role is None or role.trust is None:
        return None
    try:
        statements = role.trust.statements
    except PolicyError:
        return None
    found: set[str] = set()
    for statement in statements:
        if statement.effect != "Allow":
            continue
        found |= {kind for kind, _ in statement.principal or ()}
        if names_action(statement.action, "sts:AssumeRoleWithSAML"):
            found |= {"SAML" for kind, value in statement.principal or () if ":saml-provider/" in value}
    return frozenset("AWS" if kind == "*" else kind for kind in found)


def _tagging(target: str, call: Call, known: bool) -> Change:
    return calls_or_note(target, call) if known else to_complete(target, "VALUE", call)
