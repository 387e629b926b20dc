"""Condition keys from what was pasted around a denial: the AWS CLI command that was refused, a workflow's inputs."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator

from iam.arn import service_of
from iam.claims import Keys, Source, Sourced, Values
from iam.frozen import frozen
from iam.lazy_pattern import regex
from iam.services import iam_prefix

KEY_OF_OPTION: dict[tuple[str, str], str] = {
    ("ec2", "instance-type"): "ec2:InstanceType",
    ("iam", "permissions-boundary"): "iam:PermissionsBoundary",
    ("iam", "policy-arn"): "iam:PolicyARN",
    ("iam", "aws-service-name"): "iam:AWSServiceName",
    ("s3", "acl"): "s3:x-amz-acl",
    ("s3", "sse"): "s3:x-amz-server-side-encryption",
    ("s3", "server-side-encryption"): "s3:x-amz-server-side-encryption",
    ("s3", "sse-kms-key-id"): "s3:x-amz-server-side-encryption-aws-kms-key-id",
    ("s3", "ssekms-key-id"): "s3:x-amz-server-side-encryption-aws-kms-key-id",
    ("s3", "storage-class"): "s3:x-amz-storage-class",
    ("s3", "prefix"): "s3:prefix",
    ("s3", "delimiter"): "s3:delimiter",
    ("secretsmanager", "version-stage"): "secretsmanager:VersionStage",
    ("sts", "external-id"): "sts:ExternalId",
    ("sts", "role-session-name"): "sts:RoleSessionName",
    ("sts", "source-identity"): "sts:SourceIdentity",
}
"""Service and option of the AWS CLI → the condition key that carries the option's value (Service Authorization
Reference, the condition keys of each service; the options are those of the AWS CLI Command Reference)."""
_INPUTS = {
    "audience": "token.actions.githubusercontent.com:aud",
    "aws-region": "aws:RequestedRegion",
    "role-external-id": "sts:ExternalId",
    "role-session-name": "sts:RoleSessionName",
}
"""Inputs of the action aws-actions/configure-aws-credentials → condition keys of its call of STS (its README)."""
_TAGS = ("tags", "tag-specifications", "tag-specification")
_COMMAND = regex(r"(?<![\w/-])aws[ \t]+(?P<rest>[^\n;|&>]{3,4000})")
_TAG = regex(
    r"[\"']?Key[\"']?\s*[=:]\s*[\"']?(?P<key>[^\"',={}\]\s]+)[\"']?\s*,\s*[\"']?Value[\"']?\s*[=:]\s*[\"']?"
    r"(?P<value>[^\"',{}\]]*)"
)
_INPUT = regex(rf"^[ \t]*(?P<name>{'|'.join(_INPUTS)}):[ \t]*[\"']?(?P<value>[^\s\"'#]+)", re.MULTILINE)
_UNFILLED = regex(r"[$<>…*]|\.\.\.|\{\{|^[A-Z_]{4,}$")
"""What stands for a value: a variable, a placeholder."""


@frozen
class CliCommand:
    """A command of the AWS CLI: ``service`` is its IAM prefix, ``options`` have no dashes, each with its words."""

    service: str
    operation: str
    options: tuple[tuple[str, Values], ...]
    text: str

    def performs(self, action: str) -> bool:
        """Whether the command calls the action; of ``aws s3 cp`` and its like any of S3's."""
        service, _, name = action.lower().partition(":")
        if service != self.service:
            return False
        return self.operation.replace("-", "") == name or (self.text.split()[1:2] == ["s3"])


def commands_in(text: str) -> Iterator[CliCommand]:
    """The commands of the AWS CLI in a text, in order."""
    joined = re.sub(r"[\\`^][ \t]*\r?\n[ \t]*", " ", text[:100_000])
    for found in _COMMAND.finditer(joined):
        try:
            words = shlex.split(found["rest"])
        except ValueError:
            words = found["rest"].split()
        options = dict(_options(words))
        names = list(_without_options(words))[:2]
        if (
            len(names) == 2
            and re.fullmatch(r"[a-z][a-z0-9-]+", names[0])
            and re.fullmatch(r"[a-z][a-z0-9-]+", names[1])
        ):
            service = {"s3api": "s3"}.get(names[0]) or iam_prefix(names[0]) or names[0]
            yield CliCommand(service, names[1], tuple(options.items()), f"aws {names[0]} {names[1]}")


def _options(words: list[str]) -> Iterator[tuple[str, Values]]:
    """Each option with the words up to the next one."""
    name, values = "", list[str]()
    for word in [*words, "--"]:
        if not word.startswith("--"):
            values.append(word)
            continue
        if name:
            yield name, tuple(values)
        name, _, value = word[2:].partition("=")
        values = [value] if value else []


_FLAGS = frozenset({"debug", "no-cli-pager", "no-verify-ssl", "no-paginate", "no-sign-request", "dry-run"})


def _without_options(words: list[str]) -> Iterator[str]:
    """The words that are no option and no option's value: the service, the operation."""
    skip = False
    for word in words:
        if word.startswith("--"):
            skip = "=" not in word and word[2:] not in _FLAGS
        elif skip:
            skip = False
        else:
            yield word


def command_keys(text: str, action: str | None) -> Keys:
    """The condition keys that the pasted command of this action carries. Commands that differ in a value leave it
    unknown."""
    if action is None:
        return {}
    found: dict[str, Sourced[Values]] = {}
    differ: set[str] = set()
    for command in commands_in(text):
        if command.service != service_of(action):
            continue
        for key, values, said in _keys_of(command, action):
            had = found.setdefault(key, Sourced(values, Source.COMMAND, said))
            if had.as_json["value"] != list(values):
                differ.add(key)
    return {key: had for key, had in found.items() if key not in differ}


def _keys_of(command: CliCommand, action: str) -> Iterator[tuple[str, Values, str]]:
    options = dict(command.options)
    if region := _filled(options.get("region", ())):
        yield "aws:RequestedRegion", region[:1], f"--region {region[0]}"
    if not command.performs(action):
        return
    for name, values in options.items():
        key = KEY_OF_OPTION.get((command.service, name))
        if key is not None and (filled := _filled(values[:1])):
            yield key, filled, f"--{name} {filled[0]}"
    tags = dict(tag for name in _TAGS for tag in _tags(options.get(name, ())))
    for tag, value in tags.items():
        yield f"aws:RequestTag/{tag}", (value,), f"tag {tag}={value}"
    if tags:
        yield "aws:TagKeys", tuple(tags), f"tags {', '.join(tags)}"
    pairs = dict(_pairs(options.get("encryption-context", ())))
    for name, value in pairs.items():
        yield f"kms:EncryptionContext:{name}", (value,), f"--encryption-context {name}={value}"
    if pairs:
        yield "kms:EncryptionContextKeys", tuple(pairs), "--encryption-context"


def _filled(values: Values) -> Values:
    """The values, where none of them is a variable or a placeholder."""
    return () if any(_UNFILLED.search(value) for value in values) else values


def _tags(values: Values) -> Iterator[tuple[str, str]]:
    whole = " ".join(values)
    named = [(found["key"], found["value"].strip()) for found in _TAG.finditer(whole)]
    yield from _settled(named if named else _pairs(values))


def _pairs(values: Values) -> Iterator[tuple[str, str]]:
    """``k=v,k2=v2``, or a JSON object, as the CLI takes maps."""
    whole = " ".join(values).strip()
    if whole.startswith("{"):
        pairs = re.findall(r"\"([^\"]+)\"\s*:\s*\"([^\"]*)\"", whole)
    else:
        pairs = [tuple(part.split("=", 1)) for part in re.split(r"[,\s]+", whole) if "=" in part]
    yield from _settled((key, value) for key, value in pairs)


def _settled(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for key, value in pairs:
        if _filled((key, value)):
            yield key, value


def workflow_keys(text: str, action: str | None) -> Keys:
    """The condition keys that the inputs of a GitHub workflow's step give its call of STS."""
    if (action or "").lower() != "sts:assumerolewithwebidentity" or "configure-aws-credentials" not in text:
        return {}
    found: dict[str, Sourced[Values]] = {}
    for match in _INPUT.finditer(text):
        if _filled((match["value"],)):
            said = f"{match['name']}: {match['value']}"
            found.setdefault(_INPUTS[match["name"]], Sourced((match["value"],), Source.TEMPLATE, said))
    return found
