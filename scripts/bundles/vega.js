// Vega without what our charts never use: no maps, forces, trees, contours, word clouds or crossfilter.
import { transforms } from "vega-dataflow";
import * as encode from "vega-encode";
import * as data from "vega-transforms";
import { extend } from "vega-util";
import * as view from "vega-view-transforms";
import { version } from "../../node_modules/vega/package.json";

extend(transforms, data, view, encode);

export { version };
export { loader } from "vega-loader";
export { parse } from "vega-parser";
export * from "vega-util";
export { View } from "vega-view";
