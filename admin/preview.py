"""What a text will look like: the same HTML that publishing renders, while it is being written."""

from flask import Blueprint, render_template, request

from admin.frame import pages_of, require
from admin.pictures import rendered
from admin.roles import Right
from content.characters import normalised

pages: Blueprint = pages_of("preview", __name__, "/admin")


@pages.post("/preview")
def of_markdown() -> str:
    """Answer the HTML of the Markdown sent; a fragment for the pane beside the editor."""
    require(Right.WRITE)
    return render_template(
        "admin/preview.html", html=rendered(normalised(request.form.get("markdown", ""))).html
    )
