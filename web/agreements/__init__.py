"""Agreements: the list, one agreement with its units, forecast and papers, and what the nine write of it."""
