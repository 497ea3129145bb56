// Light, dark, or as the system says; and the rail on small screens.
addEventListener("click", (event) => {
  const choice = event.target.closest("[data-theme-choice]");
  if (choice) {
    try {
      localStorage.setItem("theme", choice.dataset.themeChoice);
    } catch {
      // Without storage the choice lasts as long as the page.
    }
    dispatchEvent(new CustomEvent("eosvolt:theme-asked"));
    show();
  }
  const toggle = event.target.closest("[data-rail]");
  if (toggle) {
    const open = document.body.classList.toggle("rail-open");
    toggle.setAttribute("aria-expanded", String(open));
  } else if (document.body.classList.contains("rail-open") && !event.target.closest("#rail")) {
    document.body.classList.remove("rail-open");
    document.querySelector("[data-rail]")?.setAttribute("aria-expanded", "false");
  }
});

function show() {
  for (const choice of document.querySelectorAll("[data-theme-choice]")) {
    const on = choice.dataset.themeChoice === document.documentElement.dataset.themeAsked;
    choice.setAttribute("aria-pressed", String(on));
  }
}

show();

// A screen on the wall may fill all of it.
addEventListener("click", (event) => {
  if (event.target.closest("[data-full-screen]")) document.documentElement.requestFullscreen?.();
});
