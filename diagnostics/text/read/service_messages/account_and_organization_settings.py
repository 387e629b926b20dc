"""Sentences about a setting that is missing or excludes the call: of the account, the organization, a key or a job."""

from __future__ import annotations

from diagnostics.text.read.service_messages.service_sentence import ServiceSentence, UsualCause, assumed_by, row
from diagnostics.who import Who
from iam.claims import Ground
from iam.regions import REGION_NAME

_API = "https://docs.aws.amazon.com"


def _unread_secret(before: str, region: str, option: str) -> ServiceSentence:
    """Return the row for the AWS provider of the Secrets Store CSI driver, which hides AWS's error.

    https://github.com/aws/secrets-store-csi-driver-provider-aws/blob/main/README.md
    """
    return row(
        "failed to fetch secret from all regions",
        rf"{before}Failed to fetch secret from all regions\. Verify secret exists and required permissions are granted "
        r"for: (?P<secret>[^\s\"',]+)",
        "the pod's role, or nobody",
        f"the secret {{secret}} could not be read in {region}, but AWS's own error is not in the message",
        f"The secret {{secret}} does not exist in {region}, or the role of the pod's service account is not allowed to "
        "read it: the message does not say which.",
        UsualCause(
            f"First check whether the secret exists with this exact name in {region}. If it does, allow the role of "
            "the pod's service account (not the node's) to perform secretsmanager:GetSecretValue and "
            "secretsmanager:DescribeSecret on the secret, and kms:Decrypt on its key if the key is customer managed. "
            "AWS's own error is in the provider's log (pods of csi-secrets-store-provider-aws) and in the call's "
            "event in CloudTrail.",
            f"aws secretsmanager describe-secret --secret-id {{secret}}{option}",
        ),
        page="https://github.com/aws/secrets-store-csi-driver-provider-aws/blob/main/README.md",
    )


SETTINGS: tuple[ServiceSentence, ...] = (
    _unread_secret(rf"(?P<region>{REGION_NAME}): ", "{region}", " --region {region}"),
    _unread_secret("", "the Region where the program looks for it", ""),
    # botocore, exceptions.py, LoginInsufficientPermissions (https://github.com/boto/botocore).
    row(
        "signin:createoauth2token",
        r"refresh login credentials due to insufficient permissions",
        "the identity that signed in with aws login",
        "aws login needs signin:CreateOAuth2Token",
        "The identity that signed in lacks signin:CreateOAuth2Token, which aws login needs: attach the AWS managed "
        "policy SignInLocalDevelopmentAccess to it.",
        UsualCause(
            "SignInLocalDevelopmentAccess allows signin:AuthorizeOAuth2Access and signin:CreateOAuth2Token on "
            "arn:aws:signin:*:*:oauth2/public-client/*. If this policy is attached, an SCP or a boundary denies these "
            "actions. The intended call itself was not refused.",
        ),
        page=f"{_API}/aws-managed-policy/latest/reference/SignInLocalDevelopmentAccess.html",
        actions=("signin:CreateOAuth2Token",),
        cause="identity.no-action",
        ground=Ground.STATED,
    ),
    row(
        "authorized to make the association",
        r"The VPC:? (?P<vpc>vpc-[0-9a-f]{8,17})\b[^\n]{0,80} (?:is )?not authorized to make the association",
        "the account that associates the VPC",
        "the hosted zone's account has not authorized the VPC {vpc}, or the call did not come from the VPC's account",
        "The hosted zone's account must first authorize {vpc} (aws route53 create-vpc-association-authorization); then "
        "the VPC's account associates it with its own credentials.",
        UsualCause(
            "Both calls also need ec2:DescribeVpcs. Compare the VPC's Region and ID in the two calls: an authorization "
            "for another Region does not matter.",
            "aws route53 list-vpc-association-authorizations --hosted-zone-id ZONE",
            Who.RESOURCE_OWNER,
        ),
        page=f"{_API}/Route53/latest/DeveloperGuide/hosted-zone-private-associate-vpcs-different-accounts.html",
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
    row(
        "must first enable trusted access",
        r"must first enable trusted access with (?P<service>[A-Z][\w -]*\w)",
        "the organization",
        "trusted access for {service} is not turned on in Organizations",
        "Trusted access for {service} is not turned on in the organization. Until then the call works only for the "
        "caller's own account.",
        UsualCause(
            "In the management account, turn on trusted access for {service}: in the Organizations console "
            "(Services), or aws organizations enable-aws-service-access --service-principal SERVICE.amazonaws.com. "
            "The call for another account then needs the management account or a delegated administrator.",
            "aws organizations list-aws-service-access-for-organization",
            Who.ORG_ADMIN,
        ),
        page=f"{_API}/accounts/latest/reference/API_PutContactInformation.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    row(
        "mediaconvert",
        r"\berror\s?code\W{1,5}(?P<code>1401|1432|1433|1434|1515)\b",
        "the role of the MediaConvert job",
        "MediaConvert's error {code} is about the job's role or the bucket's policy",
        "MediaConvert reads and writes with the role of the job, not with the permissions of whoever creates it. Error "
        "{code} says that this role, or a bucket's policy, does not allow it.",
        UsualCause(
            "Let the job's role trust mediaconvert.amazonaws.com, and allow it to perform s3:GetObject on the inputs, "
            "s3:PutObject on the output location, and to use their KMS keys. Then look for a Deny in the buckets' "
            "policies, and check that the job names this role.",
            "aws mediaconvert get-job --id JOB --query 'Job.[Role,ErrorCode,ErrorMessage]'",
            needs=("s3:GetObject", "s3:PutObject"),
        ),
        page=f"{_API}/mediaconvert/latest/ug/mediaconvert_error_codes.html",
        asks=assumed_by("mediaconvert.amazonaws.com"),
        ground=Ground.NOTHING,
    ),
    row(
        "cannot find service linked role template for",
        r"Cannot find Service Linked Role template for (?P<name>[\w.-]*\w)",
        "nobody",
        "no service-linked role belongs to the name {name}",
        "{name} is not the service principal of a service with a service-linked role: the name is misspelled, or the "
        "service has no such role. No permission is missing.",
        UsualCause(
            "Write the service principal exactly as on the service's page about its service-linked role: it is "
            "case-sensitive, and ends with .amazonaws.com (opensearchservice.amazonaws.com for OpenSearch Service, for "
            "example).",
            None,
            Who.CALLER,
        ),
        page=f"{_API}/IAM/latest/APIReference/API_CreateServiceLinkedRole.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    row(
        "default backup service managed key",
        r"vault is encrypted with the default Backup service managed key",
        "the copy job, by the key of the backup vault",
        "the vault's key is an AWS managed key, which no other account can use",
        "A copy to another account needs a vault with a customer managed key, but this vault has AWS Backup's own "
        "key. No permission changes that.",
        UsualCause(
            "In account {account}, create another vault with a customer managed key, and copy into that one instead "
            "of {vault}: a vault's key cannot be changed later. The source must not be encrypted with an AWS managed "
            "key (aws/rds, for example), either.",
            "aws backup describe-backup-vault --backup-vault-name {vault} --query EncryptionKeyArn",
            Who.RESOURCE_OWNER,
            shown_by=r"\A(?=[\s\S]*destination Backup vault)[\s\S]*?DestinationBackupVaultArn[\"']?\s*[:=]\s*[\"']?"
            r"arn:[\w-]+:backup:[\w-]+:(?P<account>\d{12}):backup-vault:(?P<vault>[\w-]+)",
            decides=(
                "The destination vault {vault} in account {account} is encrypted with AWS Backup's own key: a copy "
                "from another account needs a vault with a customer managed key. No permission changes that."
            ),
        ),
        UsualCause(
            "In the account that the message speaks of, create a vault with a customer managed key and copy into that "
            "one. A vault's key cannot be changed later. The source must not be encrypted with an AWS managed key "
            "(aws/rds, for example), either.",
            "aws backup list-backup-vaults --query 'BackupVaultList[].[BackupVaultName,EncryptionKeyArn]'",
            Who.RESOURCE_OWNER,
        ),
        page="https://repost.aws/knowledge-center/backup-troubleshoot-cross-account-copy",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    row(
        (
            *("encrypted with the aws managed key can", "encrypted with the aws managed cmk can"),
            *("ebs default key cannot", "encrypted with the default service key", "cannot share snapshots"),
        ),
        r"[Ss]napshots? encrypted with the AWS managed (?:CMK|[Kk]ey) can(?:'t|not) be shared"
        r"|Cannot share snapshots that are encrypted with the default (?:AWS managed )?key"
        r"|Encrypted snapshots with (?:Amazon )?EBS default key cannot be shared"
        r"|snapshots encrypted with the default service key for RDS is currently not supported",
        "the copy or share, by the key of the snapshot",
        "the snapshot's key is an AWS managed key, which no other account can use",
        "The snapshot is encrypted with an AWS managed key, which no other account can use: it cannot be shared. No "
        "permission changes that.",
        UsualCause(
            "Copy the snapshot with a customer managed key that the other account is allowed to use, and share that "
            "copy. For later backups encrypt the volume or database with that key.",
            None,
            Who.RESOURCE_OWNER,
        ),
        page="https://repost.aws/knowledge-center/backup-troubleshoot-cross-account-copy",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    row(
        "privateca_access_denied",
        r"\bPRIVATECA_ACCESS_DENIED\b",
        "the connector of AWS Private CA",
        "the connector is not allowed to issue certificates from the private CA",
        "The connector cannot issue certificates from the private CA: its creator lacks acm-pca:IssueCertificate, or "
        "the CA is not shared with the connector.",
        UsualCause(
            "Allow whoever creates the connector to perform acm-pca:IssueCertificate on the CA, and share the CA with "
            "the connector's service in AWS RAM. Then delete the failed connector and create a new one.",
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
    row(
        "call on the given bucket failed",
        r"\b(?P<call>GetBucketAcl|PutObject) call on the given bucket failed",
        "CloudWatch Logs, by the bucket",
        "the bucket does not let CloudWatch Logs make {call}",
        "The bucket's policy does not let CloudWatch Logs make {call}, which an export task needs. The caller's own "
        "policies are not the cause.",
        UsualCause(
            "Allow logs.REGION.amazonaws.com in the bucket's policy: s3:GetBucketAcl on the bucket, and s3:PutObject "
            "on its objects with s3:x-amz-acl = bucket-owner-full-control. The bucket must be in the log group's "
            "Region. If these statements already exist, compare their Region, account and conditions.",
            "aws s3api get-bucket-policy --bucket BUCKET",
            Who.RESOURCE_OWNER,
        ),
        page=f"{_API}/AmazonCloudWatch/latest/logs/S3ExportTasks.html",
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "is not enabled",
        r"(?:\bAccessDeniedException\b[^\x1e]{0,80}?:\s+|\b[A-Z][a-z]+-[A-Z]\w+ : )(?:(?:Amazon|AWS) )?"
        r"(?P<service>Macie|GuardDuty|Security Hub|Detective|Inspector|Audit Manager|Security Lake) is not enabled"
        r"(?: (?:in|for) (?:this|the) (?:account|Region)\b)?(?=[.\"\n]|$)",
        "the account, for everybody",
        "{service} is not enabled in this account and Region",
        "{service} is not enabled for this account in the Region of the call: enable it there, or leave that Region "
        "out. No policy of the caller is missing.",
        UsualCause(
            "A service must be enabled separately in each Region. If an organization manages the service, its "
            "delegated administrator must enable it. Where the service is not enabled, its calls are refused "
            "whatever the policies allow."
        ),
        page=f"{_API}/macie/latest/user/getting-started.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    row(
        "not enabled for cost explorer",
        r"\bnot enabled for cost explorer\b",
        "the account, for everybody",
        "Cost Explorer is not enabled for this account",
        "Cost Explorer is not enabled for this account, or the management account does not let this member use it. "
        "No policy of the caller is missing.",
        UsualCause(
            "Open Cost Explorer once in the Billing and Cost Management console of this account (as its root "
            "user, if users and roles have no access to billing): the API cannot enable it, and the first data "
            "takes about 24 hours. For a member account, the management account must allow members access to "
            "Cost Explorer in the cost management preferences."
        ),
        page=f"{_API}/cost-management/latest/userguide/ce-enable.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
)
