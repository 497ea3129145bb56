// Filters that send themselves, and buttons that cannot be pressed twice.
addEventListener("change", (event) => {
  const form = event.target.closest("form[data-send-on-change]");
  if (form?.checkValidity()) form.requestSubmit();
});

addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "get") {
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    return;
  }
  // Addresses stay short: what is empty is not asked for.
  for (const field of form.elements) {
    if (field.name && !field.value && field.type !== "submit") field.disabled = true;
  }
});

addEventListener("pageshow", () => {
  for (const form of document.forms) {
    delete form.dataset.sent;
    for (const field of form.elements) {
      if (field.disabled && !field.hasAttribute("data-off")) field.disabled = false;
      field.removeAttribute("aria-disabled");
    }
  }
});

// What a link in the list of errors leads to.
const WRONG = '[role="alert"] a[href^="#field-"]';
const fieldOf = (link) => link && document.querySelector(link.hash);

// A form that came back goes on where the first thing is wrong.
(document.querySelector("form .is-invalid") ?? fieldOf(document.querySelector(WRONG)))?.focus();

addEventListener("click", (event) => {
  const field = fieldOf(event.target.closest(WRONG));
  if (!field) return;
  event.preventDefault();
  field.focus();
});
