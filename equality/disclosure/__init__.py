"""Disclosure control: what may be shown of exact counts so that no small number gets out.

``protect`` is the one door from exact counts to a ``SafeTable``, a type that cannot hold a figure it must not show.
Everything a report prints about people passes through it, all tables of one population together."""
