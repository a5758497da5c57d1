"""How Alembic reaches the database: by the connection that ``spmatch.store.migrating`` hands it."""

from __future__ import annotations


def run() -> None:
    """Bring the schema to the version asked for, all of it or nothing."""
    from alembic import context

    given = context.config.attributes
    options = {
        "version_table_schema": given["schema"],
        "transaction_per_migration": False,
    }
    if context.is_offline_mode():
        context.configure(dialect_name="postgresql", output_buffer=given["output"], **options)
    else:
        context.configure(connection=given["connection"], **options)
    with context.begin_transaction():
        context.run_migrations()


# The name that Alembic gives it; anybody else who imports it runs nothing.
if __name__ == "env_py":
    run()
