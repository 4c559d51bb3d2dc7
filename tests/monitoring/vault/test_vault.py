import base64
import hmac
import io
import os
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitoring.audit.models import Event
from monitoring.vault import datasets, seals
from monitoring.vault.documents import open_document, seal_document
from monitoring.vault.keyring import BadKeyRing, SealBroken, key_ring
from monitoring.vault.models import SealedDataset
from monitoring.vault.pseudonyms import LENGTH, keyed_digests, pseudonyms_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, tzinfo=UTC)


def key(name: str) -> str:
    return f"{name}:{base64.b64encode(os.urandom(32)).decode()}"


def table(rows: int = 2000) -> pa.Table:
    return pa.table(
        {
            "ethnicity": pa.array(np.arange(rows) % 7, pa.uint8()),
            "hourly_pay": pa.array(np.arange(rows) * 12_345 + 100_000, pa.int64()),
            "person": pa.array([os.urandom(16) for _ in range(rows)], pa.binary(16)),
        }
    )


@pytest.fixture
def dataset():
    return datasets.seal(table(), {"codes": {"ethnicity": ["SECRET-WORDING"] * 7}}, at=AT)


def file_of(sealed) -> bytes:
    with storages["vault"].open(sealed.name) as file:
        return file.read()


def replace_file(sealed, content: bytes) -> None:
    storages["vault"].delete(sealed.name)
    storages["vault"].save(sealed.name, ContentFile(content))


class TestSealing:
    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(st.integers(0, 255), min_size=1, max_size=50),
        st.dictionaries(st.text(max_size=10), st.lists(st.text(max_size=10), max_size=3), max_size=3),
    )
    def test_what_goes_in_comes_out(self, numbers, about):
        sealed = datasets.seal(pa.table({"n": pa.array(numbers, pa.uint8())}), about, at=AT)

        opened = datasets.open_columns(sealed, ["n"])

        assert opened.columns.column("n").to_pylist() == numbers
        assert opened.about == about

    def test_only_the_columns_asked_for_are_read(self, dataset):
        assert datasets.open_columns(dataset, ["ethnicity"]).columns.column_names == ["ethnicity"]
        assert datasets.open_columns(dataset, []).rows == 2000

    def test_nothing_can_be_read_in_the_file(self, dataset):
        content = file_of(dataset)
        written = table()
        people = written.column("person").to_pylist()
        pay = written.column("hourly_pay").to_numpy()

        assert b"SECRET-WORDING" not in content
        assert b"ethnicity" not in content
        assert b"hourly_pay" not in content
        assert not any(person in content for person in people)
        assert pay[:4].tobytes() not in content

    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.text(st.characters(codec="utf-8"), min_size=8, max_size=30))
    def test_no_value_stands_in_a_file_as_it_was_given(self, value):
        sealed = datasets.seal(pa.table({"c": pa.array([value] * 3)}), {"codes": [value]}, at=AT)

        assert value.encode() not in file_of(sealed)

    def test_equal_data_seal_to_different_files(self):
        one, other = (datasets.seal(pa.table({"c": [1]}), {}, at=AT) for _ in range(2))

        assert file_of(one) != file_of(other)


class TestTampering:
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.data())
    def test_one_changed_byte_anywhere_is_a_named_error(self, dataset, data):
        content = bytearray(file_of(dataset))
        content[data.draw(st.integers(0, len(content) - 1))] ^= 1 + data.draw(st.integers(0, 254))
        original = file_of(dataset)
        replace_file(dataset, bytes(content))
        try:
            with pytest.raises(SealBroken):
                datasets.open_columns(dataset, ["person"])
        finally:
            replace_file(dataset, original)

    def test_a_file_cut_short_is_a_named_error(self, dataset):
        replace_file(dataset, file_of(dataset)[:-200])

        with pytest.raises(SealBroken, match="changed or cut short"):
            datasets.open_columns(dataset, ["ethnicity"])

    def test_a_file_changed_together_with_its_digest_is_a_named_error(self, dataset):
        """Whoever owns the storage and the database still lacks the key."""
        import hashlib

        content = bytearray(file_of(dataset))
        content[len(content) // 2] ^= 1
        replace_file(dataset, bytes(content))
        dataset.file_digest = hashlib.sha256(content).hexdigest()

        with pytest.raises(SealBroken):
            datasets.open_columns(dataset, dataset.columns)

    def test_a_file_of_another_dataset_is_a_named_error(self, dataset):
        import hashlib

        other = datasets.seal(table(10), {}, at=AT)
        replace_file(dataset, file_of(other))
        dataset.file_digest = hashlib.sha256(file_of(other)).hexdigest()

        with pytest.raises(SealBroken):
            datasets.open_columns(dataset, ["ethnicity"])

    def test_a_missing_file_is_a_named_error(self, dataset):
        storages["vault"].delete(dataset.name)

        with pytest.raises(SealBroken, match="missing"):
            datasets.open_columns(dataset, ["ethnicity"])

    def test_a_changed_document_is_a_named_error(self):
        document = seal_document(b"what was sent", at=AT)
        replace_file(document, file_of(document)[:-1])

        with pytest.raises(SealBroken):
            open_document(document)


class TestDocuments:
    def test_what_goes_in_comes_out(self):
        assert open_document(seal_document(b"what was sent", at=AT)) == b"what was sent"

    def test_erasing_removes_row_and_file(self, django_capture_on_commit_callbacks):
        document = seal_document(b"what was sent", at=AT)
        name = document.name

        with django_capture_on_commit_callbacks(execute=True):
            seals.erase(document)

        assert not storages["vault"].exists(name)
        assert list(seals.unknown_files()) == []

    def test_erasing_nothing_is_no_error(self):
        seals.erase(None)


class TestKeys:
    @pytest.mark.parametrize(
        "ring",
        ["", "noname", "a:tooshort", "a:" + "!" * 44, f"{key('a')},{key('a')}", key("")],
        ids=["missing", "nameless", "short", "not base64", "name twice", "empty name"],
    )
    def test_a_malformed_ring_is_refused_without_repeating_a_key(self, settings, ring):
        settings.VAULT_KEYS = ring

        with pytest.raises(BadKeyRing) as refused:
            key_ring()

        assert ring == "" or ring not in str(refused.value)

    def test_a_key_that_is_gone_is_a_named_error(self, dataset, settings):
        settings.VAULT_KEYS = key("other")

        with pytest.raises(SealBroken, match="not in VAULT_KEYS"):
            datasets.open_columns(dataset, ["ethnicity"])

    def test_rotation_moves_everything_to_the_new_key_and_touches_no_file(self, dataset, organisation, settings):
        document = seal_document(b"sent", at=AT)
        before = pseudonyms_of(organisation)(["P1"])
        files = file_of(dataset), file_of(document)
        fresh = key("second")
        settings.VAULT_KEYS = f"{fresh},{settings.VAULT_KEYS}"

        call_command("rotate_vault_keys", stdout=io.StringIO())
        settings.VAULT_KEYS = fresh
        dataset.refresh_from_db()
        document.refresh_from_db()

        assert datasets.open_columns(dataset, ["ethnicity"]).rows == 2000
        assert open_document(document) == b"sent"
        assert pseudonyms_of(organisation)(["P1"]) == before
        assert (file_of(dataset), file_of(document)) == files
        assert Event.objects.filter(act="vault.keys_rotated").count() == 1

    def test_rotation_without_the_old_key_changes_nothing(self, dataset, settings):
        settings.VAULT_KEYS = key("second")

        with pytest.raises(CommandError, match="Nothing was changed"):
            call_command("rotate_vault_keys")

        assert SealedDataset.objects.get().key_name == "first"


class TestVerifying:
    def test_a_whole_vault_is_said_to_be_whole(self, dataset, capsys):
        call_command("verify_vault")

        assert "whole" in capsys.readouterr().out

    def test_every_fault_is_named(self, dataset, capsys):
        replace_file(dataset, b"nothing like it")

        with pytest.raises(CommandError, match="1 faults"):
            call_command("verify_vault")

        assert str(dataset.pk) in capsys.readouterr().err

    def test_a_file_that_nothing_knows_is_noted(self, dataset, capsys):
        storages["vault"].save("datasets/stray", ContentFile(b"x"))

        call_command("verify_vault")

        assert "datasets/stray" in capsys.readouterr().out


class TestPseudonyms:
    def test_the_same_reference_is_the_same_pseudonym_and_others_differ(self, organisation):
        one, again, other = pseudonyms_of(organisation)(["P1", "P1", "P2"])

        assert one == again != other
        assert len(one) == 16

    def test_two_organisations_cannot_be_joined_by_their_pseudonyms(self, organisation, other_organisation):
        assert pseudonyms_of(organisation)(["P1"]) != pseudonyms_of(other_organisation)(["P1"])

    @given(
        st.binary(min_size=32, max_size=64), st.lists(st.text(st.characters(codec="utf-8"), max_size=200), max_size=20)
    )
    def test_are_what_the_standard_library_makes_of_the_same_key(self, key, texts):
        expected = [hmac.digest(key, text.encode(), "sha256")[:LENGTH] for text in texts]

        assert keyed_digests(key, texts) == expected
