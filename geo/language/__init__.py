"""What is said, in the reader's language: messages, words and the plan's own terms."""
