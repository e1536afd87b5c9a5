"""Pages: the few that people read: the welcome, the API's documentation, and one for each kind of problem."""

from flask import Blueprint, Response, abort, current_app, make_response, render_template
from markupsafe import Markup

from api import documentation, problems
from api.describing import Document
from content import markup, types
from content.documents import API

HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


def blueprint(document: Document) -> Blueprint:
    """Return the pages, and the files that they are dressed with."""
    pages = Blueprint(
        "pages",
        __name__,
        static_folder="static/built",
        static_url_path=f"{API}/static",
        template_folder="templates",
    )

    @pages.get("/")
    def welcome() -> Response:
        """Greet whoever opens the server's own address."""
        return _page("api/welcome.html", calls=_live_calls())

    @pages.get(f"{API}/docs")
    def docs() -> Response:
        """Show every call, with examples."""
        groups = documentation.groups(document.content, str(current_app.config["VERSO_PUBLIC_URL"]))
        about = documentation.marked_up(document.content["info"]["description"])
        return _page("api/docs.html", groups=groups, kinds=problems.KINDS, description=about)

    @pages.get(f"{API}/problems/<name>")
    def problem(name: str) -> Response:
        """Explain a kind of problem."""
        kind = next((kind for kind in problems.KINDS if kind.name == name), None) or abort(404)
        return _page("api/problem.html", kind=kind, advice=Markup(markup.render(kind.advice).html))  # noqa: S704

    return pages


def _page(template: str, **shown: object) -> Response:
    response = make_response(render_template(template, start=API, **shown))
    response.headers.update(HEADERS)
    return response


def _live_calls() -> list[tuple[str, str]]:
    lists = [
        (f"{API}/{declared.plural}", f"{declared.plural_label}, newest first")
        for declared in types.everyone()
    ]
    return [*lists, (f"{API}/changes", "What was published, moved and withdrawn, act by act")]
