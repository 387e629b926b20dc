"""Errors of AWS KMS, its custom key stores and AWS Secrets Manager, and of services that use their keys."""

from __future__ import annotations

from diagnostics.text.answer.error_meanings.meaning import API, meaning

_KMS = f"{API}/kms/latest/APIReference"
_XKS = f"{API}/kms/latest/developerguide/xks-troubleshooting.html"
_STATE = "aws kms describe-key --key-id KEY shows its state."
ENCRYPTION_KEYS = (
    meaning(
        "XksProxyIncorrectAuthenticationCredential",
        "The external key store proxy rejects KMS's proxy credential: set the access key ID and secret that the proxy "
        "has (the proxy's own, not an IAM access key).",
        _XKS,
    ),
    meaning(
        "XksKeyNotFound",
        "The external key manager has no key with this XksKeyId: use the ID as the proxy writes it. Neither a KMS "
        "key nor a policy is the cause.",
        _XKS,
    ),
    meaning(
        "XksKeyInvalidConfiguration",
        "The external key is not suitable: the key must be an enabled AES-256 symmetric key, and must be allowed "
        "to encrypt and decrypt in the external key manager.",
        _XKS,
    ),
    meaning(
        "XksKeyAlreadyInUse",
        "Another KMS key of this key store uses the external key already: use that KMS key, or another external key.",
        f"{_KMS}/API_CreateKey.html",
    ),
    meaning(
        "XksProxyUriUnreachable XksProxyInvalidResponse",
        "KMS gets no usable answer from the external key store proxy: check that the proxy and its key manager run, "
        "and check the proxy's endpoint and path. A single failure may be temporary.",
        _XKS,
    ),
    meaning(
        "XksProxyInvalidConfiguration",
        "The configuration of the external key store proxy does not meet KMS's requirements: check the proxy's URI "
        "path, and its TLS certificate (from a public CA, not expired, with the endpoint's name).",
        _XKS,
    ),
    meaning(
        "XksProxyVpcEndpointServiceNotFound",
        "KMS cannot find the VPC endpoint service, or is not allowed to use it: check the service's name and "
        "Region, and allow the principal cks.kms.REGION.amazonaws.com to use the service.",
        _XKS,
        is_permission=True,
    ),
    meaning(
        "XksProxyVpcEndpointServiceInvalidConfiguration",
        "The VPC endpoint service does not meet the requirements: the service needs a Network Load Balancer, two "
        "subnets in different Zones, no required acceptance, and a verified private DNS name.",
        _XKS,
    ),
    meaning(
        "KMSInvalidState",
        "The external key store proxy refused the operation: let the proxy and the external key manager authorize this "
        "caller and this external key. Neither IAM nor the key policy refused it.",
        _XKS,
        said=r"proxy denied access|denied access to the (?:operation|external key)",
    ),
    meaning(
        "KMSInvalidState",
        "KMS gets no usable answer from the external key store proxy, or the external key is disabled or missing: read "
        "the message, then look at the proxy and the external key manager.",
        _XKS,
        said=r"external key",
    ),
    meaning(
        "KMSInvalidState",
        "The key is in a custom key store that is not connected, or whose CloudHSM cluster KMS cannot use: aws kms "
        "describe-custom-key-stores shows ConnectionState and ConnectionErrorCode.",
        f"{API}/kms/latest/developerguide/fix-keystore.html",
        said=r"custom key store|CloudHSM",
    ),
    meaning(
        "CustomKeyStoreInvalidState",
        "The custom key store is not in the state that this call needs: for CreateKey, the store must be CONNECTED "
        "(aws kms connect-custom-key-store); for a change or deletion, it must be DISCONNECTED.",
        f"{_KMS}/API_ConnectCustomKeyStore.html",
    ),
    meaning(
        "CloudHsmClusterNotActive",
        "The CloudHSM cluster is not active: initialize and activate it, then connect the key store.",
        f"{_KMS}/API_ConnectCustomKeyStore.html",
    ),
    meaning(
        "CloudHsmClusterInvalidConfiguration",
        "The CloudHSM cluster does not meet the requirements: the cluster needs private subnets in two Zones, its "
        "own security group with ports 2223-2225, and enough active HSMs (two to create a key).",
        f"{_KMS}/API_ConnectCustomKeyStore.html",
    ),
    meaning(
        "IncorrectTrustAnchor",
        "The trust anchor certificate is not this CloudHSM cluster's: pass the customerCA.crt of the cluster.",
        f"{_KMS}/API_CreateCustomKeyStore.html",
    ),
    meaning(
        "UnsupportedOperation",
        "Only a multi-Region primary key can be replicated: create a new key with MultiRegion (an existing "
        "single-Region key cannot be converted), or call the Region of the primary key.",
        f"{API}/kms/latest/developerguide/multi-region-keys-replicate.html",
        of=r"ReplicateKey",
    ),
    meaning(
        "InvalidGrantToken",
        "The grant token is not valid: pass it unchanged, as CreateGrant returned it. After some minutes the grant "
        "works without it.",
        f"{_KMS}/API_CreateGrant.html",
    ),
    meaning(
        "InvalidGrantId",
        "The key has no grant with this ID: aws kms list-grants --key-id KEY shows the existing grants.",
        f"{_KMS}/API_RevokeGrant.html",
    ),
    meaning(
        "ExpiredImportToken InvalidImportToken",
        "The import token is for another key, or older than 24 hours: call GetParametersForImport again, encrypt the "
        "key material with the new public key, and import it.",
        f"{_KMS}/API_ImportKeyMaterial.html",
    ),
    meaning(
        "IncorrectKeyMaterial",
        "The imported key material is not the material that KMS expects: import the key's own material, encrypted with "
        "the public key of the present import token.",
        f"{_KMS}/API_ImportKeyMaterial.html",
    ),
    meaning(
        "InvalidKeyUsage",
        "The key cannot perform this operation: its KeyUsage or its algorithm is not suitable (a SIGN_VERIFY key "
        "cannot decrypt). Use a suitable key; the usage of an existing key cannot be changed.",
        f"{_KMS}/API_Decrypt.html",
    ),
    meaning(
        "KMSInvalidSignature KMSInvalidMac",
        "The signature (or MAC) does not match the message, the key or the algorithm: compare all three with those "
        "with which it was created.",
        f"{_KMS}/API_Verify.html",
    ),
    meaning(
        "KMSDisabled KmsDisabled KmsKeyDisabled",
        f"The KMS key is disabled or scheduled for deletion: the key's administrator must enable it again. {_STATE}",
        f"{API}/sns/latest/api/API_Publish.html",
    ),
    meaning(
        "KmsInvalidState KMSInvalidState",
        "The KMS key's state does not allow its use: the key is disabled, is scheduled for deletion, or lacks its "
        f"key material. {_STATE}",
        f"{API}/kms/latest/developerguide/key-state.html",
        of=r"^(?:Publish|Send|Receive|Create(?:Topic|Queue)|SetTopic|Subscribe|ConfirmSub)",
    ),
    meaning(
        "KMSNotFound KmsNotFound KmsKeyNotFound",
        "The service finds no such KMS key: compare the key's ID, alias, account and Region (the Region must be "
        "that of the topic, queue or bucket).",
        f"{API}/sns/latest/api/API_Publish.html",
    ),
    meaning(
        "KmsInvalidKeyUsage",
        "The KMS key is not suitable: use a symmetric key for encryption (ENCRYPT_DECRYPT, SYMMETRIC_DEFAULT).",
        f"{API}/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html",
    ),
    meaning(
        "DecryptionFailure",
        "Secrets Manager cannot decrypt the secret with its KMS key: check whether the key is enabled, then "
        f"whether the caller is allowed to perform kms:Decrypt on the key. {_STATE}",
        f"{API}/secretsmanager/latest/apireference/API_GetSecretValue.html",
        is_permission=True,
    ),
    meaning(
        "EncryptionFailure",
        "Secrets Manager cannot encrypt the secret with its KMS key: check whether the key is enabled and "
        f"symmetric, then whether the caller is allowed to perform kms:GenerateDataKey on the key. {_STATE}",
        f"{API}/secretsmanager/latest/apireference/API_PutSecretValue.html",
        is_permission=True,
    ),
    # AWS Secrets Manager User Guide, "Delete an AWS Secrets Manager secret"
    # (https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_delete-secret.html).
    meaning(
        "InvalidRequest",
        "A deleted secret keeps this name until its recovery window ends. Restore the secret (aws secretsmanager "
        "restore-secret) and import it. Or delete it permanently (delete-secret --force-delete-without-recovery) "
        "and create it again. Terraform's recovery_window_in_days = 0 avoids the window.",
        f"{API}/secretsmanager/latest/userguide/manage_delete-secret.html",
        of=r"CreateSecret",
        said=r"scheduled for deletion",
    ),
    meaning(
        "InvalidRequest",
        "The secret is scheduled for deletion: nobody can read or change it until aws secretsmanager "
        "restore-secret restores it. If another secret replaces it, name the other secret in the call.",
        f"{API}/secretsmanager/latest/apireference/API_GetSecretValue.html",
        said=r"marked (?:for deletion|as deleted)|scheduled for deletion",
    ),
    meaning(
        "InvalidRequest",
        "Another AWS service manages this secret: change the secret through that service (describe-secret shows "
        "the service as OwningService).",
        f"{API}/secretsmanager/latest/userguide/service-linked-secrets.html",
        said=r"managed by (?:an AWS service|another service|[\w.-]+)[^.]*must use that service|secret is managed by",
    ),
    meaning(
        "LimitExceeded",
        "The key already has as many grants as KMS allows: retire or revoke grants that nobody uses (aws kms "
        "list-grants --key-id KEY), or use another key.",
        f"{API}/kms/latest/developerguide/resource-limits.html",
        of=r"CreateGrant",
    ),
)
