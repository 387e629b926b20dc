"""Rows for programs that find no credentials, or whose provider gives none, as a table."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import CONFIGURED, NO_CREDENTIALS, WHO, CredentialFault, fault
from diagnostics.text.answer.credentials.expired_credentials import _READ_TOKEN
from diagnostics.text.answer.own_machine import NO_INSTANCE, STARTED_BEFORE
from diagnostics.who import Who
from iam.claims import Ground

_OF_A_FORK = r"\bfrom (?:[\w'’]+ ){0,3}forks?\b"
FROM_FORKS = (
    r"(?<!no )(?<!not )(?<!not a )(?<!n't a )\b(?:PRs?|pull[- ]requests?|runs?)\b(?! (?:not|never))[^.\n]{0,25}"
    rf"{_OF_A_FORK}"
    rf"|\bpull_request\b[^.\n]{{0,25}}{_OF_A_FORK}"
    r"|\bfork(?:ed)?(?:'s)? (?:PRs?|pull[- ]requests?)\b(?![^.\n]{0,20}\b(?:work|pass|succeed))"
)
"""Words that say that the run is for a pull request of a fork."""
BY_DEPENDABOT = (
    r"\b(?:PRs?|pull[- ]requests?|runs?|branch(?:es)?|checks?)\b(?! not\b)[^.\n]{0,30}\b(?:by|of|from) dependabot\b"
    r"|\bdependabot(?:\[bot\])?(?:['’]s)? (?:PRs?|pull[- ]requests?|runs?|branch(?:es)?)\b"
    r"(?![^.\n]{0,20}\b(?:works?|pass(?:es)?|succeeds?|merged|was merged)\b)"
    r"|\bactor\W{1,4}dependabot|\brefs/heads/dependabot/"
)
"""Words that say that Dependabot started the run."""
_NO_INSTANCE_KEYS = (
    r"NoCredential|No (?:\w+ )?credential|Unable to (?:locate|load|find)|haven't specified the aws|EC2RoleRequestError"
    r"|no EC2 IMDS role found|ec2imds|MetadataRetrievalError|169\.254\.169\.254|Error retrieving metadata"
)
# A PowerShell transcript names its user (Username, RunAs User); $ is the computer's own account, which SYSTEM is.
_OTHER_WINDOWS_ACCOUNT = (
    r"\A(?=[\s\S]*(?:NetSDKCredentialsFile|-StoreAs\b))[\s\S]*?"
    r"(?:\b(?:Username|Benutzername|RunAs User)\s*:\s*(?:[\w.-]+\\)?(?:SYSTEM|[\w.-]+\$)"
    r"|\b(?:account|konto|user|as)\b[\s:=]{1,3}(?:the )?(?:[\w.-]+\\)?(?:Local ?System|SYSTEM|NETWORK SERVICE"
    r"|LOCAL SERVICE)\b"
    r"|\b(?:scheduled task|Task Scheduler|geplante Aufgabe|Windows service|SQL Server Agent)\b)"
)
LATEST = (
    "If it worked before, the image's tag (latest) now points to another build: go back to the image that worked, and "
    "pin it by version or digest."
)
# SDK for JavaScript 3, @smithy/credential-provider-imds, fromContainerMetadata: its hosts are localhost and
# 127.0.0.1; @aws-sdk/credential-provider-node, remoteProvider: fromHttp is asked before it
# (https://github.com/aws/aws-sdk-js-v3/tree/main/packages/credential-provider-node).
_NO_AGENT_IN_JAVASCRIPT = (
    r"169\.254\.170\.23 is not a valid container metadata service hostname",
    "The provider fromContainerMetadata of the SDK for JavaScript never accepts 169.254.170.23, the address of the "
    "EKS Pod Identity agent. AWS was not called, and no permission is missing.",
    "Let the program use the SDK's default credentials with fromHttp, or use IRSA",
    "kubectl exec POD -- npm ls @aws-sdk/credential-provider-http  # fromHttp",
)
NONE_FOUND = "No usable credentials were found where the program looks for them."
# Amazon EKS User Guide, "Set up the Amazon EKS Pod Identity Agent"
# (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html).
_BROKEN_OFF = r"[Gg]et credentials: (?:request canceled|context (?:canceled|deadline exceeded))"
# EKS User Guide, "Learn how EKS Pod Identity grants pods access to AWS services"
# (https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html).
_WITHOUT_POD_IDENTITY = rf"{_BROKEN_OFF}|{NO_CREDENTIALS}|{_NO_INSTANCE_KEYS}"
OF_PROVIDERS: tuple[CredentialFault, ...] = (
    # AWS CLI User Guide, "Configuration and credential file settings"
    # (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html).
    fault(
        rf"config profile .{{1,80}} could not be found|ProfileNotFound|shared config profile|{NO_CREDENTIALS}",
        "The configuration file in the text has the section [{plain_section}]: in ~/.aws/config the section must be "
        "[profile {plain_section}]. Only ~/.aws/credentials uses the name without the word profile.",
        "Rename the section",
        f"aws configure list-profiles\n{CONFIGURED}",
        check="aws configure list-profiles",
        ground=Ground.LIKENESS,
        needs="plain_section",
    ),
    # AWS CLI User Guide, "Configuring IAM Identity Center authentication with the AWS CLI": sso_region
    # (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html).
    fault(
        r"(?i:sso)|session token not found|UnauthorizedException",
        "{sso_region_said}",
        "Set sso_region to the Region of IAM Identity Center, and sign in again",
        "aws configure get sso_region{profile_option}; grep -n sso_region ~/.aws/config\naws sso logout; aws sso login",
        check=None,
        needs="sso_region_said",
        ground=Ground.LIKENESS,
    ),
    # AWS CLI User Guide, "Run the official AWS CLI Amazon ECR Public or Docker images": the host's files are mounted
    # (https://docs.aws.amazon.com/cli/latest/userguide/getting-started-docker.html).
    fault(
        rf"{NO_CREDENTIALS}|{_NO_INSTANCE_KEYS}|credentials from the instance profile metadata",
        "The container does not see the credentials of your machine: nothing in the text mounts ~/.aws into it or "
        "passes it keys. It asks for those of an EC2 instance last, which does not exist here. No permission is "
        "missing.",
        "Mount ~/.aws into the container, or pass it the credentials",
        "docker run -v ~/.aws:/root/.aws:ro -e AWS_PROFILE ...  # compose: volumes: - ~/.aws:/root/.aws:ro\n"
        'eval "$(aws configure export-credentials --format env)"  # then: -e AWS_ACCESS_KEY_ID -e '
        "AWS_SECRET_ACCESS_KEY -e AWS_SESSION_TOKEN",
        "The path is the home folder of the container's user (/root/.aws for root). A profile of IAM Identity Center "
        "also needs ~/.aws/sso/cache, and an SDK that reads it.",
        check=None,
        needs="not_mounted",
        ground=Ground.LIKENESS,
    ),
    # EKS User Guide, "Use pod identity with the AWS SDK"; object_store's AmazonS3Builder, container credentials
    # (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-minimum-sdk.html).
    fault(
        r"Error performing GET http://169\.254\.170\.2",
        "The program asked for the pod's or task's credentials and got none: its library (object_store) may be too "
        "old for "
        "EKS Pod Identity, or the service account has no association. No permission on the data is missing.",
        "Update the library, or use IRSA; check the association",
        "aws eks list-pod-identity-associations --cluster-name CLUSTER --query "
        "'associations[].[namespace,serviceAccount]'",
        "With Pod Identity a client must send the token of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: update Polars, "
        "deltalake or DataFusion, or give the service account a role by IRSA. On ECS, check that the task has a task "
        "role.",
        also=(
            "The pod is older than its association: restart it. The association names namespace and service account.",
        ),
        check=None,
        ground=Ground.LIKENESS,
    ),
    # Apache Iceberg, "AWS Integrations": the settings of S3FileIO and of the AWS clients
    # (https://iceberg.apache.org/docs/latest/aws/).
    fault(
        rf"{NO_CREDENTIALS}",
        "The keys in fs.s3a.… are read by Hadoop's S3A only: Iceberg's GlueCatalog and S3FileIO call AWS with the "
        "default chain of SDK v2, which found nothing. No permission is missing.",
        "Give the credentials to Iceberg's own clients",
        'eval "$(aws configure export-credentials --format env)"  # before the Spark session starts',
        "Or set system properties (aws.accessKeyId, aws.secretAccessKey) or a profile; for files alone there is "
        "spark.sql.catalog.CATALOG.s3.access-key-id with s3.secret-access-key, and for all clients "
        "spark.sql.catalog.CATALOG.client.credentials-provider. Set client.region, too.",
        speaker=r"\A(?=[\s\S]*\bfs\.s3a\.(?:access|secret)\.key\b)[\s\S]*(?:S3FileIO|\bGlueCatalog\b|iceberg\.aws\b)",
        ground=Ground.LIKENESS,
    ),
    # Apache Hadoop, "Authenticating with S3": the default of fs.s3a.aws.credentials.provider; "Upgrading S3A to AWS SDK
    # V2" (https://hadoop.apache.org/docs/stable/hadoop-aws/tools/hadoop-aws/index.html).
    fault(
        r"\bNoA(?:uth|ws)\w*Exception: No AWS Credentials provided by [\w ]*(?:Simple|Temporary)AWSCredentialsProvider",
        "None of S3A's providers found credentials: unless set otherwise, they look at fs.s3a.access.key and "
        "fs.s3a.secret.key, at AWS_ACCESS_KEY_ID and at the instance's role, but not at ~/.aws or at the role of a "
        "pod. No permission is missing.",
        "Name the provider for the credentials that you have",
        'eval "$(aws configure export-credentials --profile PROFILE --format env)"  # or set a provider:\n'
        "spark.hadoop.fs.s3a.aws.credentials.provider=com.amazonaws.auth.DefaultAWSCredentialsProviderChain",
        "For a pod's role (IRSA): com.amazonaws.auth.WebIdentityTokenCredentialsProvider; for a profile: "
        "com.amazonaws.auth.profile.ProfileCredentialsProvider. Hadoop 3.4 and later take the classes of SDK v2 "
        "(software.amazon.awssdk.auth.credentials.…). Public data: AnonymousAWSCredentialsProvider of S3A.",
        also=("The settings were made after the session was created, or not in the process that reads (executors).",),
    ),
    # object_store's AmazonS3Builder: environment variables, a web identity token, a container's or an instance's role
    # (https://docs.rs/object_store/latest/object_store/aws/struct.AmazonS3Builder.html); Polars, "Cloud storage"
    # (https://docs.pola.rs/user-guide/io/cloud-storage/).
    fault(
        r"Error performing (?:PUT|GET) http://169\.254\.169\.254/latest",
        "The program found no credentials and asked the instance's metadata service in vain: its library "
        "(object_store) "
        "does not read ~/.aws, so a profile or SSO sign-in has no effect. No permission is missing.",
        "Pass the credentials in environment variables or options",
        'eval "$(aws configure export-credentials --format env)"  # where the profile or the sign-in works',
        "Outside EC2: set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and AWS_REGION, or pass them as "
        "storage_options; in Polars, credential_provider=pl.CredentialProviderAWS(profile_name=…) uses a profile. For "
        "a public bucket, aws_skip_signature (in Polars storage_options) sends no signature.",
        also=(
            "On an instance: it has no instance profile, or its hop limit is 1 and the program runs in a container.",
        ),
        check=None,
        ground=Ground.LIKENESS,
    ),
    # AWS SDKs and Tools Reference Guide, "Login credentials provider"
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-login-credentials.html); AWS CLI User Guide, "Login for
    # AWS local development using console credentials", for SDKs that do not support it
    # (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sign-in.html).
    fault(
        rf"{NO_CREDENTIALS}|{_NO_INSTANCE_KEYS}",
        "The profile was made by aws login (login_session), and most likely the program's AWS SDK is too old to read "
        "it: update the program, or give it the credentials through credential_process. No permission is missing.",
        "Hand the credentials of aws login to the program, or update it",
        "aws configure set credential_process 'aws configure export-credentials --profile LOGIN-PROFILE --format "
        "process' --profile NEW-PROFILE\n"
        'eval "$(aws configure export-credentials --profile LOGIN-PROFILE --format env)"  # or: for this shell, until '
        "they expire",
        "SDKs read login_session only since November 2025. An older one ignores it, finds no keys in the profile, and "
        "asks the metadata service (IMDS) last: no EC2 instance or instance role is needed.",
        also=(
            "The program does not use this profile: set AWS_PROFILE. If the sign-in has expired, run aws login again.",
        ),
        speaker=r"\blogin_session\s*=",
        ground=Ground.LIKENESS,
    ),
    # Terraform AWS Provider, "Version 4 Upgrade Guide": a profile now comes before the keys of the environment; the
    # message is that of aws-sdk-go-base, credentials.go
    # (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-4-upgrade).
    fault(
        r"A Profile was specified along with the environment variables",
        "Terraform uses the profile that is set (profile, AWS_PROFILE), not the keys in the environment, and that "
        "profile provides no credentials. If you unset the profile, Terraform uses the keys.",
        "Unset the profile, or remove the keys from the environment and give the profile credentials",
        'unset AWS_PROFILE  # and profile in provider "aws" and in backend "s3"\n' + CONFIGURED,
        "Since version 4 of the AWS provider a profile comes before AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. The "
        "error below “AWS Error” is the profile's.",
    ),
    # AWS SDK for JavaScript v3, @aws-sdk/credential-provider-ini, resolveAssumeRoleCredentials.ts
    # (https://github.com/aws/aws-sdk-js-v3/tree/main/packages/credential-provider-ini).
    fault(
        r"requires multi-factor authentication, but no MFA code callback was provided",
        "The profile requires an MFA code (mfa_serial), and this program does not ask for one. The profile was found, "
        "and no permission is missing.",
        "Sign in with the AWS CLI, and give the program those credentials",
        'eval "$(aws configure export-credentials --profile PROFILE --format env)"  # asks for the code',
        "The program's own code can ask for the MFA code: mfaCodeProvider in fromIni or fromNodeProviderChain.",
    ),
    fault(
        r"Detected a cycle attempting to resolve credentials for profile|Circular source_profile reference found",
        "The profiles form a circle: source_profile leads back to a profile that was already read. AWS was not called, "
        "and no permission is missing.",
        "Let the last profile of the chain have its own credentials",
        "aws configure list-profiles; grep -n -A4 source_profile ~/.aws/config",
        "Each source_profile must lead to a profile with keys, sso_… values, credential_process or credential_source.",
    ),
    # AWS SDKs and Tools Reference Guide, "IMDS credential provider": ec2_metadata_v1_disabled
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html); EC2 User Guide, "Use the
    # Instance Metadata Service": the hop limit in containers.
    fault(
        r"Unable to retrieve token for use in IMDSv2 call and IMDSv1 has been disabled",
        "The instance's metadata service gave the program no token (IMDSv2), and the configuration forbids IMDSv1. In "
        "a container, raise the instance's hop limit to 2.",
        "Let the program reach the metadata service",
        "aws ec2 modify-instance-metadata-options --instance-id INSTANCE --http-put-response-hop-limit 2",
        "With a hop limit of 1, the response with the token does not reach a container that has its own network. Leave "
        "ec2_metadata_v1_disabled as it is.",
        also=("The program does not run on an EC2 instance, or a proxy or a firewall blocks 169.254.169.254.",),
        check="aws ec2 describe-instances --instance-ids INSTANCE --query 'Reservations[].Instances[].MetadataOptions'",
    ),
    fault(
        _WITHOUT_POD_IDENTITY,
        "The pod asks the EKS Pod Identity agent for credentials through its HTTP proxy, most likely, which cannot "
        "reach the agent: add 169.254.170.23 to NO_PROXY. No permission is missing.",
        "Add the agent's addresses to the pod's NO_PROXY, and restart the pod",
        'kubectl set env deployment/NAME NO_PROXY="$NO_PROXY,169.254.170.23,[fd00:ec2::23]"',
        "The pod has HTTP_PROXY or HTTPS_PROXY, and its NO_PROXY leaves out 169.254.170.23 (for IPv6 [fd00:ec2::23]).",
        also=("The program's SDK is too old for Pod Identity, or the agent does not run on the node.",),
        check="kubectl get pods -n kube-system -l app.kubernetes.io/name=eks-pod-identity-agent -o wide",
        ground=Ground.LIKENESS,
        needs="agent_proxied",
    ),
    fault(
        _WITHOUT_POD_IDENTITY,
        "The pod got no credentials at all, so AWS checked no permission. {no_agent}",
        "Install the EKS Pod Identity Agent, then restart the pods",
        "aws eks create-addon --cluster-name CLUSTER --addon-name eks-pod-identity-agent\n"
        "kubectl get pods -n kube-system -l app.kubernetes.io/name=eks-pod-identity-agent -o wide",
        "Without the agent the program looks for credentials at the node's metadata service, which a pod does not "
        "reach with a hop limit of 1 (the default of AL2023 nodes) or through a network policy.",
        check="aws eks list-addons --cluster-name CLUSTER",
        ground=Ground.LIKENESS,
        needs="no_agent",
    ),
    fault(
        _WITHOUT_POD_IDENTITY,
        "The pod got no credentials at all, so AWS checked no permission. {other_association}",
        "Create the association for the pod's own service account, then restart the pods",
        "aws eks list-pod-identity-associations --cluster-name CLUSTER\n"
        "aws eks create-pod-identity-association --cluster-name CLUSTER --namespace NAMESPACE "
        "--service-account ACCOUNT --role-arn ROLE",
        "An association is for one service account of one namespace. Create one for {of_pod}, or let the pod run with "
        "the other service account, and restart it.",
        check="aws eks list-pod-identity-associations --cluster-name CLUSTER",
        ground=Ground.LIKENESS,
        needs="other_association",
    ),
    fault(
        _BROKEN_OFF,
        "The pod got no credentials at all: the request for them timed out, so AWS checked no permission. Check the "
        "agent or endpoint that should provide the credentials.",
        "Make the source of the pod's credentials reachable, then start the pods again",
        "aws eks describe-addon --cluster-name CLUSTER --addon-name eks-pod-identity-agent\n"
        "kubectl get pods -n kube-system -l app.kubernetes.io/name=eks-pod-identity-agent -o wide",
        "With EKS Pod Identity: the add-on eks-pod-identity-agent does not run on the node, so an association has no "
        "effect, or the pod is older than the association. Install it, and start the pods again.",
        also=(
            "Without Pod Identity or IRSA the pod asks the instance's metadata service, which it does not reach with a "
            "hop limit of 1 (the default of AL2023 nodes) or through a network policy.",
        ),
        check="kubectl get pods -n kube-system -l app.kubernetes.io/name=eks-pod-identity-agent -o wide",
        speaker=r"\b(?:pods?|EKS|kube\w*|CSI|service ?account)\b",
        ground=Ground.LIKENESS,
    ),
    fault(
        _BROKEN_OFF,
        "The program got no credentials at all: the request for them timed out, so AWS checked no permission.",
        "Make the source of the credentials reachable",
        f"{CONFIGURED}\n{WHO}",
        "The endpoint that provides the credentials (the instance's metadata service, a container's agent, or STS) is "
        "not reachable from where the program runs. Usual causes are the network, a proxy, or a hop limit of 1.",
        ground=Ground.LIKENESS,
    ),
    # re:Post, "How do I resolve Lambda KMS access denied errors": the grant on the key of a role that was made anew
    # (https://repost.aws/knowledge-center/lambda-kmsaccessdeniedexception-errors).
    fault(
        r"Lambda was unable to decrypt the environment variables[\s\S]{0,300}(?:UnrecognizedClient|security token)",
        "Set the function's execution role to another role, and then back to the present role. Lambda's grant on the "
        "KMS key usually belongs to a role of this name that was deleted and created again. Neither credentials nor "
        "policies have to change.",
        "Set the function's execution role to another one and back",
        "aws lambda update-function-configuration --function-name FUNCTION --role OTHER_ROLE_ARN\n"
        "aws lambda wait function-updated --function-name FUNCTION\n"
        "aws lambda update-function-configuration --function-name FUNCTION --role ROLE_ARN",
        "The execution role was deleted and created again, and the grant belongs to the old role.",
        check="aws lambda get-function-configuration --function-name FUNCTION --query '[Role,KMSKeyArn,LastModified]'",
        speaker=r"Lambda was unable to decrypt",
        cause="unreadable",
        ground=Ground.LIKENESS,
    ),
    # botocore's changelog, 1.34.41: "Properly refreshes token from file from EKS in ContainerProvider"
    # (https://github.com/boto/botocore/blob/develop/CHANGELOG.rst).
    fault(
        r"credentials from container-role[\s\S]{0,300}?Expired",
        "The container's agent refused the program's request for credentials, because the token in the request has "
        "expired. botocore before 1.34.41 reads the token's file only once: update botocore (boto3), and restart the "
        "program until then.",
        "Update boto3 and botocore to 1.34.41 or later",
        "pip install --upgrade 'boto3>=1.34.41' 'botocore>=1.34.41'",
        "A process that outlives its first token keeps sending that token, although the file contains a new one. The "
        "role's policies, its session length and the clock are not at fault.",
        check="python3 -c 'import botocore; print(botocore.__version__)'",
        speaker=r"\bbotocore\b|Error when retrieving credentials from container-role",
        ground=Ground.LIKENESS,
    ),
    # AWS SDK for Go 2, credentials.StaticCredentialsProvider
    # (https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/credentials#StaticCredentialsEmptyError).
    fault(
        r"static credentials are empty",
        "The program was given an access key or secret without a value, and uses it in place of any profile or role: "
        "find the empty setting (AWS_ACCESS_KEY_ID, an .env file, the program's own configuration) and remove it.",
        "Remove the empty access key",
        "env | grep ^AWS_ | cut -d= -f1\ngrep -rn -i 'access_\\?key' --include='.env*' --include='*.y*ml' . | head",
        "An .env file in the project sets the variables, or the configuration refers to a secret that is empty. State "
        "of an earlier deployment may hold old provider settings, too (Pulumi, SST: refresh it, or edit it).",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
    ),
    # Terraform AWS Provider, "skip_requesting_account_id"
    # (https://registry.terraform.io/providers/hashicorp/aws/latest/docs#skip_requesting_account_id-1).
    fault(
        r"AWS account ID not previously found",
        "The provider has credentials, but sts:GetCallerIdentity failed with them: most likely they are invalid or "
        "expired, or the Region's STS endpoint cannot be reached. Look for the error above this one.",
        "Check the credentials in the same shell",
        f"{WHO}{{profile_option}}",
        "Renew the credentials. If this check works, compare the provider's profile, Region and endpoints with the "
        "shell's. skip_requesting_account_id is only for services that imitate AWS.",
        check=f"{WHO}{{profile_option}}",
        ground=Ground.LIKENESS,
    ),
    # Pulumi, "AWS: installation and configuration": an explicit provider does not take the default provider's settings
    # (https://www.pulumi.com/registry/packages/aws/installation-configuration/).
    fault(
        NO_CREDENTIALS,
        "One of the program's providers got no credentials. A profile in the configuration of the default provider "
        "does not count for a provider that the program makes itself, for example for us-east-1: set AWS_PROFILE in "
        "the environment, or give that provider the profile, too.",
        "Set AWS_PROFILE where the program runs",
        "export AWS_PROFILE=PROFILE",
        "The name of the resource in the error shows which provider it is (AwsProvider.sst.us-east-1).",
        check=f"{WHO}{{profile_option}}",
        speaker=r"\A(?=[\s\S]*\bpulumi:providers:aws\b)(?=[\s\S]*\bprofile[\"']?\s*[:=])",
        ground=Ground.LIKENESS,
    ),
    # AWS SDKs and Tools Reference Guide, "Process credential provider"
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html).
    fault(
        r"retrieving credentials from custom-process",
        "The profile's credential_process failed and says why: “{process_reason}”. The call itself was not made, so "
        "its permissions are not the cause.",
        "Do what the process asks for, then run the process on its own",
        "aws configure get credential_process{profile_option}  # run this command: it must print the keys as JSON",
        "The program that the profile names as credential_process needs its own sign-in, or is not found.",
        check=None,
        needs="process_reason",
    ),
    # AWS SDK for Java 2.x: its providers for STS and SSO are modules of their own, and the chain goes on without them.
    # https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/credentials-chain.html
    fault(
        r"module\s+must\s+be\s+on\s+the\s+class\s?path",
        "AWS was not called for credentials: the program's AWS SDK for Java lacks its module {module}.{next_provider} "
        "No permission is missing.",
        "Add the SDK's module {module} to the program's build, then try again",
        "mvn dependency:tree -Dincludes={module_group}  # or: gradle dependencies; then add {module_group}:{module}",
        "The build does not contain {module_group}:{module}, so the pod's or profile's own role is never used. The "
        "role's trust policy and its permissions are not the cause.",
        check=None,
        needs="module",
    ),
    # EKS User Guide, "Use pod identity with the AWS SDK": the versions that can.
    # https://docs.aws.amazon.com/eks/latest/userguide/pod-id-minimum-sdk.html
    fault(
        r"Service\s+account\s+token\s+cannot\s+be\s+parsed",
        "The Pod Identity agent could not read the token that the program sent: AWS was not called, and policies are "
        "not the cause. The program must send the token file's content as it is, without a word (Bearer) before it.",
        "Update the program, or its AWS SDK, to a version that supports EKS Pod Identity",
        "kubectl logs -n kube-system daemonset/eks-pod-identity-agent",
        "The program reads the token with its own code and sends it in a form that the agent does not accept. Its "
        "SDK's own credential chain sends it correctly.",
        check="kubectl logs -n kube-system daemonset/eks-pod-identity-agent",
    ),
    # What the same SDK's providers say themselves: an answer of STS has "(Service: Sts, …)".
    fault(
        r"Unable to load credentials from \w+Provider\(",
        "The SDK's {provider} found no credentials and says why: “{provider_reason}”. AWS was not called; the SDK "
        "continues with its next provider.",
        "If the credentials should come from this provider, check what it needs",
        f"{CONFIGURED}\n{WHO}",
        "The chain asks one provider after another: this one is not set up here, which matters only if the credentials "
        "should come from this provider.",
        needs="provider",
        ground=Ground.PARTLY,
    ),
)
NOT_FOUND: tuple[CredentialFault, ...] = (
    # The README of configure-aws-credentials, "OIDC" (https://github.com/aws-actions/configure-aws-credentials).
    # GitHub Docs, "Events that trigger workflows", pull_request: runs for forks get a read-only token and no secrets
    # (https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request).
    fault(
        r"please check your action inputs",
        "GitHub gives a run for a fork's pull request neither an identity token nor secrets, whatever its permissions "
        "say: AWS was not called, and no policy was read.",
        "Run the steps that need AWS outside the fork's run",
        "# after a review: on a branch of this repository, or in a workflow on pull_request_target with an\n"
        "# environment that asks for approval (it must not run the fork's code unchecked)",
        check=None,
        speaker=FROM_FORKS,
    ),
    # GitHub Docs, "Troubleshooting Dependabot on GitHub Actions": Actions secrets are not available to workflows that
    # Dependabot starts, and GITHUB_TOKEN is read-only unless the workflow sets permissions
    # (https://docs.github.com/en/code-security/dependabot/troubleshooting-dependabot/troubleshooting-dependabot-on-github-actions).
    fault(
        r"please check your action inputs",
        "A workflow that Dependabot starts gets no Actions secrets, so the inputs with the keys are empty: AWS was not "
        "called, and no policy was read.",
        "Add the secrets to the repository's Dependabot secrets, or skip the AWS step for Dependabot",
        "# gh secret set NAME --app dependabot\n"
        "# or on the step: if: github.actor != 'dependabot[bot]'\n"
        "# or assume a role with OIDC instead of keys: permissions: {id-token: write, contents: read}",
        check=None,
        speaker=BY_DEPENDABOT,
    ),
    fault(
        r"please check your action inputs",
        "GitHub's action configure-aws-credentials found no credentials: AWS was not called, and no policy was read.",
        "Let the permission id-token: write apply to this job",
        "# a job's own permissions replace the workflow's\n# a called workflow has at most its caller's permissions",
        check=None,
        speaker=r"id-token[\"']?\s*:\s*[\"']?write",
    ),
    # GitHub, "Reuse workflows": a called workflow gets the secrets that its caller passes on
    # (https://docs.github.com/actions/sharing-automations/reusing-workflows).
    fault(
        r"please check your action inputs",
        "GitHub's action configure-aws-credentials found no credentials: AWS was not called, and no policy was read.",
        "Give the step the secrets that its inputs name",
        "# gh secret list, and gh secret list --env ENVIRONMENT, show the names that are set\n"
        "# in the job that calls a reusable workflow:\n# secrets: inherit",
        check=None,
        speaker=r"\A(?![\s\S]*role-to-assume)[\s\S]*?aws-access-key-id[\"']?\s*:\s*\$\{\{\s*secrets\.",
    ),
    fault(
        r"please check your action inputs",
        "GitHub's action configure-aws-credentials found no credentials: AWS was not called, and no policy was read.",
        "Let the job request a token from GitHub, or give the action keys",
        "# in the job, and in the caller of a reusable workflow:\n# permissions: {id-token: write, contents: read}",
        check=None,
    ),
    fault(
        r"Incorrect token audience",
        "The token's audience is not among the audiences (client IDs) of its identity provider in IAM.",
        "Request the token with an audience that the provider lists, or add the token's audience to the provider",
        "aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn {provider_arn} --client-id "
        "{audience}",
        check="aws iam list-open-id-connect-providers",
    ),
    # A token that STS cannot read gets 400 (InvalidIdentityToken, ExpiredToken, IDPCommunicationError):
    # https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
    fault(
        r"AssumeRoleWithWebIdentity\b[^\n]{0,60}\bStatusCode: 403\b(?![^\n]{0,80}(?:IDPRejectedClaim|Throttl))",
        "STS answered AssumeRoleWithWebIdentity with status 403: most likely the role's trust policy does not accept "
        "the token's subject or audience (in a pod: its namespace and service account).",
        "Compare the token's sub and aud with the conditions of the role's trust policy",
        _READ_TOKEN,
        "In a pod the subject is system:serviceaccount:NAMESPACE:NAME. A Helm chart generates that name unless its "
        "values set it (serviceAccount.name): set the name that the trust policy contains, or change the policy to "
        "accept the chart's name.",
        check="kubectl get pod POD -o jsonpath='{.metadata.namespace}:{.spec.serviceAccountName}'",
        ground=Ground.PARTLY,
    ),
    # STS API Reference, "AssumeRoleWithWebIdentity"
    # (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html); GitLab, "OpenID Connect
    # (OIDC) authentication using ID tokens" (https://docs.gitlab.com/ci/secrets/id_token_authentication/).
    fault(
        r"Missing a required claim:\s*aud\b",
        "The token that was sent has no claim aud (audience), which STS requires: it is not an ID token that was made "
        "for AWS. No policy was evaluated.",
        "Send an ID token with an audience that the role's identity provider in IAM lists",
        _READ_TOKEN,
        "Request the token with an audience. In GitLab, set aud under id_tokens (CI_JOB_TOKEN is not an ID token); in "
        "other systems, set the audience in the token request. The identity provider in IAM must list that audience as "
        "a client ID.",
        check="aws iam list-open-id-connect-providers",
    ),
    # STS API Reference, "AssumeRoleWithWebIdentity": IDPCommunicationError
    # (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html).
    fault(
        r"IDPCommunicationError(?![^\x1e]{0,300}(?:InvalidIdentityToken|verification key))",
        "AWS could not reach the identity provider to verify the token: try again a few times. The token was not "
        "checked, and no policy was evaluated.",
        "Try again, then check that the issuer can be reached from the internet",
        "If that does not help, the provider is down, or its address cannot be reached from the internet: open "
        "ISSUER/.well-known/openid-configuration and the jwks_uri in it from outside of your network.",
        check="aws iam list-open-id-connect-providers",
    ),
    # IAM User Guide, "Create an OpenID Connect (OIDC) identity provider in IAM": the issuer's URL must be reachable
    # publicly (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html).
    fault(
        r"verification key from your identity",
        "AWS must fetch the issuer's keys from the internet, but the issuer {private_issuer} has an address of a "
        "private network: AWS cannot reach it, even if your own machines can. No policy was evaluated.",
        "Publish the issuer's discovery document and keys at an address on the internet",
        "curl -sS ISSUER/.well-known/openid-configuration  # from outside of your network; then its jwks_uri",
        "Let the identity provider use an issuer URL that is public (only the two documents have to be), with a "
        "certificate of a public CA, and create the OIDC provider in IAM for that URL. The token's iss must be the "
        "same. Without that, SAML or IAM Roles Anywhere need no connection from AWS.",
        check=None,
        who=Who.ACCOUNT_ADMIN,
        needs="private_issuer",
    ),
    fault(
        r"verification key from your identity",
        "AWS could not fetch the issuer's keys: its discovery document and its keys must be reachable from the "
        "internet.",
        "Open the issuer's discovery document and its keys from outside of your network",
        "curl -sS ISSUER/.well-known/openid-configuration  # from outside of your network; then its jwks_uri",
        "The issuer or its jwks_uri is not public, answers slowly, or has another path or certificate than the "
        "provider in IAM.",
        check="aws iam list-open-id-connect-providers",
        who=Who.ACCOUNT_ADMIN,
    ),
    fault(
        r"InvalidIdentityToken|WebIdentity(?!\w*Provider|\w*Credentials?\b|Token(?:File|\b(?=[^\n]{0,20}must be set)))"
        r"|IDPCommunicationError"
        r"|verification key from your identity",
        "The identity token was not accepted: it is from another issuer, or signed with a key that AWS cannot fetch or "
        "does not know.",
        "Read the token's issuer, audience and times",
        _READ_TOKEN,
        check="aws iam list-open-id-connect-providers",
        ground=Ground.PARTLY,
    ),
    # AWS CLI User Guide, "Configuration and credential file settings": in the file config a named profile's section
    # begins with the word profile (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html).
    # AWS CLI User Guide, "Configuring environment variables": AWS_PROFILE names the profile
    # (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html).
    fault(
        r"config profile \(\s*\) could not be found|shared config profile, ?(?:\n|$)"
        r"|\bprofile (?:''|\"\"|``)[^\n]{0,40}(?:could not be found|not found|does not exist|no credentials)",
        "The name of the profile is empty: AWS_PROFILE, AWS_DEFAULT_PROFILE or --profile is set, but has no value.",
        "Unset the variable where it has no value, or give it the name of a profile",
        "env | grep -E '^AWS_(DEFAULT_)?PROFILE='  # where the program runs\naws configure list-profiles",
        "A script or a manifest sets the variable from a value that is missing: do not set the variable in that case.",
        check="env | grep -E '^AWS_(DEFAULT_)?PROFILE='",
    ),
    fault(
        r"could not be found or parsed in shared credentials|Could not resolve credentials using profile"
        r"|Cannot read credentials from \S+",
        "The profile or file that the program reads has no usable credentials: it is missing where the program runs, "
        "is empty, or belongs to another user. No permission is missing.",
        "See which file and profile the program reads, and what it finds there",
        f"aws configure list-profiles\n{CONFIGURED}{{profile_option}}",
        "The program runs as another user or with another home folder (a web server, sudo, a container), a variable "
        "names another profile (AWS_PROFILE) or file, or the profile has settings but no credentials.",
        check=f"{CONFIGURED}{{profile_option}}",
        ground=Ground.PARTLY,
    ),
    fault(
        r"config profile .{1,80} could not be found|ProfileNotFound|failed to get shared config profile",
        "The profile is not in the AWS configuration that the program reads.",
        "List the existing profiles",
        f"aws configure list-profiles\n{CONFIGURED}",
        "The profile is not in this machine's configuration, or the program reads another file or runs as another "
        "user.",
    ),
    fault(
        r"Partial credentials",
        "Only half of a key pair was found: one of its two keys is not set.",
        "Give both, or neither",
        f"env | grep ^AWS_ | cut -d= -f1; {CONFIGURED}",
        "Only one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY is set.",
    ),
    # EKS User Guide, "Use Pod Identity with the AWS SDK"
    # (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-minimum-sdk.html).
    fault(
        r"invalid endpoint host[^\x1e]{0,60}169\.254\.170\.23[^\x1e]{0,60}only loopback hosts are allowed"
        r"|169\.254\.170\.23[\s\S]{0,80}AWS_CONTAINER_CREDENTIALS_FULL_URI\s+has\s+an",
        "No credentials were found: 169.254.170.23 is the EKS Pod Identity agent, but the AWS SDK in this program is "
        "too old to accept it. No permission is missing.",
        "Use a version of the program (or of its plugin) whose SDK supports EKS Pod Identity, or IRSA",
        "kubectl get pod POD -o jsonpath='{.spec.containers[*].image}'  # the program's version",
        "The program's AWS SDK is older than EKS Pod Identity, which needs Java 2.21.30 or 1.12.746, Go v1.47.11 or "
        "2023-11-14, or boto3 1.34.41. Update the program, choose a plugin or output with a newer SDK, or give the "
        "service account its role with IRSA.",
        also=(LATEST,),
        check=None,
    ),
    # EKS User Guide, as above; the message is that of the AWS SDK for Go 1 alone (aws/credentials/chain_provider.go,
    # https://github.com/aws/aws-sdk-go).
    fault(
        r"no valid providers in chain\. Deprecated|CredentialsChainVerboseErrors",
        "The program found no credentials. The message comes from the AWS SDK for Go 1, which supports EKS Pod "
        "Identity only from v1.47.11 on: an older build ignores the association. No permission is missing.",
        "Use a version of the program whose SDK supports EKS Pod Identity, or IRSA",
        "kubectl get pod POD -o jsonpath='{.spec.containers[*].image}'  # the program's version\n"
        "kubectl exec POD -- env | grep AWS_CONTAINER  # AWS_CONTAINER_CREDENTIALS_FULL_URI must be set",
        "If AWS_CONTAINER_CREDENTIALS_FULL_URI is set in the pod, the program's SDK is too old: update the program, or "
        "give the service account its role with IRSA.",
        also=(
            "If it is not set, the association is for another service account, the pod was started before the "
            "association existed, or the cluster lacks the add-on eks-pod-identity-agent.",
        ),
        check=None,
        ground=Ground.LIKENESS,
        speaker=r"\bpod[ _-]?identity\b",
    ),
    # Botocore's list of allowed hosts, which older versions print without the agent's address.
    fault(
        r"Unsupported host '169\.254\.170\.23'",
        "No credentials were found: 169.254.170.23 is the EKS Pod Identity agent, and the boto3 in this program is too "
        "old to accept it. No permission is missing.",
        "Update boto3 and botocore in the image to 1.34.41 or later, or use IRSA",
        "kubectl exec POD -- pip list  # the versions of boto3 and botocore",
        "boto3 and botocore are older than EKS Pod Identity (needed: 1.34.41). Use a newer image of the program, or "
        "give the service account its role with IRSA.",
        check=None,
    ),
    fault(
        *_NO_AGENT_IN_JAVASCRIPT,
        "The version that fails uses this provider only if fromHttp, which calls the agent, failed before or was left "
        "out. Until that is corrected, use the version that worked.",
        check=None,
        speaker=r"\b(?:since|after)\b[^.\n]{0,40}\b(?:moved|updat|upgrad|bump)\w*|\bbefore\b[^.\n]{0,20}\b(?:updat|upgrad)\w*",
        ground=Ground.LIKENESS,
    ),
    fault(
        *_NO_AGENT_IN_JAVASCRIPT,
        "The program itself chooses that provider (for example with a setting “ecs”), or its SDK's default chain lacks "
        "fromHttp: remove the setting, or update the SDK (at least 3.458.0). IRSA works without it.",
        check=None,
        ground=Ground.LIKENESS,
    ),
    # EKS User Guide, "Use Pod Identity with the AWS SDK"
    # (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-minimum-sdk.html): its variables name the agent.
    fault(
        NO_CREDENTIALS,
        "The pod has a role through EKS Pod Identity, but the program's AWS SDK gets no credentials from it. First "
        "check whether the SDK is too old for Pod Identity. No permission is missing.",
        "Use a version of the program (or of its library) whose SDK supports EKS Pod Identity, or IRSA",
        "kubectl get pod POD -o jsonpath='{.spec.containers[*].image}'  # the program's version",
        "Compare the SDK in the program or its plugin with the oldest version that supports Pod Identity: Java 2.21.30 "
        "(version 1: 1.12.746), Go v1.47.11 (version 2: release 2023-11-14), boto3 1.34.41, JavaScript 3.458.0. If it "
        "is older, update it, choose another plugin or output, or give the service account its role with IRSA.",
        check=None,
        needs="pod_identity",
        ground=Ground.LIKENESS,
    ),
    fault(
        r"only loopback hosts are allowed",
        "No credentials were found: the program's AWS SDK refuses the address of the container credentials "
        "(AWS_CONTAINER_CREDENTIALS_FULL_URI). No permission is missing.",
        "Check which address the container's environment gives, and whether the SDK's version accepts it",
        "env | grep ^AWS_CONTAINER | cut -d= -f1",
        "The program's AWS SDK is older than the method by which its container gets credentials.",
        check=None,
    ),
    # kaniko, README, "Pushing to Amazon ECR" (https://github.com/GoogleContainerTools/kaniko#pushing-to-amazon-ecr).
    fault(
        r"\.dkr[.-]ecr[\s\S]{0,300}?\b401\b|no basic auth credentials|checking push permission",
        "Most likely kaniko sent ECR no login, because its config.json names no credential helper for {registry}. Add "
        "one: the pod's role is used only then, and no permission was checked.",
        "Name the ECR helper in /kaniko/.docker/config.json",
        '{"credHelpers": {"{registry}": "ecr-login"}}  # beside the auths of other registries',
        "kaniko's image contains the helper ecr-login, which signs in with the pod's own role (or with keys in the "
        "environment). That role then needs ecr:GetAuthorizationToken and the actions of a push.",
        check=None,
        speaker=r"\A(?![\s\S]*\becr-login\b)(?=[\s\S]*\.dkr[.-]ecr)[\s\S]*?\bkaniko\b",
        ground=Ground.PARTLY,
        needs="registry",
    ),
    # ECR User Guide, "Troubleshooting Docker commands and issues when using Amazon ECR"
    # (https://docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors-docker.html).
    fault(
        r"login attempt to https?://\S*\.dkr[.-]ecr[\s\S]{0,120}\b40[01]\b|\.dkr[.-]ecr[\s\S]{0,300}401 Unauthorized"
        r"|\.dkr[.-]ecr\S*[^\n]{0,60}authentication\s+required",
        "The registry did not accept the login: no login was sent, or its password is for another Region or account, "
        "has expired, or was changed on the way. No permission on the repository was checked.",
        "Log in to this registry again",
        "aws ecr get-login-password{region_option} | docker login --username AWS --password-stdin {registry}",
        "The password is for another Region, is older than twelve hours, or is empty because get-login-password failed "
        "before the pipe. Windows PowerShell 5 adds a line break in the pipe: use cmd or PowerShell 7 on Windows.",
        check=WHO,
        ground=Ground.PARTLY,
    ),
    # AWS SDK for Go, packages stscreds and config: a profile with mfa_serial needs a token provider
    # (https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/credentials/stscreds).
    fault(
        r"assume role with MFA enabled[^\n]{0,40}(?:TokenProvider|token provider)|AssumeRoleTokenProvider",
        "The profile requires an MFA code, and this program does not ask for one: its AWS SDK for Go was given no "
        "token provider. The profile was found, and no permission is missing.",
        "Give the program credentials that already passed MFA, or let it ask for the code",
        'eval "$(aws configure export-credentials --profile PROFILE --format env)"  # the CLI asks for the code',
        "The program does not set AssumeRoleTokenProvider (v1), or TokenProvider of AssumeRoleOptions (v2, "
        "stscreds.StdinTokenProvider), which a profile with mfa_serial needs.",
        also=("Until it does, sign in with the CLI and give the program those credentials in its environment.",),
        check=None,
    ),
    # EC2 User Guide, "IAM roles for Amazon EC2": an instance profile hands the role to the instance
    # (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html).
    fault(
        NO_CREDENTIALS,
        "Attach an instance profile to the instance: the text shows that it has none. Without credentials no call to "
        "AWS was made, and no permission is known to be missing.",
        "Attach an instance profile with the role",
        "aws ec2 associate-iam-instance-profile --instance-id INSTANCE --iam-instance-profile Name=PROFILE",
        "The instance has no instance profile. A 401 without a token only shows that IMDSv2 is required, and is not "
        "the cause.",
        also=(
            "If the program runs in a container, the instance's http-put-response-hop-limit must be 2, too: with 1, "
            "the answer of IMDSv2 does not reach a container.",
        ),
        check="aws ec2 describe-iam-instance-profile-associations",
        needs="profile_null",
        ground=Ground.LIKENESS,
    ),
    # Docker Docs, "docker container run": a container gets only the variables that -e or --env-file names
    # (https://docs.docker.com/reference/cli/docker/container/run/).
    fault(
        rf"{NO_CREDENTIALS}|{_NO_INSTANCE_KEYS}",
        "The credentials are in the environment of the job or shell, and docker run does not pass them on: the program "
        "in the container has none. No permission is missing.",
        "Pass the three variables and the Region to the container",
        "docker run -e AWS_ACCESS_KEY_ID -e AWS_SECRET_ACCESS_KEY -e AWS_SESSION_TOKEN -e AWS_REGION …",
        "A container gets only the variables that -e or --env-file names, and files that -v mounts. Pass the session "
        "token, too: without it, temporary keys are invalid.",
        check="env | grep ^AWS_ | cut -d= -f1",
        needs="signed_in_outside",
        ground=Ground.LIKENESS,
    ),
    # EC2 User Guide, "Use the Instance Metadata Service to access instance metadata": the answer to the PUT has a hop
    # limit of 1 unless somebody raised it.
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
    fault(
        r"Unable to (?:locate|load|find|resolve|retrieve)|NoCredential|No (?:\w+ )?credential|ec2imds|IMDS"
        r"|SharedCredsLoad|ec2metadata is not available",
        "The container cannot reach the instance's credentials: the metadata service (IMDS) does not answer the "
        "container's request for a token.{host_gives} Most likely the hop limit is 1.",
        "Raise the hop limit to 2, or give the container credentials of its own",
        "aws ec2 modify-instance-metadata-options --instance-id INSTANCE --http-put-response-hop-limit 2 "
        "--http-endpoint enabled",
        "With a hop limit of 1, the response with the IMDSv2 token does not reach a container, which is two hops away: "
        "http-put-response-hop-limit must be 2.",
        check="aws ec2 describe-instances --query "
        "'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpPutResponseHopLimit]'",
        who=Who.ACCOUNT_ADMIN,
        needs="unreachable",
        ground=Ground.LIKENESS,
    ),
    # AWS SDKs and Tools Reference Guide, "IMDS credential provider": AWS_EC2_METADATA_DISABLED
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html).
    fault(
        r"access disabled to EC2 IMDS via client option",
        "The program found no credentials of its own, and its settings forbid asking the instance for its role's "
        "credentials (AWS_EC2_METADATA_DISABLED). No permission is missing.",
        "On EC2 let the program ask the instance; elsewhere give it a profile or keys",
        f"env | grep ^AWS_EC2_METADATA_DISABLED  # where the program runs: must print nothing\n{CONFIGURED}",
        "If the program should use the instance's role, unset AWS_EC2_METADATA_DISABLED for the program and for its "
        "container (Terraform's own option: skip_metadata_api_check). If it should not, give it a profile or keys.",
        check=None,
    ),
    # Amazon EKS User Guide, "Configure Pods to use a Kubernetes service account"; pgBackRest's configuration reference,
    # "repo-s3-key-type" (https://pgbackrest.org/configuration.html#section-repository/option-repo-s3-key-type).
    fault(
        r"169\.254\.169\.254|\bIMDS\b|ec2imds",
        "The pod has its own role{own_pods_role}, but the program does not use that role: it asks the instance's "
        "metadata service. Neither a policy nor a hop limit is the cause.",
        "Let the program use the pod's web identity",
        "env | grep -E '^AWS_(ROLE_ARN|WEB_IDENTITY_TOKEN_FILE)='  # where the program runs",
        "Set the program's credentials to web identity, and check that AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE "
        "reach its process.",
        check=None,
        needs="pods_token",
        ground=Ground.LIKENESS,
    ),
    # EC2 User Guide, "IAM roles for Amazon EC2"
    # (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html).
    fault(
        rf"{NO_CREDENTIALS}|{_NO_INSTANCE_KEYS}",
        "The pod asked the machine's metadata service, which answered that it has no role (404): the pod's own role "
        "has not taken effect. Neither IMDSv2, the hop limit nor a policy is the cause.",
        "Give the pod its role",
        "kubectl get serviceaccount NAME -o yaml  # of the pod that makes the call: its annotation",
        "The service account has no role (IRSA's annotation, or an EKS Pod Identity association), or the pod was "
        "started before the service account got the role. The machine itself has no instance profile, or is not an EC2 "
        "instance.",
        check="kubectl get serviceaccount NAME -o yaml",
        needs="pod_without_role",
        ground=Ground.LIKENESS,
    ),
    # EC2 User Guide, "Configure the Instance Metadata Service options": the token's answer travels as many hops as the
    # limit says (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html).
    fault(
        _NO_INSTANCE_KEYS,
        "The program in the container got no token from the instance's metadata service (IMDSv2): with a hop limit of "
        "1, the answer does not reach a container. No permission is missing, and the instance's role is not at fault.",
        "Raise the hop limit to 2, or run the container in the host's network",
        "aws ec2 modify-instance-metadata-options --instance-id INSTANCE --http-tokens required "
        "--http-put-response-hop-limit 2",
        "The instance requires IMDSv2 (HttpTokens=required) and its HttpPutResponseHopLimit is 1, but a container is "
        "two hops away. Raise the limit to 2, use the host's network, or give the container its own role (ECS, EKS).",
        check="aws ec2 describe-instances --query "
        "'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpPutResponseHopLimit]'",
        needs="container_of_one_hop",
        ground=Ground.LIKENESS,
    ),
    fault(
        _NO_INSTANCE_KEYS,
        "The instance requires IMDSv2 with a hop limit of 1, as the text shows. A program in a container then gets no "
        "token, and a program that supports only IMDSv1 gets no credentials on this instance at all. No permission is "
        "missing.",
        "In a container, raise the hop limit to 2; otherwise update the program",
        "aws ec2 modify-instance-metadata-options --instance-id INSTANCE --http-tokens required "
        "--http-put-response-hop-limit 2",
        "See where the program runs: if the AWS CLI on the host gets the role and the program does not, it runs in a "
        "container or its SDK is too old for IMDSv2.",
        check=WHO,
        needs="tokens_of_one_hop",
        ground=Ground.PARTLY,
    ),
    fault(
        r"no EC2 IMDS role found|EC2RoleRequestError|ec2imds|\bIMDS(?:v2)?\b|169\.254\.169\.254",
        "The program in the container got no answer from the instance's metadata service (IMDS): no permission is "
        "missing, and the instance's role was not used.",
        "Raise the hop limit to 2, or run the container in the host's network",
        "aws ec2 modify-instance-metadata-options --instance-id INSTANCE --http-put-response-hop-limit 2",
        "Most likely the instance's hop limit is 1: with that limit, the response from IMDSv2 does not reach a "
        "container. Raise the limit to 2, use the host's network, or give the container its own role.",
        also=("The network of the container blocks 169.254.169.254, or the instance has no instance profile.",),
        check="aws ec2 describe-instances --query "
        "'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpPutResponseHopLimit]'",
        needs="container_times_out",
        ground=Ground.LIKENESS,
    ),
    # AWS SDKs and Tools Reference Guide, "IMDS credential provider": it is for code on EC2 instances
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html).
    fault(
        rf"{NO_CREDENTIALS}|{_NO_INSTANCE_KEYS}",
        NO_INSTANCE,
        "Give the program credentials where it runs",
        f"aws configure list-profiles\n{CONFIGURED}  # where the program runs",
        "Name a profile (AWS_PROFILE), or let the platform's own identity assume a role (web identity, IAM Roles "
        "Anywhere), instead of static keys.",
        needs="no_instance",
        ground=Ground.LIKENESS,
    ),
    # EC2 User Guide, "IAM roles for Amazon EC2": an instance profile hands the role to the instance
    # (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html).
    fault(
        NO_CREDENTIALS,
        "Attach an instance profile to the instance: its metadata service answers 404 for the role, so most likely the "
        "instance has no role. Without credentials no call to AWS was made, and no permission is known to be missing.",
        "Attach an instance profile with the role",
        "aws ec2 describe-iam-instance-profile-associations  # is one associated with this instance?\n"
        "aws ec2 associate-iam-instance-profile --instance-id INSTANCE --iam-instance-profile Name=PROFILE",
        "The instance has no instance profile: a role alone has no effect on an instance. A 401 without a token only "
        "shows that IMDSv2 is required, and is not the cause.",
        check="aws ec2 describe-iam-instance-profile-associations",
        needs="no_profile",
        ground=Ground.LIKENESS,
    ),
    # EC2 User Guide, "How Instance Metadata Service Version 2 works"
    # (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html).
    fault(
        _NO_INSTANCE_KEYS,
        "The instance's metadata service answers requests without a token with 401 (HttpTokens=required), and the "
        "program sends none: it supports only IMDSv1. The role and its policies are not at fault.",
        "Use a version of the program that supports IMDSv2",
        "aws ec2 describe-instances --query 'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpTokens]'  # "
        "keep it required",
        "The program, or its SDK, is too old for IMDSv2: update it. A script requests a token first (PUT "
        "/latest/api/token) and sends it as X-aws-ec2-metadata-token.",
        check="aws ec2 describe-instances --query 'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpTokens]'",
        needs="tokens_required",
        ground=Ground.LIKENESS,
    ),
    # KEDA, "AWS (IRSA) Pod Identity Webhook": the operator reads the metrics, with its own identity unless it may
    # assume the workload's role (https://keda.sh/docs/latest/authentication-providers/aws/).
    fault(
        r"no EC2 IMDS role found|EC2RoleRequestError|ec2imds|169\.254\.169\.254|NoCredentialProviders",
        "KEDA's operator reads the metric, not the workload's pod, and the operator has no AWS identity: it assumed no "
        "role, and last asked an instance's metadata service. The workload's role is not used for this.",
        "Give the service account keda-operator a role, or let KEDA assume one",
        "kubectl get serviceaccount keda-operator -n keda -o yaml  # its annotation eks.amazonaws.com/role-arn",
        "Give the service account keda-operator a role (IRSA or Pod Identity) that allows the call, and restart the "
        "operator. Or set podIdentity.roleArn in the TriggerAuthentication: the operator's role must be allowed to "
        "assume that role, which must trust it.",
        check="kubectl get serviceaccount keda-operator -n keda -o yaml",
        speaker=r"\bkeda[- ]operator\b|\bkeda\b[\s\S]{0,2000}\b(?:ScaledObject|TriggerAuthentication|identityOwner)\b",
        ground=Ground.LIKENESS,
    ),
    # Karpenter, "NodeClasses", spec.metadataOptions: the default hop limit is 1 since its API v1, and was 2 before
    # (https://karpenter.sh/v1.0/concepts/nodeclasses/#specmetadataoptions).
    fault(
        _NO_INSTANCE_KEYS,
        "The pod got no credentials from its node's metadata service (IMDS): most likely the hop limit of Karpenter's "
        "nodes is 1, the default since its API v1 (2 before). No permission is missing.",
        "Give the pod its own role, or set the hop limit to 2 in the EC2NodeClass and replace the nodes",
        "kubectl get ec2nodeclass -o custom-columns=NAME:.metadata.name,HOPS:.spec.metadataOptions."
        "httpPutResponseHopLimit",
        "Give the service account a role (IRSA, or an EKS Pod Identity association), which needs no IMDS, and restart "
        "the pod. If the pod must use the node's role, set metadataOptions.httpPutResponseHopLimit: 2 in the "
        "EC2NodeClass: Karpenter then replaces the nodes.",
        check="aws ec2 describe-instances --query "
        "'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpPutResponseHopLimit]'",
        ground=Ground.LIKENESS,
        needs="karpenters_node",
    ),
    # The same chain on a machine that is not an EC2 instance: no metadata service answers there.
    # Laravel, "Configuration caching": once the configuration is cached, .env is not loaded, and env() returns only
    # external environment variables (https://laravel.com/docs/configuration#configuration-caching).
    fault(
        NO_CREDENTIALS + r"|EC2RoleRequestError|credentials from the instance profile metadata",
        "After php artisan config:cache, Laravel does not load .env: env() outside the configuration files returns "
        "null, and the AWS SDK sees no keys. Most likely this is the cause; no permission is missing.",
        "Read the values with config(), and cache the configuration again",
        "php artisan config:clear  # if the call works now, this was the cause",
        "Pass the key, the secret and the Region from a file in config/ (such as config/services.php), or set the "
        "variables in the environment of PHP itself.",
        check=None,
        speaker=r"\bconfig:cache\b|\bartisan optimize\b(?!:clear)",
        ground=Ground.LIKENESS,
    ),
    fault(
        r"no EC2 IMDS role found|EC2RoleRequestError|credentials[^\x1e]{0,120}ec2imds: GetMetadata"
        r"|(?:Error from server|webhook)[^\x1e]{0,400}NoCredentialProviders",
        "The program found no credentials of its own, and asked for those of an EC2 instance (IMDS), which does not "
        "exist here: no permission is missing.",
        "Give the pod that makes the call its role",
        "kubectl get serviceaccount NAME -o yaml  # of the pod that makes the call: its annotation",
        "The role of the service account has not taken effect in the pod that makes this call. The annotation is "
        "missing, the pod was started before the annotation was set, or the cluster's pod identity webhook did not add "
        "the token.",
        check="kubectl get serviceaccount NAME -o yaml",
        needs="off_ec2",
    ),
    # Amazon EKS User Guide, "Upgrade from Amazon Linux 2 to Amazon Linux 2023"
    # (https://docs.aws.amazon.com/eks/latest/userguide/al2023.html).
    fault(
        r"no EC2 IMDS role found|EC2RoleRequestError|credentials[^\x1e]{0,120}ec2imds: GetMetadata"
        r"|(?:Error from server|webhook)[^\x1e]{0,400}NoCredentialProviders",
        "The program found no credentials of its own, requested the instance's credentials from the metadata service "
        "(IMDS), and got none. No permission is missing. Managed nodes of Amazon Linux 2023 have a hop limit of 1 by "
        "default, so pods cannot use the node's role.",
        "Give the pod its own role, or raise the nodes' hop limit to 2 in their launch template",
        "kubectl get serviceaccount NAME -o yaml  # of the pod that makes the call: its annotation",
        "Give the service account a role (IRSA, or an EKS Pod Identity association), and start the pod again. Where it "
        "must use the node's role, set HttpPutResponseHopLimit to 2 in the node group's launch template.",
        check="aws ec2 describe-instances --query "
        "'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpPutResponseHopLimit]'",
        ground=Ground.LIKENESS,
        needs="al2023",
    ),
    # EC2 User Guide, "Use the Instance Metadata Service": in a container environment a hop limit of 1 loses the answer
    # (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html).
    fault(
        r"no EC2 (?:IMDS|instance) role found|EC2RoleRequestError|credentials[^\x1e]{0,120}ec2imds: GetMetadata",
        "The pod found no role of its own, asked its node's metadata service (IMDS), and got no answer in time: most "
        "likely the node's hop limit is 1, or a network policy blocks IMDS. No permission is missing.",
        "Give the pod its own role, or raise the nodes' hop limit to 2",
        "aws ec2 modify-instance-metadata-options --instance-id INSTANCE --http-put-response-hop-limit 2  # to use the "
        "node's role",
        "With a hop limit of 1, the answer does not reach a pod. Better give the service account a role (IRSA, or an "
        "EKS Pod Identity association; for an add-on with its own setting) and restart the pods, which needs no IMDS.",
        also=(
            "If the service account should have a role already: the pod started before that was set, or its SDK is too "
            "old for it.",
        ),
        check="aws ec2 describe-instances --query "
        "'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpPutResponseHopLimit]'",
        ground=Ground.LIKENESS,
        needs="pod_times_out",
    ),
    # EC2 User Guide, "Use IMDSv2" (the hop limit in containers); EKS best practices, "Identity and access management".
    fault(
        r"no EC2 IMDS role found|EC2RoleRequestError|credentials[^\x1e]{0,120}ec2imds: GetMetadata"
        r"|(?:Error from server|webhook)[^\x1e]{0,400}NoCredentialProviders",
        "The program found no credentials of its own, requested the instance's credentials from the metadata service "
        "(IMDS), and got none: no permission is missing.",
        "Give the program its role, or let it reach the metadata service",
        "aws ec2 describe-instances --query "
        "'Reservations[].Instances[].[InstanceId,IamInstanceProfile.Arn,MetadataOptions]'",
        "The service account's role has not taken effect: the service account has no annotation (IRSA) or Pod Identity "
        "association, or the pod was started before that was set.",
        also=(
            "If the pod is meant to use the instance's role, check that the instance's hop limit is 2 or more, which a "
            "container needs.",
        ),
        check="aws ec2 describe-instances --query "
        "'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpPutResponseHopLimit]'",
        needs="kubernetes",
    ),
    fault(
        r"no EC2 IMDS role found|EC2RoleRequestError|credentials[^\x1e]{0,120}ec2imds: GetMetadata"
        r"|credentials from (?:the instance profile metadata|EC2 Instance Metadata)",
        "The program found no credentials of its own, asked the metadata service of an EC2 instance (IMDS) last, and "
        "got none: no permission is missing.",
        "Name the profile, or give the program credentials",
        f"aws configure list-profiles\n{CONFIGURED}  # where the program runs\n{WHO}",
        "Outside EC2 the program needs a profile: name the profile (AWS_PROFILE, or the program's own setting), also "
        "after a sign-in. In a container, all files of the profile must exist (~/.aws, with sso/cache). On EC2 the "
        "instance needs an instance profile.",
    ),
    # AWS SDKs and Tools Reference Guide, "Standardized credential providers": container and instance credentials are
    # two providers (https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html).
    fault(
        NO_CREDENTIALS,
        "The code asks only the metadata service of an EC2 instance ({only_instance}), which does not give the role of "
        "a task, pod or function. Use the SDK's default chain of providers. No permission is known to be missing.",
        "Let the SDK's default chain find the role",
        "# in the code: create the client without {only_instance}, or with the default chain of credentials",
        "The default chain reads AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or …_FULL_URI (ECS, Pod Identity), "
        "AWS_WEB_IDENTITY_TOKEN_FILE (EKS) and the variables of a function, and works on instances, too.",
        check=None,
        needs="only_instance",
        ground=Ground.LIKENESS,
    ),
    # Amazon ECS Developer Guide, "Amazon ECS task IAM role"
    # (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html).
    fault(
        NO_CREDENTIALS,
        "A program in an ECS task gets the credentials of the task role (taskRoleArn), never those of the execution "
        "role: check that the task definition sets a task role. No permission is known to be missing.",
        "Set a task role in the task definition, and start new tasks with it",
        "aws ecs describe-task-definition --task-definition TASK --query "
        "'taskDefinition.[taskRoleArn,executionRoleArn]'",
        "The task definition has no task role, the running task uses an older revision, or the program does not see "
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI (for example in a shell that clears the environment).",
        check=None,
        speaker=r"\b(?:ECS|Fargate)\b(?![^.\n]{0,20}\bon EC2\b)",
        ground=Ground.LIKENESS,
    ),
    fault(
        NO_CREDENTIALS,
        STARTED_BEFORE,
        "Restart the program",
        f"{CONFIGURED}; {WHO}  # where the program runs, as its user",
        "The program was started before the profile was attached, and does not look for credentials again.",
        check=None,
        needs="profile_attached",
        ground=Ground.LIKENESS,
    ),
    # SDKs and Tools Reference Guide, "AWS SDKs and Tools standardized credential providers"
    # (https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html).
    fault(
        NO_CREDENTIALS,
        "The program found no credentials, although the AWS CLI in the same place finds some: the cause is in the "
        "program's own credential chain. No role and no permission is missing.",
        "Compare how the program and the CLI find their credentials",
        f"env | grep ^AWS_ | cut -d= -f1; {CONFIGURED}",
        "The program builds its own credential chain and leaves something out: the Region (a web identity token needs "
        "one for STS), a provider, or a module of its SDK. Let it use the SDK's default chain and configuration.",
        also=("The program's SDK is older than the method by which the CLI gets its credentials (SSO, Pod Identity).",),
        check=None,
        needs="cli_works",
        ground=Ground.LIKENESS,
    ),
    # AWS Tools for PowerShell User Guide, "Using AWS credentials in the AWS Tools for PowerShell"
    # (https://docs.aws.amazon.com/powershell/v5/userguide/specifying-your-aws-credentials.html).
    fault(
        r"persisted/shell defaults",
        "The task runs as another Windows account, which has none of your profiles: the AWS SDK store "
        "(NetSDKCredentialsFile) is encrypted for the user who saved it. AWS was not called, and no policy is the "
        "cause.",
        "Give the account of the task credentials of its own",
        "Set-AWSCredential -StoreAs PROFILE  # as the account that runs the task, or give the server an instance "
        "profile",
        "Run the task as the user who has the profile, or let it read a shared file (-ProfileLocation).",
        speaker=r"NT AUTHORITY\\|\bRun as:",
        check=None,
    ),
    fault(
        r"persisted/shell defaults",
        "Most likely PowerShell runs as a Windows account other than the one that saved the profile: the AWS SDK store "
        "(NetSDKCredentialsFile) is encrypted for that user. AWS was not called, and no policy is the cause.",
        "Run it as the account that saved the profile, or give its own account credentials",
        "Set-AWSCredential -StoreAs PROFILE  # as the account that runs the task, or give that account a shared "
        "credentials file (-ProfileLocation)",
        "A scheduled task or service (SYSTEM, a service account) does not see the profiles of the user who ran "
        "Set-AWSCredential -StoreAs. Temporary credentials, such as those of IAM Roles Anywhere, are better than keys.",
        speaker=_OTHER_WINDOWS_ACCOUNT,
        check=None,
        ground=Ground.LIKENESS,
    ),
    fault(
        r"persisted/shell defaults",
        "This PowerShell session has no credentials: the AWS CLI's --profile and AWS's sign-in in another window do "
        "not apply to it. AWS was not called.",
        "Name the profile in PowerShell",
        "Set-AWSCredential -ProfileName {profile_name}; Get-STSCallerIdentity",
        "The session has no profile set: give -ProfileName {profile_name} to the cmdlet, or set it for the session.",
        check=None,
    ),
    # AWS CLI User Guide, "Configuration and credential file settings": the files are in the home folder of whoever runs
    # the program (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html).
    fault(
        NO_CREDENTIALS,
        "The program does not run as your user or in your shell, so it does not find your credentials: sudo uses "
        "root's home folder, and cron and services lack your variables. No permission is missing.",
        "Give the program credentials where it runs",
        f"{CONFIGURED}  # with the same sudo, or from the same job",
        "Run it without sudo, or set AWS_PROFILE and AWS_SHARED_CREDENTIALS_FILE (AWS_CONFIG_FILE) for it; on EC2 an "
        "instance profile serves every user.",
        speaker=r"\bsudo (?:-\w+ )*(?:aws|python3?|node|terraform|\./)\b|\bwithout sudo\b|\bcron(?:tab)?\b|\bsystemd\b",
        ground=Ground.LIKENESS,
    ),
    # Amazon Bedrock User Guide, "Use an Amazon Bedrock API key"
    # (https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-use.html).
    fault(
        NO_CREDENTIALS,
        "The program looked for AWS credentials and found none: it did not use the Bedrock API key. No permission is "
        "missing.",
        "Give the program the key in AWS_BEARER_TOKEN_BEDROCK, or use a version that reads it",
        "env | grep -c ^AWS_BEARER_TOKEN_BEDROCK=  # where the program runs: must print 1",
        speaker=r"\A(?=[\s\S]*\bbedrock\b)[\s\S]*?\b(?:bearer token|API key)\b",
        check=None,
    ),
    # EC2 User Guide, "Configure the Instance Metadata Service options": the token's answer travels as many hops as the
    # limit says (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html).
    fault(
        NO_CREDENTIALS,
        "{host_gets} gets none. No permission is missing. Most likely the instance's hop limit is 1, so containers "
        "cannot reach the metadata service.",
        "Raise the hop limit to 2, or give the container credentials of its own",
        "aws ec2 modify-instance-metadata-options --instance-id INSTANCE --http-put-response-hop-limit 2",
        "With a hop limit of 1, the response with the IMDSv2 token does not reach a container, which is two hops away: "
        "http-put-response-hop-limit must be 2. A newer image, module or account setting may require IMDSv2 with a "
        "limit of 1.",
        check="aws ec2 describe-instances --query "
        "'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpPutResponseHopLimit]'",
        needs="host_gets",
        ground=Ground.LIKENESS,
    ),
    # AWS SDK for Java 2.x Developer Guide, "Default credentials provider chain": the chain prints its providers
    # (https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/credentials-chain.html).
    fault(
        NO_CREDENTIALS,
        "The chain that the program prints has no provider for an instance's role, so the program never asks the "
        "metadata service. No permission is missing.",
        "Use a version of the library whose chain has InstanceProfileCredentialsProvider, or configure that provider",
        f"{CONFIGURED}  # on the instance: if its type is iam-role, the instance has credentials to give",
        "The library's version decides which providers its chain has: compare it with a version that works, and look "
        "in its release notes. Or give the program credentials by a provider of its chain.",
        check=None,
        speaker=r"\A(?=[\s\S]*\b(?:EC2|instance)\b)[\s\S]*?CredentialsProviderChain\(credentialsProviders=\["
        r"(?=[^\n]{0,2000}CredentialsProvider\([^\n]{0,200}?\)\])(?![^\n]{0,2000}InstanceProfile)",
        ground=Ground.LIKENESS,
    ),
    # EC2 User Guide, "IAM roles for Amazon EC2" and "Use IMDSv2"
    # (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html).
    fault(
        NO_CREDENTIALS,
        "The program found no credentials on the instance, so no permission is missing.{no_need} Check that an "
        "instance profile is attached to it, and that the program reaches the metadata service (169.254.169.254).",
        "Attach an instance profile with the role, or let the program reach the metadata service",
        "aws ec2 describe-iam-instance-profile-associations  # is one associated with this instance?\n"
        f"{CONFIGURED}  # on the instance: its type must be iam-role",
        "A role alone has no effect on an instance: an instance profile that contains the role must be attached.",
        also=("The metadata service is off or out of reach, such as behind a proxy without NO_PROXY=169.254.169.254.",),
        check="aws ec2 describe-iam-instance-profile-associations",
        speaker=r"\binstance (?:role|profile)\b(?! metadata)|\bon EC2\b|\bec2 instance\b(?! metadata)"
        r"|@ip-\d{1,3}-\d{1,3}-\d{1,3}-\d{1,3}\b",
        ground=Ground.LIKENESS,
    ),
    # AWS SDK for JavaScript 2.x API Reference, classes AWS.SharedIniFileCredentials and AWS.ProcessCredentials
    # (https://docs.aws.amazon.com/AWSJavaScriptSDK/latest/AWS/ProcessCredentials.html); AWS_SDK_LOAD_CONFIG:
    # https://docs.aws.amazon.com/sdk-for-javascript/v2/developer-guide/setting-region.html.
    fault(
        NO_CREDENTIALS,
        "SharedIniFileCredentials of the AWS SDK for JavaScript 2 reads keys from the files, but does not run the "
        "profile's credential_process, which AWS.ProcessCredentials runs. No permission is missing.",
        "Use ProcessCredentials, with AWS_SDK_LOAD_CONFIG=1, or version 3 of the SDK",
        "AWS.config.credentials = new AWS.ProcessCredentials({profile: '{profile_name}'})  // in the code\n"
        "export AWS_SDK_LOAD_CONFIG=1  # so that the SDK also reads ~/.aws/config",
        "The AWS CLI and version 3 of the SDK support credential_process in every profile. If the program sets no "
        "credentials, the default chain of version 2 tries the process, too.",
        check=None,
        speaker=r"\A(?=[\s\S]*\bSharedIniFileCredentials\b)(?=[\s\S]*\n\s*credential_process\s*=)"
        r"(?![\s\S]*new (?:AWS\.)?ProcessCredentials)",
        ground=Ground.LIKENESS,
    ),
    # AWS SDKs and Tools Reference Guide, "Process credential provider"
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html).
    fault(
        NO_CREDENTIALS,
        "The command that the profile names in credential_process gave the program no credentials: most likely its own "
        "sign-in has expired, or it failed. Run it by hand to see its error.",
        "Run the profile's credential_process by hand, and sign in again",
        f"grep -n credential_process ~/.aws/config ~/.aws/credentials\n{WHO}{{profile_option}}",
        "The command must print JSON with Version, AccessKeyId, SecretAccessKey and, for a session, SessionToken and "
        "Expiration. If it uses an IAM Identity Center sign-in, run aws sso login first.",
        check="grep -n credential_process ~/.aws/config ~/.aws/credentials",
        speaker=r"\bProcessCredentials\b|\bprocess_credentials\.js\b|\bcredential_process\b",
        ground=Ground.LIKENESS,
    ),
    # AWS SDKs and Tools Reference Guide, "IAM Identity Center credential provider"
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html).
    fault(
        NO_CREDENTIALS,
        "The profile takes its credentials from IAM Identity Center, and the program got none: most likely the sign-in "
        "has expired, or this version cannot renew it or does not know sso_session. Permissions are a less likely "
        "cause.",
        "Sign in again, then update the program or give it exported credentials",
        "aws sso login{profile_option}\n"
        'eval "$(aws configure export-credentials{profile_option} --format env)"  # for a program that cannot use SSO',
        "The AWS CLI renews a token of an sso-session by itself; a program with an older SDK does not, and fails after "
        "about an hour until the next aws sso login. Also check that the program uses this profile (AWS_PROFILE).",
        check=f"{WHO}{{profile_option}}",
        speaker=r"\bsso_session\s*=|\[sso-session\b|\bsso_start_url\s*=",
        ground=Ground.LIKENESS,
    ),
    fault(
        NO_CREDENTIALS,
        NONE_FOUND,
        "See which credentials the program finds",
        f"{CONFIGURED}\naws configure list-profiles\n{WHO}",
    ),
)
