"""Find the entities that the ``aws iam …`` commands in a pasted text create or delete."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice

from diagnostics.already_exists.kinds import DELETIONS, WITH_PATHS, EntityKind
from diagnostics.already_exists.wanted.entity import NOTHING_STATED, Wanted, document_of, fits
from iam.changes.cli_names import cli_name
from iam.lazy_pattern import regex
from iam.policy.document import Document

_COMMAND = regex(r"\baws\s{1,9}(?:--[\w-]{1,60}(?:=\S{1,300}|[ ](?!-)\S{1,300})?\s{1,9}){0,20}iam\s{1,9}([a-z][a-z-]+)")
# Up to the end of a command in a shell, outside quotes; an unclosed quote ends the match.
_REST = regex(r"(?:[^'\"\n;|&>]|'[^']{0,65536}'|\"[^\"]{0,65536}\"){0,65536}")
_MOST = 300
_CREATING = {
    "create-role": (EntityKind.ROLE, "role-name"),
    "create-user": (EntityKind.USER, "user-name"),
    "create-group": (EntityKind.GROUP, "group-name"),
    "create-policy": (EntityKind.POLICY, "policy-name"),
    "create-instance-profile": (EntityKind.INSTANCE_PROFILE, "instance-profile-name"),
    "add-role-to-instance-profile": (EntityKind.INSTANCE_PROFILE, "instance-profile-name"),
    "attach-role-policy": (EntityKind.ROLE, "role-name"),
    "put-role-policy": (EntityKind.ROLE, "role-name"),
    "create-open-id-connect-provider": (EntityKind.OIDC_PROVIDER, "url"),
    "create-saml-provider": (EntityKind.SAML_PROVIDER, "name"),
    "upload-server-certificate": (EntityKind.SERVER_CERTIFICATE, "server-certificate-name"),
    "create-virtual-mfa-device": (EntityKind.MFA_DEVICE, "virtual-mfa-device-name"),
    "create-login-profile": (EntityKind.LOGIN_PROFILE, "user-name"),
    "create-service-linked-role": (EntityKind.SERVICE_LINKED_ROLE, "aws-service-name"),
    "create-account-alias": (EntityKind.ACCOUNT_ALIAS, "account-alias"),
}
_DELETING = {cli_name(operation): (kind, cli_name(name)) for operation, (kind, name) in DELETIONS.items()}


def from_commands(text: str, kind: EntityKind | None, name: str | None) -> Wanted:
    """Return the entity of the kind and name that the commands create, or `NOTHING_STATED` if none does."""
    wanted = NOTHING_STATED
    for operation, options in commands_in(text):
        known = _CREATING.get(operation)
        if known is None:
            continue
        of_kind, option = known
        if operation == "add-role-to-instance-profile" and kind is EntityKind.ROLE:
            if fits(EntityKind.ROLE, _one(options, "role-name"), kind, name) and wanted is not NOTHING_STATED:
                wanted = replace(wanted, instance_profile=_one(options, option))
            continue
        said = _one(options, option)
        if not fits(of_kind, said, kind, name):
            continue
        wanted = _with_command(wanted, of_kind, said, operation, options)
    return wanted


def deletions_in(text: str) -> Iterator[tuple[EntityKind, str]]:
    """Yield the entities that the commands in a text delete, each as its kind and its name or ARN."""
    for operation, options in commands_in(text):
        kind, option = _DELETING.get(operation, (None, ""))
        name = _one(options, option)
        if kind is not None and name:
            yield kind, name


def commands_in(text: str) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Yield the ``aws iam`` commands in a text, each as its operation and its options with their words."""
    joined = re.sub(r"\\\r?\n[ \t]*", " ", text)
    end = 0
    for match in islice(_COMMAND.finditer(joined), _MOST):
        if match.start() < end:
            continue  # a value of the previous command, which may be text from anybody
        rest = _REST.match(joined, match.end())
        if rest is None or joined[rest.end() : rest.end() + 1] in ("'", '"'):
            continue  # cut off inside a value
        line = rest.group()
        try:
            words = shlex.split(line)
        except ValueError:
            continue
        end = match.end() + len(line)
        options: dict[str, list[str]] = {}
        current: list[str] | None = None
        for word in words:
            if re.fullmatch(r"--[a-z][a-z0-9-]*(=.*)?", word, re.DOTALL):
                option, _, value = word[2:].partition("=")
                current = options.setdefault(option, [])
                if value:
                    current.append(value)
            elif current is not None:
                current.append(word)
        yield match.group(1), options


def _one(options: Mapping[str, list[str]], name: str) -> str | None:
    values = options.get(name)
    return values[0] if values else None


def _with_command(
    wanted: Wanted, kind: EntityKind, name: str | None, operation: str, options: Mapping[str, list[str]]
) -> Wanted:
    elsewhere = list(wanted.elsewhere)

    def document(option: str) -> Document | None:
        value = _one(options, option)
        if value is None:
            return None
        if value.startswith(("file://", "fileb://")):
            elsewhere.append(value.split("://", 1)[1])
            return None
        return document_of(value)

    wanted = replace(wanted, source="the pasted command", kind=kind, name=name or wanted.name)
    match operation:
        case "attach-role-policy":
            arn = _one(options, "policy-arn")
            return replace(wanted, attached=(*(wanted.attached or ()), arn)) if arn else wanted
        case "put-role-policy":
            policy_name, put = _one(options, "policy-name"), document("policy-document")
            inline = {**(wanted.inline or {}), policy_name: put} if policy_name and put else wanted.inline
            return replace(wanted, inline=inline, elsewhere=tuple(elsewhere))
        case "add-role-to-instance-profile":
            return replace(wanted, role_name=_one(options, "role-name"))
    trust = document("assume-role-policy-document")
    policy = document("policy-document")
    seconds = _one(options, "max-session-duration")
    audiences = options.get("client-id-list")
    creates = operation.startswith(("create-", "upload-"))
    return replace(
        wanted,
        # A command without a path means the root.
        path=_one(options, "path") or ("/" if creates and kind in WITH_PATHS else wanted.path),
        trust=trust or wanted.trust,
        document=policy or wanted.document,
        boundary=_one(options, "permissions-boundary") or wanted.boundary,
        tags=tags_in(options.get("tags")) or wanted.tags,
        description=_one(options, "description") or wanted.description,
        max_session_seconds=int(seconds) if seconds and seconds.isdigit() and len(seconds) < 9 else None,
        audiences=tuple(audiences) if audiences else wanted.audiences,
        elsewhere=tuple(elsewhere),
    )


def tags_in(words: list[str] | None) -> dict[str, str] | None:
    """Parse tags in the CLI's formats: ``Key=a,Value=b …`` or JSON. None if there are none."""
    if not words:
        return None
    if words[0].lstrip().startswith(("[", "{")):
        try:
            listed = json.loads(" ".join(words))
        except (ValueError, RecursionError):
            return None
        listed = listed if isinstance(listed, list) else [listed]
        return {
            str(each["Key"]): str(each.get("Value", "")) for each in listed if isinstance(each, dict) and "Key" in each
        }
    tags = {}
    for word in words:
        match = re.fullmatch(r"Key=([^,]*),Value=(.*)", word, re.DOTALL)
        if match:
            tags[match.group(1)] = match.group(2)
    return tags
