"""The embedded demo account: moto with additions, and the roles of Harbor Logistics."""
