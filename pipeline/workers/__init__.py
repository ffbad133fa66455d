"""Who does work that is cut into tasks: this process, processes of this machine, a Dask cluster."""
