from tests.browser.people import people
from tests.stories.vocabulary import story

__all__ = ["people", "story"]
