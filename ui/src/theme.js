// Runs before anything is painted, so that no page flashes in the other theme. Kept apart from main.js for that reason.
(() => {
  const asked = () => {
    try {
      return localStorage.getItem("theme") ?? "system";
    } catch {
      return "system";
    }
  };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const choice = asked();
    const theme = choice === "system" ? (dark.matches ? "dark" : "light") : choice;
    document.documentElement.dataset.bsTheme = theme;
    document.documentElement.dataset.themeAsked = choice;
    dispatchEvent(new CustomEvent("eosvolt:theme"));
  };
  dark.addEventListener("change", apply);
  addEventListener("storage", apply);
  addEventListener("eosvolt:theme-asked", apply);
  apply();
})();
