"""How fast, measured side by side in one run: seconds differ from machine to machine, ratios hardly do.

``make bench`` runs everything; ``python -m benchmarks ingest`` one part. Figures and the machine they were measured on
are in README.md."""
