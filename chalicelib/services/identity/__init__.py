"""Identity verification before the exam (`verification`)."""
