"""The managed policies that AWS's pages attach to a service's role are offered."""

from __future__ import annotations

from iam.creation.draft.places import Place, What
from iam.creation.draft.role_draft import RoleDraft, for_service
from iam.creation.draft.usual_policies import missing_policies, offer, usual_policies
from iam.creation.recipes.recipe import AccountFacts

FACTS = AccountFacts("111122223333")


def _for(service: str) -> RoleDraft:
    draft = RoleDraft()
    draft.put(Place(What.TRUST_KIND), for_service(service))
    return draft


def test_lambdas_log_policy_is_offered_until_it_is_attached() -> None:
    draft = _for("lambda")
    [basic] = missing_policies(draft, FACTS)
    assert basic.arn == "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    said = offer((basic,))
    assert "AWSLambdaBasicExecutionRole" in said and "lambda-intro-execution-role" in said
    names = [each.arn.rpartition("/")[2] for each in usual_policies(draft, FACTS)]
    assert names[0] == "AWSLambdaBasicExecutionRole" and "AWSLambdaVPCAccessExecutionRole" in names
    draft.attach([basic.arn])
    assert not missing_policies(draft, FACTS)
    assert draft.attached == (basic.arn,)


def test_the_partition_is_that_of_the_account() -> None:
    [role] = missing_policies(_for("ecs-task-execution"), AccountFacts("111122223333", "aws-cn"))
    assert role.arn == "arn:aws-cn:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"


def test_nothing_is_offered_where_no_service_is_trusted_or_its_page_attaches_nothing() -> None:
    assert not usual_policies(RoleDraft(), FACTS)
    assert not missing_policies(_for("ec2"), FACTS)
