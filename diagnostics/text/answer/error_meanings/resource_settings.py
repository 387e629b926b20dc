"""Errors about resource policies, devices and settings of a resource that exclude the call."""

from __future__ import annotations

from diagnostics.text.answer.error_meanings.meaning import API, meaning

_WAF = f"{API}/waf/latest/APIReference"
_IOT = f"{API}/iot/latest/apireference"
RESOURCE_SETTINGS = (
    # Amazon EKS Best Practices Guide, "Optimizing IP Address Utilization"
    # (https://docs.aws.amazon.com/eks/latest/best-practices/ip-opt.html), says what helps in a cluster.
    meaning(
        "InsufficientFreeAddressesInSubnet",
        "The subnet has no free IP addresses left: use a larger or another subnet, or release addresses (aws ec2 "
        "describe-subnets shows AvailableIpAddressCount). For pods of EKS, add subnets (custom networking), keep "
        "fewer warm addresses, or use prefix delegation if the subnet has free blocks. No policy is missing.",
        f"{API}/AWSEC2/latest/APIReference/errors-overview.html",
    ),
    meaning(
        "ResourceNotFound",
        "Create the log group that the program's settings name, in the Region of these settings (aws logs "
        "create-log-group): the log group does not exist there. Nothing was refused. If ECS should create it "
        "(awslogs-create-group), the execution role also needs logs:CreateLogGroup.",
        f"{API}/AmazonECS/latest/developerguide/using_awslogs.html",
        said=r"log group does not exist",
        of=r"^(?:CreateLogStream|PutLogEvents)$",
    ),
    meaning(
        "OperationNotPermitted",
        "Termination protection is on for this instance, most likely on purpose: ask its owner first. To delete "
        "the instance, run aws ec2 modify-instance-attribute --instance-id ID --no-disable-api-termination, then "
        "terminate it.",
        f"{API}/AWSEC2/latest/UserGuide/Using_ChangingDisableAPITermination.html",
        said=r"disableApiTermination",
    ),
    meaning(
        "InvalidInput",
        "Set imagePullCredentialsType to SERVICE_ROLE: CodeBuild requires it for an image of another account or of a "
        "private registry. Then the project's service role needs ECR's pull actions, and the repository's policy must "
        "allow that role or its account; the service principal of CodeBuild does not matter.",
        f"{API}/codebuild/latest/APIReference/API_ProjectEnvironment.html",
        said=r"cross-account ECR image|imagePullCredentialsType",
    ),
    meaning(
        "PublicPolicy",
        "Name principals instead of * in the secret's new policy, or add a condition such as aws:PrincipalOrgID: "
        "--block-public-policy refuses a policy with broad access.",
        f"{API}/secretsmanager/latest/apireference/API_PutResourcePolicy.html",
    ),
    meaning(
        "LockoutPrevented LockoutPrevention",
        "With this policy, the caller could no longer change the policy itself: add a statement that keeps this "
        "permission for the caller (or for the account), then put the policy again.",
        f"{API}/xray/latest/api/API_PutResourcePolicy.html",
    ),
    meaning(
        "InvalidPolicyRevisionId",
        "Somebody changed the policy in the meantime: read it again, and pass its current revision ID.",
        f"{API}/xray/latest/api/API_PutResourcePolicy.html",
    ),
    meaning(
        "PolicyCountLimitExceeded",
        "The account already has as many resource policies as X-Ray allows: delete a policy (aws xray "
        "list-resource-policies), or add the statements to an existing policy.",
        f"{API}/xray/latest/api/API_PutResourcePolicy.html",
    ),
    meaning(
        "PolicySizeLimitExceeded",
        "The resource policy is too large: shorten it, or join statements.",
        f"{API}/xray/latest/api/API_PutResourcePolicy.html",
    ),
    meaning(
        "WAFInvalidPermissionPolicy",
        "AWS WAF does not accept the policy of the rule group. The policy needs Effect, Action and Principal, must "
        "have no Resource, and must not grant too much access. No permission is missing.",
        f"{_WAF}/API_PutPermissionPolicy.html",
    ),
    meaning(
        "WAFInvalidParameter",
        "Make this call in us-east-1: web ACLs with the scope CLOUDFRONT exist only there. With the scope REGIONAL "
        "call the resource's Region.",
        f"{_WAF}/API_CreateWebACL.html",
        said=r"scope is not valid|SCOPE_VALUE",
    ),
    meaning(
        "WAFInvalidParameter",
        "Correct the log destination: the name of the log group, bucket or Firehose stream must begin with "
        "aws-waf-logs-, and for a web ACL of CloudFront the destination must be in us-east-1.",
        f"{API}/waf/latest/developerguide/logging-destinations.html",
        said=r"LOG_DESTINATION",
    ),
    meaning(
        "WAFUnavailableEntity",
        "The resource that the call names is not ready yet: wait a minute after its creation, and make the call again.",
        f"{_WAF}/API_AssociateWebACL.html",
    ),
    meaning(
        "WAFNonexistentItem",
        "AWS WAF has no such item in the Region of the call and scope: a web ACL for CloudFront is found only in "
        "us-east-1 with --scope CLOUDFRONT.",
        f"{_WAF}/API_GetWebACL.html",
    ),
    meaning(
        "ResourceOwnerCheck",
        "Another account owns this resource (it is shared with yours): the owner must change it.",
        f"{API}/network-firewall/latest/APIReference/API_UpdateLoggingConfiguration.html",
    ),
    meaning(
        "TransferConflict",
        "The certificate still has policies: detach them (aws iot list-attached-policies, detach-policy), then "
        "transfer it.",
        f"{_IOT}/API_TransferCertificate.html",
    ),
    meaning(
        "CertificateState",
        "Deactivate the certificate first (aws iot update-certificate --new-status INACTIVE), and detach its policies "
        "and things, then delete it.",
        f"{_IOT}/API_DeleteCertificate.html",
        of=r"^Delete",
    ),
    meaning(
        "VersionsLimitExceeded",
        "An IoT policy has at most five versions: delete a version that is not the default (aws iot "
        "delete-policy-version).",
        f"{_IOT}/API_CreatePolicyVersion.html",
        of=r"CreatePolicyVersion",
    ),
    meaning(
        "IllegalOriginAccessConfiguration",
        "The origin has both an origin access control and an origin access identity: keep only one of them (the "
        "origin access control is newer).",
        f"{API}/cloudfront/latest/APIReference/API_UpdateDistribution.html",
    ),
    meaning(
        "CloudFrontOriginAccessIdentityInUse OriginAccessControlInUse CachePolicyInUse OriginRequestPolicyInUse "
        "ResponseHeadersPolicyInUse PublicKeyInUse",
        "A distribution still uses this resource: remove it from every distribution (including staging "
        "distributions), wait until the distributions are deployed, then delete it.",
        f"{API}/cloudfront/latest/APIReference/API_DeleteOriginAccessControl.html",
    ),
    meaning(
        "InvalidDomainNameForOriginAccessControl",
        "The origin's domain does not match its origin access control: for S3, use the bucket's Regional name "
        "(BUCKET.s3.REGION.amazonaws.com), not its website endpoint.",
        f"{API}/cloudfront/latest/APIReference/API_CreateDistribution.html",
    ),
    meaning(
        "UnmodifiableEntity",
        "A service owns this configuration recorder: only that service can change it.",
        f"{API}/config/latest/APIReference/API_DeleteConfigurationRecorder.html",
        of=r"Recorder",
    ),
    meaning(
        "InvalidServiceName",
        "The endpoint service does not exist in the Region of the call, or its owner has not allowed this account: "
        "compare the name and the Region, then have the owner add the account as an allowed principal.",
        f"{API}/vpc/latest/privatelink/configure-endpoint-service.html",
        of=r"VpcEndpoint",
        said=r"vpce-svc-",
        is_permission=True,
    ),
    meaning(
        "InvalidTransitGatewayID.NotFound",
        "This account has no such transit gateway in the Region of the call: if another account owns it, that account "
        "must first share it in AWS RAM, and this account must accept the invitation.",
        f"{API}/vpc/latest/tgw/tgw-transit-gateways.html",
    ),
    meaning(
        "OperationNotPermitted",
        "Only the account that owns the accepter VPC can accept the peering: make the call with that account's "
        "credentials, in the Region of its VPC.",
        f"{API}/vpc/latest/peering/accept-vpc-peering-connection.html",
        of=r"AcceptVpcPeering",
    ),
    meaning(
        "ResourceShareInvitationExpired ResourceShareInvitationAlreadyRejected",
        "The invitation has expired or was rejected: the owner of the share must send a new one. No permission is "
        "missing for this call.",
        f"{API}/ram/latest/APIReference/API_AcceptResourceShareInvitation.html",
    ),
    meaning(
        "ResourceShareInvitationAlreadyAccepted",
        "The share was accepted already: use it (aws ram list-resources --resource-owner OTHER-ACCOUNTS).",
        f"{API}/ram/latest/APIReference/API_AcceptResourceShareInvitation.html",
    ),
    meaning(
        "BadRequest",
        "A private API needs a resource policy before it is deployed: attach a policy that allows the VPC endpoint "
        "(aws:SourceVpce), then deploy the API again.",
        f"{API}/apigateway/latest/developerguide/apigateway-private-api-create.html",
        said=r"Private REST API doesn.t have a resource policy",
    ),
    meaning(
        "Conflict",
        "The account is in the SMS sandbox of this Region: verify the destination number, or have the account moved "
        "out of the sandbox.",
        f"{API}/pinpoint/latest/apireference_smsvoicev2/API_SendTextMessage.html",
        said=r"(?:DESTINATION_PHONE_NUMBER_NOT_VERIFIED|VERIFIED_DESTINATION)",
    ),
    meaning(
        "Validation",
        "The bucket's policy does not let AWS Billing write the report: allow billingreports.amazonaws.com "
        "s3:GetBucketAcl and s3:GetBucketPolicy on the bucket, and s3:PutObject on its objects.",
        f"{API}/cur/latest/userguide/cur-s3.html",
        said=r"Failed to verify customer bucket permission",
        is_permission=True,
    ),
    meaning(
        "InactiveEventDataStore",
        "The event data store is not enabled: it is scheduled for deletion, or its ingestion has stopped. To "
        "enable it again, run aws cloudtrail restore-event-data-store or start-event-data-store-ingestion.",
        f"{API}/awscloudtrail/latest/APIReference/API_StartQuery.html",
    ),
    meaning(
        "InvalidQueryStatement",
        "The query itself is wrong: correct its syntax, its fields and the event data store's ID after FROM.",
        f"{API}/awscloudtrail/latest/APIReference/API_StartQuery.html",
    ),
    meaning(
        "MessageRejected",
        "AWS has suspended sending for this account in Amazon SES: answer the message that AWS sent to the "
        "account's e-mail address, or ask AWS Support.",
        f"{API}/ses/latest/dg/manage-sending-limits.html",
        said=r"sending (?:suspended|paused|disabled)",
    ),
    meaning(
        "MailFromDomainNotVerified",
        "The custom MAIL FROM domain has no valid MX record: correct its DNS records, or set the behavior on MX "
        "failure so that SES uses its own domain in that case.",
        f"{API}/ses/latest/APIReference/API_SendEmail.html",
    ),
    meaning(
        "PlatformApplicationDisabled",
        "The push service (APNs, FCM) no longer accepts the platform application's certificate or key: renew the "
        "certificate or key, and set Enabled to true.",
        f"{API}/sns/latest/api/API_Publish.html",
    ),
    meaning(
        "EndpointDisabled",
        "SNS has disabled the device's endpoint, because the push service rejected its token: set the current token, "
        "and set Enabled to true (aws sns set-endpoint-attributes).",
        f"{API}/sns/latest/api/API_Publish.html",
    ),
)
