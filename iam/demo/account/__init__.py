"""What is in the demo account, as data: Harbor Logistics' account harbor-prod, in the format of a snapshot."""
