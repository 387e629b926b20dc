"""Messages of AWS Billing and Cost Management."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who

_BILLING = (
    r"informa[cç][oõ]es de faturamento|informaci[oó]n de facturaci[oó]n|information\w de facturation"
    r"|abrechnungsinformationen|請求情報|账单信息"
)

BILLING: tuple[ServiceSentence, ...] = (
    # AWS Billing User Guide, "Overview of managing access permissions": activating access to the console.
    row(
        (
            "billing information",
            "faturamento",
            "facturaci",
            "facturation",
            "abrechnungsinformationen",
            "請求情報",
            "账单信息",
        ),
        r"(?:permissions? to access billing information for this account"
        r"|this account allows IAM and federated users to access billing information"
        # The same sentence in the console's other languages, with or without accents.
        rf"|(?:permis|autoris|berechtig|zugreif|権限|权限)[^\n]{{0,120}}(?:{_BILLING})"
        rf"|(?:{_BILLING})[^\n]{{0,120}}(?:permis|autoris|berechtig|zugreif|権限|权限))",
        "the user or role in the console",
        "the account possibly gives its users and roles no access to Billing",
        "The Billing pages open only if the account gives IAM users and roles access to Billing, a setting that no "
        "policy replaces. Check this setting first: only the account's root user can activate it.",
        UsualCause(
            "Sign in as the account's root user, open Account, and activate “IAM user and role access to "
            "Billing information”. Only then do policies such as AdministratorAccess take effect. AWS's message "
            "lists this as its first condition.",
            None,
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "If the setting is active, the user or role lacks a Billing action, or an SCP denies the action.", None
        ),
        page="https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/control-access-billing.html",
    ),
)
