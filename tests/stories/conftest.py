from tests.stories.vocabulary import story

__all__ = ["story"]
