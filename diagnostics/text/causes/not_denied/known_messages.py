"""Messages whose words alone indicate their common cause."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure
from diagnostics.text.causes.build_causes import Said, causes_by_words, contains, quoted, reading
from diagnostics.text.causes.not_denied.exec_checker import of_the_exec_checker
from diagnostics.text.causes.shared_causes import UNCHECKED_TOKEN, pull_without_batch
from diagnostics.text.read.author.contrasts import works_in_the_cli
from diagnostics.text.read.identities.instance_profiles import has_no_profile
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

_API_GATEWAY = r"(?:execute-api|x-amzn-errortype|x-amz-apigw-id|API Gateway)"
_EXEC_FAILED = r"(?:ExecuteCommand operation|[Ee]xecute command failed)"
_KEYS_OF_CONTAINER = (
    r"(?:^|[\n{\[,-])[ \t]*(?:[\"']?[Nn]ame[\"']?\s*[:=]\s*)?[\"']?AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY)"
    r"(?:[\"']?\s*[=:,](?!\s*(?:not defined|undefined|unset|\\?\"\\?\"|''|$))|\s+\|"
    r"|[\"']?\s*\n\s*[\"']?[Vv]alue(?:From)?\b)"
)
_IMDS = r"(?:169\.254\.169\.254|\bIMDS|instance metadata)"
_STATED = (
    # Amazon S3 API Reference, "CreateSession": a session is ReadWrite unless x-amz-create-session-mode says ReadOnly
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateSession.html).
    Said(
        r"s3express:SessionMode[\"']?\s*[:=]\s*\[?\s*[\"']ReadOnly[\"']",
        "The condition allows only sessions that ask for ReadOnly, and most clients ask for ReadWrite, the default "
        "of CreateSession; a client's read-only option may not affect the request. Use a client that sends "
        "x-amz-create-session-mode: ReadOnly, or allow ReadWrite sessions for this role. CloudTrail's CreateSession "
        "events show the mode.",
        None,
        Who.RESOURCE_OWNER,
    ),
    # Amazon S3 API Reference, "HeadObject": 404 for a caller that may list the bucket, 403 for others
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html).
    Said(
        r"\(404\) when calling the HeadObject operation: Key \"[^\"\n]{1,300}\" does not exist",
        "S3 has no object with this key: compare the key letter by letter with the bucket's list of objects, or find "
        "out why the object was never written. No permission is missing: S3 answers 403 to a caller that is not "
        "allowed to list the bucket.",
        None,
        Who.CALLER,
    ),
    # AWS SDK for Rust, crate aws-config, feature flags (https://docs.rs/aws-config/latest/aws_config/#feature-flags).
    Said(
        r"requires following cargo feature\(s\) enabled: [\w-]+",
        "The program was built without this feature of the AWS SDK for Rust, so it cannot use this kind of profile "
        "(the sso feature is for IAM Identity Center profiles). The AWS CLI can. Use another version of the program, "
        'or give it exported credentials: eval "$(aws configure export-credentials --profile PROFILE --format '
        'env)". The profile and the permissions are not the cause.',
        None,
        Who.CALLER,
    ),
    # AWS SDKs and Tools Reference Guide, "IAM Identity Center credential provider": the section sso-session
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html).
    Said(
        r"sso-session [\w.-]+[`'\"]? (?:ignored|was not a valid)[^\n]{0,80}|`sso_region` was missing",
        "The program's AWS SDK is too old for [sso-session] sections: the configuration is valid for the AWS CLI. "
        "Update the program, or write sso_start_url and sso_region into the profile itself, without sso_session, or "
        'give the program exported credentials: eval "$(aws configure export-credentials --profile PROFILE --format '
        'env)".',
        None,
        Who.CALLER,
    ),
    # AWS SDKs and Tools Reference Guide, "Retry behavior": the client's own retry quota
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html).
    Said(
        r"(?<!GetMetadata, )failed to get rate limit token, retry quota exceeded",
        "The AWS SDK stopped retrying: this limit is the client's own, not an AWS quota. The errors before it "
        "(timeouts, throttling, 5xx) are the cause: log each attempt.",
        None,
        Who.CALLER,
    ),
    # Zappa reads a function before it updates it, and treats any error as a missing function
    # (https://github.com/zappa/Zappa/blob/master/zappa/cli.py).
    Said(
        r"Couldn't get function \S+ in [a-z-]+-\d - have you deployed yet",
        "Zappa calls lambda:GetFunction first and prints this message for any error, including a denial: check that "
        "the deploying user is allowed lambda:GetFunction and lambda:GetFunctionConfiguration. If it is, check the "
        "Region, account and stage.",
        None,
        Who.ACCOUNT_ADMIN,
    ),
    # AWS RAM API Reference, "EnableSharingWithAwsOrganization"
    # (https://docs.aws.amazon.com/ram/latest/APIReference/API_EnableSharingWithAwsOrganization.html).
    Said(
        r"can only be shared within your AWS Organization",
        "No permission is missing. Either sharing with the organization is not turned on in AWS RAM, or an account in "
        "the call is not a member; the message does not say which. The management account can check both: the command "
        "here shows whether the receiving account is a member, and RAM's settings show whether sharing is on. The "
        "management account turns sharing on with aws ram enable-sharing-with-aws-organization, which also creates "
        "RAM's service-linked role (trusted access in Organizations alone does not). If it was turned on only just "
        "now, try again later. allow_external_principals does not help for such a resource.",
        "aws organizations describe-account --account-id ACCOUNT",
        Who.ORG_ADMIN,
    ),
    # STS API reference, AssumeRole, "PackedPolicyTooLarge".
    Said(
        r"PackedPolicyTooLarge\w*(?![\s\S]*session tags consumes)|Packed policy consumes \d+%",
        "The session policies and tags that the call sends are too large together: send fewer or shorter ones.",
        None,
        Who.CALLER,
    ),
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
    # Amazon Bedrock User Guide, "Create a service role for Amazon Bedrock Knowledge Bases"; Amazon OpenSearch Service
    # Developer Guide, "Data access control for Amazon OpenSearch Serverless"
    # (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-data-access.html).
    Said(
        r"knowledge base storage configuration provided is invalid[\s\S]{0,300}?\b403\b[^\n]{0,20}Forbidden",
        "OpenSearch Serverless refuses the knowledge base's service role. Add the role to the collection's data access "
        "policy (aoss:DescribeIndex, aoss:ReadDocument, aoss:WriteDocument on its index), and allow the role "
        "aoss:APIAccessAll on the collection in IAM. If the collection is not public, its network policy must allow "
        "access from bedrock.amazonaws.com. Wait a minute after a change.",
        None,
        Who.ACCOUNT_ADMIN,
    ),
    # API Gateway developer guide, "Troubleshoot HTTP 403 errors".
    Said(
        r"\A\s*\{\s*\"message\"\s*:\s*\"Forbidden\"\s*\}\s*\Z"
        rf"|{_API_GATEWAY}[\s\S]*\{{\s*\"message\"\s*:\s*\"Forbidden\"\s*\}}",
        "If API Gateway says this, the method requires an API key that the request lacks (x-api-key, or its usage "
        "plan), AWS WAF blocked the request, or a custom domain has no such path. IAM's access denied errors name an "
        "action.",
        None,
        Who.RESOURCE_OWNER,
    ),
    # AWS Systems Manager User Guide, "Improve the security of EC2 instances by using VPC endpoints for Systems Manager"
    # (https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html).
    Said(
        r"\A(?![\s\S]*(?:ssmmessages|ExecuteCommand operation|[Ee]xecute command failed))"
        r"(?=[\s\S]*\bcom\.amazonaws\.[a-z0-9-]+\.ssm(?![\w.-]*\w))[\s\S]*?TargetNotConnected",
        "The text names the VPC endpoint ssm, but not ssmmessages: without internet access, Session Manager needs both "
        "(an older agent also ec2messages), with private DNS and port 443 open. The caller's own policies "
        "are not the cause. Then check the instance's role (AmazonSSMManagedInstanceCore) and its agent.",
        reading("ec2", "describe-vpc-endpoints", query="VpcEndpoints[].[VpcId,ServiceName,PrivateDnsEnabled,State]"),
        Who.ACCOUNT_ADMIN,
    ),
    # AWS Systems Manager User Guide, "Troubleshooting Session Manager"
    # (https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-troubleshooting.html).
    Said(
        r"TargetNotConnected(?![\s\S]*(?:ExecuteCommand operation|[Ee]xecute command failed))"
        r"|\bm?i-[0-9a-f]{8,17} is not connected\.",
        "Systems Manager cannot reach the instance: its SSM agent does not run, its network cannot reach the "
        "endpoints ssm, ssmmessages and ec2messages, or its role lacks AmazonSSMManagedInstanceCore. Or the call is "
        "for a Region or account other than the instance's. The caller's own policies are not the cause.",
        reading("ssm", "describe-instance-information", query="InstanceInformationList[].[InstanceId,PingStatus]"),
        Who.ACCOUNT_ADMIN,
    ),
    # Amazon ECS Developer Guide, "Monitor Amazon ECS containers with ECS Exec": the interface endpoint of Session
    # Manager (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html); the words of the checker
    # (https://github.com/aws-containers/amazon-ecs-exec-checker).
    Said(
        rf"(?=[\s\S]*{_EXEC_FAILED})(?=[\s\S]*TargetNotConnected)(?=[\s\S]*OpenDataChannel: allowed)"
        r"[\s\S]*?SSM PrivateLink \"com\.amazonaws\.[\w-]+\.ssmmessages\" not found",
        "The task role has the four ssmmessages actions, and the VPC has no endpoint ssmmessages, as the checker "
        "prints: unless the task's subnet has a route to the internet, create the endpoint "
        "(com.amazonaws.REGION.ssmmessages, private DNS, port 443 open to the task's security group). Then start new "
        "tasks.",
        reading("ec2", "describe-vpc-endpoints", query="VpcEndpoints[].[VpcId,ServiceName,PrivateDnsEnabled,State]"),
        Who.ACCOUNT_ADMIN,
        r"\bssmmessages:\w+: (?!allowed)",
    ),
    # AWS SDKs and Tools Reference Guide, "Standardized credential providers": the environment comes before the
    # container's role (https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html).
    Said(
        rf"(?=[\s\S]*{_EXEC_FAILED})[\s\S]*?TargetNotConnected[\s\S]*?{_KEYS_OF_CONTAINER}"
        rf"|(?=[\s\S]*{_EXEC_FAILED})[\s\S]*?{_KEYS_OF_CONTAINER}[\s\S]*?TargetNotConnected",
        "Most likely ECS Exec's agent uses the access keys in the container's environment, and not the task role: it "
        "takes AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY first. Remove them from the task definition (the task role "
        "replaces them), or allow their user the four ssmmessages actions. Then start new tasks.",
        None,
        Who.RESOURCE_OWNER,
    ),
    # Amazon ECS Developer Guide, "Troubleshoot Amazon ECS Exec issues", and its task role's permissions
    # (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html).
    Said(
        r"TargetNotConnected(?=[\s\S]*(?:ExecuteCommand operation|[Ee]xecute command failed))",
        "ECS Exec's agent in the task has no connection. Usually the task role (not the caller's, and not the "
        "execution role) lacks the four ssmmessages actions: CreateControlChannel, CreateDataChannel, "
        "OpenControlChannel and OpenDataChannel. Or the task's network cannot reach the endpoint ssmmessages. Start "
        "new tasks after the change.",
        None,
        Who.ACCOUNT_ADMIN,
    ),
    # Amazon ECS Developer Guide, "Troubleshoot Amazon ECS Exec issues".
    Said(
        r"execute command was not enabled when the task was run",
        "Start a new task with ECS Exec enabled (for a service: update-service --enable-execute-command "
        "--force-new-deployment), and allow its task role the four ssmmessages actions (CreateControlChannel, "
        "CreateDataChannel, OpenControlChannel, OpenDataChannel).",
        None,
        Who.ACCOUNT_ADMIN,
    ),
    # The agent's own sentence (https://github.com/aws/amazon-ssm-agent, agent/appconfig); Amazon ECS Developer Guide,
    # "Monitor Amazon ECS containers with ECS Exec": the task role's permissions for logs and for the KMS key
    # (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html).
    Said(
        r"encryption is not set up on the selected CloudWatch Logs log group",
        'The role of the target (on ECS the task role, on EC2 the instance\'s) needs logs:DescribeLogGroups on "*", '
        "and logs:DescribeLogStreams, logs:CreateLogStream and logs:PutLogEvents on the log group. The agent uses this "
        "role to read whether the log group is encrypted, and prints the same message if it is not allowed to read "
        "that. Only then encrypt the log group, or turn the requirement off. Whoever starts the session needs no "
        "further permission.",
        reading("logs", "describe-log-groups", query="logGroups[].[logGroupName,kmsKeyId]"),
        Who.ACCOUNT_ADMIN,
    ),
    # Amazon EC2 User Guide, "Configure the instance metadata options": the default hop limit of containers.
    Said(
        rf"{_IMDS}[^\n]{{0,120}}(?:hangs?|times? ?out|timeout)[^\n]{{0,60}}container"
        rf"|container[^\n]{{0,120}}{_IMDS}[^\n]{{0,80}}(?:hangs?|times? ?out|timeout)",
        "Most likely the container is one network hop too far from the metadata service: set the hop limit to 2 (aws "
        "ec2 modify-instance-metadata-options --http-put-response-hop-limit 2), or give the container its own role.",
        None,
        Who.ACCOUNT_ADMIN,
        r"\bFargate\b|AWS_CONTAINER_CREDENTIALS_\w+",
    ),
    UNCHECKED_TOKEN,
    # The README of configure-aws-credentials, "Inputs" (https://github.com/aws-actions/configure-aws-credentials).
    Said(
        r"Source Account ID is needed if the Role Name is provided",
        "role-to-assume has a name instead of an ARN: write arn:aws:iam::ACCOUNT:role/NAME. An empty or mistyped "
        "variable gives the same message.",
        None,
        Who.CALLER,
    ),
    # CodeCommit User Guide, "Troubleshooting the credential helper and HTTPS connections"
    # (https://docs.aws.amazon.com/codecommit/latest/userguide/troubleshooting-ch.html).
    Said(
        r"git-codecommit\.[^\n]{0,200}returned error: 403",
        "CodeCommit's 403 is often about the credentials that git sends: old credentials in the system's credential "
        "store (on macOS the keychain), the wrong profile, or no helper. Otherwise codecommit:GitPull or GitPush is "
        "missing.",
        "git config --show-origin --get-all credential.helper",
        Who.CALLER,
    ),
    # AWS IoT Core Developer Guide, "Thing policy variables": the client ID of the connection is the thing's name
    # (https://docs.aws.amazon.com/iot/latest/developerguide/thing-policy-variables.html).
    Said(
        r"\A(?=[\s\S]*(?:MQTT_UNEXPECTED_HANGUP|connection was closed|not authori[sz]ed|AUTHORIZATION_FAILURE))"
        r"(?=[\s\S]*\bclient[-_ ]?id[\"']?\s*[=:]\s*[\"']?(?P<id>[\w:-]+)(?![\w:$-]))"
        r"(?=[\s\S]*\bthing(?:[-_ ]?name)?[\"']?\s*[=:]\s*[\"']?(?!(?P=id)(?![\w:-]))[\w:-]+)"
        r"[\s\S]*?client/\$\{iot:Connection\.Thing\.ThingName\}",
        "Connect with the thing's name as client ID: the policy allows iot:Connect only for that name, and the text "
        "has another client ID. To use that client ID, let the policy's Resource name it (client/NAME).",
        None,
        Who.CALLER,
    ),
    # AWS IoT Core Developer Guide, "Diagnosing connectivity issues"
    # (https://docs.aws.amazon.com/iot/latest/developerguide/diagnosing-connectivity-issues.html).
    Said(
        r"AWS_ERROR_MQTT_UNEXPECTED_HANGUP",
        "AWS IoT closed the connection without giving a reason: its log in CloudWatch has one. Most often the "
        "certificate's policy does not allow iot:Connect for this client ID, or a publish or subscribe on this topic; "
        "or another device uses the same client ID.",
        None,
        Who.RESOURCE_OWNER,
    ),
    # Amazon QuickSight User Guide, "I can't connect to Amazon S3"
    # (https://docs.aws.amazon.com/quicksight/latest/user/troubleshoot-connect-S3.html).
    Said(
        r"QuickSight[^\n]{0,300}(?:not accessible|can't (?:access|connect)[^\n]{0,40}\bS3\b"
        r"|access (?:is |was )?denied[^\n]{0,40}\b(?:S3|buckets?)\b)",
        "QuickSight reads S3 with its own role: select the bucket under Manage QuickSight, Security and permissions. "
        "The bucket policy and the key policy must allow that role too.",
        None,
        Who.ACCOUNT_ADMIN,
    ),
    # API Gateway Developer Guide, "Troubleshoot HTTP 401 errors": authorizers.
    Said(
        r"\A\s*\{\s*\"message\"\s*:\s*\"Unauthorized\"\s*\}\s*\Z"
        rf"|{_API_GATEWAY}[\s\S]*\{{\s*\"message\"\s*:\s*\"Unauthorized\"\s*\}}",
        "If API Gateway says this, its authorizer (Cognito, JWT or Lambda) did not accept the token: it is missing, "
        "expired, of another issuer or audience, or is not in the header that the authorizer reads. IAM's access "
        "denied errors name an action.",
        None,
        Who.CALLER,
    ),
    # AWS Glue Developer Guide, "Connecting to the Data Catalog using AWS Glue Iceberg REST endpoint"; Amazon S3 User
    # Guide, "Accessing tables using the Amazon S3 Tables Iceberg REST endpoint"
    # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-integrating-open-source.html).
    Said(
        r"iceberg\S*NotAuthorizedException[^\n]{0,40}(?=[\s\S]*(?:amazonaws\.com|\b[Gg]lue\b|s3tables))",
        "The request to the catalog was not validly signed: set rest.sigv4-enabled=true, rest.signing-name (glue, or "
        "s3tables for its own endpoint) and rest.signing-region. No permission is checked before the signature is "
        "valid.",
        None,
        Who.CALLER,
        r"snowflakecomputing|\b[Pp]olaris\b|\b[Nn]essie\b|\b[Ll]akekeeper\b|unity[-_]?catalog|databricks"
        r"|invalid_client|oauth|\.credential\s*[=:]",
    ),
)


def by_words(failure: OtherFailure) -> Iterator[FirstLook]:
    if (pull := pull_without_batch(failure.text)) is not None:
        return iter((pull,))
    for rule in (_key_of_bedrock, _no_profile, of_the_exec_checker, _unread_section):
        if (found := rule(failure.text)) is not None:
            return iter((found,))
    return causes_by_words(failure.text, _STATED)


_SIGN_IN_REFUSED = (
    r"(?:\bSSO\b|Identity Center)[^\n]{0,40}\b(?:log-?in|session|token|credentials?)\b[^\n]{0,30}?"
    r"\b(?:expired|invalid|missing|not found|not valid)\b|\bno (?:cached |valid )*SSO (?:login|session|token)"
)
_PROFILE = regex(r"^[ \t]*\[profile [^\]\n]+\](?P<settings>(?:\n(?![ \t]*\[)[^\n]*)*)", re.MULTILINE)


def _unread_section(text: str) -> FirstLook | None:
    """A program that finds no sign-in of a profile with sso_session, while the AWS CLI works with the same sign-in.

    AWS SDKs and Tools Reference Guide, "IAM Identity Center credential provider": a profile has sso_session, or, in the
    legacy form, sso_start_url and sso_region
    (https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html).
    """
    said = quoted(text, _SIGN_IN_REFUSED)
    profiles = [each["settings"] for each in _PROFILE.finditer(text)]
    new = any("sso_session" in each and "sso_start_url" not in each for each in profiles)
    if not said or not new or works_in_the_cli(text) is None:
        return None
    return FirstLook(
        "The sign-in is valid, because the AWS CLI works: most likely this version of the program does not read "
        "[sso-session] sections. Update the program, or write sso_start_url and sso_region into the profile itself. "
        "Signing in again does not help.",
        contains(said),
        None,
        Who.CALLER,
    )


def _no_profile(text: str) -> FirstLook | None:
    """An instance without an instance profile, to which Session Manager cannot connect.

    AWS Systems Manager User Guide, "Configure instance permissions required for Systems Manager"
    (https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html).
    """
    said = quoted(text, r"TargetNotConnected")
    if not said or quoted(text, _EXEC_FAILED) or not has_no_profile(text):
        return None
    return FirstLook(
        "The instance has no instance profile, as the text shows, so its SSM agent has no permissions: attach a "
        "profile whose role has AmazonSSMManagedInstanceCore (or turn on Default Host Management Configuration), and "
        "wait a few minutes or restart the agent. The caller's own policies are not the cause.",
        contains(said),
        reading("ssm", "describe-instance-information", query="InstanceInformationList[].[InstanceId,PingStatus]"),
        Who.ACCOUNT_ADMIN,
    )


_KEYS_REGION = (
    rf"(?:bedrock-runtime|bedrock|bedrock-mantle)\.(?P<host>{REGION_NAME})\.|\b(?:made|created|generated|issued)"
    rf" (?:in|for) (?P<made>{REGION_NAME})\b"
)


def _key_of_bedrock(text: str) -> FirstLook | None:
    """An API key that Amazon Bedrock does not accept.

    Amazon Bedrock User Guide, "API keys": a short-term key works only in the Region in which it was generated, and for
    12 hours at most (https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html).
    """
    said = quoted(text, r"Authentication failed: Please make sure your API Key is valid")
    if not said:
        return None
    regions = {found["host"] or found["made"] for found in re.finditer(_KEYS_REGION, text)}
    works = quoted(
        text,
        r"\b(?:same|this|the) (?:\w+ )?key works\b|(?<!other )\bkey (?:itself )?works\b|\bcurl\b[^\n]{0,200}\bworks\b"
        r"|\b(?:same|this|the|my) (?:\w+ ){0,2}(?:key|token)\b[^.\n]{0,80}"
        r"\b(?:works|is (?:valid|fine)|succeeds|is accepted)\b",
    )
    if works and len(regions) == 1:
        region = regions.pop()
        return FirstLook(
            f"The key is valid, as it works in {region}: most likely the program calls another Region, often us-east-1 "
            f"by default. Set the program's Region to {region} (AWS_REGION, or its own setting). No permission is "
            "missing.",
            contains(said, works),
            None,
            Who.CALLER,
        )
    if works:
        return FirstLook(
            "Bedrock refused the key itself, but it works elsewhere: most likely the program does not call the "
            "Region in which the key was created, but often us-east-1 by default. Set its Region (AWS_REGION, or its "
            "own setting) to the one that works. If that does not help, compare the key that it sends. No permission "
            "is missing.",
            contains(said, works),
            None,
            Who.CALLER,
        )
    return FirstLook(
        "Bedrock does not accept the API key. It may have expired (a short-term key is valid for 12 hours at most), be "
        "incomplete or deactivated, or be used in a Region other than the one in which it was created. Try the same "
        "key with curl in its own Region first.",
        contains(said),
        None,
        Who.CALLER,
    )
