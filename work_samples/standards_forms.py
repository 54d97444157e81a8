"""What an administrator fills in to bring a framework of standards."""

from pathlib import PurePath
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from teams.models import District
from work_samples import standards


class ImportForm(forms.Form):
    """`districts` are those that the person administers; with one there is nothing to choose."""

    bad_rows: tuple[standards.BadRow, ...] = ()

    district = forms.ModelChoiceField(District.objects.none(), empty_label=None)
    file = forms.FileField(
        label="The file",
        help_text=f"CASE (JSON) or a table (CSV), up to {standards.MAX_BYTES // 1_000_000} MB.",
        widget=forms.ClearableFileInput(attrs={"accept": ".json,.csv,.tsv,.txt,application/json,text/csv"}),
    )
    title = forms.CharField(
        max_length=200,
        required=False,
        label="What it is called",
        help_text="For a table only; a CASE file has its own title. The same title again updates what is there.",
    )
    keep_rest = forms.BooleanField(
        required=False,
        label="Leave out rows that cannot be read, and keep the rest",
    )

    def __init__(self, *args: Any, districts: QuerySet[District], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["district"]
        field.queryset = districts  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("district", "file", "title", "keep_rest")
        if len(districts) == 1:
            field.widget = forms.HiddenInput()
            self.initial["district"] = districts[0].pk

    def read(self) -> standards.Framework | None:
        """The framework in the file; None when it cannot be read, and then the form says why."""
        file: UploadedFile = self.cleaned_data["file"]
        data = file.read(standards.MAX_BYTES + 1)  # one byte more than may be: it is told
        title = self.cleaned_data["title"].strip() or PurePath(file.name or "").stem
        try:
            return standards.read(data, title=title, keep_rest=self.cleaned_data["keep_rest"])
        except standards.CannotRead as refused:
            self.add_error("file", refused.sentence)
            self.bad_rows = refused.rows
            return None
