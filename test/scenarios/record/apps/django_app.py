import sys
from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.template import engines
from django.urls import path

settings.configure(
    SECRET_KEY="not-a-secret",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
)


def order(_request, id):
    return JsonResponse({"id": id, "total": 12.5, "city": "Köln"})


def form(request):
    page = "<form>{% csrf_token %}<input name=qty></form>"
    return HttpResponse(engines["django"].from_string(page).render({}, request))


def quote(_request):
    return HttpResponse(engines["django"].from_string("<p>{{ text }}</p>").render({"text": "it's \"1\" < 2"}))


def cookie(_request):
    answer = HttpResponse("set")
    answer.set_cookie("sid", "1", max_age=60, httponly=True)
    return answer


def boom(_request):
    raise ValueError("boom")


urlpatterns = [
    path("order/<int:id>", order),
    path("form", form),
    path("quote", quote),
    path("cookie", cookie),
    path("boom", boom),
    path("go", lambda _: HttpResponseRedirect("/form")),
    path("folder/", lambda _: HttpResponse("folder")),
    path("token", lambda request: HttpResponse(str(len(get_token(request))))),
]

if __name__ == "__main__":
    execute_from_command_line([sys.argv[0], "runserver", "--noreload", f"127.0.0.1:{sys.argv[1]}"])
