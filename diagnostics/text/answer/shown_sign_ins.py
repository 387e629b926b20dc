"""Name why Vault or Cognito refuses a sign-in if the text shows both values that must agree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from iam.arn import name_of
from iam.lazy_pattern import regex


@dataclass(frozen=True, slots=True)
class ShownCause:
    """The cause that the text shows: a sentence, the title of the fix and its steps."""

    sentence: str
    title: str
    steps: str


_LOGGED_IN = regex(
    r"IAM Principal \W{0,3}arn:[\w-]+:(?:sts|iam)::(?P<account>\d{12}):(?:assumed-role|role|user)/(?:\S+?/)*?"
    r"(?P<name>[\w+=,.@-]+)(?:/[\w+=,.@-]+)?\W{0,3} does not belong to the role \W{0,3}(?P<role>[\w.-]+)"
)
_BOUND = regex(r"\bbound_iam_principal_arns?[\"']?\s*[:=]?\s*\[?(?P<list>[^\]\n]+)")
_BOUND_ID = regex(r"\bbound_iam_principal_ids?[\"']?\s*[:=]?\s*\[?(?P<list>[^\]\n]+)")
_PRINCIPAL = regex(r"arn:[\w-]+:iam::(?P<account>\d{12}):(?:role|user)/[\w+=,.@/*-]*[\w+=@*-]")
_ID = regex(r"\bA(?:ROA|IDA)[A-Z0-9]{8,}\b")


def of_vaults_role(text: str) -> ShownCause | None:
    """Return the cause if the text shows which principals Vault's role has; None if it does not.

    Vault, "AWS auth method", API: bound_iam_principal_arn and resolve_aws_unique_ids
    (https://developer.hashicorp.com/vault/api-docs/auth/aws#create-update-role).
    """
    said, bound = _LOGGED_IN.search(text), _BOUND.search(text)
    named = list(_PRINCIPAL.finditer(bound["list"])) if bound else []
    if said is None or not named:
        return None
    account, name, role = said["account"], said["name"], said["role"]
    same = [each[0] for each in named if each["account"] == account and name_of(each[0]) == name]
    if not same:
        listed = ", ".join(each[0] for each in named[:3])
        return ShownCause(
            f"Vault's role {role} lists {listed}, and the caller's role or user is {name} of account {account}: they "
            "differ. Log in with the listed one, or add the caller's. AWS accepted the caller.",
            "Compare the caller with bound_iam_principal_arn",
            "Compare account, path and name letter by letter. Vault needs the ARN of the IAM role (with its path), not "
            f"of the session. vault write auth/aws/role/{role} replaces the list: name every principal.",
        )
    ids = _BOUND_ID.search(text)
    old = set(_ID.findall(ids["list"])) if ids else set()
    new = set(_ID.findall(text)) - old
    differ = f" ({old.pop()} in Vault, {new.pop()} now)" if len(old) == len(new) == 1 else ""
    return ShownCause(
        f"Vault's role {role} already lists {same[0]}, but Vault compares its unique ID: most likely the role or user "
        f"was deleted and created again and has another ID{differ}. Write the ARN to Vault's role again.",
        "Write the same ARN again, so that Vault looks up the new ID",
        f"vault write auth/aws/role/{role} with the same bound_iam_principal_arn and its other settings. With "
        "resolve_aws_unique_ids=false Vault compares the ARN only: then whoever creates a role of this name can log "
        "in. If the ID is the same, compare the path: the ARN must have the role's path.",
    )


_ASKED = regex(
    r"[?&]redirect_uri=(?P<uri>[^&\s\"'<>]+)|\bredirect_uri[\"']?\s*[:=]\s*[\"']?(?P<plain>https?[^\s\"',;&<>]+)"
)
_CALLBACKS = regex(r"\bcallback[ _-]?urls?[\"']?\s*(?:are|is|[:=])?\s*[\[(]?(?P<list>[^\])]{0,1500})", re.IGNORECASE)
_URL = regex(r"[a-z][\w+.-]*://[^\s\"',;<>\])]+")


def of_callback_urls(text: str) -> ShownCause | None:
    """Return how redirect_uri differs from the app client's callback URLs; None if the text does not show both.

    Amazon Cognito Developer Guide, "App client settings": the URLs are compared exactly
    (https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-client-apps.html).
    """
    asked, listed = _ASKED.search(text), _CALLBACKS.search(text)
    if asked is None or listed is None:
        return None
    uri = unquote(asked["uri"] or asked["plain"]).rstrip(".")
    urls = [
        each.rstrip(".") for each in _URL.findall(listed["list"].partition("\n\n")[0]) if "redirect_uri=" not in each
    ]
    if not urls or uri in urls:
        return None
    near = min(urls, key=lambda each: len(_differences(uri, each)))
    differ = _differences(uri, near)
    how = f": {' and '.join(differ)}" if len(differ) < 3 else ""
    return ShownCause(
        f"The request has redirect_uri {uri}, but the app client's callback URLs in the text have {near}{how}. Both "
        "must be the same, letter by letter. No permission is missing.",
        "Make redirect_uri and the callback URL the same",
        f"Add {uri} to the callback URLs of the app client, or let the program send {near}. update-user-pool-client "
        "resets settings that it does not name: send them all.",
    )


def _differences(one: str, other: str) -> list[str]:
    """Return how two URLs differ, in words; every part if little of them agrees."""
    first, second = urlsplit(one), urlsplit(other)
    if one.rstrip("/") == other.rstrip("/"):
        return [f"the slash at the end{' is missing' if other.endswith('/') else ' is too much'} in redirect_uri"]
    if one.lower() == other.lower():
        return ["upper and lower case differ"]
    parts = (
        ("scheme", first.scheme, second.scheme),
        ("host", first.hostname, second.hostname),
        ("port", first.netloc.partition(":")[2], second.netloc.partition(":")[2]),
        ("path", first.path, second.path),
        ("query", first.query, second.query),
    )
    return [f"the {name} differs" for name, mine, own in parts if mine != own]


_CLI = regex(r"\baws-cli/(?P<version>\d+\.\d+\.\d+)")
_NEW_OPTION = regex(r"Unknown options:[^\n]*?(?P<option>--[\w-]+)")
_OF_SSO = regex(r"\baws (?:configure )?sso\b|\bsso-session\b")


def of_the_cli(text: str) -> ShownCause | None:
    """Return which version of the AWS CLI does not know the command, if the text shows the version; else None.

    AWS CLI User Guide, "Configuring IAM Identity Center authentication with the AWS CLI"
    (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html).
    """
    found = _CLI.search(text)
    if found is None:
        return None
    version, option = found["version"], _NEW_OPTION.search(text)
    what = f" and the option {option['option']}" if option else ""
    if version.startswith("1.") and _OF_SSO.search(text):
        said = "version 1 has no command for IAM Identity Center (sso): install version 2"
    else:
        said = f"most likely it is older than the command{what}, or the command is misspelled: update it first"
    return ShownCause(
        f"The AWS CLI in the text is {version}, and {said}. AWS was not called, so no permission is missing.",
        "Update the AWS CLI",
        "aws --version shows which one runs; an old installation earlier in PATH hides a newer one (which -a aws). "
        "aws SERVICE help lists the commands that this version knows.",
    )


_EMPTY_ATTRIBUTE = regex(
    r"\b(?P<name>surname|sn|family_?name|last ?name|given_?name|first ?name|display_?name|user_?name)\b[\"']?"
    r"[ \t]*[=:][ \t]*"
    r"(?:\(?(?:empty|blank|none|null|unset|not set|leer)\)?|\"\"|''|-(?![\w-])|(?=[,;\n]|$))",
    re.IGNORECASE,
)


def of_scim_user(text: str) -> ShownCause | None:
    """Return the required attribute that the text shows as empty for a user from SCIM; None if it shows none.

    IAM Identity Center SCIM Developer Guide, "CreateUser": required attributes
    (https://docs.aws.amazon.com/singlesignon/latest/developerguide/createuser.html).
    """
    found = _EMPTY_ATTRIBUTE.search(text)
    if found is None:
        return None
    name = found["name"]
    return ShownCause(
        f"The user's {name} is empty, and IAM Identity Center requires first name, last name, display name and user "
        "name: fill it in at the identity provider, then provision the user again. No permission is missing.",
        f"Fill in {name} at the identity provider",
        "If the person has only one name, repeat it, or map another attribute to the empty one. Then provision the "
        "user on demand. Other users are not affected.",
    )
