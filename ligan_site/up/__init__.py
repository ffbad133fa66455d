"""The supervisor behind `manage.py up`: it starts, watches and ends every process of an installation."""
