"""Runs the migrations on the connection that `records.migrating` hands over."""

from alembic import context

from permits.models import MODELS

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=MODELS[0].metadata,
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
