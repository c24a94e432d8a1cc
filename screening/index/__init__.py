"""The columnar index: a whole region of people in numpy arrays, screened as `screening.engine` does. No Django."""
