"""Further permissions that services need, in addition to the denied action: the rows of all services, in order.

The Service Authorization Reference lists the resources that an action supports. The contents of managed policies are
from their published text.
"""

from __future__ import annotations

from diagnostics.text.causes.denials.needs_of_backup_and_transfers import BACKUP_AND_TRANSFERS
from diagnostics.text.causes.denials.needs_of_containers_and_builds import CONTAINERS
from diagnostics.text.causes.denials.needs_of_data_services import DATA
from diagnostics.text.causes.denials.needs_of_ec2_and_networks import NETWORK
from diagnostics.text.causes.denials.needs_of_functions_and_models import FUNCTIONS
from diagnostics.text.causes.denials.needs_of_keys_secrets_and_certificates import KEYS
from diagnostics.text.causes.denials.needs_of_message_services import MESSAGES
from diagnostics.text.causes.denials.needs_of_organizations_and_service_catalog import ORGANIZATIONS_AND_CATALOG
from diagnostics.text.causes.denials.needs_of_storage_and_monitoring import STORAGE_AND_MONITORING
from diagnostics.text.causes.denials.needs_of_systems_manager import SYSTEMS_MANAGER
from diagnostics.text.causes.denials.service_fact_row import Known

_OPERATIONS: tuple[Known, ...] = (
    *SYSTEMS_MANAGER,
    *BACKUP_AND_TRANSFERS,
    *ORGANIZATIONS_AND_CATALOG,
    *STORAGE_AND_MONITORING,
)
SERVICES: tuple[Known, ...] = (*CONTAINERS, *FUNCTIONS, *DATA, *MESSAGES, *NETWORK, *KEYS, *_OPERATIONS)
