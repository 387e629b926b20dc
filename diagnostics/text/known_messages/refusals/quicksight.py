"""Messages of Amazon QuickSight."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, no_permission, row
from diagnostics.who import Who
from iam.claims import Ground
from iam.regions import REGION_NAME

_API = "https://docs.aws.amazon.com"
_QUICKSIGHT = f"{_API}/quicksight/latest/APIReference"

QUICKSIGHT_ACCESS: tuple[ServiceSentence, ...] = (
    row(
        "to connect to this dataset or run this query",
        r"don['’]t have sufficient permissions to connect to this dataset or run this query",
        "QuickSight's own role",
        "QuickSight is not allowed to use the data source",
        "QuickSight itself lacks access to the data source: select the bucket and Athena under Manage QuickSight, "
        "Security and permissions. The reader's own IAM policies do not matter.",
        UsualCause("Select Athena and the buckets of the data and of the query results (with write permission for the "
                   "workgroup). Allow QuickSight's role to use the KMS key, and to invoke the function of a federated "
                   "connector. If Lake Formation protects the data, grant the QuickSight user, group or role SELECT."),
        page=f"{_API}/quicksight/latest/user/troubleshoot-athena-insufficient-permissions.html",
    ),
    no_permission(
        "service role required to access your aws resources has not been created",
        r"QuickSight service role required to access your AWS resources has not been created",
        "QuickSight has no role of its own in this account yet: a QuickSight administrator creates it by choosing AWS "
        "services (or an existing role) under Manage QuickSight, Security and permissions. The caller lacks nothing.",
        "Select Athena and the S3 buckets there, once for each account; or give the data source a role of its own "
        "(RoleArn in its parameters), which QuickSight may assume and the caller may pass. Then create the data "
        "source again.",
        f"{_API}/quicksight/latest/user/accessing-data-sources.html",
        "aws iam get-role --role-name aws-quicksight-service-role-v0",
    ),
    row(
        "permission to access the manifest file",
        r"Insufficient permissions? to access the manifest file",
        "QuickSight's own role",
        "QuickSight cannot read the manifest file",
        "QuickSight reads the manifest and the data with its own role, not with the caller's: a QuickSight "
        "administrator selects the buckets under Manage QuickSight, Security and permissions.",
        UsualCause("Select the bucket of the manifest and those of the files in it, and allow QuickSight's role "
                   "(aws-quicksight-service-role-v0) to use the KMS key. A bucket of another account must allow "
                   "that role in its policy. Or set a role in the data source (RoleArn of its S3 parameters).",
                   "aws iam get-role --role-name aws-quicksight-service-role-v0"),
        page=f"{_API}/quicksight/latest/user/troubleshoot-connect-S3.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    no_permission(
        "domainnotwhitelisted",
        r"\bDomainNotWhitelistedException\b",
        "The page's domain is not on QuickSight's list for embedding: a QuickSight administrator adds it under Manage "
        "QuickSight, Domains and embedding. No permission is missing.",
        "Write the domain with https:// and without a path; or pass it as AllowedDomains in GenerateEmbedUrl…, for "
        "which the caller's policy must allow quicksight:AllowedEmbeddingDomains.",
        f"{_QUICKSIGHT}/API_GenerateEmbedUrlForRegisteredUser.html",
    ),
    no_permission(
        "quicksightusernotfound",
        r"\bQuickSightUserNotFoundException\b",
        "QuickSight does not know this user: register it in QuickSight first (aws quicksight register-user), in the "
        "identity Region. IAM permissions do not create the user.",
        "A role's user is named ROLE/SESSION: with --identity-type IAM register the role's ARN and the same session "
        "name that the embedding call uses.",
        f"{_QUICKSIGHT}/API_RegisterUser.html",
        "aws quicksight list-users --aws-account-id ACCOUNT --namespace default",
    ),
)  # fmt: skip
QUICKSIGHT_EDITIONS: tuple[ServiceSentence, ...] = (
    no_permission(
        ("unsupporteduseredition", "unsupportedpricingplan"),
        r"\bUnsupported(?:UserEdition|PricingPlan)Exception\b",
        "QuickSight's subscription does not include this operation: it needs the Enterprise edition, and embedding for "
        "anonymous users also needs capacity pricing. No permission is missing.",
        "The command shows the edition. A QuickSight administrator can upgrade the edition, or add capacity pricing.",
        f"{_QUICKSIGHT}/API_GenerateEmbedUrlForAnonymousUser.html",
        "aws quicksight describe-account-settings --aws-account-id ACCOUNT",
    ),
)  # fmt: skip

QUICKSIGHT_REGIONS: tuple[ServiceSentence, ...] = (
    row(
        "identity region is",
        rf"called from endpoint (?P<called>{REGION_NAME}), but your identity region is "
        rf"(?P<home>{REGION_NAME})",
        "the call in this Region",
        "the call went to {called}, and the identity Region is {home}",
        "The call went to {called}, which is the wrong Region: the account's identity Region in this service is "
        "{home}. No policy is missing.",
        UsualCause("Call the endpoint of {home} (--region {home}), or do not create this resource in {called}. The "
                   "account's users, groups and subscription exist only in the identity Region.", None, Who.CALLER),
        page="https://docs.aws.amazon.com/quicksight/latest/APIReference/API_CreateAccountSubscription.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
)  # fmt: skip
