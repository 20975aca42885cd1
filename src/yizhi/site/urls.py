"""Every URL of the product, named explicitly; each door's own list lies in its folder. And which of them the bars lead
to."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_noop as N_

from yizhi.cases import panels
from yizhi.couriers import rules as couriers
from yizhi.doors import menu
from yizhi.doors.menu import Way
from yizhi.enterprise import page as enterprise
from yizhi.enterprise.kinds import ENTERPRISE
from yizhi.enterprise.rules import POWER
from yizhi.oidc import web as oidc
from yizhi.registry import own_page as records
from yizhi.registry.kinds import RIGHTS
from yizhi.registry.rules import POWER as RECORDS
from yizhi.services import page as services
from yizhi.services.kinds import ERRAND
from yizhi.services.rules import POWER as SERVICES
from yizhi.site import health
from yizhi.site.api import api
from yizhi.site.setup import page as setup

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("api/v1/", api.urls),
    path("", include("yizhi.doors.urls")),
    path("", include("yizhi.doors.signin")),
    path("", include("yizhi.notices.urls")),
    path("", include("yizhi.cases.urls")),
    path("", include("yizhi.matters.urls")),
    path("", include("yizhi.wishes.urls")),
    path("", include("yizhi.open311.urls")),
    path("", include("yizhi.opendata.urls")),
    path("", include("yizhi.connect.urls")),
    path("", include("yizhi.wechat.urls")),
    path("", include("yizhi.hotline.urls")),
    path("", include("yizhi.imports.urls")),
    path("", include("yizhi.oidc.urls")),
    path("", include("yizhi.enterprise.urls")),
    path("", include("yizhi.registry.urls")),
    path("", include("yizhi.patrols.urls")),
    path("", include("yizhi.couriers.urls")),
    path("", include("yizhi.suggestions.urls")),
    path("", include("yizhi.services.urls")),
    path("", include("yizhi.seats.urls")),
    path("setup/<str:token>/", setup.questions, name="setup"),
    path("admin/", include("yizhi.site.office.urls")),
    path("admin/", admin.site.urls),
]

menu.install(
    sign_in=oidc.ways,
    desk=(
        Way("figures", N_("Figures"), act="see"),
        Way("talks", N_("Online chat"), act="chat", badge="talks_owed"),
        Way("wish_box", N_("Wishes"), act="postman", folded=True),
        Way("patrols", N_("Patrols"), act="points", folded=True),
        Way("errands", N_("Errands"), act=SERVICES, folded=True),
        Way("visits", N_("Visits"), act=SERVICES, folded=True),
        Way("offers", N_("Services near by"), act=SERVICES, folded=True),
        Way("petition_card", N_("Petition guidance"), folded=True),
        Way("enterprises", N_("Enterprises"), act=POWER, folded=True),
        Way("reporters", N_("Special reporters"), act=couriers.POWER, folded=True),
        Way("desk_new", N_("Register"), act="report"),
        Way("hotline", N_("Hotline"), act="hotline", folded=True),
        Way("imports", N_("Import"), act="hotline", folded=True),
        Way("burden", N_("Burden"), act="see", folded=True),
        Way("suggest", N_("A word about the system"), folded=True),
        Way("records", N_("Base records"), act=RECORDS, folded=True),
    ),
    start=(
        Way("wish_places", N_("Wish mailbox"), note=N_("Tell your community what you wish for.")),
        Way("errand_places", N_("Errands for those who cannot go"), note=N_("We come, do it, and bring it back.")),
        Way("near_places", N_("Services near you"), note=N_("What is done where, when, for whom, what to bring.")),
        Way("chat_places", N_("Ask the community online"), note=N_("Write with your community’s desk; no account.")),
        Way("enterprise", N_("Enterprises call us"), note=N_("For enterprises: one call, rung back, answered once.")),
        Way("law_places", N_("Law for your enterprise"), note=N_("Choose from the menu; somebody comes.")),
        Way("petition", N_("Where to turn with a demand"), note=N_("The lawful place for each; nothing is noted.")),
        Way(
            "mine",
            N_("My record"),
            note=N_("What is recorded of you, and who looked: with a code in hand."),
        ),
        Way("open", N_("Open figures"), note=N_("What was reported here, and what became of it")),
    ),
    here=(
        Way("wish", N_("Wish mailbox"), note=N_("Tell your community what you wish for.")),
        Way("errand", N_("Errands for those who cannot go"), note=N_("We come, do it, and bring it back.")),
        Way("near", N_("Services near you"), note=N_("What is done where, when, for whom, what to bring.")),
        Way("grid", N_("Who looks after this grid"), note=N_("Office, telephone, what for, when.")),
        Way("chat", N_("Ask the community online"), note=N_("Write with your community’s desk; no account.")),
    ),
)

panels.install(
    panels.Panel(ENTERPRISE.code, "enterprise/_box.html", enterprise.box),
    panels.Panel(RIGHTS.code, "registry/_rights.html", records.rights_box),
    panels.Panel("", "registry/_place.html", records.place_box),
    panels.Panel(ERRAND.code, "services/_errand.html", services.box, own="services/_papers.html"),
)

handler403 = "yizhi.doors.pages.forbidden"
handler404 = "yizhi.doors.pages.not_found"
handler500 = "yizhi.doors.pages.broken"
