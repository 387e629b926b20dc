"""Messages of Amazon SageMaker AI."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    ServiceSentence,
    UsualCause,
    assumed_by,
    no_permission,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground
from iam.regions import REGION_NAME

_DOCS = "https://docs.aws.amazon.com"
# SageMaker Developer Guide, "How to use SageMaker execution roles": what each call needs on images in ECR.
_SAGEMAKER = f"{_DOCS}/sagemaker/latest/dg/sagemaker-roles.html"
_PULL = ("ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage")
SAGEMAKER_ENDPOINTS: tuple[ServiceSentence, ...] = (
    no_permission(
        "within the same aws account creating the endpoint",
        r"does not reside in an Amazon ECR repository within the same AWS account creating the endpoint",
        "A serverless endpoint takes images only from ECR of its own account (or AWS's prebuilt ones): copy the image "
        "into a repository of that account. A repository policy of the other account does not help.",
        "Pull the image, and push it to a repository in the endpoint's account and Region; or set up replication of "
        "the registry to that account. A real-time endpoint can use an image of another account.",
        "https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html",
    ),
)  # fmt: skip

SAGEMAKER_MODEL_DATA: tuple[ServiceSentence, ...] = (
    row(
        "could not access model data",
        r"Could not access model data at (?P<resource>s3://\S+?)\.?(?=\s|$)"
        r"(?: Please ensure that the role [\"'](?P<principal>arn:[\w-]+:iam::\d{12}:role/[^\"'\s]+)[\"'])?",
        "the model's execution role",
        "the model's execution role cannot read the model data",
        "SageMaker cannot read the model data with the model's execution role: the role lacks s3:GetObject on the "
        "data, does not trust sagemaker.amazonaws.com, or the file is in another Region.",
        UsualCause("Allow the execution role to perform s3:GetObject on the file and s3:ListBucket on the bucket, and "
                   "kms:Decrypt on its key; another account's bucket must allow the role, too."),
        # SageMaker API Reference, "ContainerDefinition", ModelDataUrl: the bucket must be in the model's Region
        # (https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html).
        UsualCause("The bucket is in {bucket_region}, and SageMaker needs the file and the model in one Region: copy "
                   "the file to a bucket in {region}, or create the model in {bucket_region}.",
                   None, Who.CALLER,
                   shown_by=rf"located in (?P<region>{REGION_NAME})(?![\w-])[\s\S]{{0,1500}}?\bget-bucket-location\b"
                   rf"[^\n]*?(?:\n[^\n]{{0,40}}?)?[\"':>|\s](?!(?P=region))(?P<bucket_region>{REGION_NAME})(?![\w-])",
                   decides="The text shows the bucket in {bucket_region}, but the model is created in {region}: "
                   "SageMaker reads model data only from its own Region. The message names other reasons, too: check "
                   "them if the call also fails in the bucket's Region."),
        # SageMaker API Reference, "S3ModelDataSource": a prefix needs S3DataType S3Prefix and CompressionType None
        # (https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3ModelDataSource.html).
        UsualCause("The listing in the text does not have {file}: correct the name. Uncompressed files below a prefix "
                   "need ModelDataSource with S3DataType S3Prefix and CompressionType None, instead of ModelDataUrl.",
                   None, Who.CALLER,
                   shown_by=r"Could not access model data at (?P<parent>s3://[^\s\"]+/)(?P<file>[^/\s\"]*[^/\s\".])\.?(?=\s)"
                   r"[\s\S]{1,3000}?\bs3 ls (?P=parent)(?=\s)(?![\s\S]{0,2000}[ ](?P=file)(?![\w.-]))"
                   r"(?=[\s\S]{0,80}?(?:\bPRE |20\d\d-\d\d-\d\d))",
                   decides="The listing of {parent} in the text does not have {file}. If a file "
                           "is missing, SageMaker's message also lists reasons that do not apply. "
                           "Correct the name, or use ModelDataSource for uncompressed files."),
        # Amazon S3 API Reference, "GetBucketLocation": null means us-east-1
        # (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html).
        UsualCause("GetBucketLocation has no value for a bucket in us-east-1, and SageMaker needs the file and the "
                   "model in one Region: copy the file to a bucket in {region}, or create the model in us-east-1.",
                   None, Who.CALLER,
                   shown_by=rf"located in (?P<region>(?!us-east-1(?![\w-])){REGION_NAME})(?![\w-])[\s\S]{{0,1500}}?"
                   r"\bget[_-]bucket[_-]location\b[^\n]*(?:\n[^\n]*){0,2}?(?:\bnull\b|\bNone\b|prints? "
                   r"nothing|\bempty\b)",
                   decides="GetBucketLocation returns no value, so the bucket is in us-east-1, but the model is "
                   "created in {region}: SageMaker reads model data only from its own Region. Only then check the "
                   "role."),
        UsualCause("The file does not exist under this name, or its bucket is in a different Region from the endpoint.",
                   None, Who.CALLER),
        UsualCause("The role's trust policy does not name sagemaker.amazonaws.com, or its ARN lacks the path "
                   "(service-role/).", None, Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html",
        asks=assumed_by("sagemaker.amazonaws.com"),
        actions=("s3:GetObject",),
    ),
)  # fmt: skip

SAGEMAKER_JOBS: tuple[ServiceSentence, ...] = (
    row(
        "data download failed",
        r"\bData download failed:? ?[^\n]{0,60}?(?:Access ?Denied|\b403\b|not authorized)[^\n]{0,160}",
        "the execution role of the SageMaker job",
        "the job's execution role is not allowed to read its input",
        "SageMaker reads the job's input with the job's execution role, which lacks s3:GetObject or s3:ListBucket on "
        "the input, or permission to use its KMS key. The caller's policies do not matter.",
        UsualCause("Allow the execution role s3:ListBucket on the bucket and s3:GetObject on the prefix, and "
                   "kms:Decrypt on a customer managed key. Another account's bucket and key must allow the role, too. "
                   "In a VPC, look at the policy of the S3 endpoint.",
                   "aws sagemaker describe-training-job --training-job-name JOB --query RoleArn"),
        page="https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html",
        actions=("s3:GetObject",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "service principal",
        r"repository [\"']?(?P<repository>[\w./-]+)[\"']? of your image \S+ does not grant (?P<named>ecr:[^\n]{4,200}?)"
        r" permissions? to (?P<service>[a-z.-]+\.amazonaws\.com) service principal",
        "the service, by the policy of the ECR repository",
        "the policy of the ECR repository does not name the service",
        "The policy of the ECR repository {repository} does not let {service} pull the image: add {named} for this "
        "service principal to the repository's policy.",
        UsualCause(
            'Add a statement to the repository\'s policy: Principal {"Service": "{service}"}, Action {named}; '
            "a repository policy has no Resource.",
            "aws ecr get-repository-policy --repository-name {repository}",
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "The image is in another account or Region: use the repository in that account and Region, or copy the "
            "image.",
            None,
            Who.CALLER,
        ),
        page=_SAGEMAKER,
        cause="resource.no-action",
        ground=Ground.PARTLY,
    ),
    row(
        "cannot pull algorithm container",
        r"Cannot pull algorithm container\. Either the image:? (?:(?P<image>\S+) )?does not exist or its "
        r"permissions are incorrect",
        "the execution role of the job",
        "SageMaker cannot pull the image",
        "SageMaker cannot pull the image: it does not exist under this name, tag and Region, or the execution role or "
        "the repository's policy does not allow the pull.",
        UsualCause(
            "The repository has no such tag, or is in a different Region or account: SageMaker pulls only from ECR, "
            "and if the image's name says latest, this tag must exist.",
            "aws ecr describe-images --repository-name REPOSITORY --query 'imageDetails[].imageTags'",
            Who.CALLER,
        ),
        UsualCause(f'The execution role lacks {", ".join(_PULL)} on the repository, or ecr:GetAuthorizationToken on '
                   '"*".'),
        UsualCause(
            "The repository is another account's, and its policy does not allow this account's role.",
            None,
            Who.RESOURCE_OWNER,
        ),
        page=_SAGEMAKER,
    ),
)  # fmt: skip
