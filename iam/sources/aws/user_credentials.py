"""What a user proves itself with besides its password, its access keys and its MFA devices."""

from __future__ import annotations

from iam.sources.aws.session import Aws
from iam.sources.reader import Credential, Reading

# The call, its method, the key of the list in its answer, and that of the ID: kind by kind.
_LISTS = {
    "signing-certificate": ("ListSigningCertificates", "list_signing_certificates", "Certificates", "CertificateId"),
    "ssh-key": ("ListSSHPublicKeys", "list_ssh_public_keys", "SSHPublicKeys", "SSHPublicKeyId"),
    "service-credential": (
        "ListServiceSpecificCredentials",
        "list_service_specific_credentials",
        "ServiceSpecificCredentials",
        "ServiceSpecificCredentialId",
    ),
}


def credentials(aws: Aws, user: str) -> Reading[tuple[Credential, ...]]:
    """All kinds, or "not readable": a part of them would be taken for the whole."""
    found: list[Credential] = []
    for kind, (call, method, key, id_key) in _LISTS.items():

        def read(kind: str = kind, method: str = method, key: str = key, id_key: str = id_key) -> list[Credential]:
            client = aws.client("iam")
            if client.can_paginate(method):
                listed = list(aws.pages("iam", method, key, UserName=user))
            else:
                listed = getattr(client, method)(UserName=user)[key]
            return [
                Credential(kind, each[id_key], each.get("Status") == "Active", each.get("ServiceName", ""))
                for each in listed
            ]

        reading = aws.read(f"iam:{call}", read)
        if reading.value is None:
            return Reading(f"iam:{call}", why=reading.why)
        found += reading.value
    return Reading("iam:ListServiceSpecificCredentials", tuple(found))
