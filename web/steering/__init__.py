"""What the steering group follows: goals, the savings estimate, and the status packs."""
