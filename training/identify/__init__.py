"""The training of the language identifier; `python -m training.identify`."""
