"""What maintainers and learners run, each tool behind a command of ``course``."""
