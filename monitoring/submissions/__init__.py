"""Data about people that organisations send: received, read, checked, accepted.

A submission is an envelope in the database; what is in it is sealed. Only accepted submissions reach figures.
"""
