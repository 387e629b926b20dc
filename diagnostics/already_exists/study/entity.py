"""The step that shows the entity that has the name: ARN, path, trust, policies, tags, age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from diagnostics.already_exists.find.search import Found
from diagnostics.already_exists.kinds import FACTS
from diagnostics.already_exists.words import age, few, trust_sentence
from diagnostics.commands import shown
from diagnostics.diagnosis import Evidence, Status, Step
from iam.account import (
    Account,
    AttachedPolicy,
    Group,
    InlinePolicy,
    InstanceProfile,
    ManagedPolicy,
    OIDCProvider,
    Role,
    User,
)
from iam.arn import name_of
from iam.sources.reader.entities import MfaDevice


def entity_step(found: Found, account: Account) -> Step:
    """Return the step with everything known about the entity in one line, and its documents as evidence."""
    entity = found.entity
    now = account.now
    evidence = [Evidence(f"ARN {shown(found.arn, 200)}", arn=found.arn, call=found.source or None)]
    parts = [f"{FACTS[found.kind].word} {shown(found.name)}"]
    if found.path and found.path != "/":
        parts.append(f"path {shown(found.path)}")
    if found.created:
        parts.append(f"made {age(found.created, now)}")
    if isinstance(entity, Role):
        _role(entity, parts, evidence)
    elif isinstance(entity, ManagedPolicy):
        versions = len(entity.versions)
        parts.append(f"{versions} of 5 versions" if versions else "its versions could not be read")
        if entity.document:
            evidence.append(Evidence("the default version", policy=entity.name, document=entity.document))
        evidence += _tags(entity.tags)
    elif isinstance(entity, InstanceProfile):
        parts.append(f"contains role {few(entity.roles)}" if entity.roles else "empty: it contains no role")
    elif isinstance(entity, OIDCProvider):
        known = entity.client_ids
        parts.append("its audiences could not be read" if known is None else f"audiences: {few(known) or 'none'}")
    elif isinstance(entity, MfaDevice):
        parts.append(f"assigned to {shown(entity.user)}" if entity.user else "assigned to nobody")
    elif isinstance(entity, User | Group):
        _policies(entity.attached, entity.inline, parts, evidence)
        if isinstance(entity, User):
            evidence += _tags(entity.tags)
    expires = getattr(entity, "expires", None) or getattr(entity, "valid_until", None)
    if expires:
        parts.append(f"expired {age(expires, now)}" if expires < now else f"valid until {expires:%Y-%m-%d}")
    return Step("entity", "What has this name", Status.PASS, "; ".join(parts), tuple(evidence))


def _role(role: Role, parts: list[str], evidence: list[Evidence]) -> None:
    if role.service_linked:
        parts.insert(1, "a service-linked role")
    elif role.service_owned:
        parts.insert(1, "reserved for AWS")
    parts.append(trust_sentence(role.trust))
    if role.trust:
        evidence.append(Evidence(trust_sentence(role.trust), layer="trust", document=role.trust))
    _policies(role.attached, role.inline, parts, evidence)
    if role.boundary_arn:
        parts.append(f"boundary {shown(name_of(role.boundary_arn))}")
        evidence.append(Evidence("its permissions boundary", layer="boundary", arn=role.boundary_arn))
    if role.source_template:
        parts.append(f"created by a service's template ({shown(role.source_template)})")
    evidence += _tags(role.tags)


def _policies(
    attached: Sequence[AttachedPolicy] | None,
    inline: Sequence[InlinePolicy] | None,
    parts: list[str],
    evidence: list[Evidence],
) -> None:
    if attached is None or inline is None:
        parts.append("its policies could not be read")
        return
    names = [*(each.name for each in attached), *(each.name for each in inline)]
    parts.append(f"policies: {few(names) or 'none'}")
    evidence += [Evidence(f"attached {shown(each.name)}", policy=each.name, arn=each.arn) for each in attached]
    evidence += [Evidence(f"inline {shown(each.name)}", policy=each.name, document=each.document) for each in inline]


def _tags(tags: Mapping[str, str] | None) -> list[Evidence]:
    return [Evidence(f"tag {shown(key)} = {shown(value)}", element="Tags") for key, value in (tags or {}).items()]
