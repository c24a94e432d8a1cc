"""The main job from end to end: scenarios, the demo and the tour."""
