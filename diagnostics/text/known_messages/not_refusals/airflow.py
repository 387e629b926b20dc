"""The row for a connection in Apache Airflow."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

AIRFLOW: tuple[System, ...] = (
    # Apache Airflow, provider for Amazon, "Amazon Web Services Connection"
    # (https://airflow.apache.org/docs/apache-airflow-providers-amazon/stable/connections/aws.html).
    documented(
        "the connection in Airflow",
        "Airflow has no connection {name}: create it, or correct the task's conn_id. No call was made with it.",
        "For AWS: airflow connections add NAME --conn-type aws, or AIRFLOW_CONN_NAME in the worker's environment. "
        "aws_conn_id=None takes the worker's own credentials.",
        "The conn_id `{name}` isn't defined",
        title="Create the connection in Airflow",
    ),
)
