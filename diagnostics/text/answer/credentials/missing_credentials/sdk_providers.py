"""Rows for a provider of an AWS SDK or of Terraform that says why it gives no credentials."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import CONFIGURED, NO_CREDENTIALS, WHO, CredentialFault, fault
from iam.claims import Ground

EMPTY_AND_FAILED_PROVIDERS: tuple[CredentialFault, ...] = (
    # AWS SDK for Go 2, credentials.StaticCredentialsProvider
    # (https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/credentials#StaticCredentialsEmptyError).
    fault(
        r"static credentials are empty",
        "Find the empty setting for an access key or secret (AWS_ACCESS_KEY_ID, an .env file, the program's own "
        "configuration), and remove it: the program uses the empty value instead of any profile or role.",
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
        "The provider has credentials, but sts:GetCallerIdentity failed with them. Most likely the credentials are "
        "invalid or expired, or the Region's STS endpoint cannot be reached. Look for the error above this one.",
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
        "One of the program's providers got no credentials. A provider that the program creates itself, for "
        "example for us-east-1, does not use a profile in the configuration of the default provider: set "
        "AWS_PROFILE in the environment, or also give that provider the profile.",
        "Set AWS_PROFILE where the program runs",
        "export AWS_PROFILE=PROFILE",
        "The name of the resource in the error shows the provider (AwsProvider.sst.us-east-1).",
        check=f"{WHO}{{profile_option}}",
        speaker=r"\A(?=[\s\S]*\bpulumi:providers:aws\b)(?=[\s\S]*\bprofile[\"']?\s*[:=])",
        ground=Ground.LIKENESS,
    ),
)

MODULE_MISSING: tuple[CredentialFault, ...] = (
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
)

PROVIDER_WITH_REASON: tuple[CredentialFault, ...] = (
    # What the same SDK's providers say themselves: an answer of STS has "(Service: Sts, …)".
    fault(
        r"Unable to load credentials from \w+Provider\(",
        "The SDK's {provider} found no credentials, for this reason: “{provider_reason}”. AWS was not called; the "
        "SDK continues with its next provider.",
        "If the credentials should come from this provider, check what it needs",
        f"{CONFIGURED}\n{WHO}",
        "The chain asks one provider after another. This provider is not set up here, which matters only if the "
        "credentials should come from it.",
        needs="provider",
        ground=Ground.PARTLY,
    ),
)
