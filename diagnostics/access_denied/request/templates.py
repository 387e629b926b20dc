"""Find the condition keys of a denied request in a template or an SDK's log next to the denial, each with its source.

The sources are Terraform and CloudFormation resources, calls in the code of CDK, Pulumi and the SDKs, parameters in the
debug logs of botocore and the JavaScript SDK, Kubernetes manifests and GitLab jobs. A computed value is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from diagnostics.access_denied.request.command import LEFT_OUT, TAG_PARAMETERS, key_of_parameter
from diagnostics.text.read.layout.python_literals import NotALiteralError, read_literal
from iam.arn import Arn, service_of
from iam.claims import Keys, Source, Sourced, Values
from iam.facts.global_services import global_region, partition_of_region
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME
from iam.service_reference import action as known_action
from iam.services import iam_prefix

_LONGEST = 60_000
_MOST = 40
_LONGEST_CALL = 8000
# Terraform's names of services and things whose IAM prefix is a different word (Terraform AWS provider, resources).
_OF_EC2 = frozenset(
    (
        *("instance", "vpc", "subnet", "security", "launch", "ebs", "eip", "ami", "key", "nat", "internet", "route"),
        *("network", "spot", "volume", "flow", "customer", "placement", "snapshot"),
    )
)
_OF_WORD = {
    "db": "rds",
    "lb": "elasticloadbalancing",
    "alb": "elasticloadbalancing",
    "elb": "elasticloadbalancing",
    "sfn": "states",
    "efs": "elasticfilesystem",
    "emr": "elasticmapreduce",
    "msk": "kafka",
    "elasticsearch": "es",
    "opensearch": "es",
    "lambda": "lambda",
    "cognito": "cognito-idp",
    "api": "apigateway",
    "codestarconnections": "codestar-connections",
}


@dataclass(frozen=True, slots=True)
class Described:
    """A request described in the text, or the resource that the request creates.

    ``thing`` is the resource's type in lower case, or the operation's name. ``parameters`` are by name, without case
    and punctuation (`letters`); each has its values and the text from which they were read. ``said`` says where in the
    text this is.
    """

    service: str
    thing: str
    said: str
    source: Source
    operation: bool = False
    parameters: Mapping[str, tuple[Values, str]] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)

    def describes(self, action: str) -> bool:
        """Return whether a call for the action would send these parameters."""
        service, _, name = action.lower().partition(":")
        if self.service and self.service != service:
            return False
        return self.thing == name if self.operation else self.thing in name


def template_keys(text: str, action: str | None, resource: str | None = None) -> Keys:
    """Return the condition keys of a call of the action on the resource, from the text's templates and logs.

    A key with different values in several places is left unknown.
    """
    if action is None:
        return {}
    text = text[:_LONGEST]
    found: dict[str, Sourced[Values]] = {}
    differ: set[str] = set()
    for each in (each for each in descriptions(text) if each.describes(action)):
        for key, values, said in _keys_of(each, action, resource or ""):
            had = found.setdefault(key, Sourced(values, each.source, said))
            if had.as_json["value"] != list(values):
                differ.add(key)
    found = {key: had for key, had in found.items() if key not in differ}
    if "aws:RequestedRegion" not in found and (region := _region(text, action, resource)) is not None:
        found["aws:RequestedRegion"] = region
    for key, had in _token_claims(text, action):
        found.setdefault(key, had)
    return found


def descriptions(text: str) -> Iterator[Described]:
    """Yield what the text describes, in this order: Terraform, CloudFormation, code, logs, cmdlets."""
    for read in (_terraform, _cloudformation, _calls, _logs, _cmdlets):
        for count, each in enumerate(read(text)):
            if count == _MOST:
                break
            yield each


def _keys_of(described: Described, action: str, resource: str) -> Iterator[tuple[str, Values, str]]:
    known = known_action(action)
    if known is None:
        return
    service = service_of(action)
    for name, (values, words) in described.parameters.items():
        if name in TAG_PARAMETERS or not values:
            continue
        key = key_of_parameter(service, name, values[0], action)
        if key is not None:
            yield key, values[:1], f"{words} ({described.said})"
    if described.said.startswith("aws_instance.") and _NOT_TAGGED.search(resource):
        # Terraform AWS provider, "aws_instance": tags are the instance's, volume_tags those of its volumes.
        for tag in described.tags:
            yield (
                f"aws:RequestTag/{tag}",
                (),
                f"{described.said} sets the tag only on the instance: volume_tags are for volumes",
            )
        return
    if action.lower() in _TAGGED_AFTERWARDS and described.source is Source.TEMPLATE:
        return
    if described.tags and any(key.startswith("aws:requesttag/") for key in known.all_keys):
        for tag, value in described.tags.items():
            yield f"aws:RequestTag/{tag}", (value,), f"tag {tag}={value} ({described.said})"
        yield "aws:TagKeys", tuple(described.tags), f"tags {', '.join(described.tags)} ({described.said})"


_TAGGED_AFTERWARDS = {"s3:createbucket"}
"""Calls that may take tags, although tools that apply a template may set the tags in a later call.

   For a bucket, that is PutBucketTagging (https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html).
"""
_NOT_TAGGED = regex(r"^arn:[\w-]+:ec2:[^:]*:[^:]*:(?:volume|network-interface)/")


def letters(name: str) -> str:
    """Return the name in lower case without punctuation, so that different spellings of one parameter are equal."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _words(value: Any) -> Values | None:
    """Return the value as the text of a condition key, or None if it is computed or not a plain value."""
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if isinstance(value, int | float):
        return (str(value),)
    if isinstance(value, str):
        return (value,) if value and not re.search(r"\$\{|\{\{|<[A-Za-z]", value) else None
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return tuple(value)
    return None


def _plain(values: Mapping[str, Any], written: str = "{name}: {value}") -> dict[str, tuple[Values, str]]:
    found: dict[str, tuple[Values, str]] = {}
    for name, value in values.items():
        if (words := _words(value)) is not None:
            found[letters(name)] = (words, written.format(name=name, value=", ".join(words)[:120]))
    return found


def _tags(value: Any) -> dict[str, str]:
    """Return tags as a map. They are given as a map, as a list of Key and Value, or in a tag specification."""
    if isinstance(value, dict):
        if isinstance(value.get("Tags"), list):
            return _tags(value["Tags"])
        return {key: words[0] for key, each in value.items() if (words := _words(each)) and len(words) == 1}
    found: dict[str, str] = {}
    for each in value if isinstance(value, list) else ():
        if not isinstance(each, dict):
            continue
        lowered = {str(key).lower(): item for key, item in each.items()}
        key, words = lowered.get("key") or lowered.get("tagkey"), _words(lowered.get("value", lowered.get("tagvalue")))
        if isinstance(key, str) and words:
            found[key] = words[0]
        elif isinstance(each.get("Tags"), list):
            found.update(_tags(each["Tags"]))
    return found


def _all_tags(values: Mapping[str, Any]) -> dict[str, str]:
    return {
        key: value
        for name, each in values.items()
        if letters(name) in TAG_PARAMETERS or letters(name) == "tagset"
        for key, value in _tags(each).items()
    }


# Terraform.

_HCL = regex(r"\bresource\s+\"aws_\w+\"\s+\"[^\"\n]+\"\s*\{")
_PROVIDER = regex(r"\bprovider\s+\"aws\"\s*\{")


def _terraform(text: str) -> Iterator[Described]:
    if 'resource "aws_' not in text:
        return
    from diagnostics.text.templates.hcl import blocks

    defaults: dict[str, str] = {}
    for provider in blocks(text, _PROVIDER):
        for block in provider.blocks:
            if block.type == "default_tags":
                defaults.update(_tags(block.attributes.get("tags")))
    for block in blocks(text, _HCL):
        if len(block.labels) != 2:
            continue
        service, thing = terraform_type(block.labels[0])
        attributes = {**block.attributes}
        for inner in block.blocks:
            attributes.update({name: value for name, value in inner.attributes.items() if name not in attributes})
        tags = {**defaults, **_all_tags(block.attributes)}
        yield Described(
            service,
            thing,
            ".".join(block.labels),
            Source.TEMPLATE,
            parameters=_plain(attributes, "{name} = {value}"),
            tags=tags,
        )


_TERRAFORM_NAMED = regex(r"(?<![\w.])(?P<type>aws_[a-z0-9_]{3,60})\.[\w-]+|\bresource\s+\"(?P<declared>aws_\w+)\"")
_CFN_NAMED = regex(r"\bAWS::(?P<service>\w+)::(?P<thing>\w+)")


def described_types(text: str) -> set[tuple[str, str]]:
    """Return the IAM prefix and the type of each resource in Terraform's or CloudFormation's lines of the text."""
    terraform = {
        terraform_type(each["type"] or each["declared"]) for each in _TERRAFORM_NAMED.finditer(text[:_LONGEST])
    }
    stack = {
        (iam_prefix(each["service"]) or "", letters(each["thing"])) for each in _CFN_NAMED.finditer(text[:_LONGEST])
    }
    return terraform | stack


def terraform_type(name: str) -> tuple[str, str]:
    """Return the IAM prefix and the type in a resource type of Terraform's AWS provider.

    For ``aws_instance`` they are ``ec2`` and ``instance``.
    """
    words = name.removeprefix("aws_").split("_")
    if words[0] in _OF_EC2 or name == "aws_ec2_instance":
        return "ec2", "".join(words)
    if words[:3] == ["cloudwatch", "log", "group"]:
        return "logs", "loggroup"
    if words[:2] == ["cloudwatch", "event"]:
        return "events", "".join(words[2:])
    service = _OF_WORD.get(words[0]) or iam_prefix(words[0]) or ""
    thing = "".join(words[1:]) or words[0]
    if words[0] in ("db", "lb", "alb"):
        thing = (
            {"db": "dbinstance", "lb": "loadbalancer", "alb": "loadbalancer"}[words[0]] if len(words) == 1 else thing
        )
    if name == "aws_db_instance":
        thing = "dbinstance"
    return service, thing


# CloudFormation.


def _cloudformation(text: str) -> Iterator[Described]:
    if "AWS::" not in text or "Properties" not in text:
        return
    from diagnostics.text.templates.cloudformation import computed, template_resources

    for kind, properties in template_resources(text):
        _, service, thing = (*kind.split("::"), "", "")[:3]
        settled = {name: value for name, value in properties.items() if not computed(value)}
        yield Described(
            iam_prefix(service) or "",
            letters(thing),
            kind,
            Source.TEMPLATE,
            parameters=_plain(settled),
            tags=_all_tags(settled),
        )


# Calls in code: CDK and Pulumi constructs, boto3, the JavaScript SDK.

_CONSTRUCT = regex(
    r"(?:\bnew\s+|\b)(?P<pulumi>aws\.|aws_|cdk\.aws_)?(?P<service>[a-z][a-z0-9_]{1,30})\.(?:Cfn)?(?P<thing>[A-Z]\w{2,40})\(",
)
_COMMAND_CLASS = regex(r"\bnew\s+(?P<thing>[A-Z]\w{3,60})Command\(")
_METHOD = regex(r"\b\w{2,40}\.(?P<thing>[a-z]{2,20}_[a-z][a-z0-9_]{2,50})\(")
_ARGUMENT = regex(
    r"(?:^|[,{(\s])[\"']?(?P<name>[A-Za-z_]\w{1,60})[\"']?\s*[:=](?!=)\s*(?P<value>\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'|-?\d+(?:\.\d+)?|"
    r"\b(?:true|false|True|False)\b)"
)
_TAG_BLOCK = regex(r"\b[Tt]ags\s*[\"']?\s*[:=]\s*(?P<tags>\{[^{}]{1,2000}\}|\[[^\[\]]{1,4000}\])")
_TAG_SPECIFICATION = regex(r"[\"']?Tags[\"']?\s*:\s*(?P<tags>\[[^\[\]]{1,4000}\])")
_PAIR = regex(
    r"(?:[\"'](?P<quoted>[^\"'\n]{1,128})[\"']|(?P<plain>[\w:/.@+=-]{1,128}))\s*[:=]\s*[\"'](?P<value>[^\"'\n]{0,256})[\"']"
)
_LISTED = regex(
    r"\{[^{}]*?[\"']?[Kk]ey[\"']?\s*[:=]\s*[\"'](?P<key>[^\"']+)[\"']\s*,\s*[\"']?[Vv]alue[\"']?\s*[:=]\s*[\"'](?P<value>[^\"']*)[\"']"
)


def _calls(text: str) -> Iterator[Described]:
    for found in islice(_CONSTRUCT.finditer(text), 5 * _MOST):
        service = iam_prefix(found["service"].removeprefix("aws_").rstrip("_"))
        if service is None:
            continue
        inside = _inside(text, found.end())
        yield _of_code(service, letters(found["thing"]), found[0].rstrip("("), inside, Source.TEMPLATE, False)
    for thing, said, inside in _sdk_calls(text, _COMMAND_CLASS, _METHOD):
        yield _of_code("", thing, said, inside, Source.COMMAND, True)


def _sdk_calls(text: str, *patterns: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the SDK calls that the patterns match: the operation in lower case, the call as written, its arguments."""
    for pattern in patterns:
        for found in islice(pattern.finditer(text), 5 * _MOST):
            yield letters(found["thing"]), found[0].rstrip("("), _inside(text, found.end())


def left_out_by_code(text: str, action: str | None) -> Keys:
    """Return the condition keys that calls for this action in code could set but do not: the request lacks them.

    A call whose arguments are in a variable, or that unpacks a variable, may set any key.
    """
    service, _, name = (action or "").lower().partition(":")
    settable = LEFT_OUT.get(f"{service}:{name}", {})
    if not settable:
        return {}
    calls = [
        (said, inside) for thing, said, inside in _sdk_calls(text, _COMMAND_CLASS, _METHOD, _CAMEL) if thing == name
    ]
    if not calls or any(_HIDES.search(inside) or not inside.strip() for _, inside in calls):
        return {}
    named = {letters(each["name"]) for _, inside in calls for each in _ARGUMENT_NAME.finditer(inside)}
    return {
        key: Sourced((), Source.COMMAND, f"{calls[0][0]} was called without {_in_code(options[-1])}")
        for key, options in settable.items()
        if not named.intersection(map(letters, options))
    }


def _in_code(option: str) -> str:
    """Return the SDK parameter for an AWS CLI option, such as ``ACL`` for ``acl``."""
    special = {"acl": "ACL", "ssekms-key-id": "SSEKMSKeyId"}
    return special.get(option) or "".join(part[:1].upper() + part[1:] for part in option.split("-"))


_CAMEL = regex(r"\b\w{2,40}\.(?P<thing>[a-z]{2,20}[A-Z]\w{2,50})\(")
_HIDES = regex(r"\.\.\.|\*\*|^\s*\w+\s*$|^\s*\w+\s*,")
"""Arguments that are defined elsewhere in the code."""
_ARGUMENT_NAME = regex(r"(?:^|[,{(\s])[\"']?(?P<name>[A-Za-z_]\w{1,60})[\"']?\s*(?:[:=](?!=)|(?=[,}]))")


def _inside(text: str, start: int) -> str:
    """Return the text up to the bracket that closes the one before ``start``."""
    depth = 1
    for at in range(start, min(len(text), start + 6000)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return text[start:at]
    return ""


def _of_code(service: str, thing: str, said: str, inside: str, source: Source, operation: bool) -> Described:
    tags: dict[str, str] = {}
    for found in (*_TAG_BLOCK.finditer(inside), *_TAG_SPECIFICATION.finditer(inside)):
        block = found["tags"]
        tags.update(
            {each["key"]: each["value"] for each in _LISTED.finditer(block)}
            or {each["quoted"] or each["plain"]: each["value"] for each in _PAIR.finditer(block) if block[0] == "{"}
        )
    plain = _TAG_BLOCK.sub(" ", inside)
    parameters: dict[str, tuple[Values, str]] = {}
    for found in _ARGUMENT.finditer(plain):
        value = found["value"].strip("\"'")
        if "${" in value or not value:
            continue
        value = value.lower() if value in ("True", "False") else value
        parameters.setdefault(letters(found["name"]), ((value,), " ".join(found[0].strip(" ,{(\n").split())))
    return Described(service, thing, said, source, operation, parameters, tags)


# Logs of SDKs: botocore's debug log, the JavaScript SDK's logger, CloudTrail-like parameters.

_BOTOCORE = regex(r"OperationModel\(name=(?P<thing>\w+)\)(?:[^{\n]{0,40})(?=\{)")
_JAVASCRIPT = regex(r"commandName[\"']?:\s*[\"'](?P<thing>\w+)Command[\"']", re.IGNORECASE)
_INPUT = regex(r"\binput[\"']?:\s*(?=\{)")
_HEADER = regex(r"^x-amz-[\w-]+$")


def _logs(text: str) -> Iterator[Described]:
    for found in islice(_BOTOCORE.finditer(text), _MOST):
        values = _literal(text[found.end() : found.end() + _LONGEST_CALL])
        if isinstance(values, dict):
            yield _of_botocore(found["thing"], values)
    yield from _records(text)
    for found in islice(_JAVASCRIPT.finditer(text), _MOST):
        at = _INPUT.search(text, found.end(), found.end() + 2000)
        at = at or _INPUT.search(text, max(0, found.start() - 2000), found.start())
        inside = _braces(text, at.end()) if at is not None else ""
        if inside:
            said = found[0].strip()
            yield _of_code("", letters(found["thing"]), said, inside, Source.COMMAND, True)


def _records(text: str) -> Iterator[Described]:
    """Yield the calls that CloudTrail recorded, with their request parameters.

    See "record contents" in the CloudTrail user guide.
    """
    if "requestParameters" not in text:
        return
    from diagnostics.text.read.forms.cloudtrail_events import json_values

    for value, _, _ in json_values(text):
        records = value.get("Records", [value]) if isinstance(value, dict) else value
        for record in records if isinstance(records, list) else ():
            sent = record.get("requestParameters") if isinstance(record, dict) else None
            if isinstance(sent, dict) and isinstance(name := record.get("eventName"), str):
                service = iam_prefix(str(record.get("eventSource", "")).removesuffix(".amazonaws.com")) or ""
                said = f"requestParameters of {name}"
                found = {**_all_tags(sent), **_record_tags(sent)}
                yield Described(service, letters(name), said, Source.CLOUDTRAIL, True, _plain(sent), found)


def _cmdlets(text: str) -> Iterator[Described]:
    from diagnostics.access_denied.request.cmdlet_calls import cmdlet_calls  # which imports this module

    yield from cmdlet_calls(text)


def _record_tags(sent: Mapping[str, Any]) -> dict[str, str]:
    """Return EC2's tags from CloudTrail's format: ``{"tagSpecificationSet": {"items": [{"tags": [...]}]}}``."""
    whole = sent.get("tagSpecificationSet")
    items = whole.get("items") if isinstance(whole, dict) else None
    return {
        key: value
        for item in (items if isinstance(items, list) else ())
        if isinstance(item, dict)
        for key, value in _tags(item.get("tags")).items()
    }


def _of_botocore(operation: str, values: dict[str, Any]) -> Described:
    """Return the request that botocore logged in serialized form.

    Its parameters are in ``body`` or ``query_string``, S3's options in ``headers``.
    """
    body = values.get("body")
    if isinstance(body, bytes):
        body = body.decode("utf-8", "replace")
    if isinstance(body, str):
        try:
            body = json.loads(body)
        except ValueError:
            body = {}
    sent = {**body} if isinstance(body, dict) else {}
    query = values.get("query_string")
    sent.update(query if isinstance(query, dict) else {})
    headers = values.get("headers")
    headers = headers if isinstance(headers, dict) else {}
    parameters = _plain(sent)
    parameters.update(_plain({name: value for name, value in headers.items() if _HEADER.match(str(name).lower())}))
    return Described(
        "",
        letters(operation),
        f"OperationModel(name={operation})",
        Source.COMMAND,
        True,
        parameters,
        _query_tags(sent),
    )


def _query_tags(sent: Mapping[str, Any]) -> dict[str, str]:
    """Return the tags in the query protocol's format (``TagSpecification.1.Tag.1.Key``), or in a JSON body."""
    found = _all_tags(sent)
    for name, value in sent.items():
        if re.search(r"[Tt]ag[\w.]*\.\d+\.Key$", name) and isinstance(value, str):
            other = sent.get(f"{name.removesuffix('Key')}Value")
            if isinstance(other, str):
                found[value] = other
    return found


def _literal(text: str) -> Any:
    """Return the Python literal at the beginning of the text, or None if there is none."""
    inside = _braces(text, 0)
    # What has no literal form: <botocore.…Context object at 0x…>, datetime(…), <_io.BytesIO …>.
    plain = re.sub(r"<[^<>]{1,200}>|\bdatetime\.datetime\([^()]*\)", "None", inside)
    try:
        return read_literal(plain)
    except NotALiteralError:
        return None


def _braces(text: str, start: int) -> str:
    """Return the text from the brace at ``start`` to the one that closes it."""
    depth = 0
    for at in range(start, min(len(text), start + _LONGEST_CALL)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth == 0:
            return text[start : at + 1] if at > start else ""
    return ""


# The Region, and a token's claims.

_EXPORTED = regex(
    r"(?:(?<![\w-])AWS_(?:DEFAULT_)?REGION[\"']?\s{0,9}[=:]\s{0,9}|\$env:AWS_(?:DEFAULT_)?REGION\s{0,9}=\s{0,9}"
    rf"|aws configure set region\s{{1,9}})[\"']?(?P<region>{REGION_NAME})(?![\w-])"
)
_REGION_SET = (
    _EXPORTED,
    regex(rf"\bprovider\s+\"aws\"\s*\{{[^{{}}]*?\bregion\s*=\s*\"(?P<region>{REGION_NAME})\""),
    regex(rf"\bname:\s*AWS_(?:DEFAULT_)?REGION\s*\n\s*value:\s*[\"']?(?P<region>{REGION_NAME})\b"),
    regex(rf"\b(?:aws-region|region_name|regionName|aws_region)[\"']?\s*[:=]\s*[\"']?(?P<region>{REGION_NAME})\b"),
    regex(rf"\bnew\s+\w+Client\(\{{[^{{}}]*?\bregion:\s*[\"'](?P<region>{REGION_NAME})[\"']"),
)


def _region(text: str, action: str, resource: str | None) -> Sourced[Values] | None:
    """Return the Region that the text sets, for a service with Regions.

    None if it sets none or several, or if the denied resource is in another one: an inference profile calls its models
    in their own Regions.
    """
    if service_of(action) == "sts":  # it has a global endpoint, too
        return None
    found = {match["region"]: match for pattern in _REGION_SET for match in pattern.finditer(text)}
    if len(found) != 1:
        return None
    region, match = next(iter(found.items()))
    if global_region(service_of(action), partition_of_region(region)) is not None:
        return None
    arn = Arn.parse(resource or "")
    if arn is not None and arn.region and "*" not in arn.region and arn.region != region:
        return None
    said = " ".join(match[0].split())
    source = Source.COMMAND if _EXPORTED.fullmatch(match[0]) else Source.TEMPLATE
    return Sourced((region,), source, said[-80:])


_ISSUER = regex(r"\boidc\.eks\.[a-z0-9-]+\.amazonaws\.com/id/[0-9A-Fa-f]{32}\b")
_ACCOUNT_OF_POD = regex(
    r"kind:\s*ServiceAccount\b[^\x1e]{0,600}?\bname:\s*[\"']?(?P<name>[a-z0-9.-]+)[\"']?[^\x1e]{0,300}?\bnamespace:\s*[\"']?"
    r"(?P<namespace>[a-z0-9-]+)"
    r"|kind:\s*ServiceAccount\b[^\x1e]{0,600}?\bnamespace:\s*[\"']?(?P<namespace2>[a-z0-9-]+)[\"']?[^\x1e]{0,300}?\bname:\s*[\"']?"
    r"(?P<name2>[a-z0-9.-]+)"
)
_GITLAB = regex(r"\bid_tokens:\s*\n(?:[^\n]*\n){0,3}?\s*aud:\s*[\"']?(?P<audience>[^\s\"'#]+)")


def _token_claims(text: str, action: str) -> Iterator[tuple[str, Sourced[Values]]]:
    """Yield the subject of a pod's token and the audience of a GitLab job's, if the text has the manifest or job."""
    if action.lower() != "sts:assumerolewithwebidentity":
        return
    issuers = set(_ISSUER.findall(text))
    accounts = {
        (found["namespace"] or found["namespace2"], found["name"] or found["name2"]): found
        for found in _ACCOUNT_OF_POD.finditer(text)
    }
    if len(issuers) == 1 and len(accounts) == 1:
        namespace, name = next(iter(accounts))
        subject = f"system:serviceaccount:{namespace}:{name}"
        yield f"{issuers.pop()}:sub", Sourced((subject,), Source.TEMPLATE, f"ServiceAccount {namespace}/{name}")
    audiences = {found["audience"] for found in _GITLAB.finditer(text)}
    if len(audiences) == 1 and not (audience := audiences.pop()).startswith("$"):
        hosts = set(_OF_GITLAB.findall(text)) or set(_HOST_OF_CLAIM.findall(text)) or set(_GITLAB_ITSELF.findall(text))
        for host in hosts if len(hosts) == 1 else ():
            yield f"{host}:aud", Sourced((audience,), Source.TEMPLATE, f"id_tokens: aud: {audience}")


_OF_GITLAB = regex(r"oidc-provider/([a-z0-9][a-z0-9.-]*gitlab[a-z0-9.-]*|gitlab[a-z0-9.-]*)(?![\w/-])")
"""The host of the identity provider; a self-managed GitLab has its own."""
_HOST_OF_CLAIM = regex(r"([a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)+):(?:aud|sub)\b")
_GITLAB_ITSELF = regex(r"(?<![\w.-])gitlab\.com\b")
