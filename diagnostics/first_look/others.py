"""The first look at a text that is neither a denial nor a name conflict."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from diagnostics.claims.kinds import Quotes, Sentence, TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.first_look.look import (
    SERVICE_ROLES,
    WHO_AM_I,
    Rule,
    Said,
    contains,
    looked_up,
    quoted,
    reading,
    says,
    told,
)
from diagnostics.first_look.shared_causes import MISSING_SERVICE_ROLE, UNCHECKED_TOKEN
from diagnostics.fix import Who
from diagnostics.messages.answers import Decision, simulations
from diagnostics.messages.near_keys import mistakes
from diagnostics.messages.own_cause import OWN_CAUSE, own_cause
from diagnostics.messages.questions import answers
from diagnostics.stated.credentials import fault_of
from diagnostics.stated.operators import unknown_operator
from diagnostics.stated.other import malformed_reason
from diagnostics.stated.partitions import partition_fault
from diagnostics.stated.principals import principal_fault
from iam.arn import name_of
from iam.facts.quotas import (
    ACCESS_KEYS_OF_USER,
    CUSTOMER_POLICIES,
    GROUPS_OF_USER,
    INSTANCE_PROFILES,
    MANAGED_SIZE,
    POLICIES_OF_GROUP,
    POLICIES_OF_ROLE,
    POLICIES_OF_USER,
    ROLES,
    TRUST_SIZE,
    VERSIONS_OF_POLICY,
    Quota,
)
from iam.regions import is_known_region, known_regions
from iam.words import listing

# IAM User Guide, "Grammar of the IAM JSON policy language", "AWS JSON policy elements: Principal"; S3 User Guide,
# "Policies and permissions in Amazon S3".
_MALFORMED = (
    Said(
        r"Invalid principal in policy[^\n]{0,120}|(?:one or more )?invalid principals|unsupported principal",
        "A principal that the policy names does not exist (a role, a user, or a service-linked role that was never "
        "created) or is misspelled; AWS checks each principal. A principal created a moment ago takes some seconds "
        "to be found; a deleted principal shows as an ID (AROA…).",
        reading("iam", "list-roles", query="Roles[].Arn"),
        Who.CALLER,
    ),
    Said(
        r"should not specify a principal|has prohibited field (?:Not)?Principal",
        "A policy of a role, user or group has no Principal, because it applies to the identity it is attached to: a "
        "trust policy or a resource policy was put where an identity policy belongs.",
        None,
        Who.CALLER,
    ),
    Said(
        r"has prohibited field (?:Not)?Resource|may only specify STS AssumeRole actions",
        "A trust policy names no Resource and only sts:AssumeRole… actions: what the role may do belongs in a "
        "separate policy.",
        None,
        Who.CALLER,
    ),
    Said(
        r"missing required field Principal|federated principals must be",
        "A trust policy and a resource-based policy need a Principal: an account, role, user, service, or the ARN of "
        "an identity provider of this account.",
        None,
        Who.CALLER,
    ),
    Said(
        r"does not apply to any resource|policy has invalid resource|unsupported resource",
        "A bucket policy can only name this bucket: actions on objects need arn:aws:s3:::BUCKET/*, actions on the "
        "bucket its ARN without /*.",
        None,
        Who.CALLER,
    ),
    Said(
        r"must be in ARN format|legacy parsing|the following resource",
        "A resource is not an ARN: a variable was empty, a name was given instead of an ARN, or a field is missing.",
        None,
        Who.CALLER,
    ),
    Said(
        r"prefaced by a vendor",
        "An action or condition key lacks its service before the colon (s3:GetObject, aws:SourceIp).",
        None,
        Who.CALLER,
    ),
    Said(
        r"statement ids? \(sid\)[^.\n]{0,60}",
        "The Sids of one policy must differ from each other, and in IAM policies must contain only letters and digits.",
        None,
        Who.CALLER,
    ),
    # KMS API reference, PutKeyPolicy: the lockout safety check.
    Said(
        r"key policy will not allow you to update the key policy[^.\n]{0,40}",
        "The key policy does not let its author change it again: it must allow this caller, or the account "
        "(arn:aws:iam::ACCOUNT:root), kms:PutKeyPolicy. Without that, the key could become unmanageable.",
        None,
        Who.CALLER,
    ),
    Said(
        r"syntax errors? in policy|must contain (?:valid )?\w+|MalformedPolicy\w*",
        "The document is not a valid policy: broken JSON, an empty list, or an element that is missing or mistyped. "
        "rolescope lint FILE names the place.",
        None,
        Who.CALLER,
    ),
)
_NO_TOKEN = (
    r"ACTIONS_ID_TOKEN_REQUEST_(?:URL|TOKEN)|Could not load credentials from any providers"
    r"|Did you mean to set the `?id-token`? permission"
)
_ID_TOKEN = r"id-token[\"']?\s*:\s*[\"']?write"
_ROLE_GIVEN = re.compile(r"role-to-assume[\"']?\s*:\s*[\"']?(?:\$\{\{\s*(?P<from>[\w.-]+)[^}\n]*\}\}|(?P<arn>arn:\S+))")
_TOLD = (
    # AWS SDK for Rust, crate aws-config, feature flags (https://docs.rs/aws-config/latest/aws_config/#feature-flags).
    Said(
        r"requires following cargo feature\(s\) enabled: [\w-]+",
        "The program was built without this feature of the AWS SDK for Rust, so it cannot use such a profile (sso: one "
        "of IAM Identity Center); the AWS CLI can. Use another version of the program, or give it exported "
        'credentials: eval "$(aws configure export-credentials --profile PROFILE --format env)". Neither the profile '
        "nor a permission is at fault.",
        None,
        Who.CALLER,
    ),
    # AWS SDKs and Tools Reference Guide, "IAM Identity Center credential provider": the section sso-session
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html).
    Said(
        r"sso-session [\w.-]+[`'\"]? (?:ignored|was not a valid)[^\n]{0,80}|`sso_region` was missing",
        "The program's AWS SDK is too old for [sso-session] sections: the configuration is valid for the AWS CLI. "
        "Update the program, or write sso_start_url and sso_region into the profile itself, without sso_session, or "
        'give the program exported credentials: eval "$(aws configure export-credentials --profile PROFILE --format '
        'env)".',
        None,
        Who.CALLER,
    ),
    # STS API reference, AssumeRole, "PackedPolicyTooLarge".
    Said(
        r"PackedPolicyTooLarge\w*|Packed policy consumes \d+%",
        "The session policies and tags that the call sends are too large together: send fewer or shorter ones.",
        None,
        Who.CALLER,
    ),
    # KEDA's page of the scaler (https://keda.sh/docs/2.20/scalers/aws-sqs/): identityOwner is "pod" by default.
    Said(
        r"awsAccessKeyID not found",
        "KEDA looks for static keys in the workload, because the trigger references no TriggerAuthentication. "
        "Reference one with podIdentity.provider: aws, or set identityOwner: operator in the trigger's metadata. Then "
        "the operator's role is used, and only then do its permissions matter.",
        None,
        Who.CALLER,
    ),
    # https://external-secrets.io/latest/provider/aws-access/ (serviceAccountRef reads the role's annotation).
    Said(
        r"an IAM role must be associated with service account[^\n]{0,80}",
        "auth.jwt.serviceAccountRef is External Secrets' way for IRSA: it reads the annotation "
        "eks.amazonaws.com/role-arn of that service account, and no Pod Identity association. Annotate the service "
        "account with the role, or remove the store's auth, so that the controller uses its own credentials.",
        None,
        Who.CALLER,
    ),
    # https://aws.github.io/amazon-vpc-cni-k8s/docs/iam-policy.html; the plugin's troubleshooting guide: ipamd.log.
    Said(
        r"Checking for IPAM connectivity",
        "The VPC CNI's daemon (ipamd) did not start, and this log does not say why: read "
        "/var/log/aws-routed-eni/ipamd.log on the node. After an upgrade, its role may lack an EC2 action that "
        "the new version calls (ec2:DescribeSubnets, ec2:DescribeSecurityGroups): compare with the published policy.",
        None,
        Who.ACCOUNT_ADMIN,
    ),
    # IAM User Guide, "IAM and AWS STS quotas", "IAM name requirements".
    Said(
        r"at '\w*[nN]ame' failed to satisfy constraint",
        "IAM does not accept this form of name. Allowed are letters, digits and + = , . @ _ -, without spaces or "
        "slashes, up to the maximum length (64 characters for a role).",
        None,
        Who.CALLER,
    ),
    # Amazon EC2 Auto Scaling User Guide, "Required AWS KMS key policy for use with encrypted volumes"; re:Post, "How do
    # I provide IAM permissions for KMS to start an EC2 instance"
    # (https://repost.aws/knowledge-center/kms-iam-ec2-permission).
    Said(
        r"Client\.InternalError(?:: Client error on launch)?",
        "The instance's volumes are encrypted with a KMS key that its launcher is not allowed to use: let it use the "
        "key and create grants (kms:CreateGrant). In an Auto Scaling group the launcher is the service-linked role "
        "AWSServiceRoleForAutoScaling, otherwise whoever calls RunInstances or StartInstances.",
        SERVICE_ROLES,
        Who.RESOURCE_OWNER,
    ),
    # API Gateway developer guide, "Troubleshoot HTTP 403 errors".
    Said(
        r"^\s*\{\s*\"message\"\s*:\s*\"Forbidden\"\s*\}\s*$",
        "API Gateway says this if a method requires an API key that the request lacks (x-api-key, or its usage "
        "plan), if AWS WAF blocked the request, or if a custom domain has no such path. IAM's refusals name an "
        "action.",
        None,
        Who.RESOURCE_OWNER,
    ),
    # Amazon RDS User Guide, "Troubleshooting for IAM DB authentication"; "Creating and using an IAM policy for IAM
    # database access".
    Said(
        r"PAM authentication failed for user",
        "The database did not accept the IAM token. Check rds-db:connect on "
        "arn:aws:rds-db:REGION:ACCOUNT:dbuser:RESOURCE-ID/USER (db-… or cluster-…, not the name), the grant of "
        "rds_iam to the user, and a token younger than 15 minutes for the same host and user.",
        None,
        Who.ACCOUNT_ADMIN,
    ),
    # AWS Systems Manager User Guide, "Troubleshooting Session Manager"
    # (https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-troubleshooting.html).
    Said(
        r"TargetNotConnected|\bis not connected\.(?=[^\n]*$)",
        "Systems Manager does not reach the instance: its SSM agent does not run, its network has no way to the "
        "endpoints ssm, ssmmessages and ec2messages, or its role lacks AmazonSSMManagedInstanceCore. The caller's own "
        "policies are not the cause.",
        reading("ssm", "describe-instance-information", query="InstanceInformationList[].[InstanceId,PingStatus]"),
        Who.ACCOUNT_ADMIN,
    ),
    # Amazon ECS Developer Guide, "Troubleshoot Amazon ECS Exec issues".
    Said(
        r"execute command was not enabled when the task was run",
        "Start the task anew with ECS Exec enabled (for a service: update-service --enable-execute-command "
        "--force-new-deployment), and allow its task role the four ssmmessages actions (CreateControlChannel, "
        "CreateDataChannel, OpenControlChannel, OpenDataChannel).",
        None,
        Who.ACCOUNT_ADMIN,
    ),
    # Amazon EC2 User Guide, "Configure the instance metadata options": the default hop limit of containers.
    Said(
        r"(?:169\.254\.169\.254|metadata)[^\n]{0,120}(?:hangs?|times? ?out|timeout)[^\n]{0,60}container"
        r"|container[^\n]{0,120}(?:169\.254\.169\.254|metadata)[^\n]{0,80}(?:hangs?|times? ?out|timeout)",
        "Most likely the container is one hop too far for the metadata service: set the hop limit to 2 (aws ec2 "
        "modify-instance-metadata-options --http-put-response-hop-limit 2), or give the container a role of its own.",
        None,
        Who.ACCOUNT_ADMIN,
    ),
    UNCHECKED_TOKEN,
    # Databricks documentation, "Create a storage credential"; IAM User Guide, "IAM role trust policy update awaiting
    # role assumption": a role that assumes itself names itself in its trust policy.
    Said(
        r"(?:is|are) not self-assuming",
        "The role's trust policy must also name the role itself: add its own ARN as principal of sts:AssumeRole "
        "(next to Databricks' role and the external ID), and allow it sts:AssumeRole on itself.",
        None,
        Who.RESOURCE_OWNER,
    ),
    # The README of configure-aws-credentials, "Inputs" (https://github.com/aws-actions/configure-aws-credentials).
    Said(
        r"Source Account ID is needed if the Role Name is provided",
        "role-to-assume has a name instead of an ARN: write arn:aws:iam::ACCOUNT:role/NAME. An empty or mistyped "
        "variable gives the same message.",
        None,
        Who.CALLER,
    ),
    # CodeCommit User Guide, "Troubleshooting the credential helper and HTTPS connections"
    # (https://docs.aws.amazon.com/codecommit/latest/userguide/troubleshooting-ch.html).
    Said(
        r"git-codecommit\.[^\n]{0,200}returned error: 403",
        "CodeCommit's 403 is most often about the credentials that git sends: old ones kept by the system's "
        "credential store (on macOS the keychain), another profile than meant, or no helper. Else codecommit:GitPull "
        "or GitPush is missing.",
        "git config --show-origin --get-all credential.helper",
        Who.CALLER,
    ),
    # AWS IoT Core Developer Guide, "Diagnosing connectivity issues"
    # (https://docs.aws.amazon.com/iot/latest/developerguide/diagnosing-connectivity-issues.html).
    Said(
        r"AWS_ERROR_MQTT_UNEXPECTED_HANGUP",
        "AWS IoT closes the connection without a reason where the certificate's policy does not allow iot:Connect "
        "for this client ID, or a publish or subscribe on this topic; or another device uses the same client ID. "
        "CloudWatch has AWS IoT's log with the reason.",
        None,
        Who.RESOURCE_OWNER,
    ),
    # Amazon QuickSight User Guide, "I can't connect to Amazon S3"
    # (https://docs.aws.amazon.com/quicksight/latest/user/troubleshoot-connect-S3.html).
    Said(
        r"QuickSight[\s\S]{0,300}(?:not accessible|can't access|can't connect)|S3 bucket is not accessible",
        "QuickSight reads S3 by its own role: select the bucket under Manage QuickSight, Security and permissions. The "
        "bucket's policy and the key's must let that role in too.",
        None,
        Who.ACCOUNT_ADMIN,
    ),
    # Amazon ElastiCache User Guide, "Authenticating with IAM"
    # (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html).
    Said(
        r"WRONGPASS[\s\S]{0,200}\b(?:IAM|[Ee]lasti[Cc]ache)\b|\b(?:IAM|[Ee]lasti[Cc]ache)\b[\s\S]{0,200}WRONGPASS",
        "ElastiCache did not accept the IAM token: user ID and user name must be the same, the token is valid for 15 "
        "minutes, TLS is required, and the role needs elasticache:Connect on both the cache and the user.",
        None,
        Who.CALLER,
    ),
    # Amazon DocumentDB Developer Guide, "Authentication using IAM identity"
    # (https://docs.aws.amazon.com/documentdb/latest/developerguide/iam-identity-auth.html).
    Said(
        r"Authentication failed[\s\S]{0,200}MONGODB-AWS|MONGODB-AWS[\s\S]{0,200}Authentication failed",
        "DocumentDB has no user for this IAM identity: create one in $external whose name is the role's or user's ARN "
        "(without the session), with mechanisms MONGODB-AWS. No policy of IAM allows the sign-in.",
        None,
        Who.RESOURCE_OWNER,
    ),
    # AWS DMS User Guide, "Prerequisites for using Amazon S3 as a target"
    # (https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Target.S3.html).
    Said(
        r"Failed to connect to S3 endpoint[^\n]{0,40}",
        "The S3 endpoint's own role (ServiceAccessRoleArn) is refused: it must trust dms.amazonaws.com and be allowed "
        "s3:ListBucket on the bucket, and on its objects s3:PutObject, s3:PutObjectTagging and s3:DeleteObject (as a "
        "source s3:GetObject).",
        None,
        Who.RESOURCE_OWNER,
    ),
    # API Gateway Developer Guide, "Troubleshoot HTTP 401 errors": authorizers.
    Said(
        r"^\s*\{\s*\"message\"\s*:\s*\"Unauthorized\"\s*\}\s*$",
        "API Gateway's authorizer (Cognito, JWT or Lambda) did not accept the token: it is missing, expired, of "
        "another issuer or audience, or is not in the header that the authorizer reads. IAM's refusals name an "
        "action.",
        None,
        Who.CALLER,
    ),
    # AWS Glue Developer Guide, "Connecting to the Data Catalog using AWS Glue Iceberg REST endpoint"; Amazon S3 User
    # Guide, "Accessing tables using the Amazon S3 Tables Iceberg REST endpoint"
    # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-integrating-open-source.html).
    Said(
        r"iceberg\S*NotAuthorizedException[^\n]{0,40}",
        "The catalog got no valid signature: set rest.sigv4-enabled=true, rest.signing-name (glue, or s3tables for its "
        "own endpoint) and rest.signing-region. Before that, no permission is checked.",
        None,
        Who.CALLER,
    ),
)


# AWS Glue Developer Guide, "AWS Glue REST APIs for Apache Iceberg specifications"
# (https://docs.aws.amazon.com/glue/latest/dg/iceberg-rest-apis.html); the report of GetIcebergTableMetadata:
# https://github.com/duckdb/duckdb-iceberg/issues/810; Lake Formation Developer Guide, "Underlying data access control"
# (lakeformation:GetDataAccess).
_LOADS = re.compile(r"GET\s+\S*/namespaces/(?P<space>[^/\s]+)/tables/(?P<table>[^/\s]+)\s*->\s*403", re.IGNORECASE)


def iceberg_table(failure: OtherFailure) -> Iterator[FirstLook]:
    """A client of an Iceberg REST catalog that may list a table, and not load it."""
    if failure.trouble is not Trouble.UNRECOGNIZED or not (found := _LOADS.search(failure.text)):
        return
    yield FirstLook(
        f"The catalog refused to load the table {found['space']}.{found['table']} (403): the table exists, and the "
        "caller may list it. Allow glue:GetCatalog, glue:GetDatabase and glue:GetTable on catalog, database and table. "
        "Users of DuckDB also report glue:GetIcebergTableMetadata, which AWS's reference does not list.",
        contains(" ".join(found[0].split())[:96]),
        None,
        Who.ACCOUNT_ADMIN,
    )
    yield FirstLook(
        "Or Lake Formation manages the table: then the caller needs SELECT on it there, and "
        "lakeformation:GetDataAccess in IAM. Send the same request by hand: its answer names the denied action.",
        contains(" ".join(found[0].split())[:96]),
        None,
        Who.RESOURCE_OWNER,
    )


def without_a_token(failure: OtherFailure) -> Iterator[FirstLook]:
    """The README of configure-aws-credentials, "OIDC" and "Inputs": without role-to-assume it looks for keys
    (https://github.com/aws-actions/configure-aws-credentials).
    """
    if not (said := _quote(failure, _NO_TOKEN)):
        return
    role, permitted = _ROLE_GIVEN.search(failure.text), _quote(failure, _ID_TOKEN)
    asked_in_vain = "ACTIONS_ID_TOKEN_REQUEST" in said
    if role is not None and role["from"] and not asked_in_vain:
        source = role["from"]
        yield FirstLook(
            f"role-to-assume comes from {source}: where that has no value (not set for this repository, environment or "
            "kind of run, or a secret instead of a variable), the action assumes no role and looks for keys.",
            Sentence(f"the text contains “{source}” and “{said}”", (Quotes(source), Quotes(said))),
            None,
            Who.CALLER,
        )
    if permitted:
        yield FirstLook(
            "The permission id-token: write is in the text: check that it applies to this job (a job's own "
            "permissions replace the workflow's, a called workflow needs its caller's), and that the run is not for a "
            "fork's pull request.",
            contains(permitted),
            None,
            Who.CALLER,
        )
        return
    yield FirstLook(
        "The job is not allowed to request a token from GitHub: permissions: id-token: write is missing in the "
        "workflow (or its caller), or the run is for a fork's pull request.",
        contains(said),
        None,
        Who.CALLER,
    )


_WANTED_TRUST = re.compile(
    r"(?P<role>[\w+=,.@-]{1,64}) (?:should|must) (?:have|trust|allow)\b[^'\"\n]{0,80}['\"]"
    r"(?P<service>[a-z][\w.-]+\.amazonaws\.com(?:\.cn)?)['\"][^.\n]{0,40}\b(?:trust\w*|principal|assume)\b"
)


def wanted_in_trust(failure: OtherFailure) -> Iterator[FirstLook]:
    """A service's message that its principal is missing in a role's trust policy."""
    if failure.trouble is not Trouble.UNRECOGNIZED or not (found := _WANTED_TRUST.search(failure.text)):
        return
    said = " ".join(found[0].split())
    regional = found["service"].count(".") > 2 + found["service"].endswith(".cn")
    more = " The principal of the same service without a Region is not enough." if regional else ""
    yield FirstLook(
        f"The trust policy of {found['role']} must let {found['service']} do sts:AssumeRole: add exactly this service "
        f"principal.{more}",
        contains(said),
        reading("iam", "get-role", ("role-name", found["role"]), query="Role.AssumeRolePolicyDocument"),
        Who.RESOURCE_OWNER,
    )


_BY_DEFAULT = r"(?:EBS )?encryption by default|default (?:EBS |KMS )?(?:encryption )?key|ebs-default-kms-key-id"


def default_volume_key(failure: OtherFailure) -> Iterator[FirstLook]:
    """Amazon EBS User Guide, "Enable Amazon EBS encryption by default": the account's default key encrypts what names
    none (https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html).
    """
    launched, default = _quote(failure, r"Client\.InternalError"), _quote(failure, _BY_DEFAULT)
    if not (launched and default):
        return
    yield FirstLook(
        "Find out first which key encrypts the volumes: where the launch names no KmsKeyId for a volume, the "
        "account's default EBS key is used, and not the key whose policy the text may show. Whoever launches (in an "
        "Auto Scaling group AWSServiceRoleForAutoScaling) must be allowed to use that key and create grants.",
        Sentence(f"the text contains “{launched}” and “{default}”", (Quotes(launched), Quotes(default))),
        reading("ec2", "get-ebs-default-kms-key-id"),
        Who.RESOURCE_OWNER,
    )


def events_to_an_encrypted_topic(failure: OtherFailure) -> Iterator[FirstLook]:
    """Amazon SNS Developer Guide, "Managing Amazon SNS encryption keys and costs": these conditions are not supported
    from EventBridge to encrypted topics
    (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html).
    """
    parts = [
        _quote(failure, each) for each in (r"\bSNS\b", r"events\.amazonaws\.com", r"kms:(?:GenerateDataKey|Decrypt)")
    ]
    condition = _quote(failure, r"aws:Source(?:Account|Arn|OrgID)")
    if failure.trouble is not Trouble.UNRECOGNIZED or not condition or not all(parts):
        return
    yield FirstLook(
        f"AWS does not support {condition} where EventBridge sends to an encrypted topic, so a key policy's statement "
        "with this condition does not allow it. Give events.amazonaws.com a statement without the condition in the key "
        "policy.",
        Sentence(f"the text contains “{condition}” and “{parts[1]}”", (Quotes(condition), Quotes(parts[1]))),
        None,
        Who.RESOURCE_OWNER,
    )


def lake_formation(failure: OtherFailure) -> Iterator[FirstLook]:
    """AWS Lake Formation Developer Guide, "Lake Formation permissions reference" and "Implicit Lake Formation
    permissions" (https://docs.aws.amazon.com/lake-formation/latest/dg/implicit-permissions.html).
    """
    if not (said := _quote(failure, r"Lake ?Formation permission(?:\(s\)|s)?(?:: Required [\w ,]{3,60} on \S+)?")):
        return
    if wanted := re.search(r"Required (?P<what>[\w ,]{3,60}?) on (?P<thing>[\w.*/-]*\w)", failure.text):
        what, thing = wanted["what"].upper(), wanted["thing"]
        yield FirstLook(
            f"The caller's role lacks Lake Formation's own permission {what} on {thing}. A data lake administrator, or "
            "whoever has it with the grant option, must grant it (aws lakeformation grant-permissions). At first only "
            "the role that created the resource has it; IAM's glue:* does not count.",
            contains(said),
            reading("lakeformation", "list-permissions"),
            Who.RESOURCE_OWNER,
        )
        return
    yield FirstLook(
        "Lake Formation protects this table or database: it needs its own grant in addition to IAM's policies.",
        contains(said),
        reading("lakeformation", "list-permissions"),
        Who.RESOURCE_OWNER,
    )


def dead_letters(failure: OtherFailure) -> Iterator[FirstLook]:
    """AWS Lambda Developer Guide, "Capturing records of Lambda asynchronous invocations"
    (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html); Amazon SQS Developer Guide,
    "Key management" (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html).
    """
    if failure.trouble is not Trouble.UNRECOGNIZED:
        return
    if not (said := _quote(failure, r"DeadLetterErrors|DestinationDeliveryFailures")):
        return
    key = _quote(failure, r"encryptionMasterKey|KmsMasterKeyId|kms_master_key_id|QueueEncryption\.KMS|kms\.Key\b")
    if key and not _quote(failure, r"kms:(?:GenerateDataKey|\*)"):
        yield FirstLook(
            "The queue or topic is encrypted with a KMS key: the function's execution role also needs "
            "kms:GenerateDataKey and kms:Decrypt on that key. In the CDK, queue.grantSendMessages(fn) or "
            "key.grantEncryptDecrypt(fn) adds them; the property deadLetterQueue adds only sqs:SendMessage.",
            Sentence(f"the text contains “{said}” and “{key}”", (Quotes(said), Quotes(key))),
            None,
            Who.ACCOUNT_ADMIN,
        )
        return
    yield FirstLook(
        "Lambda sends with the function's execution role: it needs sqs:SendMessage on the queue (or sns:Publish, "
        "lambda:InvokeFunction, events:PutEvents). For an encrypted target it also needs kms:GenerateDataKey and "
        "kms:Decrypt on the key.",
        contains(said),
        None,
        Who.ACCOUNT_ADMIN,
    )


_SENDERS = (
    r"\b(?:EventBridge|CloudWatch alarms?|S3 (?:event|notification)s?|SNS"
    r"|(?:events|sns|s3|cloudwatch)\.amazonaws\.com)\b"
)
_NOT_SENT = (
    r"FailedInvocations|NumberOfNotificationsFailed|InvocationsFailed\w*|nothing arrives?|never arrives?"
    r"|(?:not|n't) (?:arrive|deliver)\w*|no messages?\b"
)


def managed_key_of_events(failure: OtherFailure) -> Iterator[FirstLook]:
    """Amazon SQS Developer Guide, "Key management": event sources need a customer managed key
    (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html).
    """
    if failure.trouble is not Trouble.UNRECOGNIZED:
        return
    key, sender, lost = (_quote(failure, each) for each in (r"\balias/aws/(?:sqs|sns)\b", _SENDERS, _NOT_SENT))
    if key and sender and lost:
        kind = "queue" if key.endswith("sqs") else "topic"
        instead = " (or SSE-SQS)" if kind == "queue" else ""
        yield FirstLook(
            f"The {kind} is encrypted with the AWS managed key, which {sender} cannot use: nobody can change that "
            f"key's policy. Use a customer managed key{instead} whose policy lets the sending service do "
            "kms:GenerateDataKey* and kms:Decrypt.",
            Sentence(f"the text contains “{key}” and “{sender}”", (Quotes(key), Quotes(sender))),
            None,
            Who.RESOURCE_OWNER,
        )


_REPLICATION = r"OperationFailedReplication|x-amz-replication-status\W{1,4}FAILED|ReplicationStatus\W{1,6}FAILED"


def replication(failure: OtherFailure) -> Iterator[FirstLook]:
    """Amazon S3 User Guide, "Setting up permissions for live replication" and "Replicating encrypted objects"
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html).
    """
    if failure.trouble is not Trouble.UNRECOGNIZED or not (said := _quote(failure, _REPLICATION)):
        return
    encrypts = _quote(failure, r"kms:Encrypt\b")
    if encrypts and not _quote(failure, r"kms:GenerateDataKey|kms:\*"):
        yield FirstLook(
            "Add kms:GenerateDataKey on the destination's KMS key to the replication role: source objects without KMS "
            "encryption need it, and the policy in the text has only kms:Encrypt there. Where the key belongs to "
            "another account, its key policy must allow the role both.",
            Sentence(f"the text contains “{said}” and “{encrypts}”", (Quotes(said), Quotes(encrypts))),
            None,
            Who.ACCOUNT_ADMIN,
        )
    else:
        yield FirstLook(
            "The replication role lacks a permission. On the source: s3:GetObjectVersionForReplication, "
            "s3:GetObjectVersionAcl and s3:GetObjectVersionTagging, and kms:Decrypt on its key. On the destination: "
            "s3:ReplicateObject, s3:ReplicateDelete and s3:ReplicateTags, and kms:Encrypt and kms:GenerateDataKey on "
            "its key.",
            contains(said),
            None,
            Who.ACCOUNT_ADMIN,
        )
    yield FirstLook(
        "The destination belongs to another account: its bucket policy must allow the role s3:ReplicateObject and "
        "s3:ReplicateDelete (and s3:ObjectOwnerOverrideToBucketOwner to change the owner).",
        contains(said),
        None,
        Who.RESOURCE_OWNER,
    )


# What people want of a service-linked role, and the ordinary role that does it: the page of each.
_ORDINARY_ROLES = {
    # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_AddRoleToDBInstance.html
    "AWSServiceRoleForRDS": "For RDS, create a role that trusts rds.amazonaws.com and attach it to the database: aws "
    "rds add-role-to-db-instance (or add-role-to-db-cluster), with the name of the feature.",
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
    "AWSServiceRoleForECS": "For ECS, what the containers call belongs in the task role (taskRoleArn), and images, "
    "secrets and logs in the task execution role.",
    # https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
    "AWSServiceRoleForLambda": "For Lambda, what the function calls belongs in its execution role.",
    # https://docs.aws.amazon.com/autoscaling/ec2/userguide/us-iam-role.html
    "AWSServiceRoleForAutoScaling": "For Auto Scaling, what the instances call belongs in the role of their instance "
    "profile; for encrypted volumes, let this role use the key in the key's policy.",
    # https://docs.aws.amazon.com/redshift/latest/mgmt/authorizing-redshift-service.html
    "AWSServiceRoleForRedshift": "For Redshift, create a role that trusts redshift.amazonaws.com and associate it with "
    "the cluster: aws redshift modify-cluster-iam-roles.",
    # https://docs.aws.amazon.com/batch/latest/userguide/job-IAM-role.html
    "AWSServiceRoleForBatch": "For Batch, what the jobs call belongs in the job role of the job definition.",
    # https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
    "AWSServiceRoleForAmazonEKS": "For EKS, what pods call belongs in a role of their service account, and the "
    "cluster's own permissions in the cluster role.",
}


def service_linked(failure: OtherFailure) -> Iterator[FirstLook]:
    """IAM User Guide, "Create a service-linked role": only the service defines its permissions and trust policy
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html).
    """
    name = failure.name or ""
    if failure.trouble is not Trouble.PROTECTED_ROLE or not name.startswith("AWSServiceRoleFor"):
        return
    instead = _ORDINARY_ROLES.get(
        name,
        "Give the permissions to an ordinary role that the service is given for this purpose, if it takes one.",
    )
    yield FirstLook(
        f"{name} is a service-linked role: only its service defines its policies, and no permission, SCP or boundary "
        f"changes that. {instead}",
        contains(name),
        None,
        Who.ACCOUNT_ADMIN,
    )


def of_its_own(failure: OtherFailure) -> Iterator[FirstLook]:
    """The cause that the message gives in its own words, where nothing else is known of it."""
    if failure.trouble is Trouble.UNRECOGNIZED and (said := own_cause(failure.text)):
        yield FirstLook(f"{OWN_CAUSE} “{said}”. Start there.", contains(said), None, Who.CALLER)


# AWS Billing User Guide, "Overview of managing access permissions"
# (https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/control-access-billing.html).
_BILLING = re.compile(
    "billing|\u8acb\u6c42|Rechnungs|Abrechnungs|facturation|facturaci\u00f3n|faturamento|fatturazione|\u8d26\u5355"
    "|\u5e33\u55ae|\uccad\uad6c",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    "need permission|not authorized|access denied|don't have access|\u8a31\u53ef\u304c\u3042\u308a\u307e\u305b\u3093"
    "|\u8a31\u53ef\u3055\u308c\u3066\u3044\u306a\u3044|\u6a29\u9650\u304c\u3042\u308a\u307e\u305b\u3093"
    "|keine Berechtigung|nicht berechtigt|n'avez pas|no tiene (?:permiso|acceso)|n\u00e3o tem (?:permiss|acesso)"
    "|\u65e0\u6743|\u6c92\u6709\u6b0a\u9650|\uad8c\ud55c\uc774 \uc5c6",
    re.IGNORECASE,
)


def billing_page(failure: OtherFailure) -> Iterator[FirstLook]:
    """The console's billing pages, in any language: closed to users and roles by a setting of the account."""
    if failure.trouble is not Trouble.UNRECOGNIZED:
        return
    closed = _CLOSED.search(failure.text)
    if closed is None or not _BILLING.search(failure.text):
        return
    yield FirstLook(
        "Let the account's root user activate “IAM user and role access to Billing information” on the account page. "
        "Until then, users and roles see no billing, whatever their policies allow.",
        contains(closed[0]),
        None,
        Who.ACCOUNT_ADMIN,
    )


def by_words(failure: OtherFailure) -> Iterator[FirstLook]:
    if (aged := _aged_token(failure.text)) is not None:
        return iter((aged,))
    return told(failure.text, _TOLD)


_DATABASE_REFUSED = r"PAM authentication failed for user|Access denied for user [^\n]{1,80}\(using password: YES\)"
_AT_FIRST = (
    r"[^.\n]{0,60}\b(?:(?:after|every) (?:some |about )?(?:15|fifteen) ?min(?:ute)?s?\b|15 minutes (?:after|later)"
    r"|first (?:\w+ ){0,3}works?\b|works? (?:at first|for a while|until)|after each restart)[^\n]{0,40}"
)
_IAM_LOGIN = r"\bPAM\b|\biam_enabled\b|generate-db-auth-token|\bIAM (?:auth|token|database)|rds_iam|rds-db:"


def _aged_token(text: str) -> FirstLook | None:
    """A database that takes a program's first IAM token, and not the same one again.

    Amazon RDS User Guide, "IAM database authentication": a token is valid for 15 minutes
    (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html).
    """
    if not quoted(text, _DATABASE_REFUSED) or not (said := quoted(text, _AT_FIRST)) or not quoted(text, _IAM_LOGIN):
        return None
    return FirstLook(
        "Let the program make a new IAM token for each new connection, or update it: a token is valid for 15 minutes, "
        "and the program sends its first one again. Until then keep connections open, or restart it. As it works at "
        "first, neither rds-db:connect nor the grant of rds_iam is missing.",
        contains(said),
        None,
        Who.CALLER,
    )


def simulated_denies(failure: OtherFailure) -> Iterator[FirstLook]:
    """The actions that the policy simulator does not allow, in a text without a refusal of AWS's.

    AWS Systems Manager User Guide, "Restricting access to Parameter Store parameters using IAM policies": a
    SecureString needs kms:Decrypt on its key
    (https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html).
    """
    denied = [each for each in simulations(failure.text) if each.decision is not Decision.ALLOWED]
    if not denied or failure.trouble is not Trouble.UNRECOGNIZED:
        return
    names = list(dict.fromkeys(each.action for each in denied))
    why = ""
    if "kms:Decrypt" in names and re.search(r"\bSecureString\b", failure.text):
        why = " A SecureString parameter is read with its KMS key: the key's ARN is its Resource."
    if all(each.decision is Decision.IMPLICIT_DENY for each in denied):
        how = f"Allow {listing(names)} in the policies of the simulated role or user: nothing there allows it.{why}"
    else:
        how = f"A Deny of the simulated role's or user's policies matches {listing(names)}: no Allow helps.{why}"
    yield FirstLook(how, contains(denied[0].words), None, Who.ACCOUNT_ADMIN)


def malformed_policy(failure: OtherFailure) -> Iterator[FirstLook]:
    """The most particular words alone: the last row is in every such text, also in one that says another reason."""
    if failure.trouble not in (Trouble.INVALID_PRINCIPAL, Trouble.MALFORMED_POLICY):
        return
    if failure.trouble is Trouble.MALFORMED_POLICY and partition_fault(failure.text) is not None:
        return  # the verdict says all
    why = malformed_reason(failure.text)
    if fault := principal_fault(failure.text) if failure.trouble is Trouble.INVALID_PRINCIPAL else None:
        yield FirstLook(fault.sentence, contains(fault.words), fault.check, Who.CALLER)
    elif unknown := unknown_operator(failure.text):
        yield FirstLook(unknown.cause, contains(unknown.words), None, Who.CALLER)
    elif first := next(told(failure.text, _MALFORMED[:-1] if why else _MALFORMED), None):
        yield first
    elif why:
        yield FirstLook(
            "The text says what AWS does not accept in the document: check that, not the permissions.",
            contains(why[:96]),
            None,
            Who.CALLER,
        )


def _quote(failure: OtherFailure, pattern: str) -> str:
    return quoted(failure.text, pattern)


_RBAC = re.compile(
    r"User \"(?P<who>[^\"]{1,200})\" cannot (?P<verb>\w+) resource \"(?P<what>[^\"]{1,100})\""
    r" in API group \"(?P<group>[^\"]*)\""
    r"(?: in the namespace \"(?P<space>[^\"]{1,100})\")?"
)


def rbac(failure: OtherFailure) -> Iterator[FirstLook]:
    """Kubernetes documentation, "Using RBAC Authorization"."""
    found = _RBAC.search(failure.text)
    if found is None or failure.detail != "Kubernetes":
        return
    group = f" (API group {found['group']})" if found["group"] else ""
    where = f" in the namespace {found['space']}, with a RoleBinding" if found["space"] else ", with a binding"
    kind = "Role" if found["space"] else "ClusterRole"
    yield FirstLook(
        f"Give {found['who']} a {kind} that allows {found['verb']} on {found['what']}{group}{where}. The IAM role of "
        "its annotation plays no part in it; a chart's option rbac.create often makes both.",
        contains(" ".join(found[0].split())[:96]),
        None,
        Who.RESOURCE_OWNER,
    )


# The context that update-kubeconfig adds is the cluster's ARN.
_CLUSTER = re.compile(r"arn:[\w-]+:eks:(?P<region>[\w-]+):\d{12}:cluster/(?P<name>[A-Za-z0-9][\w-]{0,99})")


# Amazon EKS API Reference, "CreateAccessConfigRequest"
# (https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessConfigRequest.html).
_CLUSTER_NAMES = ("Kubernetes", "the Kubernetes cluster")
_NO_ADMIN = r"bootstrap_?cluster_?creator_?admin_?permissions[\"']?\s*[:=]\s*[\"']?false"


def kubernetes(failure: OtherFailure) -> Iterator[FirstLook]:
    said = _quote(
        failure,
        r"must be logged in to the server|does not have access to Kubernetes objects|aws-auth|"
        r"the server has asked for the client to provide credentials|\"reason\": ?\"Unauthorized\""
        r"|Error: Unauthorized|ARN is not mapped|have access to Kubernetes objects|argocd-k8s-auth failed",
    )
    if said and failure.detail in _CLUSTER_NAMES and (without := _quote(failure, _NO_ADMIN)):
        yield FirstLook(
            "The cluster's creator got no access to it: bootstrap_cluster_creator_admin_permissions is false, and no "
            "access entry names the identity that runs this. Add an access entry with AmazonEKSClusterAdminPolicy for "
            "it, or set the option to true, which replaces the cluster.",
            Sentence(f"the text contains “{said}” and “{without}”", (Quotes(said), Quotes(without))),
            WHO_AM_I,
            Who.RESOURCE_OWNER,
        )
        return
    if said and failure.detail in _CLUSTER_NAMES and not any(each.decides for each in mistakes(failure.text)):
        cluster = _CLUSTER.search(failure.text)
        reached = " (eks:DescribeCluster worked)" if "Added new context" in failure.text else ""
        yield FirstLook(
            "The cluster does not accept this role or user: it needs its own EKS access entry, or a line in "
            f"aws-auth. Permissions on eks:* are not the cause{reached}: Kubernetes decides, and IAM policies are not "
            "evaluated.",
            contains(said),
            reading(
                "eks",
                "list-access-entries",
                ("cluster-name", cluster["name"] if cluster else None),
                region=cluster["region"] if cluster else "",
            )
            or WHO_AM_I,
            Who.RESOURCE_OWNER,
        )
        yield FirstLook(
            "kubectl requests its token with other credentials than the terminal or the earlier step (another "
            "profile or role in the kubeconfig), or they have expired.",
            contains(said),
            WHO_AM_I,
            Who.CALLER,
        )


def service_linked_role(failure: OtherFailure) -> Iterator[FirstLook]:
    named = re.search(
        r"Service role name (AWSServiceRoleFor[\w+=,.@-]*?) has been taken in this account", failure.text, re.IGNORECASE
    )
    if named:
        yield FirstLook(
            "The service-linked role exists already, and an account can have it only once: use it as it is and "
            "do not create it.",
            Sentence(f"“{named[0]}”", (Quotes(named[0]),)),
            reading("iam", "get-role", ("role-name", named[1])),
            Who.CALLER,
        )
    if failure.trouble is Trouble.SERVICE_ROLE_MISSING:
        yield MISSING_SERVICE_ROLE


def region(failure: OtherFailure) -> Iterator[FirstLook]:
    if said := _quote(
        failure,
        r"OptInRequired|not (?:enabled|supported|available) in (?:this|the) [\w-]* ?region|RegionDisabled\w*"
        r"|STS is not activated in this region",
    ):
        yield FirstLook(
            "The Region, or STS in it, is not enabled for this account; or the service is not available there.",
            contains(said),
            reading("account", "list-regions", query="Regions[].[RegionName,RegionOptStatus]"),
            Who.ACCOUNT_ADMIN,
        )


def unsigned(failure: OtherFailure) -> Iterator[FirstLook]:
    """API Gateway developer guide, "Troubleshoot issues with REST APIs"."""
    if not (said := _quote(failure, r"Missing ?Authentication ?Token\w*")):
        return
    yield FirstLook(
        "API Gateway does not have this path, method or stage (the stage's bare URL, a wrong letter, a missing "
        "deployment): it gives this answer for everything unknown.",
        contains(said),
        reading("apigateway", "get-rest-apis", query="items[].[id,name]"),
        Who.CALLER,
    )
    yield FirstLook(
        "The request is not signed, but the method or service requires IAM's signature (SigV4).",
        contains(said),
        WHO_AM_I,
        Who.CALLER,
    )


def credentials(failure: OtherFailure) -> Iterator[FirstLook]:
    """What is usual where credentials are refused: the same row speaks that makes the verdict."""
    if failure.trouble is not Trouble.CREDENTIALS:
        return
    fault = fault_of(failure)
    said = _quote(failure, fault.words.pattern)
    for cause in filter(None, (fault.usual, *fault.also)):
        yield FirstLook(cause, contains(said), fault.check, fault.who)


# eksctl names a service account's stack after cluster, namespace and name.
_ACCOUNT_STACK = re.compile(r"eksctl-(?P<cluster>.+)-addon-iamserviceaccount-(?P<rest>.+)")
_SERVICE_ACCOUNT = re.compile(r"(?P<namespace>[a-z0-9-]{1,63})/(?P<name>[a-z0-9.-]{1,253})")


def service_account_stack(failure: OtherFailure) -> Iterator[FirstLook]:
    """Eksctl's documentation, "IAM Roles for Service Accounts"."""
    named = _ACCOUNT_STACK.fullmatch(failure.name or "")
    if named is None or failure.detail != "a CloudFormation stack":
        return
    found = next(
        (each for each in _SERVICE_ACCOUNT.finditer(failure.text)
         if f"{each['namespace']}-{each['name']}" == named["rest"]), None
    )  # fmt: skip
    options = f" --namespace {found['namespace']} --name {found['name']}" if found else ""
    yield FirstLook(
        "An earlier eksctl run left the stack. If it failed or is unused, run eksctl delete iamserviceaccount "
        f"--cluster {named['cluster']}{options}, then create again. If it is complete, the role exists already.",
        says(f"the text names the stack {failure.name}", TextPart.NAME, failure.name),
        reading("cloudformation", "describe-stacks", ("stack-name", failure.name), query="Stacks[].StackStatus"),
        Who.CALLER,
    )


_REGION_OF_HOST = re.compile(r"\.(?P<region>[a-z]{2,6}(?:-[a-z]+){1,2}-\d{1,2})\.(?:amazonaws\.com|api\.aws)")


def mistyped_region(failure: OtherFailure) -> Iterator[FirstLook]:
    """A host of AWS whose Region is not in botocore's list of any partition that people have accounts in."""
    host = _REGION_OF_HOST.search(failure.name or "")
    if failure.trouble is not Trouble.NOT_IAM or host is None or is_known_region(host["region"]):
        return
    near = get_close_matches(host["region"], known_regions(), n=1, cutoff=0.8)
    meant = f": {near[0]} may be meant" if near else ""
    yield FirstLook(
        f"No Region {host['region']} is known here{meant}. Check the Region's spelling (--region, AWS_REGION, the "
        "profile) before the network.",
        Sentence(f"the text contains “{failure.name}”", (Quotes(failure.name or ""),)),
        "aws configure list",
        Who.CALLER,
    )


_UNREAD_BUCKET = r"HeadBucket[^\n]{0,80}(?:403|Forbidden)|removing from state|planned for (?:re)?creation"


def owned_bucket(failure: OtherFailure) -> Iterator[FirstLook]:
    """S3 API Reference, "Error responses" (BucketAlreadyOwnedByYou) and "HeadBucket" (it needs s3:ListBucket):
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html.
    """
    if failure.trouble is not Trouble.NOT_IAM or not (said := _quote(failure, r"BucketAlreadyOwnedByYou")):
        return
    if unread := _quote(failure, _UNREAD_BUCKET):
        yield FirstLook(
            "The bucket exists and belongs to the caller's account. The tool treated it as deleted, most likely "
            "because HeadBucket was refused (403): its role lacks s3:ListBucket on the bucket, or a Deny in the "
            "bucket's policy applies to the role. Exempt the role from that Deny; do not choose another name.",
            Sentence(f"the text contains “{said}” and “{unread}”", (Quotes(said), Quotes(unread))),
            WHO_AM_I,
            Who.RESOURCE_OWNER,
        )
        return
    yield FirstLook(
        "The bucket exists and belongs to the caller's account: import it into the tool (or delete it, if nothing "
        "needs it).",
        contains(said),
        reading("s3api", "list-buckets", query="Buckets[].Name"),
        Who.CALLER,
    )


# The CDK names its bucket cdk-QUALIFIER-assets-ACCOUNT-REGION.
_BOOTSTRAP_BUCKET = re.compile(r"\bcdk-[a-z0-9]{1,10}-assets-\d{12}-[a-z0-9-]+\d")


def bootstrap_left(failure: OtherFailure) -> Iterator[FirstLook]:
    """CDK v2 Developer Guide, "Troubleshoot AWS CDK bootstrapping issues"
    (https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-troubleshoot.html).
    """
    bucket = _BOOTSTRAP_BUCKET.search(failure.text)
    if bucket is None or failure.trouble is not Trouble.NOT_IAM or "already exists" not in failure.text:
        return
    stack = " Delete the failed stack CDKToolkit first (ROLLBACK_COMPLETE)." if "ROLLBACK_" in failure.text else ""
    yield FirstLook(
        f"Most likely an earlier bootstrap left the bucket {bucket[0]}, which remains when its stack is "
        f"deleted.{stack} Empty and delete the bucket if nothing uses it, then bootstrap again; or choose another "
        "qualifier (--qualifier).",
        Sentence(
            f"the text contains “{bucket[0]}” and “already exists”", (Quotes(bucket[0]), Quotes("already exists"))
        ),
        reading("s3api", "list-buckets", query="Buckets[].Name"),
        Who.RESOURCE_OWNER,
    )


_IN_STACK = re.compile(
    r"already exists in stack (?P<arn>arn:[\w-]+:cloudformation:[\w-]+:\d{12}:stack/(?P<stack>[\w-]+)/[\w-]+)"
)


def stack_of_the_name(failure: OtherFailure) -> Iterator[FirstLook]:
    """AWS CloudFormation User Guide, "Move resources between stacks": what another stack has is not created again."""
    found = _IN_STACK.search(failure.text)
    if found is None or failure.trouble is not Trouble.NOT_IAM:
        return
    yield FirstLook(
        f"The stack {found['stack']} has it: give this resource another name, refer to the other stack's, or remove it "
        "there with DeletionPolicy: Retain and import it here.",
        contains(" ".join(found[0].split())[:96]),
        reading("cloudformation", "describe-stack-resources", ("stack-name", found["arn"])),
        Who.RESOURCE_OWNER,
    )


def caller_identity(failure: OtherFailure) -> Iterator[FirstLook]:
    """STS API reference, "GetCallerIdentity": no permissions are required."""
    of_sts = (failure.name or "").startswith("sts.")
    if of_sts and failure.trouble is Trouble.NOT_IAM and (said := _quote(failure, r"get-?caller-?identity")):
        yield FirstLook(
            "sts:GetCallerIdentity needs no permission: no policy has to grant it, and granting it does not help.",
            contains(said),
            None,
            Who.CALLER,
        )


def throttled(failure: OtherFailure) -> Iterator[FirstLook]:
    if failure.trouble is Trouble.THROTTLING:
        yield FirstLook(
            "Too many calls in a short time, by this program or by others in the account and Region: keep one "
            "session instead of a new one for each call, run fewer at once, and let the SDK wait "
            "(AWS_RETRY_MODE=adaptive).",
            says("the text mentions a rate, and refuses nothing", TextPart.TROUBLE, failure.trouble.value),
            None,
            Who.CALLER,
        )


def _more(quota: Quota) -> str:
    """Return the sentence on whether the quota can be raised, how far and where."""
    if not quota.code:
        return "It cannot be raised."
    most = f" up to {quota.highest:,}" if quota.highest else ""
    return f"Service Quotas raises it{most} ({quota.code})."


# IAM User Guide, "IAM and AWS STS quotas": the name in AWS's messages, the quota, what it counts, and what helps.
_QUOTAS = {
    "PoliciesPerRole": (
        POLICIES_OF_ROLE,
        "managed policies of one role",
        "Put the statements of several policies into one, or into an inline policy of the role; detach what is unused.",
    ),
    "PoliciesPerUser": (
        POLICIES_OF_USER,
        "managed policies of one user",
        "Add the user to a group that has the policies, or put several policies' statements into one.",
    ),
    "PoliciesPerGroup": (
        POLICIES_OF_GROUP,
        "managed policies of one group",
        "Put several policies' statements into one, or use a second group.",
    ),
    "GroupsPerUser": (GROUPS_OF_USER, "groups of one user", "First remove the user from a group."),
    "AccessKeysPerUser": (ACCESS_KEYS_OF_USER, "access keys of one user", "First delete a key that is unused."),
    "ACLSizePerRole": (
        TRUST_SIZE,
        "characters of a role's trust policy",
        "Shorten it: join principals into one statement, or use a condition (aws:PrincipalOrgID, a tag) instead.",
    ),
    "PolicySize": (
        MANAGED_SIZE,
        "characters of a managed policy",
        "Split the document into several policies, or shorten it with wildcards.",
    ),
    "RolesPerAccount": (ROLES, "roles of the account", "Delete roles that nothing uses."),
    "PoliciesPerAccount": (CUSTOMER_POLICIES, "managed policies of the account", "Delete policies that nothing uses."),
    "InstanceProfilesPerAccount": (
        INSTANCE_PROFILES,
        "instance profiles of the account",
        "Delete those that nothing uses.",
    ),
}


def quota_of_iam(failure: OtherFailure) -> Iterator[FirstLook]:
    if failure.trouble is not Trouble.QUOTA or failure.name not in _QUOTAS or not failure.detail:
        return
    quota, counted, helps = _QUOTAS[failure.name]
    yield FirstLook(
        f"The limit is {failure.detail} {counted}. {helps} {_more(quota)}",
        says(f"the text names the quota {failure.name} of {failure.detail}", TextPart.NAME, failure.name),
        reading("iam", "get-account-summary"),
        Who.ACCOUNT_ADMIN,
    )


_INLINE = re.compile(r"Maximum policy size of (?P<size>\d+) bytes exceeded for (?P<kind>role|user|group)")


def inline_size(failure: OtherFailure) -> Iterator[FirstLook]:
    """IAM User Guide, "IAM and AWS STS quotas": the size of all inline policies of one entity cannot be raised."""
    found = _INLINE.search(failure.text)
    if found:
        yield FirstLook(
            f"All inline policies of the {found['kind']} together may have {int(found['size']):,} characters, and no "
            "quota raises that: move statements into managed policies (6,144 characters each), or shorten them.",
            contains(found[0]),
            None,
            Who.ACCOUNT_ADMIN,
        )


_VERSIONS = r"can have up to \d+ versions"
_POLICY = re.compile(r"arn:[\w-]+:iam::\d{12}:policy/[\w+=,.@/-]+")


def _policy_of(failure: OtherFailure) -> str | None:
    """The ARN of the policy that the text names; None for none, or several."""
    found = set(_POLICY.findall(failure.text))
    return found.pop() if len(found) == 1 else None


def quota(failure: OtherFailure) -> Iterator[FirstLook]:
    if _INLINE.search(failure.text):
        return
    if failure.trouble is Trouble.QUOTA and (said := _quote(failure, _VERSIONS)):
        yield FirstLook(
            f"A managed policy has at most {VERSIONS_OF_POLICY.highest} versions, and this cannot be raised: delete "
            "one that is not the default (aws iam delete-policy-version), then repeat.",
            contains(said),
            reading("iam", "list-policy-versions", ("policy-arn", _policy_of(failure))),
            Who.CALLER,
        )
    elif failure.trouble is Trouble.QUOTA and failure.name not in _QUOTAS:
        yield FirstLook(
            "The account, or this one entity, has reached its quota: remove what is unused, or request a higher quota "
            "where the service allows that.",
            says(f"the text names the quota {failure.name} of {failure.detail}", TextPart.NAME, failure.name)
            if failure.name
            else says("the text mentions a limit", TextPart.TROUBLE, failure.trouble.value),
            reading("iam", "get-account-summary"),
            Who.ACCOUNT_ADMIN,
        )


@dataclass(frozen=True, slots=True)
class _Blocker:
    """What IAM says still depends on an entity. ``of`` is the kind of entity, ``option`` that of ``call``."""

    of: str
    words: str
    cause: str
    call: str
    option: str


_CONSOLE = "The console does this by itself; the API and most tools do not."
# IAM User Guide, "Delete roles or instance profiles", "Remove an IAM user", "Delete IAM policies", "Delete an IAM user
# group": what has to go first, which the calls do not do by themselves.
_DELETED_FIRST = (
    _Blocker(
        "policy",
        r"policy attached to entities",
        "The policy is still attached somewhere, often by another tool or person: detach it from the roles, users "
        "and groups that the check lists, and from those that have it as permissions boundary.",
        "list-entities-for-policy",
        "policy-arn",
    ),
    _Blocker(
        "policy",
        r"more than one version|delete the policy'?s versions",
        "The policy has other versions: first delete those that are not the default (aws iam delete-policy-version).",
        "list-policy-versions",
        "policy-arn",
    ),
    _Blocker(
        "instance-profile",
        r"remove roles from instance profile",
        "The instance profile still contains a role: remove that first (aws iam remove-role-from-instance-profile).",
        "get-instance-profile",
        "instance-profile-name",
    ),
    _Blocker(
        "group",
        r"remove (?:all )?users|users? (?:from|in) (?:the )?group",
        f"The group still has members: remove them first. {_CONSOLE}",
        "get-group",
        "group-name",
    ),
    _Blocker(
        "user",
        r"access keys?",
        f"The user still has access keys: delete them first. {_CONSOLE}",
        "list-access-keys",
        "user-name",
    ),
    _Blocker(
        "user",
        r"login profile",
        f"The user still has a console password: delete the login profile first. {_CONSOLE}",
        "get-login-profile",
        "user-name",
    ),
    _Blocker(
        "user",
        r"\bMFA\b",
        f"The user still has an MFA device: deactivate it first. {_CONSOLE}",
        "list-mfa-devices",
        "user-name",
    ),
    _Blocker(
        "user",
        r"remove (?:the )?user from|\bgroups?\b",
        f"The user is still in groups: remove the user from them first. {_CONSOLE}",
        "list-groups-for-user",
        "user-name",
    ),
    _Blocker(
        "",
        r"instance profile",
        f"Its instance profiles still contain it: first remove it from them. {_CONSOLE}",
        "list-instance-profiles-for-role",
        "role-name",
    ),
    _Blocker(
        "role",
        r"detach|attached",
        f"Managed policies are still attached to it, often by another tool or person: detach them first. {_CONSOLE} "
        "Terraform detaches them if the role has force_detach_policies = true.",
        "list-attached-role-policies",
        "role-name",
    ),
    _Blocker(
        "",
        r"detach|attached",
        f"Managed policies are still attached to it, often by another tool or person: detach them first. {_CONSOLE}",
        "list-attached-{kind}-policies",
        "{kind}-name",
    ),
    _Blocker(
        "",
        r"delete (?:all )?policies|inline",
        f"It still has inline policies: delete them first. {_CONSOLE}",
        "list-{kind}-policies",
        "{kind}-name",
    ),
)
_DELETES = re.compile(
    r"\bdelet(?:e|ing) ?(?:AWS )?(?:an? |the )?(?:IAM )?(?P<kind>role|user|group|policy|instance ?profile)",
    re.IGNORECASE,
)


def deletion(failure: OtherFailure) -> Iterator[FirstLook]:
    """What must be removed before IAM deletes the entity."""
    if failure.trouble is not Trouble.DELETE_CONFLICT:
        return
    named = _DELETES.search(f"{failure.operation or ''} {failure.text}")
    kind = named["kind"].lower().replace(" ", "") if named else "role"
    kind = "instance-profile" if kind == "instanceprofile" else kind
    for row in _DELETED_FIRST:
        if row.of in ("", kind) and (said := _quote(failure, row.words)):
            plain = kind if kind in ("role", "user", "group") else "role"
            yield FirstLook(
                row.cause,
                contains(said),
                reading("iam", row.call.format(kind=plain), (row.option.format(kind=plain), _identifier(row, failure))),
                Who.CALLER,
            )
            return


def _identifier(row: _Blocker, failure: OtherFailure) -> str | None:
    """Return the policy's ARN or the plain name that the command needs; None if the text does not have it."""
    name = failure.name or ""
    if row.option == "policy-arn":
        return name if name.startswith("arn:") else None
    return name_of(name) if name.startswith("arn:") else name or None


def session_length(failure: OtherFailure) -> Iterator[FirstLook]:
    if failure.trouble is not Trouble.SESSION_DURATION:
        return
    chained = _quote(failure, r"exceeds the 1 hour session")
    yield FirstLook(
        "A role that assumes another role gets at most one hour: request 3600 seconds, or assume the last role "
        "directly."
        if chained
        else (
            "The role's maximum session duration is shorter than what was requested (it is one hour unless somebody "
            "raised it)."
        ),
        contains(chained)
        if chained
        else says("the text mentions the session's duration", TextPart.TROUBLE, failure.trouble.value),
        reading("iam", "get-role", ("role-name", failure.name), query="Role.MaxSessionDuration"),
        Who.CALLER if chained else Who.ACCOUNT_ADMIN,
    )


def profile(failure: OtherFailure) -> Iterator[FirstLook]:
    if failure.trouble is Trouble.EMPTY_PROFILE:
        yield FirstLook(
            "The instance profile is empty, does not exist yet, or has another name than its role; a profile created "
            "a moment ago takes some seconds.",
            says(f"the text names the instance profile {failure.name}", TextPart.NAME, failure.name)
            if failure.name
            else says("the text mentions a profile", TextPart.TROUBLE, failure.trouble.value),
            reading("iam", "get-instance-profile", ("instance-profile-name", failure.name))
            or reading(
                "iam", "list-instance-profiles", query="InstanceProfiles[].[InstanceProfileName,Roles[].RoleName]"
            ),
            Who.ACCOUNT_ADMIN,
        )


def question(failure: OtherFailure) -> Iterator[FirstLook]:
    """What can be said of the calls that a text without an error names."""
    if failure.trouble is Trouble.UNRECOGNIZED:
        for answer in answers(failure.text)[1:]:  # the verdict gives the first
            yield FirstLook(answer.sentence, contains(answer.quote), None, Who.CALLER)


def mistyped_keys(failure: OtherFailure) -> Iterator[FirstLook]:
    """Keys of the configuration that are almost right (`diagnostics.messages.near_keys`)."""
    if failure.trouble is Trouble.MALFORMED_POLICY and _NAMED_BY_IT.search(failure.text):
        return  # the message names what is wrong
    if failure.trouble in (Trouble.THROTTLING, Trouble.QUOTA):
        return
    of_a_cluster = failure.detail in _CLUSTER_NAMES
    for each in mistakes(failure.text):
        if failure.trouble is not Trouble.NOT_IAM or (of_a_cluster and each.decides):
            yield FirstLook(each.sentence, contains(each.said), None, Who.CALLER)


_NAMED_BY_IT = re.compile(r"Invalid Condition type|prohibited field", re.IGNORECASE)


RULES: tuple[Rule[OtherFailure], ...] = (
    mistyped_keys,
    without_a_token,
    default_volume_key,
    billing_page,
    by_words,
    lake_formation,
    service_linked_role,
    service_linked,
    rbac,
    kubernetes,
    malformed_policy,
    unsigned,
    region,
    service_account_stack,
    bootstrap_left,
    stack_of_the_name,
    owned_bucket,
    mistyped_region,
    caller_identity,
    credentials,
    throttled,
    quota_of_iam,
    inline_size,
    quota,
    deletion,
    session_length,
    profile,
    wanted_in_trust,
    iceberg_table,
    events_to_an_encrypted_topic,
    managed_key_of_events,
    dead_letters,
    replication,
)


def first_look(failure: OtherFailure) -> tuple[FirstLook, ...]:
    if found := looked_up((simulated_denies,), failure):
        return found
    return looked_up(RULES, failure) or looked_up((question,), failure) or looked_up((of_its_own,), failure)
