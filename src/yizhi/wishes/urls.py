"""For residents `wish/`, `chat/`, `talk/` and `petition/`; for whoever works here `wishes/`, `talks/`, the card."""

from django.urls import path

from yizhi.wishes.web import petition, talk, talks, wish

urlpatterns = [
    path("wish/", wish.places, name="wish_places"),
    path("wish/<str:code>", wish.wish, name="wish"),
    path("wishes/", wish.box, name="wish_box"),
    path("wishes/new", wish.write_down, name="wish_new"),
    path("chat/", talk.places, name="chat_places"),
    path("chat/<str:code>", talk.begin, name="chat"),
    path("talk/<str:code>", talk.talk, name="talk"),
    path("talk/<str:code>/end", talk.end, name="talk_end"),
    path("talks/", talks.talks, name="talks"),
    path("talks/owed", talks.owed, name="talks_owed"),
    path("talks/<int:talk>", talks.talk, name="desk_talk"),
    path("talks/<int:talk>/case", talks.make_case, name="desk_talk_case"),
    path("talks/<int:talk>/end", talks.end, name="desk_talk_end"),
    path("petition/", petition.guide, name="petition"),
    path("petition/card", petition.card, name="petition_card"),
]
