"""The EventBridge rules by which Step Functions waits for a job (``.sync``), by the resource of the task.

AWS Step Functions Developer Guide, "IAM policies for integrated services", one page for each service
(https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html).
"""

from __future__ import annotations

RULES = {
    "batch:submitJob": "StepFunctionsGetEventsForBatchJobsRule",
    "ecs:runTask": "StepFunctionsGetEventsForECSTaskRule",
    "codebuild:startBuild": "StepFunctionsGetEventForCodeBuildStartBuildRule",
    "mediaconvert:createJob": "StepFunctionsGetEventsForMediaConvertJobRule",
    "states:startExecution": "StepFunctionsGetEventsForStepFunctionsExecutionRule",
    "sagemaker:createTrainingJob": "StepFunctionsGetEventsForSageMakerTrainingJobsRule",
    "sagemaker:createTransformJob": "StepFunctionsGetEventsForSageMakerTransformJobsRule",
    "elasticmapreduce:createCluster": "StepFunctionsGetEventForEMRRunJobFlowRule",
    "elasticmapreduce:addStep": "StepFunctionsGetEventForEMRAddJobFlowStepsRule",
    "elasticmapreduce:terminateCluster": "StepFunctionsGetEventForEMRTerminateJobFlowsRule",
}
"""Maps the task's resource, without its partition and ``.sync``, to the name of the rule."""
EVENTS = ("events:PutTargets", "events:PutRule", "events:DescribeRule")
"""The permissions that the state machine's role needs on the rule."""
