"""The known principals of services that assume roles, without ``.amazonaws.com``.

The list is for completing names, not for rejecting them: AWS publishes no complete list. Each principal is named in the
service's user guide, on the page that explains how to create a role for the service (`iam.facts.service_roles` has the
pages of services with more requirements).
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
"""

from __future__ import annotations

_TAKING_ROLES = """
access-analyzer acm acm-pca airflow airflow-env amplify amplifybackend apidestinations.events apigateway appconfig
appflow appintegrations application-autoscaling application-insights appmesh appmesh.envoy apprunner appstream
appstream.application-autoscaling appsync aps arc-zonal-shift athena auditmanager autoscaling backup backup-gateway
batch batchoperations.s3 bedrock bedrock-agentcore billing budgets build.apprunner cassandra.application-autoscaling
ce chatbot chime cleanrooms cleanrooms-ml cloud9 clouddirectory cloudformation cloudfront cloudhsm cloudtrail
cloudwatch.application codebuild codecatalyst codecommit codedeploy codeguru-profiler codeguru-reviewer codepipeline
codestar codestar-notifications cognito-identity cognito-idp cognito-sync comprehend compute-optimizer config
config-conforms config-multiaccountsetup connect connect-campaigns continuousexport.discovery controltower
credentials.iot custom-resource.application-autoscaling databrew dataexchange datapipeline datasync datazone dax
deepracer delivery.logs detective devicefarm devops-guru directconnect discovery dlm dms docdb-elastic drs ds dynamodb
dynamodb.application-autoscaling ec2 ec2.application-autoscaling ec2fleet ec2scheduled ecr ecs ecs-tasks
ecs.application-autoscaling edgelambda eks eks-auth eks-connector eks-fargate eks-fargate-pods eks-nodegroup
elasticache elasticbeanstalk elasticfilesystem elasticloadbalancing elasticmapreduce elastictranscoder
email.cognito-idp emr-containers emr-serverless entityresolution es events evidently finspace firehose fis fms
forecast frauddetector freertos fsx gamelift glacier globalaccelerator glue grafana greengrass groundstation guardduty
healthlake iam imagebuilder importexport inspector inspector2 internetmonitor iot iotanalytics iotdevicedefender
iotevents iotfleetwise iotsitewise iotthingsgraph iottwinmaker iotwireless ivs kafka kafkaconnect kendra kinesis
kinesisanalytics kinesisvideo lakeformation lambda launchwizard lex lexv2 license-manager lightsail location
logger.cloudfront logs lookoutequipment lookoutmetrics lookoutvision m2 macie macie2 maintenance.elasticbeanstalk
managedblockchain marketplace mediaconnect mediaconvert medialive mediapackage mediastore mediatailor memorydb mgn
migrationhub mobileanalytics mobilehub monitoring monitoring.rds mq multi-account-setup.config mwaa neptune
network-firewall networkmanager notifications omics opensearchservice opsworks opsworks-cm organizations osis
osis-pipelines outposts panorama pca-connector-ad personalize pinpoint pipes pods.eks polly pricing-plan-manager
proton qbusiness qldb quicksight ram rds reachability-analyzer.networkinsights redshift redshift-data
redshift-serverless refactor-spaces rekognition repository.sync.codeconnections resiliencehub resource-explorer-2
resource-groups robomaker rolesanywhere route53 route53domains route53resolver rum s3 s3-outposts sagemaker
sagemaker.application-autoscaling scheduler schemas sdb secretsmanager securityhub securitylake serverlessrepo
servicecatalog servicecatalog-appregistry servicediscovery ses shield signer simspaceweaver sms snowball sns spot
spotfleet sqs ssm ssm-guiconnect ssm-incidents ssm-quicksetup sso states storage-lens.s3 storagegateway
streams.metrics.cloudwatch sts support swf tagging tasks.apprunner textract timestream timestream-influxdb transcribe
transcribe.streaming transfer transitgateway translate trustedadvisor verified-access voiceid vpc-flow-logs
vpc-lattice vpce waf waf-regional wafv2 wellarchitected workdocs worklink workmail workspaces workspaces-web xray
"""
TAKING_ROLES: frozenset[str] = frozenset(_TAKING_ROLES.split())


def short_principal(principal: str) -> str:
    """Return the short name of a service principal: ``ecs-tasks`` for ``ecs-tasks.amazonaws.com``."""
    return principal.removesuffix(".cn").removesuffix(".amazonaws.com")


_CALL_AS_RESOURCES = frozenset(("cloudwatch", "events", "s3", "sns", "logs", "iot", "config", "budgets"))
"""Services whose refusals name the resource for which they called, such as a CloudWatch alarm.

Amazon CloudWatch User Guide, "Notifying users on alarm changes": the topic's policy must allow cloudwatch.amazonaws.com
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html).
"""


def principal_of_resource(caller: str) -> str:
    """Return the principal of the service that called for the resource with this ARN; "" for any other caller."""
    parts = caller.split(":")
    if len(parts) < 6 or parts[0] != "arn" or parts[2] not in _CALL_AS_RESOURCES:
        return ""
    return f"{parts[2]}.amazonaws.com"
