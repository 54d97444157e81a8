"""The pages of logging in: the password, having a code mailed, typing it.

Over allauth's views, which do the work. A code that waits in a browser never stands in anybody's way: each of the
three pages can be opened at any time, and `next` goes with the person from page to page.
"""

from typing import Any

from allauth.account import views as theirs
from allauth.account.stages import LoginByCodeStage, LoginStage
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from esw.core.responses import wants_json
from esw.core.views import too_often
from esw.core.words import SMALL
from teams.log_in import codes, limits, scripts
from teams.log_in.forms import LogInForm, MailCodeForm, TypeCodeForm, keep_logged_in

ENOUGH_CODES = (
    "Codes were asked for so often with this address that we send no more for a while. Use the newest one that you "
    "have, log in with your password, or try again in ten minutes."
)
NOT_SENT = "The letter could not be sent just now. Please try again in a moment, or log in with your password."
NOTHING_WAITS = "No code waits in this browser. Have one mailed to you."


class _Door:
    """What the two pages that open at any time share."""

    request: HttpRequest

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: LoginStage) -> HttpResponseRedirect | None:
        """A code that waits leads nobody away, as it would in allauth."""
        if stage.key == LoginByCodeStage.key:
            return None
        answer: HttpResponseRedirect | None = super()._redirect_to_pending_stage(request, stage)  # type: ignore[misc]
        return answer

    def get_initial(self) -> dict[str, Any]:
        waiting = codes.waiting(self.request)
        initial: dict[str, Any] = super().get_initial()  # type: ignore[misc]
        if waiting is not None:
            initial |= {"email": waiting.email, "login": waiting.email, "shared": waiting.shared}
        return initial


class LogInView(_Door, theirs.LoginView):
    """`/accounts/login/`: by password, with a button for the other way."""

    form_class = LogInForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not limits.from_here(limits.LOG_INS_FROM_HERE, request):
            return too_often(request)
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def form_invalid(self, form: LogInForm) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)
        if form.has_error("__all__", "too_many_login_attempts"):
            answer.status_code = 429
        return answer


@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class MailCodeView(_Door, theirs.RequestLoginCodeView):
    """`/accounts/login/code/`: mail a code. The log-in page posts here, too, with its own field `login`."""

    form_class = MailCodeForm
    template_name = "account/mail_code.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not limits.from_here(limits.LETTERS_FROM_HERE, request):
            return too_often(request)
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def form_invalid(self, form: MailCodeForm) -> HttpResponse:
        return scripts.told(self.request, super().form_invalid(form), form)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        if "email" not in kwargs.get("data", {"email": ""}):
            kwargs["data"] = kwargs["data"].copy()
            kwargs["data"]["email"] = kwargs["data"].get("login", "")
        return kwargs

    def form_valid(self, form: MailCodeForm) -> HttpResponse:
        email = form.cleaned_data["email"]
        if not limits.take_code(email):
            return self._refuse(form, ENOUGH_CODES, 429)
        try:
            codes.send(request=self.request, email=email, user=form.user, shared=form.cleaned_data["shared"])
        except codes.NotSent:
            limits.give_code_back(email)
            return self._refuse(form, NOT_SENT, 503)
        return scripts.told(self.request, HttpResponseRedirect(self.get_success_url()), form)

    def _refuse(self, form: MailCodeForm, sentence: str, status: int) -> HttpResponse:
        form.add_error(None, sentence)
        return scripts.told(
            self.request, self.render_to_response(self.get_context_data(form=form), status=status), form
        )


@method_decorator(sensitive_post_parameters("code"), name="dispatch")
class TypeCodeView(theirs.ConfirmLoginCodeView):
    """`/accounts/login/code/confirm/`: type the code.

    A code whose time or tries are over leaves this page with one button, which mails a new one to the same address.
    """

    form_class = TypeCodeForm
    template_name = "account/type_code.html"
    waiting: codes.Waiting

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            waiting = codes.waiting(request)
            if waiting is None:
                if wants_json(request):
                    return JsonResponse({"error": NOTHING_WAITS}, status=409)
                messages.info(request, NOTHING_WAITS)
                return HttpResponseRedirect(self.passthrough_next_url(reverse("account_request_login_code")))
            self.waiting = waiting
            if waiting.is_over:
                return self._over("Its ten minutes are over.", 200)
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        return kwargs | {"take_try": self.waiting.take_try}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        are_files = settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")
        return context | {"waiting": self.waiting, "letters_are_files": are_files}

    def form_valid(self, form: TypeCodeForm) -> HttpResponse:
        if self._process.user is None:  # somebody deleted the account meanwhile
            return self.form_invalid(form)
        answer: HttpResponse = super().form_valid(form)
        keep_logged_in(self.request, shared=self.waiting.shared)
        return scripts.told(self.request, answer, form)

    def form_invalid(self, form: TypeCodeForm) -> HttpResponse:
        no_try = form.has_error("code", "shape") or form.has_error("code", "required")
        if not no_try and (form.has_error("code", "dead") or not self._process.record_invalid_attempt()):
            self._process.abort()
            return self._over(f"It was typed wrong {SMALL[limits.CODE_TRIES.allowed]} times.", 429)
        if not no_try:
            form.errors["code"] = form.error_class([self._tries_left()])
        return scripts.told(self.request, self.render_to_response(self.get_context_data(form=form)), form)

    def _tries_left(self) -> str:
        left = limits.CODE_TRIES.allowed - self._process.state["failed_attempts"]
        tries = "one try" if left == 1 else f"{SMALL[left]} tries"
        return f"That is not the code in our newest letter. You have {tries} left."

    def _over(self, why: str, status: int) -> HttpResponse:
        if wants_json(self.request):
            return JsonResponse({"error": f"That code no longer works. {why}"}, status=max(status, 409))
        context = {"waiting": self.waiting, "why": why, "next": self.get_next_url()}
        return render(self.request, "account/code_over.html", context, status=status)
