"""`python -m ioffe_studio`: the same as `ioffe studio`."""

from ioffe.cli.studio import studio

if __name__ == "__main__":
    studio()
