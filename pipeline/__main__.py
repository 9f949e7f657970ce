"""`python -m pipeline …` is the same as `nordtema …`."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
