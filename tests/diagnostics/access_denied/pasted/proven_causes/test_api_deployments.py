"""A changed resource policy of an API that the stage does not have yet."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed, policy

API = "arn:aws:execute-api:us-east-2:111122223333:0ab1cd2ef3"
MASKED = "arn:aws:execute-api:us-east-2:********3333:0ab1cd2ef3/live/POST/carts"
URL = "https://vpce-0123456789abcdef0-9z8y7x6w.execute-api.us-east-2.vpce.amazonaws.com/live/carts"
MINE = "vpce-0123456789abcdef0"
OTHER = "vpce-0fedcba9876543210"


def _denied(url: str = URL, why: str = " with an explicit deny", who: str = "anonymous") -> str:
    said = f"User: {who} is not authorized to perform: execute-api:Invoke on resource: {MASKED}{why}"
    return f'$ curl {url}\n{{"Message":"{said}"}}\n'


def _policy(*endpoints: str) -> str:
    call = {"Principal": "*", "Action": "execute-api:Invoke", "Resource": f"{API}/*"}
    deny = {"Effect": "Deny", **call, "Condition": {"StringNotEquals": {"aws:SourceVpce": list(endpoints)}}}
    return f"get-rest-api shows\n{policy({'Effect': 'Allow', **call}, deny)}\n"


@pytest.mark.parametrize(
    "text",
    [
        _policy(MINE, OTHER) + _denied(),
        _denied() + "changed yesterday, the stage is older\n" + _policy(MINE),
        _denied() + '{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"' + API + '/*"}\n',
    ],
)
def test_a_policy_that_allows_the_call_has_to_be_deployed(text: str) -> None:
    answer = diagnosed(text)
    assert "stage live still has an earlier version" in answer.verdict.summary
    assert "--rest-api-id 0ab1cd2ef3 --stage-name live" in str(answer.fixes[0].change)


@pytest.mark.parametrize(
    "text",
    [
        _denied() + _policy(OTHER),  # the policy does deny
        _denied() + _policy(MINE) + "and we redeployed it, twice\n",
        _denied("https://0ab1cd2ef3.execute-api.us-east-2.amazonaws.com/live/carts") + _policy(MINE),
        _denied(
            why=" because no identity-based policy allows the execute-api:Invoke action",
            who="arn:aws:iam::444455556666:user/ana",
        )
        + _policy(MINE),
    ],
)
def test_other_refusals_of_an_api_are_not_an_earlier_version(text: str) -> None:
    assert "earlier version" not in diagnosed(text).verdict.summary


def test_a_quoted_condition_that_excepts_the_called_endpoint_is_not_the_reason() -> None:
    quoted = f'"Condition": {{"StringNotEquals": {{"aws:SourceVpce": ["{MINE}", "{OTHER}"]}}}}'
    looks = " ".join(each.cause for each in diagnosed(_denied() + quoted).first_look)
    assert f"excepts the endpoint of the called address, {MINE}" in looks and "through that endpoint" not in looks
    looks = " ".join(
        each.cause for each in diagnosed(_denied() + quoted.replace(MINE, "vpce-0aaaaaaaaaaaaaaa1")).first_look
    )
    assert "excepts the endpoint" not in looks
