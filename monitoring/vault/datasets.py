"""Sealing, opening and verifying datasets."""

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.parquet import encryption

from monitoring import native_memory
from monitoring.vault import documents, seals
from monitoring.vault.keyring import SealBroken
from monitoring.vault.models import SealedDataset, SealedDocument

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
    seals.store(dataset, _encrypted(described, dataset, seals.give_key(dataset)))
    return dataset


def open_columns(dataset: SealedDataset, columns: Sequence[str]) -> Opened:
    """Read the columns asked for and no others. Raises SealBroken for a file that is missing, changed, cut short or
    swapped, and for a key that is gone."""
    key = seals.key_of(dataset)
    try:
        file = pq.ParquetFile(
            native_memory.reader(seals.read(dataset)), decryption_properties=_decryption(dataset, key)
        )
        read = file.read(columns=list(columns))
    except (OSError, pa.ArrowInvalid):
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


def _encrypted(table: pa.Table, dataset: SealedDataset, key: bytes) -> bytes:
    """Footer and columns under the dataset's own key, bound to the dataset."""
    properties = encryption.create_encryption_properties(
        key, aad_prefix=dataset.purpose.encode(), store_aad_prefix=False
    )
    buffer = io.BytesIO()
    with pq.ParquetWriter(buffer, table.schema, encryption_properties=properties, compression="zstd") as writer:
        writer.write_table(table, row_group_size=_ROW_GROUP)
    return buffer.getvalue()


def _decryption(dataset: SealedDataset, key: bytes) -> Any:
    return encryption.create_decryption_properties(key, aad_prefix=dataset.purpose.encode())
