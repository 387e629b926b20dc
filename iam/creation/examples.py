"""An example spec for each common kind of role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_READ = [{"recipe": "read-bucket", "bucket": "my-bucket"}]

EXAMPLES: Mapping[str, Any] = {
    "ec2": {
        "name": "web-server",
        "trust": {"service": "ec2"},
        "permissions": _READ,
        "attach": ["aws:AmazonSSMManagedInstanceCore"],
        "instance_profile": True,
    },
    "lambda": {
        "name": "orders-api",
        "trust": {"service": "lambda"},
        "permissions": [{"recipe": "write-table", "table": "orders"}],
        "attach": ["aws:service-role/AWSLambdaBasicExecutionRole"],
    },
    "ecs": [
        {
            "name": "shop-execution",
            "trust": {"service": "ecs-tasks"},
            "attach": ["aws:service-role/AmazonECSTaskExecutionRolePolicy"],
        },
        {"name": "shop-task", "trust": {"service": "ecs-tasks"}, "permissions": _READ},
    ],
    "eks": [
        {"name": "shop-cluster", "trust": {"service": "eks"}, "attach": ["aws:AmazonEKSClusterPolicy"]},
        {
            "name": "shop-node",
            "trust": {"service": "ec2"},
            "instance_profile": False,
            "attach": [
                "aws:AmazonEKSWorkerNodePolicy",
                "aws:AmazonEC2ContainerRegistryPullOnly",
                "aws:AmazonEKS_CNI_Policy",
            ],
        },
    ],
    "pod-identity": {
        "name": "search-api",
        "trust": {"pod-identity": {"namespace": "search", "service_account": "search-api", "cluster": "shop"}},
        "permissions": _READ,
    },
    "account": {
        "name": "vendor-audit",
        "trust": {"account": "444455556666", "external_id": "an-id-that-is-theirs-alone"},
        "attach": ["aws:SecurityAudit"],
    },
    "github": {
        "providers": [{"url": "https://token.actions.githubusercontent.com", "audiences": ["sts.amazonaws.com"]}],
        "roles": [
            {
                "name": "deploy",
                "trust": {
                    "github": {
                        "organization": "acme",
                        "repository": "shop",
                        "branch": "main",
                        "form": "id",
                        "organization_id": "1234567",
                        "repository_id": "7654321",
                    }
                },
                "permissions": _READ,
            }
        ],
    },
    "gitlab": {
        "providers": [{"url": "https://gitlab.com", "audiences": ["https://gitlab.com"]}],
        "roles": [
            {
                "name": "deploy",
                "trust": {"gitlab": {"group": "acme", "project": "shop", "branch": "main"}},
                "permissions": _READ,
            }
        ],
    },
    "saml": {"name": "reader", "trust": {"saml": {"provider": "CompanyIdP"}}, "attach": ["aws:ReadOnlyAccess"]},
    "scheduler": {
        "name": "nightly",
        "trust": {"service": "scheduler"},
        "permissions": [{"recipe": "invoke-function", "function": "nightly-report"}],
    },
}
"""The example specs, by the kind given to ``rolescope create --example``."""
