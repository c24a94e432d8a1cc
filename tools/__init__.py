"""What `./run` is made of. Standard library only, but for `prepare`, which runs inside `.venv`."""
