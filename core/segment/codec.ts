export { decodeSegment } from "./decode.ts";
export { encodeSegment } from "./encode.ts";
