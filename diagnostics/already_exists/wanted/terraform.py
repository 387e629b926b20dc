"""Find the entities that Terraform resources declare in a pasted text: a configuration, or the output of a plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from diagnostics.already_exists.kinds import FACTS, WITH_PATHS, EntityKind
from diagnostics.already_exists.wanted.entity import NOTHING_STATED, Wanted, document_of, fits
from diagnostics.already_exists.words import as_list
from diagnostics.text.templates.hcl import Block, Reference, holds_unknown, resources
from iam.lazy_pattern import regex
from iam.policy.document import Document

_KINDS = {facts.terraform: kind for kind, facts in FACTS.items() if facts.terraform}
_NAMED = {
    EntityKind.OIDC_PROVIDER: "url",
    EntityKind.LOGIN_PROFILE: "user",
    EntityKind.MFA_DEVICE: "virtual_mfa_device_name",
}
_ADDRESS = regex(r"\bwith\s+((?:module\.[\w.\[\]\"'-]+?\.)?aws_iam_\w+\.[\w-]+(?:\[[^\]\s]{1,200}\])?)")


def address_in(text: str) -> str | None:
    """Return the resource address that a Terraform error names (``with aws_iam_role.app,``), or None."""
    match = _ADDRESS.search(text)
    return match.group(1) if match else None


def from_terraform(text: str, kind: EntityKind | None, name: str | None) -> Wanted:
    """Return the entity of the matching resource, preferably the failed one, or `NOTHING_STATED` if none matches."""
    if "aws_iam_" not in text:
        return NOTHING_STATED
    blocks = resources(text)
    wanted_address = address_in(text)
    candidates: list[tuple[bool, bool, int, Block, EntityKind, str | None, str]] = []
    for block in blocks:
        of_kind = _KINDS.get(block.labels[0])
        if of_kind is None:
            continue
        said = _text(block, _NAMED.get(of_kind, "name"))
        address = f"{block.labels[0]}.{block.labels[1]}"
        if fits(of_kind, said, kind, name):
            candidates.append((said is None, address != wanted_address, len(candidates), block, of_kind, said, address))
    if not candidates:
        return NOTHING_STATED
    *_, block, of_kind, said, address = min(candidates, key=lambda each: each[:3])
    wanted = _wanted(block, of_kind, said, address)
    return _with_attachments(wanted, blocks) if of_kind is EntityKind.ROLE else wanted


def _wanted(block: Block, kind: EntityKind, name: str | None, address: str) -> Wanted:
    elsewhere: list[str] = []

    def document(attribute: str) -> Document | None:
        value = block.attributes.get(attribute)
        if value is None:
            return None
        if holds_unknown(value):
            elsewhere.append(f"{address}.{attribute}")
            return None
        return document_of(value)

    seconds = block.attributes.get("max_session_duration")
    arns = block.attributes.get("managed_policy_arns")
    inline = {}
    for inner in block.blocks:
        if inner.type == "inline_policy":
            policy_name, text = inner.attributes.get("name"), inner.attributes.get("policy")
            found = None if holds_unknown(text) else document_of(text)
            if isinstance(policy_name, str) and found:
                inline[policy_name] = found
    audiences = block.attributes.get("client_id_list")
    return Wanted(
        source="the pasted Terraform resource",
        kind=kind,
        name=name,
        path=_text(block, "path") or ("/" if kind in WITH_PATHS and "path" not in block.attributes else None),
        trust=document("assume_role_policy") if kind is EntityKind.ROLE else None,
        document=document("policy") if kind is EntityKind.POLICY else None,
        attached=tuple(arns) if isinstance(arns, list) and arns and not holds_unknown(arns) else None,
        inline=inline or None,
        boundary=_text(block, "permissions_boundary"),
        tags=_tags(block.attributes.get("tags")),
        description=_text(block, "description"),
        max_session_seconds=seconds if isinstance(seconds, int) and not isinstance(seconds, bool) else None,
        role_name=_text(block, "role") if kind is EntityKind.INSTANCE_PROFILE else None,
        audiences=tuple(audiences) if isinstance(audiences, list) and not holds_unknown(audiences) else None,
        address=address,
        elsewhere=tuple(elsewhere),
    )


def _text(block: Block, attribute: str) -> str | None:
    value = block.attributes.get(attribute)
    return value if isinstance(value, str) else None


def _tags(value: Any) -> dict[str, str] | None:
    if not isinstance(value, dict) or not value or holds_unknown(value):
        return None
    return {str(key): str(each) for key, each in value.items()}


def _with_attachments(wanted: Wanted, blocks: list[Block]) -> Wanted:
    """Return the role including its attachments and inline policies, which are separate resources."""
    attached = list(wanted.attached or ())
    inline = dict(wanted.inline or {})
    for block in _of_role(wanted, blocks):
        if block.labels[0] == "aws_iam_role_policy_attachment":
            arn = _text(block, "policy_arn")
            attached += [arn] if arn else []
        elif block.labels[0] == "aws_iam_role_policy":
            name, text = _text(block, "name"), block.attributes.get("policy")
            found = None if holds_unknown(text) else document_of(text)
            if name and found:
                inline[name] = found
        elif block.labels[0] == "aws_iam_instance_profile" and _text(block, "name"):
            wanted = replace(wanted, instance_profile=_text(block, "name"))
    return replace(wanted, attached=tuple(attached) or None, inline=inline or None)


def _of_role(wanted: Wanted, blocks: list[Block]) -> Iterator[Block]:
    for block in blocks:
        for role in as_list(block.attributes.get("role")):
            by_name = wanted.name is not None and role == wanted.name
            by_address = isinstance(role, Reference) and role.address.rsplit(".", 1)[0] == wanted.address
            if by_name or by_address:
                yield block
