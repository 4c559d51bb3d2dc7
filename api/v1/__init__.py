"""Version 1. One file per resource; a view translates, makes one call into the domain, and translates back."""
