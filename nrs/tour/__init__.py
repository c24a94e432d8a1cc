"""The tour: the main job from a company's order to three filled positions, driven over HTTP (`./run tour`)."""
