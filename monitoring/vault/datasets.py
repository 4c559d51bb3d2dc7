"""Sealing, opening and verifying datasets."""

import base64
import io
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pyarrow.parquet import encryption

from monitoring.vault import documents, seals
from monitoring.vault.keyring import SealBroken
from monitoring.vault.models import SealedDataset, SealedDocument

_MASTER = "dataset"
_META = b"dataset"
_ROW_GROUP = 2**18


@dataclass(frozen=True)
class Opened:
    """Columns of a dataset that were asked for, and what the dataset says of itself (code lists, layout)."""

    columns: pa.Table
    rows: int
    about: dict[str, Any] = field(default_factory=dict)


def seal(table: pa.Table, about: dict[str, Any], *, at: datetime) -> SealedDataset:
    """Freeze a table, with what it says of itself inside the encrypted footer."""
    dataset = SealedDataset(rows=table.num_rows, columns=table.column_names, sealed_at=at)
    described = table.replace_schema_metadata({_META: json.dumps(about).encode()})
    seals.store(dataset, _encrypted(described, seals.give_key(dataset)))
    return dataset


def open_columns(dataset: SealedDataset, columns: Sequence[str]) -> Opened:
    """Read the columns asked for and no others. Raises SealBroken for a file that is missing, changed, cut short or
    swapped, and for a key that is gone."""
    key = seals.key_of(dataset)
    try:
        file = pq.ParquetFile(pa.BufferReader(seals.read(dataset)), decryption_properties=_decryption(key))
        read = file.read(columns=list(columns))
    except (OSError, pa.ArrowInvalid, InvalidTag):
        raise SealBroken(f"The file of {dataset} is not the one that was sealed.") from None
    about = json.loads((read.schema.metadata or {})[_META])
    return Opened(read.replace_schema_metadata(None), file.metadata.num_rows, about)


def verify() -> Iterator[tuple[str, str]]:
    """(what, fault) for everything sealed that does not open as it was written."""
    for dataset in SealedDataset.objects.order_by("sealed_at").iterator():
        try:
            if open_columns(dataset, dataset.columns).rows != dataset.rows:
                yield str(dataset), "The file holds another number of rows than was sealed."
        except SealBroken as broken:
            yield str(dataset), str(broken)
    for document in SealedDocument.objects.order_by("sealed_at").iterator():
        try:
            documents.open_document(document)
        except SealBroken as broken:
            yield str(document), str(broken)


class _DatasetKey(encryption.KmsClient):  # type: ignore[misc]  # the library has no types
    """Wraps the column and footer keys of one file with the dataset's own key."""

    def __init__(self, key: bytes) -> None:
        super().__init__()
        self.key = key

    def wrap_key(self, key_bytes: bytes, master_key_identifier: str) -> bytes:
        nonce = os.urandom(12)
        sealed = AESGCM(self.key).encrypt(nonce, key_bytes, master_key_identifier.encode())
        return base64.b64encode(nonce + sealed)

    def unwrap_key(self, wrapped_key: bytes, master_key_identifier: str) -> bytes:
        sealed = base64.b64decode(wrapped_key)
        return AESGCM(self.key).decrypt(sealed[:12], sealed[12:], master_key_identifier.encode())


def _factory(key: bytes) -> encryption.CryptoFactory:
    return encryption.CryptoFactory(lambda _: _DatasetKey(key))


def _encrypted(table: pa.Table, key: bytes) -> bytes:
    configuration = encryption.EncryptionConfiguration(
        footer_key=_MASTER,
        uniform_encryption=True,
        plaintext_footer=False,
        double_wrapping=False,
        data_key_length_bits=256,
    )
    properties = _factory(key).file_encryption_properties(encryption.KmsConnectionConfig(), configuration)
    buffer = io.BytesIO()
    with pq.ParquetWriter(buffer, table.schema, encryption_properties=properties, compression="zstd") as writer:
        writer.write_table(table, row_group_size=_ROW_GROUP)
    return buffer.getvalue()


def _decryption(key: bytes) -> Any:
    return _factory(key).file_decryption_properties(
        encryption.KmsConnectionConfig(), encryption.DecryptionConfiguration()
    )
