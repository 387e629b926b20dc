"""Find the entities declared by CloudFormation resources in a pasted text, in JSON or YAML.

The text is a template or a part of one.
"""

from __future__ import annotations

from typing import Any

from diagnostics.already_exists.kinds import FACTS, WITH_PATHS, EntityKind
from diagnostics.already_exists.wanted.entity import NOTHING_STATED, Wanted, document_of, fits
from diagnostics.already_exists.words import as_list
from diagnostics.text.templates.cloudformation import computed, template_resources
from iam.policy.document import Document

_KINDS = {facts.cloudformation: kind for kind, facts in FACTS.items() if facts.cloudformation}
_NAMES = {
    EntityKind.ROLE: "RoleName",
    EntityKind.USER: "UserName",
    EntityKind.GROUP: "GroupName",
    EntityKind.POLICY: "ManagedPolicyName",
    EntityKind.INSTANCE_PROFILE: "InstanceProfileName",
    EntityKind.OIDC_PROVIDER: "Url",
    EntityKind.SAML_PROVIDER: "Name",
    EntityKind.SERVER_CERTIFICATE: "ServerCertificateName",
    EntityKind.MFA_DEVICE: "VirtualMfaDeviceName",
    EntityKind.SERVICE_LINKED_ROLE: "AWSServiceName",
}


def from_template(text: str, kind: EntityKind | None, name: str | None) -> Wanted:
    """Return the entity of the only matching resource.

    Return `NOTHING_STATED` if no resource matches, or if several do and no name decides.
    """
    if "AWS::IAM::" not in text:
        return NOTHING_STATED
    fitting = []
    for type_, properties in template_resources(text):
        of_kind = _KINDS.get(type_)
        if of_kind is None:
            continue
        said = _text(properties, _NAMES.get(of_kind, ""))
        if fits(of_kind, said, kind, name):
            fitting.append((of_kind, said, properties))
    named = [each for each in fitting if each[1] is not None]
    chosen = named[:1] or (fitting if len(fitting) == 1 else [])
    return _wanted(*chosen[0]) if chosen else NOTHING_STATED


def _text(properties: dict[str, Any], key: str) -> str | None:
    value = properties.get(key)
    return value if isinstance(value, str) else None


def _wanted(kind: EntityKind, name: str | None, properties: dict[str, Any]) -> Wanted:
    elsewhere: list[str] = []

    def document(key: str) -> Document | None:
        value = properties.get(key)
        if value is not None and computed(value):
            elsewhere.append(key)
            return None
        return document_of(value)

    inline = {}
    for each in as_list(properties.get("Policies")):
        if isinstance(each, dict) and isinstance(each.get("PolicyName"), str) and not computed(each):
            found = document_of(each.get("PolicyDocument"))
            if found:
                inline[each["PolicyName"]] = found
    arns = properties.get("ManagedPolicyArns")
    tags = properties.get("Tags")
    pairs = [each for each in as_list(tags) if isinstance(each, dict) and "Key" in each and not computed(each)]
    seconds = properties.get("MaxSessionDuration")
    roles = as_list(properties.get("Roles"))
    audiences = properties.get("ClientIdList")
    return Wanted(
        source="the pasted template",
        kind=kind,
        name=name,
        path=_text(properties, "Path") or ("/" if kind in WITH_PATHS and "Path" not in properties else None),
        trust=document("AssumeRolePolicyDocument"),
        document=document("PolicyDocument") if kind is EntityKind.POLICY else None,
        attached=tuple(map(str, arns)) if isinstance(arns, list) and arns and not computed(arns) else None,
        inline=inline or None,
        boundary=_text(properties, "PermissionsBoundary"),
        tags={str(each["Key"]): str(each.get("Value", "")) for each in pairs} if pairs else None,
        description=_text(properties, "Description"),
        max_session_seconds=seconds if isinstance(seconds, int) and not isinstance(seconds, bool) else None,
        role_name=roles[0] if kind is EntityKind.INSTANCE_PROFILE and roles and isinstance(roles[0], str) else None,
        audiences=tuple(map(str, audiences)) if isinstance(audiences, list) and not computed(audiences) else None,
        elsewhere=tuple(elsewhere),
    )
