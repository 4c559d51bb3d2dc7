"""The subject: equality data, its code lists, its measures, and what may be shown of them.

Plain Python. Nothing here knows a web framework, a database, the time of day or the network, so a statistician can
review it alone and an analyst can import it in a notebook.
"""
