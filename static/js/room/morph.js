// Makes the page's part look like the fresh fragment without replacing what a person is using: elements keep
// their identity, so focus, scroll, open folds and half-typed words stay where they are.
//
// `data-keep`: never touched once it is there (the viewer). `data-hold`: somebody is writing in it, or it waits
// to be sent; left alone until it is released. `data-key` or `id` says what is the same thing.

/** @param {Node} node */
function keyOf(node) {
  if (!(node instanceof Element)) return null;
  return node.getAttribute("data-key") ?? (node.id || null);
}

/** @param {Element} element */
function isHeld(element) {
  return element.hasAttribute("data-hold") || element.hasAttribute("data-keep");
}

/**
 * A person's own doing, which the server's fragment knows nothing of.
 * @param {Element} element
 * @param {string} name
 */
function isOwn(element, name) {
  if (name === "open") return element.matches("details, dialog");
  return name === "data-sent" || (name === "hidden" && element.hasAttribute("data-crit-view"));
}

/**
 * @param {Element} old
 * @param {Element} fresh
 */
function syncAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !isOwn(old, name)) old.removeAttribute(name);
  }
  for (const { name, value } of [...fresh.attributes]) {
    if (old.getAttribute(name) !== value && !isOwn(old, name)) old.setAttribute(name, value);
  }
}

/**
 * A field shows what the server has, unless the person is in it.
 * @param {Element} old
 * @param {Element} fresh
 */
function syncField(old, fresh) {
  if (old === document.activeElement) return;
  if (old instanceof HTMLInputElement && fresh instanceof HTMLInputElement) {
    if (old.type === "radio" || old.type === "checkbox") old.checked = fresh.hasAttribute("checked");
    else old.value = fresh.getAttribute("value") ?? "";
  } else if (old instanceof HTMLTextAreaElement && fresh instanceof HTMLTextAreaElement) {
    old.value = fresh.defaultValue;
    old.defaultValue = fresh.defaultValue;
  }
}

/**
 * @param {Element} old
 * @param {Element} fresh
 */
function syncChildren(old, fresh) {
  const wanted = new Set([...fresh.childNodes].map(keyOf).filter(Boolean));
  /** @type {Map<string, Element>} */
  const keyed = new Map();
  for (const child of [...old.children]) {
    const key = keyOf(child);
    if (key && wanted.has(key)) keyed.set(key, child);
    else if (key) child.remove();
  }
  let cursor = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    const key = keyOf(next);
    const match = key ? (keyed.get(key) ?? null) : sameKind(cursor, next);
    if (match && match === cursor) {
      cursor = match.nextSibling;
      morph(match, next);
    } else if (match) {
      old.insertBefore(match, cursor);
      morph(match, next);
    } else {
      old.insertBefore(document.importNode(next, true), cursor);
    }
  }
  while (cursor) {
    const after = cursor.nextSibling;
    cursor.remove();
    cursor = after;
  }
}

/**
 * The next node without a key of its own that is the same kind of thing.
 * @param {ChildNode | null} from
 * @param {Node} like
 * @returns {ChildNode | null}
 */
function sameKind(from, like) {
  return from && !keyOf(from) && from.nodeName === like.nodeName ? from : null;
}

/**
 * @param {Node} old in the page
 * @param {Node} fresh what it should look like
 */
export function morph(old, fresh) {
  if (old instanceof Element && fresh instanceof Element && old.nodeName === fresh.nodeName) {
    if (keyOf(old) !== keyOf(fresh)) {
      old.replaceWith(document.importNode(fresh, true));
      return;
    }
    if (isHeld(old)) return;
    if (old instanceof HTMLTextAreaElement) syncField(old, fresh);
    syncAttributes(old, fresh);
    if (old instanceof HTMLInputElement) syncField(old, fresh);
    if (!(old instanceof HTMLTextAreaElement)) syncChildren(old, fresh);
  } else if (old.nodeType === fresh.nodeType && !(old instanceof Element)) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
  } else if (old.parentNode) {
    old.parentNode.replaceChild(document.importNode(fresh, true), old);
  }
}
