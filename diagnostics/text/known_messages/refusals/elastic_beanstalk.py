"""Messages of AWS Elastic Beanstalk."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, of_codes, row
from diagnostics.who import Who
from iam.claims import Ground

_DOCS = "https://docs.aws.amazon.com"
_BEANSTALK = f"{_DOCS}/elasticbeanstalk/latest/dg"

ELASTIC_BEANSTALK: tuple[ServiceSentence, ...] = (
    # AWS Elastic Beanstalk Developer Guide, "Managing Elastic Beanstalk instance profiles", "… service roles".
    row(
        "environment must have instance profile associated",
        r"Environment must have instance profile associated with it",
        "the environment, which names no instance profile",
        "the environment has no instance profile",
        "The environment names no instance profile, and Elastic Beanstalk no longer creates one: create an instance "
        "profile and set it as IamInstanceProfile.",
        UsualCause("Create a role for ec2.amazonaws.com with AWSElasticBeanstalkWebTier (and WorkerTier, "
                   "MulticontainerDocker) in an instance profile, such as aws-elasticbeanstalk-ec2-role. Set the "
                   "profile with the option IamInstanceProfile in aws:autoscaling:launchconfiguration. Whoever "
                   "deploys needs iam:PassRole on the role.",
                   "aws iam list-instance-profiles --query 'InstanceProfiles[].InstanceProfileName'"),
        page=f"{_BEANSTALK}/iam-instanceprofile.html",
        cause="instance-profile.missing",
    ),
    row(
        ("platforms require a service role", "service role is required in this region"),
        r"Platforms require a service role|A Service Role is required in this region",
        "the environment, which names no service role",
        "the environment has no service role",
        "The environment names no service role, which Elastic Beanstalk needs here: create "
        "aws-elasticbeanstalk-service-role and name it in the environment's settings.",
        UsualCause("With the EB CLI, run eb create without an environment name: it offers to create the default role. "
                   "Or use --service-role. In templates, set the option ServiceRole in "
                   "aws:elasticbeanstalk:environment. Whoever deploys needs iam:PassRole on the role.",
                   "aws iam get-role --role-name aws-elasticbeanstalk-service-role"),
        page=f"{_BEANSTALK}/eb-cli-troubleshooting.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    row(
        "access denied while accessing",
        r"Access denied while accessing (?P<services>[A-Z][\w ,]{2,80}?) using role "
        r"\"?(?P<principal>arn:[^\s\"]*[\w-])",
        "the environment's service role",
        "the environment's service role lacks permissions on {services}",
        "The environment's service role lacks the read permissions on {services} with which Elastic Beanstalk checks "
        "the environment's health. The instances' role is not the cause.",
        UsualCause("Attach AWSElasticBeanstalkEnhancedHealth and AWSElasticBeanstalkManagedUpdatesCustomerRolePolicy "
                   "to that role; it must trust elasticbeanstalk.amazonaws.com. The application itself may still be "
                   "healthy.",
                   "aws iam list-attached-role-policies --role-name aws-elasticbeanstalk-service-role"),
        page=f"{_BEANSTALK}/iam-servicerole.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "failed to download authentication credentials",
        r"Failed to download authentication credentials \S+ from \S+",
        "the instance profile's role",
        "the instance could not read the registry's credentials in S3",
        "The instances could not read the registry's credentials (.dockercfg) in S3: the bucket or key in "
        "Dockerrun.aws.json is wrong, or the instance profile's role lacks s3:GetObject.",
        UsualCause("Compare Authentication.Bucket and Key in Dockerrun.aws.json with the bucket, which must be in the "
                   "environment's Region.", None, Who.CALLER),
        UsualCause("Allow the instance profile's role s3:GetObject on that object.",
                   "aws iam list-instance-profiles --query 'InstanceProfiles[].InstanceProfileName'"),
        page=f"{_BEANSTALK}/troubleshooting-docker.html",
        actions=("s3:GetObject",),
    ),
    of_codes(
        "S3LocationNotInServiceRegion",
        "the bucket of the source bundle",
        "the bucket is in a different Region from the environment",
        "The bucket is not in the Region in which Elastic Beanstalk was called: use a bucket of that Region. No "
        "permission is missing.",
        "Copy the source bundle into a bucket of the environment's Region, or call Elastic Beanstalk in the Region of "
        "the bucket.",
        f"{_DOCS}/elasticbeanstalk/latest/api/API_CreateApplicationVersion.html",
        check="aws s3api get-bucket-location --bucket BUCKET",
        who=Who.CALLER,
        refuses=False,
    ),
    # AWS Elastic Beanstalk Developer Guide, "Managing Elastic Beanstalk instance profiles": the instances read the
    # application's source bundle from the bucket elasticbeanstalk-REGION-ACCOUNT.
    row(
        ("source bundle", "download source", "downloading source", "download the source"),
        r"(?:download(?:ing)?(?: the)? source|source bundle)[^\n]{0,160}?"
        r"(?:Access ?Denied|403 Forbidden|: 403)",
        "the environment's instances",
        "the environment's instances are not allowed to read the source bundle",
        "The instances of the environment read the source bundle with their instance profile, whose role is not "
        "allowed to read it: most often the role lacks AWSElasticBeanstalkWebTier. The permissions of whoever deploys "
        "do not matter.",
        UsualCause("Attach AWSElasticBeanstalkWebTier (for workers AWSElasticBeanstalkWorkerTier) to the role of the "
                   "environment's instance profile. These policies allow s3:GetObject on buckets whose name begins "
                   "with elasticbeanstalk-; for a bundle in another bucket, allow the action in a policy of your own.",
                   "aws elasticbeanstalk describe-configuration-settings --application-name APPLICATION "
                   "--environment-name ENVIRONMENT --query "
                   "\"ConfigurationSettings[].OptionSettings[?OptionName=='IamInstanceProfile'].Value\""),
        UsualCause("The bucket's policy or its KMS key refuses the instance profile's role, or the VPC endpoint of S3 "
                   "has a policy that leaves this bucket out.", None, Who.RESOURCE_OWNER),
        page=f"{_BEANSTALK}/iam-instanceprofile.html",
        actions=("s3:GetObject",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip

ELASTIC_BEANSTALK_SOURCES: tuple[ServiceSentence, ...] = (
    row(
        "s3bucket=",
        r"InsufficientPrivilegesException[^\n]{0,60}?Access Denied: S3Bucket=(?P<bucket>[\w.-]+), S3Key=(?P<key>\S*\w)",
        "whoever deploys",
        "the deployer is not allowed to read the source bundle",
        "Elastic Beanstalk could not read the source bundle {bucket}/{key} with the deployer's permissions: the "
        "deployer lacks s3:GetObject there, or the object does not exist.",
        UsualCause("First check whether the object exists: without s3:ListBucket, S3 also refuses access to a missing "
                   "object. Then allow the deployer s3:GetObject on it, and compare the bucket's "
                   "policy.", None, Who.CALLER),
        page=f"{_DOCS}/elasticbeanstalk/latest/api/API_CreateApplicationVersion.html",
        actions=("s3:GetObject",),
    ),
)  # fmt: skip
