"""A package, so that its browser ends with its last test: Playwright keeps an event loop running meanwhile."""
