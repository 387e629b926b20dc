"""Which action of MSK a refused request of a Kafka client needs, as far as the text shows the request."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

REFUSED = (
    "Not authorized to access topics: [Topic authorization failed]\n"
    "the role has kafka-cluster:Connect on arn:aws:kafka:eu-west-1:111122223333:cluster/lab/aaaabbbb-5\n"
)
SETTINGS = "The client changes a topic's settings"


@pytest.mark.parametrize(
    "request_line",
    ["    at async Broker.alterConfigs (kafkajs/src/broker/index.js:631:12)", "$ kafka-configs.sh --alter --topic a"],
)
def test_changing_a_topics_settings_needs_an_action_of_its_own(request_line: str) -> None:
    said = collect_offline(read_text(f"{REFUSED}{request_line}\n")[0]).verdict.summary
    assert said.startswith(SETTINGS)


@pytest.mark.parametrize("line", ["    at async Broker.produce (kafkajs/src/broker/index.js:1:1)", ""])
def test_other_requests_of_a_topic_are_not_said_to_change_its_settings(line: str) -> None:
    assert SETTINGS not in collect_offline(read_text(f"{REFUSED}{line}\n")[0]).verdict.summary
