"""Compare the caller with the principals that an endpoint service's provider allows, if the text shows both.

AWS PrivateLink Guide, "Configure an endpoint service": manage permissions
(https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html#add-remove-permissions).
"""

from __future__ import annotations

import re

from diagnostics.text.read.identities.own_account import callers
from iam.arn import Arn
from iam.lazy_pattern import regex
from iam.words import listing

_SERVICE = regex(r"\bvpce-svc-[0-9a-f]{8,17}\b")
_LIST = regex(r"AllowedPrincipals|allowed[ _]principals?|principal_arn", re.IGNORECASE)
_PRINCIPAL = regex(r"arn:[\w-]+:iam::(?:\d{12}|\*):(?:root|(?:role|user)/[\w+=,.@/-]*[\w+=@-])|[\"']\*[\"']")
_MOST = 2_000
_AFTER = regex(r"^\s*\$ |\n\s*\n\s*\S", re.MULTILINE)


def of_allowed_principals(text: str) -> str:
    """Return the sentence on the caller and the list of allowed principals; "" if the text lacks one of them.

    A list admits an account by its root ARN, one role or user by the ARN of that role or user, and everybody by ``*``.
    """
    said, service = _LIST.search(text), _SERVICE.search(text)
    if said is None or service is None:
        return ""
    part = text[said.start() : said.start() + _MOST]
    end = _AFTER.search(part)
    listed = list(dict.fromkeys(_PRINCIPAL.findall(part[: end.start()] if end else part)))
    known = {_as_entity(each) for each in callers(text, None)}
    if not listed or len(known) != 1:
        return ""
    caller = known.pop()
    account = caller.split(":")[4]
    if any(_admits(each.strip("\"'"), caller, account) for each in listed):
        return (
            f"The list of allowed principals in the text admits {caller}. So compare the Region of the call with that "
            "of the service, and its ID: there is no service of this name in the Region of the call."
        )
    return (
        f"The provider's list of allowed principals names {listing(listed)}, and the caller is {caller}. A list that "
        "names a role or user admits nobody else of its account. Create the endpoint with a principal of the list, or "
        f"have the provider add {caller} (arn:aws:iam::{account}:root for its account): aws ec2 "
        f"modify-vpc-endpoint-service-permissions --service-id {service[0]} --add-allowed-principals ARN."
    )


def _admits(listed: str, caller: str, account: str) -> bool:
    """Whether an entry of the list is for everybody, the caller's account, or the caller, whatever its path."""
    if listed == "*" or listed.endswith(f"::{account}:root"):
        return True
    one, other = Arn.parse_principal(listed), Arn.parse_principal(caller)
    if one is None or other is None:
        return False
    return (one.account, one.type, one.name) == (other.account, other.type, other.name)


def _as_entity(caller: str) -> str:
    arn = Arn.parse_principal(caller)
    if arn is None or arn.type != "assumed-role":
        return caller
    return f"arn:{arn.partition}:iam::{arn.account}:role/{arn.session_role}"
