"""What keeps a change of people or roles from being made."""


class PeopleProblem(Exception):
    """A sentence for the person at the screen: what is in the way, and what to do."""
