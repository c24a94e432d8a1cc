"""Screening turned round: one person asked of all open orders at once, as `screening.engine` does. Pure: numpy."""
