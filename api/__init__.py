"""JSON for machines, and for people who write their own programs. The only room that knows Django REST framework."""
