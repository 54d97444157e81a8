from django.urls import path

from sessions_app.views import next_steps, planning, projector, room, striking, writing

app_name = "sessions_app"
urlpatterns = [
    path("join/", room.join, name="join"),
    path("next-steps/", next_steps.board, name="next_steps"),
    path("next-steps/<uuid:step>/", next_steps.update, name="next_step_update"),
    path("sessions/plan/", planning.plan, name="plan"),
    path("sessions/plan/steps/", planning.steps, name="plan_steps"),
    path("sessions/<uuid:session>/plan/", planning.edit, name="edit"),
    path("sessions/<uuid:session>/calendar.ics", planning.calendar, name="calendar"),
    path("sessions/<uuid:session>/", room.room, name="room"),
    path("sessions/<uuid:session>/state/", room.state, name="state"),
    path("sessions/<uuid:session>/panel/<slug:name>/", room.panel, name="panel"),
    path("sessions/<uuid:session>/commands/<slug:name>/", room.command, name="command"),
    path("sessions/<uuid:session>/done/", room.done, name="done"),
    path("sessions/<uuid:session>/scores/", writing.score, name="score"),
    path("sessions/<uuid:session>/notes/", writing.note, name="note"),
    path("sessions/<uuid:session>/notes/<uuid:note_id>/remove/", writing.remove_note, name="note_remove"),
    path("sessions/<uuid:session>/notes/<uuid:note_id>/strike/", striking.strike, name="note_strike"),
    path("sessions/<uuid:session>/strike/", striking.look_through, name="strike"),
    path("sessions/<uuid:session>/consensus/", writing.consensus, name="consensus"),
    path("sessions/<uuid:session>/next-steps/", writing.next_step, name="next_step"),
    path("sessions/<uuid:session>/claim/", writing.claim, name="claim"),
    path("sessions/<uuid:session>/focus/", writing.focus, name="focus"),
    path("sessions/<uuid:session>/pages/<uuid:page>/image/", room.page_image, name="page_image"),
    path("sessions/<uuid:session>/pages/<uuid:page>/thumbnail/", room.page_thumbnail, name="page_thumbnail"),
    path("sessions/<uuid:session>/projector/", projector.setup, name="projector_setup"),
    path("sessions/<uuid:session>/projector/told/", projector.told, name="projector_told"),
    path("sessions/<uuid:session>/projector/here/", projector.open_here, name="projector_here"),
    path("sessions/<uuid:session>/projector/off/", projector.turn_off, name="projector_off"),
    path("show/<str:code>/", projector.link, name="projector_link"),
    path("projector/<uuid:projector>/", projector.projector, name="projector"),
    path("projector/<uuid:projector>/state/", projector.state, name="projector_state"),
    path("projector/<uuid:projector>/panel/screen/", projector.panel, name="projector_panel"),
    path("projector/<uuid:projector>/pages/<uuid:page>/image/", projector.page, name="projector_page"),
]
