// On a page whose forms have data-carried, what was typed in the others comes along when one of them is sent: this tab holds
// it until the page is shown again. The value names what the page is about.
export function carries(page) {
  const forms = [...page.querySelectorAll("form[data-carried]")];
  if (!forms.length) return;
  const place = `carried ${forms[0].dataset.carried} ${forms[0].elements.opened_by?.value}`;
  for (const form of forms) form.addEventListener("submit", () => take(place, forms.filter((other) => other !== form)));
  bring(place, forms);
}

function take(place, others) {
  const typed = others.flatMap(typedIn);
  try {
    sessionStorage.setItem(place, JSON.stringify(typed));
  } catch {
    return; // Where nothing can be held, leaving asks.
  }
  for (const other of others) other.dispatchEvent(new Event("kept"));
}

// Returns what stands in a form's fields otherwise than they came.
function typedIn(form) {
  const fields = [...form.elements].filter((field) => field.name && field.type !== "hidden" && changed(field));
  return fields.map((field) => [form.getAttribute("action"), field.name, field.value, field.checked ?? null]);
}

function changed(field) {
  if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return field.matches("input, textarea") && field.value !== field.defaultValue;
}

function bring(place, forms) {
  const typed = JSON.parse(sessionStorage.getItem(place) ?? "[]");
  sessionStorage.removeItem(place);
  for (const [action, name, value, checked] of typed) {
    const form = forms.find((one) => one.getAttribute("action") === action);
    const fields = [...(form?.elements ?? [])].filter((field) => field.name === name);
    const field = fields.length > 1 ? fields.find((one) => one.value === value) : fields[0];
    if (field) fill(field, value, checked);
  }
}

function fill(field, value, checked) {
  if (checked !== null && ["radio", "checkbox"].includes(field.type)) field.checked = checked;
  else field.value = value;
  const folded = field.closest("details");
  if (folded) folded.open = true;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
