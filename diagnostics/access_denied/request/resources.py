"""Find the ARNs of resources that texts name in other ways, if the ARN is certain."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from iam import service_reference
from iam.arn import Arn, service_of
from iam.lazy_pattern import regex
from iam.regions import A_REGION

if TYPE_CHECKING:
    from iam.account import Account
    from iam.sources.reader.opened import OpenedAccount

_PREFIXED = regex(r"(?P<kind>role|user|group|policy|instance profile)\s+(?P<name>\S+)", re.IGNORECASE)


def arn_of(
    resource: str, action: str | None, account: Account, caller: str | None = None, region: str | None = None
) -> str:
    """Return the ARN of a resource given as ``role NAME``, ``policy arn:…`` or a plain name.

    The resource is returned unchanged if its ARN does not follow from the account or the action. ``caller`` is the
    principal's ARN, None if it is unknown. AWS looks up a name in the caller's own account, which may differ from
    ``account`` (IAM User Guide, "Cross account resource access in IAM"). It does so in the Region of the call:
    ``region``, None if that is the one that was opened.
    """
    text = resource.strip().strip('"')
    service = (action or "").partition(":")[0].lower()
    own = Arn.parse(caller or "")
    elsewhere = is_of_another_account(caller, account)
    if service == "iam" and own is not None and elsewhere:
        named = _PREFIXED.fullmatch(text)
        if named is None or named["name"].startswith("arn:"):
            return text if named is None else named["name"]
        return _arn_by_name(named["kind"].lower(), named["name"], own.partition, own.account)
    if text.startswith("arn:"):
        return completed(_with_account(text, account), account)
    if text == "*":
        return text
    match = _PREFIXED.fullmatch(text)
    if match is not None:
        name = match["name"]
        if name.startswith("arn:"):
            return name
        return _entity(match["kind"].lower(), name, account)
    if service == "s3" and re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/.*)?", text):
        return f"arn:{account.partition}:s3:::{text}"
    if elsewhere:
        return resource
    if service == "sts" and account.role(text) is not None:
        return _entity("role", text, account)
    return _by_template(text, action, account, region or account.region) or resource


def is_of_another_account(caller: str | None, account: Account) -> bool:
    """Return whether the caller's ARN has the number of another account than ``account``; False if it is unknown."""
    own = Arn.parse(caller or "")
    return own is not None and own.account.isdigit() and own.account != account.id


_CUT_OFF = regex(r"(?:…|\.\.\.+)[\"')\]]*$")
# What an ARN may have in place of an account's number.
_OWNERS = frozenset({"", "aws", "aws-marketplace", "amazon", "third-party", "cloudfront", "elasticbeanstalk", "*"})


def is_cut_off(name: str) -> bool:
    """Return whether a log or a screen truncated the name."""
    return _CUT_OFF.search(name) is not None


def without_end(name: str) -> str:
    """Return a truncated name without the mark that shows the truncation, such as an ellipsis."""
    return _CUT_OFF.sub("", name)


def completed(arn: str, account: Account) -> str:
    """Return the complete ARN of a truncated role, user or policy, if only one in the account begins like it.

    Otherwise the ARN is returned unchanged.
    """
    if not is_cut_off(arn) or ":iam::" not in arn:
        return arn
    stem = without_end(arn)
    arns = [*account.role_arns]
    arns += [user.arn for user in account.users or ()]
    arns += [policy.arn for policy in account.policies or ()]
    alike = [whole for whole in arns if whole.startswith(stem)]
    return alike[0] if len(alike) == 1 else arn


_BLANKED = regex(r"<[^<>]*>|\[[^\[\]]*\]|(?:[*#xX…_.<>{}\[\]-]|redacted|masked)+")


def is_blanked(value: str) -> bool:
    """Return whether a mask or placeholder replaces the entire value: ``***``, ``<resource>``, also a single ``*``."""
    return _BLANKED.fullmatch(value) is not None


def is_masked(number: str, account_id: str) -> bool:
    """Return whether ``number`` is an account ID that was masked, completely or in part, and may be this account's."""
    if re.fullmatch(r"\d{12}", number):
        return False
    return re.fullmatch(re.sub(r"\D+", r"\\d*", number), account_id) is not None


def no_region(arn: str) -> bool:
    """Return whether the Region in an ARN was masked, so that the ARN names no resource."""
    found = Arn.parse(arn)
    return found is not None and found.region not in ("", "*") and A_REGION.fullmatch(found.region) is None


def _with_account(arn: str, account: Account) -> str:
    """Return the ARN with this account's ID if the account in it was masked."""
    found = Arn.parse(arn)
    if found is not None and found.account not in _OWNERS and is_masked(found.account, account.id):
        return str(replace(found, account=account.id))
    return arn


def _by_template(name: str, action: str | None, account: Account, region: str | None) -> str | None:
    """Return the ARN for a plain name, if the action's only resource type has an ARN that needs nothing but a name.

    None for secrets: their ARNs end in letters that the name does not contain.
    """
    service = (action or "").partition(":")[0].lower()
    if action is None or service == "secretsmanager" or not re.fullmatch(r"[\w.@=+-]{1,128}", name):
        return None
    known = service_reference.action(action)
    if known is None or len(known.resource_types) != 1:
        return None
    template = known.resource_types[0].arn
    known_parts = {"Partition": account.partition, "Region": region, "Account": account.id}
    asked = re.findall(r"\$\{(\w+)\}", template)
    if len([key for key in asked if key not in known_parts]) != 1 or ("Region" in asked and not region):
        return None
    return re.sub(r"\$\{(\w+)\}", lambda match: known_parts.get(match[1]) or name, template)


def secret_arn(
    named: str, action: str | None, opened: OpenedAccount, caller: str | None = None, region: str | None = None
) -> str:
    """Return the ARN of a secret that is named without the six characters that Secrets Manager adds.

    It is the ARN of the only secret that fits, or else a pattern for any six characters. Anything that is not such a
    name is returned unchanged, and so is a name that Secrets Manager looks up in the account of a foreign ``caller``.
    ``region`` is the Region of the call, None if it is the one that was opened.
    """
    if service_of(action or "") != "secretsmanager" or "*" in named:
        return named
    head, _, name = named.rpartition(":secret:")
    if not head and is_of_another_account(caller, opened.account):
        return named
    if not head and (named.startswith("arn:") or not re.fullmatch(r"[\w/+=.@-]{1,512}", named)):
        return named
    known = [arn for arn in opened.reader.resources().value or () if ":secretsmanager:" in arn]
    fitting = [
        arn
        for arn in known
        if re.fullmatch(re.escape(name) + "-[A-Za-z0-9]{6}", arn.rpartition(":secret:")[2])
        and (not head or arn.startswith(f"{head}:"))
        and (head or not region or arn.split(":")[3] == region)
    ]
    if named in known or len(fitting) > 1:
        return named
    if fitting:
        return fitting[0]
    if re.search(r"-[A-Za-z0-9]{6}$", name) or not (head or region or opened.account.region):
        return named
    region = region or opened.account.region
    head = head or f"arn:{opened.account.partition}:secretsmanager:{region}:{opened.account.id}"
    return f"{head}:secret:{name}-??????"


def _entity(kind: str, name: str, account: Account) -> str:
    entity: object = None
    if kind == "role":
        entity = account.role(name)
    elif kind == "user":
        entity = account.user(name)
    elif kind == "group":
        entity = account.group(name)
    elif kind == "policy":
        entity = next((policy for policy in account.policies or () if policy.name == name), None)
    elif kind == "instance profile":
        entity = next((profile for profile in account.instance_profiles or () if profile.name == name), None)
    arn = getattr(entity, "arn", None)
    if isinstance(arn, str):
        return arn
    # Does not exist yet (a Create call).
    return _arn_by_name(kind, name, account.partition, account.id)


def _arn_by_name(kind: str, name: str, partition: str, account_id: str) -> str:
    """Return the ARN for a name with the path "/", which IAM assumes if a call has none; the real path is unknown."""
    return f"arn:{partition}:iam::{account_id}:{kind.replace(' ', '-')}/{name}"
