"""Failures of AWS services that refuse no permission, recognized by words that only they have."""

from __future__ import annotations

import re

from diagnostics.text.read.forms.not_denied.cluster_role_and_stack_setups import MODE_API, NODES_REFUSED, UNREGISTERED
from diagnostics.text.read.forms.system_row import NONE_MISSING, System, made_system
from diagnostics.text.read.messages.pull_through_cache import CACHED
from iam.regions import REGION_NAME

LAKE_LOCATION = "Lake Formation's permission on the location"

_ARN_INVALID = r"\bRequest\s+ARN\s+is\s+invalid\b"
_REGISTRY = rf"\d{{12}}\.dkr\.ecr\.{REGION_NAME}\.amazonaws\.com(?:\.cn)?"
_SHORT_ACCOUNT = r"\barn:[\w-]+:iam::(\d{6,11}):role/"
_LOCKED = r"(?:object\s+protected\s+by\s+object\s+lock|\bWORM[- ]protected\b)"
_LOCKED_SIGNALS = ("protected by object lock", "worm protected", "worm-protected")
_COMPLIANCE = r"(?-i:\bCOMPLIANCE\b)|\bcompliance\s+mode\b|\bMode[\"']?\s*[:=]?\s*[\"']?compliance\b"
# The answer of GetObjectRetention, or the words that say which mode the lock has.
_GOVERNANCE = r"\bMode[\"']?\s*[:=]?\s*[\"']?governance\b|\b(?:in|under) governance\s+(?:mode|retention)\b"
_LEGALLY_HELD = r"\bLegalHold[\"']?\s*:\s*\{\s*[\"']?Status[\"']?\s*:\s*[\"']?ON\b|\blegal hold is on\b"
_NO_BYPASS_LEFT = rf"(?i:{_LEGALLY_HELD}|bypass-?governance-?retention)"
COLUMN = "the column, or Lake Formation's permission on it"
SERVICES: tuple[System, ...] = (
    # AWS Organizations User Guide, "Tag policies": enforced tag policies refuse noncompliant values
    # (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_tag-policies-enforcement.html).
    made_system(
        "the organization's tag policy",
        "Use a value that the tag policy permits for this key (aws organizations describe-effective-policy "
        f"--policy-type TAG_POLICY), or ask the organization's administrators to change the policy. {NONE_MISSING}",
        r"tag\s+policy\s+does\s+not\s+allow\s+the\s+specified\s+value\s+for\s+the\s+following\s+tag\s+key",
        "tag policy does not allow the specified value",
        verdict="A tag policy of the organization does not allow this value for this tag key: use a value that it "
        "permits. No permission is missing.",
        title="Use a permitted value",
    ),
    # Amazon S3 API reference, "GetObject": InvalidObjectState, and "RestoreObject"
    # (https://docs.aws.amazon.com/botocore/latest/reference/services/s3/client/exceptions/InvalidObjectState.html).
    made_system(
        "the archived object",
        "Restore the object first: aws s3api restore-object --bucket BUCKET --key KEY --restore-request Days=7 (which "
        "needs s3:RestoreObject). Wait until head-object shows that it is restored, then read it. Nobody has removed a "
        "permission.",
        r"\bInvalidObjectState\b"
        r"|operation\s+is\s+not\s+valid\s+for\s+the\s+(?:source\s+)?object's\s+storage\s+class",
        "invalidobjectstate",
        "object's storage class",
        verdict="The object is archived (S3 Glacier Flexible Retrieval, Deep Archive or an archive tier): S3 returns "
        "it only after it is restored. The 403 does not mean that a permission is missing.",
        title="Restore the archived object",
    ),
    # Amazon S3 API Reference, "Error responses": AuthorizationHeaderMalformed
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
    made_system(
        "the Region of the client",
        "Set the client's Region to that of the bucket, where the program reads it: its own setting, AWS_REGION, or "
        "region in the profile. An endpoint with a Region in its name does not set the client's Region. "
        f"{NONE_MISSING}",
        r"\bnon-empty\s+region\s+must\s+be\s+provided\s+in\s+the\s+credential\b",
        "non-empty region must be provided",
        verdict="The request was signed without a Region: set the client's Region. No key or policy is the cause.",
        title="Set the client's Region",
    ),
    made_system(
        "the client's credentials",
        "Set the access key where the program reads it, and look for an empty variable or setting (AWS_ACCESS_KEY_ID). "
        f"{NONE_MISSING}",
        r"\bnon-empty\s+Access\s+Key\s+\(AKID\)\s+must\s+be\s+provided\s+in\s+the\s+credential\b",
        "non-empty access key",
        verdict="The request was signed with an empty access key: set the client's credentials. No policy is the "
        "cause.",
        title="Give the client its access key",
    ),
    # Amazon S3 API Reference, "Error responses": PermanentRedirect
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html); AWS Lambda API reference, "FunctionCode"
    # (https://docs.aws.amazon.com/lambda/latest/api/API_FunctionCode.html).
    made_system(
        "the bucket's Region",
        "The bucket is in a different Region from the call: aws s3api head-bucket --bucket BUCKET returns its Region "
        "(BucketRegion). Call S3 in that Region (--region). A Lambda function's code must be in a bucket of the "
        f"function's own Region: copy the code to a bucket in that Region. {NONE_MISSING}",
        r"\bPermanentRedirect\b|must\s+be\s+addressed\s+using\s+the\s+specified\s+endpoint"
        r"|\bAuthorizationHeaderMalformed\b(?![^\x1e\n]{0,200}non-empty)[^\x1e\n]{0,200}\bregion\b"
        r"|\bauthorization\s+header\s+is\s+malformed;\s+the\s+region\b"
        # The AWS SDKs for Java, of an answer without a body.
        r"|\(Service:\s+(?:Amazon\s+)?S3[;,]\s+Status\s+Code:\s+301\b",
        "authorizationheadermalformed",
        "status code: 301",
        "authorization header is malformed; the region",
        "permanentredirect",
        "addressed using the specified endpoint",
        verdict="The bucket is in a different Region than the one that was called. A missing permission is not the "
        "cause.",
        regional=True,
    ),
    # Amazon S3 API Reference, "GetBucketOwnershipControls"
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketOwnershipControls.html).
    made_system(
        "what the S3 console may read of the bucket",
        "If the same upload works with the AWS CLI, it is allowed. Give the user s3:GetBucketOwnershipControls on the "
        "bucket (for another account's user also in the bucket's policy), or upload with the AWS CLI. Leave ACLs "
        "disabled, and add no s3:PutObjectAcl.",
        r"\bAccess\s+control\s+list\s+\(ACL\)\s+not\s+supported\b",
        "access control list (acl) not supported",
        flags=re.IGNORECASE,
        unless=r"\A(?![\s\S]*\b[Cc]onsole\b)",
        verdict="The bucket has ACLs disabled, and the console sends one: most likely it is not allowed to read the "
        "bucket's ownership controls. Allow s3:GetBucketOwnershipControls.",
        title="Let the console read the bucket's ownership controls",
        sure=False,
    ),
    # Amazon S3 User Guide, "Controlling ownership of objects and disabling ACLs for your bucket"
    # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html).
    made_system(
        "S3's object ownership",
        "Leave out the ACL (--acl, or a library's default): the bucket's owner owns every object there, and only "
        "policies give access. Or change the bucket's object ownership.",
        r"\bAccessControlListNotSupported\b|bucket\s+does\s+not\s+allow\s+ACLs",
        "accesscontrollistnotsupported",
        "does not allow acls",
        verdict="The bucket does not accept ACLs, but the call sends one. A missing permission is not the cause.",
    ),
    # Amazon Kinesis Data Streams API reference, "GetShardIterator": an iterator expires after 5 minutes
    # (https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html); Amazon DynamoDB API reference
    # of DynamoDB Streams, "GetShardIterator": after 15 minutes
    # (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html).
    made_system(
        "the age of the shard iterator",
        "Call GetShardIterator again, use its iterator at once, and continue with the NextShardIterator of each "
        f"response. {NONE_MISSING}",
        r"\bExpiredIterator(?:Exception)?\b",
        "expirediterator",
        verdict="The shard iterator is too old: Kinesis accepts one for 5 minutes, DynamoDB Streams for 15. Get a new "
        "one and use it at once. Neither permissions nor credentials are the cause.",
        title="Get a new shard iterator and use it at once",
    ),
    # IAM User Guide, "Amazon Resource Names (ARNs)": partitions (https://docs.aws.amazon.com/IAM/latest/UserGuide/
    # reference-arns.html); Terraform, data source aws_partition
    # (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/partition).
    made_system(
        "the partition in the ARN",
        "Write arn:aws-us-gov: in GovCloud, arn:aws-cn: in China and arn:aws-eusc: in the European Sovereign Cloud. In "
        "Terraform use ${data.aws_partition.current.partition}, in CloudFormation ${AWS::Partition}. " + NONE_MISSING,
        r"\bInvalid\s+ARN\s+partition\b|\bARN\s+arn:aws:iam::aws:policy/[\w/+=,.@-]+\s+is\s+not\s+valid\b",
        "invalid arn partition",
        "is not valid",
        unless=r"\A(?![\s\S]*(?:\bus-gov-|\baws-us-gov\b|\bcn-north|\baws-cn\b|\beusc-|\baws-eusc\b|\bInvalid\s+ARN\s+partition\b))",
        verdict="The ARN has a different partition from the account: GovCloud, China and the European Sovereign Cloud "
        "have their own. Write the ARN with the account's partition. No permission is missing.",
        title="Write the account's partition in the ARN",
    ),
    # AWS Secrets Manager API reference, "GetSecretValue": ResourceNotFoundException
    # (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html).
    made_system(
        "the secret's name, Region or account",
        "Check the spelling of the secret's name, its Region and its account (aws secretsmanager list-secrets). "
        f"{NONE_MISSING}",
        r"Secrets\s+Manager\s+can(?:'|no)t\s+find\s+the\s+specified\s+secret",
        "find the specified secret",
        subject=r"--secret-id[ =][\"']?([\w/+=.@:-]{1,300})|SecretId[\"']?\s*[:=]\s*[\"']([\w/+=.@:-]{1,300})",
        verdict="Secrets Manager has no secret {name} where the call looked: check its spelling, the Region and the "
        "account. A missing permission is not the cause.",
        regional=True,
    ),
    # AWS Lambda API reference, "GetFunction": ResourceNotFoundException
    # (https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html).
    made_system(
        "the function's name, Region or account",
        f"Check the spelling of the function's name, and the Region and account of the call. {NONE_MISSING}",
        r"\bFunction\s+not\s+found:\s+arn:",
        "function not found",
        subject=r"Function\s+not\s+found:\s+(arn:[\w:./$-]+)",
        verdict="Lambda has no function {name}: check its name, the Region and the account of the call. No permission "
        "is missing.",
        regional=True,
    ),
    # Amazon ECR User Guide, "Pushing an image": an image is REGISTRY/REPOSITORY:TAG
    # (https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-push-ecr-image.html).
    made_system(
        "the name of the image",
        "Write the image as ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG: most likely a variable for the "
        f"repository already contains the address. Do not create a repository of this name. {NONE_MISSING}",
        rf"The\s+repository\s+with\s+name\s+['\"]{_REGISTRY}/",
        "the repository with name",
        subject=rf"repository\s+with\s+name\s+['\"]({_REGISTRY})/",
        verdict="The image's name contains the registry's address {name} twice, so ECR takes it for a part of the "
        "repository's name: remove one. No permission is missing.",
        title="Remove the second address from the image's name",
    ),
    # Amazon ECR API reference, "InitiateLayerUpload": RepositoryNotFoundException
    # (https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_InitiateLayerUpload.html).
    made_system(
        "the name, Region or account of the ECR repository",
        f"Check the repository's name, Region and account, or create it (aws ecr create-repository). {NONE_MISSING}",
        r"\bRepositoryNotFoundException\b|The\s+repository\s+with\s+name\s+['\"][\w./-]+['\"]\s+does\s+not\s+exist",
        "repositorynotfound",
        "the repository with name",
        unless=rf"{CACHED}|with\s+name\s+['\"]{_REGISTRY}/",
        subject=r"repository\s+with\s+name\s+['\"]([\w./-]+)['\"]",
        verdict="ECR has no repository {name} in that registry and Region: check name, Region and account, or create "
        "it (aws ecr create-repository). A missing permission is not the cause.",
        regional=True,
    ),
    # Amazon S3 User Guide, "Locking objects with Object Lock"
    # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html): retention modes, legal holds.
    made_system(
        "the object's lock in compliance mode",
        "Wait until the lock's date (aws s3api get-object-retention, with --version-id): before that date, nobody can "
        "delete the version or shorten its retention, not even the root user, and s3:BypassGovernanceRetention has no "
        "effect.",
        rf"{_LOCKED}[\s\S]*?(?:{_COMPLIANCE})|(?:{_COMPLIANCE})[\s\S]*?{_LOCKED}",
        *_LOCKED_SIGNALS,
        flags=re.IGNORECASE,
        verdict="Object Lock in compliance mode protects this version of the object: no permission is missing, and no "
        "permission allows deleting it before the lock's date.",
        title="Wait until the lock's date",
    ),
    made_system(
        "the object's lock in governance mode",
        "Repeat the call with the version's id and --bypass-governance-retention, as a caller with "
        "s3:BypassGovernanceRetention (AdministratorAccess has it). If that is refused too, look for a Deny of it in "
        "the bucket policy or an SCP. If the version must be kept, leave it: the lock ends on its date.",
        rf"{_LOCKED}[\s\S]*?(?:{_GOVERNANCE})|(?:{_GOVERNANCE})[\s\S]*?{_LOCKED}",
        *_LOCKED_SIGNALS,
        flags=re.IGNORECASE,
        unless=rf"{_COMPLIANCE}|{_NO_BYPASS_LEFT}",
        verdict="Object Lock in governance mode refuses to delete this version of the object, not an SCP: the request "
        "must ask to bypass the retention, even for an administrator.",
        title="Ask to bypass the governance retention",
    ),
    made_system(
        "the object's lock",
        "Read the lock: aws s3api get-object-retention and get-object-legal-hold, with --version-id. COMPLIANCE: "
        "nobody can delete the version before its date, not even the root user. GOVERNANCE: a caller with "
        "s3:BypassGovernanceRetention can, with --bypass-governance-retention. A legal hold must be removed first.",
        _LOCKED,
        *_LOCKED_SIGNALS,
        flags=re.IGNORECASE,
        unless=rf"{_COMPLIANCE}|\A(?=[\s\S]*(?i:{_GOVERNANCE}))(?![\s\S]*{_NO_BYPASS_LEFT})",
        verdict="Object Lock refuses to delete or overwrite this version of the object: s3:DeleteObject and "
        "s3:DeleteObjectVersion do not change that.",
        title="Read the version's retention and legal hold",
    ),
    # AWS Cloud Map API Reference, "CreatePrivateDnsNamespace": it creates the hosted zone
    # (https://docs.aws.amazon.com/cloud-map/latest/api/API_CreatePrivateDnsNamespace.html); Route 53 API Reference,
    # "LinkedService": Route 53 cannot change what another service created
    # (https://docs.aws.amazon.com/Route53/latest/APIReference/API_LinkedService.html).
    made_system(
        "the service that manages the hosted zone",
        "Change the records through AWS Cloud Map (external-dns: --provider=aws-sd), or exclude this zone "
        "(--domain-filter, --zone-id-filter) and use a hosted zone of your own. No IAM action makes it editable.",
        r"resource\s+hostedzone/\w+\s+can\s+only\s+be\s+managed\s+through",
        "can only be managed through",
        subject=r"can\s+only\s+be\s+managed\s+through\s+((?:AWS\s+)?[A-Z][\w ]{2,30}?)\s*(?:\(|[.\"\n])",
        verdict="The hosted zone belongs to {name}: Route 53 refuses direct changes to it, regardless of what policies "
        "allow.",
        title="Change the records through the service that manages the zone",
    ),
    # IAM API Reference, errors: EntityTemporarilyUnmodifiable
    # (https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateLoginProfile.html).
    made_system(
        "a change of the same entity that is not finished",
        f"Wait a few seconds, up to a few minutes, and make the call again; let a script retry it. {NONE_MISSING}",
        r"\bEntityTemporarilyUnmodifiable(?:Exception)?(?:\)\s+when|:)",
        "entitytemporarilyunmodifiable",
        verdict="IAM cannot change this entity yet, because it was just created or deleted. The call was allowed: no "
        "permission is missing.",
        title="Wait, and make the call again",
    ),
    # AWS Lambda API Reference, "AddPermission": StatementId, ResourceConflictException
    # (https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html).
    made_system(
        "the statement in the function's policy",
        "Look at it (aws lambda get-policy --function-name FUNCTION). Import it into the tool, remove it (aws lambda "
        f"remove-permission --function-name FUNCTION --statement-id {{name}}), or choose another ID. {NONE_MISSING}",
        r"statement\s+id\s+\([\w-]{1,100}\)\s+provided\s+already\s+exists",
        "provided already exists",
        subject=r"statement\s+id\s+\(([\w-]{1,100})\)",
        verdict="The function's resource policy already has a statement with the ID {name}. No permission is missing.",
        title="Import or remove the statement, or choose another ID",
    ),
    # Route 53 API Reference, "ChangeResourceRecordSets": CREATE, UPSERT, InvalidChangeBatch
    # (https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html).
    made_system(
        "the record that already exists",
        "Look at the record (aws route53 list-resource-record-sets). If it is the intended one, import it into the "
        f"tool, or let the tool overwrite it (UPSERT; Terraform: allow_overwrite = true). {NONE_MISSING}",
        r"Tried\s+to\s+create\s+resource\s+record\s+set\s+\[[^\]]{1,300}\]\s+but\s+it\s+already\s+exists",
        "tried to create resource record set",
        subject=r"Tried\s+to\s+create\s+resource\s+record\s+set\s+\[name='([^'\n]{1,255}?)\.?'",
        verdict="The hosted zone already has the record {name}: import it or overwrite it, after comparing its values. "
        "No permission is missing.",
        title="Import the record, or overwrite it",
    ),
    # Amazon OpenSearch Service developer guide, "Using service-linked roles"
    # (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/slr.html).
    made_system(
        "the service-linked role of OpenSearch Service",
        "Create it once: aws iam create-service-linked-role --aws-service-name opensearchservice.amazonaws.com (the "
        "caller needs iam:CreateServiceLinkedRole). Then make the call again: the call passes no role, and a role with "
        "the old Elasticsearch name is not needed.",
        r"you\s+must\s+enable\s+a\s+service-linked\s+role\s+to\s+give\s+Amazon\s+(?:OpenSearch|ES|Elasticsearch)",
        "must enable a service-linked role",
        unless=r"perform:?\s+iam:CreateServiceLinkedRole",
        verdict="The call is allowed, but the account has no service-linked role for OpenSearch Service, which a "
        "domain in a VPC needs: create it once.",
        title="Create the service-linked role",
    ),
    # AWS Lake Formation developer guide, "Data filtering and cell-level security"
    # (https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering.html); Athena User Guide, "Manage
    # Lake Formation and Athena user permissions"
    # (https://docs.aws.amazon.com/athena/latest/ug/lf-athena-user-permissions.html).
    made_system(
        COLUMN,
        "Compare the columns that DESCRIBE shows to this caller with those of the table (AWS Glue). If the table has "
        "the column, a Lake Formation administrator must grant SELECT on it. IAM policies, including "
        "AdministratorAccess, do not grant that. If the table has no column of that name, correct the query.",
        r"Column\s+'[^'\n]{1,128}'\s+cannot\s+be\s+resolved\s+or\s+requester\s+is\s+not\s+authorized",
        "or requester is not authorized",
        subject=r"Column\s+'([^'\n]{1,128})'",
        verdict="Athena refused the column {name}: the table has no column of that name, or Lake Formation does not "
        "grant it to the caller.",
        title="Compare the table's columns, and grant SELECT on the column",
        sure=False,
    ),
    # IAM Identity Center User Guide, "Custom permissions": customer managed policies have the same name and path in
    # every account (https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetcustom.html).
    made_system(
        "the customer managed policy in that account",
        "Create the policy {name} in that account, with this name and path: a permission set finds a customer managed "
        "policy by both, in every account. A policy's path cannot be changed. Then provision again.",
        r"Received\s+a\s+404\s+status\s+error:\s+Not\s+supported\s+policy\s+arn:",
        "not supported policy",
        subject=r"Not\s+supported\s+policy\s+(arn:[\w-]+:iam::\d{12}:policy/[\w+=,.@/-]*\w)",
        verdict="The account has no policy {name}, which the permission set names. No permission is missing in IAM "
        "Identity Center.",
        title="Create the customer managed policy in that account",
    ),
    # Amazon SES developer guide, "Obtaining Amazon SES SMTP credentials": they differ by Region
    # (https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html).
    made_system(
        "the SMTP password",
        "Use SMTP credentials of this endpoint's Region: each Region has its own, calculated from the secret key and "
        "the Region; the secret key itself is not an SMTP password. Create new ones in SES in that Region. Each Region "
        "also has its own verified identities and sandbox.",
        r"\b535[ ,-][^\n]{0,20}Authentication\s+Credentials\s+Invalid",
        "authentication credentials invalid",
        flags=re.IGNORECASE,
        subject=rf"\bemail-smtp(?:-fips)?\.({REGION_NAME})\.amazonaws\.com",
        unless=r"\A(?![\s\S]*(?:email-smtp|\bSES\b|amazonaws))",
        verdict="SES does not accept the SMTP user and password. Check that the password is an SMTP password of this "
        "Region: an access key's secret key is none. No permission is missing.",
        title="Create SMTP credentials for this Region",
    ),
    # AWS KMS API Reference, "Decrypt": NotFoundException; keys are Regional
    # (https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html).
    made_system(
        "the Region of the call to KMS",
        "Call KMS in {name}: check AWS_REGION, the profile's Region, and AWS_ENDPOINT_URL_KMS or AWS_ENDPOINT_URL, "
        "which "
        f"override them. {NONE_MISSING}",
        rf"NotFoundException[^\n]{{0,80}}[: ]Invalid\s+arn\s+{REGION_NAME}\b",
        "invalid arn",
        subject=rf"Invalid\s+arn\s+({REGION_NAME})\b",
        verdict="The key is in {name}, but the call went to KMS in another Region. No permission is missing.",
        title="Call KMS in the Region of the key",
        regional=True,
    ),
    # Amazon EKS User Guide, "Grant IAM users access to Kubernetes with EKS access entries": with the mode API only
    # access entries are used (https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html).
    made_system(
        "the access entry of the nodes' role",
        "aws eks create-access-entry --cluster-name CLUSTER --principal-arn NODE-ROLE-ARN --type EC2_LINUX (Windows: "
        f"EC2_WINDOWS). aws-auth is not read in this mode. {NONE_MISSING}",
        rf"(?:{NODES_REFUSED}|{UNREGISTERED})[\s\S]*?{MODE_API}|{MODE_API}[\s\S]*?(?:{NODES_REFUSED}|{UNREGISTERED})",
        "worker nodes do not have access",
        "register node with api server",
        verdict="The cluster's authentication mode is API, so a line in aws-auth has no effect: the role of the nodes "
        "needs an access entry.",
        title="Create an access entry for the role of the nodes",
    ),
    # AWS STS API Reference, "AssumeRoleWithWebIdentity", RoleArn: account IDs have 12 digits
    # (https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html).
    made_system(
        "the account number in the role's ARN",
        "Write the account with its 12 digits: a leading zero is lost if the account is stored as a number instead "
        f"of text, so quote the value. {NONE_MISSING}",
        rf"{_SHORT_ACCOUNT}[\s\S]*?{_ARN_INVALID}|{_ARN_INVALID}[\s\S]*?{_SHORT_ACCOUNT}",
        "request arn is invalid",
        subject=_SHORT_ACCOUNT,
        verdict="The account in the role's ARN, {name}, does not have 12 digits: most likely a leading zero was lost. "
        "No permission is missing.",
        title="Write the account with its 12 digits",
    ),
    # AWS Lake Formation developer guide, "Granting data location permissions"
    # (https://docs.aws.amazon.com/lake-formation/latest/dg/granting-location-permissions.html).
    made_system(
        LAKE_LOCATION,
        "Let a Lake Formation administrator grant it: aws lakeformation grant-permissions --principal "
        "DataLakePrincipalIdentifier=ROLE-ARN --permissions DATA_LOCATION_ACCESS, with the registered location as "
        "DataLocation. S3 and Glue policies do not replace this grant, and neither does CREATE_TABLE on the database.",
        r"Insufficient\s+Lake\s+Formation\s+permission\(s\)\s+on\s+s3://",
        "insufficient lake formation permission",
        subject=r"permission\(s\)\s+on\s+(s3://[^\s\"'()]{3,200})",
        verdict="Lake Formation refuses the location {name}: the role lacks its data location permission, which must "
        "be granted separately.",
        title="Grant DATA_LOCATION_ACCESS on the location",
    ),
    # AWS CodeCommit User Guide, "Troubleshooting the credential helper and HTTPS connections to AWS CodeCommit"
    # (https://docs.aws.amazon.com/codecommit/latest/userguide/troubleshooting-ch.html).
    made_system(
        "the password that the macOS keychain stores",
        "Delete the entry git-codecommit.REGION.amazonaws.com in Keychain Access, and remove osxkeychain for this host "
        "(git config --show-origin credential.helper), so that git uses only the AWS CLI's helper; or use "
        "git-remote-codecommit. If it still fails, check codecommit:GitPull and codecommit:GitPush.",
        r"git-codecommit\.[\s\S]{0,400}?\b403\b[\s\S]*?\bosxkeychain\b|\bosxkeychain\b[\s\S]*?git-codecommit\.[\s\S]{0,400}?"
        r"\b403\b",
        "osxkeychain",
        flags=re.IGNORECASE,
        unless=r"authorized\s+to\s+perform",
        verdict="CodeCommit refused git's password: most likely an expired one from the macOS keychain (osxkeychain), "
        "which stores what the AWS CLI's helper creates, valid only for minutes.",
        title="Configure git to use only the AWS CLI's credential helper",
        sure=False,
    ),
    # ElastiCache User Guide, "Authenticating with IAM" and "Role-Based Access Control (RBAC)": access strings
    # (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html).
    made_system(
        "the access string of the cache's user",
        "Use a user whose access string allows the command and the key, or change the access string of this user "
        "(ElastiCache: aws elasticache describe-users, modify-user --access-string; MemoryDB: aws memorydb "
        "describe-users, update-user --access-string; Redis: ACL GETUSER). IAM decides who may connect, but not "
        "which commands and keys they may use.",
        r"\bNOPERM\b[^\n]{0,200}",
        "noperm",
        subject=r"\bNOPERM\b:?\s+([^\n\"]{5,120})",
        verdict="The user's access string, not IAM, is why the cache refused the command: “{name}”.",
        title="Correct the user's access string",
    ),
)
