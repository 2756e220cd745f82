"""`python -m service.commands` is `micic`."""

from service.commands import main

if __name__ == "__main__":
    main()
