"""What CloudFormation resources in a paste ask for: JSON or YAML, a whole template or a piece of one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from diagnostics.already_exists.kinds import FACTS, WITH_PATHS, EntityKind
from diagnostics.already_exists.wanted.entity import UNTOLD, Wanted, document_of, fits
from diagnostics.already_exists.words import as_list
from diagnostics.messages.forms.events import json_values
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
_YAML_TYPE = re.compile(r"[ \t]*Type:[ \t]*[\"']?AWS::IAM::\w+[\"']?[ \t]*\r?")
_DEEPEST = 60
_MOST_LINES = 2000


def from_template(text: str, kind: EntityKind | None, name: str | None) -> Wanted:
    """The one resource of the kind that fits; `UNTOLD` when none does, or when several do and no name decides."""
    if "AWS::IAM::" not in text:
        return UNTOLD
    fitting = []
    for type_, properties in (*_from_json(text), *_from_yaml(text)):
        of_kind = _KINDS.get(type_)
        if of_kind is None:
            continue
        said = _text(properties, _NAMES.get(of_kind, ""))
        if fits(of_kind, said, kind, name):
            fitting.append((of_kind, said, properties))
    named = [each for each in fitting if each[1] is not None]
    chosen = named[:1] or (fitting if len(fitting) == 1 else [])
    return _wanted(*chosen[0]) if chosen else UNTOLD


def _from_json(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for value, _, _ in json_values(text):
        for each in as_list(value):
            yield from _resources(each, 0)


def _from_yaml(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each resource is read by itself: what stands around it may be prose. Lines that were read are not read again."""
    lines = text.split("\n")
    indents = [len(plain) - len(plain.lstrip()) if (plain := line.expandtabs()).strip() else None for line in lines]
    read = 0
    for number, line in enumerate(lines):
        indent = indents[number]
        if number < read or indent is None or not _YAML_TYPE.fullmatch(line):
            continue
        first, last = number, number + 1
        while first > read and (before := indents[first - 1]) is not None and before >= indent:
            first -= 1
        while last < min(len(lines), number + _MOST_LINES) and ((after := indents[last]) is None or after >= indent):
            last += 1
        read = last
        value = _load_yaml("\n".join(each.expandtabs()[indent:] for each in lines[first:last]))
        yield from _resources(value, 0)


def _load_yaml(text: str) -> Any:
    """YAML with CloudFormation's short functions as maps of one key; None when it is broken. Aliases are refused: they
    can blow a small text up without end."""
    import yaml

    class Loader(yaml.SafeLoader):  # type: ignore[misc]  # PyYAML ships no types
        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                raise yaml.YAMLError("an alias")
            return super().compose_node(parent, index)

    def function(loader: Any, suffix: str, node: Any) -> dict[str, Any]:
        return {f"Fn::{suffix}": str(getattr(node, "value", ""))[:200]}

    Loader.add_multi_constructor("!", function)
    # Versions of policies look like dates; they are texts here.
    Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: str(node.value))
    try:
        return yaml.load(text, Loader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None


def _resources(value: Any, depth: int) -> Iterator[tuple[str, dict[str, Any]]]:
    if not isinstance(value, dict) or depth > _DEEPEST:
        return
    type_ = value.get("Type")
    if isinstance(type_, str) and type_.startswith("AWS::IAM::"):
        properties = value.get("Properties")
        yield type_, properties if isinstance(properties, dict) else {}
        return
    for each in value.values():
        yield from _resources(each, depth + 1)


def computed(value: Any) -> bool:
    """Whether a value holds a function of CloudFormation, which only a deployment can answer."""
    if isinstance(value, dict):
        if any(str(key) in ("Ref", "Condition") and len(value) == 1 for key in value):
            return True
        return any(str(key).startswith("Fn::") or computed(each) for key, each in value.items())
    return isinstance(value, list) and any(computed(each) for each in value)


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
