"""The data of the demo account, Harbor Logistics' account harbor-prod, in the format of a snapshot."""
