"""Process of a model in Python: Launchpad starts it and speaks the host protocol with it."""

from mllaunchpad._host import main

if __name__ == "__main__":
    main()
