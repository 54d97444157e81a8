// A page about samples: the viewer, with nothing to write.

import { createViewer } from "./viewer/viewer.js";

const root = document.querySelector("[data-look]");
if (root instanceof HTMLElement) createViewer({ root, osd: root.dataset.osd ?? "" }).sync();
