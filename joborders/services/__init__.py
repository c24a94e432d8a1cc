"""Writes of orders and nominations: one verb, one function, one transaction. Nothing else writes `state`."""
