"""Read name conflicts.

They are IAM's sentences, rows of CloudFormation and CDK, console banners, and typed creation requests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.failure import Conflict
from diagnostics.text.read.messages.context import read_context, speaks_of_aws
from diagnostics.text.read.messages.fields import join_breaks, trimmed
from iam.lazy_pattern import regex

CREATES = {
    "role": "CreateRole",
    "user": "CreateUser",
    "group": "CreateGroup",
    "policy": "CreatePolicy",
    "instance-profile": "CreateInstanceProfile",
    "oidc-provider": "CreateOpenIDConnectProvider",
    "saml-provider": "CreateSAMLProvider",
    "server-certificate": "UploadServerCertificate",
    "virtual-mfa-device": "CreateVirtualMFADevice",
    "login-profile": "CreateLoginProfile",
    "service-linked-role": "CreateServiceLinkedRole",
}
_TYPE_OF_OPERATION = {
    **{operation: kind for kind, operation in CREATES.items()},
    "AcquireRole": "role",
    "UpdateUser": "user",
    "UpdateGroup": "group",
    "UpdateServerCertificate": "server-certificate",
    "EnableMFADevice": "virtual-mfa-device",
    "AddRoleToInstanceProfile": "instance-profile",
}
_CLOUDFORMATION = {
    "role": "role",
    "user": "user",
    "group": "group",
    "policy": "policy",
    "managedpolicy": "policy",
    "instanceprofile": "instance-profile",
    "oidcprovider": "oidc-provider",
    "samlprovider": "saml-provider",
    "servercertificate": "server-certificate",
    "virtualmfadevice": "virtual-mfa-device",
    "servicelinkedrole": "service-linked-role",
}

_NAME = r"[\"'`]?(?P<name>[^\s\"'`\x1e|][^\s\"'`\x1e]{0,300}(?:[\r\n][^\s\"'`\x1e]{1,200}){0,4}?)[\"'`]?"
_END = (
    r"\s+(?:already\s+exists?|has\s+been\s+taken|is\s+already\s+(?:taken|in\s+use)"
    r"|already\s+in\s+use|already\s+has\s+(?:a\s+)?password)"
)
_KIND_WORDS = (
    ("service-linked-role", r"Service(?:-linked)?\s+role(?:\s+name)?"),
    ("instance-profile", r"Instance\s*Profile"),
    ("login-profile", r"Login\s*Profile\s+for\s+[Uu]ser"),
    ("server-certificate", r"(?:The\s+)?Server\s*Certificate"),
    ("oidc-provider", r"(?:OIDC|OpenID\s+Connect|OpenIDConnect)\s*(?:identity\s+)?[Pp]rovider"),
    ("saml-provider", r"SAML\s*(?:identity\s+)?[Pp]rovider"),
    ("virtual-mfa-device", r"(?:Virtual\s+)?MFA\s*Device"),
    ("policy", r"(?:Managed\s+)?Policy"),
    ("role", r"Role"),
    ("user", r"User"),
    ("group", r"Group"),
)
_SENTENCES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("oidc-provider", regex(rf"Provider\s+with\s+url\s+{_NAME}{_END}", re.IGNORECASE)),
    ("saml-provider", regex(rf"Provider\s+with\s+name\s+{_NAME}{_END}", re.IGNORECASE)),
    (
        "virtual-mfa-device",
        regex(r"MFA\s?Device\s+entity\s+at\s+the\s+same\s+path\s+and\s+name\s+already\s+exists", re.IGNORECASE),
    ),
    (
        "login-profile",
        regex(
            r"User\s+[\"'`]?(?P<name>\S+?)[\"'`]?\s+already\s+has\s+(?:a\s+)?(?:password|login\s+profile)",
            re.IGNORECASE,
        ),
    ),
    *(
        (
            kind,
            regex(
                rf"(?<!::)\b{words}\s+(?:(?:with\s+(?:the\s+)?)?(?:name|called|named)\s+)?(?!with\b|at\b|name\b|entity\b){_NAME}{_END}",
                re.IGNORECASE,
            ),
        )
        for kind, words in _KIND_WORDS
    ),
    *(
        (
            kind,
            regex(
                rf"(?<!::)\b{words}\s+(?:with\s+(?:this|the\s+same|that)\s+(?:name|url)|name|url)\s+(?:already\s+exists?|is\s+already\s+(?:taken|in\s+use))",
                re.IGNORECASE,
            ),
        )
        for kind, words in _KIND_WORDS
    ),
)
_ALIAS = regex(rf"account\s+alias\s+{_NAME}{_END}", re.IGNORECASE)
_IDENTIFIED = regex(
    r"Resource\s+of\s+type\s+[\"'`](?P<type>[\w:]+)[\"'`]\s+with\s+identifier\s+(?:'(?P<id1>[^']{1,600})'|\"(?P<id2>[^\"]{1,600})\"|(?P<id3>\S+))\s+already\s+exists",
    re.IGNORECASE,
)
_BARE = regex(r"(?P<name>[^\s\x1e]+)\s+already\s+exists?\b")
_RESOURCE_TYPE = regex(r"AWS::([A-Za-z0-9]+)::([A-Za-z0-9]+)")
_STACK = regex(r"already\s+exists?\s+in\s+stack\s+(arn:[^\s\"'`\x1e]+)")
_TAKEN_CODE = regex(
    r"\bEntityAlreadyExists(?:Exception)?\b|\bNameConflict(?:Exception)?\b|Entity\s+already\s+exists", re.IGNORECASE
)
_TERRAFORM = regex(r"\bcreating\s+IAM\s+[\w -]{3,40}?\s+\(([^()\s]{1,300})\)", re.IGNORECASE)
_MARKS = regex(
    r"already\s+exists?\b|has\s+been\s+taken|already\s+has\s+(?:a\s+)?(?:password|login)|is\s+already\s+(?:taken|in\s+use)|EntityAlreadyExists|NameConflict",
    re.IGNORECASE,
)
# IAM's sentences to the letter. Without anything else of AWS's in the text, no other wording is believed to be IAM's:
# databases, identity providers and applications have roles, users and groups too.
_TO_THE_LETTER = regex(
    r"(?:\b(?:Role|User|Group|Provider|The Server Certificate)\s+with\s+(?:name|url)|\bA\s+policy\s+called"
    r"|\bInstance\s+Profile|\bLogin\s+Profile\s+for\s+[Uu]ser)\s+(?P<name>(?:https://)?[\w+=,.@/-]{1,255}?)\s+already\s+exists(?P<stop>\.)?"
    r"|\bMFADevice\s+entity\s+at\s+the\s+same\s+path\s+and\s+name\s+already\s+exists(?P<end>)"
)
_CONSOLE = regex(
    r"(?:A\s+)?(?:[Rr]ole|User|Group|Policy)\s+(?:with\s+this\s+name|name(?:\s+[\w+=,.@-]{1,128})?)\s+already\s+exists\.?"
)
_SERVERLESS = regex(
    r"An\s+error\s+occurred:\s+(?P<logical>[A-Za-z]\w{0,254})\s+-\s+(?P<name>\S{1,300})\s+already\s+exists"
)
_LOGICAL_IDS = (
    ("instance-profile", regex(r"InstanceProfile")),
    ("policy", regex(r"Policy")),
    ("role", regex(r"Role|IamLambdaExecution")),
    ("user", regex(r"(?<!Pool)User(?!Pool)")),
    ("group", regex(r"(?<!Log)(?<!Security)(?<!Target)(?<!Subnet)(?<!Parameter)(?<!Pool)Group$")),
)
_IAM_NAME = regex(r"[\w+=,.@-]{1,128}|arn:[\w-]+:iam::\S+|https?://\S+")
# eksctl keeps each service account's role in a stack of its own, of this name, with nothing else in it.
_EKSCTL_ROLE_STACK = regex(r":stack/eksctl-[^/]*-addon-iamserviceaccount-")


SIGNALS = (
    *("already exist", "has been taken", "is already taken", "already in use", "already has"),
    *("entityalreadyexists", "nameconflict"),
)


def conflicts(text: str, service_hint: str | None = None) -> Iterator[tuple[int, Conflict]]:
    """Yield the name conflicts that a record states, with their positions."""
    if not _MARKS.search(text):
        return
    if serverless := _SERVERLESS.search(text):
        name = trimmed(serverless["name"])
        kind = next((kind for kind, rule in _LOGICAL_IDS if rule.search(serverless["logical"])), None)
        if kind and name and _IAM_NAME.fullmatch(name):
            yield serverless.start(), _conflict(text, serverless.start(), kind, name)
        return
    if not speaks_of_aws(text) and not _iams_own(text):
        return
    found = [
        (match.end(), rank, kind, match)
        for rank, (kind, rule) in enumerate(_SENTENCES)
        for match in rule.finditer(text)
    ]
    position = 0
    for end, _, kind, match in sorted(found, key=lambda hit: hit[:2]):
        if match.start() >= position:
            yield match.start(), _sentence(text[position : end + 600], kind, match)
            position = end
    if found:
        return
    if alias := _ALIAS.search(text):
        yield alias.start(), _conflict(text, alias.start(), None, alias["name"], operation="CreateAccountAlias")
        return
    if identified := _IDENTIFIED.search(text):
        known, identifier = _identifier(identified)
        if known:
            yield identified.start(), _conflict(text, identified.start(), known, identifier)
        return
    yield from _rows(text)


def _iams_own(text: str) -> bool:
    """Return whether the text has IAM's own sentence, or its console's: with its full stop, or as the last words."""
    if _CONSOLE.fullmatch(text.strip()) or _ALIAS.search(text):
        return True
    return any(
        match["stop"] or match["end"] is not None or text[match.end() :].strip() == ""
        for match in _TO_THE_LETTER.finditer(text)
    )


def _rows(text: str) -> Iterator[tuple[int, Conflict]]:
    types = _RESOURCE_TYPE.findall(text)
    iam_type = next((_CLOUDFORMATION.get(kind.lower()) for service, kind in types if service == "IAM"), None)
    foreign = bool(types) and all(service != "IAM" for service, _ in types)
    coded = _TAKEN_CODE.search(text)
    for row in _BARE.finditer(text):
        name = row["name"].strip("\"'`([{,:|")
        if name.lower() in ("entity", "that", "which", "name", "it", "resource", "role", "user", "policy", "group"):
            continue
        cloudformation = types or re.search(r"CREATE_FAILED|UPDATE_FAILED|ROLLBACK|\bin\s+stack\s+arn:", text)
        if foreign or not (cloudformation or coded) or not _IAM_NAME.fullmatch(name):
            continue
        yield row.start(), _conflict(text, row.start(), iam_type, name)
        return
    if coded and not foreign:
        yield coded.start(), _conflict(text, coded.start(), iam_type, None)


def _sentence(text: str, kind: str, match: re.Match[str]) -> Conflict:
    name = match.groupdict().get("name")
    return _conflict(text, 0, kind, join_breaks(name) if name else None)


def _identifier(match: re.Match[str]) -> tuple[str | None, str | None]:
    service, _, kind = match["type"].removeprefix("AWS::").partition("::")
    identifier = match["id1"] or match["id2"] or match["id3"] or ""
    if service != "IAM":
        return None, None
    if inner := re.search(r":\s*\"([^\"]+)\"\s*}?$", identifier):
        identifier = inner[1]
    return _CLOUDFORMATION.get(kind.lower()), identifier


# CloudFormation User Guide, "Resource tag": the tags that CloudFormation sets on what a stack creates
# (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html).
_TAG = r"aws:cloudformation:stack-name[\"']?"
_STACK_TAG = regex(
    rf"{_TAG}\s*,\s*[\"']?Value[\"']?\s*[:=]\s*[\"']?(?P<name>[A-Za-z][\w-]*)"
    rf"|[\"']?Value[\"']?\s*[:=]\s*[\"']?(?P<before>[A-Za-z][\w-]*)[\"']?\s*,\s*[\"']?Key[\"']?\s*[:=]\s*[\"']?{_TAG}"
    rf"|{_TAG}\s*(?:[:=]|\t)\s*[\"']?(?P<set>[A-Za-z][\w-]*)"
)


_STACK_ID = regex(
    r"aws:cloudformation:stack-id\b[\s\S]{0,400}?(?P<arn>arn:[\w-]+:cloudformation:[\w-]+:\d{12}:stack/[\w-]+/[\w-]+)"
)
"""The tag with the stack's ARN, or the query for it with what it returns."""


def tagged_stack(text: str, name: str | None) -> str | None:
    """Return the stack in the tags that the text shows for the entity with this name; None if it shows none."""
    found = _STACK_ID.search(text) or _STACK_TAG.search(text)
    if found is None or not name or name not in text[max(0, found.start() - 500) : found.start()]:
        return None
    return next(filter(None, found.groups()), None)


def _conflict(text: str, at: int, kind: str | None, name: str | None, operation: str | None = None) -> Conflict:
    context = read_context(text, at=at)
    stack = _STACK.search(text)
    owner = stack[1].rstrip(".,;)") if stack else None
    if kind is None and owner and _EKSCTL_ROLE_STACK.search(owner):
        kind = "role"
    said = context.operation or operation
    kind = kind or (_TYPE_OF_OPERATION.get(said) if said else None)
    if name is None and (terraform := _TERRAFORM.search(text)):
        name = terraform[1]
    if kind == "role" and said == "CreateServiceLinkedRole":
        kind = "service-linked-role"
    return Conflict(
        text=text,
        code=context.code,
        entity_type=kind,
        name=trimmed(name) if name else None,
        operation=said or (CREATES.get(kind) if kind else None),
        owner_stack=owner,
    )
