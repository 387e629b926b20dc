"""Further permissions that EC2, VPC endpoints, Route 53, AWS WAF and VPC Lattice need."""

from __future__ import annotations

from diagnostics.text.causes.denials.service_fact_row import DOCS, SAR, Known, known_row

NETWORK: tuple[Known, ...] = (
    known_row(
        r"ec2:createvpcendpoint$",
        r"",
        "EC2 checks the VPC, the endpoint and each subnet, security group and route table. For private DNS also allow "
        "route53:AssociateVPCWithHostedZone, and for tags ec2:CreateTags on vpc-endpoint/*.",
        f"{DOCS}/vpc/latest/privatelink/security_iam_id-based-policy-examples.html",
    ),
    known_row(
        r"ec2:createsecuritygroup$",
        r"",
        "EC2 checks this on the new security group and on its VPC: allow security-group/* and vpc/ID, and "
        "ec2:CreateTags on security-group/* for tags.",
        f"{SAR}/list_amazonec2.html",
    ),
    known_row(
        r"ec2:(?:attach|detach)volume$",
        r"",
        "EC2 checks this on the volume and on the instance: allow it on both (volume/* and instance/*); a "
        "condition on tags must hold for each.",
        f"{SAR}/list_amazonec2.html",
    ),
    known_row(
        r"ec2:(?:createimage|createsnapshots?)$",
        r"",
        "EC2 checks both the new resource and its source: CreateImage on image, instance and snapshot, CreateSnapshot "
        "on snapshot and volume. Tags need ec2:CreateTags on the new resource.",
        f"{SAR}/list_amazonec2.html",
    ),
    known_row(
        r"kms:",
        r"CopySnapshot|CopyImage|ModifySnapshotAttribute|alias/aws/ebs",
        "A snapshot that the AWS managed key (aws/ebs) encrypts cannot be shared with another account: copy it with a "
        "customer managed key. To copy a shared snapshot, the caller needs kms:Decrypt, DescribeKey, CreateGrant and "
        "ReEncrypt* on its key, in both accounts.",
        f"{DOCS}/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html",
    ),
    known_row(
        r"ec2-instance-connect:sendsshpublickey$",
        r"",
        "Check the instance's ARN and the condition ec2:osuser, which names the login user (ec2-user, "
        "ubuntu). Through an endpoint also allow ec2-instance-connect:OpenTunnel on it.",
        f"{DOCS}/AWSEC2/latest/UserGuide/ec2-instance-connect-configure-IAM-role.html",
    ),
    known_row(
        r"route53:associatevpcwithhostedzone$|route53:createvpcassociationauthorization$",
        r"",
        "If the zone and the VPC belong to two accounts, two calls are needed: "
        "route53:CreateVPCAssociationAuthorization from the zone's account, then route53:AssociateVPCWithHostedZone "
        "from the VPC's account. Both also need ec2:DescribeVpcs.",
        f"{DOCS}/Route53/latest/DeveloperGuide/hosted-zone-private-associate-vpcs-different-accounts.html",
    ),
    known_row(
        r"route53:getchange$",
        r"",
        "The record was already changed; this call only asks for its state: allow route53:GetChange on "
        "arn:aws:route53:::change/*, and not on the hosted zone.",
        f"{SAR}/list_amazonroute53.html",
    ),
    known_row(
        r"wafv2:(?:dis)?associatewebacl$|elasticloadbalancing:setwebacl$|apigateway:setwebacl$",
        r"",
        "A web ACL is attached with permissions on both sides: wafv2:AssociateWebACL on the web ACL and the "
        "resource, and the resource's own action (elasticloadbalancing:SetWebAcl, apigateway:SetWebACL, "
        "appsync:SetWebACL, cognito-idp:AssociateWebACL). CloudFront uses cloudfront:UpdateDistribution "
        "instead.",
        f"{DOCS}/waf/latest/developerguide/security_iam_service-with-iam.html",
    ),
    known_row(
        r"vpc-lattice-svcs:",
        r"",
        "If the service has an auth policy, VPC Lattice needs two Allows: that policy must allow the caller, and so "
        "must the caller's own policies (vpc-lattice-svcs:Invoke on SERVICE-ARN/*). The request must be "
        "signed for vpc-lattice-svcs.",
        f"{DOCS}/vpc-lattice/latest/ug/auth-policies.html",
    ),
)
