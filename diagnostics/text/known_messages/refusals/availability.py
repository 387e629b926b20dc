"""Sentences about a service, a setting or a token that prevents the call whatever the policies allow."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, no_permission

_API = "https://docs.aws.amazon.com"
_NEW = r"(?:available|open|offered|accepting|onboarding)(?: (?:to|for))? new (?:customers|accounts)"
AVAILABILITY: tuple[ServiceSentence, ...] = (
    no_permission(
        ("new customers", "new accounts"),
        rf"\b(?:(?:is|are) )?(?:no longer|not) {_NEW}\b|\bclosed to new (?:customers|accounts)\b",
        "AWS has closed this service or feature to new customers, and treats this account as new: use an alternative, "
        "or do not use the feature. No permission is missing.",
        "Read the page that the message links, or the service's page on availability changes: it names the "
        "alternatives. Accounts that used the feature before the closing date can still use it.",
        f"{_API}/servicecatalog/latest/arguide/app-registry-availability-change.html",
    ),
    no_permission(
        ("isn't registered with", "is not registered with", "complete aws audit manager setup"),
        r"\b[Aa]ccount (?:\d{12} )?(?:isn't|is not) registered with (?-i:AWS |Amazon )?(?-i:[A-Z]\w+)"
        r"|Please complete AWS Audit Manager setup",
        "The account is not registered with the service in the Region of the call: set the service up in this Region, "
        "or call the Region in which the service is set up. No policy of the caller is missing.",
        "Compare the Region of the call with the Region in which the service was set up. In an organization, also "
        "check which account is its delegated administrator.",
        f"{_API}/audit-manager/latest/APIReference/API_RegisterAccount.html",
    ),
    no_permission(
        "data_disabled",
        r"\bDATA_DISABLED\b",
        "Access to the directory's data is turned off: turn it on with aws ds enable-directory-data-access "
        "--directory-id ID. The reason DATA_DISABLED is not about the caller's policies.",
        "Other reasons of this error are IAM_AUTH (a policy of the caller) and DIRECTORY_AUTH (the directory).",
        f"{_API}/directoryservicedata/latest/DirectoryServiceDataAPIReference/API_ListUsers.html",
        "aws ds describe-directory-data-access --directory-id ID",
    ),
    no_permission(
        "feature flag configurations must be accessed",
        r"Feature flag configurations must be accessed via AWS AppConfig Data",
        "The program calls the old GetConfiguration for feature flags: call StartConfigurationSession and "
        "GetLatestConfiguration of AWS AppConfig Data. This error refuses no permission.",
        "For these calls, the caller needs appconfig:StartConfigurationSession and appconfig:GetLatestConfiguration on "
        "the configuration. If you cannot change the program, use a freeform configuration profile.",
        f"{_API}/appconfig/latest/userguide/retrieving-feature-flags.html",
    ),
    no_permission(
        "access token was previously used",
        r"access token was previously used and cannot be used again",
        "The tunnel's client access token works only once: get a new one with aws iotsecuretunneling "
        "rotate-tunnel-access-token, and start the local proxy with it.",
        "aws iotsecuretunneling rotate-tunnel-access-token --tunnel-id ID --client-mode SOURCE (or DESTINATION, ALL) "
        "prints the new token. The tunnel still ends at the same time. No IAM policy and no AWS key is the cause.",
        f"{_API}/iot/latest/developerguide/iot-secure-tunneling-troubleshooting.html",
    ),
    no_permission(
        "inaccessibleencryptiondatetime",
        r"\bInaccessibleEncryptionDateTime\W{1,5}\d",
        "DynamoDB cannot use the table's KMS key since the printed time: restore the key at once. After seven days "
        "DynamoDB starts to archive the table.",
        "Enable the key, cancel its deletion, or restore its key policy and the grants of DynamoDB. The caller's "
        "permissions for DynamoDB are not the cause.",
        f"{_API}/amazondynamodb/latest/APIReference/API_SSEDescription.html",
        "aws kms describe-key --key-id KEY",
    ),
)
