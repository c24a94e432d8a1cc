"""The bottom layer: the clock, the domain errors, and the events (outbox, history and feed in one table).

Imports no other app of the project; every other app may import this one.
"""
