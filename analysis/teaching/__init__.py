"""Teaching the method: exercises that check themselves, learners' codings, and a class of them."""
