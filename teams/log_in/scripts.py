"""What a script hears of a form of the log-in: where to go on, or one sentence."""

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse

from esw.core.responses import wants_json

BAD_REQUEST = 400


def told(request: HttpRequest, answer: HttpResponse, form: BaseForm | None) -> HttpResponse:
    """`answer` to a browser. To a script `{"location"}` for a redirect, and `{"error"}` for what `form` refuses.

    allauth's own JSON holds the page and everything that was typed, the password too.
    """
    if not wants_json(request):
        return answer
    if isinstance(answer, HttpResponseRedirect):
        return JsonResponse({"location": answer["Location"]})
    if form is not None and form.errors:
        sentence = str(next(iter(form.errors.values()))[0])
        return JsonResponse({"error": sentence}, status=max(answer.status_code, BAD_REQUEST))
    return answer
