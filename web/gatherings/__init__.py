"""The business network and its gatherings."""
