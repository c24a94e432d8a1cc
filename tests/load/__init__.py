"""The product under load: what it can do, what it does beyond that, and what it needs meanwhile (`./run load`)."""
