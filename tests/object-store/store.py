"""A local S3 bucket for run.sh.

store.py put ENDPOINT BUCKET PREFIX FILE_OR_FOLDER   uploads
store.py get ENDPOINT BUCKET PREFIX FOLDER           downloads
store.py wait ENDPOINT BUCKET KEY SECONDS            returns when the object exists
store.py list ENDPOINT BUCKET PREFIX                 prints keys and sizes
"""

import pathlib
import sys
import time

import boto3
from botocore.exceptions import ClientError


def keys(client, bucket, prefix):
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        yield from page.get("Contents", [])


def main(command, endpoint, bucket, prefix, *rest):
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        region_name="us-east-1",
    )
    if command == "put":
        if bucket not in [b["Name"] for b in client.list_buckets()["Buckets"]]:
            client.create_bucket(Bucket=bucket)
        source = pathlib.Path(rest[0])
        files = [source] if source.is_file() else [f for f in source.rglob("*") if f.is_file()]
        for file in files:
            name = prefix if source.is_file() else f"{prefix}/{file.relative_to(source)}"
            client.upload_file(str(file), bucket, name)
    elif command == "get":
        for entry in keys(client, bucket, prefix + "/"):
            target = pathlib.Path(rest[0]) / entry["Key"][len(prefix) + 1 :]
            if not entry["Key"].endswith("/"):
                target.parent.mkdir(parents=True, exist_ok=True)
                client.download_file(bucket, entry["Key"], str(target))
    elif command == "wait":
        end = time.monotonic() + float(rest[0])
        while time.monotonic() < end:
            try:
                client.head_object(Bucket=bucket, Key=prefix)
                return
            except ClientError:
                time.sleep(0.05)
        sys.exit(f"{prefix} did not appear in {rest[0]} s")
    elif command == "list":
        for entry in keys(client, bucket, prefix):
            print(entry["Size"], entry["Key"])
    else:
        sys.exit(__doc__)


main(*sys.argv[1:])
