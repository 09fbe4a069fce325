"""The changes a company's database went through, each applied once, in order (Alembic)."""
