// Sorts tables by their headings and narrows lists. Every page reads the same without it.
"use strict";
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const original = [...body.rows];
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const isNumber = head.dataset.type === "number";
      const steps = isNumber ? ["descending", "ascending"] : ["ascending", "descending"];
      const next = steps[steps.indexOf(head.getAttribute("aria-sort")) + 1];
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      const rows = [...original];
      if (next) {
        head.setAttribute("aria-sort", next);
        const key = row => {
          const cell = row.cells[column];
          const text = cell.dataset.sort ?? cell.textContent.trim();
          return isNumber ? Number.parseFloat(text) || 0 : text.toLowerCase();
        };
        const sign = next === "ascending" ? 1 : -1;
        rows.sort((one, other) => {
          const [a, b] = [key(one), key(other)];
          return sign * (isNumber ? a - b : a < b ? -1 : a > b ? 1 : 0);
        });
      }
      body.append(...rows);
    });
  });
}
for (const form of document.querySelectorAll("form.filters")) {
  form.hidden = false;
  form.addEventListener("submit", event => event.preventDefault());
  const rows = [...document.querySelectorAll("table.sortable tbody tr")].filter(row =>
    form.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING && row.closest("table").matches(".rules, .matrix, :only-of-type"));
  const fields = [...form.elements].filter(element => element.name);
  const output = form.querySelector("output");
  const apply = () => {
    const wanted = fields.filter(field => field.value);
    let shown = 0;
    for (const row of rows) {
      const isShown = wanted.every(field => {
        if (field.name === "text") return row.textContent.toLowerCase().includes(field.value.toLowerCase());
        const value = row.dataset[field.name];
        return value === undefined || value === field.value || value.split(" ").includes(field.value);
      });
      row.hidden = !isShown;
      if (isShown) shown += 1;
    }
    for (const group of document.querySelectorAll("section.group"))
      group.hidden = ![...group.querySelectorAll("tbody tr")].some(row => !row.hidden);
    output.textContent = wanted.length ? `${shown} of ${rows.length} shown` : "";
  };
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
}
