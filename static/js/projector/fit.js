// Words that are too many for their place become a little smaller, down to what can still be read; then they are cut.

const SIZES = [1, 0.94, 0.88, 0.82, 0.76, 0.7];

/** @param {HTMLElement} element */
function fit(element) {
  for (const size of SIZES) {
    element.style.setProperty("--fit", String(size));
    if (element.scrollHeight <= element.clientHeight + 1) return;
  }
}

/** @param {ParentNode} root everything in it with `data-fit`, the outer before the inner */
export function fitAll(root) {
  for (const element of root.querySelectorAll("[data-fit]")) if (element instanceof HTMLElement) fit(element);
}
