"""A made-up region of any size, for load and speed: `manage.py make_region` (design §10).

The services write one order at a time; here rows are made in memory and inserted in batches, such as the services
would have left them. The same seed on the same day gives the same rows.
"""
