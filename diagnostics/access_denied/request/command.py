"""Condition keys from what was pasted with a denial: the AWS CLI command that was denied, the inputs of a workflow."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from diagnostics.text.read.identities.call_settings import is_secret
from iam.api_operations import action_for
from iam.arn import Arn, service_of
from iam.claims import Keys, Source, Sourced, Values
from iam.facts.global_services import global_region, partition_of_region
from iam.lazy_pattern import regex
from iam.service_reference import action as known_action
from iam.service_reference import condition_keys, keys_on
from iam.services import iam_prefix

KEY_OF_OPTION: dict[tuple[str, str], str] = {
    ("s3", "acl"): "s3:x-amz-acl",
    ("s3", "sse"): "s3:x-amz-server-side-encryption",
    ("s3", "server-side-encryption"): "s3:x-amz-server-side-encryption",
    ("s3", "sse-kms-key-id"): "s3:x-amz-server-side-encryption-aws-kms-key-id",
    ("s3", "ssekms-key-id"): "s3:x-amz-server-side-encryption-aws-kms-key-id",
    ("s3", "storage-class"): "s3:x-amz-storage-class",
    ("ec2", "http-tokens"): "ec2:MetadataHttpTokens",
    ("ec2", "http-endpoint"): "ec2:MetadataHttpEndpoint",
    ("ec2", "http-put-response-hop-limit"): "ec2:MetadataHttpPutResponseHopLimit",
    ("ec2", "iam-instance-profile"): "ec2:InstanceProfile",
    ("ec2", "size"): "ec2:VolumeSize",
    ("ec2", "iops"): "ec2:VolumeIops",
    ("ec2", "throughput"): "ec2:VolumeThroughput",
    ("ec2-instance-connect", "instance-os-user"): "ec2:osuser",
    ("rds", "db-instance-class"): "rds:DatabaseClass",
    ("rds", "instance-class"): "rds:DatabaseClass",
    ("rds", "engine"): "rds:DatabaseEngine",
    ("rds", "db-name"): "rds:DatabaseName",
    ("rds", "allocated-storage"): "rds:StorageSize",
    ("rds", "iops"): "rds:Piops",
}
"""Service and AWS CLI option → the condition key with the option's value but a different name: the headers of S3
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html). An option needs no row if
its parameter has the name of one of the action's keys (``--instance-type``, ``ec2:InstanceType``)."""
_KEY_OF_PARAMETER = {(service, option.replace("-", "")): key for (service, option), key in KEY_OF_OPTION.items()}
_ENCRYPTION = "s3:x-amz-server-side-encryption"
LEFT_OUT: dict[str, dict[str, tuple[str, ...]]] = {
    "iam:createrole": {"iam:PermissionsBoundary": ("permissions-boundary",)},
    "iam:createuser": {"iam:PermissionsBoundary": ("permissions-boundary",)},
    "s3:putobject": {
        "s3:x-amz-acl": ("acl",),
        _ENCRYPTION: ("sse", "server-side-encryption"),
        f"{_ENCRYPTION}-aws-kms-key-id": ("sse-kms-key-id", "ssekms-key-id"),
    },
    "lambda:createfunction": {
        "lambda:VpcIds": ("vpc-config",),
        "lambda:SubnetIds": ("vpc-config",),
        "lambda:SecurityGroupIds": ("vpc-config",),
    },
    "sts:assumerole": {"sts:ExternalId": ("external-id",), "sts:SourceIdentity": ("source-identity",)},
}
"""Action → condition key → the only AWS CLI options that add the key to the request: without them the key is absent. A
bucket's default encryption adds no header to the request
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html,
https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html).
"""
_TAGGED = frozenset({"iam:createrole", "iam:createuser", "iam:createpolicy", "ec2:runinstances", "sts:assumerole"})
"""Actions whose requests have tags only if the command's options set them."""
_INPUTS = {
    "audience": "token.actions.githubusercontent.com:aud",
    "aws-region": "aws:RequestedRegion",
    "role-external-id": "sts:ExternalId",
    "role-session-name": "sts:RoleSessionName",
}
"""Inputs of the GitHub action aws-actions/configure-aws-credentials → condition keys of its call to STS (its
README).
"""
_TAGS = ("tags", "tag-specifications", "tag-specification")
TAG_PARAMETERS = frozenset(("tags", "tagspecifications", "tagspecification", "tagset", "taglist"))
"""Parameters that contain tags, in lower case."""
_COMMAND = regex(r"(?<![\w/-])aws[ \t]+(?P<rest>[^\n;|&>]{3,4000})")
_TAG = regex(
    r"[\"']?Key[\"']?\s*[=:]\s*[\"']?(?P<key>[^\"',={}\]\s]+)[\"']?\s*,\s*[\"']?Value[\"']?\s*[=:]\s*[\"']?"
    r"(?P<value>(?:(?!\s+[\"']?Key[\"']?\s*[=:])[^\"',{}\]])*)"
)
_INPUT = regex(rf"^[ \t]*(?P<name>{'|'.join(_INPUTS)}):[ \t]*[\"']?(?P<value>[^\s\"'#]+)", re.MULTILINE)
_UNFILLED = regex(r"[$<>…*]|\.\.\.|\{\{|^[A-Z_]{4,}$")
"""Text in place of a value: a variable or a placeholder."""


@dataclass(frozen=True, slots=True)
class CliCommand:
    """An AWS CLI command.

    ``service`` is its IAM prefix. ``options`` are the options' names without dashes, each with the words that follow
    it. ``paths`` are the S3 paths in the command. ``whole``: no further options are in a file, in a variable or cut
    off. ``failed``: the command is at a prompt, and the text shows a failure before the next command.
    """

    service: str
    operation: str
    options: tuple[tuple[str, Values], ...]
    text: str
    paths: tuple[str, ...] = ()
    whole: bool = True
    failed: bool = False

    def performs(self, action: str) -> bool:
        """Return whether the command calls the action; for ``aws s3 cp`` and the like, True for any action of S3."""
        service, _, name = action.lower().partition(":")
        if service != self.service:
            return False
        if self.operation.replace("-", "") == name or (self.text.split()[1:2] == ["s3"]):
            return True
        operation = "".join(part[:1].upper() + part[1:] for part in self.operation.split("-"))
        return (action_for(operation, self.service) or "").lower() == action.lower()


def commands_in(text: str) -> Iterator[CliCommand]:
    """Yield the AWS CLI commands in a text, in order."""
    joined = re.sub(r"[\\`^][ \t]*\r?\n[ \t]*", " ", text[:100_000])
    places = list(_COMMAND.finditer(joined))
    ends = [*(each.start() for each in places[1:]), len(joined)]
    for found, end in zip(places, ends, strict=False):
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
            paths = tuple(word for word in words if word.startswith("s3://"))
            whole = not (_ELSEWHERE.search(found["rest"]) or _FROM_FILE & options.keys())
            prompted = _AT_PROMPT.search(joined, joined.rfind("\n", 0, found.start()) + 1, found.start()) is not None
            failed = prompted and _FAILS.search(joined, found.end(), end) is not None
            text_ = f"aws {names[0]} {names[1]}"
            yield CliCommand(service, names[1], tuple(options.items()), text_, paths, whole, failed)


def of_the_failure(text: str, action: str) -> list[CliCommand]:
    """Return the commands that call the action. If the text shows which of several failed, only those are returned."""
    called = [command for command in commands_in(text) if command.performs(action)]
    return [command for command in called if command.failed] or called


_AT_PROMPT = regex(r"[$>#%+»][ \t]*(?:[A-Z_]+=\S+ +)*$")
_FAILS = regex(r"\berror occurred\b|\bnot authorized to perform\b|\bupload failed\b|\bcopy failed\b|\bfatal error\b")
_FROM_FILE = frozenset({"cli-input-json", "cli-input-yaml"})
_ELSEWHERE = regex(r"\.\.\.|…|\\\s*$|\$[{(@*]?\w*(?:ARGS|OPT|PARAM|EXTRA|FLAG)")
"""Signs that a command has options that the text omits."""


def _options(words: list[str]) -> Iterator[tuple[str, Values]]:
    """Yield each option with the words up to the next one."""
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
    """Yield the words that are neither an option nor its value: the service, the operation."""
    skip = False
    for word in words:
        if word.startswith("--"):
            skip = "=" not in word and word[2:] not in _FLAGS
        elif skip:
            skip = False
        else:
            yield word


def command_keys(text: str, action: str | None, resource: str | None = None) -> Keys:
    """Return the condition keys that the pasted command sets, if it calls this action.

    A key is left unknown if several commands give it different values. ``resource`` is the ARN that was denied: tags
    are set only on certain types of resources.
    """
    if action is None:
        return {}
    found: dict[str, Sourced[Values]] = {}
    differ: set[str] = set()
    others = (command for command in commands_in(text) if not command.performs(action))
    for command in (*of_the_failure(text, action), *others):
        if command.service != service_of(action):
            continue
        for key, values, said in _keys_of(command, action, _type_of(resource)):
            if key == "aws:RequestedRegion" and (
                not command.performs(action) or _is_elsewhere(command, action, resource, values)
            ):
                continue
            had = found.setdefault(key, Sourced(values, Source.COMMAND, said))
            if had.as_json["value"] != list(values):
                differ.add(key)
    return {key: had for key, had in found.items() if key not in differ}


def _is_elsewhere(command: CliCommand, action: str, resource: str | None, regions: Values) -> bool:
    """Return whether the denied resource is in a different Region from the command's.

    The command is then another call, or an inference profile called the model there
    (https://docs.aws.amazon.com/bedrock/latest/userguide/cross-region-inference.html).
    """
    other = service_of(action) == "bedrock" or not command.performs(action)
    arn = Arn.parse(resource or "") if other else None
    return arn is not None and bool(arn.region) and "*" not in arn.region and arn.region not in regions


def left_out_keys(text: str, action: str | None) -> Keys:
    """Return the condition keys that the pasted command for this action could set but does not.

    The request lacks them.
    """
    commands = of_the_failure(text, action) if action is not None else []
    # Of S3's high-level commands, these call PutObject.
    commands = [each for each in commands if not each.text.startswith("aws s3 ") or each.operation in _UPLOADS]
    if not commands or not all(command.whole for command in commands):
        return {}
    name = (action or "").lower()
    settable = dict(LEFT_OUT.get(name, {}))
    if name in _TAGGED:
        settable |= {"aws:TagKeys": _TAGS} | {f"aws:RequestTag/{tag}": _TAGS for tag in _ASKED_TAG.findall(text)}
    given = {option for command in commands for option, _ in command.options}
    return {
        key: Sourced((), Source.COMMAND, f"{commands[0].text} was called without --{options[0]}")
        for key, options in settable.items()
        if not given.intersection(options)
    }


_UPLOADS = ("cp", "mv", "sync")
_ASKED_TAG = regex(r"aws:RequestTag/([\w+=.@-]{1,128})", re.IGNORECASE)


def _type_of(resource: str | None) -> str:
    """Return the type of an EC2 resource, or "" for any other resource."""
    arn = Arn.parse(resource or "")
    return arn.type if arn is not None and arn.service == "ec2" else ""


def _keys_of(command: CliCommand, action: str, kind: str) -> Iterator[tuple[str, Values, str]]:
    options = dict(command.options)
    region = _filled(options.get("region", ()))
    # A service with one endpoint is called there, whatever --region says.
    if region and global_region(command.service, partition_of_region(region[0])) is None:
        yield "aws:RequestedRegion", region[:1], f"--region {region[0]}"
    if not command.performs(action):
        return
    # AWS CLI reference, "s3 cp", --sse: without a value it is AES256
    # (https://docs.aws.amazon.com/cli/latest/reference/s3/cp.html).
    if command.text.startswith("aws s3 ") and options.get("sse") == () and action.lower() == "s3:putobject":
        yield _ENCRYPTION, ("AES256",), "--sse"
    for name, values in options.items():
        filled = _filled(values[:1])
        key = key_of_parameter(command.service, name, filled[0], action) if filled else None
        if key is not None:
            yield key, filled, f"--{name} {filled[0]}"
    tags = dict(tag for name in _TAGS for tag in _tags(_for_type(options.get(name, ()), kind)))
    for tag, value in tags.items():
        yield f"aws:RequestTag/{tag}", (value,), f"tag {tag}={value}"
    if not tags and kind and "launch-template" not in options and "aws:tagkeys" in keys_on(action).get(kind, ()):
        for tag in dict(tag for name in _TAGS for tag in _tags(options.get(name, ()))):
            yield f"aws:RequestTag/{tag}", (), f"the command sets the tag {tag} on another type of resource"
    if tags:
        yield "aws:TagKeys", tuple(tags), f"tags {', '.join(tags)}"
    pairs = dict(_pairs(options.get("encryption-context", ())))
    for name, value in pairs.items():
        yield f"kms:EncryptionContext:{name}", (value,), f"--encryption-context {name}={value}"
    if pairs:
        yield "kms:EncryptionContextKeys", tuple(pairs), "--encryption-context"


def key_of_parameter(service: str, option: str, value: str, action: str) -> str | None:
    """Return the action's condition key that is set by a parameter or by its AWS CLI option; None if none is known.

    The CLI's options are the names of the API's parameters, and services name condition keys after those (Service
    Authorization Reference). A key whose value is an ARN is set only by an ARN, because the option may also take a
    name. For KMS, only the keys of the action itself count: condition keys for a KMS key are properties of that key,
    which only CreateKey sets. For example, KeySpec of GenerateDataKey is not the KMS key's own KeySpec
    (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-key-spec).
    """
    known = known_action(action)
    if known is None:
        return None
    keys = frozenset(map(str.lower, known.keys)) if service == "kms" else known.all_keys
    plain = option.replace("-", "")
    if is_secret(plain):
        return None
    if key := _KEY_OF_PARAMETER.get((service, plain)):
        fits = value.startswith("arn:") or not _holds_arn(key)
        return key if fits and key.lower() in keys else None
    for each in condition_keys(service).values():
        prefix, _, name = each.name.partition(":")
        if prefix == service and name.lower().replace("-", "") in (plain, f"xamz{plain}") and each.name.lower() in keys:
            return each.name if each.type != "ARN" or value.startswith("arn:") else None
    return None


def _holds_arn(key: str) -> bool:
    known = condition_keys(key.partition(":")[0]).get(key.lower())
    return known is not None and known.type == "ARN"


# The resource of a command.


def command_resource(text: str, action: str, operation: str | None, partition: str) -> Sourced[str] | None:
    """Return the S3 bucket or object that the pasted command for this action works on: S3's own messages name neither.

    None if no command names one, if commands differ, or if a command works on many objects.
    """
    if not action.lower().startswith("s3:"):
        return None
    found = {
        each: command.text
        for command in commands_in(text)
        if (each := _s3_resource(command, action, operation, partition)) is not None
    }
    if len(found) != 1:
        return None
    arn, said = next(iter(found.items()))
    return Sourced(arn, Source.COMMAND, said)


_MANY = ("recursive", "include", "exclude")
_S3_COMMANDS = {
    "cp": ("GetObject", "PutObject"),
    "mv": ("GetObject", "PutObject", "DeleteObject"),
    "rm": ("DeleteObject",),
    "presign": ("GetObject",),
    "ls": ("ListBucket",),
    "sync": ("ListBucket",),
}
"""The operations that the high-level AWS CLI commands for S3 call: for objects, and to list a bucket."""


def _s3_resource(command: CliCommand, action: str, operation: str | None, partition: str) -> str | None:
    name = action.partition(":")[2]
    known = known_action(action)
    on_object = known is not None and any(each.name == "object" for each in known.resource_types)
    options = dict(command.options)
    if command.text.startswith("aws s3 "):
        if name not in _S3_COMMANDS.get(command.operation, ()) or any(option in options for option in _MANY):
            return None
        path = command.paths[-1 if name == "PutObject" else 0] if command.paths else ""
        bucket, _, key = path.removeprefix("s3://").partition("/")
        if on_object and key.endswith("/"):
            return None  # the local file's name follows
    else:
        names = {each.lower() for each in (operation, name) if each}
        if command.service != "s3" or command.operation.replace("-", "") not in names:
            return None
        bucket, key = (next(iter(options.get(option, ())), "") for option in ("bucket", "key"))
    if not bucket or not _filled((bucket,)) or (on_object and not (key and _filled((key,)))):
        return None
    if bucket.startswith("arn:"):
        return None  # an access point
    return f"arn:{partition}:s3:::{bucket}/{key}" if on_object else f"arn:{partition}:s3:::{bucket}"


def _filled(values: Values) -> Values:
    """Return the values, or nothing if one of them is a variable or a placeholder."""
    return () if any(_UNFILLED.search(value) for value in values) else values


def _tags(values: Values) -> Iterator[tuple[str, str]]:
    whole = " ".join(values)
    named = [(found["key"], found["value"].strip()) for found in _TAG.finditer(whole)]
    yield from _settled(named if named else _pairs(values))


def _for_type(values: Values, kind: str) -> Values:
    """Return the part of ``--tag-specifications`` for this type of resource; all of it if the type is unknown."""
    parts = _SPECIFICATION.split(" ".join(values))
    if not kind or len(parts) < len(("before", "type", "tags")):
        return values
    return tuple(tags for named, tags in zip(parts[1::2], parts[2::2], strict=True) if named == kind)


_SPECIFICATION = regex(r"[\"']?ResourceType[\"']?\s*[=:]\s*[\"']?([a-z-]+)")


def _pairs(values: Values) -> Iterator[tuple[str, str]]:
    """Yield the pairs in ``k=v,k2=v2`` or in a JSON object, the CLI's two formats for maps."""
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
    """Return the condition keys that a GitHub workflow step's inputs set in its call to STS."""
    if (action or "").lower() != "sts:assumerolewithwebidentity" or "configure-aws-credentials" not in text:
        return {}
    found: dict[str, Sourced[Values]] = {}
    for match in _INPUT.finditer(text):
        if _filled((match["value"],)):
            said = f"{match['name']}: {match['value']}"
            found.setdefault(_INPUTS[match["name"]], Sourced((match["value"],), Source.TEMPLATE, said))
    return found
