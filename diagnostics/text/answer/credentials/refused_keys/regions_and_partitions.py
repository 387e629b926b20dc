"""Rows for keys that are unknown in the called Region: opt-in Regions, other partitions, STS turned off."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import CONFIGURED, UNKNOWN_KEY, WHO, CredentialFault, fault
from diagnostics.who import Who
from iam.claims import Ground

_TOKEN_VERSION = "aws iam get-account-summary --query SummaryMap.GlobalEndpointTokenVersion"

_OF_ROLE = (
    r"\bassum(?:e[sd]?|ing)\b[^.\n]{0,40}\brole\b|assume[-_]?role(?!_?With)|assumed-role|\bASIA[A-Z0-9]{8,}"
    r"|\brole\b[^.\n]{0,40}\bassumed\b|\brole_arn[ \t]*="
)
"""Words that show a role's session."""
_OF_SESSION = rf"{_OF_ROLE}|\baws-vault exec\b|\bget[-_]?session[-_]?token\b|\bsession token comes from\b"
"""Words that show temporary credentials: a role's session, or one of GetSessionToken."""

_SEPARATE_PARTITION = (
    "{partition_region} is in a separate partition, with its own accounts, keys and endpoints. Either the keys and "
    "the called endpoint belong to different partitions, or the key is deleted, inactive, or lacks its session "
    "token.",
    "Use keys, Region and STS endpoint of the same partition",
    f"{CONFIGURED}{{profile_option}}\n{WHO}{{profile_option}} --region {{partition_region}}",
    "{partition_region} is in a partition with separate accounts and keys. This partition does not know the keys "
    "of another partition, and another partition's STS endpoint does not know its keys.",
)
"""The sentence, the fix's title, its commands and the common cause, for a Region of a separate partition."""

STS_TURNED_OFF: tuple[CredentialFault, ...] = (
    # IAM User Guide, "Manage AWS STS in an AWS Region": the account for which the credentials are generated must have
    # the endpoint active (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html).
    fault(
        r"STS is not activated",
        "STS is turned off in {default_region} for the account of the role or user whose credentials you request: "
        "turn STS on in that account (IAM console, Account settings, Security Token Service). Until then, call STS "
        "in another Region.",
        "Activate STS in {default_region}, or call STS in another Region",
        "# no command: IAM console of that account, Account settings, Security Token Service (STS)",
        "An administrator turned off STS's endpoint in {default_region}. The Region itself is enabled in every "
        "account, and neither the trust policy nor a permission is the cause.",
        check=None,
        who=Who.ACCOUNT_ADMIN,
        speaker="STS is not activated",
        needs="default_region",
    ),
    # AWS Account Management reference guide, "Enable or disable AWS Regions in your account".
    fault(
        r"RegionDisabled|STS is not activated",
        "The Region is not enabled for the account, or STS is disabled in the Region. Until this changes, keys are "
        "not valid there.",
        "Enable the Region, or call another",
        "aws account list-regions --region-opt-status-contains DISABLED DISABLING\n"
        "aws account enable-region --region-name {region_name}",
        "The Region, or STS in it, is not enabled for this account; or the service is not available there.",
        check="aws account list-regions --query 'Regions[].[RegionName,RegionOptStatus]'",
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.PARTLY,
    ),
)

OTHER_REGIONS_AND_PARTITIONS: tuple[CredentialFault, ...] = (
    # AWS Account Management API Reference, "GetRegionOptStatus" and "EnableRegion"
    # (https://docs.aws.amazon.com/accounts/latest/reference/API_GetRegionOptStatus.html).
    fault(
        UNKNOWN_KEY,
        "The text shows that {off_region} {off_state} for the account: {off_means}. The keys themselves and the "
        "policies are not the cause.",
        "Leave {off_region} out of the program's Regions, or enable it if the call is meant for it",
        "{enable_off}\n"
        "aws account get-region-opt-status --region-name {region_name}  # the call works once this is ENABLED",
        check=None,
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.PARTLY,
        needs="off_region",
    ),
    # AWS Fault Isolation Boundaries, "Partitions": each has its own IAM
    # (https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html).
    fault(
        UNKNOWN_KEY,
        "{called_region} is in the partition {called_partition}, which does not know this key: the text shows that "
        "the key belongs to {key_owner} in the partition {key_partition}. The key itself works, and no permission "
        "is missing.",
        "Call with a key of an account in {called_partition}, or call the Region that is meant",
        f"aws configure list-profiles  # does a profile belong to {{called_partition}}?\n{WHO} --profile PROFILE "
        "--region {called_region}",
        "Each partition has its own accounts and keys. If the call is meant for a Region of {key_partition}, name that "
        "Region.",
        check=None,
        ground=Ground.LIKENESS,
        needs="key_owner",
    ),
    # AWS SDKs and Tools Reference Guide, "Using shared config and credentials files": [default] gives no values to
    # other profiles (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html).
    fault(
        UNKNOWN_KEY,
        "{whose_partition} {other_partition}, but {its_region}, so {goes} to another partition, which does not "
        "know keys of {other_partition}. Call with {own_regions}; keep the key and the policies as they are.",
        "Set a Region of the key's partition",
        "aws configure set region {first_region}{profile_option}\n{who_am_i}{profile_option}",
        "Only if AWS also refuses the call in {own_regions} is the key itself mistyped, inactive or deleted.",
        check=f"{WHO}{{profile_option}} --region {{first_region}}",
        ground=Ground.LIKENESS,
        needs="its_region",
    ),
    fault(
        UNKNOWN_KEY,
        "{whose_partition} {other_partition}, but {common_region} sends the call to another partition, which does "
        "not know these keys: call with {own_regions}, or with keys of an account in the partition of "
        "{common_region}. No policy has to change.",
        "Call with a Region of the key's partition",
        f"env | grep _REGION; {CONFIGURED}{{profile_option}}\n{WHO}{{profile_option}} --region {{first_region}}",
        "If the called resource is in {common_region}, use credentials of the resource's account there. If it is "
        "in {other_partition}, use {own_regions}; if the environment sets {common_region} (AWS_REGION, "
        "AWS_DEFAULT_REGION), remove that setting.",
        check=f"{WHO}{{profile_option}} --region {{first_region}}",
        ground=Ground.LIKENESS,
        needs="other_partition",
    ),
    fault(
        UNKNOWN_KEY,
        "Most likely the program calls its default Region (often us-east-1), because its settings in the text name "
        "no Region. The host is in {host_region}, and other partitions do not know the host's credentials: set the "
        "program's Region to {host_region}.",
        "Set the program's Region to {host_region}",
        "# in the program's settings, where the call is configured: {region_line}",
        "Each partition has its own accounts, keys and endpoints. This is not a missing "
        "permission: a missing permission would cause AccessDenied.",
        check=None,
        ground=Ground.LIKENESS,
        needs="host_region",
    ),
    fault(
        UNKNOWN_KEY,
        *_SEPARATE_PARTITION,
        also=(
            "The failed call is the AssumeRole that the SDK makes for a profile (role_arn, source_profile). The "
            "SDK's STS client may use the SDK's default Region instead of {partition_region}, even if the profile "
            "names a Region. Also give {partition_region} to the credential provider (SDK for JavaScript: "
            "clientConfig), or use a version that works.",
        ),
        check=WHO,
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.LIKENESS,
        needs="partition_region",
        speaker=r"AssumeRole(?!With)|client-sts",
    ),
    fault(
        UNKNOWN_KEY,
        *_SEPARATE_PARTITION,
        check=WHO,
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.LIKENESS,
        needs="partition_region",
    ),
    # IAM User Guide, "Manage AWS STS in an AWS Region": tokens of the global endpoint are valid only in Regions that
    # are enabled by default, unless the account changes that
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html); re:Post,
    # "How do I resolve the error AWS was not able to validate the provided access credentials?".
    fault(
        UNKNOWN_KEY,
        "The text sets “{legacy_setting}”, and {enabled_region} is an enabled opt-in Region: most likely the session "
        "comes from STS's global endpoint, whose tokens are not valid there. Set it to regional, then get a new "
        "session.",
        "Get the session from a regional STS endpoint",
        "export AWS_STS_REGIONAL_ENDPOINTS=regional  # or sts_regional_endpoints = regional in the configuration\n"
        f"{_TOKEN_VERSION}  # 2: valid in all Regions",
        "The setting legacy sends AssumeRole to STS's global endpoint (sts.amazonaws.com), whose tokens are by default "
        "valid only in Regions that are enabled by default. Or let it issue version 2 tokens (aws iam "
        "set-security-token-service-preferences --global-endpoint-token-version v2Token).",
        check=_TOKEN_VERSION,
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.LIKENESS,
        needs="legacy_enabled",
    ),
    fault(
        UNKNOWN_KEY,
        "{enabled_region} is an opt-in Region, and the keys belong to a session. Most likely the session token "
        "comes from STS's global endpoint, whose tokens are not valid in such Regions.",
        "Get the session from a regional STS endpoint",
        "export AWS_STS_REGIONAL_ENDPOINTS=regional  # then get a new session\n"
        f"{_TOKEN_VERSION}  # 2: valid in all Regions",
        "The session token comes from STS's global endpoint (sts.amazonaws.com): give the STS client that requests "
        "the session a Region and the regional endpoint. Or let the global endpoint issue version 2 tokens (aws "
        "iam set-security-token-service-preferences --global-endpoint-token-version v2Token).",
        check=_TOKEN_VERSION,
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.LIKENESS,
        needs="enabled_region",
        speaker=_OF_SESSION,
    ),
    fault(
        UNKNOWN_KEY,
        "The text says that {enabled_region} is enabled. If the keys are temporary (ASIA…), most likely their token "
        "comes from STS's global endpoint, whose tokens are by default not valid in such Regions: get the session from "
        "a regional endpoint.",
        "Get the session from a regional STS endpoint",
        "export AWS_STS_REGIONAL_ENDPOINTS=regional  # then get a new session\n"
        f"{_TOKEN_VERSION}  # 2: valid in all Regions",
        "The session token comes from STS's global endpoint (sts.amazonaws.com). Or let that endpoint issue "
        "version 2 tokens (aws iam set-security-token-service-preferences --global-endpoint-token-version "
        "v2Token). A user's own key (AKIA…) has no token; for such a key, check the Region's status (aws account "
        "get-region-opt-status).",
        check=_TOKEN_VERSION,
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.LIKENESS,
        needs="enabled_region",
    ),
    fault(
        UNKNOWN_KEY,
        "Most likely the session token comes from STS's global endpoint, whose tokens are not valid in opt-in "
        "Regions, or the Region is not enabled: {opt_in_region} is an opt-in Region, and the keys belong to a role "
        "session.",
        "Assume the role at a regional STS endpoint, and check whether the Region is enabled",
        "export AWS_STS_REGIONAL_ENDPOINTS=regional  # then assume the role again\n"
        "aws account get-region-opt-status --region-name {opt_in_region}\n"
        f"{_TOKEN_VERSION}  # 2: valid in all Regions",
        "The session token comes from STS's global endpoint (sts.amazonaws.com). {opt_in_region} accepts only tokens "
        "from a regional endpoint, or version 2 tokens from the global endpoint (aws iam "
        "set-security-token-service-preferences --global-endpoint-token-version v2Token).",
        also=(
            "{opt_in_region} is disabled until an account enables it, and until then no key is valid there. The "
            "Region must be enabled in the role's account and in the account from which the role is assumed.",
        ),
        check=_TOKEN_VERSION,
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.LIKENESS,
        needs="opt_in_region",
        speaker=_OF_ROLE,
    ),
    fault(
        UNKNOWN_KEY,
        "Most likely the program assumes its role at STS's global endpoint (sts.amazonaws.com), whose tokens are "
        "by default not valid in opt-in Regions. Let the program use a regional STS endpoint. The role's policies "
        "are not the cause.",
        "Assume the role at a regional STS endpoint",
        "export AWS_STS_REGIONAL_ENDPOINTS=regional  # where the program runs\n"
        f"{_TOKEN_VERSION}  # 2: valid in all Regions",
        "Configure a Region and the regional endpoint for the STS client that assumes the role (in the program's "
        "settings, or with AWS_STS_REGIONAL_ENDPOINTS=regional). Or let the global endpoint issue version 2 tokens, "
        "which are valid in all Regions (aws iam set-security-token-service-preferences "
        "--global-endpoint-token-version v2Token).",
        also=(
            "An opt-in Region must also be enabled, both in the role's account and in the account from which the "
            "role is assumed: aws account list-regions shows the Region's status.",
        ),
        check=_TOKEN_VERSION,
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.LIKENESS,
        needs="opt_in_words",
        speaker=_OF_ROLE,
    ),
    fault(
        UNKNOWN_KEY,
        "The call fails in opt-in Regions, where no key is valid until the account enables the Region. By default, "
        "a session from STS's global endpoint is never valid in opt-in Regions. If other Regions work, the key "
        "itself is right.",
        "Check whether the Region is enabled; if it is, take sessions from a regional STS endpoint",
        "aws account list-regions --query 'Regions[].[RegionName,RegionOptStatus]'\n"
        "export AWS_STS_REGIONAL_ENDPOINTS=regional  # if the keys are a session's: then assume the role again",
        check="aws account list-regions --query 'Regions[].[RegionName,RegionOptStatus]'",
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.LIKENESS,
        needs="opt_in_words",
    ),
    # IAM User Guide, "Manage AWS STS in an AWS Region": version 1 tokens are valid only in Regions that are enabled by
    # default (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html).
    fault(
        UNKNOWN_KEY,
        "The key is valid in another Region. {opt_in_region} is disabled until an account enables it, and until "
        "then no key is valid there. If the Region is already enabled, the cause is the session's token, which "
        "comes from STS's global endpoint, whose tokens are not valid there.",
        "Check whether the Region is enabled; if it is, get the session from a regional STS endpoint",
        "aws account get-region-opt-status --region-name {opt_in_region}\n"
        "aws account enable-region --region-name {opt_in_region}  # if it is DISABLED and the call is meant for it\n"
        "export AWS_STS_REGIONAL_ENDPOINTS=regional  # if it is enabled: then assume the role again",
        "{opt_in_region} is disabled until an account enables it, and until then no key is valid there.",
        also=(
            "The session token comes from STS's global endpoint (sts.amazonaws.com). {opt_in_region} accepts only "
            "tokens from a regional endpoint, or version 2 tokens from the global endpoint.",
        ),
        check="aws account get-region-opt-status --region-name {opt_in_region}",
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.LIKENESS,
        needs="opt_in_works_elsewhere",
    ),
    fault(
        UNKNOWN_KEY,
        "{opt_in_region} is disabled until an account enables it, and until then no key is valid there. Otherwise "
        "the key itself is deleted, inactive, or lacks its session token.",
        "Check whether the Region is enabled. Enable it, or call another Region",
        "aws account get-region-opt-status --region-name {opt_in_region}\n"
        "aws account enable-region --region-name {opt_in_region}",
        "{opt_in_region} is disabled until an account enables it, and until then no key is valid there.",
        check="aws account get-region-opt-status --region-name {opt_in_region}",
        who=Who.ACCOUNT_ADMIN,
        ground=Ground.LIKENESS,
        needs="opt_in_region",
    ),
)
