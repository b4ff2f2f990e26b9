"""What chapter 13 records."""
