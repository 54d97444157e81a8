// Words that were written in a room and still wait in this browser are sent from any page, for the person who is
// logged in there. Where nobody has written anything yet, this looks and is done.

const { user } = document.body.dataset;

/** Browsers that cannot list their databases are asked for this one later. */
async function mayHoldWords() {
  if (!window.indexedDB?.databases) return "indexedDB" in window;
  return (await window.indexedDB.databases()).some(({ name }) => name === "esw-outbox");
}

if (user && (await mayHoldWords().catch(() => false))) {
  const { sendFromHere } = await import("./outbox/elsewhere.js");
  await sendFromHere();
}
