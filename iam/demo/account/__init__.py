"""What is in the demo account, as data: readable as a description of Harbor Logistics' account harbor-prod."""
