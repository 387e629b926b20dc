"""Causes for the console's billing pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.causes.build_causes import contains
from diagnostics.who import Who
from iam.lazy_pattern import regex

# AWS Billing User Guide, "Overview of managing access permissions"
# (https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/control-access-billing.html).
_BILLING = regex(
    r"\bBilling and Cost Management|\bbilling (?:information|console|dashboard|page|preferences)"
    "|\u8acb\u6c42|Rechnungs|Abrechnungs|Fakturierung|facturation|facturaci\u00f3n|faturamento|fatturazione|\u8d26\u5355"
    "|\u5e33\u55ae|\uccad\uad6c",
    re.IGNORECASE,
)


_CLOSED = regex(
    "need permission|not authorized|access denied|don't have access|\u8a31\u53ef\u304c\u3042\u308a\u307e\u305b\u3093"
    "|\u8a31\u53ef\u3055\u308c\u3066\u3044\u306a\u3044|\u6a29\u9650\u304c\u3042\u308a\u307e\u305b\u3093"
    "|keine Berechtigung|nicht berechtigt|n'avez pas|no tiene (?:permiso|acceso)|n\u00e3o tem (?:permiss|acesso)"
    "|\u65e0\u6743|\u6c92\u6709\u6b0a\u9650|\uad8c\ud55c\uc774 \uc5c6",
    re.IGNORECASE,
)


def billing_page(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the cause if a billing page refuses access, in any language.

    An account setting closes the billing pages to users and roles.
    """
    if failure.trouble is not Trouble.UNRECOGNIZED:
        return
    closed = _CLOSED.search(failure.text)
    if closed is None or not _BILLING.search(failure.text):
        return
    yield FirstLook(
        "The account's root user must activate “IAM user and role access to Billing information” on the account page. "
        "Until then, users and roles see no billing, whatever their policies allow.",
        contains(closed[0]),
        None,
        Who.ACCOUNT_ADMIN,
    )
