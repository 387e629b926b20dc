"""Further permissions that KMS keys, secrets and certificates need."""

from __future__ import annotations

from diagnostics.text.causes.denials.service_fact_row import DOCS, Known, known_row

KEYS: tuple[Known, ...] = (
    known_row(
        r"kms:(?:create|update|delete)alias$",
        r"",
        "KMS checks an alias action on the alias and on its key (kms:UpdateAlias on the old and the new key): "
        "allow it on alias/NAME in IAM, and on the key in IAM or its key policy.",
        f"{DOCS}/kms/latest/developerguide/alias-access.html",
    ),
    known_row(
        r"kms:createkey$",
        r"",
        'kms:CreateKey needs Resource "*". If you set tags, also allow kms:TagResource. '
        "To change a key policy of your own later, also allow kms:PutKeyPolicy.",
        f"{DOCS}/kms/latest/developerguide/create-keys.html",
    ),
    known_row(
        r"kms:replicatekey$",
        r"",
        "Replicating needs kms:ReplicateKey on the primary key in its Region and kms:CreateKey in the "
        "replica's Region, and the first time iam:CreateServiceLinkedRole for multi-Region keys.",
        f"{DOCS}/kms/latest/developerguide/multi-region-keys-auth.html",
    ),
    known_row(
        r"kms:creategrant$",
        r"",
        "Services such as EBS, RDS and Lambda create grants on the caller's behalf: allow kms:CreateGrant on the key, "
        "preferably with kms:GrantIsForAWSResource = true, and kms:Decrypt, kms:DescribeKey and kms:GenerateDataKey*.",
        f"{DOCS}/kms/latest/developerguide/grants.html",
    ),
    known_row(
        r"secretsmanager:batchgetsecretvalue$",
        r"",
        'BatchGetSecretValue needs secretsmanager:BatchGetSecretValue on "*", secretsmanager:GetSecretValue '
        'on each secret, and with filters secretsmanager:ListSecrets on "*".',
        f"{DOCS}/secretsmanager/latest/userguide/retrieving-secrets_batch.html",
    ),
    known_row(
        r"secretsmanager:rotatesecret$",
        r"",
        "Rotation needs three things: lambda:InvokeFunction on the rotation function for the caller, "
        "secretsmanager.amazonaws.com in the function's own policy, and for the function's role DescribeSecret, "
        "GetSecretValue, PutSecretValue and UpdateSecretVersionStage on the secret.",
        f"{DOCS}/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html",
    ),
    known_row(
        r"acm-pca:(?:issue|get)certificate$|acm:requestcertificate$",
        r"certificate-?authority(?:/|Arn)|acm-pca:IssueCertificate",
        "A certificate of a private CA needs acm:RequestCertificate and on the CA acm-pca:IssueCertificate and "
        "acm-pca:GetCertificate. For ACM to renew the certificate, the CA needs a permission (a CA permission) for "
        "acm.amazonaws.com.",
        f"{DOCS}/privateca/latest/userguide/assign-permissions.html",
    ),
)
