"""A synthetic inspectorate to try the service on. Nobody in it is real, and everything says so."""
