"""The coordinator's figures: charts, tables and their words."""
