// A cell of Markdown's tables stands in one row and in one column. One that spans several is said in each of them, so that
// every value stays under its own heading.

// Gives every row of a table one cell for each column.
export function spread(table) {
  const sections = [...table.querySelectorAll("thead, tbody, tfoot")].map((section) => [section, slotsOf(section)]);
  // One that spans "all columns" by a large number makes none: a column is where some cell begins.
  const columns = [...new Set(sections.flatMap(([, slots]) => slots.flat().map(({ begins }) => begins)))].sort((one, other) => one - other);
  for (const [section, slots] of sections) {
    [...section.rows].forEach((row, at) => row.replaceChildren(...cellsOf(row, columns.map((column) => slots[at][column]?.cell))));
  }
  if (table.tHead) joined([...table.tHead.rows]);
}

// What stands where in a section, beyond which no cell reaches: rows of columns, each with the cell and where that begins.
function slotsOf(section) {
  const rows = [...section.rows];
  const slots = rows.map(() => []);
  rows.forEach((row, at) => {
    for (const cell of row.cells) {
      let begins = 0;
      while (slots[at][begins]) begins += 1;
      const end = cell.rowSpan ? Math.min(at + cell.rowSpan, rows.length) : rows.length;
      for (let below = at; below < end; below += 1) {
        for (let column = begins; column < begins + cell.colSpan; column += 1) slots[below][column] ??= { cell, begins };
      }
    }
  });
  return slots;
}

// A cell across the whole row is a heading of what follows, and said once.
function cellsOf(row, cells) {
  const across = cells.every((cell) => cell === cells[0]);
  const name = cells.find(Boolean)?.localName ?? "td";
  return cells.map((cell, at) => (cell && !(across && at) ? single(cell) : document.createElement(name)));
}

function single(cell) {
  const copy = cell.cloneNode(true);
  copy.removeAttribute("rowspan");
  copy.removeAttribute("colspan");
  return copy;
}

// Markdown has one row of headings: what stands above each other there is one, "Dose: mg".
function joined([first, ...others]) {
  for (const row of others) {
    [...row.cells].forEach((cell, column) => {
      const above = first.cells[column];
      const said = above.textContent.trim();
      const further = cell.textContent.trim();
      if (further && further !== said) above.append(...(said ? [": "] : []), ...cell.childNodes);
    });
    row.remove();
  }
}
