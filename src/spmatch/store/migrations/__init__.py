"""The tables of the store, version by version. ``env.py`` and ``versions`` are read by Alembic."""
