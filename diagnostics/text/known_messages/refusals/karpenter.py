"""Messages of Karpenter."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import KARPENTER, ServiceSentence, UsualCause, row
from diagnostics.who import Who


# Karpenter's AWS provider, pkg/controllers/nodeclass/validation.go: EC2 refused a dry run, in whatever layer.
def _karpenter(operation: str) -> ServiceSentence:
    return row(
        ("controller isn't authorized to call", f"{operation.lower()}authcheckfailed"),
        rf"Controller isn't authorized to call (?:ec2:)?{operation}\b|{operation}AuthCheckFailed",
        "Karpenter's controller",
        f"EC2 refused the controller's dry run of {operation}",
        f"EC2 refused the dry run of {operation} that Karpenter's controller made with its role. Karpenter does not "
        "say which kind of policy refused it: look at the event in CloudTrail.",
        UsualCause(
            "The controller's policy belongs to another Karpenter version: use the policy of the installed "
            "version. The policy's conditions on request tags must match the tags that this version sends "
            f"with {operation}."
        ),
        UsualCause(
            "A service control policy denies this call, for example to all callers except AWS services: the dry run is "
            "the controller's own call.",
            f"aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue={operation}",
            Who.CALLER,
        ),
        page=KARPENTER,
        actions=(f"ec2:{operation}",),
    )


KARPENTER_NODES: tuple[ServiceSentence, ...] = (
    *map(_karpenter, ("CreateFleet", "CreateLaunchTemplate", "RunInstances")),
)
