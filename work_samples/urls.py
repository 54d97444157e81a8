from django.urls import URLPattern, path

from work_samples.views import archive, assignments, batch, images, redact, samples, uploads

app_name = "work_samples"
urlpatterns: list[URLPattern] = [
    path("assignments/new/", assignments.new, name="assignment_new"),
    path("assignments/<uuid:assignment>/", assignments.show, name="assignment"),
    path("assignments/<uuid:assignment>/edit/", assignments.edit, name="assignment_edit"),
    path("assignments/<uuid:assignment>/samples/", assignments.sheet, name="sheet"),
    path("assignments/<uuid:assignment>/text/", uploads.text, name="text"),
    path("assignments/<uuid:assignment>/redact/", batch.redact, name="redact_batch"),
    path("assignments/<uuid:assignment>/preview/", batch.preview, name="preview_batch"),
    path("assignments/<uuid:assignment>/confirm/", batch.confirm, name="confirm_batch"),
    path("samples/upload/", uploads.upload, name="upload"),
    path("samples/archive/", archive.archive, name="archive"),
    path("samples/restore/", archive.restore, name="restore"),
    path("samples/<uuid:sample>/", samples.show, name="sample"),
    path("samples/<uuid:sample>/status/", samples.status, name="status"),
    path("samples/<uuid:sample>/label/", samples.rename, name="rename"),
    path("samples/<uuid:sample>/delete/", samples.delete, name="delete"),
    path("samples/<uuid:sample>/retry/", samples.retry, name="retry"),
    path("samples/<uuid:sample>/redact/", redact.screen, name="redact"),
    path("samples/<uuid:sample>/redactions/", redact.drafts, name="redactions"),
    path("samples/<uuid:sample>/preview/", redact.preview, name="preview"),
    path("samples/<uuid:sample>/confirm/", redact.confirm, name="confirm"),
    path("samples/<uuid:sample>/uploads/<uuid:upload>/", images.original, name="original"),
    path("samples/<uuid:sample>/uploads/<uuid:upload>/remove/", uploads.remove, name="upload_remove"),
    path("pages/<uuid:page>/image/", images.page_image, name="page_image"),
    path("pages/<uuid:page>/thumbnail/", images.page_thumbnail, name="page_thumbnail"),
    path("pages/<uuid:page>/preview/", images.page_preview, name="page_preview"),
]
