// The theme, before the first paint: loaded in the head without `defer`, because a page that turns dark after
// it was shown light hurts the eye. 'auto' follows the system; what is chosen is kept in this browser.
(() => {
  const KEY = "esw-theme";
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  /** @returns {"auto" | "light" | "dark"} */
  function chosen() {
    try {
      const kept = window.localStorage.getItem(KEY);
      return kept === "light" || kept === "dark" ? kept : "auto";
    } catch {
      return "auto"; // a browser that keeps nothing
    }
  }

  function show() {
    const theme = chosen();
    const dark = theme === "dark" || (theme === "auto" && system.matches);
    document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
    document.documentElement.dataset.theme = theme;
  }

  show();
  system.addEventListener("change", show);
  window.addEventListener("storage", show);
  window.addEventListener("esw:theme", show);
})();
