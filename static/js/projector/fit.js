// Words that are too many for their place become a little smaller, down to what can still be read from the back of the
// room; what is then still too much is cut, and goes on on everyone's own screen.

const SIZES = [1, 0.94, 0.88, 0.82, 0.76, 0.7];
const SMALLEST = 0.88; // `data-fit="0.7"` says otherwise

/** @param {HTMLElement} element */
function fit(element) {
  const smallest = Number(element.dataset.fit) || SMALLEST;
  const holds = () => element.scrollHeight <= element.clientHeight + 1;
  element.classList.remove("is-cut");
  for (const size of SIZES) {
    if (size < smallest) break;
    element.style.setProperty("--fit", String(size));
    if (holds()) return;
  }
  element.classList.add("is-cut");
}

/** @param {ParentNode} root everything in it with `data-fit`, the outer before the inner */
export function fitAll(root) {
  for (const element of root.querySelectorAll("[data-fit]")) if (element instanceof HTMLElement) fit(element);
}
