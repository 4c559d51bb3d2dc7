"""Inspections and what they find: findings tagged by protected characteristic, with recommendations and good
practice."""
