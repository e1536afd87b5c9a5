// A <select data-pick="ADDRESS"> becomes a field to search in; with data-make, what is typed and not found is made, and
// sent as "new:" and the words. An <input data-tags> becomes a field of words parted by commas.
import TomSelect from "tom-select/base";
import removeButton from "tom-select/plugins/remove_button/plugin.js";

TomSelect.define("remove_button", removeButton);

const MOST_SHOWN = 50;
const removable = { remove_button: { title: "Remove", className: "remove" } };
const said = {
  option_create: (data, escape) => `<div class="create">Make “${escape(data.input)}”</div>`,
  no_results: () => '<div class="no-results">Nothing by that name</div>',
};

export function pickers(page) {
  for (const select of page.querySelectorAll("select[data-pick]")) pick(select);
  for (const field of page.querySelectorAll("input[data-tags]")) tag(field);
}

function pick(select) {
  const picker = new TomSelect(select, {
    plugins: select.multiple ? removable : {},
    create: select.dataset.make === undefined ? false : (words) => ({ value: `new:${words}`, text: words }),
    persist: true,
    maxOptions: MOST_SHOWN,
    closeAfterSelect: true,
    hideSelected: select.multiple,
    allowEmptyOption: !select.multiple,
    render: said,
    load: (words, found) => lookUp(select.dataset.pick, words, found),
  });
  quiet(picker);
}

function tag(field) {
  const known = JSON.parse(field.dataset.tags);
  // What the picker does not offer it would drop, and it takes the blank after a comma for a part of the word.
  const chosen = field.value.split(",").map((word) => word.trim()).filter(Boolean);
  const picker = new TomSelect(field, {
    plugins: removable,
    delimiter: ",",
    create: true,
    createOnBlur: true,
    maxOptions: MOST_SHOWN,
    options: [...new Set([...known, ...chosen])].map((word) => ({ value: word, text: word })),
    items: chosen,
    render: said,
  });
  quiet(picker);
}

function quiet(picker) {
  picker.input.hidden = true;
  picker.control_input.setAttribute("autocomplete", "off");
  picker.on("change", () => picker.input.dispatchEvent(new Event("input", { bubbles: true })));
}

async function lookUp(address, words, found) {
  try {
    const answer = await fetch(`${address}&q=${encodeURIComponent(words)}`);
    found(answer.ok ? await answer.json() : []);
  } catch {
    found([]);
  }
}
