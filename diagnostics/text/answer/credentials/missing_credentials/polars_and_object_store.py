"""Rows for Polars, delta-rs and other programs with the library object_store."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import CredentialFault, fault
from iam.claims import Ground

OBJECT_STORE_IN_PODS: tuple[CredentialFault, ...] = (
    # EKS User Guide, "Use pod identity with the AWS SDK"; object_store's AmazonS3Builder, container credentials
    # (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-minimum-sdk.html).
    fault(
        r"Error performing GET http://169\.254\.170\.2",
        "The program requested the pod's or task's credentials, but got none. The program's library (object_store) "
        "may be too old for EKS Pod Identity, or the service account has no association. No permission on the data "
        "is missing.",
        "Update the library, or use IRSA; check the association",
        "aws eks list-pod-identity-associations --cluster-name CLUSTER --query "
        "'associations[].[namespace,serviceAccount]'",
        "With Pod Identity, a client must send the token of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: update Polars, "
        "deltalake or DataFusion, or give the service account a role with IRSA. On ECS, check that the task has a "
        "task role.",
        also=(
            (
                "The pod is older than its association: restart the pod. The association names the namespace and "
                "the service account."
            ),
        ),
        check=None,
        ground=Ground.LIKENESS,
    ),
)

OBJECT_STORE_AND_PROFILES: tuple[CredentialFault, ...] = (
    # object_store's AmazonS3Builder: environment variables, a web identity token, a container's or an instance's role
    # (https://docs.rs/object_store/latest/object_store/aws/struct.AmazonS3Builder.html); Polars, "Cloud storage"
    # (https://docs.pola.rs/user-guide/io/cloud-storage/).
    fault(
        r"Error performing (?:PUT|GET) http://169\.254\.169\.254/latest",
        "The program found no credentials, and got none from the instance's metadata service. The program's library "
        "(object_store) does not read ~/.aws, so a profile or SSO sign-in has no effect. No permission is missing.",
        "Pass the credentials in environment variables or options",
        'eval "$(aws configure export-credentials --format env)"  # where the profile or the sign-in works',
        "Outside EC2: set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and AWS_REGION, or pass them as "
        "storage_options; in Polars, credential_provider=pl.CredentialProviderAWS(profile_name=…) uses a profile. For "
        "a public bucket, aws_skip_signature (in Polars storage_options) sends no signature.",
        also=(
            (
                "On an instance: the instance has no instance profile, or its hop limit is 1 and the program runs "
                "in a container."
            ),
        ),
        check=None,
        ground=Ground.LIKENESS,
    ),
)
