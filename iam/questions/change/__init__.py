"""What a change to policies newly allows and newly denies: for one principal, and for all whom it concerns."""
