"""Lethe as an Airflow DAG. Copy this file and lethe_airflow.py into the DAG folder.

Airflow may retry every task: a stage with a manifest is skipped, and an interrupted stage resumes.
"""

from lethe_airflow import lethe_dag

# One request, with its files as parameters of the DAG run.
lethe = lethe_dag(spark={"properties_file": "/etc/lethe/spark-defaults.conf"})

# All open requests of a table, every night.
lethe_requests = lethe_dag(
    "lethe_requests",
    requests_table="delta:s3a://lake/privacy/requests",
    schedule="@daily",
    spark={"properties_file": "/etc/lethe/spark-defaults.conf"},
)
