"""Errors about an organization: its management account, its administrators, its policies and its members."""

from __future__ import annotations

from diagnostics.text.answer.error_meanings.meaning import API, meaning

_ORG = f"{API}/organizations/latest/APIReference"
_ROOT_ACCESS = f"{API}/IAM/latest/APIReference/API_EnableOrganizationsRootCredentialsManagement.html"
_CONFIG = f"{API}/config/latest/APIReference/API_PutConfigurationAggregator.html"
_TRAIL = f"{API}/awscloudtrail/latest/APIReference/API_CreateTrail.html"
_LEAVE = f"{API}/organizations/latest/userguide/orgs_troubleshoot_general.html"
_SHOW = "aws organizations describe-organization shows the management account."
ORGANIZATIONS = (
    meaning(
        "CallerIsNotManagementAccount NotOrganizationManagementAccount",
        "Make this call in the organization's management account, because AWS refuses it in every other "
        f"account. {_SHOW}",
        _ROOT_ACCESS,
    ),
    meaning(
        "AccountNotManagementOrDelegatedAdministrator",
        "Make this call in the organization's management account, or in the delegated administrator of centralized "
        f"root access (service principal iam.amazonaws.com). {_SHOW}",
        _ROOT_ACCESS,
    ),
    meaning(
        "NotOrganizationMasterAccount",
        "Make this call in the organization's management account, or in the delegated administrator of CloudTrail: "
        f"another account cannot change the organization's trails and event data stores. {_SHOW}",
        _TRAIL,
    ),
    meaning(
        "OrganizationNotInAllFeaturesMode OrganizationAllFeaturesNotEnabled PolicyTypeNotAvailableForOrganization",
        "The organization has only consolidated billing: the management account must first enable all features (aws "
        "organizations enable-all-features), and every invited account must agree.",
        f"{_ORG}/API_EnableAllFeatures.html",
    ),
    meaning(
        "AWSOrganizationsNotInUse OrganizationsNotInUse OrganizationNotFound",
        "The account whose credentials made this call is in no organization: use credentials of a member or of the "
        "management account. aws sts get-caller-identity shows the account of the credentials.",
        f"{_ORG}/API_DescribeOrganization.html",
    ),
    meaning(
        "NoAvailableOrganization",
        "The account that makes this call is in no organization, or the organization was deleted: use credentials "
        "of an account in an organization. aws organizations describe-organization shows whether an account is in "
        "one.",
        f"{API}/servicequotas/2019-06-24/apireference/API_AssociateServiceQuotaTemplate.html",
    ),
    meaning(
        "AWSServiceAccessNotEnabled",
        "Trusted access for Service Quotas is not enabled in the organization: in the management account run aws "
        "organizations enable-aws-service-access --service-principal servicequotas.amazonaws.com.",
        f"{API}/servicequotas/2019-06-24/apireference/API_AssociateServiceQuotaTemplate.html",
    ),
    meaning(
        "ServiceQuotaTemplateNotInUse",
        "The quota request template is not associated with the organization: run aws service-quotas "
        "associate-service-quota-template in the management account first.",
        f"{API}/servicequotas/2019-06-24/apireference/API_GetAssociationForServiceQuotaTemplate.html",
    ),
    meaning(
        "ConstraintViolation CannotDelegateManagementAccount",
        "The management account cannot be a delegated administrator: register a member account instead.",
        f"{_ORG}/API_RegisterDelegatedAdministrator.html",
        said=r"register (?:the )?(?:master|management) account|yourself as (?:a )?delegated admin"
        r"|management account (?:of an organization )?(?:is registered|cannot be)",
        reason="CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR",
    ),
    meaning(
        "AccountAlreadyRegistered AccountRegistered",
        "This account is already the service's delegated administrator, so there is nothing to change. aws "
        "organizations list-delegated-administrators shows the delegated administrators.",
        f"{_ORG}/API_RegisterDelegatedAdministrator.html",
    ),
    meaning(
        "AccountNotFound",
        "The account is not a member of the organization: compare its account ID with aws organizations list-accounts.",
        f"{API}/awscloudtrail/latest/APIReference/API_RegisterOrganizationDelegatedAdmin.html",
        of=r"Register\w*Delegated",
    ),
    meaning(
        "AccountNotRegistered",
        "This account is not the service's delegated administrator: compare the account and the service principal "
        "with aws organizations list-delegated-administrators.",
        f"{_ORG}/API_DeregisterDelegatedAdministrator.html",
    ),
    meaning(
        "ConstraintViolation",
        "The service already has a delegated administrator: first deregister the current one. To find it, run aws "
        "organizations list-delegated-administrators --service-principal SERVICE.amazonaws.com.",
        f"{_ORG}/API_RegisterDelegatedAdministrator.html",
        said=r"already has a delegated administrator",
        reason="DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE",
    ),
    meaning(
        "ConstraintViolation",
        "At least one service control policy must stay attached to each root, organizational unit and account: "
        "first attach the new policy (or FullAWSAccess), then detach this policy.",
        f"{_ORG}/API_DetachPolicy.html",
        said=r"remove the last policy",
        reason="MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
    ),
    meaning(
        "ConstraintViolation",
        "The target already has as many policies of this type as Organizations allows: detach a policy, or combine the "
        "statements of two policies.",
        f"{_ORG}/API_AttachPolicy.html",
        said=r"maximum number of policies|too many policies",
        reason="MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
    ),
    meaning(
        "ConstraintViolation HandshakeConstraintViolation",
        "The account lacks a payment method, which a standalone account needs: have its root user or billing "
        "administrator add one, then make the call again.",
        _LEAVE,
        said=r"payment (?:method|instrument)",
        reason="PAYMENT_INSTRUMENT_REQUIRED|MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED"
        "|MASTER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED",
    ),
    meaning(
        "ConstraintViolation",
        "The account cannot leave yet. Sign in to the account, accept the customer agreement, choose a support "
        "plan, and enter contact data (verified by phone) and a payment method.",
        _LEAVE,
        said=r"(?:phone|contact|agreement|sign-?up)[^.]{0,60}(?:verif|required|complete|accept)"
        r"|information (?:that is )?(?:needed|required)[^.]{0,40}standalone"
        r"|prerequisites[^.]{0,40}standalone",
        reason="ACCOUNT_CANNOT_LEAVE_WITHOUT_PHONE_VERIFICATION|ACCOUNT_CANNOT_LEAVE_WITHOUT_EULA",
        of=r"LeaveOrganization|RemoveAccount",
    ),
    meaning(
        "ConstraintViolation",
        "The account was created too recently to leave: Organizations requires a wait period. Try again in a few days.",
        _LEAVE,
        said=r"wait(?:ing)? period",
        reason="WAIT_PERIOD_ACTIVE",
    ),
    meaning(
        "ConstraintViolation",
        "This account is a delegated administrator: first deregister it for every service (aws organizations "
        "list-delegated-services-for-account), then remove it.",
        f"{_ORG}/API_RemoveAccountFromOrganization.html",
        said=r"remove[^.]{0,60}delegated administrator|registered as a delegated administrator",
        reason="CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG",
    ),
    meaning(
        "ConstraintViolation HandshakeConstraintViolation",
        "The organization has reached its quota of accounts (closed accounts also count), or is less than an hour "
        "old. In the second case, wait an hour; otherwise request a higher quota.",
        f"{_ORG}/API_CreateAccount.html",
        said=r"(?:exceeded|exceed) (?:the |your )?(?:allowed )?(?:number|limit|quota)[^.]{0,40}accounts",
        reason="ACCOUNT_NUMBER_LIMIT_EXCEEDED",
    ),
    meaning(
        "MasterCannotLeaveOrganization ConstraintViolation",
        "The management account cannot leave its organization: remove all member accounts, then delete the "
        "organization (aws organizations delete-organization).",
        f"{_ORG}/API_LeaveOrganization.html",
        said=r"(?:management|master) account[^.]{0,40}(?:from|leave)",
        reason="ACCOUNT_CANNOT_LEAVE_ORGANIZATION",
    ),
    meaning(
        "HandshakeConstraintViolation AlreadyInOrganization",
        "The account is already a member of an organization, and can be in only one: first it must leave that "
        "organization (aws organizations leave-organization, with the account's own credentials).",
        f"{_ORG}/API_AcceptHandshake.html",
        said=r"already (?:a )?member|already in an organi[sz]ation",
        reason="ALREADY_IN_AN_ORGANIZATION",
    ),
    meaning(
        "HandshakeConstraintViolation",
        "The organization is being changed to all features. It sends no invitations until every member has agreed "
        "and the management account has finished the change.",
        f"{_ORG}/API_InviteAccountToOrganization.html",
        said=r"invitations? (?:are|is) disabled|enabl\w+ all features",
        reason="INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES",
    ),
    meaning(
        "DuplicateHandshake",
        "This account already has an open invitation from the organization: accept or cancel that invitation (aws "
        "organizations list-handshakes-for-organization).",
        f"{_ORG}/API_InviteAccountToOrganization.html",
    ),
    meaning(
        "AccountOwnerNotVerified",
        "The e-mail address of the management account is not verified yet: open the message that Organizations "
        "sent to this address, or send the message again. Then invite the account.",
        f"{_ORG}/API_InviteAccountToOrganization.html",
    ),
    meaning(
        "FinalizingOrganization",
        "The organization is not completely set up yet: wait up to an hour and try again. After that, ask AWS Support.",
        f"{_ORG}/API_CreateAccount.html",
    ),
    meaning(
        "EffectivePolicyNotFound",
        "No policy of this type applies to the account: no such policy is attached to the account or above it, or (for "
        "the management account) the type is not enabled. The management account can attach such a policy.",
        f"{_ORG}/API_DescribeEffectivePolicy.html",
    ),
    meaning(
        "PolicyChangesInProgress",
        "The effective policy is being computed after a change: make the call again in a few minutes.",
        f"{_ORG}/API_DescribeEffectivePolicy.html",
    ),
    meaning(
        "PolicyNotAttached",
        "This policy is not attached to that target. Detach an inherited policy from the target to which it is "
        "attached (aws organizations list-targets-for-policy).",
        f"{_ORG}/API_DetachPolicy.html",
    ),
    meaning(
        "PolicyInUse",
        "The policy is still attached: detach it from every root, organizational unit and account first (aws "
        "organizations list-targets-for-policy), then delete it.",
        f"{_ORG}/API_DeletePolicy.html",
        of=r"DeletePolicy",
    ),
    meaning(
        "OrganizationNotEmpty",
        "The organization still has member accounts: remove or close them all, then delete it.",
        f"{_ORG}/API_DeleteOrganization.html",
    ),
    meaning(
        "UnsupportedAPIEndpoint TemplatesNotAvailableInRegion",
        "Make this call in us-east-1 (outside GovCloud and China): the operation does not exist in the Region that you "
        "called.",
        f"{API}/general/latest/gr/ao.html",
    ),
    meaning(
        "TagPolicy TagPolicyViolation",
        "A tag policy of the organization rejects this tag: correct the spelling of its key (keys are case-sensitive) "
        "or its value. Compare aws organizations describe-effective-policy --policy-type TAG_POLICY.",
        f"{API}/organizations/latest/userguide/orgs_manage_policies_tag-policies.html",
        said=r"\bpolicy\b|\bcompl(?:y|iant|iance)\b",
    ),
    meaning(
        "NoAvailableConfigurationRecorder",
        "This account has no configuration recorder of AWS Config in this Region: create it first (aws configservice "
        "put-configuration-recorder), then make the call again.",
        f"{API}/config/latest/APIReference/API_PutDeliveryChannel.html",
    ),
    meaning(
        "NoAvailableDeliveryChannel",
        "AWS Config has no delivery channel in this Region: create it first (aws configservice put-delivery-channel).",
        f"{API}/config/latest/APIReference/API_StartConfigurationRecorder.html",
    ),
    meaning(
        "InvalidOperation",
        "Make this call in the Firewall Manager administrator's account, and in a Region that is enabled in that "
        "account: aws fms get-admin-account shows the account.",
        f"{API}/fms/2018-01-01/APIReference/API_PutPolicy.html",
        said=r"not (?:a |the )?(?:AWS )?Firewall ?Manager admin|not (?:currently )?(?:associated"
        r"|set)[^.]*administrator",
    ),
    meaning(
        "BadRequest",
        "Make this call in the account that administers GuardDuty: the organization's delegated administrator, or the "
        "account that sent the invitations.",
        f"{API}/guardduty/latest/ug/guardduty_accounts.html",
        said=r"not (?:a |the )?GuardDuty (?:delegated )?admin|account is not (?:the |a )?(?:delegated )?administrator",
    ),
    meaning(
        "BadRequest InvalidInput AccessDenied",
        "Make this call in the organization's management account, because only that account registers the "
        f"delegated administrator. {_SHOW}",
        f"{API}/guardduty/latest/APIReference/API_EnableOrganizationAdminAccount.html",
        said=r"do not have the required AWS Organizations? (?:master|management)(?: account)? permission",
    ),
    meaning(
        "BadRequest",
        "The organization already has this delegated administrator of GuardDuty, so there is nothing to do. To "
        "choose a different account, first run disable-organization-admin-account.",
        f"{API}/guardduty/latest/APIReference/API_EnableOrganizationAdminAccount.html",
        said=r"already enabled as the GuardDuty delegated admin",
    ),
    meaning(
        "InvalidAccess",
        "Security Hub is not enabled for this account in the Region that was called: enable it in that Region (aws "
        "securityhub enable-security-hub), or do not call that Region.",
        f"{API}/securityhub/1.0/APIReference/API_EnableSecurityHub.html",
        said=r"not (?:subscribed|enabled)",
    ),
    meaning(
        "InvalidAccess",
        "Make this call in the delegated administrator account of Security Hub, which this account is not. The "
        "management account designates the delegated administrator (aws securityhub "
        "enable-organization-admin-account), in the Region of the call, but cannot make this call itself.",
        f"{API}/securityhub/1.0/APIReference/API_EnableOrganizationAdminAccount.html",
        said=r"not an? administrator for this organization",
    ),
)
