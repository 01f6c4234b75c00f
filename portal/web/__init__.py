"""HTTP in, HTML out: one module a page family. No ORM writes, no requests."""
