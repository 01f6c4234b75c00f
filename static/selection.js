// Selecting rows of a list: all of the page, a range with shift, and how many. Without this the boxes and the button do.
"use strict";

(() => {
  const boxes = () => [...document.querySelectorAll('input[name="row"][form="selection"]')];
  let last = null;

  function tell() {
    const number = boxes().filter((box) => box.checked).length;
    const count = document.querySelector("[data-select-count]");
    const all = document.querySelector("[data-select-all]");
    if (!count || !all) return;
    count.textContent = number ? `${number} selected` : "Tick rows to act on several at once.";
    all.hidden = false;
    all.checked = number > 0 && number === boxes().length;
    all.indeterminate = number > 0 && !all.checked;
  }

  document.addEventListener("click", (event) => {
    const box = event.target.closest('input[name="row"][form="selection"]');
    if (!box) return;
    const all = boxes();
    if (event.shiftKey && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      for (const each of all.slice(from, to + 1)) each.checked = box.checked;
    }
    last = box;
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-select-all]")) for (const box of boxes()) box.checked = event.target.checked;
    tell();
  });
  document.addEventListener("DOMContentLoaded", tell);
  window.addEventListener("pageshow", tell);
  document.addEventListener("htmx:afterSettle", tell);
})();
