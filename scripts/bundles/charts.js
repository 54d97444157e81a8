// What draws charts in a page. `vega` inside vega-lite and vega-embed stands for vega.js beside this file.
export { default as embed } from "vega-embed";
export { expressionInterpreter } from "vega-interpreter";
