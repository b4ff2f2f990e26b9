"""What chapter 12 records."""
