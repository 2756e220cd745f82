"""Settings, wiring (the only place that names adapters), the pipeline, the scheduler, the commands."""
