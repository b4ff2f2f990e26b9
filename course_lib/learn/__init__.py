"""What a lesson teaches with: claims, exercises and their checks, progress, and what recorded runs measured."""
