"""Rows for IAM Roles Anywhere: trust anchors and certificates."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented, made_system

ROLES_ANYWHERE = "IAM Roles Anywhere's trust anchor"

ROLES_ANYWHERE_ANCHORS: tuple[System, ...] = (
    # No chain from the trust anchor to the certificate
    # (https://github.com/aws/rolesanywhere-credential-helper/issues/108), or a certificate of another form
    # (https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html).
    made_system(
        ROLES_ANYWHERE,
        "Compare the certificate's issuer with the trust anchor's certificate, in the same Region and account: openssl "
        "verify -CAfile ANCHOR.pem -untrusted INTERMEDIATES.pem CERT.pem. Pass intermediates with --intermediates. The "
        "anchor must be enabled, and the certificate must not be expired or not yet valid. If the chain is right, look "
        "at the certificate (openssl x509 -text): CA:FALSE, key usage Digital Signature, SHA-256 or stronger. The "
        "role's policies were not read yet.",
        r"\bAccessDeniedException[^\n]{0,80}Untrusted\s+(?:[Ss]igning\s+)?[Cc]ertificate\b",
        "untrusted certificate",
        "untrusted signing certificate",
        verdict="IAM Roles Anywhere refused the certificate: most likely it does not chain to the trust anchor's "
        "certificate, or lacks the key usage Digital Signature. A missing permission is not the cause.",
        title="Compare the certificate with the trust anchor and with the required form",
    ),
)
ROLES_ANYWHERE_CERTIFICATES: tuple[System, ...] = (
    # IAM Roles Anywhere, "Get temporary security credentials"
    # (https://docs.aws.amazon.com/rolesanywhere/latest/userguide/credential-helper.html).
    documented(
        "the certificate for IAM Roles Anywhere",
        "The credential helper got no certificate: give it --certificate and --private-key (or a certificate of the "
        "system's store, --cert-selector). Roles Anywhere was not called.",
        "The certificate must be issued by a CA of the trust anchor.",
        "No certificate path or certificate bundle path provided",
        title="Give the helper the certificate and its key",
    ),
)
