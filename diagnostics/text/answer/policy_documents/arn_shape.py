"""Find the fault in the shape of a rejected ARN: colons, the account, or the kind of resource."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from iam.arn import is_account
from iam.lazy_pattern import regex
from iam.regions import A_REGION

_PARTS = 6
_KINDS = ("role", "user", "group", "policy", "assumed-role", "instance-profile", "oidc-provider", "saml-provider")
_GLOBAL = ("iam", "sts")
"""Services whose ARNs have an account and no Region."""
_QUOTED = regex(
    r"(?P<first>\barn:[^\s\"'`,;()]+)[\"'`]?\s+(?:is (?:invalid|not valid|not a valid)|at '[\w.]+' failed to satisfy)"
    r"|\binvalid (?:arn|principals? in policy)\b[^\n]{0,40}?(?P<last>\barn:[^\s\"'`,;()]+)",
    re.IGNORECASE,
)
"""An ARN in a message that rejects it."""


@dataclass(frozen=True, slots=True)
class ArnFault:
    """``wrong`` says in a clause what is wrong with ``arn``; ``meant`` is the corrected ARN, or "" if unknown."""

    arn: str
    wrong: str
    meant: str

    @property
    def sentence(self) -> str:
        write = f". Write {self.meant}" if self.meant else ""
        return (
            f"{self.arn} is not a valid ARN: {self.wrong}{write}. It does not matter yet whether the resource exists."
        )

    @property
    def note(self) -> str:
        return (
            "Correct the template or code that builds the ARN: arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE has "
            "five colons before the resource, and for IAM the Region stays empty "
            "(arn:aws:iam::111122223333:role/NAME)."
        )


def shape_fault(arn: str) -> ArnFault | None:
    """Return what is wrong with the shape of an ARN of IAM or STS; None if its shape is right, or for other services.

    IAM User Guide, "IAM identifiers": arn:partition:service:region:account:resource, without a Region
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns).
    """
    parts = arn.split(":")
    if parts[0] != "arn" or not any(each in parts[1:4] for each in _GLOBAL) or "*" in arn or "$" in arn:
        return None
    partition, rest = parts[1], parts[2:]
    if partition in _GLOBAL or not partition:
        return ArnFault(arn, "the partition is missing", _joined("aws", [each for each in parts[1:] if each]))
    given = [each for each in rest if each]
    if rest[0] == "":
        return ArnFault(arn, f"it has one colon too many after {partition}", _joined(partition, given))
    return _after_service(arn, partition, rest[0], rest[1:])


def rejected_shape(text: str) -> ArnFault | None:
    """Return what is wrong with the shape of an ARN that a message in the text rejects; None if nothing is."""
    found = (each["first"] or each["last"] for each in _QUOTED.finditer(text))
    return next((fault for arn in found if (fault := shape_fault(arn.rstrip(".:}"))) is not None), lost_letter(text))


_TYPES_BY_REST = {
    each[1:]: each
    for each in (
        *("role", "root", "rule", "repository", "report-group", "user", "log-group", "layer", "loadbalancer"),
        *("table", "task", "task-definition", "trail", "topic", "trust-anchor"),
    )
}
_LOST = regex(
    r"(?P<arn>\b(?P<before>arn:[\w-]+:[\w-]+:[\w-]*:\d{12})"
    rf"(?P<rest>{'|'.join(sorted(_TYPES_BY_REST, key=len, reverse=True))})(?P<after>[/:][\w+=,.@/:*-]*[\w*])?)(?![\w-])"
)


def lost_letter(text: str) -> ArnFault | None:
    """Return the ARN whose type lost its colon and first letter to the shell; None if the text has none.

    In zsh and csh, ``$ACCOUNT:role`` contains the modifier ``:r``: zsh manual, "Expansion", "Modifiers"
    (https://zsh.sourceforge.io/Doc/Release/Expansion.html#Modifiers).
    """
    found = _LOST.search(text)
    if found is None:
        return None
    kind = _TYPES_BY_REST[found["rest"]]
    wrong = (
        f"“:{kind[0]}” is missing after the account number. Most likely a shell (zsh, csh) took “:{kind[0]}” after a "
        f"variable as a modifier: put the variable's name in braces, as in ${{ACCOUNT}}:{kind}"
    )
    return ArnFault(found["arn"], wrong, f"{found['before']}:{kind}{found['after'] or ''}")


_PRINCIPAL = regex(r"\b(?:AWS|Principal|identifiers)\b[^\n]{0,12}[=:][^\n]{0,40}?(?P<arn>\barn:[^\s\"'`,\])]+)")
_VARIABLE = regex(r"\$\{[^}\n]{1,80}\}")
_NUMBER = "111122223333"


def written_shape(text: str) -> ArnFault | None:
    """Return what is wrong with the shape of a principal's ARN in a policy or template in the text; None if nothing is.

    A variable is treated as a valid partition or account.
    """
    for found in _PRINCIPAL.finditer(text):
        arn, names = found["arn"], _VARIABLE.findall(found["arn"])
        numbers = [each for each in names if "artition" not in each]
        if len(numbers) > 1 or len(names) - len(numbers) > 1:
            continue
        filled = _VARIABLE.sub(lambda each: "aws" if "artition" in each[0] else _NUMBER, arn)
        fault = shape_fault(filled)
        if fault is not None:
            meant = fault.meant.replace(_NUMBER, numbers[0]) if numbers else fault.meant
            return replace(fault, arn=arn, meant=meant)
    return None


def _after_service(arn: str, partition: str, service: str, rest: list[str]) -> ArnFault | None:
    given = [service, *(each for each in rest if each)]
    if rest and rest[0]:
        if is_account(rest[0]):
            return ArnFault(arn, f"it has one colon instead of two after {service}", _joined(partition, given))
        if A_REGION.fullmatch(rest[0]):
            return ArnFault(arn, f"{service} has no Regions", _joined(partition, [service, *given[2:]]))
        return None
    account, resource = (rest[1] if len(rest) > 1 else ""), ":".join(rest[2:])
    number, slash, name = account.partition("/")
    if slash and is_account(number):
        meant = _joined(partition, [service, number, name])
        return ArnFault(arn, "a colon, not a slash, must follow the account number", meant)
    if not account:
        return ArnFault(arn, "the account number is missing", "")
    if account.isdigit() and not is_account(account):
        return ArnFault(arn, f"its account number has {len(account)} digits, not 12", "")
    return _of_resource(arn, partition, service, account, resource)


def _of_resource(arn: str, partition: str, service: str, account: str, resource: str) -> ArnFault | None:
    kind, _, name = resource.lstrip("/").replace(":", "/", 1).partition("/")
    whole = [service, account, f"{kind}/{name.strip('/')}"]
    if resource.startswith("/"):
        return ArnFault(arn, "its resource begins with a slash", _joined(partition, whole))
    if kind in _KINDS and ":" in resource.partition("/")[0]:
        return ArnFault(arn, f"a slash, not a colon, must follow {kind}", _joined(partition, whole))
    if kind in _KINDS and not name.strip("/"):
        return ArnFault(arn, f"the name after {kind}/ is missing", "")
    if kind not in _KINDS and kind.removesuffix("s") in _KINDS and name:
        singular = kind.removesuffix("s")
        meant = _joined(partition, [service, account, f"{singular}/{name}"])
        return ArnFault(arn, f"its resource must begin with {singular}/, not {kind}/", meant)
    return None


def _joined(partition: str, parts: list[str]) -> str:
    """Return the ARN with these parts: a service, an account, and a resource with or without colons; else ""."""
    if len(parts) < 3 or parts[0] not in _GLOBAL or not is_account(parts[1]):
        return ""
    return f"arn:{partition}:{parts[0]}::{parts[1]}:{':'.join(parts[2:])}"
