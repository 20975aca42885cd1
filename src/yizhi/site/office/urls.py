"""The addresses of these pages, before those of the registers."""

from django.urls import path

from yizhi.office import offer
from yizhi.site.office import (
    connections_page,
    delivery_page,
    erase_page,
    gaps_page,
    home,
    keys_page,
    mail_page,
    rules_page,
    staff_page,
    stickers_page,
)

urlpatterns = [
    path("", home.home, name="office_home"),
    path("profile/", rules_page.rules, name="office_rules"),
    path("profile/check/", rules_page.check, name="office_rules_check"),
    path("profile/apply/", rules_page.apply, name="office_rules_apply"),
    path("profile/file/<str:name>", rules_page.file, name="office_rules_file"),
    path("rehearse/", rules_page.rehearse, name="office_rehearse"),
    path("codes/", stickers_page.codes, name="office_stickers"),
    path("codes/print/", stickers_page.sheet, name="office_stickers_print"),
    path("codes/<str:code>/new/", stickers_page.renew, name="office_sticker_new"),
    path("codes/<str:code>/down/", stickers_page.withdraw, name="office_sticker_down"),
    path("staff/", staff_page.staff, name="office_staff"),
    path("staff/sheet/", staff_page.sheet, name="office_staff_sheet"),
    path("staff/import/", staff_page.import_staff, name="office_staff_import"),
    path("staff/hand-over/", staff_page.hand_over, name="office_hand_over"),
    path("gaps/", gaps_page.gaps, name="office_gaps"),
    path("gaps/sheet/", gaps_page.gaps_sheet, name="office_gaps_sheet"),
    path("keys/new/", keys_page.token, name="office_token"),
    path("connections/", connections_page.connections, name="office_connections"),
    path("connections/new/", connections_page.new, name="office_connection_new"),
    path("connections/<int:number>/", connections_page.connection, name="office_connection"),
    path("connections/<int:number>/switch/", connections_page.switch, name="office_connection_switch"),
    path("connections/<int:number>/secret/", connections_page.renew, name="office_connection_secret"),
    path("connections/<int:number>/again/", connections_page.again, name="office_connection_again"),
    path("mail/", mail_page.mail, name="office_mail"),
    path("delivery/", delivery_page.delivery, name="office_delivery"),
    path("erase/", erase_page.erase, name="office_erase"),
]

offer(acts=keys_page.named_acts, kinds=keys_page.named_kinds)
