"""Who reports: the inspectorate, and the bodies it inspects."""
