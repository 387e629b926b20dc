"""Rows for controllers, drivers and programs in a Kubernetes cluster, in the order in which they are tried."""

from __future__ import annotations

from diagnostics.text.read.forms.not_denied.kubernetes_controllers.cert_manager import CERT_MANAGER
from diagnostics.text.read.forms.not_denied.kubernetes_controllers.efs_csi_driver import EFS_CSI_DRIVER
from diagnostics.text.read.forms.not_denied.kubernetes_controllers.load_balancer_controller import (
    LOAD_BALANCER_CONTROLLER,
)
from diagnostics.text.read.forms.not_denied.kubernetes_controllers.mountpoint_csi_driver import (
    MOUNTPOINT_CREDENTIALS,
    MOUNTPOINT_OPTIONS,
)
from diagnostics.text.read.forms.not_denied.kubernetes_controllers.pod_identity_associations import (
    POD_IDENTITY_ASSOCIATIONS,
)
from diagnostics.text.read.forms.not_denied.kubernetes_controllers.secrets_drivers import SECRETS_DRIVERS
from diagnostics.text.read.forms.not_denied.kubernetes_controllers.termination_handler_and_kube2iam import (
    TERMINATION_HANDLER_AND_KUBE2IAM,
)
from diagnostics.text.read.forms.not_denied.kubernetes_controllers.velero_and_grafana import VELERO_AND_GRAFANA
from diagnostics.text.read.forms.system_row import System

CLUSTER_DRIVERS: tuple[System, ...] = (
    *MOUNTPOINT_OPTIONS,
    *POD_IDENTITY_ASSOCIATIONS,
    *MOUNTPOINT_CREDENTIALS,
    *CERT_MANAGER,
    *EFS_CSI_DRIVER,
    *SECRETS_DRIVERS,
    *LOAD_BALANCER_CONTROLLER,
    *TERMINATION_HANDLER_AND_KUBE2IAM,
    *VELERO_AND_GRAFANA,
)
