from django import forms


class StyleForm(forms.Form):
    """Every kind of field, for the style page alone."""

    title = forms.CharField(label="Title", help_text="What the team calls this piece of work.", max_length=120)
    prompt = forms.CharField(label="What were students asked to do?", widget=forms.Textarea(attrs={"rows": 3}))
    selection = forms.ChoiceField(
        label="How were these samples chosen?",
        choices=[("all", "all of the class"), ("random", "drawn at random"), ("picked", "picked by hand")],
    )
    when = forms.ChoiceField(
        label="When", widget=forms.RadioSelect, choices=[("now", "today"), ("later", "another day")]
    )
    names = forms.BooleanField(label="Show names at the reveal", required=False)
