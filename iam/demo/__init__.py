"""The embedded demo account: the roles of Harbor Logistics, served by moto with additions."""
