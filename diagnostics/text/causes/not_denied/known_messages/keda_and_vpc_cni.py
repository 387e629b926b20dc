"""Messages of KEDA and of Kubernetes' VPC CNI whose words alone indicate their cause."""

from __future__ import annotations

from diagnostics.text.causes.build_causes import Said
from diagnostics.who import Who

KEDA_AND_CNI_MESSAGES = (
    # KEDA's page of the scaler (https://keda.sh/docs/2.20/scalers/aws-sqs/): the parameters of a TriggerAuthentication,
    # and identityOwner, which is "pod" by default.
    Said(
        r"awsAccessKeyID not found(?=[\s\S]*\bauthenticationRef\b)"
        r"|\bauthenticationRef\b(?=[\s\S]*awsAccessKeyID not found)",
        "The trigger references a TriggerAuthentication, and KEDA finds no awsAccessKeyID through it. Compare its "
        "parameters: they must be spelled awsAccessKeyID and awsSecretAccessKey, and the TriggerAuthentication must be "
        "in the trigger's own namespace, with a secret that has both keys. With podIdentity.provider: aws, it needs no "
        "keys.",
        None,
        Who.CALLER,
    ),
    Said(
        r"awsAccessKeyID not found",
        "KEDA looks for static keys in the workload, because the trigger references no TriggerAuthentication. "
        "Reference one with podIdentity.provider: aws, or set identityOwner: operator in the trigger's metadata. Then "
        "the operator's role is used, and only then do its permissions matter.",
        None,
        Who.CALLER,
        r"\bauthenticationRef\b",
    ),
    # https://aws.github.io/amazon-vpc-cni-k8s/docs/iam-policy.html; the plugin's troubleshooting guide: ipamd.log.
    Said(
        r"Checking for IPAM connectivity(?![\s\S]*(?:OK|ready|Copying))",
        "The VPC CNI's daemon (ipamd) did not start, and this log does not say why: read "
        "/var/log/aws-routed-eni/ipamd.log on the node. After an upgrade, the daemon's role may lack an EC2 action "
        "that the new version calls (ec2:DescribeSubnets, ec2:DescribeSecurityGroups): compare with the published "
        "policy.",
        None,
        Who.ACCOUNT_ADMIN,
    ),
)
