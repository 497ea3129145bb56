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

// A form that came back goes on where the first thing is wrong.
document.querySelector("form .is-invalid")?.focus();

addEventListener("click", (event) => {
  const link = event.target.closest('[role="alert"] a[href^="#field-"]');
  const field = link && document.querySelector(link.hash);
  if (!field) return;
  event.preventDefault();
  field.focus();
});
