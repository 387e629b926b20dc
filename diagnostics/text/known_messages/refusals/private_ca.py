"""Messages about AWS Private CA, by its connector and by ACM."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"

PRIVATE_CA: tuple[ServiceSentence, ...] = (
    row(
        "privateca_access_denied",
        r"\bPRIVATECA_ACCESS_DENIED\b",
        "the connector of AWS Private CA",
        "the connector is not allowed to issue certificates from the private CA",
        "The connector cannot issue certificates from the private CA: its creator lacks acm-pca:IssueCertificate, or "
        "the CA is not shared with the connector.",
        UsualCause(
            "Allow whoever creates the connector to perform acm-pca:IssueCertificate on the CA, and share the CA with "
            "the connector's service in AWS RAM. Then delete the failed connector and create a new connector.",
            "aws acm-pca get-policy --resource-arn CA",
        ),
        page=f"{_API}/privateca/latest/userguide/c4scep-troubleshoot-connector-creation.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "pca_access_denied",
        r"(?<![A-Z_])PCA_ACCESS_DENIED\b",
        "ACM, by the private CA",
        "the private CA gives ACM no permission",
        "The private CA does not let ACM (acm.amazonaws.com) issue or renew certificates. The caller's own policies "
        "are not the cause.",
        UsualCause(
            "In the CA's account: aws acm-pca create-permission --certificate-authority-arn CA --principal "
            "acm.amazonaws.com --actions IssueCertificate GetCertificate ListPermissions. A CA of another "
            "account needs a resource-based policy (or a share in AWS RAM) for the certificate's account.",
            "aws acm-pca list-permissions --certificate-authority-arn CA",
            Who.RESOURCE_OWNER,
        ),
        page=f"{_API}/acm/latest/userguide/exceptions.html",
        cause="resource.no-action",
        ground=Ground.STATED,
    ),
)
