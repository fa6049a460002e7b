"""The workbench: what a designer's page may see and do while `noren dev` runs. Never part of a server for real."""
