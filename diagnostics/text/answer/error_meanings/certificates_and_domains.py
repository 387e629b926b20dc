"""Errors of Route 53, ACM and AWS Private CA about zones, domains, signing keys and certificates."""

from __future__ import annotations

from diagnostics.text.answer.error_meanings.meaning import API, meaning

_ZONE = f"{API}/Route53/latest/DeveloperGuide/hosted-zone-private-associate-vpcs-different-accounts.html"
_DNSSEC = f"{API}/Route53/latest/DeveloperGuide/dns-configuring-dnssec-cmk-requirements.html"
CERTIFICATES_AND_DOMAINS = (
    meaning(
        "NotAuthorized VPCAssociationAuthorizationNotFound",
        "The hosted zone's account must first authorize this VPC (aws route53 create-vpc-association-authorization); "
        "then the VPC's account makes this call with its own credentials.",
        _ZONE,
        of=r"VPC",
    ),
    meaning(
        "PublicZoneVPCAssociation",
        "Check the hosted zone's ID: this zone is public, and only a private zone can be associated with a VPC.",
        f"{API}/Route53/latest/APIReference/API_AssociateVPCWithHostedZone.html",
    ),
    meaning(
        "LastVPCAssociation",
        "A private hosted zone must keep at least one VPC: associate another VPC first, or delete the zone.",
        f"{API}/Route53/latest/APIReference/API_DisassociateVPCFromHostedZone.html",
    ),
    meaning(
        "InvalidKMSArn",
        "This KMS key cannot sign for DNSSEC. The key must be in us-east-1 and asymmetric with ECC_NIST_P256, and "
        "its policy must allow dnssec-route53.amazonaws.com (kms:DescribeKey, GetPublicKey, Sign).",
        _DNSSEC,
        is_permission=True,
    ),
    meaning(
        "KeySigningKeyInParentDSRecord",
        "The parent zone still has the DS record of this key: remove that record at the registrar or in the parent "
        "zone, wait until its TTL has passed, then deactivate the key.",
        f"{API}/Route53/latest/APIReference/API_DeactivateKeySigningKey.html",
    ),
    meaning(
        "KeySigningKeyWithActiveStatusNotFound",
        "Activate a key-signing key (aws route53 activate-key-signing-key), because the zone has no active one. "
        "Then enable signing.",
        f"{API}/Route53/latest/APIReference/API_EnableHostedZoneDNSSEC.html",
    ),
    meaning(
        "RequestInProgress",
        "The certificate is not issued yet: validate its domains, wait until its status is ISSUED, then make the call "
        "again.",
        f"{API}/acm/latest/APIReference/API_ExportCertificate.html",
        of=r"Certificate",
    ),
    meaning(
        "CertificateMismatch",
        "The certificate does not match this CA's request: have the parent CA sign this CA's current CSR, without "
        "changing the CSR's key or subject.",
        f"{API}/privateca/latest/APIReference/API_ImportCertificateAuthorityCertificate.html",
    ),
    meaning(
        "PermissionAlreadyExists",
        "The private CA has already granted this permission: aws acm-pca list-permissions shows it.",
        f"{API}/privateca/latest/APIReference/API_CreatePermission.html",
        of=r"CreatePermission",
        said=r"already (?:been )?(?:given|exist|grant)",
    ),
    meaning(
        "InvalidInput",
        "This account did not register the domain: make the call with the account that did. The hosted zone and the "
        "domain may be in different accounts.",
        f"{API}/Route53/latest/APIReference/API_domains_GetDomainDetail.html",
        said=r"Domain \S+ not found in \d{12} account|doesn.t belong to",
    ),
)
