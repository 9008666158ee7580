export { decodeSegment } from "./decode.ts";
export { encodePairs, encodeSegment, type SegmentHead } from "./encode.ts";
export { PairWriter } from "./pair-writer.ts";
