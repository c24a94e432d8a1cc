"use strict";

/* Starts the design system on the page, and on what htmx puts into it. No inline script, no eval: see the CSP. */
(function () {
  // DKFDS.init starts the menu again at every call, so parts that are swapped in get their own components one by one.
  const PARTS = [
    [".js-dropdown", "Dropdown"],
    [".accordion", "Accordion"],
    [".fds-modal", "Modal"],
    [".tab-container", "Tabs"],
    [".tooltip-wrapper", "Tooltip"],
    ["table.table--selectable", "TableSelectableRows"],
    ['[data-module="error-summary"]', "ErrorSummary"],
  ];

  function startIn(scope) {
    for (const [selector, name] of PARTS) {
      for (const element of scope.querySelectorAll(selector)) new window.DKFDS[name](element).init();
    }
  }

  function translateMore() {
    const nav = document.querySelector(".navigation-menu .nav[data-more]");
    const label = nav && nav.querySelector(".more-button span");
    if (label) label.textContent = nav.dataset.more;
  }

  // A form is sent once: the second click of an impatient hand is swallowed. The server would make one order of both.
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.dataset.sent) event.preventDefault();
    else if (!form.hasAttribute("hx-get") && !form.hasAttribute("hx-post")) form.dataset.sent = "yes";
  });
  // Back from the next page out of the browser's memory: it may be sent again.
  window.addEventListener("pageshow", function () {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
    const list = event.target.closest("a[data-export]");
    if (!list || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    import(list.dataset.export).then((parts) => parts.download(list), () => window.location.assign(list.href));
  });

  window.DKFDS.init();
  translateMore();
  document.addEventListener("htmx:afterSwap", (event) => startIn(event.detail.elt));
})();
