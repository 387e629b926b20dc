"""Rows for containers and ECS tasks whose program gets no credentials."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import NO_CREDENTIALS, CredentialFault, fault
from diagnostics.text.answer.credentials.missing_credentials.metadata_service import NO_INSTANCE_KEYS
from iam.claims import Ground

CONTAINER_WITHOUT_CONFIGURATION: tuple[CredentialFault, ...] = (
    # AWS CLI User Guide, "Run the official AWS CLI Amazon ECR Public or Docker images": the host's files are mounted
    # (https://docs.aws.amazon.com/cli/latest/userguide/getting-started-docker.html).
    fault(
        rf"{NO_CREDENTIALS}|{NO_INSTANCE_KEYS}|credentials from the instance profile metadata",
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
)

CONTAINER_ROLE_TOKEN: tuple[CredentialFault, ...] = (
    # botocore's changelog, 1.34.41: "Properly refreshes token from file from EKS in ContainerProvider"
    # (https://github.com/boto/botocore/blob/develop/CHANGELOG.rst).
    fault(
        r"credentials from container-role[\s\S]{0,300}?Expired",
        "The container's agent refused the program's request for credentials, because the token in the request has "
        "expired. botocore before 1.34.41 reads the token's file only once: update botocore (boto3), and restart the "
        "program until then.",
        "Update boto3 and botocore to 1.34.41 or later",
        "pip install --upgrade 'boto3>=1.34.41' 'botocore>=1.34.41'",
        "A process that outlives its first token keeps sending that token, although the file contains a new token. "
        "The role's policies, its session length and the clock are not at fault.",
        check="python3 -c 'import botocore; print(botocore.__version__)'",
        speaker=r"\bbotocore\b|Error when retrieving credentials from container-role",
        ground=Ground.LIKENESS,
    ),
)

DOCKER_WITHOUT_KEYS: tuple[CredentialFault, ...] = (
    # Docker Docs, "docker container run": a container gets only the variables that -e or --env-file names
    # (https://docs.docker.com/reference/cli/docker/container/run/).
    fault(
        rf"{NO_CREDENTIALS}|{NO_INSTANCE_KEYS}",
        "The credentials are in the environment of the job or shell, but docker run does not pass them on, so the "
        "program in the container has none. No permission is missing.",
        "Pass the three variables and the Region to the container",
        "docker run -e AWS_ACCESS_KEY_ID -e AWS_SECRET_ACCESS_KEY -e AWS_SESSION_TOKEN -e AWS_REGION …",
        "A container gets only the variables that -e or --env-file names, and the files that -v mounts. Also pass "
        "the session token: without it, temporary keys are invalid.",
        check="env | grep ^AWS_ | cut -d= -f1",
        needs="signed_in_outside",
        ground=Ground.LIKENESS,
    ),
)

TASK_ROLE: tuple[CredentialFault, ...] = (
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
)
