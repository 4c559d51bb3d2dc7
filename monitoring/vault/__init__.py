"""Data about persons at rest: sealed, frozen, and read only by column.

An accepted submission becomes one dataset: Parquet with Parquet Modular Encryption (AES-GCM) under a key of its own,
which is wrapped by a key-encryption key named in the settings. The database keeps the wrapped key, the storage the
sealed file; either alone, or both without the settings' key, tell nothing about anybody."""
