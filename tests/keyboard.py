"""The keyboard, as people use it who have no mouse: they come to a thing by the Tab key, then press, choose or type."""

MOST = 200  # things that somebody passes on their way


def sign_in(page, site, *, email, password):
    """Come in by the keyboard, to the desk."""
    page.goto(f"{site}/admin/")
    fill(page, "Email", email)
    fill(page, "Password", password)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Desk").wait_for()


def go_to(page, thing):
    """Press Tab until `thing`, a locator, has the focus; not at all where it has it."""
    focused = thing.and_(page.locator(":focus"))
    for _ in range(MOST):
        if focused.count():
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key never came to {thing}")


def press(page, role, name):
    """Come to something by its name, and press Enter on it."""
    go_to(page, page.get_by_role(role, name=name, exact=True))
    page.keyboard.press("Enter")


def unfold(page, summary):
    """Come to what is folded up, by its summary, and unfold it."""
    go_to(page, page.locator("summary", has_text=summary))
    page.keyboard.press("Enter")


def fill(page, label, words):
    """Come to a field by its label, and type over what stands in it."""
    go_to(page, page.get_by_label(label, exact=True))
    page.keyboard.press("Control+a")
    page.keyboard.type(words)


def write(page, words):
    """Come to the Markdown editor, and type over what stands in it."""
    go_to(page, page.get_by_role("textbox", name="Text", exact=True))
    page.keyboard.press("Control+a")
    page.keyboard.type(words)


def fill_moment(page, label, moment):
    """Come to a field of a moment, and type that part by part, as a browser in American English asks for it."""
    field = page.get_by_label(label)
    go_to(page, field)
    page.keyboard.type(f"{moment:%m%d%Y}")
    page.keyboard.press("Tab")  # from the year, which may be longer, to the hour
    page.keyboard.type(f"{moment:%I%M%p}")
    assert field.input_value() == f"{moment:%Y-%m-%dT%H:%M}"
