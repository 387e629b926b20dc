"""The row for the trust anchor of IAM Roles Anywhere."""

from __future__ import annotations

from diagnostics.text.read.forms.system_row import System, made_system

ROLES_ANYWHERE = "IAM Roles Anywhere's trust anchor"

ROLES_ANYWHERE_ANCHORS: tuple[System, ...] = (
    # No chain from the trust anchor to the certificate
    # (https://github.com/aws/rolesanywhere-credential-helper/issues/108).
    made_system(
        ROLES_ANYWHERE,
        "Compare the certificate's issuer with the trust anchor's certificate, in the same Region and account: openssl "
        "verify -CAfile ANCHOR.pem -untrusted INTERMEDIATES.pem CERT.pem. Pass intermediates with --intermediates. The "
        "anchor must be enabled, and the certificate must not be expired or not yet valid. The role's policies were "
        "not read yet.",
        r"\bAccessDeniedException[^\n]{0,80}Untrusted\s+(?:[Ss]igning\s+)?[Cc]ertificate\b",
        "untrusted certificate",
        "untrusted signing certificate",
        verdict="IAM Roles Anywhere refused the certificate: it does not chain to a certificate of the trust anchor. A "
        "missing permission is not the cause.",
        title="Compare the certificate with the trust anchor",
    ),
)
