from django.urls import path

from yizhi.registry.web import mine, records, sheets

urlpatterns = [
    path("records/", records.find, name="records"),
    path("records/place/<int:address>/", records.house, name="records_place"),
    path("records/place/<int:address>/new/<slug:register>", records.new, name="records_new"),
    path("records/proposals/", records.proposals, name="records_proposals"),
    path("records/proposals/<int:number>/<slug:what>", records.decide, name="records_decide"),
    path("records/sheets/", sheets.batches, name="records_sheets"),
    path("records/sheets/template/<slug:register>", sheets.template, name="records_template"),
    path("records/sheets/<int:number>/", sheets.batch, name="records_sheet"),
    path("records/sheets/<int:number>/<slug:what>", sheets.step, name="records_sheet_step"),
    path("records/out/", sheets.takings, name="records_takings"),
    path("records/out/<int:number>/<slug:what>", sheets.taking, name="records_taking"),
    path("records/<int:number>/", records.record, name="record"),
    path("records/<int:number>/hand", mine.hand_over, name="record_hand"),
    path("records/requests/<str:case>/delete", mine.delete, name="mine_delete"),
    path("mine/", mine.mine, name="mine"),
    path("mine/copy", mine.copy, name="mine_copy"),
    path("mine/ask", mine.ask, name="mine_ask"),
    path("mine/leave", mine.leave, name="mine_leave"),
    path("records/<int:number>/look", records.look, name="record_look"),
    path("records/<int:number>/<slug:act>", records.propose, name="record_propose"),
]
