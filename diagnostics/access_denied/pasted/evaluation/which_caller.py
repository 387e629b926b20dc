"""The caller for whom a text's policy documents are evaluated."""

from __future__ import annotations

import re
from collections.abc import Sequence

from diagnostics.access_denied.pasted.fixes.caller_arn import NOBODY
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.access_denied.pasted.request_ids import other_external_id
from diagnostics.access_denied.pasted.request_in_words import known_caller
from diagnostics.failure import Denial
from iam.lazy_pattern import regex
from iam.policy.layer import Layer
from iam.policy.request import NamedPolicy


def caller_to_evaluate(
    denial: Denial,
    pasted: Sequence[PastedPolicy],
    policy: NamedPolicy | None,
    outside: str,
    layer: Layer,
    word: str,
) -> tuple[str | None, bool]:
    """Return the caller to evaluate the documents for (None if unknown), and whether that caller is only presumed.

    That is the text's caller or identity provider, and `NOBODY` if the documents do not test the caller. For an unnamed
    caller, it is the only principal of a resource's policy. ``policy`` is the resource's policy of the documents and
    ``outside`` the text around them.
    """
    caller = known_caller(denial) or (_sent_provider(policy, denial) if layer is Layer.RESOURCE else None)
    if caller is not None:
        return caller, False
    if not any(map(_asks_for_caller, pasted)) and (layer is Layer.IDENTITY or all(map(_is_for_everyone, pasted))):
        return NOBODY, False
    presumed = False
    if layer is Layer.RESOURCE and word in ("resource", "trust"):
        caller = _only_principal(pasted)  # the holder of a policy that is shown with the refusal of an unnamed caller
        presumed = caller is not None and not _is_spoken_of(caller, outside)
    if caller is None and word == "trust" and layer is Layer.RESOURCE:
        caller = _only_account(pasted) if other_external_id(outside, pasted) else None
    return caller, presumed


def _is_for_everyone(one: PastedPolicy) -> bool:
    """Return whether a document tests no principal."""
    values = {value for each in one.document.statements for _, value in each.principal or (("", ""),)}
    return values == {"*"}


def _only_principal(pasted: Sequence[PastedPolicy]) -> str | None:
    """Return the only role or user that the documents name; None if they name several, or another kind of principal."""
    values = {value for one in pasted for each in one.document.statements for _, value in each.principal or ()}
    only_one = values.pop() if len(values) == 1 else ""
    return only_one if re.fullmatch(r"arn:[\w-]+:iam::\d{12}:(?:role|user)/[^*?]+", only_one) else None


def _only_account(pasted: Sequence[PastedPolicy]) -> str | None:
    """Return ``arn:…:iam::ACCOUNT:root`` if it is the only principal that the documents name; else None."""
    values = {value for one in pasted for each in one.document.statements for _, value in each.principal or ()}
    only_one = values.pop() if len(values) == 1 else ""
    return only_one if re.fullmatch(r"arn:[\w-]+:iam::\d{12}:root", only_one) else None


def _is_spoken_of(arn: str, text: str) -> bool:
    """Return whether the text, apart from its policies, names this role or user."""
    name = re.escape(arn.rpartition("/")[2])
    words = rf"\b(?:role|user)[ /:]+[\"'`]?{name}(?![\w-])|(?<![\w-]){name}[\"'`]? (?:role|user)\b"
    return re.search(words, text, re.IGNORECASE) is not None


def _asks_for_caller(one: PastedPolicy) -> bool:
    """Return whether a document tests something that can be decided only with the caller's ARN."""
    keys = r"aws:(?:principal(?:arn|account|type|isawsservice)|user(?:id|name))"
    return re.search(keys, one.document.text, re.IGNORECASE) is not None


# STS API Reference, "AssumeRoleWithSAML": PrincipalArn; the assertion's Role attribute has the role and the provider
# (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html).
_SAML_PROVIDER = r"arn:[\w-]+:iam::\d{12}:saml-provider/[\w+=,.@-]*[\w+=@-]"


_SENT_PROVIDER = regex(
    rf"(?:--principal-arn[ =]|\b[Pp]rincipalArn[\"']?\s*[:=]\s*)[\"']?(?P<option>{_SAML_PROVIDER})"
    rf"|:role/[\w+=,.@/-]+,(?P<last>{_SAML_PROVIDER})|(?P<first>{_SAML_PROVIDER}),arn:[\w-]+:iam::\d{{12}}:role/"
)


def _sent_provider(policy: NamedPolicy | None, denial: Denial) -> str | None:
    """Return the identity provider of a web identity or SAML call, which has no other caller.

    That is the provider that the text says was sent, or else the one in the trust policy.
    """
    if policy is None or not (denial.action or "").lower().startswith("sts:assumerolewith"):
        return None
    sent = {str(next(filter(None, each.groups()))) for each in _SENT_PROVIDER.finditer(denial.pasted or denial.text)}
    if len(sent) == 1 and (denial.action or "").lower().endswith("withsaml"):
        return sent.pop()
    pairs = (pair for statement in policy.document.statements for pair in statement.principal or ())
    return next((value for kind, value in pairs if kind == "Federated"), None)
