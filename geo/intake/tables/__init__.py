"""Tables that people made for people: where they begin, and what is none of them."""
