"""The vault and published files in S3-compatible object storage, by settings alone."""

import hashlib

import boto3
import pytest
from django.core.files.storage import storages
from moto import mock_aws

from monitoring.vault import seals
from monitoring.vault.datasets import open_columns, verify
from monitoring.vault.keyring import SealBroken
from reports.publishing import file_of
from tests.factories import accepted, make_published

pytestmark = pytest.mark.django_db
BUCKET = "equality-tests"


@pytest.fixture(autouse=True)
def bucket(settings, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "nobody")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
    options = {"bucket_name": BUCKET, "default_acl": "private", "file_overwrite": False}
    s3 = "storages.backends.s3.S3Storage"
    settings.STORAGES = settings.STORAGES | {
        name: {"BACKEND": s3, "OPTIONS": options | {"location": name}} for name in ("vault", "published")
    }
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
        yield client


class TestTheVault:
    def test_seals_and_opens_there(self, bucket, organisation):
        dataset = accepted(organisation).dataset

        (kept,) = bucket.list_objects(Bucket=BUCKET, Prefix="vault/datasets/")["Contents"]
        assert kept["Key"] == f"vault/{dataset.name}"
        assert open_columns(dataset, ["sex"]).rows == 60
        assert list(verify()) == []

    def test_names_a_file_that_is_missing(self, bucket, organisation):
        dataset = accepted(organisation).dataset
        bucket.delete_object(Bucket=BUCKET, Key=f"vault/{dataset.name}")

        with pytest.raises(SealBroken):
            open_columns(dataset, ["sex"])

    def test_finds_files_that_nobody_knows(self, bucket, organisation):
        known = accepted(organisation).dataset.name
        bucket.put_object(Bucket=BUCKET, Key="vault/datasets/left-behind", Body=b"?")

        assert {known, "datasets/left-behind"} & set(seals.unknown_files()) == {"datasets/left-behind"}

    def test_is_private(self, bucket, organisation):
        dataset = accepted(organisation).dataset

        grants = bucket.get_object_acl(Bucket=BUCKET, Key=f"vault/{dataset.name}")["Grants"]
        assert not [grant for grant in grants if grant["Grantee"].get("URI")]


class TestPublishedFiles:
    def test_are_read_back_as_they_were_published(self, bucket, organisation):
        accepted(organisation)
        report = make_published(organisation)

        assert {name: hashlib.sha256(file_of(report, name)).hexdigest() for name in report.files} == report.files
        assert storages["published"].listdir("")[0] == [organisation.slug]
