"""Rich menus as files: `flows/menus/NAME.yaml` with a picture beside it."""
