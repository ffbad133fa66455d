"""The workers: Celery tasks, the lease on a job, and the engine that makes faces."""
