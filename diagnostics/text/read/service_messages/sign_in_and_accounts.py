"""Sentences of IAM Identity Center, Cognito, Control Tower, AWS Config, the console and others about accounts."""

from __future__ import annotations

from diagnostics.text.read.service_messages.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"
_CENTER = f"{_API}/singlesignon/latest/userguide/troubleshooting.html"
_TOWER = f"{_API}/controltower/latest/userguide"
_ORG = "aws organizations describe-organization --query Organization.MasterAccountId"
_BILLING = (
    r"informa[cç][oõ]es de faturamento|informaci[oó]n de facturaci[oó]n|information\w de facturation"
    r"|abrechnungsinformationen|請求情報|账单信息"
)
SIGN_IN_AND_ACCOUNTS: tuple[ServiceSentence, ...] = (
    row(
        "awscontroltowerexecution",
        r"AWSControlTowerExecution role can(?:'t|not) be assumed on the account",
        "Control Tower, by the account's role AWSControlTowerExecution",
        "Control Tower cannot assume AWSControlTowerExecution in that account",
        "Control Tower cannot assume AWSControlTowerExecution in the member account: most likely the account was "
        "closed or suspended before its provisioned product was deleted.",
        UsualCause("If the account is closed: have AWS Support reopen it, delete the provisioned product and close it "
                   "again; or remove its stack instances from Control Tower's StackSets and keep the stacks.",
                   "aws organizations describe-account --account-id ACCOUNT", Who.ORG_ADMIN),
        UsualCause("If the account is active: the role must exist in it, trust the management account, and have "
                   "AdministratorAccess.", "aws iam get-role --role-name AWSControlTowerExecution", Who.ORG_ADMIN),
        page=f"{_TOWER}/troubleshooting.html",
    ),
    row(
        "awscontroltowerexecution",
        r"(?:missing|create|must have|doesn't have|does not have|add)\b[^\n.]{0,80}\bAWSControlTowerExecution\b"
        r"(?! role cannot)|\bAWSControlTowerExecution\b[^\n.]{0,60}\b(?:missing|does not exist|doesn't exist"
        r"|not found)",
        "Control Tower, by the account's role AWSControlTowerExecution",
        "the account lacks the role AWSControlTowerExecution",
        "The account lacks the role AWSControlTowerExecution: create it there, with the management account in its "
        "trust policy and AdministratorAccess, then enroll the account again.",
        UsualCause("After a first attempt that failed: first terminate the provisioned product in Service Catalog, "
                   "move the account back to the root, then create the role and enroll it.", _ORG, Who.ORG_ADMIN),
        page=f"{_TOWER}/enroll-manually.html",
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
    ),
    row(
        ("assume the awscontroltowerexecution", "assume awscontroltowerexecution", "role awscontroltowerexecution"),
        r"(?:cannot|can't|can not|unable to|not able to|could not|failed to) assume (?:the )?(?:role )?"
        r"AWSControlTowerExecution\b",
        "Control Tower, by the account's role AWSControlTowerExecution",
        "Control Tower cannot assume AWSControlTowerExecution in that account",
        "Control Tower cannot assume AWSControlTowerExecution in the member account: the role is missing there, or its "
        "trust policy does not name the management account.",
        UsualCause("Let the role trust the management account's root (sts:AssumeRole), keep AdministratorAccess, and "
                   "enroll the account again.", "aws iam get-role --role-name AWSControlTowerExecution", Who.ORG_ADMIN,
                   shown_by=r"\A(?=[\s\S]*?\b[Mm]anagement account\D{0,20}(?P<management>\d{12}))"
                   r"(?=[\s\S]*?\"AWS\"\s*:\s*\[?\s*\"(?:arn:[\w-]+:iam::)?(?!(?P=management))(?P<trusted>\d{12}))"
                   r"(?![\s\S]*?\"AWS\"[^}]{0,200}(?P=management))",
                   decides="Correct the trust policy of AWSControlTowerExecution in the member account: it names "
                   "account {trusted}, not the management account {management}."),
        UsualCause("If the role exists in the member account: compare the account in its trust policy with the "
                   "management account. If it is missing: create it, with AdministratorAccess.",
                   "aws iam get-role --role-name AWSControlTowerExecution", Who.ORG_ADMIN),
        page=f"{_TOWER}/enroll-manually.html",
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
    ),
    row(
        "control tower cannot create an aws config",
        r"Control Tower cannot create an AWS Config (?:delivery channel|configuration recorder) because one already "
        "exists",
        "nobody",
        "the account has an AWS Config recorder or delivery channel of its own",
        "The account has its own recorder and delivery channel of AWS Config in a governed Region: delete both there, "
        "or have them adapted. No permission is missing.",
        UsualCause("Turning AWS Config off in the console deletes neither the recorder nor the delivery channel: in "
                   "each governed Region use aws configservice stop-configuration-recorder, delete-delivery-channel "
                   "and delete-configuration-recorder. To keep them, see the page on enrolling accounts with AWS "
                   "Config.",
                   "aws configservice describe-delivery-channels", Who.RESOURCE_OWNER),
        page=f"{_TOWER}/existing-config-resources.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    row(
        "permission sets provisioned in the management account",
        r"permission sets? (?:that (?:is|are) )?provisioned in the management account",
        "the delegated administrator of IAM Identity Center",
        "only the management account manages permission sets that are used in it",
        "This permission set is assigned in the management account, so only the management account can change it. AWS "
        "denies the change to the delegated administrator, whatever its policies allow.",
        UsualCause("Make the change with credentials of the management account, or use another permission set for "
                   "member accounts.", _ORG, Who.ORG_ADMIN),
        page=_CENTER,
        cause="not-iam",
        ground=Ground.STATED,
    ),
    row(
        "attributes for access control failed to enable",
        r"Attributes for access control failed to enable",
        "whoever enables the attributes",
        "the caller most likely lacks iam:UpdateAssumeRolePolicy",
        "Whoever enables the attributes most likely lacks iam:UpdateAssumeRolePolicy, with which IAM Identity Center "
        "changes its roles' trust policies (sts:TagSession).",
        UsualCause("Allow this action on roles under aws-reserved/sso.amazonaws.com/, and look for an SCP that denies "
                   "the action.",
                   None, Who.ORG_ADMIN),
        page=_CENTER,
        actions=("iam:UpdateAssumeRolePolicy",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "invalid mfa credentials",
        r"\bInvalid MFA credentials\b",
        "the user's sign-in",
        "IAM Identity Center does not know this user of the external identity provider yet",
        "IAM Identity Center most likely does not have this user yet: see whether the identity provider has "
        "provisioned the user (SCIM). The MFA device and IAM's policies are not the cause.",
        UsualCause("Look for the user in IAM Identity Center (Users), then at the provisioning log of the identity "
                   "provider.", "aws identitystore list-users --identity-store-id STORE", Who.ORG_ADMIN),
        page=_CENTER,
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
    row(
        ("invalidemailroleaccesspolicy", "allowed to use your email identity"),
        r"\bInvalidEmailRoleAccessPolicy(?:Exception)?\b|Cognito (?:isn.t|is not) allowed to use your email identity",
        "Cognito, by the email identity in Amazon SES",
        "Cognito is not allowed to send with the email identity",
        "Amazon SES does not let Cognito send with the pool's email identity: change the identity's sending "
        "authorization policy, not the policies of whoever called.",
        UsualCause("The identity's policy in SES must allow email.cognito-idp.amazonaws.com "
                   "ses:SendEmail and ses:SendRawEmail, with the pool as aws:SourceArn. The "
                   "identity must be verified in the Region that the pool names.",
                   "aws ses list-identity-policies --identity IDENTITY", Who.RESOURCE_OWNER),
        page=f"{_API}/cognito/latest/developerguide/user-pool-email.html",
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "invalididentitypoolconfiguration",
        r"\bInvalidIdentityPoolConfiguration(?:Exception)?\b",
        "the identity pool, by its role",
        "the identity pool has no role for this kind of user, or its role does not trust the pool",
        "The identity pool has no role for this kind of user (signed in, or guest), or the role's trust policy does "
        "not let cognito-identity.amazonaws.com use it.",
        UsualCause("See which roles the pool has. The role's trust policy must allow sts:AssumeRoleWithWebIdentity to "
                   "cognito-identity.amazonaws.com, with the pool's ID as cognito-identity.amazonaws.com:aud and "
                   "authenticated or unauthenticated as …:amr. Rules that map users to roles must name roles that "
                   "exist.", "aws cognito-identity get-identity-pool-roles --identity-pool-id POOL",
                   Who.RESOURCE_OWNER),
        page=f"{_API}/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html",
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
    ),
    row(
        "access to identity",
        r"Access to Identity [\"']?(?P<identity>[\w-]+:[0-9a-f-]{36})[\"']? is forbidden",
        "the identity pool",
        "the request has no valid login for the identity {identity}",
        "Send a valid token of the identity's login provider in Logins: this identity belongs to a user who signed in, "
        "and the request had no such token. No policy of a role decides this call.",
        UsualCause("When the token has expired, get a new one first (with the refresh token, or by signing in again), "
                   "and pass it as Logins {\"cognito-idp.REGION.amazonaws.com/USER-POOL-ID\": ID-TOKEN}. A guest needs "
                   "an identity of its own: call GetId without Logins.", None, Who.CALLER),
        page=f"{_API}/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html",
        cause="credentials.invalid",
        ground=Ground.LIKENESS,
    ),
    row(
        "organizationaccessdenied",
        r"\bOrganizationAccessDenied(?:Exception)?\b",
        "the account that calls AWS Config",
        "the account is neither the management account nor a delegated administrator of AWS Config",
        "Make this call in the organization's management account, or in a delegated administrator of AWS Config.",
        UsualCause("In the management account: aws organizations register-delegated-administrator --account-id ACCOUNT "
                   "--service-principal config-multiaccountsetup.amazonaws.com (first enable-aws-service-access for "
                   "it).", None, Who.ORG_ADMIN,
                   shown_by=r"\A(?=[\s\S]*(?:OrganizationConfigRule|OrganizationConformancePack))"
                   r"(?=[\s\S]*?--service-principal[ =]config\.amazonaws\.com)(?![\s\S]*config-multiaccountsetup)",
                   decides="The text shows the delegation for config.amazonaws.com, which is for aggregators: rules "
                   "and conformance packs of the organization need it for config-multiaccountsetup.amazonaws.com."),
        UsualCause("The service principal of the delegation is config-multiaccountsetup.amazonaws.com for rules and "
                   "conformance packs, config.amazonaws.com for aggregators. An aggregator of a former "
                   "organization or administrator cannot be updated: delete it and create a "
                   "new one. In the management account the caller needs organizations:EnableAWSServiceAccess and "
                   "organizations:ListDelegatedAdministrators.",
                   "aws organizations list-delegated-administrators --service-principal "
                   "config-multiaccountsetup.amazonaws.com", Who.ORG_ADMIN),
        page=f"{_API}/config/latest/APIReference/API_PutConfigurationAggregator.html",
    ),
    row(
        "insufficientpermissionsexception",
        r"\bInsufficientPermissionsException\b(?=[\s\S]{0,120}?(?:PutRemediation|DeleteRemediation|StartRemediation))",
        "whoever sets up the remediation",
        "the caller is not allowed to pass the automation's role, or to read the automation",
        "Whoever sets up the remediation lacks iam:PassRole on the role of the automation (AutomationAssumeRole), or "
        "is not allowed to read the automation document.",
        UsualCause("Allow iam:PassRole on that role with iam:PassedToService = ssm.amazonaws.com. The role must trust "
                   "ssm.amazonaws.com.", "aws configservice describe-remediation-configurations "
                   "--config-rule-names RULE"),
        page=f"{_API}/config/latest/APIReference/API_PutRemediationConfigurations.html",
    ),
    row(
        "insufficientpermissionsexception",
        r"\bInsufficientPermissionsException\b(?=[\s\S]{0,120}?(?:Put(?:Organization)?Con\w+))",
        "whoever calls AWS Config, or AWS Config itself",
        "AWS Config is not allowed to create the service-linked role, read the template, or invoke the rule's function",
        "The caller is not allowed to create AWS Config's service-linked role (iam:CreateServiceLinkedRole, "
        "iam:GetRole) or to read the template, or AWS Config is not allowed to invoke the rule's function.",
        UsualCause("A custom rule: the function's policy must allow config.amazonaws.com lambda:InvokeFunction. A "
                   "conformance pack: allow the caller iam:GetRole, iam:CreateServiceLinkedRole, s3:GetObject on the "
                   "template, or ssm:GetDocument."),
        page=f"{_API}/config/latest/APIReference/API_PutConfigRule.html",
    ),
    row(
        "dependencyaccessdenied",
        r"\bDependencyAccessDenied(?:Exception)?\b",
        "whoever calls Service Quotas",
        "the caller lacks a permission of a service that Service Quotas uses",
        "The caller lacks a permission of a service that Service Quotas uses for this call: AWS Support, "
        "Organizations, or the creation of the service-linked role.",
        UsualCause("A request for a quota needs support:CreateCase (and what ServiceQuotasFullAccess has), the first "
                   "one also iam:CreateServiceLinkedRole for servicequotas.amazonaws.com. The event in CloudTrail "
                   "with an error next to this one names the call.",
                   "aws cloudtrail lookup-events --max-results 20"),
        page=f"{_API}/servicequotas/latest/userguide/identity-access-management.html",
    ),
    row(
        "service role not found",
        r"\bAuthorizationException\b[^\n]{0,160}?Service role not found",
        "License Manager",
        "License Manager's service-linked role does not exist in this account",
        "License Manager is not set up in this account: its service-linked role is missing. Somebody with "
        "iam:CreateServiceLinkedRole opens its console once and grants the permissions.",
        UsualCause("Or create the role: aws iam create-service-linked-role --aws-service-name "
                   "license-manager.amazonaws.com. The caller's other permissions are not refused."),
        page=f"{_API}/license-manager/latest/userguide/using-service-linked-roles.html",
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
    row(
        "rabbitmq_invalid_kms_key",
        r"\bRABBITMQ_INVALID_KMS_KEY\w*",
        "Amazon MQ, by the KMS key of the broker",
        "Amazon MQ cannot use the broker's KMS key any longer",
        "Amazon MQ can no longer use the broker's KMS key: it is disabled, is scheduled for deletion, or Amazon MQ's "
        "grant on it was removed.",
        UsualCause("Enable the key (or cancel its deletion), and see that its grant for Amazon MQ exists. Then reboot "
                   "the broker.", "aws kms list-grants --key-id KEY",
                   Who.RESOURCE_OWNER),
        page=f"{_API}/amazon-mq/latest/developer-guide/troubleshooting-action-required-codes-rabbitmq-invalid-kms.html",
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        ("caa error", "caa_error"),
        r"\bCAA_ERROR\b|due to a Certification Authority Authentication \(CAA\) error",
        "nobody",
        "a CAA record of the domain lets no certificate of Amazon be issued",
        "A CAA record of the domain does not name Amazon: add one with amazon.com (or amazontrust.com, awstrust.com, "
        "amazonaws.com), then request a new certificate. No permission is missing.",
        UsualCause("The record may be on the domain itself or on a domain above it.", None, Who.RESOURCE_OWNER),
        page=f"{_API}/acm/latest/userguide/troubleshooting-caa.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    row(
        ("insufficient_account_reputation", "account_disabled"),
        r"\bReason\W{1,4}(?P<reason>INSUFFICIENT_ACCOUNT_REPUTATION|ACCOUNT_DISABLED)\b",
        "the account, by AWS End User Messaging",
        "AWS has limited this account's messages ({reason})",
        "AWS does not let this account send messages ({reason}): ask AWS Support. No IAM policy refuses it.",
        UsualCause("The service gives this reason with AccessDeniedException, whatever the caller's policies allow.",
                   None, Who.ACCOUNT_ADMIN),
        page=f"{_API}/pinpoint/latest/apireference_smsvoicev2/API_SendTextMessage.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    # AWS RAM API Reference, "EnableSharingWithAwsOrganization": it creates the service-linked role with which RAM reads
    # the organization; the user guide's "Enable resource sharing within AWS Organizations": turning it on in AWS
    # Organizations does not (https://docs.aws.amazon.com/ram/latest/userguide/getting-started-sharing.html).
    row(
        ("is not in your aws organization", "add external aws accounts to a resource share"),
        r"Principal (?P<member>[\w:/.-]*\w) is not in your AWS organization"
        r"|You do not have permission to add external AWS accounts to a resource share",
        "the resource share, by RAM's knowledge of the organization",
        "RAM does not know the principal as a member of the organization",
        "RAM does not see this principal in your organization. If it is a member, turn on sharing with the "
        "organization in RAM (aws ram enable-sharing-with-aws-organization). No policy of the caller is known to "
        "be missing.",
        UsualCause("Sharing was turned on in AWS Organizations (aws organizations enable-aws-service-access), which "
                   "does not create RAM's role AWSServiceRoleForResourceAccessManager. In the management account, "
                   "disable that trusted access (shares within the organization end with it), then turn on sharing "
                   "in RAM: aws ram enable-sharing-with-aws-organization.",
                   "aws iam get-role --role-name AWSServiceRoleForResourceAccessManager", Who.ORG_ADMIN,
                   shown_by=r"AWSServiceRoleForResourceAccessManager\b[^\n]{0,40}(?:cannot be found|not found|missing"
                   r"|does not exist|doesn't exist)|\bno (?:role )?AWSServiceRoleForResourceAccessManager"
                   r"|(?:NoSuchEntity|not found|cannot be found)[^\n]{0,80}AWSServiceRoleForResourceAccessManager",
                   decides="Turn on sharing in RAM itself: its role AWSServiceRoleForResourceAccessManager does not "
                   "exist, so RAM cannot see who is in the organization. No permission of the caller is missing."),
        UsualCause("In the management account, see whether RAM's role AWSServiceRoleForResourceAccessManager exists: "
                   "only RAM's own setting creates it, trusted access in AWS Organizations does not.",
                   "aws iam get-role --role-name AWSServiceRoleForResourceAccessManager", Who.ORG_ADMIN),
        UsualCause("If the account is in another organization, the share must allow external principals (aws ram "
                   "update-resource-share --allow-external-principals), and the account then accepts an invitation.",
                   "aws organizations list-accounts --query 'Accounts[].[Id,Status]'", Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/ram/latest/APIReference/API_EnableSharingWithAwsOrganization.html",
    ),
    row(
        "replication failed: secret",
        r"Replication failed: Secret (?:name )?\S+ already exists in (?:region|Region) (?P<region>[\w-]+\d)",
        "nobody",
        "a secret of this name exists in the Region {region}",
        "A secret with this name exists in {region} already: delete that secret, or replicate with "
        "--force-overwrite-replica-secret. No permission is missing.",
        UsualCause("First find out which programs use that secret: overwriting it replaces its value.",
                   "aws secretsmanager describe-secret --secret-id NAME --region {region}", Who.RESOURCE_OWNER),
        page=f"{_API}/secretsmanager/latest/userguide/troubleshoot_replication.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    # IAM User Guide, "Switch from a user to an IAM role (console)"
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-console.html), and "Create a role to
    # delegate permissions to an IAM user": not in the console with an external ID
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user.html).
    row(
        ("invalid information in one or more fields", "switch roles using the provided information"),
        r"Invalid information in one or more fields|Could not switch roles using the provided information",
        "the person who switches roles",
        "the console could not switch to the role",
        "The console could not switch to the role, and its message does not say why. The account or the role's name is "
        "wrong, the role's trust policy does not accept this caller, or the caller's policies lack sts:AssumeRole.",
        UsualCause("Ask the same person to call AssumeRole with the AWS CLI: its message says whether it is refused. "
                   "Compare account number (or alias) and role name exactly: letter case matters, and the path is part "
                   "of the name.",
                   "aws sts assume-role --role-arn arn:aws:iam::ACCOUNT:role/ROLE --role-session-name test",
                   Who.CALLER),
        UsualCause("The role's trust policy must allow sts:AssumeRole to this caller or to its account. Its conditions "
                   "apply, too: the console sends no external ID, and sends MFA information only if the person signed "
                   "in with MFA.",
                   "aws iam get-role --role-name ROLE --query Role.AssumeRolePolicyDocument", Who.RESOURCE_OWNER),
        UsualCause("The caller's own policies must allow sts:AssumeRole on the role's ARN. The root user cannot switch "
                   "roles, and if the person has already switched to a role, the console uses the credentials of the "
                   "first sign-in."),
        page="https://repost.aws/knowledge-center/iam-assume-role-error",
        actions=("sts:AssumeRole",),
    ),
    # AWS Billing User Guide, "Overview of managing access permissions": activating access to the console.
    row(
        (
            "billing information", "faturamento", "facturaci", "facturation", "abrechnungsinformationen", "請求情報",
            "账单信息",
        ),
        r"(?:permissions? to access billing information for this account"
        r"|this account allows IAM and federated users to access billing information"
        # The same sentence in the console's other languages, with or without accents.
        rf"|(?:permis|autoris|berechtig|zugreif|権限|权限)[^\n]{{0,120}}(?:{_BILLING})"
        rf"|(?:{_BILLING})[^\n]{{0,120}}(?:permis|autoris|berechtig|zugreif|権限|权限))",
        "the user or role in the console",
        "the account possibly gives its users and roles no access to Billing",
        "The Billing pages open only if the account gives IAM users and roles access to Billing, a setting that no "
        "policy replaces. Check this setting first: only the account's root user can activate it.",
        UsualCause("Sign in as the account's root user, open Account, and activate “IAM user and role access to "
                   "Billing information”. Only then do policies such as AdministratorAccess take effect. AWS's message "
                   "lists this as its first condition.", None, Who.RESOURCE_OWNER),
        UsualCause("If the setting is active, the user or role lacks a Billing action, or an SCP denies the "
                   "action.", None),
        page="https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/control-access-billing.html",
    ),
)  # fmt: skip
